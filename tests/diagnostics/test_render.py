"""How findings are shown: the line, the underline under what is meant, the help; as text and as JSON, in two languages."""

from __future__ import annotations

import json
import shutil
import unicodedata
from datetime import datetime
from pathlib import Path

import pytest

import nbo
from nbo.diagnostics import catalog
from nbo.diagnostics.diagnostic import Code, Diagnostic, DiagnosticError, Severity, Text
from nbo.diagnostics.place import SourceText, Span
from nbo.diagnostics.render import render_json, render_text, summary, to_dict
from nbo.diagnostics.suggest import nearest
from nbo.language.expression import compile_expression

BASE = Path(__file__).parent / "base"
AT = datetime.fromisoformat("2026-11-16T10:30:00+08:00")


def finding(text: str, part: str, code: Code = catalog.NOTHING_WRITTEN) -> Diagnostic:
    """A finding about the first occurrence of a part of a text."""
    start = text.index(part)
    return code.at(Span(SourceText("offers/gold.yaml", "rules/offers/gold.yaml", text), start, start + len(part)))


def columns(text: str) -> int:
    """Terminal columns: an independent count, by the Unicode standard's own widths."""
    return sum(
        2 if unicodedata.east_asian_width(each) in ("W", "F") else 1 for each in text if not unicodedata.combining(each)
    )


def underlined(diagnostic: Diagnostic) -> str:
    """What stands above the carets, cut out of the snippet by terminal columns."""
    _, line, carets, *_ = render_text([diagnostic]).splitlines()
    assert set(carets.partition("|")[2]) <= {" ", "^"}
    first, last = columns(carets[: carets.index("^")]), columns(carets)
    shown, column = "", 0
    for character in line:
        if first <= column < last:
            shown += character
        column += columns(character)
    return shown


# --- text -------------------------------------------------------------------------------------------------------------


def test_a_block_has_place_code_message_snippet_and_help() -> None:
    text = "offer: gold\npriority:\n"
    assert render_text([finding(text, "priority")]) == (
        "rules/offers/gold.yaml:2:1: error[NBO135]: nothing is written here\n"
        "  2 | priority:\n"
        "    | ^^^^^^^^\n"
        "  help: write a value, or remove the key\n"
    )


def test_blocks_are_parted_by_an_empty_line_and_a_finding_may_have_no_help() -> None:
    first, second = finding("a: b", "a"), finding("a: b", "b", catalog.WRONG_SHAPE)
    second = Diagnostic(second.code, second.span, {"expected": "more"}, None)
    assert render_text([first, second]).split("\n\n")[1] == (
        "rules/offers/gold.yaml:1:4: error[NBO132]: expected more here\n  1 | a: b\n    |    ^\n"
    )


@pytest.mark.parametrize(
    ("line", "part"),
    [
        ("  - customer.age >= 18 and customer.tnure > 6", "customer.tnure"),
        ("  - 客户.年龄 >= 18 and customer.tnure > 6", "customer.tnure"),
        ("  - 客户.年龄 >= 18", "客户.年龄"),
        ("  - ｆｕｌｌ　ｗｉｄｔｈ and half", "half"),
        ("  - 한국어 ひらがな and half", "half"),
        ("  - cafe\u0301 and half", "half"),
        ("  - 🙂 and half", "half"),
        ("\t- tab\tand half", "half"),
        ("last", "last"),
    ],
)
def test_the_underline_stands_under_what_is_meant(line: str, part: str) -> None:
    assert underlined(finding(f"above: x\n{line}\nbelow: y\n", part)) == part


def test_a_tab_is_one_column_in_the_place_and_a_space_in_the_snippet() -> None:
    shown = render_text([finding("\tkey:\tvalue\n", "value")])
    assert "gold.yaml:1:7:" in shown
    assert "  1 |  key: value\n" in shown


@pytest.mark.parametrize("before", [0, 1, 70, 81, 159, 160, 161, 5_000, 200_000])
@pytest.mark.parametrize("after", [0, 1, 200, 5_000])
def test_a_very_long_line_is_cut_around_the_place(before: int, after: int) -> None:
    diagnostic = finding("x" * before + "HERE" + "y" * after, "HERE")
    line = render_text([diagnostic]).splitlines()[1]
    assert columns(line) <= 180
    assert underlined(diagnostic) == "HERE"
    assert ("…x" in line) == (before > 0 and before + 4 + after > 160 and before > 80)
    assert line.endswith("…") == (after > 100 and before + 4 + after > 160)


