"""`suppress_after` and `at_most` as conditions over the history: the one meaning that everything downstream reads.

In: what is written, and the fields that the dictionary's `history` has. Out: a text of the condition language; or what is
missing for it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from nbo.diagnostics import catalog
from nbo.diagnostics.diagnostic import Text
from nbo.language.dictionary_file import is_writable
from nbo.language.types import DATETIME, INTEGER, STRING, Attribute, Domain, Kind, RecordType, Type
from nbo.pack.files.frequency import FrequencyFile, StretchFile, WithinFile
from nbo.pack.files.rules import ContactFile, GrantsFile
from nbo.pack.link import Linker
from nbo.source.nodes import Scalar

_RESPONSES = frozenset({"accept", "decline", "defer", "no_answer"})
_AN_ENUM = Type(Kind.ENUM)
_NEEDED = {
    "offer_id": STRING, "family": _AN_ENUM, "channel": _AN_ENUM, "response": _AN_ENUM, "presented_at": DATETIME,
    "cancelled_at": DATETIME, "complaint_id": STRING, "csat": INTEGER,
}  # fmt: skip
_KINDS = {
    "family": Text("family of the history", "历史中的产品族"),
    "channel": Text("channel of the history", "历史中的渠道"),
    "response": Text("response of the history", "历史中的答复"),
}
_DAYS = {"days": (1, 1), "months": (28, 31)}  # the fewest and the most that one can have


def frequency_condition(linker: Linker, rule: ContactFile) -> str | None:
    """The condition, or None with what keeps it from being one collected."""
    written = rule.suppress_after
    assert written is not None  # noqa: S101 - asked by the caller
    before = len(linker.found)
    counted = _Counted(written.of or (), written.csat_below, written.for_, written.channels)
    text = _Writer(linker, written, counted, rule.suppress_for).text()
    return text if len(linker.found) == before else None


def seldom_condition(linker: Linker, written: GrantsFile) -> str | None:
    """True while fewer than so many were granted; or None with what keeps it from being a condition collected."""
    before = len(linker.found)
    counted = _Counted((Scalar("accept", written.span),), None, written.for_, "all")
    writer = _Writer(linker, written, counted, None)
    writer.check_stretches()
    text = f"count(history, {writer.chosen(written.within)}) < {written.times}"
    return text if len(linker.found) == before else None


@dataclass(frozen=True, slots=True)
class _Counted:
    """Which records count, whenever they were."""

    of: tuple[Scalar, ...]
    csat_below: int | None
    subject: tuple[Scalar, ...] | str
    channels: tuple[Scalar, ...] | str


class _Writer:
    def __init__(
        self, linker: Linker, written: FrequencyFile | GrantsFile, counted: _Counted, pause: StretchFile | None
    ) -> None:
        self.linker = linker
        self.written = written
        self.counted = counted
        self.pause = pause
        history = linker.dictionary.find("history")
        self.record: RecordType | None = None if history is None else history.type.record

    def text(self) -> str:
        self.check_stretches()
        times, within = self.written.times, self.written.within
        if times > 1:
            often = f"count(history, {self.chosen(within)}) >= {times}"
            return often if self.pause is None else f"{often} and any(history, {self.chosen(self.pause)})"
        return f"any(history, {self.chosen(self.pause or within)})"

    def chosen(self, stretch: StretchFile | None) -> str:
        """What must be true of a record of the history for it to count."""
        return " and ".join((*self.subject(), *self.channel(), self.outcome(stretch)))

    # --- which records ------------------------------------------------------------------------------------------------

    def subject(self) -> Iterator[str]:
        match self.counted.subject:
            case "everything":
                pass
            case "offer":
                self.field("offer_id", "for")
                yield "it.offer_id == offer.offer_id"
            case "family":
                self.field("family", "for")
                yield "it.family == offer.family"
            case tuple() as families:
                yield f"it.family {self.one_of('family', families, 'for')}"

    def channel(self) -> Iterator[str]:
        match self.counted.channels:
            case "all":
                pass
            case "same":
                self.field("channel", "channels")
                yield "it.channel == offer.channel"
            case tuple() as channels:
                yield f"it.channel {self.one_of('channel', channels, 'channels')}"

    def outcome(self, stretch: StretchFile | None) -> str:
        """What came of it, and when: a cancellation has a time of its own, everything else that of the contact."""
        of = self.counted.of
        names = {each.text for each in of}
        kinds: list[str] = []
        responses = tuple(each for each in of if each.text in _RESPONSES)
        if "presented" not in names:
            if responses:
                kinds.append(f"it.response {self.one_of('response', responses, 'of')}")
            if "complained" in names:
                self.field("complaint_id", "of")
                kinds.append("it.complaint_id is not missing")
            if self.counted.csat_below is not None:
                self.field("csat", "csat_below")
                low = f"it.csat < {self.counted.csat_below}"
                kinds.append(f"(it.csat is not missing and {low})" if kinds else f"it.csat is not missing and {low}")
        contact = self.when("presented_at", stretch)
        ways = (
            [f"({' or '.join(kinds)}) and {contact}" if len(kinds) > 1 else f"{kinds[0]} and {contact}"]
            if kinds
            else []
        )
        if not kinds and names != {"cancelled"}:
            ways.append(contact)
        if "cancelled" in names:
            ways.append(f"it.cancelled_at is not missing and {self.when('cancelled_at', stretch)}")
        return ways[0] if len(ways) == 1 else f"({' or '.join(f'({each})' for each in ways)})"

    def when(self, field: str, stretch: StretchFile | None) -> str:
        self.field(field, "of")
        calendar = stretch.calendar if isinstance(stretch, WithinFile) else None
        if stretch is None:
            return f"it.{field} <= now"
        if calendar is not None:
            return f"start_of_{calendar}(now) <= it.{field} <= now"
        unit, count = _unit(stretch)
        return f"now - {unit}({count}) < it.{field} <= now"

    # --- what the dictionary must have --------------------------------------------------------------------------------

    def field(self, name: str, key: str) -> Attribute | None:
        """The history's field of that name and kind, or None with the finding."""
        kind = _NEEDED[name]
        found = None if self.record is None else self.record.fields.get(name)
        is_text = name == "channel" and found is not None and found.type.kind is Kind.STRING  # it is compared, no more
        if found is not None and (found.type.kind is kind.kind or is_text):
            return found
        self.linker.found.append(
            catalog.HISTORY_FIELD_NEEDED.at(self.written.span_of(key), field=name, type=kind.words)
        )
        return None

    def one_of(self, field: str, names: Sequence[Scalar], key: str) -> str:
        """A comparison with values that the field has."""
        found = self.field(field, key)
        if found is None:
            return ""
        domain = found.type.domain
        found_values = (each.text if domain is None else self.value(each, domain, field) for each in names)
        values = [each if is_writable(each) else f'"{each}"' for each in found_values if each is not None]
        if not values:
            return ""
        return f"== {values[0]}" if len(values) == 1 else f"in [{', '.join(values)}]"

    def value(self, name: Scalar, domain: Domain, field: str) -> str | None:
        known = {**{each: each for each in domain.values}, **domain.aliases}
        return self.linker.reference(name, known, _KINDS[field])

    # --- stretches of time --------------------------------------------------------------------------------------------

    def check_stretches(self) -> None:
        """A stretch has one unit, and nothing is waited for longer than it is counted."""
        within, pause = self.written.within, self.pause
        for each in (within, pause):
            if each is not None and len(each.keys_present) != 1:
                expected = Text("one unit, such as `{days: 30}`", "一个单位，例如 `{days: 30}`")
                self.linker.found.append(catalog.WRONG_VALUE.at(each.span, value=each.span.text, expected=expected))
                return
        if within is not None and pause is not None and not _reaches(within, pause):
            self.linker.found.append(catalog.SUPPRESSED_TOO_LONG.at(pause.span))


def _unit(stretch: StretchFile) -> tuple[str, int]:
    units = {"hours": stretch.hours, "days": stretch.days, "months": stretch.months}
    return next(((unit, count) for unit, count in units.items() if count is not None), ("days", 1))


def _reaches(within: WithinFile, pause: StretchFile) -> bool:
    """Whether the one goes back at least as far as the other, whatever the month."""
    if within.calendar is not None:
        return False
    (unit, count), (other, wanted) = _unit(within), _unit(pause)
    if unit == other:
        return wanted <= count
    fewest, most = (_DAYS.get(each, (0, 0)) for each in (unit, other))
    if unit == "hours":
        return most[1] * wanted * 25 <= count
    if other == "hours":
        return wanted <= fewest[0] * count * 23
    return most[1] * wanted <= fewest[0] * count
