"""The requests: every read-only method once, one that does not exist, and one with a wrong key."""

from collections.abc import Awaitable, Mapping
from dataclasses import dataclass, field
from typing import Any, override

import aiohttp

from custom_components.getscreen.api import GetscreenClient, GetscreenError, HistoryQuery, MethodReport
from custom_components.getscreen.api.requester import Parameter
from custom_components.getscreen.api.transport import Answer, send

ROWS = 2
"""How many rows of the history are requested: enough to see their order, and whether the server respects the limit."""


@dataclass(slots=True)
class Contact:
    """What came back: answers and failures by method, and what the client noted while it read the answers."""

    reports: Mapping[str, MethodReport]
    answers: dict[str, Any] = field(default_factory=dict, repr=False)
    failures: dict[str, str] = field(default_factory=dict)
    code_without_method: int | None = None
    """HTTP code for a method that does not exist; None where no answer came."""
    code_without_key: int | None = None
    """HTTP code for a key that cannot be right; None where no answer came."""

    @property
    def requests(self) -> int:
        """How many requests were made."""
        return sum(report.requests for report in self.reports.values()) + 2


class Asker(GetscreenClient):
    """A client that stores the answers as they came."""

    def __init__(self, session: aiohttp.ClientSession, api_key: str, url: str) -> None:
        super().__init__(session, api_key, url)
        self._contact = Contact(self.reports)

    async def ask(self) -> Contact:
        """Send all requests and return what came back. Raises GetscreenError if the computers cannot be listed."""
        agents = (await self.list_agents()).agents.values()
        if agents:
            # A computer that is online is more likely to have sent its hardware.
            await self._try("agents/info", self.get_agent(max(agents, key=lambda agent: bool(agent.online)).id))
        await self._try("support/list", self._ask_for_invitations())
        await self._try("history/list", self.list_history(HistoryQuery(limit=ROWS)))
        self._contact.code_without_method = await self._code("agents/nothing", self._headers)
        self._contact.code_without_key = await self._code("agents/list", {**self._headers, "X-Api-Key": "not-a-key"})
        return self._contact

    async def _ask_for_invitations(self) -> None:
        if invitations := (await self.list_invitations()).invitations:
            await self._try("support/info", self.get_invitation(invitations[0].id))

    async def _try(self, method: str, request: Awaitable[object]) -> None:
        try:
            await request
        except GetscreenError as error:
            # Not the error's text: it may name the server.
            self._contact.failures[method] = f"{type(error).__name__}, HTTP {self.reports[method].last_code}"

    async def _code(self, method: str, headers: Mapping[str, str]) -> int | None:
        url = f"{self.url}/{method}"
        try:
            answer = await send(self._session, "GET", url, query={}, body=None, headers=headers, client_timeout=self._timeout, retry=False)
        except GetscreenError:
            return None
        return answer.code

    @override
    async def _request(self, method: str, parameters: Mapping[str, Parameter] | None = None, body: dict[str, Any] | None = None) -> Answer:
        answer = await super()._request(method, parameters, body)
        self._contact.answers[method] = answer.payload
        return answer
