"""Recordings as a user browses, searches and plays them."""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr
from homeassistant.setup import async_setup_component
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator, WebSocketGenerator

from simulator import Account, Client, Fault, Geo, Session, Simulator

from .answers import change_history
from .conftest import SetUp
from .helpers import device_of

ROOT = "media-source://getscreen"
CLIENT = Client(Geo("192.0.2.14", "Ireland", "Leinster", "Dublin"), "Firefox", "jonas@example.com")
UNKNOWN = Client(Geo("192.0.2.200", "Poland", "", "Kraków"), "Firefox", "")

type Browse = Callable[..., Awaitable[dict[str, Any]]]


@pytest.fixture(autouse=True)
async def _media_source(hass: HomeAssistant) -> None:
    """Set up the media browser, in the time zone of the recordings below."""
    await hass.config.async_set_time_zone("Europe/Berlin")
    assert await async_setup_component(hass, "media_source", {})


@pytest.fixture
def account() -> Account:
    """Return an account of three computers with four recordings, newest first: reception, guest, MacBook, reception."""
    account = Account(devices=3, seed=1)
    for session in account.history:
        session.video_size = None
    record(account, "2026-09-30T23:59:59+02:00", 45, 1)
    record(account, "2026-11-01T00:00:00+01:00", 3725, 2, client=UNKNOWN)
    record(account, "2026-11-05T10:00:00+01:00", 600, None, guest="Nora's iPad", support_id=9)
    record(account, "2026-11-24T08:05:59+01:00", 754, 1)
    return account


def record(account: Account, start: str, seconds: int, agent_id: int | None, **fields: Any) -> Session:
    """Enter a session with a recording into the history."""
    agent = account.agents[agent_id] if agent_id else None
    began = int(datetime.fromisoformat(start).timestamp())
    session = Session(account.history[-1].id + 1, agent, fields.pop("client", CLIENT), began, began + seconds, video_size=700_000)
    for name, value in fields.items():
        setattr(session, name, value)
    account.history.append(session)
    return session


@pytest.fixture
async def ask(hass_ws_client: WebSocketGenerator) -> Browse:
    """Return a function that sends Home Assistant a request of its media browser."""
    client = None

    async def ask(what: str, media_content_id: str, **more: Any) -> dict[str, Any]:
        nonlocal client
        client = client or await hass_ws_client()
        await client.send_json_auto_id({"type": f"media_source/{what}", "media_content_id": media_content_id, **more})
        answer = await client.receive_json()
        found: dict[str, Any] = answer["result"] if answer["success"] else answer["error"]
        return found

    return ask


def titles(answer: dict[str, Any]) -> list[str]:
    """Return the titles in a folder or of a search."""
    return [child["title"] for child in answer["children" if "children" in answer else "result"]]


async def test_browsing_to_a_recording(
    ask: Browse, set_up: SetUp, simulator: Simulator, account: Account, hass_client_no_auth: ClientSessionGenerator
) -> None:
    """With one account there is no choice of accounts. The path of a recording is signed, so it plays without a login."""
    entry = await set_up()
    root = await ask("browse_media", ROOT)
    assert (root["title"], root["media_content_id"], root["can_search"]) == ("Getscreen.me", ROOT, True)
    assert titles(root) == ["By month", "By device"]
    months = await ask("browse_media", root["children"][0]["media_content_id"])
    assert titles(months) == ["November 2026", "September 2026"]
    month = await ask("browse_media", months["children"][0]["media_content_id"])
    assert (month["title"], month["children_media_class"], month["not_shown"]) == ("November 2026", "video", 0)
    assert titles(month) == [
        "2026-11-24 08:05, Reception PC, jonas@example.com, 12 min",
        "2026-11-05 10:00, Nora's iPad, jonas@example.com, 10 min",
        "2026-11-01 00:00, Marta's MacBook, 1 h 2 min",
    ]
    recording = month["children"][0]
    newest = account.history[-1]
    assert recording["media_content_id"] == f"{ROOT}/{entry.entry_id}/recording/{newest.start}-{newest.id}"
    assert recording["media_class"] == "video"
    assert recording["media_content_type"] == "video/webm"
    assert (recording["can_play"], recording["can_expand"]) == (True, False)
    played = await ask("resolve_media", recording["media_content_id"])
    assert played["mime_type"] == "video/webm"
    assert played["url"].startswith(f"/api/getscreen/recording/{entry.entry_id}/{newest.start}/{newest.id}?authSig=")
    client = await hass_client_no_auth()
    assert (await client.get(played["url"], headers={"Range": "bytes=0-99"})).status == 206
    assert simulator.key not in str([root, months, month, played])
    assert simulator.root not in str([root, months, month, played])
    assert simulator.key_leaks == 0


