"""The repair issues: the request limit, and accounts with too many entities."""

from homeassistant.config_entries import ConfigEntryDisabler
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers import issue_registry as ir
from homeassistant.helpers.translation import async_get_translations
import pytest

from custom_components.getscreen.const import DOMAIN
from simulator import Simulator

from .conftest import SetUp
from .helpers import pass_time, registered, repairs

LANGUAGES = ("cs", "de", "en", "es", "fr", "it", "nl", "pl", "pt-BR", "ru", "tr", "uk")


async def test_removing_an_account_takes_its_repair_away(hass: HomeAssistant, simulator: Simulator, set_up: SetUp) -> None:
    simulator.limit = 0
    entry = await set_up()
    assert repairs(hass) == ["request_limit"]
    await hass.config_entries.async_remove(entry.entry_id)
    assert not repairs(hass)


async def test_disabling_an_account_takes_its_repair_away(hass: HomeAssistant, simulator: Simulator, set_up: SetUp) -> None:
    entry = await set_up()
    simulator.limit = 0
    await pass_time(hass)
    assert repairs(hass) == ["request_limit"]
    await hass.config_entries.async_set_disabled_by(entry.entry_id, ConfigEntryDisabler.USER)
    assert not repairs(hass)


async def test_the_request_limit(hass: HomeAssistant, simulator: Simulator, set_up: SetUp) -> None:
    """The issue names the account and the known limit. It is removed when requests work again."""
    entry = await set_up()
    simulator.limit = 0
    await pass_time(hass)
    (issue,) = ir.async_get(hass).issues.values()
    assert issue.translation_key == "request_limit"
    unknown = "Once requests succeed again, Home Assistant learns how many the plan allows."
    assert issue.translation_placeholders == {"account": entry.title, "plan": unknown}
    simulator.limit = None
    await pass_time(hass, 122)
    assert not ir.async_get(hass).issues


async def test_too_many_entities(hass: HomeAssistant, set_up: SetUp) -> None:
    """The warning appears at 9,000 enabled entities, and is removed when there are fewer or the account is unloaded."""
    entry = await set_up()
    entities = er.async_get(hass)
    enabled = sum(not entity.disabled_by for entity in registered(hass, entry))
    for number in range(9_000 - enabled):
        last = entities.async_get_or_create("sensor", DOMAIN, f"many {number}", config_entry=entry)
    await pass_time(hass, 3601)
    (issue,) = ir.async_get(hass).issues.values()
    assert issue.translation_key == "too_many_entities"
    assert issue.translation_placeholders == {"account": entry.title, "count": "9000", "most": "10000"}
    entities.async_update_entity(last.entity_id, disabled_by=er.RegistryEntryDisabler.USER)
    await pass_time(hass, 3601)
    assert repairs(hass) == []
    entities.async_update_entity(last.entity_id, disabled_by=None)
    await pass_time(hass, 3601)
    assert repairs(hass) == ["too_many_entities"]
    await hass.config_entries.async_unload(entry.entry_id)
    assert repairs(hass) == []


@pytest.mark.parametrize("key", ["request_limit", "too_many_entities"])
async def test_texts(hass: HomeAssistant, set_up: SetUp, key: str) -> None:
    """The account is named in the title, which is plain text: in a description, its name would be a link. The options are a link."""
    await set_up()
    for language in LANGUAGES:
        texts = await async_get_translations(hass, language, "issues", {DOMAIN})
        title, description = (texts[f"component.{DOMAIN}.issues.{key}.{part}"] for part in ("title", "description"))
        assert "{account}" in title
        assert "{account}" not in description
        assert "](/config/integrations/integration/getscreen)" in description
