"""Permissions for actions: rejected before a request is sent, and before an error reveals what the user may not know."""

import asyncio
from collections.abc import Callable
from typing import Any

from homeassistant.auth.const import GROUP_ID_ADMIN, GROUP_ID_READ_ONLY, GROUP_ID_USER
from homeassistant.auth.permissions import PermissionLookup, PolicyPermissions
from homeassistant.auth.permissions.types import PolicyType
from homeassistant.config_entries import ConfigEntryDisabler
from homeassistant.core import Context, HomeAssistant
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError, Unauthorized, UnknownUser
from homeassistant.helpers import area_registry as ar
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers import label_registry as lr
import pytest
from pytest_homeassistant_custom_component.common import CLIENT_ID, MockConfigEntry, MockUser
from pytest_homeassistant_custom_component.typing import WebSocketGenerator
import voluptuous as vol

from custom_components.getscreen.actions import ACTIONS
from custom_components.getscreen.const import DOMAIN
from simulator import Account, Simulator

from ..conftest import SetUp
from ..helpers import account_device, commanded, device_id_of, entity_id_of, state_of, until

# Who may call an action, about computer 1 or its account. The calendar is an entity of the account.
ADMINISTRATORS = {"automation", "owner", "administrator"}
CONTROL_COMPUTER = ADMINISTRATORS | {"user", "controls computer 1"}
CONTROL_ACCOUNT = CONTROL_COMPUTER | {"controls calendar"}
READ_COMPUTER = CONTROL_COMPUTER | {"reads computer 1", "read-only"}
READ_ACCOUNT = READ_COMPUTER | {"controls calendar"}
ALL_USERS = READ_ACCOUNT | {"controls computer 2", "has no rights", "was removed"}

# Each way to call an action: what it takes, who may, and the method of the API that it asks.
type Way = tuple[str, dict[str, Any], set[str], str]
COMPUTER = "the id of computer 1"
WAYS: tuple[Way, ...] = (
    ("wake", {"device_id": COMPUTER}, CONTROL_COMPUTER, "agents/wake"),
    ("reboot", {"device_id": COMPUTER}, CONTROL_COMPUTER, "agents/reboot"),
    ("refresh_hardware", {"device_id": COMPUTER}, CONTROL_COMPUTER, "agents/info"),
    ("get_connection_link", {"device_id": COMPUTER}, CONTROL_COMPUTER, "agents/connect"),
    ("get_device_info", {"device_id": COMPUTER}, CONTROL_COMPUTER, "agents/info"),
    ("find_devices", {}, READ_ACCOUNT | {"controls computer 2"}, "agents/list"),
    ("create_invitation", {}, CONTROL_ACCOUNT | {"controls computer 2"}, "support/create"),
    ("list_invitations", {}, CONTROL_ACCOUNT | {"controls computer 2"}, "support/list"),
    ("get_invitation", {"invitation_id": 7001}, CONTROL_ACCOUNT | {"controls computer 2"}, "support/info"),
    ("close_invitation", {"invitation_id": 7001}, CONTROL_ACCOUNT | {"controls computer 2"}, "support/close"),
    ("get_history", {}, READ_ACCOUNT | {"controls computer 2"}, "history/list"),
    ("get_history", {"device_id": COMPUTER}, READ_COMPUTER, "history/list"),
    ("update_device", {"device_id": COMPUTER, "name": "Front desk"}, ADMINISTRATORS, "devices/update"),
    ("logout", {"device_id": COMPUTER, "confirm": True}, ADMINISTRATORS, "agents/logout"),
)
WITH_RESPONSE = {action.name for action in ACTIONS} - {"refresh_hardware", "close_invitation", "logout"}

type MakeUser = Callable[[str], MockUser]