async def test_months(ask: Browse, set_up: SetUp) -> None:
    """Months begin at local midnight and include their last second."""
    entry = await set_up()
    september = await ask("browse_media", f"{ROOT}/{entry.entry_id}/month/2026-09")
    assert titles(september) == ["2026-09-30 23:59, Reception PC, jonas@example.com, 45 s"]
    assert titles(await ask("browse_media", f"{ROOT}/{entry.entry_id}/month/2026-10")) == []
    december = await ask("browse_media", f"{ROOT}/{entry.entry_id}/month/2026-12")
    assert (december["title"], december["children"]) == ("December 2026", [])


async def test_devices(hass: HomeAssistant, ask: Browse, set_up: SetUp, account: Account) -> None:
    """Computers with recordings are sorted by the names that the user gave. One that left the account has the server's name."""
    record(account, "2026-11-24T09:00:00+01:00", 60, 3)
    account.remove_agent(3)
    entry = await set_up()
    device = device_of(hass, entry, 1)
    assert device is not None
    dr.async_get(hass).async_update_device(device.id, name_by_user="front desk")
    devices = await ask("browse_media", f"{ROOT}/{entry.entry_id}/devices")
    assert titles(devices) == ["front desk", "Marta's MacBook", "Server room NAS", "Quick support"]
    found = [await ask("browse_media", child["media_content_id"]) for child in devices["children"]]
    assert [folder["title"] for folder in found] == ["front desk", "Marta's MacBook", "Getscreen.me 3", "Quick support"]
    assert titles(found[0]) == [
        "2026-11-24 08:05, jonas@example.com, 12 min",
        "2026-09-30 23:59, jonas@example.com, 45 s",
    ]
    assert titles(found[2]) == ["2026-11-24 09:00, jonas@example.com, 1 min"]
    assert titles(found[3]) == ["2026-11-05 10:00, Nora's iPad, jonas@example.com, 10 min"]


async def test_devices_without_guests(ask: Browse, set_up: SetUp, account: Account) -> None:
    account.history = [session for session in account.history if not session.guest]
    entry = await set_up()
    assert titles(await ask("browse_media", f"{ROOT}/{entry.entry_id}/devices")) == ["Marta's MacBook", "Reception PC"]


async def test_no_recordings(ask: Browse, set_up: SetUp, account: Account) -> None:
    account.history.clear()
    entry = await set_up()
    for folder in ("months", "devices", "device/1", "device/support"):
        assert (await ask("browse_media", f"{ROOT}/{entry.entry_id}/{folder}"))["children"] == []


async def test_many_recordings(ask: Browse, set_up: SetUp, simulator: Simulator, account: Account) -> None:
    """Two requests find the months, one finds the devices, and a folder shows a thousand recordings."""
    newest = datetime.fromisoformat("2026-11-24T09:00:00+01:00")
    for number in range(1100, 0, -1):
        record(account, (newest - timedelta(seconds=number)).isoformat(), 1, 1)
    entry = await set_up()
    simulator.requests.clear()
    months = await ask("browse_media", f"{ROOT}/{entry.entry_id}/months")
    assert titles(months) == ["November 2026", "October 2026", "September 2026"]
    assert [request.parameters["offset"] for request in simulator.requests] == ["0", "1103"]
    devices = await ask("browse_media", f"{ROOT}/{entry.entry_id}/devices")
    assert titles(devices) == ["Marta's MacBook", "Reception PC", "Server room NAS", "Quick support"]
    assert simulator.count() == 2
    month = await ask("browse_media", months["children"][0]["media_content_id"])
    assert (len(month["children"]), month["not_shown"]) == (1000, 103)
    guests = await ask("browse_media", devices["children"][3]["media_content_id"])
    assert guests["not_shown"] == 0
    assert simulator.count() == 22


