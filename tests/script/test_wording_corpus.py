"""Sentences of the trade against the wording rules of the China pack: all that is forbidden is found, nothing else is.

The files of `corpus/` hold the sentences: as they are said, and in disguise (`_dressed`). What no matching can reach is not
in them; docs/text-matching.md lists it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from nbo.pack.load import load_pack
from nbo.script.compliance import ScriptChecker
from nbo.script.lexicon import Lexicon
from nbo.script.normalize import normalize

ROOT = Path(__file__).parents[2]
CORPUS = Path(__file__).parent / "corpus"
AT = datetime.fromisoformat("2026-11-16T10:30:00+08:00")
LANGUAGES = ("zh", "en")
FEWEST, FEWEST_DISTINCT = 300, 150


@cache
def checker() -> ScriptChecker:
    pack, found = load_pack(ROOT / "rules" / "cn_credit_card", AT)
    assert pack is not None, found
    return ScriptChecker(pack)


@cache
def lexicon(family: str | None) -> Lexicon:
    """All wording rules about a family on any channel; None: all there are."""
    rules = [rule for rule in checker().rules if rule.kind == "forbid"]
    concerned = [rule.id for rule in rules if family is None or rule.families is None or family in rule.families]
    return Lexicon({rule: checker().terms[rule] for rule in concerned})


def read(name: str) -> Any:
    return yaml.safe_load((CORPUS / name).read_text(encoding="utf-8"))


def plain(kind: str, language: str) -> Iterator[tuple[str, str]]:
    """A rule or family, and a sentence."""
    groups: Mapping[str, list[str]] = read(f"{kind}_{language}.yaml")
    for name, sentences in groups.items():
        for sentence in sentences:
            yield name, sentence


def dressed(kind: str, language: str) -> Iterator[tuple[str, str, str]]:
    """What was done to the sentence, a rule or family, and the sentence."""
    ways: Mapping[str, Mapping[str, list[str]]] = read(f"{kind}_{language}_dressed.yaml")
    for way, groups in ways.items():
        for name, sentences in groups.items():
            for sentence in sentences:
                yield way, name, sentence


def sentences(kind: str, language: str) -> list[tuple[str, str, str]]:
    return [*(("as said", *each) for each in plain(kind, language)), *dressed(kind, language)]


def reported(wrong: list[str], total: int, what: str) -> str:
    return "\n".join([f"{what}: {total - len(wrong)} of {total} ({1 - len(wrong) / total:.1%})", *wrong])


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_forbidden_sentence_is_caught_by_its_rule(language: str) -> None:
    every = sentences("forbidden", language)
    missed = [f"{rule}, {way}: {text}" for way, rule, text in every if rule not in lexicon(None).find(normalize(text))]
    assert not missed, reported(missed, len(every), "caught")


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_clean_sentence_raises_an_alarm(language: str) -> None:
    every = sentences("clean", language)
    alarms = [
        f"{family}, {way}: {text} {hits}"
        for way, family, text in every
        if (hits := lexicon(family).find(normalize(text)))
    ]
    assert not alarms, reported(alarms, len(every), "let pass")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", ["forbidden", "clean"])
def test_the_corpus_is_large_and_has_no_sentence_twice(kind: str, language: str) -> None:
    texts = [text for _, _, text in sentences(kind, language)]
    assert len(texts) >= FEWEST
    assert len(set(texts)) == len(texts)
    assert len(list(plain(kind, language))) >= FEWEST_DISTINCT


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_hit_points_at_wording_that_is_a_hit_by_itself(language: str) -> None:
    for _, rule, text in sentences("forbidden", language):
        for start, end, term in lexicon(None).find(normalize(text)).get(rule, ()):
            alone = text[start:end]
            assert term in [found for _, _, found in checker().terms[rule].find(normalize(alone))], (text, alone)


def test_every_wording_rule_has_a_sentence_in_both_languages() -> None:
    rules = set(checker().terms)
    for language in LANGUAGES:
        assert {rule for rule, _ in plain("forbidden", language)} == rules
