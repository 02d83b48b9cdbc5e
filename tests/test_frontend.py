"""The cards are registered with the frontend, updated, and removed with the last account."""

from hashlib import sha256
from pathlib import Path
import re
from typing import Any
from unittest.mock import patch

from aiohttp.test_utils import TestClient
from homeassistant.components.frontend import DATA_EXTRA_MODULE_URL, UrlManager
from homeassistant.components.lovelace import DOMAIN as LOVELACE
from homeassistant.components.lovelace.const import LOVELACE_DATA
from homeassistant.components.lovelace.resources import ResourceStorageCollection
from homeassistant.config_entries import ConfigEntryDisabler
from homeassistant.const import CONF_API_KEY, CONF_URL, EVENT_HOMEASSISTANT_STOP
from homeassistant.core import CoreState, HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.getscreen import frontend
from custom_components.getscreen.const import DOMAIN
from simulator import Fault, Simulator

from .conftest import SetUp

URL = re.compile(r"/getscreen_frontend/[0-9a-f]{12}/getscreen\.js")
OLD = {"url": "/getscreen_frontend/0123456789ab/getscreen.js", "type": "module", "id": "ours"}
OTHER = {"url": "/hacsfiles/another.js", "type": "module", "id": "another"}
MISSING = "The files of the dashboard cards could not be read"


