"""The sensors of computers and of their hardware."""

from datetime import UTC, datetime, timedelta
from typing import Any

from homeassistant.components.logbook.helpers import async_filter_entities, async_subscribe_events
from homeassistant.const import STATE_UNKNOWN
from homeassistant.core import CALLBACK_TYPE, Event, HomeAssistant, callback
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.translation import async_translate_state
from homeassistant.util import dt as dt_util
import pytest

from custom_components.getscreen.const import DOMAIN
from simulator import Account

from .conftest import SetUp
from .helpers import device_id_of, entity_id_of, pass_time, state_of

pytestmark = pytest.mark.usefixtures("all_entities")


async def test_last_session(hass: HomeAssistant, account: Account, set_up: SetUp) -> None:
    session = account.start_session(1)
    entry = await set_up()
    state = state_of(hass, entry, 1, "last_session")
    assert state.state == datetime.fromtimestamp(session.start, UTC).isoformat()
    assert (state.attributes["end"], state.attributes["duration"]) == (None, None)
    assert state.attributes["country"] == session.client.geo.country
    account.end_session(1)
    session.stop = session.start + 90
    await pass_time(hass)
    state = state_of(hass, entry, 1, "last_session")
    assert state.attributes["end"] == datetime.fromtimestamp(session.start + 90, UTC).isoformat()
    assert state.attributes["duration"] == 90


async def test_last_seen_moves_every_quarter_of_an_hour(hass: HomeAssistant, account: Account, set_up: SetUp) -> None:
    agent = account.agents[1]
    agent.last_time -= (agent.last_time + agent.id) % 900
    began = agent.last_time
    entry = await set_up()
    seen = []
    for seconds in (0, 60, 840, 901, 1000, 1799, 1800):
        agent.last_time = began + seconds
        await pass_time(hass)
        seen.append(dt_util.parse_datetime(state_of(hass, entry, 1, "last_seen").state))
    start = datetime.fromtimestamp(began, UTC)
    quarter = timedelta(minutes=15)
    assert seen == [start, start, start, start + quarter, start + quarter, start + quarter, start + 2 * quarter]
    agent.online = False
    agent.last_time = began + 1805
    await pass_time(hass)
    assert state_of(hass, entry, 1, "last_seen").state == datetime.fromtimestamp(began + 1805, UTC).isoformat()


@pytest.mark.parametrize("hardware", [None, {}, {"RAMPhys": None, "LogicalDisks": None, "CPU": ""}, {"RAMPhys": 0, "RAMPhysAvail": 5}])
async def test_hardware_that_is_not_known(hass: HomeAssistant, account: Account, set_up: SetUp, hardware: dict[str, object] | None) -> None:
    account.agents[1].hardware = hardware
    entry = await set_up()
    for key in ("memory_usage", "cpu", "computer_model"):
        assert state_of(hass, entry, 1, key).state == STATE_UNKNOWN
    entities = er.async_entries_for_device(er.async_get(hass), device_id_of(hass, entry, 1))
    assert not [entity for entity in entities if entity.translation_key in ("disk_usage", "disk_free")]


async def test_activity_is_not_flooded(hass: HomeAssistant, account: Account, set_up: SetUp) -> None:
    """Activity has a line when a computer goes offline and when a session starts, and none for *Last seen*."""
    entry = await set_up()
    keys = {entity_id_of(hass, entry, 1, key): key for key in ("last_seen", "online", "session")}
    assert keys[async_filter_entities(hass, list(keys))[0]] == "online"
    lines: list[str] = []
    ends: list[CALLBACK_TYPE] = []

    @callback
    def add(event: Event[Any]) -> None:
        lines.append(keys[event.data["entity_id"]])

    async_subscribe_events(hass, ends, add, (), None, list(keys), None)
    before = state_of(hass, entry, 1, "last_seen").state
    account.agents[1].last_time += 1800
    await pass_time(hass)
    assert state_of(hass, entry, 1, "last_seen").state > before
    assert lines == []
    account.start_session(1)
    await pass_time(hass)
    assert lines == ["session"]
    account.go(account.agents[1])
    await pass_time(hass)
    assert sorted(lines) == ["online", "session", "session"]
    for end in ends:
        end()


@pytest.mark.parametrize(("key", "texts"), [("online", ["Offline", "Online"]), ("session", ["Nobody connected", "Somebody connected"])])
async def test_state_texts(hass: HomeAssistant, set_up: SetUp, key: str, texts: list[str]) -> None:
    entry = await set_up()
    state = state_of(hass, entry, 1, key)
    shown = [async_translate_state(hass, value, "binary_sensor", DOMAIN, key, state.attributes["device_class"]) for value in ("off", "on")]
    assert shown == texts


async def test_last_seen_does_not_go_back(hass: HomeAssistant, account: Account, set_up: SetUp) -> None:
    """A computer that comes online never gets an earlier time than before."""
    agent = account.agents[1]
    agent.online = False
    agent.last_time -= (agent.last_time + agent.id) % 900
    agent.last_time += 800
    entry = await set_up()
    off = state_of(hass, entry, 1, "last_seen").state
    agent.online = True
    agent.last_time += 50
    await pass_time(hass)
    assert state_of(hass, entry, 1, "last_seen").state == off
    agent.last_time += 100
    await pass_time(hass)
    assert state_of(hass, entry, 1, "last_seen").state > off
