"""From a row of the public file to a profile, as `mapping.yaml` says.

In: the mapping and one row as the CSV reader gives it. Out: a profile nested by namespace, and what in the row is bad input.
Nothing here decides anything, and no code of the file has a meaning but in the YAML.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

Row = Mapping[str, str]
Profile = dict[str, Any]
Bad = tuple[str, str]  # a column and the value that nobody defined

# A value that no attribute of the pack accepts: the engine refuses it, so it is not taken for one that is just absent.
REFUSED = "not defined"
_INTEGER = re.compile(r"-?[0-9]{1,9}")
_AMOUNT = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,10})?(E\+0[0-9])?")


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class ReadColumn(_Part):
    """One column: the attribute that it fills (None: only checked), and how."""

    column: str = Field(alias="from")
    attribute: str | None = Field(alias="to")
    kind: Literal["text", "integer", "money", "code"] = Field(alias="as")
    codes: dict[int, int | str | None] | None = None


class Graded(_Part):
    """An attribute by the highest code of several columns."""

    attribute: str = Field(alias="to")
    columns: tuple[str, ...] = Field(alias="worst_of")
    grades: dict[int, str]


class CardMapping(_Part):
    """`mapping.yaml`."""

    pack: str
    at: AwareDatetime
    stated: dict[str, Any]
    read: tuple[ReadColumn, ...]
    graded: Graded
    left_alone: dict[str, str]


@dataclass(frozen=True, slots=True)
class Mapped:
    """A profile for the engine, and what of the row nobody defined."""

    profile: Profile
    bad: frozenset[Bad]


def load_mapping(path: Path) -> CardMapping:
    """The mapping of a file; a mistake in it raises pydantic's `ValidationError`."""
    return CardMapping.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))


def check_columns(mapping: CardMapping, columns: frozenset[str]) -> None:
    """Every column is named and every name is a column; else `ValueError`."""
    named = {each.column for each in mapping.read} | {*mapping.graded.columns, *mapping.left_alone}
    for wrong, what in ((columns - named, "not in the mapping"), (named - columns, "not in the file")):
        if wrong:
            raise ValueError(f"{what}: {', '.join(sorted(wrong))}")


def map_row(mapping: CardMapping, row: Row) -> Mapped:
    """The customer of one row in the stated call."""
    bad: set[Bad] = set()
    profile: Profile = {name: dict(part) if isinstance(part, dict) else part for name, part in mapping.stated.items()}
    for attribute, value in _values(mapping, row, bad):
        namespace, _, name = attribute.partition(".")
        profile.setdefault(namespace, {})[name] = value
    return Mapped(profile, frozenset(bad))


def _values(mapping: CardMapping, row: Row, bad: set[Bad]) -> Iterator[tuple[str, object]]:
    for each in mapping.read:
        value = _value(each, row[each.column])
        if value is REFUSED:
            bad.add((each.column, row[each.column]))
        if each.attribute is not None and value is not None:
            yield each.attribute, value
    yield mapping.graded.attribute, _grade(mapping.graded, row, bad)


def _value(read: ReadColumn, text: str) -> object:
    """The value of a cell; None says nothing, `REFUSED` is bad input."""
    match read.kind:
        case "text":
            return text
        case "integer":
            return int(text) if _INTEGER.fullmatch(text) else REFUSED
        case "money":
            return _exact(text)
        case "code":
            code = _code(text)
            return REFUSED if code is None or read.codes is None else read.codes.get(code, REFUSED)


def _exact(text: str) -> str:
    """An amount digit by digit, without an exponent.

    >>> _exact("5.00E+05"), _exact("-165580"), _exact("n/a")
    ('500000', '-165580', 'not defined')
    """
    return format(Decimal(text), "f") if _AMOUNT.fullmatch(text) else REFUSED


def _grade(graded: Graded, row: Row, bad: set[Bad]) -> str:
    """The grade of the worst month; any month that nobody defined leaves none."""
    codes = {column: _code(row[column]) for column in graded.columns}
    undefined = {(column, row[column]) for column, code in codes.items() if code not in graded.grades}
    bad |= undefined
    return REFUSED if undefined else graded.grades[max(code for code in codes.values() if code is not None)]


def _code(text: str) -> int | None:
    return int(text) if _INTEGER.fullmatch(text) else None
