"""The state of an account that outlives reloads (in memory) and restarts (in storage)."""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from typing import Any

from homeassistant.core import HomeAssistant, callback
from homeassistant.util.hass_dict import HassKey

from ..api import Agent
from ..const import DOMAIN, LOGGER, UNLOADED
from ..entry import GetscreenConfigEntry
from ..options import unusable_options
from ..repairs import async_clear_request_limit, async_report_request_limit
from ..server_url import server_identity
from ..texts import async_plan_text
from .alarm import Alarm, system_clock
from .hardware_record import HardwareRecord
from .key_doubts import KeyDoubts
from .pauses import Kind
from .plan import Plan
from .request_counter import RequestCounter
from .schedule import Schedule
from .session_ends import SessionEnds
from .stored_file import StoredFile

_STORES: HassKey[dict[str, AccountStore]] = HassKey(DOMAIN)
# By server, however its address is spelled, and key.
_PLANS: HassKey[dict[tuple[object, str], Plan]] = HassKey(f"{DOMAIN}_plans")

# Seconds until a change is written. A pause is written soon. The count of requests changes all the time, and the hardware of many
# computers makes a large file. Home Assistant writes pending changes when it stops.
_SHORT_DELAY = 1
_REQUESTS_DELAY = 15 * 60
_HARDWARE_DELAY = 60 * 60


