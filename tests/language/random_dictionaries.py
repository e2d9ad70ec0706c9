"""Generated dictionaries, conditions over them that are well typed by construction, and customers with anything missing.

A dictionary is drawn as `dictionary.yaml` has it; the conditions know of it only what an analyst would: names, types, values.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st

Plain = dict[str, Any]
Attributes = dict[str, list[str]]  # kind -> what can be written for it

_NAMES = ("customer", "account", "call", "客户", "x1")
_KEYS = ("age", "limit", "rate", "名称", "flag", "day", "tags", "grade", "score", "at", "note", "k2")
_PLAIN_KINDS = ("boolean", "integer", "decimal", "money", "rate", "number", "string", "date", "datetime", "time")
_NUMERIC = ("integer", "decimal", "money", "rate", "number")
_ORDERED = (*_NUMERIC, "date", "datetime", "time")
_VALUES = ("A", "B", "active", "旅行", "gold_1")
_LITERALS = {
    "boolean": ("true", "false"), "integer": ("0", "1", "17", "-3"), "decimal": ("0.5", "-2", "0.0000000001"),
    "money": ("0", "99.99", "500"), "rate": ("0.0060", "0"), "number": ("0.5", "-1"), "string": ('"a"', '"旅行"', '""'),
    "date": ('date("2024-02-29")', "today"), "datetime": ("now",), "time": ('time("21:00")', 'time("00:00:01")'),
}  # fmt: skip
SUPPLIED: dict[str, tuple[Any, ...]] = {
    "boolean": (True, False), "integer": (0, 1, 17, 18, 150), "decimal": ("0.5", 3, "-2.25"), "money": ("0.00", "99.99", 12000),
    "rate": ("0.0060", 0), "number": (0.5, -1, 0.1), "string": ("a", "旅行", "", "x" * 30), "date": ("2024-02-29", "2026-01-31"),
    "datetime": ("2026-11-16T10:30:00+08:00", "2024-02-29T00:00:00Z"), "time": ("21:00", "00:00:01"),
}  # fmt: skip
BAD = (None, "???", [], {}, True, -(10**30), float("nan"), "2024-02-30", {"a": 1})


@dataclass(frozen=True)
class Drawn:
    """A dictionary, and what can be written over it."""

    attributes: Plain
    writable: Attributes
    enums: dict[str, tuple[str, list[str], bool]]  # written name -> its own name, values, ordered
    sets: dict[str, list[str]]
    records: dict[str, Attributes]


@st.composite
def dictionaries(draw: st.DrawFn) -> Drawn:
    attributes: Plain = {}
    drawn = Drawn(attributes, {kind: [] for kind in _PLAIN_KINDS}, {}, {}, {})
    for namespace in draw(st.lists(st.sampled_from(_NAMES), min_size=1, max_size=3, unique=True)):
        section: Plain = {}
        for key in draw(st.lists(st.sampled_from(_KEYS), min_size=1, max_size=5, unique=True)):
            section[key] = draw(_attribute(drawn, f"{namespace}.{key}"))
        attributes[namespace] = section
    if draw(st.booleans()):
        _records(draw, drawn)
    if draw(st.booleans()):
        _derived(draw, drawn)
    return drawn


@st.composite
def _attribute(draw: st.DrawFn, drawn: Drawn, name: str) -> Plain:
    kind = draw(st.sampled_from((*_PLAIN_KINDS, "enum", "set")))
    if kind in _PLAIN_KINDS:
        drawn.writable[kind].append(name)
        limits = {"min": 0, "max": 100} if kind in _NUMERIC and draw(st.booleans()) else {}
        return {"type": kind, **limits}
    values = draw(st.lists(st.sampled_from(_VALUES), min_size=1, max_size=4, unique=True))
    if kind == "set":
        drawn.sets[name] = values
        return {"type": "set", "of": "enum", "values": values}
    ordered = draw(st.booleans())
    drawn.enums[name] = (name, values, ordered)
    return {"type": "enum", "values": values, "ordered": ordered}


def _records(draw: st.DrawFn, drawn: Drawn) -> None:
    kinds = draw(st.lists(st.sampled_from(_PLAIN_KINDS), min_size=1, max_size=4, unique=True))
    drawn.attributes["history"] = {"records": {f"f_{kind}": {"type": kind} for kind in kinds}}
    drawn.records["history"] = {kind: [f"it.f_{kind}"] for kind in kinds}


def _derived(draw: st.DrawFn, drawn: Drawn) -> None:
    kind = draw(st.sampled_from(("boolean", "integer", "money")))
    formula = draw(expression(drawn, kind, 2))
    drawn.attributes["derived"] = {"value": {"type": kind, "derived": formula}}
    drawn.writable[kind].append("derived.value")


@st.composite
def expression(draw: st.DrawFn, drawn: Drawn, kind: str, depth: int = 3) -> str:
    """The text of a condition or value of a kind; what is inside a question about records is drawn without one."""
    return _Writer(draw, drawn).of(kind, depth, None)


@dataclass(frozen=True)
class _Writer:
    draw: st.DrawFn
    drawn: Drawn

    def pick(self, options: Any) -> Any:
        return self.draw(st.sampled_from(list(options)))

    def of(self, kind: str, depth: int, it: Attributes | None) -> str:
        if kind == "boolean" and depth > 0:
            return f"({self.condition(depth - 1, it)})"
        known = [*self.drawn.writable[kind], *(it or {}).get(kind, [])]
        if depth <= 0 or self.draw(st.integers(0, 2)) == 0:
            return str(self.pick(known)) if known and self.draw(st.integers(0, 3)) else str(self.pick(_LITERALS[kind]))
        if not known:
            return str(self.pick(_LITERALS[kind]))
        settled = str(self.pick(known))  # a written number takes the type of what it meets, so one side is an attribute
        other = self.of(kind, depth - 1, it)
        shapes = [f"default({settled}, {other})"]
        if kind in _NUMERIC:
            shapes += [
                f"({settled} {self.pick('+-')} {other})",
                f"abs({settled})",
                f"round({settled}, 1)",
                f"(-{settled})",
            ]
        if kind in _ORDERED:
            shapes.append(f"{self.pick(('min', 'max'))}({settled}, {other})")
        if kind in ("integer", "decimal", "number"):
            shapes.append(f"({settled} * {other})")
        if kind == "date":
            shapes += [f"({settled} + {self.pick(('days', 'months', 'years'))}({self.pick(('1', '-13', '400'))}))"]
        if kind == "integer" and it is None and self.drawn.records:
            shapes.append(f"count(history, {self.of('boolean', 1, self.drawn.records['history'])})")
        return str(self.pick(shapes))

    def condition(self, depth: int, it: Attributes | None) -> str:
        shapes = [self.compared, self.compared, self.logic, self.absent]
        if self.drawn.enums:
            shapes.append(self.enum)
        if self.drawn.sets:
            shapes.append(self.member)
        if it is None and self.drawn.records:
            shapes.append(self.question)
        return str(self.pick(shapes)(depth, it))

    def compared(self, depth: int, it: Attributes | None) -> str:
        kinds = [kind for kind in _PLAIN_KINDS if self.drawn.writable[kind] or (it or {}).get(kind)]
        if not kinds:
            return "true"
        kind = self.pick(kinds)
        settled = self.pick([*self.drawn.writable[kind], *(it or {}).get(kind, [])])
        operators = ("==", "!=", "<", "<=", ">", ">=") if kind in _ORDERED else ("==", "!=")
        other = self.of(kind, depth, it)
        if kind in _ORDERED and self.draw(st.integers(0, 4)) == 0:
            return f"between({settled}, {other}, {self.of(kind, depth, it)})"
        return f"{settled} {self.pick(operators)} {other}"

    def logic(self, depth: int, it: Attributes | None) -> str:
        left, right = self.of("boolean", depth, it), self.of("boolean", depth, it)
        return str(self.pick((f"{left} and {right}", f"{left} or {right}", f"not {left}")))

    def absent(self, depth: int, it: Attributes | None) -> str:
        del depth
        names = [name for kind in _PLAIN_KINDS for name in (*self.drawn.writable[kind], *(it or {}).get(kind, []))]
        return f"{self.pick(names)} is {self.pick(('', 'not '))}missing" if names else "false"

    def enum(self, depth: int, it: Attributes | None) -> str:
        del depth, it
        name, values, ordered = self.drawn.enums[self.pick(self.drawn.enums)]
        shapes = [f"{name} == {self.pick(values)}", f"{name} not in [{', '.join(values)}]"]
        return str(self.pick([*shapes, f"{name} <= {self.pick(values)}"] if ordered else shapes))

    def member(self, depth: int, it: Attributes | None) -> str:
        del depth, it
        name = self.pick(self.drawn.sets)
        values = self.drawn.sets[name]
        some = ", ".join(values[: self.draw(st.integers(1, len(values)))])
        return str(self.pick((f"{self.pick(values)} in {name}", f"overlap({name}, [{some}])", f"count({name}) > 1")))

    def question(self, depth: int, it: Attributes | None) -> str:
        del it
        return (
            f"{self.pick(('any', 'all'))}(history, {self.of('boolean', max(depth, 1), self.drawn.records['history'])})"
        )


@st.composite
def customers(draw: st.DrawFn, drawn: Drawn) -> Plain:
    """Of each attribute nothing, a value of its type, or something that no type accepts."""
    customer: Plain = {}
    for namespace, section in drawn.attributes.items():
        if "records" in section:
            rows = st.lists(
                st.fixed_dictionaries({}, optional={key: _value(each) for key, each in section["records"].items()}),
                max_size=3,
            )
            customer[namespace] = draw(st.one_of(st.none(), rows))
            continue
        customer[namespace] = draw(
            st.fixed_dictionaries({}, optional={key: _value(each) for key, each in section.items()})
        )
    return customer


def _value(attribute: Plain) -> st.SearchStrategy[Any]:
    kind = attribute["type"]
    if kind == "enum":
        good: st.SearchStrategy[Any] = st.sampled_from(attribute["values"])
    elif kind == "set":
        good = st.lists(st.sampled_from(attribute["values"]), max_size=3)
    else:
        good = st.sampled_from(SUPPLIED[kind])
    return st.one_of(good, good, good, st.sampled_from(BAD))
