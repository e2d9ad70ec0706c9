"""The files of `tests/` become cases: the customer in full, and expectations whose every name is one of the pack's.

In: the validated files, and the pack that they test. Out: the cases, in the order of the files. A test that names something
which does not exist would hold, or fail, for the wrong reason; so it is an error of the pack like any other.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import UTC, datetime

from nbo.diagnostics import catalog
from nbo.diagnostics.diagnostic import Diagnostic, Severity, Text
from nbo.diagnostics.place import Span
from nbo.diagnostics.suggest import nearest
from nbo.language.calendar import date_of
from nbo.pack.case import Case
from nbo.pack.case_profile import merged, read_changes
from nbo.pack.files.cases import CaseFile, CasesFile
from nbo.pack.link import Linker
from nbo.pack.link_call import standard_call
from nbo.pack.link_case_events import link_case_events
from nbo.pack.link_counts import link_counts
from nbo.pack.link_expectations import ExpectationLinker
from nbo.pack.personas import Personas
from nbo.pack.rulepack import RulePack
from nbo.source.nodes import Scalar
from nbo.source.yaml_file import MOST_FINDINGS

DEFAULT_CHANNEL = "phone"

_CASE = Text("test case", "测试用例")
_CHANNEL = Text("channel", "渠道")
_LANGUAGE = Text("language of the pack", "规则包语言")
_ON_THE_CALENDAR = Text("a time within the years 1 to 9999", "公元 1 年至 9999 年之间的时间")


def link_cases(
    linker: Linker,
    files: Sequence[CasesFile],
    pack: RulePack,
    left_out: Collection[str],
    found_in_tests: Sequence[Diagnostic],
) -> tuple[Case, ...]:
    """The cases of all files; mistakes are collected in the linker.

    `left_out` names the parts of the pack of which something could not be read, `found_in_tests` is what was wrong with the
    form of the tests. What a case says of a pack with mistakes outside of the tests is checked when they are corrected.
    """
    of_the_tests = {id(each) for each in found_in_tests}
    elsewhere = any(each.severity is Severity.ERROR for each in linker.found if id(each) not in of_the_tests)
    sound = not elsewhere and not set(left_out) - {"tests"}
    cases = _Cases(linker, pack, Personas(linker, files), ExpectationLinker(linker, pack) if sound else None)
    if "tests" not in left_out:
        cases.check_not_empty(files)
    linked = cases.link(files)
    if "tests" not in left_out and not any(each.severity is Severity.ERROR for each in found_in_tests):
        cases.personas.report_unused()  # a misspelt key may have been the use
    return linked


class _Cases:
    def __init__(
        self, linker: Linker, pack: RulePack, personas: Personas, expectations: ExpectationLinker | None
    ) -> None:
        self.linker = linker
        self.pack = pack
        self.personas = personas
        self.expectations = expectations
        self.channels = _channels(pack)
        self.events = (standard_call(linker.dictionary, linker.zone) if pack.call is None else pack.call).events
        self.taken: dict[str, Span] = {}

    def check_not_empty(self, files: Sequence[CasesFile]) -> None:
        """A file without cases and personas has no effect."""
        for file in files:
            if not file.cases and not file.personas:
                self.linker.found.append(catalog.KEY_REQUIRED.at(file.span, key="cases"))

    def link(self, files: Sequence[CasesFile]) -> tuple[Case, ...]:
        linked: list[Case] = []
        before = len(self.linker.found)
        for file in files:
            for each in file.cases:
                if len(self.linker.found) - before > MOST_FINDINGS:
                    return ()
                case = self.case(file, each)
                if case is not None:
                    linked.append(case)
        return tuple(linked)

    def case(self, file: CasesFile, written: CaseFile) -> Case | None:
        """One case; None where it cannot run."""
        self.linker.unique(written.id, self.taken, _CASE)
        at = self.clock(file, written)
        channel = written.channel or file.channel
        language = written.language or file.language
        self.check_channel(channel)
        if language is not None and self.linker.languages:
            self.linker.reference(language, {each: each for each in self.linker.languages}, _LANGUAGE)
        profile = self.profile(file, written)
        if not written.expects_something:
            self.linker.found.append(catalog.EXPECTS_NOTHING.at(written.id.span))
        expected = None if self.expectations is None else self.expectations.link(written)
        events = () if at is None else link_case_events(self.linker, written.events, self.events, at)
        counted = None if self.expectations is None else link_counts(self.linker, written, self.pack)
        if counted is None or expected is None or at is None or profile is None or events is None:
            return None
        persona = written.persona or file.persona
        return Case(
            id=written.id.text,
            about=written.about.text,
            at=at,
            channel=DEFAULT_CHANNEL if channel is None else channel.text,
            language=None if language is None else language.text,
            persona=None if persona is None else persona.text,
            profile=profile,
            expected=expected,
            span=written.id.span,
            events=events,
            used=counted.used,
            figures=counted.figures,
        )

    def clock(self, file: CasesFile, written: CaseFile) -> datetime | None:
        """The case's clock, or its file's."""
        at = written.at or file.at
        if at is None:
            self.linker.found.append(catalog.KEY_REQUIRED.at(written.id.span, key="at"))
            return None
        try:
            date_of(at.astimezone(UTC), self.pack.zone)
        except OverflowError:
            span = written.span_of("at") if written.at is not None else file.span_of("at")
            self.linker.found.append(catalog.WRONG_VALUE.at(span, value=span.text, expected=_ON_THE_CALENDAR))
            return None
        return at

    def check_channel(self, channel: Scalar | None) -> None:
        """A channel that nobody has words for may be what is tested; one that is almost another's name is a slip."""
        if channel is not None and channel.text not in self.channels and nearest(channel.text, self.channels):
            self.linker.reference(channel, {each: each for each in self.channels}, _CHANNEL)

    def profile(self, file: CasesFile, written: CaseFile) -> dict[str, object] | None:
        """The persona's values with the case's own over them."""
        persona = written.persona or file.persona
        if persona is None and written.profile is None:
            self.linker.found.append(catalog.KEY_REQUIRED.at(written.id.span, key="persona"))
            return None
        base = {} if persona is None else self.personas.profile(persona)
        if written.profile is None:
            return None if base is None else dict(base)
        announced = set(written.warnings.items())
        changes, found = read_changes(written.profile, self.linker.dictionary, announced)
        self.linker.found.extend(found)
        return None if base is None or found else merged([base, changes])


def _channels(pack: RulePack) -> frozenset[str]:
    """Every channel that the pack says something about."""
    spoken = (each.channels for script in pack.scripts.values() for each in script.treatments)
    gated = (each.channels or () for each in pack.gates)
    ruled = (each.channels or () for each in pack.compliance)
    return frozenset(channel for channels in (*spoken, *gated, *ruled) for channel in channels) | {DEFAULT_CHANNEL}
