"""Every value, key and part of an expression knows where it stands in the file."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nbo import DiagnosticError
from nbo.diagnostics.place import SourceText
from nbo.source.nodes import Mapping, Node, Scalar, Sequence, from_plain, to_plain
from nbo.source.yaml_file import parse_yaml


def read(text: str) -> Mapping:
    node = parse_yaml(SourceText("rules.yaml", "rules.yaml", text))
    assert isinstance(node, Mapping)
    return node


def scalar(text: str, key: str = "when") -> Scalar:
    node = read(text)[key]
    assert isinstance(node, Scalar)
    return node


def underlined(text: str, part: str, key: str = "when") -> list[str]:
    """What each occurrence of `part` in the value's content underlines in the file."""
    value = scalar(text, key)
    places = [start for start in range(len(value.text)) if value.text.startswith(part, start)]
    return [value.part(start, start + len(part)).text for start in places]


EXPRESSION = 'customer.age >= 18 and customer.name == "李"'

WAYS_TO_WRITE = {
    "plain": f"when: {EXPRESSION}\n",
    "plain with a comment": f"when: {EXPRESSION}  # why\n",
    "plain with an anchor": f"when: &when {EXPRESSION}\n",
    "single quotes with an anchor": f"when: &when\n  '{EXPRESSION}'\n",
    "plain before a space that is none to YAML": f"when: {EXPRESSION}\xa0\n",
    "plain, folded": 'when: customer.age >= 18\n  and\n    customer.name == "李"\n',
    "plain, folded, with CRLF": 'when: customer.age >= 18\r\n  and customer.name == "李"\r\n',
    "single quotes": f"when: '{EXPRESSION}'\n",
    "single quotes, folded": "when: 'customer.age >= 18 and\n  customer.name == \"李\"'\n",
    "double quotes": 'when: "customer.age >= 18 and customer.name == \\"李\\""\n',
    "double quotes with escapes": 'when: "\\u0020customer.age\\x20>= 18\\tand customer.name == \\"\\u674E\\""\n',
    "double quotes, escaped line break": 'when: "customer.age >= 18 \\\n   and customer.name == \\"李\\""\n',
    "double quotes, folded": 'when: "customer.age >= 18\n   and customer.name == \\"李\\""\n',
    "literal": 'when: |\n  customer.age >= 18\n  and customer.name == "李"\n',
    "literal after a line separator": f"when: |-\n  \u2028  {EXPRESSION}\n",
    "literal, stripped, deeper inside": 'when: |-\n    customer.age >= 18\n      and customer.name == "李"\n\n',
    "literal with an indentation": 'when: |2-\n    customer.age >= 18 and customer.name == "李"\n',
    "folded": 'when: >\n  customer.age >= 18\n  and customer.name == "李"\n',
    "folded, kept": 'when: >+  # a comment\n  customer.age >= 18\n\n  and customer.name == "李"\n\n\n',
    "in brackets": f"{{when: '{EXPRESSION}', then: x}}\n",
}


@pytest.mark.parametrize("way", WAYS_TO_WRITE)
def test_a_part_of_an_expression_underlines_itself(way: str) -> None:
    text = WAYS_TO_WRITE[way]
    for part in ("customer.age", ">=", "18", "and", "customer.name", "=="):
        assert underlined(text, part) == [part]
    name = underlined(text, '"李"')[0]
    assert name in ('"李"', '\\"李\\"', '\\"\\u674E\\"')


@pytest.mark.parametrize("way", WAYS_TO_WRITE)
def test_the_columns_are_those_of_the_file(way: str) -> None:
    text = WAYS_TO_WRITE[way]
    value = scalar(text)
    start = value.text.index("customer.name")
    span = value.part(start, start + len("customer.name"))
    line = text.replace("\r\n", "\n").split("\n")[span.line - 1]
    assert line[span.column - 1 :].startswith("customer.name")


def test_a_part_over_two_lines_underlines_both() -> None:
    value = scalar("when: a\n  and b\n")
    assert value.part(0, len(value.text)).text == "a\n  and b"


def test_quotes_inside_single_quotes_count_as_one() -> None:
    assert underlined("when: 'it''s >= 18'\n", ">=") == [">="]
    assert underlined("when: 'it''s >= 18'\n", "'") == ["''"]


def test_a_part_past_the_end_is_an_empty_place_after_the_text() -> None:
    for text in ("when: abc\n", "when: 'abc'\n", 'when: "abc"\n', "when: |\n  abc\n"):
        span = scalar(text).part(50, 51)
        assert span.text == ""
        assert span.source.text[: span.start].rstrip().endswith("abc")


def test_spans_of_keys_and_values() -> None:
    text = "customer:\n  age: {type: integer}   # years\n  'the name':\n    - a\n    - [b, c]\n\n# the end\nlast: |\n  x\n\n"
    node = read(text)
    customer = node["customer"]
    assert isinstance(customer, Mapping)
    assert node.keys_at["customer"].text == "customer"
    assert customer.keys_at["the name"].text == "'the name'"
    assert customer["age"].span.text == "{type: integer}"
    names = customer["the name"]
    assert isinstance(names, Sequence)
    assert [each.span.text for each in names] == ["a", "[b, c]"]
    assert names.span.text == "- a\n    - [b, c]"
    assert customer.span.text.startswith("age:")
    assert customer.span.text.endswith("[b, c]"), "comments and empty lines after a block are not part of it"
    assert node["last"].span.text == "|\n  x"
    assert (node.keys_at["last"].line, node.keys_at["last"].column) == (8, 1)


