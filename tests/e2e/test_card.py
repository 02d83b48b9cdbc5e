"""The card `custom:getscreen-card`: how it shows computers."""

import re
from typing import Any, Literal

from playwright.async_api import Browser, Locator, Page, expect
import pytest

from simulator import Fault
from tests.e2e.fleet import NAMES, Fleet, button, row
from tests.e2e.house import becomes

pytestmark = pytest.mark.asyncio(loop_scope="session")

_YEAR = 365 * 86400
# In the order of the card: by group, then by name.
_SORTED = ["Desk", "Notebook", "Server", "Sleeper", "Tablet", "Till"]


async def test_last_seen(fleet: Fleet, page: Page) -> None:
    """The state of an offline computer contains when it was last seen, unless that is unknown."""
    sleeper = fleet.agent("Sleeper")
    seen = sleeper.last_time
    card = await fleet.show(page, {"device": fleet.devices["Sleeper"]})
    state = row(card, "Sleeper").locator(".state")
    await expect(state).to_contain_text("Offline, seen ")
    try:
        sleeper.last_time = 0
        await fleet.refresh()
        await expect(state).to_have_text("Offline")
        sleeper.last_time = seen - 3 * _YEAR
        await fleet.refresh()
        await expect(state).to_have_text("Offline, seen 3 years ago")
    finally:
        sleeper.last_time = seen
        await fleet.refresh()


async def test_shows_devices(fleet: Fleet, page: Page) -> None:
    """The card shows every computer by group, with its desktop, state and buttons, and a session in a chip."""
    fleet.simulator.account.start_session(1)
    try:
        await fleet.refresh()
        card = await fleet.show(page, {"account": fleet.entry_id, "title": "My computers"})
        await expect(card.get_by_role("heading", name="My computers")).to_be_visible()
        await expect(_names(card)).to_have_text(_SORTED)
        await expect(card.locator("getscreen-group-heading")).to_contain_text(["Office", "Shop"])
        await expect(card.locator("getscreen-group-heading").first).to_contain_text("3 of 4 online")
        desk, sleeper = row(card, "Desk"), row(card, "Sleeper")
        await expect(desk.locator(".state")).to_have_text("Online")
        await expect(desk.locator(".chip")).to_have_text(re.compile(r"^Somebody from .+, \d+ (s|min)$"))
        await expect(desk.locator("img")).to_have_js_property("naturalWidth", 640)
        await expect(row(card, "Tablet").locator(".picture ha-icon")).to_have_js_property("icon", "mdi:android")
        await expect(sleeper.locator(".state")).to_contain_text("Offline, seen ")
        await expect(sleeper.locator(".chip")).to_be_hidden()
        for name, actions in (("Desk", ["Connect", "Reboot"]), ("Sleeper", ["Wake and connect", "Wake"])):
            await expect(row(card, name).locator(".actions button:visible")).to_have_text(actions)
        await desk.get_by_text("Desk", exact=True).click()
        await expect(card.get_by_role("dialog", name="Desk")).to_contain_text("Online")
    finally:
        fleet.simulator.account.end_session(1)
        await fleet.refresh()


async def test_cold_loads(fleet: Fleet, page: Page, browser: Browser) -> None:
    """Twenty browsers with an empty cache all show the card."""
    await expect(_names(await fleet.show(page, {"devices": [fleet.devices["Desk"]]}))).to_have_text(["Desk"])
    for _ in range(20):
        context = await browser.new_context()
        cold = await context.new_page()
        await cold.goto(page.url)
        await expect(_names(cold.locator("getscreen-card"))).to_have_text(["Desk"])
        await context.close()


@pytest.mark.parametrize(
    ("config", "names", "notice"),
    [
        ({"devices": ["gone"]}, [], "A computer of this card is no longer in Home Assistant, or its device is disabled."),
        ({"account": "gone"}, [], "The account to show here is no longer set up."),
        ({"account": True, "group": "Nobody's"}, [], "No computer matches the settings of this card."),
        ({"account": True, "group": "Shop"}, ["Tablet", "Till"], ""),
        ({"account": True, "online": False}, ["Sleeper"], ""),
    ],
)
async def test_selected_computers(fleet: Fleet, page: Page, config: dict[str, Any], names: list[str], notice: str) -> None:
    """The card shows the computers that its configuration selects, or a message why there are none."""
    account = {"account": fleet.entry_id} if config.get("account") is True else {}
    card = await fleet.show(page, config | account)
    await expect(_names(card)).to_have_text(names)
    await expect(card.locator(".notice")).to_have_text([notice] if notice else [])


