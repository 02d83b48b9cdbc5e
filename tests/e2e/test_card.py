"""The card `custom:getscreen-card`: what it shows of computers, and what it does with them."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
import re
from typing import Any, Literal

from playwright.async_api import Browser, Locator, Page, expect
import pytest
import pytest_asyncio

from demo import Demo
from simulator import Account, Agent, Simulator
from tests.e2e.house import another_account, another_dashboard, whole_page

pytestmark = pytest.mark.asyncio(loop_scope="session")

_TYPE = "custom:getscreen-card"
_PATH = "card-test"
_NAMES = ("Desk", "Notebook", "Sleeper", "Till", "Tablet", "Server")
# A command is followed by a look every ten seconds.
_TURN = 45_000

# Sets window.answered once Home Assistant has answered an action.
_LISTEN = """action => {
  const {connection} = document.querySelector("home-assistant").hass;
  const send = connection.sendMessagePromise;
  connection.sendMessagePromise = (message) => {
    const answer = send.call(connection, message);
    if (message.service === action) answer.finally(() => { window.answered = true });
    return answer;
  };
}"""


@dataclass(frozen=True, kw_only=True)
class Fleet:
    """An account of six computers that stay as they are, in the demo's Home Assistant."""

    demo: Demo
    simulator: Simulator
    entry_id: str
    devices: dict[str, str]
    """Device ids by name."""

    def agent(self, name: str) -> Agent:
        """Return the agent of a computer."""
        return next(agent for agent in self.simulator.account.agents.values() if agent.name == name)

    async def show(self, page: Page, *cards: dict[str, Any], query: str = "") -> Locator:
        """Open a dashboard with one section of our cards, and return the first card."""
        section = {"type": "grid", "column_span": 2, "cards": [{"type": _TYPE, **card} for card in cards]}
        view = {"type": "sections", "title": "Cards", "path": "cards", "max_columns": 2, "sections": [section]}
        await self.demo.client.command("lovelace/config/save", url_path=_PATH, config={"views": [view]})
        await page.goto(f"{self.demo.url}/{_PATH}/cards{query}")
        # Until then, cards make do with texts that some buttons, and what is said once, would keep.
        await page.wait_for_function("document.querySelector('home-assistant')?.hass?.localize('component.getscreen.common.card_online')")
        return page.locator("getscreen-card").first

    async def online(self, name: str) -> str:
        """Return the entity that says whether a computer is online."""
        (entity_id,) = [
            entity["entity_id"]
            for entity in await self.demo.client.entities()
            if entity["device_id"] == self.devices[name] and entity["translation_key"] == "online"
        ]
        return str(entity_id)

    async def look(self) -> None:
        """Have Home Assistant look at the computers now."""
        await self.demo.client.request("POST", "services/homeassistant/update_entity", {"entity_id": await self.online("Desk")})

    def count(self, method: str) -> int:
        """Return how many requests of a kind have come."""
        return self.simulator.count(method)


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def fleet(demo: Demo) -> AsyncIterator[Fleet]:
    """Add the account, and a dashboard."""
    account = Account(devices=len(_NAMES), owner="cards@example.com", wake_seconds=2, reboot_seconds=(0, 12))
    for agent, name in zip(account.agents.values(), _NAMES, strict=True):
        agent.name = name
        agent.online = name != "Sleeper"
        agent.group = "Shop" if name in {"Till", "Tablet"} else "Office"
    async with another_account(demo, account, "card-key") as simulator, another_dashboard(demo, _PATH):
        entry_id = await demo.client.add_entry("card-key", simulator.url)
        devices = [device for device in await demo.client.devices() if entry_id in device["config_entries"]]
        ids = {device["name"]: device["id"] for device in devices if device["entry_type"] is None}
        assert ids.keys() == set(_NAMES)
        yield Fleet(demo=demo, simulator=simulator, entry_id=entry_id, devices=ids)


