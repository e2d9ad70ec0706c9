"""A customer as a plain mapping becomes the flat list of values that conditions read.

What is not acceptable is missing, with a warning that names the attribute and never repeats the value: it may be personal
data, or hostile. Nothing here raises for bad data. What each type accepts is in `accept.py`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple, cast

from nbo.diagnostics.diagnostic import Text
from nbo.language.accept import MOST_RECORDS, Accept, BadValueError, accepting
from nbo.language.types import Attribute, Kind, RecordType, Scalar, Value

MOST_WARNINGS = 100
_LONGEST_NAME = 80
_CLOCK = frozenset({"now", "today"})


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
        copied = Values.__new__(Values)  # PERF: half the time of a call of the class
        copied.extend(self)
        copied.refused = self.refused
        return copied


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


GIVEN_TWICE = object()  # stands for a value that was written several times, and which one counts cannot be told


class _Field(NamedTuple):
    """Where a value goes, and what it has to be."""

    slot: int
    accept: Accept
    name: str


class Intake:
    """How customers come in by one dictionary; made once."""

    def __init__(
        self, attributes: Mapping[str, Attribute], names: Mapping[str, str], namespaces: Mapping[str, str]
    ) -> None:
        """The attributes, and every way to write them and their namespaces."""
        self._width = len(attributes)
        # no customer data decides the clock, or what the engine fills
        open_ = {name: each for name, each in attributes.items() if not each.engine and name not in _CLOCK}
        self._slots = {name: each.slot for name, each in open_.items()}
        single = {each: open_[own] for each, own in namespaces.items() if own in open_}
        self._records = {
            each: _RecordList(attribute) for each, attribute in single.items() if attribute.type.kind is Kind.RECORDS
        }
        fields = {name: _field(each) for name, each in open_.items() if each.type.kind is not Kind.RECORDS}
        inside: dict[str, dict[str, _Field]] = {}
        for written, own in names.items():
            namespace, dot, key = written.partition(".")
            if dot and own in fields:
                inside.setdefault(namespace, {})[key] = fields[own]
        self._sections = {
            each: (own, inside.get(own, {})) for each, own in namespaces.items() if each not in self._records
        }

    def read(self, profile: object) -> tuple[Values, tuple[DataWarning, ...]]:
        """Values by slot (with the slots whose supplied value was refused), and the warnings.

        `profile` is nested by namespace: `{"customer": {"age": 48}, "history": [...]}`. `None` and absent both mean missing.
        The clock's slots stay empty.
        """
        reading = _Reading(self._width)
        if isinstance(profile, Mapping):
            for written, section in profile.items():
                self._read(reading, written, section)
        else:
            reading.refused.update(self._slots.values())
            reading.warn("not_a_profile", "")
        return reading.done()

    def _read(self, reading: _Reading, written: object, section: object) -> None:
        records = self._records.get(written) if isinstance(written, str) else None
        if records is not None:
            if section is not None:
                reading.read_records(records, section)
            return
        name, fields = self._sections.get(written, ("", None)) if isinstance(written, str) else ("", None)
        if fields is None:
            reading.warn("unknown_attribute", _shown(written))
        elif type(section) is dict or isinstance(section, Mapping):  # PERF: the first takes a tenth of the second
            reading.read_section(name, fields, section)
        elif section is not None:  # something was supplied, but it cannot be told for which attribute
            reading.refused.update(slot for own, slot in self._slots.items() if own.startswith(f"{name}."))
            reading.warn("given_twice" if section is GIVEN_TWICE else "wrong_type", name)


class _RecordList:
    """A list of records: where it goes, and what its fields have to be."""

    def __init__(self, attribute: Attribute) -> None:
        record = cast("RecordType", attribute.type.record)
        self.name = attribute.name
        self.slot = attribute.slot
        self.width = len(record.fields)
        own = {name: _field(each) for name, each in record.fields.items()}
        self.fields = {written: own[name] for written, name in record.names.items()}


class _Reading:
    """One customer on the way in."""

    def __init__(self, width: int) -> None:
        self.values: list[Value | None] = [None] * width
        self.warnings: list[DataWarning] = []
        self.refused: set[int] = set()

    def done(self) -> tuple[Values, tuple[DataWarning, ...]]:
        return Values(self.values, frozenset(self.refused)), tuple(self.warnings)

    def warn(self, code: str, attribute: str) -> None:
        if len(self.warnings) < MOST_WARNINGS:
            self.warnings.append(DataWarning(code, attribute))
        elif len(self.warnings) == MOST_WARNINGS:
            self.warnings.append(DataWarning("more_warnings", ""))

    def read_section(self, namespace: str, fields: Mapping[str, _Field], section: Mapping[Any, object]) -> None:
        values, refused = self.values, self.refused
        for key, value in section.items():
            field = fields.get(key) if isinstance(key, str) else None
            if field is None:
                self.warn("unknown_attribute", f"{namespace}.{_shown(key)}")
            elif value is not None:
                slot, accept, name = field
                try:
                    if values[slot] is not None or slot in refused:  # under its name and an alias
                        raise BadValueError("given_twice")
                    values[slot] = accept(value)
                except BadValueError as error:
                    values[slot] = None
                    self.refuse(slot, _code(error, value), name)

    def read_records(self, records: _RecordList, value: object) -> None:
        slot = records.slot
        try:
            if self.values[slot] is not None or slot in self.refused:
                raise BadValueError("given_twice")
            if not isinstance(value, list | tuple):
                raise BadValueError("wrong_type")
            if len(value) > MOST_RECORDS:
                raise BadValueError("too_long")
            self.values[slot] = tuple([self.read_record(records, each) for each in value])
        except BadValueError as error:
            self.values[slot] = None
            self.refuse(slot, _code(error, value), records.name)

    def read_record(self, records: _RecordList, value: object) -> tuple[Scalar | None, ...]:
        if type(value) is not dict and not isinstance(value, Mapping):
            raise BadValueError("wrong_type")
        row: list[Scalar | None] = [None] * records.width
        bad: set[int] = set()
        for key, each in value.items():
            field = records.fields.get(key) if isinstance(key, str) else None
            if field is None:
                self.warn("unknown_attribute", f"{records.name}.{_shown(key)}")
            elif each is not None:
                slot = field.slot
                try:
                    if row[slot] is not None or slot in bad:
                        raise BadValueError("given_twice")
                    row[slot] = field.accept(each)
                except BadValueError as error:
                    row[slot] = None
                    bad.add(slot)
                    self.refuse(records.slot, _code(error, each), f"{records.name}.{field.name}")
        return tuple(row)

    def refuse(self, slot: int, code: str, attribute: str) -> None:
        self.refused.add(slot)
        self.warn(code, attribute)


def _field(attribute: Attribute) -> _Field:
    return _Field(attribute.slot, accepting(attribute), attribute.name)


def _code(error: BadValueError, value: object) -> str:
    return "given_twice" if value is GIVEN_TWICE else str(error)


def _shown(key: object) -> str:
    """A key that the dictionary does not know, if it can be a name; it may be personal data, or hostile."""
    return key if isinstance(key, str) and len(key) <= _LONGEST_NAME and key.isidentifier() else "?"
