"""Wording lists that cannot mean what they say: each mistake has a finding at its place."""

from pathlib import Path
from typing import Any

import pytest
import yaml
from tiny_pack import NOON, codes, rule, script, segment, treatment, write_pack

from nbo.pack.link_compliance import LONGEST_WORDING, MOST_GAPS, MOST_WORDINGS
from nbo.pack.load import load_pack
from nbo.script.compliance import ScriptChecker
from nbo.script.normalize import normalize
from nbo.script.proof.prove import prove
from nbo.script.wording import MOST_GAPS as MOST_GAPS_OF_A_WORDING

PLAIN = script(treatment("plain", segment("Shall I tell you more?")))


def wording(**changes: Any) -> dict[str, Any]:
    return rule("NEVER", "forbid", **changes)


@pytest.mark.parametrize(
    ("term", "finding"),
    [
        ("最佳", []),
        ("保证…提额", []),
        ("x" * LONGEST_WORDING, []),
        ("***", ["NBO133"]),
        ("\u200b", ["NBO133"]),
        ("…", ["NBO133"]),
        ("…提额", ["NBO133"]),
        ("保证...", ["NBO133"]),
        ("一…二…三…四", ["NBO133"]),
        ("x" * (LONGEST_WORDING + 1), ["NBO133"]),
    ],
)
def test_a_wording_that_would_match_everything_or_nothing_is_a_finding(
    tmp_path: Path, term: str, finding: list[str]
) -> None:
    assert codes(tmp_path, scripts=[PLAIN], compliance=[wording(terms=[term, "gratis"])]) == finding


def test_a_list_without_end_is_a_finding(tmp_path: Path) -> None:
    terms = [f"word{number}" for number in range(MOST_WORDINGS + 1)]
    assert codes(tmp_path, scripts=[PLAIN], compliance=[wording(terms=terms)]) == ["NBO133"]


def test_the_file_and_the_search_allow_the_same_number_of_gaps() -> None:
    assert MOST_GAPS == MOST_GAPS_OF_A_WORDING


@pytest.mark.parametrize(
    ("terms", "excepts", "finding"),
    [
        (["最佳", "risk-free"], ["risk-free rate"], []),
        (["risk-free", "Risk  free"], [], ["NBO530"]),
        (["國家級", "国家级"], [], ["NBO530"]),
        (["最低", "最佳"], ["最低还款额", "最低還款額"], ["NBO530"]),
        (["最低", "最佳"], ["最低"], ["NBO531"]),
        (["free", "best"], ["FREE"], ["NBO531"]),
        (["最低"], ["最底还款额"], ["NBO532"]),
        (["best"], ["bestow"], ["NBO532"]),
    ],
)
def test_wording_without_effect_is_a_warning(
    tmp_path: Path, terms: list[str], excepts: list[str], finding: list[str]
) -> None:
    never = wording(terms=terms, **{"except": excepts})
    pack, found = load_pack(write_pack(tmp_path, scripts=[PLAIN], compliance=[never]), NOON)
    assert pack is not None, [each.message() for each in found]
    assert [each.code.id for each in prove(pack, NOON.date())] == finding


def test_a_rule_that_lets_denied_terms_pass_needs_to_know_what_denies(tmp_path: Path) -> None:
    never = wording(terms=["最佳"], unless_negated=True)
    assert codes(tmp_path, scripts=[PLAIN], compliance=[never]) == ["NBO131"]
    other = rule("SAY", "require", phrases={"en": ["tell you"]}, unless_negated=True)
    assert codes(tmp_path, scripts=[PLAIN], compliance=[other]) == ["NBO315", "NBO131"]


@pytest.mark.parametrize("denies", [[], ["***"]])
def test_words_that_deny_are_words(tmp_path: Path, denies: list[str]) -> None:
    assert load_with_negation(tmp_path, {"before": denies})[0] is None


def test_denied_terms_pass_where_the_rule_says_so(tmp_path: Path) -> None:
    pack, found = load_with_negation(tmp_path, {"before": ["不", "not"], "except": ["why not", "isn't it…?"]})
    assert pack is not None, [each.message() for each in found]
    strict, lenient = (ScriptChecker(pack).terms[each] for each in ("STRICT", "LENIENT"))
    assert strict.occurs_in(normalize("不保本"))
    assert not lenient.occurs_in(normalize("不保本"))
    assert lenient.occurs_in(normalize("不但保本"))


def load_with_negation(folder: Path, negation: dict[str, Any]) -> Any:
    rules = [
        rule("STRICT", "forbid", terms=["保本"]),
        rule("LENIENT", "forbid", terms=["保本"], unless_negated=True),
    ]
    root = write_pack(folder, scripts=[PLAIN], compliance=rules)
    path = root / "compliance.yaml"
    content = yaml.safe_load(path.read_text(encoding="utf-8")) | {"negation": negation}
    path.write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
    return load_pack(root, NOON)
