"""Random conditions: refused with a place, or computed alike by the interpreter and by generated code."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from random import Random
from typing import Any

from grammar import Grammar
from people import customer
from strange import accident, soup
from target import TESTS, hold, hold_findings

from nbo.diagnostics.diagnostic import DiagnosticError
from nbo.language.analysis import possible_results
from nbo.language.computed import Computed
from nbo.language.expression import CompiledExpression, Expression
from nbo.language.facts import prepare_values
from nbo.language.intake import Values
from nbo.language.interpret import evaluate
from nbo.language.tree import attributes_read
from nbo.language.types import Kind

sys.path.insert(0, str(TESTS / "language"))
from corpus_reader import CASES, compiled, dictionary

ZONES = ("Asia/Shanghai", "America/New_York", "UTC")
TIMES = (
    None,
    datetime(2026, 11, 1, 5, 30, tzinfo=UTC),
    datetime(2024, 2, 29, 23, tzinfo=UTC),
    datetime(9999, 12, 31, tzinfo=UTC),
)


def evaluators_agree(expression: Computed, values: Values) -> object:
    """The value, which both evaluators must give; with a refused value that it forgives, a decision must not know."""
    plain, fast = evaluate(expression.tree, values), expression.compiled(values)
    same = type(plain) is type(fast) and repr(_ordered(plain)) == repr(_ordered(fast))
    hold(same, f"evaluators differ: {plain!r} and {fast!r}")
    if isinstance(expression, Expression):
        asked = expression.ask(values)
        hold(
            asked is None if expression.refused(values) else repr(_ordered(asked)) == repr(_ordered(fast)),
            "ask differs",
        )
    return plain


def _ordered(value: object) -> object:
    return sorted(value) if isinstance(value, frozenset) else value


class Conditions:
    """Conditions over the dictionary of the shared corpus, with its tables; every third with accidents."""

    def __init__(self) -> None:
        self.grammar = Grammar(dictionary("UTC"))
        self.corpus = [each.expr for each in CASES]
        self.text = ""
        self.values: Any = None
        self.compiled = 0

    def one(self, chance: Random) -> str:
        zone = chance.choice(ZONES)
        self.values = None
        self.text = self.written(chance)
        try:
            condition = compiled(self.text, zone)
        except DiagnosticError as error:
            hold(error.diagnostics, "refused without a finding")
            for each in error.diagnostics:
                hold(each.span is not None and each.span.source.text == self.text, "a finding about another text")
            return hold_findings(error.diagnostics)
        self.compiled += 1
        results = possible_results(condition.expression.tree) if condition.type == "boolean" else None
        return (
            condition.type
            + "".join(self.computed(condition, chance, results) for _ in range(4))
            + str(sorted(results or ()))
        )

    def written(self, chance: Random) -> str:
        way = chance.random()
        if way < 0.05:
            return soup(chance)
        text = chance.choice(self.corpus) if way < 0.2 else self.grammar.condition(chance)
        if way > 0.85:
            text = self.grammar.expression(chance)
        for _ in range(chance.choice([0, 0, 0, 1, 2]) if way > 0.1 else 1):
            text = accident(text, chance, chance.choice(self.corpus))
        return text

    def computed(self, condition: CompiledExpression, chance: Random, results: frozenset[bool] | None) -> str:
        """One customer, by both evaluators."""
        self.values = customer(chance, condition.dictionary)
        at = chance.choice(TIMES)
        values = prepare_values(condition.dictionary, self.values, at, condition.zone)[0]
        plain = prepare_values(condition.dictionary, self.values, at, condition.zone, interpreted=True)[0]
        hold(repr(list(map(_ordered, values))) == repr(list(map(_ordered, plain))), "derived attributes differ")
        value = evaluators_agree(condition.expression, values)
        if isinstance(self.values, dict):
            condition.missing(self.values, at=at)
        read = attributes_read(condition.expression.tree)
        known = all(values[each.slot] is not None and each.type.kind is not Kind.RECORDS for each in read)
        if results is not None and known and isinstance(value, bool):
            hold(value in results, f"{value} was said to be impossible")
        return repr(_ordered(value))

    def shown(self) -> str:
        try:
            return f"{self.text!r}\n{self.values!r}"
        except (RecursionError, ValueError):
            return repr(self.text)

    def summary(self) -> str:
        return f"{self.compiled} could be computed"
