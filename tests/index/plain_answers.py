"""What the index must answer, offer by offer and clause by clause, by the reference interpreter."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import cast

from hypothesis import HealthCheck, settings

from nbo.index.index import MatchIndex
from nbo.index.parts import parts_of
from nbo.language.dictionary import TODAY_SLOT
from nbo.language.expression import Expression
from nbo.language.intake import Values
from nbo.language.interpret import evaluate
from nbo.pack.clause import Clause, InForce
from nbo.pack.offer import Offer
from nbo.source.nodes import from_plain

_SPAN = from_plain("", "offer").span
ALWAYS = InForce(None, None)
slow = settings(
    max_examples=200,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.function_scoped_fixture],
)


def offer_of(name: str, conditions: Sequence[Expression], valid: InForce = ALWAYS) -> Offer:
    """A sales offer with conditions and nothing else; every second one stands in applicability."""
    clauses = tuple(Clause(f"{name}.{n}", each, {}, _SPAN) for n, each in enumerate(conditions))
    return Offer(
        id=name, family=name, kind="sales", tier=2, labels={}, valid=valid, exclusive_group=None, priority=0,
        for_each=None, eligibility=clauses[::2], applicability=clauses[1::2], volume=(), suitability=(), quote=None,
        bank_value=None, customer_value=None, propensity=None, script=None, span=_SPAN,
    )  # fmt: skip


def asked(expression: Expression, values: Values) -> bool | None:
    """As a decision asks it, by the interpreter."""
    if expression.forgiven & values.refused:
        return None
    return cast("bool | None", evaluate(expression.tree, values))


def outcome(offer: Offer, values: Values) -> str:
    results = [asked(each.expression, values) for each in (*offer.eligibility, *offer.applicability)]
    today = cast("date | None", values[TODAY_SLOT])
    results += [
        None if today is None else holds
        for end, holds in (
            (offer.valid.start, today is not None and offer.valid.start is not None and offer.valid.start <= today),
            (
                offer.valid.through,
                today is not None and offer.valid.through is not None and today <= offer.valid.through,
            ),
        )
        if end is not None
    ]
    return "failed" if False in results else "unknown" if None in results else "eligible"


def missed_by(offer: Offer, values: Values) -> str | None:
    """The one attribute whose conditions stand against an offer."""
    parts = [part for each in (*offer.eligibility, *offer.applicability) for part in parts_of(each.expression)]
    against = {read.name for part in parts if asked(part, values) is not True for read in part.reads}
    today = cast("date | None", values[TODAY_SLOT])
    if offer.valid != ALWAYS and (today is None or not offer.valid.covers(today)):
        against.add("today")
    return against.pop() if len(against) == 1 else None


def one_by_one(offers: Iterable[Offer], values: Values) -> dict[str, str]:
    return {each.id: outcome(each, values) for each in offers}


def assert_same(index: MatchIndex, offers: Sequence[Offer], values: Values) -> None:
    expected = one_by_one(offers, values)
    eligible = [name for name, outcome in expected.items() if outcome == "eligible"]
    assert index.match(values) == eligible
    for limit in (1, 3, 20):
        assert index.match(values, limit=limit) == eligible[:limit]
    why_not = index.why_not(values)
    assert dict(why_not) == expected
    missed = {each.id: missed_by(each, values) for each in offers}
    assert why_not.missed_by_one() == {name: attribute for name, attribute in missed.items() if attribute is not None}
