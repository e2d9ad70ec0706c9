"""Generate Python from typed trees, for the decision path.

Each node becomes one statement that sets a local to its value or None; nothing can raise, so only what costs is lazy: questions
about records.
Only names and constants bound here reach the code: no text of an analyst is ever pasted into it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, cast

from nbo.language.interpret import evaluate, total
from nbo.language.tree import (
    Call,
    Compare,
    Constant,
    Default,
    Fold,
    IsMissing,
    Logic,
    Lookup,
    Member,
    Not,
    OneOf,
    Read,
    ReadField,
    Typed,
    children,
    walk,
)
from nbo.language.types import Kind, Value

_TURNED = {"==": "==", "!=": "!=", "<": ">", "<=": ">=", ">": "<", ">=": "<="}
Compiled = Callable[[Sequence[Value | None]], Value | None]
First = Callable[[Sequence[Value | None]], int | None]
# Python itself limits how deep statements nest (100); the checker's limit on depth keeps folds far below


def generate(node: Typed) -> Compiled:
    """A function of a customer's values (by slot) that agrees with the interpreter."""
    writer = _Writer()
    result = writer.node(node)
    writer.line(f"return {result}")
    return cast("Compiled", writer.finish())


def generate_first(nodes: Sequence[Typed], *, passing: bool) -> First:
    """A function of a customer's values: the place of the first of some conditions that is not `passing`; None where all are.

    Questions about the same records share a look at them. PERF: ten contact rules on 50 rows of history take 16 us and not
    28 (benchmarks/contact_policy.py).
    """
    folds = [each for node in nodes for each in walk(node) if isinstance(each, Fold)]
    equalities = Counter(each for fold in folds for _, each in _equalities(fold))
    writer = _Writer(common=frozenset(each for each, times in equalities.items() if times > 1))
    writer.leave_out_the_old(folds)
    for place, node in enumerate(nodes):
        writer.line(f"if {writer.node(node)} is not {passing}:")
        writer.line(f"    return {place}")
    writer.line("return None")
    return cast("First", writer.finish())


class _Test(NamedTuple):
    """A comparison that holds for a record, or is unknown; `unless` names a local that makes it unknown for all."""

    holds: str
    unless: str = ""


class _Equality(NamedTuple):
    """A field of the records of a list is to equal an attribute; all three by slot."""

    records: int
    field: int
    attribute: int


