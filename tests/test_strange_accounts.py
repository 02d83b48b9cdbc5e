"""Accounts that nobody has, but somebody might: strange ids, times, names and types, odd clocks, and changes at the worst moment."""

import asyncio
from dataclasses import replace
from datetime import datetime, timedelta
import logging
from typing import override
from unittest.mock import patch

from aiohttp import web
from homeassistant.config_entries import ConfigEntryState
from homeassistant.const import CONF_API_KEY, CONF_URL, STATE_OFF, STATE_ON, STATE_UNAVAILABLE, STATE_UNKNOWN
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers.json import json_dumps
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry, async_capture_events, async_fire_time_changed

from custom_components.getscreen.api import GetscreenClient
from custom_components.getscreen.const import DOMAIN
from simulator import Account, Simulator
from simulator.methods import Method

from .actions.test_support import ask
from .answers import change_answer
from .conftest import SetUp
from .helpers import account_state, act, commanded, device_id_of, device_of, pass_time, registered, state_of, states, until
from .test_calendar import calendar_of
from .test_event import Recorder

YEAR_2100 = 4_102_444_800
# The last second that datetime holds: in a time zone to the east it does not.
LAST_SECOND = 253_402_300_799
# More than datetime holds.
BEYOND = 10**12


class WatchedSimulator(Simulator):
    """A server that accepts several keys and may be held up by its gate.

    It remembers which keys came, and how many requests of a method were under way at once.
    """

    def __init__(self, account: Account, *keys: str) -> None:
        super().__init__(account, keys[0])
        self.accepted = set(keys)
        self.keys: list[str] = []
        self.arrival = asyncio.Condition()
        self.gate = asyncio.Event()
        self.gate.set()
        self.under_way: dict[str, int] = {}
        self.most_under_way: dict[str, int] = {}

    async def holds_up(self, *methods: str) -> None:
        """Wait until requests of these methods are held up by the gate."""
        async with asyncio.timeout(20), self.arrival:
            await self.arrival.wait_for(lambda: all(self.under_way.get(method) for method in methods))

    @override
    def _admit(self, name: str, request: web.Request) -> Method:
        key = request.headers["X-Api-Key"]
        self.keys.append(key)
        if key in self.accepted:
            self.key = key
        elif self.key == key:
            self.key = next(iter(self.accepted))
        return super()._admit(name, request)

    @override
    async def failure(self, method: str, request: web.Request) -> web.StreamResponse | None:
        self.under_way[method] = self.under_way.get(method, 0) + 1
        self.most_under_way[method] = max(self.under_way[method], self.most_under_way.get(method, 0))
        async with self.arrival:
            self.arrival.notify_all()
        try:
            # Not a latency, whose timer would be over as soon as a test lets time pass.
            await self.gate.wait()
            return await super().failure(method, request)
        finally:
            self.under_way[method] -= 1


def complaints(caplog: pytest.LogCaptureFixture) -> list[str]:
    """Return what was logged as a warning or worse, but for what Home Assistant says of every custom integration."""
    return [
        f"{record.name}: {record.getMessage()[:300]}"
        for record in caplog.records
        if record.levelno >= logging.WARNING
        and record.name.startswith(("custom_components", "homeassistant"))
        and "loader" not in record.name
    ]


def registrations(hass: HomeAssistant, entry: MockConfigEntry) -> dict[str, str]:
    """Return the account's entities by unique id."""
    return {entity.unique_id: entity.entity_id for entity in registered(hass, entry)}


async def test_two_records_with_one_id(hass: HomeAssistant, account: Account, set_up: SetUp, caplog: pytest.LogCaptureFixture) -> None:
    """They are one computer, which does not change its name from poll to poll."""
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
    """They are shown if every calendar has them, else unknown; nothing else is harmed."""
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
        calendar = hass.states.get(calendar_of(hass, entry))
        assert calendar is not None
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
@pytest.mark.parametrize("at_start", [True, False], ids=["at start", "in mid-life"])
async def test_real_sessions_after_one_of_the_far_future(
    hass: HomeAssistant, account: Account, set_up: SetUp, seconds: int, running: bool, at_start: bool
) -> None:
    """They are told, however late a session before them claims to have begun."""

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


