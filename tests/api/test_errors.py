"""Which error each fault of a server is, for every method."""

from traceback import format_exception

import aiohttp
import pytest

from custom_components.getscreen.api import (
    AccessDeniedError,
    GetscreenClient,
    GetscreenConnectionError,
    GetscreenError,
    InvalidResponseError,
    RequestLimitError,
    RequestRefusedError,
)
from simulator import Fault, Simulator

from .helpers import LISTS, METHODS

# The error of each fault, for every method except those below.
_ERRORS: dict[Fault, type[GetscreenError]] = {
    Fault.BAD_REQUEST: RequestRefusedError,
    Fault.PAYMENT_REQUIRED: RequestLimitError,
    Fault.FORBIDDEN: AccessDeniedError,
    Fault.NOT_FOUND: InvalidResponseError,
    Fault.METHOD_NOT_ALLOWED: InvalidResponseError,
    Fault.TOO_MANY_REQUESTS: GetscreenConnectionError,
    Fault.SERVER_ERROR: GetscreenConnectionError,
    Fault.BAD_GATEWAY: GetscreenConnectionError,
    Fault.UNAVAILABLE: GetscreenConnectionError,
    Fault.HTML: InvalidResponseError,
    Fault.HTML_BAD_GATEWAY: GetscreenConnectionError,
    Fault.CUT_JSON: InvalidResponseError,
    Fault.CUT_CONNECTION: GetscreenConnectionError,
    Fault.EMPTY: InvalidResponseError,
    Fault.WRONG_TYPES: InvalidResponseError,
    Fault.WRONG_ITEMS: InvalidResponseError,
    Fault.NULL: InvalidResponseError,
    Fault.HUGE: InvalidResponseError,
    Fault.HANG: GetscreenConnectionError,
    Fault.DROPPED: GetscreenConnectionError,
    Fault.LOST_ANSWER: GetscreenConnectionError,
    Fault.REDIRECT: InvalidResponseError,
}
# For these methods the HTTP code alone means success, so an empty answer is fine.
_SILENT = {"agents/reboot", "agents/wake", "agents/logout", "devices/update", "support/close"}
_FINE = {
    Fault.EMPTY: _SILENT,
    Fault.NULL: _SILENT,
    Fault.WRONG_ITEMS: _SILENT | set(LISTS),  # lists without a usable record
    Fault.WRONG_TYPES: {"support/close"},
}


@pytest.mark.parametrize("fault", Fault)
async def test_faults(session: aiohttp.ClientSession, simulator: Simulator, fault: Fault) -> None:
    client = GetscreenClient(session, simulator.key, simulator.url, timeout=0.1 if fault is Fault.HANG else 30)
    simulator.fail(fault, retry_after=90)
    methods = ["agents/list", "agents/connect"] if fault is Fault.HUGE else METHODS  # slow, and the same for all
    for method in methods:
        if method in _FINE.get(fault, ()):
            await METHODS[method](client)
            continue
        with pytest.raises(GetscreenError) as caught:
            await METHODS[method](client)
        error = caught.value
        assert type(error) is _ERRORS[fault], method
        assert simulator.key not in f"{error} {error!r}"
        assert simulator.key not in "".join(format_exception(error))
        assert error.__cause__ is None  # aiohttp's own errors contain the key
        if isinstance(error, RequestLimitError | GetscreenConnectionError):
            codes = fault.isdecimal() or fault is Fault.HTML_BAD_GATEWAY
            assert error.retry_after == (90 if codes else None)
        if isinstance(error, RequestRefusedError):
            assert error.reason == "told to answer 400"
    assert (simulator.key_leaks, simulator.redirects_followed) == (0, 0)
