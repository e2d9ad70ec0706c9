"""The checker's arithmetic and functions: which kernel computes a result, and of which type it is."""

from __future__ import annotations

import ast
import re
from collections.abc import Sequence
from datetime import date, time
from typing import Literal, cast

from nbo.diagnostics import catalog
from nbo.diagnostics.diagnostic import DiagnosticError, Text
from nbo.diagnostics.suggest import nearest
from nbo.language import functions, operations
from nbo.language.check_names import Digits, Loose, NameChecker, Symbol
from nbo.language.tree import Call, Constant, Default, Fold, Place, Typed
from nbo.language.types import (
    BOOLEAN,
    DATE,
    DECIMAL,
    INTEGER,
    NUMBER,
    NUMERIC,
    ORDERED,
    STRING,
    TIME,
    Domain,
    Kind,
    Type,
)

OPERATORS: dict[type[ast.operator], str] = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/"}
_KERNEL_NAMES = {"+": "add", "-": "subtract", "*": "multiply", "/": "divide"}
_FOLDING = {"+": operations.add, "-": operations.subtract, "*": operations.multiply, "/": operations.divide}
_KEEP_THEIR_TYPE = frozenset({Kind.MONEY, Kind.RATE})
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_CLOCK = re.compile(r"\d{2}:\d{2}(?::\d{2})?", re.ASCII)
_SHORT = frozenset({"second", "seconds", "minute", "minutes", "week", "weeks"})
_LENGTHS = Text(
    "lengths of time are `hours(n)`, `days(n)`, `months(n)`, `years(n)`; seconds that an attribute counts are a number, `120`",
    "时间长度写作 `hours(n)`、`days(n)`、`months(n)`、`years(n)`；以秒计的属性直接写数字，例如 `120`",
)
_HOURS_ON_A_DATE = Text("hours are counted from a point in time such as `now`; a date moves by days, months or years",
                        "小时只能用于 `now` 这样的时间点；日期请用天、月或年")  # fmt: skip


