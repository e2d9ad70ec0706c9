"""From the syntax tree to the typed tree: names become attributes, constants take the type of what they meet.

In: a parsed condition, the dictionary, the zone. Out: a `Typed` tree whose evaluation cannot raise, or every mistake found.
Only the nodes listed in `_Checker.operand` exist in the language; anything else Python can say is refused by name. Names
and constants are settled in `check_names`, arithmetic and functions in `check_calls`.
"""

from __future__ import annotations

import ast
from datetime import tzinfo
from decimal import Decimal

from nbo.diagnostics import catalog
from nbo.diagnostics.diagnostic import DiagnosticError, Text
from nbo.language import functions, operations, slips
from nbo.language.check_calls import OPERATORS, CallChecker, fits, meet
from nbo.language.check_names import Digits, Loose, Symbol
from nbo.language.dictionary import Dictionary
from nbo.language.parse import Parsed
from nbo.language.tree import (
    Call,
    Compare,
    Comparison,
    Constant,
    IsMissing,
    Logic,
    Member,
    Not,
    OneOf,
    Place,
    Typed,
    children,
)
from nbo.language.types import BOOLEAN, EXACT, NUMBER, NUMERIC, ORDERED, STRING, Kind, Type

MOST_NODES = 10_000  # of the tree; a part that stands in two comparisons counts twice

_COMPARISONS: dict[type[ast.cmpop], Comparison] = {
    ast.Eq: "==", ast.NotEq: "!=", ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">=",
}  # fmt: skip
_REFUSED: dict[type[ast.AST], Text] = {
    ast.Lambda: Text("a function definition", "函数定义"),
    ast.IfExp: Text("`if … else …`", "`if … else …`"),
    ast.Subscript: Text("an index in brackets", "方括号下标"),
    ast.ListComp: Text("a loop", "循环"),
    ast.GeneratorExp: Text("a loop", "循环"),
    ast.SetComp: Text("a loop", "循环"),
    ast.DictComp: Text("a loop", "循环"),
    ast.NamedExpr: Text("an assignment", "赋值"),
    ast.Dict: Text("a mapping", "映射"),
    ast.Set: Text("a set in braces", "花括号集合"),
    ast.Tuple: Text("a list without brackets", "没有方括号的列表"),
    ast.Starred: Text("`*` before a name", "名称前的 `*`"),
    ast.List: Text("a list outside `in`", "`in` 之外的列表"),
    ast.UnaryOp: Text("`~`", "`~`"),
}
_SOMETHING = Text("this", "此写法")
_ONLY_MISSING = Text(
    "only `is missing` and `is not missing`; compare with `==`", "只有 `is missing` 和 `is not missing`；比较请用 `==`"
)
_SQUARE_BRACKETS = Text(
    "several values stand in square brackets, `in [A, B]`; two conditions are joined by `and`",
    "多个取值放在方括号里，写作 `in [A, B]`；两个条件用 `and` 连接",
)
_IN_TAKES = Text(
    "`in` takes a list in brackets or a set; parts of a text: `contains(text, part)`",
    "`in` 后面是方括号列表或集合；文本片段请用 `contains(文本, 片段)`",
)
_JOIN_BY_AND = Text("join the two by `and`, or put one in brackets", "请用 `and` 连接两个判断，或给其中一个加括号")


def check(parsed: Parsed, dictionary: Dictionary, zone: tzinfo, expected: Type | None = BOOLEAN) -> Typed:
    """The typed tree; `expected` is the type that is needed here (None takes any).

    Every mistake that can be told apart is collected into one `DiagnosticError`.
    """
    checker = _Checker(parsed, dictionary, zone)
    try:
        node = checker.whole(parsed.tree, expected)
    except DiagnosticError as error:
        raise DiagnosticError(*checker.found, *error.diagnostics) from None
    if checker.found:
        raise DiagnosticError(*checker.found)
    return node


