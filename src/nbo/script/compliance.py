"""The check at run time: the final words of a script against every rule that concerns them.

In: a rendered script, the customer's values, the day. Out: one `Check` a rule. A script with a blocking check is never
returned. What a rule needs (term sets, number finders) is compiled once a pack.

PERF: what the fixed words of a script settle is worked out once (`outline.py`); a rule is judged on the final words only
where that leaves it open, or where wording or a long value shows up. A check of a Chinese pitch of 265 characters takes 16 µs
where every rule on every text took 214 (benchmarks/matching.py).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from nbo.language.interpret import Row
from nbo.language.types import Kind
from nbo.pack.compliance import ComplianceRule
from nbo.pack.memory import Memory
from nbo.pack.offer import Offer
from nbo.pack.rulepack import RulePack
from nbo.pack.script import Segment
from nbo.script.bound_numbers import NumberFinder
from nbo.script.lexicon import Lexicon
from nbo.script.longest import longest_text
from nbo.script.negation import Negation
from nbo.script.normalize import Normalized, normalize
from nbo.script.outline import Outline, Room, count_places, is_touched, label_places, rooms, word_places
from nbo.script.pii import find_personal_data
from nbo.script.render import JOINED_BY, RenderedScript, RenderedSegment
from nbo.script.speech import talk_seconds
from nbo.script.terms import TermSet
from nbo.script.wording import marks_between_clauses

Status = Literal["passed", "warned", "blocked"]
PERSONAL_DATA = "PERSONAL_DATA"  # core, in every pack: no card, identity or phone number is ever said
_MOST_OUTLINES = 10_000
_MOST_CLAUSES = 1_024
_COMMON = frozenset({Kind.DATE, Kind.ENUM})


@dataclass(frozen=True, slots=True)
class Check:
    """What one rule said about a script."""

    rule: str
    status: Status


@dataclass(frozen=True, slots=True)
class _Concerned:
    """The rules about a family on a channel in a language, on one day: those on quotes and those on words."""

    bounds: tuple[ComplianceRule, ...]
    words: tuple[ComplianceRule, ...]
    lexicon: Lexicon  # of `words`
    meeting_values: Lexicon  # of these, what can hold a part of a number or a date
    scoped: tuple[ComplianceRule, ...]  # of `words`, those that are not about everybody
    ids: frozenset[str]  # of `words`
    on_answers: frozenset[str]  # of `words`, those that can block an answer to an objection
    pitch: ComplianceRule | None  # of `words`, the one that bounds how long the pitch takes
    passed: tuple[Check, ...]  # all of `words`, for everybody who is in the scope of each
    harmless: set[tuple[Segment, str]]  # answers to objections that may be said whoever the customer is, as met
    clauses: dict[str, frozenset[str]]  # clauses with a label that were met, with the rules whose wording they have

    def said_in(self, clause: str) -> frozenset[str]:
        """The rules whose forbidden wording stands in a clause with a label of the pack.

        PERF: there are few of them, and a look takes 7 us.
        """
        found = self.clauses.get(clause)
        if found is None:
            found = frozenset(self.lexicon.find(normalize(clause)))
            if len(self.clauses) < _MOST_CLAUSES:
                self.clauses[clause] = found
        return found


def checker_of(pack: RulePack, memory: Memory) -> ScriptChecker:
    """The checker of a pack; a reload that changes no rule keeps it."""
    return memory.made(("checker", pack.compliance, pack.languages), lambda: ScriptChecker(pack))


class ScriptChecker:
    """All compliance rules of a pack on scripts, compiled."""

    def __init__(self, pack: RulePack) -> None:
        self.rules = pack.compliance
        self.terms: Mapping[str, TermSet] = {rule.id: term_set(rule) for rule in self.rules if rule.kind == "forbid"}
        self._lexicons: dict[
            tuple[tuple[str, ...], bool], Lexicon
        ] = {}  # never more than the pack has families and channels
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
        self.triggers: Mapping[str, TermSet] = {
            rule.id: TermSet(rule.if_said.terms) for rule in self.rules if rule.if_said is not None
        }
        self._marks = marks_between_clauses(rule.terms for rule in self.rules)
        self._numeric = self.lexicon(self.rules, meeting_values=True).numeric()
        self._day: tuple[date, dict[tuple[str, str, str], _Concerned]] = (date.min, {})
        self._outlines: dict[object, Outline] = {}

    def lexicon(self, rules: Iterable[ComplianceRule], *, meeting_values: bool = False) -> Lexicon:
        """The forbidden wording of some rules, to be sought at once; or what of it can hold a part of a number or a date.

        PERF: what one family's scripts say all day is another's forbidden wording; apart they are told apart faster.
        """
        ids = tuple(rule.id for rule in rules if rule.kind == "forbid")
        lexicon = self._lexicons.get((ids, meeting_values))
        if lexicon is None:
            lexicon = Lexicon({each: self.terms[each] for each in ids}, meeting_values=meeting_values)
            self._lexicons[ids, meeting_values] = lexicon
        return lexicon

    def check_bounds(
        self, family: str, channel: str, language: str, values: Row, today: date
    ) -> tuple[list[Check], ComplianceRule | None]:
        """Rules on the numbers of a quote, and the first that blocks; unknown blocks."""
        checks: list[Check] = []
        for rule in self._concerned(family, channel, language, today).bounds:
            if rule.must is not None and _in_scope(rule, values):
                held = rule.must.expression.ask(values) is True
                checks.append(Check(rule.id, _status(rule, broken=not held)))
                if not held and rule.severity == "block":
                    return checks, rule
        return checks, None

    def check_script(
        self, script: RenderedScript, offer: Offer, channel: str, values: Row, today: date
    ) -> tuple[Check, ...]:
        """Every rule on the words of a script."""
        concerned = self._concerned(offer.family, channel, script.language, today)
        outline = self._outline(script, offer)
        personal = self._is_personal(script, outline)
        suspects = self._suspects(script, outline, concerned) & concerned.ids
        if not personal and not suspects and all(_in_scope(rule, values) for rule in concerned.scoped):
            return concerned.passed
        in_scope = [rule for rule in concerned.words if _in_scope(rule, values)]
        text = normalize(script.text)
        checks = [Check(PERSONAL_DATA, "blocked" if personal else "passed")]
        for rule in in_scope:
            broken = rule.id in suspects and self._is_broken(rule, script, text)
            checks.append(Check(rule.id, _status(rule, broken=broken)))
        return tuple(checks)

    def pitch_rule(self, family: str, channel: str, language: str, today: date) -> ComplianceRule | None:
        """The rule that bounds how long the pitch takes, by whose speed it is timed; None where no rule does."""
        return self._concerned(family, channel, language, today).pitch

    def allows_answer(
        self, script: RenderedScript, said: RenderedSegment, offer: Offer, channel: str, values: Row, today: date
    ) -> bool:
        """Whether a script's answer to an objection, as a script of its own, may be said.

        It need not say what a pitch must. PERF: most answers have no values but dates, so that few texts make up a day.
        """
        concerned = self._concerned(offer.family, channel, script.language, today)
        known = (said.source, said.text)
        if known in concerned.harmless:
            return True
        answer = script.answering(said)
        outline = self._outline(answer, offer)
        if self._is_personal(answer, outline):
            return False
        suspects = self._suspects(answer, outline, concerned)
        if suspects.isdisjoint(concerned.on_answers):
            if len(concerned.harmless) < _MOST_CLAUSES and _is_common(said, script.language):
                concerned.harmless.add(known)
            return True
        text = normalize(answer.text)
        return not any(
            _in_scope(rule, values) and self._is_broken(rule, answer, text)
            for rule in concerned.words
            if rule.id in suspects and rule.id in concerned.on_answers
        )

    # --- what is worked out once --------------------------------------------------------------------------------------

    def _concerned(self, family: str, channel: str, language: str, today: date) -> _Concerned:
        day, known = self._day
        if day != today:
            known = {}
            self._day = (today, known)
        found = known.get((family, channel, language))
        if found is None:
            rules = [
                each for each in self.rules if each.concerns(family, channel, language) and each.in_force.covers(today)
            ]
            words = tuple(each for each in rules if each.kind != "bound")
            passed = (Check(PERSONAL_DATA, "passed"), *(Check(each.id, "passed") for each in words))
            bounds = tuple(each for each in rules if each.kind == "bound")
            scoped = tuple(each for each in words if each.scope is not None)
            found = _Concerned(
                bounds=bounds,
                words=words,
                lexicon=self.lexicon(words),
                meeting_values=self.lexicon(words, meeting_values=True),
                scoped=scoped,
                ids=frozenset(each.id for each in words),
                on_answers=frozenset(each.id for each in words if each.severity == "block" and each.kind != "require"),
                pitch=next((each for each in words if each.kind == "talk_time" and "offer" in each.stages), None),
                passed=passed,
                harmless=set(),
                clauses={},
            )
            if len(known) >= _MOST_OUTLINES:  # a caller may name any channel
                known.clear()
            known[family, channel, language] = found
        return found

    def _outline(self, script: RenderedScript, offer: Offer) -> Outline:
        said = tuple([each.source for each in script.segments])
        key = (offer, script.language, said)
        outline = self._outlines.get(key)
        if outline is None:
            if len(self._outlines) >= _MOST_OUTLINES:  # a pack of many optional segments; begun anew rather than grown
                self._outlines.clear()
            outline = self._outlines[key] = self._outlined(script, offer)
        return outline

    def _outlined(self, script: RenderedScript, offer: Offer) -> Outline:
        language = script.language
        fixed = script.without_values()
        text = normalize(fixed.text)
        undecided: set[str] = set()
        timed: set[str] = set()
        for rule in self._said_in(language):
            if rule.kind == "talk_time":
                speed = (rule.speeds or {})[language]
                chosen = (each.source for each in script.segments if each.source.stage in rule.stages)
                longest = [longest_text(each.texts[language], offer, language, speed) for each in chosen]
                texts = [each for each in longest if each is not None]
                seconds = talk_seconds(JOINED_BY[language].join(texts), language, speed)
                fits = len(texts) == len(longest) and seconds <= (rule.max_seconds or 0)
                (timed if fits else undecided).add(rule.id)
            elif rule.kind in ("require", "bind") and self._is_broken(rule, fixed, text):
                undecided.add(rule.id)
        undecided |= self._worded(script.without_values("0").text, language) | self._worded(fixed.text, language)
        templates = [each.source.texts[language] for each in script.segments]
        room = rooms(templates, offer, language)
        if room:  # a value may be what makes a rule ask
            undecided |= {
                rule.id for rule in self._said_in(language) if rule.if_said is not None and rule.if_said.terms
            }
        return Outline(
            open=frozenset(undecided),
            timed=frozenset(timed),
            room=room,
            words=word_places(templates, language),
            labels=label_places(templates),
            personal=bool(find_personal_data(fixed.text)),
            touched=is_touched(templates, language, self._numeric),
            counts=count_places(templates, self._numeric),
        )

    # --- judgment -----------------------------------------------------------------------------------------------------

    def _is_personal(self, script: RenderedScript, outline: Outline) -> bool:
        """Whether personal data shows; where nothing is filled in, that is known."""
        return bool(find_personal_data(script.text)) if outline.room else outline.personal

    def _suspects(self, script: RenderedScript, outline: Outline, concerned: _Concerned) -> frozenset[str]:
        """The rules that the words may break; all others keep."""
        if not outline.room:
            return outline.open
        suspects = outline.open | self._met(script, outline, concerned)
        if outline.timed and not all(map(Room.has, outline.room, script.values)):
            suspects |= outline.timed
        return suspects

    def _met(self, said: RenderedScript, outline: Outline, concerned: _Concerned) -> frozenset[str]:
        """The rules whose forbidden wording the values bring into a text; what its fixed words have is known.

        PERF: all wording is sought only in the clauses of names and labels; in the whole text only what can hold a part of
        a number, as written, and only where a value is such a number: 6 µs instead of 25.
        """
        values = said.values
        met: set[str] = set()
        if outline.touched or any(self._numeric.has(values[place]) for place in outline.counts):
            met.update(concerned.meeting_values.find_as_written(normalize(said.text)))
        for place in outline.words:
            binding = said.binding(place)
            before = self._marks.split(said.text[: binding.start])[-1]
            after = self._marks.split(said.text[binding.end :], maxsplit=1)[0]
            clause = f"{before}{values[place]}{after}"
            if place in outline.labels:
                met |= concerned.said_in(clause)
            else:
                met.update(concerned.lexicon.find(normalize(clause)))
        return frozenset(met)

    def _worded(self, text: str, language: str) -> frozenset[str]:
        """The rules whose forbidden wording stands in a text.

        Asked with every value as one digit, too: nothing shorter can stand in the gap of a wording.
        """
        return frozenset(self.lexicon(self._said_in(language)).find(normalize(text)))

    def _said_in(self, language: str) -> Iterator[ComplianceRule]:
        return (rule for rule in self.rules if rule.languages is None or language in rule.languages)

    def _is_broken(self, rule: ComplianceRule, script: RenderedScript, text: Normalized) -> bool:
        match rule.kind:
            case "forbid":
                return self.terms[rule.id].occurs_in(text)
            case "require":
                return self._is_triggered(rule, script, text) and not self._says_all(rule, script, text)
            case "bind":
                bound = ((each.start, each.end) for each in script.bindings)
                return any(True for _ in self.numbers[rule.id, script.language].find(script.text, bound))
            case "talk_time":
                return stage_seconds(rule, script) > (rule.max_seconds or 0)
            case _:
                return False

    def _is_triggered(self, rule: ComplianceRule, script: RenderedScript, text: Normalized) -> bool:
        """Whether what makes the rule ask is said; always, where nothing has to."""
        if rule.if_said is None or self.triggers[rule.id].occurs_in(text):
            return True
        return any(each.field in rule.if_said.fields for each in script.bindings)

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
        texts = [normalize(segment.text).text for segment in script.segments if slot in segment.source.says]
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
    joined = JOINED_BY[script.language].join(each.text for each in script.segments if each.source.stage in rule.stages)
    return talk_seconds(joined, script.language, speed)


def _is_common(said: RenderedSegment, language: str) -> bool:
    """Whether many customers hear these very words: nothing is filled in but days and labels."""
    return all(each.attribute.type.kind in _COMMON for each in said.source.texts[language].placeholders)


def _in_scope(rule: ComplianceRule, values: Row) -> bool:
    """A rule whose scope is unknown applies."""
    return rule.scope is None or rule.scope.ask(values) is not False


def _status(rule: ComplianceRule, *, broken: bool) -> Status:
    if not broken:
        return "passed"
    return "blocked" if rule.severity == "block" else "warned"
