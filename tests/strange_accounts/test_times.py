"""Strange times: sessions of the far future, and clocks that jump."""

from datetime import datetime, timedelta

from homeassistant.const import STATE_OFF, STATE_ON, STATE_UNKNOWN
from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import async_fire_time_changed

from simulator import Account, Simulator

from ..conftest import SetUp
from ..helpers import account_state, ask, device_id_of, pass_time, state_of
from ..recorder import Recorder
from .steps import complaints

YEAR_2100 = 4_102_444_800

# The last second that datetime holds: in a time zone to the east it does not.
LAST_SECOND = 253_402_300_799

# More than datetime holds.
BEYOND = 10**12


@pytest.mark.parametrize("seconds", [YEAR_2100, LAST_SECOND, BEYOND])
@pytest.mark.parametrize("zone", ["America/Los_Angeles", "Asia/Tokyo"])
@pytest.mark.parametrize("running", [True, False], ids=["running", "over"])
async def test_times_in_the_far_future(
    hass: HomeAssistant,
    account: Account,
    set_up: SetUp,
    all_entities: None,
    caplog: pytest.LogCaptureFixture,
    seconds: int,
    zone: str,
    running: bool,
) -> None:
    """Times of the far future are shown if datetime holds them in every time zone, else unknown; all else works."""
    await hass.config.async_set_time_zone(zone)
    agent = account.agents[1]
    agent.last_time = agent.link_time = seconds
    session = account.start_session(1)
    session.start, session.stop = seconds, None if running else seconds
    entry = await set_up()
    for _ in range(2):
        for key in ("last_seen", "linked_at", "last_session"):
            state = state_of(hass, entry, 1, key).state
            if seconds != YEAR_2100:
                assert state == STATE_UNKNOWN, key
            elif key == "last_seen":
                # In steps of a quarter of an hour.
                assert state.startswith(("2099-12-31", "2100-01-01"))
            else:
                assert state == "2100-01-01T00:00:00+00:00", key
        assert state_of(hass, entry, 1, "online").state == STATE_ON
        assert state_of(hass, entry, 1, "session").state == (STATE_ON if running and seconds == YEAR_2100 else STATE_OFF)
        calendar = account_state(hass, entry, "connection_history", "calendar")
        assert calendar.state in (STATE_ON, STATE_OFF)
        await pass_time(hass)
    found = await ask(hass, "find_devices")
    assert [device["agent_id"] for device in found["devices"]] == [1, 2, 3]
    await ask(hass, "get_device_info", device_id=device_id_of(hass, entry, 1))
    account.agents[2].online = False
    await pass_time(hass)
    assert state_of(hass, entry, 2, "online").state == STATE_OFF
    assert not complaints(caplog)


@pytest.mark.parametrize("seconds", [YEAR_2100, LAST_SECOND, BEYOND])
@pytest.mark.parametrize("running", [True, False], ids=["running", "over"])
@pytest.mark.parametrize("at_start", [True, False], ids=["at start", "later"])
async def test_real_sessions_after_one_of_the_far_future(
    hass: HomeAssistant, account: Account, set_up: SetUp, seconds: int, running: bool, at_start: bool
) -> None:
    """The events of real sessions fire, even if an earlier session claims to have begun in the far future."""

    def start_bogus_session() -> None:
        session = account.start_session(1)
        session.start, session.stop = seconds, None if running else seconds

    if at_start:
        start_bogus_session()
    entry = await set_up()
    if not at_start:
        start_bogus_session()
        await pass_time(hass)
    account.agents[1].session = None
    recorder = Recorder(hass, entry, "remote_session")
    session = account.start_session(1)
    await pass_time(hass)
    assert recorder.types()[-1:] == ["started"]
    assert state_of(hass, entry, 1, "session").state == STATE_ON
    account.end_session(1)
    await pass_time(hass)
    assert recorder.types() == ["ended"]
    account.start_session(1).start = session.start + 100
    await pass_time(hass)
    assert recorder.types() == ["started"]


class Clock:
    """The system's clock as Home Assistant reads it. Timers use a monotonic clock, which `freezer` moves too."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.offset = timedelta()
        monkeypatch.setattr(dt_util, "utcnow", lambda: datetime.now(dt_util.UTC) + self.offset)
        monkeypatch.setattr(dt_util, "now", lambda zone=None: dt_util.utcnow().astimezone(zone or dt_util.get_default_time_zone()))

    async def pass_time(self, hass: HomeAssistant, seconds: float = 61) -> None:
        """Let the timers of the next `seconds` fire."""
        async_fire_time_changed(hass, datetime.now(dt_util.UTC) + timedelta(seconds=seconds))
        await hass.async_block_till_done(wait_background_tasks=True)


@pytest.mark.parametrize("jump", [timedelta(days=365), timedelta(days=-1)], ids=["a year ahead", "a day back"])
async def test_a_clock_that_jumps(
    hass: HomeAssistant,
    monkeypatch: pytest.MonkeyPatch,
    simulator: Simulator,
    set_up: SetUp,
    caplog: pytest.LogCaptureFixture,
    jump: timedelta,
) -> None:
    """Polls continue at the same rate, requests are counted, and no wrong event fires."""
    clock = Clock(monkeypatch)
    entry = await set_up()
    await clock.pass_time(hass)
    recorders = [Recorder(hass, entry, "remote_session"), Recorder(hass, entry, "invitation")]
    before = {key: state_of(hass, entry, 1, key).state for key in ("online", "session", "last_session", "last_seen", "preview")}
    clock.offset = jump
    simulator.requests.clear()
    for polls in range(1, 4):
        await clock.pass_time(hass)
        assert simulator.count("agents/list") == polls
        assert {key: state_of(hass, entry, 1, key).state for key in before} == before
    # After a jump ahead, the hardware of each computer that is online is due once.
    for _ in range(2):
        await clock.pass_time(hass, 901)
    assert simulator.count("agents/info") == (2 if jump > timedelta() else 0)
    assert [recorder.told for recorder in recorders] == [[], []]
    # On another day, the requests of the day before do not count.
    assert 0 < int(account_state(hass, entry, "requests_today").state) <= simulator.count()
    simulator.account.start_session(1)
    await clock.pass_time(hass)
    assert recorders[0].types() == ["started"]
    simulator.account.end_session(1)
    await clock.pass_time(hass)
    assert recorders[0].types() == ["ended"]
    assert not complaints(caplog)


async def test_a_clock_that_was_wrong_at_the_start(
    hass: HomeAssistant, monkeypatch: pytest.MonkeyPatch, simulator: Simulator, set_up: SetUp
) -> None:
    """Hardware with a time of reading in the future is read again, not taken for new until that time."""
    clock = Clock(monkeypatch)
    clock.offset = timedelta(days=365)
    entry = await set_up()
    assert simulator.count("agents/info") == 3
    clock.offset = timedelta()
    for _ in range(2):
        await clock.pass_time(hass, 901)
    assert simulator.count("agents/info") == 5  # one computer has not been online since
    assert "cpu" in state_of(hass, entry, 1, "online").attributes
