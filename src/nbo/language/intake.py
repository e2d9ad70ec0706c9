"""A customer as a plain mapping becomes the flat list of values that conditions read.

What is not acceptable is missing, with a warning that names the attribute and never repeats the value: it may be personal
data, or hostile. Nothing here raises for bad data. What each type accepts is the table in `docs/data-types.md`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from math import isfinite

from nbo.diagnostics.diagnostic import Text
from nbo.language.calendar import Duration
from nbo.language.dictionary import NOW_SLOT, TODAY_SLOT, Dictionary
from nbo.language.operations import parse_exact, within_bounds
from nbo.language.types import Attribute, Kind, RecordType, Scalar, Value

LONGEST_STRING = 4_096
MOST_RECORDS = 10_000
MOST_WARNINGS = 100
_LONGEST_NAME = 80


class Values(list[Value | None]):
    """A customer's values by slot; `refused` are the slots (or lists of records) in which a supplied value was not accepted.

    A refused value is missing. But nothing may pass because of it: in a decision a condition that looks at absence there
    (`is missing`, `default`) is unknown (see `Expression.ask`).
    """

    __slots__ = ("refused",)

    def __init__(self, values: Iterable[Value | None], refused: frozenset[int] = frozenset()) -> None:
        super().__init__(values)
        self.refused = refused

    def copy(self) -> Values:
        """The same values, free to be changed."""
        return Values(self, self.refused)


_HALF_PAIR = re.compile("[\ud800-\udfff]")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
# the hour is bounded here, because newer Pythons read 24:00 as the next day
_HOUR = r"(?:[01]\d|2[0-3]):\d{2}"
_MOMENT = re.compile(
    rf"\d{{4}}-\d{{2}}-\d{{2}}[T ]{_HOUR}(?::\d{{2}}(?:\.\d{{1,6}})?)?(?:Z|[+-]\d{{2}}:?\d{{2}})?", re.ASCII
)
_CLOCK = re.compile(rf"{_HOUR}(?::\d{{2}})?", re.ASCII)


@dataclass(frozen=True, slots=True)
class DataWarning:
    """Something in a profile that was left out: a stable code, the attribute, and words for people."""

    code: str
    attribute: str

    def text(self, language: str) -> str:
        """The warning in words."""
        return _WARNINGS[self.code].fill(language, {"attribute": self.attribute})

    @property
    def words(self) -> Text:
        """The warning in both languages."""
        return Text(self.text("en"), self.text("zh"))


_WARNINGS: Mapping[str, Text] = {
    "wrong_type": Text(
        "`{attribute}` has a value of the wrong type and counts as missing", "`{attribute}` 的值类型不对，按缺失处理"
    ),
    "out_of_range": Text(
        "`{attribute}` is out of its range and counts as missing", "`{attribute}` 超出允许范围，按缺失处理"
    ),
    "not_a_value": Text(
        "`{attribute}` is not one of its values and counts as missing", "`{attribute}` 不在允许的取值之中，按缺失处理"
    ),
    "no_zone": Text(
        "`{attribute}` is a time without a zone and counts as missing", "`{attribute}` 是不带时区的时间，按缺失处理"
    ),
    "too_long": Text("`{attribute}` is too long and counts as missing", "`{attribute}` 过长，按缺失处理"),
    "given_twice": Text(
        "`{attribute}` is given under two names and counts as missing", "`{attribute}` 以两个名称重复给出，按缺失处理"
    ),
    "unknown_attribute": Text(
        "`{attribute}` is not in the dictionary and was not read", "`{attribute}` 不在数据字典中，未读取"
    ),
    "not_a_profile": Text(
        "the profile is not a mapping; everything counts as missing", "客户资料不是映射，全部按缺失处理"
    ),
    "more_warnings": Text("there were more warnings", "还有更多警告"),
}
WARNING_CODES = tuple(_WARNINGS)


class _BadValueError(Exception):
    """A value that its type does not accept; the argument is the warning's code."""


def read_profile(dictionary: Dictionary, profile: object) -> tuple[Values, tuple[DataWarning, ...]]:
    """Values by slot (with the slots whose supplied value was refused), and the warnings.

    `profile` is nested by namespace: `{"customer": {"age": 48}, "history": [...]}`. `None` and absent both mean missing.
    The clock's slots stay empty.
    """
    reader = _Reader(dictionary)
    if isinstance(profile, Mapping):
        reader.read(profile)
    else:
        reader.refuse_all()
        reader.warn("not_a_profile", "")
    reader.values.refused = frozenset(reader.refused)
    return reader.values, tuple(reader.warnings)


