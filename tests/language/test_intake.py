"""A profile from anywhere: nothing raises, what is not acceptable is missing, and a warning names it without repeating it."""

from __future__ import annotations

import enum
import math
from collections import OrderedDict
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from types import MappingProxyType, SimpleNamespace
from typing import Any

import pytest
from corpus_reader import dictionary
from hypothesis import given, settings
from hypothesis import strategies as st

from nbo import UNKNOWN, compile_expression
from nbo.language.accept import LONGEST_STRING, MOST_RECORDS
from nbo.language.calendar import Duration
from nbo.language.intake import MOST_WARNINGS
from nbo.language.types import BOOLEAN, MONEY

CORPUS = dictionary("Asia/Shanghai")
CYCLE: list[Any] = []
CYCLE.append(CYCLE)
CYCLIC: dict[str, Any] = {}
CYCLIC["customer"] = CYCLIC
DEEP: Any = None
for _ in range(100_000):
    DEEP = [DEEP]


def read(profile: object) -> tuple[dict[str, object], list[tuple[str, str]]]:
    """The values that are present, by name, and the warnings."""
    values, warnings = CORPUS.intake.read(profile)
    assert len(values) == CORPUS.width
    for each in warnings:
        for language in ("en", "zh"):
            assert len(each.text(language)) < 200
    present = {each.name: values[each.slot] for each in CORPUS if values[each.slot] is not None}
    return present, [(each.code, each.attribute) for each in warnings]


def accepted(name: str, value: object) -> object:
    namespace, _, key = name.partition(".")
    present, warnings = read({namespace: {key: value}})
    assert warnings == []
    return present[name]


def refused(name: str, value: object) -> str:
    namespace, dot, key = name.partition(".")
    present, warnings = read({namespace: {key: value} if dot else value})
    assert present == {}
    ((code, attribute),) = warnings
    assert attribute == name
    return code


class Text(str):
    """Such as a library's own strings; what it says of itself is not believed."""

    def __str__(self) -> str:
        return "something else"


class Grade(enum.StrEnum):
    B = "B"


class Age(enum.IntEnum):
    OLD = 70


class Moment(datetime):
    """Such as a data frame's points in time."""


class NotATime(datetime):
    """Such as a data frame's missing point in time: a datetime in name, with nothing in it."""

    @property
    def year(self) -> float:
        return math.nan

    def utcoffset(self) -> Any:
        return self

    def __lt__(self, other: object) -> bool:
        return False


# --- Python values ------------------------------------------------------------------------------------------------------

ACCEPTED: list[tuple[str, object, object]] = [
    ("flag.a", True, True),
    ("flag.a", False, False),
    ("customer.age", 48, 48),
    ("customer.age", Decimal("48.00"), 48),
    ("customer.age", "048", 48),
    ("customer.age", Age.OLD, 70),
    ("customer.ratio", 10**18 - 1, Decimal(10**18 - 1)),
    ("account.limit", Decimal("12.50"), Decimal("12.50")),
    ("account.limit", "-0.01", Decimal("-0.01")),
    ("customer.score", 0.1, 0.1),
    ("customer.score", Decimal("0.1"), 0.1),
    ("customer.score", 0, 0.0),
    ("customer.name", "欧阳", "欧阳"),
    ("customer.name", "a\x00b", "a\x00b"),
    ("customer.name", Text("李"), "李"),
    ("customer.grade", Grade.B, "B"),
    ("call.tags", {"travel"}, frozenset({"travel"})),
    ("call.tags", ("cash", "travel"), frozenset({"cash", "travel"})),
    ("call.tags", frozenset(), frozenset()),
    ("customer.birth_date", date(1988, 5, 20), date(1988, 5, 20)),
    ("call.started_at", datetime(2026, 11, 16, 2, tzinfo=UTC), datetime(2026, 11, 16, 2, tzinfo=UTC)),
    ("call.started_at", datetime(2026, 11, 16, 10, tzinfo=timezone(timedelta(hours=8))), datetime(2026, 11, 16, 2, tzinfo=UTC)),
    ("call.started_at", Moment(2026, 11, 16, 2, tzinfo=UTC), datetime(2026, 11, 16, 2, tzinfo=UTC)),
    ("call.local_time", time(21, 0), time(21, 0)),
    ("call.hold", timedelta(hours=36), Duration(seconds=129_600)),
]  # fmt: skip

