"""How the conditions of one offer on one attribute turn out, for every value of the attribute.

The reference interpreter is asked once a stretch of values, when the index is built: at each constant, just above it, and
below the first. So whatever operator a condition has, the index can only repeat what the interpreter says.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from math import ceil, floor, inf, nextafter
from typing import Any, NamedTuple, cast

from nbo.index.parts import all_of
from nbo.language import operations
from nbo.language.computed import Computed
from nbo.language.forgiving import forgiven_slots
from nbo.language.interpret import Row, evaluate
from nbo.language.tree import Call, Compare, Constant, Default, IsMissing, Logic, Member, Not, OneOf, Read, Typed, walk
from nbo.language.types import ORDERED, Attribute, Kind, Value

AT, ABOVE = 0, 1
Key = tuple[Any, int]  # a constant, and whether the change is at it or just above it
_BETWEEN = (operations.between, operations.between_times)
_SOME_DAY = date(2000, 1, 1)


class Absent(NamedTuple):
    """What is left of the conditions when there is no value; None is unknown. A refused value forgives nothing."""

    missing: bool | None
    refused: bool | None


@dataclass(frozen=True, slots=True)
class LineProfile:
    """On an ordered attribute: the truth below every constant, and where it changes."""

    below: bool
    changes: tuple[tuple[Key, bool], ...]
    absent: Absent

    def holds(self, value: Any) -> bool:
        """The truth at a value."""
        result = self.below
        for (point, side), truth in self.changes:
            if value < point or (side == ABOVE and value == point):
                break
            result = truth
        return result


@dataclass(frozen=True, slots=True)
class ValueProfile:
    """On an enum, a text or a boolean: the truth for most values, and the values for which it is the other."""

    elsewhere: bool
    others: frozenset[Value]
    absent: Absent


@dataclass(frozen=True, slots=True)
class SetProfile:
    """On a set: it must have one of each of `any_of`, and nothing of `none_of`."""

    any_of: tuple[frozenset[str], ...]
    none_of: frozenset[str]
    absent: Absent


Profile = LineProfile | ValueProfile | SetProfile


def profile_of(attribute: Attribute, parts: Sequence[Computed]) -> Profile | None:
    """The profile of conditions that read only `attribute`; None where it cannot be told by comparing with constants."""
    nodes = [node for part in parts for node in walk(part.tree)]
    for node in nodes:
        if not _is_told_by_constants(node):
            return None
    absent = _absent(attribute, parts)
    if attribute.type.kind is Kind.SET:
        return _set_profile(parts, absent)
    return _line_or_values(attribute, parts, nodes, absent)


def _absent(attribute: Attribute, parts: Sequence[Computed]) -> Absent:
    nothing = _row(attribute, None)
    missing = [cast("bool | None", evaluate(part.tree, nothing)) for part in parts]
    refused = [
        None if attribute.slot in forgiven_slots(part.tree) else each for part, each in zip(parts, missing, strict=True)
    ]
    return Absent(all_of(iter(missing)), all_of(iter(refused)))


def _row(attribute: Attribute, value: Value | None) -> Row:
    return cast("Row", {attribute.slot: value})  # the interpreter asks for this slot only


def _is_told_by_constants(node: Typed) -> bool:
    match node:
        case Read() | Constant() | Logic() | Not():
            return True
        case Compare(left=left, right=right):
            return _is_settled(left) and _is_settled(right)
        case OneOf(item=item):
            return _is_settled(item)
        case Member(item=item, container=container):
            return isinstance(item, Constant) and isinstance(container, Read)
        case IsMissing(operand=operand):
            return _is_settled(operand)
        case Default():
            return _is_settled(node)
        case Call(function=function, arguments=arguments):
            asks = function.kernel in _BETWEEN or function.name in ("exact", "overlap")
            return asks and all(_is_settled(each) for each in arguments)
        case _:
            return False


def _is_settled(node: Typed) -> bool:
    """The attribute's value itself, or a constant."""
    match node:
        case Read() | Constant():
            return True
        case Default(operand=operand, fallback=fallback):
            return _is_settled(operand) and isinstance(fallback, Constant)
        case Call(function=function, arguments=(operand,)):
            return function.name == "exact" and _is_settled(operand)
        case _:
            return False


