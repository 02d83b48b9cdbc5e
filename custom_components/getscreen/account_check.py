"""Checks a key and a server for the config flow by listing the account's computers (`agents/list`)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, override

from homeassistant.const import CONF_API_KEY, CONF_URL
from homeassistant.core import HomeAssistant
from homeassistant.helpers.translation import async_load_integrations

from .account.http_sessions import async_api_session
from .account.store import AccountStore
from .api import (
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
from .options import CONF_GROUP_ID, CONF_SEARCH
from .server_url import server_url, with_version

# Failures that do not depend on the path of the address.
_SAME_FOR_THE_HOST = (ConnectionCause.NAME, ConnectionCause.CERTIFICATE, ConnectionCause.REFUSED, ConnectionCause.TIMEOUT)


@dataclass(frozen=True, slots=True)
class Checked:
    """The result of a check: errors by form field (none if it succeeded), the data for a config entry, and the agents by id."""

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

    @property
    def key_is_refused(self) -> bool:
        """Whether the form has to ask for another key."""
        return not {"invalid_auth", "invalid_key"}.isdisjoint(self.errors.values())


class AccountCheck:
    """Checks the keys and servers that a user enters in one config flow."""

    # The key and the server of the last check, if a proxy or a firewall answered instead of the API.
    _blocked: tuple[str, str] | None = None

    async def async_check(
        self, hass: HomeAssistant, key: str, url: str, options: Mapping[str, Any], store: AccountStore | None = None
    ) -> Checked:
        """List the computers with a key, a server and the filter in `options`; return them, or errors for the form.

        Invalid input sends no request. `store` counts the requests, if there is an entry already.
        """
        key, server = key.strip(), server_url(url)
        data = {CONF_API_KEY: key, CONF_URL: server or url}
        # The key is sent in a header, which may only hold printable ASCII.
        if not key or not key.isascii() or not key.isprintable() or " " in key:
            return Checked({CONF_API_KEY: "invalid_key"}, data)
        if server is None:
            return Checked({CONF_URL: "invalid_url"}, data)
        attempt = _Attempt(hass, key, options[CONF_SEARCH], options[CONF_GROUP_ID], _CountingGate(store) if store else None)
        try:
            server, agents, key_in_query = await attempt.find_api(server)
        except Exception as error:
            return await self._failed(hass, error, data)
        found = {CONF_API_KEY: key, CONF_URL: server}
        return Checked({}, {**found, CONF_KEY_IN_QUERY: True} if key_in_query else found, agents=agents)

    async def _failed(self, hass: HomeAssistant, failure: Exception, data: dict[str, Any]) -> Checked:
        """Return the errors to show for a request that failed."""
        tried, before = (data[CONF_API_KEY], data[CONF_URL]), self._blocked
        self._blocked = tried if isinstance(failure, AccessBlockedError) else None
        match failure:
            case AccessDeniedError():
                error = "invalid_auth"
            case AccessBlockedError() if tried == before:
                # A passing disturbance rarely gives the same answer twice, so the key is probably wrong.
                error = "invalid_auth"
            case RequestLimitError():
                error = "request_limit"
            case GetscreenConnectionError():
                LOGGER.debug("The server of an account cannot be reached: %s", failure)
                await async_load_integrations(hass, {DOMAIN})
                return Checked({"base": "cannot_connect"}, data, cause=async_cause_text(hass, failure))
            case GetscreenError():
                error = "invalid_response"
            case _:
                LOGGER.error("Unexpected error while checking an account", exc_info=failure)
                error = "unknown"
        return Checked({"base": error}, data)


@dataclass(frozen=True, slots=True)
class _Attempt:
    """Requests with one key and one filter."""

    hass: HomeAssistant
    key: str
    search: str
    group_id: str
    gate: Gate | None

    async def find_api(self, server: str) -> tuple[str, Mapping[int, Agent], bool]:
        """Return the address of the API, the agents by id, and whether the key has to be a query parameter; raises GetscreenError.

        If an address without a version fails, `/v1` is appended and the request is repeated.
        """
        versioned = with_version(server)
        if versioned in SERVERS:
            server, versioned = versioned, None
        try:
            return server, *await self._list_agents(server)
        except GetscreenError as failure:
            if versioned is None or (isinstance(failure, GetscreenConnectionError) and failure.cause in _SAME_FOR_THE_HOST):
                raise
            try:
                return versioned, *await self._list_agents(versioned)
            except AccessDeniedError, RequestLimitError:
                # Only the API answers like this, so the address with the version is right.
                raise
            except GetscreenError:
                raise failure from None

    async def _list_agents(self, server: str) -> tuple[Mapping[int, Agent], bool]:
        """Return the agents by id, and whether the server accepts the key only as a query parameter (`agents/list`).

        Raises GetscreenError.
        """
        try:
            return await self._request(server, key_in_query=False), False
        except (AccessBlockedError, AccessDeniedError) as refusal:
            # A self-hosted server of an old version may accept the key only as a query parameter.
            if server in SERVERS or not keeps_query_private(server):
                raise
            try:
                return await self._request(server, key_in_query=True), True
            except AccessDeniedError, RequestLimitError:
                raise
            except GetscreenError:
                # The first answer may say that the key is wrong; this failure does not.
                raise refusal from None

    async def _request(self, server: str, *, key_in_query: bool) -> Mapping[int, Agent]:
        client = GetscreenClient(async_api_session(self.hass), self.key, server, key_in_query=key_in_query, gate=self.gate)
        return (await client.list_agents(self.search, self.group_id)).agents


class _CountingGate(Gate):
    """Counts the requests of a form, and never delays them, because a user waits."""

    def __init__(self, store: AccountStore) -> None:
        self._store = store

    @override
    def sent(self, method: str) -> None:
        self._store.async_count(method)