def row(card: Locator, name: str) -> Locator:
    """Return what a card shows of a computer."""
    return card.get_by_role("listitem").filter(has=card.page.get_by_text(name, exact=True))


def button(card: Locator, action: str, name: str) -> Locator:
    """Return a button by what a screen reader says of it."""
    return card.get_by_role("button", name=f"{action}, {name}", exact=True)


@pytest.mark.parametrize(
    ("error", "message"),
    [
        ({"type": "result", "success": False, "error": {"code": 3, "message": "Connection lost"}}, "may have been carried out"),
        (3, "may have been carried out"),
        ({"code": "unauthorized", "message": "Unauthorized"}, "You do not have permission to do this."),
        ({"code": "home_assistant_error", "message": "It is asleep"}, "It is asleep"),
        ({"type": "result", "success": False, "error": {"code": "timeout", "message": "Too late"}}, "Too late"),
    ],
)
async def test_errors(fleet: Fleet, page: Page, error: object, message: str) -> None:
    """What went wrong is said in words, whatever the library that talks to Home Assistant makes of it."""
    card = await fleet.show(page, {"device": fleet.devices["Sleeper"]})
    await card.evaluate("(card, error) => { card.hass = {...card.hass, callService: () => Promise.reject(error)} }", error)
    await button(card, "Wake", "Sleeper").click()
    await expect(row(card, "Sleeper").locator(".message")).to_contain_text(message)


async def test_not_seen_is_not_said(fleet: Fleet, page: Page) -> None:
    """Where it is not known when an offline computer was last seen, nothing is said of it; else it is, without a sensor of its own."""
    card = await fleet.show(page, {"device": fleet.devices["Sleeper"]})
    state = row(card, "Sleeper").locator(".state")
    await expect(state).to_contain_text("Offline, seen ")
    online = await fleet.online("Sleeper")
    show = """(card, [online, last_seen]) => {
      const {hass} = card;
      const attributes = {...hass.states[online].attributes, last_seen};
      card.hass = {...hass, states: {[online]: {...hass.states[online], attributes}}};
    }"""
    await card.evaluate(show, [online, None])
    await expect(state).to_have_text("Offline")
    await card.evaluate(show, [online, "2020-01-01T00:00:00+00:00"])
    await expect(state).to_contain_text("years ago")


async def test_shows_devices(fleet: Fleet, page: Page) -> None:
    """Every computer is there, sorted, with its desktop, how it is, and what can be done; the session has a chip."""
    fleet.simulator.account.start_session(1)
    try:
        await fleet.look()
        card = await fleet.show(page, {"account": fleet.entry_id, "title": "My computers"})
        await expect(card.get_by_role("heading", name="My computers")).to_be_visible()
        await expect(card.locator(".name")).to_have_text(sorted(_NAMES))
        desk, sleeper = row(card, "Desk"), row(card, "Sleeper")
        await expect(desk).to_contain_text("Online")
        await expect(desk.get_by_text("Remote session")).to_be_visible()
        await expect(desk.locator("img")).to_have_js_property("naturalWidth", 640)
        await expect(row(card, "Tablet").locator(".picture ha-icon")).to_have_js_property("icon", "mdi:android")
        await expect(sleeper).to_contain_text("Offline, seen ")
        await expect(sleeper.get_by_text("Remote session")).to_have_count(0)
        for name, actions in (("Desk", ["Connect", "Reboot"]), ("Sleeper", ["Wake"])):
            await expect(row(card, name).locator(".actions button:visible")).to_have_text(actions)
        await desk.get_by_text("Desk", exact=True).click()
        await expect(page.locator("ha-more-info-dialog")).to_contain_text("Online")
    finally:
        fleet.simulator.account.end_session(1)


