"""The tables of actions, permissions and errors, from their schemas, descriptions and texts."""

from collections.abc import Iterator
from typing import Any, NamedTuple, cast

from homeassistant.core import SupportsResponse
from homeassistant.util.yaml import load_yaml_dict
import voluptuous as vol

from custom_components.getscreen.actions import ACTIONS
from reference.markdown import INTEGRATION, TEXTS, code, table

_KINDS = {
    "boolean": "true or false",
    "config_entry": "the id of a config entry",
    "datetime": "date and time",
    "device": "the id of a device",
    "duration": "duration",
    "number": "whole number",
    "text": "text",
}
"""The type of a field by its selector."""


class Action(NamedTuple):
    """An action: its registration, and its description in services.yaml."""

    name: str
    schema: vol.Schema
    response: SupportsResponse
    needs: str
    described: dict[str, Any]

    @property
    def texts(self) -> dict[str, Any]:
        """Return the English texts of the action and its fields."""
        return cast("dict[str, Any]", TEXTS["services"][self.name])


def actions() -> dict[str, Action]:
    """Return all actions by name, in the order in which they are registered."""
    described = load_yaml_dict(str(INTEGRATION / "services.yaml"))
    return {
        a.name: Action(a.name, vol.Schema(a.fields), a.response, a.permission.text, cast("dict[str, Any]", described[a.name]) or {})
        for a in ACTIONS
    }


def permissions() -> str:
    """Return the table of the permissions that the actions require."""
    needs: dict[str, list[str]] = {}
    for action in actions().values():
        needs.setdefault(action.needs, []).append(code(f"getscreen.{action.name}"))
    return table(["Action", "What a user needs to call it"], ([", ".join(names), need] for need, names in needs.items()))


def action_list() -> str:
    """Return the table of all actions, with links to their details."""
    head = ["Action", "What it does", "Response"]
    page = "docs/actions.md"
    return table(
        head, ([f"[`getscreen.{a.name}`]({page}#getscreen{a.name})", a.texts["description"], _response(a)] for a in actions().values())
    )


def action_details() -> str:
    """Return a section for each action."""
    return "\n".join(_details(action) for action in actions().values())


def errors() -> str:
    """Return the table of the errors that actions and entities raise."""
    return table(["`translation_key`", "Message"], ([code(key), text["message"]] for key, text in TEXTS["exceptions"].items()))


def _details(action: Action) -> str:
    target = "Takes a **target**: devices, entities, areas, floors or labels, in any mix.\n\n" if "target" in action.described else ""
    about = f"{action.texts['description']} {_response(action, 'Response: {}.')}"
    head = f"### `getscreen.{action.name}`\n\n{about}\n\n{target}"
    rows = [list(row) for row in _fields(action)]
    return head + (table(["Field", "Value", "What it is for"], rows) if rows else "")


def _fields(action: Action) -> Iterator[tuple[str, str, str]]:
    markers = {str(marker): marker for marker in action.schema.schema}
    for name, field in action.described.get("fields", {}).items():
        ((selector, config),) = field["selector"].items()
        need = _need(markers[name], required=field.get("required", False))
        yield code(name), _KINDS[selector] + _limits(config) + need, action.texts["fields"][name]["description"]


def _limits(config: dict[str, Any] | None) -> str:
    """Return the range of a number; empty if its maximum is the largest number of browsers, which means no limit."""
    least, most = (config or {}).get("min"), (config or {}).get("max")
    return "" if most is None or most >= 2**53 - 1 else f", {least:,} to {most:,}"


def _need(marker: vol.Marker, *, required: bool) -> str:
    """Return whether a field is required, or its default."""
    if required:
        return ", **required**"
    default = None if marker.default is vol.UNDEFINED else marker.default()
    return f", default {code(default)}" if default not in ("", None, False) else ""


def _response(action: Action, form: str = "{}") -> str:
    kinds = {SupportsResponse.NONE: "none", SupportsResponse.OPTIONAL: "optional", SupportsResponse.ONLY: "always"}
    return form.format(kinds[action.response])