REFUSED: list[tuple[str, object, str]] = [
    ("flag.a", 1, "wrong_type"),
    ("flag.a", 0, "wrong_type"),
    ("flag.a", 1.0, "wrong_type"),
    ("flag.a", "true", "wrong_type"),
    ("flag.a", "yes", "wrong_type"),
    ("flag.a", Decimal(1), "wrong_type"),
    ("customer.age", True, "wrong_type"),
    ("customer.age", False, "wrong_type"),
    ("customer.age", 48.0, "wrong_type"),
    ("customer.age", "４８", "wrong_type"),
    ("customer.age", "٤٨", "wrong_type"),
    ("customer.age", "48 ", "wrong_type"),
    ("customer.age", "", "wrong_type"),
    ("customer.age", b"48", "wrong_type"),
    ("customer.age", 48 + 0j, "wrong_type"),
    ("customer.age", [48], "wrong_type"),
    ("customer.age", -1, "out_of_range"),
    ("customer.age", 10**5_000, "out_of_range"),
    ("customer.age", Decimal("48.5"), "wrong_type"),
    ("account.limit", 12.5, "wrong_type"),
    ("account.limit", 0.1, "wrong_type"),
    ("account.limit", math.nan, "wrong_type"),
    ("account.limit", math.inf, "wrong_type"),
    ("account.limit", Decimal("NaN"), "wrong_type"),
    ("account.limit", Decimal("sNaN"), "wrong_type"),
    ("account.limit", Decimal("-Infinity"), "wrong_type"),
    ("account.limit", Decimal("1e400"), "out_of_range"),
    ("account.limit", Decimal("1e-400"), "out_of_range"),
    ("account.limit", Decimal("1e999999"), "out_of_range"),
    ("account.limit", 10**18, "out_of_range"),
    ("account.limit", True, "wrong_type"),
    ("account.limit", "1e3", "wrong_type"),
    ("account.limit", "NaN", "wrong_type"),
    ("account.limit", "1_000", "wrong_type"),
    ("account.limit", "9" * 5_000_000, "wrong_type"),
    ("customer.score", math.nan, "wrong_type"),
    ("customer.score", -math.inf, "wrong_type"),
    ("customer.score", True, "wrong_type"),
    ("customer.score", "0.5", "wrong_type"),
    ("customer.score", 10**400, "out_of_range"),
    ("customer.score", Decimal("1e400"), "wrong_type"),
    ("customer.score", Decimal("sNaN"), "wrong_type"),
    ("customer.score", math.nextafter(0.9, 1), "out_of_range"),
    ("customer.name", 5, "wrong_type"),
    ("customer.name", b"abc", "wrong_type"),
    ("customer.name", "x" * 21, "too_long"),
    ("customer.name", "x" * 5_000_000, "too_long"),
    ("customer.city", "x" * (LONGEST_STRING + 1), "too_long"),
    ("customer.name", "\ud800", "wrong_type"),
    ("customer.grade", "b", "not_a_value"),
    ("customer.grade", "Z" * 5_000_000, "not_a_value"),
    ("customer.grade", 1, "wrong_type"),
    ("customer.grade", ["A"], "wrong_type"),
    ("call.tags", "travel", "wrong_type"),
    ("call.tags", {"travel": True}, "wrong_type"),
    ("call.tags", ["travel", "nonsense"], "not_a_value"),
    ("call.tags", ["travel", None], "wrong_type"),
    ("call.tags", ["travel", ["travel"]], "wrong_type"),
    ("call.tags", iter(["travel"]), "wrong_type"),
    ("call.tags", ["travel"] * (MOST_RECORDS + 1), "too_long"),
    ("call.codes", ["a", "x" * 5_000_000], "too_long"),
    ("customer.birth_date", datetime(1988, 5, 20, tzinfo=UTC), "wrong_type"),
    ("customer.birth_date", 580_000_000, "wrong_type"),
    ("customer.birth_date", "2026-02-30", "out_of_range"),
    ("customer.birth_date", "0000-01-01", "out_of_range"),
    ("customer.birth_date", "２０２６-01-01", "wrong_type"),
    ("call.started_at", datetime(2026, 11, 16), "no_zone"),  # noqa: DTZ001 - that is the point
    ("call.started_at", "2026-11-16T10:00:00", "no_zone"),
    ("call.started_at", 1_794_000_000, "wrong_type"),
    ("call.started_at", 1_794_000_000.5, "wrong_type"),
    ("call.started_at", date(2026, 11, 16), "wrong_type"),
    ("call.started_at", "2026-11-16T10:00:00+99:00", "out_of_range"),
    ("call.started_at", "0001-01-01T00:00:00+08:00", "out_of_range"),
    ("call.started_at", datetime.max.replace(tzinfo=timezone(timedelta(hours=-8))), "out_of_range"),
    ("call.started_at", NotATime(2026, 1, 1), "wrong_type"),
    ("call.local_time", time(21, 0, tzinfo=UTC), "wrong_type"),
    ("call.local_time", "25:00", "wrong_type"),
    ("call.local_time", "21:60", "out_of_range"),
    ("call.hold", timedelta(microseconds=1), "wrong_type"),
    ("call.hold", 3_600, "wrong_type"),
    ("call.hold", "P", "wrong_type"),
    ("history", {"family": "bill"}, "wrong_type"),
    ("history", "[]", "wrong_type"),
    ("history", [None], "wrong_type"),
    ("history", [{}, 3], "wrong_type"),
    ("history", [[("family", "bill")]], "wrong_type"),
    ("history", [{}] * (MOST_RECORDS + 1), "too_long"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "value", "held"), ACCEPTED)
