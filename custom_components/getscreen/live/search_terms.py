"""The texts that a search of computers uses in addition to the fields of the records."""

from collections.abc import Iterator
from itertools import islice

from homeassistant.core import HomeAssistant, callback

from ..account.registry import SYSTEM_NAMES, async_agent_devices
from ..api import Agent, Hardware
from ..entry import GetscreenConfigEntry

_MAX_TEXTS = 20
_LONGEST_TEXT = 100


@callback
def async_search_terms(hass: HomeAssistant, entry: GetscreenConfigEntry) -> Iterator[tuple[int, str, list[str]]]:
    """Yield the agent id, device id and texts of each computer of a loaded account, if its device is enabled."""
    account = entry.runtime_data
    for agent_id, device in async_agent_devices(hass, entry).items():
        agent, record = account.agents.data.get(agent_id), account.hardware.records.get(agent_id)
        if agent and not device.disabled:
            yield agent_id, device.id, terms(agent, record.hardware if record else None)


def terms(agent: Agent, hardware: Hardware | None) -> list[str]:
    """Return the texts of a computer without duplicates: at most 20, each of at most 100 characters."""
    found = [agent.geo.ip, agent.user, agent.owner, SYSTEM_NAMES[agent.operating_system] if agent.operating_system else None]
    if hardware:
        found = [hardware.computer_name, *found, hardware.os_name, hardware.os_version, hardware.computer_model, *hardware.ip_addresses]
    return list(islice(dict.fromkeys(text[:_LONGEST_TEXT] for text in found if text), _MAX_TEXTS))
