"""The list of words that are ruled out, and the search for them."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
import re
import tomllib
from typing import Any, Self

from wording.texts import prose, squeezed


@dataclass(frozen=True)
class Finding:
    """A word that is ruled out, where it stands (line and column from 1), and what to say instead."""

    path: str
    line: int
    column: int
    word: str
    instead: str

    def __str__(self) -> str:
        """Return the finding as editors and terminals link it."""
        return f'{self.path}:{self.line}:{self.column}: "{self.word}": say {self.instead}'


@dataclass(frozen=True)
class _Word:
    """Phrases with the same better ones.

    `fine` matches longer phrases that are allowed. `elsewhere` has the patterns of files that may use the phrases.
    """

    phrases: tuple[str, ...]
    pattern: re.Pattern[str]
    fine: re.Pattern[str] | None
    instead: str
    elsewhere: frozenset[str]

    @classmethod
    def of(cls, entry: Mapping[str, Any]) -> Self:
        """Return an entry of the list. Raises KeyError if it has no words, or nothing to say instead."""
        fine = entry.get("fine")
        phrases = tuple(phrase.lower() for phrase in entry["words"])
        return cls(phrases, _phrases(phrases), _phrases(fine) if fine else None, entry["instead"], frozenset(entry.get("except", {})))

    def is_allowed_in(self, path: str) -> bool:
        """Return whether a file may have the words."""
        return any(PurePosixPath(path).full_match(pattern) for pattern in self.elsewhere)

    def search(self, text: str) -> Iterator[re.Match[str]]:
        """Yield where the words stand, but not inside of the longer phrases."""
        allowed = [match.span() for match in self.fine.finditer(text)] if self.fine else []
        for match in self.pattern.finditer(text):
            if not any(start <= match.start() and match.end() <= end for start, end in allowed):
                yield match


class Rules:
    """What a list rules out, and in which files."""

    def __init__(self, source: Path) -> None:
        """Read a list. Raises OSError, tomllib.TOMLDecodeError or KeyError if it is none."""
        entries = tomllib.loads(source.read_text(encoding="utf-8"))
        self._files: list[str] = entries["files"]
        self._words = [_Word.of(entry) for entry in entries["word"]]

    def check(self, root: Path) -> list[Finding]:
        """Return what is found in the files below a folder, in order. Raises FileNotFoundError for a pattern that no file matches."""
        paths: set[Path] = set()
        for pattern in self._files:
            matches = [path for path in root.glob(pattern) if path.is_file() and not _is_made(path.relative_to(root))]
            if not matches:
                raise FileNotFoundError(pattern)
            paths.update(matches)
        return [finding for path in sorted(paths) for finding in self.find(path.relative_to(root).as_posix(), path.read_text("utf-8"))]

    def find(self, path: str, text: str) -> list[Finding]:
        """Return what is found in the text of a file, in order. Raises SyntaxError for Python that cannot be parsed."""
        roughly = squeezed(text)
        words = [word for word in self._words if not word.is_allowed_in(path) and any(phrase in roughly for phrase in word.phrases)]
        if not words:
            return []
        read = prose(path, text)
        found = sorted((match.start(), match[0], word.instead) for word in words for match in word.search(read))
        return [
            Finding(path, read.count("\n", 0, start) + 1, start - read.rfind("\n", 0, start), " ".join(phrase.split()), instead)
            for start, phrase, instead in found
        ]


def _is_made(path: Path) -> bool:
    """Return whether a file was installed or built, and not written."""
    return not {"node_modules", "coverage", "__pycache__"}.isdisjoint(path.parts)


def _phrases(phrases: Collection[str]) -> re.Pattern[str]:
    """Return a pattern of whole words in any case, with any space between them."""
    longest_first = sorted(phrases, key=len, reverse=True)
    choices = (r"\s+".join(map(re.escape, phrase.split())) for phrase in longest_first)
    return re.compile(rf"(?<![\w-])(?:{'|'.join(choices)})(?![\w-])", re.IGNORECASE)
