"""Following accounts while they are added and removed."""

from homeassistant.config_entries import SOURCE_IGNORE, ConfigEntryDisabler
from homeassistant.core import CALLBACK_TYPE, HomeAssistant
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.getscreen.account import GetscreenAccount
from custom_components.getscreen.const import DOMAIN
from custom_components.getscreen.entry import GetscreenConfigEntry
from custom_components.getscreen.live.following import async_for_each_account, async_while_loaded
from simulator import Fault, Simulator

from ..conftest import SetUp


class Log:
    """The starts and ends of the following, in order."""

    def __init__(self) -> None:
        self.lines: list[str] = []

    def account(self, account: GetscreenAccount) -> CALLBACK_TYPE:
        """Begin with an account that is loaded."""
        return self.entry(account.entry)

    def entry(self, entry: GetscreenConfigEntry) -> CALLBACK_TYPE:
        """Begin with an entry."""
        self.lines.append(f"+{entry.title}")
        return lambda: self.lines.append(f"-{entry.title}")

    def take(self) -> list[str]:
        """Return the lines since the last call."""
        lines, self.lines = self.lines, []
        return lines


async def test_while_an_account_is_loaded(hass: HomeAssistant, simulator: Simulator, entry: MockConfigEntry, set_up: SetUp) -> None:
    simulator.fail(Fault.SERVER_ERROR)
    await set_up()
    hass.config_entries.async_update_entry(entry, title="A")
    log = Log()
    end = async_while_loaded(hass, entry, log.account)
    assert log.take() == []
    simulator.heal()
    await hass.config_entries.async_reload(entry.entry_id)
    assert log.take() == ["+A"]
    await hass.config_entries.async_reload(entry.entry_id)
    assert log.take() == ["-A", "+A"]
    hass.config_entries.async_update_entry(entry, title="A")
    await hass.config_entries.async_unload(entry.entry_id)
    assert log.take() == ["-A"]
    end()
    await hass.config_entries.async_setup(entry.entry_id)
    assert log.take() == []
    async_while_loaded(hass, entry, log.account)()
    assert log.take() == ["+A", "-A"]


async def test_each_account(hass: HomeAssistant, entry: MockConfigEntry) -> None:
    """All enabled entries are followed, but no ignored ones and none of other integrations."""
    first, second = (MockConfigEntry(domain=DOMAIN, title=title, unique_id=title, data=dict(entry.data)) for title in ("A", "B"))
    first.add_to_hass(hass)
    second.add_to_hass(hass)
    MockConfigEntry(domain=DOMAIN, title="ignored", source=SOURCE_IGNORE).add_to_hass(hass)
    MockConfigEntry(domain="other", title="other").add_to_hass(hass)
    await hass.config_entries.async_set_disabled_by(second.entry_id, ConfigEntryDisabler.USER)
    everything, one = Log(), Log()
    end_everything = async_for_each_account(hass, None, everything.entry)
    end_one = async_for_each_account(hass, second.entry_id, one.entry)
    assert (everything.take(), one.take()) == (["+A"], ["+B"])
    await hass.config_entries.async_set_disabled_by(second.entry_id, None)
    assert (everything.take(), one.take()) == (["+B"], [])
    await hass.config_entries.async_set_disabled_by(second.entry_id, ConfigEntryDisabler.USER)
    assert (everything.take(), one.take()) == (["-B"], [])
    await hass.config_entries.async_remove(second.entry_id)
    assert (everything.take(), one.take()) == ([], ["-B"])
    end_one()
    end_everything()
    assert (everything.take(), one.take()) == (["-A"], [])