class _Reader:
    def __init__(self, dictionary: Dictionary) -> None:
        self.dictionary = dictionary
        self.values = Values([None] * dictionary.width)
        self.warnings: list[DataWarning] = []
        self.refused: set[int] = set()
        self.given: set[int] = set()

    def warn(self, code: str, attribute: str) -> None:
        if len(self.warnings) < MOST_WARNINGS:
            self.warnings.append(DataWarning(code, attribute))
        elif len(self.warnings) == MOST_WARNINGS:
            self.warnings.append(DataWarning("more_warnings", ""))

    def read(self, profile: Mapping[object, object]) -> None:
        namespaces = self.dictionary.namespaces
        for written, section in profile.items():
            namespace = namespaces.get(written) if isinstance(written, str) else None
            if namespace is None:
                self.warn("unknown_attribute", _shown(written))
            elif namespace in self.dictionary.attributes:
                self.read_one(self.dictionary.attributes[namespace], section)
            elif isinstance(section, Mapping):
                self.read_section(namespace, section)
            elif section is not None:
                self.refuse_all(f"{namespace}.")
                self.warn("wrong_type", namespace)

    def refuse_all(self, prefix: str = "") -> None:
        """Something was supplied, but it cannot be told for which attribute."""
        supplied = (each for each in self.dictionary if not each.engine and each.slot not in (NOW_SLOT, TODAY_SLOT))
        self.refused.update(each.slot for each in supplied if each.name.startswith(prefix))

    def read_section(self, namespace: str, section: Mapping[object, object]) -> None:
        for key, value in section.items():
            attribute = self.dictionary.find(f"{namespace}.{key}") if isinstance(key, str) else None
            if attribute is None or attribute.engine:  # no customer data decides what the engine fills
                self.warn("unknown_attribute", f"{namespace}.{_shown(key)}")
            elif value is not None:
                self.read_one(attribute, value)

    def read_one(self, attribute: Attribute, value: object) -> None:
        if value is None:
            return
        try:
            if attribute.slot in self.given:  # under its name and an alias
                raise _BadValueError("given_twice")
            self.given.add(attribute.slot)
            if attribute.type.kind is Kind.RECORDS:
                self.values[attribute.slot] = self.records(attribute, value)
            else:
                self.values[attribute.slot] = accept(attribute, value)
        except _BadValueError as error:
            self.values[attribute.slot] = None
            self.refused.add(attribute.slot)
            self.warn(str(error), attribute.name)

    def records(self, attribute: Attribute, value: object) -> tuple[tuple[Scalar | None, ...], ...]:
        record = attribute.type.record
        if record is None or not isinstance(value, list | tuple):
            raise _BadValueError("wrong_type")
        if len(value) > MOST_RECORDS:
            raise _BadValueError("too_long")
        return tuple(self.one_record(attribute.slot, record, each) for each in value)

    def one_record(self, slot: int, record: RecordType, value: object) -> tuple[Scalar | None, ...]:
        if not isinstance(value, Mapping):
            raise _BadValueError("wrong_type")
        row: list[Scalar | None] = [None] * len(record.fields)
        given: set[int] = set()
        for key, each in value.items():
            field = record.find(key) if isinstance(key, str) else None
            if field is None:
                self.warn("unknown_attribute", f"{record.name}.{_shown(key)}")
            elif each is not None:
                try:
                    if field.slot in given:
                        raise _BadValueError("given_twice")
                    given.add(field.slot)
                    row[field.slot] = accept(field, each)
                except _BadValueError as error:
                    row[field.slot] = None
                    self.refused.add(slot)
                    self.warn(str(error), f"{record.name}.{field.name}")
        return tuple(row)


def _shown(key: object) -> str:
    """A key that the dictionary does not know, if it can be a name; it may be personal data, or hostile."""
    return key if isinstance(key, str) and len(key) <= _LONGEST_NAME and key.isidentifier() else "?"


def accept(attribute: Attribute, value: object) -> Scalar:
    """The value as the attribute's type holds it; what the type does not accept raises `_BadValueError`."""
    accepted = _ACCEPT[attribute.type.kind](attribute, value)
    if not attribute.in_range(accepted):
        raise _BadValueError("out_of_range")
    return accepted


def _boolean(_: Attribute, value: object) -> bool:
    if value is True or value is False:
        return value
    raise _BadValueError("wrong_type")


