"""Reads the history of sessions in as many pages as necessary, caches it for a minute, and decides which sessions are running."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from time import monotonic

from homeassistant.util import dt as dt_util

from ..api import Agent, GetscreenClient, HistoryPage, HistoryQuery, HistoryRecord, Invitation, InvitationStatus, Session
from .user_requests import UserRequests

_LARGEST_PAGE = 100
_CACHE_SECONDS = 60
# The most answers in the cache, and the most sessions in all of them.
_CACHE_SIZE = 32
_CACHE_RECORDS = 10_000
# The account's lists may be as old as the longest update interval, so a session that began since may be missing from them.
_LISTS_AGE = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class _Cached:
    """An answer, and when it expires (seconds of the monotonic clock)."""

    page: HistoryPage
    until: float


class SessionHistory:
    """An account's past and running sessions (`history/list`). Methods raise GetscreenError."""

    def __init__(self, client: GetscreenClient, user_requests: UserRequests) -> None:
        self._client = client
        self._user_requests = user_requests
        self._cache: dict[HistoryQuery, _Cached] = {}

    async def async_sessions(self, query: HistoryQuery, *, fresh: bool = False) -> HistoryPage:
        """Return the sessions that match a query, newest first, and how many there are in all. Raises GetscreenError.

        `query.limit` may exceed a page of the server. Equal queries within a minute get a cached answer, unless it has to be `fresh`.
        """
        if not fresh and (cached := self._cache.get(query)) and cached.until > monotonic():
            return cached.page
        page = await self._user_requests.async_send(("history", query), partial(self._fetch, query))
        self._store(query, page)
        return page

    async def async_recording(self, start: int, record_id: int) -> HistoryRecord | None:
        """Return a recorded session by its start (Unix seconds) and id; None if there is none. Raises GetscreenError."""
        moment = datetime.fromtimestamp(start, UTC)
        query = HistoryQuery(start=moment, end=moment + timedelta(seconds=1), with_video=True, limit=_LARGEST_PAGE)
        page = await self.async_sessions(query)
        return next((record for record in page.records if record.id == record_id and record.video), None)

    def _store(self, query: HistoryQuery, page: HistoryPage) -> None:
        now = monotonic()
        self._cache.pop(query, None)
        self._cache = {query: cached for query, cached in self._cache.items() if cached.until > now}
        self._cache[query] = _Cached(page, now + _CACHE_SECONDS)
        records = sum(len(cached.page.records) for cached in self._cache.values())
        while len(self._cache) > _CACHE_SIZE or records > _CACHE_RECORDS:
            records -= len(self._cache.pop(next(iter(self._cache))).page.records)

    async def _fetch(self, query: HistoryQuery) -> HistoryPage:
        records: dict[int, HistoryRecord] = {}
        total: int | None = None
        stop = query.offset + query.limit
        for offset in range(query.offset, stop, _LARGEST_PAGE):
            size = min(_LARGEST_PAGE, stop - offset)
            page = await self._client.list_history(replace(query, offset=offset, limit=size))
            # By id, because a session that begins between two requests moves the last session of a page to the next page.
            records.update((record.id, record) for record in page.records[:size])
            total = total if page.total is None else page.total
            # Unreadable records make a page shorter than the server's, so the total is the best sign of the end.
            if not page.records or (len(page.records) < size if total is None else offset + size >= total):
                break
        return HistoryPage(records=tuple(records.values()), total=total)


def is_running(record: HistoryRecord, agents: Mapping[int, Agent], invitations: Mapping[int, Invitation]) -> bool:
    """Return whether a session of the history is running, by the account's agents and invitations (by id).

    The server may never add a session's end, for example after a power cut. But a computer that is offline has no session, and a later
    session of the same computer ended the earlier one.
    """
    if record.end or record.start is None:
        return False
    if agent := agents.get(record.agent_id or 0):
        last = agent.last_session
        if agent.online is False:
            return False
        if last and _is_same(last, record):
            return last.end is None
        if last and last.start > record.start:
            return False
    elif invitation := invitations.get(record.invitation_id or 0):
        return invitation.status is InvitationStatus.ACTIVE
    return dt_util.utcnow() - record.start < _LISTS_AGE


def end_of(record: HistoryRecord, agents: Mapping[int, Agent], invitations: Mapping[int, Invitation]) -> datetime | None:
    """Return when a session of the history ended; None while it runs.

    If the server has no end, it is the end that the account's list has of the same session, or else the session's start.
    """
    if is_running(record, agents, invitations):
        return None
    if record.end:
        return record.end
    agent = agents.get(record.agent_id or 0)
    last = agent.last_session if agent else None
    return last.end if last and _is_same(last, record) and last.end else record.start


def _is_same(last: Session, record: HistoryRecord) -> bool:
    """Return whether a computer's last session is this one of its history: by id, or by start if the list has no ids of sessions."""
    return last.start == record.start if last.id is None else last.id == record.id