NAMES = {
    "markup": "<script>alert(1)</script>{{ 1 + 1 }}",
    "emoji": "👩🏽‍💻🖥️",
    "right to left": "\u202eמחשב הקבלה\u202c",
    "10,000 characters": "Reception " * 1000,
    "10,000 emoji": "🖥️" * 5000,
    "only blanks": "   ",
    "line breaks": "Reception\r\nPC\tA",
    "NUL": "Reception\x00PC",
}


@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES.keys())
async def test_strange_names(
    hass: HomeAssistant, account: Account, set_up: SetUp, all_entities: None, caplog: pytest.LogCaptureFixture, name: str
) -> None:
    """Every text that a server may send fits into states, ids and databases, and nothing complains."""
    agent = account.agents[1]
    agent.name = agent.group = agent.owner = agent.version = name
    agent.geo = replace(agent.geo, ip=name, country=name, region=name, city=name)
    agent.extra = {**agent.extra, "os_user": name}
    hardware = dict(agent.hardware or {})
    agent.hardware = {**hardware, "CPU": name, "ComputerModel": name, "ComputerName": name, "OSName": name, "OSVersion": name}
    entry = await set_up()
    device = device_of(hass, entry, 1)
    assert device is not None
    assert device.name
    for key in ("group", "owner", "user", "cpu", "computer_model", "agent_version", "location", "ip_address"):
        state = state_of(hass, entry, 1, key).state
        assert len(state) <= 255, key
        if name.strip():
            # Not given up because it is long: its beginning is better than nothing.
            assert state.startswith(name.replace("\x00", "")[:9]), key
    for entity in registered(hass, entry):
        assert len(entity.entity_id) <= 255
        found = hass.states.get(entity.entity_id)
        assert found is not None
        assert found.name
        # What PostgreSQL refuses.
        assert "\x00" not in found.state
    agent.online = False
    await pass_time(hass)
    assert state_of(hass, entry, 1, "online").state == STATE_OFF
    agent.name = "Reception PC"
    await pass_time(hass)
    assert state_of(hass, entry, 1, "online").name == "Reception PC Online"
    assert not complaints(caplog)


async def test_strange_names_of_invitations_and_sessions(
    hass: HomeAssistant, account: Account, set_up: SetUp, caplog: pytest.LogCaptureFixture
) -> None:
    entry = await set_up()
    recorder = Recorder(hass, entry, "invitation")
    for name in NAMES.values():
        invitation = account.invite(name)
        for _ in range(2):
            account.move_on(invitation)
        invitation.client_os = name
    account.agents[1].name = NAMES["10,000 characters"]
    account.start_session(1)
    await pass_time(hass)
    assert recorder.types() == ["created", "client_joined", "active"] * len(NAMES)
    listed = await ask(hass, "list_invitations")
    assert {invitation["client_name"] for invitation in listed["invitations"]} >= {name.replace("\0", "") for name in NAMES.values()}
    await ask(hass, "get_history")
    calendar = hass.states.get(calendar_of(hass, entry))
    assert calendar is not None
    assert calendar.state == STATE_ON
    assert not complaints(caplog)


@pytest.mark.parametrize("half", ["\\ud83d", "\\udda5"], ids=["first half", "second half"])
async def test_half_a_surrogate_pair_in_a_name(
    hass: HomeAssistant, account: Account, set_up: SetUp, monkeypatch: pytest.MonkeyPatch, half: str
) -> None:
    """One text that was cut in the middle of a character takes no account away, and can be stored and sent like any other."""
    account.agents[1].name = account.agents[1].group = "Reception CUT"
    change_answer(monkeypatch, "agents/list", lambda answer: answer.replace(b"CUT", half.encode()))
    entry = await set_up()
    assert entry.state is ConfigEntryState.LOADED
    for agent_id in (1, 2):
        assert state_of(hass, entry, agent_id, "online").state == STATE_ON
    device = device_of(hass, entry, 1)
    assert device is not None
    assert device.name is not None
    assert device.name.startswith("Reception")
    json_dumps([state.as_dict() for state in hass.states.async_all()])
    json_dumps(device.dict_repr)


async def test_an_account_that_shrinks_to_nothing_and_returns(
    hass: HomeAssistant, account: Account, set_up: SetUp, caplog: pytest.LogCaptureFixture
) -> None:
    """Devices leave only after a second look, and return as what they were."""
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