def test_what_a_type_accepts(name: str, value: object, held: object) -> None:
    result = accepted(name, value)
    assert type(result) is type(held)
    assert result == held


@pytest.mark.parametrize(
    ("name", "value", "code"), REFUSED, ids=[f"{name} {index}" for index, (name, *_) in enumerate(REFUSED)]
)
def test_what_a_type_refuses(name: str, value: object, code: str) -> None:
    assert refused(name, value) == code


SUPPLIED = [each.name for each in CORPUS if not each.engine and each.name not in ("now", "today")]


@pytest.mark.parametrize(
    "value", [CYCLE, CYCLIC, DEEP, object(), SimpleNamespace(a=1), lambda: 1, Exception, NotImplemented]
)
@pytest.mark.parametrize("name", SUPPLIED)
def test_no_type_accepts_or_follows_a_strange_object(name: str, value: object) -> None:
    assert refused(name, value) in ("wrong_type", "not_a_value")


# --- the profile itself -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "profile",
    [None, 5, "customer", b"{}", [], [("customer", {})], object(), {1, 2}, CYCLE, DEEP],
    ids=lambda x: type(x).__name__,
)
def test_a_profile_that_is_no_mapping_is_empty(profile: object) -> None:
    assert read(profile) == ({}, [("not_a_profile", "")])


@pytest.mark.parametrize(
    "profile", [{}, {"customer": {}}, {"customer": None}, {"customer": {"age": None}}, {"history": None}]
)
def test_absent_and_none_are_missing_without_a_warning(profile: object) -> None:
    assert read(profile) == ({}, [])


