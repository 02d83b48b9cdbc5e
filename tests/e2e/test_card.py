"""The card `custom:getscreen-card`: what it shows of computers."""

from typing import Any, Literal

from playwright.async_api import Browser, Page, expect
import pytest

from tests.e2e.fleet import NAMES, Fleet, button, row

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_not_seen_is_not_said(fleet: Fleet, page: Page) -> None:
    """An offline computer shows when it was last seen, without the sensor; nothing if that is unknown."""
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
    """The card shows every computer, sorted, with its desktop, state and buttons; a remote session has a chip."""
    fleet.simulator.account.start_session(1)
    try:
        await fleet.refresh()
        card = await fleet.show(page, {"account": fleet.entry_id, "title": "My computers"})
        await expect(card.get_by_role("heading", name="My computers")).to_be_visible()
        await expect(card.locator(".name")).to_have_text(sorted(NAMES))
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
    """Twenty browsers with an empty cache all show the card."""
    await expect((await fleet.show(page, {"devices": [fleet.devices["Desk"]]})).get_by_role("listitem")).to_have_count(1)
    for _ in range(20):
        context = await browser.new_context()
        cold = await context.new_page()
        await cold.goto(page.url)
        await expect(cold.locator("getscreen-card").get_by_role("listitem")).to_have_count(1)
        await context.close()


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
    """The card shows the computers that its configuration selects, or says why there are none."""
    account = {"account": fleet.entry_id} if config.get("account") is True else {}
    card = await fleet.show(page, config | account)
    await expect(card.locator(".name")).to_have_text(names)
    await expect(card.locator(".notice")).to_have_text(notice)
    await expect(card.locator(".notice")).to_be_visible(visible=bool(notice))


@pytest.mark.parametrize(("scheme", "width"), [("dark", 1280), ("light", 360)])
async def test_looks(fleet: Fleet, page: Page, scheme: Literal["light", "dark"], width: int) -> None:
    """The card follows the theme and fits a phone."""
    await page.emulate_media(color_scheme=scheme)
    await page.set_viewport_size({"width": width, "height": 900})
    card = await fleet.show(page, {"account": fleet.entry_id}, {"account": fleet.entry_id, "pictures": False})
    await expect(page.locator("getscreen-card li")).to_have_count(2 * len(NAMES))
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
    """Long words are not cut off, nor is the edge in languages that are written from right to left."""
    await page.set_viewport_size({"width": 400, "height": 900})
    card = await fleet.show(page, {"device": fleet.devices["Desk"], "pictures": pictures, "grid_options": {"columns": 9}})
    await expect(card.locator(".state")).to_have_text("Online")
    assert await card.evaluate(_LONG_WORDS, fleet.devices["Desk"]) == {"cut": [], "distance": 10}


async def test_unavailable(fleet: Fleet, page: Page) -> None:
    """If the account is unavailable, the card offers neither Wake nor Reboot. If the integration is not set up, the card says so."""
    card = await fleet.show(page, {"device": fleet.devices["Desk"]})
    await expect(card.locator(".state")).to_have_text("Online")
    shown = await card.evaluate(
        """async (card, id) => {
          const {hass} = card;
          card.hass = {...hass, states: {...hass.states, [id]: {...hass.states[id], state: "unavailable"}}};
          await card.updateComplete;
          const row = card.shadowRoot.querySelector("getscreen-computer").shadowRoot;
          const buttons = [...row.querySelectorAll(".actions button:not([hidden])")];
          const shown = buttons.map((button) => `${button.textContent.trim()} ${button.ariaDisabled}`);
          shown.unshift(row.querySelector(".state").textContent);
          card.hass = {...hass, config: {...hass.config, components: []}};
          await card.updateComplete;
          return [...shown, card.shadowRoot.querySelector(".notice").textContent];
        }""",
        await fleet.online("Desk"),
    )
    told = "Getscreen.me is not set up, or could not be started. Look under Settings, Devices & services."
    assert shown == ["Unavailable", "Connect true", told]


@pytest.mark.parametrize("config", [{"group": "Shop"}, {"online": True}, {"group": "Shop", "online": True}])
async def test_outage(fleet: Fleet, page: Page, config: dict[str, Any]) -> None:
    """In an outage, a card with a filter still shows its computers; a card that is added then says why it shows none."""
    devices = [fleet.devices[name] for name in ("Desk", "Sleeper", "Tablet")]
    card = await fleet.show(page, {"devices": devices, **config})
    names = ["Tablet"] if "group" in config else ["Desk", "Tablet"]
    await expect(card.locator(".name")).to_have_text(names)
    shown = await card.evaluate(
        """async (card, config) => {
          const {hass} = card;
          const ours = Object.values(hass.entities).filter(({platform}) => platform === "getscreen");
          const gone = Object.fromEntries(ours.map(({entity_id: id}) => [id, {...hass.states[id], state: "unavailable", attributes: {}}]));
          const away = {...hass, states: {...hass.states, ...gone}};
          card.hass = away;
          const show = async (shown) => {
            await shown.updateComplete;
            const rows = [...shown.shadowRoot.querySelectorAll("getscreen-computer")];
            const names = rows.map((row) => row.shadowRoot.querySelector(".name").textContent);
            return [names, shown.shadowRoot.querySelector(".notice").textContent];
          };
          const late = document.createElement("getscreen-card");
          late.setConfig({type: "custom:getscreen-card", ...config});
          late.hass = away;
          card.after(late);
          const during = [...(await show(card)), ...(await show(late))];
          card.hass = late.hass = hass;
          const after = [(await show(card))[0], (await show(late))[0]];
          late.remove();
          return [...during, ...after];
        }""",
        {"devices": devices, **config},
    )
    assert shown == [names, "", [], "The account can't be reached at the moment.", names, names]