# --- attributes with an order, and those without ----------------------------------------------------------------------


def _line_or_values(
    attribute: Attribute, parts: Sequence[Computed], nodes: Sequence[Typed], absent: Absent
) -> Profile | None:
    def holds(value: Value) -> bool:
        row = _row(attribute, value)
        truth = True
        for part in parts:
            result = evaluate(part.tree, row)
            if not isinstance(result, bool):
                raise _UnknownError
            truth = truth and result
        return truth

    try:
        if attribute.type.kind in ORDERED:
            return _line_profile(
                attribute.type.kind, {value for node in nodes for value in _constants(node)}, holds, absent
            )
        return _value_profile(attribute, nodes, holds, absent)
    except _UnknownError:
        return None


class _UnknownError(Exception):
    """A condition that is unknown although the value is there."""


def _constants(node: Typed) -> Iterable[Value]:
    match node:
        case Constant(value=value):
            return (value,)
        case OneOf(options=options):
            return options
        case _:
            return ()


def _line_profile(
    kind: Kind, constants: Iterable[Value], holds: Callable[[Value], bool], absent: Absent
) -> LineProfile:
    points: list[Any] = [each for each in constants if not isinstance(each, bool | str)]
    if kind is Kind.INTEGER:  # between two integers there is nothing, so every change is at one
        points = [whole for each in points for whole in (ceil(each), floor(each) + 1)]
    points = sorted(set(points))
    if not points:
        return LineProfile(holds(_ANY[kind]), (), absent)
    truth = below = holds(_below(kind, points[0]))
    changes: list[tuple[Key, bool]] = []
    for place, point in enumerate(points):
        following = points[place + 1] if place + 1 < len(points) else None
        for key, value in _asked_at(kind, point, following):
            if holds(value) is not truth:
                truth = not truth
                changes.append((key, truth))
    return LineProfile(below, tuple(changes), absent)


_ANY: dict[Kind, Value] = {
    Kind.INTEGER: 0, Kind.DECIMAL: Decimal(0), Kind.MONEY: Decimal(0), Kind.RATE: Decimal(0), Kind.NUMBER: 0.0,
    Kind.DATE: _SOME_DAY, Kind.DATETIME: datetime(2000, 1, 1), Kind.TIME: time(0),  # noqa: DTZ001 - compared with nothing
}  # fmt: skip


def _asked_at(kind: Kind, point: Any, following: Any) -> list[tuple[Key, Value]]:
    """Where the truth can change at a point, each with a value to ask there.

    What is just above a point is a point itself where the kind has a next value; an exact number has none.
    """
    at: tuple[Key, Value] = ((point, AT), point)
    if kind is Kind.INTEGER:
        return [at]
    above = _above(kind, point, following)
    return [at, ((point, ABOVE), above) if kind in _DENSE else ((above, AT), above)]


_DENSE = frozenset({Kind.DECIMAL, Kind.MONEY, Kind.RATE})


def _below(kind: Kind, point: Any) -> Value:
    """A value before a point; the point itself where there is none."""
    match kind:
        case Kind.NUMBER:
            return nextafter(point, -inf)
        case Kind.DATE | Kind.DATETIME | Kind.TIME:
            return _stepped(point, -1)
        case Kind.INTEGER:
            return cast("int", point - 1)
        case _:
            return operations.subtract(point, 1) or Decimal(0)


def _above(kind: Kind, point: Any, following: Any) -> Value:
    """A value after a point and before the following one, if there is such a value."""
    match kind:
        case Kind.NUMBER:
            return nextafter(point, inf)
        case Kind.DATE | Kind.DATETIME | Kind.TIME:
            return _stepped(point, 1)
        case _ if following is None:
            return operations.add(point, 1) or Decimal(0)
        case _:
            both = operations.add(point, following)
            return (None if both is None else operations.multiply(both, Decimal("0.5"))) or Decimal(0)


