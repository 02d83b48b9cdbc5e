"""A file in Home Assistant's storage: the time of writes, and invalid files."""

from typing import Any
from unittest.mock import patch

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
import pytest

from custom_components.getscreen.account.stored_file import StoredFile

from ..helpers import pass_time
from .restarts import Storage

KEY = "getscreen.test"


class Data:
    """Data to store; `times` counts how often it was requested."""

    def __init__(self) -> None:
        self.value = 1
        self.times = 0

    def __call__(self) -> dict[str, Any]:
        """Return the data."""
        self.times += 1
        return {"value": self.value}


@pytest.fixture
def data() -> Data:
    """Return data that changes."""
    return Data()


@pytest.fixture
async def file(hass: HomeAssistant, data: Data) -> StoredFile:
    """Return a file that was read."""
    file = StoredFile(hass, KEY, data)
    assert await file.async_load() == {}
    return file


async def test_a_file_is_written_after_its_delay(hass: HomeAssistant, hass_storage: Storage, file: StoredFile, data: Data) -> None:
    """Later changes do not postpone the write, and the data is that of the time of the write."""
    file.schedule_write(60)
    await pass_time(hass, 50)
    assert KEY not in hass_storage
    data.value = 2
    file.schedule_write(60)
    await pass_time(hass, 61)
    assert hass_storage[KEY]["data"] == {"value": 2}
    assert data.times == 1
    assert await StoredFile(hass, KEY, data).async_load() == {"value": 2}


async def test_an_earlier_write(hass: HomeAssistant, hass_storage: Storage, file: StoredFile, data: Data) -> None:
    """A write that is due soon includes all other changes, and the next change has its own delay."""
    file.schedule_write(3600)
    file.schedule_write(1)
    file.schedule_write(3600)
    await pass_time(hass, 2)
    assert hass_storage[KEY]["data"] == {"value": 1}
    data.value = 2
    file.schedule_write(3600)
    await pass_time(hass, 3500)
    assert hass_storage[KEY]["data"] == {"value": 1}
    await pass_time(hass, 3601)
    assert hass_storage[KEY]["data"] == {"value": 2}


async def test_a_file_that_is_written_now(hass: HomeAssistant, hass_storage: Storage, file: StoredFile, data: Data) -> None:
    """Nothing is left to write then."""
    file.schedule_write(60)
    await file.async_write()
    assert hass_storage[KEY]["data"] == {"value": 1}
    await pass_time(hass, 61)
    assert data.times == 1


async def test_a_file_that_was_not_read_yet(hass: HomeAssistant, hass_storage: Storage, data: Data) -> None:
    """The file is not written, because that would overwrite the data of an earlier run."""
    hass_storage[KEY] = {"version": 1, "minor_version": 1, "key": KEY, "data": {"value": 7}}
    file = StoredFile(hass, KEY, data)
    file.schedule_write(1)
    await pass_time(hass, 2)
    assert hass_storage[KEY]["data"] == {"value": 7}
    assert await file.async_load() == {"value": 7}


@pytest.mark.parametrize(
    "stored",
    [
        {"version": 2, "minor_version": 1, "data": {"value": 7}},
        {"version": 1, "minor_version": 1, "data": []},
        {"version": 1, "minor_version": 1, "data": None},
        {"version": "?", "minor_version": 1, "data": {}},
        {"version": 1, "minor_version": 1},
    ],
)
async def test_an_invalid_file(hass: HomeAssistant, hass_storage: Storage, data: Data, stored: Storage) -> None:
    """An invalid file counts as empty and is overwritten."""
    hass_storage[KEY] = {"key": KEY, **stored}
    file = StoredFile(hass, KEY, data)
    assert await file.async_load() == {}
    file.schedule_write(1)
    await pass_time(hass, 2)
    assert hass_storage[KEY]["version"] == 1
    assert hass_storage[KEY]["data"] == {"value": 1}


@pytest.mark.parametrize("error", [OSError, HomeAssistantError, NotImplementedError])
async def test_a_file_that_cannot_be_read(
    hass: HomeAssistant, hass_storage: Storage, data: Data, caplog: pytest.LogCaptureFixture, error: type[Exception]
) -> None:
    """The log names the file and the error, and the data is fetched again."""
    with patch("homeassistant.helpers.storage.Store.async_load", side_effect=error):
        assert await StoredFile(hass, KEY, data).async_load() == {}
    assert f"The file {KEY} could not be read ({error.__name__})" in caplog.text


async def test_a_file_that_is_removed(hass: HomeAssistant, hass_storage: Storage, file: StoredFile, data: Data) -> None:
    """A removed file stays removed after later changes."""
    file.schedule_write(60)
    await file.async_write()
    await file.async_remove()
    assert KEY not in hass_storage
    file.schedule_write(1)
    await pass_time(hass, 61)
    assert KEY not in hass_storage


async def test_a_file_that_cannot_be_deleted(
    hass: HomeAssistant, hass_storage: Storage, file: StoredFile, caplog: pytest.LogCaptureFixture
) -> None:
    """The log says what to do. The file is emptied and not written again."""
    await file.async_write()
    with patch("homeassistant.helpers.storage.Store.async_remove", side_effect=PermissionError):
        await file.async_remove()
    assert f"The file {KEY} could not be deleted (PermissionError). Delete it manually" in caplog.text
    assert hass_storage[KEY]["data"] == {}
    file.schedule_write(1)
    await pass_time(hass, 2)
    assert hass_storage[KEY]["data"] == {}
