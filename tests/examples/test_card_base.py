"""The example on a real card base: the page shows what happens, every customer ends once, and amounts are right to the fen."""

from __future__ import annotations

import csv
import json
import os
import re
import shutil
import subprocess
import sys
from collections import Counter
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

import pytest

from nbo import Decision, Engine, check
from nbo.workbench.cases import differences

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "examples" / "card_base"
SCRIPT = EXAMPLE / "card_base.py"
SAMPLE = EXAMPLE / "uci_credit_card_clients_sample.csv"
README = EXAMPLE / "README.md"
PACK = ROOT / "rules" / "tw_credit_card"
SHOWN = re.compile(r"^```(console|text)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
UPDATE = os.environ.get("NBO_UPDATE_PAGES") == "1"
WHOLE_FILE = os.environ.get("NBO_CARD_BASE")  # where the 30,000 rows are, if they are
MONTHS = ("PAY_0", "PAY_2", "PAY_3", "PAY_4", "PAY_5", "PAY_6")

sys.path.insert(0, str(EXAMPLE))  # an example is a script, no package
from card_mapping import Mapped, check_columns, load_mapping, map_row  # noqa: E402

MAPPING = load_mapping(EXAMPLE / "mapping.yaml")


def run(*arguments: object, cwd: Path = ROOT) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-W", "error", str(SCRIPT), *map(str, arguments)]
    environment = {**os.environ, "PYTHONUTF8": "1"}
    return subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True, check=False)


def rows() -> dict[str, dict[str, str]]:
    with SAMPLE.open(newline="") as file:
        return {row["ID"]: row for row in csv.DictReader(file)}


def replace_block(old: str, new: str) -> None:
    README.write_text(README.read_text().replace(old, new))


