"""What is given back of a package that ends early: exact to the fen, and never more than was paid.

In: what was paid for each component, the rule, how many months have begun, what was used. Out: an amount of money. It knows
neither offers nor customers; a bank books the amount itself.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from decimal import Decimal

from nbo.language.operations import MONEY_CONTEXT, is_whole_fen
from nbo.pack.quotes.package import RefundBy

_FEN = Decimal("0.01")


def refund(
    paid: Mapping[str, Decimal], by: RefundBy, *, term_months: int, months_begun: int, used: Collection[str] = ()
) -> Decimal:
    """The amount given back, rounded half up to the fen.

    `paid` is the price of each component by its id. A month that has begun counts as used; from the last one on nothing is
    given back. `by`: `months` gives back the share of the months to come, whatever was used; `components` the whole price of
    those never `used`; `months_and_components` the share of the months to come of those never used. Raises `ValueError` for a
    term under one month, for months below 0, for a price below 0 or past a fen, and for a used component that was not paid.

    >>> refund({"golf": Decimal(900)}, "months", term_months=12, months_begun=5)
    Decimal('525.00')
    """
    if term_months < 1 or months_begun < 0:
        raise ValueError("a term has at least one month, and no month before the first has begun")
    if not paid.keys() >= set(used):
        raise ValueError("a component was used that was not paid")
    if not all(is_whole_fen(each) and each >= 0 for each in paid.values()):
        raise ValueError("a price is an amount of 0 or more in whole fen")
    if months_begun >= term_months:
        return Decimal("0.00")
    total = Decimal(0)
    for name, price in paid.items():
        if by == "months" or name not in used:
            total = MONEY_CONTEXT.add(total, price)
    if by == "components":
        return MONEY_CONTEXT.quantize(total, _FEN)
    share = MONEY_CONTEXT.multiply(total, Decimal(term_months - months_begun))
    return MONEY_CONTEXT.quantize(MONEY_CONTEXT.divide(share, Decimal(term_months)), _FEN)
