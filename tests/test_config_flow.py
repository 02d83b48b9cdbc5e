"""Setting up an account, a new key, another server, and the options, as the user is led through them."""

from typing import Any
from unittest.mock import patch

from homeassistant.config_entries import (
    SOURCE_REAUTH,
    SOURCE_RECONFIGURE,
    SOURCE_USER,
    ConfigEntryState,
    ConfigFlowContext,
    ConfigFlowResult,
)
from homeassistant.const import CONF_API_KEY, CONF_URL
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType, InvalidData
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.getscreen.api import (
    AccessBlockedError,
    AccessDeniedError,
    ConnectionCause,
    GetscreenClient,
    GetscreenConnectionError,
    RequestLimitError,
)
from custom_components.getscreen.const import DOMAIN
from custom_components.getscreen.options import DEFAULT_OPTIONS
from simulator import Account, Fault, Simulator

from .conftest import SetUp
from .helpers import device_of, pass_time

ERRORS = (
    (Fault.FORBIDDEN, "invalid_auth"),
    (Fault.PAYMENT_REQUIRED, "request_limit"),
    (Fault.TOO_MANY_REQUESTS, "cannot_connect"),
    (Fault.SERVER_ERROR, "cannot_connect"),
    (Fault.BAD_GATEWAY, "cannot_connect"),
    (Fault.UNAVAILABLE, "cannot_connect"),
    (Fault.HTML_BAD_GATEWAY, "cannot_connect"),
    (Fault.DROPPED, "cannot_connect"),
    (Fault.CUT_CONNECTION, "cannot_connect"),
    (Fault.BAD_REQUEST, "invalid_response"),
    (Fault.NOT_FOUND, "invalid_response"),
    (Fault.METHOD_NOT_ALLOWED, "invalid_response"),
    (Fault.HTML, "invalid_response"),
    (Fault.CUT_JSON, "invalid_response"),
    (Fault.EMPTY, "invalid_response"),
    (Fault.NULL, "invalid_response"),
    (Fault.WRONG_TYPES, "invalid_response"),
    (Fault.REDIRECT, "invalid_response"),
    (Fault.HUGE, "invalid_response"),
)


async def submit(hass: HomeAssistant, api_key: str, url: str) -> ConfigFlowResult:
    """Begin a flow and submit its form."""
    result = await hass.config_entries.flow.async_init(DOMAIN, context={"source": SOURCE_USER})
    assert result["type"] is FlowResultType.FORM
    return await hass.config_entries.flow.async_configure(result["flow_id"], {CONF_API_KEY: api_key, CONF_URL: url})


async def test_one_key_sets_up_the_account(hass: HomeAssistant, simulator: Simulator) -> None:
    """A key and a server make an entry, named after the owner; spaces and slashes around them do not matter."""
    result = await submit(hass, f" {simulator.key}\n", f"{simulator.url}/ ")
    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert result["title"] == "owner@example.com"
    assert result["data"] == {CONF_API_KEY: simulator.key, CONF_URL: simulator.url}
    await hass.async_block_till_done(wait_background_tasks=True)
    entry = result["result"]
    assert entry.state is ConfigEntryState.LOADED
    assert entry.unique_id
    assert simulator.key not in entry.unique_id


async def test_form_offers_the_public_servers(hass: HomeAssistant) -> None:
    result = await hass.config_entries.flow.async_init(DOMAIN, context={"source": SOURCE_USER})
    schema = result["data_schema"]
    assert schema is not None
    assert schema({CONF_API_KEY: "x"})[CONF_URL] == "https://api.getscreen.me/v1"
    selectors = {str(field): selector for field, selector in schema.schema.items()}
    assert selectors[CONF_URL].config["options"] == [
        "https://api.getscreen.me/v1",
        "https://api.getscreen.ru/v1",
        "https://api.pro32connect.ru/v1",
    ]
    assert selectors[CONF_API_KEY].config["type"] == "password"