@pytest.mark.parametrize("servers", [1, 2])
async def test_two_accounts_with_the_same_ids(hass: HomeAssistant, account: Account, entry: MockConfigEntry, servers: int) -> None:
    """On servers of their own, or seen with two keys: each command goes to one of them, once, and one can go without the other."""
    other_account = account if servers == 1 else Account(devices=3, seed=2)
    other_account.agents[3].online = account.agents[3].online = False
    async with WatchedSimulator(account, "first-key", "second-key") as one, WatchedSimulator(other_account, "second-key") as two:
        second = one if servers == 1 else two
        entry.add_to_hass(hass)
        hass.config_entries.async_update_entry(entry, data={CONF_API_KEY: "first-key", CONF_URL: one.url})
        other = MockConfigEntry(
            domain=DOMAIN, title="Other", unique_id="account_2", data={CONF_API_KEY: "second-key", CONF_URL: second.url}
        )
        other.add_to_hass(hass)
        for each in (entry, other):
            if each.state is ConfigEntryState.NOT_LOADED:
                assert await hass.config_entries.async_setup(each.entry_id)
        await hass.async_block_till_done(wait_background_tasks=True)
        assert [each.state for each in (entry, other)] == [ConfigEntryState.LOADED] * 2
        assert not registrations(hass, entry).keys() & registrations(hass, other).keys()
        devices = [device_id_of(hass, each, 3) for each in (entry, other)]
        assert len(set(devices)) == 2
        for simulator in (one, two):
            simulator.requests.clear()
            simulator.keys.clear()
        await act(hass, "wake", device_id=devices[1])
        assert [request.method for request in second.requests] == ["agents/wake"]
        assert second.keys == ["second-key"]
        assert servers == 1 or one.count() == 0
        await act(hass, "wake", device_id=devices)
        assert [request.method for request in one.requests + two.requests].count("agents/wake") == 3
        assert sorted(one.keys + two.keys) == ["first-key", "second-key", "second-key"]
        await act(hass, "logout", device_id=device_id_of(hass, other, 2), confirm=True)
        assert device_of(hass, other, 2) is None
        assert device_of(hass, entry, 2) is not None
        await hass.config_entries.async_remove(other.entry_id)
        await hass.async_block_till_done(wait_background_tasks=True)
        await pass_time(hass)
        assert device_of(hass, entry, 3) is not None
        assert state_of(hass, entry, 3, "online").state == STATE_ON
        assert account.agents.keys() == ({1, 3} if servers == 1 else {1, 2, 3})
        assert await hass.config_entries.async_unload(entry.entry_id)


@pytest.mark.parametrize("flow", ["reauth", "reconfigure"])
@pytest.mark.parametrize("refused", [True, False], ids=["the old key is refused", "both keys are good"])
async def test_a_new_key_under_load(hass: HomeAssistant, account: Account, entry: MockConfigEntry, flow: str, refused: bool) -> None:
    """Whatever is under way ends with a result or an error, nothing is sent twice, and the old key is not used any more."""
    for number in range(12):
        account.add_agent(f"PC {number}", online=False)
    account.agents[15].hardware = None  # it is not going to wake up
    async with WatchedSimulator(account, "old-key", "new-key") as simulator:
        entry.add_to_hass(hass)
        hass.config_entries.async_update_entry(entry, data={CONF_API_KEY: "old-key", CONF_URL: simulator.url})
        # Patient, as the time that passes would end what is under way.
        with patch.dict(GetscreenClient.__init__.__kwdefaults__, timeout=100_000):
            assert await hass.config_entries.async_setup(entry.entry_id)
            simulator.gate.clear()
            devices = {agent_id: device_id_of(hass, entry, agent_id) for agent_id in range(4, 16)}
            result = await (entry.start_reauth_flow(hass) if flow == "reauth" else entry.start_reconfigure_flow(hass))
            calls = [act(hass, "wake", device_id=devices[agent_id]) for agent_id in range(4, 15)]
            calls.append(act(hass, "wake", device_id=devices[15], wait={"minutes": 10}))
            commands = dict(zip(devices, map(asyncio.ensure_future, calls), strict=True))
            await simulator.holds_up("agents/wake", "agents/info")
            async_fire_time_changed(hass, dt_util.utcnow() + timedelta(seconds=61))
            await simulator.holds_up("agents/list")
            assert not any(command.done() for command in commands.values())
            if refused:
                simulator.accepted = {"new-key"}
            given = {CONF_API_KEY: "new-key"} if flow == "reauth" else {CONF_API_KEY: "new-key", CONF_URL: simulator.url}
            configuring = asyncio.ensure_future(hass.config_entries.flow.async_configure(result["flow_id"], given))
            # The new key is being tried while the old one is still at work.
            await until(lambda: simulator.under_way["agents/list"] == 2)
            simulator.gate.set()
            result = await configuring
            assert result["reason"] == f"{flow}_successful"
            await hass.async_block_till_done(wait_background_tasks=True)
            ends = dict(zip(commands, await asyncio.gather(*commands.values(), return_exceptions=True), strict=True))
        assert isinstance(ends[15], HomeAssistantError)
        for agent_id, end in ends.items():
            assert end is None or isinstance(end, HomeAssistantError), agent_id
            if end is None:
                assert account.agents[agent_id].online == account.agents[agent_id].wakeable, agent_id
        sent = commanded(simulator, "wake")
        assert len(set(sent)) == len(sent)
        assert set(sent) >= {agent_id for agent_id, end in ends.items() if end is None}
        assert entry.state is ConfigEntryState.LOADED
        assert not [each for each in hass.config_entries.flow.async_progress() if each["context"].get("source") != "reauth"]
        simulator.keys.clear()
        await act(hass, "wake", device_id=devices[4])
        for _ in range(2):
            await pass_time(hass, 1000)
        assert set(simulator.keys) == {"new-key"}
        assert entry.data[CONF_API_KEY] == "new-key"
        assert state_of(hass, entry, 1, "online").state == STATE_ON
        assert "cpu" in state_of(hass, entry, 1, "online").attributes
        assert not hass.config_entries.flow.async_progress()
        assert await hass.config_entries.async_unload(entry.entry_id)


