"""What is recorded: a decision with all that it was made from, and what was asked about it later.

In: the decision as it was given, whose facts and rules do not change. Out: plain values, worked out on the writer's thread.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from functools import cache
from importlib.metadata import version
from threading import Event
from typing import Protocol

from nbo.decide.candidate import Setting
from nbo.decide.decision import Decision
from nbo.decide.facts import Facts, plain_figures
from nbo.log.chain import canonical
from nbo.log.keys import Subject
from nbo.log.segment import Kind
from nbo.log.values import names_of, to_plain
from nbo.pack.rulepack import RulePack

RECORD_VERSION = 1
_CUSTOMER = "customer.customer_id"


class State(Enum):
    """Where an entry is on its way to the file."""

    WAITING = "waiting"
    WRITING = "writing"
    WITHDRAWN = "withdrawn"


class Answer(Protocol):
    """A decision, a requote, or whether an offer may be ordered."""

    def to_dict(self) -> dict[str, object]:
        """Plain values in the published form."""


@cache
def nbo_version() -> str:
    """Of the library that is running."""
    return version("nbo")


def canonical_decision(decision: Decision) -> dict[str, object]:
    """The decision in its published form, all but the times that it took."""
    plain = decision.to_dict()
    del plain["timings_us"]
    return plain


def canonical_bytes(decision: Decision) -> bytes:
    """The bytes that a replay has to give again."""
    return canonical(canonical_decision(decision))


@dataclass(slots=True, eq=False)
class Entry:
    """One record on its way: references now, plain values when the writer has time."""

    kind: Kind
    setting: Setting
    naming: Callable[[], str]  # gives the decision's id, which takes as long as handing over the record
    asked: Mapping[str, object]
    answer: Answer
    state: State = State.WAITING
    written: Event | None = None
    body: bytes | None = field(default=None, repr=False)

    @property
    def decision_id(self) -> str:
        """By which the record is found."""
        return self.naming()

    @property
    def pack(self) -> RulePack:
        """By whose rules it was answered."""
        return self.setting.pack

    @property
    def subject(self) -> Subject:
        """Whose key seals it."""
        facts = self.setting.facts
        found = self.pack.dictionary.find(_CUSTOMER)
        customer = None if found is None else facts.supplied[found.slot]
        month = f"{facts.at.year:04}-{facts.at.month:02}"
        return Subject(customer if isinstance(customer, str) else None, month)

    def record(self) -> dict[str, object]:
        """Plain values, all that a replay needs."""
        setting, answer = self.setting, self.answer
        plain = canonical_decision(answer) if isinstance(answer, Decision) else answer.to_dict()
        return {
            "v": RECORD_VERSION,
            "kind": self.kind,
            "decision_id": self.decision_id,
            "nbo": nbo_version(),
            "language_version": self.pack.language_version,
            "pack": {"name": self.pack.name, "version": self.pack.version, "hash": self.pack.hash},
            "channel": setting.channel,
            "language": setting.language,
            "asked": dict(self.asked),
            **_facts(setting.facts, self.pack),
            "outside": _outside(answer, setting.facts),
            "answer": plain,
        }


def decision_entry(decision: Decision, limit: int) -> Entry:
    """The record of a decision for at most `limit` offers."""
    return Entry("decision", decision.outcome.setting, lambda: decision.decision_id, {"limit": limit}, decision)


def _facts(facts: Facts, pack: RulePack) -> dict[str, object]:
    return {
        "at": facts.at.isoformat(),
        "facts": to_plain(pack.dictionary, facts.supplied),
        "refused": names_of(pack.dictionary, facts.supplied),
        "warnings": [[each.code, each.attribute] for each in facts.warnings],
    }


def _outside(answer: Answer, facts: Facts) -> dict[str, object]:
    """What stores and scorers gave, and which of them gave nothing."""
    history = "none" if "history" in facts.skipped else "profile" if facts.stored is None else "store"
    used = None if facts.used is None else sorted([*counter, str(each)] for counter, each in facts.used.items())
    scores = answer.scores if isinstance(answer, Decision) else {}
    skipped = answer.skipped if isinstance(answer, Decision) else ()
    return {
        "history": history,
        "volume": "none" if "volume" in facts.skipped else "store",
        "used": used,
        "floors": "none" if "figures" in facts.skipped else "store",
        "figures": None if facts.figures is None else plain_figures(facts.figures),
        "scores": {name: str(each) for name, each in scores.items()},
        "skipped": list(skipped),
    }
