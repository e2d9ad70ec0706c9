"""Read one YAML file into nodes, in bounded time and memory.

PyYAML's C parser yields events; this module builds the tree from them and stops at the first event past a bound, before
anything deep or large is composed. Tags, duplicate keys and several documents are refused. Scalars stay text: YAML 1.1
surprises (`NO`, `012`, `12:30`) cannot arise.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import NoReturn

import yaml

from nbo.diagnostics import catalog
from nbo.diagnostics.diagnostic import Diagnostic, DiagnosticError, Text
from nbo.diagnostics.place import SourceText, Span
from nbo.source import traps
from nbo.source.nodes import DEEPEST, MOST_NODES, Mapping, Node, Scalar, Sequence

MOST_BYTES = 8 * 1024 * 1024
MOST_FINDINGS = 100  # a file with more of them is no rule file

_NOT_ALLOWED = Text("permission is denied", "没有读取权限")
_REFUSED = Text("the system reports an error", "系统报告错误")
_PROPERTIES = re.compile(r"(?:[&!]\S*\s+)+")  # an anchor or a tag before a scalar
_SPACE = " \t\r\n\x85\u2028\u2029"  # what it is to YAML; any other is content
_STYLES = {"'": "'", '"': '"', "|": "literal", ">": "folded"}


def read_source(path: Path, name: str, shown: str) -> SourceText:
    """The file's text; a file that cannot be read, is too large or is not UTF-8 raises `DiagnosticError`."""
    nothing = Span(SourceText(name, shown, ""), 0, 0)
    try:
        data = _bytes(path)
    except OSError as error:
        problem = _NOT_ALLOWED if isinstance(error, PermissionError) else _REFUSED
        raise DiagnosticError(catalog.UNREADABLE_FILE.at(nothing, problem=problem)) from None
    if len(data) > MOST_BYTES:
        raise DiagnosticError(catalog.FILE_TOO_LARGE.at(nothing, limit=f"{MOST_BYTES // 1024 // 1024} MiB"))
    try:
        return SourceText(name, shown, _decoded(data), partial(_again, str(path)))
    except UnicodeDecodeError as error:
        before = _decoded(data[: error.start])
        source = SourceText(name, shown, before)
        raise DiagnosticError(catalog.NOT_UTF8.at(Span(source, len(before), len(before)))) from None


def _again(path: str) -> str:
    """The text of a file that was read before."""
    return _decoded(_bytes(Path(path)))


def _bytes(path: Path) -> bytes:
    """What the file has, and no more than shows that it is too large."""
    with path.open("rb") as stream:
        return stream.read(MOST_BYTES + 1)


def _decoded(data: bytes) -> str:
    """The text without its byte order mark; programs that add one may do so twice."""
    return data.decode().lstrip("\ufeff")


def parse_yaml(source: SourceText) -> Node:
    """The file's only document as nodes; what is not YAML raises `DiagnosticError` with all that was found."""
    builder = _Builder(source)
    try:
        node = builder.document(iter(yaml.CSafeLoader(source.text).get_event, None))
    except yaml.MarkedYAMLError as error:
        complaint = traps.explain(source, error)
        known = {(each.code, each.span.start) for each in builder.found if each.span is not None}
        again = complaint.span is not None and (complaint.code, complaint.span.start) in known
        raise DiagnosticError(*builder.found, *(() if again else (complaint,))) from None
    except yaml.reader.ReaderError as error:
        # the C parser counts bytes here
        offset = len(source.text.encode()[: int(error.position)].decode(errors="ignore"))
        raise DiagnosticError(*builder.found, traps.unreadable_character(source, offset)) from None
    except UnicodeEncodeError as error:  # half a surrogate pair, which no file can hold
        raise DiagnosticError(catalog.NOT_UTF8.at(Span(source, error.start, error.end))) from None
    if builder.found:
        raise DiagnosticError(*builder.found)
    return node


