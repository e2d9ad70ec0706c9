"""What is told of tables that ask for a set, held against every set that a customer can have."""

from __future__ import annotations

from itertools import chain, combinations
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from nbo.diagnostics.place import SourceText, Span
from nbo.language.dictionary_file import read_dictionary
from nbo.language.interpret import evaluate
from nbo.language.table import Hit, Table
from nbo.language.table_analysis import TableAnalysis, conditions, example
from nbo.language.types import Value
from nbo.pack.link import Linker
from nbo.pack.table_columns import TableColumn, read_columns
from nbo.source.nodes import Scalar, from_plain

NAMES = ("travel", "dining", "golf")
EVERY_SET = [frozenset(each) for each in chain.from_iterable(combinations(NAMES, size) for size in range(4))]
CELLS = [
    "-",
    "travel",
    "dining",
    "travel, dining",
    "dining, golf",
    "not(travel)",
    "not(travel, golf)",
    "is missing",
    "is not missing",
]
DICTIONARY, _ = read_dictionary(
    from_plain({"call": {"tags": {"type": "set", "of": "enum", "values": list(NAMES)}}}), ZoneInfo("UTC")
)
SOMEWHERE = Span(SourceText("t.csv", "t.csv", "row"), 0, 3)


def cell(text: str) -> Scalar:
    return Scalar(text, Span(SourceText("t.csv", "t.csv", text), 0, len(text)))


def asked(cells: list[str]) -> list[TableColumn]:
    assert DICTIONARY is not None
    linker = Linker(DICTIONARY, ZoneInfo("UTC"), ())
    columns = read_columns(linker, cell("call.tags"), [cell(each) for each in cells], ())
    assert linker.found == []
    return columns


def matching(table: Table, columns: list[TableColumn], tags: frozenset[str] | None) -> list[int]:
    assert DICTIONARY is not None
    attribute = DICTIONARY.find("call.tags")
    assert attribute is not None
    values: list[Value | None] = [None] * DICTIONARY.width
    values[attribute.slot] = tags
    return table.matching([evaluate(each.asks, values) for each in columns])[0]


@given(st.lists(st.sampled_from(CELLS), min_size=1, max_size=5))
def test_overlaps_and_gaps_are_exactly_those_that_sets_show(cells: list[str]) -> None:
    columns = asked(cells)
    table = Table("t", Hit.UNIQUE, tuple(each.column for each in columns), (), (SOMEWHERE,) * len(cells))
    people = [*EVERY_SET, *([None] if any("missing" in each for each in cells) else [])]
    found = [matching(table, columns, tags) for tags in people]
    analysis = TableAnalysis(table)
    met = {(upper, lower) for rows in found for upper in rows for lower in rows if upper < lower}
    assert {(upper, lower) for upper, lower, _ in analysis.overlaps()} == met
    gaps = list(analysis.gaps())
    assert bool(gaps) == ([] in found)
    assert all(example(region) and conditions(region) for region in gaps)


def test_a_gap_names_what_is_in_the_set_and_what_is_not() -> None:
    columns = asked(["travel", "not(travel, dining)"])
    table = Table("t", Hit.UNIQUE, tuple(each.column for each in columns), (), (SOMEWHERE,) * 2)
    gaps = [conditions(region) for region in TableAnalysis(table).gaps()]
    assert gaps == ["not travel in call.tags and dining in call.tags"]
