"""Where each character of a YAML scalar's content stands in its file.

YAML folds line breaks, drops indentation and reads escapes, so the content of a scalar is not the text of its span. This
module follows the same rules over the raw text and gives an offset a character; a finding inside a condition can then
underline exactly what it is about. It decides nothing about what the content is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

_BREAKS = "\n\x85\u2028\u2029"  # as they stand in content
_BREAK = re.compile("\r\n|[\n\r\x85\u2028\u2029]")
_SPACE = re.compile("(?:[ \t]*(?:\r\n|[\n\r\x85\u2028\u2029]))+[ \t]*")  # with at least one line break
_ESCAPE = re.compile(
    "\\\\(?:x[0-9A-Fa-f]{2}|u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{8}|(?P<break>\r\n|[\n\r\x85\u2028\u2029])[ \t]*|.)", re.DOTALL
)
_LINE = re.compile("([^\n\r\x85\u2028\u2029]*)(?:\r\n|[\n\r\x85\u2028\u2029]|$)")


def align(content: str, raw: str, start: int, end: int, style: str) -> Sequence[int]:
    """For each character of the content, the offset in `raw` at which it stands; empty if the two do not match.

    `start` and `end` are the scalar's span, with its quotes or its block header.
    """
    if raw[start:end] == content:
        return range(start, end)
    if style in ("literal", "folded"):
        offsets = tuple(_in_block(content, raw, start, end))
    elif style == "plain":
        offsets = tuple(_in_line(raw, start, end, ""))
    else:
        offsets = tuple(_in_line(raw, start + 1, end - 1, style))
    return offsets if len(offsets) == len(content) else ()


def _in_line(raw: str, position: int, end: int, quote: str) -> Iterator[int]:
    """A plain or quoted scalar: one break between lines is a space, further ones are breaks."""
    while position < end:
        escape = _ESCAPE.match(raw, position, end) if quote == '"' else None
        space = _SPACE.match(raw, position, end)
        if escape is not None:
            position = escape.end()
            if escape["break"] is None:
                yield escape.start()
                continue
            # an escaped break stands for nothing, but empty lines after it count
            space = _SPACE.match(raw, position, end)
            if space is not None:
                yield from (each.start() for each in _BREAK.finditer(raw, *space.span()))
                position = space.end()
        elif space is not None:
            breaks = list(_BREAK.finditer(raw, *space.span()))
            folds = breaks[0].group() not in ("\u2028", "\u2029")
            counted = breaks[1:] if folds and len(breaks) > 1 else breaks
            yield from (each.start() for each in counted)
            position = space.end()
        else:
            yield position
            position += 2 if quote == "'" and raw[position] == "'" else 1


def _in_block(content: str, raw: str, start: int, end: int) -> Iterator[int]:
    """A block scalar: the lines after its header without their indentation, joined by breaks or spaces."""
    header = _BREAK.search(raw, start, end)
    position = end if header is None else header.end()
    indentation: int | None = None
    done = 0
    while position < end and done < len(content):
        line = _LINE.match(raw, position, end)
        assert line is not None  # noqa: S101 - the pattern matches everywhere
        if indentation is None and line[1].strip(" "):
            indentation = _leading(line[1]) - _leading(content.lstrip(_BREAKS))
        text = line[1][indentation:] if indentation is not None else ""
        # what stands between two lines is a space or breaks
        while text and done < len(content) and not content.startswith(text, done) and content[done] in " " + _BREAKS:
            yield max(position - 1, start)
            done += 1
        if text and content.startswith(text, done):
            yield from range(line.end(1) - len(text), line.end(1))
            done += len(text)
        position = line.end()
    yield from [end] * (len(content) - done)  # the last breaks


def _leading(line: str) -> int:
    return len(line) - len(line.lstrip(" "))
