"""What each type of quote gives to conditions and scripts, as attributes of the namespace `quote`."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import ROUND_CEILING, Decimal

from nbo.language.expression import Expression
from nbo.language.tree import Read
from nbo.language.types import DATE, INTEGER, MONEY, RATE, Kind, Type
from nbo.pack.rulepack import QuoteTerms, WaiverTerms

QUOTE_FIELDS: Mapping[str, Mapping[str, Type]] = {
    "installment": {
        "quote.principal": MONEY,
        "quote.periods": INTEGER,
        "quote.rate_per_period": RATE,
        "quote.first_payment": MONEY,
        "quote.payment": MONEY,
        "quote.last_payment": MONEY,
        "quote.total_interest": MONEY,
        "quote.total_cost": MONEY,
        "quote.annual_rate_simple": RATE,
        "quote.annual_rate_compound": RATE,
        "quote.revolving_interest": MONEY,
        "quote.saving_against_revolving": MONEY,
        "quote.limit_after": MONEY,
        "quote.valid_until": DATE,
    },
    "waiver": {"quote.amount": MONEY, "quote.authority_limit": MONEY},
}

NOT_IN_THE_ANSWER = frozenset({"quote.total_cost", "quote.saving_against_revolving"})
"""Fields for conditions and scripts alone: the JSON of a decision has the numbers that they are made of."""

COST_FIELDS = frozenset(
    {"quote.total_interest", "quote.total_cost", "quote.rate_per_period", "quote.annual_rate_simple"}
)
"""What the customer pays: a bank's value that rises with one of them should be balanced."""


def all_quote_fields() -> dict[str, Type]:
    """Every field of every quote type."""
    return {name: kind for fields in QUOTE_FIELDS.values() for name, kind in fields.items()}


def largest(terms: QuoteTerms, field: str) -> Decimal | None:
    """The largest value that a field of this offer's quote can have; None where nothing bounds it."""
    if isinstance(terms, WaiverTerms):
        return max(limit.up_to for limit in terms.authority.limits)
    periods = max(term.periods for term in terms.terms)
    if field == "quote.periods":
        return Decimal(periods)
    if field == "quote.limit_after":
        return None if terms.limit_after is None else upper_bound(terms.limit_after)
    principal = terms.most
    if principal is None:
        of = upper_bound(terms.of)
        principal = None if of is None else of * terms.share
    if principal is None or field == "quote.principal":
        return principal
    interest = max(principal * term.rate * term.periods for term in terms.terms)
    if terms.revolving is not None and field in ("quote.revolving_interest", "quote.saving_against_revolving"):
        return (principal * terms.revolving.daily_rate * 31 * periods).quantize(Decimal(1), ROUND_CEILING)
    return interest.quantize(Decimal(1), ROUND_CEILING) if field == "quote.total_interest" else principal + interest


def upper_bound(expression: Expression) -> Decimal | None:
    """The `max` of the attribute that an amount is taken from."""
    tree = expression.tree
    if isinstance(tree, Read) and tree.type.kind is Kind.MONEY:
        return tree.attribute.max
    return None