@dataclass
class _Writer:
    lines: list[str] = field(default_factory=list)
    bound: dict[str, object] = field(default_factory=dict)
    reads: dict[int, str] = field(default_factory=dict)
    depth: int = 1
    names: int = 0
    before: dict[int, str] = field(default_factory=dict)  # by node identity: what a loop does not work out again
    tested: set[int] = field(default_factory=set)  # parts of a condition on records, by identity
    common: frozenset[_Equality] = frozenset()  # what several questions ask of records
    narrow: dict[_Equality, str] = field(default_factory=dict)  # the records of which it is not false
    recent: dict[int, str] = field(default_factory=dict)  # by the records' slot: those that are not too old for all

    def text(self) -> str:
        loads = [f"    a{slot} = values[{slot}]" for slot in sorted(self.reads)]
        return "\n".join(["def condition(values):", *loads, *self.lines, ""])

    def finish(self) -> object:
        namespace: dict[str, object] = {"__builtins__": {}, "len": len, "min": min, "max": max, **self.bound}
        exec(compile(self.text(), "<condition>", "exec"), namespace)  # noqa: S102 - the text is this module's own
        return namespace["condition"]

    def line(self, text: str) -> None:
        self.lines.append("    " * self.depth + text)

    def fresh(self) -> str:
        self.names += 1
        return f"t{self.names}"

    def constant(self, value: object) -> str:
        if value is None or isinstance(value, bool):
            return repr(value)
        name = f"k{len(self.bound)}"
        self.bound[name] = value
        return name

    def assign(self, expression: str) -> str:
        name = self.fresh()
        self.line(f"{name} = {expression}")
        return name

    def guarded(self, expression: str, *operands: str) -> str:
        """The expression unless an operand is None; constants need no guard."""
        tests = [f"{each} is None" for each in dict.fromkeys(operands) if not each.startswith("k")]
        return self.assign(f"None if {' or '.join(tests)} else {expression}" if tests else expression)

    def node(self, node: Typed) -> str:
        """Statements for the node; the name of the local (or constant) that holds its value."""
        known = self.before.get(id(node))
        if known is not None:
            return known
        match node:
            case Constant():
                return self.constant(node.value)
            case Read():
                slot = node.attribute.slot
                return self.reads.setdefault(slot, f"a{slot}")
            case ReadField():
                return self.assign(f"it[{node.field.slot}]")
            case Logic():
                return self.logic(node)
            case Not():
                operand = self.node(node.operand)
                return self.guarded(f"not {operand}", operand)
            case Compare():
                return self.compare(node)
            case OneOf():
                item = self.node(node.item)
                return self.guarded(f"{item} in {self.constant(node.options)}", item)
            case Member():
                item, container = self.node(node.item), self.node(node.container)
                return self.guarded(f"{item} in {container}", item, container)
            case IsMissing():
                return self.assign(f"{self.node(node.operand)} is None")
            case Default():
                operand, fallback = self.node(node.operand), self.node(node.fallback)
                return self.assign(f"{fallback} if {operand} is None else {operand}")
            case Call() if all(isinstance(each, Constant) for each in node.arguments):
                return self.constant(evaluate(node, ()))
            case Call():
                arguments = [self.node(each) for each in node.arguments]
                kernel = self.constant(node.function.kernel)
                return self.guarded(f"{kernel}({', '.join(arguments)})", *arguments)
            case Fold():
                return self.fold(node)
            case Lookup():
                inputs = [self.node(each) for each in node.inputs]
                return self.assign(f"{self.constant(node.table.finder(node.output))}({', '.join(inputs)})")

    def logic(self, node: Logic) -> str:
        decisive = node.operator == "or"
        if any(isinstance(each, Fold) for part in node.operands[1:] for each in walk(part)):
            return self.one_by_one(node, decisive=decisive)
        operands = [self.node(each) for each in node.operands]
        decided = " or ".join(f"{each} is {decisive}" for each in operands)
        unknown = " or ".join(f"{each} is None" for each in operands)
        return self.assign(f"{decisive} if {decided} else None if {unknown} else {not decisive}")

    def one_by_one(self, node: Logic, *, decisive: bool) -> str:
        """The same where a part asks about records: what has been decided without it is not asked."""
        first, *rest = node.operands
        result = self.assign(self.node(first))
        for part in rest:
            self.line(f"if {result} is not {decisive}:")
            self.depth += 1
            held = self.node(part)
            unknown = f"{result} is None or {held} is None"
            self.line(f"{result} = {decisive} if {held} is {decisive} else None if {unknown} else {not decisive}")
            self.depth -= 1
        return result

    def compare(self, node: Compare) -> str:
        left, right = self.node(node.left), self.node(node.right)
        if node.ranks is None:
            return self.guarded(f"{left} {node.operator} {right}", left, right)
        ranks = self.constant(node.ranks)
        return self.guarded(f"{ranks}[{left}] {node.operator} {ranks}[{right}]", left, right)

    def fold(self, node: Fold) -> str:
        records = self.node(node.records)
        result = self.fresh()
        recent = self.recent.get(node.records.attribute.slot) if isinstance(node.records, Read) else None
        among = self.narrowed(recent or records, node)
        initial = {"any": "False", "all": "True", "count": "0"}.get(node.name, "[]")
        self.line(f"{result} = None if {records} is None else {initial}")
        possible = self.possible(among, node)
        self.line(f"if {possible}:")
        self.depth += 1
        for part in (node.condition, node.value):
            self.hoist(part)
        self.line(f"for it in {self.possible(possible, node)}:")
        self.depth += 1
        condition = "True" if node.condition is None else self.node(node.condition)
        if node.name in ("any", "all"):
            decisive = node.name == "any"
            self.line(f"if {condition} is {decisive}:")
            self.line(f"    {result} = {decisive}")
            self.line("    break")
            self.line(f"if {condition} is None:")
            self.line(f"    {result} = None")
        else:
            self.chosen(node, condition, result)
        self.depth -= 2
        return result if node.value is None else self.finished(node, result)

    # --- records that a loop need not see -----------------------------------------------------------------------------

    def leave_out_the_old(self, folds: Sequence[Fold]) -> None:
        """Of records that every question wants later than some point in time, only those later than the earliest of these.

        PERF: three questions about 50 rows of history take 7 us and not 11 (benchmarks/contact_policy.py).
        """
        by_list: dict[int, list[_Since | None]] = {}
        for fold in folds:
            if isinstance(fold.records, Read):
                by_list.setdefault(fold.records.attribute.slot, []).append(_since(fold))
        for slot, found in by_list.items():
            known = [each for each in found if each is not None]
            if len(known) < max(len(found), 2) or len({each.field for each in known}) > 1:
                continue
            records = self.reads.setdefault(slot, f"a{slot}")
            points = [self.fresh() for _ in known]
            self.line(f"{' = '.join(points)} = None")
            self.line(f"if {records}:")
            self.depth += 1
            for point, each in zip(points, known, strict=True):
                self.line(f"{point} = {self.node(each.point)}")
                self.before[id(each.point)] = point
            self.depth -= 1
            earliest = self.assign(
                f"None if {' or '.join(f'{each} is None' for each in points)} else min({', '.join(points)})"
            )
            test = _Test(f"(it[{known[0].field}] is None or it[{known[0].field}] >= {earliest})", earliest)
            self.recent[slot] = self.left(records, [test])

    def narrowed(self, records: str, node: Fold) -> str:
        """The records without those that several questions leave out for one and the same reason."""
        for part, each in _equalities(node) if self.common else ():
            if each in self.common and (each in self.narrow or self.depth == 1):  # deeper down it may not be worked out
                if each not in self.narrow:
                    wanted = self.reads.setdefault(each.attribute, f"a{each.attribute}")
                    self.narrow[each] = self.left(records, [self.equal(each.field, wanted)])
                self.tested.add(id(part))
                return self.narrow[each]
        return records

    def possible(self, records: str, node: Fold) -> str:
        """The records but for those of which a plain part of the condition's *and* is false: they are never chosen.

        Asked before anything is worked out for the loop, it goes by constants and equality; once more after that, by all.

        PERF: a question about 50 records takes 3 us and not 11 where most are about something else
        (benchmarks/contact_policy.py).
        """
        if node.condition is None or node.name == "all":  # a false part decides `all`
            return records
        return self.left(records, [self.plain_test(part) for part in _conjuncts(node.condition)])

    def left(self, records: str, tests: Sequence[_Test | None]) -> str:
        """The records that pass the tests."""
        always = [test.holds for test in tests if test is not None and not test.unless]
        if always:
            records = self.assign(f"[it for it in {records} or () if {' and '.join(always)}]")
        for test in tests:
            if test is not None and test.unless:  # one after the other, because the first mostly leaves few
                passing = f"[it for it in {records} or () if {test.holds}]"
                records = self.assign(f"{records} if {test.unless} is None else {passing}")
        return records

    def plain_test(self, part: Typed) -> _Test | None:
        """That a part is not false; None where that is not told by one comparison, or was tested before."""
        if id(part) in self.tested:
            return None
        match part:
            case Compare(left=ReadField(field=field), ranks=None) as compared:
                test = self.compared(field.slot, compared.operator, compared.right)
            case Compare(right=ReadField(field=field), ranks=None) as compared:
                test = self.compared(field.slot, _TURNED[compared.operator], compared.left)
            case OneOf(item=ReadField(field=field)):
                test = _Test(f"it[{field.slot}] in {self.constant(part.options | {None})}")
            case IsMissing(operand=ReadField(field=field)):
                test = _Test(f"it[{field.slot}] is None")
            case Not(operand=IsMissing(operand=ReadField(field=field))):
                test = _Test(f"it[{field.slot}] is not None")
            case _:
                test = None
        if test is not None:
            self.tested.add(id(part))
        return test

    def compared(self, slot: int, operator: str, other: Typed) -> _Test | None:
        """That a field compares so with a constant, an attribute or what was worked out before the loop, or is unknown."""
        is_constant = isinstance(other, Constant)
        # asked together, those that leave few have been asked before (`narrowed`)
        is_simple = isinstance(other, Read) and operator == "==" and not self.common
        known = self.before.get(id(other)) or (self.node(other) if is_constant or is_simple else None)
        if known is None:
            return None
        unless = "" if is_constant else known
        if operator != "==":
            return _Test(f"(it[{slot}] is None or it[{slot}] {operator} {known})", unless)
        return (
            _Test(f"it[{slot}] in {self.constant(frozenset({other.value, None}))}")
            if isinstance(other, Constant)
            else self.equal(slot, known)
        )

    def equal(self, slot: int, other: str) -> _Test:
        """That a field equals a local, or is unknown."""
        return _Test(f"it[{slot}] in {self.assign(f'{{{other}, None}}')}", other)

    def hoist(self, node: Typed | None) -> None:
        """Before the loop what reads no field of the record at hand.

        PERF: `now - days(30)` takes 2 us a record (benchmarks/contact_policy.py).
        """
        if node is None or id(node) in self.before:
            return
        if not any(isinstance(each, ReadField) for each in walk(node)):
            self.before[id(node)] = self.node(node)
            return
        for child in children(node):
            self.hoist(child)

    def chosen(self, node: Fold, condition: str, result: str) -> None:
        """Count or collect the records for which the condition holds; one unknown makes the whole unknown."""
        self.line(f"if {condition} is None:")
        self.line(f"    {result} = None")
        self.line("    break")
        self.line(f"if {condition}:")
        self.depth += 1
        if node.value is None:
            self.line(f"{result} += 1")
        else:
            value = self.node(node.value)
            self.line(f"if {value} is None:")
            self.line(f"    {result} = None")
            self.line("    break")
            self.line(f"{result}.append({value})")
        self.depth -= 1

    def finished(self, node: Fold, result: str) -> str:
        if node.name == "sum":
            return self.guarded(f"{self.constant(total)}({result}, {self.constant(node.type.kind)})", result)
        smallest = "min" if node.name == "min_of" else "max"
        return self.assign(f"{smallest}({result}) if {result} else None")


