"""Stages 10 and 11: the words of an offer, and whether they may be said.

The treatments are tried in their order: for the channel, the language and the customer. One whose words a rule blocks makes
room for the next, first without its optional segments; when none is left, the offer is blocked. A blocked text is never
returned.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from nbo.decide.candidate import Blocked, Candidate, Setting
from nbo.decide.gates import remarks
from nbo.diagnostics.diagnostic import Text
from nbo.pack.script import Treatment
from nbo.script.render import RenderedScript, render

_NO_TREATMENT = Text("no treatment fits this channel and customer", "没有适合该渠道和客户的话术")
_UNSPEAKABLE = Text("the script needs data that is missing", "话术所需的数据缺失")
_NOT_ALLOWED = Text("no treatment passes the compliance check", "没有话术通过合规检查")


def check_script(candidate: Candidate, setting: Setting) -> Blocked | None:
    """Whether there are words at all: a treatment for the channel whose placeholders have values."""
    script = candidate.offer.script
    if script is None:
        return None
    missing: dict[str, None] = {}
    fits = False
    for treatment in fitting(candidate, setting):
        fits = True
        rendered = _in_full(treatment, candidate, setting)
        if isinstance(rendered, RenderedScript):
            return None
        missing.update(dict.fromkeys(rendered))
    words = _UNSPEAKABLE if fits else _NO_TREATMENT
    code = "unspeakable" if fits else "no_treatment"
    return Blocked("script", code, {"en": words.en, "zh": words.zh}, script.span, None, tuple(missing))


def check_compliance(candidate: Candidate, setting: Setting) -> Blocked | None:
    """Gives the candidate the first script that every blocking rule lets pass."""
    family, checker = candidate.offer.family, setting.checker
    bounds, broken = checker.check_bounds(family, setting.channel, setting.language, candidate.values, setting.today)
    if broken is not None and broken.must is not None:
        must = broken.must
        unknown = must.expression.ask(candidate.values) is None
        missing = must.expression.missing(candidate.values, setting.pack.dictionary) if unknown else ()
        return Blocked("compliance", broken.id, must.reason, must.span, must, missing, undecided=unknown)
    script = candidate.offer.script
    if script is None:
        candidate.checks = [*remarks(candidate, setting), *bounds]
        return None
    blocking: list[str] = []
    for rendered in _renderings(candidate, setting):
        checks = checker.check_script(rendered, candidate.offer, setting.channel, candidate.values, setting.today)
        blocked = [each.rule for each in checks if each.status == "blocked"]
        if not blocked:
            candidate.treatment = rendered.treatment
            candidate.script = _with_allowed_answers(rendered, candidate, setting)
            candidate.checks = [*remarks(candidate, setting), *bounds, *checks]
            return None
        blocking.extend(blocked)
    return Blocked("compliance", blocking[0] if blocking else "compliance", _words(blocking), script.span)


def fitting(candidate: Candidate, setting: Setting) -> Iterator[Treatment]:
    """The treatments for the channel and the customer; an offer good for the bank only needs one that reangles it."""
    script = candidate.offer.script
    for treatment in () if script is None else script.treatments:
        if setting.channel not in treatment.channels or (candidate.bank_only and not treatment.reangles):
            continue
        if treatment.when is None or treatment.when.ask(candidate.values) is True:
            yield treatment


def _in_full(treatment: Treatment, candidate: Candidate, setting: Setting) -> RenderedScript | tuple[str, ...]:
    """The treatment with all of its segments, rendered once for both stages; or what it cannot be said without."""
    known = candidate.renderings.get(treatment.id)
    if known is None:
        known = candidate.renderings[treatment.id] = render(treatment, candidate.values, setting.language)
    return known


def _renderings(candidate: Candidate, setting: Setting) -> Iterator[RenderedScript]:
    for treatment in fitting(candidate, setting):
        full = _in_full(treatment, candidate, setting)
        if not isinstance(full, RenderedScript):
            continue
        yield full
        if any(segment.optional for segment in treatment.segments):
            bare = render(treatment, candidate.values, setting.language, bare=True)
            if isinstance(bare, RenderedScript):
                yield bare


def _with_allowed_answers(script: RenderedScript, candidate: Candidate, setting: Setting) -> RenderedScript:
    """The script with only those answers to objections that may be said."""
    asked = (candidate.offer, setting.channel, candidate.values, setting.today)
    allowed = tuple([each for each in script.objections if setting.checker.allows_answer(script, each[2], *asked)])
    return script if len(allowed) == len(script.objections) else replace(script, objections=allowed)


def _words(rules: list[str]) -> dict[str, str]:
    named = ", ".join(dict.fromkeys(rules))
    return {"en": f"{_NOT_ALLOWED.en} ({named})", "zh": f"{_NOT_ALLOWED.zh}（{named}）"}