def test_a_null_value_has_a_place() -> None:
    node = read("a:\nb: ~\n")
    assert node["a"].span.line == 1
    assert node["a"].span.text == ""
    assert node["b"].span.text == "~"
    assert all(isinstance(each, Scalar) and each.is_null for each in node.values())


def test_the_place_of_an_alias_is_where_its_value_was_written() -> None:
    node = read("a: &x [1, 2]\nb: *x\n")
    assert node["b"] is node["a"]


def test_yaml_12_scalars() -> None:
    node = read(
        "{a: NO, b: 012, c: '1', d: 1.50, e: true, f: True, g: ~, h: 12:30, i: 2026-08-01, j: 1e3, k: -7, l: 0x1F, m: .5}"
    )
    assert to_plain(node) == {
        "a": "NO", "b": 12, "c": "1", "d": Decimal("1.50"), "e": True, "f": "True", "g": None, "h": "12:30",
        "i": "2026-08-01", "j": Decimal("1e3"), "k": -7, "l": "0x1F", "m": Decimal(".5"),
    }  # fmt: skip
    assert str(to_plain(node["d"])) == "1.50"


def test_plain_values_become_nodes_with_a_place() -> None:
    node = from_plain({"a": [1, True, None, Decimal("0.0060"), {"b": "x"}, {"z", "y"}]})
    assert to_plain(node) == {"a": [1, True, None, Decimal("0.0060"), {"b": "x"}, ["y", "z"]]}
    assert isinstance(node, Mapping)
    items = node["a"]
    assert isinstance(items, Sequence)
    assert items[3].span.text == "0.0060"
    assert str(items[0].span) == "values.a[0]:1:1"


def _around() -> dict[str, object]:
    around: dict[str, object] = {}
    around["a"] = around["b"] = around
    return around


def _levels(count: int) -> object:
    value: object = 1
    for _ in range(count):
        value = [value]
    return value


@pytest.mark.parametrize(
    ("value", "code"),
    [(_around(), "NBO110"), (_levels(100_000), "NBO110"), ([[1] * 1_000] * 501, "NBO111")],
    ids=["itself", "deep", "large"],
)
def test_plain_values_have_the_bounds_of_a_file(value: object, code: str) -> None:
    with pytest.raises(DiagnosticError) as raised:
        from_plain(value)
    assert [each.code.id for each in raised.value.diagnostics] == [code]


@pytest.mark.parametrize(
    "value",
    [10**5_000, -(10**5_000), Decimal("1E+999999999"), Decimal("1E-999999999")],
    ids=["integer", "negative", "large", "small"],
)
def test_a_number_that_would_fill_the_memory_is_not_written_out(value: object) -> None:
    node = from_plain(value)
    assert isinstance(node, Scalar)
    assert len(node.text) < 10_000
    assert isinstance(to_plain(node), str | Decimal)


# --- generated ---------------------------------------------------------------------------------------------------------

WORDS = st.sampled_from(
    ["customer.age", ">=", "18", "客户.年龄", "==", "'x'", '"y"', "it's", "\\", "(b)", "[A, B]", "😀", "or"]
)
GAPS = st.sampled_from(
    [" ", "  ", "\n    ", "\n\n    ", "\n      ", "  \n   ", "\r\n    ", "\n\n\n    ", " \n \n    ", "\t "]
)


def written_as(style: str, words: list[str], gaps: list[str]) -> str:
    body = "".join(word + gap for word, gap in zip(words, gaps, strict=True)).rstrip()
    if style == "plain":
        return f"when: a {body}\nlast: 1\n"
    if style == "'":
        return "when: '" + body.replace("'", "''") + "'\nlast: 1\n"
    if style == '"':
        return 'when: "' + body.replace("\\", "\\\\").replace('"', '\\"').replace("年", "\\u5e74") + '"\nlast: 1\n'
    lines = body.replace("\r", "").split("\n")
    return (
        f"when: {style}\n"
        + "\n".join("  " + line[4:] if line[:4].isspace() else "  " + line for line in lines)
        + "\nlast: 1\n"
    )


@settings(max_examples=200)
@given(
    st.sampled_from(["plain", "'", '"', "|", ">", "|-", ">+", "|2"]),
    st.lists(st.tuples(WORDS, GAPS), min_size=1, max_size=8),
)
def test_every_character_stands_where_it_says(style: str, parts: list[tuple[str, str]]) -> None:
    text = written_as(style, [word for word, _ in parts], [gap for _, gap in parts])
    try:
        value = scalar(text)
    except DiagnosticError:
        return  # not YAML in this style
    before = -1
    for index, character in enumerate(value.text):
        span = value.part(index, index + 1)
        assert span.start >= before
        before = span.start
        if character.isspace():
            assert text[span.start : span.start + 1].strip() in ("", "\\", value.style)
        else:
            assert span.text in (character, "''" if character == "'" else f"\\{character}", "\\u5e74")


def test_every_kind_of_node_has_a_span() -> None:
    def all_nodes(node: Node) -> list[Node]:
        below = list(node.values()) if isinstance(node, Mapping) else list(node) if isinstance(node, Sequence) else []
        return [node, *(each for child in below for each in all_nodes(child))]

    text = "a: {b: [1, {c: d}]}\ne:\n  - f: >\n      g\n"
    assert all(node.span.text in text for node in all_nodes(read(text)))