@pytest.mark.parametrize(("scheme", "width"), [("dark", 1280), ("light", 360)])
async def test_layout(fleet: Fleet, page: Page, scheme: Literal["light", "dark"], width: int) -> None:
    """The card follows the theme and fits a phone, where it has no pictures by default."""
    await page.emulate_media(color_scheme=scheme)
    await page.set_viewport_size({"width": width, "height": 900})
    card = await fleet.show(page, {"account": fleet.entry_id}, {"account": fleet.entry_id, "pictures": False})
    await expect(_names(card)).to_have_text(_SORTED)
    await expect(card.locator(".picture")).to_have_count(0 if width < 500 else len(NAMES))
    await expect(_names(page.locator("getscreen-card").last).first).to_be_attached()
    background = "rgb(28, 28, 28)" if scheme == "dark" else "rgb(255, 255, 255)"
    await expect(card.locator(".card").first).to_have_css("background-color", background)
    await expect(_names(card).first).to_have_css("color", "rgb(225, 225, 225)" if scheme == "dark" else "rgb(20, 20, 20)")
    await expect(page.locator("html")).to_have_js_property("scrollWidth", width)
    await becomes(lambda: page.locator("getscreen-computer-row").evaluate_all(_OUTSIDE, width), [])


@pytest.mark.parametrize("pictures", [True, False])
async def test_long_words(fleet: Fleet, page: Page, pictures: bool) -> None:
    """Long labels of buttons are not cut off, also in right-to-left languages; texts that are cut off have a title."""
    await page.set_viewport_size({"width": 400, "height": 900})
    fleet.simulator.account.start_session(1)
    try:
        await fleet.refresh()
        card = await fleet.show(page, {"device": fleet.devices["Desk"], "pictures": pictures, "grid_options": {"columns": 9}})
        await expect(row(card, "Desk").locator(".chip")).to_be_visible()
        await becomes(lambda: card.evaluate(_LONG_WORDS), {"cut": [], "unreadable": [], "distance": 10})
    finally:
        fleet.simulator.account.end_session(1)
        await fleet.refresh()


async def test_not_set_up(fleet: Fleet, page: Page) -> None:
    """The card shows a message if the integration is not set up."""
    card = await fleet.show(page, {"device": fleet.devices["Desk"]})
    await expect(row(card, "Desk").locator(".state")).to_have_text("Online")
    await card.evaluate("card => { card.hass = {...card.hass, config: {...card.hass.config, components: []}} }")
    told = "Getscreen.me is not set up, or failed to start. Check Settings > Devices & services."
    await expect(card.locator(".notice")).to_have_text(told)


@pytest.mark.parametrize("config", [{}, {"group": "Shop"}, {"online": True}, {"group": "Shop", "online": True}])
async def test_outage(fleet: Fleet, page: Page, config: dict[str, Any]) -> None:
    """In an outage, even after a reload, the card shows the last known states and blocks the buttons that would fail."""
    names = [
        name for name in _SORTED if ("group" not in config or name in {"Tablet", "Till"}) and ("online" not in config or name != "Sleeper")
    ]
    config = {"account": fleet.entry_id, **config}
    card = await fleet.show(page, config)
    await expect(_names(card)).to_have_text(names)
    fleet.simulator.fail(Fault.SERVER_ERROR, "agents/list")
    try:
        await fleet.refresh()
        for _ in range(2):
            till = row(card, "Till")
            await expect(till.locator(".state")).to_have_text("Last known state: Online")
            await expect(_names(card)).to_have_text(names)
            await expect(card.locator("getscreen-group-heading").last).to_contain_text("Shop")
            await expect(card.locator(".notice")).to_have_count(0)
            await expect(till.locator(".actions button:visible")).to_have_text(["Connect"])
            await expect(button(card, "Connect", "Till")).to_have_attribute("aria-disabled", "true")
            await page.reload()
    finally:
        fleet.simulator.heal()
        await fleet.refresh()
    await expect(row(card, "Till").locator(".state")).to_have_text("Online")
    await expect(button(card, "Connect", "Till")).to_have_attribute("aria-disabled", "false")


