"""A computer's record for cards."""

from datetime import UTC, datetime
from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers import entity_registry as er
import orjson
import pytest

from simulator import Account, Client, Geo

from ..conftest import SetUp
from ..helpers import device_id_of, pass_time
from ..subscribers import OpenCard

FIELDS = {
    *("device_id", "agent_id", "account", "name", "group", "online", "last_seen", "operating_system", "agent_version", "favorite"),
    *("session", "preview", "disk_usage", "memory_usage", "transition", "wakeable", "attention"),
}


def disk(label: str, free: int) -> dict[str, Any]:
    """Return a disk of 1,000 MiB."""
    return {"Disk": label, "Size": 1000, "FreeSpace": free}


async def test_every_field(hass: HomeAssistant, account: Account, set_up: SetUp, open_card: OpenCard) -> None:
    agent = account.agents[1]
    agent.name, agent.group, agent.os, agent.version, agent.favorite = "Reception", "Shop", "win", "4.0", True
    agent.last_time -= (agent.last_time + agent.id) % 900
    agent.hardware = {
        "LogicalDisks": [disk("C:", 99), disk("D:", 650)],
        "RAMPhys": 8000,
        "RAMPhysAvail": 2000,
        "NetAdapters": [{"WoL": False}, {"WoL": True}],
    }
    session = account.start_session(1, Client(Geo("198.51.100.7", "Portugal", "Lisbon", "Sintra"), "Firefox", "operator@example.com"))
    entry = await set_up()
    card = await open_card()
    await card.subscribe()
    record = card.computers[1]
    assert record.keys() == FIELDS
    assert record.pop("preview").startswith(f"/api/getscreen/preview/{entry.entry_id}/1?")
    assert record == {
        "device_id": device_id_of(hass, entry, 1),
        "agent_id": 1,
        "account": entry.entry_id,
        "name": "Reception",
        "group": "Shop",
        "online": True,
        "last_seen": datetime.fromtimestamp(agent.last_time, UTC).isoformat(),
        "operating_system": "win",
        "agent_version": "4.0",
        "favorite": True,
        "session": {"start": datetime.fromtimestamp(session.start, UTC).isoformat(), "country": "Portugal", "city": "Sintra"},
        "disk_usage": 90.1,
        "memory_usage": 75.0,
        "transition": None,
        "wakeable": True,
        "attention": ["disk_almost_full"],
    }


async def test_unknown_values(hass: HomeAssistant, account: Account, set_up: SetUp, open_card: OpenCard) -> None:
    agent = account.agents[1]
    agent.group, agent.preview_time, agent.hardware, agent.version = None, 0, None, ""
    agent.extra = {"online": "?", "last_time": 0, "os": "beos", "favorite": "perhaps"}
    await set_up()
    card = await open_card()
    await card.subscribe()
    record = card.computers[1]
    unknown = FIELDS - {"device_id", "agent_id", "account", "name", "attention"}
    assert {field: record[field] for field in unknown} == dict.fromkeys(unknown)
    assert record["attention"] == []


@pytest.mark.parametrize(
    ("adapters", "expected"),
    [([], None), ([{"Name": "eth0"}], None), ([{"WoL": False}, {"Name": "eth0"}], False), ([{"WoL": False}, {"WoL": True}], True)],
)
async def test_whether_a_computer_can_be_woken(
    account: Account, set_up: SetUp, open_card: OpenCard, adapters: list[dict[str, Any]], expected: bool | None
) -> None:
    account.agents[1].hardware = {"CPU": "i5", "NetAdapters": adapters}
    await set_up()
    card = await open_card()
    await card.subscribe()
    assert card.computers[1]["wakeable"] is expected


async def test_an_android_device_cannot_be_woken(account: Account, set_up: SetUp, open_card: OpenCard) -> None:
    """An Android device counts as not wakeable with any adapters, even before they are known."""
    account.agents[1].os = account.agents[2].os = "android"
    account.agents[1].hardware = {"CPU": "i5", "NetAdapters": [{"WoL": True}]}
    account.agents[2].hardware = None
    await set_up()
    card = await open_card()
    await card.subscribe()
    assert [card.computers[number]["wakeable"] for number in (1, 2)] == [False, False]


async def test_an_offline_computer(hass: HomeAssistant, account: Account, set_up: SetUp, open_card: OpenCard) -> None:
    """The record has the time at which the computer was last seen, and no session."""
    account.start_session(1)
    account.go(account.agents[1])
    await set_up()
    card = await open_card()
    await card.subscribe()
    record = card.computers[1]
    seen = datetime.fromtimestamp(account.agents[1].last_time, UTC).isoformat()
    assert (record["online"], record["session"], record["last_seen"]) == (False, None, seen)


async def test_disabled_entities_do_not_matter(hass: HomeAssistant, set_up: SetUp, open_card: OpenCard) -> None:
    """A card shows the same whether all entities are disabled or not."""
    entry = await set_up()
    card = await open_card()
    await card.subscribe()
    before = {number: {**record, "preview": bool(record["preview"])} for number, record in card.computers.items()}
    await card.client.close()
    registry = er.async_get(hass)
    for entity in er.async_entries_for_config_entry(registry, entry.entry_id):
        registry.async_update_entity(entity.entity_id, disabled_by=er.RegistryEntryDisabler.USER)
    await hass.config_entries.async_reload(entry.entry_id)
    await hass.async_block_till_done()
    assert not [state for state in hass.states.async_all() if state.entity_id.startswith("binary_sensor")]
    again = await open_card()
    await again.subscribe()
    assert {number: {**record, "preview": bool(record["preview"])} for number, record in again.computers.items()} == before


async def test_the_name_that_the_user_gave(hass: HomeAssistant, account: Account, set_up: SetUp, open_card: OpenCard) -> None:
    entry = await set_up()
    device_id = device_id_of(hass, entry, 1)
    dr.async_get(hass).async_update_device(device_id, name_by_user="Front desk")
    card = await open_card()
    await card.subscribe()
    assert card.computers[1]["name"] == "Front desk"
    account.agents[1].name = "Another"
    await pass_time(hass)
    await card.nothing()
    dr.async_get(hass).async_update_device(device_id, name_by_user=None)
    assert (await card.changed())[1]["name"] == "Another"


async def test_no_secrets_and_bounded_texts(account: Account, set_up: SetUp, open_card: OpenCard) -> None:
    """Secrets are removed and texts are cut, whatever the server and a computer send."""
    long = "long" * 20_000
    agent = account.agents[1]
    agent.permanent_url, agent.name, agent.group, agent.version = "https://go.getscreen.me/secret-link", long, long, long
    agent.extra = {"preview_url": "https://example.com/preview.png?signature=secret-signature"}
    account.start_session(1, Client(Geo(long, long, long, long), long, "secret@example.com"))
    entry = await set_up()
    card = await open_card()
    await card.subscribe()
    text = orjson.dumps(card.computers[1]).decode()
    assert len(text) < 2000
    for secret in ("secret", entry.data["api_key"], "example.com"):
        assert secret not in text