async def test_many_recordings_with_the_oldest_deleted_while_browsing(
    ask: Browse, set_up: SetUp, account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    newest = datetime.fromisoformat("2026-11-24T09:00:00+01:00")
    for number in range(200, 0, -1):
        record(account, (newest - timedelta(seconds=number)).isoformat(), 1, 1)
    change_history(monkeypatch, lambda answer: answer["offset"] and answer["data"].clear())
    entry = await set_up()
    assert titles(await ask("browse_media", f"{ROOT}/{entry.entry_id}/months")) == ["November 2026"]


async def test_incomplete_records(ask: Browse, set_up: SetUp, monkeypatch: pytest.MonkeyPatch) -> None:
    """Records without a start or a recording are skipped. A recording without an end or a known type is shown."""

    def change(answer: dict[str, Any]) -> None:
        start = int(dt_util.parse_datetime("2026-11-24T08:05:00+01:00", raise_on_error=True).timestamp())
        video = {"url": "https://recordings.example/recording", "size": 7}
        answer["data"] = [
            {"id": 1, "agent": {"id": 1}, "video": video},
            {"id": 2, "agent": {"id": 1}, "start": start, "video": video},
            {"id": 3, "agent": {"id": 1}, "start": start},
            {
                "id": 4,
                "agent": {"id": 1},
                "start": start - 60,
                "stop": start,
                "video": {"url": "https://recordings.example/recording.html"},
            },
        ]
        answer.pop("total")

    change_history(monkeypatch, change)
    entry = await set_up()
    assert titles(await ask("browse_media", f"{ROOT}/{entry.entry_id}/months")) == ["November 2026"]
    assert titles(await ask("browse_media", f"{ROOT}/{entry.entry_id}/devices")) == ["Reception PC"]
    month = await ask("browse_media", f"{ROOT}/{entry.entry_id}/month/2026-11")
    assert titles(month) == ["2026-11-24 08:05, Reception PC", "2026-11-24 08:04, Reception PC, 1 min"]
    assert [child["media_content_type"] for child in month["children"]] == ["video/mp4", "video/mp4"]


async def test_wrong_dates(ask: Browse, set_up: SetUp, account: Account) -> None:
    """Wrong dates add no folders for months. Their recordings play if they can have an identifier."""
    agent = account.agents[1]
    for number, start in enumerate((1, 86_400 * 365 * 30, 4_000_000_000, 253_370_764_800), 9000):
        account.history.append(Session(number, agent, CLIENT, start, start + 60, video_size=700_000))
    for number in range(150):
        record(account, "2026-11-24T09:00:00+01:00", number, 2)
    entry = await set_up()
    months = await ask("browse_media", f"{ROOT}/{entry.entry_id}/months")
    assert set(titles(months)) <= {"November 2026", "October 2026", "September 2026"}
    shown = await ask("browse_media", f"{ROOT}/{entry.entry_id}/device/1")
    names = [child["media_content_id"].rpartition("/")[2] for child in shown["children"]]
    assert {"1-9000", f"{86_400 * 365 * 30}-9001", "4000000000-9002"} <= set(names)
    assert not any(name.endswith("-9003") for name in names)
    for child in shown["children"]:
        assert "url" in await ask("resolve_media", child["media_content_id"])


async def test_unknown_computers(ask: Browse, set_up: SetUp, simulator: Simulator, account: Account) -> None:
    """Requests for made-up computers share one request for the newest recordings."""
    entry = await set_up()
    simulator.requests.clear()
    for number in range(5000, 5050):
        place = f"{ROOT}/{entry.entry_id}/device/{number}"
        assert (await ask("browse_media", place))["code"] == "browse_media_failed"
        assert (await ask("search_media", place, search_query="nora"))["code"] == "search_media_failed"
    assert simulator.count() == 1


async def test_names_that_look_like_markup(ask: Browse, set_up: SetUp, account: Account) -> None:
    """Names reach the browser unchanged, as text."""
    account.agents[1].name = "<img src=x onerror=alert(1)> [a](http://b) **c** {year}"
    entry = await set_up()
    shown = await ask("browse_media", f"{ROOT}/{entry.entry_id}/device/1")
    assert shown["title"] == account.agents[1].name
    assert shown["children"][0]["title"].startswith("20")


async def test_several_accounts(hass: HomeAssistant, ask: Browse, set_up: SetUp) -> None:
    entry = await set_up()
    async with Simulator(Account(devices=2, seed=7), key="other-key") as other:
        second = MockConfigEntry(domain="getscreen", title="Second", unique_id="other", data={"api_key": other.key, "url": other.url})
        second.add_to_hass(hass)
        assert await hass.config_entries.async_setup(second.entry_id)
        root = await ask("browse_media", ROOT)
        assert titles(root) == ["owner@example.com", "Second"]
        account = await ask("browse_media", root["children"][0]["media_content_id"])
        assert (account["title"], account["media_content_id"]) == ("owner@example.com", f"{ROOT}/{entry.entry_id}")
        assert titles(account) == ["By month", "By device"]
        newest = next(session for session in reversed(other.account.history) if session.video_size)
        foreign = f"{ROOT}/{entry.entry_id}/recording/{newest.start}-{newest.id}"
        assert (await ask("resolve_media", foreign))["code"] == "resolve_media_failed"
        other.fail(Fault.SERVER_ERROR, "history/list")
        # Both accounts have recordings of a user at example.com, whenever they were made.
        found = await ask("search_media", ROOT, search_query="example.com")
        assert {item["media_content_id"].split("/")[3] for item in found["result"]} == {entry.entry_id}
        other.heal()
        found = await ask("search_media", ROOT, search_query="example.com")
        assert {item["media_content_id"].split("/")[3] for item in found["result"]} == {entry.entry_id, second.entry_id}
        assert await hass.config_entries.async_unload(second.entry_id)
    assert titles(await ask("browse_media", ROOT)) == ["By month", "By device"]


async def test_no_account(hass: HomeAssistant, ask: Browse, set_up: SetUp) -> None:
    entry = await set_up()
    await hass.config_entries.async_unload(entry.entry_id)
    assert (await ask("browse_media", ROOT))["children"] == []
    assert (await ask("search_media", ROOT, search_query="nora"))["result"] == []


@pytest.mark.parametrize(
    "identifier",
    [
        "nobody",
        "foreign",
        "{entry}/nothing",
        "{entry}/month",
        "{entry}/month/2026-13",
        "{entry}/month/1969-01",
        "{entry}/month/x",
        "{entry}/device/x",
        "{entry}/device/",
        "{entry}/months/2026-11",
        "{entry}/recording/1-1",
        "unloaded/months",
    ],
)
async def test_invalid_identifiers(hass: HomeAssistant, ask: Browse, set_up: SetUp, identifier: str) -> None:
    """Identifiers of no folder and no recording, of another integration, and of an account that is not set up."""
    entry = await set_up()
    foreign, unloaded = MockConfigEntry(domain="sun", entry_id="foreign"), MockConfigEntry(domain="getscreen", entry_id="unloaded")
    foreign.add_to_hass(hass)
    unloaded.add_to_hass(hass)
    media_content_id = f"{ROOT}/{identifier.format(entry=entry.entry_id)}"
    no_such = "There is no such recording. It may have been deleted, or its account is not loaded at the moment"
    assert await ask("browse_media", media_content_id) == {"code": "browse_media_failed", "message": no_such}
    assert await ask("resolve_media", media_content_id) == {"code": "resolve_media_failed", "message": no_such}


@pytest.mark.parametrize("identifier", ["nobody", "{entry}/month/x", "{entry}/recording/1-1"])
async def test_searching_invalid_identifiers(ask: Browse, set_up: SetUp, identifier: str) -> None:
    entry = await set_up()
    answer = await ask("search_media", f"{ROOT}/{identifier.format(entry=entry.entry_id)}", search_query="nora")
    assert answer["code"] == "search_media_failed"


@pytest.mark.parametrize(
    ("folder", "words", "found"),
    [
        ("", "NORA", ["Nora's iPad"]),
        ("", "pc jonas", ["Reception PC", "Reception PC"]),
        ("", "kraków", ["Marta's MacBook"]),
        ("", "office", ["Reception PC", "Reception PC"]),
        ("", "sep 2026", ["Reception PC"]),
        ("", "gone", []),
        ("/{entry}", "jonas", ["Reception PC", "Nora's iPad", "Reception PC"]),
        ("/{entry}/months", "nov 2026", ["Reception PC", "Nora's iPad", "Marta's MacBook"]),
        ("/{entry}/month/2026-11", "jonas", ["Reception PC", "Nora's iPad"]),
        ("/{entry}/device/2", "", ["1 h 2 min"]),
        ("/{entry}/device/1", "reception jonas", ["jonas@example.com", "jonas@example.com"]),
        ("/{entry}/device/support", "2026", ["Nora's iPad"]),
    ],
)
async def test_search(ask: Browse, set_up: SetUp, folder: str, words: str, found: list[str]) -> None:
    entry = await set_up()
    answer = await ask("search_media", ROOT + folder.format(entry=entry.entry_id), search_query=words)
    assert [title.split(", ")[1] for title in titles(answer)] == found
    assert all(item["can_play"] for item in answer["result"])


async def test_search_for_another_kind(ask: Browse, set_up: SetUp) -> None:
    await set_up()
    assert (await ask("search_media", ROOT, search_query="nora", media_filter_classes=["music"]))["result"] == []
    assert len((await ask("search_media", ROOT, search_query="nora", media_filter_classes=["video"]))["result"]) == 1


@pytest.mark.parametrize("place", ["months", "devices", "month/2026-11", "recording/1-1"])
async def test_a_server_that_fails(ask: Browse, set_up: SetUp, simulator: Simulator, place: str) -> None:
    """The error has the account and the cause."""
    entry = await set_up()
    simulator.fail(Fault.SERVER_ERROR, "history/list")
    what = "resolve_media" if place.startswith("recording") else "browse_media"
    answer = await ask(what, f"{ROOT}/{entry.entry_id}/{place}")
    assert answer["code"] == f"{what}_failed"
    assert answer["message"].startswith("owner@example.com: the server could not be reached")
    found = await ask("search_media", ROOT, search_query="nora")
    assert found["code"] == "search_media_failed"
