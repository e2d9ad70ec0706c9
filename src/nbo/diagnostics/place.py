"""Where something stands in a file that a person wrote.

A `SourceText` is one file as read; a `Span` is a stretch of it. Every value, key and sub-expression of a rule pack keeps
its span, so that a finding can underline exactly what it is about.
"""

from __future__ import annotations

import re
from array import array
from bisect import bisect_right
from collections.abc import Callable, Sequence
from hashlib import sha256
from typing import NamedTuple


def printable(text: str) -> str:
    """The text with a sign for every character that would move a terminal's cursor or change its colors."""
    return text if text.isprintable() else "".join(each if each.isprintable() else "�" for each in text)


class SourceText:
    """One file: `name` relative to its pack (`offers/gold.yaml`), `path` as the user would open it, and its text.

    Its owner can let the text go: places stay, and the text is read again when somebody wants to see it.
    """

    __slots__ = ("_again", "_digest", "_line_starts", "_size", "_text", "name", "path")

    def __init__(self, name: str, path: str, text: str, again: Callable[[], str] | None = None) -> None:
        """`again` reads the file anew; it may raise `OSError` or `ValueError`. Without it the text is kept for good."""
        self.name = name
        self.path = path
        self._text: str | None = text
        self._again = again
        self._size = len(text)
        self._digest: bytes | None = None
        self._line_starts: Sequence[int] | None = None

    def __repr__(self) -> str:
        return f"SourceText({self.name!r})"

    @property
    def text(self) -> str:
        """What the file had when it was read first; blanks where that was let go and the file has changed since."""
        text = self._text  # looked at once: a reload may let it go meanwhile
        if text is None:
            text = self._read_again()
            return text if text is not None and _digest(text) == self._digest else self._blanks()
        return text

    @property
    def digest(self) -> bytes:
        """SHA-256 of the text."""
        if self._digest is None:
            self._digest = _digest(self.text)
        return self._digest

    @property
    def line_starts(self) -> Sequence[int]:
        """Offset of each line's first character."""
        if self._line_starts is None:
            self._line_starts = array("I", [0, *(each.end() for each in _BREAK.finditer(self.text))])
        return self._line_starts

    def let_go(self) -> None:
        """Keep the text no longer, but what tells where its lines are, and whether a file still has it."""
        if self.is_kept and self._again is not None and self.digest and self.line_starts:
            self._text = None

    def take_up(self, same: SourceText) -> None:
        """Keep the text again: `same` was read from the file and is equal to this one."""
        self._text = same.text

    @property
    def is_kept(self) -> bool:
        """Whether the text is at hand."""
        return self._text is not None

    def line_and_column(self, offset: int) -> tuple[int, int]:
        """Line and column of a character, both counted from 1; a column is a character, not a byte."""
        line = bisect_right(self.line_starts, offset)
        return line, offset - self.line_starts[line - 1] + 1

    def line_text(self, line: int) -> str:
        """One line, counted from 1, without its line break."""
        start = self.line_starts[line - 1]
        end = self.line_starts[line] if line < len(self.line_starts) else self._size
        return self.text[start:end].rstrip("\r\n")

    def _read_again(self) -> str | None:
        try:
            return None if self._again is None else self._again()
        except (OSError, ValueError):
            return None

    def _blanks(self) -> str:
        ends = [*self.line_starts[1:], self._size + 1]
        return "\n".join(" " * (end - start - 1) for start, end in zip(self.line_starts, ends, strict=True))


_BREAK = re.compile("\n")


def _digest(text: str) -> bytes:
    return sha256(text.encode(errors="surrogatepass")).digest()


class Span(NamedTuple):
    """The characters `start` to `end` (exclusive) of a source.

    PERF: a file has more of them than of anything else, and a tuple is made in half the time of a dataclass.
    """

    source: SourceText
    start: int
    end: int

    @property
    def text(self) -> str:
        """What stands there."""
        return self.source.text[self.start : self.end]

    @property
    def line(self) -> int:
        """Line of the first character, from 1."""
        return self.source.line_and_column(self.start)[0]

    @property
    def column(self) -> int:
        """Column of the first character, from 1."""
        return self.source.line_and_column(self.start)[1]

    def __str__(self) -> str:
        line, column = self.source.line_and_column(self.start)
        return f"{self.source.name}:{line}:{column}"
