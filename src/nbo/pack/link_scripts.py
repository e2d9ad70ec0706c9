"""Scripts: treatments with their texts parsed, for the quotes of the offers that use them."""

from __future__ import annotations

from collections.abc import Iterable

from nbo.diagnostics import catalog
from nbo.diagnostics.diagnostic import Text
from nbo.diagnostics.place import Span
from nbo.diagnostics.suggest import nearest
from nbo.pack.compliance import ComplianceRule
from nbo.pack.files.scripts import ObjectionFile, ScriptFile, TreatmentFile
from nbo.pack.files.shared import ANSWER
from nbo.pack.link import Linker, Setting
from nbo.pack.script import Objection, Script, Segment, Step, Treatment


def link_script(linker: Linker, written: ScriptFile, setting: Setting | None, *, most_tries: int) -> Script:
    """A script; `setting` says which engine attributes the offers that use it have, None that there is no such offer.

    `most_tries` is how often the pack lets an answer to an objection be tried.
    """
    if setting is None:
        linker.found.append(catalog.SCRIPT_UNUSED.at(written.script.span, name=written.script.text))
    return _script(linker, written, setting or linker.everything, most_tries)


def check_slots(linker: Linker, scripts: Iterable[Script], rules: Iterable[ComplianceRule]) -> None:
    """A slot that no rule asks for is probably misspelt: what it says would count for nothing."""
    known = {slot for rule in rules for slot in rule.slots or ()}
    for script in scripts:
        for segment in (segment for treatment in script.treatments for segment in treatment.segments):
            for slot, span in zip(segment.says, segment.says_spans, strict=True):
                if known and slot not in known:
                    better = nearest(slot, known)
                    advice = None if better is None else catalog.DID_YOU_MEAN
                    shown = ", ".join(sorted(known))
                    linker.found.append(
                        catalog.SLOT_UNKNOWN.at(span, slot=slot, known=shown, suggestion=better, help=advice)
                    )


def _script(linker: Linker, written: ScriptFile, setting: Setting, most_tries: int) -> Script:
    taken: dict[str, Span] = {}
    treatments = [
        _treatment(linker, each, setting, most_tries)
        for each in written.treatments
        if linker.unique(each.id, taken, Text("treatment", "话术版本"))
    ]
    return Script(written.script.text, tuple(treatments), written.span_of("script"))


def _treatment(linker: Linker, written: TreatmentFile, setting: Setting, most_tries: int) -> Treatment:
    segments = []
    for each in written.segments:
        when = None if each.when is None else linker.condition(each.when, setting, must_be_possible=True)
        texts = linker.templates(each.text, each.key_span("text"), setting)
        if each.when is None or when is not None:
            segments.append(
                Segment(
                    each.stage,
                    when,
                    each.optional,
                    tuple(slot.text for slot in each.says),
                    tuple(slot.span for slot in each.says),
                    each.verbatim,
                    texts,
                    each.span,
                )
            )
    for objection in written.objections:
        if objection.tries > most_tries:
            span = objection.span_of("tries")
            linker.found.append(catalog.TOO_MANY_TRIES.at(span, tries=objection.tries, most=most_tries))
    taken: dict[str, Span] = {}
    objections = [
        Objection(each.id.text, each.tries, _answer(linker, each, setting))
        for each in written.objections
        if linker.unique(each.id, taken, Text("objection", "异议"))
    ]
    when = None if written.when is None else linker.condition(written.when, setting, must_be_possible=True)
    return Treatment(
        id=written.id.text,
        version=written.version,
        channels=frozenset(channel.text for channel in written.channels),
        when=when,
        reangles=written.reangles,
        segments=tuple(segments),
        objections=tuple(objections),
        after_yes=tuple(Step(step.id.text, step.required) for step in written.after_yes),
        span=written.span_of("id"),
    )


def _answer(linker: Linker, written: ObjectionFile, setting: Setting) -> Segment:
    return Segment(
        stage=ANSWER,
        when=None,
        optional=False,
        says=(),
        says_spans=(),
        verbatim=False,
        texts=linker.templates(written.text, written.key_span("text"), setting),
        span=written.span,
    )