async def test_cold_loads(fleet: Fleet, page: Page, browser: Browser) -> None:
    """Browsers that have never been here show the card, every one of twenty."""
    await expect((await fleet.show(page, {"devices": [fleet.devices["Desk"]]})).get_by_role("listitem")).to_have_count(1)
    for _ in range(20):
        context = await browser.new_context()
        cold = await context.new_page()
        await cold.goto(page.url)
        await expect(cold.locator("getscreen-card").get_by_role("listitem")).to_have_count(1)
        await context.close()


async def test_connect(fleet: Fleet, page: Page) -> None:
    """The session opens in a new tab that cannot reach back; the link is nowhere in the page. What fails is told, and the tab closed."""
    card = await fleet.show(page, {"device": fleet.devices["Desk"]})
    async with page.context.expect_page() as opened:
        await button(card, "Connect", "Desk").click()
    tab = await opened.value
    await expect(tab.get_by_role("heading")).to_have_text("Connected to Desk")
    assert await tab.evaluate("[window.opener, document.referrer, history.length]") == [None, "", 1]
    token = next(path for path in reversed(fleet.simulator.downloads) if path.startswith("/connect/")).rpartition("/")[2]
    assert len(token) > 20
    assert token not in await whole_page(page)
    await tab.close()

    fleet.simulator.refuse(1, 500)
    try:
        async with page.context.expect_page() as opened:
            await button(card, "Connect", "Desk").click()
        await expect(card.locator(".message")).to_contain_text("Desk: the server could not be reached or is in trouble")
        await expect(card.get_by_role("status")).to_contain_text("Desk: the server could not be reached")
        if not (tab := await opened.value).is_closed():
            await tab.wait_for_event("close")
    finally:
        fleet.simulator.heal()


@pytest.mark.parametrize("opened_instead", ["null", "window"])
async def test_connect_without_pop_ups(fleet: Fleet, page: Page, opened_instead: str) -> None:
    """Where no tab can be opened at first, a second click opens it. The app for Android answers with its only window, which stays."""
    card = await fleet.show(page, {"device": fleet.devices["Desk"]})
    await expect(card).to_contain_text("Online")
    await page.evaluate(f"() => {{ const open = window.open; window.open = () => {{ window.open = open; return {opened_instead} }} }}")
    await button(card, "Connect", "Desk").click()
    dialog = card.get_by_role("alertdialog", name="Desk is ready")
    async with page.context.expect_page() as opened:
        await dialog.get_by_role("button", name="Connect").click()
    tab = await opened.value
    await expect(tab.get_by_role("heading")).to_have_text("Connected to Desk")
    assert await tab.evaluate("[window.opener, document.referrer]") == [None, ""]
    await expect(dialog).to_have_count(0)
    await expect(card).to_contain_text("Online")


async def test_wake(fleet: Fleet, page: Page) -> None:
    """A computer that is woken says so until it is online."""
    fleet.agent("Sleeper").hardware = fleet.agent("Desk").hardware
    woken = fleet.count("agents/wake")
    card = await fleet.show(page, {"devices": [fleet.devices["Sleeper"], fleet.devices["Desk"]]})
    try:
        await button(card, "Wake", "Sleeper").click()
        await expect(row(card, "Sleeper")).to_contain_text("Waking …")
        await expect(button(card, "Wake", "Sleeper")).to_have_attribute("aria-disabled", "true")
        await expect(card.get_by_role("status")).to_have_text("Sleeper, Waking …")
        await expect(row(card, "Sleeper").locator(".state")).to_have_text("Online", timeout=_TURN)
        await expect(card.get_by_role("status")).to_have_text("Sleeper, Online")
        assert fleet.count("agents/wake") == woken + 1
    finally:
        fleet.simulator.account.go(fleet.agent("Sleeper"))


