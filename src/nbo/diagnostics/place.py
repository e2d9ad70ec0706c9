"""Where something stands in a file that a person wrote.

A `SourceText` is one file as read; a `Span` is a stretch of it. Every value, key and sub-expression of a rule pack keeps
its span, so that a finding can underline exactly what it is about.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field
from typing import NamedTuple

from nbo.once import once


def printable(text: str) -> str:
    """The text with a sign for every character that would move a terminal's cursor or change its colors."""
    return text if text.isprintable() else "".join(each if each.isprintable() else "�" for each in text)


@dataclass(frozen=True, eq=False)
class SourceText:
    """One file: `name` relative to its pack (`offers/gold.yaml`), `path` as the user would open it, and its text."""

    name: str
    path: str
    text: str = field(repr=False)

    @once
    def line_starts(self) -> tuple[int, ...]:
        """Offset of each line's first character."""
        starts = [0]
        position = self.text.find("\n")
        while position >= 0:
            starts.append(position + 1)
            position = self.text.find("\n", position + 1)
        return tuple(starts)

    def line_and_column(self, offset: int) -> tuple[int, int]:
        """Line and column of a character, both counted from 1; a column is a character, not a byte."""
        line = bisect_right(self.line_starts, offset)
        return line, offset - self.line_starts[line - 1] + 1

    def line_text(self, line: int) -> str:
        """One line, counted from 1, without its line break."""
        start = self.line_starts[line - 1]
        end = self.line_starts[line] if line < len(self.line_starts) else len(self.text)
        return self.text[start:end].rstrip("\r\n")


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
