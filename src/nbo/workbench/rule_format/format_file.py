"""One rule file in its settled form, or why it was left as it is.

In: a file. Out: its text as written and as wanted, or what is wrong with it. A file with mistakes is not touched, and
neither is one whose values, comments or conditions the new text would not keep: that is checked every time.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from nbo.diagnostics.diagnostic import Diagnostic, DiagnosticError
from nbo.diagnostics.place import SourceText
from nbo.language.parse import parse
from nbo.source import nodes
from nbo.source.nodes import Node, Scalar, Sequence
from nbo.source.yaml_file import parse_yaml, read_source
from nbo.workbench.rule_files import RuleFile, kind_of, mistakes
from nbo.workbench.rule_format.conditions import spaced, tokens
from nbo.workbench.rule_format.layout import comments, laid_out
from nbo.workbench.rule_format.places import conditions
from nbo.workbench.schemas import schema_of


@dataclass(frozen=True, slots=True)
class Formatted:
    """A file's text as written and as wanted (both without a byte order mark, with their own line breaks).

    `found` is what is wrong with the file; `lost` says that the new text would not have kept what the file means. In both
    cases the text is the one that was written.
    """

    written: str
    wanted: str
    found: tuple[Diagnostic, ...] = ()
    lost: bool = False

    @property
    def changes(self) -> bool:
        """Whether there is something to write."""
        return self.wanted != self.written


def format_file(path: Path, name: str) -> Formatted:
    """The rule file in its settled form; `name` is what findings call it."""
    try:
        source = read_source(path, name, name)
    except DiagnosticError as error:
        return Formatted("", "", tuple(error.diagnostics))
    return format_text(source.text, name)


def format_text(text: str, name: str) -> Formatted:
    """The text of a rule file in its settled form."""
    line_break = "\r\n" if "\r\n" in text else "\n"
    written = text.replace("\r\n", "\n")
    try:
        node = parse_yaml(SourceText(name, name, written))
        kind = kind_of(name, node)
        found = mistakes(kind, node)
        places = conditions(node, _schema(kind))
        found.extend(_unreadable(places))
    except DiagnosticError as error:
        return Formatted(text, text, tuple(error.diagnostics))
    if found:
        return Formatted(text, text, tuple(found))
    wanted = _formatted(written, places)
    if not _keeps(written, node, wanted, kind):
        return Formatted(text, text, lost=True)
    return Formatted(text, wanted.replace("\n", line_break))


def _unreadable(places: tuple[Scalar, ...]) -> list[Diagnostic]:
    found: list[Diagnostic] = []
    for scalar in places:
        try:
            parse(scalar)
        except DiagnosticError as error:
            found.extend(error.diagnostics)
    return found


def _formatted(text: str, places: tuple[Scalar, ...]) -> str:
    pieces, position = [], 0
    for scalar in places:
        pieces.append(text[position : scalar.span.start])
        raw = scalar.span.text
        pieces.append(_respaced(raw, scalar))
        position = scalar.span.end
    return laid_out("".join([*pieces, text[position:]]))


def _respaced(raw: str, scalar: Scalar) -> str:
    """A condition's text in its quotes; one that runs over several lines, or is written with other escapes, stays."""
    lead = raw[: len(raw) - len(_quoted(scalar.text, scalar.style))]  # an anchor
    if "\n" in raw or scalar.style in ("literal", "folded") or raw != lead + _quoted(scalar.text, scalar.style):
        return raw
    return lead + _quoted(spaced(scalar.text), scalar.style)


def _quoted(text: str, style: str) -> str:
    if style == "'":
        return "'" + text.replace("'", "''") + "'"
    if style == '"':
        return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
    return text


def _keeps(written: str, node: Node, wanted: str, kind: RuleFile) -> bool:
    """INVARIANT: the same keys in the same order, the same texts and conditions, the same comments, and no second change."""
    schema = _schema(kind)
    try:
        again = parse_yaml(SourceText("formatted", "formatted", wanted))
        before, after = conditions(node, schema), conditions(again, schema)
        same = _plain(node, {id(each) for each in before}) == _plain(again, {id(each) for each in after})
    except DiagnosticError:  # it is no YAML any more, or a condition is none
        return False
    return same and comments(written) == comments(wanted) and _formatted(wanted, after) == wanted


def _plain(node: Node, conditions: set[int]) -> object:
    """What a file says: keys in order, texts with their quotes, and conditions as they are parsed."""
    if isinstance(node, nodes.Mapping):
        return [(key, _plain(child, conditions)) for key, child in node.items()]
    if isinstance(node, Sequence):
        return tuple(_plain(child, conditions) for child in node)
    if id(node) in conditions:
        return (tokens(node.text), ast.dump(parse(node).tree), node.style)
    return (node.text, node.style)


@cache
def _schema(kind: RuleFile) -> Mapping[str, Any]:
    return schema_of(kind)
