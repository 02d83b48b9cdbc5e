"""Steps that the tests of faults share."""

from collections.abc import Awaitable
import logging

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import device_registry as dr
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.getscreen.const import DOMAIN
from simulator import Fault, Simulator

from ..helpers import pass_time, registered
from .tables import DONE

LOGGER_NAME = "custom_components.getscreen"
FAULTS = pytest.mark.parametrize("fault", list(Fault), ids=[fault.name for fault in Fault])
# Seconds longer than any pause or interval, so that every request that is retried has been.
LONG = 4000


def logged(caplog: pytest.LogCaptureFixture, least: int = logging.WARNING) -> list[str]:
    """Return the messages that the integration logged, from a level on."""
    return [record.getMessage() for record in caplog.records if record.name.startswith(LOGGER_NAME) and record.levelno >= least]


def recoveries(caplog: pytest.LogCaptureFixture) -> list[str]:
    """Return the messages about the end of a failure."""
    return [message for message in logged(caplog, logging.INFO) if message.endswith("recovered")]


def registrations(hass: HomeAssistant, entry: MockConfigEntry) -> tuple[dict[str, str], set[str]]:
    """Return the account's entities, by unique id, and devices."""
    devices = dr.async_entries_for_config_entry(dr.async_get(hass), entry.entry_id)
    return {entity.unique_id: entity.entity_id for entity in registered(hass, entry)}, {device.id for device in devices}


async def settle(hass: HomeAssistant) -> None:
    """Wait for requests in flight, because passing time would end them."""
    await hass.async_block_till_done(wait_background_tasks=True)


async def failure_of(call: Awaitable[object]) -> HomeAssistantError | None:
    """Return the error that a call ends with, or None if it succeeds."""
    try:
        await call
    except HomeAssistantError as error:
        return error
    return None


def outcome_of(error: HomeAssistantError | None, subject: str, simulator: Simulator) -> str:
    """Return the translation key of an error that names its subject first and holds no secret; DONE if there is no error."""
    if error is None:
        return DONE
    assert type(error) is HomeAssistantError, error
    assert error.translation_domain == DOMAIN
    assert str(error).startswith(subject)
    assert simulator.key not in str(error)
    assert error.translation_key is not None
    return error.translation_key


async def heal(hass: HomeAssistant, simulator: Simulator) -> None:
    """End the faults and let time pass, without asking the user for anything."""
    simulator.heal()
    for _ in range(2):
        await pass_time(hass, LONG)
    assert not hass.config_entries.flow.async_progress()


async def end_pause(hass: HomeAssistant, fault: Fault) -> None:
    """Let the pause pass that follows a user's request that hit the plan's limit."""
    if fault is Fault.PAYMENT_REQUIRED:
        await pass_time(hass, 121)
