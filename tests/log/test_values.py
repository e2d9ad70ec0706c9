"""What the intake accepted goes into a record and comes out again, exactly."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nbo.diagnostics.place import SourceText
from nbo.language.calendar import Duration
from nbo.language.dictionary import Dictionary
from nbo.language.dictionary_file import read_dictionary
from nbo.language.intake import Values
from nbo.log.chain import canonical
from nbo.log.errors import LogError
from nbo.log.values import from_plain, names_of, to_plain
from nbo.source.yaml_file import parse_yaml

KINDS: Mapping[str, tuple[dict[str, Any], st.SearchStrategy[Any]]] = {
    "yes": ({"type": "boolean"}, st.booleans()),
    "whole": ({"type": "integer"}, st.integers(-(10**18) + 1, 10**18 - 1)),
    "exact": ({"type": "decimal"}, st.decimals(-(10**17), 10**17, places=10)),
    "money": ({"type": "money"}, st.decimals(0, 10**17, places=2) | st.just(Decimal("1E+3"))),
    "rate": ({"type": "rate"}, st.decimals(0, 1, places=6)),
    "number": ({"type": "number"}, st.floats(allow_nan=False, allow_infinity=False)),
    "text": ({"type": "string"}, st.text(st.characters(codec="utf-8"))),
    "choice": ({"type": "enum", "values": ["a", "b"]}, st.sampled_from(["a", "b"])),
    "day": ({"type": "date"}, st.dates()),
    "moment": ({"type": "datetime"}, st.datetimes(timezones=st.just(UTC)).map(lambda each: each.replace(fold=0))),
    "clock": ({"type": "time"}, st.times().map(lambda each: each.replace(fold=0))),
    "step": ({"type": "duration"}, st.builds(Duration, *[st.integers(0, 10**6)] * 3)),
    "tags": ({"type": "set", "of": "string"}, st.frozensets(st.text(st.characters(codec="utf-8"), max_size=5))),
}


def dictionary() -> Dictionary:
    fields = {name: kind for name, (kind, _) in KINDS.items() if kind["type"] != "set"}
    written = {"customer": {name: kind for name, (kind, _) in KINDS.items()}, "rows": {"records": fields}}
    source = SourceText("dictionary.yaml", "dictionary.yaml", json.dumps(written))
    read, found = read_dictionary(parse_yaml(source), ZoneInfo("Asia/Shanghai"))
    assert read is not None, found
    return read


DICTIONARY = dictionary()


@st.composite
def customers(draw: st.DrawFn) -> Values:
    """Values by slot as an intake would give them; any may be missing, or refused."""
    values = Values([None] * DICTIONARY.width)
    for name, (_, kind) in KINDS.items():
        values[DICTIONARY.attributes[f"customer.{name}"].slot] = draw(st.none() | kind)
    rows = DICTIONARY.attributes["rows"]
    assert rows.type.record is not None
    row = st.tuples(*(st.none() | KINDS[each][1] for each in rows.type.record.fields))
    values[rows.slot] = draw(st.none() | st.lists(row, max_size=2).map(tuple))
    missing = [slot for slot in range(2, DICTIONARY.width) if values[slot] is None]
    values.refused = draw(st.frozensets(st.sampled_from(missing))) if missing else frozenset()
    return values


@settings(max_examples=40)
@given(customers())
def test_values_come_out_of_a_record_as_they_went_in(values: Values) -> None:
    plain = json.loads(canonical(to_plain(DICTIONARY, values)))
    again = from_plain(DICTIONARY, plain, names_of(DICTIONARY, values))
    assert again == values
    assert [repr(each) for each in again if type(each) is not frozenset] == [
        repr(each) for each in values if type(each) is not frozenset
    ]
    assert again.refused == values.refused


def test_a_set_and_a_time_have_one_way_to_be_written() -> None:
    values = Values([None] * DICTIONARY.width)
    for name, value in {
        "tags": frozenset({"b", "a"}), "day": date(2026, 11, 16), "clock": time(9, 30), "money": Decimal("1.50"),
        "moment": datetime(2026, 11, 16, 2, 30, tzinfo=UTC), "step": Duration(months=3),
    }.items():  # fmt: skip
        values[DICTIONARY.attributes[f"customer.{name}"].slot] = value
    assert to_plain(DICTIONARY, values) == {
        "customer.money": "1.50", "customer.day": "2026-11-16", "customer.moment": "2026-11-16T02:30:00+00:00",
        "customer.clock": "09:30:00", "customer.step": [3, 0, 0], "customer.tags": ["a", "b"],
    }  # fmt: skip


@pytest.mark.parametrize("plain", [{"customer.absent": 1}, {"customer.money": "x"}, {"customer.day": 5}, {"rows": [5]}])
def test_facts_of_another_dictionary_are_told(plain: dict[str, object]) -> None:
    with pytest.raises(LogError, match="do not fit the dictionary"):
        from_plain(DICTIONARY, plain, [])
