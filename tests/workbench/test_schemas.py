"""The JSON Schemas of the rule files: an editor accepts what `nbo check` accepts, and refuses what has the wrong form."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path, PurePath
from typing import Any

import pytest
from as_editor_reads import as_yaml_11, as_yaml_12
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft7Validator, FormatChecker
from pydantic import TypeAdapter
from typer.testing import CliRunner

from nbo import check
from nbo.cli.main import app
from nbo.diagnostics.place import SourceText
from nbo.source import model
from nbo.source.nodes import from_plain
from nbo.source.yaml_file import parse_yaml
from nbo.workbench import rule_files
from nbo.workbench.rule_files import RULE_FILES
from nbo.workbench.schemas import schema_files, schema_of

ROOT = Path(__file__).parents[2]
SHIPPED = ROOT / "docs" / "schemas" / "rules"
SAMPLES = sorted((ROOT / "rules").rglob("*.yaml"))
KINDS = {each.name: each for each in RULE_FILES}
BY_NAME = {each.path: each.name for each in RULE_FILES}
BLOCK = re.compile(r"^```yaml (\S+\.yaml)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
PAGES = sorted((ROOT / "docs" / "diagnostics").glob("NBO*.md"))


@cache
def validator(kind: str) -> Draft7Validator:
    return Draft7Validator(schema_of(KINDS[kind]), format_checker=FormatChecker())


def kind_of(name: str) -> str:
    path = PurePath(name)
    return BY_NAME.get(path.name) or BY_NAME[f"{path.parent.name}/*.yaml"]


def complaints(name: str, text: str) -> list[str]:
    check_with = validator(rule_files.kind_of(name, parse_yaml(SourceText(name, name, text))).name)
    return [each.message for read in (as_yaml_12, as_yaml_11) for each in check_with.iter_errors(read(text))]


def keys_and_shapes(shape: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Every schema within a schema, with the way to it."""
    if isinstance(shape, dict):
        yield path, shape
        for key, each in shape.items():
            yield from keys_and_shapes(each, f"{path}/{key}")
    elif isinstance(shape, list):
        for each in shape:
            yield from keys_and_shapes(each, path)


# --- what is shipped --------------------------------------------------------------------------------------------------


def test_the_shipped_schemas_are_what_the_models_say() -> None:
    if os.environ.get("NBO_UPDATE_PAGES") == "1":
        for name, text in schema_files().items():
            (SHIPPED / name).write_text(text, encoding="utf-8")
    assert {path.name: path.read_text(encoding="utf-8") for path in SHIPPED.iterdir()} == dict(schema_files())


@pytest.mark.parametrize("kind", KINDS)
def test_a_schema_is_draft_7_and_needs_no_other_file(kind: str) -> None:
    schema = schema_of(KINDS[kind])
    assert schema["$schema"] == "http://json-schema.org/draft-07/schema#"
    Draft7Validator.check_schema(schema)
    for path, shape in keys_and_shapes(schema):
        if isinstance(shape.get("$ref"), str):
            assert shape["$ref"].removeprefix("#/definitions/") in schema["definitions"]
            assert set(shape) == {"$ref"}, f"{path}: draft 7 reads nothing beside a $ref"


@pytest.mark.parametrize("kind", [each for each in KINDS if each != "tests"])
def test_every_key_is_described_in_english_and_chinese(kind: str) -> None:
    for path, shape in keys_and_shapes(schema_of(KINDS[kind])):
        if path.endswith(("/definitions", "/dependencies", "/then/properties", "/if/properties")):
            continue
        for key, each in shape.get("properties", {}).items():
            if key not in ("zh", "en") and "/if" not in path and "/then" not in path and "/dependencies" not in path:
                assert re.search(r".+ / .*[\u4e00-\u9fff]|^`\w+` / ", each.get("description", "")), f"{path}: {key}"


# --- good files -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_a_sample_file_conforms_and_says_so_in_its_first_line(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert complaints(path.as_posix(), text) == []
    modeline = re.fullmatch(r"# yaml-language-server: \$schema=(\S+)", text.partition("\n")[0])
    assert modeline is not None
    assert (path.parent / modeline[1]).resolve() == SHIPPED / f"{kind_of(path.as_posix())}.schema.json"


def test_the_documented_pack_conforms() -> None:
    blocks = BLOCK.findall((ROOT / "docs" / "rule-files.md").read_text(encoding="utf-8"))
    assert {kind_of(name) for name, _ in blocks} >= set(KINDS)
    assert [(name, complaints(name, text)) for name, text in blocks if complaints(name, text)] == []


