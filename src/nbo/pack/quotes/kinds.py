"""Every kind of quote: how it is written, how it is linked, what it gives to conditions. A new kind is one line here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from nbo.language.types import Type
from nbo.pack.quotes.context import QuoteContext
from nbo.pack.quotes.installment import InstallmentFile, InstallmentTerms, link_installment
from nbo.pack.quotes.limit import LimitQuoteFile, LimitTerms, link_limit
from nbo.pack.quotes.terms import QuoteTerms
from nbo.pack.quotes.waiver import WaiverFile, WaiverTerms, link_waiver
from nbo.source.model import Part

QuoteFile = InstallmentFile | LimitQuoteFile | WaiverFile


@dataclass(frozen=True, slots=True)
class QuoteKind:
    """A kind by its model, its linker and its terms."""

    model: type[Part]
    link: Callable[[QuoteContext, Any], QuoteTerms | None]
    terms: type[QuoteTerms]


QUOTE_KINDS: Mapping[str, QuoteKind] = {
    each.terms.kind: each
    for each in (
        QuoteKind(InstallmentFile, link_installment, InstallmentTerms),
        QuoteKind(LimitQuoteFile, link_limit, LimitTerms),
        QuoteKind(WaiverFile, link_waiver, WaiverTerms),
    )
}


def quote_fields(kind: str) -> Mapping[str, Type]:
    """What quotes of a kind give; nothing for a kind that does not exist."""
    return QUOTE_KINDS[kind].terms.fields if kind in QUOTE_KINDS else {}


def all_quote_fields() -> dict[str, Type]:
    """Every field of every kind."""
    return {name: type_ for kind in QUOTE_KINDS.values() for name, type_ in kind.terms.fields.items()}
