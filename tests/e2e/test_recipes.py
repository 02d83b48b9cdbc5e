"""The recipes of the documentation: those with Home Assistant's cards work, and those with other cards find their entities."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
import json
from typing import Any

from playwright.async_api import Page, expect
import pytest
import pytest_asyncio

from tests.e2e.fleet import DASHBOARD, Fleet
from tests.recipes import filters, of_core, recipes

pytestmark = pytest.mark.asyncio(loop_scope="session")

COMPUTER = "Desk"
KEYS = {"ID_OF_ONLINE": "online", "ID_OF_SESSION": "session", "ID_OF_WAKE": "wake", "ID_OF_PREVIEW": "preview"}

_RENDER = """async (body) => {
  const {hass} = document.querySelector("home-assistant");
  return (await hass.fetchWithAuth("/api/template", {method: "POST", body: JSON.stringify(body)})).text();
}"""

_STATE = """(id) => {
  const {hass} = document.querySelector("home-assistant");
  return hass.formatEntityState(hass.states[id]);
}"""


@dataclass(frozen=True, kw_only=True)
class Kitchen:
    """The recipes with the ids of a computer in an area."""

    recipes: list[dict[str, Any]]
    wake: str
    online: str


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def kitchen(fleet: Fleet) -> AsyncIterator[Kitchen]:
    """Put the computer into an area, and insert its ids into the recipes."""
    client = fleet.demo.client
    device = fleet.devices[COMPUTER]
    area = (await client.command("config/area_registry/create", name="Scullery"))["area_id"]
    await client.command("config/device_registry/update", device_id=device, area_id=area)
    ids = {entity["translation_key"]: entity["entity_id"] for entity in await client.entities() if entity["device_id"] == device}
    text = json.dumps(recipes())
    for word, value in {**{word: ids[key] for word, key in KEYS.items()}, "ID_OF_AREA": area}.items():
        assert word in text
        text = text.replace(word, value)
    assert "ID_OF" not in text
    yield Kitchen(recipes=json.loads(text), wake=ids["wake"], online=ids["online"])
    await client.command("config/area_registry/delete", area_id=area)


async def test_core(fleet: Fleet, kitchen: Kitchen, page: Page) -> None:
    """Every card of Home Assistant shows entities of the integration, and none shows an error."""
    cards = [recipe for recipe in kitchen.recipes if of_core(recipe)]
    assert len(cards) >= 5
    view = {"type": "sections", "path": "recipes", "sections": [{"type": "grid", "cards": cards}]}
    await fleet.demo.client.command("lovelace/config/save", url_path=DASHBOARD, config={"views": [view]})
    await page.goto(f"{fleet.demo.url}/{DASHBOARD}/recipes")
    for kind, text in {
        "tile": COMPUTER,
        "entities": "Reception PC",
        "picture-entity": COMPUTER,
        "area": "Scullery",
        "markdown": "Sleeper",
    }.items():
        await expect(page.locator(f"hui-{kind}-card")).to_contain_text(text)
    await expect(page.locator("hui-tile-card").get_by_role("button", name="Wake")).to_be_visible()
    await expect(page.locator("hui-entities-card").get_by_text("Remote session")).to_be_visible()
    await expect(page.locator("hui-markdown-card")).not_to_contain_text(COMPUTER)
    await expect(page.locator("hui-error-card, hui-warning, hui-warning-element, ha-alert")).to_have_count(0)


async def test_searches(fleet: Fleet, kitchen: Kitchen) -> None:
    """The filters of auto-entities match entities of the integration, regardless of their names."""
    states = await fleet.demo.client.states()
    ours = {entity["entity_id"] for entity in await fleet.demo.client.entities() if entity["platform"] == "getscreen"}
    searches = [recipe for recipe in kitchen.recipes if recipe["type"] == "custom:auto-entities"]
    assert len(searches) >= 3
    for recipe in searches:
        for rules in filters(recipe):
            found = [
                state
                for entity_id, state in states.items()
                if entity_id in ours
                and entity_id.startswith(f"{rules['domain']}.")
                and rules.get("attributes", {}).items() <= state["attributes"].items()
                and rules.get("state", state["state"]) == state["state"]
            ]
            assert found
            if "state" in rules:
                assert any("Sleeper" in state["attributes"]["friendly_name"] for state in found)
                assert any(recipe["sort"]["attribute"] in state["attributes"] for state in found)


async def test_templates(fleet: Fleet, kitchen: Kitchen, page: Page) -> None:
    """The templates of Mushroom return the name and the state of a computer, and the number of online computers."""
    every, one = [recipe for recipe in kitchen.recipes if recipe["type"] == "custom:mushroom-template-card"]

    await fleet.show(page, {"account": fleet.entry_id})

    async def render(template: str) -> str:
        return str(await page.evaluate(_RENDER, {"template": template, "variables": {"entity": kitchen.wake}})).strip()

    assert " of " in await render(every["secondary"])
    online = await page.evaluate(_STATE, kitchen.online)
    assert [await render(one[part]) for part in ("primary", "secondary", "color")] == [COMPUTER, online, "green"]