@pytest.mark.parametrize("owners", [("a@example.com", "b@example.com"), (None, None)], ids=["several", "none"])
async def test_title_without_a_common_owner(
    hass: HomeAssistant, account: Account, simulator: Simulator, owners: tuple[str | None, ...]
) -> None:
    for agent, owner in zip(account.agents.values(), (*owners, owners[0]), strict=True):
        agent.owner = owner or ""
    result = await submit(hass, simulator.key, simulator.url)
    assert result["title"] == "Getscreen.me"


@pytest.mark.parametrize(("fault", "error"), ERRORS, ids=[fault.name for fault, _ in ERRORS])
async def test_failures_are_told_and_can_be_mended(hass: HomeAssistant, simulator: Simulator, fault: Fault, error: str) -> None:
    simulator.fail(fault)
    result = await submit(hass, simulator.key, simulator.url)
    assert result["type"] is FlowResultType.FORM
    assert result["errors"] == {"base": error}
    assert simulator.key_leaks == 0
    simulator.heal()
    result = await hass.config_entries.flow.async_configure(result["flow_id"], {CONF_API_KEY: simulator.key, CONF_URL: simulator.url})
    assert result["type"] is FlowResultType.CREATE_ENTRY


def cause_of(result: ConfigFlowResult) -> str:
    """Return why the server cannot be reached, as the form says it."""
    assert result["errors"] == {"base": "cannot_connect"}
    placeholders = result["description_placeholders"]
    assert placeholders is not None
    return placeholders["cause"]


async def test_server_that_does_not_answer(hass: HomeAssistant, simulator: Simulator) -> None:
    simulator.fail(Fault.HANG)
    with patch.dict(GetscreenClient.__init__.__kwdefaults__, timeout=0.1):
        result = await submit(hass, simulator.key, simulator.url)
    assert cause_of(result) == "it did not answer in time"


async def test_server_that_is_not_there(hass: HomeAssistant, caplog: pytest.LogCaptureFixture) -> None:
    """The form says why, in Home Assistant's language; a developer finds more in the log."""
    caplog.set_level("DEBUG", "custom_components.getscreen")
    assert cause_of(await submit(hass, "a-key", "http://127.0.0.1:9/v1")) == "it refused the connection"
    assert "127.0.0.1:9" in caplog.text
    assert "a-key" not in caplog.text


@pytest.mark.parametrize(
    ("error", "cause"),
    [
        (GetscreenConnectionError("x", cause=ConnectionCause.NAME), "its name could not be resolved"),
        (GetscreenConnectionError("x", cause=ConnectionCause.CERTIFICATE), "its certificate is not trusted"),
        (GetscreenConnectionError("certificate has expired", cause=ConnectionCause.CERTIFICATE), "its certificate has expired"),
        (GetscreenConnectionError("Hostname mismatch", cause=ConnectionCause.CERTIFICATE), "its certificate is for another host name"),
        (
            GetscreenConnectionError("self-signed certificate", cause=ConnectionCause.CERTIFICATE),
            "its certificate is self-signed, so it is not trusted",
        ),
        (GetscreenConnectionError("cut {off}"), "the connection failed: cut {off}"),
    ],
)
async def test_why_a_server_cannot_be_reached(hass: HomeAssistant, error: Exception, cause: str) -> None:
    with patch.object(GetscreenClient, "list_agents", side_effect=error):
        assert cause_of(await submit(hass, "a-key", "https://api.getscreen.me/v1")) == cause


