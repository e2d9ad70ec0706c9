"""One expression for one customer, step by step: what each part of it gave, from the inside out.

For people who write a condition and want to see what it does; by the reference interpreter.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from nbo.decide.facts import Facts
from nbo.explain.values import MASKED, shown
from nbo.language.expression import Expression, compile_scalar
from nbo.language.interpret import evaluate
from nbo.language.missing import missing_attributes
from nbo.language.tree import Constant, Fold, Lookup, Read, Typed, children, walk
from nbo.language.types import Attribute, Value
from nbo.pack.rulepack import RulePack
from nbo.source.nodes import Scalar, from_plain


@dataclass(frozen=True, slots=True)
class Step:
    """A part of the expression and its value as an explanation shows it; None is unknown."""

    text: str
    value: object

    def to_dict(self) -> dict[str, object]:
        """Plain values."""
        return {"text": self.text, "value": self.value}


@dataclass(frozen=True, slots=True)
class Evaluation:
    """What an expression gives for a customer; `known` is false where the value is unknown."""

    expression: str
    type: str
    known: bool
    value: object
    missing: tuple[str, ...]
    steps: tuple[Step, ...]

    def to_dict(self) -> dict[str, object]:
        """Plain values."""
        return {
            "expression": self.expression,
            "type": self.type,
            "known": self.known,
            "value": self.value,
            "missing": list(self.missing),
            "steps": [step.to_dict() for step in self.steps],
        }


def evaluate_text(pack: RulePack, facts: Facts, text: str) -> Evaluation:
    """Compile a text against the pack's dictionary and evaluate it; mistakes in it raise `DiagnosticError`."""
    node = from_plain(text, "expression")
    assert isinstance(node, Scalar)  # noqa: S101 - a text becomes a scalar
    expression = compile_scalar(node, pack.dictionary, pack.zone, None)
    value = evaluate(expression.tree, facts.values)
    return Evaluation(
        expression=text,
        type=str(expression.type.kind),
        known=value is not None,
        value=_shown(expression.tree, value),
        missing=missing_attributes(expression.tree, facts.values, pack.dictionary),
        steps=tuple(_steps(pack, expression, facts)),
    )


def _steps(pack: RulePack, expression: Expression, facts: Facts) -> Iterator[Step]:
    """Every part that is not a constant, the innermost first; inside a question about records the parts have no one value.

    Before an output of a table come what its columns ask and the rows that match, or might.
    """
    seen: set[str] = set()
    for node in _inside_out(expression.tree):
        start, end = node.place
        text = expression.text[start:end]
        if not isinstance(node, Constant) and text not in seen:
            seen.add(text)
            formula = pack.dictionary.formulas.get(node.attribute.name) if isinstance(node, Read) else None
            if formula is not None and isinstance(formula.tree, Lookup):
                yield from _rows(formula.tree, facts)
            yield Step(text, _shown(node, evaluate(node, facts.values)))


def _rows(lookup: Lookup, facts: Facts) -> Iterator[Step]:
    table = lookup.table
    found = [evaluate(each, facts.values) for each in lookup.inputs]
    for column, asked, value in zip(table.columns, lookup.inputs, found, strict=True):
        yield Step(column.name, _shown(asked, value))
    certain, possible = table.matching(found)
    for row in sorted((*certain, *possible)):
        yield Step(f"{table.rows[row]}: {table.rows[row].text}", True if row in certain else None)


def _inside_out(node: Typed) -> Iterator[Typed]:
    for child in (node.records,) if isinstance(node, Fold) else children(node):
        yield from _inside_out(child)
    yield node


def _shown(node: Typed, value: Value | None) -> object:
    """A value for people. What is read from personal data, and is not just a yes or no, is masked."""
    reads = [each.attribute for each in walk(node) if isinstance(each, Read)]
    if value is not None and not isinstance(value, bool) and any(attribute.pii for attribute in reads):
        return MASKED
    return shown(Attribute("value", node.type, 0), value)
