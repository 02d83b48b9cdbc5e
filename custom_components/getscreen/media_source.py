"""Recordings to browse, search and play: by month and by computer, newest first."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
import re
from typing import override

from homeassistant.components.media_player import BrowseError, MediaClass, MediaType, SearchMedia, SearchMediaQuery
from homeassistant.components.media_source import BrowseMediaSource, MediaSource, MediaSourceItem, PlayMedia, Unresolvable
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.util import dt as dt_util

from .account import async_loaded_entry
from .account.registry import async_session_name
from .account.session_history import SessionHistory
from .api import GetscreenError, HistoryPage, HistoryQuery, HistoryRecord
from .const import DOMAIN, NAME
from .entry import GetscreenConfigEntry
from .exceptions import translate
from .recordings import RECORDING, async_recording_title, recording_identifier, recording_numbers, recording_path, video_type
from .texts import async_text, place_text

_FIRST_PAGE = 100
_MAX_SHOWN = 1000
_SUPPORT = "support"
# Getscreen.me did not exist earlier, so an older recording has a wrong date, and its month gets no folder.
_FIRST_MONTH = date(2010, 1, 1)


async def async_get_media_source(hass: HomeAssistant) -> MediaSource:
    """Return the recordings of all accounts."""
    return RecordingsSource(hass)


@dataclass(frozen=True, slots=True)
class _Place:
    """A parsed identifier. `kind` and `key` are empty for the folder of an account; `entry` is None for the list of several accounts."""

    entry: GetscreenConfigEntry | None
    kind: str
    key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Selection:
    """A selection of an account's recordings: a month, a computer, or quick support; all of them by default."""

    title: str = ""
    start: datetime | None = None
    end: datetime | None = None
    agent_id: int | None = None
    quick_support: bool = False