def test_a_long_underline_ends_with_the_line_that_is_shown() -> None:
    line, carets = render_text([finding("x" * 5_000, "x" * 5_000)]).splitlines()[1:3]
    assert columns(carets) <= columns(line)


def test_a_span_over_several_lines_is_underlined_to_the_end_of_the_first() -> None:
    assert underlined(finding("a:\n  b: 1\n  c: 2\n", "b: 1\n  c: 2")) == "b: 1"


def test_no_character_of_a_file_commands_the_terminal() -> None:
    shown = render_text([finding("a\x1b[31m\x07\u202e\u2028b: HERE\n", "HERE")])
    assert all(each.isprintable() or each == "\n" for each in shown)
    assert underlined(finding("a\x1b[31m\x07b: HERE\n", "HERE")) == "HERE"
    message = catalog.UNKNOWN_KEY.at(None, key="\x1b[2Jkey\nover\ttwo lines", known="").message()
    assert message == "unknown key `�[2Jkey over two lines`"


def test_user_text_in_a_message_is_short_and_advice_is_whole() -> None:
    diagnostic = catalog.UNKNOWN_KEY.at(None, key="k" * 500, known=", ".join(f"key_{number}" for number in range(40)))
    assert len(diagnostic.message()) < 140
    assert str(diagnostic.help()).endswith("key_39")


def test_places_at_the_edges_of_a_file_are_shown() -> None:
    empty = SourceText("gold.yaml", "gold.yaml", "")
    assert render_text([catalog.EMPTY_FILE.at(Span(empty, 0, 0))]).splitlines()[0].startswith("gold.yaml:1:1: ")
    at_end = SourceText("gold.yaml", "gold.yaml", "a: [")
    assert render_text([catalog.EMPTY_FILE.at(Span(at_end, 4, 4))]).splitlines()[2] == "    |     ^"
    blank = SourceText("gold.yaml", "gold.yaml", "a: b\n\n")
    assert len(render_text([catalog.EMPTY_FILE.at(Span(blank, 5, 5))]).splitlines()) == 2
    assert render_text([catalog.PACK_FILE_ABSENT.at(None, path="rules")]).startswith("error[NBO123]: there is no")


def test_windows_line_ends_do_not_show() -> None:
    shown = render_text([finding("a: b\r\npriority:\r\n", "priority")])
    assert "\r" not in shown
    assert "gold.yaml:2:1:" in shown


def test_chinese_is_chosen_when_the_finding_is_read() -> None:
    diagnostic = finding("priority:", "priority")
    assert render_text([diagnostic], "zh").splitlines()[0].endswith("error[NBO135]: 此处没有写内容")
    assert render_text([diagnostic], "zh").splitlines()[-1] == "  建议: 请写上内容，或删除这个键"
    inner = catalog.WRONG_SHAPE.at(None, expected=Text("a list", "列表"))
    assert (inner.message(), inner.message("zh"), inner.message("fr")) == (
        "expected a list here", "此处应为：列表", "expected a list here",
    )  # fmt: skip


def test_the_summary_counts_in_both_languages() -> None:
    warning = finding("a: b", "a", catalog.ONE_SIDED_VALUE)
    assert summary([]) == "0 errors, 0 warnings"
    assert summary([finding("a: b", "a"), warning]) == "1 error, 1 warning"
    assert summary([warning, warning], "zh") == "0 个错误，2 个警告"
    assert warning.severity is Severity.WARNING


# --- JSON -------------------------------------------------------------------------------------------------------------


def test_the_json_form_has_every_field_and_keeps_chinese_readable() -> None:
    diagnostic = finding("a: 金卡\nb: 银卡\n", "银卡")
    assert to_dict(diagnostic) == {
        "code": "NBO135", "severity": "error", "message": "nothing is written here",
        "help": "write a value, or remove the key", "file": "rules/offers/gold.yaml",
        "line": 2, "column": 4, "end_line": 2, "end_column": 6,
    }  # fmt: skip
    document = render_json([diagnostic], "zh")
    assert "此处没有写内容" in document
    assert json.loads(document)["diagnostics"][0]["line"] == 2


