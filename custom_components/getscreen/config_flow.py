"""Setting up an account, a new key for it, another server, and its options."""

from collections.abc import Mapping
from dataclasses import dataclass
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
import voluptuous as vol
from yarl import URL

from .api import (
    DEFAULT_URL,
    SERVERS,
    AccessDeniedError,
    Agent,
    GetscreenClient,
    GetscreenConnectionError,
    GetscreenError,
    RequestLimitError,
)
from .const import (
    CONF_CARDS,
    CONF_GROUP_ID,
    CONF_HARDWARE_INTERVAL,
    CONF_INVITATIONS,
    CONF_SCAN_INTERVAL,
    CONF_SEARCH,
    CONF_SHOW_LINK,
    DEFAULT_OPTIONS,
    DOMAIN,
    LOGGER,
    NAME,
    option,
)
from .devices import async_agent_devices
from .kept import async_count, async_kept
from .sessions import async_api_session

# What a URL is written with, and a host: an IPv6 address, or labels with dots between them.
_TEXT = re.compile(r"[^\s\x00-\x1f\x7f]+")
_HOST = re.compile(r"[0-9a-f:]+|[\w-]*\w[\w-]*(\.[\w-]*\w[\w-]*)*\.?", re.IGNORECASE)

_KEY = TextSelector(TextSelectorConfig(type=TextSelectorType.PASSWORD, autocomplete="off"))
_URL = SelectSelector(SelectSelectorConfig(options=list(SERVERS), custom_value=True, mode=SelectSelectorMode.DROPDOWN))
USER_SCHEMA = vol.Schema({vol.Required(CONF_API_KEY): _KEY, vol.Required(CONF_URL, default=DEFAULT_URL): _URL})
REAUTH_SCHEMA = vol.Schema({vol.Required(CONF_API_KEY): _KEY})
RECONFIGURE_SCHEMA = vol.Schema({vol.Optional(CONF_API_KEY): _KEY, vol.Required(CONF_URL): _URL})


def _whole_number(least: int, most: int, unit: str) -> vol.All:
    config = NumberSelectorConfig(min=least, max=most, step=1, mode=NumberSelectorMode.BOX, unit_of_measurement=unit)
    return vol.All(NumberSelector(config), vol.Coerce(int))


