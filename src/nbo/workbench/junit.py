"""The results of a pack's cases as a JUnit report, which build servers read."""

from __future__ import annotations

from collections.abc import Sequence
from xml.etree import ElementTree as Xml

from nbo.diagnostics.place import printable
from nbo.workbench.run_cases import CaseResult


def junit(results: Sequence[CaseResult], suite: str, language: str = "en") -> str:
    """One test case a case, with its place; a failure has every difference and how the offers involved ended."""
    failures = sum(not result.holds for result in results)
    seconds = sum(result.seconds for result in results)
    root = Xml.Element(
        "testsuite", name=suite, tests=str(len(results)), failures=str(failures), errors="0", time=f"{seconds:.3f}"
    )
    for result in results:
        place = result.case.span
        case = Xml.SubElement(
            root, "testcase", name=result.case.id, classname=f"{suite}.{printable(place.source.name)}",
            file=printable(place.source.path), line=str(place.line), time=f"{result.seconds:.3f}",
        )  # fmt: skip
        if not result.holds:
            lines = [*_different(result, language), *_ended(result)]
            Xml.SubElement(case, "failure", message=lines[0]).text = "\n".join(lines)
    Xml.indent(root)
    return Xml.tostring(root, encoding="unicode", xml_declaration=True) + "\n"


def _different(result: CaseResult, language: str) -> list[str]:
    """XML has no control characters, and a pack's texts may."""
    return [
        printable(f"{each.what}: {each.actual.fill(language)} ≠ {each.expected.fill(language)}")
        for each in result.differences
    ]


def _ended(result: CaseResult) -> list[str]:
    return [
        printable(
            f"{each.offer}: {each.outcome}"
            + (f" {each.stage}" if each.stage is not None else "")
            + (f" {each.reason.code} {each.reason.source or ''}" if each.reason is not None else "")
        )
        for each in result.involved
    ]
