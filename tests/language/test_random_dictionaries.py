"""Whatever the dictionary is: what checks runs, never raises, and comes out the same from both evaluators."""

from __future__ import annotations

from datetime import datetime

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from random_dictionaries import customers, dictionaries, expression

from nbo import UNKNOWN, DiagnosticError, compile_expression

AT = datetime.fromisoformat("2026-11-16T10:30:00+08:00")
KINDS = ("boolean", "boolean", "integer", "decimal", "money", "rate", "number", "date", "time")


@settings(max_examples=400, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(st.data())
def test_a_well_typed_condition_over_any_dictionary_means_one_thing(data: st.DataObject) -> None:
    drawn = data.draw(dictionaries())
    text = data.draw(expression(drawn, data.draw(st.sampled_from(KINDS))))
    try:
        condition = compile_expression(text, drawn.attributes, timezone="Asia/Shanghai")
    except DiagnosticError as error:
        assume({each.code.id for each in error.diagnostics} != {"NBO210"})  # too long is all that can be wrong
        raise AssertionError(f"{text} over {drawn.attributes}: {error}") from None
    customer = data.draw(customers(drawn))
    by_interpreter, by_code = condition.evaluate(customer, at=AT), condition.function(customer, at=AT)
    assert type(by_interpreter) is type(by_code), text
    assert repr(by_interpreter) == repr(by_code), text
    missing = condition.missing(customer, at=AT)
    assert missing == () or by_interpreter is UNKNOWN
