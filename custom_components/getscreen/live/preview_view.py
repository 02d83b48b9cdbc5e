"""Serves the previews of the computers' desktops to browsers, through the links in the records."""

from http import HTTPStatus

from aiohttp import hdrs, web
from homeassistant.components.http import KEY_HASS, HomeAssistantView
from homeassistant.core import HomeAssistant, callback
from homeassistant.util import dt as dt_util

from ..account import async_loaded_entry
from ..account.previews import PREVIEW_ROUTE, NoPictureError
from ..const import LOGGER

_HEADERS = {
    # Browsers may cache the picture, because a changed desktop gets another link.
    hdrs.CACHE_CONTROL: "private, max-age=14400",
    # A picture that is opened as a page has Home Assistant's origin, so its scripts must not run.
    "Content-Security-Policy": "sandbox; default-src 'none'; img-src 'self'",
    "X-Content-Type-Options": "nosniff",
}


@callback
def async_register_previews(hass: HomeAssistant) -> None:
    """Register the view that serves the previews of all accounts."""
    hass.http.register_view(PreviewView())


class PreviewView(HomeAssistantView):
    """A preview, identified by the entry's id and the agent's id. The signature in the link replaces a login."""

    url = PREVIEW_ROUTE
    name = "api:getscreen:preview"
    requires_auth = False

    async def get(self, request: web.Request, entry_id: str, agent_id: str) -> web.Response:
        """Return the picture, or HTTP 403, 404 or 502 without details about the server."""
        entry = async_loaded_entry(request.app[KEY_HASS], entry_id)
        # A missing account gets the same answer as a wrong signature, so that clients without a login cannot find out which ones exist.
        # Not 401, which Home Assistant counts as a failed login: the links of a page that is open for a day expire.
        if entry is None or not entry.runtime_data.previews.async_is_valid(int(agent_id), request.query, dt_util.utcnow()):
            return web.Response(status=HTTPStatus.FORBIDDEN)
        try:
            picture = await entry.runtime_data.previews.async_picture(int(agent_id))
        except NoPictureError as error:
            LOGGER.debug("No preview of agent %s of %s: %s", agent_id, entry.title, error)
            return web.Response(status=HTTPStatus.NOT_FOUND if error.gone else HTTPStatus.BAD_GATEWAY)
        return web.Response(body=picture.content, content_type=picture.content_type, headers=_HEADERS)
