"""The config flow: set up an account, change its key, its server or its options."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, override
from uuid import uuid4

from homeassistant.config_entries import ConfigEntry, ConfigFlow, ConfigFlowResult, OptionsFlowWithReload
from homeassistant.const import CONF_API_KEY, CONF_URL
from homeassistant.core import callback
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
from homeassistant.helpers.translation import async_load_integrations
import voluptuous as vol

from .account import GetscreenConfigEntry
from .account.http_sessions import async_api_session
from .account.registry import async_agent_devices
from .account.store import AccountStore, async_store
from .api import (
    DEFAULT_URL,
    SERVERS,
    AccessBlockedError,
    AccessDeniedError,
    Agent,
    ConnectionCause,
    Gate,
    GetscreenClient,
    GetscreenConnectionError,
    GetscreenError,
    RequestLimitError,
    keeps_query_private,
)
from .const import CONF_KEY_IN_QUERY, DOMAIN, LOGGER, NAME
from .exceptions import async_cause_text
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
    option,
)
from .server_url import server_url, with_version
from .texts import escape_markdown

_KEY = TextSelector(TextSelectorConfig(type=TextSelectorType.PASSWORD, autocomplete="off"))
_URL = SelectSelector(SelectSelectorConfig(options=list(SERVERS), custom_value=True, mode=SelectSelectorMode.DROPDOWN))
USER_SCHEMA = vol.Schema({vol.Required(CONF_API_KEY): _KEY, vol.Required(CONF_URL, default=DEFAULT_URL): _URL})
REAUTH_SCHEMA = vol.Schema({vol.Required(CONF_API_KEY): _KEY})
RECONFIGURE_SCHEMA = vol.Schema({vol.Optional(CONF_API_KEY): _KEY, vol.Required(CONF_URL): _URL})


# Another path of the server would make no difference.
_SAME_FOR_THE_HOST = (ConnectionCause.NAME, ConnectionCause.CERTIFICATE, ConnectionCause.REFUSED, ConnectionCause.TIMEOUT)


def _whole_number(name: str) -> vol.All:
    number = OPTIONS[name]
    config = NumberSelectorConfig(min=number.least, max=number.most, step=1, mode=NumberSelectorMode.BOX)
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
    def async_get_options_flow(config_entry: ConfigEntry) -> GetscreenOptionsFlow:
        """Return the flow of the options."""
        return GetscreenOptionsFlow()

    # The key and the server of the last request, if something between here and the API answered it.
    _blocked: tuple[str, str] | None = None

    async def async_step_user(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Ask for the key and the server."""
        checked = None
        if user_input is not None:
            checked = await self._check(user_input[CONF_API_KEY], user_input[CONF_URL])
            if not checked.errors:
                async_store_all_options(self.hass)
                self._async_abort_entries_match(_unique_values(checked.data, DEFAULT_OPTIONS))
                # The API has no id of an account, and the key may change, so the unique id is random.
                await self.async_set_unique_id(uuid4().hex)
                return self.async_create_entry(title=checked.title, data=checked.data, options=DEFAULT_OPTIONS)
        return self._show_form("user", USER_SCHEMA, user_input or {}, checked)

    async def async_step_reauth(self, _entry_data: Mapping[str, Any]) -> ConfigFlowResult:
        """Ask for another key, because the server refuses the current one."""
        return await self.async_step_reauth_confirm()

    async def async_step_reauth_confirm(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Ask for another key."""
        entry = self._get_reauth_entry()
        checked = None
        if user_input is not None:
            checked = await self._check(user_input[CONF_API_KEY], entry.data[CONF_URL], entry)
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
            checked = await self._check(key, user_input[CONF_URL], entry)
            if not checked.errors:
                return await self._update(entry, checked, "reconfigure_successful")
        typed = user_input or {CONF_URL: str(entry.data.get(CONF_URL, ""))}
        return self._show_form("reconfigure", RECONFIGURE_SCHEMA, typed, checked)

    def _show_form(
        self, step_id: str, schema: vol.Schema, typed: Mapping[str, Any], checked: _Checked | None, **placeholders: str
    ) -> ConfigFlowResult:
        """Show a form with the errors and with what was typed, except a key that was refused."""
        errors = checked.errors if checked else {}
        refused = not {"invalid_auth", "invalid_key"}.isdisjoint(errors.values())
        suggested = {name: value for name, value in typed.items() if not (refused and name == CONF_API_KEY)}
        return self.async_show_form(
            step_id=step_id,
            data_schema=self.add_suggested_values_to_schema(schema, suggested),
            errors=errors,
            description_placeholders={**placeholders, "cause": checked.cause if checked else ""},
        )

    async def _check(self, key: str, url: str, entry: GetscreenConfigEntry | None = None) -> _Checked:
        """List the computers with a key, a server and the filter of `entry`; return them, or errors for the form.

        Invalid input sends no request.
        """
        key, server = key.strip(), server_url(url)
        data = {CONF_API_KEY: key, CONF_URL: server or url}
        # The key is sent in a header, which may only hold printable ASCII.
        if not key or not key.isascii() or not key.isprintable() or " " in key:
            return _Checked({CONF_API_KEY: "invalid_key"}, data)
        if server is None:
            return _Checked({CONF_URL: "invalid_url"}, data)
        try:
            server, agents, key_in_query = await self._find_api(key, server, entry)
        except Exception as error:
            return await self._failed(error, data)
        found = {CONF_API_KEY: key, CONF_URL: server}
        return _Checked({}, {**found, CONF_KEY_IN_QUERY: True} if key_in_query else found, agents=agents)

    async def _find_api(self, key: str, server: str, entry: GetscreenConfigEntry | None) -> tuple[str, Mapping[int, Agent], bool]:
        """Return the address of the API, and what `_list_agents` returns; raises GetscreenError.

        If the address has no version and does not work as it is, it is tried with a version.
        """
        versioned = with_version(server)
        if versioned in SERVERS:
            server, versioned = versioned, None
        try:
            return server, *await self._list_agents(key, server, entry)
        except GetscreenError as failure:
            if versioned is None or (isinstance(failure, GetscreenConnectionError) and failure.cause in _SAME_FOR_THE_HOST):
                raise
            try:
                return versioned, *await self._list_agents(key, versioned, entry)
            except AccessDeniedError, RequestLimitError:
                # Only the API answers like this.
                raise
            except GetscreenError:
                raise failure from None

    async def _list_agents(self, key: str, server: str, entry: GetscreenConfigEntry | None) -> tuple[Mapping[int, Agent], bool]:
        """Return the agents by id, and whether the server takes the key as a parameter only (`agents/list`).

        Raises GetscreenError.
        """
        search, group_id = (option(entry, name, str) if entry else "" for name in (CONF_SEARCH, CONF_GROUP_ID))
        gate = _CountingGate(async_store(self.hass, entry)) if entry else None

        async def list_agents(*, key_in_query: bool) -> Mapping[int, Agent]:
            client = GetscreenClient(async_api_session(self.hass), key, server, key_in_query=key_in_query, gate=gate)
            return (await client.list_agents(search, group_id)).agents

        try:
            return await list_agents(key_in_query=False), False
        except (AccessBlockedError, AccessDeniedError) as refusal:
            # An old server of the user's own may take the key as a parameter only.
            if server in SERVERS or not keeps_query_private(server):
                raise
            try:
                return await list_agents(key_in_query=True), True
            except AccessDeniedError, RequestLimitError:
                raise
            except GetscreenError:
                # This failure says nothing about the key, but the refusal may.
                raise refusal from None

    async def _failed(self, failure: Exception, data: dict[str, Any]) -> _Checked:
        """Return the errors to show for a request that failed."""
        tried, before = (data[CONF_API_KEY], data[CONF_URL]), self._blocked
        self._blocked = tried if isinstance(failure, AccessBlockedError) else None
        match failure:
            case AccessDeniedError():
                error = "invalid_auth"
            case AccessBlockedError() if tried == before:
                # A disturbance is unlikely to give the same answer twice, so the key may be wrong.
                error = "invalid_auth"
            case RequestLimitError():
                error = "request_limit"
            case GetscreenConnectionError():
                LOGGER.debug("The server of an account cannot be reached: %s", failure)
                await async_load_integrations(self.hass, {DOMAIN})
                return _Checked({"base": "cannot_connect"}, data, cause=async_cause_text(self.hass, failure))
            case GetscreenError():
                error = "invalid_response"
            case _:
                LOGGER.error("Unexpected error while checking an account", exc_info=failure)
                error = "unknown"
        return _Checked({"base": error}, data)

    async def _update(self, entry: GetscreenConfigEntry, checked: _Checked, reason: str) -> ConfigFlowResult:
        """Store a new key and server in an entry and reload it.

        Abort if they belong to another account (none of the known computers is in it), or if another entry has them.
        """
        known = async_agent_devices(self.hass, entry).keys()
        if known and checked.agents and known.isdisjoint(checked.agents):
            return self.async_abort(reason="wrong_account")
        async_store_all_options(self.hass)
        self._async_abort_entries_match(_unique_values(checked.data, entry.options))
        store = async_store(self.hass, entry)
        # A disabled entry is not set up, so nothing may have been loaded yet.
        await store.async_load(self.hass)
        store.async_renew()
        return self.async_update_reload_and_abort(entry, data=checked.data, reason=reason)


class GetscreenOptionsFlow(OptionsFlowWithReload):
    """Change the options of an account."""

    async def async_step_init(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Ask for the options."""
        if user_input is not None:
            options = {key: value.strip() if isinstance(value, str) else value for key, value in user_input.items()}
            async_store_all_options(self.hass)
            self._async_abort_entries_match(_unique_values(self.config_entry.data, options))
            return self.async_create_entry(data=options)
        schema = self.add_suggested_values_to_schema(OPTIONS_SCHEMA, all_options(self.config_entry))
        return self.async_show_form(step_id="init", data_schema=schema)


@dataclass(frozen=True, slots=True)
class _Checked:
    """The result of a check of a key and a server: errors by field, or the data of an entry and the account's agents."""

    errors: dict[str, str]
    data: dict[str, Any]
    cause: str = ""
    """Why the server cannot be reached, in Home Assistant's language."""
    agents: Mapping[int, Agent] = field(default_factory=dict)

    @property
    def title(self) -> str:
        """The owner of all agents; the service's name if they have different owners or none."""
        owners = {agent.owner for agent in self.agents.values() if agent.owner}
        return owners.pop() if len(owners) == 1 else NAME


class _CountingGate(Gate):
    """Admits all requests of a form, since somebody waits for them, and counts them."""

    def __init__(self, store: AccountStore) -> None:
        self._store = store

    @override
    def sent(self, method: str) -> None:
        self._store.async_count(method)


def _unique_values(data: Mapping[str, Any], options: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values that no two entries may share: the key, the server and the filter."""
    return {name: data.get(name) for name in (CONF_API_KEY, CONF_URL)} | {name: options[name] for name in (CONF_SEARCH, CONF_GROUP_ID)}
