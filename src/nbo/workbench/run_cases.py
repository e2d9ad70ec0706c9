"""Run a pack's own cases, and report them for people and for build servers (JUnit).

In: an engine. Out: one result a case, with the explanation that shows a failing one's trace.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from time import perf_counter
from xml.etree import ElementTree as Xml

from nbo.engine import Engine
from nbo.explain.explain import Explanation
from nbo.pack.rulepack import Case
from nbo.workbench.cases import differences


@dataclass(frozen=True, slots=True)
class CaseResult:
    """One case: what came out differently (nothing when it holds), why, and how long it took in seconds."""

    case: Case
    differences: tuple[str, ...]
    explanation: Explanation
    seconds: float

    @property
    def holds(self) -> bool:
        """Whether everything came out as expected."""
        return not self.differences

    def to_dict(self) -> dict[str, object]:
        """Plain values; the explanation only where the case fails."""
        return {
            "case": self.case.id,
            "about": self.case.about,
            "source": str(self.case.span),
            "holds": self.holds,
            "differences": list(self.differences),
            "explanation": None if self.holds else self.explanation.to_dict(),
        }


def run_cases(engine: Engine, only: str | None = None) -> Iterator[CaseResult]:
    """Every case of the pack in the order of its files, or the one with the id `only`."""
    for case in engine.pack.cases:
        if only is None or case.id == only:
            started = perf_counter()
            decision = engine.decide(case.profile, at=case.at)
            explanation = engine.explain(decision)
            found = differences(case.expected, decision.to_dict(), explanation.to_dict())
            yield CaseResult(case, tuple(found), explanation, perf_counter() - started)


def junit(results: Sequence[CaseResult], suite: str) -> str:
    """The results as a JUnit report."""
    failures = sum(not result.holds for result in results)
    seconds = sum(result.seconds for result in results)
    root = Xml.Element(
        "testsuite", name=suite, tests=str(len(results)), failures=str(failures), errors="0", time=f"{seconds:.3f}"
    )
    for result in results:
        place = result.case.span
        case = Xml.SubElement(
            root, "testcase", name=result.case.id, classname=f"{suite}.{place.source.name}", file=place.source.path,
            line=str(place.line), time=f"{result.seconds:.3f}",
        )  # fmt: skip
        if not result.holds:
            Xml.SubElement(case, "failure", message=result.differences[0]).text = "\n".join(result.differences)
    Xml.indent(root)
    return Xml.tostring(root, encoding="unicode", xml_declaration=True) + "\n"
