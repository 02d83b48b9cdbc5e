"""Downloads through a session of the account."""

import aiohttp


async def fetched(session: aiohttp.ClientSession, url: str) -> bool:
    """Return whether a download from the servers of the fixture `net` succeeds."""
    try:
        async with session.get(url) as response:
            return await response.text() == "hello"
    except aiohttp.ClientError, OSError, ValueError:
        return False