OPTIONS_SCHEMA = vol.Schema(
    {
        vol.Required(CONF_SCAN_INTERVAL): _whole_number(30, 3600, "s"),
        vol.Required(CONF_HARDWARE_INTERVAL): _whole_number(0, 720, "h"),
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

    async def async_step_user(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Ask for the key and the server."""
        errors: dict[str, str] = {}
        if user_input is not None:
            account = await _examine(self.hass, user_input[CONF_API_KEY], user_input[CONF_URL])
            errors = account.errors
            if not errors:
                _abort_if_configured(self.hass, account.data, DEFAULT_OPTIONS)
                # Nothing that the API tells identifies an account, and the key may change: so it gets a number of ours.
                await self.async_set_unique_id(uuid4().hex)
                return self.async_create_entry(title=account.title, data=account.data)
        return self.async_show_form(
            step_id="user", data_schema=self.add_suggested_values_to_schema(USER_SCHEMA, _without_key(user_input)), errors=errors
        )

    async def async_step_reauth(self, _entry_data: Mapping[str, Any]) -> ConfigFlowResult:
        """Begin to ask for another key, since the server refuses the one that is known."""
        return await self.async_step_reauth_confirm()

    async def async_step_reauth_confirm(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Ask for another key."""
        entry = self._get_reauth_entry()
        errors: dict[str, str] = {}
        if user_input is not None:
            account = await _examine(self.hass, user_input[CONF_API_KEY], entry.data[CONF_URL], entry)
            errors = account.errors
            if not errors:
                return self._update(entry, account, "reauth_successful")
        return self.async_show_form(
            step_id="reauth_confirm", data_schema=REAUTH_SCHEMA, errors=errors, description_placeholders={"account": entry.title}
        )

    async def async_step_reconfigure(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Ask for another key or server."""
        entry = self._get_reconfigure_entry()
        errors: dict[str, str] = {}
        if user_input is not None:
            key = user_input.get(CONF_API_KEY) or entry.data[CONF_API_KEY]
            account = await _examine(self.hass, key, user_input[CONF_URL], entry)
            errors = account.errors
            if not errors:
                return self._update(entry, account, "reconfigure_successful")
        return self.async_show_form(
            step_id="reconfigure",
            data_schema=self.add_suggested_values_to_schema(RECONFIGURE_SCHEMA, _without_key(user_input or entry.data)),
            errors=errors,
        )

    def _update(self, entry: ConfigEntry, account: _Account, reason: str) -> ConfigFlowResult:
        """Give an entry its new key and server, provided that they belong to the same account."""
        known = async_agent_devices(self.hass, entry).keys()
        if known and account.agents and known.isdisjoint(account.agents):
            return self.async_abort(reason="wrong_account")
        _abort_if_configured(self.hass, account.data, entry.options, own=entry)
        async_kept(self.hass, entry).async_renew()
        return self.async_update_reload_and_abort(entry, data_updates=account.data, reason=reason)


class GetscreenOptionsFlow(OptionsFlowWithReload):
    """Change how often an account is asked, and for what."""

    async def async_step_init(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Ask for the options."""
        if user_input is not None:
            options = {key: value.strip() if isinstance(value, str) else value for key, value in user_input.items()}
            if options[CONF_GROUP_ID] and not options[CONF_GROUP_ID].isdecimal():
                return self._form(user_input, {CONF_GROUP_ID: "invalid_group"})
            _abort_if_configured(self.hass, self.config_entry.data, options, own=self.config_entry)
            return self.async_create_entry(data=options)
        return self._form({**DEFAULT_OPTIONS, **self.config_entry.options}, {})

    def _form(self, suggested: Mapping[str, Any], errors: dict[str, str]) -> ConfigFlowResult:
        return self.async_show_form(
            step_id="init", data_schema=self.add_suggested_values_to_schema(OPTIONS_SCHEMA, suggested), errors=errors
        )


@dataclass(frozen=True, slots=True)
class _Account:
    """What a look at an account with a key found: errors by field, or what an entry is made of."""

    errors: dict[str, str]
    data: dict[str, str]
    agents: Mapping[int, Agent]

    @property
    def title(self) -> str:
        """The owner, where the agents agree on one."""
        owners = {agent.owner for agent in self.agents.values() if agent.owner}
        return owners.pop() if len(owners) == 1 else NAME


async def _examine(hass: HomeAssistant, key: str, url: str, entry: ConfigEntry | None = None) -> _Account:
    """Look at an account, as an entry has it if there is one; input that cannot be right is refused before any request."""
    options: Mapping[str, Any] = entry.options if entry else DEFAULT_OPTIONS
    key, server = key.strip(), _server(url)
    data = {CONF_API_KEY: key, CONF_URL: server or url}
    # The key travels in a header, which holds nothing but printable ASCII.
    if not key or not key.isascii() or not key.isprintable() or " " in key:
        return _Account({CONF_API_KEY: "invalid_key"}, data, {})
    if server is None:
        return _Account({CONF_URL: "invalid_url"}, data, {})
    client = GetscreenClient(async_api_session(hass), key, server)
    try:
        answer = await client.list_agents(options.get(CONF_SEARCH, ""), options.get(CONF_GROUP_ID, ""))
    except AccessDeniedError:
        error = "invalid_auth"
    except RequestLimitError:
        error = "request_limit"
    except GetscreenConnectionError:
        error = "cannot_connect"
    except GetscreenError:
        error = "invalid_response"
    except Exception:
        LOGGER.exception("Unexpected error while looking at an account")
        error = "unknown"
    else:
        return _Account({}, data, answer.agents)
    finally:
        if entry:
            async_count(hass, entry, client)
    return _Account({"base": error}, data, {})


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
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


def _abort_if_configured(
    hass: HomeAssistant, data: Mapping[str, Any], options: Mapping[str, Any], *, own: ConfigEntry | None = None
) -> None:
    """Abort if another entry than `own` has the same key and server with the same filter."""
    for entry in hass.config_entries.async_entries(DOMAIN):
        same_account = all(entry.data[name] == data[name] for name in (CONF_API_KEY, CONF_URL))
        same_filter = all(option(entry, name, str) == options.get(name, "") for name in (CONF_SEARCH, CONF_GROUP_ID))
        if entry is not own and same_account and same_filter:
            raise AbortFlow("already_configured")


def _without_key(data: Mapping[str, Any] | None) -> dict[str, Any]:
    """Return what a form may show again."""
    return {name: value for name, value in (data or {}).items() if name != CONF_API_KEY}