class Clock:
    """The system's clock as Home Assistant reads it; timers go by another one, which never jumps, so `freezer` would not do."""

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
    """Polls go on as often as before, requests are counted, and nothing is told that has not happened."""
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
    # The hardware of each computer that was online since is due once, or not at all.
    for _ in range(2):
        await clock.pass_time(hass, 901)
    assert simulator.count("agents/info") == (2 if jump > timedelta() else 0)
    assert [recorder.told for recorder in recorders] == [[], []]
    # Another day: those of the one before do not count.
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
    """Hardware that was read in a future that never came is not taken for new until it comes."""
    clock = Clock(monkeypatch)
    clock.offset = timedelta(days=365)
    entry = await set_up()
    assert simulator.count("agents/info") == 3
    clock.offset = timedelta()
    for _ in range(2):
        await clock.pass_time(hass, 901)
    assert simulator.count("agents/info") == 5  # one computer has not been online since
    assert "cpu" in state_of(hass, entry, 1, "online").attributes


async def test_answers_that_are_slower_than_the_interval(hass: HomeAssistant, account: Account, entry: MockConfigEntry) -> None:
    """The next poll begins when the one before has ended, and none are made up for."""
    async with WatchedSimulator(account, "a-key") as simulator:
        entry.add_to_hass(hass)
        hass.config_entries.async_update_entry(entry, data={CONF_API_KEY: "a-key", CONF_URL: simulator.url}, options={"scan_interval": 30})
        with patch.dict(GetscreenClient.__init__.__kwdefaults__, timeout=100_000):
            assert await hass.config_entries.async_setup(entry.entry_id)
        await hass.async_block_till_done(wait_background_tasks=True)
        for agent in account.agents.values():
            agent.online = False
        for _ in range(3):
            simulator.requests.clear()
            simulator.gate.clear()
            async_fire_time_changed(hass, dt_util.utcnow() + timedelta(seconds=31))
            await simulator.holds_up("agents/list")
            for seconds in range(31, 400, 31):
                # As much time as many intervals while one answer is on its way.
                async_fire_time_changed(hass, dt_util.utcnow() + timedelta(seconds=seconds))
                await asyncio.sleep(0)
            assert simulator.count() == 1
            simulator.gate.set()
            await hass.async_block_till_done(wait_background_tasks=True)
            assert [request.method for request in simulator.requests] == ["agents/list", "support/list"]
        assert simulator.most_under_way["agents/list"] == simulator.most_under_way["support/list"] == 1
        assert state_of(hass, entry, 1, "online").state == STATE_OFF
        assert await hass.config_entries.async_unload(entry.entry_id)


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
    """What cannot be understood is unknown, the other computers do not feel it, and all is as before when it is over."""
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


async def test_a_field_that_changes_its_type_tells_no_events(hass: HomeAssistant, account: Account, set_up: SetUp) -> None:
    """A session that cannot be read once has neither ended nor begun again."""
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
