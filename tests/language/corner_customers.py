"""Clauses over one dictionary, and every customer who differs in what they read: corner values, missing and refused."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, date
from decimal import Decimal
from functools import cache
from itertools import islice, product
from math import prod
from typing import Any

from hypothesis import strategies as st

from nbo import compile_expression
from nbo.language.dictionary import Dictionary
from nbo.language.expression import Expression, compile_scalar
from nbo.language.intake import Values
from nbo.language.tree import Typed
from nbo.language.types import Value
from nbo.source.nodes import Scalar, from_plain

ATTRIBUTES: dict[str, Any] = {
    "a": {
        "age": {"type": "integer", "min": 0, "max": 120},
        "money": {"type": "money", "min": 0, "max": 300000},
        "debt": {"type": "money"},
        "share": {"type": "rate"},
        "score": {"type": "number", "min": 0, "max": 1},
        "grade": {"type": "enum", "values": ["A", "B", "C"], "ordered": True},
        "flag": {"type": "boolean"},
        "other": {"type": "boolean"},
        "name": {"type": "string"},
        "tags": {"type": "set", "of": "enum", "values": ["x", "y", "z"]},
        "day": {"type": "date"},
    },
    "segment_like": {"adult": {"type": "boolean"}, "cautious": {"type": "boolean"}},
}
SEGMENTS = {"segment_like.adult": "a.age >= 18", "segment_like.cautious": "a.debt is missing or a.debt < 500"}


@cache
def dictionary() -> Dictionary:
    return compile_expression("true", ATTRIBUTES).dictionary


@cache
def compiled(text: str) -> Expression:
    node = from_plain(text, "expression")
    assert isinstance(node, Scalar)
    return compile_scalar(node, dictionary(), UTC)


@cache
def segments() -> dict[str, Typed]:
    return {name: compiled(text).tree for name, text in SEGMENTS.items()}


NUMBERS = {
    "a.age": ["0", "1", "17", "18", "60", "120"],
    "a.money": ["0", "0.01", "500", "300000"],
    "a.debt": ["-1", "0", "0.1", "500"],
    "a.share": ["0", "0.0060", "1"],
    "a.score": ["0", "0.5", "1"],
}
ATOMS = [
    *(
        form.format(name=name, number=number)
        for name, numbers in NUMBERS.items()
        for number in numbers[:4]
        for form in (
            "{name} >= {number}", "{name} < {number}", "{name} == {number}", "{name} != {number}",
            "default({name}, {number}) > {number}", "{name} is missing", "{name} is not missing",
        )
    ),
    "a.grade == A", "a.grade != B", "a.grade in [A, B]", "a.grade not in [A, B]", "a.grade < C", "a.grade is missing",
    "a.flag", "a.other", "default(a.flag, true)", "a.flag is missing", "segment_like.adult", "segment_like.cautious",
    'a.name == "x"', 'a.name != "x"', 'a.name in ["x", "y"]', "x in a.tags", "y not in a.tags", "a.tags is missing",
    'a.day < date("2026-01-01")', 'a.day >= date("2026-01-02")', "a.age * 2 > 30", "a.money > a.debt",
]  # fmt: skip


@st.composite
def clause(draw: st.DrawFn) -> str:
    """A condition of one to three atoms; most ask about one attribute, so that they meet."""
    about = draw(st.sampled_from([*NUMBERS, "a.grade", "a.flag", "a.tags", "segment", "a."]))
    atoms = st.sampled_from([each for each in ATOMS if about in each])
    parts = draw(st.lists(atoms | st.sampled_from(ATOMS), min_size=1, max_size=3))
    negated = [f"not ({part})" if draw(st.booleans()) else part for part in parts]
    return "".join(
        f"{' ' + draw(st.sampled_from(['and', 'or'])) + ' ' if n else ''}({p})" for n, p in enumerate(negated)
    )


REFUSED = object()
MOST_CUSTOMERS = 1_500
VALUES: dict[str, Sequence[Value | None]] = {
    "a.age": [0, 1, 2, 16, 17, 18, 19, 59, 60, 61, 119, 120],
    "a.money": [Decimal(each) for each in ("0", "0.01", "0.02", "499.99", "500", "500.01", "300000")],
    "a.debt": [Decimal(each) for each in ("-2", "-1", "-0.5", "0", "0.05", "0.1", "0.2", "500", "501")],
    "a.share": [Decimal(each) for each in ("0", "0.0059", "0.0060", "0.007", "1", "2")],
    "a.score": [0.0, 0.25, 0.5, 0.75, 1.0],
    "a.grade": ["A", "B", "C"],
    "a.flag": [False, True],
    "a.other": [False, True],
    "a.name": ["x", "y", "z"],
    "a.tags": [frozenset(), frozenset("x"), frozenset("y"), frozenset("xy"), frozenset("xyz")],
    "a.day": [date(2025, 12, 31), date(2026, 1, 1), date(2026, 1, 2), date(2026, 1, 3)],
}


def customers(*texts: str) -> Iterator[Values]:
    """Everybody who differs in what the conditions read: every corner value, missing and refused, thinned to a bearable number.

    Segments are as their clauses give them, as in a decision.
    """
    attributes = dictionary().attributes
    behind = [*(compiled(text) for text in texts), *(compiled(text) for text in SEGMENTS.values())]
    names = sorted({read.name for each in behind for read in each.reads} - SEGMENTS.keys())
    choices = [[None, REFUSED, *VALUES[name]] for name in names]
    step = max(1, prod(len(each) for each in choices) // MOST_CUSTOMERS) | 1  # odd, so that no choice is stepped over
    for chosen in islice(product(*choices), 0, None, step):
        given_values = dict(zip(names, chosen, strict=True))
        refused = frozenset(attributes[name].slot for name, value in given_values.items() if value is REFUSED)
        values = Values([None] * dictionary().width, refused)
        for name, value in given_values.items():
            values[attributes[name].slot] = None if value is REFUSED else value
        for name, text in SEGMENTS.items():
            values[attributes[name].slot] = compiled(text).ask(values)
        yield values
