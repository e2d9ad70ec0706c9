"""Floors of the contact policy: which figure, of what, over how many days, and the offers that rest for it."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from nbo.diagnostics import catalog
from nbo.diagnostics.diagnostic import Text
from nbo.language.types import Kind
from nbo.pack.files.floors import PauseFile
from nbo.pack.files.rules import ContactFile
from nbo.pack.floor import Floor, Measure, Subject
from nbo.pack.link import Linker

MOST_DAYS_BACK = 366
"""Each day more is read from the store of all customers."""

_KEYS: Mapping[str, Measure] = {
    "csat_below": "csat", "cancellation_above": "cancellation", "complaints_above": "complaints",
}  # fmt: skip
_MOST_CSAT = Decimal(10)
_A_SHARE = Text("a share from 0% to under 100%", "0% 到不足 100% 的比例")
_DAYS = Text(f"at most {MOST_DAYS_BACK} days", f"最多 {MOST_DAYS_BACK} 天")


def link_floor(
    linker: Linker,
    written: ContactFile,
    pause: PauseFile,
    scope: frozenset[str] | None,
    reason: Mapping[str, str],
    families: frozenset[str],
) -> Floor | None:
    """The floor, or None with what keeps it from being one collected; `families` are those of the pack's offers."""
    before = len(linker.found)
    keys = [each for each in _KEYS if each in pause.keys_present]
    if len(keys) != 1:
        linker.found.append(catalog.PAUSED_BY_ONE.at(pause.span))
        return None
    (key,) = keys
    bound: Decimal = getattr(pause, key)
    _check_bound(linker, pause, key, bound)
    if pause.within.days > MOST_DAYS_BACK:
        span = pause.within.span_of("days")
        linker.found.append(catalog.WRONG_VALUE.at(span, value=span.text, expected=_DAYS))
    of: Subject | frozenset[str]
    match pause.for_:
        case "offer" | "family" | "everything":
            of = pause.for_
        case names:
            of = linker.families([each for each in names if not isinstance(each, str)], families) or frozenset()
    if len(linker.found) > before:
        return None
    return Floor(
        written.id.text, frozenset(written.kinds), scope, _KEYS[key], bound, pause.of_at_least, of, pause.within.days,
        reason, pause.span,
    )  # fmt: skip


def _check_bound(linker: Linker, pause: PauseFile, key: str, bound: Decimal) -> None:
    """A bound that every figure, or none, is beyond is a slip."""
    expected = None
    if key == "csat_below":
        low, high = _scale(linker)
        if not low < bound <= high:
            expected = Text(f"a rating over {low:f} and at most {high:f}", f"大于 {low:f}、不超过 {high:f} 的评分")
    elif not 0 <= bound < 1:
        expected = _A_SHARE
    if expected is not None:
        span = pause.span_of(key)
        linker.found.append(catalog.WRONG_VALUE.at(span, value=span.text, expected=expected))


def _scale(linker: Linker) -> tuple[Decimal, Decimal]:
    """The lowest and highest rating, by the dictionary's `history` where it says so."""
    history = linker.dictionary.find("history")
    record = None if history is None else history.type.record
    found = None if record is None else record.fields.get("csat")
    if found is None or found.type.kind is not Kind.INTEGER:
        return Decimal(0), _MOST_CSAT
    low, high = found.min, found.max
    return Decimal(0 if low is None else low), Decimal(_MOST_CSAT if high is None else high)
