"""Changes of computers' records, and their cost."""

import asyncio
from datetime import datetime, timedelta

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr
from homeassistant.util import dt as dt_util
import pytest

from custom_components.getscreen.account import GetscreenAccount
from custom_components.getscreen.api import Agent
from custom_components.getscreen.live import live_account
from custom_components.getscreen.live.live_account import async_live_account
from custom_components.getscreen.live.records import Record, async_record
from simulator import Account, Simulator

from ..conftest import SetUp
from ..helpers import act, commanded, device_id_of, pass_time, until
from ..subscribers import OpenCard


async def test_hardware(hass: HomeAssistant, account: Account, set_up: SetUp, open_card: OpenCard) -> None:
    entry = await set_up()
    card = await open_card()
    await card.subscribe()
    account.agents[1].hardware = {"RAMPhys": 8000, "RAMPhysAvail": 800, "ComputerModel": "Another"}
    await act(hass, "refresh_hardware", device_id=device_id_of(hass, entry, 1))
    changed = await card.changed()
    assert (changed[1]["memory_usage"], changed[1]["disk_usage"], changed[1]["wakeable"]) == (90.0, None, None)
    await card.nothing()


async def test_a_device_that_is_disabled(hass: HomeAssistant, set_up: SetUp, open_card: OpenCard) -> None:
    """Home Assistant does not show such a device, and no action reaches it."""
    entry = await set_up()
    device_id = device_id_of(hass, entry, 2)
    card = await open_card()
    await card.subscribe()
    dr.async_get(hass).async_update_device(device_id, disabled_by=dr.DeviceEntryDisabler.USER)
    while 2 in card.computers:
        await card.event()
    other = await open_card()
    await other.subscribe()
    assert sorted(other.computers) == [1, 3]
    dr.async_get(hass).async_update_device(device_id, disabled_by=None)
    while 2 not in other.computers:
        await other.event()


