"""Playing a call in the terminal: events from a transcript or from the keyboard, after each the screen or a line of JSON.

In: the session, where the events come from. Out: what is printed, and whether all came as a transcript says.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import datetime
from zoneinfo import ZoneInfo

import typer
from rich.console import Console, RenderableType

from nbo.call.next_step import Next
from nbo.call.session import Session
from nbo.cli.call_help import all_kinds, one_kind
from nbo.cli.call_prompt import LONGEST_LINE, typed
from nbo.cli.call_screen import CallScreen
from nbo.cli.shared import Format, refuse
from nbo.diagnostics.diagnostic import Text
from nbo.pack.call import CallRules
from nbo.workbench.cases import Difference
from nbo.workbench.transcript.form import SeesFile, TranscriptFile
from nbo.workbench.transcript.play import event_of, seconds_of
from nbo.workbench.transcript.sees import sees_differences

_PROMPT = "» "
_NOT_TEXT = Text("what was typed is not UTF-8", "输入不是 UTF-8 文本")
_HINT = Text("? shows what can be observed, Ctrl-D ends", "输入 ? 查看可输入的事件，Ctrl-D 结束")


class CallPlay:
    """Events observed one after the other, each with its screen or its line of JSON."""

    def __init__(self, session: Session, rules: CallRules, zone: ZoneInfo, output: Format, language: str) -> None:
        self._session = session
        self._zone = zone
        self._rules = rules
        self._output = output
        self._language = language
        self._screen = CallScreen(session, rules, language)
        self._console = Console(stderr=output is Format.JSON)

    def transcript(self, script: TranscriptFile, *, strict: bool) -> bool:
        """Whether all came as it says; with `strict` also, whether nothing else was refused."""
        ok = True
        for each in script.events:
            event = event_of(each, self._session)
            said = self._session.observe(event)
            found = self._found(each.sees, said)
            self.show(event, said, found)
            foreseen = each.sees is not None and each.sees.refused is not None
            ok = ok and not found and not (strict and said.refused is not None and not foreseen)
        found = self._found(script.sees, self._session.next)
        if found:
            self._differ(found)
        return ok and not found

    def typed(self) -> None:
        """Every line that is typed, until there is none."""
        if sys.stdin.isatty():
            self._console.print(_HINT.fill(self._language), style="dim")
        for line in self._lines():
            if not line.strip():
                continue
            meant = typed(line, self._session, self._rules)
            if meant.quit:
                return
            if meant.help is not None:
                self._console.print(self._help(meant.help))
            elif meant.answer is not None:
                self._console.print(meant.answer.fill(self._language), style="yellow", markup=False, highlight=False)
            elif meant.event is not None:
                self.show(meant.event, self._session.observe(meant.event), [])

    def show(self, event: Mapping[str, object] | None, said: Next, found: list[Difference]) -> None:
        """The agent's screen, or one line of JSON."""
        if self._output is Format.JSON:
            typer.echo(json.dumps(self._line(event, said, found), ensure_ascii=False, default=_plain))
            return
        self._console.print(self._screen.after(event, said))
        self._differ(found)

    def _line(self, event: Mapping[str, object] | None, said: Next, found: list[Difference]) -> dict[str, object]:
        offer = said.step.offer
        return {
            "call_id": self._session.call_id,
            "at": said.state.at.astimezone(self._zone).isoformat(),
            "seconds": seconds_of(self._session, said.state.at),
            "event": None if event is None else dict(event),
            "next": said.to_dict(),
            "offer": None if offer is None else offer.to_dict(),
            "differences": [each.to_dict(self._language) for each in found],
        }

    def _differ(self, found: list[Difference]) -> None:
        if found:
            self._console.print(self._screen.differences(found), soft_wrap=True)

    def _found(self, sees: SeesFile | None, said: Next) -> list[Difference]:
        return [] if sees is None else sees_differences(sees, said, self._session.moments)

    def _help(self, kind: str) -> RenderableType:
        if kind:
            return one_kind(kind, self._rules, self._session, self._language)
        return all_kinds(self._rules, self._session, self._language)

    def _lines(self) -> Iterator[str]:
        """What is typed; a terminal is prompted."""
        at_terminal = sys.stdin.isatty()
        if at_terminal:
            with suppress(ModuleNotFoundError):
                import readline  # noqa: F401, PLC0415 - importing it makes lines editable; not every system has it
        while True:
            try:
                if at_terminal and self._output is Format.TEXT:
                    line = input(_PROMPT)
                else:
                    line = sys.stdin.readline(LONGEST_LINE + 2)
                    if not line:
                        return
                    rest = line
                    while rest and not rest.endswith("\n"):  # of a line that is too long
                        rest = sys.stdin.readline(LONGEST_LINE)
            except EOFError:
                typer.echo()
                return
            except UnicodeDecodeError:
                refuse(_NOT_TEXT.fill(self._language))
            yield line


def _plain(value: object) -> str:
    """A value of an event as a person wrote it; the digits of a number stay."""
    return value.isoformat() if isinstance(value, datetime) else str(value)
