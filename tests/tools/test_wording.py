"""The check of wording finds words in texts that people read, and nowhere else."""

from pathlib import Path
import tomllib
from typing import Any

import pytest

from wording import Finding, Rules, prose
from wording.__main__ import LIST, REPOSITORY, main

WORDS = """
files = ["*.md", "code/*.py"]

[[word]]
words = ["whoever"]
instead = "the user"

[[word]]
words = ["look at", "look"]
fine = ["look up"]
instead = "poll"
[word.except]
"docs/*.md" = "a reason"
"""


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """Return a short list."""
    path = tmp_path / "words.toml"
    path.write_text(WORDS)
    return path


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Return a repository with a document and a module."""
    root = tmp_path / "repository"
    (root / "code").mkdir(parents=True)
    (root / "README.md").write_text("# Title\n\nFine.\n")
    (root / "code/a.py").write_text('"""Fine."""\n')
    return root


def words(name: str, text: str, source: Path) -> list[str]:
    return [finding.word for finding in Rules(source).find(name, text)]


def test_a_finding(source: Path) -> None:
    """It names the place, the word and the better one."""
    (finding,) = Rules(source).find("README.md", "# Title\n\nBut whoever asks\n")
    assert finding == Finding("README.md", 3, 5, "whoever", "the user")
    assert str(finding) == 'README.md:3:5: "whoever": say the user'


def test_all_findings_in_order(source: Path) -> None:
    found = Rules(source).find("README.md", "Look at it.\nWhoever looks, may look up. look\n")
    assert [(finding.line, finding.column, finding.word) for finding in found] == [(1, 1, "Look at"), (2, 1, "Whoever"), (2, 29, "look")]


@pytest.mark.parametrize("text", ["A look up.", "Overlook it.", "look-alike", "whoeverer", "the `look` of", "[x](look)", "```\nlook\n```"])
def test_what_is_fine(source: Path, text: str) -> None:
    """Longer phrases that are allowed, parts of words, and code."""
    assert words("README.md", text, source) == []


def test_code_parts_a_phrase(source: Path) -> None:
    """Words on both sides of code are no phrase."""
    assert words("README.md", "look `now` at", source) == ["look"]


def test_an_exception(source: Path) -> None:
    """Exempt files may use the words, but no others."""
    assert words("docs/a.md", "whoever may look", source) == ["whoever"]
    assert words("README.md", "whoever may look", source) == ["whoever", "look"]


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("a.py", '"""Look."""\nlook = "look"  # look\n', ["Look", "look"]),
        ("a.py", 'class A:\n    b: int = 1\n    """One look."""\n', ["look"]),
        ("a.py", "# We look\n# at it.\n", ["look at"]),
        ("a.py", "x = 1  # We look\nat = 2  # at it.\n", ["look"]),
        ("a.py", "x = 'é' * 2  # We look\n", ["look"]),
        ("a.ts", 'const look = "look"; // look\n/** Look\n * at it. */\n', ["look", "Look at"]),
        ("a.mjs", 'fetch("https://look/*look*/");\n', []),
        ("en.json", '{"look": "A look", "whoever": {"x": "\\"look\\" at"}}', ["look", "look"]),
        ("a.yaml", "# look\nname: A {{ look }} look{% look %}\n", ["look", "look"]),
        ("scripts/a", "# look\necho look\n", ["look", "look"]),
        ("pyproject.toml", "x = 1 # look\n", ["look"]),
    ],
)
def test_what_is_read(source: Path, name: str, text: str, expected: list[str]) -> None:
    """Comments and docstrings of code, values of translations, everything else of other files."""
    assert words(name, text, source) == expected


@pytest.mark.parametrize("name", ["a.py", "a.ts", "a.md", "a.json", "a.yaml", "a"])
def test_places_stay(name: str) -> None:
    """Prose has the lines and columns of its file."""
    text = '# "é": `x`\n\n"{{ y }}" // z\n'
    assert [len(line) for line in prose(name, text).split("\n")] == [len(line) for line in text.split("\n")]


def test_the_program(root: Path, source: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """It prints what it finds and fails then."""
    assert main(root, source) == 0
    assert capsys.readouterr().out == ""
    (root / "code/a.py").write_text('"""A look."""\n')
    (root / "other.txt").write_text("look")
    assert main(root, source) == 1
    assert capsys.readouterr().out == 'code/a.py:1:6: "look": say poll\n'


def test_files_that_are_installed(root: Path, source: Path) -> None:
    """Packages and builds are not checked."""
    source.write_text(WORDS.replace("code/*.py", "code/**/*.py"))
    (root / "code/node_modules").mkdir()
    (root / "code/node_modules/b.py").write_text("# look\n")
    assert Rules(source).check(root) == []


def test_a_pattern_without_files(root: Path, source: Path) -> None:
    """A folder that was renamed does not go unchecked."""
    (root / "code/a.py").unlink()
    with pytest.raises(FileNotFoundError, match=r"code/\*\.py"):
        Rules(source).check(root)


ENTRIES = tomllib.loads(LIST.read_text())["word"]


@pytest.mark.parametrize("entry", ENTRIES, ids=[entry["words"][0] for entry in ENTRIES])
def test_the_list(entry: dict[str, Any]) -> None:
    """Exempt files exist, and each phrase that is fine has one of the words. No word is replaced by one that is ruled out itself."""
    for pattern, reason in entry.get("except", {}).items():
        assert reason
        assert any(REPOSITORY.glob(pattern)), pattern
    for phrase in entry.get("fine", []):
        assert any(word in phrase for word in entry["words"]), phrase
    assert Rules(LIST).find("better.py", f"# {entry['instead']}") == []
    assert [finding.word for finding in Rules(LIST).find("worse.py", f"# {' - '.join(entry['words'])}")] == entry["words"]
