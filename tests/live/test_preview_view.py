"""The previews behind the links that cards get."""

from http import HTTPStatus

from aiohttp.test_utils import TestClient
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er
import pytest
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator
from yarl import URL

from simulator import Account, Fault, Simulator

from ..conftest import SetUp
from ..helpers import pass_time
from ..previews import expected
from ..subscribers import OpenCard


@pytest.fixture
async def browser(hass: HomeAssistant, set_up: SetUp, hass_client_no_auth: ClientSessionGenerator) -> TestClient:
    """Set up the account, and return a browser without a login."""
    await set_up()
    return await hass_client_no_auth()


async def test_a_preview_without_an_entity(
    hass: HomeAssistant, simulator: Simulator, account: Account, browser: TestClient, open_card: OpenCard
) -> None:
    """A browser may load it and cache it, but show it as a picture only."""
    registry = er.async_get(hass)
    for entity in list(registry.entities.values()):
        registry.async_update_entity(entity.entity_id, disabled_by=er.RegistryEntryDisabler.USER)
    entry = hass.config_entries.async_entries("getscreen")[0]
    await hass.config_entries.async_reload(entry.entry_id)
    card = await open_card()
    await card.subscribe()
    response = await browser.get(card.computers[1]["preview"])
    assert (response.status, response.content_type) == (HTTPStatus.OK, "image/png")
    assert await response.read() == expected(account.agents[1])
    assert response.headers["Cache-Control"].startswith("private, max-age=")
    assert response.headers["Content-Security-Policy"].startswith("sandbox;")
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert simulator.key_leaks == 0


async def test_links_that_were_changed(hass: HomeAssistant, browser: TestClient, simulator: Simulator, open_card: OpenCard) -> None:
    """Nobody learns by guessing which accounts and computers exist."""
    card = await open_card()
    await card.subscribe()
    link, other = (URL(card.computers[number]["preview"]) for number in (1, 2))
    changed = [
        link.with_query(None),
        link.update_query(until=int(link.query["until"]) + 1),
        link.update_query(look=1),
        link.update_query(look="x"),
        link.update_query(signature=""),
        link.update_query(signature="ü"),
        link.with_query(other.query),
        link.with_path(other.path).with_query(link.query),
        link.with_path(link.path[:-1] + "99").with_query(link.query),
        URL(str(link).replace(card.computers[1]["account"], "unknown")),
    ]
    assert [(await browser.get(str(address))).status for address in changed] == [HTTPStatus.FORBIDDEN] * len(changed)
    assert simulator.downloads == []
    assert (await browser.get(str(link))).status == HTTPStatus.OK


async def test_a_reload_ends_links(hass: HomeAssistant, browser: TestClient, open_card: OpenCard) -> None:
    """The card gets new ones."""
    card = await open_card()
    await card.subscribe()
    old = card.computers[1]["preview"]
    await hass.config_entries.async_unload(card.computers[1]["account"])
    assert (await browser.get(old)).status == HTTPStatus.FORBIDDEN
    await hass.config_entries.async_setup(card.computers[1]["account"])
    assert (await browser.get(old)).status == HTTPStatus.FORBIDDEN
    while card.computers[1]["preview"] == old:
        await card.event()
    assert (await browser.get(card.computers[1]["preview"])).status == HTTPStatus.OK


@pytest.mark.parametrize(
    ("fault", "status"), [(Fault.NOT_FOUND, HTTPStatus.NOT_FOUND), (Fault.SERVER_ERROR, HTTPStatus.BAD_GATEWAY)], ids=["gone", "error"]
)
async def test_a_preview_that_cannot_be_fetched(
    simulator: Simulator, browser: TestClient, open_card: OpenCard, fault: Fault, status: HTTPStatus
) -> None:
    """The answer shows nothing of the server, and a later request may succeed."""
    card = await open_card()
    await card.subscribe()
    simulator.fail(fault, "preview")
    response = await browser.get(card.computers[1]["preview"])
    assert (response.status, await response.read()) == (status, b"")
    simulator.heal()
    assert (await browser.get(card.computers[1]["preview"])).status == HTTPStatus.OK


async def test_a_computer_that_has_left(hass: HomeAssistant, account: Account, browser: TestClient, open_card: OpenCard) -> None:
    card = await open_card()
    await card.subscribe()
    link = card.computers[1]["preview"]
    account.remove_agent(1)
    await pass_time(hass)
    assert (await browser.get(link)).status == HTTPStatus.NOT_FOUND
