"""Run a pack's own cases.

In: an engine, and which cases. Out: one result a case, with the decision and the explanation that show a failing one's trace.
It does not print; `cli/test.py` does, and `junit.py` writes the report for build servers.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from fnmatch import fnmatchcase
from time import perf_counter

from nbo.decide.decision import Decision
from nbo.decide.facts import Facts, with_used
from nbo.decide.floors import with_figures
from nbo.diagnostics.suggest import nearest
from nbo.engine import Engine
from nbo.explain.explain import ExplainedOffer, Explanation
from nbo.pack.case import Case
from nbo.workbench.call_cases import call_differences
from nbo.workbench.cases import Difference, differences

_NOTHING = Decimal(0)


@dataclass(frozen=True, slots=True)
class CaseResult:
    """One case: what came out differently (nothing when it holds), why, and how long it took in seconds."""

    case: Case
    differences: tuple[Difference, ...]
    decision: Decision
    explanation: Explanation
    seconds: float

    @property
    def holds(self) -> bool:
        """Whether everything came out as expected."""
        return not self.differences

    @property
    def involved(self) -> tuple[ExplainedOffer, ...]:
        """The offers that the case names and those that came; all of them where that is none."""
        names = self.case.expected.offers | {each.offer for each in self.decision.offers}
        return tuple(each for each in self.explanation.offers if each.offer in names) or self.explanation.offers

    def to_dict(self, language: str) -> dict[str, object]:
        """Plain values, the differences in the words of a language; the explanation only where the case fails."""
        return {
            "case": self.case.id,
            "about": self.case.about,
            "persona": self.case.persona,
            "source": str(self.case.span),
            "holds": self.holds,
            "differences": [each.to_dict(language) for each in self.differences],
            "explanation": None if self.holds else self.explanation.to_dict(),
        }


def chosen(cases: Iterable[Case], patterns: Iterable[str]) -> tuple[list[Case], list[str]]:
    """The cases whose id is one of `patterns` (`*` and `?` stand for any characters), and the patterns that chose none."""
    known = list(cases)
    ids = [each.id for each in known]
    matching = {pattern: {each for each in ids if fnmatchcase(each, pattern)} for pattern in patterns}
    wanted = set().union(*matching.values())
    return [each for each in known if each.id in wanted], [each for each, found in matching.items() if not found]


def similar_case(pattern: str, cases: Iterable[Case]) -> str | None:
    """The id that a pattern without a match may have meant."""
    return nearest(pattern, (each.id for each in cases))


def facts_of(case: Case, engine: Engine) -> Facts:
    """The customer of a case, with what it says is counted over all customers; without that, as the engine is told it."""
    facts = engine.prepare(case.profile, at=case.at, channel=case.channel)
    if case.used is not None:
        facts = with_used(
            facts, {(cap.id, cap.window(facts.today)): case.used.get(cap.id, _NOTHING) for cap in engine.pack.caps}
        )
    return facts if case.figures is None else with_figures(facts, case.figures)


def run_cases(engine: Engine, cases: Iterable[Case]) -> Iterator[CaseResult]:
    """Each case decided at its own clock, on its channel, in its language, as if any number of offers could be shown.

    A case with events is a call: it is decided after the last of them, as the session decides.
    """
    limit = len(engine.pack.offers) or 1
    for case in cases:
        started = perf_counter()
        called: list[Difference] = []
        facts = facts_of(case, engine)
        if case.is_a_call:
            session = engine.call(case.id, facts, channel=case.channel, language=case.language)
            refused = [after.refused for each in case.events if (after := session.observe(each)).refused is not None]
            called = call_differences(case.expected, session, refused)
            decision = session.next.decision
            session.close()
        else:
            decision = engine.decide(facts, channel=case.channel, language=case.language, limit=limit)
        explanation = engine.explain(decision, nearest=False)
        found = [*called, *differences(case.expected, decision.to_dict(), explanation.to_dict())]
        if found:
            explanation = engine.explain(decision)
        yield CaseResult(case, tuple(found), decision, explanation, perf_counter() - started)
