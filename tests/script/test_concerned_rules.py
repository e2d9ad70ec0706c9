"""A compliance pack is shared: rules about families that a pack does not have ask nothing of its dictionary."""

from pathlib import Path
from typing import Any

from tiny_pack import codes, decide, load, rule

STRANGER = {"families": ["insurance"], "must": "customer.rating >= 3"}


def gate(**changes: Any) -> dict[str, Any]:
    return rule("G-1", "gate", at="pitch", **changes)


def test_a_rule_about_other_families_may_read_what_this_pack_does_not_know(tmp_path: Path) -> None:
    other = {"families": ["insurance"], "when": "call.hour >= 21", "terms": ["sure thing"], "except": []}
    assert (
        codes(tmp_path, compliance=[gate(**STRANGER), rule("B-1", "bound", **STRANGER), rule("F-1", "forbid", **other)])
        == []
    )


def test_a_rule_about_a_family_of_this_pack_may_not(tmp_path: Path) -> None:
    for families in (["loan"], ["insurance", "loan"], "all"):
        assert codes(tmp_path, compliance=[gate(**{**STRANGER, "families": families})]) == ["NBO203"]
        bound = rule("B-1", "bound", **{**STRANGER, "families": families})
        assert codes(tmp_path, compliance=[bound]) == ["NBO203"]


def test_a_rule_about_other_families_is_kept_and_stops_nobody(tmp_path: Path) -> None:
    engine = load(tmp_path, compliance=[gate(**STRANGER), rule("B-1", "bound", **STRANGER)])
    assert [each.id for each in engine.pack.compliance] == ["B-1"]
    assert decide(engine).offers