async def test_wake_leaves(fleet: Fleet, page: Page) -> None:
    """A computer that leaves the card because it has come online is told of, and the keyboard goes on from where it was."""
    await fleet.look()
    card = await fleet.show(page, {"devices": [fleet.devices["Sleeper"]], "online": False})
    try:
        await button(card, "Wake", "Sleeper").focus()
        await page.keyboard.press("Enter")
        await expect(row(card, "Sleeper")).to_have_count(0, timeout=_TURN)
        await expect(card.get_by_role("status")).to_have_text("Sleeper, Online")
        await expect(card.locator("ul")).to_be_focused()
    finally:
        fleet.simulator.account.go(fleet.agent("Sleeper"))
        await fleet.look()


async def test_reboot(fleet: Fleet, page: Page) -> None:
    """A reboot asks first; it is over when the computer has been away and is back."""
    rebooted = fleet.count("agents/reboot")
    card = await fleet.show(page, {"device": fleet.devices["Server"]})
    dialog = card.get_by_role("alertdialog", name="Reboot Server?")
    await button(card, "Reboot", "Server").click()
    await expect(dialog.get_by_role("button", name="Cancel")).to_be_focused()
    await dialog.get_by_role("button", name="Cancel").click()
    await expect(dialog).to_have_count(0)
    assert fleet.count("agents/reboot") == rebooted

    await button(card, "Reboot", "Server").click()
    await dialog.get_by_role("button", name="Reboot").click()
    await expect(row(card, "Server")).to_contain_text("Rebooting …")
    await expect(row(card, "Server").locator(".state")).to_have_text("Online", timeout=_TURN)
    assert fleet.count("agents/reboot") == rebooted + 1


async def test_question_goes_with_the_card(fleet: Fleet, page: Page) -> None:
    """A card that is moved takes its question back, unanswered."""
    card = await fleet.show(page, {"device": fleet.devices["Desk"]})
    rebooted = fleet.count("agents/reboot")
    await button(card, "Reboot", "Desk").click()
    await expect(card.get_by_role("alertdialog", name="Reboot Desk?")).to_be_visible()
    await card.evaluate("card => { const place = card.parentElement; card.remove(); place.append(card) }")
    await expect(card.get_by_role("alertdialog")).to_have_count(0)
    await button(card, "Reboot", "Desk").click()
    await expect(card.get_by_role("alertdialog", name="Reboot Desk?")).to_be_visible()
    assert fleet.count("agents/reboot") == rebooted


async def test_time_is_over(fleet: Fleet, page: Page) -> None:
    """A computer that does not come is given up, with a message."""
    await page.clock.install()
    fleet.agent("Till").online = True
    card = await fleet.show(page, {"device": fleet.devices["Till"]})
    fleet.simulator.account.reboot_seconds, usual = (3600, 3601), fleet.simulator.account.reboot_seconds
    try:
        await button(card, "Reboot", "Till").click()
        await page.evaluate(_LISTEN, "reboot")
        await card.get_by_role("alertdialog").get_by_role("button", name="Reboot").click()
        await expect(row(card, "Till")).to_contain_text("Rebooting …")
        # The time runs from the answer on.
        await page.wait_for_function("window.answered")
        await page.clock.fast_forward(181_000)
        await expect(card.locator(".message")).to_contain_text("Till was not seen going offline. It may have restarted")
        await expect(row(card, "Till").locator(".state")).to_have_text("Online")
    finally:
        fleet.simulator.account.reboot_seconds = usual


async def test_keyboard(fleet: Fleet, page: Page) -> None:
    """Everything can be reached and done without a mouse, and the focus comes back from the question."""
    card = await fleet.show(page, {"device": fleet.devices["Notebook"]})
    await button(card, "Connect", "Notebook").focus()
    await page.keyboard.press("Tab")
    await expect(button(card, "Reboot", "Notebook")).to_be_focused()
    await expect(button(card, "Reboot", "Notebook")).to_have_css("outline-style", "solid")
    await page.keyboard.press("Enter")
    await expect(card.get_by_role("alertdialog").get_by_role("button", name="Cancel")).to_be_focused()
    for _ in range(4):
        await page.keyboard.press("Tab")
        assert await card.evaluate("card => !card.shadowRoot.activeElement || card.shadowRoot.activeElement.closest('dialog') !== null")
    await page.keyboard.press("Escape")
    await expect(card.get_by_role("alertdialog")).to_have_count(0)
    await expect(button(card, "Reboot", "Notebook")).to_be_focused()
    await page.keyboard.press("Shift+Tab")
    async with page.context.expect_page() as opened:
        await page.keyboard.press("Enter")
    await expect((await opened.value).get_by_role("heading")).to_have_text("Connected to Notebook")