def test_the_right_examples_of_the_diagnostics_conform() -> None:
    """They check clean, so an editor may not complain of them."""
    blocks = [
        (page.stem, *block)
        for page in PAGES
        for block in BLOCK.findall(page.read_text(encoding="utf-8").partition("## Right")[2])
    ]
    assert len(blocks) > 50
    assert [(page, name, complaints(name, text)) for page, name, text in blocks if complaints(name, text)] == []


# --- bad files --------------------------------------------------------------------------------------------------------

MISTAKES = [
    ("pack.yaml", "currency:", "curency:"),
    ("pack.yaml", "timezone: Asia/Shanghai\n", ""),
    ("pack.yaml", "language_version: 1", "language_version: 2"),
    ("pack.yaml", "languages: [zh, en]", "languages: [zh, fr]"),
    ("pack.yaml", "languages: [zh, en]", "languages: [zh, zh]"),
    ("pack.yaml", "compliance: [../compliance/small.yaml]", "compliance: ../compliance/small.yaml"),
    ("pack.yaml", "gates: gates.yaml", "gates: {path: gates.yaml}"),
    ("pack.yaml", "gates: gates.yaml", "gates:"),
    ("dictionary.yaml", "type: date, pii: true", "type: day, pii: true"),
    ("dictionary.yaml", "type: date, pii: true", "type: date, pii: yes please"),
    ("dictionary.yaml", "max_length: 20", "max_length: 0"),
    ("dictionary.yaml", "max_length: 20", "max: 20"),
    ("dictionary.yaml", "values: [A, B, C, D], ordered: true", "ordered: true"),
    ("dictionary.yaml", "surname:", "sur name:"),
    ("dictionary.yaml", "mass: {label:", "mass: {lable:"),
    ("dictionary.yaml", "due_date: {type: date}", "due_date: date"),
    ("segments.yaml", "  when:\n    - 客户.年龄 >= 18", "  when: 客户.年龄 >= 18"),
    ("segments.yaml", "- id: adult\n  label", "- label"),
    ("gates.yaml", "kinds: [sales]", "kinds: [sale]"),
    ("gates.yaml", "kinds: [sales]", "kinds: sales"),
    ("gates.yaml", "when: call.auth_level >= 1", "when: {not: call.auth_level}"),
    ("gates.yaml", "zh: 尚未核实身份", "cn: 尚未核实身份"),
    ("gates.yaml", "serve: {outcome: verify_identity, channel: phone}", "serve: {outcome: verify_identity}"),
    ("offers/bill_installment.yaml", "kind: sales", "kind: sale"),
    ("offers/bill_installment.yaml", "propensity: 0.12\n", ""),
    ("offers/bill_installment.yaml", "propensity: 0.12", "propensity: {scorer: yes_model}"),
    ("offers/bill_installment.yaml", "type: installment", "type: instalment"),
    ("offers/bill_installment.yaml", "settlement: charged_so_far", "settlement: none"),
    ("offers/bill_installment.yaml", "rate: 0.75%", "rate: 0.75 %"),
    ("offers/bill_installment.yaml", "periods: 6", "periods: six"),
    ("offers/bill_installment.yaml", "from: 2026-08-01", "from: 2026-8-1"),
    ("offers/bill_installment.yaml", "from: 2026-08-01", "from: 2026-02-30"),
    ("offers/bill_installment.yaml", "scale: [0, 2000]", "scale: [0]"),
    ("offers/bill_installment.yaml", "priority: 10", "priority: high"),
    ("offers/bill_installment.yaml", "family: bill_installment\n", "family: bill installment\n"),
    ("offers/bill_installment.yaml", "  - when: table.fit.bill_installment\n", "  - if: table.fit.bill_installment\n"),
    ("offers/interest_waiver.yaml", "eligibility:\n  - table.fit.interest_waiver\n  - statement.interest > 0\n", ""),
    ("offers/interest_waiver.yaml", "authority: waive_interest", "authorty: waive_interest"),
    ("authority.yaml", "up_to: 200.00", "up_to: 200 yuan"),
    ("authority.yaml", "up_to: 200.00", "upto: 200.00"),
    ("contact.yaml", "families: all", "families: any"),
    ("contact.yaml", "suppress_when", "when"),
    ("arbitration.yaml", "weight: +0.40", "weight: a lot"),
    ("arbitration.yaml", "bank_only: suppress", "bank_only: keep"),
    ("arbitration.yaml", "per_family: 1", "per_family: 0"),
    ("scripts/bill_installment.yaml", "stage: consent", "stage: agreement"),
    ("scripts/bill_installment.yaml", "optional: true", "optional: 'true'"),
    ("scripts/bill_installment.yaml", "    version: 1\n", ""),
    ("scripts/bill_installment.yaml", "channels: [phone]", "channels: []"),
    ("scripts/bill_installment.yaml", "tries: 1", "tries: once"),
    ("../compliance/small.yaml", "kind: forbid", "kind: forbidden"),
    ("../compliance/small.yaml", "evidence: official", "evidence: certain"),
    ("../compliance/small.yaml", "    terms: [最佳, the best]\n", ""),
    ("../compliance/small.yaml", "    must: quote.periods <= 60", "    must: quote.periods <= 60\n    terms: [a]"),
    ("../compliance/small.yaml", "characters_per_minute: 220", "characters_a_minute: 220"),
    ("../compliance/small.yaml", "coverage: illustrative\n", ""),
    ("tests/cases.yaml", "at: 2026-11-16T10:30:00+08:00", "at: 2026-11-16T10:30:00"),
    ("tests/cases.yaml", "about: Under age.", "abuot: Under age."),
]