@pytest.fixture
async def make_user(hass: HomeAssistant, entry: MockConfigEntry) -> MakeUser:
    """Return a function that creates a user with the named rights of ALL_USERS, once the account is set up."""
    names = {"administrator": GROUP_ID_ADMIN, "owner": GROUP_ID_USER, "user": GROUP_ID_USER, "read-only": GROUP_ID_READ_ONLY}
    groups = {name: await hass.auth.async_get_group(group_id) for name, group_id in names.items()}

    def make(who: str) -> MockUser:
        group = groups.get(who)
        user = MockUser(is_owner=who == "owner", groups=[group] if group else []).add_to_hass(hass)
        if group is None:
            devices = {number: device_id_of(hass, entry, number) for number in (1, 2)}
            calendar = er.async_get(hass).async_get_entity_id("calendar", DOMAIN, f"{entry.unique_id}_connection_history")
            policies: dict[str, PolicyType] = {
                "controls computer 1": {"entities": {"device_ids": {devices[1]: True}}},
                "controls computer 2": {"entities": {"device_ids": {devices[2]: True}}},
                "controls calendar": {"entities": {"entity_ids": {str(calendar): True}}},
                "reads computer 1": {"entities": {"entity_ids": {entity_id_of(hass, entry, 1, "online"): {"read": True}}}},
            }
            user.permissions = PolicyPermissions(policies.get(who, {}), PermissionLookup(er.async_get(hass), dr.async_get(hass)))
        return user

    return make


def data_of(hass: HomeAssistant, entry: MockConfigEntry, fields: dict[str, Any]) -> dict[str, Any]:
    """Return the fields of a call, with the computer's id filled in."""
    return {field: device_id_of(hass, entry, 1) if value == COMPUTER else value for field, value in fields.items()}


async def refused(hass: HomeAssistant, user: MockUser, action: str, **data: Any) -> Unauthorized:
    """Call an action as a user who is rejected, and return the error."""
    with pytest.raises(Unauthorized) as error:
        await call(hass, user, action, **data)
    return error.value


async def call(hass: HomeAssistant, user: MockUser | None, action: str, **data: Any) -> Any:
    """Call an action as a user, or as an automation."""
    context = Context(user_id=user.id if user else None)
    response = action in WITH_RESPONSE
    return await hass.services.async_call(DOMAIN, action, data, blocking=True, context=context, return_response=response)


def test_every_action_is_in_the_matrix() -> None:
    assert {action for action, *_ in WAYS} == {action.name for action in ACTIONS}


@pytest.mark.parametrize("who", sorted(ALL_USERS))
async def test_matrix(hass: HomeAssistant, simulator: Simulator, set_up: SetUp, make_user: MakeUser, who: str) -> None:
    entry = await set_up()
    user = None if who == "automation" else make_user(who)
    if who == "was removed":
        assert user
        await hass.auth.async_remove_user(user)
    simulator.requests.clear()
    for action, fields, allowed, _ in WAYS:
        if who not in allowed:
            assert user
            refusal = await refused(hass, user, action, **data_of(hass, entry, fields))
            assert isinstance(refusal, UnknownUser) is (who == "was removed")
            assert refusal.user_id == user.id
    assert simulator.requests == []
    for action, fields, allowed, method in WAYS:
        if who in allowed:
            simulator.requests.clear()
            await call(hass, user, action, **data_of(hass, entry, fields))
            assert simulator.count(method) == 1, action


@pytest.mark.parametrize("who", sorted(ALL_USERS - {"automation", "was removed"}))
async def test_matrix_over_the_websocket(
    hass: HomeAssistant, simulator: Simulator, set_up: SetUp, make_user: MakeUser, hass_ws_client: WebSocketGenerator, who: str
) -> None:
    entry = await set_up()
    token = await hass.auth.async_create_refresh_token(make_user(who), CLIENT_ID)
    browser = await hass_ws_client(hass, hass.auth.async_create_access_token(token))

    async def ask(action: str, fields: dict[str, Any]) -> dict[str, Any]:
        message = {"type": "call_service", "domain": DOMAIN, "service": action, "service_data": data_of(hass, entry, fields)}
        await browser.send_json_auto_id({**message, "return_response": action in WITH_RESPONSE})
        answer: dict[str, Any] = await browser.receive_json()
        return answer

    simulator.requests.clear()
    for action, fields, allowed, _ in WAYS:
        if who not in allowed:
            answer = await ask(action, fields)
            assert (answer["success"], answer["error"]["message"]) == (False, "Unauthorized"), action
    assert simulator.requests == []
    for action, fields, allowed, method in WAYS:
        if who in allowed:
            simulator.requests.clear()
            answer = await ask(action, fields)
            assert answer["success"], answer
            assert simulator.count(method) == 1, action