@pytest.mark.parametrize(
    ("config", "names", "notice"),
    [
        ({"devices": ["gone"]}, [], "A computer of this card is no longer in Home Assistant, or is disabled."),
        ({"account": "gone"}, [], "The account to be shown here is no longer set up."),
        ({"account": True, "group": "Nobody's"}, [], "No computer matches what this card shows."),
        ({"account": True, "group": "Shop"}, ["Tablet", "Till"], ""),
        ({"account": True, "online": False}, ["Sleeper"], ""),
    ],
)
async def test_choice(fleet: Fleet, page: Page, config: dict[str, Any], names: list[str], notice: str) -> None:
    """The card shows what its configuration chooses, or says why there is nothing."""
    account = {"account": fleet.entry_id} if config.get("account") is True else {}
    card = await fleet.show(page, config | account)
    await expect(card.locator(".name")).to_have_text(names)
    await expect(card.locator(".notice")).to_have_text(notice)
    await expect(card.locator(".notice")).to_be_visible(visible=bool(notice))


@pytest.mark.parametrize(("scheme", "width"), [("dark", 1280), ("light", 360)])
async def test_looks(fleet: Fleet, page: Page, scheme: Literal["light", "dark"], width: int) -> None:
    """It follows the theme and fits a phone."""
    await page.emulate_media(color_scheme=scheme)
    await page.set_viewport_size({"width": width, "height": 900})
    card = await fleet.show(page, {"account": fleet.entry_id}, {"account": fleet.entry_id, "pictures": False})
    await expect(page.locator("getscreen-card li")).to_have_count(2 * len(_NAMES))
    background = "rgb(28, 28, 28)" if scheme == "dark" else "rgb(255, 255, 255)"
    await expect(card.locator("li").first).to_have_css("background-color", background)
    await expect(card.locator("li .name").first).to_have_css("color", "rgb(225, 225, 225)" if scheme == "dark" else "rgb(20, 20, 20)")
    await expect(page.locator("html")).to_have_js_property("scrollWidth", width)
    for node in await page.locator("getscreen-card li").all():
        box = await node.bounding_box()
        assert box is not None
        assert box["x"] + box["width"] <= width


@pytest.mark.parametrize("pictures", [True, False])
async def test_long_words(fleet: Fleet, page: Page, pictures: bool) -> None:
    """Nothing is cut off where words are long, nor at the edge where they are written from right to left."""
    await page.set_viewport_size({"width": 400, "height": 900})
    card = await fleet.show(page, {"device": fleet.devices["Desk"], "pictures": pictures, "grid_options": {"columns": 9}})
    await expect(card.locator(".state")).to_have_text("Online")
    assert await card.evaluate(_LONG_WORDS) == {"cut": [], "distance": 10}


