"""What a person reads in a file: comments, docstrings, documentation and texts of the interface."""

import ast
from collections.abc import Callable, Iterator
import io
from pathlib import PurePath
import re
import tokenize

type Span = tuple[int, int]

_JSON_STRING = re.compile(r'"((?:\\.|[^"\\])*)"(\s*:)?')
_MARKDOWN_CODE = re.compile(r"^ *```.*?^ *```|`[^`\n]+`|\]\([^)\n]*\)|<[^>\n]*>", re.DOTALL | re.MULTILINE)
_SLASHES = re.compile(r"(?<!\S)//[^\n]*|(?<!\S)/\*.*?\*/", re.DOTALL)
_TEMPLATE = re.compile(r"\{\{.*?\}\}|\{%.*?%\}", re.DOTALL)
_COMMENT_MARK = re.compile(r"(?:#|//|/?\*+)(?=\s)")
_MARKS = str.maketrans("#/*", "   ")
_WORDS_OF_CODE = re.compile(r"\S")


def prose(name: str, text: str) -> str:
    """Return the text of a file with NUL in place of each character that is not prose, so that lines and columns stay the same.

    Spaces stay. Marks of comments become spaces, because a phrase may go on in the next line. Raises SyntaxError for Python that cannot be
    parsed.
    """
    spans = _SPANS.get(PurePath(name).suffix, _everything)(text)
    parts, done = [], 0
    for start, end in sorted(spans):
        parts += [_WORDS_OF_CODE.sub("\0", text[done:start]), text[start:end]]
        done = end
    parts.append(_WORDS_OF_CODE.sub("\0", text[done:]))
    return _COMMENT_MARK.sub(_spaces, "".join(parts))


def squeezed(text: str) -> str:
    """Return a text in small letters with one space between its words, also where the mark of a comment stands between them.

    A phrase that `prose` has is in it too. The reverse need not be true, but it takes far less time.
    """
    return " ".join(text.lower().translate(_MARKS).split())


def _python(text: str) -> Iterator[Span]:
    """Yield comments, and strings that are statements: docstrings of modules, classes, functions and attributes."""
    lines = text.splitlines(keepends=True)
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line))
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type == tokenize.COMMENT:
            start = starts[token.start[0] - 1] + token.start[1]
            yield start, start + len(token.string)
    for node in ast.walk(ast.parse(text)):
        match node:
            case ast.Expr(value=ast.Constant(value=str()) as docstring):
                # Columns of the syntax tree count bytes; whole lines do not need them.
                yield starts[docstring.lineno - 1], starts[docstring.end_lineno or docstring.lineno]


def _javascript(text: str) -> Iterator[Span]:
    """Yield comments, also those of styles and markup inside of templates."""
    for match in _SLASHES.finditer(text):
        yield match.span()


def _json(text: str) -> Iterator[Span]:
    """Yield strings that are not keys."""
    for match in _JSON_STRING.finditer(text):
        if not match[2]:
            yield match.span(1)


def _markdown(text: str) -> Iterator[Span]:
    """Yield everything except code, addresses and tags."""
    return _between(_MARKDOWN_CODE, text)


def _yaml(text: str) -> Iterator[Span]:
    """Yield everything except Home Assistant's templates."""
    return _between(_TEMPLATE, text)


def _spaces(match: re.Match[str]) -> str:
    return " " * len(match[0])


def _everything(text: str) -> Iterator[Span]:
    yield 0, len(text)


def _between(pattern: re.Pattern[str], text: str) -> Iterator[Span]:
    """Yield the spans between the matches of a pattern."""
    start = 0
    for match in pattern.finditer(text):
        yield start, match.start()
        start = match.end()
    yield start, len(text)


_SPANS: dict[str, Callable[[str], Iterator[Span]]] = {
    ".js": _javascript,
    ".json": _json,
    ".md": _markdown,
    ".mjs": _javascript,
    ".py": _python,
    ".ts": _javascript,
    ".yaml": _yaml,
    ".yml": _yaml,
}
