"""Permissions for computers and invitations: those that Home Assistant grants for the entities."""

from typing import Any

from homeassistant.auth.const import GROUP_ID_READ_ONLY, GROUP_ID_USER
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry, MockUser

from custom_components.getscreen.account.pauses import Kind
from custom_components.getscreen.const import DOMAIN
from simulator import Account

from ..conftest import SetUp
from ..helpers import device_id_of, entity_id_of, pass_time
from ..subscribers import OpenCard, restricted_user

NOTHING: dict[str, Any] = {}


async def test_a_user_without_permissions(hass: HomeAssistant, account: Account, set_up: SetUp, open_card: OpenCard) -> None:
    """Such users get an empty list, and no changes later."""
    entry = await set_up()
    card = await open_card(restricted_user(hass, NOTHING))
    assert await card.subscribe() == {"computers": [], "removed": [], "available": {entry.entry_id: True}}
    account.agents[1].group = "Annex"
    account.remove_agent(2)
    account.add_agent("New")
    await pass_time(hass)
    await hass.config_entries.async_reload(entry.entry_id)
    await hass.async_block_till_done()
    while not (event := await card.event())["available"].get(entry.entry_id):
        assert (event["computers"], event["removed"]) == ([], [])
    assert (event["computers"], event["removed"]) == ([], [])
    await card.nothing()


async def test_a_user_without_permissions_does_not_speed_up_polls(hass: HomeAssistant, set_up: SetUp, open_card: OpenCard) -> None:
    entry = await set_up()
    card = await open_card(restricted_user(hass, NOTHING))
    await card.subscribe(watch=True)
    assert entry.runtime_data.schedule.interval(Kind.AGENTS) == 60


@pytest.mark.parametrize("group", [GROUP_ID_USER, GROUP_ID_READ_ONLY])
async def test_users_of_home_assistants_own_groups(hass: HomeAssistant, set_up: SetUp, open_card: OpenCard, group: str) -> None:
    await set_up()
    found = await hass.auth.async_get_group(group)
    assert found
    card = await open_card(MockUser(groups=[found]).add_to_hass(hass))
    await card.subscribe()
    assert sorted(card.computers) == [1, 2, 3]


async def test_a_user_who_may_read_one_computer(hass: HomeAssistant, account: Account, set_up: SetUp, open_card: OpenCard) -> None:
    entry = await set_up()
    user = restricted_user(hass, {"entity_ids": {entity_id_of(hass, entry, 1, "online"): {"read": True}}})
    card = await open_card(user)
    await card.subscribe()
    assert sorted(card.computers) == [1]
    for agent in account.agents.values():
        agent.group = "Annex"
    account.remove_agent(2)
    await pass_time(hass)
    assert list(await card.changed()) == [1]
    await card.nothing()
    account.remove_agent(1)
    await pass_time(hass)
    await card.event()
    assert card.computers == {}


async def test_a_computer_that_appears_is_shown_once_its_entity_exists(
    hass: HomeAssistant, account: Account, set_up: SetUp, open_card: OpenCard
) -> None:
    """The permission may depend on the entity's domain, which is registered after the computer was found."""
    await set_up(hardware_interval=0)
    card = await open_card(restricted_user(hass, {"domains": {"binary_sensor": {"read": True}}}))
    await card.subscribe()
    assert sorted(card.computers) == [1, 2, 3]
    account.add_agent("New", id=9)
    await pass_time(hass)
    assert list(await card.changed()) == [9]
    await card.nothing()


async def test_entities_of_other_integrations(hass: HomeAssistant, account: Account, set_up: SetUp, open_card: OpenCard) -> None:
    """Entities of other integrations, of the account, without a device or removed ones give no access to a computer."""
    entry = await set_up()
    card = await open_card(restricted_user(hass, NOTHING))
    await card.subscribe()
    registry = er.async_get(hass)
    registry.async_get_or_create("sensor", DOMAIN, "without a device", config_entry=entry)
    other = registry.async_get_or_create("binary_sensor", "other", "online")
    registry.async_remove(other.entity_id)
    for entity in er.async_entries_for_config_entry(registry, entry.entry_id):
        registry.async_update_entity(entity.entity_id, name="Renamed")
    await hass.async_block_till_done()
    await card.nothing()


async def test_an_entity_that_is_renamed_away(hass: HomeAssistant, set_up: SetUp, open_card: OpenCard) -> None:
    """A permission by entity id moves with the id."""
    entry = await set_up()
    entity_id = entity_id_of(hass, entry, 1, "online")
    card = await open_card(restricted_user(hass, {"entity_ids": {entity_id: {"read": True}}}))
    await card.subscribe()
    er.async_get(hass).async_update_entity(entity_id, new_entity_id="binary_sensor.elsewhere")
    await hass.async_block_till_done()
    assert await card.event() == {"computers": [], "removed": [device_id_of(hass, entry, 1)], "available": {}}
    er.async_get(hass).async_update_entity("binary_sensor.elsewhere", new_entity_id=entity_id)
    await hass.async_block_till_done()
    assert list(await card.changed()) == [1]
    await card.nothing()


@pytest.mark.parametrize("fields", [{}, {"account": "account"}, {"account": "unknown"}])
@pytest.mark.parametrize("rights", [NOTHING, {"domains": {"binary_sensor": {"read": True}}}], ids=["no rights", "reads"])
async def test_who_may_not_see_invitations(
    hass: HomeAssistant, set_up: SetUp, open_card: OpenCard, rights: dict[str, Any], fields: dict[str, Any]
) -> None:
    """Such users do not learn whether an account exists, either."""
    entry = await set_up()
    card = await open_card(restricted_user(hass, rights))
    fields = {"account": entry.entry_id} if fields.get("account") == "account" else fields
    answer = await card.ask("invitations", **fields)
    assert (answer["success"], answer["error"]["code"]) == (False, "unauthorized")


async def test_a_user_sees_the_invitations_of_their_account(
    hass: HomeAssistant, entry: MockConfigEntry, set_up: SetUp, open_card: OpenCard
) -> None:
    await set_up()
    second = MockConfigEntry(domain=DOMAIN, title="Second", unique_id="second", data=dict(entry.data))
    second.add_to_hass(hass)
    await hass.config_entries.async_setup(second.entry_id)
    await hass.async_block_till_done()
    calendar = er.async_get(hass).async_get_entity_id("calendar", DOMAIN, f"{second.unique_id}_connection_history")
    card = await open_card(restricted_user(hass, {"entity_ids": {str(calendar): True}}))
    assert await card.subscribe("invitations") == {"open": {second.entry_id: 2}}
    answer = await card.ask("invitations", account=entry.entry_id)
    assert answer["error"]["code"] == "unauthorized"
