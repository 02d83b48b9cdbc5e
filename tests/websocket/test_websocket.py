"""Single requests of cards, and frequent polls without a subscription to computers."""

from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.getscreen.account.pauses import Kind
from custom_components.getscreen.const import DOMAIN
from simulator import Account, Fault, Simulator

from ..conftest import SetUp
from ..helpers import account_device, device_id_of, entity_id_of, pass_time
from ..subscribers import Card, OpenCard, restricted_user

NOTHING: dict[str, Any] = {}


async def answer_of(card: Card, command: str, **fields: Any) -> Any:
    """Return the result of a command that succeeds."""
    answer = await card.ask(command=command, **fields)
    assert answer["success"], answer
    return answer["result"]


async def error_of(card: Card, command: str, **fields: Any) -> str:
    """Return the code of the error of a command that fails."""
    answer = await card.ask(command=command, **fields)
    assert not answer["success"]
    return str(answer["error"]["code"])


def interval(entry: MockConfigEntry) -> float:
    """Return the seconds between two polls."""
    seconds: float = entry.runtime_data.schedule.interval(Kind.AGENTS)
    return seconds


@pytest.mark.parametrize("of_one_account", [False, True])
async def test_watching_polls_quickly_and_sends_nothing(
    hass: HomeAssistant, account: Account, set_up: SetUp, open_card: OpenCard, *, of_one_account: bool
) -> None:
    entry = await set_up()
    card = await open_card()
    answer = await card.ask(command="watch", **({"account": entry.entry_id} if of_one_account else {}))
    assert interval(entry) == 15
    account.agents[1].group = "Annex"
    await pass_time(hass, 16)
    await card.nothing()
    card.subscription = answer["id"]
    await card.unsubscribe()
    assert interval(entry) == 60


async def test_watching_goes_on_after_a_reload_and_ends_with_the_page(hass: HomeAssistant, set_up: SetUp, open_card: OpenCard) -> None:
    entry = await set_up()
    card = await open_card()
    await answer_of(card, "watch")
    await hass.config_entries.async_reload(entry.entry_id)
    await hass.async_block_till_done()
    assert interval(entry) == 15
    await card.client.close()
    await hass.async_block_till_done()
    assert interval(entry) == 60


async def test_watching_another_account(set_up: SetUp, entry: MockConfigEntry, hass: HomeAssistant, open_card: OpenCard) -> None:
    await set_up()
    second = MockConfigEntry(domain=DOMAIN, title="Second", unique_id="second", data=dict(entry.data))
    second.add_to_hass(hass)
    await hass.config_entries.async_setup(second.entry_id)
    await hass.async_block_till_done()
    before = interval(second)
    await answer_of(await open_card(), "watch", account=entry.entry_id)
    assert (interval(entry) < 60, interval(second)) == (True, before)


async def test_a_user_without_permissions_does_not_speed_up_polls(hass: HomeAssistant, set_up: SetUp, open_card: OpenCard) -> None:
    entry = await set_up()
    assert await answer_of(await open_card(restricted_user(hass, NOTHING)), "watch") is None
    assert interval(entry) == 60


@pytest.mark.parametrize("command", ["watch", "search_terms"])
async def test_an_unknown_account(hass: HomeAssistant, set_up: SetUp, open_card: OpenCard, command: str) -> None:
    await set_up()
    other = MockConfigEntry(domain="other")
    other.add_to_hass(hass)
    for user in (None, restricted_user(hass, NOTHING)):
        card = await open_card(user)
        for account in ("unknown", other.entry_id, ""):
            assert await error_of(card, command, account=account) == "not_found"


