"""The table of `docs/data-types.md`: every example in it is accepted or refused as it says."""

from __future__ import annotations

import json
import re
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from nbo.language.dictionary import Dictionary
from nbo.language.dictionary_file import read_dictionary
from nbo.language.intake import _WARNINGS
from nbo.source.nodes import from_plain

PAGE = (Path(__file__).parents[2] / "docs" / "data-types.md").read_text(encoding="utf-8")
ENUM = {"type": "enum", "values": {"A": {"alias": {"zh": "甲"}}, "B": {}}}
PLAIN = ["boolean", "integer", "decimal", "money", "rate", "number", "string", "date", "datetime", "time", "duration"]
ATTRIBUTES = {
    **{kind: {"type": kind} for kind in PLAIN},
    "enum": ENUM,
    "set of enum": {**ENUM, "type": "set"},
    "set of string": {"type": "set", "of": "string"},
}


def rows() -> list[tuple[str, str, bool, str]]:
    """Type, example, whether it is accepted, how it is held."""
    found = []
    for line in PAGE.splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if len(cells) != 4 or not cells[0].startswith("`"):
            continue
        of = re.search(r" of (?:enum|string)", cells[0])
        kinds = [name + (of.group() if of else "") for name in re.findall(r"`(\w+)`", cells[0])]
        for kind in kinds:
            for cell, accepted in ((cells[1], True), (cells[2], False)):
                found += [(kind, example, accepted, cells[3]) for example in re.findall(r"`([^`]+)`", cell)]
    return found


def dictionary(kind: str) -> tuple[Dictionary, str]:
    key = kind.replace(" ", "_")
    if kind == "records":
        attributes: dict[str, Any] = {"records": {"records": {"amount": {"type": "money"}}}}
        name = "records"
    else:
        attributes = {"x": {key: ATTRIBUTES[kind]}}
        name = f"x.{key}"
    read, found = read_dictionary(from_plain(attributes), ZoneInfo("UTC"))
    assert read is not None
    assert not found
    return read, name


ROWS = rows()


def test_the_table_has_every_type() -> None:
    assert {kind for kind, *_ in ROWS} == {*ATTRIBUTES, "records"}
    assert all({True, False} == {accepted for kind, _, accepted, _ in ROWS if kind == wanted} for wanted in ATTRIBUTES)


@pytest.mark.parametrize(("kind", "example", "accepted", "held"), ROWS)
def test_an_example_is_what_the_table_says(kind: str, example: str, accepted: bool, held: str) -> None:
    read, name = dictionary(kind)
    value = json.loads(example, parse_float=Decimal)
    profile = {"x": {kind.replace(" ", "_"): value}} if kind != "records" else {"records": value}
    values, warnings = read.intake.read(profile)
    result = values[read.attributes[name].slot]
    if accepted:
        assert not warnings
        assert type(result).__name__ == held.split(maxsplit=1)[0].strip("`").replace("tuples", "tuple")
    else:
        assert result is None
        assert [each.attribute for each in warnings] == [name]


def test_the_warnings_are_all_named() -> None:
    listed = PAGE[PAGE.index("Warnings have stable codes") :]
    assert set(re.findall(r"`(\w+)`", listed)) == set(_WARNINGS)