class CallChecker(NameChecker):
    """Arithmetic, functions, and questions about records."""

    # --- arithmetic ---------------------------------------------------------------------------------------------------

    def arithmetic(self, node: ast.BinOp, place: Place) -> Typed | Loose:
        """Two numbers or moments joined by `+ - * /`."""
        operator = OPERATORS[type(node.op)]
        left, right = self.operand(node.left), self.operand(node.right)
        if isinstance(left, Digits) and isinstance(right, Digits):
            folded = _folded(operator, left, right, place)
            if folded is not None:
                return folded
        first, second = self.factors_of(left, operator, right)
        result = functions.arithmetic(operator, first.type, second.type, self.zone)
        if result is None:
            raise self.types_error(first, operator, second, place)
        if first.type.kind is Kind.DATE and _is_elapsed(second):
            raise self.types_error(first, operator, second, place, _HOURS_ON_A_DATE)
        kind, kernel = result
        return Call(kind, place, functions.Function(_KERNEL_NAMES[operator], kernel), (first, second))

    def factors_of(self, left: Typed | Loose, operator: str, right: Typed | Loose) -> tuple[Typed, Typed]:
        """In a product or quotient a written number counts as plain digits; in a sum it is what it is added to."""
        if operator in "*/":
            return self.settle(left, _beside(right)), self.settle(right, _beside(left))
        return self.settled_pair(left, right)

    # --- functions ----------------------------------------------------------------------------------------------------

    def call(self, node: ast.Call, place: Place) -> Typed:
        """A function by its name."""
        if not isinstance(node.func, ast.Name):
            raise self.error(catalog.NOT_ALLOWED, place, what=Text("calling this", "此处的调用"))
        name = node.func.id
        if name not in functions.USAGE:
            suggestion = None if name in _SHORT else nearest(name, functions.USAGE)
            raise self.error(
                catalog.UNKNOWN_FUNCTION, self.parsed.place(node.func), name=name, known=", ".join(sorted(functions.USAGE)),
                suggestion=suggestion,
                help=_LENGTHS if name in _SHORT else catalog.DID_YOU_MEAN if suggestion else catalog.UNKNOWN_FUNCTION.help,
            )  # fmt: skip
        if node.keywords or any(isinstance(argument, ast.Starred) for argument in node.args):
            raise self.wrong_arguments(name, place)
        if name in ("date", "time"):
            return self.quoted_constant(name, node, place)
        if name == "default":
            return self.default(node, place)
        if name in functions.FOLDS:
            return self.question(name, node, place)
        if name == "overlap" and len(node.args) == 2:
            return self.strict_call(name, self.sets(*node.args), place)
        return self.strict_call(name, [self.operand(argument) for argument in node.args], place)

    def sets(self, left: ast.expr, right: ast.expr) -> list[Typed | Loose]:
        """Two sets, of which one can be a list in brackets: it takes its values from the other."""
        if isinstance(left, ast.List) and not isinstance(right, ast.List):
            return self.sets(right, left)[::-1]
        first = self.operand(left)
        if not isinstance(right, ast.List) or isinstance(first, Symbol | Digits) or first.type.kind is not Kind.SET:
            return [first, self.operand(right)]
        return [first, self.listed(right, first)]

    def listed(self, written: ast.List, beside: Typed) -> Typed:
        """A list in brackets as a constant set of the values that another set has."""
        place = self.parsed.place(written)
        if not written.elts:
            raise self.error(catalog.NOT_ALLOWED, place, what=Text("an empty list", "空列表"))
        values: list[str] = []
        for each in written.elts:
            with self.collecting():
                values.append(self.element(each, beside))
        if len(values) < len(written.elts):
            raise DiagnosticError  # what is wrong is collected already
        return Constant(beside.type, place, frozenset(values))

    def element(self, node: ast.expr, beside: Typed) -> str:
        """A word as a value of a set."""
        word = self.operand(node)
        if not isinstance(word, Symbol):
            raise self.error(catalog.WRONG_ARGUMENTS, self.parsed.place(node), function="overlap",
                             expected=functions.USAGE["overlap"])  # fmt: skip
        element = STRING if beside.type.domain is None else beside.type
        settled = self.symbol(word, element, self.shown(beside))
        assert isinstance(settled, Constant)  # noqa: S101 - a word becomes a constant, or a finding
        return str(settled.value)

    def question(self, name: str, node: ast.Call, place: Place) -> Typed:
        """A question about records; `count` takes a set as well."""
        asked = self.settle(self.operand(node.args[0]), None) if node.args else None
        if asked is not None and asked.type.kind is Kind.RECORDS:
            return self.fold(name, asked, node, place)
        if asked is None or name != "count" or len(node.args) != 1:
            raise self.wrong_arguments(name, place)
        return self.strict_call(name, [asked], place)

    def strict_call(self, name: str, arguments: Sequence[Typed | Loose], place: Place) -> Typed:
        """The first signature that the arguments fit; a missing argument will give a missing result."""
        for signature in self.signatures.get(name, ()):
            count = len(signature.parameters)
            if len(arguments) != count and not (signature.variadic and len(arguments) > count):
                continue
            fitted = self.fitted(signature, arguments)
            if fitted is not None:
                if name == "overlap" and not meet(fitted[0].type.domain, fitted[1].type.domain):
                    raise self.types_error(fitted[0], name, fitted[1], place)
                result = signature.result if isinstance(signature.result, Type) else fitted[signature.result].type
                return Call(result, place, functions.Function(name, signature.kernel), tuple(fitted))
        raise self.wrong_arguments(name, place)

    def fitted(self, signature: functions.Signature, arguments: Sequence[Typed | Loose]) -> list[Typed] | None:
        """The arguments as typed nodes where they fit the signature."""
        shared = next((each.type for each in arguments if not isinstance(each, Symbol | Digits)), None)
        fitted: list[Typed] = []
        for index, argument in enumerate(arguments):
            kinds = signature.parameters[min(index, len(signature.parameters) - 1)]
            node = self.fitted_argument(argument, kinds, shared if signature.same else None)
            if node is None or node.type.kind not in kinds:
                return None
            if index in signature.literal and not _is_digit_count(node):
                return None
            fitted.append(node)
        return fitted

    def fitted_argument(self, argument: Typed | Loose, kinds: frozenset[Kind], shared: Type | None) -> Typed | None:
        """One argument as the kinds allow it; `shared` is the type that all arguments have."""
        if isinstance(argument, Digits):
            target = shared or _number_type(argument, kinds)
            if target is None or target.kind not in kinds or (target.kind is Kind.INTEGER and not argument.is_whole):
                return None
            return self.digits(argument, target)
        if isinstance(argument, Symbol):
            return self.symbol(argument, STRING) if Kind.STRING in kinds and argument.quoted else None
        return argument

    def quoted_constant(self, name: str, node: ast.Call, place: Place) -> Typed:
        """A constant such as `date("2026-08-01")`."""
        argument = node.args[0] if len(node.args) == 1 else None
        if not (isinstance(argument, ast.Constant) and isinstance(argument.value, str)):
            raise self.wrong_arguments(name, place)
        text = argument.value
        try:
            if name == "date" and _DAY.fullmatch(text):
                return Constant(DATE, place, date.fromisoformat(text))
            if name == "time" and _CLOCK.fullmatch(text):
                return Constant(TIME, place, time.fromisoformat(text))
        except ValueError:
            pass
        a_day = Text("a date such as `2026-08-01`", "`2026-08-01` 这样的日期")
        a_time = Text("a time of day such as `21:00`", "`21:00` 这样的时刻")
        expected = a_day if name == "date" else a_time
        raise self.error(catalog.BAD_LITERAL, self.parsed.place(argument), value=text, expected=expected)

    def default(self, node: ast.Call, place: Place) -> Typed:
        """`default(x, y)`, two values of one type."""
        if len(node.args) != 2:
            raise self.wrong_arguments("default", place)
        operand, fallback = self.settled_pair(self.operand(node.args[0]), self.operand(node.args[1]))
        if operand.type.kind is Kind.RECORDS or not fits(fallback.type, operand.type, widening=False):
            raise self.types_error(operand, "default", fallback, place)
        return Default(operand.type, place, operand, fallback)

    def fold(self, name: str, records: Typed, node: ast.Call, place: Place) -> Typed:
        """A question about records; `it` has a meaning inside it alone."""
        if self.record is not None:
            raise self.error(
                catalog.NOT_ALLOWED, place, what=Text("a question about records inside another", "记录判断的嵌套")
            )
        rest = node.args[1:]
        takes_value = name in ("sum", "min_of", "max_of")
        least, most = (0 if name == "count" else 1), (2 if takes_value else 1)
        if not least <= len(rest) <= most:
            raise self.wrong_arguments(name, place)
        self.record = records.type.record
        try:
            value = self.settle(self.operand(rest[0]), None) if takes_value else None
            asked = rest[1:] if takes_value else rest
            condition = self.boolean(asked[0]) if asked else None
        finally:
            self.record = None
        if value is not None and value.type.kind not in (NUMERIC if name == "sum" else ORDERED):
            raise self.wrong_arguments(name, place)
        result = BOOLEAN if name in ("any", "all") else INTEGER if value is None else value.type
        known = cast("Literal['any', 'all', 'count', 'sum', 'min_of', 'max_of']", name)
        return Fold(result, place, known, records, condition, value)

    def boolean(self, node: ast.expr) -> Typed:
        """A part that must be true or false."""
        operand = self.settle(self.operand(node), None)
        if operand.type.kind is not Kind.BOOLEAN:
            raise self.error(
                catalog.WRONG_RESULT_TYPE, operand.place, actual=operand.type.words, expected=BOOLEAN.words
            )
        return operand

    def wrong_arguments(self, name: str, place: Place) -> DiagnosticError:
        """The finding for a function that takes something else."""
        return self.error(catalog.WRONG_ARGUMENTS, place, function=name, expected=functions.USAGE[name])