async def test_something_in_between_refuses(hass: HomeAssistant) -> None:
    """At first it is the connection's fault; when the same is sent again, there may be something wrong with the key."""
    with patch.object(GetscreenClient, "list_agents", side_effect=AccessBlockedError("HTTP 403")):
        result = await submit(hass, "a-key", "https://api.getscreen.me/v1")
        for key, errors in (
            ("other-key", {"base": "cannot_connect"}),
            ("a-key", {"base": "cannot_connect"}),
            ("a-key", {"base": "invalid_auth"}),
        ):
            assert cause_of(result) == "a proxy, firewall or login page answered instead"
            typed = {CONF_API_KEY: key, CONF_URL: "https://api.getscreen.me/v1"}
            result = await hass.config_entries.flow.async_configure(result["flow_id"], typed)
            assert result["errors"] == errors


async def test_what_was_typed_stays(hass: HomeAssistant, simulator: Simulator) -> None:
    """The key too, unless it was refused."""

    def suggested(result: ConfigFlowResult) -> dict[str, Any]:
        schema = result["data_schema"]
        assert schema is not None
        return {str(field): (field.description or {}).get("suggested_value") for field in schema.schema}

    simulator.fail(Fault.SERVER_ERROR)
    assert suggested(await submit(hass, "typed", simulator.url)) == {CONF_API_KEY: "typed", CONF_URL: simulator.url}
    assert suggested(await submit(hass, "typed", "no address")) == {CONF_API_KEY: "typed", CONF_URL: "no address"}
    simulator.heal()
    assert suggested(await submit(hass, "typed", simulator.url)) == {CONF_API_KEY: None, CONF_URL: simulator.url}


async def test_an_old_server_that_takes_the_key_as_a_parameter(
    hass: HomeAssistant, simulator: Simulator, caplog: pytest.LogCaptureFixture
) -> None:
    """It is tried once where the header is refused, and remembered; another server is asked by the header again."""
    caplog.set_level("DEBUG", "custom_components.getscreen")
    simulator.key_in_query = True
    result = await submit(hass, simulator.key, simulator.url)
    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert result["data"] == {CONF_API_KEY: simulator.key, CONF_URL: simulator.url, "key_in_query": True}
    await hass.async_block_till_done(wait_background_tasks=True)
    entry = result["result"]
    assert entry.state is ConfigEntryState.LOADED
    # The header alone, then the parameter alone.
    assert [simulator.key in request.parameters.values() for request in simulator.requests[:3]] == [False, True, True]
    assert simulator.key not in caplog.text

    async def change(source: str, **typed: str) -> ConfigFlowResult:
        context = ConfigFlowContext(source=source, entry_id=entry.entry_id)
        result = await hass.config_entries.flow.async_init(DOMAIN, context=context, data=entry.data if source == SOURCE_REAUTH else None)
        return await hass.config_entries.flow.async_configure(result["flow_id"], typed)

    simulator.key = "new-key"
    assert (await change(SOURCE_REAUTH, api_key="new-key"))["reason"] == "reauth_successful"
    await hass.async_block_till_done(wait_background_tasks=True)
    assert entry.data == {CONF_API_KEY: "new-key", CONF_URL: simulator.url, "key_in_query": True}
    simulator.key_in_query = False
    assert (await change(SOURCE_RECONFIGURE, url=simulator.url))["reason"] == "reconfigure_successful"
    await hass.async_block_till_done(wait_background_tasks=True)
    assert entry.data == {CONF_API_KEY: "new-key", CONF_URL: simulator.url}
    assert entry.state is ConfigEntryState.LOADED


@pytest.mark.parametrize(
    ("first", "second", "reason"),
    [
        (AccessBlockedError("HTTP 403"), AccessDeniedError("HTTP 403"), "invalid_auth"),
        (AccessDeniedError("HTTP 403"), AccessBlockedError("HTTP 403"), "invalid_auth"),
        (AccessDeniedError("HTTP 403"), RequestLimitError("HTTP 402"), "request_limit"),
        (AccessDeniedError("HTTP 403"), GetscreenConnectionError("no answer"), "invalid_auth"),
    ],
)
async def test_an_old_server_that_refuses_both_ways(hass: HomeAssistant, first: Exception, second: Exception, reason: str) -> None:
    """The form shows what the API says of the key, whichever of the two answers is the API's."""
    with patch.object(GetscreenClient, "list_agents", side_effect=[first, second]):
        result = await submit(hass, "a-key", "https://getscreen.example.com/v1")
    assert result["errors"] == {"base": reason}