class AccountStore:
    """State of an account that would cost requests to learn again, such as `hardware` (by agent id), and its `schedule`."""

    def __init__(self, hass: HomeAssistant, entry: GetscreenConfigEntry) -> None:
        self.schedule = Schedule(system_clock(hass), self._async_pauses_changed)
        self.schedule.on_sent = self.async_count
        self.key_doubts = KeyDoubts(self.schedule.pauses)
        self.requests = RequestCounter()
        self.session_ends = SessionEnds()
        self.hardware: dict[int, HardwareRecord] = {}
        self.list_was_cut = False
        """Whether the warning was logged that the account has too many computers."""
        self._hass = hass
        self._entry = entry
        self._alarm = Alarm(hass)
        self._loaded = False
        self._saved_plan: object = None
        self._daily_requests: int | None = None
        self._account = StoredFile(hass, f"{DOMAIN}.{entry.entry_id}", self._account_data)
        self._hardware = StoredFile(hass, f"{DOMAIN}.{entry.entry_id}.hardware", self._hardware_data)
        entry.async_on_state_change(self._async_state_changed)

    async def async_load(self, hass: HomeAssistant) -> None:
        """Load what an earlier run of Home Assistant stored; later calls do nothing. A damaged file counts as empty."""
        if self._loaded:
            return
        self._loaded = True
        if unusable := unusable_options(self._entry):
            LOGGER.warning("%s: these options are invalid, so their default values are used: %s", self._entry.title, ", ".join(unusable))
        account = await self._account.async_load()
        self.requests.restore(account.get("requests"))
        self.schedule.pauses.restore(account.get("limit"))
        self._saved_plan = account.get("plan")
        self.session_ends.restore(account.get("session_ends"))
        hardware = await self._hardware.async_load()
        # Thousands of records would block the event loop.
        self.hardware.update(await hass.async_add_executor_job(HardwareRecord.read_all, hardware))

    @callback
    def async_count(self, method: str) -> None:
        """Count a request of any client (the account's own, or one of a config flow)."""
        self.requests.async_count(method)
        self._account.schedule_write(_REQUESTS_DELAY)

    @callback
    def async_set_session_ends(self, agents: Mapping[int, Agent], changed: AbstractSet[int]) -> None:
        """Store the assumed ends of the sessions of agents that changed or left."""
        if self.session_ends.async_update(agents, changed):
            self._account.schedule_write(_SHORT_DELAY)

    async def async_write_requests(self) -> None:
        """Write the count of requests to the file now."""
        await self._account.async_write()

    @callback
    def async_set_hardware(self, agent_id: int, record: HardwareRecord | None) -> None:
        """Store the hardware of a computer; None removes it."""
        if record is None:
            if self.hardware.pop(agent_id, None) is None:
                return
        else:
            self.hardware[agent_id] = record
        self._hardware.schedule_write(_HARDWARE_DELAY)

    @callback
    def async_handle_new_key(self) -> None:
        """Forget refusals, the stored plan, and which computers sent no hardware, because the key was replaced."""
        self._async_forget_refusals()
        self._saved_plan = None
        for agent_id in [agent_id for agent_id, record in self.hardware.items() if record.hardware is None]:
            self.async_set_hardware(agent_id, None)

    @callback
    def async_join_plan(self, url: str, key: str, daily_requests: int) -> None:
        """Share the plan of a key with the other entries that use it. `daily_requests`: what it allows in a day; 0 if that is not set."""
        plans = self._hass.data.setdefault(_PLANS, {})
        server = server_identity(url)
        if (plan := plans.get((server, key))) is None:
            plan = plans[server, key] = self.schedule.plan = Plan(system_clock(self._hass))
            plan.restore(self._saved_plan)
        self.schedule.plan = plan
        plan.members.add(self._entry.entry_id)
        plan.configured.pop(self._entry.entry_id, None)
        if self._daily_requests not in (None, daily_requests):
            # The user knows the plan better, or wants it to be learned again.
            plan.forget()
        self._daily_requests = daily_requests
        if daily_requests:
            plan.configured[self._entry.entry_id] = daily_requests

    @callback
    def _async_state_changed(self) -> None:
        """End the pauses when the account is unloaded: a user who reloads it wants to try now, and a disabled account needs no repair."""
        is_unloaded = self._entry.state in UNLOADED
        self.schedule.pauses.may_begin = not is_unloaded
        if is_unloaded:
            self.schedule.pauses.end_all()
            self.schedule.plan.members.discard(self._entry.entry_id)
            self.schedule.plan.configured.pop(self._entry.entry_id, None)

    @callback
    def _async_pauses_changed(self) -> None:
        """Store the pauses, set a timer for their end, and create or delete the repair issue of a plan that is used up."""
        pauses = self.schedule.pauses
        self._alarm.async_set(pauses)
        self._account.schedule_write(_SHORT_DELAY)
        if pauses.is_limited:
            async_report_request_limit(self._hass, self._entry, self._plan_text())
        else:
            async_clear_request_limit(self._hass, self._entry)

    def _plan_text(self) -> str:
        limit = self.schedule.plan.learned
        return async_plan_text(self._hass, limit.requests, limit.window, limit.reset) if limit else async_plan_text(self._hass)

    @callback
    def _async_forget_refusals(self) -> None:
        self.schedule.pauses.end_shared()
        self.schedule.pauses.reset_refusals(Kind.INVITATIONS)
        self.key_doubts.reset()

    async def async_remove(self) -> None:
        """End all pauses, and delete all files."""
        self._async_forget_refusals()
        await self._account.async_remove()
        await self._hardware.async_remove()

    def _account_data(self) -> dict[str, Any]:
        return {**self.schedule.saved(), "requests": self.requests.saved(), "session_ends": self.session_ends.saved()}

    def _hardware_data(self) -> dict[str, Any]:
        return {str(agent_id): record.saved() for agent_id, record in self.hardware.copy().items()}


@callback
def async_store(hass: HomeAssistant, entry: GetscreenConfigEntry) -> AccountStore:
    """Return the store of an account. The first call creates it."""
    stores = hass.data.setdefault(_STORES, {})
    if entry.entry_id not in stores:
        stores[entry.entry_id] = AccountStore(hass, entry)
    return stores[entry.entry_id]


async def async_remove_store(hass: HomeAssistant, entry: GetscreenConfigEntry) -> None:
    """Remove the store of an account that is removed, with its files."""
    await async_store(hass, entry).async_remove()
    del hass.data[_STORES][entry.entry_id]
