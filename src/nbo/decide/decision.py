"""A decision as it is given to an integrator: frozen, typed, and as JSON.

Money and rates are strings, so that no reader turns them into binary floats; absent texts and numbers are null.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Literal

from nbo.decide.candidate import Blocked, Factors
from nbo.decide.facts import Facts
from nbo.decide.run import Outcome
from nbo.decide.serving import Served
from nbo.pack.compliance import ComplianceRule
from nbo.quote.quotes import Quote
from nbo.script.compliance import Check, stage_seconds
from nbo.script.render import RenderedScript

SCHEMA_VERSION = "1"


@dataclass(frozen=True, slots=True)
class Reason:
    """Why, in a word for programs and in words for people; `source` is the place in the pack."""

    code: str
    text: str
    source: str | None

    def to_dict(self) -> dict[str, object]:
        """Plain values."""
        return {"code": self.code, "text": self.text, "source": self.source}


@dataclass(frozen=True, slots=True)
class DecidedOffer:
    """One offer of a decision; `rank` counts from 1.

    `subject` names the record that it is about, if any, and `record` is that record's place in its list.
    """

    rank: int
    offer: str
    family: str
    kind: str
    label: str
    subject: Mapping[str, str] | None
    score: Decimal
    factors: Factors
    reasons: tuple[Reason, ...]
    quote: Quote | None
    script: RenderedScript | None
    pitch: ComplianceRule | None = field(repr=False)  # by whose speed the words are timed
    checks: tuple[Check, ...]
    language: str
    record: int | None = field(default=None, repr=False)

    @property
    def talk_seconds(self) -> Decimal | None:
        """How long the pitch takes to say; None where there are no words, or no rule that bounds them."""
        return None if self.script is None or self.pitch is None else stage_seconds(self.pitch, self.script)

    def to_dict(self) -> dict[str, object]:
        """Plain values."""
        steps = () if self.script is None else self.script.treatment.after_yes
        return {
            "rank": self.rank,
            "offer": self.offer,
            "family": self.family,
            "kind": self.kind,
            "label": self.label,
            "subject": None if self.subject is None else dict(self.subject),
            "score": _plain(self.score),
            "factors": {name: _plain(getattr(self.factors, name)) for name in "pcvl"},
            "reasons": [reason.to_dict() for reason in self.reasons],
            "quote": None if self.quote is None else self.quote.to_dict(self.language),
            "script": None if self.script is None else self._script(self.script),
            "next_steps": [{"id": step.id, "required": step.required} for step in steps],
        }

    def _script(self, script: RenderedScript) -> dict[str, object]:
        checks = [{"rule": check.rule, "status": check.status} for check in self.checks]
        return {
            "treatment": script.treatment.id,
            "version": script.treatment.version,
            "language": script.language,
            "text": script.text,
            "talk_seconds": None if (seconds := self.talk_seconds) is None else float(seconds),
            "segments": [
                {
                    "stage": each.source.stage,
                    "text": each.text,
                    "says": list(each.source.says),
                    "verbatim": each.source.verbatim,
                    "bindings": [{"start": one.start, "end": one.end, "field": one.field} for one in each.bindings],
                }
                for each in script.segments
            ],
            "objections": [
                {"id": name, "tries": tries, "text": answer.text} for name, tries, answer in script.objections
            ],
            "compliance": {
                "status": "warned" if any(check.status == "warned" for check in self.checks) else "passed",
                "checks": checks,
            },
        }


@dataclass(frozen=True, slots=True)
class Decision:
    """What to offer and what to say, or why nothing.

    `warnings` says what was wrong with the data. What the index left out is explained when it is asked for.
    """

    given_id: str | None = field(repr=False)
    call_id: str | None
    pack_name: str
    pack_version: str
    pack_hash: str
    at: datetime
    status: Literal["offer", "no_offer"]
    reason: Reason | None
    serve: Served | None
    degraded: bool
    skipped: tuple[str, ...]
    warnings: tuple[Mapping[str, str], ...]
    offers: tuple[DecidedOffer, ...]
    timings_us: Mapping[str, int] = field(compare=False)
    channel: str = field(repr=False)
    language: str = field(repr=False)
    facts: Facts = field(compare=False, repr=False)
    outcome: Outcome = field(compare=False, repr=False)

    @property
    def decision_id(self) -> str:
        """As it was given, or the same for the same rules, inputs and clock.

        PERF: worked out when it is asked for; it takes 25 us, a tenth of the decision (benchmarks/decide.py).
        """
        return self.given_id or self.outcome.decision_id

    @property
    def missing(self) -> tuple[str, ...]:
        """Attributes whose absence kept something from being decided."""
        return self.outcome.missing

    @property
    def blocked(self) -> Mapping[str, Blocked]:
        """By offer id what stopped each offer that is not in the answer.

        It is for reports and stays out of the JSON, which an agent's screen may show.
        """
        return self.outcome.blocked

    @property
    def scores(self) -> Mapping[str, Decimal]:
        """By offer id what scorers gave; an explanation and a new quote go by it."""
        return self.outcome.scores

    def to_dict(self) -> dict[str, object]:
        """Plain values in the published form."""
        return {
            "schema_version": SCHEMA_VERSION,
            "decision_id": self.decision_id,
            "call_id": self.call_id,
            "pack": {"name": self.pack_name, "version": self.pack_version, "hash": self.pack_hash},
            "at": self.at.isoformat(),
            "status": self.status,
            "reason": None if self.reason is None else self.reason.to_dict(),
            "serve": None if self.serve is None else self.serve.to_dict(),
            "degraded": self.degraded,
            "skipped": list(self.skipped),
            "missing": list(self.missing),
            "warnings": [dict(warning) for warning in self.warnings],
            "offers": [offer.to_dict() for offer in self.offers],
            "timings_us": dict(self.timings_us),
        }

    def to_json(self, *, indent: int | None = None) -> str:
        """The decision as JSON."""
        return json.dumps(self.to_dict(), ensure_ascii=False, indent=indent)


def _plain(value: Decimal) -> str:
    """A decimal without an exponent and without needless zeros beyond four places."""
    text = format(value, "f")
    whole, _, fraction = text.partition(".")
    kept = fraction.rstrip("0").ljust(4, "0")
    return f"{whole}.{kept}"