@pytest.mark.parametrize("action", ["wake", "reboot", "refresh_hardware"])
async def test_one_of_several_is_not_allowed(
    hass: HomeAssistant, simulator: Simulator, set_up: SetUp, make_user: MakeUser, action: str
) -> None:
    """Then no computer gets the command, for any kind of target."""
    entry = await set_up()
    user = make_user("controls computer 1")
    area = ar.async_get(hass).async_create("Office")
    label = lr.async_get(hass).async_create("Desks")
    for agent_id in (1, 2):
        device_id = device_id_of(hass, entry, agent_id)
        dr.async_get(hass).async_update_device(device_id, area_id=area.id, labels={label.label_id})
    simulator.requests.clear()
    for target in (
        {"device_id": [device_id_of(hass, entry, 1), device_id_of(hass, entry, 2)]},
        {"entity_id": [entity_id_of(hass, entry, agent_id, "session") for agent_id in (1, 2)]},
        {"area_id": area.id},
        {"label_id": label.label_id},
        {"device_id": device_id_of(hass, entry, 1), "area_id": area.id},
    ):
        await refused(hass, user, action, **target)
    assert simulator.requests == []
    dr.async_get(hass).async_update_device(device_id_of(hass, entry, 2), area_id=None)
    await call(hass, user, action, area_id=area.id)
    assert len(simulator.requests) == 1


@pytest.mark.parametrize("action", ["wake", "get_connection_link"])
async def test_the_entity_that_grants_permission(
    hass: HomeAssistant, simulator: Simulator, set_up: SetUp, make_user: MakeUser, action: str
) -> None:
    """The *Online* entity decides, even renamed or disabled. Without it, only users who may control everything have permission."""
    entry = await set_up()
    registry, device_id = er.async_get(hass), device_id_of(hass, entry, 1)
    lookup = PermissionLookup(registry, dr.async_get(hass))
    user = make_user("has no rights")
    user.permissions = PolicyPermissions({"entities": {"entity_ids": {entity_id_of(hass, entry, 1, "wake"): True}}}, lookup)
    await refused(hass, user, action, device_id=device_id)
    registry.async_update_entity(entity_id_of(hass, entry, 1, "online"), new_entity_id="binary_sensor.renamed")
    user.permissions = PolicyPermissions({"entities": {"entity_ids": {"binary_sensor.renamed": True}}}, lookup)
    await call(hass, user, action, device_id=device_id)
    registry.async_update_entity("binary_sensor.renamed", disabled_by=er.RegistryEntryDisabler.USER)
    await call(hass, user, action, device_id=device_id)
    registry.async_remove("binary_sensor.renamed")
    await refused(hass, user, action, device_id=device_id)
    await call(hass, make_user("user"), action, device_id=device_id)


@pytest.mark.parametrize("who", ["controls computer 1", "read-only", "has no rights"])
async def test_a_rejection_reveals_nothing(hass: HomeAssistant, simulator: Simulator, set_up: SetUp, make_user: MakeUser, who: str) -> None:
    """A missing device looks like a forbidden one. Users who may control everything get the real error."""
    entry = await set_up()
    user, full = make_user(who), make_user("user")
    foreign = MockConfigEntry(domain="other", title="A secret title")
    foreign.add_to_hass(hass)
    simulator.requests.clear()
    for device_id in ("unknown", account_device(hass, entry).id, device_id_of(hass, entry, 2), "x" * 10**6):
        for action in ("wake", "get_connection_link", "get_device_info"):
            assert str(await refused(hass, user, action, device_id=device_id)) == "Unauthorized"
    for entry_id in ("unknown", foreign.entry_id):
        assert str(await refused(hass, user, "create_invitation", config_entry_id=entry_id)) == "Unauthorized"
    # Before what else is wrong with the call.
    assert await refused(hass, user, "logout", device_id=device_id_of(hass, entry, 1), confirm=False)
    assert await refused(hass, user, "update_device", device_id="unknown")
    for action, data in (("wake", {"device_id": "unknown"}), ("create_invitation", {"config_entry_id": "unknown"})):
        with pytest.raises(ServiceValidationError):
            await call(hass, full, action, **data)
    # After the schema, as in all of Home Assistant.
    with pytest.raises(vol.Invalid):
        await call(hass, user, "wake", color="blue")
    assert simulator.requests == []