def _decimal(_: Attribute, value: object) -> Decimal:
    if isinstance(value, str):
        parsed = parse_exact(value) if len(value) < 40 and value[:1] != "+" else None
        if parsed is None:
            raise _BadValueError("wrong_type")
        return parsed
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        raise _BadValueError("wrong_type")  # a float too: its digits are not what anybody wrote
    if isinstance(value, int) and abs(value) >= 10**18:
        raise _BadValueError("out_of_range")
    exact = Decimal(value)
    if not exact.is_finite():
        raise _BadValueError("wrong_type")
    if not within_bounds(exact):
        raise _BadValueError("out_of_range")
    return exact or exact.copy_abs()  # a zero has no sign


def _integer(attribute: Attribute, value: object) -> int:
    exact = _decimal(attribute, value)
    if exact != exact.to_integral_value():
        raise _BadValueError("wrong_type")
    return int(exact)


def _number(_: Attribute, value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        raise _BadValueError("wrong_type")
    try:
        number = float(value)
    except OverflowError:
        raise _BadValueError("out_of_range") from None
    except ValueError:  # a signaling NaN
        raise _BadValueError("wrong_type") from None
    if not isfinite(number):
        raise _BadValueError("wrong_type")
    return number + 0.0  # a zero has no sign


def _string(attribute: Attribute, value: object) -> str:
    if not isinstance(value, str):
        raise _BadValueError("wrong_type")
    if len(value) > (attribute.max_length or LONGEST_STRING):
        raise _BadValueError("too_long")
    if _HALF_PAIR.search(value):
        raise _BadValueError("wrong_type")  # half a surrogate pair cannot be written to any output
    return str.__str__(value)  # plain, whatever subclass it came as


def _enum(attribute: Attribute, value: object) -> str:
    if not isinstance(value, str):
        raise _BadValueError("wrong_type")
    found = attribute.type.domain.find(str.__str__(value)) if attribute.type.domain is not None else None
    if found is None:
        raise _BadValueError("not_a_value")
    return found


def _set(attribute: Attribute, value: object) -> frozenset[str]:
    if not isinstance(value, list | tuple | set | frozenset):
        raise _BadValueError("wrong_type")
    if len(value) > MOST_RECORDS:
        raise _BadValueError("too_long")
    element = _enum if attribute.type.domain is not None else _string
    return frozenset(element(attribute, each) for each in value)


def _date(_: Attribute, value: object) -> date:
    if isinstance(value, str) and _DAY.fullmatch(value):
        try:
            return date.fromisoformat(value)
        except ValueError:
            raise _BadValueError("out_of_range") from None
    if isinstance(value, date) and not isinstance(value, datetime):
        return date(value.year, value.month, value.day)
    raise _BadValueError("wrong_type")


def _datetime(_: Attribute, value: object) -> datetime:
    if isinstance(value, str) and _MOMENT.fullmatch(value):
        try:
            value = datetime.fromisoformat(value)
        except ValueError:
            raise _BadValueError("out_of_range") from None
    if not isinstance(value, datetime):
        raise _BadValueError("wrong_type")
    try:
        offset = value.utcoffset()
        if offset is None:
            raise _BadValueError("no_zone")
        # plain, whatever subclass it came as: a "not a time" of a data frame is a datetime that compares with nothing
        wall = datetime.combine(date(value.year, value.month, value.day), value.time())
        return (wall - offset).replace(tzinfo=UTC)
    except TypeError:
        raise _BadValueError("wrong_type") from None
    except (OverflowError, ValueError):
        raise _BadValueError("out_of_range") from None


def _time(_: Attribute, value: object) -> time:
    if isinstance(value, str) and _CLOCK.fullmatch(value):
        try:
            return time.fromisoformat(value)
        except ValueError:
            raise _BadValueError("out_of_range") from None
    if isinstance(value, time) and value.tzinfo is None:
        return time(value.hour, value.minute, value.second, value.microsecond)
    raise _BadValueError("wrong_type")


def _duration(_: Attribute, value: object) -> Duration:
    if isinstance(value, str) and (parsed := Duration.parse(value)) is not None:
        return parsed
    if isinstance(value, timedelta) and not value.microseconds:
        return Duration(seconds=value.days * 86_400 + value.seconds)
    raise _BadValueError("wrong_type")


_ACCEPT: Mapping[Kind, Callable[[Attribute, object], Scalar]] = {
    Kind.BOOLEAN: _boolean, Kind.INTEGER: _integer, Kind.DECIMAL: _decimal, Kind.MONEY: _decimal, Kind.RATE: _decimal,
    Kind.NUMBER: _number, Kind.STRING: _string, Kind.ENUM: _enum, Kind.SET: _set, Kind.DATE: _date,
    Kind.DATETIME: _datetime, Kind.TIME: _time, Kind.DURATION: _duration,
}  # fmt: skip
