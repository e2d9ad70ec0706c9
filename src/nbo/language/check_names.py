"""The checker's ground: its state, its findings, names, and constants that take the type of what they meet."""

from __future__ import annotations

import ast
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import tzinfo
from decimal import Decimal

from nbo.diagnostics import catalog
from nbo.diagnostics.diagnostic import Code, Diagnostic, DiagnosticError, Help, Text
from nbo.diagnostics.suggest import nearest
from nbo.language import functions, operations, slips
from nbo.language.dictionary import Dictionary
from nbo.language.parse import Parsed
from nbo.language.tree import Constant, Place, Read, ReadField, Typed
from nbo.language.types import BOOLEAN, DECIMAL, INTEGER, NUMBER, NUMERIC, STRING, Kind, RecordType, Type


@dataclass(frozen=True, slots=True)
class Symbol:
    """A bare or quoted word whose meaning depends on what it meets."""

    text: str
    quoted: bool
    place: Place


@dataclass(frozen=True, slots=True)
class Digits:
    """A number as written; it takes the type of what it meets."""

    value: Decimal
    place: Place

    @property
    def is_whole(self) -> bool:
        """Whether it can be an integer."""
        return self.value == self.value.to_integral_value()


Loose = Symbol | Digits


class NameChecker(ABC):
    """Names and constants of one condition."""

    def __init__(self, parsed: Parsed, dictionary: Dictionary, zone: tzinfo) -> None:
        self.parsed = parsed
        self.dictionary = dictionary
        self.zone = zone
        self.signatures = functions.signatures(zone)
        self.record: RecordType | None = None  # inside a question about records, what `it` is
        self.found: list[Diagnostic] = []

    @abstractmethod
    def operand(self, node: ast.expr) -> Typed | Loose:
        """The typed node of a part, or a constant whose type is still open."""

    # --- findings -----------------------------------------------------------------------------------------------------

    def error(self, code: Code, place: Place, *, help: Help | None = None, **values: object) -> DiagnosticError:  # noqa: A002 - the diagnostic's own word
        """A finding at a place of the condition, ready to be raised."""
        return DiagnosticError(code.at(self.parsed.span(place), help=help, **values))

    @contextmanager
    def collecting(self) -> Iterator[None]:
        """Keep what goes wrong inside, so that the mistakes beside it are found too."""
        try:
            yield
        except DiagnosticError as error:
            self.found.extend(error.diagnostics)

    def types_error(
        self, left: Typed, operator: str, right: Typed, place: Place, advice: Text | None = None
    ) -> DiagnosticError:
        """The finding for two types that do not fit together."""
        advice = advice or _advice(left.type.kind, operator, right.type.kind)
        return self.error(
            catalog.TYPES_DO_NOT_FIT, place, left=left.type.words, right=right.type.words, operator=operator, help=advice
        )  # fmt: skip

    def shown(self, node: Typed) -> object:
        """A node as a message names it."""
        if isinstance(node, Read):
            return f"`{node.attribute.name}`"
        if isinstance(node, ReadField):
            return f"`it.{node.field.name}`"
        return node.type.words

    # --- names --------------------------------------------------------------------------------------------------------

    def name(self, node: ast.Name | ast.Attribute, place: Place) -> Typed | Loose:
        """An attribute, a field of `it`, or a word whose meaning depends on what it meets."""
        name = _dotted(node)
        if name is None:
            raise self.error(catalog.NOT_ALLOWED, place, what=Text("a dot here", "此处的点"))
        if name in ("true", "false"):
            return Constant(BOOLEAN, place, name == "true")
        if name.startswith("it.") or name == "it":
            return self.field(name, place)
        attribute = self.dictionary.find(name)
        if attribute is not None:
            return Read(attribute.type, place, attribute)
        if "." not in name:  # a namespace can have the name of an enum value: `call.stage == offer`
            return Symbol(name, quoted=False, place=place)
        raise self.unknown(name, place, [each.name for each in self.dictionary], self.dictionary.names)

    def field(self, name: str, place: Place) -> Typed:
        """A field of the record at hand; outside of questions about records `it` may be an event, with attributes of its own."""
        own_event = self.dictionary.find(name) if self.record is None else None
        if own_event is not None:
            return Read(own_event.type, place, own_event)
        fields = [each for each in self.dictionary.names if each.startswith("it.")] if self.record is None else []
        if fields:
            raise self.unknown(name, place, fields, fields)
        if self.record is None:
            advice = Text(
                "`it` is the record inside `any(history, …)` and its like",
                "`it` 只在 `any(history, …)` 等函数里代表记录",
            )
            raise self.error(catalog.NOT_ALLOWED, place, what=Text("`it` here", "此处的 `it`"), help=advice)
        field = self.record.find(name.removeprefix("it.")) if name != "it" else None
        if field is None:
            own = [f"it.{each}" for each in self.record.names]
            raise self.unknown(name, place, own, own)
        return ReadField(field.type, place, field)

    def unknown(self, name: str, place: Place, own: Iterable[str], every: Iterable[str]) -> DiagnosticError:
        """The finding for a name that is in no dictionary, with the nearest of its `own` kind, or of `every` kind."""
        suggestion = nearest(name, own) or nearest(name, every)
        advice = catalog.DID_YOU_MEAN if suggestion else catalog.UNKNOWN_ATTRIBUTE.help
        return self.error(catalog.UNKNOWN_ATTRIBUTE, place, name=name, suggestion=suggestion, help=advice)

    # --- constants ----------------------------------------------------------------------------------------------------

    def constant(self, node: ast.Constant, place: Place) -> Typed | Loose:
        """A number or a text as written."""
        value = node.value
        written = self.parsed.text[place[0] : place[1]]
        if isinstance(value, bool) or value is None:
            advice = slips.bare_word(written, Kind.BOOLEAN)
            raise self.error(catalog.NOT_ALLOWED, place, what=_code(written), help=advice)
        if isinstance(value, str):
            return Symbol(value, quoted=True, place=place)
        number = operations.parse_exact(written)
        if number is not None:
            return Digits(number, place)
        if isinstance(value, int | float | complex):
            raise self.error(catalog.NUMBER_FORM, place, number=written)
        raise self.error(catalog.NOT_ALLOWED, place, what=_code(written))

    def settle(self, node: Typed | Loose, target: Type | None) -> Typed:
        """The node; a loose constant as the `target`, or as its digits say where nothing else does."""
        if isinstance(node, Digits):
            return self.digits(node, target)
        if isinstance(node, Symbol):
            return self.symbol(node, target)
        return node

    def settled_pair(self, left: Typed | Loose, right: Typed | Loose) -> tuple[Typed, Typed]:
        """Both sides typed, a loose one by the other."""
        if isinstance(left, Symbol) and isinstance(right, Symbol) and not left.quoted:
            self.symbol(left, None)  # the name on the left is the one that is not known: `topic == travel`
        if isinstance(left, Symbol | Digits):
            second = self.settle(right, None)
            return self.settle_against(left, second), second
        return left, self.settle_against(right, left)

    def settle_against(self, node: Typed | Loose, other: Typed) -> Typed:
        """A loose constant as the type of what it meets."""
        if isinstance(node, Symbol):
            return self.symbol(node, other.type, self.shown(other))
        return self.settle(node, other.type)

    def digits(self, node: Digits, target: Type | None) -> Typed:
        """A written number as a constant of the target's type."""
        if target is not None and target.kind is Kind.NUMBER:
            return Constant(NUMBER, node.place, float(node.value))
        if target is not None and target.kind in (Kind.MONEY, Kind.RATE, Kind.DECIMAL):
            return Constant(target, node.place, node.value)
        if node.is_whole:
            return Constant(INTEGER, node.place, int(node.value))
        return Constant(DECIMAL, node.place, node.value)

    def symbol(self, node: Symbol, target: Type | None, meets: object = "") -> Typed:
        """A word as a value of the target's enum, or as a text; `meets` is what a message calls the target."""
        if target is not None and target.kind in (Kind.ENUM, Kind.SET) and target.domain is not None:
            value = target.domain.find(node.text)
            if value is None:
                suggestion = nearest(node.text, (*target.domain.values, *target.domain.aliases))
                advice = catalog.DID_YOU_MEAN if suggestion else catalog.NOT_IN_ENUM.help
                raise self.error(
                    catalog.NOT_IN_ENUM, node.place, value=node.text, attribute=meets or target.words,
                    suggestion=suggestion, values=", ".join(target.domain.values), help=advice,
                )  # fmt: skip
            return Constant(Type(Kind.ENUM, target.domain), node.place, value)
        if node.quoted:
            return Constant(STRING, node.place, node.text)
        suggestion = nearest(node.text, (each.name for each in self.dictionary))
        usual = catalog.DID_YOU_MEAN if suggestion else catalog.BARE_NAME.help
        better = slips.bare_word(node.text, None if target is None else target.kind) or usual
        raise self.error(catalog.BARE_NAME, node.place, name=node.text, suggestion=suggestion, help=better)


