"""Setting up an account, a new key for it, another server, and its options."""

from collections.abc import Mapping
from dataclasses import dataclass, field
import ipaddress
import re
from typing import Any, override
from uuid import uuid4

from homeassistant.config_entries import ConfigEntry, ConfigFlow, ConfigFlowResult, OptionsFlowWithReload
from homeassistant.const import CONF_API_KEY, CONF_URL
from homeassistant.core import HomeAssistant, callback
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
from homeassistant.helpers.translation import async_load_integrations
import voluptuous as vol
from yarl import URL

from .api import (
    DEFAULT_URL,
    SERVERS,
    AccessBlockedError,
    AccessDeniedError,
    Agent,
    GetscreenClient,
    GetscreenConnectionError,
    GetscreenError,
    RequestLimitError,
    keeps_query_private,
)
from .const import CONF_KEY_IN_QUERY, DOMAIN, LOGGER, NAME
from .devices import async_agent_devices
from .errors import async_cause_text
from .kept import async_kept
from .markdown import escape_markdown
from .options import (
    CONF_CARDS,
    CONF_GROUP_ID,
    CONF_HARDWARE_INTERVAL,
    CONF_INVITATIONS,
    CONF_SCAN_INTERVAL,
    CONF_SEARCH,
    CONF_SHOW_LINK,
    DEFAULT_OPTIONS,
    OPTION_RANGES,
    option,
)
from .sessions import async_api_session

# What a URL is written with, and a host: an IPv6 address, or labels with dots between them.
_TEXT = re.compile(r"[^\s\x00-\x1f\x7f]+")
_HOST = re.compile(r"[0-9a-f:]+|[\w-]*\w[\w-]*(\.[\w-]*\w[\w-]*)*\.?", re.IGNORECASE)

_KEY = TextSelector(TextSelectorConfig(type=TextSelectorType.PASSWORD, autocomplete="off"))
_URL = SelectSelector(SelectSelectorConfig(options=list(SERVERS), custom_value=True, mode=SelectSelectorMode.DROPDOWN))
USER_SCHEMA = vol.Schema({vol.Required(CONF_API_KEY): _KEY, vol.Required(CONF_URL, default=DEFAULT_URL): _URL})
REAUTH_SCHEMA = vol.Schema({vol.Required(CONF_API_KEY): _KEY})
RECONFIGURE_SCHEMA = vol.Schema({vol.Optional(CONF_API_KEY): _KEY, vol.Required(CONF_URL): _URL})


def _whole_number(name: str, unit: str) -> vol.All:
    least, most = OPTION_RANGES[name]
    config = NumberSelectorConfig(min=least, max=most, step=1, mode=NumberSelectorMode.BOX, unit_of_measurement=unit)
    return vol.All(NumberSelector(config), vol.Coerce(int))


