"""The static types of the condition language, and the attributes that have them.

Inside the engine a value is `bool`, `int`, `Decimal` (money, rate, decimal), `float` (number), `str` (string, enum),
`date`, `datetime` (always UTC), `time`, `Duration`, `frozenset[str]` (set) or a tuple of record tuples; a missing one is
`None`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal
from enum import StrEnum
from typing import Literal

from nbo.diagnostics.diagnostic import Text
from nbo.diagnostics.place import Span
from nbo.language.calendar import Duration


class Kind(StrEnum):
    """What an attribute or an expression can be."""

    BOOLEAN = "boolean"
    INTEGER = "integer"
    DECIMAL = "decimal"
    MONEY = "money"
    RATE = "rate"
    NUMBER = "number"
    STRING = "string"
    ENUM = "enum"
    DATE = "date"
    DATETIME = "datetime"
    TIME = "time"
    DURATION = "duration"
    SET = "set"
    RECORDS = "records"


EXACT = frozenset({Kind.INTEGER, Kind.DECIMAL, Kind.RATE})  # mix freely with each other, never with money or number
NUMERIC = EXACT | {Kind.MONEY, Kind.NUMBER}
ORDERED = NUMERIC | {Kind.DATE, Kind.DATETIME, Kind.TIME}

_NAMES: Mapping[Kind, Text] = {
    Kind.BOOLEAN: Text("true or false", "是否值"),
    Kind.INTEGER: Text("a whole number", "整数"),
    Kind.DECIMAL: Text("an exact number", "精确小数"),
    Kind.MONEY: Text("an amount of money", "金额"),
    Kind.RATE: Text("a rate", "费率"),
    Kind.NUMBER: Text("a number", "浮点数"),
    Kind.STRING: Text("a text", "文本"),
    Kind.ENUM: Text("an enum value", "枚举值"),
    Kind.DATE: Text("a date", "日期"),
    Kind.DATETIME: Text("a point in time", "时间点"),
    Kind.TIME: Text("a time of day", "时刻"),
    Kind.DURATION: Text("a length of time", "时长"),
    Kind.SET: Text("a set", "集合"),
    Kind.RECORDS: Text("a list of records", "记录列表"),
}


@dataclass(frozen=True, slots=True)
class Domain:
    """The values of an enum or set in their order, with aliases and labels; `ordered` lets `<` compare them."""

    values: tuple[str, ...]
    ordered: bool
    aliases: Mapping[str, str] = field(hash=False)
    labels: Mapping[str, Mapping[str, str]] = field(hash=False)

    def find(self, text: str) -> str | None:
        """The value that `text` names, directly or by an alias; None if there is none."""
        return text if text in self.values else self.aliases.get(text)

    def label(self, value: str, language: str) -> str:
        """How the value is said in `language`; the value itself where no label was given."""
        return self.labels.get(value, {}).get(language, value)


@dataclass(frozen=True, slots=True)
class Type:
    """A kind with what it needs: the domain of an enum or set, the fields of records."""

    kind: Kind
    domain: Domain | None = None
    record: RecordType | None = None

    @property
    def words(self) -> Text:
        """The type as people call it."""
        return _NAMES[self.kind]


BOOLEAN = Type(Kind.BOOLEAN)
INTEGER = Type(Kind.INTEGER)
DECIMAL = Type(Kind.DECIMAL)
MONEY = Type(Kind.MONEY)
RATE = Type(Kind.RATE)
NUMBER = Type(Kind.NUMBER)
STRING = Type(Kind.STRING)
DATE = Type(Kind.DATE)
DATETIME = Type(Kind.DATETIME)
TIME = Type(Kind.TIME)
DURATION = Type(Kind.DURATION)

Scalar = bool | int | Decimal | float | str | date | datetime | time | Duration | frozenset[str]
Value = Scalar | tuple[tuple[Scalar | None, ...], ...]


Use = Literal["profile", "contract", "context"]
Changeable = Literal["never", "customer", "agent"]


@dataclass(frozen=True, slots=True)
class Attribute:
    """One attribute: `min` and `max` are inclusive; `max_length` counts characters of a string.

    `engine` marks what only the engine fills (`quote.payment`, `segment.vip`): a profile cannot supply it.
    """

    name: str
    type: Type
    slot: int
    min: Decimal | None = None
    max: Decimal | None = None
    max_length: int | None = None
    use: Use | None = None
    changeable: Changeable = "never"
    pii: bool = False
    labels: Mapping[str, str] = field(default_factory=dict)
    span: Span | None = None
    engine: bool = False

    def in_range(self, value: Value) -> bool:
        """Whether a value keeps the limits; a limit of a number is the nearest double, as a constant would be."""
        low, high = self.min, self.max
        if (low is None and high is None) or not isinstance(value, int | Decimal | float):
            return True  # limits exist on numeric types only
        if isinstance(value, float):
            return (low is None or value >= float(low)) and (high is None or value <= float(high))
        return (low is None or value >= low) and (high is None or value <= high)

    def label(self, language: str) -> str:
        """The name for people; the attribute's own name where none was given."""
        return self.labels.get(language, self.name)


@dataclass(frozen=True, slots=True, eq=False)
class RecordType:
    """The fields of one list of records; a field's `slot` is its place in the record's tuple."""

    name: str
    fields: Mapping[str, Attribute]
    names: Mapping[str, str]  # every way to write a field -> its own name
    key: str | None = None

    def find(self, name: str) -> Attribute | None:
        """The field that `name` writes."""
        own = self.names.get(name)
        return None if own is None else self.fields[own]


class Unknown:
    """The public face of a missing value: `nbo.UNKNOWN`. It is neither true nor false, so it has no truth value."""

    _only: Unknown | None = None

    def __new__(cls) -> Unknown:
        """There is one of it."""
        if cls._only is None:
            cls._only = super().__new__(cls)
        return cls._only

    def __repr__(self) -> str:
        return "UNKNOWN"

    def __bool__(self) -> bool:
        raise TypeError("UNKNOWN is neither true nor false; compare with `is nbo.UNKNOWN`")

    def __reduce__(self) -> str:
        return "UNKNOWN"


UNKNOWN = Unknown()
