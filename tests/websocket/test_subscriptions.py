"""Subscriptions of cards: the first event, later events, and their permissions."""

from typing import Any

from homeassistant.config_entries import ConfigEntryDisabler
from homeassistant.core import HomeAssistant
from homeassistant.helpers.dispatcher import DATA_DISPATCHER
from homeassistant.util.async_ import get_scheduled_timer_handles
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.getscreen.const import DOMAIN
from simulator import Account, Fault, Simulator

from ..conftest import SetUp
from ..helpers import device_id_of, pass_time, until
from ..subscribers import OpenCard


async def test_all_computers_then_only_changes(hass: HomeAssistant, account: Account, set_up: SetUp, open_card: OpenCard) -> None:
    entry = await set_up()
    card = await open_card()
    first = await card.subscribe()
    assert [computer["device_id"] for computer in first["computers"]] == [device_id_of(hass, entry, number) for number in (1, 2, 3)]
    assert (first["removed"], first["available"]) == ([], {entry.entry_id: True})
    account.agents[2].group = "Annex"
    await pass_time(hass)
    changed = await card.changed()
    assert changed == {2: {**first["computers"][1], "group": "Annex"}}
    await card.nothing()


async def test_a_poll_without_changes_sends_nothing(hass: HomeAssistant, account: Account, set_up: SetUp, open_card: OpenCard) -> None:
    """Nor does one in which only the time moved at which an online computer was seen, but once in 15 minutes."""
    agent = account.agents[1]
    agent.last_time -= (agent.last_time + agent.id) % 900
    entry = await set_up()
    agents = entry.runtime_data.agents
    card = await open_card()
    await card.subscribe()
    agent.last_time += 899
    await agents.async_refresh()
    assert agents.data[1].last_seen.timestamp() == agent.last_time
    await card.nothing()
    agent.last_time += 1
    await agents.async_refresh()
    assert list(await card.changed()) == [1]
    await card.nothing()


async def test_computers_come_and_go(hass: HomeAssistant, account: Account, set_up: SetUp, open_card: OpenCard) -> None:
    entry = await set_up(hardware_interval=0)
    card = await open_card()
    await card.subscribe(account=entry.entry_id)
    account.add_agent("New", id=9)
    await pass_time(hass)
    assert list(await card.changed()) == [9]
    gone = card.computers[1]["device_id"]
    account.remove_agent(1)
    await pass_time(hass)
    assert (await card.event()) == {"computers": [], "removed": [gone], "available": {}}
    assert sorted(card.computers) == [2, 3, 9]


async def test_an_outage(hass: HomeAssistant, simulator: Simulator, set_up: SetUp, open_card: OpenCard) -> None:
    entry = await set_up()
    card = await open_card()
    await card.subscribe()
    simulator.fail(Fault.SERVER_ERROR)
    await pass_time(hass)
    assert await card.event() == {"computers": [], "removed": [], "available": {entry.entry_id: False}}
    await pass_time(hass)
    await card.nothing()
    simulator.heal()
    await pass_time(hass, 200)
    assert await card.event() == {"computers": [], "removed": [], "available": {entry.entry_id: True}}


async def test_a_reload(hass: HomeAssistant, account: Account, set_up: SetUp, open_card: OpenCard) -> None:
    """Computers stay on the card during the reload. Then it gets the changes, including new links of previews."""
    entry = await set_up()
    card = await open_card()
    await card.subscribe()
    await hass.config_entries.async_unload(entry.entry_id)
    await hass.async_block_till_done()
    assert await card.event() == {"computers": [], "removed": [], "available": {entry.entry_id: False}}
    gone = card.computers[1]["device_id"]
    account.remove_agent(1)
    account.agents[2].preview_time = account.agents[3].preview_time = 0
    await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done()
    while not card.available[entry.entry_id] or 1 in card.computers:
        await card.event()
    assert sorted(card.computers) == [2, 3]
    assert {number: computer["preview"] for number, computer in card.computers.items()} == {2: None, 3: None}
    assert gone not in {computer["device_id"] for computer in card.computers.values()}
    account.agents[3].group = "Annex"
    await pass_time(hass)
    assert card.computers[3]["group"] != "Annex"
    assert (await card.changed())[3]["group"] == "Annex"
    await card.nothing()


async def test_an_account_that_is_not_loaded_yet(
    hass: HomeAssistant, simulator: Simulator, entry: MockConfigEntry, open_card: OpenCard, set_up: SetUp
) -> None:
    simulator.fail(Fault.SERVER_ERROR)
    await set_up()
    card = await open_card()
    assert await card.subscribe(account=entry.entry_id) == {"computers": [], "removed": [], "available": {entry.entry_id: False}}
    simulator.heal()
    await hass.config_entries.async_reload(entry.entry_id)
    await hass.async_block_till_done()
    await card.event()
    assert (sorted(card.computers), card.available) == ([1, 2, 3], {entry.entry_id: True})


