"""Decision tables: hit policies, what unknown does, the index against the plain meaning, and what holds for everybody."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, time
from decimal import Decimal
from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nbo.diagnostics.place import SourceText, Span
from nbo.language.table import Collected, Hit, Output, Table
from nbo.language.table_analysis import TableAnalysis, conditions, example
from nbo.language.table_axis import MISSING
from nbo.language.table_cells import ANY, IS_MISSING, IS_PRESENT, read_cell, read_value
from nbo.language.table_column import Column
from nbo.language.table_lines import AxisLine
from nbo.language.types import (
    BOOLEAN,
    DATE,
    INTEGER,
    MONEY,
    NUMBER,
    RATE,
    STRING,
    TIME,
    Attribute,
    Domain,
    Kind,
    Type,
    Value,
)

GRADE = Type(Kind.ENUM, Domain(("A", "B", "C"), ordered=True, aliases={"甲": "A"}, labels={}))
TAGS = Type(Kind.SET, Domain(("travel", "dining"), ordered=False, aliases={}, labels={}))
SOMEWHERE = Span(SourceText("table.csv", "table.csv", "row"), 0, 3)


def table(
    hit: Hit,
    inputs: Sequence[tuple[str, Type, Sequence[str]]],
    answers: Sequence[Any],
    answer_type: Type = INTEGER,
    collected: Collected | None = None,
    default: Any = None,
) -> Table:
    """A table of cells as they are written."""
    columns = []
    for name, type_, cells in inputs:
        tests = [None if cell == ANY else read_cell(cell, type_) for cell in cells]
        assert all(test is not None or cell == ANY for test, cell in zip(tests, cells, strict=True)), cells
        limits = Attribute(name, type_, 0, min=Decimal(0), max=Decimal(20)) if type_ is INTEGER else None
        sees_missing = any(cell in (IS_MISSING, IS_PRESENT) for cell in cells)
        columns.append(Column(name, type_, tuple(tests), sees_missing, limits))
    output = Output(Attribute("table.t.out", answer_type, 0), tuple(answers), default, collected)
    return Table("t", hit, tuple(columns), (output,), (SOMEWHERE,) * len(answers))


def look_up(asked: Table, *values: Value | None) -> Value | None:
    """The answer by the plain meaning, which the index must give too."""
    plain = asked.look_up(asked.outputs[0], values)
    assert asked.finder(asked.outputs[0])(*values) == plain
    return plain


# --- cells ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cell", "type_", "passes", "fails"),
    [
        ("18", INTEGER, [18], [17, 19]),
        ("1, 3", INTEGER, [1, 3], [2]),
        ("[18..60]", INTEGER, [18, 60], [17, 61]),
        ("(18..60)", INTEGER, [19, 59], [18, 60]),
        ("]18..60[", INTEGER, [19, 59], [18, 60]),
        ("[18..60)", INTEGER, [18], [60]),
        (">= 500", MONEY, [Decimal(500)], [Decimal("499.99")]),
        ("< 500.50", MONEY, [Decimal("500.49")], [Decimal("500.50")]),
        ("<= 0.60%", RATE, [Decimal("0.0060")], [Decimal("0.0061")]),
        ("> 0.5", NUMBER, [0.51], [0.5]),
        ("< 3, > 7", INTEGER, [2, 8], [3, 7]),
        ("[1..2], 9", INTEGER, [1, 2, 9], [3]),
        ("not(1, 3)", INTEGER, [2], [1, 3]),
        ("not([2..4])", INTEGER, [1, 5], [2, 3, 4]),
        ("!= 3", INTEGER, [2], [3]),
        ("A, B", GRADE, ["A", "B"], ["C"]),
        ("not(A)", GRADE, ["B", "C"], ["A"]),
        (">= B", GRADE, ["B", "C"], ["A"]),
        ("[A..B]", GRADE, ["A", "B"], ["C"]),
        ("甲", GRADE, ["A"], ["B"]),
        ("true", BOOLEAN, [True], [False]),
        ("FALSE", BOOLEAN, [False], [True]),
        ('Shanghai, "Hong Kong, China"', STRING, ["Shanghai", "Hong Kong, China"], ["Beijing"]),
        ("[2026-01-01..2026-06-30]", DATE, [date(2026, 6, 30)], [date(2026, 7, 1)]),
        ("< 09:00", TIME, [time(8, 59)], [time(9)]),
        ("is not missing", INTEGER, [0], []),
        ("is missing", INTEGER, [], [0]),
    ],
)
def test_a_cell_takes_what_it_says(cell: str, type_: Type, passes: list[Any], fails: list[Any]) -> None:
    test = read_cell(cell, type_)
    assert test is not None
    assert [test.holds(value) for value in passes] == [True] * len(passes)
    assert [test.holds(value) for value in fails] == [False] * len(fails)


@pytest.mark.parametrize(
    ("cell", "type_"),
    [
        ("1,000", INTEGER), ("012", INTEGER), ("18-60", INTEGER), ("1.5", INTEGER), ("1e3", INTEGER), ("> 1 and < 5", INTEGER),
        ("１８", INTEGER), ("not(", INTEGER), ("not()", INTEGER), ("1,", INTEGER), ("[1..", INTEGER), ("..5", INTEGER),
        ("yes", BOOLEAN), ("1", BOOLEAN), ("D", GRADE), ("a", GRADE), ("2026/1/1", DATE), ("2026-02-30", DATE),
        ("9:00", TIME), ("24:00", TIME), ('"open', STRING), ("> b", STRING), (">= true", BOOLEAN),
        ("nan", NUMBER), ("inf", NUMBER),
    ],
)  # fmt: skip
def test_what_is_no_test_of_its_column_is_not_guessed_at(cell: str, type_: Type) -> None:
    assert read_cell(cell, type_) is None


def test_an_answer_keeps_its_digits() -> None:
    assert str(read_value("0.60%", RATE)) == "0.0060"
    assert str(read_value("10.50", MONEY)) == "10.50"
    assert read_value("travel, dining", TAGS) == frozenset({"travel", "dining"})
    assert read_value("travel, golf", TAGS) is None


def test_any_text_can_be_named_in_a_cell() -> None:
    asked = table(Hit.UNIQUE, [("city", STRING, ["…", "……", "not(…, ……)"])], [1, 2, 3])
    assert [look_up(asked, city) for city in ("…", "……", "………", "Beijing", "")] == [1, 2, 3, 3, 3]
    assert list(TableAnalysis(asked).gaps()) == []
    assert list(TableAnalysis(asked).overlaps()) == []
    open_end = table(Hit.UNIQUE, [("city", STRING, ["…", "……"])], [1, 2])
    assert [conditions(region) for region in TableAnalysis(open_end).gaps()] == ["city == ………"]


# --- hit policies -----------------------------------------------------------------------------------------------------


def test_unique_gives_the_only_row_that_matches() -> None:
    bands = table(Hit.UNIQUE, [("age", INTEGER, ["< 5", "[5..9]", "> 9"])], [1, 2, 3])
    assert [look_up(bands, age) for age in (4, 5, 9, 10, None)] == [1, 2, 2, 3, None]


def test_any_gives_what_all_matching_rows_give() -> None:
    agreeing = table(Hit.ANY, [("age", INTEGER, ["< 9", "> 5"]), ("vip", BOOLEAN, ["-", "-"])], [7, 7])
    assert look_up(agreeing, 7, None) == 7
    assert look_up(agreeing, None, True) is None


def test_first_gives_the_uppermost_matching_row() -> None:
    steps = table(Hit.FIRST, [("age", INTEGER, ["< 5", "< 9", "-"])], [1, 2, 3])
    assert [look_up(steps, age) for age in (4, 8, 9)] == [1, 2, 3]


def test_priority_gives_the_row_whose_answer_comes_first_in_its_values() -> None:
    ranked = table(Hit.PRIORITY, [("age", INTEGER, ["< 9", "> 3", "-"])], ["B", "A", "C"], GRADE)
    assert [look_up(ranked, age) for age in (2, 5, 9)] == ["B", "A", "A"]


@pytest.mark.parametrize(
    ("collected", "expected", "of_nothing"),
    [("sum", 6, 0), ("min", 2, None), ("max", 4, None), ("count", 2, 0)],
)
def test_collect_puts_all_matching_rows_together(collected: Collected, expected: int, of_nothing: int | None) -> None:
    added = table(Hit.COLLECT, [("age", INTEGER, ["< 9", "> 3"])], [2, 4], collected=collected)
    assert look_up(added, 5) == expected
    apart = table(Hit.COLLECT, [("age", INTEGER, ["< 3"])], [2], collected=collected)
    assert look_up(apart, 5) == of_nothing


def test_collect_joins_sets() -> None:
    values = [frozenset({"travel"}), frozenset({"dining"})]
    joined = table(Hit.COLLECT, [("age", INTEGER, ["< 9", "> 3"])], values, TAGS, collected="set")
    assert look_up(joined, 5) == frozenset({"travel", "dining"})
    assert look_up(joined, 1) == frozenset({"travel"})


def test_where_no_row_matches_the_default_answers_or_nothing() -> None:
    assert look_up(table(Hit.FIRST, [("age", INTEGER, ["< 5"])], [1]), 9) is None
    assert look_up(table(Hit.FIRST, [("age", INTEGER, ["< 5"])], [1], default=0), 9) == 0


# --- unknown ----------------------------------------------------------------------------------------------------------


def test_a_row_that_might_match_and_change_the_answer_makes_it_unknown() -> None:
    steps = table(Hit.FIRST, [("grade", GRADE, ["A", "-"])], [1, 2])
    assert look_up(steps, None) is None


def test_a_row_that_might_match_and_says_the_same_changes_nothing() -> None:
    steps = table(Hit.FIRST, [("grade", GRADE, ["A", "-"])], [1, 1])
    assert look_up(steps, None) == 1


def test_a_row_below_the_one_that_answers_is_not_asked() -> None:
    steps = table(Hit.FIRST, [("vip", BOOLEAN, ["true", "-"]), ("grade", GRADE, ["-", "A"])], [1, 2])
    assert look_up(steps, True, None) == 1


def test_a_column_that_is_not_asked_where_it_matters_may_be_missing() -> None:
    bands = table(Hit.UNIQUE, [("grade", GRADE, ["A", "B", "B"]), ("age", INTEGER, ["-", "< 5", ">= 5"])], [1, 2, 3])
    assert look_up(bands, "A", None) == 1
    assert look_up(bands, "B", None) is None


def test_is_missing_makes_absence_a_value_of_its_column() -> None:
    bands = table(Hit.UNIQUE, [("age", INTEGER, ["< 5", ">= 5", "is missing"])], [1, 2, 3])
    assert [look_up(bands, age) for age in (4, 5, None)] == [1, 2, 3]


# --- generated tables -------------------------------------------------------------------------------------------------

CELLS = {
    Kind.INTEGER: ["-", "-", "5", "[3..8]", "(3..8)", "< 4", ">= 9", "not(5)", "2, 7", "is missing", "is not missing"],
    Kind.ENUM: ["-", "-", "A", "A, B", "not(A)", ">= B", "is missing"],
    Kind.BOOLEAN: ["-", "true", "false"],
    Kind.STRING: ["-", "x", "x, y", "not(x)"],
    Kind.MONEY: ["-", "< 0.01", "[0.01..10)", ">= 10", "not(10)"],
}
VALUES: dict[Kind, list[Any]] = {
    Kind.INTEGER: [*range(11), 20],
    Kind.ENUM: ["A", "B", "C"],
    Kind.BOOLEAN: [False, True],
    Kind.STRING: ["x", "y", "z"],
    Kind.MONEY: [Decimal(text) for text in ("-1", "0", "0.01", "5", "10", "10.01")],
}
TYPES = {Kind.INTEGER: INTEGER, Kind.ENUM: GRADE, Kind.BOOLEAN: BOOLEAN, Kind.STRING: STRING, Kind.MONEY: MONEY}


@st.composite
def tables(draw: st.DrawFn, hits: Sequence[Hit] = tuple(Hit)) -> Table:
    kinds = draw(st.lists(st.sampled_from(list(CELLS)), min_size=1, max_size=3))
    rows = draw(st.integers(1, 5))
    inputs = [
        (f"c{place}", TYPES[kind], draw(st.lists(st.sampled_from(CELLS[kind]), min_size=rows, max_size=rows)))
        for place, kind in enumerate(kinds)
    ]
    hit = draw(st.sampled_from(list(hits)))
    if hit is Hit.PRIORITY:
        answers: list[Any] = draw(st.lists(st.sampled_from(["A", "B", None]), min_size=rows, max_size=rows))
        return table(hit, inputs, answers, GRADE, default=draw(st.sampled_from([None, "C"])))
    answers = draw(st.lists(st.sampled_from([0, 1, 2, None]), min_size=rows, max_size=rows))
    collected = draw(st.sampled_from(["sum", "min", "max", "count"])) if hit is Hit.COLLECT else None
    return table(hit, inputs, answers, INTEGER, collected, draw(st.sampled_from([None, 1])))


def customers(asked: Table, draw: st.DrawFn) -> list[Any]:
    return [draw(st.sampled_from([None, *VALUES[column.type.kind]])) for column in asked.columns]


def every_customer(asked: Table) -> Iterator[tuple[Any, ...]]:
    """One of each place: everything that cells can tell apart."""
    absent = [[None] if column.sees_missing else [] for column in asked.columns]
    return product(*(VALUES[column.type.kind] + none for column, none in zip(asked.columns, absent, strict=True)))


@given(st.data())
def test_the_index_finds_what_the_plain_meaning_finds(data: st.DataObject) -> None:
    asked = data.draw(tables())
    values = customers(asked, data.draw)
    look_up(asked, *values)
    index = asked.index
    certain, possible = index.matching(values)
    assert (list(index.rows_of(certain)), list(index.rows_of(possible & ~certain))) == asked.matching(values)


@given(st.data())
def test_what_is_known_with_a_value_missing_stays_true_whatever_the_value_is(data: st.DataObject) -> None:
    asked = data.draw(tables([each for each in Hit if each is not Hit.ANY]))
    values = customers(asked, data.draw)
    unseen = [place for place, column in enumerate(asked.columns) if values[place] is None and not column.sees_missing]
    answer = look_up(asked, *values)
    if answer is None or not unseen or (asked.hit is Hit.UNIQUE and next(TableAnalysis(asked).overlaps(), None)):
        return
    for completed in product(*(VALUES[asked.columns[place].type.kind] for place in unseen)):
        whole = list(values)
        for place, value in zip(unseen, completed, strict=True):
            whole[place] = value
        assert look_up(asked, *whole) == answer


@given(tables([Hit.FIRST, Hit.UNIQUE]))
def test_overlaps_gaps_and_rows_without_effect_are_exactly_those_that_customers_show(asked: Table) -> None:
    analysis = TableAnalysis(asked)
    met: set[tuple[int, int]] = set()
    first: set[int] = set()
    gaps: set[tuple[Any, ...]] = set()
    for customer in every_customer(asked):
        matching, _ = asked.matching(customer)
        met.update((upper, lower) for upper in matching for lower in matching if upper < lower)
        first.update(matching[:1])
        gaps.update([] if matching else [customer])
    found = list(analysis.overlaps())
    assert {(upper, lower) for upper, lower, _ in found} == met
    for upper, lower, region in found:
        assert {upper, lower} <= set(asked.matching(someone(asked, region))[0])
    dead = {row for row, _ in analysis.dead_cells()}
    assert set(analysis.never_first()) == set(range(len(asked.rows))) - first - dead
    shown = list(analysis.gaps())
    assert bool(shown) == bool(gaps)
    for region in shown:
        assert asked.matching(someone(asked, region)) == ([], [])
        assert example(region)
        assert conditions(region)
    inside = sum(lies_in(asked, customer, region) for customer in gaps for region in shown)
    assert inside == len(gaps)  # the regions have every gap, each once


def someone(asked: Table, region: Any) -> list[Any]:
    """A customer of a region; where the region says nothing, anybody."""
    axes = asked.index.axes
    chosen: list[Any] = [next(each for each in axis.samples if each is not None) for axis in axes]
    for line, places in region:
        assert isinstance(line, AxisLine)
        chosen[line.columns[0]] = None if places[0] == MISSING else line.axis.samples[places[0]]
    return chosen


def lies_in(asked: Table, customer: Sequence[Any], region: Any) -> bool:
    for line, places in region:
        value = customer[line.columns[0]]
        if (MISSING if value is None else line.axis.place(value)) not in places:
            return False
    return True


def test_a_gap_is_written_as_the_condition_it_is() -> None:
    bands = table(
        Hit.UNIQUE, [("age", INTEGER, ["< 5", "[9..12]", "14"]), ("grade", GRADE, ["-", "A, B", "-"])], [1, 2, 3]
    )
    assert [conditions(region) for region in TableAnalysis(bands).gaps()] == [
        "5 <= age < 9 or 12 < age < 14 or age > 14",
        "9 <= age <= 12 and grade == C",
    ]


def test_thousands_of_rows_are_checked_and_looked_up() -> None:
    bands = [f"[{10 * row}..{10 * row + 10})" for row in range(5_000)]
    long = table(Hit.UNIQUE, [("amount", MONEY, bands)], list(range(5_000)))
    analysis = TableAnalysis(long)
    assert list(analysis.overlaps()) == []
    assert [conditions(region) for region in analysis.gaps()] == ["amount < 0 or amount >= 50000"]
    assert look_up(long, Decimal("32321.09")) == 3232