async def test_editor(fleet: Fleet, page: Page) -> None:
    """The visual editor changes the configuration, and the preview follows."""
    size = {"columns": 12}
    await fleet.show(page, {"device": fleet.devices["Desk"], "grid_options": size}, query="?edit=1")
    await page.locator("hui-card-edit-mode").first.click()
    dialog = page.locator("hui-dialog-edit-card")
    preview = dialog.locator("getscreen-card")
    await expect(preview.locator(".name")).to_have_text(["Desk"])
    for label in ("Title", "Computers", "Account", "Group", "Only computers with the state", "Show desktops"):
        await expect(dialog.locator("getscreen-card-editor").get_by_text(label, exact=True).first).to_be_visible()
    await dialog.locator('getscreen-card-editor input[name="title"]').fill("Edited")
    await expect(preview.get_by_role("heading", name="Edited")).to_be_visible()
    await dialog.locator("getscreen-card-editor ha-switch").click()
    await expect(preview.locator("ul")).to_have_class("compact single")
    await dialog.get_by_role("button", name="Save").click()
    await expect(dialog.locator("getscreen-card-editor")).to_have_count(0)
    saved = (await fleet.demo.client.command("lovelace/config", url_path=_PATH))["views"][0]["sections"][0]["cards"][0]
    assert saved == {"type": _TYPE, "devices": [fleet.devices["Desk"]], "title": "Edited", "pictures": False, "grid_options": size}


async def test_card_picker(fleet: Fleet, page: Page) -> None:
    """The card is in the card picker, with a preview, and is suggested for a computer."""
    # The previews of other cards have pictures from the internet.
    picture = "<svg xmlns='http://www.w3.org/2000/svg'/>"
    await page.route(re.compile("^https://"), lambda route: route.fulfill(content_type="image/svg+xml", body=picture))
    card = await fleet.show(page, {"device": fleet.devices["Till"]}, query="?edit=1")
    await expect(card.locator(".state")).to_have_text("Online")
    await page.locator("hui-grid-section").first.locator(".add").click()
    dialog = page.locator("hui-dialog-create-card")
    # The suggestion for an entity.
    await dialog.get_by_placeholder("Search").fill("Desk Online")
    await dialog.get_by_text("Online", exact=True).first.click()
    await expect(dialog.locator("getscreen-card .name")).to_have_text(["Desk"])
    # And the list of all cards, which shows the first account's computers.
    await dialog.get_by_text("By card", exact=True).click()
    await dialog.get_by_placeholder("Search").last.fill("Getscreen.me")
    await expect(dialog.locator("getscreen-card .name").get_by_text("Reception PC")).to_be_visible()


async def test_unavailable(fleet: Fleet, page: Page) -> None:
    """While the account cannot be reached, a computer can be neither woken nor rebooted; without the integration, the card says so."""
    card = await fleet.show(page, {"device": fleet.devices["Desk"]})
    await expect(card.locator(".state")).to_have_text("Online")
    shown = await card.evaluate(
        """(card, id) => {
          const {hass} = card;
          card.hass = {...hass, states: {...hass.states, [id]: {...hass.states[id], state: "unavailable"}}};
          const buttons = [...card.shadowRoot.querySelectorAll(".actions button:not([hidden])")];
          const shown = buttons.map((button) => `${button.textContent} ${button.ariaDisabled}`);
          shown.unshift(card.shadowRoot.querySelector(".state").textContent);
          card.hass = {...hass, config: {...hass.config, components: []}};
          return [...shown, card.shadowRoot.querySelector(".notice").textContent];
        }""",
        await fleet.online("Desk"),
    )
    told = "Getscreen.me is not set up, or could not be started. Look under Settings, Devices & services."
    assert shown == ["Unavailable", "Connect true", told]


