"""Why and why not: for every offer the stage where it ended and every clause of that stage.

Nothing is recorded while deciding; the candidates are run again from the same facts, and the interpreter says what each
clause gave, what it read and what was missing. For analysts and auditors; personal data is masked.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from nbo.decide import gates
from nbo.decide.candidate import MISSING, Blocked, Candidate, Setting
from nbo.decide.decision import Reason
from nbo.decide.floors import state
from nbo.decide.run import run_every_stage
from nbo.decide.stages import NAMES
from nbo.explain.because import records_behind
from nbo.explain.nearest import Change, nearest_change
from nbo.explain.values import shown
from nbo.language.dictionary import Dictionary
from nbo.language.interpret import Row, evaluate
from nbo.pack.clause import Clause
from nbo.pack.contact import ContactRule
from nbo.pack.floor import Floor
from nbo.pack.offer import Offer

Result = Literal["true", "false", "unknown"]


@dataclass(frozen=True, slots=True)
class ExplainedClause:
    """One clause: what it gave, the values that it read, what was missing.

    `because` names the interactions that made a contact rule hold, or that were granted too often; else it is empty.
    """

    id: str
    when: str
    result: Result
    actual: dict[str, object]
    missing: tuple[str, ...]
    reason: str | None
    source: str
    because: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, object]:
        """Plain values."""
        return {
            "id": self.id, "when": self.when, "result": self.result, "actual": self.actual,
            "missing": list(self.missing), "reason": self.reason, "source": self.source,
            "because": list(self.because),
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class ExplainedOffer:
    """Where one offer ended; `stage` is None where it was offered. `nearest` would have let it pass, if it was asked for."""

    offer: str
    family: str
    outcome: Literal["offered", "blocked", "unknown"]
    stage: str | None
    reason: Reason | None
    clauses: tuple[ExplainedClause, ...]
    nearest: tuple[Change, ...]

    def to_dict(self) -> dict[str, object]:
        """Plain values."""
        return {
            "offer": self.offer,
            "family": self.family,
            "outcome": self.outcome,
            "stage": self.stage,
            "reason": None if self.reason is None else self.reason.to_dict(),
            "clauses": [clause.to_dict() for clause in self.clauses],
            "nearest": [change.to_dict() for change in self.nearest],
        }


@dataclass(frozen=True, slots=True)
class Explanation:
    """All offers of the pack, in its static order."""

    offers: tuple[ExplainedOffer, ...]

    def to_dict(self) -> dict[str, object]:
        """Plain values in the published form."""
        return {"offers": [offer.to_dict() for offer in self.offers]}

    def to_json(self, *, indent: int | None = None) -> str:
        """The explanation as JSON."""
        return json.dumps(self.to_dict(), ensure_ascii=False, indent=indent)


def explain(setting: Setting, only: str | None = None, *, nearest: bool = True) -> Explanation:
    """The explanation of every offer, or of one; as if any number of offers could be shown.

    PERF: without `nearest`, which runs the stages up to 400 times an offer, the sample pack takes 2 ms where it took 22.
    """
    outcome = run_every_stage(setting, limit=len(setting.pack.offers) or 1)
    by_offer: dict[str, list[Candidate]] = {offer.id: [] for offer in setting.pack.offers}
    for candidate in outcome.candidates:
        by_offer[candidate.offer.id].append(candidate)
    return Explanation(
        tuple(
            _explained(offer, _furthest(by_offer[offer.id]), setting, nearest=nearest)
            for offer in setting.pack.offers
            if only is None or offer.id == only
        )
    )


def _furthest(candidates: Sequence[Candidate]) -> Candidate:
    """Of several records the one that was offered, or that came furthest."""
    return max(candidates, key=lambda each: len(NAMES) if each.blocked is None else NAMES.index(each.blocked.stage))


def _explained(offer: Offer, candidate: Candidate, setting: Setting, *, nearest: bool) -> ExplainedOffer:
    blocked = candidate.blocked
    if blocked is None:
        return ExplainedOffer(offer.id, offer.family, "offered", None, None, (), ())
    language = setting.language
    clauses = tuple(_clauses(candidate, blocked, setting))
    source = None if blocked.span is None else str(blocked.span)
    return ExplainedOffer(
        offer=offer.id,
        family=offer.family,
        outcome="unknown" if blocked.unknown else "blocked",
        stage=blocked.stage,
        reason=Reason(blocked.code, blocked.text(language), source),
        clauses=clauses,
        nearest=nearest_change(candidate, setting) if nearest else (),
    )


def _clauses(candidate: Candidate, blocked: Blocked, setting: Setting) -> Iterator[ExplainedClause]:
    offer, dictionary, language = candidate.offer, setting.pack.dictionary, setting.language
    match blocked.stage:
        case "gates":
            for gate in gates.applying(candidate, setting):
                yield explained_clause(gate.clause, gates.read_by(gate, candidate), dictionary, language, gate.id)
        case "contact_policy":
            for rule in setting.pack.contact_of(offer):
                asked = explained_clause(rule.suppress, candidate.unmasked, dictionary, language, rule.id)
                yield asked if asked.result == "false" else _with_records(asked, rule, candidate)
            for floor in setting.pack.floors_of(offer):
                yield _floor(floor, offer, setting)
        case "eligibility" | "applicability" | "suitability":
            for clause in getattr(offer, blocked.stage):
                yield explained_clause(clause, candidate.values, dictionary, language)
        case "volume":
            for clause in offer.volume:
                yield explained_clause(clause, candidate.unmasked, dictionary, language)
        case "quote" if blocked.clause is not None:
            asked = explained_clause(blocked.clause, candidate.unmasked, dictionary, language, blocked.clause.id)
            behind = records_behind(blocked.clause.expression.tree, candidate.unmasked)
            yield replace(asked, because=behind)
        case _:
            if blocked.clause is not None:
                yield explained_clause(blocked.clause, candidate.values, dictionary, language, blocked.code)


def _with_records(clause: ExplainedClause, rule: ContactRule, candidate: Candidate) -> ExplainedClause:
    return replace(clause, because=records_behind(rule.suppress.expression.tree, candidate.unmasked))


def _floor(floor: Floor, offer: Offer, setting: Setting) -> ExplainedClause:
    """A floor as a clause: what it was held against, unless there were too few to judge by."""
    rests, figure = state(floor, offer, setting.facts)
    result: Result = "unknown" if rests is None else "true" if rests else "false"
    actual: dict[str, object] = {} if figure is None else {floor.measure: floor.shown(figure), "n": figure.of}
    reason = floor.reason.get(setting.language)
    return ExplainedClause(floor.id, floor.text, result, actual, (), reason, str(floor.span))


def explained_clause(
    clause: Clause, values: Row, dictionary: Dictionary, language: str, name: str | None = None
) -> ExplainedClause:
    """What a clause gave, by the interpreter."""
    tree = clause.expression.tree
    value = None if clause.expression.refused(values) else evaluate(tree, values)
    result: Result = "unknown" if value is None else "true" if value is True else "false"
    missing = clause.expression.missing(values, dictionary)
    reason = clause.reason.get(language)
    if missing:
        reason = MISSING.fill(language, {"names": ", ".join(missing)})
    return ExplainedClause(
        id=name or clause.id,
        when=clause.expression.text,
        result=result,
        actual={each.name: shown(each, values[each.slot]) for each in clause.expression.reads},
        missing=missing,
        reason=reason,
        source=clause.source,
    )
