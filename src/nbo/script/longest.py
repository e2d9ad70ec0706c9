"""The values of a placeholder that take longest to say, before any customer is known.

The proof at load fills every placeholder with them. At run time a script whose values are no longer than these takes no
longer than what was proven.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from nbo.language.operations import MONEY_CONTEXT
from nbo.language.template import Placeholder, Template
from nbo.language.types import Attribute, Kind
from nbo.pack.compliance import Speed
from nbo.pack.offer import Offer
from nbo.script.render import say_date
from nbo.script.speech import LONGEST_DATE, longest_number, talk_seconds


def longest_text(template: Template, offer: Offer, language: str, speed: Speed) -> str | None:
    """The text with every placeholder at the value that takes longest to say; None where nothing bounds one."""
    parts: list[str] = []
    for part in template.parts:
        if isinstance(part, Placeholder):
            values = longest_values(part, offer, language)
            if not values:
                return None
            parts.append(max(values, key=lambda each: talk_seconds(each, language, speed)))
        else:
            parts.append(part)
    return "".join(parts)


def longest_values(placeholder: Placeholder, offer: Offer, language: str) -> Sequence[str]:
    """Values of which one takes longest to say; none where nothing bounds them."""
    attribute = placeholder.attribute
    match attribute.type.kind:
        case Kind.MONEY | Kind.INTEGER | Kind.DECIMAL:
            most = largest_number(attribute, offer)
            fraction = {Kind.MONEY: 2, Kind.INTEGER: 0}.get(attribute.type.kind, 10)
            return () if most is None else (longest_number(_digits(most), fraction),)
        case Kind.RATE:
            return (longest_number(rate_digits(attribute, offer), 2) + "%",)
        case Kind.DATE:
            return (say_date(LONGEST_DATE, language),)
        case Kind.TIME:
            return ("22:22",)
        case Kind.ENUM:
            domain = attribute.type.domain
            return () if domain is None else [domain.label(value, language) for value in domain.values]
        case _:
            return () if attribute.max_length is None else _longest_texts(attribute.max_length)


def largest_number(attribute: Attribute, offer: Offer) -> Decimal | None:
    """The largest value of an amount, a whole or an exact number; None where nothing bounds it."""
    if attribute.name.startswith("quote.") and offer.quote is not None:
        return offer.quote.largest(attribute.name)
    return attribute.max


def rate_digits(attribute: Attribute, offer: Offer) -> int:
    """The most digits that a rate has before the point, as a percentage."""
    if attribute.name.startswith("quote.") and offer.quote is not None:
        return offer.quote.rate_digits(attribute.name)
    return 3 if attribute.max is None else _digits(MONEY_CONTEXT.scaleb(attribute.max, 2))


def _longest_texts(length: int) -> tuple[str, str]:
    """A name takes longest in Chinese characters, in English too, or where it is digits: as numbers of 12 of them."""
    digits = " ".join([longest_number(12, 0)] * (length // 13 + 1))
    return "国" * length, digits[:length]


def _digits(most: Decimal) -> int:
    return max(1, most.adjusted() + 1)
