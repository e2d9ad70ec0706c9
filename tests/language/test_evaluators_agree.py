"""Generated conditions on generated customers: the evaluators agree, and the laws of the language hold."""

from __future__ import annotations

import decimal
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from corpus_reader import compiled, dictionary
from expressions import KINDS, Writer, expression, place, value_of, values_for
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from nbo import UNKNOWN, DiagnosticError
from nbo.language.calendar import Duration
from nbo.language.expression import CompiledExpression
from nbo.language.facts import prepare_values
from nbo.language.generate import generate_first

ZONE = "America/New_York"  # a zone whose clock changes
AT = datetime.fromisoformat("2026-11-01T12:00:00-05:00")
PYTHON_TYPE = {
    "boolean": bool, "integer": int, "decimal": Decimal, "money": Decimal, "rate": Decimal, "number": float, "string": str,
    "enum": str, "date": date, "datetime": datetime, "time": time, "duration": Duration, "set": frozenset,
}  # fmt: skip


@cache
def compile_once(text: str) -> CompiledExpression:
    return compiled(text, ZONE)


def compile_or_skip(text: str) -> CompiledExpression:
    try:
        return compile_once(text)
    except DiagnosticError as error:
        if {each.code.id for each in error.diagnostics} == {"NBO210"}:
            assume(False)  # too long is all that can be wrong
        raise AssertionError(f"{text}: {error}") from None


def known(condition: CompiledExpression, values: dict[str, Any]) -> object:
    """The value, held to be the same by both evaluators."""
    by_interpreter = condition.evaluate(values, at=AT)
    by_code = condition.function(values, at=AT)
    assert type(by_interpreter) is type(by_code), condition.expression.text
    assert repr(by_interpreter) == repr(by_code), condition.expression.text
    return by_interpreter


@settings(max_examples=500)
@given(st.data())
def test_interpreter_and_generated_code_agree_and_never_raise(data: st.DataObject) -> None:
    condition = compile_or_skip(data.draw(expression(data.draw(st.sampled_from(KINDS)))))
    values = data.draw(values_for(condition.dictionary, condition.expression.reads))
    value = known(condition, values)
    missing = condition.missing(values, at=AT)
    if value is UNKNOWN:
        assert all(condition.dictionary.find(name) or name.startswith("history.") for name in missing)
    else:
        assert type(value) is PYTHON_TYPE[condition.type]
        assert missing == ()


SAME = [("it.note", "customer.name"), ("it.times", "customer.age"), ("it.day", "customer.birth_date")]


@settings(max_examples=200)
@given(st.data())
def test_conditions_asked_together_are_as_each_asked_alone(data: st.DataObject) -> None:
    field, attribute = data.draw(st.sampled_from(SAME))
    texts = []
    for _ in range(data.draw(st.integers(2, 4))):
        rest = data.draw(
            st.sampled_from(["it.open", "it.family == bill", "it.shown_at > now - days(30)", "it.times < 3"])
        )
        if data.draw(st.booleans()):
            rest = data.draw(
                st.sampled_from([f"{rest} and it.shown_at > now - days(3)", "now - days(400) <= it.shown_at"])
            )
        name = data.draw(st.sampled_from(["any({})", "not all({})", "count({}) >= 2", "customer.age > 3 and any({})"]))
        texts.append(name.format(f"history, {field} == {attribute} and {rest}"))
    texts.insert(data.draw(st.integers(0, len(texts))), data.draw(expression("boolean", 2)))
    conditions = [compile_or_skip(text) for text in texts]
    reads = [attribute for condition in conditions for attribute in condition.expression.reads]
    values = data.draw(values_for(conditions[0].dictionary, reads))
    alone = [condition.evaluate(values, at=AT) for condition in conditions]
    prepared, _ = prepare_values(conditions[0].dictionary, values, AT.astimezone(UTC), ZoneInfo(ZONE))
    for passing in (True, False):
        together = generate_first([condition.expression.tree for condition in conditions], passing=passing)
        first = next((place for place, each in enumerate(alone) if each is not passing), None)
        assert together(prepared) == first, texts


@pytest.mark.parametrize("days", [1, 3, 20, 30, 40, 400, 500])
def test_questions_about_the_recent_see_what_the_one_that_goes_furthest_back_sees(days: int) -> None:
    texts = [
        "count(history, it.shown_at > now - days(3)) >= 2",
        "any(history, it.open and now - days(400) <= it.shown_at)",
        "any(history, it.family == bill and it.shown_at > now - days(30))",
    ]
    conditions = [compile_once(text) for text in texts]
    values = {"history": [{"open": True, "family": "bill", "shown_at": AT - timedelta(days=days)}]}
    prepared, _ = prepare_values(conditions[0].dictionary, values, AT.astimezone(UTC), ZoneInfo(ZONE))
    together = generate_first([condition.expression.tree for condition in conditions], passing=False)
    alone = [condition.evaluate(values, at=AT) for condition in conditions]
    assert together(prepared) == next((place for place, each in enumerate(alone) if each is not False), None)


