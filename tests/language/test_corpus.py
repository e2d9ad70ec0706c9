"""The reference runner of `corpus.yaml`: every case by the interpreter and by the generated code."""

from __future__ import annotations

import re
from datetime import date, datetime, time
from decimal import Decimal

import pytest
from corpus_reader import CASES, CorpusCase, compiled

from nbo import UNKNOWN, DiagnosticError
from nbo.language import functions
from nbo.language.calendar import Duration


def written(value: object) -> object:
    """A value in the form in which the corpus writes results."""
    match value:
        case bool() | int():
            return value
        case Decimal():
            return {"exact": str(value) if "E" not in str(value) else format(value, "f")}
        case float():
            return {"number": repr(value)}
        case str():
            return {"text": value}
        case datetime():
            assert value.utcoffset() is not None
            return {"datetime": value.isoformat().replace("+00:00", "Z")}
        case date():
            return {"date": value.isoformat()}
        case time():
            return {"time": value.isoformat()}
        case Duration():
            return {"duration": {"months": value.months, "days": value.days, "seconds": value.seconds}}
        case frozenset():
            return {"set": sorted(value)}
        case _:
            raise AssertionError(f"no form for {value!r}")


def expected_form(result: object) -> object:
    if isinstance(result, dict) and "number" in result:
        return {"number": repr(float(result["number"]))}
    if isinstance(result, dict) and "set" in result:
        return {"set": sorted(result["set"])}
    return result


def check(case: CorpusCase) -> None:
    expected = case.expected
    if "error" in expected:
        with pytest.raises(DiagnosticError) as raised:
            compiled(case.expr, case.zone)
        found = raised.value.diagnostics
        assert [each.code.id for each in found] == [expected["error"]]
        assert found[0].span is not None
        assert found[0].span.text == expected["underlined"]
        return
    condition = compiled(case.expr, case.zone)
    by_interpreter = condition.evaluate(case.values, at=case.at)
    by_code = condition.function(case.values, at=case.at)
    assert type(by_interpreter) is type(by_code)
    assert repr(by_interpreter) == repr(by_code)
    missing = condition.missing(case.values, at=case.at)
    if expected.get("unknown"):
        assert by_interpreter is UNKNOWN
        assert "missing" not in expected or list(missing) == expected["missing"]
    else:
        assert by_interpreter is not UNKNOWN, f"missing: {missing}"
        assert written(by_interpreter) == expected_form(expected["result"])
        assert missing == ()
    if "type" in expected:
        assert condition.type == expected["type"]


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"line {case.line}: {case.expr[:60]}")
def test_case_holds_for_every_evaluator(case: CorpusCase) -> None:
    if "known_bug" not in case.expected:
        check(case)
        return
    with pytest.raises(AssertionError):  # once it passes, the mark must go
        check(case)


def test_the_corpus_is_large_and_its_cases_are_told_apart() -> None:
    assert len(CASES) >= 250
    keys = [(case.expr, repr(case.values), case.zone, case.at) for case in CASES]
    assert len(set(keys)) == len(keys)


@pytest.mark.parametrize("name", sorted(functions.USAGE))
def test_every_function_has_a_value_and_a_mistake_or_an_unknown_in_the_corpus(name: str) -> None:
    called = re.compile(rf"(?<![\w.]){name}\(")
    kinds = {
        kind
        for case in CASES
        if called.search(case.expr)
        for kind in ("result", "unknown", "error")
        if kind in case.expected
    }
    assert "result" in kinds
    assert kinds != {"result"}