class _Builder:
    """Builds nodes from events; findings that do not stop the reading are collected in `found`."""

    def __init__(self, source: SourceText) -> None:
        self.source = source
        self.found: list[Diagnostic] = []
        self._anchors: dict[str, tuple[Node, int, int]] = {}  # with weight and height
        self._weight = 0
        self._deepest = 0  # level reached inside the node at hand
        self._end = 0  # where the text of the last value ended

    def document(self, events: Iterator[yaml.Event]) -> Node:
        node: Node | None = None
        for event in events:
            if isinstance(event, yaml.DocumentStartEvent) and node is not None:
                raise DiagnosticError(*self.found, catalog.SEVERAL_DOCUMENTS.at(self._span(event)))
            if isinstance(event, yaml.NodeEvent):
                node = self._node(event, events, 1)
        if node is None or (isinstance(node, Scalar) and node.is_null):
            raise DiagnosticError(*self.found, catalog.EMPTY_FILE.at(Span(self.source, 0, 0)))
        return node

    def _node(self, event: yaml.Event, events: Iterator[yaml.Event], depth: int) -> Node:
        # PERF: nearly all events are plain values, and a pack has millions of them (benchmarks/loading.py)
        if type(event) is yaml.ScalarEvent and event.anchor is None and event.tag is None:
            if depth > self._deepest:
                self._reach(depth, event)
            self._weight += 1
            if self._weight > MOST_NODES:
                self._too_many(event)
            span = self._span(event)
            self._end = span.end
            return Scalar(event.value, span, _STYLES[event.style] if event.style else "plain")
        self._reach(depth, event)
        self._count(1, event)
        if isinstance(event, yaml.AliasEvent):
            return self._alias(event, depth)
        weight, deepest = self._weight, self._deepest
        self._deepest = depth
        tag = getattr(event, "tag", None)
        if tag is not None:
            self._find(traps.tag_problem(self._span(event)))
        node: Node
        if isinstance(event, yaml.ScalarEvent):
            style = _STYLES.get(event.style or "", "plain")
            node = Scalar(event.value, self._content(event), style)
            self._end = node.span.end
        elif isinstance(event, yaml.SequenceStartEvent):
            node = self._sequence(event, events, depth)
        elif isinstance(event, yaml.MappingStartEvent):
            node = self._mapping(event, events, depth)
        else:
            raise AssertionError("there is no other event that starts a value")
        anchor = getattr(event, "anchor", None)
        if anchor is not None:
            self._anchors[anchor] = (node, self._weight - weight + 1, self._deepest - depth)
        self._deepest = max(deepest, self._deepest)
        return node

    def _alias(self, event: yaml.AliasEvent, depth: int) -> Node:
        name = event.anchor or ""
        if name not in self._anchors:
            raise DiagnosticError(*self.found, catalog.UNKNOWN_ANCHOR.at(self._span(event), anchor=name))
        node, weight, height = self._anchors[name]
        self._reach(depth + height, event)
        self._count(weight, event)
        self._end = self._span(event).end
        return node

    def _reach(self, depth: int, event: yaml.Event) -> None:
        """An alias reaches as deep as what it stands for."""
        if depth > DEEPEST:
            raise DiagnosticError(*self.found, catalog.YAML_TOO_DEEP.at(self._span(event), limit=DEEPEST))
        self._deepest = max(self._deepest, depth)

    def _sequence(self, start: yaml.CollectionStartEvent, events: Iterator[yaml.Event], depth: int) -> Sequence:
        sequence = Sequence()
        for event in events:
            if isinstance(event, yaml.SequenceEndEvent):
                sequence.span = self._whole(start, event)
                return sequence
            item = self._node(event, events, depth + 1)
            sequence.append(item)
            if start.flow_style and isinstance(item, Scalar) and (joined := traps.joined_values(item)):
                self._find(joined)
        raise AssertionError("the parser closes every sequence")

    def _mapping(self, start: yaml.CollectionStartEvent, events: Iterator[yaml.Event], depth: int) -> Mapping:
        mapping = Mapping()
        mapping.keys_at = {}
        for event in events:
            if isinstance(event, yaml.MappingEndEvent):
                mapping.span = self._whole(start, event)
                return mapping
            key = self._node(event, events, depth + 1)
            value = self._node(next(events), events, depth + 1)
            if not isinstance(key, Scalar):
                self._find(traps.key_problem(self.source, key))
            elif start.flow_style and self._is_bare(key, value):
                self._bare(mapping, key, value)
            elif key.text in mapping:
                first = mapping.keys_at[key.text].line
                self._find(catalog.DUPLICATE_KEY.at(key.span, key=key.text, line=first))
            else:
                mapping[key.text] = value
                mapping.keys_at[key.text] = key.span
        raise AssertionError("the parser closes every mapping")

    def _bare(self, mapping: Mapping, key: Scalar, value: Node) -> None:
        last = self.found[-1].span if self.found else None
        if last is not None and last.start <= key.span.start < last.end:
            return  # the rest of a text that is reported already
        complaint = traps.bare_key(self.source, key, next(reversed(mapping.values()), None))
        if complaint is None:
            mapping[key.text], mapping.keys_at[key.text] = value, key.span
        else:
            self._find(complaint)

    def _is_bare(self, key: Scalar, value: Node) -> bool:
        """Whether a key was written without a colon after it."""
        if not isinstance(value, Scalar) or value.text or not value.is_null:
            return False
        return self.source.text[key.span.end : key.span.end + 200].lstrip()[:1] != ":"

    def _find(self, complaint: Diagnostic) -> None:
        self.found.append(complaint)
        if len(self.found) >= MOST_FINDINGS:
            raise DiagnosticError(*self.found)

    def _count(self, weight: int, event: yaml.Event) -> None:
        self._weight += weight
        if self._weight > MOST_NODES:
            self._too_many(event)

    def _too_many(self, event: yaml.Event) -> NoReturn:
        raise DiagnosticError(*self.found, catalog.YAML_TOO_MANY_NODES.at(self._span(event), limit=MOST_NODES))

    def _span(self, event: yaml.Event) -> Span:
        first, last = event.start_mark.index, event.end_mark.index  # type: ignore[union-attr]  # the parser marks every event
        text = self.source.text
        # a block scalar ends where the next token starts; its own text ends earlier
        while last > first and text[last - 1] in _SPACE:
            last -= 1
        return Span(self.source, first, last)

    def _content(self, event: yaml.ScalarEvent) -> Span:
        """A scalar without the anchor or the tag before it."""
        span = self._span(event)
        before = _PROPERTIES.match(span.source.text, span.start, span.end) if event.anchor or event.tag else None
        return span if before is None else Span(span.source, before.end(), span.end)

    def _whole(self, start: yaml.CollectionStartEvent, end: yaml.Event) -> Span:
        """A collection in brackets with them; one in a block from its first key or dash to the end of its last value."""
        first: int = start.start_mark.index  # type: ignore[union-attr]  # the parser marks every event
        if start.flow_style:
            self._end = end.end_mark.index  # type: ignore[union-attr]  # as above
        return Span(self.source, first, max(first, self._end))