@pytest.mark.parametrize("kind", [dict, OrderedDict, MappingProxyType])
def test_any_mapping_is_a_profile(kind: Any) -> None:
    assert read(kind({"customer": kind({"age": 48})})) == ({"customer.age": 48}, [])


@pytest.mark.parametrize("section", [5, "age", [], [("age", 5)], DEEP, object()], ids=lambda x: type(x).__name__)
def test_a_namespace_that_is_no_mapping_is_missing(section: object) -> None:
    assert read({"customer": section, "flag": {"a": True}}) == ({"flag.a": True}, [("wrong_type", "customer")])
    values, _ = CORPUS.intake.read({"customer": section})
    assert CORPUS.attributes["customer.age"].slot in values.refused
    assert CORPUS.attributes["flag.a"].slot not in values.refused


def test_cycles_are_not_followed() -> None:
    assert read(CYCLIC) == ({}, [("unknown_attribute", "customer.customer")])


KEYS: list[tuple[object, str]] = [
    ("agee", "agee"),
    ("年", "年"),
    (5, "?"),
    (None, "?"),
    (True, "?"),
    (math.nan, "?"),
    (b"age", "?"),
    (("age",), "?"),
    ("13800138000", "?"),
    ("lisi@example.com", "?"),
    ("a b", "?"),
    ("a\n", "?"),
    ("\u202eage", "?"),
    ("\ud800", "?"),
    ("", "?"),
    ("x" * 5_000_000, "?"),
    ("age.years", "?"),
]


@pytest.mark.parametrize(("key", "shown"), KEYS, ids=range(len(KEYS)))
def test_an_unknown_key_is_named_only_if_it_can_be_a_name(key: object, shown: str) -> None:
    assert read({key: {}}) == ({}, [("unknown_attribute", shown)])
    assert read({"customer": {key: 1}}) == ({}, [("unknown_attribute", f"customer.{shown}")])
    assert read({"history": [{key: 1}]})[1] == [("unknown_attribute", f"history.{shown}")]


def test_a_deeply_nested_key_is_not_looked_into() -> None:
    key: Any = ()
    for _ in range(50_000):
        key = (key,)

    class Hashed(tuple):  # the real one would overflow the stack by itself
        def __hash__(self) -> int:
            return 1

    assert read({Hashed([key]): 1}) == ({}, [("unknown_attribute", "?")])


def test_warnings_are_bounded() -> None:
    _, warnings = read({"customer": {f"unknown_{number}": 1 for number in range(5_000)}})
    assert len(warnings) == MOST_WARNINGS + 1
    assert warnings[-1] == ("more_warnings", "")


def test_the_clock_and_what_the_engine_fills_cannot_be_supplied() -> None:
    extended = CORPUS.extended({"segment.vip": BOOLEAN, "quote.payment": MONEY})
    values, warnings = extended.intake.read(
        {"segment": {"vip": True}, "quote": {"payment": "1"}, "now": "2026-01-01T00:00:00Z", "today": "2026-01-01"},
    )
    assert [each for each in values if each is not None] == []
    assert [each.attribute for each in warnings] == ["segment.vip", "quote.payment", "now", "today"]
    assert not values.refused


def test_an_attribute_under_two_names_is_missing() -> None:
    for profile in (
        {"customer": {"age": 30}, "客户": {"年龄": 70}},
        {"客户": {"age": 30, "年龄": 30}},
        {"customer": {"age": 30, "年龄": "x"}},
    ):
        assert read(profile) == ({}, [("given_twice", "customer.age")])
    assert read({"customer": {"age": None}, "客户": {"年龄": 70}}) == ({"customer.age": 70}, [])
    present, warnings = read({"history": [{"family": "bill", "类别": "cash"}]})
    assert warnings == [("given_twice", "history.family")]
    assert present["history"] == ((None,) * 10,)


