"""What a case expects of a call, held against the session in which its events were observed.

In: the expectations, the session after the last event, the events that were refused. Out: the differences.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from nbo.call.session import Session
from nbo.call.why import Refusal
from nbo.diagnostics.diagnostic import Text
from nbo.pack.case import Expected
from nbo.workbench.cases import Difference

_NONE = Text("none", "无")
_POSSIBLE = Text("every event is possible", "所有事件都可以发生")


def call_differences(expected: Expected, session: Session, refused: Sequence[Refusal]) -> list[Difference]:
    """What came out differently."""
    found = [Difference("events", _POSSIBLE, each.words, None) for each in refused]
    found.extend(
        Difference(what, wanted, actual, expected.places.get(what)) for what, wanted, actual in _told(expected, session)
    )
    return found


def _told(expected: Expected, session: Session) -> Iterator[tuple[str, Text, Text]]:
    for what, wanted, came in (
        ("moments", expected.moments, session.moments),
        ("needs", expected.needs, session.state.needs),
    ):
        if wanted is not None and wanted != frozenset(came):
            yield what, _list(wanted), _list(came)
    for what, told, is_so, names in (
        ("window", expected.window, session.state.window.is_open, ("closed", "open")),
        ("selling", expected.selling, session.state.off is None, ("off", "on")),
    ):
        if told is not None and told != names[is_so]:
            yield what, _same(told), _same(names[is_so])


def _list(names: Collection[str]) -> Text:
    shown = ", ".join(sorted(names))
    return _same(shown) if shown else _NONE


def _same(text: str) -> Text:
    return Text(text, text)