class RecordingsSource(MediaSource):
    """The recordings of all accounts that are set up."""

    name = NAME

    def __init__(self, hass: HomeAssistant) -> None:
        super().__init__(DOMAIN)
        self.hass = hass

    @override
    async def async_resolve_media(self, item: MediaSourceItem) -> PlayMedia:
        """Return the path at which Home Assistant serves a recording, and its MIME type; raises Unresolvable."""
        place = self._place(item)
        numbers = recording_numbers(place.key) if place and place.kind == RECORDING else None
        if place is None or place.entry is None or numbers is None:
            raise Unresolvable(translation_domain=DOMAIN, translation_key="unknown_recording")
        start, record_id = numbers
        with _raising(Unresolvable, place.entry):
            record = await place.entry.runtime_data.history.async_recording(start, record_id)
        if record is None:
            raise Unresolvable(translation_domain=DOMAIN, translation_key="unknown_recording")
        return PlayMedia(recording_path(place.entry.entry_id, start, record_id), _mime_type(record))

    @override
    async def async_browse_media(self, item: MediaSourceItem) -> BrowseMediaSource:
        """Return a folder with its content; raises BrowseError."""
        place = self._place(item)
        if place is None:
            raise BrowseError(translation_domain=DOMAIN, translation_key="unknown_recording")
        if (entry := place.entry) is None:
            folders = [_folder(entry.entry_id, entry.title) for entry in self.hass.config_entries.async_loaded_entries(DOMAIN)]
            return _folder(item.identifier, NAME, folders)
        with _raising(BrowseError, entry):
            match place.kind, place.key:
                case "", "":
                    folders = [_folder(f"{entry.entry_id}/{key}", title) for key, title in self._kinds().items()]
                    return _folder(item.identifier, entry.title if item.identifier else NAME, folders)
                case "months", "":
                    return _folder(item.identifier, self._kinds()["months"], await self._months(entry))
                case "devices", "":
                    return _folder(item.identifier, self._kinds()["devices"], await self._computers(entry))
        return await self._browse_selection(item, entry, await self._selection(entry, place))

    async def _browse_selection(self, item: MediaSourceItem, entry: GetscreenConfigEntry, selection: _Selection) -> BrowseMediaSource:
        page = await _recordings(entry, selection)
        shown = [self._recording(entry, record, selection) for record in page.records]
        folder = _folder(item.identifier, selection.title, shown, children_class=MediaClass.VIDEO)
        # The total counts all recordings; how many of them are of quick support is unknown.
        folder.not_shown = 0 if selection.quick_support else max(0, (page.total or 0) - _MAX_SHOWN)
        return folder

    @override
    async def async_search_media(self, item: MediaSourceItem, query: SearchMediaQuery) -> SearchMedia:
        """Return the recordings below a folder whose title, month, group and places contain all words; raises BrowseError."""
        place = self._place(item)
        if place is None:
            raise BrowseError(translation_domain=DOMAIN, translation_key="unknown_recording")
        if query.media_filter_classes and MediaClass.VIDEO not in query.media_filter_classes:
            return SearchMedia(result=[])
        words = query.search_query.casefold().split()
        found: list[BrowseMediaSource] = []
        for entry in [place.entry] if place.entry else self.hass.config_entries.async_loaded_entries(DOMAIN):
            try:
                selection = await self._selection(entry, place) if place.key else _Selection()
                page = await _recordings(entry, selection)
            except BrowseError:
                # The failure of one account must not hide the recordings of the others.
                if place.entry:
                    raise
                continue
            for record in page.records:
                places = [place_text(client.geo) for client in record.clients]
                month = self._month_title(_month(record.start)) if record.start else ""
                text = " ".join([async_recording_title(self.hass, entry, record), month, record.agent_group or "", *places]).casefold()
                if all(word in text for word in words):
                    found.append(self._recording(entry, record, selection))
        return SearchMedia(result=found[:_MAX_SHOWN])

    def _place(self, item: MediaSourceItem) -> _Place | None:
        """Return the parsed identifier; None if its account is not set up, or belongs to another integration."""
        # At the top, Home Assistant passes None, although the type says `str`.
        entry_id, _, path = (item.identifier or "").partition("/")
        kind, _, key = path.partition("/")
        if entry_id:
            entry = async_loaded_entry(self.hass, entry_id)
            return _Place(entry, kind, key) if entry else None
        entries = self.hass.config_entries.async_loaded_entries(DOMAIN)
        return _Place(entries[0] if len(entries) == 1 else None, "", "")

    async def _selection(self, entry: GetscreenConfigEntry, place: _Place) -> _Selection:
        """Return the selection for a month, a computer or quick support; raises BrowseError if there is none."""
        match place.kind, place.key:
            case "month", key if re.fullmatch(r"20[0-9]{2}-(0[1-9]|1[0-2])", key):
                first = date.fromisoformat(f"{key}-01")
                start, end = (dt_util.start_of_local_day(day) for day in (first, _next_month(first)))
                # One second less, because the server includes the end.
                return _Selection(title=self._month_title(first), start=start, end=end - timedelta(seconds=1))
            case "device", key if key == _SUPPORT:
                return _Selection(title=async_text(self.hass, "support_title"), quick_support=True)
            case "device", key if re.fullmatch(r"[0-9]{1,18}", key) and await _has_recordings(entry, int(key)):
                return _Selection(title=async_session_name(self.hass, entry, int(key), None), agent_id=int(key))
        raise BrowseError(translation_domain=DOMAIN, translation_key="unknown_recording")

    async def _months(self, entry: GetscreenConfigEntry) -> list[BrowseMediaSource]:
        """Return the months with recordings; if there are many recordings, all months from the first to the last."""
        history = entry.runtime_data.history
        page = await _first_page(history)
        months = _months(page)
        if months and page.total and page.total > _FIRST_PAGE:
            months |= _months(await history.async_sessions(HistoryQuery(with_video=True, offset=page.total - 1, limit=1)))
            month, newest = min(months), max(months)
            while month < newest:
                months.add(month)
                month = _next_month(month)
        return [_folder(f"{entry.entry_id}/month/{month:%Y-%m}", self._month_title(month)) for month in sorted(months, reverse=True)]

    async def _computers(self, entry: GetscreenConfigEntry) -> list[BrowseMediaSource]:
        """Return the computers with recordings; if there are many recordings, all computers. Quick support comes last."""
        account = entry.runtime_data
        page = await _first_page(account.history)
        found = {record.agent_id: record.agent_name for record in page.records}
        quick_support = None in found
        if page.total and page.total > _FIRST_PAGE:
            found.update((agent.id, agent.name) for agent in account.agents.data.values())
            quick_support = True
        names = {agent_id: async_session_name(self.hass, entry, agent_id, name) for agent_id, name in found.items() if agent_id is not None}
        by_name = sorted(names.items(), key=lambda item: item[1].casefold())
        folders = [_folder(f"{entry.entry_id}/device/{agent_id}", name) for agent_id, name in by_name]
        if quick_support:
            folders.append(_folder(f"{entry.entry_id}/device/{_SUPPORT}", async_text(self.hass, "support_title")))
        return folders

    def _kinds(self) -> dict[str, str]:
        """Return the titles of an account's two folders by kind."""
        return {"months": async_text(self.hass, "media_by_month"), "devices": async_text(self.hass, "media_by_device")}

    def _month_title(self, month: date) -> str:
        return async_text(self.hass, f"media_month_{month.month}", year=month.year)

    def _recording(self, entry: GetscreenConfigEntry, record: HistoryRecord, selection: _Selection) -> BrowseMediaSource:
        # In the folder of a computer, its name in every title would be redundant.
        return BrowseMediaSource(
            domain=DOMAIN,
            identifier=recording_identifier(entry.entry_id, record),
            media_class=MediaClass.VIDEO,
            media_content_type=_mime_type(record),
            title=async_recording_title(self.hass, entry, record, with_name=selection.agent_id is None),
            can_play=True,
            can_expand=False,
        )


