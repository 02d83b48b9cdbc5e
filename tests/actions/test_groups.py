"""Actions for whole groups: the computers that a group's name reaches, and the required permissions."""

from typing import Any

from homeassistant.auth.permissions import PermissionLookup, PolicyPermissions
from homeassistant.auth.permissions.types import PolicyType
from homeassistant.core import Context, HomeAssistant
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError, Unauthorized
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers import entity_registry as er
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry, MockUser

from custom_components.getscreen.actions.groups import members_of
from custom_components.getscreen.const import DOMAIN
from simulator import Account, Fault, Simulator

from ..conftest import SetUp
from ..helpers import act, commanded, device_id_of, pass_time

WITH_GROUPS = ("wake", "reboot", "refresh_hardware")
METHODS = {"wake": "wake", "reboot": "reboot", "refresh_hardware": "info"}


def reached(simulator: Simulator, action: str) -> list[int]:
    """Return the agents that an action sent a request for since the last call."""
    field = "agent_id" if action == "refresh_hardware" else "id"
    found = sorted(int(r.parameters[field]) for r in simulator.requests if r.method == f"agents/{METHODS[action]}")
    simulator.requests.clear()
    return found


@pytest.fixture
def office(account: Account) -> Account:
    """Return the account with three computers in the group *Office* (1, 4, 5), and others."""
    account.add_agent("Office PC 1", group="Office")
    account.add_agent("Office PC 2", group="Office")
    account.add_agent("Without a group", group=None)
    account.agents[3].online = True
    account.reboot_seconds = 3600, 7200
    return account


@pytest.mark.parametrize("action", WITH_GROUPS)
async def test_a_group(hass: HomeAssistant, office: Account, simulator: Simulator, set_up: SetUp, action: str) -> None:
    """A group works alone or together with a target, with each computer once. A blank name is ignored."""
    entry = await set_up()
    simulator.requests.clear()
    await act(hass, action, group="Office")
    assert reached(simulator, action) == [1, 4, 5]
    await act(hass, action, group="Office", device_id=[device_id_of(hass, entry, 1), device_id_of(hass, entry, 3)])
    assert reached(simulator, action) == [1, 3, 4, 5]
    for blank in ("", " "):
        await act(hass, action, group=blank, device_id=device_id_of(hass, entry, 3))
        assert reached(simulator, action) == [3]
        with pytest.raises(ServiceValidationError) as error:
            await act(hass, action, group=blank)
        assert error.value.translation_key == "no_devices"
    assert simulator.count() == 0


async def test_a_group_with_a_response(hass: HomeAssistant, office: Account, set_up: SetUp) -> None:
    """The response names its computers."""
    await set_up()
    answer = await act(hass, "wake", response=True, group="Office")
    assert sorted(device["name"] for device in answer["devices"]) == ["Office PC 1", "Office PC 2", "Reception PC"]


@pytest.mark.parametrize(
    ("groups", "name", "found"),
    [
        ({"Office": [1]}, "office", [1]),
        ({"Büro  Süd": [1]}, " BU\u0308RO SÜD ", [1]),
        ({"Straße": [1]}, "STRASSE", [1]),
        ({"Office": [1], "office": [2]}, "office", [2]),
        ({"Office": [1], "office": [2]}, "OFFICE", []),
        ({"Office": [1], "Office ": [2]}, "Office ", [2]),
        ({"Office ": [1], " Office": [2]}, "Office", []),
        ({"x" * 300: [1], f"{'x' * 300}y": [2]}, f"{'x' * 254}…", []),
        ({"x" * 300: [1], "y" * 300: [2]}, f"{'X' * 254}…", [1]),
        ({"Office": [1]}, "Off", []),
        ({}, "Office", []),
    ],
)
def test_names(groups: dict[str, list[int]], name: str, found: list[int]) -> None:
    """The exact name comes first. Case and spaces do not matter unless the name becomes ambiguous."""
    assert members_of(groups, name) == found


async def test_a_long_name(hass: HomeAssistant, office: Account, simulator: Simulator, set_up: SetUp) -> None:
    """A group is found by its shortened name, as the entities show it."""
    office.agents[3].group = "x" * 400
    await set_up()
    simulator.requests.clear()
    await act(hass, "wake", group="x" * 254 + "…")
    assert commanded(simulator, "wake") == [3]


async def test_names_that_differ_in_spaces(hass: HomeAssistant, office: Account, simulator: Simulator, set_up: SetUp) -> None:
    """A template that passes on the state of a sensor *Group* reaches that group."""
    office.agents[3].group = "Office "
    await set_up()
    simulator.requests.clear()
    await act(hass, "reboot", group="Office ")
    assert commanded(simulator, "reboot") == [3]


async def test_an_unknown_group(hass: HomeAssistant, office: Account, simulator: Simulator, set_up: SetUp) -> None:
    """The error names the existing groups. A target in the same call gets no command either."""
    entry = await set_up()
    simulator.requests.clear()
    with pytest.raises(ServiceValidationError) as error:
        await act(hass, "reboot", group="Offices", device_id=device_id_of(hass, entry, 3))
    assert error.value.translation_key == "unknown_group"
    assert "no group Offices" in str(error.value)
    assert str(error.value).endswith("one of its groups: Family, Office, Servers")
    assert simulator.count() == 0


