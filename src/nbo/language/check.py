"""From the syntax tree to the typed tree: names become attributes, constants take the type of what they meet.

In: a parsed condition, the dictionary, the zone. Out: a `Typed` tree whose evaluation cannot raise, or every mistake found.
Only the nodes listed in `_Checker.operand` exist in the language; anything else Python can say is refused by name.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, time, tzinfo
from decimal import Decimal
from typing import cast

from nbo.diagnostics import catalog
from nbo.diagnostics.diagnostic import Code, Diagnostic, DiagnosticError, Text
from nbo.diagnostics.suggest import nearest
from nbo.language import functions, operations
from nbo.language.dictionary import Attribute, Dictionary, RecordType
from nbo.language.parse import Parsed
from nbo.language.tree import (
    Call,
    Compare,
    Comparison,
    Constant,
    Default,
    Fold,
    IsMissing,
    Logic,
    Member,
    Not,
    OneOf,
    Place,
    Read,
    ReadField,
    Typed,
    children,
)
from nbo.language.types import (
    BOOLEAN,
    DATE,
    DECIMAL,
    EXACT,
    INTEGER,
    NUMBER,
    NUMERIC,
    ORDERED,
    STRING,
    TIME,
    Domain,
    Kind,
    Type,
    Value,
)


@dataclass(frozen=True, slots=True)
class Symbol:
    """A bare or quoted word whose meaning depends on what it meets."""

    text: str
    quoted: bool
    place: Place


@dataclass(frozen=True, slots=True)
class Digits:
    """A number as written; it takes the type of what it meets."""

    value: Decimal
    place: Place


Loose = Symbol | Digits

_COMPARISONS: dict[type[ast.cmpop], Comparison] = {
    ast.Eq: "==", ast.NotEq: "!=", ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">=",
}  # fmt: skip
_OPERATORS: dict[type[ast.operator], str] = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/"}
_REFUSED: dict[type[ast.AST], Text] = {
    ast.Lambda: Text("a function definition", "函数定义"),
    ast.IfExp: Text("`if … else …`", "`if … else …`"),
    ast.Subscript: Text("an index in brackets", "方括号下标"),
    ast.ListComp: Text("a loop", "循环"),
    ast.GeneratorExp: Text("a loop", "循环"),
    ast.SetComp: Text("a loop", "循环"),
    ast.DictComp: Text("a loop", "循环"),
    ast.JoinedStr: Text("a text with placeholders", "带占位符的文本"),
    ast.NamedExpr: Text("an assignment", "赋值"),
    ast.Dict: Text("a mapping", "映射"),
    ast.Set: Text("a set in braces", "花括号集合"),
    ast.Tuple: Text("a list without brackets", "没有方括号的列表"),
    ast.Starred: Text("`*` before a name", "名称前的 `*`"),
    ast.List: Text("a list outside `in`", "`in` 之外的列表"),
}
_SOMETHING = Text("this", "此写法")
_NAME_OF = {"True": "true", "False": "false"}


def check(parsed: Parsed, dictionary: Dictionary, zone: tzinfo, expected: Type | None = BOOLEAN) -> Typed:
    """The typed tree; `expected` is the type that is needed here (None takes any).

    Every mistake that can be told apart is collected into one `DiagnosticError`.
    """
    checker = _Checker(parsed, dictionary, zone)
    node = checker.whole(parsed.tree, expected)
    if checker.found:
        raise DiagnosticError(*checker.found)
    assert node is not None  # noqa: S101 - no node without a finding
    return node


class _Checker:
    def __init__(self, parsed: Parsed, dictionary: Dictionary, zone: tzinfo) -> None:
        self.parsed = parsed
        self.dictionary = dictionary
        self.zone = zone
        self.signatures = functions.signatures(zone)
        self.record: RecordType | None = None
        self.found: list[Diagnostic] = []

    # --- errors -------------------------------------------------------------------------------------------------------

    def error(self, code: Code, place: Place, *, help: Text | None = None, **values: object) -> DiagnosticError:  # noqa: A002
        return DiagnosticError(code.at(self.parsed.span(place), help=help, **values))

    @contextmanager
    def collecting(self) -> Iterator[None]:
        """What goes wrong inside is kept, so that the mistakes beside it are found too."""
        try:
            yield
        except DiagnosticError as error:
            self.found.extend(error.diagnostics)

    # --- the walk -----------------------------------------------------------------------------------------------------

    def whole(self, tree: ast.expr, expected: Type | None) -> Typed | None:
        with self.collecting():
            node = self.settle(self.operand(tree), expected)
            if expected is not None and not _fits(node.type, expected):
                raise self.error(
                    catalog.WRONG_RESULT_TYPE, node.place, actual=node.type.words, expected=expected.words
                )
            self.check_factors(node)
            return node
        return None

    def operand(self, node: ast.expr) -> Typed | Loose:
        place = self.parsed.place(node)
        match node:
            case ast.BoolOp():
                return self.logic(node, place)
            case ast.UnaryOp(op=ast.Not()):
                return Not(BOOLEAN, place, self.boolean(node.operand))
            case ast.UnaryOp(op=ast.USub() | ast.UAdd()):
                return self.signed(node, place)
            case ast.Compare():
                return self.comparison(node, place)
            case ast.BinOp() if type(node.op) in _OPERATORS:
                return self.arithmetic(node, place)
            case ast.BinOp():
                operator = self.parsed.text[self.parsed.place(node.left)[1] : self.parsed.place(node.right)[0]].strip()
                raise self.error(catalog.NOT_ALLOWED, place, what=Text(f"`{operator}`", f"`{operator}`"))
            case ast.Call():
                return self.call(node, place)
            case ast.Name() | ast.Attribute():
                return self.name(node, place)
            case ast.Constant():
                return self.constant(node, place)
            case _:
                raise self.error(catalog.NOT_ALLOWED, place, what=_REFUSED.get(type(node), _SOMETHING))

    def typed(self, node: ast.expr, expected: Type | None = None) -> Typed:
        return self.settle(self.operand(node), expected)

    def boolean(self, node: ast.expr) -> Typed:
        operand = self.typed(node)
        if operand.type.kind is not Kind.BOOLEAN:
            raise self.error(
                catalog.WRONG_RESULT_TYPE, operand.place, actual=operand.type.words, expected=BOOLEAN.words
            )
        return operand

    def logic(self, node: ast.BoolOp, place: Place) -> Typed:
        operands: list[Typed] = []
        before = len(self.found)
        for value in node.values:
            with self.collecting():
                operands.append(self.boolean(value))
        if len(self.found) > before:
            raise DiagnosticError  # already collected
        return Logic(BOOLEAN, place, "and" if isinstance(node.op, ast.And) else "or", tuple(operands))

    def signed(self, node: ast.UnaryOp, place: Place) -> Typed | Loose:
        operand = self.operand(node.operand)
        minus = isinstance(node.op, ast.USub)
        if isinstance(operand, Digits):
            return Digits(-operand.value if minus else operand.value, place)
        operand = self.settle(operand, None)
        if operand.type.kind not in NUMERIC:
            raise self.error(catalog.WRONG_RESULT_TYPE, operand.place, actual=operand.type.words, expected=NUMBER.words)
        if not minus:
            return operand
        return Call(operand.type, place, functions.Function("negate", functions.negate(operand.type.kind)), (operand,))

    # --- comparisons --------------------------------------------------------------------------------------------------

    def comparison(self, node: ast.Compare, place: Place) -> Typed:
        parts: list[Typed] = []
        left_node = node.left
        for operator, right_node in zip(node.ops, node.comparators, strict=True):
            start, end = self.parsed.place(left_node)[0], self.parsed.place(right_node)[1]
            parts.append(self.one_comparison(left_node, operator, right_node, (start, end) if len(node.ops) > 1 else place))
            left_node = right_node
        return parts[0] if len(parts) == 1 else Logic(BOOLEAN, place, "and", tuple(parts))

    def one_comparison(self, left_node: ast.expr, operator: ast.cmpop, right_node: ast.expr, place: Place) -> Typed:
        if isinstance(operator, ast.Is | ast.IsNot):
            if not (isinstance(right_node, ast.Name) and right_node.id == "missing"):
                advice = Text("only `is missing` and `is not missing`; compare with `==`", "只有 `is missing` 和 `is not missing`；比较请用 `==`")
                raise self.error(catalog.NOT_ALLOWED, place, what=Text("`is` here", "此处的 `is`"), help=advice)
            missing = IsMissing(BOOLEAN, place, self.typed(left_node))
            return missing if isinstance(operator, ast.Is) else Not(BOOLEAN, place, missing)
        if isinstance(operator, ast.In | ast.NotIn):
            member = self.membership(left_node, right_node, place)
            return member if isinstance(operator, ast.In) else Not(BOOLEAN, place, member)
        return self.compare(self.operand(left_node), _COMPARISONS[type(operator)], self.operand(right_node), place)

    def compare(self, left: Typed | Loose, operator: Comparison, right: Typed | Loose, place: Place) -> Typed:
        first, second = self.settled_pair(left, right)
        kinds = {first.type.kind, second.type.kind}
        comparable = len(kinds) == 1 or kinds <= EXACT
        if not comparable or kinds & {Kind.SET, Kind.RECORDS}:
            raise self.types_error(first, operator, second, place)
        ranks: dict[str, int] | None = None
        if kinds == {Kind.ENUM}:
            ranks = self.check_domains(first, operator, second, place)
        elif operator not in ("==", "!=") and not kinds <= ORDERED:
            raise self.error(catalog.NOT_ORDERED, place, attribute=first.type.words, operator=operator)
        return Compare(BOOLEAN, place, operator, first, second, ranks)

    def check_domains(self, left: Typed, operator: Comparison, right: Typed, place: Place) -> dict[str, int] | None:
        first, second = cast(Domain, left.type.domain), cast(Domain, right.type.domain)
        if not set(first.values) & set(second.values):
            raise self.types_error(left, operator, right, place)
        if operator in ("==", "!="):
            return None
        if not first.ordered or first.values != second.values:
            raise self.error(catalog.NOT_ORDERED, place, attribute=self.shown(left), operator=operator)
        return {value: rank for rank, value in enumerate(first.values)}

    def membership(self, left_node: ast.expr, right_node: ast.expr, place: Place) -> Typed:
        item = self.operand(left_node)
        if isinstance(right_node, ast.List):
            return self.one_of(item, right_node, place)
        container = self.typed(right_node)
        if container.type.kind is not Kind.SET:
            advice = Text("`in` takes a list in brackets or a set; parts of a text: `contains(text, part)`",
                          "`in` 后面是方括号列表或集合；文本片段请用 `contains(文本, 片段)`")  # fmt: skip
            raise self.error(catalog.WRONG_RESULT_TYPE, container.place, actual=container.type.words, expected=Text("a set or a list", "集合或列表"), help=advice)
        domain = container.type.domain
        if isinstance(item, Symbol):
            item = self.symbol(item, Type(Kind.ENUM, domain) if domain else STRING, self.shown(container))
        item = self.settle(item, None)
        wanted = Kind.ENUM if domain is not None else Kind.STRING
        if item.type.kind is not wanted:
            raise self.types_error(item, "in", container, place)
        return Member(BOOLEAN, place, item, container)

    def one_of(self, item: Typed | Loose, list_node: ast.List, place: Place) -> Typed:
        options = [self.operand(each) for each in list_node.elts]
        if not options:
            raise self.error(catalog.NOT_ALLOWED, place, what=Text("an empty list", "空列表"))
        if isinstance(item, Symbol | Digits):
            item = self.settle(item, next((each.type for each in options if not isinstance(each, Symbol | Digits)), None))
        if all(isinstance(each, Symbol | Digits) for each in options):
            compared = []
            for each in options:
                with self.collecting():
                    compared.append(self.compare(item, "==", each, place))
            if len(compared) < len(options):
                raise DiagnosticError  # already collected
            constants = [each.right for each in compared if isinstance(each, Compare)]
            return OneOf(BOOLEAN, place, item, frozenset(each.value for each in constants if isinstance(each, Constant)))
        operands = tuple(self.compare(item, "==", each, place) for each in options)
        return operands[0] if len(operands) == 1 else Logic(BOOLEAN, place, "or", operands)

    # --- arithmetic and functions -------------------------------------------------------------------------------------

    def arithmetic(self, node: ast.BinOp, place: Place) -> Typed | Loose:
        operator = _OPERATORS[type(node.op)]
        left, right = self.operand(node.left), self.operand(node.right)
        if isinstance(left, Digits) and isinstance(right, Digits):
            folded = self.folded(operator, left, right, place)
            if folded is not None:
                return folded
        first, second = self.factors_of(left, operator, right)
        result = functions.arithmetic(operator, first.type, second.type, self.zone)
        if result is None:
            raise self.types_error(first, operator, second, place)
        kind, kernel = result
        return Call(kind, place, functions.Function(_KERNEL_NAMES[operator], kernel), (first, second))

    def folded(self, operator: str, left: Digits, right: Digits, place: Place) -> Digits | None:
        """Arithmetic of written numbers is a written number, so that it too takes the type of what it meets."""
        kernel = {"+": operations.add, "-": operations.subtract, "*": operations.multiply, "/": operations.divide}[operator]
        value = kernel(left.value, right.value)
        return None if value is None or not operations.within_bounds(value) else Digits(value, place)

    def factors_of(self, left: Typed | Loose, operator: str, right: Typed | Loose) -> tuple[Typed, Typed]:
        """In a product or quotient a written number counts as plain digits; in a sum it is what it is added to."""
        if operator in "*/":
            plain = {Kind.MONEY: None, Kind.RATE: None}
            first = self.settle(left, None if _kind(right) in plain else self.partner(right))
            second = self.settle(right, None if _kind(left) in plain else self.partner(left))
            return first, second
        return self.settled_pair(left, right)

    def partner(self, other: Typed | Loose) -> Type | None:
        return None if isinstance(other, Symbol | Digits) else other.type

    def call(self, node: ast.Call, place: Place) -> Typed:
        if not isinstance(node.func, ast.Name):
            raise self.error(catalog.NOT_ALLOWED, place, what=Text("calling this", "此处的调用"))
        name = node.func.id
        if name not in functions.USAGE:
            suggestion = nearest(name, functions.USAGE)
            raise self.error(
                catalog.UNKNOWN_FUNCTION, self.parsed.place(node.func), name=name, known=", ".join(sorted(functions.USAGE)),
                suggestion=suggestion, help=catalog.DID_YOU_MEAN if suggestion else catalog.UNKNOWN_FUNCTION.help,
            )  # fmt: skip
        if node.keywords or any(isinstance(argument, ast.Starred) for argument in node.args):
            raise self.wrong_arguments(name, place)
        if name in ("date", "time"):
            return self.quoted_constant(name, node, place)
        if name == "default":
            return self.default(node, place)
        if name in functions.FOLDS and node.args:
            records = self.operand(node.args[0])
            if not isinstance(records, Symbol | Digits) and records.type.kind is Kind.RECORDS:
                return self.fold(name, records, node, place)
        return self.strict_call(name, node, place)

    def strict_call(self, name: str, node: ast.Call, place: Place) -> Typed:
        arguments = [self.operand(argument) for argument in node.args]
        for signature in self.signatures.get(name, ()):
            count = len(signature.parameters)
            if len(arguments) != count and not (signature.variadic and len(arguments) > count):
                continue
            fitted = self.fitted(signature, arguments)
            if fitted is not None:
                result = signature.result if isinstance(signature.result, Type) else fitted[signature.result].type
                return Call(result, place, functions.Function(name, signature.kernel), tuple(fitted))
        raise self.wrong_arguments(name, place)

    def fitted(self, signature: functions.Signature, arguments: Sequence[Typed | Loose]) -> list[Typed] | None:
        """The arguments as typed nodes where they fit the signature."""
        shared = next((each.type for each in arguments if not isinstance(each, Symbol | Digits)), None)
        fitted: list[Typed] = []
        for index, argument in enumerate(arguments):
            kinds = signature.parameters[min(index, len(signature.parameters) - 1)]
            if isinstance(argument, Digits):
                target = shared if signature.same and shared else _number_type(argument, kinds)
                if target is None or target.kind not in kinds or (target.kind is Kind.INTEGER and not _is_whole(argument)):
                    return None
                argument = self.digits(argument, target)  # noqa: PLW2901
            elif isinstance(argument, Symbol):
                if Kind.STRING not in kinds or not argument.quoted:
                    return None
                argument = self.symbol(argument, STRING)  # noqa: PLW2901
            if argument.type.kind not in kinds:
                return None
            if index in signature.literal and not (isinstance(argument, Constant) and 0 <= cast(int, argument.value) <= operations.MOST_FRACTION_DIGITS):
                return None
            fitted.append(argument)
        return fitted

    def quoted_constant(self, name: str, node: ast.Call, place: Place) -> Typed:
        argument = node.args[0] if len(node.args) == 1 else None
        if not (isinstance(argument, ast.Constant) and isinstance(argument.value, str)):
            raise self.wrong_arguments(name, place)
        text = argument.value
        try:
            if name == "date" and len(text) == 10:
                return Constant(DATE, place, date.fromisoformat(text))
            if name == "time" and len(text) in (5, 8):
                return Constant(TIME, place, time.fromisoformat(text))
        except ValueError:
            pass
        expected = Text("a date such as `2026-08-01`", "`2026-08-01` 这样的日期") if name == "date" else Text("a time of day such as `21:00`", "`21:00` 这样的时刻")
        raise self.error(catalog.BAD_LITERAL, self.parsed.place(argument), value=text, expected=expected)

    def default(self, node: ast.Call, place: Place) -> Typed:
        if len(node.args) != 2:
            raise self.wrong_arguments("default", place)
        operand, fallback = self.settled_pair(self.operand(node.args[0]), self.operand(node.args[1]))
        if operand.type.kind is not fallback.type.kind or operand.type.kind is Kind.RECORDS:
            raise self.types_error(operand, "default", fallback, place)
        return Default(operand.type, place, operand, fallback)

    def fold(self, name: str, records: Typed, node: ast.Call, place: Place) -> Typed:
        if self.record is not None:
            raise self.error(catalog.NOT_ALLOWED, place, what=Text("a question about records inside another", "记录判断的嵌套"))
        self.record = records.type.record
        try:
            rest = node.args[1:]
            takes_value = name in ("sum", "min_of", "max_of")
            most = 2 if takes_value else 1
            least = 0 if name == "count" else 1
            if not least <= len(rest) <= most:
                raise self.wrong_arguments(name, place)
            value = self.typed(rest[0]) if takes_value else None
            condition_node = rest[1] if takes_value and len(rest) == 2 else rest[0] if rest and not takes_value else None
            condition = None if condition_node is None else self.boolean(condition_node)
        finally:
            self.record = None
        if value is not None and value.type.kind not in (NUMERIC if name == "sum" else ORDERED):
            raise self.wrong_arguments(name, place)
        result = BOOLEAN if name in ("any", "all") else INTEGER if value is None else value.type
        return Fold(result, place, name, records, condition, value)  # type: ignore[arg-type]  # one of FOLDS

    # --- names and constants ------------------------------------------------------------------------------------------

    def name(self, node: ast.Name | ast.Attribute, place: Place) -> Typed | Loose:
        name = _dotted(node)
        if name is None:
            raise self.error(catalog.NOT_ALLOWED, place, what=Text("a dot here", "此处的点"))
        if name in ("true", "false"):
            return Constant(BOOLEAN, place, name == "true")
        if name.startswith("it.") or name == "it":
            return self.field(name, place)
        attribute = self.dictionary.find(name)
        if attribute is not None:
            return Read(attribute.type, place, attribute)
        if "." not in name and name not in self.dictionary.namespaces:
            return Symbol(name, quoted=False, place=place)
        raise self.unknown(name, place, (each.name for each in self.dictionary), self.dictionary.names)

    def field(self, name: str, place: Place) -> Typed:
        if self.record is None:
            advice = Text("`it` is the record inside `any(history, …)` and its like", "`it` 只在 `any(history, …)` 等函数里代表记录")
            raise self.error(catalog.NOT_ALLOWED, place, what=Text("`it` here", "此处的 `it`"), help=advice)
        field = self.record.find(name.removeprefix("it.")) if name != "it" else None
        if field is None:
            own = [f"it.{each}" for each in self.record.names]
            raise self.unknown(name, place, own, own)
        return ReadField(field.type, place, field)

    def unknown(self, name: str, place: Place, own: Iterator[str] | Sequence[str], every: Sequence[str] | dict[str, str]) -> DiagnosticError:
        suggestion = nearest(name, own) or nearest(name, every)
        advice = catalog.DID_YOU_MEAN if suggestion else catalog.UNKNOWN_ATTRIBUTE.help
        return self.error(catalog.UNKNOWN_ATTRIBUTE, place, name=name, suggestion=suggestion, help=advice)

    def constant(self, node: ast.Constant, place: Place) -> Typed | Loose:
        value = node.value
        written = self.parsed.text[place[0] : place[1]]
        if isinstance(value, bool) or value is None:
            better = _NAME_OF.get(written, "is missing")
            raise self.error(catalog.NOT_ALLOWED, place, what=Text(f"`{written}`", f"`{written}`"), help=Text(f"write `{better}`", f"请写 `{better}`"))
        if isinstance(value, str) and written[:1] in "\"'" and "\\" not in written:
            return Symbol(value, quoted=True, place=place)
        if isinstance(value, int | float):
            number = operations.parse_exact(written)
            if number is not None:
                return Digits(number, place)
        raise self.error(catalog.NUMBER_FORM if isinstance(value, int | float | complex) else catalog.NOT_ALLOWED, place, number=written, what=Text(f"`{written}`", f"`{written}`"))

    # --- settling loose constants -------------------------------------------------------------------------------------

    def settle(self, node: Typed | Loose, target: Type | None) -> Typed:
        if isinstance(node, Digits):
            return self.digits(node, target)
        if isinstance(node, Symbol):
            return self.symbol(node, target)
        return node

    def settled_pair(self, left: Typed | Loose, right: Typed | Loose) -> tuple[Typed, Typed]:
        """Both sides typed, a loose one by the other."""
        if isinstance(left, Symbol | Digits):
            second = self.settle(right, None)
            return self.settle_against(left, second), second
        return left, self.settle_against(right, left)

    def settle_against(self, node: Typed | Loose, other: Typed) -> Typed:
        if isinstance(node, Symbol):
            return self.symbol(node, other.type, self.shown(other))
        return self.settle(node, other.type)

    def digits(self, node: Digits, target: Type | None) -> Typed:
        if target is not None and target.kind is Kind.NUMBER:
            return Constant(NUMBER, node.place, float(node.value))
        if target is not None and target.kind in (Kind.MONEY, Kind.RATE, Kind.DECIMAL):
            return Constant(target, node.place, node.value)
        if _is_whole(node):
            return Constant(INTEGER, node.place, int(node.value))
        return Constant(DECIMAL, node.place, node.value)

    def symbol(self, node: Symbol, target: Type | None, meets: object = "") -> Typed:
        if target is not None and target.kind in (Kind.ENUM, Kind.SET) and target.domain is not None:
            value = target.domain.find(node.text)
            if value is None:
                suggestion = nearest(node.text, (*target.domain.values, *target.domain.aliases))
                advice = catalog.DID_YOU_MEAN if suggestion else catalog.NOT_IN_ENUM.help
                raise self.error(
                    catalog.NOT_IN_ENUM, node.place, value=node.text, attribute=meets, suggestion=suggestion,
                    values=", ".join(target.domain.values), help=advice,
                )  # fmt: skip
            return Constant(Type(Kind.ENUM, target.domain), node.place, value)
        if node.quoted:
            return Constant(STRING, node.place, node.text)
        suggestion = nearest(node.text, (each.name for each in self.dictionary))
        advice = catalog.DID_YOU_MEAN if suggestion else catalog.BARE_NAME.help
        raise self.error(catalog.BARE_NAME, node.place, name=node.text, suggestion=suggestion, help=advice)

    # --- help ---------------------------------------------------------------------------------------------------------

    def shown(self, node: Typed) -> object:
        if isinstance(node, Read):
            return f"`{node.attribute.name}`"
        if isinstance(node, ReadField):
            return f"`it.{node.field.name}`"
        return node.type.words

    def types_error(self, left: Typed, operator: str, right: Typed, place: Place) -> DiagnosticError:
        kinds = {left.type.kind, right.type.kind}
        advice: Text | None = None
        if kinds == {Kind.DATE, Kind.STRING}:
            advice = Text('a date is written `date("2026-08-01")`', '日期写作 `date("2026-08-01")`')
        elif kinds == {Kind.TIME, Kind.STRING}:
            advice = Text('a time of day is written `time("21:00")`', '时刻写作 `time("21:00")`')
        elif kinds == {Kind.DATE, Kind.DATETIME}:
            advice = Text("take the day of a point in time with `date_of(…)`", "用 `date_of(…)` 取时间点的日期")
        elif Kind.NUMBER in kinds and kinds <= NUMERIC:
            advice = Text("turn the exact one into a number with `to_number(…)`", "用 `to_number(…)` 把精确数转换为浮点数")
        elif kinds == {Kind.MONEY} and operator == "*":
            advice = Text("an amount is multiplied by a plain number or a rate", "金额只能乘以普通数字或费率")
        elif Kind.SET in kinds and operator in ("==", "!="):
            advice = Text("ask `value in set`, or `count(set) > 0`", "请写 `值 in 集合`，或 `count(集合) > 0`")
        return self.error(catalog.TYPES_DO_NOT_FIT, place, left=left.type.words, right=right.type.words, operator=operator, help=advice)

    def wrong_arguments(self, name: str, place: Place) -> DiagnosticError:
        return self.error(catalog.WRONG_ARGUMENTS, place, function=name, expected=functions.USAGE[name])

    def check_factors(self, node: Typed) -> None:
        if _factors(node) > operations.MOST_FACTORS:
            limit = Text(f"{operations.MOST_FACTORS} factors", f"{operations.MOST_FACTORS} 个乘数")
            raise self.error(catalog.TOO_COMPLEX, node.place, limit=limit)


_KERNEL_NAMES = {"+": "add", "-": "subtract", "*": "multiply", "/": "divide"}


def _factors(node: Typed) -> int:
    """How many values of full length the digits of a result can stem from."""
    below = [_factors(child) for child in children(node)]
    if isinstance(node, Call) and node.function.name == "multiply":
        return sum(below)
    return max(below, default=1)


def _dotted(node: ast.expr) -> str | None:
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        before = _dotted(node.value)
        return None if before is None else f"{before}.{node.attr}"
    return None


def _kind(node: Typed | Loose) -> Kind | None:
    return None if isinstance(node, Symbol | Digits) else node.type.kind


def _is_whole(node: Digits) -> bool:
    return node.value == node.value.to_integral_value()


def _number_type(node: Digits, kinds: frozenset[Kind]) -> Type | None:
    """The type of a written number where only the signature says anything about it."""
    if Kind.INTEGER in kinds and _is_whole(node):
        return INTEGER
    if Kind.DECIMAL in kinds:
        return DECIMAL
    return NUMBER if Kind.NUMBER in kinds else None


def _fits(actual: Type, expected: Type) -> bool:
    if expected.kind in (Kind.DECIMAL, Kind.RATE):
        return actual.kind in EXACT
    return actual.kind is expected.kind
