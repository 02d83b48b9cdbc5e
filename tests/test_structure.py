"""Which packages of the integration may import which, and how the tests mirror them."""

import ast
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path
import re

import pytest

ROOT = Path(__file__).parent.parent
INTEGRATION = ROOT / "custom_components" / "getscreen"
MODULES = {path.relative_to(INTEGRATION).with_suffix("").as_posix().replace("/", "."): path for path in INTEGRATION.rglob("*.py")}
TESTS = [*(ROOT / "tests").rglob("*.py")]
MOST_LINES = 400
# Names alone, and doors of rooms whose modules have the tests.
WITHOUT_A_FILE = {
    "test_const.py",
    "test_entry.py",
    "test_services.py",
    "api/test_api.py",
    "entities/test_entities.py",
    "live/test_live.py",
    "recordings/test_recordings.py",
}

# A room may import these rooms and modules; a module outside of all rooms is a room of its own.
FOUNDATION = {"api", "const", "entry", "exceptions", "options", "texts"}
PLATFORMS = {"binary_sensor", "button", "calendar", "event", "image", "media_source", "sensor", "switch"}
ALLOWED = {
    "api": set(),
    "const": set(),
    # For type checks alone: the entries of every layer have the same type.
    "entry": {"account"},
    "options": {"const", "entry"},
    "texts": {"api", "const", "user_agents"},
    "user_agents": set(),
    "exceptions": {"api", "const"},
    "repairs": {"const", "entry"},
    "server_url": set(),
    "frontend": {"const", "entry", "options"},
    "account": FOUNDATION | {"repairs", "server_url"},
    "recordings": FOUNDATION | {"account"},
    "live": FOUNDATION | {"account"},
    "actions": FOUNDATION | {"account", "recordings"},
    "entities": FOUNDATION | {"account"},
    "services": {"actions"},
    "websocket": {"account", "actions", "const", "entry", "live"},
    "account_check": FOUNDATION | {"account", "server_url"},
    "same_account": FOUNDATION | {"account", "server_url"},
    "config_flow": FOUNDATION | {"account", "account_check", "same_account"},
    "condition": {"entities"},
    "trigger": {"entities"},
    "diagnostics": FOUNDATION | {"account"},
    "system_health": FOUNDATION | {"account"},
    **dict.fromkeys(PLATFORMS, FOUNDATION | {"account", "entities", "recordings"}),
    "__init__": {"account", "const", "entry", "exceptions", "frontend", "live", "recordings", "repairs", "services", "websocket"},
}


def imports(name: str) -> Iterator[str]:
    """Yield the modules of the integration that a module imports, also those for type checks alone."""
    package, text = name.split(".")[:-1], MODULES[name].read_text()
    assert "custom_components" not in text, "imports within the integration are relative"
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.ImportFrom) and node.level:
            base = [*package[: len(package) - node.level + 1], *(node.module.split(".") if node.module else [])]
            for alias in node.names:
                paths = [*base, alias.name], [*base, alias.name, "__init__"], base, [*base, "__init__"]
                yield next(found for path in paths if (found := ".".join(path)) in MODULES)


def room(name: str) -> str:
    """Return the room of a module."""
    return name.partition(".")[0]


@pytest.mark.parametrize("name", MODULES)
def test_imports_follow_the_layers(name: str) -> None:
    """A room imports only rooms below it."""
    assert {room(found) for found in imports(name)} - {room(name)} <= ALLOWED[room(name)]


def test_every_room_is_in_the_table() -> None:
    """Every room and every module at the top has its line in the table."""
    assert {room(name) for name in MODULES} == ALLOWED.keys()


def test_no_cycle() -> None:
    """No modules import each other in a circle, for type checks neither, but for `entry`; nothing inside a room imports its door."""
    order = [*TopologicalSorter({name: set() if name == "entry" else set(imports(name)) for name in MODULES}).static_order()]
    assert set(order) == set(MODULES)


@pytest.mark.parametrize("name", MODULES)
def test_typed_entries(name: str) -> None:
    """The integration's entries have the type of their runtime data. Only listeners to changes of all entries get others."""
    for node in ast.walk(ast.parse(MODULES[name].read_text())):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            words = set(re.findall(r"\w+", " ".join(ast.unparse(part) for part in (node.args, node.returns) if part)))
            assert "ConfigEntry" not in words or "ConfigEntryChange" in words, node.name
        elif isinstance(node, ast.AnnAssign):
            assert "ConfigEntry" not in re.findall(r"\w+", ast.unparse(node.annotation)), ast.unparse(node)


def test_names() -> None:
    """A name stands for one module."""
    names = [name.removesuffix(".__init__").rpartition(".")[2] for name in MODULES]
    assert sorted({name for name in names if names.count(name) > 1}) == []


def test_every_module_has_a_test_file() -> None:
    """Each module has a test file of its own, in the same room."""
    named = {path.relative_to(ROOT / "tests").as_posix() for path in TESTS}
    wanted = {path for name in MODULES if (path := mirror(name)) is not None}
    assert sorted(wanted - named - WITHOUT_A_FILE) == []


def mirror(name: str) -> str | None:
    """Return the test file of a module."""
    *rooms, module = name.split(".")
    if module == "__init__":
        return "/".join([*rooms, f"test_{rooms[-1]}.py"]) if rooms else "test_init.py"
    return "/".join([*rooms, f"test_{module}.py"])


@pytest.mark.parametrize("path", TESTS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_a_test_file(path: Path) -> None:
    """A test file is short, imports no other tests, and does not use private names."""
    text = path.read_text()
    assert text.count("\n") <= MOST_LINES
    assert not re.search(r"^from (\.|tests)\S*\btest_|^from (\.|tests)\S* import test_", text, re.MULTILINE)
    assert sorted(private_names(ast.parse(text))) == []


def private_names(tree: ast.Module) -> Iterator[str]:
    """Yield the private names of the code that a test patches or reads as strings. Ruff reports the others."""
    for node in ast.walk(tree):
        match node:
            case ast.Call(args=[_, ast.Constant(str(name)), *_]) if re.fullmatch(r"_[a-zA-Z]\w*", name):
                yield f"{node.lineno}: {name}"
            case ast.Constant(str(name)) if re.fullmatch(r"custom_components\.\S+\._\w+", name):
                yield f"{node.lineno}: {name}"