async def test_many(fleet: Fleet, page: Page) -> None:
    """With 500 computers, only rows in view have pictures and icons. A new state changes its row alone."""
    card = await fleet.show(page, {"device": fleet.devices["Desk"]})
    await expect(card.locator(".state")).to_have_text("Online")
    found = await page.evaluate(_FIVE_HUNDRED)
    assert found["rows"] == 500
    assert 0 < found["icons"] < 100 * found["iconsOfOne"]
    assert found["changedForOthers"] == 0
    assert found["millisecondsForOthers"] < 5
    assert found["changed"] == ["Computer 250"]


async def test_renamed_and_disabled(fleet: Fleet, page: Page) -> None:
    """A renamed computer with renamed entities stays, also if its entities are disabled. Names are not read as HTML."""
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
    """Disable the enabled entities of a device, or enable those that the user has disabled."""
    before, after = ("user", None) if on else (None, "user")
    for entity in await fleet.demo.client.command("config/entity_registry/list"):
        if entity["device_id"] == device and entity["disabled_by"] == before:
            await fleet.demo.client.command("config/entity_registry/update", entity_id=entity["entity_id"], disabled_by=after)


_LONG_WORDS = """async (card, device) => {
  const {hass} = card;
  const words = {"button.reboot": "Перезавантажити", "binary_sensor.session": "Віддалений сеанс", card_connect: "Підключитися"};
  const localize = (key, ...values) => Object.entries(words).find(([part]) => key.includes(part))?.[1] ?? hass.localize(key, ...values);
  const session = Object.values(hass.entities).find(({device_id, translation_key}) =>
    device_id === device && translation_key === "session").entity_id;
  document.querySelector("home-assistant").style.direction = "rtl";
  card.hass = {...hass, localize, states: {...hass.states, [session]: {...hass.states[session], state: "on"}}};
  await card.updateComplete;
  const item = card.shadowRoot.querySelector("li");
  const {shadowRoot} = item.querySelector("getscreen-computer");
  const cut = [...shadowRoot.querySelectorAll(".state, .chip, .action:not([hidden]) span")].filter((node) =>
    node.scrollWidth > node.clientWidth && getComputedStyle(node).display !== "none");
  const left = (node) => node.getBoundingClientRect().left;
  const last = shadowRoot.querySelector(".action:not([hidden]):last-child");
  return {cut: cut.map((node) => node.textContent), distance: Math.round(left(last) - left(item)) - 1};
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
  const painted = () => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
  const rows = () => [...card.shadowRoot.querySelectorAll("getscreen-computer")];
  const icons = () => rows().map((row) => row.shadowRoot.querySelectorAll("ha-icon").length);
  await card.updateComplete;
  while (!icons().some(Boolean)) await painted();
  // What has come into view in the meantime is drawn too.
  for (let before = ""; before !== icons().join(); await painted()) before = icons().join();
  const seen = [];
  const observer = new MutationObserver((records) => seen.push(...records));
  for (const {shadowRoot} of [card, ...rows()]) {
    observer.observe(shadowRoot, {subtree: true, childList: true, attributes: true, characterData: true});
  }
  const times = [];
  for (let turn = 0; turn < 50; turn++) {
    hass = {...hass, states: {...states, "light.l1": {state: "on"}}};
    const start = performance.now();
    card.hass = hass;
    await card.updateComplete;
    times.push(performance.now() - start);
  }
  const changedForOthers = seen.length + observer.takeRecords().length;
  const id = "binary_sensor.d250_online";
  seen.length = 0;
  card.hass = {...hass, states: {...hass.states, [id]: {...states[id], state: "off"}}};
  await card.updateComplete;
  const changed = new Set([...seen, ...observer.takeRecords()].map(({target}) =>
    target.getRootNode().querySelector(".name")?.textContent ?? "none"));
  const result = {
    rows: card.shadowRoot.querySelectorAll("li").length,
    icons: icons().reduce((one, other) => one + other),
    iconsOfOne: Math.max(...icons()),
    changedForOthers,
    millisecondsForOthers: times.sort((one, other) => one - other)[times.length >> 1],
    changed: [...changed],
  };
  card.remove();
  return result;
}"""
