"""A report between its content and its format: sections, tables, lines; no markup and no escaping.

The sections are composed of these once; `markdown.py` and `html.py` each write them in their own way, so that both say the
same. Every text in them is a pack's or ours and is escaped by whoever writes it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar, Literal

from nbo.workbench.evidence.drawing import Mark

Tone = Literal["plain", "sure", "confirm", "own", "alert"]


@dataclass(frozen=True, slots=True)
class Code:
    """What stands so in a rule file: an id, a condition, a field."""

    form: ClassVar[str] = "code"
    text: str


@dataclass(frozen=True, slots=True)
class Aside:
    """What explains the words before it."""

    form: ClassVar[str] = "aside"
    text: str


@dataclass(frozen=True, slots=True)
class Fixed:
    """What a line is never broken in: a date, an amount."""

    form: ClassVar[str] = "fixed"
    text: str


@dataclass(frozen=True, slots=True)
class Tag:
    """A short word that a reader looks for; its tone only underlines what it says."""

    form: ClassVar[str] = "tag"
    text: str
    tone: Tone = "plain"


@dataclass(frozen=True, slots=True)
class Link:
    """The way to a section."""

    form: ClassVar[str] = "link"
    anchor: str
    text: str


@dataclass(frozen=True, slots=True)
class Spoken:
    """Words in a language of their own; what is `Code` in them is filled in for each customer."""

    form: ClassVar[str] = "spoken"
    language: str
    parts: tuple[str | Code, ...]


Inline = str | Code | Aside | Fixed | Tag | Link | Spoken
Line = tuple[Inline, ...]
Lines = tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One line of text; a notice stands out."""

    form: ClassVar[str] = "paragraph"
    line: Line
    notice: bool = False


@dataclass(frozen=True, slots=True)
class Items:
    """A list."""

    form: ClassVar[str] = "items"
    lines: Lines


@dataclass(frozen=True, slots=True)
class Facts:
    """What something is, key by key."""

    form: ClassVar[str] = "facts"
    rows: tuple[tuple[str, Lines], ...]


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under columns; the first cell of a row names it. Without a caption the section's heading names the table.

    In one of `numbers` all other cells are such.
    """

    form: ClassVar[str] = "table"
    caption: str | None
    columns: tuple[str, ...]
    rows: tuple[tuple[Lines, ...], ...]
    numbers: bool = False


@dataclass(frozen=True, slots=True)
class Plot:
    """A picture of what a table beside it says: marks on a plane 360 wide and `height` high, described in words."""

    form: ClassVar[str] = "plot"
    anchor: str
    title: str
    description: str
    height: int
    marks: tuple[Mark, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """A heading with what stands under it; `short` is its name in the table of contents, where it has one."""

    form: ClassVar[str] = "section"
    anchor: str
    title: str
    blocks: tuple[Block, ...]
    short: str | None = None

    @property
    def listed(self) -> tuple[Section, ...]:
        """The sections under it that the table of contents names."""
        return tuple(each for each in self.blocks if isinstance(each, Section) and each.short is not None)


Block = Paragraph | Items | Facts | Table | Plot | Section


@dataclass(frozen=True, slots=True)
class Document:
    """A whole report in one language."""

    language: str
    title: str
    contents: str  # the heading of the table of contents
    back: str  # the link back to it
    unfold: str  # shows what is listed under a section
    blocks: tuple[Block, ...]
    sections: tuple[Section, ...]


def parted(lines: Iterable[Line], by: str) -> Line:
    """Several lines as one."""
    joined: list[Inline] = []
    for line in lines:
        if joined:
            joined.append(by)
        joined.extend(line)
    return tuple(joined)