async def test_an_account_that_is_disabled_and_removed(hass: HomeAssistant, set_up: SetUp, open_card: OpenCard) -> None:
    """A card of all accounts shows the account while it is enabled."""
    entry = await set_up()
    card, other = await open_card(), await open_card()
    await card.subscribe()
    devices = {computer["device_id"] for computer in card.computers.values()}
    await hass.config_entries.async_set_disabled_by(entry.entry_id, ConfigEntryDisabler.USER)
    await hass.async_block_till_done()
    event = await card.event()
    while card.computers:
        event = await card.event()
    assert (set(event["removed"]), event["available"]) == (devices, {entry.entry_id: False})
    assert await other.subscribe() == {"computers": [], "removed": [], "available": {}}
    await hass.config_entries.async_set_disabled_by(entry.entry_id, None)
    await hass.async_block_till_done()
    for each in (card, other):
        while len(each.computers) < 3:
            await each.event()
        assert each.available == {entry.entry_id: True}
    await hass.config_entries.async_remove(entry.entry_id)
    await hass.async_block_till_done()
    while card.computers:
        await card.event()
    assert card.available == {entry.entry_id: False}
    await card.nothing()


async def test_an_account_that_is_added(
    hass: HomeAssistant, simulator: Simulator, entry: MockConfigEntry, set_up: SetUp, open_card: OpenCard
) -> None:
    """A card of all accounts shows the new account, a card of another one does not."""
    await set_up()
    everything, first = await open_card(), await open_card()
    await everything.subscribe()
    await first.subscribe(account=entry.entry_id)
    second = MockConfigEntry(domain=DOMAIN, title="Second", unique_id="second", data=dict(entry.data))
    second.add_to_hass(hass)
    await hass.config_entries.async_setup(second.entry_id)
    await hass.async_block_till_done()
    while not everything.available.get(second.entry_id):
        event = await everything.event()
    assert [(computer["account"], computer["agent_id"]) for computer in event["computers"]] == [
        (second.entry_id, number) for number in simulator.account.agents
    ]
    await first.nothing()


async def test_an_unknown_account(hass: HomeAssistant, set_up: SetUp, open_card: OpenCard) -> None:
    """An account of another integration is unknown, too."""
    await set_up()
    other = MockConfigEntry(domain="other")
    other.add_to_hass(hass)
    card = await open_card()
    for kind in ("computers", "invitations"):
        for account in ("unknown", other.entry_id, ""):
            answer = await card.ask(kind, account=account)
            assert (answer["success"], answer["error"]["code"]) == (False, "not_found")
            assert answer["error"]["message"].startswith("There is no Getscreen.me account with this ID.")
    await card.nothing()


@pytest.mark.parametrize("fields", [{"account": 1}, {"account": None}, {"watch": "yes"}, {"group": "Shop"}])
async def test_malformed_messages(set_up: SetUp, open_card: OpenCard, fields: dict[str, Any]) -> None:
    await set_up()
    card = await open_card()
    for kind in ("computers", "invitations"):
        answer = await card.ask(kind, **fields)
        assert (answer["success"], answer["error"]["code"]) == (False, "invalid_format")


async def test_an_ended_subscription_sends_nothing(hass: HomeAssistant, account: Account, set_up: SetUp, open_card: OpenCard) -> None:
    entry = await set_up()
    card, other = await open_card(), await open_card()
    for each in (card, other):
        await each.subscribe()
    await card.unsubscribe()
    account.agents[1].group = "Annex"
    await pass_time(hass)
    assert list(await other.changed()) == [1]
    await other.unsubscribe()
    await hass.config_entries.async_remove(entry.entry_id)
    await hass.async_block_till_done()
    for each in (card, other):
        await each.nothing()


async def test_subscriptions_leave_nothing_behind(hass: HomeAssistant, set_up: SetUp, open_card: OpenCard) -> None:
    """Neither those that are ended, nor those whose page is closed."""
    entry = await set_up()

    def count() -> tuple[int, ...]:
        timers = [handle for handle in get_scheduled_timer_handles(hass.loop) if not handle.cancelled()]
        return sum(hass.bus.async_listeners().values()), sum(len(targets) for targets in hass.data[DATA_DISPATCHER].values()), len(timers)

    await hass.config_entries.async_reload(entry.entry_id)
    await hass.async_block_till_done()
    before = count()
    pages = [await open_card() for _ in range(2)]
    for card in pages:
        await card.subscribe(watch=True)
        await card.subscribe("invitations", watch=True)
        await card.unsubscribe()
    assert all(now > then for now, then in zip(count(), before, strict=True))
    await hass.config_entries.async_reload(entry.entry_id)
    await hass.async_block_till_done()
    for card in pages:
        await card.client.close()
    await until(lambda: all(now <= then for now, then in zip(count(), before, strict=True)))
