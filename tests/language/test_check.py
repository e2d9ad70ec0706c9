"""Mistakes in conditions: all at once, each underlined in its file, with what to write instead, in both languages."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest
from corpus_reader import compiled, dictionary

from nbo import UNKNOWN, DiagnosticError, compile_expression
from nbo.diagnostics.diagnostic import Diagnostic
from nbo.diagnostics.place import SourceText
from nbo.language.expression import compile_scalar
from nbo.language.types import BOOLEAN, DECIMAL, MONEY, RATE, Type
from nbo.source.nodes import Mapping, Scalar
from nbo.source.yaml_file import parse_yaml

ZONE = ZoneInfo("Asia/Shanghai")


def mistakes(text: str) -> list[Diagnostic]:
    with pytest.raises(DiagnosticError) as raised:
        compiled(text, "Asia/Shanghai")
    return list(raised.value.diagnostics)


def in_file(yaml: str, expected: Type | None = BOOLEAN) -> list[tuple[str, str, int, int]]:
    """The mistakes of the condition under `when`: code, underlined text, line, column."""
    node = parse_yaml(SourceText("offers/gold.yaml", "offers/gold.yaml", yaml))
    assert isinstance(node, Mapping)
    scalar = node["when"]
    assert isinstance(scalar, Scalar)
    with pytest.raises(DiagnosticError) as raised:
        compile_scalar(scalar, dictionary("Asia/Shanghai"), ZONE, expected)
    spans = [(each.code.id, each.span) for each in raised.value.diagnostics]
    return [(code, span.text, span.line, span.column) for code, span in spans if span is not None]


# --- all at once --------------------------------------------------------------------------------------------------------


def test_every_operand_is_checked_even_after_a_mistake() -> None:
    found = mistakes(
        "customer.agee > 1 and custmer.age > 2 and (flag.a or customer.grade in [A, F, G]) and customer.name == Smith"
    )
    assert [each.span.text for each in found if each.span] == ["customer.agee", "custmer.age", "F", "G", "Smith"]


def test_a_mistake_in_a_dictionary_and_one_in_its_formula_are_found_together() -> None:
    attributes = {
        "a": {"x": {"type": "integr"}, "y": {"type": "integer", "derived": "a.z + 1"}, "class": {"type": "boolean"}}
    }
    with pytest.raises(DiagnosticError) as raised:
        compile_expression("a.y > 1", attributes)
    assert [each.code.id for each in raised.value.diagnostics] == ["NBO134", "NBO309", "NBO203"]


# --- what to write instead ----------------------------------------------------------------------------------------------

ADVICE = [
    ("customer.agee > 1", "did you mean `customer.age`?", "是否想写 `customer.age`？"),
    ("age > 1", "did you mean `customer.age`?", "是否想写 `customer.age`？"),
    ("客户.年令 > 1", "did you mean `客户.年龄`?", "是否想写 `客户.年龄`？"),
    ("customer.status == actve", "did you mean `active`?", "是否想写 `active`？"),
    ("cuont(history) > 1", "did you mean `count`?", "是否想写 `count`？"),
    ('today > "2026-08-01"', 'a date is written `date("2026-08-01")`', '日期写作 `date("2026-08-01")`'),
    ("customer.age = 18", "write `==` instead of `=`", "请把 `=` 改成 `==`"),
    ("flag.a && flag.b", "write `and` instead of `&&`", "请把 `&&` 写成 `and`"),
    ("customer.age ≥ 18", "write `>=` instead of `≥`", "请把 `≥` 写成 `>=`"),
    (
        "customer.score > customer.age",
        "turn the exact one into a number with `to_number(…)`",
        "用 `to_number(…)` 把精确数转换为浮点数",
    ),
    ("call.tags == travel", "ask `value in set`, or `count(set) > 0`", "请写 `值 in 集合`，或 `count(集合) > 0`"),
    ("today < now", "take the day of a point in time with `date_of(…)`", "用 `date_of(…)` 取时间点的日期"),
    (
        "customer.age == None",
        "absence is asked by `is missing` or `is not missing`",
        "是否缺失要写 `is missing` 或 `is not missing`",
    ),
    ("customer.name == 'x", "the closing quote is missing", "缺少后引号"),
    ("customer.age > 18 or", "something is missing at the end", "末尾缺少内容"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "english", "chinese"), ADVICE)
def test_the_help_says_what_to_write(text: str, english: str, chinese: str) -> None:
    (found,) = mistakes(text)
    assert found.help("en") == english
    assert found.help("zh") == chinese


# --- in the file --------------------------------------------------------------------------------------------------------

WAYS = {
    "plain": ("offer: gold\nwhen: flag.a and customer.agee > 1\n", 2, 18),
    "flow": ("{offer: gold, when: flag.a and customer.agee > 1}\n", 1, 32),
    "single quotes": ("when: 'flag.a and customer.name != \"''\" and customer.agee > 1'\n", 1, 45),
    "double quotes": ('when: "flag.a and customer.name != \\"\\u0041\\" and customer.agee > 1"\n', 1, 51),
    "folded": ("when: >\n  flag.a and\n  flag.b and 客户.年龄 > 1\n  and customer.agee > 1\n", 4, 7),
    "literal": ("when: |\n    flag.a\n    and customer.agee > 1\n", 3, 9),
    "two plain lines": ("when: flag.a\n  and   customer.agee > 1\n", 2, 9),
    "wide characters before": ("when: 客户.年龄 > 1 and customer.agee > 1  # 注释\n", 1, 21),
    "a smile before": ('when: customer.name == "😀" and customer.agee > 1\n', 1, 32),
}


@pytest.mark.parametrize("way", WAYS)
def test_the_underlined_text_is_the_wrong_name(way: str) -> None:
    text, line, column = WAYS[way]
    assert in_file(text) == [("NBO203", "customer.agee", line, column)]


@pytest.mark.parametrize("way", WAYS)
def test_a_syntax_error_stands_where_it_is_in_the_file(way: str) -> None:
    text = WAYS[way][0].replace("customer.agee > 1", "customer.age ！ 1")
    ((code, underlined, line, column),) = in_file(text)
    assert (code, underlined) == ("NBO201", "！")
    assert text.split("\n")[line - 1][column - 1] == "！"


# --- results --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected", "code"),
    [
        ("customer.age", BOOLEAN, "NBO211"),
        ("flag.a", MONEY, "NBO211"),
        ("customer.ratio", MONEY, "NBO211"),
        ("account.limit", DECIMAL, "NBO211"),
        ("customer.score", DECIMAL, "NBO211"),
        ("active", BOOLEAN, "NBO212"),
    ],
)
def test_a_result_of_another_type_is_a_mistake(text: str, expected: Type, code: str) -> None:
    assert [each[0] for each in in_file(f"when: {text}\n", expected)] == [code]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("customer.age", DECIMAL),
        ("customer.age", RATE),
        ("5", RATE),
        ("5", MONEY),
        ("customer.fee_rate", DECIMAL),
        ("count(history)", DECIMAL),
    ],
)
def test_an_exact_result_becomes_the_type_that_is_needed(text: str, expected: Type) -> None:
    scalar = parse_yaml(SourceText("x", "x", f"when: {text}\n"))
    assert isinstance(scalar, Mapping)
    node = scalar["when"]
    assert isinstance(node, Scalar)
    expression = compile_scalar(node, dictionary("UTC"), ZONE, expected)
    values: list[object] = [None] * dictionary("UTC").width
    values[dictionary("UTC").attributes["customer.age"].slot] = 48
    result = expression.compiled(values)  # type: ignore[arg-type]  # a plain list will do
    assert result is None or type(result).__name__ == "Decimal"


# --- derived attributes -----------------------------------------------------------------------------------------------------


def test_a_derived_attribute_cannot_read_itself() -> None:
    attributes = {"a": {name: {"type": "integer", "derived": f"a.{reads} + 1"} for name, reads in ("xy", "yz", "zy")}}
    with pytest.raises(DiagnosticError) as raised:
        compile_expression("a.x > 1", attributes)
    (found,) = raised.value.diagnostics
    assert found.code.id == "NBO215"
    assert "a.y → a.z → a.y" in found.message()


def test_a_long_chain_of_derived_attributes_and_its_ingredient() -> None:
    """Two ways at every step: walking them all would take 2^800 steps, recursion 800 frames."""
    names = {
        f"{way}{step}": {"type": "integer", "derived": f"a.x{step - 1} + a.y{step - 1} - a.x{step - 1}"}
        for step in range(1, 800)
        for way in "xy"
    }
    attributes = {"a": {"x0": {"type": "integer"}, "y0": {"type": "integer"}, **dict(reversed(names.items()))}}
    condition = compile_expression("a.x799 > 1", attributes)
    assert condition.evaluate({"a": {"x0": 1, "y0": 2}}) is True
    assert condition.evaluate({"a": {"x0": 1}}) is UNKNOWN
    assert condition.missing({"a": {"x0": 1}}) == ("a.y0",)


def test_a_value_of_an_enum_may_not_have_the_alias_of_another() -> None:
    attributes = {"a": {"e": {"type": "enum", "values": {"A": {"alias": {"zh": "B"}}, "B": {}}}}}
    with pytest.raises(DiagnosticError, match="NBO308"):
        compile_expression("a.e == B", attributes)


@pytest.mark.parametrize("values", [["A", "A"], ["A", None], []])
def test_the_values_of_an_enum_are_told_apart(values: list[str | None]) -> None:
    with pytest.raises(DiagnosticError):
        compile_expression("a.e == A", {"a": {"e": {"type": "enum", "values": values}}})


def test_the_type_of_written_numbers_alone_does_not_depend_on_the_order_of_a_set() -> None:
    assert compile_expression("max(1, 2)", {}).type == "integer"
    assert compile_expression("max(1, 2.5)", {}).type == "decimal"
    assert compile_expression("between(1, 0, 0.5)", {}).type == "boolean"
