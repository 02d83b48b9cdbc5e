"""Shared fixtures: an account that is served over real HTTP, and Home Assistant set up with it."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
import logging
import os
from pathlib import Path
import re
from typing import Any
from unittest.mock import PropertyMock, patch

from homeassistant.auth.models import User
from homeassistant.const import CONF_API_KEY, CONF_URL
from homeassistant.core import HomeAssistant
from hypothesis import settings
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.syrupy import HomeAssistantSnapshotExtension
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator, WebSocketGenerator
from syrupy.assertion import SnapshotAssertion

# Before Home Assistant starts, or the test kit's own custom_components would hide ours.
import custom_components.getscreen  # noqa: F401 - only to be there first
from custom_components.getscreen import frontend
from custom_components.getscreen.const import DOMAIN
from demo.folder import HARMLESS
from simulator import Account, Simulator

from .previews import OpenViewer, Viewer
from .subscribers import Card, OpenCard, token_of

# What Home Assistant says of an account, a browser or a user that a test has refused.
_EXPECTED = re.compile(
    r"^Config entry '.*' for getscreen integration (could not authenticate|not ready yet)"
    r"|^Login attempt or request with invalid authentication "
    r"|^\[\d+\] Error during service call to getscreen\.\w+: Unauthorized$"
)

# For a longer hunt, other at each run: pytest --hypothesis-profile hunt.
settings.register_profile("hunt", derandomize=False, print_blob=True)

type SetUp = Callable[..., Awaitable[MockConfigEntry]]


@pytest.fixture(autouse=True)
def _custom_integrations(hass_storage: dict[str, Any], enable_custom_integrations: None, socket_enabled: None) -> None:
    """Let Home Assistant find the integration and the tests reach this machine; files are kept in memory."""


@pytest.fixture(scope="session")
def cards(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with a small bundle."""
    folder = tmp_path_factory.mktemp("cards")
    (folder / "getscreen.js").write_text("export const bundle = true;")
    return folder


@pytest.fixture(autouse=True)
def _cards(cards: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Serve the small bundle in place of the built cards, so that no test needs a build."""
    monkeypatch.setattr(frontend, "FOLDER", cards)


@pytest.fixture(autouse=True)
async def _time_zone(hass: HomeAssistant) -> None:
    """Use the time zone that is named for the test run, if any, instead of the test kit's own."""
    if zone := os.environ.get("TZ"):
        await hass.config.async_set_time_zone(zone)


@pytest.fixture(autouse=True)
def _no_complaints(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """Fail a test in which Home Assistant reports the integration, for example for deprecated functions."""
    yield
    assert [record.getMessage() for phase in ("setup", "call") for record in caplog.get_records(phase) if _is_complaint(record)] == []


def _is_complaint(record: logging.LogRecord) -> bool:
    message = record.getMessage()
    of_us = record.name.startswith(("homeassistant", "py.warnings")) and "getscreen" in message
    return of_us and record.levelno >= logging.WARNING and not (HARMLESS.search(message) or _EXPECTED.search(message))


@pytest.fixture
def snapshot(snapshot: SnapshotAssertion) -> SnapshotAssertion:
    """Return snapshots that Home Assistant's own objects can be held against."""
    return snapshot.use_extension(HomeAssistantSnapshotExtension)


@pytest.fixture
def all_entities() -> Iterator[None]:
    """Switch every entity on that is off by default."""
    with patch("homeassistant.helpers.entity.Entity.entity_registry_enabled_default", new_callable=PropertyMock, return_value=True):
        yield


@pytest.fixture
def account() -> Account:
    """Return an account of three computers without simulated activity."""
    return Account(devices=3, seed=1)


@pytest.fixture
async def simulator(account: Account) -> AsyncIterator[Simulator]:
    """Serve the account."""
    async with Simulator(account, key="a-key") as running:
        yield running


@pytest.fixture
def entry(simulator: Simulator) -> MockConfigEntry:
    """Return an entry for the account, not set up yet."""
    return MockConfigEntry(
        domain=DOMAIN,
        title="owner@example.com",
        unique_id="account",
        data={CONF_API_KEY: simulator.key, CONF_URL: simulator.url},
    )


@pytest.fixture
def set_up(hass: HomeAssistant, entry: MockConfigEntry) -> SetUp:
    """Return a function that sets up the entry, with options if given, and waits until its hardware is read."""

    async def set_up(**options: Any) -> MockConfigEntry:
        entry.add_to_hass(hass)
        if options:
            hass.config_entries.async_update_entry(entry, options=options)
        await hass.config_entries.async_setup(entry.entry_id)
        await hass.async_block_till_done(wait_background_tasks=True)
        return entry

    return set_up


@pytest.fixture
def open_viewer(hass: HomeAssistant, set_up: SetUp, hass_client: ClientSessionGenerator) -> OpenViewer:
    """Return a function that sets up the account and returns it with a viewer of the first computer's preview."""

    async def open_viewer() -> tuple[MockConfigEntry, Viewer]:
        entry = await set_up()
        return entry, Viewer(hass, entry, await hass_client())

    return open_viewer


@pytest.fixture
def open_card(hass: HomeAssistant, hass_ws_client: WebSocketGenerator) -> OpenCard:
    """Return a function that opens a page with a card, as an administrator or as a user."""

    async def open_card(user: User | None = None) -> Card:
        return Card(await (hass_ws_client(hass, await token_of(hass, user)) if user else hass_ws_client(hass)))

    return open_card
