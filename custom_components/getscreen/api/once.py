"""Lets callers that need the same value at the same time share one fetch."""

import asyncio
from collections.abc import Awaitable, Callable, Hashable


class Once[T]:
    """A value that is fetched at the first request and cached from then on."""

    def __init__(self, fetch: Callable[[], Awaitable[T]]) -> None:
        self._fetch = fetch
        self._answer: asyncio.Future[T] | None = None

    async def get(self) -> T:
        """Return the value. Concurrent callers share the fetch. If it raises an exception, all of them get it, and it is not cached."""
        while (answer := self._answer) is not None:
            await asyncio.wait((answer,))
            if not answer.cancelled():
                return answer.result()
        answer = self._answer = asyncio.get_running_loop().create_future()
        try:
            answer.set_result(await self._fetch())
        except asyncio.CancelledError:
            # Cancelling the caller that fetches must not cancel the others: one of them fetches instead.
            self._answer = None
            answer.cancel()
            raise
        except Exception as error:  # noqa: BLE001 - raised to every caller
            self._answer = None
            answer.set_exception(error)
        return answer.result()


class InFlight[T]:
    """In-flight fetches by key. Equal ones share one fetch; a finished fetch is not cached."""

    def __init__(self) -> None:
        self._fetches: dict[Hashable, Once[T]] = {}

    async def get(self, key: Hashable, fetch: Callable[[], Awaitable[T]]) -> T:
        """Return the result of the in-flight fetch of `key`, or of `fetch` if there is none. Raises the exception of the fetch."""
        if (joined := self._fetches.get(key)) is not None:
            return await joined.get()
        own = self._fetches[key] = Once(fetch)
        try:
            return await own.get()
        finally:
            if self._fetches.get(key) is own:
                del self._fetches[key]

    def close(self, key: Hashable) -> None:
        """Stop later callers from joining the in-flight fetch of `key`. Callers that joined before still get its result."""
        self._fetches.pop(key, None)

    def clear(self) -> None:
        """Stop later callers from joining any fetch that is in flight now."""
        self._fetches.clear()