def _equalities(fold: Fold) -> Iterator[tuple[Typed, _Equality]]:
    """What a question leaves records out by, of the form `it.family == offer.family`."""
    if fold.name == "all" or fold.condition is None:
        return
    for part in _conjuncts(fold.condition):
        match fold.records, part:
            case Read(attribute=records), Compare(
                operator="==", left=ReadField(field=field), right=Read(attribute=attribute), ranks=None
            ):
                yield part, _Equality(records.slot, field.slot, attribute.slot)


class _Since(NamedTuple):
    """What a field of a record must be later than, or at."""

    field: int
    point: Typed


def _since(fold: Fold) -> _Since | None:
    """The point in time before which a question asks of no record, where it has one."""
    for part in () if fold.name == "all" or fold.condition is None else _conjuncts(fold.condition):
        match part:
            case (
                Compare(operator=">" | ">=", left=ReadField(field=field), right=point)
                | Compare(operator="<" | "<=", left=point, right=ReadField(field=field))
            ) if field.type.kind is Kind.DATETIME and not any(isinstance(each, ReadField) for each in walk(point)):
                return _Since(field.slot, point)
    return None


def _conjuncts(node: Typed) -> Iterator[Typed]:
    """The parts of an *and*, those of an *and* inside it as well; of anything else the node itself."""
    if isinstance(node, Logic) and node.operator == "and":
        for each in node.operands:
            yield from _conjuncts(each)
    else:
        yield node
