"""Values, tokens and accidents: what the generators put where something else belongs."""

from __future__ import annotations

import re
from random import Random

TOKENS = (  # noqa: SIM905 - as words they can be read
    "{ } [ ] ( ) : - , ; \" ' | > & * ! !! {{ }} % # @ $ ~ ` \\ / // . .. ... --- ? = == != < <= > >= ** + && || ! -> := "
    "， （ ） “ ” 、 ： 。 １ ８ null ~ true false NO yes 012 0 1 -1 12:30 1e9 1e999 0x10 .5 1. 99999999999999999999 0.60% nan "
    "2026-13-45 2026-11-16 2026-11-16T10:30:00+08:00 and or not in is missing it now today any( all( count( sum( min_of( "
    "default( between( days( years( round( days(99999999) lambda if else for yield await None True __import__('os') "
    "quote.payment offer.family "
    "segment.x table.fee.monthly customer.age customer history it.family {none:x} [] {} &a *a !!str !t <<: "
    "none first unique collect priority && || !any( is_null contains between if then else like startswith ¥500 5,000 50万 500元"
).split(" ")
SIGNS = (
    "\x00", "\x07", "\x1b[31m", "\x7f", "\x85", "\u2028", "\u2029", "\u200b", "\u202e", "\u2066", "\ufeff",
    "\ufffe", "\U0010ffff",
    "\r", "\r\n", "\n", "\t", " ", "  ", "\u3000", "\xa0", "e\u0301", "ﬁ", "ｃ", "帳", "😀", "👨‍👩‍👧", "ß", "İ", "²",
    "Ⅷ", "٣", "\U0001d7d8",
)  # fmt: skip
SCALARS = (
    "", " ", "null", "~", "true", "false", "0", "-0", "1", "-1", "0.5", "1e5", "1e400", "NaN", "inf", "9" * 18,
    "9" * 19, "9" * 400,
    "0.0000000001", "0.00000000001", "100%", "-5%", "0.60%", "1,000", "all", "none", "A", "zh", "en", "phone",
    "../..", "..", "/", "/etc/passwd",
    "a/../b", "x" * 3_000, "客户", "ｆｕｌｌ", "\u202e\x1b[31m", "{{ quote.payment }}", "{{ x",
    "{{ customer.surname | iso }}", "}}", "2026-01-01",
    "0001-01-01", "9999-12-31", "2026-02-30", "2026-11-16T10:30:00+08:00", "0001-01-01T00:00:00+14:00",
    "9999-12-31T23:59:59-12:00", "24:00",
    "P1D", "Asia/Shanghai", "UTC", "America/New_York", "a.b.c.d.e", "it.family == x",
    "any(history, any(history, true))", "quote.payment > 0",
    "segment.x", "today > now", "1/0 == 1", "((((", "customer.age in []", "not", "[18..60)", ">= 500", "not(A)",
    "is missing",
)  # fmt: skip
_WORD = re.compile(r"[\w.]+")


def accident(text: str, chance: Random, other: str) -> str:
    """The text with something put in, taken out, moved, replaced, or taken over from another text."""
    place = chance.randrange(len(text) + 1)
    words = list(_WORD.finditer(text)) if len(text) < 50_000 else []
    match chance.randrange(7):
        case 0:
            return text[:place] + chance.choice(TOKENS) + text[place:]
        case 1:
            return text[:place] + chance.choice(SIGNS) * chance.choice([1, 1, 1, 2, 50]) + text[place:]
        case 2:
            return text[:place] + text[place + chance.choice([1, 1, 2, 5, 20, 100]) :]
        case 3:
            lines = text.split("\n")
            line = lines.pop(chance.randrange(len(lines)))
            if chance.random() < 0.5:
                line = " " * chance.randrange(4) + line.strip()
            lines.insert(chance.randrange(len(lines) + 1), line)
            return "\n".join(lines)
        case 4 if words:
            word = chance.choice(words)
            new = chance.choice([chance.choice(TOKENS), chance.choice(SCALARS), chance.choice(words).group()])
            return text[: word.start()] + new + text[word.end() :]
        case 5:
            end = min(len(text), place + chance.choice([1, 5, 40]))
            return text[:end] + text[place:end] * chance.choice([1, 1, 2, 30]) + text[end:]
        case _:
            start = chance.randrange(len(other) + 1)
            return text[:place] + other[start : start + chance.choice([5, 30, 200])] + text[place:]


def soup(chance: Random, most: int = 30) -> str:
    """Tokens without any sense."""
    gap = chance.choice(["", " ", " ", "\n"])
    pool = (TOKENS, TOKENS, SIGNS, SCALARS)
    return gap.join(chance.choice(chance.choice(pool)) for _ in range(chance.randrange(most)))
