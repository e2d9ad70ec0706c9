"""A report as GitHub-flavored Markdown.

Every text is escaped: what a pack writes can neither end a cell, start a heading nor become HTML. Headings have anchors of
their own, because renderers make different ones.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import escape

from nbo.diagnostics.place import printable
from nbo.workbench.evidence.document import (
    Aside,
    Block,
    Code,
    Document,
    Facts,
    Fixed,
    Inline,
    Items,
    Line,
    Lines,
    Link,
    Paragraph,
    Plot,
    Section,
    Spoken,
    Table,
    Tag,
)

_SIGNS = re.compile(r"[\\`*_\[\]|~$<>&]|^[#+=-]")
_AS_ENTITY = {"<": "&lt;", ">": "&gt;", "&": "&amp;"}
_DEEPEST = 6
_TICKS = re.compile(r"`+")
_NUMBERED = re.compile(r"^(\d+)([.)])")


def markdown(document: Document) -> str:
    """The whole report; it ends with a line break."""
    return "\n".join(_lines(document)).rstrip("\n") + "\n"


def _lines(document: Document) -> Iterator[str]:
    yield from (f"# {_text(document.title)}", "")
    for block in document.blocks:
        yield from _block(block, 2)
    yield from (f'<a id="contents"></a>\n\n## {_text(document.contents)}', "")
    for section in document.sections:
        yield f"- {_link(section.anchor, section.short or section.title)}"
        yield from (f"  - {_link(each.anchor, each.short or each.title)}" for each in section.listed)
    yield ""
    for section in document.sections:
        yield from _section(section, 2)
        yield from (_link("contents", document.back), "")


def _section(section: Section, level: int) -> Iterator[str]:
    yield from (f'<a id="{escape(section.anchor)}"></a>', "")
    yield from (f"{'#' * min(level, _DEEPEST)} {_text(section.title)}", "")
    for block in section.blocks:
        yield from _block(block, level + 1)


def _block(block: Block, level: int) -> Iterator[str]:
    match block:
        case Paragraph(line, notice):
            yield from ((f"> {_line(line)}" if notice else _line(line)), "")
        case Items(lines):
            yield from (f"- {_line(each)}" for each in lines)
            yield ""
        case Facts(rows):
            yield from (f"- **{_text(key)}**: {_cell(value)}" for key, value in rows)
            yield ""
        case Table(caption, columns, rows):
            yield from () if caption is None else (f"**{_text(caption)}**", "")
            yield f"| {' | '.join(map(_text, columns))} |"
            yield f"|{'---|' * len(columns)}"
            yield from (f"| {' | '.join(map(_cell, row))} |" for row in rows)
            yield ""
        case Plot():
            return  # the table beside it says the same
        case Section():
            yield from _section(block, level)


def _cell(lines: Lines) -> str:
    return "<br>".join(_line(each) for each in lines)


def _line(line: Line) -> str:
    return "".join(map(_inline, line)).strip()


def _inline(inline: Inline) -> str:
    match inline:
        case str():
            return _text(inline)
        case Fixed(text):
            return _text(text)
        case Code(text):
            return _code(text)
        case Link(anchor, text):
            return _link(anchor, text)
        case Tag(text):
            return f"**{_text(text)}**"
        case Aside(text):
            return f"({_text(text)})"
        case Spoken(language, parts):
            return f'<span lang="{language}">{"".join(map(_inline, parts))}</span>'


def _link(anchor: str, text: str) -> str:
    return f"[{_text(text)}](#{anchor})"


def _text(text: str) -> str:
    """Plain text: on one line, every sign of Markdown and HTML escaped, what cannot be seen shown as such."""
    shown = printable(_one_line(text))
    escaped = _SIGNS.sub(lambda found: _AS_ENTITY.get(found[0], f"\\{found[0]}"), shown)
    return _NUMBERED.sub(r"\1\\\2", escaped)


def _code(text: str) -> str:
    """A code span whose fence is longer than any run of backticks in it; a bar would end a cell even there."""
    shown = printable(_one_line(text)).strip().replace("|", "\\|")
    fence = "`" * (max((len(each) for each in _TICKS.findall(shown)), default=0) + 1)
    pad = " " if shown.startswith("`") or shown.endswith("`") else ""
    return f"{fence}{pad}{shown}{pad}{fence}"


def _one_line(text: str) -> str:
    """Line breaks and tabs as spaces; a space at either end parts words, so it stays one."""
    return re.sub(r"\s+", " ", text)