@contextmanager
def _raising(kind: type[HomeAssistantError], entry: GetscreenConfigEntry) -> Iterator[None]:
    """Raise the client's errors as `kind`, with a translated text."""
    try:
        yield
    except GetscreenError as error:
        raise kind(**translate(error, entry.title)) from error


async def _first_page(history: SessionHistory) -> HistoryPage:
    """Return the newest recordings, at most 100, and the total."""
    return await history.async_sessions(HistoryQuery(with_video=True, limit=_FIRST_PAGE))


async def _has_recordings(entry: GetscreenConfigEntry, agent_id: int) -> bool:
    """Return whether a computer may have recordings: it is in the account, or among the newest recordings; raises BrowseError.

    Without this check, every made-up number in an identifier would send a request.
    """
    account = entry.runtime_data
    if agent_id in account.agents.data:
        return True
    with _raising(BrowseError, entry):
        return any(record.agent_id == agent_id for record in (await _first_page(account.history)).records)


async def _recordings(entry: GetscreenConfigEntry, selection: _Selection) -> HistoryPage:
    """Return the recordings of a selection, newest first; raises BrowseError."""
    query = HistoryQuery(agent_id=selection.agent_id, start=selection.start, end=selection.end, with_video=True, limit=_MAX_SHOWN)
    with _raising(BrowseError, entry):
        page = await entry.runtime_data.history.async_sessions(query)
    found = [(record.start, record.id, record) for record in page.records if recording_identifier(entry.entry_id, record)]
    records = tuple(record for *_, record in sorted(found, reverse=True) if not (selection.quick_support and record.agent_id))
    return HistoryPage(records=records[:_MAX_SHOWN], total=page.total)


def _folder(
    identifier: str | None,
    title: str,
    children: list[BrowseMediaSource] | None = None,
    *,
    children_class: MediaClass = MediaClass.DIRECTORY,
) -> BrowseMediaSource:
    return BrowseMediaSource(
        domain=DOMAIN,
        identifier=identifier,
        media_class=MediaClass.DIRECTORY,
        media_content_type=MediaType.VIDEO,
        title=title,
        can_play=False,
        can_expand=True,
        can_search=True,
        search_media_classes=[MediaClass.VIDEO],
        children=children,
        children_media_class=children_class,
    )


def _months(page: HistoryPage) -> set[date]:
    """Return the months of some recordings. Wrong dates are ignored: they would add folders for all months in between."""
    months = {_month(record.start) for record in page.records if record.start}
    return {month for month in months if _FIRST_MONTH <= month <= _next_month(_month(dt_util.utcnow()))}


def _month(moment: datetime) -> date:
    return dt_util.as_local(moment).date().replace(day=1)


def _next_month(first: date) -> date:
    return (first + timedelta(days=31)).replace(day=1)


def _mime_type(record: HistoryRecord) -> str:
    """Return the MIME type of a recording by the file extension in its URL; `video/mp4` if that is unknown."""
    return (record.video and video_type(record.video.url)) or "video/mp4"