async def test_unloading_keeps_records_that_are_still_to_be_compared(
    hass: HomeAssistant, set_up: SetUp, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Cards show the last state of all computers until the account is loaded again."""
    entry = await set_up()
    live = async_live_account(hass, entry)
    remove = live.async_add(lambda _changed: None)
    await hass.async_block_till_done()
    with monkeypatch.context() as patch:
        patch.setattr(live_account, "BATCH_SIZE", 0)
        dr.async_get(hass).async_update_device(device_id_of(hass, entry, 2), name_by_user="Another name")
        await hass.config_entries.async_unload(entry.entry_id)
    await hass.async_block_till_done()
    assert sorted(live.records) == [1, 2, 3]
    remove()


async def test_names_of_other_devices(hass: HomeAssistant, set_up: SetUp, open_card: OpenCard) -> None:
    """A new name or area of the account's own device changes no computer."""
    entry = await set_up()
    card = await open_card()
    await card.subscribe()
    hass.config_entries.async_update_entry(entry, title="Another title")
    dr.async_get(hass).async_update_device(device_id_of(hass, entry, 1), labels={"desk"})
    await hass.async_block_till_done()
    await card.nothing()


async def test_a_computer_that_wakes(hass: HomeAssistant, account: Account, set_up: SetUp, open_card: OpenCard) -> None:
    """A computer is waking from the command until it is online or the more frequent polls end."""
    account.wake_seconds = 3600
    account.agents[2].online = False
    entry = await set_up()
    card = await open_card()
    await card.subscribe()
    await act(hass, "wake", device_id=[device_id_of(hass, entry, number) for number in (2, 3)])
    woken: dict[int, str] = {}
    while len(woken) < 2:
        woken |= {number: computer["transition"] for number, computer in (await card.changed()).items()}
    assert woken == {2: "waking", 3: "waking"}
    account.come(account.agents[2])
    await pass_time(hass, 12)
    changed = await card.changed()
    assert {number: (computer["online"], computer["transition"]) for number, computer in changed.items()} == {2: (True, None)}
    for _ in range(20):
        await pass_time(hass, 12)
    changed = await card.changed()
    assert {number: (computer["online"], computer["transition"]) for number, computer in changed.items()} == {3: (False, None)}
    await card.nothing()


async def test_a_computer_that_an_action_waits_for(
    hass: HomeAssistant, account: Account, simulator: Simulator, set_up: SetUp, open_card: OpenCard
) -> None:
    """The computer is waking while the action waits, even after the more frequent polls. A poll ends it."""
    account.wake_seconds = 3600
    entry = await set_up()
    card = await open_card()
    await card.subscribe()
    waiting = asyncio.create_task(act(hass, "wake", device_id=device_id_of(hass, entry, 3), wait=900))
    await until(lambda: commanded(simulator, "wake") == [3])
    assert (await card.changed())[3]["transition"] == "waking"
    for _ in range(25):
        await pass_time(hass, 12)
    assert not entry.runtime_data.agents.is_boosted
    await card.nothing()
    waiting.cancel()
    await asyncio.wait((waiting,))
    await pass_time(hass)
    assert (await card.changed())[3]["transition"] is None


async def test_a_computer_that_reboots(hass: HomeAssistant, account: Account, set_up: SetUp, open_card: OpenCard) -> None:
    """The computer is rebooting until it has gone offline and come back."""
    account.reboot_seconds = (3600, 3600)
    entry = await set_up()
    card = await open_card()
    await card.subscribe()
    await act(hass, "reboot", device_id=device_id_of(hass, entry, 1))
    seen = [(card.computers[1]["online"], (await card.changed())[1]["transition"])]
    for happens in (account.go, account.come):
        happens(account.agents[1])
        await pass_time(hass, 12)
        changed = (await card.changed())[1]
        seen.append((changed["online"], changed["transition"]))
    assert seen == [(True, "rebooting"), (False, "rebooting"), (True, None)]


async def test_a_newer_agent_makes_others_outdated(hass: HomeAssistant, account: Account, set_up: SetUp, open_card: OpenCard) -> None:
    """Computers of the same system are outdated while the newer agent exists."""
    for number, agent in account.agents.items():
        agent.os, agent.version = ("mac" if number == 3 else "win"), "3.9"
    await set_up()
    card = await open_card()
    await card.subscribe()
    assert [computer["attention"] for computer in card.computers.values()] == [[], [], []]
    account.agents[1].version = "3.10"
    await pass_time(hass)
    assert {number: computer["attention"] for number, computer in (await card.changed()).items()} == {1: [], 2: ["agent_outdated"]}
    account.remove_agent(1)
    await pass_time(hass)
    while card.computers[2]["attention"] or 1 in card.computers:
        await card.event()
    assert sorted(card.computers) == [2, 3]


async def test_a_computer_that_is_offline_for_a_month(
    hass: HomeAssistant, account: Account, set_up: SetUp, open_card: OpenCard, freezer: FrozenDateTimeFactory
) -> None:
    """The computer needs attention within an hour after the month is over, without any change of the account."""
    account.go(account.agents[1])
    for agent in account.agents.values():
        agent.preview_time = 0
    entry = await set_up()
    left = entry.runtime_data.agents.data[1].last_seen
    account.agents[1].last_time = int((left - timedelta(days=30) + timedelta(minutes=90)).timestamp())
    await entry.runtime_data.agents.async_refresh()
    card = await open_card()
    await card.subscribe()
    assert card.computers[1]["attention"] == []
    await _pass_an_hour(hass, freezer)
    await card.nothing()
    await _pass_an_hour(hass, freezer)
    assert (await card.changed())[1]["attention"] == ["offline_long"]


async def _pass_an_hour(hass: HomeAssistant, freezer: FrozenDateTimeFactory) -> None:
    freezer.tick(3601)
    await pass_time(hass, 0)


async def test_links_of_previews_are_renewed_in_time(
    hass: HomeAssistant, account: Account, set_up: SetUp, open_card: OpenCard, freezer: FrozenDateTimeFactory
) -> None:
    """A page that is open for a day always has links that are valid for an hour at least, and gets a new one every four hours."""
    account.agents[2].preview_time = account.agents[3].preview_time = 0
    entry = await set_up()
    previews = entry.runtime_data.previews
    links: list[str] = []
    live = async_live_account(hass, entry)
    remove = live.async_add(lambda _changed: links.append(live.records[1]["preview"]))
    for _ in range(24):
        await _pass_an_hour(hass, freezer)
        path = live.records[1]["preview"]
        query = dict(part.split("=") for part in path.partition("?")[2].split("&"))
        assert previews.async_is_valid(1, query, dt_util.utcnow() + timedelta(hours=1))
    remove()
    assert len(links) in (5, 6, 7)
    assert len(set(links)) == len(links)


async def test_many_changes_are_sent_in_batches(
    hass: HomeAssistant, account: Account, set_up: SetUp, open_card: OpenCard, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So that thousands of changes do not block the event loop. The first event has everything all the same."""
    monkeypatch.setattr(live_account, "BATCH_SIZE", 2)
    await set_up(hardware_interval=0)
    for number in range(10, 15):
        account.add_agent(f"PC {number}", id=number)
    await pass_time(hass)
    card = await open_card()
    assert len((await card.subscribe())["computers"]) == 8
    for agent in account.agents.values():
        agent.group = "Annex"
    await pass_time(hass)
    assert [len(await card.changed()) for _ in range(4)] == [2, 2, 2, 2]
    assert {computer["group"] for computer in card.computers.values()} == {"Annex"}
    await card.nothing()


async def test_cards_share_records(
    hass: HomeAssistant, account: Account, set_up: SetUp, open_card: OpenCard, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A change of one computer creates one record for all cards, and a poll without changes creates none."""
    entry = await set_up()
    made: list[int] = []

    def count(account: GetscreenAccount, agent: Agent, now: datetime) -> Record | None:
        made.append(agent.id)
        return async_record(account, agent, now)

    monkeypatch.setattr(live_account, "async_record", count)
    cards = [await open_card() for _ in range(3)]
    for card in cards:
        await card.subscribe()
    assert sorted(made) == [1, 2, 3]
    made.clear()
    await entry.runtime_data.agents.async_refresh()
    account.agents[2].group = "Annex"
    await entry.runtime_data.agents.async_refresh()
    for card in cards:
        assert list(await card.changed()) == [2]
    assert set(made) == {2}