async def test_a_public_server_gets_the_key_in_a_header_only(hass: HomeAssistant) -> None:
    with patch.object(GetscreenClient, "list_agents", side_effect=AccessDeniedError("HTTP 403")) as list_agents:
        result = await submit(hass, "a-key", "https://api.getscreen.me/v1")
    assert result["errors"] == {"base": "invalid_auth"}
    assert list_agents.call_count == 1


async def test_unexpected_failure(hass: HomeAssistant, simulator: Simulator, caplog: pytest.LogCaptureFixture) -> None:
    with patch("custom_components.getscreen.config_flow.GetscreenClient.list_agents", side_effect=RuntimeError("boom")):
        result = await submit(hass, simulator.key, simulator.url)
    assert result["errors"] == {"base": "unknown"}
    assert "boom" in caplog.text
    assert simulator.key not in caplog.text


@pytest.mark.parametrize(
    "url",
    [
        "http://api.getscreen.me/v1",
        "http://192.168.1.10/v1",
        "http://localhost.example.com/v1",
        "http://name.localhost/v1",
        "http://127.0.0.1.nip.io/v1",
        "ftp://127.0.0.1/v1",
        "api.getscreen.me/v1",
        "https://",
        "https://user:password@api.getscreen.me/v1",
        "https://api.getscreen.me/v1?apikey=x",
        "https://api.getscreen.me/v1#x",
        "https://api.getscreen.me:99999/v1",
        "https://[::1/v1",
        "not a url",
        "https://ex ample.com/v1",
        "https://ex\nample.com/v1",
        "https://..",
        "https://%00/v1",
        "https://-/v1",
        "",
    ],
)
async def test_url_that_cannot_be_right(hass: HomeAssistant, simulator: Simulator, url: str) -> None:
    """It is refused before anything is sent."""
    result = await submit(hass, simulator.key, url)
    assert result["type"] is FlowResultType.FORM
    assert result["errors"] == {CONF_URL: "invalid_url"}
    assert simulator.count() == 0


@pytest.mark.parametrize("url", ["http://localhost:1/v1", "http://[::1]:1/v1", "http://127.8.9.10:1/v1"])
async def test_loopback_may_do_without_https(hass: HomeAssistant, url: str) -> None:
    # The tests may only talk to 127.0.0.1 itself.
    with patch.object(GetscreenClient, "list_agents", side_effect=GetscreenConnectionError("nobody there")):
        result = await submit(hass, "a-key", url)
    assert result["errors"] == {"base": "cannot_connect"}


@pytest.mark.parametrize("key", ["", "   ", "two words", "clé", "a\nb", "a\x00b"])
async def test_key_that_cannot_be_right(hass: HomeAssistant, simulator: Simulator, key: str) -> None:
    """It is refused before anything is sent."""
    result = await submit(hass, key, simulator.url)
    assert result["errors"] == {CONF_API_KEY: "invalid_key"}
    assert simulator.count() == 0


async def test_same_account_twice(hass: HomeAssistant, simulator: Simulator, set_up: SetUp) -> None:
    """The same key and server is an account that is there already, unless the one that is there is filtered."""
    entry = await set_up()
    result = await submit(hass, simulator.key, simulator.url)
    assert result["type"] is FlowResultType.ABORT
    assert result["reason"] == "already_configured"
    hass.config_entries.async_update_entry(entry, options={"search": "Reception"})
    result = await submit(hass, simulator.key, simulator.url)
    assert result["type"] is FlowResultType.CREATE_ENTRY
    await hass.async_block_till_done(wait_background_tasks=True)
    assert len({entry.unique_id for entry in hass.config_entries.async_entries(DOMAIN)}) == 2


