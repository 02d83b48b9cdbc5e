"""A client of Home Assistant's REST and websocket APIs, with what the demo and its tests need."""

from typing import Any

import aiohttp

from demo.errors import DemoError

type Json = dict[str, Any]


class Client:
    """A client for Home Assistant at a URL. All methods except `serves` and `create_owner` need `token`."""

    def __init__(self, session: aiohttp.ClientSession, url: str) -> None:
        """Use an HTTP session, which the caller has to close."""
        self._session = session
        self.url = url
        self.token: str | None = None

    async def serves(self) -> bool:
        """Return whether the web server of Home Assistant answers."""
        try:
            async with self._session.get(f"{self.url}/manifest.json") as response:
                return response.status == 200
        except aiohttp.ClientError:
            return False

    async def request(self, method: str, path: str, data: Json | None = None) -> Any:
        """Return the JSON answer of a REST request under /api; raises DemoError for an HTTP error."""
        headers = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        async with self._session.request(method, f"{self.url}/api/{path}", json=data, headers=headers) as response:
            if not response.ok:
                raise DemoError(f"Home Assistant answered {method} /api/{path} with {response.status}: {(await response.text())[:500]}")
            return await response.json()

    async def command(self, kind: str, **data: Any) -> Any:
        """Return the result of a websocket command; raises DemoError if it fails.

        Each command opens its own connection, because an idle connection would have to answer pings.
        """
        async with self._session.ws_connect(f"{self.url}/api/websocket", max_msg_size=0) as socket:
            await socket.receive_json()
            await socket.send_json({"type": "auth", "access_token": self.token})
            if (await socket.receive_json())["type"] != "auth_ok":
                raise DemoError("Home Assistant no longer accepts the demo's token. Start again with --fresh.")
            await socket.send_json({"id": 1, "type": kind, **data})
            answer = await socket.receive_json()
        if not answer["success"]:
            raise DemoError(f"Home Assistant rejected {kind}: {answer['error']['message']}")
        return answer["result"]

    async def create_owner(self, name: str, password: str) -> str:
        """Create the owner through the onboarding, and return a long-lived access token."""
        answer = await self.request(
            "POST",
            "onboarding/users",
            {"name": name.capitalize(), "username": name, "password": password, "client_id": f"{self.url}/", "language": "en"},
        )
        grant = {"grant_type": "authorization_code", "code": answer["auth_code"], "client_id": f"{self.url}/"}
        async with self._session.post(f"{self.url}/auth/token", data=grant) as response:
            response.raise_for_status()
            self.token = (await response.json())["access_token"]
        self.token = str(await self.command("auth/long_lived_access_token", client_name="scripts/demo", lifespan=3650))
        return self.token

    async def running(self) -> bool:
        """Return whether Home Assistant has started; raises DemoError if it is in recovery mode."""
        config = await self.command("get_config")
        if config["recovery_mode"]:
            raise DemoError("Home Assistant could not start with its configuration and is in recovery mode.")
        return bool(config["state"] == "RUNNING")

    async def entries(self) -> list[Json]:
        """Return the config entries of the integration."""
        entries: list[Json] = await self.command("config_entries/get")
        return [entry for entry in entries if entry["domain"] == "getscreen"]

    async def add_entry(self, key: str, url: str) -> str:
        """Set up the integration through its config flow, and return the id of the entry; raises DemoError."""
        flow = await self.request("POST", "config/config_entries/flow", {"handler": "getscreen"})
        result = await self.request("POST", f"config/config_entries/flow/{flow['flow_id']}", {"api_key": key, "url": url})
        if result["type"] != "create_entry":
            problem = result.get("reason") or ", ".join((result.get("errors") or {}).values()) or result["type"]
            raise DemoError(f"Getscreen.me could not be set up with the server {url}: {problem}.")
        return str(result["result"]["entry_id"])

    async def remove_entry(self, entry_id: str) -> None:
        """Remove a config entry with its devices and entities."""
        await self.request("DELETE", f"config/config_entries/entry/{entry_id}")

    async def devices(self) -> list[Json]:
        """Return all devices."""
        devices: list[Json] = await self.command("config/device_registry/list")
        return devices

    async def entities(self) -> list[Json]:
        """Return the enabled entities of the integration."""
        entities: list[Json] = await self.command("config/entity_registry/list")
        return [entity for entity in entities if entity["platform"] == "getscreen" and entity["disabled_by"] is None]

    async def states(self) -> dict[str, Json]:
        """Return all states by entity id."""
        return {state["entity_id"]: state for state in await self.command("get_states")}

    async def dashboards(self) -> list[str]:
        """Return the paths of all dashboards."""
        return [dashboard["url_path"] for dashboard in await self.command("lovelace/dashboards/list")]

    async def add_start_page(self, path: str, title: str, icon: str, config: Json) -> None:
        """Create a dashboard and make it the default one."""
        await self.command("lovelace/dashboards/create", url_path=path, title=title, icon=icon)
        await self.command("lovelace/config/save", url_path=path, config=config)
        core = (await self.command("frontend/get_system_data", key="core"))["value"] or {}
        await self.command("frontend/set_system_data", key="core", value=core | {"default_panel": path})

    async def add_area(self, name: str, device_ids: list[str]) -> None:
        """Create an area with devices."""
        area = await self.command("config/area_registry/create", name=name)
        for device_id in device_ids:
            await self.command("config/device_registry/update", device_id=device_id, area_id=area["area_id"])

    async def warm_up(self) -> None:
        """Load the descriptions of all actions in advance, because they delay the first page most."""
        await self.command("get_services")