def fits(actual: Type, expected: Type, *, widening: bool = True) -> bool:
    """Whether every value of one type is one of the other; `widening` lets an exact number be a decimal or a rate."""
    if widening and expected.kind in (Kind.DECIMAL, Kind.RATE):
        return actual.kind in (Kind.INTEGER, Kind.DECIMAL, Kind.RATE)
    if actual.kind is not expected.kind:
        return False
    if actual.domain is None or expected.domain is None:
        return actual.domain is expected.domain
    return set(actual.domain.values) <= set(expected.domain.values)


def meet(left: Domain | None, right: Domain | None) -> bool:
    """Whether two enums or sets have a value in common; sets of free text meet only each other."""
    if left is None or right is None:
        return left is right
    return not set(left.values).isdisjoint(right.values)


def _folded(operator: str, left: Digits, right: Digits, place: Place) -> Digits | None:
    """Arithmetic of written numbers is a written number, so that it too takes the type of what it meets."""
    value = _FOLDING[operator](left.value, right.value)
    return None if value is None or not operations.is_constant(value) else Digits(value, place)


def _beside(other: Typed | Loose) -> Type | None:
    """The type of a written number that the other side of a product or quotient asks for."""
    if isinstance(other, Symbol | Digits) or other.type.kind in _KEEP_THEIR_TYPE:
        return None
    return other.type


def _is_elapsed(step: Typed) -> bool:
    """Whether a length of time is written with hours in it."""
    if isinstance(step, Default):
        return _is_elapsed(step.operand) or _is_elapsed(step.fallback)
    if not isinstance(step, Call) or step.type.kind is not Kind.DURATION:
        return False
    return step.function.name == "hours" or any(_is_elapsed(each) for each in step.arguments)


def _number_type(node: Digits, kinds: frozenset[Kind]) -> Type | None:
    """The type of a written number where only the signature says anything about it."""
    if Kind.INTEGER in kinds and node.is_whole:
        return INTEGER
    if Kind.DECIMAL in kinds:
        return DECIMAL
    return NUMBER if Kind.NUMBER in kinds else None


def _is_digit_count(node: Typed) -> bool:
    return (
        isinstance(node, Constant)
        and isinstance(node.value, int)
        and 0 <= node.value <= operations.MOST_FRACTION_DIGITS
    )
