"""The tree that a YAML file becomes: scalars, sequences and mappings, each with its span.

`Mapping` is a dict and `Sequence` a list, so that pydantic validates them as they are; `Scalar` keeps the characters as
written, because what they mean depends on what the rule file's model expects there.
"""

from __future__ import annotations

import re
from collections.abc import Mapping as AnyMapping
from collections.abc import Sequence as AnySequence
from dataclasses import dataclass, field
from decimal import Decimal

from nbo.diagnostics import catalog
from nbo.diagnostics.diagnostic import DiagnosticError
from nbo.diagnostics.place import SourceText, Span
from nbo.source.align import align

_INTEGER = re.compile(r"[-+]?\d{1,40}", re.ASCII)
_DECIMAL = re.compile(r"[-+]?(?:\d{1,40}(?:\.\d{0,40})?|\.\d{1,40})(?:[eE][-+]?\d{1,4})?", re.ASCII)
MOST_NODES = 500_000  # aliases count with all that they stand for
DEEPEST = 40
_MOST_DIGITS = 100  # of a number that is written out: `1E+999999999` would take a gigabyte
_NULLS = frozenset({"", "~", "null", "Null", "NULL"})


@dataclass(slots=True, eq=False)
class Scalar:
    """One scalar: its content, its span (quotes and block header included) and whether it was written plain.

    Nothing changes one. It is not frozen, because a pack has more of them than of anything else.
    PERF: so it is made in a third of the time.
    """

    text: str
    span: Span
    style: str = "plain"  # plain | ' | " | literal | folded
    _aligned: AnySequence[int] | None = field(default=None, init=False, repr=False)

    @property
    def is_null(self) -> bool:
        """Whether YAML 1.2 reads it as null: only an unquoted scalar can be."""
        return self.style == "plain" and self.text in _NULLS

    def _offsets(self) -> AnySequence[int]:
        """Where each character starts; nothing where this cannot be told."""
        if self._aligned is not None:
            return self._aligned
        found = align(self.text, self.span.source.text, self.span.start, self.span.end, self.style)
        if not isinstance(found, range):  # which is as quickly found again
            self._aligned = found
        return found

    def part(self, start: int, end: int) -> Span:
        """Where the content's characters `start` to `end` stand in the file, in quoted and block scalars too."""
        offsets = self._offsets()
        if not offsets:
            return self.span
        closing = 1 if self.style in ("'", '"') else 0
        over = max(self.span.end - closing, offsets[-1] + 1)
        first, last = (offsets[each] if each < len(offsets) else over for each in (start, end))
        raw = self.span.source.text[first:last]
        return Span(self.span.source, first, first + max(len(raw.rstrip()), min(len(raw), 1)))


class Sequence(list["Node"]):
    """A list with its span."""

    span: Span


class Mapping(dict[str, "Node"]):
    """A mapping with its span and the span of each key; `key_nodes` keeps the keys as scalars."""

    span: Span
    keys_at: dict[str, Span]


Node = Scalar | Sequence | Mapping


def from_plain(value: object, name: str = "values") -> Node:
    """Plain Python values (a dictionary handed to `compile_expression`) as nodes, so that one reader serves both.

    The span of every node is the value's own text in a source of its own. What is too deep or too large for a file, or
    contains itself, raises `DiagnosticError`.
    """
    return _FromPlain().node(value, name, 1)


class _FromPlain:
    def __init__(self) -> None:
        self.count = 0

    def node(self, value: object, name: str, depth: int) -> Node:
        self.count += 1
        if depth > DEEPEST:
            raise DiagnosticError(catalog.YAML_TOO_DEEP.at(_whole(name, name), limit=DEEPEST))
        if self.count > MOST_NODES:
            raise DiagnosticError(catalog.YAML_TOO_MANY_NODES.at(_whole(name, name), limit=MOST_NODES))
        if isinstance(value, AnyMapping):
            mapping = Mapping({str(key): self.node(each, f"{name}.{key}", depth + 1) for key, each in value.items()})
            mapping.keys_at = {str(key): _whole(str(key), name) for key in value}
            mapping.span = _whole(name, name)
            return mapping
        if isinstance(value, (list, tuple, set, frozenset)):
            items = sorted(value, key=str) if isinstance(value, (set, frozenset)) else value
            sequence = Sequence(self.node(each, f"{name}[{index}]", depth + 1) for index, each in enumerate(items))
            sequence.span = _whole(name, name)
            return sequence
        return _scalar(value, name)


def _scalar(value: object, name: str) -> Scalar:
    if value is None:
        return Scalar("null", _whole("null", name))
    if isinstance(value, bool):
        return Scalar("true" if value else "false", _whole(str(value).lower(), name))
    if isinstance(value, (int, float, Decimal)):
        text = _digits(value)
        return Scalar(text, _whole(text, name))
    text = str(value)
    return Scalar(text, _whole(text, name), "'")


def _digits(value: float | Decimal) -> str:
    """A number as a rule file writes it; one with very many digits in a way that no rule file accepts."""
    if isinstance(value, Decimal):
        return format(value, "f") if abs(value.adjusted()) < _MOST_DIGITS else str(value)
    return hex(value) if isinstance(value, int) and abs(value) >= 10**_MOST_DIGITS else repr(value)


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
