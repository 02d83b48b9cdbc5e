"""The requests: every read-only method once, a method that does not exist, and a request with a wrong key."""

from collections.abc import Awaitable, Mapping
from dataclasses import dataclass, field
from typing import Any

import aiohttp

from custom_components.getscreen.api import GetscreenClient, GetscreenError, HistoryQuery, MethodReport
from custom_components.getscreen.api.transport import Answer, send

ROWS = 2
"""How many rows of the history to request: enough to check their order and whether the server respects the limit."""

_TIMEOUT = aiohttp.ClientTimeout(total=30)


@dataclass(slots=True)
class Contact:
    """The results: answers and failures by API method, and the client's notes about unexpected fields."""

    reports: Mapping[str, MethodReport]
    answers: dict[str, Any] = field(default_factory=dict, repr=False)
    failures: dict[str, str] = field(default_factory=dict)
    code_without_method: int | None = None
    """HTTP code for a method that does not exist; None without an answer."""
    code_without_key: int | None = None
    """HTTP code for a key that cannot be right; None without an answer."""

    @property
    def requests(self) -> int:
        """How many requests were sent."""
        return sum(report.requests for report in self.reports.values()) + 2


class Asker:
    """Sends the requests to a server, and stores the answers unchanged."""

    def __init__(self, session: aiohttp.ClientSession, api_key: str, url: str) -> None:
        self._session = session
        self._api_key = api_key
        self._client = GetscreenClient(session, api_key, url)
        self._client.on_answer = self._store
        self._contact = Contact(self._client.reports)

    async def ask(self) -> Contact:
        """Send all requests and return the results. Raises GetscreenError if the computers cannot be listed."""
        agents = (await self._client.list_agents()).agents.values()
        if agents:
            # A computer that is online is more likely to have sent its hardware.
            await self._try("agents/info", self._client.get_agent(max(agents, key=lambda agent: bool(agent.online)).id))
        await self._try("support/list", self._ask_for_invitations())
        await self._try("history/list", self._client.list_history(HistoryQuery(limit=ROWS)))
        self._contact.code_without_method = await self._code("agents/nothing", self._api_key)
        self._contact.code_without_key = await self._code("agents/list", "not-a-key")
        return self._contact

    async def _ask_for_invitations(self) -> None:
        if invitations := (await self._client.list_invitations()).invitations:
            await self._try("support/info", self._client.get_invitation(invitations[0].id))

    async def _try(self, method: str, request: Awaitable[object]) -> None:
        try:
            await request
        except GetscreenError as error:
            # Without the error's text, which may name the server.
            self._contact.failures[method] = f"{type(error).__name__}, HTTP {self._contact.reports[method].last_code}"

    async def _code(self, method: str, api_key: str) -> int | None:
        """Return the HTTP code of a request that the client would not send; None without an answer."""
        try:
            answer = await send(
                self._session,
                "GET",
                f"{self._client.url}/{method}",
                query={},
                body=None,
                headers={"Accept": "application/json", "X-Api-Key": api_key},
                client_timeout=_TIMEOUT,
                retry=False,
            )
        except GetscreenError:
            return None
        return answer.code

    def _store(self, method: str, answer: Answer) -> None:
        self._contact.answers[method] = answer.payload
