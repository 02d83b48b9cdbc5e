"""The ways in which a request can fail, and the answer for each."""

import asyncio
from enum import StrEnum

from aiohttp import web
import orjson

_HUGE_BYTES = 50_000_000
_CHUNK = b"0, " * 32_768
_HTML = "<!DOCTYPE html><html><head><title>Maintenance</title></head><body><h1>We'll be back soon</h1></body></html>"
_CUT = b'{"data": [{"id": 1, "name": "Reception PC", "online": tr'


class Fault(StrEnum):
    """One way to fail. A request that fails does not change the account, except for LOST_ANSWER."""

    BAD_REQUEST = "400"
    PAYMENT_REQUIRED = "402"
    FORBIDDEN = "403"
    NOT_FOUND = "404"
    METHOD_NOT_ALLOWED = "405"
    TOO_MANY_REQUESTS = "429"
    SERVER_ERROR = "500"
    BAD_GATEWAY = "502"
    UNAVAILABLE = "503"
    HTML = "a web page with status 200"
    HTML_BAD_GATEWAY = "a web page with status 502"
    CUT_JSON = "JSON that ends in the middle"
    CUT_CONNECTION = "a connection closed in the middle of the answer"
    EMPTY = "an empty body with status 200"
    WRONG_TYPES = "JSON with a text where data should be a list or an object"
    WRONG_ITEMS = "a list of things that are not what they should be"
    NULL = "JSON null"
    HUGE = "an answer of 50 MB"
    HANG = "no answer, ever"
    DROPPED = "a connection closed without an answer"
    LOST_ANSWER = "a connection closed after the request took effect"
    REDIRECT = "a redirect to /elsewhere on the same server"


_BODIES = {
    Fault.CUT_JSON: _CUT,
    Fault.EMPTY: b"",
    Fault.WRONG_TYPES: b'{"data": "soon", "status": "fine", "remain": "many", "total": "few"}',
    Fault.WRONG_ITEMS: b'{"data": [null, 7, "agent", [], {"id": "x", "name": 7, "sessions": "none", "geo": [], "online": "yes"}]}',
    Fault.NULL: b"null",
}


def json_error(code: int, text: str, headers: dict[str, str] | None = None) -> web.Response:
    """Return an error in the API's format."""
    return web.Response(status=code, body=orjson.dumps({"error": text}), content_type="application/json", headers=headers)


async def faulty_answer(fault: Fault, request: web.Request, retry_after: int | None, stopping: asyncio.Event) -> web.StreamResponse:
    """Return the answer of a fault; `retry_after` (seconds) is sent in its header, if it has one. HANG ends when `stopping` is set."""
    headers = {} if retry_after is None else {"Retry-After": str(retry_after)}
    if fault.isdecimal():
        return json_error(int(fault), f"told to answer {fault}", headers)
    if fault in _BODIES:
        return web.Response(body=_BODIES[fault], content_type="application/json", headers=headers)
    if fault in (Fault.HTML, Fault.HTML_BAD_GATEWAY):
        return web.Response(status=200 if fault is Fault.HTML else 502, text=_HTML, content_type="text/html", headers=headers)
    if fault is Fault.REDIRECT:
        return web.Response(status=302, headers=headers | {"Location": f"/elsewhere{request.path}"})
    return await _broken_connection(fault, request, stopping)


async def _broken_connection(fault: Fault, request: web.Request, stopping: asyncio.Event) -> web.StreamResponse:
    if fault is Fault.CUT_CONNECTION:
        return await _cut_connection(request)
    if fault is Fault.HUGE:
        return await _huge(request, stopping)
    if fault is Fault.HANG:
        await stopping.wait()
    return drop(request)


def drop(request: web.Request) -> web.Response:
    """Close the connection without an answer."""
    if request.transport is not None:
        request.transport.abort()
    return web.Response()  # is never sent


async def _cut_connection(request: web.Request) -> web.StreamResponse:
    response = web.StreamResponse(headers={"Content-Type": "application/json", "Content-Length": "5000"})
    await response.prepare(request)
    await response.write(_CUT)
    if request.transport is not None:
        request.transport.close()
    return response


async def _huge(request: web.Request, stopping: asyncio.Event) -> web.StreamResponse:
    response = web.StreamResponse(headers={"Content-Type": "application/json"})
    await response.prepare(request)
    await response.write(b'{"data": [')
    for _ in range(_HUGE_BYTES // len(_CHUNK) + 1):
        if stopping.is_set():
            break
        await response.write(_CHUNK)
    await response.write(b"0]}")
    return response