class _Checker(CallChecker):
    def whole(self, tree: ast.expr, expected: Type | None) -> Typed:
        node = self.settle(self.operand(tree), expected)
        if expected is not None and not fits(node.type, expected):
            raise self.error(catalog.WRONG_RESULT_TYPE, node.place, actual=node.type.words, expected=expected.words)
        self.check_size(node)
        if expected is not None and node.type.kind is Kind.INTEGER and expected.kind is not Kind.INTEGER:
            return Call(expected, node.place, functions.Function("exact", Decimal), (node,))
        return node

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
            case ast.BinOp() if type(node.op) in OPERATORS:
                return self.arithmetic(node, place)
            case ast.BinOp():
                between = self.parsed.text[self.parsed.place(node.left)[1] : self.parsed.place(node.right)[0]]
                operator = f"`{between.strip('() ')}`"
                raise self.error(catalog.NOT_ALLOWED, place, what=Text(operator, operator))
            case ast.Call():
                return self.call(node, place)
            case ast.Name() | ast.Attribute():
                return self.name(node, place)
            case ast.Constant():
                return self.constant(node, place)
            case _:
                advice = _SQUARE_BRACKETS if isinstance(node, ast.Tuple | ast.Set) else None
                raise self.error(catalog.NOT_ALLOWED, place, what=_REFUSED.get(type(node), _SOMETHING), help=advice)

    def logic(self, node: ast.BoolOp, place: Place) -> Typed:
        operands: list[Typed] = []
        for value in node.values:
            with self.collecting():
                operands.append(self.boolean(value))
        if len(operands) < len(node.values):
            raise DiagnosticError  # what is wrong is collected already
        return Logic(BOOLEAN, place, "and" if isinstance(node.op, ast.And) else "or", tuple(operands))

    def signed(self, node: ast.UnaryOp, place: Place) -> Typed | Loose:
        operand = self.operand(node.operand)
        minus = isinstance(node.op, ast.USub)
        if isinstance(operand, Digits):
            return Digits(operations.negate(operand.value) if minus else operand.value, place)
        operand = self.settle(operand, None)
        if operand.type.kind not in NUMERIC:
            raise self.error(catalog.WRONG_RESULT_TYPE, operand.place, actual=operand.type.words, expected=NUMBER.words)
        if not minus:
            return operand
        return Call(operand.type, place, functions.Function("negate", functions.negate(operand.type.kind)), (operand,))

    # --- comparisons --------------------------------------------------------------------------------------------------

    def comparison(self, node: ast.Compare, place: Place) -> Typed:
        if len(node.ops) == 1:
            return self.one_comparison(node.left, node.ops[0], node.comparators[0], place)
        nodes = [node.left, *node.comparators]
        places = [self.parsed.place(each) for each in nodes]
        for index, operator in enumerate(node.ops):
            if type(operator) not in _COMPARISONS:
                what = Text("`in` or `is` in a chain of comparisons", "连续比较中的 `in` 或 `is`")
                pair = (places[index][0], places[index + 1][1])
                raise self.error(catalog.NOT_ALLOWED, pair, what=what, help=_JOIN_BY_AND)
        operands = [self.operand(each) for each in nodes]  # once each: the inner ones stand in two comparisons
        parts: list[Typed] = []
        for index, operator in enumerate(node.ops):
            pair = (places[index][0], places[index + 1][1])
            parts.append(self.compare(operands[index], _COMPARISONS[type(operator)], operands[index + 1], pair))
        return Logic(BOOLEAN, place, "and", tuple(parts))

    def one_comparison(self, left: ast.expr, operator: ast.cmpop, right: ast.expr, place: Place) -> Typed:
        if isinstance(operator, ast.Is | ast.IsNot):
            if not (isinstance(right, ast.Name) and right.id == "missing"):
                advice = slips.misused_is(self.parsed.text[slice(*place)]) or _ONLY_MISSING
                raise self.error(catalog.NOT_ALLOWED, place, what=Text("`is` here", "此处的 `is`"), help=advice)
            missing = IsMissing(BOOLEAN, place, self.settle(self.operand(left), None))
            return missing if isinstance(operator, ast.Is) else Not(BOOLEAN, place, missing)
        if isinstance(operator, ast.In | ast.NotIn):
            member = self.membership(left, right, place)
            return member if isinstance(operator, ast.In) else Not(BOOLEAN, place, member)
        return self.compare(self.operand(left), _COMPARISONS[type(operator)], self.operand(right), place)

    def compare(self, left: Typed | Loose, operator: Comparison, right: Typed | Loose, place: Place) -> Typed:
        first, second = self.settled_pair(left, right)
        kinds = {first.type.kind, second.type.kind}
        comparable = len(kinds) == 1 or kinds <= EXACT
        if not comparable or kinds & {Kind.SET, Kind.RECORDS} or not meet(first.type.domain, second.type.domain):
            raise self.types_error(first, operator, second, place)
        if operator in ("==", "!=") or kinds <= ORDERED:
            return Compare(BOOLEAN, place, operator, first, second)
        domain, other = first.type.domain, second.type.domain
        if domain is None or other is None or not (domain.ordered and other.ordered) or domain.values != other.values:
            shown = self.shown(second if isinstance(first, Constant) else first)
            raise self.error(catalog.NOT_ORDERED, place, attribute=shown, operator=operator)
        ranks = {value: rank for rank, value in enumerate(domain.values)}
        return Compare(BOOLEAN, place, operator, first, second, ranks)

    def membership(self, left: ast.expr, right: ast.expr, place: Place) -> Typed:
        item = self.operand(left)
        if isinstance(right, ast.List):
            return self.one_of(item, right, place)
        container = self.settle(self.operand(right), None)
        if container.type.kind is not Kind.SET:
            raise self.error(
                catalog.WRONG_RESULT_TYPE, container.place, actual=container.type.words,
                expected=Text("a set or a list", "集合或列表"), help=_IN_TAKES,
            )  # fmt: skip
        domain = container.type.domain
        element = STRING if domain is None else Type(Kind.ENUM, domain)
        if isinstance(item, Symbol):
            item = self.symbol(item, element, self.shown(container))
        item = self.settle(item, None)
        if item.type.kind is not element.kind or not meet(item.type.domain, domain):
            raise self.types_error(item, "in", container, place)
        return Member(BOOLEAN, place, item, container)

    def one_of(self, item: Typed | Loose, written: ast.List, place: Place) -> Typed:
        options = [self.operand(each) for each in written.elts]
        if not options:
            raise self.error(catalog.NOT_ALLOWED, place, what=Text("an empty list", "空列表"))
        if isinstance(item, Symbol | Digits):
            typed = next((each for each in options if not isinstance(each, Symbol | Digits)), None)
            item = self.settle(item, None) if typed is None else self.settle_against(item, typed)
        compared: list[Typed] = []
        for each in options:
            with self.collecting():
                compared.append(self.compare(item, "==", each, place))
        if len(compared) < len(options):
            raise DiagnosticError  # what is wrong is collected already
        constants = [
            each.right.value for each in compared if isinstance(each, Compare) and isinstance(each.right, Constant)
        ]
        if len(constants) == len(compared):
            return OneOf(BOOLEAN, place, item, frozenset(constants))
        return compared[0] if len(compared) == 1 else Logic(BOOLEAN, place, "or", tuple(compared))

    # --- size ---------------------------------------------------------------------------------------------------------

    def check_size(self, node: Typed) -> None:
        """Bound what evaluation costs, and the digits that a product can have."""
        if _nodes(node, {}) > MOST_NODES:
            limit = Text(f"{MOST_NODES} parts", f"{MOST_NODES} 个部分")
            raise self.error(catalog.TOO_COMPLEX, node.place, limit=limit)
        if _factors(node) > operations.MOST_FACTORS:
            limit = Text(f"{operations.MOST_FACTORS} factors", f"{operations.MOST_FACTORS} 个乘数")
            raise self.error(catalog.TOO_COMPLEX, node.place, limit=limit)


def _nodes(node: Typed, known: dict[int, int]) -> int:
    """How many nodes a walk meets; the operands of a chain are shared, so the tree itself can be far smaller."""
    count = known.get(id(node))
    if count is None:
        count = known[id(node)] = 1 + sum(_nodes(child, known) for child in children(node))
    return count


def _factors(node: Typed) -> int:
    """How many values of full length the digits of a result can stem from."""
    below = [_factors(child) for child in children(node)]
    if isinstance(node, Call) and node.function.name == "multiply":
        return sum(below)
    return max(below, default=1)
