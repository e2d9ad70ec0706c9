"""`docs/compliance.md` has every rule of the compliance packs as it is written, and who does what no program can.

`NBO_UPDATE_PAGES=1` writes the tables anew.
"""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "compliance.md"
PACKS = ROOT / "rules" / "compliance"
UPDATE = os.environ.get("NBO_UPDATE_PAGES") == "1"
HEADER = "| Rule | What | How | Evidence |\n|---|---|---|---|\n"
DUTIES = "| Rule | Who | What they must do |\n|---|---|---|\n"
FILES = sorted(path.stem for path in PACKS.glob("*.yaml"))

# The rules that the project set out to have, whether a machine can check them or not, with how sure their sources are.
OFFICIAL, SECONDARY, BANK_POLICY = "official", "secondary", "bank_policy"
LISTED = {
    "cn": {
        **dict.fromkeys(
            ("CN-PI-01", "CN-PI-02", "CN-AD-01", "CN-AD-02", "CN-AD-03", "CN-INS-02", "CN-CIV-01"), OFFICIAL
        ),
        **dict.fromkeys(("CN-COST-01", "CN-COST-02", "CN-CARD-01", "CN-CARD-02", "CN-LIM-01", "CN-CONS-01"), SECONDARY),
        **dict.fromkeys(("CN-MKT-01", "CN-NET-01", "CN-TEL-01", "CN-TEL-02", "CN-INS-01", "CN-SUIT-01"), SECONDARY),
        "CN-CARD-03": BANK_POLICY,
    },
    "us": {"US-Z-01": OFFICIAL, "US-UDAAP-01": SECONDARY, "US-TCPA-01": BANK_POLICY},
    "uk": {"UK-CONC-01": OFFICIAL, "UK-CONC-02": OFFICIAL, "UK-DUTY-01": SECONDARY},
    "eu": {"EU-CCD2-01": SECONDARY, "EU-GDPR-22": BANK_POLICY},
    "hk": {"HK-DM-01": SECONDARY},
}


def section(jurisdiction: str) -> str:
    """The part of the page about one pack of rules."""
    parts = re.split(r"^## ", PAGE.read_text(encoding="utf-8"), flags=re.MULTILINE)
    return next(each for each in parts if f"`rules/compliance/{jurisdiction}.yaml`" in each)


def written(jurisdiction: str) -> dict[str, Any]:
    pack: dict[str, Any] = yaml.safe_load((PACKS / f"{jurisdiction}.yaml").read_text(encoding="utf-8"))
    return pack


def how(rule: dict[str, Any]) -> str:
    if rule["kind"] == "gate":
        return f"gate before the {rule.get('at', 'pitch')}"
    return str(rule["kind"]).replace("_", " ")


def rules_in(jurisdiction: str) -> str:
    rows = (
        f"| {rule['id']} | {rule['text']['en']} | {how(rule)} | {rule['evidence']} |\n"
        for rule in written(jurisdiction)["rules"]
    )
    return HEADER + "".join(rows)


def table(text: str, header: str) -> str:
    """A table of the page with its header, to the line after its last row."""
    start = text.index(header)
    return text[start : text.index("\n\n", start) + 1]


def duties(jurisdiction: str) -> list[dict[str, Any]]:
    """What is left to people beside a rule; what is the same everywhere has a table of its own."""
    return [duty for duty in written(jurisdiction)["people"] if "rule" in duty]


def duties_in(jurisdiction: str) -> str:
    rows = (f"| {duty['rule']} | {duty['who']['en']} | {duty['text']['en']} |\n" for duty in duties(jurisdiction))
    return DUTIES + "".join(rows)


def renewed(shown: str, right: str) -> None:
    """A table of the page is what the rules say, or is made so."""
    if UPDATE:
        page = PAGE.read_text(encoding="utf-8")
        PAGE.write_text(page.replace(shown, right), encoding="utf-8")
    else:
        assert shown == right


@pytest.mark.parametrize("jurisdiction", FILES)
def test_every_rule_has_its_row_and_every_row_its_rule(jurisdiction: str) -> None:
    renewed(table(section(jurisdiction), HEADER), rules_in(jurisdiction))


@pytest.mark.parametrize("jurisdiction", FILES)
def test_what_is_left_to_people_is_what_the_rules_leave_to_them(jurisdiction: str) -> None:
    renewed(table(section(jurisdiction), DUTIES), duties_in(jurisdiction))


def test_what_is_the_same_everywhere_is_on_the_page() -> None:
    everywhere = PAGE.read_text(encoding="utf-8").partition("## Everywhere")[2]
    general = [duty for duty in written("cn")["people"] if "rule" not in duty]
    assert general
    for duty in general:
        assert f"| {duty['who']['en']} | {duty['text']['en']} |" in everywhere


@pytest.mark.parametrize("jurisdiction", FILES)
def test_the_page_says_how_much_a_pack_covers(jurisdiction: str) -> None:
    assert f"`coverage: {written(jurisdiction)['coverage']}`" in section(jurisdiction)


@pytest.mark.parametrize("jurisdiction", FILES)
def test_every_rule_that_was_to_be_had_is_enforced_and_has_somebody_to_look_after_it(jurisdiction: str) -> None:
    enforced = {rule["id"]: rule["evidence"] for rule in written(jurisdiction)["rules"]}
    assert LISTED[jurisdiction].items() <= enforced.items()
    assert set(LISTED[jurisdiction]) <= {duty["rule"] for duty in duties(jurisdiction)}


def test_nothing_claims_that_a_bank_keeps_the_law() -> None:
    for path in (PAGE, *(ROOT / "rules").rglob("*.yaml")):
        assert not re.search(r"\bcompliant\b|合规的产品|完全合规", path.read_text(encoding="utf-8"), re.IGNORECASE), (
            path
        )