async def test_refused_key_asks_for_another(hass: HomeAssistant, simulator: Simulator, set_up: SetUp) -> None:
    """A key that is refused in mid-life starts the flow; the new key is taken, everything else stays."""
    entry = await set_up()
    simulator.key = "new-key"
    await pass_time(hass)
    await pass_time(hass)
    (flow,) = hass.config_entries.flow.async_progress()
    assert flow["context"]["source"] == "reauth"
    assert flow["step_id"] == "reauth_confirm"
    result = await hass.config_entries.flow.async_configure(flow["flow_id"], {CONF_API_KEY: "wrong-key"})
    assert result["errors"] == {"base": "invalid_auth"}
    result = await hass.config_entries.flow.async_configure(flow["flow_id"], {CONF_API_KEY: "new-key"})
    assert result["type"] is FlowResultType.ABORT
    assert result["reason"] == "reauth_successful"
    await hass.async_block_till_done(wait_background_tasks=True)
    assert entry.data == {CONF_API_KEY: "new-key", CONF_URL: simulator.url}
    assert entry.state is ConfigEntryState.LOADED
    assert not hass.config_entries.flow.async_progress()


async def test_the_name_of_an_account_is_no_markdown(hass: HomeAssistant, set_up: SetUp) -> None:
    """It comes from the server, and the form would show its links and pictures."""
    entry = await set_up()
    hass.config_entries.async_update_entry(entry, title="![x](http://a.example/p)\n# _Marta_ my_name@www.example.com")
    result = await entry.start_reauth_flow(hass)
    placeholders = result["description_placeholders"]
    assert placeholders is not None
    assert placeholders["account"] == r"\!\[x\]\(http\://a.example/p\) \# \_Marta\_ my_name@www\.example.com"


async def begin(hass: HomeAssistant, entry: MockConfigEntry, flow: str) -> ConfigFlowResult:
    """Begin one of the flows that change an entry."""
    return await (entry.start_reauth_flow(hass) if flow == "reauth" else entry.start_reconfigure_flow(hass))


def answers(flow: str, api_key: str, url: str) -> dict[str, Any]:
    """Return what is submitted in one of these flows."""
    return {CONF_API_KEY: api_key} if flow == "reauth" else {CONF_API_KEY: api_key, CONF_URL: url}


@pytest.mark.parametrize("flow", ["reauth", "reconfigure"])
async def test_key_of_another_account(hass: HomeAssistant, simulator: Simulator, set_up: SetUp, flow: str) -> None:
    entry = await set_up()
    mine = list(simulator.account.agents)
    simulator.account.add_agent("Somebody else's")
    for agent_id in mine:
        simulator.account.remove_agent(agent_id)
    simulator.key = "other-key"
    result = await begin(hass, entry, flow)
    result = await hass.config_entries.flow.async_configure(result["flow_id"], answers(flow, "other-key", simulator.url))
    assert result["type"] is FlowResultType.ABORT
    assert result["reason"] == "wrong_account"
    assert entry.data[CONF_API_KEY] == "a-key"


@pytest.mark.parametrize("flow", ["reauth", "reconfigure"])
@pytest.mark.parametrize("left", [1, 0], ids=["some known", "none at all"])
async def test_key_of_an_account_that_shrank(hass: HomeAssistant, simulator: Simulator, set_up: SetUp, flow: str, left: int) -> None:
    """It is the same account if it still has one of the devices, and may well be if it has none."""
    entry = await set_up()
    for agent_id in list(simulator.account.agents)[left:]:
        simulator.account.remove_agent(agent_id)
    simulator.key = "new-key"
    result = await begin(hass, entry, flow)
    result = await hass.config_entries.flow.async_configure(result["flow_id"], answers(flow, "new-key", simulator.url))
    assert result["reason"] == f"{'reauth' if flow == 'reauth' else 'reconfigure'}_successful"
    await hass.async_block_till_done(wait_background_tasks=True)


