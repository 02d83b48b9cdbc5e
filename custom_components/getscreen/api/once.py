"""Lets several who ask for the same thing at the same time wait for one answer."""

import asyncio
from collections.abc import Awaitable, Callable


class Once[T]:
    """Something that is fetched when it is first asked for, and known from then on. A failure is told to all who wait, and forgotten."""

    def __init__(self, fetch: Callable[[], Awaitable[T]]) -> None:
        """Fetch it by `fetch`, when that is needed."""
        self._fetch = fetch
        self._answer: asyncio.Future[T] | None = None

    async def get(self) -> T:
        """Return it; raises what fetching it raises."""
        while (answer := self._answer) is not None:
            await asyncio.wait((answer,))
            if not answer.cancelled():
                return answer.result()
        answer = self._answer = asyncio.get_running_loop().create_future()
        try:
            answer.set_result(await self._fetch())
        except asyncio.CancelledError:
            # Whoever asked first gave up; the next one who waits fetches it instead.
            self._answer = None
            answer.cancel()
            raise
        except Exception as error:  # noqa: BLE001 - handed on to all
            self._answer = None
            answer.set_exception(error)
        return answer.result()
