"""Rejected requests: polling continues at growing intervals until a request is accepted."""

from aiohttp import web
from homeassistant.config_entries import ConfigEntryState
from homeassistant.const import CONF_API_KEY, CONF_URL, STATE_UNAVAILABLE
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.helpers import issue_registry as ir
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.getscreen.const import DOMAIN
from simulator import Account, Fault, Simulator

from ..conftest import SetUp
from ..helpers import act, device_id_of, pass_time, state_of

LIST = "agents/list"


def asked(hass: HomeAssistant) -> list[str]:
    """Return the titles of the accounts that the user is asked to enter a key for, in a form and in a repair issue."""
    flows = [flow for flow in hass.config_entries.flow.async_progress() if flow["context"]["source"] == "reauth"]
    assert len([issue for issue in ir.async_get(hass).issues.values() if issue.translation_key == "config_entry_reauth"]) == len(flows)
    return [flow["context"]["title_placeholders"]["name"] for flow in flows]


def online(hass: HomeAssistant, entry: MockConfigEntry) -> bool:
    """Return whether the account's computers are known to be on or off."""
    return state_of(hass, entry, 1, "online").state != STATE_UNAVAILABLE


async def polls_until(hass: HomeAssistant, simulator: Simulator, seconds: float) -> int:
    """Return how many polls come within some seconds."""
    before = simulator.count(LIST)
    await pass_time(hass, seconds)
    return simulator.count(LIST) - before


class Proxy:
    """A proxy between Home Assistant and the server, which answers in its place while it is `in_the_way`."""

    in_the_way = False


@pytest.fixture
def proxy(monkeypatch: pytest.MonkeyPatch) -> Proxy:
    """Return a proxy, not in the way yet."""
    proxy, original = Proxy(), Simulator.failure

    async def failure(self: Simulator, method: str, request: web.Request) -> web.StreamResponse | None:
        if proxy.in_the_way:
            return web.Response(status=403, text="<html><title>Just a moment...</title></html>", content_type="text/html")
        return await original(self, method, request)

    monkeypatch.setattr(Simulator, "failure", failure)
    return proxy


async def test_one_rejection_is_not_enough(hass: HomeAssistant, simulator: Simulator, set_up: SetUp) -> None:
    entry = await set_up()
    simulator.fail(Fault.FORBIDDEN, LIST, times=1)
    await pass_time(hass)
    assert not online(hass, entry)
    assert not asked(hass)
    await pass_time(hass)
    assert online(hass, entry)


async def test_a_rejecting_proxy(hass: HomeAssistant, set_up: SetUp, proxy: Proxy) -> None:
    """No number of rejections by the proxy causes a request for a key. The first poll without the proxy succeeds."""
    entry = await set_up()
    proxy.in_the_way = True
    for _ in range(5):
        await pass_time(hass)
    assert not online(hass, entry)
    assert not asked(hass)
    proxy.in_the_way = False
    await pass_time(hass)
    assert online(hass, entry)


async def test_a_rejecting_proxy_at_set_up(hass: HomeAssistant, set_up: SetUp, proxy: Proxy) -> None:
    proxy.in_the_way = True
    entry = await set_up()
    for _ in range(4):
        assert entry.state is ConfigEntryState.SETUP_RETRY
        await pass_time(hass, 90)
    assert "a proxy, firewall or login page answered instead" in str(entry.reason)
    assert not asked(hass)
    proxy.in_the_way = False
    await pass_time(hass, 90)
    assert entry.state is ConfigEntryState.LOADED


async def test_two_rejections_ask_for_a_key_and_polling_continues(hass: HomeAssistant, simulator: Simulator, set_up: SetUp) -> None:
    """From the third rejection on, the interval doubles, up to an hour. The first success ends that and removes the key form."""
    entry = await set_up()
    simulator.fail(Fault.FORBIDDEN, LIST)
    await pass_time(hass)
    await pass_time(hass)
    assert asked(hass) == [entry.title]
    await pass_time(hass)
    for pause in (120, 240, 480, 960, 1920, 3600, 3600):
        assert await polls_until(hass, simulator, pause - 5) == 0
        assert await polls_until(hass, simulator, pause + 2) == 1
        assert asked(hass) == [entry.title]
    simulator.heal()
    await pass_time(hass, 3602)
    assert online(hass, entry)
    assert not asked(hass)
    assert await polls_until(hass, simulator, 61) == 1