@pytest.fixture(autouse=True)
def bundle(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> bytes:
    """Return a bundle of a test's own, which is served."""
    content: bytes = getattr(request, "param", b"export const bundle = true;")
    (tmp_path / "getscreen.js").write_bytes(content)
    (tmp_path / "getscreen.js.map").write_text("{}")
    monkeypatch.setattr(frontend, "FOLDER", tmp_path)
    return content


@pytest.fixture
def no_bundle(bundle: bytes, tmp_path: Path) -> None:
    """Provide a checkout without a build."""
    (tmp_path / "getscreen.js").unlink()


@pytest.fixture
async def lovelace(hass: HomeAssistant) -> None:
    """Set up dashboards that Home Assistant stores."""
    await set_up_dashboards(hass)


async def set_up_dashboards(hass: HomeAssistant, **config: object) -> None:
    """Set up dashboards, without the pages of the frontend."""
    with patch("homeassistant.components.lovelace.frontend"):
        assert await async_setup_component(hass, LOVELACE, {LOVELACE: config})


def store(hass_storage: dict[str, Any], *items: dict[str, str]) -> None:
    """Store resources of an earlier run."""
    hass_storage["lovelace_resources"] = {"version": 1, "minor_version": 1, "key": "lovelace_resources", "data": {"items": [*items]}}


def resources(hass: HomeAssistant) -> list[dict[str, Any]]:
    """Return the resources of dashboards."""
    return list(hass.data[LOVELACE_DATA].resources.async_items())


async def settled(hass: HomeAssistant) -> list[str]:
    """Wait for background tasks; return the URLs of the resources."""
    await hass.async_block_till_done(wait_background_tasks=True)
    return [item["url"] for item in resources(hass)]


async def test_one_resource_beside_other_resources(hass: HomeAssistant, hass_storage: dict[str, Any], set_up: SetUp) -> None:
    """Other resources are kept, although no dashboard, which would load them, was opened since the start."""
    store(hass_storage, OTHER)
    await set_up_dashboards(hass)
    await set_up()
    assert [item["type"] for item in resources(hass)] == ["module", "module"]
    other, ours = await settled(hass)
    assert other == OTHER["url"]
    assert URL.fullmatch(ours)


async def test_the_files_are_served_and_cached_by_browsers(
    hass: HomeAssistant, set_up: SetUp, lovelace: None, hass_client_no_auth: ClientSessionGenerator, bundle: bytes
) -> None:
    await set_up()
    client: TestClient[Any, Any] = await hass_client_no_auth()
    (url,) = await settled(hass)
    response = await client.get(url)
    assert response.status == 200
    assert "javascript" in response.headers["Content-Type"]
    assert "max-age" in response.headers["Cache-Control"]
    assert await response.read() == bundle
    assert (await client.get(f"{url}.map")).status == 200


@pytest.mark.parametrize("bundle", [b"export const one = 1;", b"export const two = 2;"], indirect=True)
async def test_the_address_follows_from_the_content(hass: HomeAssistant, set_up: SetUp, lovelace: None, bundle: bytes) -> None:
    await set_up()
    assert await settled(hass) == [f"/getscreen_frontend/{sha256(bundle).hexdigest()[:12]}/getscreen.js"]


@pytest.mark.parametrize("wanted", [True, False])
async def test_without_a_build(
    hass: HomeAssistant,
    hass_storage: dict[str, Any],
    set_up: SetUp,
    no_bundle: None,
    caplog: pytest.LogCaptureFixture,
    *,
    wanted: bool,
) -> None:
    """A plain checkout works without the cards, and the log says once how to get them."""
    store(hass_storage, OTHER, OLD)
    await set_up_dashboards(hass)
    entry = await set_up(cards=wanted)
    assert hass.states.async_all("binary_sensor")
    assert await settled(hass) == [OTHER["url"]]
    await hass.config_entries.async_reload(entry.entry_id)
    assert await settled(hass) == [OTHER["url"]]
    (record,) = [record for record in caplog.records if MISSING in record.getMessage()]
    assert record.levelname == "WARNING"
    assert record.name == "custom_components.getscreen"
    assert "scripts/frontend" in record.getMessage()


async def test_without_a_build_and_with_resources_in_yaml(hass: HomeAssistant, set_up: SetUp, no_bundle: None) -> None:
    hass.data[DATA_EXTRA_MODULE_URL] = UrlManager(lambda *_: None, ["/another.js", OLD["url"]])
    await set_up_dashboards(hass, mode="yaml", resource_mode="yaml", resources=[])
    await set_up()
    await settled(hass)
    assert hass.data[DATA_EXTRA_MODULE_URL].urls == {"/another.js"}


async def test_no_issue_with_a_build(hass: HomeAssistant, set_up: SetUp, lovelace: None, caplog: pytest.LogCaptureFixture) -> None:
    await set_up()
    assert len(await settled(hass)) == 1
    assert MISSING not in caplog.text


async def test_new_files_have_a_new_address(hass: HomeAssistant, hass_storage: dict[str, Any], set_up: SetUp) -> None:
    """The resource keeps its id, and duplicates are removed."""
    store(hass_storage, OLD | {"type": "js"}, OTHER, OLD | {"id": "twice"})
    await set_up_dashboards(hass)
    await set_up()
    await settled(hass)
    found = {item["id"]: item for item in resources(hass)}
    assert found.keys() == {"ours", "another"}
    assert URL.fullmatch(found["ours"]["url"])
    assert found["ours"]["type"] == "module"
    assert found["ours"]["url"] != OLD["url"]


async def test_the_resource_is_removed_with_the_last_account(
    hass: HomeAssistant, set_up: SetUp, lovelace: None, entry: MockConfigEntry
) -> None:
    entry = await set_up()
    other = MockConfigEntry(domain=DOMAIN, unique_id="other", data={**entry.data, CONF_API_KEY: "another"})
    other.add_to_hass(hass)
    await hass.config_entries.async_setup(other.entry_id)
    assert len(await settled(hass)) == 1
    await hass.config_entries.async_remove(entry.entry_id)
    assert len(await settled(hass)) == 1
    await hass.config_entries.async_remove(other.entry_id)
    assert await settled(hass) == []


STRATEGY = {"strategy": {"type": "custom:getscreen"}}
CARD = {"views": [{"sections": [{"cards": [{"type": "vertical-stack", "cards": [{"type": "custom:getscreen-support-card"}]}]}]}]}
OTHERS = {"views": [{"cards": [{"type": "markdown", "content": "custom:getscreen"}, {"type": "custom:another"}]}]}


@pytest.mark.parametrize(("config", "stays"), [(STRATEGY, True), (CARD, True), (OTHERS, False)])
async def test_used_cards_stay_until_home_assistant_stops(
    hass: HomeAssistant, set_up: SetUp, lovelace: None, config: dict[str, Any], *, stays: bool
) -> None:
    """So a dashboard says that there is no account. After the next start nothing is served, so the resource is removed before."""
    await hass.data[LOVELACE_DATA].dashboards[None].async_save(config)
    entry = await set_up()
    (url,) = await settled(hass)
    await hass.config_entries.async_remove(entry.entry_id)
    assert await settled(hass) == ([url] if stays else [])
    hass.set_state(CoreState.stopping)
    hass.bus.async_fire(EVENT_HOMEASSISTANT_STOP)
    assert await settled(hass) == []


async def test_a_disabled_account_keeps_the_cards(hass: HomeAssistant, set_up: SetUp, lovelace: None) -> None:
    await hass.data[LOVELACE_DATA].dashboards[None].async_save(STRATEGY)
    entry = await set_up()
    (url,) = await settled(hass)
    await hass.config_entries.async_set_disabled_by(entry.entry_id, ConfigEntryDisabler.USER)
    assert await settled(hass) == [url]
    # It is enabled again before Home Assistant stops.
    await hass.config_entries.async_set_disabled_by(entry.entry_id, None)
    hass.set_state(CoreState.stopping)
    hass.bus.async_fire(EVENT_HOMEASSISTANT_STOP)
    assert await settled(hass) == [url]


async def test_an_account_that_is_disabled_again_adds_no_listener(hass: HomeAssistant, set_up: SetUp, lovelace: None) -> None:
    await hass.data[LOVELACE_DATA].dashboards[None].async_save(STRATEGY)
    entry = await set_up()
    await settled(hass)
    await hass.config_entries.async_set_disabled_by(entry.entry_id, ConfigEntryDisabler.USER)
    await settled(hass)
    listeners = hass.bus.async_listeners()[EVENT_HOMEASSISTANT_STOP]
    await hass.config_entries.async_set_disabled_by(entry.entry_id, None)
    await hass.config_entries.async_set_disabled_by(entry.entry_id, ConfigEntryDisabler.USER)
    await settled(hass)
    assert hass.bus.async_listeners()[EVENT_HOMEASSISTANT_STOP] == listeners
    hass.set_state(CoreState.stopping)
    hass.bus.async_fire(EVENT_HOMEASSISTANT_STOP)
    assert await settled(hass) == []


async def test_an_option_removes_the_cards_from_dashboards_that_use_them(hass: HomeAssistant, set_up: SetUp, lovelace: None) -> None:
    await hass.data[LOVELACE_DATA].dashboards[None].async_save(STRATEGY)
    await set_up(cards=False)
    assert await settled(hass) == []


async def test_an_unreadable_dashboard_does_not_keep_the_cards(hass: HomeAssistant, set_up: SetUp, lovelace: None) -> None:
    entry = await set_up()
    with patch.object(hass.data[LOVELACE_DATA].dashboards[None], "async_load", side_effect=HomeAssistantError("Broken file")):
        await hass.config_entries.async_remove(entry.entry_id)
    assert await settled(hass) == []


async def test_an_option_removes_the_resource(hass: HomeAssistant, set_up: SetUp, lovelace: None) -> None:
    entry = await set_up(cards=False)
    assert await settled(hass) == []
    hass.config_entries.async_update_entry(entry, options={"cards": True})
    await hass.config_entries.async_reload(entry.entry_id)
    assert len(await settled(hass)) == 1
    await hass.config_entries.async_set_disabled_by(entry.entry_id, ConfigEntryDisabler.USER)
    assert await settled(hass) == []


async def test_dashboards_in_yaml(hass: HomeAssistant, set_up: SetUp) -> None:
    """Resources in YAML cannot be added to, so the frontend loads the files itself."""
    hass.data[DATA_EXTRA_MODULE_URL] = UrlManager(lambda *_: None, ["/another.js", OLD["url"]])
    await set_up_dashboards(hass, mode="yaml", resource_mode="yaml", resources=[])
    entry = await set_up()
    assert await settled(hass) == []
    another, ours = sorted(hass.data[DATA_EXTRA_MODULE_URL].urls)
    assert another == "/another.js"
    assert URL.fullmatch(ours)
    await hass.config_entries.async_remove(entry.entry_id)
    await settled(hass)
    assert hass.data[DATA_EXTRA_MODULE_URL].urls == {"/another.js"}


async def test_without_a_frontend(hass: HomeAssistant, set_up: SetUp) -> None:
    entry = await set_up()
    assert LOVELACE_DATA not in hass.data
    assert await hass.config_entries.async_unload(entry.entry_id)


async def test_a_failure_does_not_stop_the_set_up(
    hass: HomeAssistant, set_up: SetUp, lovelace: None, caplog: pytest.LogCaptureFixture
) -> None:
    with patch.object(ResourceStorageCollection, "async_create_item", side_effect=RuntimeError("full")):
        entry = await set_up()
    assert entry.data[CONF_URL]
    assert hass.states.async_all("binary_sensor")
    assert "The dashboard cards could not be registered" in caplog.text


async def test_dashboards_are_updated_during_an_outage(
    hass: HomeAssistant, hass_storage: dict[str, Any], set_up: SetUp, simulator: Simulator
) -> None:
    store(hass_storage, OLD)
    await set_up_dashboards(hass)
    simulator.fail(Fault.SERVER_ERROR)
    await set_up()
    (url,) = await settled(hass)
    assert url != OLD["url"]


async def test_an_account_that_was_never_set_up_leaves_nothing_behind(
    hass: HomeAssistant, hass_storage: dict[str, Any], entry: MockConfigEntry, caplog: pytest.LogCaptureFixture
) -> None:
    """If all accounts are disabled, Home Assistant does not load the integration before it removes one."""
    store(hass_storage, OTHER, OLD)
    await set_up_dashboards(hass)
    entry.add_to_hass(hass)
    await hass.config_entries.async_set_disabled_by(entry.entry_id, ConfigEntryDisabler.USER)
    await hass.config_entries.async_remove(entry.entry_id)
    assert await settled(hass) == [OTHER["url"]]
    assert "Error calling entry remove callback" not in caplog.text
