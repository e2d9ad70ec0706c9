"""Offers and customers to match: N offers of five conditions each over 27 attributes, made in memory from a seed."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import accumulate
from zoneinfo import ZoneInfo

from nbo import compile_expression
from nbo.language.dictionary import Dictionary
from nbo.language.expression import Expression, compile_scalar
from nbo.language.facts import prepare_values
from nbo.language.intake import Values
from nbo.pack.clause import Clause, InForce
from nbo.pack.offer import Offer
from nbo.source.nodes import Scalar, from_plain

ENUMS = (2, 2, 3, 5, 8, 12, 20, 50, 100, 200)
SETS = (20, 40)
NUMERIC = ("integer", "money", "number") * 5
TOP = 100_000
MISSING = 0.05
CONDITIONS = 5
_SPAN = from_plain("", "offer").span


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition: `operator` is `>=`, `<=`, `in` (one of `values`), `has` (a set has the one of `values`), or `or`."""

    attribute: str
    operator: str
    values: tuple[Decimal | str, ...]
    branches: tuple[Condition, ...] = ()

    @property
    def text(self) -> str:
        """As an analyst writes it."""
        if self.operator == "or":
            return " or ".join(each.text for each in self.branches)
        if self.operator == "in":
            return f"a.{self.attribute} in [{', '.join(map(str, self.values))}]"
        if self.operator == "has":
            return f"{self.values[0]} in a.{self.attribute}"
        return f"a.{self.attribute} {self.operator} {self.values[0]}"


@dataclass(frozen=True, slots=True)
class Workload:
    """The same rules as conditions and as offers; customers as plain mappings and as prepared values."""

    dictionary: Dictionary
    kinds: dict[str, str]
    rules: list[tuple[str, tuple[Condition, ...]]]
    offers: list[Offer]
    customers: list[dict[str, object]]
    prepared: list[Values]


def workload(offers: int, customers: int, *, ors: bool = False) -> Workload:
    """Offers in rank order, and customers with 5 % of their attributes missing.

    With `ors` every offer has one condition more, an *or* over two or three attributes.
    """
    draw = random.Random(20_260_801)
    attributes: dict[str, dict[str, object]] = {}
    for n, kind in enumerate(NUMERIC):
        attributes[f"n{n}"] = {"type": kind, "min": 0, "max": TOP}
    for n, size in enumerate(ENUMS):
        attributes[f"e{n}"] = {"type": "enum", "values": [f"v{n}_{each}" for each in range(size)]}
    for n, size in enumerate(SETS):
        attributes[f"s{n}"] = {"type": "set", "of": "enum", "values": [f"t{n}_{each}" for each in range(size)]}
    dictionary = compile_expression("true", {"a": attributes}).dictionary
    rules = [(f"offer_{n:06}", _conditions(draw, attributes, ors=ors)) for n in range(offers)]
    people = [_customer(draw, attributes) for _ in range(customers)]
    zone = ZoneInfo("UTC")
    return Workload(
        dictionary,
        {name: str(each["type"]) for name, each in attributes.items()},
        rules,
        _offers(rules, dictionary, zone),
        people,
        [prepare_values(dictionary, {"a": each}, None, zone)[0] for each in people],
    )


def _conditions(draw: random.Random, attributes: dict[str, dict[str, object]], *, ors: bool) -> tuple[Condition, ...]:
    names = draw.sample([*attributes], CONDITIONS + (draw.randrange(2, 4) if ors else 0))
    found = [_condition(draw, name, attributes[name]) for name in names]
    either = (Condition("", "or", (), tuple(found[CONDITIONS:])),) if ors else ()
    return (*found[:CONDITIONS], *either)


def _condition(draw: random.Random, name: str, attribute: dict[str, object]) -> Condition:
    kind, values = attribute["type"], attribute.get("values")
    if isinstance(values, list):
        if kind == "set":
            return Condition(name, "has", (_common(draw, values[:5]),))
        some = 1 if len(values) <= 3 else min(len(values) // 2, 8)
        return Condition(name, "in", tuple(dict.fromkeys(_common(draw, values) for _ in range(2 * some)))[:some])
    operator = draw.choice((">=", "<="))
    share = draw.randrange(6, 16) * 5  # mostly a round number: a multiple of 5,000, lying toward the side that holds
    point = TOP * share // 100 if operator == ">=" else TOP * (100 - share) // 100
    if draw.random() < 0.1:
        point += draw.randrange(-2_500, 2_500)
    return Condition(name, operator, (Decimal(point),))


def _common(draw: random.Random, values: Sequence[str]) -> str:
    """The first values are the common ones."""
    weights = [*accumulate(1 / (n + 1) for n in range(len(values)))]
    return draw.choices(values, cum_weights=weights)[0]


def _customer(draw: random.Random, attributes: dict[str, dict[str, object]]) -> dict[str, object]:
    customer: dict[str, object] = {}
    for name, attribute in attributes.items():
        kind, values = attribute["type"], attribute.get("values")
        if isinstance(values, list):
            found: object = _common(draw, values)
            if kind == "set":
                found = sorted({_common(draw, values) for _ in range(draw.randrange(1, 6))})
        elif kind == "integer":
            found = draw.randrange(TOP)
        elif kind == "money":
            found = Decimal(draw.randrange(100 * TOP)) / 100
        else:
            found = draw.randrange(100 * TOP) / 100
        if draw.random() >= MISSING:
            customer[name] = found
    return customer


def _offers(rules: Sequence[tuple[str, tuple[Condition, ...]]], dictionary: Dictionary, zone: ZoneInfo) -> list[Offer]:
    """Conditions with one text are one object: the memory measured is the index's, not that of reading rules."""
    clauses: dict[str, Clause] = {}
    for _, conditions in rules:
        for condition in conditions:
            if condition.text not in clauses:
                compiled: Expression = compile_scalar(Scalar(condition.text, _SPAN), dictionary, zone)
                clauses[condition.text] = Clause(condition.text, compiled, {}, _SPAN)
    always = InForce(None, None)
    return [
        Offer(
            id=name, family=name, kind="sales", tier=2, labels={}, valid=always, exclusive_group=None, priority=0,
            for_each=None, eligibility=tuple(clauses[each.text] for each in conditions), applicability=(), volume=(),
            suitability=(), quote=None, bank_value=None, customer_value=None, propensity=None, script=None, span=_SPAN,
        )
        for name, conditions in rules
    ]  # fmt: skip
