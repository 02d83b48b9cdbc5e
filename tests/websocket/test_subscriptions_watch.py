"""The poll interval of an account while a card watches it."""

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
import pytest

from simulator import Account, Fault, Simulator

from ..conftest import SetUp
from ..helpers import act, device_id_of, pass_time
from ..subscribers import Card, OpenCard


async def polls(hass: HomeAssistant, simulator: Simulator, seconds: int = 60) -> int:
    """Return how many polls there are while time passes in steps of 16 seconds."""
    before = simulator.count("agents/list")
    for _ in range(seconds // 15):
        await pass_time(hass, 16)
    return simulator.count("agents/list") - before


async def end(hass: HomeAssistant, card: Card, *, closing: bool) -> None:
    """End a subscription, or close its page, and let the last frequent poll come."""
    if closing:
        await card.client.close()
        await hass.async_block_till_done()
    else:
        await card.unsubscribe()
    await pass_time(hass, 16)


@pytest.mark.parametrize("kind", ["computers", "invitations"])
@pytest.mark.parametrize("closing", [False, True], ids=["unsubscribed", "closed"])
async def test_polls_are_quick_while_a_card_watches(
    hass: HomeAssistant, simulator: Simulator, set_up: SetUp, open_card: OpenCard, kind: str, *, closing: bool
) -> None:
    await set_up()
    assert await polls(hass, simulator) == 0
    first, second = await open_card(), await open_card()
    await first.subscribe(kind, watch=True)
    assert await polls(hass, simulator) == 4
    await second.subscribe(kind, watch=True)
    assert await polls(hass, simulator) == 4
    await end(hass, first, closing=closing)
    assert await polls(hass, simulator) == 4
    await end(hass, second, closing=closing)
    assert await polls(hass, simulator) == 0
    await pass_time(hass, 61)
    assert await polls(hass, simulator) == 0


@pytest.mark.parametrize("kind", ["computers", "invitations"])
async def test_a_card_that_does_not_watch(hass: HomeAssistant, simulator: Simulator, set_up: SetUp, open_card: OpenCard, kind: str) -> None:
    await set_up()
    await (await open_card()).subscribe(kind)
    assert await polls(hass, simulator) == 0


async def test_an_account_that_is_reloaded_is_watched_again(
    hass: HomeAssistant, simulator: Simulator, set_up: SetUp, open_card: OpenCard
) -> None:
    entry = await set_up()
    card = await open_card()
    await card.subscribe(watch=True, account=entry.entry_id)
    await hass.config_entries.async_unload(entry.entry_id)
    assert await polls(hass, simulator) == 0
    await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done()
    assert await polls(hass, simulator) == 4
    await card.client.close()
    await hass.async_block_till_done()
    await pass_time(hass, 16)
    assert await polls(hass, simulator) == 0


async def test_an_account_that_loads_later_is_watched(
    hass: HomeAssistant, simulator: Simulator, set_up: SetUp, open_card: OpenCard
) -> None:
    simulator.fail(Fault.SERVER_ERROR)
    entry = await set_up()
    card = await open_card()
    await card.subscribe(watch=True)
    simulator.heal()
    await hass.config_entries.async_reload(entry.entry_id)
    await hass.async_block_till_done()
    assert await polls(hass, simulator) == 4


async def test_a_card_that_appears_late_polls_at_once(
    hass: HomeAssistant, simulator: Simulator, set_up: SetUp, open_card: OpenCard, freezer: FrozenDateTimeFactory
) -> None:
    """The data is older than it would be with a watch, so a poll follows at once. A second card changes nothing."""
    await set_up()
    freezer.tick(40)
    before = simulator.count("agents/list")
    await (await open_card()).subscribe(watch=True)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert simulator.count("agents/list") == before + 1
    await (await open_card()).subscribe(watch=True)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert simulator.count("agents/list") == before + 1


async def test_a_command_does_not_postpone_a_poll_that_is_due_earlier(
    hass: HomeAssistant, account: Account, simulator: Simulator, set_up: SetUp, open_card: OpenCard, freezer: FrozenDateTimeFactory
) -> None:
    account.wake_seconds = 3600
    entry = await set_up()
    freezer.tick(40)
    await (await open_card()).subscribe(watch=True)
    await hass.async_block_till_done(wait_background_tasks=True)
    before = simulator.count("agents/list")
    freezer.tick(8)
    await act(hass, "wake", device_id=device_id_of(hass, entry, 3))
    freezer.tick(8)
    await pass_time(hass, 0)
    assert simulator.count("agents/list") == before + 1
