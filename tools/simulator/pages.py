"""The targets of the account's links: previews, recordings, and the pages of connections and invitations."""

import asyncio
from collections.abc import Awaitable, Callable
from html import escape
from typing import TYPE_CHECKING

from aiohttp import web

from .models import Agent, Session
from .pictures import desktop_png
from .recordings import make_recording

if TYPE_CHECKING:
    from .server import Simulator

type _Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

_RECORDINGS_CACHED = 20


class Pages:
    """Everything outside the API. No URL expects the key in a header, and only recordings expect it, as `?apikey=`."""

    def __init__(self, simulator: Simulator) -> None:
        self._simulator = simulator
        self._account = simulator.account
        self._recordings: dict[int, bytes] = {}
        self._encoding = asyncio.Lock()

    def add_to(self, app: web.Application) -> None:
        """Add the routes."""
        app.router.add_get("/preview/{agent:[0-9]+}/{moment:[0-9]+}.png", self._recorded(self._preview))
        app.router.add_get("/guest/{invitation:[0-9]+}/{moment:[0-9]+}.png", self._recorded(self._guest_preview))
        app.router.add_get("/video/{session:[0-9]+}.webm", self._recorded(self._video))
        app.router.add_get("/connect/{token}", self._recorded(self._connect), allow_head=False)
        app.router.add_get("/support/{token}", self._recorded(self._support), allow_head=False)
        app.router.add_get("/invite/{code}", self._recorded(self._invite), allow_head=False)
        app.router.add_route("*", "/elsewhere/{path:.*}", self._recorded(self._elsewhere))

    def _recorded(self, handler: _Handler) -> _Handler:
        async def record(request: web.Request) -> web.StreamResponse:
            self._simulator.downloads.append(request.path)
            in_query = "apikey" in request.query and not request.path.startswith("/video/")
            if "X-Api-Key" in request.headers or in_query:
                self._simulator.key_leaks += 1
            self._account.advance()
            return await handler(request)

        return record

    async def _preview(self, request: web.Request) -> web.StreamResponse:
        if failure := await self._simulator.failure("preview", request):
            return failure
        agent = self._account.agents.get(int(request.match_info["agent"]))
        if agent is None or not agent.preview_time:
            raise web.HTTPNotFound
        return await self._picture(agent.id, agent.name, agent.os, request)

    async def _guest_preview(self, request: web.Request) -> web.StreamResponse:
        invitation = self._account.invitations.get(int(request.match_info["invitation"]))
        if invitation is None or invitation.status not in (1, 2):
            raise web.HTTPNotFound
        return await self._picture(invitation.id, invitation.client_name, invitation.client_os, request)

    async def _picture(self, number: int, name: str, os: str, request: web.Request) -> web.Response:
        png = await asyncio.to_thread(desktop_png, number, name, os, int(request.match_info["moment"]))
        return web.Response(body=png, content_type="image/png")

    async def _video(self, request: web.Request) -> web.StreamResponse:
        if failure := await self._simulator.failure("video", request):
            return failure
        if request.query.get("apikey") != self._simulator.key:
            raise web.HTTPForbidden
        number = int(request.match_info["session"])
        session = next((row for row in reversed(self._account.history) if row.id == number), None)
        if session is None or session.video_size is None:
            raise web.HTTPNotFound
        return _part(request, await self._recording(session, session.video_size))

    async def _recording(self, session: Session, size: int) -> bytes:
        async with self._encoding:  # one at a time, because a player requests several ranges at once
            if session.id not in self._recordings:
                agent = session.agent
                number, name, os = (agent.id, agent.name, agent.os) if agent else (session.id, session.guest, "win")
                self._recordings[session.id] = await asyncio.to_thread(make_recording, number, name, os, session.start, size)
                if len(self._recordings) > _RECORDINGS_CACHED:
                    del self._recordings[next(iter(self._recordings))]
            return self._recordings[session.id]

    async def _connect(self, request: web.Request) -> web.StreamResponse:
        try:
            agent = self._account.use_link(request.match_info["token"])
        except KeyError:
            raise web.HTTPNotFound from None
        if agent is None:
            return _page("This link has been used", 410)
        return _page(_connected(agent))

    async def _support(self, request: web.Request) -> web.StreamResponse:
        token = request.match_info["token"]
        invitation = next((invitation for invitation in self._account.invitations.values() if invitation.token == token), None)
        if invitation is None:
            raise web.HTTPNotFound
        if invitation.status == 3:
            return _page("This connection is closed", 410)
        if invitation.status == 1:
            self._account.move_on(invitation)
        return _page(f"Connected to {invitation.client_name}" if invitation.status == 2 else "Waiting for the client")

    async def _invite(self, request: web.Request) -> web.StreamResponse:
        code = request.match_info["code"]
        invitation = next((invitation for invitation in self._account.invitations.values() if invitation.invite_code == code), None)
        if invitation is None:
            raise web.HTTPNotFound
        if invitation.status == 0:
            self._account.move_on(invitation)
        return _page("This invitation is closed" if invitation.status == 3 else "Waiting for the operator")

    async def _elsewhere(self, _request: web.Request) -> web.StreamResponse:
        self._simulator.redirects_followed += 1
        return _page("You have been redirected")


def _connected(agent: Agent) -> str:
    return f"Connected to {agent.name}" if agent.in_session else f"{agent.name} is offline"


def _page(text: str, status: int = 200) -> web.Response:
    html = f"<!DOCTYPE html><html><head><title>Getscreen simulator</title></head><body><h1>{escape(text)}</h1></body></html>"
    return web.Response(text=html, status=status, content_type="text/html")


def _part(request: web.Request, recording: bytes) -> web.Response:
    """Return the recording or its requested range; HTTP 416 for an invalid range."""
    headers = {"Accept-Ranges": "bytes"}
    if "Range" not in request.headers:
        return web.Response(body=recording, content_type="video/webm", headers=headers)
    try:
        start, stop, _ = request.http_range.indices(len(recording))
    except ValueError:
        start, stop = 0, 0
    if start >= stop:
        return web.Response(status=416, headers=headers | {"Content-Range": f"bytes */{len(recording)}"})
    headers["Content-Range"] = f"bytes {start}-{stop - 1}/{len(recording)}"
    return web.Response(status=206, body=recording[start:stop], content_type="video/webm", headers=headers)
