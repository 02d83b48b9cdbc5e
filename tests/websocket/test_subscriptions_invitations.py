"""The number of open invitations, and the events that contain it."""

from homeassistant.core import HomeAssistant

from simulator import Account, Fault, Simulator

from ..conftest import SetUp
from ..helpers import pass_time
from ..subscribers import OpenCard


async def test_every_change_of_an_invitation(hass: HomeAssistant, account: Account, set_up: SetUp, open_card: OpenCard) -> None:
    """Each change is sent, also one of a status, and nothing else is."""
    entry = await set_up()
    card = await open_card()
    assert await card.subscribe("invitations", account=entry.entry_id) == {"open": {entry.entry_id: 2}}
    invitation = account.invite("Nora")
    for number in (3, 3, 3, 2):
        await pass_time(hass)
        assert await card.event() == {"open": {entry.entry_id: number}}
        await pass_time(hass)
        await card.nothing()
        account.move_on(invitation)


async def test_an_outage_keeps_the_number(hass: HomeAssistant, simulator: Simulator, set_up: SetUp, open_card: OpenCard) -> None:
    await set_up()
    card = await open_card()
    await card.subscribe("invitations")
    simulator.fail(Fault.SERVER_ERROR)
    await pass_time(hass)
    simulator.heal()
    await pass_time(hass, 200)
    await card.nothing()


async def test_a_number_that_is_not_known(hass: HomeAssistant, simulator: Simulator, set_up: SetUp, open_card: OpenCard) -> None:
    """The number is null while the account is not loaded, or its invitations are not polled or were never read."""
    simulator.fail(Fault.SERVER_ERROR, "support/list")
    entry = await set_up()
    card = await open_card()
    assert await card.subscribe("invitations") == {"open": {entry.entry_id: None}}
    simulator.heal()
    await pass_time(hass)
    assert await card.event() == {"open": {entry.entry_id: 2}}
    await hass.config_entries.async_unload(entry.entry_id)
    assert await card.event() == {"open": {entry.entry_id: None}}
    hass.config_entries.async_update_entry(entry, options={"invitations": False})
    await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done()
    await card.nothing()
    hass.config_entries.async_update_entry(entry, options={"invitations": True})
    await hass.config_entries.async_reload(entry.entry_id)
    await hass.async_block_till_done()
    assert await card.event() == {"open": {entry.entry_id: 2}}
    await hass.config_entries.async_remove(entry.entry_id)
    await hass.async_block_till_done()
    assert await card.event() == {"open": {entry.entry_id: None}}
    await card.nothing()