@pytest.mark.parametrize(("name", "right", "wrong"), MISTAKES)
def test_what_the_schema_refuses_is_a_mistake_that_check_finds(
    name: str, right: str, wrong: str, tmp_path: Path
) -> None:
    for each, text in BLOCK.findall((ROOT / "docs" / "rule-files.md").read_text(encoding="utf-8")):
        path = tmp_path / "rules" / "small_card" / each
        path.parent.mkdir(parents=True, exist_ok=True)
        if each == name:
            assert right in text
            text = text.replace(right, wrong, 1)  # noqa: PLW2901 - the one file with the mistake
            assert complaints(name, text)
        path.write_text(text, encoding="utf-8")
    pack, found = check(tmp_path / "rules" / "small_card")
    assert pack is None
    assert PurePath(name).name in {PurePath(each.span.source.path).name for each in found if each.span is not None}


# --- scalars ----------------------------------------------------------------------------------------------------------

WORDS = st.text("Aa_-1.09é客年 :;,。，％%+", min_size=1, max_size=8)
NUMBERS = st.from_regex(r"[+-]?[0-9]{1,19}(\.[0-9]{0,11})?%?", fullmatch=True)
TIMES = st.datetimes(timezones=st.timezones()).map(lambda each: each.isoformat()) | st.from_regex(
    r"2026-?11-?16[T ][0-9]{2}(:?30)?(Z|[+-]08:?00)?", fullmatch=True
)
TYPES = {
    "Written": model.Written, "Name": model.Name, "Flag": model.Flag, "Whole": model.Whole, "Count": model.Count,
    "Exact": model.Exact, "Share": model.Share, "Day": model.Day, "Moment": model.Moment,
    "Condition": model.Condition, "Scope": model.Scope,
}  # fmt: skip


@pytest.mark.parametrize("name", TYPES)
@given(text=WORDS | NUMBERS | TIMES | st.dates().map(str) | st.sampled_from(["true", "all", "2026-02-30", "null"]))
def test_a_scalar_that_the_reader_accepts_conforms_with_and_without_quotes(name: str, text: str) -> None:
    value, found = model.validate(TYPES[name], from_plain(text))
    if found:
        return
    shape = Draft7Validator(TypeAdapter(TYPES[name]).json_schema(), format_checker=FormatChecker())
    assert shape.is_valid(text), f"{value!r}: `{text}` in quotes"
    plain = (
        as_yaml_12(f"- {text}")[0]
        if not text.endswith((":", " ")) and ": " not in text and text[0] not in "-%, "
        else text
    )
    if not model.validate(TYPES[name], from_plain(plain))[1]:
        assert shape.is_valid(plain), f"{value!r}: `{text}` without quotes"


# --- the command ------------------------------------------------------------------------------------------------------


def test_the_command_prints_a_schema_writes_all_and_lists_them(tmp_path: Path) -> None:
    run = CliRunner().invoke
    assert run(app, ["schema", "offer"]).stdout == (SHIPPED / "offer.schema.json").read_text(encoding="utf-8")
    assert run(app, ["schema", "--out", str(tmp_path / "new" / "folder")]).exit_code == 0
    assert {path.name for path in (tmp_path / "new" / "folder").iterdir()} == {path.name for path in SHIPPED.iterdir()}
    listed = run(app, ["schema"]).stdout
    assert [line.split()[0] for line in listed.splitlines()] == list(KINDS)


@pytest.mark.parametrize("arguments", [["ofer"], ["offer", "--out", "x"], ["--out", "FILE/x"]])
def test_wrong_use_is_one_line_and_exit_code_2(arguments: list[str], tmp_path: Path) -> None:
    (tmp_path / "FILE").write_text("")
    result = CliRunner().invoke(app, ["schema", *(each.replace("FILE", str(tmp_path / "FILE")) for each in arguments)])
    assert result.exit_code == 2
    assert len(result.output.splitlines()) == 1