async def test_search_terms(hass: HomeAssistant, account: Account, set_up: SetUp, open_card: OpenCard) -> None:
    entry = await set_up()
    card = await open_card()
    terms = (await answer_of(card, "search_terms"))["terms"]
    assert terms.keys() == {device_id_of(hass, entry, number) for number in account.agents}
    assert account.agents[1].owner in terms[device_id_of(hass, entry, 1)]
    assert (await answer_of(card, "search_terms", account=entry.entry_id))["terms"] == terms
    dr.async_get(hass).async_update_device(device_id_of(hass, entry, 1), disabled_by=dr.DeviceEntryDisabler.USER)
    await hass.async_block_till_done()
    assert device_id_of(hass, entry, 1) not in (await answer_of(card, "search_terms"))["terms"]


async def test_search_terms_of_readable_computers(hass: HomeAssistant, set_up: SetUp, open_card: OpenCard) -> None:
    entry = await set_up()
    rights = {"entity_ids": {entity_id_of(hass, entry, 2, "online"): {"read": True}}}
    for user, numbers in ((restricted_user(hass, NOTHING), []), (restricted_user(hass, rights), [2])):
        terms = (await answer_of(await open_card(user), "search_terms"))["terms"]
        assert list(terms) == [device_id_of(hass, entry, number) for number in numbers]


async def test_an_account_that_is_not_loaded(hass: HomeAssistant, simulator: Simulator, set_up: SetUp, open_card: OpenCard) -> None:
    entry = await set_up()
    await hass.config_entries.async_unload(entry.entry_id)
    card = await open_card()
    assert await answer_of(card, "search_terms", account=entry.entry_id) == {"terms": {}}
    assert await error_of(card, "details", device_id=device_id_of(hass, entry, 1)) == "not_found"


async def test_details_without_a_request(hass: HomeAssistant, simulator: Simulator, set_up: SetUp, open_card: OpenCard) -> None:
    """The details are available during an outage, too."""
    entry = await set_up()
    simulator.fail(Fault.SERVER_ERROR)
    await pass_time(hass)
    before = len(simulator.requests)
    found = await answer_of(await open_card(), "details", device_id=device_id_of(hass, entry, 1))
    assert found["computer_name"]
    assert len(simulator.requests) == before


async def test_an_unknown_computer(hass: HomeAssistant, set_up: SetUp, open_card: OpenCard) -> None:
    """The account's own device is no computer, and neither is a device of another integration, or one that is disabled."""
    entry = await set_up()
    other = MockConfigEntry(domain="other")
    other.add_to_hass(hass)
    registry = dr.async_get(hass)
    foreign = registry.async_get_or_create(config_entry_id=other.entry_id, identifiers={("other", "1")})
    disabled = device_id_of(hass, entry, 2)
    registry.async_update_device(disabled, disabled_by=dr.DeviceEntryDisabler.USER)
    rights = {"entity_ids": {entity_id_of(hass, entry, 1, "online"): {"read": True}}}
    ids = ["unknown", "", account_device(hass, entry).id, foreign.id, disabled]
    for user, code in ((None, "not_found"), (restricted_user(hass, rights), "unauthorized")):
        card = await open_card(user)
        assert {device_id: await error_of(card, "details", device_id=device_id) for device_id in ids} == dict.fromkeys(ids, code)


async def test_details_of_a_readable_computer(hass: HomeAssistant, set_up: SetUp, open_card: OpenCard) -> None:
    """For another computer, the user does not learn whether it exists."""
    entry = await set_up()
    rights = {"entity_ids": {entity_id_of(hass, entry, 1, "online"): {"read": True}}}
    card = await open_card(restricted_user(hass, rights))
    assert (await answer_of(card, "details", device_id=device_id_of(hass, entry, 1)))["computer_name"]
    answers = [await card.ask(command="details", device_id=device_id) for device_id in (device_id_of(hass, entry, 2), "unknown")]
    assert answers[0]["error"] == answers[1]["error"]


@pytest.mark.parametrize("command", ["watch", "search_terms", "details"])
@pytest.mark.parametrize("fields", [{"account": 1}, {"device_id": None}, {"group": "Shop"}])
async def test_malformed_messages(set_up: SetUp, open_card: OpenCard, command: str, fields: dict[str, Any]) -> None:
    await set_up()
    assert await error_of(await open_card(), command, **fields) == "invalid_format"
