"""Conditions from people who mean harm: nothing runs, nothing crashes, nothing takes long, and every refusal has a place."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator

import pytest
from corpus_reader import compiled
from hypothesis import example, given, settings
from hypothesis import strategies as st

from nbo import DiagnosticError, compile_expression
from nbo.diagnostics.diagnostic import Diagnostic
from nbo.diagnostics.render import render_text
from nbo.language.parse import DEEPEST, DEEPEST_BRACKETS, LONGEST, MOST_OPERATORS

SECONDS = 5.0  # the slowest takes a tenth of that; a slip back to exponential time takes forever


@pytest.fixture(autouse=True)
def _in_bounded_time() -> Iterator[None]:
    start = time.process_time()
    yield
    assert time.process_time() - start < SECONDS


def refusal(text: str) -> list[Diagnostic]:
    with pytest.raises(DiagnosticError) as raised:
        compiled(text, "Asia/Shanghai")
    found = list(raised.value.diagnostics)
    assert found
    for each in found:
        assert each.span is not None
        assert 0 <= each.span.start <= each.span.end <= len(text)
        assert each.span.end > each.span.start or not text.strip()
        for language in ("en", "zh"):
            assert len(each.message(language)) < 1_000
            assert len(each.help(language) or "") < 3_000
    assert len(render_text(found)) < 20_000
    return found


INJECTIONS = [
    "__import__('os').system('true')",
    '__import__("os")',
    "eval('1')",
    "exec('1')",
    "open('/etc/passwd')",
    "globals()",
    "customer.__class__",
    "customer.age.__class__.__mro__",
    "().__class__.__bases__[0].__subclasses__()",
    "(1).__class__",
    "'a'.__class__",
    "'a'.format(customer.age)",
    "customer.name.upper() == 'A'",
    "any.__globals__",
    "lambda: 1",
    "(lambda x: x)(1)",
    "[x for x in history]",
    "{x for x in history}",
    "{x: x for x in history}",
    "(x for x in history)",
    "any(x for x in history)",
    "sum([1, 2])",
    "f'{customer.name}'",
    "f'{__import__(\"os\")}' == customer.name",
    "rf'{customer.age}'",
    "b'a' == customer.name",
    "r'a' == customer.name",
    "u'a' == customer.name",
    "B'a'",
    "(x := 5)",
    "x := 5",
    "any(history, (x := it.open))",
    "customer.age = 5",
    "customer.age == 18; flag.a",
    "customer.age >= 18 # comment",
    "customer.age >= 18 \\\n and flag.a",
    "customer.name == 'a\\x41'",
    "customer.name == '\\N{BULLET}'",
    "customer.name == '''a'''",
    'customer.name == """a"""',
    "customer.name == 'a' 'b'",
    "customer.name == ('a' 'b')",
    "customer.name == 'a\nb'",
    "customer.name == 'it''s'",
    "customer.name == 'a",
    "customer.name == \"a'",
    "`customer.age`",
    "customer.age >= 18\x00",
    "customer.name == 'a\x00b'",
    "\x00",
    "customer.name == '\ud800'",
    "customer.\ud800 > 1",
    "\udcff",
    "customer.age > 1e5",
    "customer.age > 1_000",
    "customer.age > 0x10",
    "customer.age > 0o7",
    "customer.age > 0b1",
    "customer.age > 1j",
    "customer.age > 1.",
    "customer.age > .5",
    "customer.age > 00",
    "customer.age > 1if flag.a else 2",
    "customer.age > nan",
    "customer.age > inf",
    "customer.age > Infinity",
    "customer.age > 10**10**10",
    "10**10**10 > 1",
    "customer.age << 1000000000 > 0",
    "customer.name * 1000000000 == 'a'",
    "'a' * 1000000000 == customer.name",
    "customer.age @ customer.age > 1",
    "~customer.age > 1",
    "customer.age & 1 == 1",
    "customer.age[0] > 1",
    "history[0].open",
    "history[0:1]",
    "history.open",
    "*history",
    "min(*history)",
    "round(**history)",
    "min(customer.age, key=customer.age)",
    "await flag.a",
    "(yield flag.a)",
    "(yield)",
    "not",
    "...",
    "None",
    "True",
    "it",
    "it.open",
    "any",
    "any(history, it)",
    "any(history, it.open.real)",
    "any(it, it.open)",
    "date('2026-01-01').year > 1",
    "date(date('2026-01-01'))",
    "time('21:00Z') > call.local_time",
    "time('21:00+08:00') > call.local_time",
    "__builtins__",
    "print(1)",
    "\u202ecustomer.age > 1",
    "customer.age\u200b > 1",
    "customer．age > 1",
    "customer.age > ²",
    "customer.age > Ⅷ",
    "customer.age > ٣",
]


@pytest.mark.parametrize("text", INJECTIONS, ids=ascii)
def test_what_is_not_of_the_language_is_refused_where_it_stands(text: str) -> None:
    refusal(text)


def test_a_name_in_full_width_letters_is_the_name() -> None:
    """Python reads identifiers in NFKC, so this is no second attribute that a check could miss."""
    assert compiled("ｃustomer.age > 1", "UTC").expression.reads[0].name == "customer.age"


TOO_MUCH: dict[str, Callable[[int], str]] = {
    "parentheses": lambda n: "(" * n + "flag.a" + ")" * n,
    "open parentheses": lambda n: "(" * n,
    "lists": lambda n: "customer.age in " + "[" * n + "1" + "]" * n,
    "braces": lambda n: "{" * n,
    "calls": lambda n: "abs(" * n + "customer.age" + ")" * n + " > 1",
    "counts": lambda n: "count(" * n + "call.tags" + ")" * n + " > 1",
    "defaults": lambda n: "default(" * n + "flag.a" + ", flag.b)" * n,
    "indices": lambda n: "a[" * n + "1" + "]" * n,
    "not": lambda n: "not " * n + "flag.a",
    "not and brackets": lambda n: "not (" * n + "flag.a" + ")" * n,
    "minus": lambda n: "-" * n + "customer.age > 1",
    "plus": lambda n: "customer.age" + " + 1" * n + " > 1",
    "times": lambda n: "customer.ratio" + " * customer.ratio" * n + " > 1",
    "or": lambda n: "flag.a" + " or flag.a" * n,
    "and or": lambda n: "flag.a" + " and flag.b or flag.c" * n,
    "comparisons": lambda n: "customer.age" + " < customer.age" * n,
    "in": lambda n: "1" + " in [1]" * n,
    "dots": lambda n: "customer" + ".age" * n + " > 1",
    "dots and spaces": lambda n: "customer" + " .age" * n + " > 1",
    "called again": lambda n: "any" + "()" * n,
    "if else": lambda n: "1 if 1 else " * n + "1",
    "1if 1else": lambda n: "1if 1else " * n + "1",
    "lambdas": lambda n: "lambda: " * n + "1",
    "loops": lambda n: "[x for x in " * n + "a" + "]" * n,
    "powers": lambda n: "2**" * n + "2",
    "texts": lambda n: "'a' " * n + "== customer.name",
    "commas": lambda n: "min(" + "customer.age, customer.age, customer.age, " * n + "1) > 1",
    "stars": lambda n: "*" * n + "a",
    "tildes": lambda n: "~" * n + "customer.age",
    "awaits": lambda n: "await " * n + "a",
    "f-strings": lambda n: "f'{" * n + "1" + "}'" * n,
    "quotes": lambda n: "'" * n,
    "double quotes": lambda n: '"' * n,
    "backslashes": lambda n: "\\" * n,
    "digits": lambda n: "9" * n + " > customer.age",
    "dotted digits": lambda n: "1." * n + "1 > customer.age",
    "percent": lambda n: "1 %" * n,
    "one percent": lambda n: "1" * n + "%",
    "spaces": lambda n: "flag.a" + " " * n + "flag.b",
    "wide commas": lambda n: "，" * n,
    "wide commas in a text": lambda n: f"customer.name == '{'，' * n}' =",
    "equals signs": lambda n: "=" * n,
    "newlines": lambda n: "flag.a\n" * n,
    "combining": lambda n: "customer.age > 1" + "\u0301" * n,
    "long name": lambda n: "a" * n + " > 1",
    "long attribute": lambda n: "customer." + "a" * n + " > 1",
    "long value": lambda n: "customer.status == " + "a" * n,
    "long function": lambda n: "a" * n + "(1)",
    "long text": lambda n: f"customer.status == '{'a' * n}'",
}


@pytest.mark.parametrize("shape", TOO_MUCH)
@pytest.mark.parametrize("count", [10_000, 601])
def test_too_much_of_anything_is_refused(shape: str, count: int) -> None:
    refusal(TOO_MUCH[shape](count)[:1_000_000])


@pytest.mark.parametrize("shape", TOO_MUCH)
def test_a_megabyte_of_anything_is_refused(shape: str) -> None:
    unit = len(TOO_MUCH[shape](1))
    refusal((TOO_MUCH[shape](1_000_000 // unit + 1))[:1_000_000])


def test_the_bounds_leave_room_for_real_conditions() -> None:
    assert compiled(" or ".join(["customer.age > 18"] * 290), "UTC").type == "boolean"
    assert compiled("customer.age in [" + ", ".join(map(str, range(3_000))) + "]", "UTC").type == "boolean"
    assert compiled("(" * 29 + "flag.a" + ")" * 29, "UTC").type == "boolean"
    assert compiled("customer.age" + " + 1" * 55 + " > 1", "UTC").type == "boolean"
    assert compiled(" " * (LONGEST - 6) + "flag.a", "UTC").type == "boolean"


@pytest.mark.parametrize(
    ("text", "limit"),
    [
        ("flag.a" + " " * LONGEST, LONGEST),
        ("(" * (DEEPEST_BRACKETS + 1), DEEPEST_BRACKETS),
        ("-" * (MOST_OPERATORS + 1), MOST_OPERATORS),
        ("customer.age" + " + 1" * DEEPEST + " > 1", DEEPEST),
    ],
)
def test_a_bound_says_which_it_is(text: str, limit: int) -> None:
    (found,) = refusal(text)
    assert found.code.id == "NBO210"
    assert str(limit) in found.message()


@pytest.mark.parametrize(
    "nest",
    [
        lambda inner: f"true == ({inner}) == true",
        lambda inner: f"({inner}) in [flag.a, flag.b]",
        lambda inner: f"({inner}) in [true, false]",
        lambda inner: f"flag.a == ({inner}) != flag.b",
    ],
)
def test_a_part_that_stands_in_two_comparisons_does_not_double_at_every_level(nest: Callable[[str], str]) -> None:
    """Shared operands would make a small text a tree of 2^28 nodes."""
    text = "flag.a"
    for _ in range(28):
        text = nest(text)
    try:
        condition = compiled(text, "UTC")
    except DiagnosticError as error:
        assert {each.code.id for each in error.diagnostics} == {"NBO210"}  # noqa: PT017 - either is fine
    else:
        assert condition.evaluate({"flag": {"a": True, "b": False}}) in (True, False)


def test_products_that_no_amount_can_hold() -> None:
    (found,) = refusal(" * ".join(["customer.ratio"] * 25) + " > 1")
    assert found.code.id == "NBO210"
    assert compiled(" * ".join(["customer.ratio"] * 24) + " > 1", "UTC").evaluate(
        {"customer": {"ratio": "999999999999999999.9999999999"}}
    )


def test_no_python_warning_escapes() -> None:
    """The suite turns warnings into errors, so these would fail by themselves."""
    for text in (
        "1 is missing",
        "'a' is missing",
        "1 in [1]",
        "not 1 == 1",
        "(1)(2)",
        "1 is 1",
        "1and flag.a",
        "0x1for x in y",
    ):
        try:
            compiled(text, "UTC")
        except DiagnosticError:
            continue


# --- a thread with a small stack -------------------------------------------------------------------------------------------

# every shape at the very edge of the bounds
EDGE = f"""
import sys, threading
from nbo import DiagnosticError, compile_expression
n, b = {MOST_OPERATORS}, {DEEPEST_BRACKETS}
TEXTS = [
    "not " * n + "x.a", "-" * n + "x.a", "(" * b + "x.a" + ")" * b, "not (" * b + "x.a" + ")" * b,
    "[" * b + "1" + "]" * b, "{{" * b + "1" + "}}" * b, "x[" * b + "1" + "]" * b, "min(" * b + "1" + ")" * b,
    "lambda: " * (n // 2) + "1", "1 if 1 else " * (n // 2) + "1", "2**" * (n // 2) + "2",
    "(not [lambda: -(a if b else (" * (b // 3), "[x for x in " * b + "y" + "]" * b,
    ("not " * 18 + "(") * b + "x.a" + ")" * b, ("-" * 18 + "[") * b + "1" + "]" * b,
    "x.a" + " + x.a" * (n - 1), "x.a" + " < x.a" * (n - 1), "x.a" + " or x.a" * (n - 1), "x.a" + " .a" * (n - 1),
    "(" * b + "x.a" + ")" * b + " and " + "not " * 500 + "x.a", "default(" * b + "x.a" + ", x.b)" * b,
]
def run():
    for text in TEXTS:
        try:
            compile_expression(text, {{"x": {{"a": {{"type": "boolean"}}, "b": {{"type": "boolean"}}}}}}).function({{}})
        except DiagnosticError:
            pass
    print("alive")
threading.stack_size(256 * 1024)
thread = threading.Thread(target=run)
thread.start()
thread.join()
"""


def test_a_thread_with_256_kb_of_stack_survives_the_edge_of_every_bound() -> None:
    """Python's parser uses the C stack: 200 brackets, which it allows, crash the process here."""
    finished = subprocess.run([sys.executable, "-c", EDGE], capture_output=True, text=True, timeout=60, check=False)
    assert finished.stdout.strip() == "alive", (finished.returncode, finished.stderr[-500:])


def test_compiling_in_many_threads_gives_the_same(recwarn: pytest.WarningsRecorder) -> None:
    results: list[object] = []
    attributes = {"customer": {"alias": {"zh": "客户"}, "age": {"type": "integer", "alias": {"zh": "年龄"}}}}

    def run() -> None:
        for _ in range(20):
            condition = compile_expression("客户.年龄 >= 18", attributes)
            results.append(condition.function({"customer": {"age": 18}}))

    threads = [threading.Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results == [True] * 80
    assert not recwarn.list


# --- generated nonsense ------------------------------------------------------------------------------------------------------

TOKENS = st.sampled_from([
    "customer.age", "flag.a", "history", "it", "it.open", "any", "count", "default", "(", ")", "[", "]", "{", "}", ",", ".", "..",
    "and", "or", "not", "in", "is", "missing", "==", "!=", "<", "<=", "=", "+", "-", "*", "**", "/", "//", "%", ":", ":=", ";",
    "@", "1", "0.5", "1e5", "01", "'a'", '"', "'", "\\", "#", "lambda", "if", "else", "for", "yield", "await", "f",
    "客户", "，", "“",
    "\u3000", "\n", "\t", "\x00", "\ud800", "😀", "e\u0301", "None", "True", "~", "&", "|", "^", "->", "?", "!", "$", "`",
])  # fmt: skip


@settings(max_examples=500)
@given(st.lists(TOKENS, max_size=12), st.sampled_from(["", " "]))
@example(["any", "(", "history", ",", "it", ")"], "")
def test_any_heap_of_tokens_is_a_condition_or_a_finding_with_a_place(tokens: list[str], gap: str) -> None:
    text = gap.join(tokens)
    try:
        compiled(text, "UTC")
    except DiagnosticError:
        refusal(text)


@settings(max_examples=300)
@given(st.text(max_size=30))
def test_any_text_is_a_condition_or_a_finding_with_a_place(text: str) -> None:
    try:
        compiled(text, "UTC")
    except DiagnosticError:
        refusal(text)
