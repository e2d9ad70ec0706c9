"""What happens on the call of a test: every event of a known kind, every field one of its kind, every value one that it takes.

In: the events as they are written, and the kinds of the pack. Out: events as a session reads them. A test whose event were
refused would prove something other than it says.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from nbo.diagnostics import catalog
from nbo.diagnostics.diagnostic import Text
from nbo.diagnostics.place import Span
from nbo.language.accept import BadValueError
from nbo.language.intake import DataWarning
from nbo.pack.call import EventType
from nbo.pack.files.cases import CaseEventFile
from nbo.pack.link import Linker
from nbo.pack.link_call import find_event
from nbo.source import nodes
from nbo.source.nodes import Scalar, to_plain

_FIELD = Text("field of this event", "该事件的字段")
_CORRECT_IT = Text("correct the value", "请更正取值")
_NO_FIELDS: Mapping[str, object] = {}


def link_case_events(
    linker: Linker, written: Sequence[CaseEventFile], events: Mapping[str, EventType], at: datetime
) -> tuple[Mapping[str, object], ...] | None:
    """The events from `at` on; None where one is not possible, with the mistakes collected."""
    linked: list[Mapping[str, object]] = []
    found = len(linker.found)
    for number, each in enumerate(written, start=1):
        at += timedelta(seconds=each.after or 0)
        kind = find_event(linker, each.kind, events)
        if kind is not None:
            fields = _fields(linker, each, kind)
            linked.append({"id": f"event {number}", "kind": kind.kind, "at": at, "fields": fields})
    return tuple(linked) if len(linker.found) == found else None


def _fields(linker: Linker, written: CaseEventFile, kind: EventType) -> Mapping[str, object]:
    given = nodes.Mapping() if written.fields is None else written.fields
    for name, node in given.items():
        known = linker.reference(Scalar(name, given.keys_at[name]), kind.accepts, _FIELD)
        if known is not None:
            try:
                known[1](to_plain(node))
            except BadValueError as error:
                _refused(linker, node.span, DataWarning(str(error), f"{kind.kind}.{name}"))
    own = {kind.record.names[name] for name in given if name in kind.record.names}
    for name in sorted(kind.needed - own):
        linker.found.append(catalog.KEY_REQUIRED.at(written.kind.span, key=name))
    return {name: to_plain(node) for name, node in given.items()} if given else _NO_FIELDS


def _refused(linker: Linker, span: Span, warning: DataWarning) -> None:
    linker.found.append(
        catalog.BAD_TEST_DATA.at(
            span, problem=warning.words, attribute=warning.attribute, code=warning.code, help=_CORRECT_IT
        )
    )
