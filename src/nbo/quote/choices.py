"""What the customer chose instead of what was quoted first: another amount, term, budget, set of components, limit.

In: plain values, as a call-center system hands them over. Out: exact ones. Whether they are on offer is for each kind of
quote to say; here only what is no amount, number or name at all is refused.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal

from nbo.language.operations import parse_exact, within_bounds


@dataclass(frozen=True, slots=True)
class Choices:
    """None where nothing was chosen. Amounts are in the pack's currency; `components` are ids; `new_limit` is the whole limit."""

    principal: Decimal | None = None
    periods: int | None = None
    budget: Decimal | None = None
    components: frozenset[str] | None = None
    new_limit: Decimal | None = None
    days: int | None = None


NOTHING_CHOSEN = Choices()


def read_choices(choices: Mapping[str, object], known: Collection[str]) -> Choices:
    """The choices of a mapping; `known` are those that the offer has.

    Amounts are decimals, integers or texts, because a float is not exact. Raises `ValueError` for what the offer has no
    choice of, and for a value of another type.
    """
    for name in choices:
        if name not in known:
            raise ValueError(f"this offer has no choice of `{name}`; it has {', '.join(sorted(known)) or 'none'}")
    return Choices(
        principal=_amount("principal", choices.get("principal")),
        periods=_count("periods", choices.get("periods")),
        budget=_amount("budget", choices.get("budget")),
        components=_names("components", choices.get("components")),
        new_limit=_amount("new_limit", choices.get("new_limit")),
        days=_count("days", choices.get("days")),
    )


def _amount(name: str, value: object) -> Decimal | None:
    if value is None:
        return None
    exact = None
    if isinstance(value, str):
        exact = parse_exact(value)
    elif isinstance(value, int | Decimal) and not isinstance(value, bool):
        exact = Decimal(value)
    if exact is None or not within_bounds(exact):
        raise ValueError(f"`{name}` is an amount as a decimal, an integer or a text, not {value!r}")
    return exact


def _count(name: str, value: object) -> int | None:
    if value is None or (isinstance(value, int) and not isinstance(value, bool)):
        return value
    raise ValueError(f"`{name}` is a whole number, not {value!r}")


def _names(name: str, value: object) -> frozenset[str] | None:
    if value is None:
        return None
    if isinstance(value, Collection) and not isinstance(value, str) and all(isinstance(each, str) for each in value):
        return frozenset(value)
    raise ValueError(f"`{name}` is a list of names, not {value!r}")
