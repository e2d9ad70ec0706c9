"""Conditions over any dictionary: mostly of the right types, now and then of wrong ones, so that both answers are met."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from random import Random

from nbo.language.types import Attribute, Kind

_LITERALS = {
    Kind.BOOLEAN: ("true", "false"),
    Kind.INTEGER: ("0", "1", "18", "-2", "999999999999999999"),
    Kind.DECIMAL: ("0", "0.1", "-0.25", "0.0000000001", "999999999999999999.9999999999", "(1 / 3)"),
    Kind.MONEY: ("0", "0.10", "500", "-12.345", "(100 / 7)"),
    Kind.RATE: ("0.0060", "0", "1", "-0.5"),
    Kind.NUMBER: ("0", "0.1", "-3", "(1 / 3)"),
    Kind.STRING: ('""', '"a"', '"客户"', "'ab'"),
    Kind.DATE: ('date("2024-02-29")', 'date("2026-01-31")', 'date("0001-01-01")', 'date("9999-12-31")', "today"),
    Kind.DATETIME: ("now",),
    Kind.TIME: ('time("21:00")', 'time("09:00:30")'),
    Kind.DURATION: ("days(1)", "months(1)", "years(-1)", "days(9999999)"),
}
_NUMERIC = (Kind.INTEGER, Kind.DECIMAL, Kind.MONEY, Kind.RATE, Kind.NUMBER)
_ORDERED = (*_NUMERIC, Kind.DATE, Kind.DATETIME, Kind.TIME)
_COMPARISONS = ("==", "!=", "<", "<=", ">", ">=")


class Grammar:
    """Writes conditions that read the attributes of one dictionary."""

    def __init__(self, attributes: Iterable[Attribute]) -> None:
        self.by_kind: dict[Kind, list[Attribute]] = defaultdict(list)
        for each in attributes:
            self.by_kind[each.type.kind].append(each)
        self.records = self.by_kind.pop(Kind.RECORDS, [])
        self.kinds = tuple(self.by_kind)

    def condition(self, chance: Random, depth: int | None = None) -> str:
        """A condition that is true, false or unknown, unless it is a mistake."""
        return _Writer(self, chance).of(Kind.BOOLEAN, chance.choice([0, 1, 2, 2, 3, 4]) if depth is None else depth)

    def expression(self, chance: Random) -> str:
        """An expression of any type."""
        kind = chance.choice(self.kinds)
        return _Writer(self, chance).of(kind, chance.choice([1, 2, 3]))


class _Writer:
    def __init__(self, grammar: Grammar, chance: Random) -> None:
        self.grammar = grammar
        self.chance = chance
        self.fields: list[Attribute] = []

    def of(self, kind: Kind, depth: int) -> str:
        if self.chance.random() < 0.02:
            kind = self.chance.choice(self.grammar.kinds)
        if depth <= 0 or self.chance.random() < 0.2:
            return self.atom(kind)
        ways = getattr(self, f"_{kind.value}", None)
        made: str = self.ordered(kind, depth - 1) if ways is None else ways(depth - 1)
        return made

    def atom(self, kind: Kind) -> str:
        known = [each.name for each in self.grammar.by_kind.get(kind, ())]
        known += 2 * [f"it.{each.name}" for each in self.fields if each.type.kind is kind]
        if not known or (kind in _LITERALS and self.chance.random() < 0.15):
            return self.chance.choice(_LITERALS.get(kind, ("x",)))
        return self.chance.choice(known)

    def other(self, kind: Kind, depth: int) -> str:
        """The second operand: it may be a literal, because the first one has a type."""
        if kind in _LITERALS and self.chance.random() < 0.5:
            return self.chance.choice(_LITERALS[kind])
        return f"({self.of(kind, depth)})"

    def pick(self, *ways: Callable[[], str]) -> str:
        return self.chance.choice(ways)()

    def word(self, *words: str) -> str:
        return self.chance.choice(words)

    def member(self) -> tuple[str, str]:
        """An attribute with a fixed set of values, and one of them."""
        own = [each for each in self.fields if each.type.domain is not None]
        known = [*own, *self.grammar.by_kind.get(Kind.ENUM, ())] or [*self.grammar.by_kind.get(Kind.SET, ())]
        if not known:
            return "x", "y"
        each = self.chance.choice(known)
        name = f"it.{each.name}" if each in own else each.name
        values = each.type.domain.values if each.type.domain is not None else ("a",)
        value = self.chance.choice(values)
        return name, value if value.isidentifier() and self.chance.random() < 0.7 else f'"{value}"'

    # --- every kind ---------------------------------------------------------------------------------------------------

    def ordered(self, kind: Kind, depth: int) -> str:
        def one() -> str:
            return self.of(kind, depth)

        def two() -> str:
            return self.other(kind, depth)

        ways: list[Callable[[], str]] = [lambda: f"default({one()}, {two()})"]
        if kind in _ORDERED:
            ways += [lambda: f"{self.word('min', 'max')}({one()}, {two()})", lambda: self.folded(kind, depth)]
        if kind in _NUMERIC:
            ways += [
                lambda: f"({one()}) {self.word('+', '-')} {two()}",
                lambda: f"({one()}) {self.word('*', '/')} {self.other(self.chance.choice(_NUMERIC), depth)}",
                lambda: f"-({one()})",
                lambda: f"abs({one()})",
                lambda: f"round({one()}, {self.word('0', '2', '10')})",
                lambda: f"round({one()})",
            ]
        return self.pick(*ways)

    def folded(self, kind: Kind, depth: int) -> str:
        """Something over records; its parts may read `it`."""
        if self.fields or not self.grammar.records:
            return self.atom(kind)
        records = self.chance.choice(self.grammar.records)
        self.fields = list(records.type.record.fields.values()) if records.type.record is not None else []
        try:
            condition = self.of(Kind.BOOLEAN, depth)
            if kind is Kind.BOOLEAN:
                return f"{self.word('any', 'all')}({records.name}, {condition})"
            if kind is Kind.INTEGER and self.chance.random() < 0.5:
                return f"count({records.name}, {condition})"
            name = self.word("min_of", "max_of", "sum")
            return f"{name}({records.name}, {self.of(kind, depth)}{self.word('', f', {condition}')})"
        finally:
            self.fields = []

    def _integer(self, depth: int) -> str:
        return self.pick(
            lambda: self.ordered(Kind.INTEGER, depth),
            lambda: (
                f"{self.word('years', 'months', 'days_between')}({self.of(Kind.DATE, depth)}, {self.of(Kind.DATE, depth)})"
            ),
            lambda: f"length({self.of(Kind.STRING, depth)})",
            lambda: f"count({self.atom(Kind.SET)})",
        )

    def _number(self, depth: int) -> str:
        exact = self.chance.choice((Kind.INTEGER, Kind.MONEY, Kind.RATE, Kind.DECIMAL))
        return self.pick(lambda: self.ordered(Kind.NUMBER, depth), lambda: f"to_number({self.of(exact, depth)})")

    def _string(self, depth: int) -> str:
        return self.pick(lambda: self.atom(Kind.STRING), lambda: self.ordered(Kind.STRING, depth))

    def _enum(self, depth: int) -> str:
        del depth
        return self.atom(Kind.ENUM)

    def _set(self, depth: int) -> str:
        del depth
        return self.atom(Kind.SET)

    def _date(self, depth: int) -> str:
        return self.pick(
            lambda: self.ordered(Kind.DATE, depth),
            lambda: f"({self.of(Kind.DATE, depth)}) {self.word('+', '-')} ({self.of(Kind.DURATION, depth)})",
            lambda: f"date_of({self.of(Kind.DATETIME, depth)})",
        )

    def _datetime(self, depth: int) -> str:
        return self.pick(
            lambda: self.ordered(Kind.DATETIME, depth),
            lambda: f"({self.of(Kind.DATETIME, depth)}) {self.word('+', '-')} ({self.of(Kind.DURATION, depth)})",
            lambda: f"({self.of(Kind.DATETIME, depth)}) {self.word('+', '-')} hours({self.of(Kind.INTEGER, depth)})",
            lambda: f"{self.word('start_of_day', 'start_of_week', 'start_of_month')}({self.of(Kind.DATETIME, depth)})",
        )

    def _time(self, depth: int) -> str:
        return self.pick(lambda: self.ordered(Kind.TIME, depth), lambda: f"time_of({self.of(Kind.DATETIME, depth)})")

    def _duration(self, depth: int) -> str:
        return self.pick(
            lambda: self.atom(Kind.DURATION),
            lambda: f"{self.word('days', 'months', 'years', 'hours')}({self.of(Kind.INTEGER, depth)})",
            lambda: f"({self.of(Kind.DURATION, depth)}) {self.word('+', '-')} ({self.of(Kind.DURATION, depth)})",
        )

    def _boolean(self, depth: int) -> str:
        def truth() -> str:
            return f"({self.of(Kind.BOOLEAN, depth)})"

        def compared() -> str:
            kind = self.chance.choice(_ORDERED)
            sides = [f"({self.of(kind, depth)})", self.other(kind, depth)]
            self.chance.shuffle(sides)
            tail = f" {self.word(*_COMPARISONS)} {self.other(kind, depth)}" if self.chance.random() < 0.2 else ""
            return f"{sides[0]} {self.word(*_COMPARISONS)} {sides[1]}{tail}"

        def simple() -> str:
            kind = self.chance.choice(_ORDERED)
            return f"{self.atom(kind)} {self.word(*_COMPARISONS)} {self.chance.choice(_LITERALS[kind])}"

        def listed() -> str:
            kind = self.chance.choice((*_NUMERIC, Kind.STRING))
            options = ", ".join(self.other(kind, depth) for _ in range(self.chance.choice([1, 2, 3])))
            return f"({self.of(kind, depth)}) {self.word('in', 'not in')} [{options}]"

        def enumerated() -> str:
            name, value = self.member()
            values = f"[{value}, {self.member()[1]}]" if self.chance.random() < 0.3 else f"[{value}]"
            return self.word(
                f"{name} {self.word(*_COMPARISONS)} {value}", f"{name} {self.word('in', 'not in')} {values}"
            )

        def about_a_text() -> str:
            name = self.word("starts_with", "ends_with", "contains")
            return f"{name}({self.of(Kind.STRING, depth)}, {self.other(Kind.STRING, depth)})"

        def between() -> str:
            kind = self.chance.choice(_ORDERED)
            return f"between({self.of(kind, depth)}, {self.other(kind, depth)}, {self.other(kind, depth)})"

        def member() -> str:
            sets = self.grammar.by_kind.get(Kind.SET, [])
            if not sets:
                return "true"
            chosen = self.chance.choice(sets)
            value = self.chance.choice(chosen.type.domain.values) if chosen.type.domain is not None else '"a"'
            return f"{value} {self.word('in', 'not in')} {chosen.name}"

        return self.pick(
            lambda: f"{truth()} {self.word('and', 'or')} {truth()}",
            lambda: f"{truth()} {self.word('and', 'or')} {truth()} {self.word('and', 'or')} {truth()}",
            lambda: f"not {truth()}",
            lambda: f"{truth()} {self.word('==', '!=')} {truth()}",
            lambda: f"default({self.of(Kind.BOOLEAN, depth)}, {truth()})",
            lambda: f"{self.atom(self.chance.choice(self.grammar.kinds))} {self.word('is missing', 'is not missing')}",
            about_a_text,
            lambda: f"overlap({self.atom(Kind.SET)}, {self.atom(Kind.SET)})",
            lambda: self.folded(Kind.BOOLEAN, depth),
            *(compared, compared, simple, simple, listed, enumerated, enumerated, between, member),
        )