@pytest.mark.parametrize("flow", ["reauth", "reconfigure"])
@pytest.mark.parametrize(("fault", "error"), ERRORS[:3] + ERRORS[-4:])
async def test_failures_while_changing(
    hass: HomeAssistant, simulator: Simulator, set_up: SetUp, flow: str, fault: Fault, error: str
) -> None:
    entry = await set_up()
    result = await begin(hass, entry, flow)
    simulator.fail(fault)
    result = await hass.config_entries.flow.async_configure(result["flow_id"], answers(flow, simulator.key, simulator.url))
    assert result["type"] is FlowResultType.FORM
    assert result["errors"] == {"base": error}


@pytest.mark.parametrize("flow", ["reauth", "reconfigure"])
async def test_key_that_cannot_be_right_while_changing(hass: HomeAssistant, simulator: Simulator, set_up: SetUp, flow: str) -> None:
    entry = await set_up()
    before = simulator.count()
    result = await begin(hass, entry, flow)
    result = await hass.config_entries.flow.async_configure(result["flow_id"], answers(flow, "two words", simulator.url))
    assert result["errors"] == {CONF_API_KEY: "invalid_key"}
    assert simulator.count() == before


async def test_another_server_with_the_same_key(hass: HomeAssistant, account: Account, simulator: Simulator, set_up: SetUp) -> None:
    """An empty key keeps the one in use; devices stay the same ones."""
    entry = await set_up()
    device = device_of(hass, entry, 1)
    async with Simulator(account, key=simulator.key) as other:
        result = await entry.start_reconfigure_flow(hass)
        schema = result["data_schema"]
        assert schema is not None
        suggested = {str(field): (field.description or {}).get("suggested_value") for field in schema.schema}
        assert suggested == {CONF_API_KEY: None, CONF_URL: simulator.url}
        result = await hass.config_entries.flow.async_configure(result["flow_id"], {CONF_URL: "http://example.com/v1"})
        assert result["errors"] == {CONF_URL: "invalid_url"}
        result = await hass.config_entries.flow.async_configure(result["flow_id"], {CONF_URL: other.url})
        assert result["reason"] == "reconfigure_successful"
        await hass.async_block_till_done(wait_background_tasks=True)
        assert entry.data == {CONF_API_KEY: "a-key", CONF_URL: other.url}
        assert other.count("agents/list") == 2  # once to see that it works, once to set up
        assert device_of(hass, entry, 1) == device


async def test_changing_into_an_account_that_is_there(hass: HomeAssistant, simulator: Simulator, set_up: SetUp) -> None:
    entry = await set_up()
    other = MockConfigEntry(domain=DOMAIN, unique_id="other", data={**entry.data, CONF_API_KEY: "old-key"})
    other.add_to_hass(hass)
    result = await other.start_reconfigure_flow(hass)
    result = await hass.config_entries.flow.async_configure(result["flow_id"], {CONF_API_KEY: simulator.key, CONF_URL: simulator.url})
    assert result["reason"] == "already_configured"


OPTIONS = {
    "scan_interval": 120,
    "hardware_interval": 0,
    "search": "",
    "group_id": "",
    "invitations": False,
    "show_permanent_link": False,
}


async def test_options_begin_with_the_defaults(hass: HomeAssistant, set_up: SetUp) -> None:
    entry = await set_up()
    result = await hass.config_entries.options.async_init(entry.entry_id)
    assert result["step_id"] == "init"
    schema = result["data_schema"]
    assert schema is not None
    assert {str(field): field.description["suggested_value"] for field in schema.schema} == DEFAULT_OPTIONS


