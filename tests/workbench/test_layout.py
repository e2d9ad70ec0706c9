"""The layout of a YAML file and the spacing of conditions: what changes, what stays, and that the meaning does."""

from __future__ import annotations

import doctest
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from nbo.diagnostics.place import SourceText
from nbo.source.nodes import Mapping, Node, Sequence
from nbo.source.yaml_file import parse_yaml
from nbo.workbench.rule_format import conditions, layout
from nbo.workbench.rule_format.conditions import spaced, tokens
from nbo.workbench.rule_format.layout import comments, laid_out


def values(text: str) -> Any:
    def plain(node: Node) -> Any:
        if isinstance(node, Mapping):
            return [(key, plain(child)) for key, child in node.items()]
        if isinstance(node, Sequence):
            return [plain(child) for child in node]
        return node.style, node.text

    return plain(parse_yaml(SourceText("file.yaml", "file.yaml", text)))


LAYOUTS = {
    "a list is indented below its key": ("a:\n- b\n- c\nd: e\n", "a:\n  - b\n  - c\nd: e\n"),
    "four spaces become two": ("a:\n    b:\n        - c\n", "a:\n  b:\n    - c\n"),
    "keys of an item stand below its first": (
        "-   a: 1\n    b:\n    -   c: 2\n        d: 3\n", "- a: 1\n  b:\n    - c: 2\n      d: 3\n"
    ),
    "lists in lists": ("- - a\n  -   b\n-\n  - c\n", "- - a\n  - b\n-\n  - c\n"),
    "brackets": ("a: { b:1 ,  c : [ x,y ] , d: {} }\n", "a: {b:1, c: [x, y], d: {}}\n"),
    "quoted keys": ('{"a":1, "b" :2}\n', '{"a": 1, "b": 2}\n'),
    "a value on the next line": ("a:\n b\n", "a:\n  b\n"),
    "blank lines": ("\n\na: 1\n\n\n\nb: 2   \n\n\n", "a: 1\n\nb: 2\n"),
    "no line break at the end": ("a: 1", "a: 1\n"),
    "tabs between tokens": ("a:\t1\nb: [1,\t2]\t# c\n", "a: 1\nb: [1, 2]\t# c\n"),
    "comments go with the line below": (
        "# top\na:\n# b\n- b\n   # odd\n- c\n# d\nd: 1\n#end", "# top\na:\n  # b\n  - b\n  # odd\n  - c\n# d\nd: 1\n#end\n"
    ),
    "a comment after a list stays in it": ("a:\n    - b\n    # more\nc: 1\n", "a:\n  - b\n  # more\nc: 1\n"),
    "a comment keeps its distance": ("a:   1    # one\nbb: 2   # two\n", "a: 1    # one\nbb: 2   # two\n"),
    "aligned behind a bracket": ("a:  {b: 1,\n       c: 2}\n", "a: {b: 1,\n    c: 2}\n"),
    "hanging brackets": ("a: [ # why\n b,\n     c,\n]\n", "a: [ # why\n  b,\n  c,\n  ]\n"),
    "hanging in hanging": ("- a: {\n   b: {\n c: 1}}\n", "- a: {\n    b: {\n      c: 1}}\n"),
    "block texts move": (
        "a:\n    - b: |\n         x\n           y\n\n         z\n", "a:\n  - b: |\n      x\n        y\n\n      z\n"
    ),
    "block texts with a header": ("a:   >-  # c\n     x\n\n\n# d\nb: |2\n    x\n", "a: >-  # c\n  x\n\n# d\nb: |2\n    x\n"),
    "a block text that keeps its end": ("a:\n    b: |+\n        x\n\n\n    c: 1\n", "a:\n  b: |+\n    x\n\n\n  c: 1\n"),
    "texts over several lines": ("a: b\n     c\n\n     d\ne: \"f\n  g\"\n", "a: b\n  c\n\n  d\ne: \"f\n  g\"\n"),
    "anchors": ("a:   &x   1\nb: *x\nc:\n    - &y\n      d: 1\n    - *y\n", "a: &x 1\nb: *x\nc:\n  - &y\n    d: 1\n  - *y\n"),
    "an alias as a key": ("{&a b: 1, c: {*a : 2}}\n", "{&a b: 1, c: {*a : 2}}\n"),
    "nothing as a value": ("a:\nb: {c: , d: }\ne:\n", "a:\nb: {c: , d: }\ne:\n"),
    "explicit keys": ("?   a\n:   b\n", "? a\n: b\n"),
    "a document's start": ("---\na:\n- b\n", "---\na:\n  - b\n"),
    "signs inside texts": ("a: 'b:  c,d'\ne: \"#  f\"\ng: h#i  j\n", "a: 'b:  c,d'\ne: \"#  f\"\ng: h#i  j\n"),
    "Chinese": ("客户:\n- {zh:  你好， en: 'x'}\n".replace("， ", ", "), "客户:\n  - {zh: 你好, en: 'x'}\n"),
}  # fmt: skip


