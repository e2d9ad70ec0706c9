"""The tree that a YAML file becomes: scalars, sequences and mappings, each with its span.

`Mapping` is a dict and `Sequence` a list, so that pydantic validates them as they are; `Scalar` keeps the characters as
written, because what they mean depends on what the rule file's model expects there.
"""

from __future__ import annotations

import re
from collections.abc import Mapping as AnyMapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from nbo.diagnostics.place import SourceText, Span

_INTEGER = re.compile(r"[-+]?\d{1,40}", re.ASCII)
_DECIMAL = re.compile(r"[-+]?(?:\d{1,40}(?:\.\d{0,40})?|\.\d{1,40})(?:[eE][-+]?\d{1,4})?", re.ASCII)
_NULLS = frozenset({"", "~", "null", "Null", "NULL"})
_ESCAPE = re.compile(r"\\(?:x[0-9A-Fa-f]{2}|u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{8}|\r?\n[ \t]*|.)", re.DOTALL)


@dataclass(frozen=True, eq=False)
class Scalar:
    """One scalar: its content, its span (quotes and block header included) and whether it was written plain."""

    text: str
    span: Span
    style: str = "plain"  # plain | ' | " | literal | folded

    @property
    def is_null(self) -> bool:
        """Whether YAML 1.2 reads it as null: only an unquoted scalar can be."""
        return self.style == "plain" and self.text in _NULLS

    @cached_property
    def _offsets(self) -> tuple[int, ...]:
        return align(self.text, self.span.source.text, self.span.start, self.span.end, self.style)

    def part(self, start: int, end: int) -> Span:
        """Where the content's characters `start` to `end` stand in the file, in quoted and block scalars too."""
        offsets = self._offsets
        if not offsets:
            return self.span
        first = offsets[min(start, len(offsets) - 1)] + (1 if start >= len(offsets) else 0)
        last = offsets[min(max(end - 1, 0), len(offsets) - 1)] + 1
        return Span(self.span.source, first, max(first, last))


class Sequence(list["Node"]):
    """A list with its span."""

    span: Span


class Mapping(dict[str, "Node"]):
    """A mapping with its span and the span of each key; `key_nodes` keeps the keys as scalars."""

    span: Span
    keys_at: dict[str, Span]


Node = Scalar | Sequence | Mapping


def align(content: str, raw: str, start: int, end: int, style: str) -> tuple[int, ...]:
    """For each character of a scalar's content, the offset in the file at which it stands.

    Folding turns a line break with its indentation into one space or break; quoting doubles or escapes characters; a
    block scalar has a header line. Everything else stands as it is, in order.
    """
    position = start
    if style in ("literal", "folded"):
        position = raw.find("\n", start, end) + 1 or end
    elif style in ("'", '"'):
        position, end = start + 1, end - 1
    offsets: list[int] = []
    for character in content:
        if style == '"':
            # an escaped line break stands for nothing; skip it
            while (escape := _ESCAPE.match(raw, position, end)) and escape.group()[1] in "\r\n":
                position = escape.end()
            if escape := _ESCAPE.match(raw, position, end):
                offsets.append(position)
                position = escape.end()
                continue
        if character.isspace():
            offsets.append(min(position, end - 1))
            if position < end and raw[position] == character and character not in "\n":
                position += 1
                if not _break_follows(raw, position, end):
                    continue
            if character == "\n" and style in ("literal", "folded"):
                position = raw.find("\n", position, end) + 1 or end
                continue
            while position < end and raw[position].isspace():
                position += 1
            continue
        while position < end and raw[position] != character and raw[position].isspace():
            position += 1
        offsets.append(min(position, max(end - 1, start)))
        position += 2 if style == "'" and character == "'" else 1
    return tuple(offsets)


def _break_follows(raw: str, position: int, end: int) -> bool:
    while position < end and raw[position] in " \t":
        position += 1
    return position < end and raw[position] in "\r\n"


def from_plain(value: object, name: str = "values") -> Node:
    """Plain Python values (a dictionary handed to `compile_expression`) as nodes, so that one reader serves both.

    The span of every node is the value's own text in a source of its own.
    """
    if isinstance(value, AnyMapping):
        mapping = Mapping({str(key): from_plain(each, f"{name}.{key}") for key, each in value.items()})
        mapping.keys_at = {str(key): _whole(str(key), name) for key in value}
        mapping.span = _whole(name, name)
        return mapping
    if isinstance(value, (list, tuple, set, frozenset)):
        items = sorted(value, key=str) if isinstance(value, (set, frozenset)) else value
        sequence = Sequence(from_plain(each, f"{name}[{index}]") for index, each in enumerate(items))
        sequence.span = _whole(name, name)
        return sequence
    if value is None:
        return Scalar("null", _whole("null", name))
    if isinstance(value, bool):
        return Scalar("true" if value else "false", _whole(str(value).lower(), name))
    if isinstance(value, (int, float, Decimal)):
        text = format(value, "f") if isinstance(value, Decimal) else repr(value)
        return Scalar(text, _whole(text, name))
    text = str(value)
    return Scalar(text, _whole(text, name), "'")


def to_plain(node: Node) -> object:
    """Plain values as YAML 1.2 reads them: null, true, false and numbers when written plain, else text.

    Numbers become integers or exact decimals; dates stay text, because only a data dictionary knows which they are.
    """
    if isinstance(node, Mapping):
        return {key: to_plain(child) for key, child in node.items()}
    if isinstance(node, Sequence):
        return [to_plain(child) for child in node]
    if node.is_null:
        return None
    if node.style == "plain":
        if node.text in ("true", "false"):
            return node.text == "true"
        if _INTEGER.fullmatch(node.text):
            return int(node.text)
        if _DECIMAL.fullmatch(node.text):
            return Decimal(node.text)
    return node.text


def _whole(text: str, name: str) -> Span:
    return Span(SourceText(name, name, text), 0, len(text))
