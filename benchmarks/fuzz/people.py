"""Customers for any dictionary: values that are accepted, values that are not, and things that no program should hand over."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from random import Random
from types import MappingProxyType
from typing import Any

from nbo.language.types import Attribute, Kind

_EXACT = ("0", "0.00", "-0.01", "12.345", "500", "999999999999999999.9999999999", "-999999999999999999", "0.0000000001")
_GOOD: dict[Kind, tuple[Any, ...]] = {
    Kind.BOOLEAN: (True, False),
    Kind.INTEGER: (0, 1, 2, 12, 18, 24, 60, 120, Decimal(3), "7"),
    Kind.DECIMAL: _EXACT,
    Kind.MONEY: (*_EXACT, Decimal("5000.00"), 1000, "6000"),
    Kind.RATE: ("0.0060", "0", "1", "-0.5"),
    Kind.NUMBER: (0.0, 0.1, 0.5, 0.9, 1, Decimal("0.3"), 1e308, 5e-324),
    Kind.STRING: ("", "a", "ab", "客户", "李", "{{ quote.payment }}", "6222020200112233445", "\u202e", "x" * 30, "\x00"),
    Kind.DATE: ("0001-01-01", "1988-11-16", "2024-02-29", "2026-01-31", "2026-12-10", "9999-12-31", date(2026, 12, 1)),
    Kind.DATETIME: (
        "0001-01-01T00:00:00Z", "2026-11-16T02:00:00Z", "2026-10-31T05:30:00Z", "9999-12-31T23:59:59Z",
        "2026-11-01T10:00:00+08:00",
        datetime(2026, 11, 1, tzinfo=UTC), datetime(2026, 10, 1, tzinfo=timezone(timedelta(hours=8))),
    ),
    Kind.TIME: ("00:00", "09:00", "21:00:00", "23:59:59", time(10, 30)),
    Kind.DURATION: ("P1D", "PT36H", "P1M", "P9999Y", timedelta(days=1)),
}  # fmt: skip


class _Text(str):
    __slots__ = ()


class _Whole(int):
    def __repr__(self) -> str:
        return "whole"


def _circle() -> list[Any]:
    around: list[Any] = []
    around.append({"customer": around})
    return around


def _deep() -> Any:
    deep: Any = 1
    for _ in range(2_000):
        deep = [deep]
    return deep


_NAUGHT = float("nan")
_HOSTILE: tuple[Any, ...] = (
    _NAUGHT, float("inf"), -0.0, Decimal("NaN"), Decimal("sNaN"), Decimal("Infinity"), Decimal("1E+999999"),
    Decimal("1E-999999"), Decimal("-0"),
    10**30, -(10**5000), True, "", " ", "48 ", "18\n", "１８", "1_000", "+5", "1e5", "x" * 5_000, "\ud800",
    "a\udfffb", "\x00", b"x", bytearray(9),
    [], {}, [[]], [None], {"a": 1}, {1: 2}, {None: None}, {(1, 2): 3}, (), set(), frozenset({"a"}), {"a", 1}, [{}],
    [{"family": {}}], [1, "a", None],
    object(), object, len, _Text("active"), _Text("\ud800"), _Whole(5), range(3), iter([]), memoryview(b"a"), 1j,
    ..., NotImplemented, ValueError("x"),
    datetime(1, 1, 1), datetime(9999, 12, 31),  # noqa: DTZ001 - without a zone on purpose
    datetime.min.replace(tzinfo=timezone(timedelta(hours=14))),
    datetime.max.replace(tzinfo=timezone(-timedelta(hours=14))),
    date.min, date.max, time.min.replace(tzinfo=UTC), timedelta.max, timedelta(microseconds=1), "2026-02-30",
    "2026-11-16T24:00:00Z",
    "2026-11-16T10:00:00", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "P1.5D", "PT999999999999999H",
    "P" + "9" * 30 + "Y",
    _circle(), _deep(), MappingProxyType({"age": 5}), ["ease_payment"] * 3, ["ease_payment", 5], "ease_payment",
)  # fmt: skip


def customer(chance: Random, attributes: Iterable[Attribute], *, plain: bool = False) -> Any:
    """A customer: most of what the attributes accept. Unless it is `plain`, some of it is not what anybody expects."""
    hostile = 0.0 if plain else chance.choice([0.0, 0.05, 0.2, 0.6])
    if hostile and chance.random() < 0.03:
        return chance.choice(_HOSTILE)
    share = chance.choice([0.3, 0.7, 0.95, 1.0])
    profile: dict[Any, Any] = {}
    for each in attributes:
        if each.engine or each.name in ("now", "today") or chance.random() > share:
            continue
        value = chance.choice(_HOSTILE) if chance.random() < hostile else accepted(chance, each, hostile)
        namespace, dot, key = each.name.partition(".")
        if not dot:
            profile[namespace] = value
        elif isinstance(profile.setdefault(namespace, {}), dict):
            profile[namespace][key] = value
    while hostile and chance.random() < 0.3:
        where: Any = chance.choice([profile, *(each for each in profile.values() if isinstance(each, dict))])
        key = chance.choice(
            [*where, "age", "客户", "x" * 200, "\ud800", 5, None, (), "__class__", "it", "now", "quote", "segment"]
        )
        where[key] = chance.choice(_HOSTILE)
    return profile


def accepted(chance: Random, attribute: Attribute, hostile: float = 0.0) -> Any:
    """A value that the attribute accepts, or one just outside of its limits."""
    kind, domain = attribute.type.kind, attribute.type.domain
    if kind is Kind.ENUM and domain is not None:
        return chance.choice([*domain.values, *domain.aliases])
    if kind is Kind.SET:
        values = domain.values if domain is not None else ("a", "b", "K1")
        return chance.sample(values, chance.randrange(min(len(values), 3) + 1))
    if kind is Kind.RECORDS and attribute.type.record is not None:
        fields = list(attribute.type.record.fields.values())
        rows = []
        for _ in range(chance.choice([0, 0, 1, 2, 3, 20])):
            present = [each for each in fields if chance.random() < 0.85]
            rows.append({
                each.name: chance.choice(_HOSTILE) if chance.random() < hostile else accepted(chance, each) for each in present
            })  # fmt: skip
        return rows
    limits = [each for each in (attribute.min, attribute.max) if each is not None]
    if limits and chance.random() < (0.3 if hostile else 0.01):
        return chance.choice(limits) + chance.choice([0, 0, 1, -1])
    if limits and len(limits) == 2 and chance.random() < 0.6 and kind is not Kind.NUMBER:
        low, high = limits
        return (low + (high - low) * chance.randrange(11) / 10).quantize(Decimal(1))
    value = chance.choice(_GOOD[kind])
    return value[: attribute.max_length] if isinstance(value, str) and kind is Kind.STRING else value
