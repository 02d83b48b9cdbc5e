"""Serves the previews of the computers' desktops to browsers, by the links that records hold."""

from http import HTTPStatus

from aiohttp import hdrs, web
from homeassistant.components.http import KEY_HASS, HomeAssistantView
from homeassistant.core import HomeAssistant, callback
from homeassistant.util import dt as dt_util

from ..account import async_loaded_entry
from ..account.previews import PREVIEW_ROUTE, NoPictureError
from ..const import LOGGER

_HEADERS = {
    # A link has a new number when the desktop looks different.
    hdrs.CACHE_CONTROL: "private, max-age=14400",
    # A picture that is opened as a page has Home Assistant's origin, so nothing in it may run.
    "Content-Security-Policy": "sandbox; default-src 'none'; img-src 'self'",
    "X-Content-Type-Options": "nosniff",
}


@callback
def async_register_previews(hass: HomeAssistant) -> None:
    """Register the view that serves the previews of all accounts."""
    hass.http.register_view(PreviewView())


class PreviewView(HomeAssistantView):
    """A preview, named by the entry's id and the agent's id. The signature in the link stands for a login."""

    url = PREVIEW_ROUTE
    name = "api:getscreen:preview"
    requires_auth = False

    async def get(self, request: web.Request, entry_id: str, agent_id: str) -> web.Response:
        """Return the picture. An error shows the browser nothing about the server."""
        entry = async_loaded_entry(request.app[KEY_HASS], entry_id)
        # The same answer as for a wrong signature, so that nobody without a login learns which accounts and computers exist.
        # It is not 401, which would count as a wrong login: a page that was open for a day has links that have expired.
        if entry is None or not entry.runtime_data.previews.async_is_valid(int(agent_id), request.query, dt_util.utcnow()):
            return web.Response(status=HTTPStatus.FORBIDDEN)
        try:
            picture = await entry.runtime_data.previews.async_picture(int(agent_id))
        except NoPictureError as error:
            LOGGER.debug("No preview of agent %s of %s: %s", agent_id, entry.title, error)
            return web.Response(status=HTTPStatus.NOT_FOUND if error.gone else HTTPStatus.BAD_GATEWAY)
        return web.Response(body=picture.content, content_type=picture.content_type, headers=_HEADERS)
