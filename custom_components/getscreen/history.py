"""The one place that reads the history of sessions: in pages as needed, and not twice in a minute."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from time import monotonic

from .api import GetscreenClient, HistoryPage, HistoryRecord, Once

_LARGEST_PAGE = 100
_CACHE_SECONDS = 60
_CACHE_SIZE = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class _Question:
    """What somebody wants to know."""

    agent_id: int | None
    invitation_id: int | None
    start: datetime | None
    end: datetime | None
    with_video: bool | None
    offset: int
    limit: int


@dataclass(frozen=True, slots=True)
class _Cached:
    """An answer, known or on its way, and until when it is good (seconds of the monotonic clock)."""

    answer: Once[HistoryPage]
    until: float


class History:
    """An account's past and running sessions (`history/list`). Every method raises the client's errors."""

    def __init__(self, client: GetscreenClient) -> None:
        """Know nothing yet."""
        self._client = client
        self._cache: dict[_Question, _Cached] = {}

    async def async_sessions(
        self,
        *,
        agent_id: int | None = None,
        invitation_id: int | None = None,
        start: datetime | None = None,
        end: datetime | None = None,
        with_video: bool | None = None,
        offset: int = 0,
        limit: int,
        fresh: bool = False,
    ) -> HistoryPage:
        """Return up to `limit` sessions that began from `start` to `end`, newest first, and how many there are in all.

        `offset` leaves out as many of the newest. The same question within a minute gets the same answer, unless it has to be `fresh`.
        """
        question = _Question(
            agent_id=agent_id,
            invitation_id=invitation_id,
            start=start,
            end=end,
            with_video=with_video,
            offset=offset,
            limit=limit,
        )
        now = monotonic()
        self._cache = {question: cached for question, cached in self._cache.items() if cached.until > now}
        if fresh or (cached := self._cache.get(question)) is None:
            if len(self._cache) >= _CACHE_SIZE:
                del self._cache[next(iter(self._cache))]
            cached = self._cache[question] = _Cached(Once(partial(self._fetch, question)), now + _CACHE_SECONDS)
        return await cached.answer.get()

    async def async_recording(self, start: int, record_id: int) -> HistoryRecord | None:
        """Return a recorded session by its start (Unix seconds) and id; None where there is none."""
        moment = datetime.fromtimestamp(start, UTC)
        page = await self.async_sessions(start=moment, end=moment + timedelta(seconds=1), with_video=True, limit=_LARGEST_PAGE)
        return next((record for record in page.records if record.id == record_id and record.video), None)

    async def _fetch(self, question: _Question) -> HistoryPage:
        records: dict[int, HistoryRecord] = {}
        total: int | None = None
        stop = question.offset + question.limit
        for offset in range(question.offset, stop, _LARGEST_PAGE):
            size = min(_LARGEST_PAGE, stop - offset)
            page = await self._client.list_history(
                agent_id=question.agent_id,
                invitation_id=question.invitation_id,
                start=question.start,
                end=question.end,
                with_video=question.with_video,
                offset=offset,
                limit=size,
            )
            # By id: a session that begins meanwhile pushes the last one of a page onto the next.
            records.update((record.id, record) for record in page.records)
            total = total if page.total is None else page.total
            # Unreadable records make a page shorter than the server's, so its total tells best where the end is.
            if not page.records or (len(page.records) < size if total is None else offset + size >= total):
                break
        return HistoryPage(records=tuple(records.values()), total=total)