@pytest.fixture(scope="module")
def counts(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What the script counts for the sample; the page is compared on the way."""
    out = tmp_path_factory.mktemp("card_base") / "counts.json"
    done = run("--json", out)
    assert done.returncode == 0, done.stderr
    block = dict(SHOWN.findall(README.read_text()))["console"]
    shown = f"$ python examples/card_base/card_base.py\n{done.stdout}"
    if UPDATE:
        replace_block(block, shown)
    else:
        assert shown == block
    assert re.fullmatch(r"500 decisions in [0-9.]+ s, [0-9]+ a second\n", done.stderr), "no progress bar off a terminal"
    counted: dict[str, Any] = json.loads(out.read_text())
    return counted


@pytest.fixture(scope="module")
def engine() -> Engine:
    return Engine.load(PACK, clock=lambda: MAPPING.at)


def decided(engine: Engine, **cells: str) -> Decision:
    """The decision for a row of the sample with some cells changed."""
    row = rows()[cells.pop("ID", "301")]
    assert cells.keys() <= row.keys()
    return engine.decide(map_row(MAPPING, {**row, **cells}).profile)


def first_quote(decision: Decision) -> dict[str, Any]:
    quote: dict[str, Any] = json.loads(decision.to_json())["offers"][0]["quote"]
    return quote


# --- the pack ---------------------------------------------------------------------------------------------------------


def test_the_pack_is_clean() -> None:
    pack, found = check(PACK, at=MAPPING.at)
    assert pack is not None
    assert found == []


def test_every_case_of_the_pack_holds(engine: Engine) -> None:
    wrong = {}
    for case in engine.pack.cases:
        decision = engine.decide(case.profile, at=case.at)
        found = differences(case.expected, decision.to_dict(), engine.explain(decision).to_dict())
        if found:
            wrong[case.id] = found
    assert wrong == {}
    assert len(engine.pack.cases) == 30


# --- the counts -------------------------------------------------------------------------------------------------------


def test_the_sample_is_every_60th_row() -> None:
    assert [int(name) for name in rows()] == list(range(1, 30_000, 60))


def test_every_customer_ends_once_in_every_offer(counts: dict[str, Any]) -> None:
    assert counts["customers"] == 500
    for endings in counts["offers"].values():
        assert sum(each["customers"] for each in endings) == 500
        assert all(each["customers"] > 0 for each in endings)
    offered = sum(
        each["customers"] for ends in counts["offers"].values() for each in ends if each["stage"] == "offered"
    )
    assert offered + counts["nothing_offered"] == 500, "help and installment exclude one another"


def test_the_counts_are_those_of_the_rules_worked_out_from_the_file(counts: dict[str, Any]) -> None:
    """The pack's clauses once more in plain Python, in the order in which they stand."""
    expected: Counter[str] = Counter()
    principal = Decimal(0)
    for row in rows().values():
        bill, limit = Decimal(row["BILL_AMT1"]), Decimal(row["LIMIT_BAL"])
        if int(row["PAY_0"]) > 0:
            expected["not_past_due"] += 1
        elif max(int(row[month]) for month in MONTHS) > 1:
            expected["risk_grade"] += 1
        elif bill < 2000:
            expected["large_enough"] += 1
        elif bill > limit:
            expected["within_limit"] += 1
        else:
            expected[""] += 1
            principal += min(bill * 9 / 10, Decimal(300_000))
    assert {each["clause"]: each["customers"] for each in counts["offers"]["bill_installment"]} == expected
    assert Decimal(counts["principal_offered"]) == principal


def test_the_counts_agree_with_the_explanations(engine: Engine, counts: dict[str, Any]) -> None:
    some = list(rows().values())[::10]
    endings = {(offer, each["stage"], each["clause"]) for offer, ends in counts["offers"].items() for each in ends}
    for row in some:
        decision = engine.decide(map_row(MAPPING, row).profile)
        for explained in engine.explain(decision).offers:
            stage, clause = "offered", ""
            if explained.reason is not None:
                stage, clause = explained.stage or "", explained.reason.code
                blocked = decision.blocked[explained.offer]
                assert (blocked.stage, blocked.code) == (stage, clause)
            else:
                assert explained.offer not in decision.blocked
            assert (explained.offer, stage, clause) in endings


def test_undocumented_codes_are_counted_and_not_guessed(counts: dict[str, Any]) -> None:
    found = Counter(
        f"{column} = {row[column]}"
        for row in rows().values()
        for column, defined in (("EDUCATION", "1234"), ("MARRIAGE", "123"))
        if row[column] not in defined
    )
    assert counts["bad_input"] == found == {"EDUCATION = 5": 3, "EDUCATION = 0": 1, "EDUCATION = 6": 1}


def test_what_the_file_does_not_say_stays_missing_and_stops_nobody(counts: dict[str, Any]) -> None:
    assert counts["missing"]["consent.marketing_consent"] == 500
    assert counts["missing_and_stopped_an_offer"] == {}
    assert counts["warnings"] == {}


@pytest.mark.skipif(WHOLE_FILE is None, reason="NBO_CARD_BASE names no file with all 30,000 rows")
def test_the_page_shows_the_counts_of_all_30_000() -> None:
    done = run(Path(WHOLE_FILE or "").resolve())
    assert done.returncode == 0, done.stderr
    block = dict(SHOWN.findall(README.read_text()))["text"]
    if UPDATE:
        replace_block(block, done.stdout)
    else:
        assert done.stdout == block


# --- customers worked out by hand -------------------------------------------------------------------------------------


def test_customer_301_to_the_fen(engine: Engine) -> None:
    """Revolves with 99,209.00 of a limit of 100,000 (written 1.00E+05): 90 % is 89,288.10.

    89,288.10 / 12 = 7,440.675, so 7,440.68 and in the last month 7,440.62; 0.60 % of it is 535.7286, so 535.73 a month.
    """
    decision = decided(engine, ID="301")
    quote = first_quote(decision)
    assert (quote["principal"], quote["periods"], quote["rate_per_period"]) == ("89288.10", 12, "0.0060")
    assert (quote["first_payment"], quote["payment"], quote["last_payment"]) == ("7976.41", "7976.41", "7976.35")
    assert (quote["total_interest"], quote["annual_rate_simple"]) == ("6428.76", "0.1303")
    assert quote["schedule"][0] == {"due_date": "2026-12-28", "principal": "7440.68", "interest": "535.73"}
    assert quote["schedule"][11] == {"due_date": "2027-11-28", "principal": "7440.62", "interest": "535.73"}
    assert quote["revolving_interest"] == _revolving_301()
    assert "7976.41元" in decision.offers[0].script.text


def _revolving_301() -> str:
    """0.041 % a day on what the plan leaves open, from 28 November 2026 to 28 November 2027; rounded once, at the end."""
    owed, interest = Decimal("89288.10"), Decimal(0)
    for days in (30, 31, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31):
        interest += owed * Decimal("0.00041") * days
        owed -= Decimal("7440.68")
    return str(interest.quantize(Decimal("0.01"), ROUND_HALF_UP))


def test_customer_661_used_the_card_little_and_is_compared_with_nothing(engine: Engine) -> None:
    """No use by the file, 14,150.00 on the statement: 12,735.00, 1,061.25 and 76.41 a month."""
    decision = decided(engine, ID="661")
    quote = first_quote(decision)
    assert (quote["principal"], quote["payment"], quote["last_payment"]) == ("12735.00", "1137.66", "1137.66")
    assert (quote["total_interest"], quote["revolving_interest"]) == ("916.92", None)
    assert "循環利息" not in decision.offers[0].script.text


def test_customer_481_was_two_months_late_in_april(engine: Engine) -> None:
    decision = decided(engine, ID="481")
    assert decision.offers == ()
    assert decision.blocked["bill_installment"].code == "risk_grade"
    assert decision.facts.value(engine.pack.dictionary, "customer.risk_grade") == "D"


def test_customer_361_is_four_months_late_and_is_helped(engine: Engine) -> None:
    decision = decided(engine, ID="361")
    assert [offer.offer for offer in decision.offers] == ["repayment_help"]
    assert decision.blocked["bill_installment"].code == "not_past_due"


# --- bad input --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("value", ["-3", "10", "", "0.5", "NaN", "٣", "1e1", " 1", "99999999999"])
def test_an_undefined_repayment_status_is_bad_input_and_sells_nothing(engine: Engine, value: str) -> None:
    mapped = map_row(MAPPING, {**rows()["301"], "PAY_0": value})
    assert mapped.bad == {("PAY_0", value)}, "counted once, though three attributes read the column"
    decision = engine.decide(mapped.profile)
    assert decision.offers == ()
    assert set(decision.missing) >= {"account.months_past_due", "customer.risk_grade"}
    assert {each["attribute"] for each in decision.warnings} == {
        "account.months_past_due", "statement.payment_behavior", "customer.risk_grade",
    }  # fmt: skip


@pytest.mark.parametrize("value", ["", "n/a", "1,000", "Infinity", "1E+99", "1E+0999999", "--1", "１００００"])
def test_an_amount_that_is_none_is_bad_input_and_nobody_is_helped_because_of_it(engine: Engine, value: str) -> None:
    mapped = map_row(MAPPING, {**rows()["361"], "BILL_AMT1": value})
    assert mapped.bad == {("BILL_AMT1", value)}
    assert engine.decide(mapped.profile).offers == (), "refused is not the same as not sent"


def test_an_amount_keeps_its_digits() -> None:
    assert balance("1.00E+05") == "100000"
    assert balance("-165580") == "-165580"
    assert balance("0.10") == "0.10"


def balance(cell: str) -> object:
    mapped: Mapped = map_row(MAPPING, {**rows()["301"], "BILL_AMT1": cell})
    return mapped.profile["statement"]["new_balance"]


def test_rows_do_not_share_what_is_stated() -> None:
    first = map_row(MAPPING, rows()["1"]).profile
    second = map_row(MAPPING, rows()["61"]).profile
    assert first["statement"]["new_balance"] != second["statement"]["new_balance"]
    assert first["call"] == second["call"] == MAPPING.stated["call"]


def test_a_column_that_the_mapping_does_not_name_is_an_error(tmp_path: Path) -> None:
    other = tmp_path / "other.csv"
    other.write_text("ID,AGE\n1,30\n")
    done = run(other)
    assert done.returncode == 2
    assert "not in the file: BILL_AMT1" in done.stderr
    with pytest.raises(ValueError, match="not in the mapping: INCOME"):
        check_columns(MAPPING, frozenset([*rows()["1"], "INCOME"]))


def test_a_file_that_is_not_there_or_has_no_rows_is_an_error(tmp_path: Path) -> None:
    empty = tmp_path / "empty.csv"
    empty.write_text(SAMPLE.read_text().splitlines()[0] + "\n")
    for path, words in ((tmp_path / "none.csv", "No such file"), (empty, "there are no rows")):
        done = run(path)
        assert (done.returncode, done.stdout) == (2, "")
        assert words in done.stderr


def test_the_limit_takes_the_first_rows(tmp_path: Path) -> None:
    done = run("--limit", 1, "--json", tmp_path / "one.json")
    assert done.returncode == 0, done.stderr
    one = json.loads((tmp_path / "one.json").read_text())
    assert one["customers"] == 1
    assert one["offers"]["repayment_help"][0]["stage"] == "offered"  # ID 1 is two months late
    assert run("--limit", 0).returncode == 2


def test_it_runs_from_anywhere(tmp_path: Path) -> None:
    copy = tmp_path / "copy.csv"
    shutil.copy(SAMPLE, copy)
    done = run("copy.csv", "--limit", 2, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("2 customers\n")
