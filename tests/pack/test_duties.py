"""What a compliance file leaves to people: read with its rules, and every mistake in it found."""

from __future__ import annotations

import pytest
from pack_copy import PackCopy

WORDING = "../compliance/wording.yaml"
WHO = "who: {zh: 质检员, en: quality inspector}, text: {zh: 听录音, en: listens}"


def people(pack: PackCopy, *duties: str) -> PackCopy:
    lines = "".join(f"  - {{{each}}}\n" for each in duties)
    return pack.write(WORDING, pack.text(WORDING) + f"people:\n{lines}")


def test_a_duty_beside_a_rule_has_its_citation_and_evidence(pack: PackCopy) -> None:
    loaded, found = people(pack, f"id: LISTEN, rule: NO-FEE, {WHO}").check()
    assert loaded is not None
    assert not found
    (duty,) = [duty for each in loaded.jurisdictions for duty in each.duties]
    assert (duty.id, duty.rule, duty.who["en"], duty.text["zh"]) == ("LISTEN", "NO-FEE", "quality inspector", "听录音")
    assert (duty.citation, duty.evidence) == ("示例第三条", "bank_policy")


def test_a_duty_states_its_own_where_it_differs_or_stands_alone(pack: PackCopy) -> None:
    beside = f"id: LISTEN, rule: NO-FEE, {WHO}, citation: 另一条, evidence: official"
    alone = f"id: READ, {WHO}, citation: 示例, evidence: secondary"
    loaded, _ = people(pack, beside, alone).check()
    assert loaded is not None
    duties = [duty for each in loaded.jurisdictions for duty in each.duties]
    assert [(each.rule, each.citation, each.evidence) for each in duties] == [
        ("NO-FEE", "另一条", "official"),
        (None, "示例", "secondary"),
    ]


@pytest.mark.parametrize(
    ("duty", "code", "message"),
    [
        (f"id: LISTEN, {WHO}", "NBO131", "`citation` is required here"),
        (f"id: LISTEN, {WHO}, citation: 示例", "NBO131", "`evidence` is required here"),
        (f"id: LISTEN, rule: NO-FEES, {WHO}", "NBO302", "there is no rule `NO-FEES`"),
        (f"id: NO-FEE, rule: NO-FEE, {WHO}", "NBO301", "the duty `NO-FEE` exists already, at ../compliance/wording"),
        ("id: LISTEN, rule: NO-FEE, who: {zh: 质检员, en: x}, text: {en: x}", "NBO504", "`zh`"),
        (f"id: LISTEN, rule: NO-FEE, {WHO}, citations: x", "NBO130", "unknown key `citations`"),
    ],
)
def test_a_mistake_in_a_duty_is_found(pack: PackCopy, duty: str, code: str, message: str) -> None:
    assert message in people(pack, duty).only(code).message()


def test_a_gate_is_known_as_a_rule_although_no_offer_is_in_its_families(pack: PackCopy) -> None:
    gate = """  - id: LOANS-ONLY
    kind: gate
    text: {zh: 仅贷款, en: Loans only}
    citation: 示例
    evidence: secondary
    in_force: {from: 2022-01-01}
    severity: block
    families: [mortgage]
    at: order
    must: call.nobody_knows_this
"""
    loaded, found = pack.write(WORDING, pack.text(WORDING) + gate).check()
    assert loaded is not None, found
    (rule,) = [rule for each in loaded.jurisdictions for rule in each.gate_rules]
    assert (rule.id, rule.at, rule.evidence, rule.must) == ("LOANS-ONLY", "order", "secondary", None)
    assert "LOANS-ONLY" not in {gate.id for gate in loaded.gates}
