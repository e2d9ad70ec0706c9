"""Which truth values a condition can take on present, in-range values.

The truth of a condition built from comparisons of an attribute with constants changes only at those constants. So a few
critical points an attribute (each constant and its neighbours, the limits, every enum value) decide it exactly: if it
holds at none of their combinations, it never holds. Conditions of another shape are left alone.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from contextlib import suppress
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from itertools import chain, combinations, pairwise, product
from math import inf, nextafter

from nbo.language import operations
from nbo.language.interpret import evaluate
from nbo.language.tree import Compare, Constant, Logic, Member, Not, OneOf, Read, Typed, attributes_read, walk
from nbo.language.types import Attribute, Kind, Value

MOST_COMBINATIONS = 4_000
_MOST_SUBSETS_OF = 6
_STEP = Decimal("1E-10")  # the finest step that a supplied exact value can take
_SOME_DAY = date(2000, 1, 1)
_OTHER_TEXT = "\x00"


def possible_results(node: Typed) -> frozenset[bool] | None:
    """The truth values that a condition can take when nothing is missing; None where this cannot be told."""
    if not all(is_simple(each) for each in walk(node)):
        return None
    attributes = attributes_read(node)
    constants = constants_by_slot([node])
    points = [critical_points(attribute, constants.get(attribute.slot, ())) for attribute in attributes]
    combinations_ = 1
    for each in points:
        combinations_ *= len(each)
    if not 0 < combinations_ <= MOST_COMBINATIONS:
        return None
    width = max((attribute.slot for attribute in attributes), default=-1) + 1
    results: set[bool] = set()
    for chosen in product(*points):
        values: list[Value | None] = [None] * width
        for attribute, value in zip(attributes, chosen, strict=True):
            values[attribute.slot] = value
        result = evaluate(node, values)
        if isinstance(result, bool):
            results.add(result)
        if len(results) == 2:
            break
    return frozenset(results)


def critical_points(attribute: Attribute, constants: Collection[Value]) -> list[Value]:
    """Values of an attribute, in range and in order, such that every cut by one of the constants has one on each side."""
    kind = attribute.type.kind
    if kind is Kind.BOOLEAN:
        return [False, True]
    if kind is Kind.ENUM and attribute.type.domain is not None:
        return list(attribute.type.domain.values)
    if kind is Kind.STRING:
        return [*constants, _OTHER_TEXT]
    if kind is Kind.SET:
        values = [each for each in constants if isinstance(each, str)]
        if len(values) > _MOST_SUBSETS_OF:
            return []
        return [frozenset(chosen) for size in range(len(values) + 1) for chosen in combinations(values, size)]
    limits = [] if attribute.min is None and attribute.max is None else _limits(attribute)
    cuts = (*constants, *limits)
    around = chain(chain.from_iterable(_neighbours(kind, each) for each in cuts), _between_close(kind, cuts))
    return sorted((each for each in dict.fromkeys(around) if attribute.in_range(each)), key=lambda each: each)  # type: ignore[arg-type, return-value]  # one ordered kind


def is_simple(node: Typed) -> bool:
    """Comparisons of an attribute with a constant, joined by logic."""
    match node:
        case Compare(left=left, right=right):
            return {type(left), type(right)} <= {Read, Constant} and not (
                isinstance(left, Read) and isinstance(right, Read)
            )
        case OneOf(item=item):
            return isinstance(item, Read | Constant)
        case Member(item=item, container=container):
            return isinstance(item, Constant) and isinstance(container, Read)
        case Read(attribute=attribute):
            return attribute.type.kind not in (Kind.RECORDS, Kind.DURATION)
        case Logic() | Not() | Constant():
            return True
        case _:
            return False


def constants_by_slot(nodes: Iterable[Typed]) -> dict[int, Collection[Value]]:
    """The constants that expressions compare each attribute with, by its slot, in the order of first mention."""
    found: dict[int, dict[Value, None]] = {}
    for node in nodes:
        for each in walk(node):
            match each:
                case (
                    Compare(left=Read(attribute=read), right=Constant(value=value))
                    | Compare(left=Constant(value=value), right=Read(attribute=read))
                ):
                    found.setdefault(read.slot, {})[value] = None
                case OneOf(item=Read(attribute=read), options=options):
                    found.setdefault(read.slot, {}).update(dict.fromkeys(sorted(options, key=str)))
                case Member(item=Constant(value=value), container=Read(attribute=read)):
                    found.setdefault(read.slot, {})[value] = None
                case _:
                    pass
    return {slot: values.keys() for slot, values in found.items()}


def _limits(attribute: Attribute) -> list[Value]:
    found = [each for each in (attribute.min, attribute.max) if each is not None]
    match attribute.type.kind:
        case Kind.INTEGER:
            return [int(each) for each in found]
        case Kind.NUMBER:
            return [float(each) for each in found]
        case _:
            return list(found)


def _neighbours(kind: Kind, value: Value) -> list[Value]:
    """The value and the nearest ones on either side."""
    match value:
        case bool():
            return [value]
        case int() if kind is Kind.INTEGER:
            return [value - 1, value, value + 1]
        case int() | Decimal():
            exact = Decimal(value)
            if kind is Kind.INTEGER:  # `age > 17.5`
                return [int(exact) - 1, int(exact), int(exact) + 1]
            around = (operations.subtract(exact, _STEP), exact, operations.add(exact, _STEP))
            return [each for each in around if each is not None]
        case float():
            return [nextafter(value, -inf), value, nextafter(value, inf)]
        case datetime():
            return _on_the_calendar(value, timedelta.resolution)
        case date():
            return _on_the_calendar(value, timedelta(days=1))
        case time():
            at = datetime.combine(_SOME_DAY, value)
            around_it = (at - timedelta.resolution, at, at + timedelta.resolution)
            return [each.time() for each in around_it if each.date() == _SOME_DAY]
        case _:
            return [value]


def _on_the_calendar(value: date, step: timedelta) -> list[Value]:
    """The value and its neighbours; the first and the last day have one only."""
    around: list[Value] = [value]
    for sign in (-1, 1):
        with suppress(OverflowError):
            around.append(value + sign * step)
    return around


def _between_close(kind: Kind, cuts: Iterable[Value]) -> Iterator[Value]:
    """A value between two cuts that are one step or less apart: a derived amount can have more than 10 digits."""
    exact = sorted({each for each in cuts if isinstance(each, Decimal)})
    for low, high in pairwise(exact if kind is not Kind.INTEGER else ()):
        gap, both = operations.subtract(high, low), operations.add(low, high)
        half = None if both is None else operations.multiply(both, Decimal("0.5"))
        if half is not None and gap is not None and gap <= _STEP:
            yield half
