"""Polls of the open invitations, after those of the computers."""

from homeassistant.const import STATE_UNAVAILABLE
from homeassistant.core import HomeAssistant
import orjson
import pytest

from custom_components.getscreen.account import invitations
from simulator import Account, Fault, Simulator

from ..answers import change_answer
from ..conftest import SetUp
from ..helpers import account_state, act, pass_time, state_of


async def test_a_list_of_invitations_that_is_too_long(
    hass: HomeAssistant, account: Account, set_up: SetUp, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The newest invitations are followed, and the oldest is not."""
    monkeypatch.setattr(invitations, "MAX_INVITATIONS", 2)
    entry = await set_up()
    assert account_state(hass, entry, "open_invitations").state == "2"
    account.invite("Nora")
    await pass_time(hass)
    assert account_state(hass, entry, "open_invitations").state == "2"
    assert account_state(hass, entry, "invitation", "event").attributes["client_name"] == "Nora"


@pytest.mark.parametrize("fault", [Fault.FORBIDDEN, Fault.BAD_REQUEST, Fault.NOT_FOUND])
async def test_a_plan_without_quick_support(hass: HomeAssistant, simulator: Simulator, set_up: SetUp, fault: Fault) -> None:
    """Invitations are polled ever less often, at last once a day. Computers are polled as usual, and no key is requested."""
    simulator.fail(fault, "support/list")
    entry = await set_up()
    for pause in (2, 4, 8):
        for _ in range(pause - 1):
            await pass_time(hass)
        assert simulator.count("support/list") == (2, 4, 8).index(pause) + 1
        await pass_time(hass, pause * 60)
        await pass_time(hass)
    assert state_of(hass, entry, 1, "online").state != STATE_UNAVAILABLE
    assert not hass.config_entries.flow.async_progress()
    for _ in range(10):
        await pass_time(hass, 24 * 3600)
        await pass_time(hass)
    simulator.requests.clear()
    await pass_time(hass, 23 * 3600)
    await pass_time(hass)
    assert simulator.count("support/list") == 0
    await pass_time(hass, 24 * 3600)
    await pass_time(hass)
    assert simulator.count("support/list") == 1


async def test_an_invitation_ends_the_pause_of_the_invitations(hass: HomeAssistant, simulator: Simulator, set_up: SetUp) -> None:
    simulator.fail(Fault.FORBIDDEN, "support/list", times=3)
    entry = await set_up()
    for _ in range(2):
        await pass_time(hass, 3600)
        await pass_time(hass)
    assert account_state(hass, entry, "open_invitations").state == STATE_UNAVAILABLE
    await act(hass, "create_invitation", client_name="Nora")
    await pass_time(hass)
    assert account_state(hass, entry, "open_invitations").state == "3"


async def test_unreadable_invitations(hass: HomeAssistant, simulator: Simulator, set_up: SetUp, monkeypatch: pytest.MonkeyPatch) -> None:
    """An invitation missing from an answer with unreadable records may be one of them, so it stays until a readable answer."""

    def garble(answer: bytes) -> bytes:
        payload = orjson.loads(answer)
        payload["data"][0] = {"name": "No id"}
        return orjson.dumps(payload)

    entry = await set_up()
    assert account_state(hass, entry, "open_invitations").state == "2"
    with monkeypatch.context() as patched:
        change_answer(patched, "support/list", garble)
        await pass_time(hass)
        assert account_state(hass, entry, "open_invitations").state == "2"
    simulator.account.invitations.clear()
    await pass_time(hass)
    assert account_state(hass, entry, "open_invitations").state == "0"
