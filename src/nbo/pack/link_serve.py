"""How to serve who gets no offer: ways in their order, the last of them for everybody."""

from __future__ import annotations

from collections.abc import Sequence

from nbo.diagnostics import catalog
from nbo.pack.clause import Serve, Ticket
from nbo.pack.files.shared import ServeFile, TicketFile
from nbo.pack.link import Linker


def link_ways(linker: Linker, written: Sequence[ServeFile] | None) -> tuple[Serve, ...]:
    """The ways to serve; nobody may be left without one, and nothing after the one for everybody is reached."""
    ways: list[Serve] = []
    for place, each in enumerate(written or (), 1):
        last = written is not None and place == len(written)
        if last and each.when is not None:
            linker.found.append(catalog.SERVES_NOT_EVERYBODY.at(each.when.span))
        if not last and each.when is None:
            linker.found.append(catalog.SERVE_NEVER_REACHED.at(each.span))
        when = None if each.when is None else linker.condition(each.when)
        if when is not None:
            linker.check_decides(when)
        if each.when is None or when is not None:
            ways.append(Serve(each.outcome.text, each.channel.text, _ticket(linker, each.ticket), when))
    return tuple(ways)


def _ticket(linker: Linker, written: TicketFile | None) -> Ticket | None:
    if written is None:
        return None
    return Ticket(linker.words(written.need, written.span_of("need")), written.owner.text, written.within_hours)
