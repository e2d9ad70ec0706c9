"""The check at run time: the final words of a script against every rule that concerns them.

In: a rendered script, the customer's values, the day. Out: one `Check` a rule. A script with a blocking check is never
returned. What a rule needs (term sets, number finders) is compiled once a pack.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from nbo.language.interpret import Row
from nbo.pack.rulepack import ComplianceRule, RulePack
from nbo.script.bound_numbers import NumberFinder
from nbo.script.lexicon import Lexicon
from nbo.script.negation import Negation
from nbo.script.normalize import Normalized, normalize
from nbo.script.pii import find_personal_data
from nbo.script.render import RenderedScript, RenderedText
from nbo.script.speech import talk_seconds
from nbo.script.terms import TermSet

Status = Literal["passed", "warned", "blocked"]
PERSONAL_DATA = "PERSONAL_DATA"  # core, in every pack: no card, identity or phone number is ever said


@dataclass(frozen=True, slots=True)
class Check:
    """What one rule said about a script."""

    rule: str
    status: Status


class ScriptChecker:
    """All compliance rules of a pack on scripts, compiled."""

    def __init__(self, pack: RulePack) -> None:
        self.rules = pack.compliance
        self.terms: Mapping[str, TermSet] = {rule.id: term_set(rule) for rule in self.rules if rule.kind == "forbid"}
        self._lexicons: dict[tuple[str, str], Lexicon] = {}  # never more than the pack has families and channels
        self.numbers: Mapping[tuple[str, str], NumberFinder] = {
            (rule.id, language): NumberFinder((rule.units or {}).get(language, ()), rule.excepts)
            for rule in self.rules
            if rule.kind == "bind"
            for language in pack.languages
        }
        self.phrases: Mapping[tuple[str, str], tuple[str, ...]] = {
            (rule.id, language): tuple(normalize(phrase).text for phrase in phrases)
            for rule in self.rules
            for language, phrases in (rule.phrases or {}).items()
        }
        self.slot_phrases: Mapping[tuple[str, str, str], tuple[str, ...]] = {
            (rule.id, slot, language): tuple(normalize(phrase).text for phrase in phrases)
            for rule in self.rules
            for slot, by_language in (rule.slots or {}).items()
            for language, phrases in by_language.items()
        }

        self._remembered: dict[tuple[str, str], frozenset[str]] = {}  # never more than the pack has answers

    def in_scope(self, family: str, channel: str, values: Row, today: date) -> Iterator[ComplianceRule]:
        """The rules about this customer's offer today; one whose scope is unknown applies."""
        for rule in self.rules:
            if not rule.concerns(family, channel) or not rule.in_force.covers(today):
                continue
            if rule.scope is None or rule.scope.ask(values) is not False:
                yield rule

    def lexicon(self, family: str, channel: str) -> Lexicon:
        """The forbidden wording of all rules about offers of a family on a channel.

        PERF: what one family's scripts say all day is another's forbidden wording; apart they are told apart faster.
        """
        lexicon = self._lexicons.get((family, channel))
        if lexicon is None:
            concerned = [rule.id for rule in self.rules if rule.kind == "forbid" and rule.concerns(family, channel)]
            lexicon = self._lexicons[family, channel] = Lexicon({rule: self.terms[rule] for rule in concerned})
        return lexicon

    def check_bounds(
        self, family: str, channel: str, values: Row, today: date
    ) -> tuple[list[Check], ComplianceRule | None]:
        """Rules on the numbers of a quote, and the first that blocks; unknown blocks."""
        checks: list[Check] = []
        for rule in self.in_scope(family, channel, values, today):
            if rule.must is not None:
                held = rule.must.expression.ask(values) is True
                checks.append(Check(rule.id, _status(rule, broken=not held)))
                if not held and rule.severity == "block":
                    return checks, rule
        return checks, None

    def check_script(self, script: RenderedScript, family: str, channel: str, values: Row, today: date) -> list[Check]:
        """Every rule on the words of a script."""
        text = normalize(script.text)
        said = self.lexicon(family, channel).find(text)
        checks = [Check(PERSONAL_DATA, "blocked" if find_personal_data(script.text) else "passed")]
        for rule in self.in_scope(family, channel, values, today):
            if rule.kind != "bound":
                broken = rule.id in said if rule.kind == "forbid" else self._is_broken(rule, script, text)
                checks.append(Check(rule.id, _status(rule, broken=broken)))
        return checks

    def pitch_seconds(self, script: RenderedScript, family: str, channel: str) -> Decimal | None:
        """How long the pitch takes to say, by the speed of the rule that bounds it; None where no rule does."""
        for rule in self.rules:
            if rule.kind == "talk_time" and "offer" in rule.stages and rule.concerns(family, channel):
                return stage_seconds(rule, script)
        return None

    def allows_answer(
        self, answer: RenderedText, language: str, family: str, channel: str, values: Row, today: date
    ) -> bool:
        """Whether an answer to an objection may be said: the rules on wording hold for it too."""
        in_scope = self.in_scope(family, channel, values, today)
        if answer.bindings:
            text = normalize(answer.text)
            refused = any(self._refuses(rule, answer, text, language) for rule in in_scope)
            return not refused and not find_personal_data(answer.text)
        refusing = self._refusing(answer, language)
        return PERSONAL_DATA not in refusing and not any(rule.id in refusing for rule in in_scope)

    def _refusing(self, answer: RenderedText, language: str) -> frozenset[str]:
        """The rules, in scope or not, that do not let words pass which never change.

        PERF: most answers have no placeholder; remembered, they cost a requote 0.1 ms less (benchmarks/decide.py).
        """
        known = self._remembered.get((answer.text, language))
        if known is None:
            text = normalize(answer.text)
            by_rules = {rule.id for rule in self.rules if self._refuses(rule, answer, text, language)}
            personal = {PERSONAL_DATA} if find_personal_data(answer.text) else set()
            known = self._remembered[answer.text, language] = frozenset(by_rules | personal)
        return known

    def _refuses(self, rule: ComplianceRule, answer: RenderedText, text: Normalized, language: str) -> bool:
        """Whether a rule on wording blocks an answer."""
        if rule.severity != "block":
            return False
        if rule.kind == "forbid":
            return bool(self.terms[rule.id].find(text))
        bound = ((each.start, each.end) for each in answer.bindings)
        return rule.kind == "bind" and any(True for _ in self.numbers[rule.id, language].find(answer.text, bound))

    def _is_broken(self, rule: ComplianceRule, script: RenderedScript, text: Normalized) -> bool:
        match rule.kind:
            case "require":
                return not self._says_all(rule, script, text)
            case "bind":
                bound = ((each.start, each.end) for each in script.bindings)
                return any(True for _ in self.numbers[rule.id, script.language].find(script.text, bound))
            case "talk_time":
                return stage_seconds(rule, script) > (rule.max_seconds or 0)
            case _:
                return False

    def _says_all(self, rule: ComplianceRule, script: RenderedScript, text: Normalized) -> bool:
        said = {binding.field for segment in script.segments for binding in segment.bindings}
        if not said.issuperset(rule.fields):
            return False
        phrases = self.phrases.get((rule.id, script.language))
        if phrases and not any(phrase in text.text for phrase in phrases):
            return False
        return all(self._says(rule, slot, script) for slot in rule.slots or {})

    def _says(self, rule: ComplianceRule, slot: str, script: RenderedScript) -> bool:
        """Whether a segment that is to say the slot holds one of its phrases."""
        accepted = self.slot_phrases.get((rule.id, slot, script.language), ())
        texts = [normalize(segment.text).text for segment in script.segments if slot in segment.says]
        return any(phrase in text for text in texts for phrase in accepted)


def term_set(rule: ComplianceRule) -> TermSet:
    """What a rule forbids, compiled."""
    words = rule.negation
    if words is None:
        return TermSet(rule.terms, rule.excepts)
    return TermSet(rule.terms, rule.excepts, Negation(words.before, words.after, words.between, words.excepts))


def stage_seconds(rule: ComplianceRule, script: RenderedScript) -> Decimal:
    """How long the stages that a talk-time rule bounds take to say."""
    speed = (rule.speeds or {})[script.language]
    joined = (" " if script.language == "en" else "").join(
        each.text for each in script.segments if each.stage in rule.stages
    )
    return talk_seconds(joined, script.language, speed)


def _status(rule: ComplianceRule, *, broken: bool) -> Status:
    if not broken:
        return "passed"
    return "blocked" if rule.severity == "block" else "warned"