async def test_an_account_that_the_user_may_not_read(hass: HomeAssistant, simulator: Simulator, set_up: SetUp, make_user: MakeUser) -> None:
    """The account's title, which is the owner's e-mail address, is in no error."""
    entry = await set_up()
    other = MockConfigEntry(domain=DOMAIN, title="boss@example.com", unique_id="other", data=entry.data, options={"search": "x"})
    other.add_to_hass(hass)
    assert await hass.config_entries.async_setup(other.entry_id)
    user, device_id = make_user("reads computer 1"), device_id_of(hass, entry, 1)
    simulator.requests.clear()
    await refused(hass, user, "get_history", device_id=device_id, config_entry_id=other.entry_id)
    await refused(hass, user, "get_history", config_entry_id=other.entry_id)
    await refused(hass, user, "find_devices", config_entry_id=other.entry_id)
    assert simulator.requests == []
    assert await call(hass, user, "get_history", device_id=device_id, config_entry_id=entry.entry_id)
    assert await call(hass, user, "get_history", device_id=device_id)
    with pytest.raises(ServiceValidationError, match="multiple config entries"):
        await call(hass, user, "get_history")


async def test_an_account_that_is_disabled(hass: HomeAssistant, simulator: Simulator, set_up: SetUp, make_user: MakeUser) -> None:
    """Rights to its entities are no rights to the account that is left, which a call without a name means."""
    entry = await set_up()
    user = make_user("controls computer 1")
    other = MockConfigEntry(domain=DOMAIN, title="boss@example.com", unique_id="other", data=entry.data, options={"search": "PC"})
    other.add_to_hass(hass)
    assert await hass.config_entries.async_setup(other.entry_id)
    await hass.config_entries.async_set_disabled_by(entry.entry_id, ConfigEntryDisabler.USER)
    simulator.requests.clear()
    for action in ("find_devices", "get_history", "create_invitation", "list_invitations"):
        await refused(hass, user, action)
    assert simulator.requests == []


async def test_an_account_that_is_not_loaded(hass: HomeAssistant, set_up: SetUp, make_user: MakeUser) -> None:
    """The error says so to users with permission, and not to others."""
    entry = await set_up()
    device_id = device_id_of(hass, entry, 1)
    user, full = make_user("has no rights"), make_user("controls computer 1")
    await hass.config_entries.async_unload(entry.entry_id)
    await refused(hass, user, "wake", device_id=device_id)
    await refused(hass, user, "list_invitations")
    for action, data in (("wake", {"device_id": device_id}), ("list_invitations", {})):
        with pytest.raises(ServiceValidationError, match="not loaded"):
            await call(hass, full, action, **data)


async def test_entities(
    hass: HomeAssistant, account: Account, simulator: Simulator, set_up: SetUp, make_user: MakeUser, all_entities: None
) -> None:
    """Home Assistant itself checks permissions for buttons and switches."""
    entry = await set_up()
    simulator.requests.clear()
    for who, allowed in (("read-only", False), ("controls computer 2", False), ("controls computer 1", True), ("user", True)):
        context = Context(user_id=make_user(who).id)
        for key, action in (("wake", "button.press"), ("reboot", "button.press"), ("permanent_link", "switch.turn_on")):
            domain, _, service = action.partition(".")
            data = {"entity_id": state_of(hass, entry, 1, key).entity_id}
            if allowed:
                await hass.services.async_call(domain, service, data, blocking=True, context=context)
            else:
                with pytest.raises(Unauthorized):
                    await hass.services.async_call(domain, service, data, blocking=True, context=context)
        assert bool(simulator.requests) is allowed
    assert commanded(simulator, "reboot") == [1, 1]


@pytest.mark.parametrize("end", ["unload", "remove"])
@pytest.mark.parametrize(("action", "fields", "method"), [(action, fields, method) for action, fields, _, method in WAYS])
async def test_an_account_that_leaves_during_a_call(
    hass: HomeAssistant, simulator: Simulator, set_up: SetUp, end: str, action: str, fields: dict[str, Any], method: str
) -> None:
    """The call ends as if the account were still loaded, or with an error in the user's language."""
    entry = await set_up()
    data = data_of(hass, entry, fields)
    simulator.requests.clear()
    with simulator.hold(method):
        running = asyncio.create_task(call(hass, None, action, **data))
        await until(lambda: simulator.count(method))
        await (hass.config_entries.async_unload if end == "unload" else hass.config_entries.async_remove)(entry.entry_id)
    await asyncio.wait([running])
    if error := running.exception():
        assert isinstance(error, HomeAssistantError)
        assert error.translation_domain == DOMAIN