async def test_options_are_used_after_one_reload(hass: HomeAssistant, account: Account, simulator: Simulator, set_up: SetUp) -> None:
    entry = await set_up()
    kept = account.agents[2]
    simulator.requests.clear()
    result = await hass.config_entries.options.async_init(entry.entry_id)
    result = await hass.config_entries.options.async_configure(result["flow_id"], {**OPTIONS, "search": f" {kept.name} "})
    assert result["type"] is FlowResultType.CREATE_ENTRY
    await hass.async_block_till_done(wait_background_tasks=True)
    assert entry.options == {**OPTIONS, "search": kept.name}
    (request,) = simulator.requests
    assert request.parameters == {"search": kept.name}
    assert [agent_id for agent_id in account.agents if device_of(hass, entry, agent_id)] == [kept.id]
    await pass_time(hass, 61)
    assert simulator.count() == 1
    await pass_time(hass, 121)
    assert simulator.count() == 2


@pytest.mark.parametrize(
    "wrong",
    [
        {"scan_interval": 29},
        {"scan_interval": 3601},
        {"scan_interval": "often"},
        {"hardware_interval": -1},
        {"hardware_interval": 721},
        {"colour": "blue"},
    ],
)
async def test_options_that_cannot_be_right(hass: HomeAssistant, set_up: SetUp, wrong: dict[str, Any]) -> None:
    entry = await set_up()
    result = await hass.config_entries.options.async_init(entry.entry_id)
    with pytest.raises(InvalidData):
        await hass.config_entries.options.async_configure(result["flow_id"], {**OPTIONS, **wrong})
    assert entry.options == {}


@pytest.mark.parametrize("group", ["abc", "1.5", "-1", "Büro West"])
async def test_a_group_is_any_text(hass: HomeAssistant, simulator: Simulator, set_up: SetUp, group: str) -> None:
    entry = await set_up()
    simulator.requests.clear()
    result = await hass.config_entries.options.async_init(entry.entry_id)
    result = await hass.config_entries.options.async_configure(result["flow_id"], {**OPTIONS, "group_id": f" {group} "})
    assert result["type"] is FlowResultType.CREATE_ENTRY
    await hass.async_block_till_done(wait_background_tasks=True)
    assert [request.parameters for request in simulator.requests] == [{"group_id": group}]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("hardware_interval", None),
        ("hardware_interval", "24"),
        ("hardware_interval", -1),
        ("hardware_interval", 10**9),
        ("scan_interval", 0.5),
        ("scan_interval", True),
        ("search", ["a"]),
        ("invitations", "yes"),
    ],
)
async def test_options_of_a_file_that_was_edited(
    hass: HomeAssistant, simulator: Simulator, set_up: SetUp, caplog: pytest.LogCaptureFixture, name: str, value: Any
) -> None:
    """The account works with the default, one warning says so, and the form can be saved."""
    entry = await set_up(**{name: value})
    assert entry.state is ConfigEntryState.LOADED
    await hass.config_entries.async_reload(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    warnings = [record.getMessage() for record in caplog.records if record.name == "custom_components.getscreen" and record.levelno > 20]
    assert warnings == [f"owner@example.com: these options cannot be used, so their defaults apply: {name}"]
    assert simulator.requests[0].parameters == {}
    result = await hass.config_entries.options.async_init(entry.entry_id)
    schema = result["data_schema"]
    assert schema is not None
    suggested = {str(field): field.description["suggested_value"] for field in schema.schema}
    assert suggested == DEFAULT_OPTIONS


async def test_options_that_make_two_entries_the_same(hass: HomeAssistant, set_up: SetUp) -> None:
    entry = await set_up()
    other = MockConfigEntry(domain=DOMAIN, unique_id="other", data=entry.data, options={"search": "Reception"})
    other.add_to_hass(hass)
    result = await hass.config_entries.options.async_init(other.entry_id)
    result = await hass.config_entries.options.async_configure(result["flow_id"], OPTIONS)
    assert result["type"] is FlowResultType.ABORT
    assert result["reason"] == "already_configured"
