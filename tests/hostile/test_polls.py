"""Attacks on the polls, while Home Assistant runs and while it starts.

No attack causes a traceback or more than one warning, blocks the event loop for long, reveals a secret, or removes anything from the
account. After the next polite answers, everything is as before.
"""

from homeassistant.config_entries import ConfigEntryState
from homeassistant.const import STATE_UNAVAILABLE
from homeassistant.helpers import issue_registry as ir
import pytest

from tests.helpers import account_state, entity_id_of, state_of

from .attacks import AGENTS, AS_BEFORE, ATTACKS, INVITATIONS, OUTAGE, UNDERSTOOD, Attack
from .conftest import LONG, Bench
from .server import HostileServer


@pytest.mark.parametrize("attack", ATTACKS, ids=[f"{attack.kind}: {attack.name}" for attack in ATTACKS])
async def test_attack(bench: Bench, server: HostileServer, attack: Attack) -> None:
    before, known = bench.states(), bench.registrations()
    server.answers[attack.method] = attack.answer(server.root)
    await _while_it_runs(bench, attack, before, known)
    await _recovers(bench, attack, before, known)
    # Home Assistant starts while the server misbehaves.
    await bench.hass.config_entries.async_unload(bench.entry.entry_id)
    bench.caplog.clear()
    server.answers[attack.method] = attack.answer(server.root)
    async with bench.watch() as seen:
        await bench.set_up()
    assert bench.entry.state in (ConfigEntryState.LOADED, ConfigEntryState.SETUP_RETRY)
    assert seen.held < attack.held
    _assert_quiet(bench)
    await _recovers(bench, attack, before, known)


async def _while_it_runs(bench: Bench, attack: Attack, before: dict[str, str], known: tuple[set[str], set[str]]) -> None:
    async with bench.watch() as seen:
        await bench.poll()
    after = bench.states()
    if attack.outcome == AS_BEFORE:
        assert after == before
    elif attack.outcome == OUTAGE:
        _assert_outage(bench, attack, before, after)
    elif attack.method != AGENTS:
        assert state_of(bench.hass, bench.entry, 1, "online").state == before[entity_id_of(bench.hass, bench.entry, 1, "online")]
    assert seen.changes <= attack.changes
    assert seen.held < attack.held
    entities, devices = bench.registrations()
    assert known[0] <= entities
    assert len(entities - known[0]) <= attack.entities
    assert devices >= known[1]
    async with bench.watch() as seen:
        await bench.poll()
    assert seen.changes <= attack.changes
    assert seen.held < attack.held
    _assert_quiet(bench)
    assert not await bench.leaks_in_diagnostics()
    assert not any(issue.is_fixable for issue in ir.async_get(bench.hass).issues.values())


def _assert_outage(bench: Bench, attack: Attack, before: dict[str, str], after: dict[str, str]) -> None:
    if attack.method == INVITATIONS:
        assert account_state(bench.hass, bench.entry, "open_invitations").state == STATE_UNAVAILABLE
        assert state_of(bench.hass, bench.entry, 1, "online").state == before[entity_id_of(bench.hass, bench.entry, 1, "online")]
    else:
        assert set(after.values()) == {STATE_UNAVAILABLE}


def _assert_quiet(bench: Bench) -> None:
    assert not bench.tracebacks()
    assert len(bench.lines()) <= 1
    assert not bench.leaks()
    assert not bench.asked_for_a_key()


def _lasting(states: dict[str, str], attack: Attack) -> dict[str, str]:
    """Return the states that have to be as before. An event that was understood stays."""
    understood = attack.outcome == UNDERSTOOD
    return {entity_id: state for entity_id, state in states.items() if not (understood and entity_id.startswith("event."))}


async def _recovers(bench: Bench, attack: Attack, before: dict[str, str], known: tuple[set[str], set[str]]) -> None:
    """Make the server polite, and check that everything recovers without a user."""
    bench.server.heal()
    for _ in range(3):
        await bench.poll(LONG)
        if bench.loaded and _lasting(bench.states(), attack) == _lasting(before, attack):
            break
    assert bench.loaded
    assert _lasting(bench.states(), attack) == _lasting(before, attack)
    entities, devices = bench.registrations()
    assert entities >= known[0]
    assert devices == known[1]
    assert not ir.async_get(bench.hass).issues
    assert not bench.asked_for_a_key()
