"""The agent's screen of `nbo call`: after every event where the call is, whether to offer, what to do now and what to say.

In: what the session says. Out: what rich prints. The frame is in the language of the messages, what the pack and the session
say in that of the call.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.panel import Panel
from rich.text import Text

from nbo.call.next_step import Next, Note
from nbo.call.session import Session
from nbo.call.state import AtHand
from nbo.call.steps import steps_of
from nbo.call.why import Refusal, Why
from nbo.call.wording import STAGES
from nbo.cli.numbers_table import numbers_table
from nbo.decide.decision import DecidedOffer
from nbo.decide.serving import ServedTicket
from nbo.diagnostics.diagnostic import Text as Words
from nbo.diagnostics.place import printable
from nbo.pack.call import CallRules, EventType
from nbo.workbench.cases import Difference
from nbo.workbench.transcript.play import seconds_of

_REFUSED = Words("not possible", "不能进行")
_NEEDS = Words("needs", "需求")
_OFFER_NOW = Words("offer now", "可以推介")
_NO_OFFER_NOW = Words("no offer now", "暂不推介")
_NOTE = Words("note", "备注")
_TICKET = Words("ticket", "工单")
_AFTER_YES = Words("after the yes", "客户同意后")
_OPTIONAL = Words("optional", "可选")
_SINCE = Words("as shown above", "内容同上")
_BEGAN = Words("the call begins", "通话开始")
_EXPECTED = Words("expected", "预期")
_ACTUAL = Words("actual", "实际")
_BY = Words("by {due}", "{due} 前")


class CallScreen:
    """Draws a call; a script that is on the screen already is not drawn again."""

    def __init__(self, session: Session, rules: CallRules, language: str) -> None:
        self._session = session
        self._rules = rules
        self._language = language
        self._shown: tuple[object, object] | None = None

    def after(self, event: Mapping[str, object] | None, said: Next) -> RenderableType:
        """The screen after an event; None for how the call begins."""
        parts = [self._head(event, said), *(self._problem(each, "yellow", "!") for each in said.warnings)]
        if said.refused is not None:
            parts.append(self._problem(said.refused, "red", f"✗ {self._say(_REFUSED)}:"))
        return Group(*parts, self._panel(said))

    def differences(self, found: list[Difference]) -> RenderableType:
        """What a transcript expects and did not come."""
        lines = []
        for each in found:
            place = "" if each.span is None else f"{each.span.source.path}:{each.span.line}: "
            expected, actual = each.expected.fill(self._language), each.actual.fill(self._language)
            told = f"{self._say(_EXPECTED)} {expected}, {self._say(_ACTUAL)} {actual}"
            lines.append(Text(printable(f"✗ {place}{each.what}: {told}"), style="bold red"))
        return Group(*lines)

    # --- above the panel ----------------------------------------------------------------------------------------------

    def _head(self, event: Mapping[str, object] | None, said: Next) -> Text:
        passed = seconds_of(self._session, said.state.at)
        head = Text(f"{passed // 60:02}:{passed % 60:02}  ", style="bold")
        if event is None:
            return head.append(self._say(_BEGAN))
        kind, fields = str(event["kind"]), event["fields"]
        known = self._rules.events.get(kind)
        label = None if known is None else label_of(known, self._language)
        head.append(printable(kind))
        if isinstance(fields, Mapping):
            head.append("".join(f" {name}={value}" for name, value in _as_typed(fields)))
        return head.append(f"  {printable(label)}", style="dim") if label else head

    def _problem(self, why: Why | Refusal, style: str, mark: str) -> Text:
        return Text(f"{mark} {printable(why.text(self._session.language))}{_place(why.source)}", style=style)

    # --- the panel ----------------------------------------------------------------------------------------------------

    def _panel(self, said: Next) -> Panel:
        stage = STAGES[said.stage].fill(self._language)
        parts: list[RenderableType] = [self._moment(said)]
        if said.needs:
            parts.append(Text(f"{self._say(_NEEDS)}: {', '.join(self._need(each) for each in said.needs)}"))
        parts.extend(self._note(each) for each in said.notes)
        parts.append(Text(f"→ {said.step.text}", style="bold"))
        parts.extend(Padding(each, (0, 0, 0, 2)) for each in self._details(said))
        parts.extend(self._ticket(each) for each in said.tickets)
        return Panel(Group(*parts), title=Text(stage, style="bold"), title_align="left")

    def _moment(self, said: Next) -> Text:
        why = said.moment.why
        if why is None:
            return Text(f"● {self._say(_OFFER_NOW)}", style="green")
        reason = printable(why.text(said.language))
        return Text(f"○ {self._say(_NO_OFFER_NOW)}: {reason}{_place(why.source)}", style="dim")

    def _need(self, name: str) -> str:
        """A need as people call it."""
        kind = self._rules.events.get("need_stated")
        domain = None if kind is None else kind.record.fields["need"].type.domain
        return name if domain is None else domain.label(name, self._language)

    def _note(self, note: Note) -> Text:
        due = "" if note.due is None else f" ({self._due(note.due)})"
        return Text(f"✎ {self._say(_NOTE)}: {printable(note.text or '-')} → {note.owner or '-'}{due}", style="cyan")

    def _ticket(self, ticket: ServedTicket) -> Text:
        due = self._due(ticket.due)
        return Text(f"✎ {self._say(_TICKET)}: {printable(ticket.need)} → {ticket.owner} ({due})", style="cyan")

    def _due(self, due: datetime) -> str:
        return _BY.fill(self._language, {"due": due.isoformat(" ", "minutes")})

    def _details(self, said: Next) -> list[RenderableType]:
        """What the step is about, below it."""
        step, at_hand = said.step, said.state.at_hand
        parts: list[RenderableType] = []
        if step.reason is not None and step.reason != said.moment.why:
            parts.append(Text(f"{printable(step.reason.text(step.language))}{_place(step.reason.source)}", style="dim"))
        if at_hand is not None and at_hand.accepted:
            parts.append(self._steps(at_hand))
        elif step.offer is not None and step.code in ("present", "await_answer"):
            parts.extend(self._offer(step.offer))
        elif step.says:
            parts.append(Text(step.says))
        return parts

    def _offer(self, offer: DecidedOffer) -> list[RenderableType]:
        shown = (offer.offer, None if offer.script is None else offer.script.text)
        if shown == self._shown:
            return [Text(self._say(_SINCE), style="dim")]
        self._shown = shown
        parts: list[RenderableType] = []
        if offer.subject is not None:
            parts.append(Text(", ".join(f"{name} {printable(value)}" for name, value in offer.subject.items())))
        numbers = numbers_table(offer, self._language)
        if numbers.row_count:
            parts.append(numbers)
        if offer.script is not None:
            parts.extend(Text(f"[{each.source.stage}] {each.text}") for each in offer.script.segments)
        return parts

    def _steps(self, at_hand: AtHand) -> Text:
        shown = Text(f"{self._say(_AFTER_YES)}: ")
        for place, each in enumerate(steps_of(at_hand)):
            mark = "✓ " if each.id in at_hand.done else ""
            optional = "" if each.required else f" ({self._say(_OPTIONAL)})"
            shown.append(f"{' → ' if place else ''}{mark}{each.id}{optional}", style="green" if mark else "")
        return shown

    def _say(self, words: Words) -> str:
        return words.fill(self._language)


def label_of(event: EventType, language: str) -> str:
    """What a kind is called, where that says more than its name."""
    label = event.labels.get(language, "")
    return "" if label.casefold() == event.kind.replace("_", " ") else label


def _place(source: str | None) -> str:
    return "" if source is None else f"  {source}"


def _as_typed(fields: Mapping[str, object]) -> list[tuple[str, str]]:
    """Names and values that cannot command the terminal."""
    shown = ((name, ",".join(map(str, each)) if isinstance(each, list) else str(each)) for name, each in fields.items())
    return [(printable(str(name)), printable(each)) for name, each in shown]