@settings(max_examples=150)
@given(st.data())
def test_a_callers_decimal_context_changes_nothing(data: st.DataObject) -> None:
    condition = compile_or_skip(
        data.draw(expression(data.draw(st.sampled_from(["money", "decimal", "rate", "number", "boolean"]))))
    )
    values = data.draw(values_for(condition.dictionary, condition.expression.reads))
    value = known(condition, values)
    hostile = decimal.Context(
        prec=3, rounding=decimal.ROUND_UP, Emin=-2, Emax=2, traps=list(decimal.getcontext().traps)
    )
    with decimal.localcontext(hostile):
        assert repr(compiled(condition.expression.text, ZONE).evaluate(values, at=AT)) == repr(value)
        assert repr(condition.function(values, at=AT)) == repr(value)


LAWS = [
    ("not not ({a})", "{a}"),
    ("not (({a}) and ({b}))", "(not ({a})) or (not ({b}))"),
    ("not (({a}) or ({b}))", "(not ({a})) and (not ({b}))"),
    ("({a}) and ({b})", "({b}) and ({a})"),
    ("({a}) or ({b})", "({b}) or ({a})"),
    ("({a}) and ({a})", "{a}"),
    ("({a}) and true", "{a}"),
    ("({a}) or false", "{a}"),
    ("({a}) and (({b}) or ({c}))", "(({a}) and ({b})) or (({a}) and ({c}))"),
    ("({a}) or (({b}) and ({c}))", "(({a}) or ({b})) and (({a}) or ({c}))"),
    ("({a}) and (({b}) and ({c}))", "({a}) and ({b}) and ({c})"),
    ("({a}) == true", "{a}"),
    ("({a}) != ({b})", "not (({a}) == ({b}))"),
    ("({a}) in [({b}), ({c})]", "(({a}) == ({b})) or (({a}) == ({c}))"),
]


@pytest.mark.parametrize(("left", "right"), LAWS)
@settings(max_examples=25)
@given(data=st.data())
def test_law_of_kleene_logic(left: str, right: str, data: st.DataObject) -> None:
    parts = {name: data.draw(expression("boolean", 2)) for name in "abc"}
    first, second = compile_or_skip(left.format(**parts)), compile_or_skip(right.format(**parts))
    reads = (*first.expression.reads, *second.expression.reads)
    values = data.draw(values_for(first.dictionary, reads))
    assert known(first, values) is known(second, values)


@settings(max_examples=200)
@given(st.data())
def test_a_comparison_with_something_missing_is_unknown(data: st.DataObject) -> None:
    writer = Writer(data.draw)
    kind, attribute = data.draw(st.sampled_from([
        ("integer", "customer.age"), ("money", "account.limit"), ("number", "customer.score"), ("date", "customer.birth_date"),
        ("datetime", "call.started_at"), ("time", "call.local_time"), ("rate", "customer.fee_rate"),
    ]))  # fmt: skip
    other = writer.expression(kind, 2)
    operator = data.draw(st.sampled_from(["==", "!=", "<", "<=", ">", ">="]))
    sides = data.draw(st.permutations([attribute, f"({other})"]))
    condition = compile_or_skip(f"{sides[0]} {operator} {sides[1]}")
    values = data.draw(values_for(condition.dictionary, condition.expression.reads))
    namespace, _, key = attribute.partition(".")
    values.get(namespace, {}).pop(key, None)
    assert known(condition, values) is UNKNOWN
    assert attribute in condition.missing(values, at=AT)


@settings(max_examples=300)
@given(st.data())
def test_learning_more_changes_no_known_answer(data: st.DataObject) -> None:
    """Without `is missing` and `default`, a value that arrives later can only make the unknown known."""
    condition = compile_or_skip(data.draw(expression("boolean", absence=False)))
    derived = set(condition.dictionary.formulas)
    values = data.draw(values_for(condition.dictionary, condition.expression.reads))
    before = known(condition, values)
    for name in condition.missing(values, at=AT):
        if name not in derived and "history" not in name:
            place(values, name, data.draw(value_of(condition.dictionary.attributes[name])))
    for attribute in condition.expression.reads:
        namespace, _, key = attribute.name.partition(".")
        absent = key and key not in values.get(namespace, {})
        if absent and attribute.name not in derived and attribute.name not in ("now", "today"):
            place(values, attribute.name, data.draw(value_of(attribute)))
    after = known(condition, values)
    assert before is UNKNOWN or after is before


def test_the_generator_reaches_every_kind() -> None:
    assert {str(each.type.kind) for each in dictionary(ZONE)} - {"records"} <= set(PYTHON_TYPE)
