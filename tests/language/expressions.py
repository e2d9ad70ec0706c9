"""Generated conditions over the corpus's dictionary: well typed by construction, and written as text.

`expression(kind)` draws the text of an expression of that kind; `values_for` draws what is known of the attributes that
an expression reads, leaving many out. A number alone takes the type of what it meets, so every operation has one operand
whose type is settled.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st

from nbo.language.dictionary import Dictionary
from nbo.language.types import Attribute, Kind

Draw = Callable[[st.SearchStrategy[Any]], Any]

_ATOMS: dict[str, tuple[str, ...]] = {
    "boolean": ("flag.a", "flag.b", "flag.c", "true", "false"),
    "integer": ("customer.age", "customer.children", "customer.years_old", "客户.年龄"),
    "decimal": ("customer.ratio", "account.utilization", "account.full_years"),
    "money": ("account.limit", "account.used", "account.income", "account.free"),
    "rate": ("customer.fee_rate", "customer.other_rate"),
    "number": ("customer.score", "customer.weight"),
    "string": ("customer.name", "customer.city"),
    "grade": ("customer.grade", "customer.other_grade"),
    "date": ("customer.birth_date", "account.opened", "today", 'date("2024-02-29")', 'date("2026-01-31")'),
    "datetime": ("call.started_at", "now"),
    "time": ("call.local_time", 'time("21:00")', 'time("09:00:30")'),
    "set": ("call.tags", "call.asked"),
}
_FIELDS: dict[str, tuple[str, ...]] = {
    "boolean": ("it.open",),
    "integer": ("it.times",),
    "money": ("it.amount",),
    "number": ("it.share",),
    "string": ("it.note",),
    "date": ("it.day",),
    "datetime": ("it.shown_at",),
}
_LITERALS: dict[str, tuple[str, ...]] = {
    "integer": ("0", "1", "18", "-2", "999999999999999999"),
    "decimal": ("0", "0.1", "-0.25", "3", "0.0000000001", "999999999999999999.9999999999", "(1 / 3)"),
    "money": ("0", "0.10", "500", "-12.345", "(100 / 7)"),
    "rate": ("0.0060", "0", "1", "-0.5"),
    "number": ("0", "0.1", "0.5", "-3", "(1 / 3)"),
    "string": ('""', '"a"', '"ab"', '"客户"'),
    "grade": ("A", "C", '"E"'),
}
_COMPARED = ("integer", "decimal", "money", "rate", "number", "date", "datetime", "time")
_COMPARISONS = ("==", "!=", "<", "<=", ">", ">=")


@dataclass(frozen=True)
class Writer:
    """Draws expressions; `absence` allows `is missing` and `default`, which look at absence."""

    draw: Draw
    absence: bool = True

    def pick(self, *options: Any) -> Any:
        return options[self.draw(st.integers(0, len(options) - 1))]

    def expression(self, kind: str, depth: int, record: bool = False) -> str:
        atoms = _ATOMS.get(kind, ()) + (2 * _FIELDS.get(kind, ()) if record else ())
        if depth == 0 and kind == "duration":
            return f"{self.pick('days', 'months', 'years')}({self.pick(-1, 0, 1, 12, 31)})"
        if depth == 0 or (atoms and self.draw(st.integers(0, 4)) == 0):
            return self.pick(*atoms)
        return getattr(self, f"_{kind}")(depth - 1, record)

    def other(self, kind: str, depth: int, record: bool) -> str:
        """The second operand: it may be a literal, because the first one has a type."""
        if kind in _LITERALS and self.draw(st.booleans()):
            return self.pick(*_LITERALS[kind])
        return f"({self.expression(kind, depth, record)})"

    def common(self, kind: str, depth: int, record: bool) -> list[Callable[[], str]]:
        """What there is for every ordered kind."""
        one = lambda: self.expression(kind, depth, record)  # noqa: E731 - a handful of alternatives, each a line
        two = lambda: self.other(kind, depth, record)  # noqa: E731
        found = [lambda: f"min({one()}, {two()})", lambda: f"max({one()}, {two()}, {two()})"]
        if self.absence:
            found.append(lambda: f"default({one()}, {two()})")
        field = _FIELDS.get(kind)
        if field is not None and not record:
            name = lambda: self.pick("min_of", "max_of")  # noqa: E731
            found.append(lambda: f"{name()}(history, {self.expression(kind, depth, True)})")
            found.append(lambda: f"{name()}(history, {field[0]}, {self.expression('boolean', depth, True)})")
        return found

    def numeric(self, kind: str, depth: int, record: bool) -> list[Callable[[], str]]:
        one = lambda: self.expression(kind, depth, record)  # noqa: E731
        two = lambda: self.other(kind, depth, record)  # noqa: E731
        found = [
            lambda: f"({one()}) {self.pick('+', '-')} {two()}",
            lambda: f"{two()} {self.pick('+', '-')} ({one()})",
            lambda: f"-({one()})",
            lambda: f"abs({one()})",
            lambda: f"round({one()}, {self.pick(0, 2, 10)})",
            *self.common(kind, depth, record),
        ]
        if kind in _FIELDS and not record:
            found.append(lambda: f"sum(history, {self.expression(kind, depth, True)})")
            found.append(
                lambda: f"sum(history, {self.expression(kind, depth, True)}, {self.expression('boolean', depth, True)})"
            )
        return found

    def _integer(self, depth: int, record: bool) -> str:
        day = lambda: self.expression("date", depth, record)  # noqa: E731
        options = [
            *self.numeric("integer", depth, record),
            lambda: f"({self.expression('integer', depth, record)}) * {self.other('integer', depth, record)}",
            lambda: f"{self.pick('years', 'months', 'days_between')}({day()}, {day()})",
            lambda: f"length({self.expression('string', depth, record)})",
            lambda: f"count({self.expression('set', depth, record)})",
        ]
        if not record:
            options += [lambda: "count(history)", lambda: f"count(history, {self.expression('boolean', depth, True)})"]
        return self.pick(*options)()

    def _decimal(self, depth: int, record: bool) -> str:
        def of(kind: str) -> str:
            return f"({self.expression(kind, depth, record)})"

        return self.pick(
            *self.numeric("decimal", depth, record),
            lambda: f"{of('decimal')} {self.pick('*', '/')} {self.other('decimal', depth, record)}",
            lambda: f"{of('integer')} / {of('integer')}",
            lambda: f"{of('money')} / {of('money')}",
            lambda: f"{of('rate')} {self.pick('*', '/')} {of('rate')}",
            lambda: f"{of('integer')} {self.pick('+', '-', '*', '/')} {of('decimal')}",
        )()

    def _rate(self, depth: int, record: bool) -> str:
        rate = lambda: f"({self.expression('rate', depth, record)})"  # noqa: E731
        return self.pick(
            *self.numeric("rate", depth, record), lambda: f"{rate()} * ({self.expression('integer', depth, record)})"
        )()

    def _money(self, depth: int, record: bool) -> str:
        money = lambda: f"({self.expression('money', depth, record)})"  # noqa: E731
        plain = lambda: self.other(self.pick("integer", "decimal", "rate"), depth, record)  # noqa: E731
        return self.pick(
            *self.numeric("money", depth, record),
            lambda: f"{money()} {self.pick('*', '/')} {plain()}",
            lambda: f"{plain()} * {money()}",
        )()

    def _number(self, depth: int, record: bool) -> str:
        number = lambda: f"({self.expression('number', depth, record)})"  # noqa: E731
        exact = lambda: self.expression(self.pick("integer", "decimal", "money", "rate"), depth, record)  # noqa: E731
        return self.pick(
            *self.numeric("number", depth, record),
            lambda: f"{number()} {self.pick('*', '/')} {self.other('number', depth, record)}",
            lambda: f"to_number({exact()})",
        )()

    def _string(self, depth: int, record: bool) -> str:
        if not self.absence:
            return self.pick(*_ATOMS["string"])
        return f"default({self.expression('string', depth, record)}, {self.other('string', depth, record)})"

    def _grade(self, depth: int, record: bool) -> str:
        if not self.absence:
            return self.pick(*_ATOMS["grade"])
        return f"default({self.expression('grade', depth, record)}, {self.other('grade', depth, record)})"

    def _set(self, depth: int, record: bool) -> str:
        del depth, record
        return self.pick(*_ATOMS["set"])

    def _date(self, depth: int, record: bool) -> str:
        day = lambda: self.expression("date", depth, record)  # noqa: E731
        return self.pick(
            *self.common("date", depth, record),
            lambda: f"({day()}) {self.pick('+', '-')} ({self.expression('duration', depth, record)})",
            lambda: f"date_of({self.expression('datetime', depth, record)})",
        )()

    def _datetime(self, depth: int, record: bool) -> str:
        moment = lambda: f"({self.expression('datetime', depth, record)})"  # noqa: E731
        return self.pick(
            *self.common("datetime", depth, record),
            lambda: f"{moment()} {self.pick('+', '-')} ({self.expression('duration', depth, record)})",
            lambda: f"{moment()} {self.pick('+', '-')} hours({self.expression('integer', depth, record)})",
            lambda: f"{moment()} {self.pick('+', '-')} call.hold",
            lambda: f"{self.pick('start_of_day', 'start_of_week', 'start_of_month')}{moment()}",
        )()

    def _time(self, depth: int, record: bool) -> str:
        return self.pick(
            *self.common("time", depth, record), lambda: f"time_of({self.expression('datetime', depth, record)})"
        )()

    def _duration(self, depth: int, record: bool) -> str:
        """A step of the calendar; a date cannot be moved by hours."""
        step = lambda: self.expression("duration", depth, record)  # noqa: E731
        return self.pick(
            lambda: f"{self.pick('days', 'months', 'years')}({self.expression('integer', depth, record)})",
            lambda: f"({step()}) {self.pick('+', '-')} ({step()})",
        )()

    def _boolean(self, depth: int, record: bool) -> str:
        def of(kind: str) -> str:
            return f"({self.expression(kind, depth, record)})"

        def compared() -> str:
            kind = self.pick(*_COMPARED)
            sides = [of(kind), self.other(kind, depth, record)]
            left, right = sides if self.draw(st.booleans()) else reversed(sides)
            return f"{left} {self.pick(*_COMPARISONS)} {right}"

        def chain() -> str:
            kind = self.pick(*_COMPARED)
            sides = (self.other(kind, depth, record), of(kind), self.other(kind, depth, record))
            return f"{sides[0]} {self.pick(*_COMPARISONS)} {sides[1]} {self.pick(*_COMPARISONS)} {sides[2]}"

        def listed() -> str:
            kind = self.pick("integer", "money", "number", "string", "grade", "decimal")
            options = ", ".join(self.other(kind, depth, record) for _ in range(self.pick(1, 2, 3)))
            return f"{of(kind)} {self.pick('in', 'not in')} [{options}]"

        def within() -> str:
            kind = self.pick(*_COMPARED)
            return f"between({of(kind)}, {self.other(kind, depth, record)}, {self.other(kind, depth, record)})"

        text = lambda: self.other("string", depth, record)  # noqa: E731
        options = [
            lambda: (
                f"({of('boolean')} {self.pick('and', 'or')} {of('boolean')} {self.pick('and', 'or')} {of('boolean')})"
            ),
            lambda: f"{of('boolean')} {self.pick('and', 'or')} {of('boolean')}",
            lambda: f"not {of('boolean')}",
            lambda: f"{of('boolean')} {self.pick('==', '!=')} {of('boolean')}",
            compared,
            compared,
            chain,
            listed,
            within,
            lambda: f"{of('grade')} {self.pick(*_COMPARISONS)} {self.other('grade', depth, record)}",
            lambda: f"{of('string')} {self.pick('==', '!=')} {text()}",
            lambda: f"customer.status {self.pick('==', '!=')} {self.pick('active', '冻结', 'account.state')}",
            lambda: f"{self.pick('starts_with', 'ends_with', 'contains')}({of('string')}, {text()})",
            lambda: f"{self.pick('travel', 'cash')} {self.pick('in', 'not in')} {of('set')}",
            lambda: "overlap(call.tags, call.asked)",
            lambda: "customer.name in call.codes",
        ]
        if self.absence:
            options.append(lambda: f"{of(self.pick(*_ATOMS))} {self.pick('is missing', 'is not missing')}")
            options.append(lambda: f"default({of('boolean')}, {of('boolean')})")
        if record:
            options.append(lambda: f"it.family {self.pick('==', '!=')} {self.pick('bill', 'fee')}")
            options.append(lambda: f"x {self.pick('in', 'not in')} it.kinds")
        else:
            options += 3 * [lambda: f"{self.pick('any', 'all')}(history, {self.expression('boolean', depth, True)})"]
        return self.pick(*options)()


@st.composite
def expression(draw: Draw, kind: str, depth: int = 3, absence: bool = True) -> str:
    """The text of a well-typed expression."""
    return Writer(draw, absence).expression(kind, depth)


KINDS = (*_ATOMS, "duration")

# --- values -----------------------------------------------------------------------------------------------------------

_EXACT = ("0", "0.00", "-0.01", "12.345", "500", "999999999999999999.9999999999", "-999999999999999999", "0.0000000001")
GOOD: dict[Kind, tuple[Any, ...]] = {
    Kind.BOOLEAN: (True, False),
    Kind.INTEGER: (0, 1, 18, 60, 120),
    Kind.DECIMAL: _EXACT,
    Kind.MONEY: _EXACT,
    Kind.RATE: ("0.0060", "0", "1", "-0.5"),
    Kind.NUMBER: (0.0, 0.1, 0.5, 0.9),
    Kind.STRING: ("", "a", "ab", "客户", "K1"),
    Kind.DATE: ("0001-01-01", "1988-11-16", "2024-02-29", "2026-01-31", "9999-12-31"),
    Kind.DATETIME: ("0001-01-01T00:00:00Z", "2026-11-16T02:00:00Z", "2026-10-31T05:30:00Z", "9999-12-31T23:59:59Z"),
    Kind.TIME: ("00:00", "09:00", "21:00:00", "23:59:59"),
    Kind.DURATION: ("P1D", "PT36H", "P1M", "P9999Y"),
}
_BAD = (float("nan"), "nonsense", "48 ", [], {"a": 1}, -(10**30), b"x")


def value_of(attribute: Attribute) -> st.SearchStrategy[Any]:
    """A value that the attribute accepts."""
    domain = attribute.type.domain
    if attribute.type.kind is Kind.ENUM and domain is not None:
        return st.sampled_from(domain.values)
    if attribute.type.kind is Kind.SET:
        return st.lists(st.sampled_from(domain.values if domain is not None else GOOD[Kind.STRING]), max_size=3)
    if attribute.type.kind is Kind.RECORDS and attribute.type.record is not None:
        fields = attribute.type.record.fields.values()
        row = st.fixed_dictionaries({}, optional={each.name: value_of(each) for each in fields})
        return st.lists(row, max_size=3)
    return st.sampled_from(GOOD[attribute.type.kind])


@st.composite
def values_for(draw: Draw, dictionary: Dictionary, reads: Iterable[Attribute]) -> dict[str, Any]:
    """What is known: of each attribute nothing, a value, or something that it does not accept."""
    profile: dict[str, Any] = {}
    formulas = dictionary.formulas
    wanted = {each.name: each for each in reads if each.name not in ("now", "today")}
    if any(name in formulas for name in wanted):
        for name in ("customer.birth_date", "account.limit", "account.used", "account.opened"):
            wanted[name] = dictionary.attributes[name]
    for name, attribute in wanted.items():
        how = draw(st.integers(0, 9))
        if how >= 3 and not (name in formulas and how > 4):
            place(profile, name, draw(value_of(attribute)))
        elif how == 0:
            place(profile, name, draw(st.sampled_from(_BAD)))
    return profile


def place(profile: dict[str, Any], name: str, value: Any) -> None:
    """Put a value where a profile has the attribute."""
    namespace, dot, key = name.partition(".")
    if dot:
        profile.setdefault(namespace, {})[key] = value
    else:
        profile[namespace] = value
