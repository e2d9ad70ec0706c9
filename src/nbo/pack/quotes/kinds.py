"""Every kind of quote: how it is written, how it is linked, what it gives to conditions. A new kind is one line here."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from nbo.language.dictionary import Dictionary
from nbo.language.types import Type
from nbo.pack.quotes.context import QuoteContext
from nbo.pack.quotes.fee_change import FeeChangeFile, FeeChangeTerms, fee_change_types, link_fee_change
from nbo.pack.quotes.installment import InstallmentFile, InstallmentTerms, link_installment
from nbo.pack.quotes.lead import LeadFile, LeadTerms, lead_types, link_lead
from nbo.pack.quotes.limit import LimitQuoteFile, LimitTerms, link_limit
from nbo.pack.quotes.package import PackageFile, PackageTerms, link_package
from nbo.pack.quotes.terms import QuoteTerms
from nbo.pack.quotes.waiver import WaiverFile, WaiverTerms, link_waiver
from nbo.source.model import Part, validate
from nbo.source.nodes import Mapping as MappingNode

QuoteFile = InstallmentFile | LimitQuoteFile | WaiverFile | LeadFile | FeeChangeFile | PackageFile


@dataclass(frozen=True, slots=True)
class QuoteKind:
    """A kind by its model, its linker and its terms.

    `own_types` gives the fields whose values are a pack's own (`quote.recipient`), from all quotes of the kind in it;
    `reads_day` says that linking depends on the day of the check.
    """

    model: type[Part]
    link: Callable[[QuoteContext, Any], QuoteTerms | None]
    terms: type[QuoteTerms]
    own_types: Callable[[Iterable[Any], Dictionary], Mapping[str, Type]] | None = None
    reads_day: bool = False


QUOTE_KINDS: Mapping[str, QuoteKind] = {
    each.terms.kind: each
    for each in (
        QuoteKind(InstallmentFile, link_installment, InstallmentTerms),
        QuoteKind(LimitQuoteFile, link_limit, LimitTerms),
        QuoteKind(WaiverFile, link_waiver, WaiverTerms),
        QuoteKind(LeadFile, link_lead, LeadTerms, lead_types),
        QuoteKind(FeeChangeFile, link_fee_change, FeeChangeTerms, fee_change_types),
        QuoteKind(PackageFile, link_package, PackageTerms, reads_day=True),
    )
}


def quote_fields(kind: str) -> Mapping[str, Type]:
    """What quotes of a kind give; nothing for a kind that does not exist."""
    return QUOTE_KINDS[kind].terms.fields if kind in QUOTE_KINDS else {}


def all_quote_fields() -> dict[str, Type]:
    """Every field of every kind."""
    return {name: type_ for kind in QUOTE_KINDS.values() for name, type_ in kind.terms.fields.items()}


def quote_with_own_types(kind: str, node: MappingNode) -> Part | None:
    """A quote of a kind whose fields have a pack's own values; None for other kinds, and where it has mistakes."""
    if kind not in QUOTE_KINDS or QUOTE_KINDS[kind].own_types is None:
        return None
    read = validate(QUOTE_KINDS[kind].model, node)[0]
    return read if isinstance(read, Part) else None


def quote_types(quotes: Iterable[tuple[str, Part]], dictionary: Dictionary) -> dict[str, Type]:
    """Every field of every kind as a pack has it; `quotes` are those of `quote_with_own_types`, by kind.

    Mistakes are found when they are linked.
    """
    written: dict[str, list[Part]] = defaultdict(list)
    for kind, read in quotes:
        written[kind].append(read)
    types = all_quote_fields()
    for kind, each in QUOTE_KINDS.items():
        if each.own_types is not None:
            types.update(each.own_types(written[kind], dictionary))
    return types
