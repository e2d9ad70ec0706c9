"""Values of a quote as plain ones: money as text, so that no reader turns it into a binary float, and days in ISO form.

What could not be known is None and stays None.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from nbo.language.operations import as_amount


def as_money(value: Decimal | None) -> str | None:
    """Money, where it could be known."""
    return None if value is None else as_amount(value)


def iso(day: date | None) -> str | None:
    """A day in ISO form."""
    return None if day is None else day.isoformat()
