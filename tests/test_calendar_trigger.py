"""Home Assistant's own calendar triggers: the end of a session fires once."""

from collections.abc import AsyncIterator
from datetime import timedelta

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component
from homeassistant.util import dt as dt_util
import pytest

from simulator import Account, Fault, Simulator

from .answers import change_answer
from .calendars import CLIENT, calendar_of, events_of, past_session, tick
from .conftest import SetUp


class Ends:
    """How often Home Assistant's trigger for the end of a calendar's event has fired, and whether the session was over then."""

    def __init__(self, hass: HomeAssistant, freezer: FrozenDateTimeFactory, account: Account) -> None:
        self.hass, self.freezer, self.account = hass, freezer, account
        self.fired: list[tuple[str, bool]] = []
        hass.bus.async_listen("calendar_end", lambda event: self.fired.append((event.data["name"], self.account.agents[1].in_session)))

    async def automate(self, monkeypatch: pytest.MonkeyPatch, calendar: str, *offsets: str, kind: str = "end") -> None:
        """Set up automations with the trigger, each with an offset. Answers take a moment, which a frozen clock hides."""
        change_answer(monkeypatch, "history/list", lambda answer: (self.freezer.tick(0.2), answer)[1])
        fire = {"event": "calendar_end", "event_data": {"name": "{{ trigger.calendar_event.summary }} {{ trigger.offset }}"}}
        automations = [
            {
                "alias": f"Offset {offset}",
                "mode": "parallel",
                "triggers": {"trigger": "calendar", "entity_id": calendar, "event": kind, "offset": offset},
                "actions": fire,
            }
            for offset in offsets
        ]
        assert await async_setup_component(self.hass, "automation", {"automation": automations})
        await self.hass.async_block_till_done()

    async def minutes(self, count: int) -> None:
        """Let minutes pass, a few at a time."""
        for _ in range(0, count, 5):
            await tick(self.hass, self.freezer, 300)

    def clear(self) -> list[tuple[str, bool]]:
        """Return the triggers that have fired since the last call."""
        fired, self.fired = self.fired, []
        return fired


@pytest.fixture
async def ends(hass: HomeAssistant, freezer: FrozenDateTimeFactory, account: Account) -> AsyncIterator[Ends]:
    """Yield the fired triggers in a time zone without repeated hours, because the trigger subtracts wall clocks."""
    await hass.config.async_set_time_zone("UTC")
    yield Ends(hass, freezer, account)
    await hass.services.async_call("automation", "turn_off", {"entity_id": "all"}, blocking=True)


ENDED = ("Reception PC 0:00:00", False)


@pytest.mark.parametrize("clock", [0, -5, 5])
async def test_event_ended(
    hass: HomeAssistant, account: Account, set_up: SetUp, monkeypatch: pytest.MonkeyPatch, ends: Ends, clock: int
) -> None:
    """The trigger fires once for each session after its end, with any offset of the server's clock (minutes)."""
    entry = await set_up()
    await ends.automate(monkeypatch, calendar_of(hass, entry), "0:0:0")
    session = account.start_session(1, CLIENT)
    session.start += clock * 60
    await ends.minutes(50)
    assert ends.fired == []
    account.end_session(1)
    session.stop = int(dt_util.utcnow().timestamp()) + clock * 60
    await ends.minutes(30)
    assert ends.clear() == [ENDED]
    # One that is over before the trigger asks again.
    account.start_session(1, CLIENT)
    await ends.minutes(2)
    account.end_session(1)
    await ends.minutes(30)
    assert ends.clear() == [ENDED]
    await ends.minutes(35)
    assert ends.fired == []


async def test_event_ended_with_an_offset(
    hass: HomeAssistant, account: Account, set_up: SetUp, monkeypatch: pytest.MonkeyPatch, ends: Ends
) -> None:
    """Each automation is triggered once, and none before the end."""
    entry = await set_up()
    await ends.automate(monkeypatch, calendar_of(hass, entry), "0:30:0", "0:5:0", "-0:5:0", "-30:0:0")
    account.start_session(1, CLIENT)
    await ends.minutes(50)
    assert ends.fired == []
    account.end_session(1)
    await ends.minutes(20)
    assert {name for name, _ in ends.fired} == {"Reception PC 0:05:00", "Reception PC -1 day, 23:55:00", "Reception PC -2 days, 18:00:00"}
    await ends.minutes(30)
    assert len(ends.fired) == 4
    assert not any(running for _, running in ends.fired)


async def test_event_ended_without_an_end(
    hass: HomeAssistant, account: Account, set_up: SetUp, monkeypatch: pytest.MonkeyPatch, ends: Ends
) -> None:
    """The computer goes offline during the session, and no end is ever written."""
    entry = await set_up()
    await ends.automate(monkeypatch, calendar_of(hass, entry), "0:0:0")
    account.start_session(1, CLIENT)
    await ends.minutes(50)
    account.agents[1].online = False
    await ends.minutes(50)
    assert [name for name, _ in ends.fired] == ["Reception PC 0:00:00"]


async def test_event_ended_during_an_outage(
    hass: HomeAssistant, account: Account, simulator: Simulator, set_up: SetUp, monkeypatch: pytest.MonkeyPatch, ends: Ends
) -> None:
    """The trigger fires when the server is back."""
    entry = await set_up()
    await ends.automate(monkeypatch, calendar_of(hass, entry), "0:0:0")
    account.start_session(1, CLIENT)
    await ends.minutes(20)
    simulator.fail(Fault.SERVER_ERROR, "history/list")
    account.end_session(1)
    await ends.minutes(30)
    assert ends.fired == []
    simulator.heal()
    await ends.minutes(30)
    assert ends.fired == [ENDED]


async def test_event_ended_of_old_sessions(
    hass: HomeAssistant, account: Account, set_up: SetUp, monkeypatch: pytest.MonkeyPatch, ends: Ends
) -> None:
    """Sessions that ended before the set-up fire nothing, even if a user opens the calendar."""
    now = dt_util.utcnow()
    for hours in (1, 5, 20):
        past_session(account, now - timedelta(hours=hours), 60)
    entry = await set_up()
    await ends.automate(monkeypatch, calendar_of(hass, entry), "0:0:0")
    account.start_session(1, CLIENT)
    for hour in range(3):
        for start in range(20):
            await events_of(hass, entry, now + timedelta(hours=hour, seconds=start), now + timedelta(hours=hour + 1))
        await ends.minutes(20)
    assert ends.fired == []


async def test_event_started(hass: HomeAssistant, account: Account, set_up: SetUp, monkeypatch: pytest.MonkeyPatch, ends: Ends) -> None:
    """The trigger does not fire, because no session is known in advance, even if the server's clock is ahead."""
    entry = await set_up()
    await ends.automate(monkeypatch, calendar_of(hass, entry), "0:0:0", kind="start")
    account.start_session(1, CLIENT).start += 40 * 60
    await ends.minutes(35)
    assert ends.fired == []