def _stepped(point: date | time, sign: int) -> Value:
    try:
        if isinstance(point, time):
            stepped = datetime.combine(_SOME_DAY, point) + sign * timedelta.resolution
            return stepped.time() if stepped.date() == _SOME_DAY else point
        return point + sign * (timedelta.resolution if isinstance(point, datetime) else timedelta(days=1))
    except OverflowError:
        return point


def _value_profile(
    attribute: Attribute, nodes: Sequence[Typed], holds: Callable[[Value], bool], absent: Absent
) -> ValueProfile:
    alike = _alike(nodes)
    domain = attribute.type.domain
    unmentioned: Value | None
    match attribute.type.kind:
        case Kind.BOOLEAN:
            alike, unmentioned = [[True], [False]], None
        case Kind.ENUM if domain is not None and domain.ordered:
            alike, unmentioned = [[each] for each in domain.values], None
        case Kind.ENUM if domain is not None:
            mentioned = {value for values in alike for value in values}
            unmentioned = next((each for each in domain.values if each not in mentioned), None)
        case Kind.STRING:
            unmentioned = "\x00" * (1 + max((len(value) for values in alike for value in values), default=0))
        case _:  # records, lengths of time: only whether there is one can be asked
            if any(_constants(node) for node in nodes):
                raise _UnknownError
            unmentioned = ()
    elsewhere = unmentioned is not None and holds(unmentioned)
    others = (values for values in alike if holds(values[0]) is not elsewhere)
    return ValueProfile(elsewhere, frozenset(value for values in others for value in values), absent)


def _alike(nodes: Iterable[Typed]) -> list[list[Any]]:
    """The texts mentioned, together where no condition that compares for equality can tell them apart."""
    mentions = [each for node in nodes if (each := _constants(node))]
    values = {value for each in mentions for value in each if isinstance(value, str)}
    if len(mentions) == 1:
        return [[*values]] if values else []
    alike: dict[tuple[bool, ...], list[Any]] = {}
    for value in values:
        alike.setdefault(tuple([value in each for each in mentions]), []).append(value)
    return [*alike.values()]


# --- sets -------------------------------------------------------------------------------------------------------------


def _set_profile(parts: Sequence[Computed], absent: Absent) -> SetProfile | None:
    asked: list[tuple[bool, frozenset[str]]] = []
    for part in parts:
        found = _asked(part.tree, holds=True)
        if found is None:
            return None
        asked.extend(found)
    any_of = dict.fromkeys(values for some, values in asked if some)
    return SetProfile(tuple(any_of), frozenset(v for some, values in asked if not some for v in values), absent)


def _asked(node: Typed, *, holds: bool) -> list[tuple[bool, frozenset[str]]] | None:
    """What a set that is there must have one of (True), or must have nothing of (False); None where that does not say it."""
    match node:
        case Not(operand=operand):
            return _asked(operand, holds=not holds)
        case Logic(operator=operator, operands=operands):
            found = [_asked(each, holds=holds) for each in operands]
            told = [each for each in found if each is not None]
            if len(told) < len(found):
                return None
            return [one for each in told for one in each] if (operator == "and") is holds else _either(told)
        case IsMissing():
            return [] if not holds else [(True, frozenset())]
        case Member(item=Constant(value=str(value))):
            return [(holds, frozenset({value}))]
        case (
            Call(function=function, arguments=(Read(), Constant(value=frozenset() as values)))
            | Call(function=function, arguments=(Constant(value=frozenset() as values), Read()))
        ) if function.name == "overlap":
            return [(holds, values)]
        case _:
            return None


def _either(told: list[list[tuple[bool, frozenset[str]]]]) -> list[tuple[bool, frozenset[str]]] | None:
    """One of several; it can be said where each asks for one of some values."""
    if [] in told:
        return []
    if all(len(each) == 1 and each[0][0] for each in told):
        return [(True, frozenset(value for each in told for value in each[0][1]))]
    return None
