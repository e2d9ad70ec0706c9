"""Compliance rules, linked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from nbo.diagnostics.place import Span
from nbo.language.expression import Expression
from nbo.pack.clause import Clause, InForce, Words

Evidence = Literal["official", "secondary", "bank_policy"]


@dataclass(frozen=True, slots=True)
class Speed:
    """How fast a language is spoken.

    `units_per_minute`: characters for zh, words for en, above 0. `pause_seconds`: what one pause adds, 0 or more. Both
    come from the talk-time rule. Raises `ValueError` for a number outside its range.
    """

    units_per_minute: Decimal
    pause_seconds: Decimal

    def __post_init__(self) -> None:
        if not (self.units_per_minute.is_finite() and self.units_per_minute > 0):
            message = f"units_per_minute must be above 0, not {self.units_per_minute}"
            raise ValueError(message)
        if not (self.pause_seconds.is_finite() and self.pause_seconds >= 0):
            message = f"pause_seconds must be 0 or more, not {self.pause_seconds}"
            raise ValueError(message)


@dataclass(frozen=True, slots=True)
class NegationWords:
    """Words that turn round what stands beside them; see `nbo.script.negation`."""

    before: tuple[str, ...]
    after: tuple[str, ...]
    between: tuple[str, ...]
    excepts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class IfSaid:
    """What makes a rule ask for something: wording, or attributes that a script says."""

    terms: tuple[str, ...]
    fields: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class ComplianceRule:
    """A rule on what is said or quoted; gates become `Gate`s. Which fields are set follows from `kind`."""

    id: str
    kind: Literal["forbid", "require", "bound", "bind", "talk_time"]
    jurisdiction: str
    text: Words
    citation: str
    evidence: Evidence
    in_force: InForce
    severity: Literal["block", "warn"]
    families: frozenset[str] | None
    channels: frozenset[str] | None
    languages: frozenset[str] | None
    scope: Expression | None
    span: Span
    terms: tuple[str, ...] = ()
    excepts: tuple[str, ...] = ()
    term_spans: tuple[Span, ...] = ()  # of `terms`, in their order
    except_spans: tuple[Span, ...] = ()
    negation: NegationWords | None = None  # None: a denied term is a term all the same
    if_said: IfSaid | None = None
    fields: tuple[str, ...] = ()
    slots: Mapping[str, Mapping[str, tuple[str, ...]]] | None = None  # slot -> language -> accepted phrases
    phrases: Mapping[str, tuple[str, ...]] | None = None  # language -> phrases of which one must occur
    must: Clause | None = None
    units: Mapping[str, tuple[str, ...]] | None = None
    stages: tuple[str, ...] = ()
    max_seconds: Decimal | None = None
    speeds: Mapping[str, Speed] | None = None

    def concerns(self, family: str, channel: str | None, language: str) -> bool:
        """Whether the rule is about this family on this channel (None: on any) in this language.

        Its `scope` is decided a customer at a time.
        """
        return (
            (self.families is None or family in self.families)
            and (self.channels is None or channel is None or channel in self.channels)
            and (self.languages is None or language in self.languages)
        )


@dataclass(frozen=True, eq=False)
class GateRule:
    """A compliance rule that is a gate, as it is written; what a decision asks is the `Gate` of the same id.

    `must` is None where no offer of the pack is in its families: then there is no such gate.
    """

    id: str
    at: Literal["pitch", "order"]
    jurisdiction: str
    text: Words
    citation: str
    evidence: Evidence
    in_force: InForce
    severity: Literal["block", "warn"]
    families: frozenset[str] | None
    channels: frozenset[str] | None
    scope: Expression | None
    span: Span
    must: Clause | None


@dataclass(frozen=True, eq=False)
class Duty:
    """What a person must do, because no machine can check it; `rule` is the id of the rule beside which it stands."""

    id: str
    rule: str | None
    who: Words
    text: Words
    citation: str
    evidence: Evidence
    span: Span


@dataclass(frozen=True, eq=False)
class Jurisdiction:
    """One file of compliance rules: how much it covers, its gates as rules, and what it leaves to people."""

    name: str
    coverage: Literal["illustrative", "complete"]
    gate_rules: tuple[GateRule, ...]
    duties: tuple[Duty, ...]
    span: Span
