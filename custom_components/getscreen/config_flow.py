"""The config flow: set up an account, change its key, its server or its options."""

from collections.abc import Collection, Mapping
from typing import Any, override
from uuid import uuid4

from homeassistant.config_entries import ConfigFlow, ConfigFlowResult, OptionsFlow, OptionsFlowWithReload
from homeassistant.const import CONF_API_KEY, CONF_URL
from homeassistant.core import callback
from homeassistant.data_entry_flow import AbortFlow
from homeassistant.helpers.selector import (
    BooleanSelector,
    NumberSelector,
    NumberSelectorConfig,
    NumberSelectorMode,
    SelectSelector,
    SelectSelectorConfig,
    SelectSelectorMode,
    TextSelector,
    TextSelectorConfig,
    TextSelectorType,
)
import voluptuous as vol

from .account.registry import async_agent_devices
from .account.store import async_store
from .account_check import AccountCheck, Checked
from .api import DEFAULT_URL, SERVERS
from .const import DOMAIN
from .entry import GetscreenConfigEntry
from .options import (
    CONF_CARDS,
    CONF_DAILY_REQUESTS,
    CONF_DISK_THRESHOLD,
    CONF_GROUP_ID,
    CONF_HARDWARE_INTERVAL,
    CONF_INVITATIONS,
    CONF_SCAN_INTERVAL,
    CONF_SEARCH,
    CONF_SHOW_LINK,
    DEFAULT_OPTIONS,
    OPTIONS,
    all_options,
    async_store_all_options,
)
from .same_account import async_entries_of_account, async_has_computer_of, async_is_set_up, async_unique_values, filter_of
from .texts import escape_markdown

_KEY = TextSelector(TextSelectorConfig(type=TextSelectorType.PASSWORD, autocomplete="off"))
_URL = SelectSelector(SelectSelectorConfig(options=list(SERVERS), custom_value=True, mode=SelectSelectorMode.DROPDOWN))
USER_SCHEMA = vol.Schema({vol.Required(CONF_API_KEY): _KEY, vol.Required(CONF_URL, default=DEFAULT_URL): _URL})
REAUTH_SCHEMA = vol.Schema({vol.Required(CONF_API_KEY): _KEY})
RECONFIGURE_SCHEMA = vol.Schema({vol.Optional(CONF_API_KEY): _KEY, vol.Required(CONF_URL): _URL})

FILTER_SCHEMA = vol.Schema({vol.Optional(CONF_SEARCH): TextSelector(), vol.Optional(CONF_GROUP_ID): TextSelector()})


def _whole_number(name: str) -> vol.All:
    number = OPTIONS[name]
    config = NumberSelectorConfig(min=number.minimum, max=number.maximum, step=1, mode=NumberSelectorMode.BOX)
    if number.unit:
        config["unit_of_measurement"] = number.unit
    return vol.All(NumberSelector(config), vol.Coerce(int))


OPTIONS_SCHEMA = vol.Schema(
    {
        vol.Required(CONF_SCAN_INTERVAL): _whole_number(CONF_SCAN_INTERVAL),
        vol.Required(CONF_DAILY_REQUESTS, default=0): _whole_number(CONF_DAILY_REQUESTS),
        vol.Required(CONF_HARDWARE_INTERVAL): _whole_number(CONF_HARDWARE_INTERVAL),
        vol.Optional(CONF_SEARCH, default=""): TextSelector(),
        vol.Optional(CONF_GROUP_ID, default=""): TextSelector(),
        vol.Required(CONF_INVITATIONS): BooleanSelector(),
        vol.Optional(CONF_DISK_THRESHOLD): _whole_number(CONF_DISK_THRESHOLD),
        vol.Optional(CONF_SHOW_LINK): BooleanSelector(),
        vol.Optional(CONF_CARDS): BooleanSelector(),
    }
)