def test_a_bad_field_is_missing_in_its_record_and_the_list_remembers() -> None:
    values, warnings = CORPUS.intake.read({"history": [{"family": "bill", "amount": 5.5}, {"family": "nonsense"}]})
    history = CORPUS.attributes["history"]
    assert history.type.record is not None
    family, amount = (history.type.record.fields[name].slot for name in ("family", "amount"))
    rows: Any = values[history.slot]
    assert [(row[family], row[amount]) for row in rows] == [("bill", None), (None, None)]
    assert [each.attribute for each in warnings] == ["history.amount", "history.family"]
    assert values.refused == {history.slot}


@pytest.mark.parametrize(
    "secret", ["6225880137000000", "李四四四四四四四四四四四四四四四四四四四四四四", 6225880137000000000]
)
def test_no_warning_repeats_a_value(secret: object) -> None:
    profile = {
        "customer": {each.name.partition(".")[2]: [secret] for each in CORPUS if each.name.startswith("customer.")},
        "history": [{"family": secret, "amount": [secret], "13800138000": secret}],
        "13800138000": secret,
    }
    _, warnings = CORPUS.intake.read(profile)
    assert len(warnings) > 10
    assert not any(
        said in each.text(language) + each.attribute
        for each in warnings
        for language in ("en", "zh")
        for said in (str(secret), "13800138000")
    )


# --- generated ------------------------------------------------------------------------------------------------------------

SCALARS = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.decimals(), st.text(max_size=12), st.binary(max_size=4), st.dates(),
    st.datetimes(), st.datetimes(timezones=st.just(UTC)), st.times(), st.timedeltas(), st.just("A"), st.just("2026-01-01"),
)  # fmt: skip
ANYTHING = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=6,
)
NAMES = [name.partition(".")[2] or name for name in CORPUS.attributes]
KEYS_OR_NOT = st.sampled_from(NAMES) | st.text(max_size=3) | st.integers() | st.none() | st.binary(max_size=2)
SECTIONS = st.dictionaries(KEYS_OR_NOT, ANYTHING, max_size=4) | ANYTHING


@settings(max_examples=150)
@given(st.dictionaries(st.sampled_from([*CORPUS.namespaces, "x"]), SECTIONS, max_size=3))
def test_nothing_raises_and_everything_is_held_plainly(profile: dict[str, Any]) -> None:
    present, _ = read(profile)
    plain = {bool, int, Decimal, float, str, date, datetime, time, Duration, frozenset, tuple}
    assert all(type(value) in plain for value in present.values())
    for value in leaves(present):
        assert not isinstance(value, float) or math.isfinite(value)
        assert not isinstance(value, Decimal) or value.is_finite()
        assert not isinstance(value, datetime) or value.tzinfo is UTC


def leaves(value: object) -> Iterator[object]:
    if isinstance(value, dict | tuple):
        for each in value.values() if isinstance(value, dict) else value:
            yield from leaves(each)
    else:
        yield value


# --- derived --------------------------------------------------------------------------------------------------------------


def test_a_formula_gives_way_to_a_supplied_value_and_not_to_a_bad_one() -> None:
    attributes = {"a": {"x": {"type": "integer"}, "y": {"type": "integer", "max": 10, "derived": "a.x + 1"}}}
    condition = compile_expression("a.y", attributes)
    assert condition.evaluate({"a": {"x": 1}}) == 2
    assert condition.evaluate({"a": {"x": 1, "y": 9}}) == 9
    assert condition.evaluate({"a": {"x": 1, "y": 99}}) is UNKNOWN
    assert condition.evaluate({"a": {"x": 10}}) is UNKNOWN, "11 is out of range, supplied or derived"
    assert condition.evaluate({}) is UNKNOWN


def test_a_clock_without_a_zone_is_a_programmers_mistake() -> None:
    condition = compile_expression("now > now - days(1)", {})
    with pytest.raises(ValueError, match="zone"):
        condition.evaluate({}, at=datetime(2026, 1, 1))  # noqa: DTZ001 - that is the point
