"""A Chinese text under `en`, or an English one under `zh`: copied to be translated later, and forgotten.

The load asks for a text in every language of the pack, so a copy passes. Then an agent on an English call reads Chinese
aloud, and a compliance officer audits words that nobody was told. Names and abbreviations (`ETC`, `Apple Pay`) are no
language, and a text that has both scripts belongs to the one that has more of it.

NBO611; wrong and right: docs/diagnostics/NBO611.md.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from nbo.diagnostics import catalog
from nbo.diagnostics.diagnostic import Diagnostic, Text
from nbo.diagnostics.place import Span
from nbo.language.template import Template
from nbo.lint.conditions import clauses
from nbo.lint.ground import Ground
from nbo.pack.offer import Offer
from nbo.pack.rulepack import RulePack

_HAN = re.compile("[\u3400-\u9fff]")
_LATIN_WORD = re.compile(r"[A-Za-zÀ-ɏ]+")
_LEAST_WORD = 3  # letters of a word that is not an abbreviation
_CHINESE, _ENGLISH = Text("Chinese", "中文"), Text("English", "英文")


def lint(ground: Ground) -> Iterator[Diagnostic]:
    """One finding a text; a text without a place of its own is shown at what it belongs to."""
    pack = ground.pack
    yield from _in_words(pack, _words(pack))
    yield from ground.each_offer("wrong language", lambda offer: _in_words(pack, _words_of(offer)))
    for template, language in _templates(pack):
        said = " ".join(part for part in template.parts if isinstance(part, str))
        yield from _checked(language, said, template.scalar.span)


def _in_words(pack: RulePack, texts: Iterable[tuple[Mapping[str, str], Span | None]]) -> Iterator[Diagnostic]:
    for words, span in texts:
        for language in pack.languages:
            if language in words:
                yield from _checked(language, words[language], span)


def _checked(language: str, text: str, span: Span | None) -> Iterator[Diagnostic]:
    if language == "en" and _is_chinese(text):
        yield catalog.WRONG_LANGUAGE.at(span, language=language, actual=_CHINESE, text=text)
    elif language == "zh" and _is_english(text):
        yield catalog.WRONG_LANGUAGE.at(span, language=language, actual=_ENGLISH, text=text)


def _is_chinese(text: str) -> bool:
    """More Chinese characters than Latin words."""
    return len(_HAN.findall(text)) > len(_LATIN_WORD.findall(text))


def _is_english(text: str) -> bool:
    """No Chinese character, two words or more, and one that is neither a name nor an abbreviation."""
    words = _LATIN_WORD.findall(text)
    plain = any(word.islower() and len(word) >= _LEAST_WORD for word in words)
    return len(words) > 1 and plain and not _HAN.search(text)


def _words(pack: RulePack) -> Iterator[tuple[Mapping[str, str], Span | None]]:
    """Every text without placeholders outside of the offers, with its place or its owner's."""
    for attribute in pack.dictionary:
        if attribute.engine:
            continue
        record = attribute.type.record
        for each in (attribute, *(record.fields.values() if record is not None else ())):
            yield each.labels, each.span
            for labels in () if each.type.domain is None else each.type.domain.labels.values():
                yield labels, each.span
    for gate in pack.gates:
        yield gate.clause.reason, gate.clause.span
    for rule in pack.contact or ():
        yield rule.suppress.reason, rule.suppress.span
    for floor in pack.floors:
        yield floor.reason, floor.span
    for authority in pack.authorities.values():
        yield authority.reason, authority.span
        yield from ((each.reason, each.span) for each in authority.seldom_clauses())
    for compliance in pack.compliance:
        yield compliance.text, compliance.span
        if compliance.must is not None:
            yield compliance.must.reason, compliance.must.span


def _words_of(offer: Offer) -> Iterator[tuple[Mapping[str, str], Span]]:
    yield offer.labels, offer.span
    for clause in clauses(offer):
        yield clause.reason, clause.span
        yield clause.because, clause.span
    if offer.quote is not None:
        yield from ((words, offer.quote.span) for words in offer.quote.texts())


def _templates(pack: RulePack) -> Iterator[tuple[Template, str]]:
    """Every text of the scripts once; an alias is the same text again."""
    seen: set[Span] = set()
    for script in pack.scripts.values():
        for treatment in script.treatments:
            spoken = [segment.texts for segment in treatment.segments]
            for texts in (*spoken, *(objection.answer.texts for objection in treatment.objections)):
                for language, template in texts.items():
                    if template.scalar.span not in seen:
                        seen.add(template.scalar.span)
                        yield template, language
