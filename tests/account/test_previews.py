"""Links to previews, and the pictures behind them."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from homeassistant.core import HomeAssistant
import pytest
from yarl import URL

from custom_components.getscreen.account import previews
from custom_components.getscreen.account.previews import NoPictureError
from simulator import Account, Fault, Simulator

from ..conftest import SetUp
from ..previews import expected, starts_session

NOW = datetime(2026, 3, 29, 0, 59, 59, tzinfo=UTC)


async def test_how_long_a_link_is_valid(set_up: SetUp) -> None:
    """A link is valid for two to six hours, ending at a different time for each computer, and is the same until then."""
    account = (await set_up()).runtime_data
    ends = []
    for number in (1, 2, 3):
        agent = account.agents.data[number]
        link = URL(str(account.previews.async_path(agent, NOW)))
        end = datetime.fromtimestamp(int(link.query["until"]), UTC)
        assert timedelta(hours=2) < end - NOW <= timedelta(hours=6)
        assert account.previews.async_is_valid(number, link.query, end - timedelta(seconds=1))
        assert not account.previews.async_is_valid(number, link.query, end)
        renewal = end - timedelta(hours=2)
        assert account.previews.async_path(agent, renewal - timedelta(seconds=1)) == str(link)
        assert account.previews.async_path(agent, renewal) != str(link)
        ends.append(end)
    assert len({*ends}) == 3


def takes_preview(account: Account) -> None:
    """Have the server take a newer picture."""
    account.agents[1].take_preview(account.agents[1].preview_time + 60)


def comes_back(account: Account) -> None:
    """Bring the computer online, with the preview unchanged."""
    account.agents[1].online = True


def changes_group(account: Account) -> None:
    """Change something that is not on the desktop."""
    account.agents[1].group = "Annex"


def goes(account: Account) -> None:
    """Take the computer offline, which does not change the picture."""
    account.agents[1].online = False


@pytest.mark.parametrize(
    ("online", "happens", "renews"),
    [
        (True, takes_preview, True),
        (False, comes_back, True),
        (True, starts_session, True),
        (True, changes_group, False),
        (True, goes, False),
    ],
)
async def test_when_a_picture_is_fetched_again(
    simulator: Simulator, account: Account, set_up: SetUp, online: bool, happens: Callable[[Account], None], renews: bool
) -> None:
    """The picture is fetched again whenever the desktop probably looks different, and then has another link."""
    account.agents[1].online = online
    loaded = (await set_up()).runtime_data
    link = loaded.previews.async_path(loaded.agents.data[1], NOW)
    assert (await loaded.previews.async_picture(1)).content == expected(account.agents[1])
    await loaded.previews.async_picture(1)
    assert len(simulator.downloads) == 1
    happens(account)
    await loaded.agents.async_refresh()
    assert (loaded.previews.async_path(loaded.agents.data[1], NOW) != link) is renews
    assert (await loaded.previews.async_picture(1)).content == expected(account.agents[1])
    assert len(simulator.downloads) == (2 if renews else 1)


async def test_simultaneous_requests(simulator: Simulator, set_up: SetUp) -> None:
    """Simultaneous requests share one download."""
    loaded = (await set_up()).runtime_data
    await asyncio.gather(*(loaded.previews.async_picture(1) for _ in range(5)))
    assert len(simulator.downloads) == 1


async def test_the_cache_is_bounded(simulator: Simulator, account: Account, set_up: SetUp, monkeypatch: pytest.MonkeyPatch) -> None:
    """The least recently used picture is dropped."""
    sizes = [len(expected(account.agents[number])) for number in (1, 2, 3)]
    monkeypatch.setattr(previews, "MAX_CACHED_BYTES", sum(sizes) - 1)
    loaded = (await set_up()).runtime_data
    for number in (1, 2, 1, 3):
        await loaded.previews.async_picture(number)
    assert len(simulator.downloads) == 3
    await loaded.previews.async_picture(1)
    assert len(simulator.downloads) == 3
    await loaded.previews.async_picture(2)
    assert len(simulator.downloads) == 4


@pytest.mark.parametrize("number", [1, 99])
async def test_no_preview(hass: HomeAssistant, account: Account, set_up: SetUp, number: int) -> None:
    """Neither of a computer without one, nor of one that is not there."""
    account.agents[1].preview_time = 0
    loaded = (await set_up()).runtime_data
    assert loaded.previews.async_path(loaded.agents.data[1], NOW) is None
    with pytest.raises(NoPictureError) as error:
        await loaded.previews.async_picture(number)
    assert error.value.gone


async def test_a_failure_is_not_cached(simulator: Simulator, set_up: SetUp) -> None:
    loaded = (await set_up()).runtime_data
    simulator.fail(Fault.SERVER_ERROR, "preview")
    with pytest.raises(NoPictureError):
        await loaded.previews.async_picture(1)
    simulator.heal()
    assert (await loaded.previews.async_picture(1)).content_type == "image/png"