@pytest.mark.parametrize("config", [{"group": "Shop"}, {"online": True}, {"group": "Shop", "online": True}])
async def test_outage(fleet: Fleet, page: Page, config: dict[str, Any]) -> None:
    """In an outage, what a card with a filter shows stays; a card that comes only then says why it shows nothing."""
    devices = [fleet.devices[name] for name in ("Desk", "Sleeper", "Tablet")]
    card = await fleet.show(page, {"devices": devices, **config})
    names = ["Tablet"] if "group" in config else ["Desk", "Tablet"]
    await expect(card.locator(".name")).to_have_text(names)
    shown = await card.evaluate(
        """(card, config) => {
          const {hass} = card;
          const ours = Object.values(hass.entities).filter(({platform}) => platform === "getscreen");
          const gone = Object.fromEntries(ours.map(({entity_id: id}) => [id, {...hass.states[id], state: "unavailable", attributes: {}}]));
          const away = {...hass, states: {...hass.states, ...gone}};
          card.hass = away;
          const tell = ({shadowRoot}) => [
            [...shadowRoot.querySelectorAll(".name")].map((node) => node.textContent), shadowRoot.querySelector(".notice").textContent];
          const late = document.createElement("getscreen-card");
          late.setConfig({type: "custom:getscreen-card", ...config});
          late.hass = away;
          const during = [...tell(card), ...tell(late)];
          card.hass = late.hass = hass;
          return [...during, tell(card)[0], tell(late)[0]];
        }""",
        {"devices": devices, **config},
    )
    assert shown == [names, "", [], "The account can't be reached at the moment.", names, names]


async def test_wrong_configuration(fleet: Fleet, page: Page) -> None:
    """What is wrong in a configuration is named, with what it has to be."""
    card = await fleet.show(page, {"device": fleet.devices["Desk"]})
    await expect(card).to_be_attached()
    told = await card.evaluate(
        """card => [{title: 1}, {devices: "one"}, {online: "on"}].map((config) => {
          try { card.setConfig(config) } catch (error) { return error.message }
        })"""
    )
    assert told == ['"title" has to be a text.', '"devices" has to be a list of texts.', '"online" has to be true or false.']


async def test_many(fleet: Fleet, page: Page) -> None:
    """Of 500 computers, only what is in view has pictures and icons; a state costs its own row alone, and others' next to nothing."""
    card = await fleet.show(page, {"device": fleet.devices["Desk"]})
    await expect(card.locator(".state")).to_have_text("Online")
    found = await page.evaluate(_FIVE_HUNDRED)
    assert found["rows"] == 500
    assert 0 < found["icons"] < 500
    assert found["changedForOthers"] == 0
    assert found["millisecondsForOthers"] < 5
    assert found["changed"] == ["Computer 250"]


async def test_renamed_and_disabled(fleet: Fleet, page: Page) -> None:
    """A renamed computer with renamed entities stays; without its entities, what is left is shown. Names are never taken for HTML."""
    client, device = fleet.demo.client, fleet.devices["Tablet"]
    online = await fleet.online("Tablet")
    name = "<img src=x onerror=alert(1)> & co"
    card = await fleet.show(page, {"device": device})
    await expect(card).to_contain_text("Online")
    try:
        await client.command("config/entity_registry/update", entity_id=online, new_entity_id="binary_sensor.something_else")
        await client.command("config/device_registry/update", device_id=device, name_by_user=name)
        await expect(card.locator(".name")).to_have_text(name)
        await expect(card.locator(".state")).to_have_text("Online")
        await expect(button(card, "Connect", name)).to_be_visible()

        await _switch(fleet, device, on=False)
        await expect(card.locator(".state")).to_have_text("")
        await expect(card.locator(".actions button:visible")).to_have_text(["Connect", "Wake", "Reboot"])
    finally:
        await _switch(fleet, device, on=True)
        await client.command("config/device_registry/update", device_id=device, name_by_user=None)


async def _switch(fleet: Fleet, device: str, *, on: bool) -> None:
    """Disable the entities of a device that are enabled, or enable those that this has disabled."""
    before, after = ("user", None) if on else (None, "user")
    for entity in await fleet.demo.client.command("config/entity_registry/list"):
        if entity["device_id"] == device and entity["disabled_by"] == before:
            await fleet.demo.client.command("config/entity_registry/update", entity_id=entity["entity_id"], disabled_by=after)