class GetscreenConfigFlow(ConfigFlow, domain=DOMAIN):
    """Set up an account."""

    @staticmethod
    @callback
    @override
    def async_get_options_flow(config_entry: GetscreenConfigEntry) -> GetscreenOptionsFlow:
        """Return the flow of the options."""
        return GetscreenOptionsFlow()

    _found: Checked
    """The result of the step `user`, for the steps that follow it."""

    def __init__(self) -> None:
        self._check = AccountCheck()

    async def async_step_user(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Ask for the key and the server."""
        checked = None
        if user_input is not None:
            checked = await self._check.async_check(self.hass, user_input[CONF_API_KEY], user_input[CONF_URL], DEFAULT_OPTIONS)
            if not checked.errors:
                _abort_if_set_up(self, checked.data, DEFAULT_OPTIONS)
                self._found = checked
                if self._entries_of_account():
                    return await self.async_step_same_account()
                return await self._create(checked, DEFAULT_OPTIONS)
        return self._show_form("user", USER_SCHEMA, user_input or {}, checked)

    async def async_step_same_account(self, _user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Ask what to do with an account that other entries belong to: update their key, or add an entry with a filter."""
        accounts = ", ".join(escape_markdown(_title_with_filter(entry)) for entry in self._entries_of_account())
        return self.async_show_menu(
            step_id="same_account", menu_options=["update_key", "add_filtered"], description_placeholders={"accounts": accounts}
        )

    def _entries_of_account(self) -> list[GetscreenConfigEntry]:
        """Return the entries that have computers of the account, one for each filter: two entries cannot share a key and a filter."""
        by_filter: dict[tuple[str, str], GetscreenConfigEntry] = {}
        for entry in async_entries_of_account(self.hass, self._found.data, self._found.agents):
            by_filter.setdefault(filter_of(entry), entry)
        return list(by_filter.values())

    async def async_step_update_key(self, _user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Store the key in the entries that have computers of the account."""
        result = None
        for entry in self._entries_of_account():
            result = await self._store(entry, self._found, "reauth_successful")
        # The entries may have been removed while the menu was shown.
        return result or await self.async_step_user(self._found.data)

    async def async_step_add_filtered(self, _user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Add one more entry for a part of the account."""
        return await self.async_step_filter()

    async def async_step_filter(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Ask for the filter of the new entry."""
        checked = None
        if user_input is not None:
            filtered = {name: user_input.get(name, "").strip() for name in (CONF_SEARCH, CONF_GROUP_ID)}
            options, data = {**DEFAULT_OPTIONS, **filtered}, self._found.data
            if not any(filtered.values()):
                checked = Checked({"base": "filter_required"}, data)
            else:
                _abort_if_set_up(self, data, options, self._found.agents)
                checked = await self._check.async_check(self.hass, data[CONF_API_KEY], data[CONF_URL], options)
                if checked.key_is_refused:
                    return self._show_form("user", USER_SCHEMA, data, checked)
                if not checked.errors:
                    # Another flow may have added the filter during the request.
                    _abort_if_set_up(self, data, options, self._found.agents)
                    # A filter without matches may be intended, such as a group that will get its computers later.
                    return await self._create(self._found, options, None if checked.agents else "no_match")
        return self._show_form("filter", FILTER_SCHEMA, user_input or {}, checked)

    async def _create(self, checked: Checked, options: Mapping[str, Any], description: str | None = None) -> ConfigFlowResult:
        """Create an entry; `description`: the translation key of the final text, instead of the default one."""
        # The API has no id of an account, and the key may change, so the unique id is random.
        await self.async_set_unique_id(uuid4().hex)
        return self.async_create_entry(title=checked.title, data=checked.data, options=options, description=description)

    async def async_step_reauth(self, _entry_data: Mapping[str, Any]) -> ConfigFlowResult:
        """Ask for another key, because the server refuses the current one."""
        return await self.async_step_reauth_confirm()

    async def async_step_reauth_confirm(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Ask for another key."""
        entry = self._get_reauth_entry()
        checked = None
        if user_input is not None:
            checked = await self._check_for(entry, user_input[CONF_API_KEY], entry.data[CONF_URL])
            if not checked.errors:
                return await self._update(entry, checked, "reauth_successful")
        title = escape_markdown(entry.title)
        return self._show_form("reauth_confirm", REAUTH_SCHEMA, user_input or {}, checked, account=title)

    async def async_step_reconfigure(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Ask for another key or server."""
        entry = self._get_reconfigure_entry()
        checked = None
        if user_input is not None:
            key = user_input.get(CONF_API_KEY) or str(entry.data.get(CONF_API_KEY, ""))
            checked = await self._check_for(entry, key, user_input[CONF_URL])
            if not checked.errors:
                return await self._update(entry, checked, "reconfigure_successful")
        typed = user_input or {CONF_URL: str(entry.data.get(CONF_URL, ""))}
        return self._show_form("reconfigure", RECONFIGURE_SCHEMA, typed, checked)

    def _show_form(
        self, step_id: str, schema: vol.Schema, typed: Mapping[str, Any], checked: Checked | None, **placeholders: str
    ) -> ConfigFlowResult:
        """Show a form with the errors and the user's input, except a rejected key."""
        errors = checked.errors if checked else {}
        refused = checked is not None and checked.key_is_refused
        suggested = {name: value for name, value in typed.items() if not (refused and name == CONF_API_KEY)}
        return self.async_show_form(
            step_id=step_id,
            data_schema=self.add_suggested_values_to_schema(schema, suggested),
            errors=errors,
            description_placeholders={**placeholders, "cause": checked.cause if checked else ""},
        )

    async def _check_for(self, entry: GetscreenConfigEntry, key: str, url: str) -> Checked:
        """Check a key and a server for an entry, with its filter.

        If the filter finds none of the entry's computers, check again without it, because it may match nothing in another account.
        """
        store = async_store(self.hass, entry)
        checked = await self._check.async_check(self.hass, key, url, all_options(entry), store)
        if checked.errors or not any(filter_of(entry)) or async_has_computer_of(self.hass, entry, checked.agents):
            return checked
        return await self._check.async_check(self.hass, key, checked.data[CONF_URL], DEFAULT_OPTIONS, store)

    async def _update(self, entry: GetscreenConfigEntry, checked: Checked, reason: str) -> ConfigFlowResult:
        """Store a new key and server in an entry and reload it.

        Abort if they belong to another account (it has none of the entry's computers), or if another entry already uses them.
        """
        is_same = async_has_computer_of(self.hass, entry, checked.agents)
        if is_same is False:
            return self.async_abort(reason="wrong_account")
        _abort_if_set_up(self, checked.data, all_options(entry), checked.agents if is_same is None else ())
        return await self._store(entry, checked, reason)

    async def _store(self, entry: GetscreenConfigEntry, checked: Checked, reason: str) -> ConfigFlowResult:
        """Store a key and a server in an entry, clear what is stored about refusals of the old key, and reload the entry."""
        store = async_store(self.hass, entry)
        # A disabled entry was not set up, so its stored data may not be loaded yet.
        await store.async_load(self.hass)
        store.async_handle_new_key()
        return self.async_update_reload_and_abort(entry, data=checked.data, reason=reason)


class GetscreenOptionsFlow(OptionsFlowWithReload):
    """Change the options of an account."""

    async def async_step_init(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Ask for the options."""
        if user_input is not None:
            options = {key: value.strip() if isinstance(value, str) else value for key, value in user_input.items()}
            entry: GetscreenConfigEntry = self.config_entry
            # Entries that share a filter already may keep it.
            has_new_filter = filter_of(entry) != (options[CONF_SEARCH], options[CONF_GROUP_ID])
            _abort_if_set_up(self, entry.data, options, async_agent_devices(self.hass, entry) if has_new_filter else (), exclude=entry)
            return self.async_create_entry(data=options)
        schema = self.add_suggested_values_to_schema(OPTIONS_SCHEMA, all_options(self.config_entry))
        return self.async_show_form(step_id="init", data_schema=schema)


def _abort_if_set_up(
    flow: ConfigFlow | OptionsFlow,
    data: Mapping[str, Any],
    options: Mapping[str, Any],
    agent_ids: Collection[int] = (),
    exclude: GetscreenConfigEntry | None = None,
) -> None:
    """Abort if another entry has the filter in `options`, and either the key and the server, or computers among `agent_ids`."""
    async_store_all_options(flow.hass)
    for values in async_unique_values(flow.hass, data, options):
        flow._async_abort_entries_match(values)  # noqa: SLF001 - both kinds of flows have it, but not their base class
    if async_is_set_up(flow.hass, data, options, agent_ids, exclude):
        raise AbortFlow("already_configured")


def _title_with_filter(entry: GetscreenConfigEntry) -> str:
    """Return the title of an entry, with its filter if it has one, because all entries of an account have the same title."""
    limits = ", ".join(filter(None, filter_of(entry)))
    return f"{entry.title} ({limits})" if limits else entry.title
