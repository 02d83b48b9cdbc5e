"""Strange records of computers: ids, types, and lists that shrink."""

from homeassistant.config_entries import ConfigEntryState
from homeassistant.const import STATE_OFF, STATE_ON, STATE_UNAVAILABLE, STATE_UNKNOWN
from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr
import pytest
from pytest_homeassistant_custom_component.common import async_capture_events

from simulator import Account, Simulator

from ..conftest import SetUp
from ..helpers import account_state, act, commanded, device_id_of, device_of, pass_time, state_of, states
from ..recorder import Recorder
from .steps import complaints, registrations


async def test_two_records_with_one_id(hass: HomeAssistant, account: Account, set_up: SetUp, caplog: pytest.LogCaptureFixture) -> None:
    """Records with the same id are one computer, which does not change its name from poll to poll."""
    account.add_agent("Twin", id=9, extra={"id": 1})
    entry = await set_up()
    devices = dr.async_entries_for_config_entry(dr.async_get(hass), entry.entry_id)
    assert len(devices) == 4
    assert device_of(hass, entry, 9) is None
    assert account_state(hass, entry, "devices").state == "3"
    name = device_of(hass, entry, 1)
    changes = async_capture_events(hass, "state_changed"), async_capture_events(hass, dr.EVENT_DEVICE_REGISTRY_UPDATED)
    for _ in range(3):
        await pass_time(hass)
    assert device_of(hass, entry, 1) == name
    assert changes == ([], [])
    assert not complaints(caplog)


async def test_ids_that_are_texts(hass: HomeAssistant, account: Account, simulator: Simulator, set_up: SetUp) -> None:
    """Numbers written as texts are numbers: the same devices, and commands reach them."""
    entry = await set_up()
    before, known = registrations(hass, entry), device_of(hass, entry, 1)
    for agent in account.agents.values():
        agent.extra = {**agent.extra, "id": str(agent.id)}
    changes = async_capture_events(hass, "state_changed"), async_capture_events(hass, dr.EVENT_DEVICE_REGISTRY_UPDATED)
    for _ in range(3):
        await pass_time(hass)
    assert changes == ([], [])
    assert registrations(hass, entry) == before
    assert device_of(hass, entry, 1) == known
    await act(hass, "wake", device_id=device_id_of(hass, entry, 3))
    assert commanded(simulator, "wake") == [3]
    await pass_time(hass)
    assert state_of(hass, entry, 3, "online").state == STATE_ON


async def test_an_account_that_shrinks_to_nothing_and_returns(
    hass: HomeAssistant, account: Account, set_up: SetUp, caplog: pytest.LogCaptureFixture
) -> None:
    """Devices are removed only after a second empty answer, and return with the same entities."""
    entry = await set_up()
    before = registrations(hass, entry)
    agents = dict(account.agents)
    account.agents.clear()
    await pass_time(hass)
    assert all(device_of(hass, entry, agent_id) for agent_id in agents)
    assert registrations(hass, entry) == before
    await pass_time(hass)
    assert not any(device_of(hass, entry, agent_id) for agent_id in agents)
    assert entry.state is ConfigEntryState.LOADED
    assert account_state(hass, entry, "devices").state == "0"
    account.agents.update(agents)
    await pass_time(hass)
    assert registrations(hass, entry) == before
    assert "cpu" in state_of(hass, entry, 1, "online").attributes
    assert account_state(hass, entry, "devices").state == "3"
    assert not complaints(caplog)


FIELDS = (
    *("name", "group", "disabled", "limited", "link_time", "last_time", "geo", "permanent_url", "preview_url", "os", "version"),
    *("online", "installed", "favorite", "owner", "sessions", "os_user"),
)

VALUES: tuple[object, ...] = (
    *(None, 0, 1, -1, 1.5, True, False, 2**63 - 1, -(2**63), 1e300, "", "text", "1", "9" * 200, "https://https://", [], [1], [None]),
    *([[]], [{}], {}, {"a": 1}, {"ip": []}, {"last": []}, {"last": {"start_time": "soon"}, "total": []}, {"last": {"client": 7}}),
)


async def test_fields_whose_types_change_from_poll_to_poll(
    hass: HomeAssistant, account: Account, set_up: SetUp, all_entities: None, caplog: pytest.LogCaptureFixture
) -> None:
    """Unreadable fields are unknown, the other computers are not affected, and all is as before afterwards."""
    entry = await set_up()
    before = states(hass)
    known, agent, extra = registrations(hass, entry), account.agents[1], account.agents[1].extra
    others = {entity_id: state for entity_id, state in before.items() if "marta" in entity_id}
    assert others
    for value in VALUES:
        agent.extra = dict.fromkeys(FIELDS, value)
        await pass_time(hass)
        assert state_of(hass, entry, 1, "online").state in (STATE_ON, STATE_OFF, STATE_UNKNOWN), value
        assert state_of(hass, entry, 1, "group").state != STATE_UNAVAILABLE, value
        device = device_of(hass, entry, 1)
        assert device is not None
        assert device.name, value
        assert {entity_id: state.state for entity_id in others if (state := hass.states.get(entity_id))} == others, value
        assert registrations(hass, entry) == known, value
    agent.extra = extra
    await pass_time(hass)
    assert states(hass) == before
    assert not complaints(caplog)


async def test_a_field_that_changes_its_type_fires_no_events(hass: HomeAssistant, account: Account, set_up: SetUp) -> None:
    """A session that is unreadable in one poll has neither ended nor begun again."""
    account.start_session(1)
    entry = await set_up()
    recorder = Recorder(hass, entry, "remote_session")
    agent = account.agents[1]
    extra = agent.extra
    for value in VALUES:
        agent.extra = {**extra, "sessions": value}
        await pass_time(hass)
        agent.extra = extra
        await pass_time(hass)
        assert recorder.types() == [], value