_LONG_WORDS = """card => {
  const {hass} = card;
  const words = {"button.reboot": "Перезавантажити", "binary_sensor.session": "Віддалений сеанс", card_connect: "Підключитися"};
  const localize = (key, ...values) => Object.entries(words).find(([part]) => key.includes(part))?.[1] ?? hass.localize(key, ...values);
  const session = Object.values(hass.entities).find(({device_id, translation_key}) =>
    device_id === card.chosen[0] && translation_key === "session").entity_id;
  document.querySelector("home-assistant").style.direction = "rtl";
  card.hass = {...hass, localize, states: {...hass.states, [session]: {...hass.states[session], state: "on"}}};
  const {shadowRoot} = card;
  const cut = [...shadowRoot.querySelectorAll(".state, .chip, .action:not([hidden]) span")].filter((node) =>
    node.scrollWidth > node.clientWidth && getComputedStyle(node).display !== "none");
  const edge = (selector) => shadowRoot.querySelector(selector).getBoundingClientRect().left;
  return {cut: cut.map((node) => node.textContent), distance: Math.round(edge(".action:not([hidden]):last-child") - edge("li")) - 1};
}"""

_FIVE_HUNDRED = """async () => {
  const real = document.querySelector("home-assistant").hass;
  const [devices, entities, states] = [{}, {}, {}];
  const kinds = {
    online: ["binary_sensor", "on"], session: ["binary_sensor", "off"], group: ["sensor", "Office"], operating_system: ["sensor", "win"],
    last_seen: ["sensor", "2026-11-01T00:00:00+00:00"], wake: ["button", "unknown"], reboot: ["button", "unknown"],
    last_session: ["sensor", "unknown"], agent_version: ["sensor", "1"], preview: ["image", "unknown"],
  };
  for (let number = 1; number <= 500; number++) {
    const id = `d${number}`;
    devices[id] = {id, name: `Computer ${number}`, identifiers: [["getscreen", id]], config_entries: ["e"]};
    for (const [key, [domain, state]] of Object.entries(kinds)) {
      const entity_id = `${domain}.${id}_${key}`;
      entities[entity_id] = {entity_id, platform: "getscreen", translation_key: key, device_id: id};
      states[entity_id] = {entity_id, state, attributes: {}, last_changed: "2026-11-01T00:00:00+00:00"};
    }
  }
  for (let number = 0; number < 5000; number++) {
    entities[`light.l${number}`] = {entity_id: `light.l${number}`, platform: "other"};
  }
  let hass = {...real, devices, entities, states, config: {...real.config, components: ["getscreen"]}};
  const card = document.createElement("getscreen-card");
  card.setConfig({type: "custom:getscreen-card"});
  card.hass = hass;
  document.querySelector("home-assistant").before(card);
  await new Promise((resolve) => setTimeout(resolve, 500));
  const seen = [];
  const observer = new MutationObserver((records) => seen.push(...records));
  observer.observe(card.shadowRoot, {subtree: true, childList: true, attributes: true, characterData: true});
  const times = [];
  for (let turn = 0; turn < 50; turn++) {
    hass = {...hass, states: {...states, "light.l1": {state: "on"}}};
    const start = performance.now();
    card.hass = hass;
    times.push(performance.now() - start);
  }
  const changedForOthers = seen.length + observer.takeRecords().length;
  const id = "binary_sensor.d250_online";
  card.hass = {...hass, states: {...hass.states, [id]: {...states[id], state: "off"}}};
  const changed = new Set(observer.takeRecords().map(({target}) =>
    (target.nodeType === 1 ? target : target.parentElement).closest("li")?.querySelector(".name").textContent ?? "none"));
  const result = {
    rows: card.shadowRoot.querySelectorAll("li").length,
    icons: card.shadowRoot.querySelectorAll("ha-icon").length,
    changedForOthers,
    millisecondsForOthers: times.sort((one, other) => one - other)[times.length >> 1],
    changed: [...changed],
  };
  card.remove();
  return result;
}"""
