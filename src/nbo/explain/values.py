"""Values as an explanation shows them: plain, exact, and without personal data."""

from __future__ import annotations

from datetime import date, datetime, time
from decimal import Decimal

from nbo.language.types import Attribute, Kind, Value
from nbo.script.pii import mask

MASKED = "***"


def shown(attribute: Attribute, value: Value | None) -> object:
    """The value for JSON: exact numbers as strings, sets as sorted lists, records as their number, personal data masked."""
    if value is None:
        return None
    if attribute.pii:
        return MASKED
    match value:
        case bool() | int() | float():
            return value
        case Decimal():
            return format(value, "f")
        case datetime() | date() | time():
            return value.isoformat()
        case frozenset():
            return sorted(map(mask, value))
        case tuple():
            return f"{len(value)} records"
        case _:
            # free text may hold anything that a customer or a merchant wrote
            return str(value) if attribute.type.kind is not Kind.STRING else mask(str(value))[:40]
