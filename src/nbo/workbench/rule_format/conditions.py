"""The spacing of a condition: `a>=1 and  b in[x,y]` becomes `a >= 1 and b in [x, y]`.

In: the text of a condition that can be parsed. Out: the same tokens with one space where one belongs. Texts in quotes are
tokens of their own, so nothing in them changes.
"""

from __future__ import annotations

import re

_TOKEN = re.compile(
    r"""\s+|(?P<text>"[^"\n]*"|'[^'\n]*')|(?P<word>[\w.]+)|(?P<sign>==|!=|<=|>=|<<|>>|//|\*\*|.)""", re.DOTALL
)
_WORDS = frozenset({"and", "or", "not", "in", "is", "if", "else"})  # of the language: no names
_OPENING, _CLOSING = frozenset("(["), frozenset(")]")


def tokens(condition: str) -> tuple[str, ...]:
    """What a condition consists of, without the space between."""
    return tuple(token.group() for token in _TOKEN.finditer(condition) if token.lastgroup is not None)


def spaced(condition: str) -> str:
    """The condition on one line with its spacing settled.

    >>> spaced("not(a>=-1)and  b in[x ,y]")
    'not (a >= -1) and b in [x, y]'
    >>> spaced("count( history,it.amount>0 )==2")
    'count(history, it.amount > 0) == 2'
    """
    written = ""
    before: str | None = None
    unary = False  # whether the token before is a sign of a number
    for token in tokens(condition):
        apart = before is not None and not unary and not _joined(before, token)
        written += f" {token}" if apart else token
        unary = token in ("-", "+") and (before is None or before in _WORDS or not _ends_value(before))
        before = token
    return written


def _joined(before: str, after: str) -> bool:
    """Whether nothing stands between two tokens."""
    if before in _OPENING or after in _CLOSING or after == ",":
        return True
    return after in _OPENING and before not in _WORDS and _is_name(before)


def _ends_value(token: str) -> bool:
    return token in _CLOSING or token[0] in "\"'" or re.match(r"[\w.]", token) is not None


def _is_name(token: str) -> bool:
    return re.match(r"[^\W\d]", token) is not None
