"""A customer for whom conditions come out as wanted: what a failing proof shows, and what a holding one has ruled out.

In: conditions, and for each the results that are wanted of it. Out: values of as few attributes as it takes, or None where
no customer can be. A condition that compares attributes with constants changes only at those constants
(`language/analysis.py`), so a few points an attribute and its absence decide it; whatever is more than that (arithmetic,
records) is assumed to come out either way, and the same words the same way throughout. So None is certain, and a witness
with something `assumed` is not. Attributes are taken to be free of each other.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product

from nbo.diagnostics.diagnostic import Text
from nbo.language.analysis import constants_by_slot, critical_points, is_simple
from nbo.language.interpret import evaluate
from nbo.language.rewrite import likeness, read_through
from nbo.language.tree import IsMissing, Logic, Not, Read, Typed, attributes_read
from nbo.language.types import Attribute, Value

Result = bool | None
ANY: frozenset[Result] = frozenset({True, False, None})
_MOST_STEPS = 3_000


@dataclass(frozen=True, slots=True, eq=False)
class Wish:
    """A condition and the results of which one is wanted; None is unknown."""

    tree: Typed
    results: frozenset[Result]


@dataclass(frozen=True, slots=True, eq=False)
class Witness:
    """Values that make every wish true; `assumed` says that conditions were met which cannot be computed from them.

    An attribute whose value is None is missing; one in `present` has any value at all. Nothing is in `values` where the
    search was given up, which stands for a customer whom nobody has ruled out.
    """

    values: Mapping[str, Value | None]
    present: frozenset[str]
    assumed: bool

    def told(self, names: frozenset[str]) -> Text:
        """The customer in words, by those attributes that are in `names`."""
        en = ", ".join(self._said(name, "is missing", "is present") for name in self.values if name in names)
        zh = "，".join(self._said(name, "缺失", "有值") for name in self.values if name in names)
        return Text(en, zh)

    def _said(self, name: str, missing: str, present: str) -> str:
        value = self.values[name]
        if value is None:
            return f"`{name}` {missing}"
        return f"`{name}` {present}" if name in self.present else f"`{name}` = {_literal(value)}"


def find_witness(wishes: Sequence[Wish], segments: Mapping[str, Typed]) -> Witness | None:
    """A customer for whom every wish holds, or None where there is certainly none.

    `segments` are the formulas of the pack's segments by name: no profile supplies one, so each is read through.
    """
    wanted = [Wish(read_through(wish.tree, segments), wish.results) for wish in wishes]
    return _Search(wanted).run()


@dataclass(slots=True, eq=False)
class _Unknown:
    """Something to settle: an attribute with its points, or words that are assumed one way or the other."""

    key: object
    attribute: Attribute | None
    points: tuple[Value | None, ...]


@dataclass(slots=True, eq=False)
class _Search:
    """Settles one unknown after the other, and turns back as soon as a wish is out of reach."""

    wishes: Sequence[Wish]
    unknowns: list[_Unknown] = field(default_factory=list)
    keys: dict[int, object] = field(default_factory=dict)  # leaf by identity -> key of its unknown
    present: set[str] = field(default_factory=set)
    settled: dict[object, Value | None] = field(default_factory=dict)
    values: list[Value | None] = field(default_factory=list)
    steps: int = 0

    def run(self) -> Witness | None:
        self.prepare()
        try:
            if not self.settle(0):
                return None
        except _GaveUpError:
            return Witness({}, frozenset(), assumed=True)
        chosen = {
            each.attribute.name: self.settled[each.key]
            for each in self.unknowns
            if each.attribute is not None and each.key in self.settled
        }
        assumed = any(each.attribute is None and each.key in self.settled for each in self.unknowns)
        return Witness(chosen, frozenset(self.present), assumed)

    def prepare(self) -> None:
        leaves = [leaf for wish in self.wishes for leaf in _leaves(wish.tree)]
        constants = constants_by_slot(leaves)
        known: dict[object, _Unknown] = {}
        width = 0
        for leaf in leaves:
            attribute = _only_attribute(leaf)
            points: list[Value] = []
            if attribute is not None:
                compared = constants.get(attribute.slot, ())
                points = critical_points(attribute, compared)
                if not points and not compared:  # only its absence is looked at, so any value stands for all
                    points = [False]
                    self.present.add(attribute.name)
            if attribute is None or not points:
                unknown = _Unknown(("assumed", likeness(leaf)), None, (True, False, None))
            else:
                unknown = _Unknown(attribute.slot, attribute, (*points, None))
                width = max(width, attribute.slot + 1)
            self.keys[id(leaf)] = known.setdefault(unknown.key, unknown).key
        self.unknowns = list(known.values())
        self.values = [None] * width

    def settle(self, index: int) -> bool:
        """Whether the unknowns from `index` on can be settled so that every wish holds."""
        open_ = False
        for wish in self.wishes:
            outcomes = self.outcomes(wish.tree)
            if outcomes.isdisjoint(wish.results):
                return False
            open_ = open_ or not outcomes <= wish.results
        if not open_:
            return True
        unknown = self.unknowns[index]
        for point in unknown.points:
            self.steps += 1
            if self.steps > _MOST_STEPS:
                raise _GaveUpError
            self.put(unknown, point)
            if self.settle(index + 1):
                return True
        del self.settled[unknown.key]
        return False

    def put(self, unknown: _Unknown, point: Value | None) -> None:
        self.settled[unknown.key] = point
        if unknown.attribute is not None:
            self.values[unknown.attribute.slot] = point

    def outcomes(self, tree: Typed) -> frozenset[Result]:
        """The results that a condition can still have; perhaps a few more."""
        match tree:
            case Not(operand=operand):
                return frozenset(None if each is None else not each for each in self.outcomes(operand))
            case Logic(operator=operator, operands=operands):
                found: frozenset[Result] = frozenset({operator == "and"})
                for operand in operands:
                    more = self.outcomes(operand)
                    found = frozenset(_joined(operator, *pair) for pair in product(found, more))
                return found
            case _:
                key = self.keys.get(id(tree))
                if key is not None and key not in self.settled:
                    return ANY
                result = self.settled[key] if isinstance(key, tuple) else evaluate(tree, self.values)
                return frozenset({result if isinstance(result, bool) else None})


class _GaveUpError(Exception):
    """More steps than a check of a pack has time for."""


def _leaves(tree: Typed) -> Iterator[Typed]:
    """The parts that logic joins, constants apart."""
    match tree:
        case Not(operand=operand):
            yield from _leaves(operand)
        case Logic(operands=operands):
            for operand in operands:
                yield from _leaves(operand)
        case _:
            if attributes_read(tree):
                yield tree


def _only_attribute(leaf: Typed) -> Attribute | None:
    """The attribute that a leaf compares with constants, or whose absence it asks; None where it does more."""
    if not is_simple(leaf) and not (isinstance(leaf, IsMissing) and isinstance(leaf.operand, Read)):
        return None
    attributes = attributes_read(leaf)
    return attributes[0] if len(attributes) == 1 else None


def _joined(operator: str, first: Result, second: Result) -> Result:
    decisive = operator == "or"
    if first is decisive or second is decisive:
        return decisive
    return None if first is None or second is None else not decisive


def _literal(value: Value) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case str():
            return value if value.isidentifier() else f'"{value}"'
        case frozenset():
            return "[" + ", ".join(sorted(value)) + "]"
        case _:
            return format(value, "f") if hasattr(value, "as_tuple") else str(value)
