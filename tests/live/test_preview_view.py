"""The previews behind the links that cards get."""

from http import HTTPStatus

from aiohttp import web
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
from ..subscribers import Card, OpenCard

type Browser = TestClient[web.Request, web.Application]


@pytest.fixture
async def card(set_up: SetUp, open_card: OpenCard) -> Card:
    """Set up the account, and return a card that is subscribed."""
    await set_up()
    card = await open_card()
    await card.subscribe()
    return card


@pytest.fixture
async def browser(card: Card, hass_client_no_auth: ClientSessionGenerator) -> Browser:
    """Return a browser without a login."""
    return await hass_client_no_auth()


async def test_a_preview_without_an_entity(
    hass: HomeAssistant, simulator: Simulator, account: Account, browser: Browser, card: Card
) -> None:
    """A browser may load and cache the preview, but show it only as a picture."""
    registry = er.async_get(hass)
    for entity in list(registry.entities.values()):
        registry.async_update_entity(entity.entity_id, disabled_by=er.RegistryEntryDisabler.USER)
    old = card.computers[1]["preview"]
    await hass.config_entries.async_reload(card.computers[1]["account"])
    while card.computers[1]["preview"] == old:
        await card.event()
    assert hass.states.async_entity_ids("image") == []
    response = await browser.get(card.computers[1]["preview"])
    assert (response.status, response.content_type) == (HTTPStatus.OK, "image/png")
    assert await response.read() == expected(account.agents[1])
    assert response.headers["Cache-Control"].startswith("private, max-age=")
    assert response.headers["Content-Security-Policy"].startswith("sandbox;")
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert simulator.key_leaks == 0


async def test_links_that_were_changed(hass: HomeAssistant, browser: Browser, simulator: Simulator, card: Card) -> None:
    """Guessed links do not reveal which accounts and computers exist."""
    link, other = (URL(card.computers[number]["preview"]) for number in (1, 2))
    changed = [
        link.with_query(None),
        link.update_query(until=int(link.query["until"]) + 1),
        link.update_query(version=1),
        link.update_query(version="x"),
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


async def test_a_reload_ends_links(hass: HomeAssistant, browser: Browser, card: Card) -> None:
    """The card gets new ones."""
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
    simulator: Simulator, browser: Browser, card: Card, fault: Fault, status: HTTPStatus
) -> None:
    """The answer shows nothing of the server, and a later request may succeed."""
    simulator.fail(fault, "preview")
    response = await browser.get(card.computers[1]["preview"])
    assert (response.status, await response.read()) == (status, b"")
    simulator.heal()
    assert (await browser.get(card.computers[1]["preview"])).status == HTTPStatus.OK


async def test_a_computer_that_has_left(hass: HomeAssistant, account: Account, browser: Browser, card: Card) -> None:
    link = card.computers[1]["preview"]
    account.remove_agent(1)
    await pass_time(hass)
    assert (await browser.get(link)).status == HTTPStatus.NOT_FOUND