def _code(written: str) -> Text:
    return Text(f"`{written}`", f"`{written}`")


def _dotted(node: ast.expr) -> str | None:
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    if not isinstance(node, ast.Name):
        return None
    return ".".join([node.id, *reversed(parts)])


def _advice(left: Kind, operator: str, right: Kind) -> Text | None:
    """What to write instead, for two types that people put together."""
    kinds = {left, right}
    if kinds == {Kind.DATE, Kind.STRING}:
        return Text('a date is written `date("2026-08-01")`', '日期写作 `date("2026-08-01")`')
    if kinds == {Kind.TIME, Kind.STRING}:
        return Text('a time of day is written `time("21:00")`', '时刻写作 `time("21:00")`')
    if kinds == {Kind.DATE, Kind.DATETIME}:
        return Text("take the day of a point in time with `date_of(…)`", "用 `date_of(…)` 取时间点的日期")
    if kinds == {Kind.DATETIME} and operator == "-":
        return Text(
            "compare two points in time, `b < a + hours(2)`; in moments `within: {{seconds: 120}}` says how close events are",
            "请比较两个时间点，`b < a + hours(2)`；在 moments.yaml 中，事件相隔多久以内写作 `within: {{seconds: 120}}`",
        )
    if kinds == {Kind.DATE} and operator == "-":
        return Text("count the days with `days_between(…)`", "用 `days_between(…)` 计算天数")
    if Kind.NUMBER in kinds and kinds <= NUMERIC:
        return Text("turn the exact one into a number with `to_number(…)`", "用 `to_number(…)` 把精确数转换为浮点数")
    if kinds == {Kind.MONEY} and operator == "*":
        return Text("an amount is multiplied by a plain number or a rate", "金额只能乘以普通数字或费率")
    if Kind.STRING in kinds and kinds & NUMERIC:
        return Text("a number is written without quotes", "数字不加引号")
    if Kind.SET in kinds and operator in ("==", "!="):
        return Text("ask `value in set`, or `count(set) > 0`", "请写 `值 in 集合`，或 `count(集合) > 0`")
    return None