async def test_many_groups(hass: HomeAssistant, account: Account, set_up: SetUp) -> None:
    """The error stays short."""
    for number in range(40):
        account.add_agent(group=f"{number:02} {'x' * 300}")
    await set_up()
    with pytest.raises(ServiceValidationError) as error:
        await act(hass, "wake", group="Nobody")
    assert str(error.value).endswith("…, …")
    assert len(str(error.value)) < 1500


async def test_disabled_devices(hass: HomeAssistant, office: Account, simulator: Simulator, set_up: SetUp) -> None:
    """Disabled devices are skipped. A group with only disabled devices counts as missing."""
    entry = await set_up()
    simulator.requests.clear()
    registry = dr.async_get(hass)
    registry.async_update_device(device_id_of(hass, entry, 4), disabled_by=dr.DeviceEntryDisabler.USER)
    await act(hass, "wake", group="Office")
    assert commanded(simulator, "wake") == [1, 5]
    registry.async_update_device(device_id_of(hass, entry, 3), disabled_by=dr.DeviceEntryDisabler.USER)
    with pytest.raises(ServiceValidationError) as error:
        await act(hass, "wake", group="Servers")
    assert error.value.translation_key == "unknown_group"
    assert str(error.value).endswith("one of its groups: Family, Office")


async def test_a_computer_that_changes_its_group(hass: HomeAssistant, office: Account, simulator: Simulator, set_up: SetUp) -> None:
    await set_up()
    office.agents[5].group, office.agents[3].group = "Shop", "Office"
    await pass_time(hass)
    simulator.requests.clear()
    await act(hass, "wake", group="Office")
    assert commanded(simulator, "wake") == [1, 3, 4]


async def test_an_outage(hass: HomeAssistant, office: Account, simulator: Simulator, set_up: SetUp) -> None:
    """The group is still known, and the error names the computers."""
    await set_up()
    simulator.fail(Fault.SERVER_ERROR)
    await pass_time(hass)
    with pytest.raises(HomeAssistantError) as error:
        await act(hass, "wake", group="Office")
    assert error.value.translation_key == "several_failed"
    assert "Office PC 2: " in str(error.value)


async def test_which_account(hass: HomeAssistant, office: Account, simulator: Simulator, set_up: SetUp) -> None:
    """With several accounts, the account is required. An account that is not loaded causes an error."""
    entry = await set_up()
    other = MockConfigEntry(domain=DOMAIN, unique_id="other", title="other@example.com", data=entry.data)
    other.add_to_hass(hass)
    simulator.requests.clear()
    wrong: list[dict[str, Any]] = [{}, {"config_entry_id": other.entry_id}, {"config_entry_id": "unknown"}]
    for data in wrong:
        with pytest.raises(ServiceValidationError):
            await act(hass, "wake", group="Office", device_id=device_id_of(hass, entry, 3), **data)
    assert simulator.count() == 0
    await act(hass, "wake", group="Office", config_entry_id=entry.entry_id)
    assert commanded(simulator, "wake") == [1, 4, 5]


async def test_a_large_group(hass: HomeAssistant, account: Account, simulator: Simulator, set_up: SetUp) -> None:
    """Each of 60 computers gets one command, and one failure does not stop the others."""
    for number in range(60):
        account.add_agent(f"PC {number}", group="School")
    await set_up(hardware_interval=0, invitations=False)
    simulator.requests.clear()
    simulator.command_status[10] = 7
    with pytest.raises(HomeAssistantError, match="PC 6"):
        await act(hass, "wake", group="School")
    assert commanded(simulator, "wake") == list(range(4, 64))


@pytest.mark.parametrize("action", WITH_GROUPS)
async def test_users(hass: HomeAssistant, office: Account, simulator: Simulator, set_up: SetUp, action: str) -> None:
    """A user needs permission for each computer of the group. Without it, an existing group looks like a missing one."""
    entry = await set_up()
    simulator.requests.clear()

    async def call(*agents: int, **data: Any) -> None:
        user = MockUser().add_to_hass(hass)
        policy: PolicyType = {"entities": {"device_ids": {device_id_of(hass, entry, agent_id): True for agent_id in agents}}}
        user.permissions = PolicyPermissions(policy, PermissionLookup(er.async_get(hass), dr.async_get(hass)))
        await hass.services.async_call(DOMAIN, action, data, blocking=True, context=Context(user_id=user.id))

    mine = device_id_of(hass, entry, 1)
    refused: list[dict[str, Any]] = [
        {"group": "Office"},
        {"group": "Nobody"},
        {"group": "x" * 100_000},
        {"group": "Nobody", "device_id": mine},
        {"group": "Office", "config_entry_id": "unknown"},
        {"group": "Office", "device_id": mine},
    ]
    for data in refused:
        with pytest.raises(Unauthorized) as error:
            await call(1, 4, **data)
        assert str(error.value) == "Unauthorized"
    with pytest.raises(Unauthorized):
        await call(1, 4, 5, group="Office", device_id=device_id_of(hass, entry, 3))
    assert simulator.count() == 0
    await call(1, 4, 5, group="Office")
    assert reached(simulator, action) == [1, 4, 5]
    await hass.config_entries.async_unload(entry.entry_id)
    with pytest.raises(Unauthorized):
        await call(1, 4, 5, group="Office")
