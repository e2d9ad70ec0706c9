"""A customer as JSON text becomes a plain mapping: numbers exact, nothing decided by chance.

What no attribute accepts stays in place of a number that cannot be held, and of a value that is written twice in one object,
so that it is missing with a warning. A text that is not JSON raises.
"""

from __future__ import annotations

import json
from collections import Counter
from decimal import Decimal, DecimalException

from nbo.language.intake import GIVEN_TWICE

_LONGEST_INTEGER = 60


class NotJsonError(ValueError):
    """A text that is not JSON; the argument says what is wrong and where."""


def read_json(data: bytes | bytearray | str) -> object:
    """What a JSON text says; floating-point numbers are decimals with their digits, bytes are UTF-8."""
    try:
        text = data if isinstance(data, str) else data.decode("utf-8-sig")
        return json.loads(
            text, parse_float=_decimal, parse_int=_integer, parse_constant=_not_a_number, object_pairs_hook=_once
        )
    except UnicodeDecodeError:
        raise NotJsonError("not UTF-8 text") from None
    except json.JSONDecodeError as error:
        raise NotJsonError(f"not JSON: {error.msg} at line {error.lineno}, column {error.colno}") from None
    except RecursionError:
        raise NotJsonError("nested too deep") from None


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) < len(pairs):
        written = Counter(name for name, _ in pairs)
        found.update((name, GIVEN_TWICE) for name, times in written.items() if times > 1)
    return found


def _decimal(text: str) -> object:
    try:
        return Decimal(text)
    except DecimalException:
        return _not_a_number(text)


def _integer(text: str) -> object:
    return int(text) if len(text) <= _LONGEST_INTEGER else _not_a_number(text)


def _not_a_number(_: str) -> float:
    return float("nan")
