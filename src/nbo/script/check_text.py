"""Any text against a pack's compliance rules: one that an agent typed, or another program wrote.

In: the text, and what is known of it: language, channel, family, the day, and perhaps the decision whose numbers it may say.
Out: findings with their place. A text has no placeholders and no customer: a rule with a scope applies, numbers are bound
only to what a decision quoted, and fields are asked for only beside one. Where the pitch ends and the disclosure begins a
text does not tell, so it is too long only if it takes longer than all stages together may. Gates and bounds are for a
decision to check; of a decision, the bounds that only warned are told.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import islice
from typing import Literal

from nbo.diagnostics.diagnostic import Text
from nbo.pack.compliance import ComplianceRule
from nbo.script.compliance import PERSONAL_DATA, ScriptChecker
from nbo.script.normalize import Normalized, normalize
from nbo.script.pii import find_personal_data
from nbo.script.speech import talk_seconds

FindingKind = Literal["forbid", "require", "bind", "bound", "talk_time", "pii"]
MOST_CHARACTERS = 2_000_000
MOST_FINDINGS_OF_A_RULE = 100

_FORBIDDEN = Text("`{term}` must not be said: {rule}", "不得出现“{term}”：{rule}")
_UNSAID = Text("nothing says {what}: {rule}", "没有说明 {what}：{rule}")
_UNBOUND = Text(
    "the number `{number}` is bound to nothing that was quoted: {rule}", "数字“{number}”不是报价中的数值：{rule}"
)
_TOO_LONG = Text(
    "it takes {seconds} s to say, more than {limit} s: {rule}", "念完需 {seconds} 秒，超过 {limit} 秒：{rule}"
)
_PERSONAL: Mapping[str, Text] = {
    "card_number": Text("a card number is never said", "不得说出卡号"),
    "resident_id": Text("an identity number is never said", "不得说出身份证号"),
    "mobile_number": Text("a telephone number is never said", "不得说出电话号码"),
    "email": Text("an e-mail address is never said", "不得说出电子邮箱"),
}
_CORE = Text("built into nbo, whatever the pack", "nbo 内置，适用于所有规则包")


@dataclass(frozen=True, slots=True)
class Finding:
    """What a rule found: `text[start:end]`, or an empty stretch: at the end what is not said, at the start what is no wording."""

    rule: str
    kind: FindingKind
    severity: Literal["block", "warn"]
    start: int
    end: int
    message: str
    citation: str

    def to_dict(self) -> dict[str, object]:
        """Plain values."""
        return {name: getattr(self, name) for name in self.__slots__}


@dataclass(frozen=True, slots=True)
class Said:
    """What a text may say of a decision: its values as scripts write them, by field, and the bounds that warned."""

    values: Mapping[str, str]
    warned: frozenset[str]


@dataclass(frozen=True, slots=True, eq=False)
class TextCheck:
    """One text and what is known of it; `family` None is a text about no offer, which only rules for all families concern."""

    checker: ScriptChecker
    text: str
    language: str
    channel: str
    family: str | None
    today: date
    said: Said | None
    messages: str

    def findings(self) -> tuple[Finding, ...]:
        """Everything that is wrong, by place; of one rule at most `MOST_FINDINGS_OF_A_RULE`."""
        found = [*self._personal()]
        concerned = [rule for rule in self.checker.rules if self._concerns(rule)]
        text = normalize(self.text)
        wording = self.checker.lexicon(concerned).find(text)
        for rule in concerned:
            if rule.kind == "forbid":
                for start, end, term in wording.get(rule.id, ())[:MOST_FINDINGS_OF_A_RULE]:
                    found.append(self._finding(rule, start, end, _FORBIDDEN, term=term))
            else:
                found += islice(self._asked(rule, concerned, text), MOST_FINDINGS_OF_A_RULE)
        return tuple(sorted(found, key=lambda each: (each.start, each.end, each.rule)))

    def _concerns(self, rule: ComplianceRule) -> bool:
        if self.family is None and rule.families is not None:
            return False
        return rule.concerns(self.family or "", self.channel, self.language) and rule.in_force.covers(self.today)

    def _asked(self, rule: ComplianceRule, concerned: Sequence[ComplianceRule], text: Normalized) -> Iterator[Finding]:
        """What a rule on more than wording finds."""
        match rule.kind:
            case "bind":
                finder = self.checker.numbers[rule.id, self.language]
                for start, end in finder.find(self.text, self._bound()):
                    yield self._finding(rule, start, end, _UNBOUND, number=self.text[start:end])
            case "require" if self._is_triggered(rule, text):
                for what in self._unsaid(rule, text.text):
                    yield self._finding(rule, len(self.text), len(self.text), _UNSAID, what=what)
            case "talk_time" if "offer" in rule.stages:
                seconds = talk_seconds(self.text, self.language, (rule.speeds or {})[self.language])
                limit = sum(
                    (each.max_seconds or Decimal(0) for each in concerned if each.kind == "talk_time"), Decimal(0)
                )
                if seconds > limit:
                    shown = {"seconds": str(seconds), "limit": format(limit, "f")}
                    yield self._finding(rule, 0, len(self.text), _TOO_LONG, **shown)
            case "bound" if self.said is not None and rule.id in self.said.warned:
                yield self._finding(rule, 0, 0, Text("{rule}", "{rule}"))
            case _:
                pass

    def _finding(self, rule: ComplianceRule, start: int, end: int, words: Text, **values: str) -> Finding:
        text = rule.text.get(self.messages) or next(iter(rule.text.values()))
        message = words.fill(self.messages, {**values, "rule": text})
        return Finding(rule.id, rule.kind, rule.severity, start, end, message, rule.citation)

    def _personal(self) -> Iterator[Finding]:
        for each in islice(find_personal_data(self.text), MOST_FINDINGS_OF_A_RULE):
            message = _PERSONAL[each.kind].fill(self.messages)
            citation = _CORE.fill(self.messages)
            yield Finding(PERSONAL_DATA, "pii", "block", each.start, each.end, message, citation)

    def _bound(self) -> Iterable[tuple[int, int]]:
        """Where the text says a value of the decision, as a number of its own."""
        values = sorted(set(self.said.values.values()), key=len, reverse=True) if self.said is not None else ()
        for value in values:
            for match in re.finditer(rf"(?<![0-9])(?<![0-9][.,]){re.escape(value)}(?![0-9]|[.,][0-9])", self.text):
                yield match.span()

    def _is_triggered(self, rule: ComplianceRule, text: Normalized) -> bool:
        if rule.if_said is None or self.checker.triggers[rule.id].occurs_in(text):
            return True
        said = {} if self.said is None else self.said.values
        return any(field in said and said[field] in self.text for field in rule.if_said.fields)

    def _unsaid(self, rule: ComplianceRule, text: str) -> Iterator[str]:
        for field in rule.fields if self.said is not None else ():
            value = self.said.values.get(field) if self.said is not None else None
            if value is None or value not in self.text:
                yield f"`{field}`"
        phrases = self.checker.phrases.get((rule.id, self.language))
        if phrases and not any(phrase in text for phrase in phrases):
            yield _listed((rule.phrases or {})[self.language])
        for slot, by_language in (rule.slots or {}).items():
            accepted = self.checker.slot_phrases.get((rule.id, slot, self.language), ())
            if not any(phrase in text for phrase in accepted):
                yield f"`{slot}` ({_listed(by_language.get(self.language, ()))})"


def _listed(phrases: Iterable[str]) -> str:
    return " / ".join(phrases)
