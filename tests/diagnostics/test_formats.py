"""GitHub annotations and SARIF: what a continuous integration reads is formed as its own rules ask."""

from __future__ import annotations

import json
import re
import shutil
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from jsonschema import Draft7Validator

import nbo
from nbo.diagnostics import catalog
from nbo.diagnostics.diagnostic import Diagnostic
from nbo.diagnostics.pages import CODES
from nbo.diagnostics.place import SourceText, Span
from nbo.diagnostics.render import render_github, render_sarif

ROOT = Path("/repository")
BASE = Path(__file__).parent / "base"
AT = datetime.fromisoformat("2026-11-16T10:30:00+08:00")
SCHEMA = json.loads((Path(__file__).parents[2] / "docs" / "schemas" / "sarif.schema.json").read_text())
COMMAND = re.compile(r"::(error|warning|notice) ((?:\w+=[^,:]*)(?:,\w+=[^,:]*)*)::(.*)")


def finding(path: str, text: str, part: str) -> Diagnostic:
    start = text.index(part)
    return catalog.UNKNOWN_KEY.at(Span(SourceText("x.yaml", path, text), start, start + len(part)), key="x", known="y")


def sarif(found: list[Diagnostic], language: str = "en") -> Any:
    log = json.loads(render_sarif(found, language, root=ROOT, version="0.1.0"))
    Draft7Validator(SCHEMA).validate(log)
    (run,) = log["runs"]
    return run


def command(diagnostic: Diagnostic, language: str = "en") -> tuple[str, dict[str, str], str]:
    """An annotation taken apart as the runner does it: the properties unescaped, the message unescaped."""
    line = render_github([diagnostic], language, root=ROOT)
    assert "\n" not in line
    assert "\r" not in line
    matched = COMMAND.fullmatch(line)
    assert matched is not None, line
    properties = dict(each.split("=", 1) for each in matched[2].split(","))
    return matched[1], {name: unquote(value) for name, value in properties.items()}, unquote(matched[3])


# --- GitHub -------------------------------------------------------------------------------------------------------------


def test_an_annotation_is_one_line_with_place_title_message_and_help() -> None:
    text = "offer: gold\nprioritty: 1\n"
    assert render_github([finding("/repository/rules/gold.yaml", text, "prioritty")], root=ROOT) == (
        "::error file=rules/gold.yaml,line=2,col=1,endLine=2,endColumn=10,title=NBO130::unknown key `x`%0Ahelp: known here: y"
    )


def test_what_would_end_a_property_or_a_message_is_escaped() -> None:
    odd = "/repository/a,b:c%d/ü 金.yaml"
    kind, properties, message = command(finding(odd, "x", "x"))
    assert (kind, properties["file"]) == ("error", "a,b:c%d/ü 金.yaml")
    assert "a%2Cb%3Ac%25d" in render_github([finding(odd, "x", "x")], root=ROOT)
    percent = catalog.FULL_WIDTH_SIGN.at(None, sign="100%\r\n::error::x", right="y")
    kind, properties, message = command(percent)
    assert message.startswith("`100% ::error::x` is")  # and the line is one line still
    assert properties == {"title": "NBO126"}


def test_columns_are_left_out_over_several_lines() -> None:
    _, properties, _ = command(finding("/repository/x.yaml", "a:\n  b: 1\n  c: 2\n", "b: 1\n  c"))
    assert properties == {"file": "x.yaml", "line": "2", "endLine": "3", "title": "NBO130"}


def test_a_warning_is_a_warning_and_chinese_is_to_be_had() -> None:
    ended = catalog.OFFER_EXPIRED.at(None, through="2025-07-31")
    assert command(ended, "zh")[0] == "warning"
    assert "\n建议: " in command(ended, "zh")[2]


# --- SARIF --------------------------------------------------------------------------------------------------------------


def test_the_schema_is_one() -> None:
    Draft7Validator.check_schema(SCHEMA)


def test_nothing_found_is_a_run_without_results() -> None:
    run = sarif([])
    assert run["results"] == []
    assert run["tool"]["driver"]["version"] == "0.1.0"
    assert run["columnKind"] == "unicodeCodePoints"


def test_a_result_names_its_rule_and_its_place_in_code_points() -> None:
    text = "名称: 😀\n标签: 金卡\n"
    first, second = finding("/repository/a b/金#.yaml", text, "金卡"), catalog.EMPTY_FILE.at(None)
    run = sarif([first, second, first])
    rules = run["tool"]["driver"]["rules"]
    assert [each["id"] for each in rules] == ["NBO108", "NBO130"]
    assert [rules[each["ruleIndex"]]["id"] for each in run["results"]] == ["NBO130", "NBO108", "NBO130"]
    place = run["results"][0]["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == "a%20b/%E9%87%91%23.yaml"
    assert place["region"] == {"startLine": 2, "startColumn": 5, "endLine": 2, "endColumn": 7}
    assert "locations" not in run["results"][1]


def test_a_file_outside_of_the_repository_is_named_in_full() -> None:
    run = sarif([finding("/elsewhere/a b.yaml", "x", "x")])
    location = run["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]
    assert location == {"uri": "file:///elsewhere/a%20b.yaml"}


def test_braces_of_a_message_are_doubled_as_the_standard_asks() -> None:
    run = sarif([catalog.COMMA_IN_TEXT.at(None, fixed="a: {b: c}")])
    text = run["results"][0]["message"]["text"]
    assert text.splitlines() == [
        "inside `{{ }}` a text with a comma or a bracket must be quoted",
        "help: write a: {{b: c}}",
    ]


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_code_makes_a_rule(language: str) -> None:
    run = sarif(
        [Diagnostic(code, None, dict.fromkeys(_fields(code.message.en), "x")) for code in CODES.values()], language
    )
    for rule in run["tool"]["driver"]["rules"]:
        assert rule["defaultConfiguration"]["level"] == CODES[rule["id"]].severity
        assert rule["help"]["markdown"].startswith(f"# {rule['id']}: ")
        assert bool(re.search("[\u4e00-\u9fff]", rule["fullDescription"]["text"])) == (language == "zh")


def _fields(template: str) -> list[str]:
    return re.findall(r"(?<!\{)\{(\w+)\}(?!\})", template)


# --- a real pack --------------------------------------------------------------------------------------------------------


def test_a_broken_pack_is_reported_from_the_root_of_the_repository(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(BASE, tmp_path / "rules")
    gold = tmp_path / "rules" / "pack" / "offers" / "gold.yaml"
    gold.write_text(gold.read_text().replace("customer.age", "customer.agee"))
    monkeypatch.chdir(tmp_path / "rules" / "pack")
    found = nbo.check(".", at=AT)[1]
    assert "file=rules/pack/offers/gold.yaml," in render_github(found, root=tmp_path)
    log = json.loads(render_sarif(found, root=tmp_path, version="1"))
    (result,) = log["runs"][0]["results"]
    assert result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "rules/pack/offers/gold.yaml"