async def test_lost_connection(fleet: Fleet, page: Page) -> None:
    """While Home Assistant cannot be reached, the card does not change; after the reconnect, it shows the changes since."""
    card = await fleet.show(page, {"account": fleet.entry_id})
    await expect(_names(card)).to_have_text(_SORTED)
    notebook = fleet.agent("Notebook")
    try:
        await page.evaluate(_SUSPEND)
        fleet.simulator.account.go(notebook)
        await fleet.refresh()
        await expect(_names(card)).to_have_text(_SORTED)
        await page.evaluate("comeBack()")
        await expect(row(card, "Notebook").locator(".state")).to_have_text(re.compile("^Offline"))
    finally:
        fleet.simulator.account.come(notebook)
        await fleet.refresh()
    await expect(row(card, "Notebook").locator(".state")).to_have_text("Online")


async def test_renamed_and_disabled(fleet: Fleet, page: Page) -> None:
    """A renamed computer stays in the card, also if its entities are renamed or disabled. Names are not interpreted as HTML."""
    client, device = fleet.demo.client, fleet.devices["Tablet"]
    online = await fleet.online("Tablet")
    name = "<img src=x onerror=alert(1)> & co"
    card = await fleet.show(page, {"device": device})
    await expect(card.locator(".state")).to_have_text("Online")
    try:
        await client.command("config/entity_registry/update", entity_id=online, new_entity_id="binary_sensor.something_else")
        await client.command("config/device_registry/update", device_id=device, name_by_user=name)
        await expect(_names(card)).to_have_text([name])
        await expect(_names(card)).to_have_attribute("title", name)
        await _switch(fleet, device, on=False)
        await page.reload()
        await expect(card.locator(".state")).to_have_text("Online")
        await expect(button(card, "Connect", name)).to_be_visible()
        await expect(card.locator(".actions button:visible")).to_have_text(["Connect", "Reboot"])
    finally:
        await _switch(fleet, device, on=True)
        await client.command("config/device_registry/update", device_id=device, name_by_user=None)


def _names(card: Locator) -> Locator:
    """Return the names of the shown computers."""
    return card.locator("getscreen-computer-row .name")


async def _switch(fleet: Fleet, device: str, *, on: bool) -> None:
    """Disable the enabled entities of a device, or enable those that the user has disabled."""
    before, after = ("user", None) if on else (None, "user")
    for entity in await fleet.demo.client.command("config/entity_registry/list"):
        if entity["device_id"] == device and entity["disabled_by"] == before:
            await fleet.demo.client.command("config/entity_registry/update", entity_id=entity["entity_id"], disabled_by=after)


_SUSPEND = """() => {
  const {connection} = document.querySelector("home-assistant").hass;
  connection.suspendReconnectUntil(new Promise((resolve) => { window.comeBack = resolve }));
  connection.suspend();
}"""

_OUTSIDE = """(rows, width) => rows.map((row) => row.getBoundingClientRect())
  .filter(({left, right}) => left < 0 || right > width)
  .map(({left, right}) => [left, right])"""

# Shows long labels from right to left; returns the button labels that are cut off, the texts that are cut off without a title, and the
# distance of the last button from the edge in pixels.
_LONG_WORDS = """async (card) => {
  const {hass} = card;
  const words = {"button.reboot": "Перезавантажити", card_connect: "Підключитися"};
  const localize = (key, ...values) => Object.entries(words).find(([part]) => key.includes(part))?.[1] ?? hass.localize(key, ...values);
  document.querySelector("home-assistant").style.direction = "rtl";
  card.hass = {...hass, localize};
  await card.updateComplete;
  const item = card.shadowRoot.querySelector("getscreen-computers-list").shadowRoot.querySelector(".card");
  const {shadowRoot} = item.querySelector("getscreen-computer-row");
  const isCut = (node) => node.scrollWidth > node.clientWidth && getComputedStyle(node).display !== "none";
  const all = (selector) => [...shadowRoot.querySelectorAll(selector)];
  const left = (node) => node.getBoundingClientRect().left;
  const shown = all(".action:not([hidden])");
  return {
    cut: all(".action:not([hidden]) span").filter(isCut).map((node) => node.textContent),
    unreadable: all(".name, .state, .chip").map((node) => [isCut(node), node.title, node.textContent.trim()])
      .filter(([isCut, title, text]) => isCut && title !== text),
    distance: Math.round(left(shown[shown.length - 1]) - left(item)) - 1,
  };
}"""