async def test_rejections_at_set_up(hass: HomeAssistant, simulator: Simulator, set_up: SetUp) -> None:
    """Rejections are counted across Home Assistant's set-up attempts, which send nothing during a pause."""
    simulator.fail(Fault.FORBIDDEN, LIST)
    entry = await set_up()
    assert entry.state is ConfigEntryState.SETUP_RETRY
    assert not asked(hass)
    await pass_time(hass, 20)
    assert asked(hass) == [entry.title]
    await pass_time(hass, 40)
    assert simulator.count(LIST) == 3
    for _ in range(5):
        await pass_time(hass, 90)
    assert simulator.count(LIST) == 3
    assert entry.state is ConfigEntryState.SETUP_RETRY
    assert "denies access" in str(entry.reason)
    simulator.heal()
    for _ in range(2):
        await pass_time(hass, 1000)
    assert entry.state is ConfigEntryState.LOADED
    assert online(hass, entry)
    assert not asked(hass)


async def test_a_reload_polls_at_once(hass: HomeAssistant, simulator: Simulator, set_up: SetUp) -> None:
    simulator.fail(Fault.FORBIDDEN, LIST)
    entry = await set_up()
    for _ in range(4):
        await pass_time(hass, 90)
    simulator.heal()
    await hass.config_entries.async_reload(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert online(hass, entry)
    assert not asked(hass)


@pytest.mark.parametrize("action", ["find_devices", "get_history", "list_invitations"])
async def test_any_success_ends_the_key_form(hass: HomeAssistant, simulator: Simulator, set_up: SetUp, action: str) -> None:
    """The computers are polled at once, and the key form is removed."""
    entry = await set_up()
    simulator.fail(Fault.FORBIDDEN, LIST, times=2)
    await pass_time(hass)
    await pass_time(hass)
    assert asked(hass)
    await act(hass, action, response=True)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert not asked(hass)
    assert online(hass, entry)


async def test_a_key_without_permission_to_list(hass: HomeAssistant, simulator: Simulator, set_up: SetUp) -> None:
    """The commands of such a key work and the list does not: neither forms nor polls come and go with each command."""
    entry = await set_up()
    simulator.fail(Fault.FORBIDDEN, LIST)
    await pass_time(hass)
    await pass_time(hass)
    assert asked(hass)
    before = simulator.count(LIST)
    for _ in range(10):
        await act(hass, "wake", device_id=device_id_of(hass, entry, 1))
        await hass.async_block_till_done(wait_background_tasks=True)
        assert not asked(hass)
    assert simulator.count(LIST) == before + 1
    # Once nothing works any more, a key is requested, only a little later than usual.
    for seconds in (61, 61, 121):
        assert not asked(hass)
        await pass_time(hass, seconds)
    await pass_time(hass, 241)
    assert asked(hass) == [entry.title]


async def test_two_accounts(hass: HomeAssistant, simulator: Simulator, set_up: SetUp) -> None:
    """The rejections of one account do not affect the other."""
    entry = await set_up()
    async with Simulator(Account(devices=1), key="b") as other_simulator:
        other = MockConfigEntry(domain=DOMAIN, title="Other", unique_id="other", data={CONF_API_KEY: "b", CONF_URL: other_simulator.url})
        other.add_to_hass(hass)
        await hass.config_entries.async_setup(other.entry_id)
        await hass.async_block_till_done(wait_background_tasks=True)
        for running in (simulator, other_simulator):
            running.fail(Fault.FORBIDDEN, LIST)
        await pass_time(hass)
        await pass_time(hass)
        assert sorted(asked(hass)) == ["Other", entry.title]
        simulator.heal()
        await act(hass, "get_history", response=True, config_entry_id=entry.entry_id)
        await hass.async_block_till_done(wait_background_tasks=True)
        assert asked(hass) == ["Other"]
        assert online(hass, entry)
        await hass.config_entries.async_remove(other.entry_id)
        assert not asked(hass)


async def test_another_key_starts_again(hass: HomeAssistant, simulator: Simulator, set_up: SetUp) -> None:
    """The rejections of the old key do not count for the new one."""
    entry = await set_up()
    simulator.key = "new-key"
    for _ in range(3):
        await pass_time(hass, 3700)
    flow = await entry.start_reconfigure_flow(hass)
    result = await hass.config_entries.flow.async_configure(flow["flow_id"], {CONF_API_KEY: "new-key", CONF_URL: simulator.url})
    assert result["type"] is FlowResultType.ABORT
    await hass.async_block_till_done(wait_background_tasks=True)
    assert online(hass, entry)
    assert not asked(hass)
    simulator.fail(Fault.FORBIDDEN, LIST, times=1)
    await pass_time(hass)
    assert not asked(hass)
    assert await polls_until(hass, simulator, 61) == 1