@pytest.mark.parametrize(("before", "after"), LAYOUTS.values(), ids=LAYOUTS)
def test_a_layout_is_settled_and_nothing_else_changes(before: str, after: str) -> None:
    assert laid_out(before) == after
    assert laid_out(after) == after
    assert values(before) == values(after)
    assert comments(before) == comments(after)


TEXTS = st.text("ab:#-,[]{}&*!|>'\"%@` \n\\é客", max_size=12)
DATA = st.recursive(
    TEXTS | st.integers() | st.booleans() | st.none(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4),
    max_leaves=12,
)


@settings(max_examples=300)
@given(
    data=st.dictionaries(TEXTS, DATA, min_size=1, max_size=4),
    indent=st.integers(2, 6),
    width=st.sampled_from([10, 40, 200]),
    flow=st.sampled_from([None, True, False]),
    style=st.sampled_from([None, "'", '"', "|", ">"]),
)
def test_whatever_yaml_says_it_says_the_same_in_the_settled_layout(
    data: Any, indent: int, width: int, flow: bool | None, style: str | None
) -> None:
    text = yaml.safe_dump(
        data, indent=indent, width=width, default_flow_style=flow, default_style=style, allow_unicode=True
    )
    text = text.replace("!!int ", "").replace("!!bool ", "").replace("!!null ", "")
    settled = laid_out(text)
    assert yaml.load(settled, yaml.CBaseLoader) == yaml.load(text, yaml.CBaseLoader)  # noqa: S506 - texts only
    assert laid_out(settled) == settled


# --- conditions -------------------------------------------------------------------------------------------------------

CONDITIONS = [
    ("a>=1", "a >= 1"),
    ("a  and   b or  not c", "a and b or not c"),
    ("a ==-1 and b- -2>+ c", "a == -1 and b - -2 > +c"),
    ("customer.risk_grade in[A ,B,C]", "customer.risk_grade in [A, B, C]"),
    ("a not   in [ x ]", "a not in [x]"),
    ("any (history,it.a==b and(it.c<d))", "any(history, it.a == b and (it.c < d))"),
    ("18<=a<=60", "18 <= a <= 60"),
    ("a is  not missing", "a is not missing"),
    ("a == \"x  ,y>=1\"or b=='and  or'", "a == \"x  ,y>=1\" or b == 'and  or'"),
    ("a*0.30/(b+1)-c", "a * 0.30 / (b + 1) - c"),
    ("客户.年龄>=18", "客户.年龄 >= 18"),
    ("not(a)", "not (a)"),
    ("today-days( 30 )", "today - days(30)"),
]


@pytest.mark.parametrize(("before", "after"), CONDITIONS)
def test_a_condition_is_spaced(before: str, after: str) -> None:
    assert spaced(before) == after
    assert spaced(after) == after
    assert tokens(before) == tokens(after)


@given(st.text(" ab.1<>=!+-*/()[],'\"客", max_size=30))
def test_spacing_keeps_the_tokens_and_is_settled_at_once(text: str) -> None:
    assert tokens(spaced(text)) == tokens(text)
    assert spaced(spaced(text)) == spaced(text)


@pytest.mark.parametrize("module", [conditions, layout])
def test_the_examples_of_the_docstrings_hold(module: Any) -> None:
    assert doctest.testmod(module).failed == 0
