"""Compliance packs: rules on what is said and quoted, and gates that law or bank policy adds to the pack's own."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from nbo.diagnostics import catalog
from nbo.diagnostics.diagnostic import Text
from nbo.diagnostics.place import Span
from nbo.pack.files import KINDS, ComplianceFile, RuleFile, SpeedFile
from nbo.pack.link import Linker, Setting, stable_id
from nbo.pack.quote_fields import all_quote_fields
from nbo.pack.rulepack import Clause, ComplianceRule, Gate, InForce, Speed
from nbo.source.model import validate
from nbo.source.nodes import Mapping as MappingNode
from nbo.source.nodes import Scalar, Sequence

_KEYS = {
    "forbid": {"terms", "except"},
    "require": {"fields", "slots", "phrases"},
    "gate": {"must", "at", "reason"},
    "bound": {"must", "reason"},
    "bind": {"except", "units"},
    "talk_time": {"stages", "max_seconds", "speed"},
}
_NEEDED = {"forbid": ["terms"], "gate": ["must"], "bound": ["must"], "talk_time": ["stages", "max_seconds", "speed"]}
_ANYTHING = Setting(frozenset({"offer.", "quote."}))
_PHRASES = Text("a list of phrases a language, `{zh: [...], en: [...]}`", "按语言给出的措辞列表 `{zh: [...], en: [...]}`")


def link_compliance(
    linker: Linker, written: Iterable[ComplianceFile]
) -> tuple[tuple[ComplianceRule, ...], tuple[Gate, ...]]:
    """The rules and the gates; a rule about families that this pack does not have is kept and concerns nobody."""
    rules: list[ComplianceRule] = []
    gates: list[Gate] = []
    taken: dict[str, Span] = {}
    for file in written:
        for rule in file.rules:
            if not linker.unique(rule.id, taken, Text("rule", "规则")):
                continue
            _check_keys(linker, rule)
            if rule.kind == "gate":
                gate = _gate(linker, rule)
                if gate is not None:
                    gates.append(gate)
            else:
                rules.append(_rule(linker, rule, file.jurisdiction.text))
    return tuple(rules), tuple(gates)


def _check_keys(linker: Linker, rule: RuleFile) -> None:
    for key in sorted(set().union(*_KEYS.values()) & rule.keys_present):
        if key not in _KEYS[rule.kind]:
            linker.found.append(catalog.KEY_NOT_FOR_KIND.at(rule.key_span(key), key=key, kind=rule.kind))
    for key in _NEEDED.get(rule.kind, ()):
        if key not in rule.keys_present:
            linker.found.append(catalog.KEY_REQUIRED.at(rule.span_of("kind"), key=key))
    if rule.in_force.through is not None and rule.in_force.through < rule.in_force.start:
        span = rule.in_force.span_of("through")
        linker.found.append(catalog.DATES_BACKWARDS.at(span, start=rule.in_force.start, through=rule.in_force.through))


def _scope(rule: RuleFile) -> tuple[frozenset[str] | None, frozenset[str] | None]:
    families = None if rule.families is None else frozenset(each.text for each in rule.families)
    channels = None if rule.channels is None else frozenset(each.text for each in rule.channels)
    return families, channels


def _clause(linker: Linker, rule: RuleFile, setting: Setting) -> Clause | None:
    if rule.must is None:
        return None
    expression = linker.condition(rule.must, setting)
    if expression is None:
        return None
    reason = linker.words(rule.reason or rule.text, rule.span_of("reason"))
    return Clause(stable_id(rule.id.text, expression.text), expression, reason, rule.must.span)


def _gate(linker: Linker, rule: RuleFile) -> Gate | None:
    families, channels = _scope(rule)
    setting = Setting(frozenset({"offer."}), later="quote")
    clause = _clause(linker, rule, setting)
    scope = None if rule.when is None else linker.condition(rule.when, setting)
    linker.words(rule.text, rule.span_of("text"))
    if clause is None or (rule.when is not None and scope is None):
        return None
    in_force = InForce(rule.in_force.start, rule.in_force.through)
    return Gate(rule.id.text, frozenset(KINDS), rule.at, clause, None, families, channels, scope, in_force)  # type: ignore[arg-type]  # KINDS are the kinds


def _rule(linker: Linker, rule: RuleFile, jurisdiction: str) -> ComplianceRule:
    families, channels = _scope(rule)
    fields = _fields(linker, rule)
    slots = {slot: _phrases(linker, node) for slot, node in (rule.slots or {}).items()}
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
        scope=None if rule.when is None else linker.condition(rule.when, _ANYTHING),
        span=rule.span_of("id"),
        terms=_terms(linker, rule.terms or []),
        excepts=_terms(linker, rule.except_),
        fields=fields,
        slots=slots,
        phrases=_phrases_of(linker, rule, "phrases"),
        must=_clause(linker, rule, _ANYTHING) if rule.kind == "bound" else None,
        units=_phrases_of(linker, rule, "units"),
        stages=tuple(rule.stages or ()),
        max_seconds=rule.max_seconds,
        speeds=_speeds(linker, rule),
    )


def _terms(linker: Linker, written: list[Scalar]) -> tuple[str, ...]:
    kept = []
    for each in written:
        if any(character.isalnum() for character in each.text):
            kept.append(each.text)
        else:
            expected = Text("a wording with at least one letter", "至少含一个文字的措辞")
            linker.found.append(catalog.WRONG_VALUE.at(each.span, value=each.text, expected=expected))
    return tuple(kept)


def _fields(linker: Linker, rule: RuleFile) -> tuple[str, ...]:
    known = {**{name: name for name in all_quote_fields()}, **linker.dictionary.names}
    found = (linker.reference(each, known, Text("attribute", "属性")) for each in rule.fields or [])
    return tuple(each for each in found if each is not None)


def _phrases(linker: Linker, node: object) -> Mapping[str, tuple[str, ...]]:
    """Phrases by language."""
    if not isinstance(node, MappingNode):
        linker.found.append(catalog.WRONG_SHAPE.at(getattr(node, "span", None), expected=_PHRASES))
        return {}
    phrases: dict[str, tuple[str, ...]] = {}
    for language, items in node.items():
        if isinstance(items, Sequence) and items and all(isinstance(each, Scalar) for each in items):
            phrases[language] = _terms(linker, [each for each in items if isinstance(each, Scalar)])
        else:
            linker.found.append(catalog.WRONG_SHAPE.at(items.span, expected=_PHRASES))
    for language in linker.languages:
        if language not in node:
            linker.found.append(catalog.LANGUAGE_MISSING.at(node.span, language=language))
    return phrases


def _phrases_of(linker: Linker, rule: RuleFile, key: str) -> Mapping[str, tuple[str, ...]] | None:
    if getattr(rule, key) is None:
        return None
    return _phrases(linker, rule.node_of(key))


def _speeds(linker: Linker, rule: RuleFile) -> Mapping[str, Speed] | None:
    if rule.speed is None:
        return None
    speeds: dict[str, Speed] = {}
    for language in linker.languages:
        node = rule.speed.get(language)
        key = "words_per_minute" if language == "en" else "characters_per_minute"
        if node is None:
            linker.found.append(catalog.KEY_REQUIRED.at(rule.span_of("speed"), key=language))
            continue
        read, found = validate(SpeedFile, node)
        linker.found.extend(found)
        units = getattr(read, key, None)
        if isinstance(read, SpeedFile) and units is None:
            linker.found.append(catalog.KEY_REQUIRED.at(read.span, key=key))
        elif isinstance(read, SpeedFile) and units <= 0:
            linker.found.append(catalog.WRONG_VALUE.at(read.span_of(key), value=units, expected=Text("above 0", "大于 0 的数")))
        elif isinstance(read, SpeedFile):
            speeds[language] = Speed(units, read.pause_seconds)
    return speeds


