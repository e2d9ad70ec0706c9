"""What people really write wrong: one finding for each mistake, under the very characters, with what to write instead.

The mistakes stand in `common_mistakes.yaml`, with the advice in both languages.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from pack_copy import PackCopy

GOLD, CLAUSE = "offers/gold.yaml", "- customer.age >= 18"
TABLE = yaml.safe_load((Path(__file__).parent / "common_mistakes.yaml").read_text(encoding="utf-8"))
REPLACED = [row for row in TABLE["conditions"] if re.fullmatch("write `[^`]+`", row["en"] or "")]


def holds(pack: PackCopy, row: dict[str, Any]) -> None:
    found = pack.only(row["code"])
    assert found.span is not None
    assert found.span.text == row["underlined"]
    assert (found.help(), found.help("zh")) == (row["en"], row["zh"])
    assert found.message("zh") != found.message()


@pytest.mark.parametrize("row", TABLE["conditions"], ids=lambda row: row["when"])
def test_a_common_mistake_in_a_condition(pack: PackCopy, row: dict[str, Any]) -> None:
    holds(pack.edit(GOLD, CLAUSE, f"- {row['when']}"), row)


@pytest.mark.parametrize("row", TABLE["files"], ids=lambda row: row["wrong"])
def test_a_common_mistake_in_a_file(pack: PackCopy, row: dict[str, Any]) -> None:
    holds(pack.edit(row["file"], row["right"], row["wrong"]), row)


@pytest.mark.parametrize("row", REPLACED, ids=lambda row: row["when"])
def test_what_is_advised_can_be_written_in_its_place(pack: PackCopy, row: dict[str, Any]) -> None:
    advised = row["en"].split("`")[1]
    assert row["zh"].split("`")[1] == advised
    corrected = row["when"].replace(row["underlined"], advised)
    pack.edit(GOLD, CLAUSE, f"- '{corrected}'")
    assert {code for _, code in pack.findings()} <= {"NBO209"}  # a limit may take everybody in


# --- what is no mistake -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "written",
    [
        "customer.age in [18,100]",  # two values, not one number
        "customer.age > 2026 - 2008",
        'customer.city == "是, null || 1,000"',
        'customer.city in ["上海，北京", "《天津》"]',
        "customer.age >= 0.5 * 36",
    ],
)
def test_what_looks_like_a_mistake_and_is_none(pack: PackCopy, written: str) -> None:
    pack.edit(GOLD, CLAUSE, f"- when: {written!r}\n    reason: {{zh: 不行，谢谢。, en: No}}")
    assert pack.findings() == []


def test_a_quoted_text_in_a_list_may_have_a_chinese_comma(pack: PackCopy) -> None:
    pack.edit("../compliance/wording.yaml", "terms: [手续费", 'terms: ["免费，无任何条件", 手续费')
    assert pack.findings() == []


def test_reading_a_slip_takes_no_longer_for_a_long_text(pack: PackCopy) -> None:
    for filler in ("x" * 19_000, "a " * 9_000, "大" * 19_000, "<" * 500, "《" * 500, "1," * 9_000):
        pack.write(GOLD, pack.text(GOLD).partition("eligibility")[0] + f"eligibility:\n  - 'customer.age ! {filler}'\n")
        assert pack.findings()


@pytest.mark.parametrize(
    "written",
    [
        "if {a} then {{b}}",
        "!any(x{y",
        "x contains {y}",
        "x between { and }",
        "!n.m {x} {",
        "{b: “{”, c: [}]}",
        "'a{' in b}",
        "customer.city == 《{x》",
    ],
)
def test_braces_in_what_is_written_are_no_places_to_fill(pack: PackCopy, written: str) -> None:
    for shown in (written, f"'{written}'", f"when: {written}", f"{{when: {written}, reason: x}}"):
        found = pack.write(GOLD, pack.text(GOLD).partition("eligibility")[0] + f"eligibility:\n  - {shown}\n").check()[
            1
        ]
        assert [each.message(language) and (each.help(language) or "-") for each in found for language in ("en", "zh")]


@pytest.mark.parametrize("hostile", ["\u202e", "\u2066", "\x85"])
def test_advice_cannot_command_a_terminal_and_stays_on_a_line(pack: PackCopy, hostile: str) -> None:
    for written in (f"if a{hostile}b then c", f"x contains a{hostile}", f"'x between {hostile}1 and {'2' * 5_000}'"):
        pack.write(GOLD, pack.text(GOLD).partition("eligibility")[0] + f"eligibility:\n  - {written}\n")
        for each in pack.check()[1]:
            assert str(each.help()).isprintable()
            assert len(str(each.help())) < 1_000
