"""The commands as a user runs them: what they print, their exit codes, and no traceback whatever they are given."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft7Validator
from typer.testing import CliRunner, Result

from nbo.cli.main import app

ROOT = Path(__file__).parents[2]
RULES = str(ROOT / "rules" / "cn_credit_card")
CUSTOMERS = ROOT / "examples" / "customers"
AT = ["--at", "2026-11-16T10:30:00+08:00"]
SCHEMAS = ROOT / "docs" / "schemas"


def run(*arguments: str, stdin: str | bytes | None = None) -> Result:
    result = CliRunner().invoke(app, list(arguments), input=stdin)
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    assert "Traceback" not in result.output
    return result


def conforms(document: str, schema: str) -> Any:
    read = json.loads(document)
    Draft7Validator(json.loads((SCHEMAS / f"{schema}.schema.json").read_text())).validate(read)
    return read


@pytest.fixture
def broken_pack(rules_copy: Path) -> Callable[[str, str, str], str]:
    """The sample pack with one text replaced in one file."""

    def break_it(file: str, old: str, new: str) -> str:
        path = rules_copy / "cn_credit_card" / file
        text = path.read_text()
        assert old in text
        path.write_text(text.replace(old, new))
        return str(rules_copy / "cn_credit_card")

    return break_it


@pytest.mark.parametrize("customer", sorted(CUSTOMERS.glob("*.json")), ids=lambda path: path.stem)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_sample_customer_gets_a_decision_and_an_explanation_that_conform(customer: Path, language: str) -> None:
    common = [RULES, "--profile", str(customer), *AT, "--language", language, "--format", "json"]
    decision = run("decide", *common)
    assert decision.exit_code == 0
    conforms(decision.stdout, "decision")
    explanation = run("explain", *common)
    assert explanation.exit_code == 0
    conforms(explanation.stdout, "explanation")


def test_schemas_are_schemas() -> None:
    for path in SCHEMAS.glob("*.json"):
        Draft7Validator.check_schema(json.loads(path.read_text()))


def test_text_output_shows_numbers_script_and_next_steps() -> None:
    result = run("decide", RULES, "--profile", str(CUSTOMERS / "eases_payment.json"), *AT, "--language", "en")
    assert result.exit_code == 0
    for shown in ("964.80", "13.03%", "[disclosure]", "push_cost_statement", "too_expensive"):
        assert shown in result.stdout


def test_no_offer_is_an_answer_and_exits_0() -> None:
    result = run("decide", RULES, "--profile", str(CUSTOMERS / "not_verified.json"), *AT, "--language", "en")
    assert result.exit_code == 0
    assert "Identity not verified" in result.stdout


@pytest.mark.parametrize("command", ["decide", "explain"])
def test_a_pack_that_speaks_no_chinese_is_asked_for_it_in_vain(command: str) -> None:
    rules, customer = str(ROOT / "rules" / "us_credit_card"), str(CUSTOMERS / "eases_payment.json")
    refused = run(command, rules, "--profile", customer, *AT, "--language", "zh")
    assert refused.exit_code == 2
    assert refused.stderr == "nbo: the pack speaks en, not `zh`\n"


def test_a_clean_pack_exits_0_and_says_what_it_holds() -> None:
    result = run("check", RULES)
    assert result.exit_code == 0
    assert "0 errors, 0 warnings" in result.stdout
    assert "17 offers" in result.stdout


def test_findings_exit_1_with_place_and_suggestion(broken_pack: Callable[[str, str, str], str]) -> None:
    rules = broken_pack("offers/bill_installment.yaml", "account.days_past_due == 0", "account.days_pastdue == 0")
    result = run("check", rules)
    assert result.exit_code == 1
    assert "offers/bill_installment.yaml:11:11: error[NBO203]" in result.stdout
    assert "did you mean `account.days_past_due`?" in result.stdout


def test_findings_are_to_be_had_in_chinese_and_as_json(broken_pack: Callable[[str, str, str], str]) -> None:
    rules = broken_pack("offers/bill_installment.yaml", "account.days_past_due == 0", "account.days_pastdue == 0")
    assert "未知的属性" in run("check", rules, "--lang", "zh").stdout
    found = conforms(run("check", rules, "--format", "json").stdout, "diagnostics")
    assert [each["code"] for each in found["diagnostics"]] == ["NBO203"]
    assert conforms(run("check", RULES, "--format", "json").stdout, "diagnostics") == {"diagnostics": []}


def test_an_offer_lasts_through_its_last_day_in_the_packs_zone_and_is_a_warning_after_it(rules_copy: Path) -> None:
    rules = str(rules_copy / "cn_credit_card")
    assert run("check", rules, "--at", "2027-07-31T15:59:59+00:00").exit_code == 0
    ended = run("check", rules, "--at", "2027-07-31T16:00:00+00:00")
    assert ended.exit_code == 1
    assert "warning[NBO305]" in ended.stdout


@pytest.mark.parametrize("command", ["check", "test", "requirements"])
def test_a_folder_that_is_not_there_is_wrong_use_and_one_without_a_pack_is_a_finding(
    command: str, tmp_path: Path
) -> None:
    assert run(command, str(tmp_path / "nowhere")).exit_code == 2
    assert run(command, str(ROOT / "README.md")).exit_code == 2
    empty = run(command, str(tmp_path))
    assert empty.exit_code == 1
    assert "NBO123" in empty.output


@pytest.mark.parametrize("command", ["decide", "explain"])
def test_a_broken_pack_decides_nothing(command: str, broken_pack: Callable[[str, str, str], str]) -> None:
    rules = broken_pack("gates.yaml", "call.auth_level >= 1", "call.auth_level = 1")
    result = run(command, rules, "--profile", str(CUSTOMERS / "eases_payment.json"), *AT)
    assert result.exit_code == 1
    assert "NBO217" in result.stderr
    assert result.stdout == ""


@pytest.mark.parametrize(
    ("arguments", "stdin", "says"),
    [
        (["--profile", "nowhere.json"], None, "cannot read the profile"),
        (["--profile", "-"], "{", "not JSON"),
        (["--profile", "-"], "", "not JSON"),
        (["--profile", "-"], b"\xff\xfe", "not UTF-8"),
        (["--profile", "-"], "[" * 200_000, "nested too deep"),
        (["--profile", str(ROOT)], None, "cannot read the profile"),
        ([], None, "--profile"),
        (["--profile", "-", "--at", "yesterday"], "{}", "is not a time"),
        (["--profile", "-", "--at", "2026-11-16T10:30:00"], "{}", "needs a zone"),
        (["--profile", "-", "--limit", "0"], "{}", "limit"),
        (["--profile", "-", "--language", "fr"], "{}", "language"),
        (["--profile", "-", "--format", "xml"], "{}", "format"),
    ],
)
def test_wrong_use_and_unreadable_profiles_exit_2(arguments: list[str], stdin: str | bytes | None, says: str) -> None:
    result = run("decide", RULES, *arguments, stdin=stdin)
    assert result.exit_code == 2
    assert says in result.stderr


@pytest.mark.parametrize(
    "profile",
    [
        "null", "[]", '"customer"', "12", "{}",
        '{"customer": 5, "call": [], "history": {}}',
        '{"customer": {"age": 1e400}}', '{"customer": {"age": NaN}}', '{"call": {"queue_sl": -Infinity}}',
        '{"customer": {"age": ' + "9" * 10_000 + "}}", '{"customer": {"age": 1e99999999999999999999}}',
        '{"customer": {"surname": "' + "李" * 5_000_000 + '"}}', '{"customer": {"surname": "\\ud800"}}',
    ],
    ids=lambda text: text[:40],
)  # fmt: skip
def test_any_json_is_decided(profile: str) -> None:
    result = run("decide", RULES, "--profile", "-", *AT, "--format", "json", stdin=profile)
    assert result.exit_code == 0
    assert conforms(result.stdout, "decision")["status"] == "no_offer"


def test_a_profile_may_be_yaml(tmp_path: Path) -> None:
    path = tmp_path / "customer.yaml"
    path.write_text("customer: {birth_date: 1988-05-20}\ncall: {auth_level: 2, queue_sl: 0.9}\n")
    result = run("decide", RULES, "--profile", str(path), *AT, "--format", "json")
    assert json.loads(result.stdout)["warnings"] == []
    path.write_text("customer: {birth_date: 1988-05-20")
    assert run("decide", RULES, "--profile", str(path)).exit_code == 2


def test_explain_shows_one_offer_in_full_and_refuses_an_unknown_one() -> None:
    common = [RULES, "--profile", str(CUSTOMERS / "grade_unknown.json"), *AT]
    shown = run("explain", *common, "--offer", "bill_installment").stdout
    assert "missing: customer.risk_grade" in shown
    assert "account.card_type == personal" in shown
    refused = run("explain", *common, "--offer", "gold_bars")
    assert refused.exit_code == 2
    assert "bill_installment" in refused.stderr


def test_the_console_script_and_the_module_are_the_same_program() -> None:
    done = subprocess.run([sys.executable, "-m", "nbo", "--version"], capture_output=True, text=True, check=True)
    assert done.stdout.startswith("nbo ")


def test_a_terminal_without_chinese_still_gets_an_answer() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "nbo", "decide", RULES, "--profile", str(CUSTOMERS / "eases_payment.json"), *AT],
        capture_output=True,
        check=False,
        env={"LC_ALL": "C", "PYTHONIOENCODING": "ascii", "PATH": ""},
    )
    assert done.returncode == 0, done.stderr


# --- the formats of `check` ---------------------------------------------------------------------------------------------


def test_findings_are_to_be_had_as_annotations_and_as_sarif(
    broken_pack: Callable[[str, str, str], str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rules = broken_pack("offers/bill_installment.yaml", "account.days_past_due == 0", "account.days_pastdue == 0")
    monkeypatch.setenv("GITHUB_WORKSPACE", str(tmp_path))
    file = "rules/cn_credit_card/offers/bill_installment.yaml"
    annotated = run("check", rules, "--format", "github")
    assert annotated.exit_code == 1
    assert annotated.stdout.startswith(
        f"::error file={file},line=11,col=11,endLine=11,endColumn=31,title=NBO203::unknown "
    )
    assert len(annotated.stdout.splitlines()) == 1
    log = conforms(run("check", rules, "--format", "sarif", "--lang", "zh").stdout, "sarif")
    (result,) = log["runs"][0]["results"]
    assert result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == file
    assert result["message"]["text"].startswith("未知的属性")


def test_without_findings_there_is_no_annotation_and_an_empty_run() -> None:
    clean = run("check", RULES, "--format", "github")
    assert (clean.exit_code, clean.stdout) == (0, "")
    log = conforms(run("check", RULES, "--format", "sarif").stdout, "sarif")
    assert log["runs"][0]["results"] == []


@pytest.mark.parametrize("command", ["decide", "explain", "test", "requirements"])
def test_only_check_has_the_formats_of_continuous_integration(command: str) -> None:
    assert run(command, RULES, "--format", "sarif").exit_code == 2


def test_watching_is_for_people() -> None:
    refused = run("check", RULES, "--watch", "--format", "json")
    assert refused.exit_code == 2
    assert "--watch prints text" in refused.stderr
