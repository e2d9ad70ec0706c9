"""Compliance packs: rules on what is said and quoted, gates that law or bank policy adds to the pack's own, duties."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from nbo.diagnostics import catalog
from nbo.diagnostics.diagnostic import Text
from nbo.diagnostics.place import Span
from nbo.diagnostics.suggest import nearest
from nbo.pack.clause import Clause, InForce
from nbo.pack.compliance import ComplianceRule, Duty, Evidence, GateRule, IfSaid, Jurisdiction, NegationWords, Speed
from nbo.pack.files.compliance import (
    KEYS_OF_KIND,
    NEEDED_BY_KIND,
    ComplianceFile,
    DutyFile,
    NegationFile,
    RuleFile,
    SpeedFile,
)
from nbo.pack.files.shared import KINDS, LANGUAGES
from nbo.pack.gate import Gate
from nbo.pack.link import Linker, Setting, stable_id
from nbo.pack.quotes.kinds import all_quote_fields
from nbo.source.model import validate
from nbo.source.nodes import Mapping as MappingNode
from nbo.source.nodes import Scalar, Sequence

MOST_WORDINGS = 2_000
LONGEST_WORDING = 60
"""Characters; the proof seeks wording across two segments so far into each."""
MOST_GAPS = 2
_GAP = re.compile(r"…+|\.{3,}")
_LETTER = Text("a wording with at least one letter", "至少含一个文字的措辞")
_LETTERS_AROUND = Text("a wording with a letter on both sides of `…`", "`…` 两侧都有文字的措辞")
_SHORTER = Text(f"a wording of at most {LONGEST_WORDING} characters", f"不超过 {LONGEST_WORDING} 个字符的措辞")
_FEWER_GAPS = Text(f"a wording with at most {MOST_GAPS} `…`", f"最多含 {MOST_GAPS} 个 `…` 的措辞")
_FEWER_WORDINGS = Text(f"a list of at most {MOST_WORDINGS:,} wordings", f"最多 {MOST_WORDINGS:,} 条措辞的列表")

_ASKS = {"forbid": ("terms",), "require": ("fields", "slots", "phrases"), "talk_time": ("stages",)}
_A_LANGUAGE = Text("`zh` or `en`", "`zh` 或 `en`")
_ONE_OF = Text("`terms` or `fields`", "`terms` 或 `fields`")
_ANYTHING = Setting(frozenset({"offer.", "quote."}))
_PHRASES = Text(
    "a list of phrases a language, `{zh: [...], en: [...]}`", "按语言给出的措辞列表 `{zh: [...], en: [...]}`"
)


def link_compliance(
    linker: Linker, written: Iterable[ComplianceFile], families: Iterable[str], channels: Iterable[str]
) -> tuple[tuple[ComplianceRule, ...], tuple[Gate, ...], tuple[Jurisdiction, ...]]:
    """The rules, the gates, and what each file says of itself.

    A rule about families that this pack does not have is kept and concerns nobody. Its conditions are not read, because
    they may name what only a pack with such offers knows of a customer. `families` and `channels` are the pack's own: a
    rule that nearly names one of them is probably misspelt.
    """
    rules: list[ComplianceRule] = []
    gates: list[Gate] = []
    jurisdictions: list[Jurisdiction] = []
    taken: dict[str, Span] = {}
    known = frozenset(families)
    for file in written:
        negation = None if file.negation is None else _negation(linker, file.negation)
        gate_rules: list[GateRule] = []
        for rule in file.rules:
            if not linker.unique(rule.id, taken, Text("rule", "规则")):
                continue
            _check_keys(linker, rule)
            _check_asks(linker, rule)
            _check_scope(linker, rule.families, known, Text("family", "产品族"))
            _check_scope(linker, rule.channels, channels, Text("channel", "渠道"))
            concerned = rule.families is None or any(each.text in known for each in rule.families)
            if rule.kind == "gate":
                gate = _gate(linker, rule) if concerned else None
                if gate is not None:
                    gates.append(gate)
                gate_rules.append(_gate_rule(linker, rule, file.jurisdiction.text, gate))
            else:
                if rule.unless_negated and negation is None:
                    linker.found.append(catalog.KEY_REQUIRED.at(rule.span_of("unless_negated"), key="negation"))
                denied = negation if rule.unless_negated else None
                rules.append(_rule(linker, rule, file.jurisdiction.text, concerned=concerned, negation=denied))
        duties = tuple(_duties(linker, file, taken))
        span = file.jurisdiction.span
        jurisdictions.append(Jurisdiction(file.jurisdiction.text, file.coverage, tuple(gate_rules), duties, span))
    return tuple(rules), tuple(gates), tuple(jurisdictions)


def _check_keys(linker: Linker, rule: RuleFile) -> None:
    for key in sorted(set().union(*KEYS_OF_KIND.values()) & rule.keys_present):
        if key not in KEYS_OF_KIND[rule.kind]:
            known = ", ".join(f"`{each}`" for each in sorted(KEYS_OF_KIND[rule.kind]))
            linker.found.append(catalog.KEY_NOT_FOR_KIND.at(rule.key_span(key), key=key, kind=rule.kind, known=known))
    for key in NEEDED_BY_KIND.get(rule.kind, ()):
        if key not in rule.keys_present:
            linker.found.append(catalog.KEY_REQUIRED.at(rule.span_of("kind"), key=key))
    if rule.in_force.through is not None and rule.in_force.through < rule.in_force.start:
        span = rule.in_force.span_of("through")
        linker.found.append(catalog.DATES_BACKWARDS.at(span, start=rule.in_force.start, through=rule.in_force.through))


def _check_asks(linker: Linker, rule: RuleFile) -> None:
    """A rule with empty lists would pass everything."""
    keys = _ASKS.get(rule.kind, ())
    absent = set(NEEDED_BY_KIND.get(rule.kind, ())) - rule.keys_present  # which is reported as such
    if keys and not absent & set(keys) and not any(getattr(rule, key) for key in keys):
        shown = Text(" or ".join(f"`{key}`" for key in keys), "或".join(f" `{key}` " for key in keys).strip())
        linker.found.append(catalog.ASKS_NOTHING.at(rule.span_of("id"), keys=shown))


def _check_scope(linker: Linker, written: Iterable[Scalar] | None, known: Iterable[str], kind: Text) -> None:
    for each in written or ():
        suggestion = nearest(each.text, known, alike=0.8)
        if suggestion is not None and suggestion != each.text:
            linker.found.append(catalog.RULE_PASSES_BY.at(each.span, kind=kind, name=each.text, suggestion=suggestion))


def _scope(rule: RuleFile) -> tuple[frozenset[str] | None, frozenset[str] | None]:
    families = None if rule.families is None else frozenset(each.text for each in rule.families)
    channels = None if rule.channels is None else frozenset(each.text for each in rule.channels)
    return families, channels


def _languages(linker: Linker, rule: RuleFile) -> frozenset[str] | None:
    if rule.languages is None:
        return None
    for each in rule.languages:
        if each.text not in LANGUAGES:
            linker.found.append(catalog.WRONG_VALUE.at(each.span, value=each.text, expected=_A_LANGUAGE))
    return frozenset(each.text for each in rule.languages)


def _clause(linker: Linker, rule: RuleFile, setting: Setting) -> Clause | None:
    if rule.must is None:
        return None
    expression = linker.condition(rule.must, setting)
    if expression is None:
        return None
    linker.check_decides(expression)
    reason = linker.words(rule.reason or rule.text, rule.span_of("reason"))
    return Clause(stable_id(rule.id.text, expression.text), expression, reason, rule.must.span)


def _gate(linker: Linker, rule: RuleFile) -> Gate | None:
    families, channels = _scope(rule)
    setting = Setting(frozenset({"offer."}), later="quote")
    clause = _clause(linker, rule, setting)
    scope = None if rule.when is None else linker.condition(rule.when, setting, must_be_possible=True)
    if clause is None or (rule.when is not None and scope is None):
        return None
    in_force = InForce(rule.in_force.start, rule.in_force.through)
    return Gate(
        id=rule.id.text,
        kinds=frozenset(KINDS),  # type: ignore[arg-type]  # KINDS are the kinds
        at=rule.at,
        clause=clause,
        families=families,
        channels=channels,
        scope=scope,
        in_force=in_force,
        lawful=True,
        severity=rule.severity,
    )


def _gate_rule(linker: Linker, rule: RuleFile, jurisdiction: str, gate: Gate | None) -> GateRule:
    families, channels = _scope(rule)
    return GateRule(
        id=rule.id.text,
        at=rule.at,
        jurisdiction=jurisdiction,
        text=linker.words(rule.text, rule.span_of("text")),
        citation=rule.citation.text,
        evidence=rule.evidence,
        in_force=InForce(rule.in_force.start, rule.in_force.through),
        severity=rule.severity,
        families=families,
        channels=channels,
        scope=None if gate is None else gate.scope,
        span=rule.span_of("id"),
        must=None if gate is None else gate.clause,
    )


def _duties(linker: Linker, file: ComplianceFile, taken: dict[str, Span]) -> Iterator[Duty]:
    """What is left to people; a duty beside no rule says itself where it is written and how sure that is."""
    rules = {rule.id.text: rule for rule in file.rules}
    for each in file.people:
        who = linker.words(each.who, each.span_of("who"))
        text = linker.words(each.text, each.span_of("text"))
        if not linker.unique(each.id, taken, Text("duty", "职责")):
            continue
        rule = None if each.rule is None else linker.reference(each.rule, rules, Text("rule", "规则"))
        source = _source_of(linker, each, rule)
        if source is not None:
            citation, evidence = source
            beside = None if rule is None else rule.id.text
            yield Duty(each.id.text, beside, who, text, citation, evidence, each.span_of("id"))


def _source_of(linker: Linker, duty: DutyFile, rule: RuleFile | None) -> tuple[str, Evidence] | None:
    citation = duty.citation or (None if rule is None else rule.citation)
    evidence = duty.evidence or (None if rule is None else rule.evidence)
    if citation is not None and evidence is not None:
        return citation.text, evidence
    if duty.rule is None:  # one that names a rule which does not exist is found as such
        key = "citation" if citation is None else "evidence"
        linker.found.append(catalog.KEY_REQUIRED.at(duty.span_of("id"), key=key))
    return None


def _rule(
    linker: Linker, rule: RuleFile, jurisdiction: str, *, concerned: bool, negation: NegationWords | None
) -> ComplianceRule:
    families, channels = _scope(rule)
    scope = rule.when if concerned else None
    fields = _fields(linker, rule.fields or [])
    if_said = None
    if rule.if_said is not None:
        if_said = IfSaid(_texts(_terms(linker, rule.if_said.terms)), _fields(linker, rule.if_said.fields))
        if not rule.if_said.terms and not rule.if_said.fields:
            linker.found.append(catalog.ASKS_NOTHING.at(rule.if_said.span, keys=_ONE_OF))
    terms, excepts = _terms(linker, rule.terms or []), _terms(linker, rule.except_)
    languages = _languages(linker, rule)
    spoken = [each for each in linker.languages if languages is None or each in languages]
    slots = {slot: _phrases(linker, node, spoken) for slot, node in (rule.slots or {}).items()}
    return ComplianceRule(
        id=rule.id.text,
        kind=rule.kind,  # type: ignore[arg-type]  # every kind but `gate`
        jurisdiction=jurisdiction,
        text=linker.words(rule.text, rule.span_of("text")),
        citation=rule.citation.text,
        evidence=rule.evidence,
        in_force=InForce(rule.in_force.start, rule.in_force.through),
        severity=rule.severity,
        families=families,
        channels=channels,
        languages=languages,
        scope=None if scope is None else linker.condition(scope, _ANYTHING, must_be_possible=True),
        span=rule.span_of("id"),
        terms=_texts(terms),
        excepts=_texts(excepts),
        term_spans=tuple(each.span for each in terms),
        except_spans=tuple(each.span for each in excepts),
        negation=negation,
        if_said=if_said,
        fields=fields,
        slots=slots,
        phrases=_phrases_of(linker, rule, "phrases", spoken),
        must=_clause(linker, rule, _ANYTHING) if rule.kind == "bound" and concerned else None,
        units=_phrases_of(linker, rule, "units", spoken),
        stages=tuple(rule.stages or ()),
        max_seconds=rule.max_seconds,
        speeds=_speeds(linker, rule, spoken),
    )


def _negation(linker: Linker, written: NegationFile) -> NegationWords:
    return NegationWords(
        before=_texts(_terms(linker, written.before)),
        after=_texts(_terms(linker, written.after)),
        between=_texts(_terms(linker, written.between)),
        excepts=_texts(_terms(linker, written.except_, mark_at_end=True)),
    )


def _terms(linker: Linker, written: list[Scalar], *, mark_at_end: bool = False) -> list[Scalar]:
    """The wordings that can be sought: each takes bounded time, whatever a text holds.

    `mark_at_end`: a wording may end in a mark alone, as `isn't this…?` does.
    """
    kept = []
    for place, each in enumerate(written):
        parts = _GAP.split(each.text.rstrip("?？") if mark_at_end else each.text)
        if mark_at_end and not parts[-1]:
            parts.pop()
        if place == MOST_WORDINGS:
            linker.found.append(catalog.WRONG_VALUE.at(each.span, value=len(written), expected=_FEWER_WORDINGS))
            break
        if not all(any(character.isalnum() for character in part) for part in parts):
            expected = _LETTER if len(parts) == 1 else _LETTERS_AROUND
        elif len(each.text) > LONGEST_WORDING:
            expected = _SHORTER
        elif len(parts) > MOST_GAPS + 1:
            expected = _FEWER_GAPS
        else:
            kept.append(each)
            continue
        linker.found.append(catalog.WRONG_VALUE.at(each.span, value=each.text, expected=expected))
    return kept


def _texts(written: Iterable[Scalar]) -> tuple[str, ...]:
    return tuple(each.text for each in written)


def _fields(linker: Linker, written: Iterable[Scalar]) -> tuple[str, ...]:
    known = {**{name: name for name in all_quote_fields()}, **linker.dictionary.names}
    found = (linker.reference(each, known, Text("attribute", "属性")) for each in written)
    return tuple(each for each in found if each is not None)


def _phrases(linker: Linker, node: object, spoken: Iterable[str]) -> Mapping[str, tuple[str, ...]]:
    """Phrases by language."""
    if not isinstance(node, MappingNode):
        linker.found.append(catalog.WRONG_SHAPE.at(getattr(node, "span", None), expected=_PHRASES))
        return {}
    phrases: dict[str, tuple[str, ...]] = {}
    for language, items in node.items():
        if isinstance(items, Sequence) and items and all(isinstance(each, Scalar) for each in items):
            phrases[language] = _texts(_terms(linker, [each for each in items if isinstance(each, Scalar)]))
        else:
            linker.found.append(catalog.WRONG_SHAPE.at(items.span, expected=_PHRASES))
    for language in spoken:
        if language not in node:
            linker.found.append(catalog.LANGUAGE_MISSING.at(node.span, language=language))
    return phrases


def _phrases_of(
    linker: Linker, rule: RuleFile, key: str, spoken: Iterable[str]
) -> Mapping[str, tuple[str, ...]] | None:
    if getattr(rule, key) is None:
        return None
    return _phrases(linker, rule.node_of(key), spoken)


def _speeds(linker: Linker, rule: RuleFile, spoken: Iterable[str]) -> Mapping[str, Speed] | None:
    if rule.speed is None:
        return None
    speeds: dict[str, Speed] = {}
    for language in spoken:
        node = rule.speed.get(language)
        key = "words_per_minute" if language == "en" else "characters_per_minute"
        if node is None:
            linker.found.append(catalog.KEY_REQUIRED.at(rule.span_of("speed"), key=language))
            continue
        read, found = validate(SpeedFile, node)
        linker.found.extend(found)
        if not isinstance(read, SpeedFile):
            continue
        units = read.words_per_minute if language == "en" else read.characters_per_minute
        if units is None:
            linker.found.append(catalog.KEY_REQUIRED.at(read.span, key=key))
        elif units <= 0:
            above = Text("above 0", "大于 0 的数")
            linker.found.append(catalog.WRONG_VALUE.at(read.span_of(key), value=units, expected=above))
        elif read.pause_seconds < 0:
            at_least = Text("at least 0", "不小于 0 的数")
            span = read.span_of("pause_seconds")
            linker.found.append(catalog.WRONG_VALUE.at(span, value=span.text, expected=at_least))
        else:
            speeds[language] = Speed(units, read.pause_seconds)
    return speeds
