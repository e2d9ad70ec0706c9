"""The index gives what the reference interpreter gives, whatever is asked, missing or refused."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from itertools import islice
from zoneinfo import ZoneInfo

import corner_customers
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from plain_answers import assert_same, offer_of, slow
from random_dictionaries import Drawn, customers, dictionaries, expression

from nbo import DiagnosticError, compile_expression
from nbo.index import axis
from nbo.index.index import MatchIndex
from nbo.language.dictionary import Dictionary
from nbo.language.expression import Expression
from nbo.language.facts import prepare_values
from nbo.language.intake import Values
from nbo.pack.clause import InForce
from nbo.pack.offer import Offer

ZONE = ZoneInfo("Asia/Shanghai")
AT = datetime.fromisoformat("2026-11-16T10:30:00+08:00")
DAYS = [None, *(date(2026, 11, day) for day in (15, 16, 17))]


pytestmark = pytest.mark.usefixtures("sizes")


@st.composite
def pools(draw: st.DrawFn, drawn: Drawn) -> tuple[Dictionary, list[Expression]]:
    """Conditions over a dictionary."""
    texts = draw(st.lists(expression(drawn, "boolean", 2), min_size=1, max_size=8, unique=True))
    compiled = []
    for text in texts:
        try:
            compiled.append(compile_expression(text, drawn.attributes, timezone="Asia/Shanghai"))
        except DiagnosticError as error:
            assume({each.code.id for each in error.diagnostics} != {"NBO210"})  # too long is all that can be wrong
            raise
    return compiled[0].dictionary, [each.expression for each in compiled]


@st.composite
def shelves(draw: st.DrawFn, pool: Sequence[Expression]) -> list[Offer]:
    """Offers with conditions of a pool; many have some in common."""
    chosen = draw(st.lists(st.lists(st.sampled_from(pool), max_size=4), min_size=1, max_size=40))
    ends = draw(st.lists(st.tuples(st.sampled_from(DAYS), st.sampled_from(DAYS)), min_size=1, max_size=3))
    return [offer_of(f"offer_{n:02}", conditions, InForce(*ends[n % len(ends)])) for n, conditions in enumerate(chosen)]


@slow
@given(st.data())
def test_generated_offers_over_any_dictionary_come_out_as_by_the_interpreter(data: st.DataObject) -> None:
    drawn = data.draw(dictionaries())
    dictionary, pool = data.draw(pools(drawn))
    offers = data.draw(shelves(pool))
    index = MatchIndex(dictionary, offers)
    for _ in range(3):
        customer = data.draw(customers(drawn))
        assert_same(
            index, offers, prepare_values(dictionary, customer, data.draw(st.sampled_from([AT, AT, None])), ZONE)[0]
        )


@slow
@given(st.lists(corner_customers.clause(), min_size=1, max_size=3), st.data())
def test_conditions_hold_the_same_at_every_constant_and_beside_it(texts: list[str], data: st.DataObject) -> None:
    dictionary = corner_customers.dictionary()
    offers = data.draw(shelves([corner_customers.compiled(text) for text in texts]))
    index = MatchIndex(dictionary, offers)
    for values in islice(corner_customers.customers(*texts), 60):
        assert_same(index, offers, values)


@pytest.mark.parametrize("text", corner_customers.ATOMS)
def test_each_comparison_alone_holds_the_same_at_every_constant_and_beside_it(text: str) -> None:
    condition = corner_customers.compiled(text)
    offers = [
        offer_of("yes", [condition]),
        offer_of("no", [corner_customers.compiled(f"not ({text})")]),
        offer_of("all", []),
    ]
    index = MatchIndex(corner_customers.dictionary(), offers)
    if axis.MOST_VALUES > 1:
        assert sum(len(each.axes) for each in index.segments) == (0 if "*" in text or text == "a.money > a.debt" else 1)
    for values in corner_customers.customers(text):
        assert_same(index, offers, values)


def test_an_index_without_offers_has_nothing_to_say() -> None:
    index = MatchIndex(corner_customers.dictionary(), [])
    values = Values([None] * corner_customers.dictionary().width)
    assert index.match(values) == []
    assert dict(index.why_not(values)) == {}
    assert index.why_not(values).missed_by_one() == {}