OPTIONS_SCHEMA = vol.Schema(
    {
        vol.Required(CONF_SCAN_INTERVAL): _whole_number(CONF_SCAN_INTERVAL, "s"),
        vol.Required(CONF_HARDWARE_INTERVAL): _whole_number(CONF_HARDWARE_INTERVAL, "h"),
        vol.Optional(CONF_SEARCH, default=""): TextSelector(),
        vol.Optional(CONF_GROUP_ID, default=""): TextSelector(),
        vol.Required(CONF_INVITATIONS): BooleanSelector(),
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

    # The key and the server whose last answer came from something in between.
    _blocked: tuple[str, str] | None = None

    async def async_step_user(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Ask for the key and the server."""
        account = None
        if user_input is not None:
            account = await self._examine(user_input[CONF_API_KEY], user_input[CONF_URL])
            if not account.errors:
                _abort_if_configured(self.hass, account.data, DEFAULT_OPTIONS)
                # Nothing that the API tells identifies an account, and the key may change: so it gets a number of ours.
                await self.async_set_unique_id(uuid4().hex)
                return self.async_create_entry(title=account.title, data=account.data)
        return self._show_form("user", USER_SCHEMA, user_input or {}, account)

    async def async_step_reauth(self, _entry_data: Mapping[str, Any]) -> ConfigFlowResult:
        """Begin to ask for another key, since the server refuses the one that is known."""
        return await self.async_step_reauth_confirm()

    async def async_step_reauth_confirm(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Ask for another key."""
        entry = self._get_reauth_entry()
        account = None
        if user_input is not None:
            account = await self._examine(user_input[CONF_API_KEY], entry.data[CONF_URL], entry)
            if not account.errors:
                return await self._update(entry, account, "reauth_successful")
        title = escape_markdown(entry.title)
        return self._show_form("reauth_confirm", REAUTH_SCHEMA, user_input or {}, account, account=title)

    async def async_step_reconfigure(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Ask for another key or server."""
        entry = self._get_reconfigure_entry()
        account = None
        if user_input is not None:
            key = user_input.get(CONF_API_KEY) or str(entry.data.get(CONF_API_KEY, ""))
            account = await self._examine(key, user_input[CONF_URL], entry)
            if not account.errors:
                return await self._update(entry, account, "reconfigure_successful")
        typed = user_input or {CONF_URL: str(entry.data.get(CONF_URL, ""))}
        return self._show_form("reconfigure", RECONFIGURE_SCHEMA, typed, account)

    def _show_form(
        self, step_id: str, schema: vol.Schema, typed: Mapping[str, Any], found: _Account | None, **placeholders: str
    ) -> ConfigFlowResult:
        """Show a form with what was typed, the key too unless it was refused."""
        errors = found.errors if found else {}
        refused = not {"invalid_auth", "invalid_key"}.isdisjoint(errors.values())
        suggested = {name: value for name, value in typed.items() if not (refused and name == CONF_API_KEY)}
        return self.async_show_form(
            step_id=step_id,
            data_schema=self.add_suggested_values_to_schema(schema, suggested),
            errors=errors,
            description_placeholders={**placeholders, "cause": found.cause if found else ""},
        )

    async def _examine(self, key: str, url: str, entry: ConfigEntry | None = None) -> _Account:
        """Test a key and a server, with the filter of an entry if there is one; input that cannot be valid needs no request."""
        key, server = key.strip(), _server(url)
        data = {CONF_API_KEY: key, CONF_URL: server or url}
        # The key travels in a header, which holds nothing but printable ASCII.
        if not key or not key.isascii() or not key.isprintable() or " " in key:
            return _Account({CONF_API_KEY: "invalid_key"}, data)
        if server is None:
            return _Account({CONF_URL: "invalid_url"}, data)
        # An old server of one's own may take the key as a parameter only.
        ways = (False, True) if server not in SERVERS and keeps_query_private(server) else (False,)
        failure: Exception | None = None
        for key_in_query in ways:
            try:
                agents = await self._list_agents(key, server, entry, key_in_query=key_in_query)
            except Exception as error:
                # What the API itself says of the key tells more than what something in between said before.
                if failure is None or isinstance(error, AccessDeniedError | RequestLimitError):
                    failure = error
                if not isinstance(error, AccessBlockedError | AccessDeniedError):
                    break
            else:
                return _Account({}, {**data, CONF_KEY_IN_QUERY: True} if key_in_query else data, agents=agents)
        return await self._failed(failure, data)

    async def _list_agents(self, key: str, server: str, entry: ConfigEntry | None, *, key_in_query: bool) -> Mapping[int, Agent]:
        on_request = async_kept(self.hass, entry).async_count if entry else None
        client = GetscreenClient(async_api_session(self.hass), key, server, key_in_query=key_in_query, on_request=on_request)
        search, group_id = (option(entry, name, str) if entry else "" for name in (CONF_SEARCH, CONF_GROUP_ID))
        return (await client.list_agents(search, group_id)).agents

    async def _failed(self, failure: Exception | None, data: dict[str, Any]) -> _Account:
        """Return what to show for the failure of a request."""
        tried, before = (data[CONF_API_KEY], data[CONF_URL]), self._blocked
        self._blocked = tried if isinstance(failure, AccessBlockedError) else None
        match failure:
            case AccessDeniedError():
                error = "invalid_auth"
            case AccessBlockedError() if tried == before:
                # The same answer for the second time is unlikely to be a disturbance in between.
                error = "invalid_auth"
            case RequestLimitError():
                error = "request_limit"
            case GetscreenConnectionError():
                LOGGER.debug("The server of an account cannot be reached: %s", failure)
                await async_load_integrations(self.hass, {DOMAIN})
                return _Account({"base": "cannot_connect"}, data, cause=async_cause_text(self.hass, failure))
            case GetscreenError():
                error = "invalid_response"
            case _:
                LOGGER.error("Unexpected error while looking at an account", exc_info=failure)
                error = "unknown"
        return _Account({"base": error}, data)

    async def _update(self, entry: ConfigEntry, account: _Account, reason: str) -> ConfigFlowResult:
        """Give an entry its new key and server, provided that they belong to the same account."""
        known = async_agent_devices(self.hass, entry).keys()
        if known and account.agents and known.isdisjoint(account.agents):
            return self.async_abort(reason="wrong_account")
        _abort_if_configured(self.hass, account.data, entry.options, own=entry)
        kept = async_kept(self.hass, entry)
        # Of an account that is disabled, nothing has been loaded yet.
        await kept.async_load(self.hass)
        kept.async_renew()
        return self.async_update_reload_and_abort(entry, data=account.data, reason=reason)


class GetscreenOptionsFlow(OptionsFlowWithReload):
    """Change how often an account is asked, and for what."""

    async def async_step_init(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Ask for the options."""
        if user_input is not None:
            options = {key: value.strip() if isinstance(value, str) else value for key, value in user_input.items()}
            _abort_if_configured(self.hass, self.config_entry.data, options, own=self.config_entry)
            return self.async_create_entry(data=options)
        suggested = {name: option(self.config_entry, name, type(default)) for name, default in DEFAULT_OPTIONS.items()}
        return self.async_show_form(step_id="init", data_schema=self.add_suggested_values_to_schema(OPTIONS_SCHEMA, suggested))


@dataclass(frozen=True, slots=True)
class _Account:
    """What a look at an account with a key found: errors by field, or what an entry is made of."""

    errors: dict[str, str]
    data: dict[str, Any]
    cause: str = ""
    """Why the server cannot be reached, in the user's language."""
    agents: Mapping[int, Agent] = field(default_factory=dict)

    @property
    def title(self) -> str:
        """The owner, where the agents agree on one."""
        owners = {agent.owner for agent in self.agents.values() if agent.owner}
        return owners.pop() if len(owners) == 1 else NAME


def _server(url: str) -> str | None:
    """Return a server's URL as it is kept; None where there can be no server: it has to be https, except on this machine."""
    text = url.strip().rstrip("/")
    try:
        server = URL(text)
        port = server.port
    except ValueError:
        return None
    if not _TEXT.fullmatch(text) or not server.host or not _HOST.fullmatch(server.host) or not port:
        return None
    if server.user or server.password or server.query_string or server.fragment:
        return None
    if server.scheme == "https" or (server.scheme == "http" and _is_loopback(server.host)):
        return str(server)
    return None


def _is_loopback(host: str) -> bool:
    """Return whether a host is this machine for certain. Other names below `localhost` are up to a name server."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _abort_if_configured(
    hass: HomeAssistant, data: Mapping[str, Any], options: Mapping[str, Any], *, own: ConfigEntry | None = None
) -> None:
    """Abort if another entry than `own` has the same key and server with the same filter."""
    for entry in hass.config_entries.async_entries(DOMAIN):
        same_account = all(entry.data.get(name) == data[name] for name in (CONF_API_KEY, CONF_URL))
        same_filter = all(option(entry, name, str) == options.get(name, "") for name in (CONF_SEARCH, CONF_GROUP_ID))
        if entry is not own and same_account and same_filter:
            raise AbortFlow("already_configured")
