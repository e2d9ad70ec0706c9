"""How much somebody may give, and how often: the limit of an authority for a customer's values, or why not so much."""

from __future__ import annotations

from decimal import Decimal

from nbo.language.dictionary import Dictionary
from nbo.language.interpret import Row
from nbo.pack.authority import Authority, AuthorityLimit
from nbo.quote.refusal import Refusal


def authority_limit(authority: Authority, amount: Decimal, values: Row, dictionary: Dictionary) -> Decimal | Refusal:
    """The limit within which `amount` (in the pack's currency) may be given; above it somebody else can help.

    The first limit whose condition is true counts. One before it that is unknown may be the one that counts, so the least
    of them does; where none is certain, nothing may be given.
    """
    possible, granted = _possible(authority, values)
    limit = min(each.up_to for each in possible) if granted else None
    if limit is not None and amount <= limit:
        return limit
    enough = any(amount <= each.up_to for each in possible)
    unknown = [each.when for each in possible if enough and each.when.ask(values) is None]
    missing = tuple(dict.fromkeys(name for each in unknown for name in each.missing(values, dictionary)))
    return Refusal(
        "missing" if missing else "above_authority", authority.reason, authority.span, missing, authority.above
    )


def granted_too_often(authority: Authority, values: Row, unmasked: Row, dictionary: Dictionary) -> Refusal | None:
    """Why the customer may not be granted it once more, by the authority and every limit of it that may hold.

    `unmasked` has the history of who has opted out, too: grants count all the same. Unknown does not grant.
    """
    possible, _ = _possible(authority, values)
    for clause in (authority.seldom, *(each.seldom for each in possible)):
        if clause is not None and clause.expression.ask(unmasked) is not True:
            missing = clause.expression.missing(unmasked, dictionary)
            code = "missing" if missing else "granted_too_often"
            return Refusal(code, clause.reason, clause.span, missing, authority.above, clause)
    return None


def _possible(authority: Authority, values: Row) -> tuple[list[AuthorityLimit], bool]:
    """The limits that may be the first whose condition is true, and whether one of them is for certain."""
    possible: list[AuthorityLimit] = []
    for each in authority.limits:
        result = each.when.ask(values)
        if result is not False:
            possible.append(each)
        if result is True:
            return possible, True
    return possible, False