def test_the_json_form_of_a_finding_without_a_file() -> None:
    shown = to_dict(catalog.PACK_FILE_ABSENT.at(None, path="rules"))
    assert (shown["file"], shown["line"], shown["end_column"]) == (None, None, None)


# --- all at once ------------------------------------------------------------------------------------------------------

TEN_MISTAKES = [
    ("pack.yaml", "currency: CNY", "currency: ¥"),
    ("dictionary.yaml", "status: {type: enum", "status: {type: enumm"),
    ("dictionary.yaml", "max_length: 8", "max: 8"),
    ("offers/gold.yaml", "customer.age >= 18", "customer.agee >= 18"),
    ("offers/gold.yaml", "kind: service", "kind: servce"),
    ("offers/installment.yaml", "rate: 0.60%", "rate: 7.2%"),
    ("offers/installment.yaml", "quote.total_interest", "quote.interest"),
    ("scripts/installment.yaml", "（单利）", "{{ quote.simple }}"),
    ("scripts/installment.yaml", "stage: disclosure", "stage: disclose"),
    ("gates.yaml", "call.recording_on", "call.recording_on = true"),
]
EXPECTED = [
    ("dictionary.yaml", "NBO306"),
    ("dictionary.yaml", "NBO134"),
    ("gates.yaml", "NBO217"),
    ("offers/gold.yaml", "NBO134"),
    ("offers/gold.yaml", "NBO203"),
    ("offers/installment.yaml", "NBO403"),
    ("offers/installment.yaml", "NBO203"),
    ("pack.yaml", "NBO133"),
    ("scripts/installment.yaml", "NBO501"),
    ("scripts/installment.yaml", "NBO134"),
]


def broken_pack(folder: Path) -> Path:
    shutil.copytree(BASE, folder, dirs_exist_ok=True)
    for name, right, wrong in TEN_MISTAKES:
        path = folder / "pack" / name
        assert right in path.read_text()
        path.write_text(path.read_text().replace(right, wrong, 1))
    return folder / "pack"


def test_one_run_reports_all_mistakes_of_all_files_by_place(tmp_path: Path) -> None:
    pack, found = nbo.check(broken_pack(tmp_path), at=AT)
    assert pack is None
    assert [(each.span.source.name, each.code.id) for each in found if each.span is not None] == EXPECTED
    places = [(each.span.source.path, each.span.start) for each in found if each.span is not None]
    assert places == sorted(places)
    assert len({path for path, _ in places}) == 6


def test_the_same_run_gives_the_same_findings(tmp_path: Path) -> None:
    root = broken_pack(tmp_path)
    assert render_text(nbo.check(root, at=AT)[1]) == render_text(nbo.check(root, at=AT)[1])


def test_a_pack_error_carries_all_findings_and_reads_as_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(nbo.PackError) as raised:
        nbo.Engine.load(broken_pack(tmp_path))
    assert len(raised.value.diagnostics) >= len(EXPECTED)
    assert "NBO203: unknown attribute `customer.agee`" in str(raised.value)


def test_all_mistakes_of_one_condition_are_found() -> None:
    with pytest.raises(DiagnosticError) as raised:
        compile_expression("customer.agee >= 18 and customer.citty == x", {"customer": {"age": {"type": "integer"}}})
    assert [each.code.id for each in raised.value.diagnostics] == ["NBO203", "NBO203"]


# --- suggestions ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "known", "expected"),
    [
        ("customer.tnure_months", ["customer.tenure_months", "customer.surname"], "customer.tenure_months"),
        ("custmer.age", ["customer.age", "account.age"], "customer.age"),
        ("customer.tnure_months", ["customer.surname"], None),  # the namespace alone is no likeness
        ("Customer.Age", ["customer.age"], "customer.age"),
        ("age", ["customer.age"], "customer.age"),
        ("x" * 100, ["x" * 99], None),
        ("gold", [], None),
    ],
)
def test_a_suggestion_is_close_or_none(name: str, known: list[str], expected: str | None) -> None:
    assert nearest(name, known) == expected


def test_a_suggestion_can_ask_for_more_likeness() -> None:
    assert nearest("cash_installment", ["bill_installment"]) == "bill_installment"
    assert nearest("cash_installment", ["bill_installment"], alike=0.8) is None
    assert nearest("bill_instalment", ["bill_installment"], alike=0.8) == "bill_installment"
