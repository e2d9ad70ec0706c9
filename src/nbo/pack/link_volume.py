"""Caps over all customers: which offers share one, how much there is a period, what one order takes of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from nbo.diagnostics import catalog
from nbo.diagnostics.diagnostic import Text
from nbo.diagnostics.place import Span
from nbo.language.types import MONEY
from nbo.pack.cap import Cap
from nbo.pack.files.volume import CapFile
from nbo.pack.link import Linker, Setting
from nbo.pack.quotes.kinds import quote_fields

_MORE_THAN_NOTHING = Text("a number above 0", "大于 0 的数")
_WHOLE = Text("a whole number of orders", "整数笔数")


@dataclass(frozen=True, slots=True)
class Sold:
    """What is known of an offer before it is linked: its family, and the kind of its quote, empty where it has none."""

    family: str
    quote_kind: str


def link_caps(linker: Linker, written: Iterable[CapFile], offers: Mapping[str, Sold]) -> tuple[Cap, ...]:
    """The caps in the order in which they are written; `offers` are those of the pack by id."""
    caps: list[Cap] = []
    taken: dict[str, Span] = {}
    for each in written:
        if linker.unique(each.id, taken, Text("cap", "上限")):
            cap = _cap(linker, each, offers)
            if cap is not None:
                caps.append(cap)
    return tuple(caps)


def _cap(linker: Linker, written: CapFile, offers: Mapping[str, Sold]) -> Cap | None:
    before = len(linker.found)
    if (written.offers is None) is ("families" not in written.keys_present):
        linker.found.append(catalog.CAP_OF_WHAT.at(written.span_of("id")))
        return None
    for name in written.offers or ():
        linker.reference(name, {each: each for each in offers}, Text("offer", "产品"))
    families = linker.families(written.families, sorted({each.family for each in offers.values()}))
    named = None if written.offers is None else frozenset(each.text for each in written.offers)
    covered = [
        offer
        for name, offer in offers.items()
        if (named is None or name in named) and (families is None or offer.family in families)
    ]
    amount = None
    if written.amount is not None:
        fields = [quote_fields(each.quote_kind).keys() for each in covered]
        known = frozenset.intersection(*map(frozenset, fields)) if fields else frozenset[str]()
        amount = linker.condition(written.amount, Setting(known | {"offer."}), MONEY)
    if written.limit <= 0 or (written.amount is None and written.limit != int(written.limit)):
        expected = _MORE_THAN_NOTHING if written.limit <= 0 else _WHOLE
        span = written.span_of("limit")
        linker.found.append(catalog.WRONG_VALUE.at(span, value=span.text, expected=expected))
    labels = linker.words(written.label, written.span_of("label"))
    if len(linker.found) > before and amount is None and written.amount is not None:
        return None
    return Cap(written.id.text, labels, named, families, written.per, written.limit, amount, written.span_of("id"))
