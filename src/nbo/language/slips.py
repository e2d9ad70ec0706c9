"""What people write in a condition out of habit (a spreadsheet, SQL, another language), and what to write instead.

In: the text of a condition that cannot be read, with its quoted parts masked; or one word that means nothing where it
stands. Out: the place of the slip and the advice. Nothing here is asked about a condition that can be read, so a guess
can only make a message better. Numbers have a file of their own, `number_slips`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from typing import NamedTuple

from nbo.diagnostics.diagnostic import Advice, Text, instead, write
from nbo.language.types import Kind

MASK = '"'  # stands for every character of a quoted text

_VALUE = r"(?<![\w.\"])(?:[\w.]++|\"++)"  # PERF: possessive, so that 20,000 characters are read once
_COMPARISON = r"(?:==|!=|<=|>=|<|>)"
_SIGNS = {
    "&&": "and", "||": "or", "&": "and", "|": "or", "=>": ">=", "=<": "<=", "<>": "!=", "===": "==", "!==": "!=",
    "> =": ">=", "< =": "<=", "! =": "!=", "= =": "==", "!": "not",
}  # fmt: skip
_WORDS = {
    "且": "and", "并且": "and", "而且": "and", "和": "and", "或": "or", "或者": "or", "非": "not", "不": "not",
    "等于": "==", "不等于": "!=", "大于": ">", "超过": ">", "高于": ">", "小于": "<", "低于": "<", "大于等于": ">=",
    "不小于": ">=", "不低于": ">=", "不少于": ">=", "至少": ">=", "小于等于": "<=", "不大于": "<=", "不高于": "<=",
    "不超过": "<=", "至多": "<=", "属于": "in", "不属于": "not in", "为空": "is missing", "缺失": "is missing",
    "不为空": "is not missing", "equals": "==", "equal to": "==", "is equal to": "==", "greater than": ">",
    "is greater than": ">", "less than": "<", "is less than": "<", "at least": ">=", "is at least": ">=",
    "at most": "<=", "is at most": "<=", "is in": "in", "is not in": "not in", "not =": "!=", "eq": "==", "ne": "!=",
}  # fmt: skip
_CAPITALS = {word.upper(): word for word in ("and", "or", "not", "in", "is")}
_NO_IF = Text(
    "leave out `{wrong}`: a condition says by itself when it holds", "请去掉 `{wrong}`：条件本身就说明何时成立"
)
_PART_OF = Text(
    "write `{part} in {whole}` for a set, `contains({whole}, {piece})` for a part of a text",
    "集合请写 `{part} in {whole}`；文本片段请写 `contains({whole}, {piece})`",
)
_ABSENCE = Text("absence is asked by `is missing` or `is not missing`", "是否缺失要写 `is missing` 或 `is not missing`")
_ABSENT = frozenset({"null", "none", "nil", "nan", "na", "empty", "blank", "undefined", "空", "无"})
_YES = frozenset({"true", "yes", "y", "on", "是", "真"})
_NO = frozenset({"false", "no", "n", "off", "否", "假"})


class Slip(NamedTuple):
    """Characters `start` to `end` (exclusive) of the condition, and what to write there."""

    start: int
    end: int
    advice: Advice


def find_slip(text: str, masked: str) -> Slip | None:
    """The most telling slip in a condition that cannot be read; None where nothing is known."""
    for look in _LOOKS:
        slip = look(text, masked)
        if slip is not None:
            return slip
    return None


def misused_is(written: str) -> Advice | None:
    """The advice for `… is something` where only `missing` may follow."""
    last = written.rsplit(maxsplit=1)[-1]
    if last.casefold() not in _ABSENT:
        return None
    negated = re.search(r"\bis\s+not\b", written)
    return instead("is not missing", f"is not {last}") if negated else instead("is missing", f"is {last}")


def bare_word(word: str, target: Kind | None) -> Advice | None:
    """The advice for a word that is no value; `target` is the type of what it meets."""
    known = word.casefold()
    if known in _ABSENT or known == "missing":
        return Advice(_ABSENCE, {})
    if target is Kind.BOOLEAN and known in _YES | _NO:
        return instead("true" if known in _YES else "false", word)
    return None


# --- the looks, from the plainest to the most general -------------------------------------------------------------------


def _if_then(text: str, masked: str) -> Slip | None:
    start = re.match(r"\s*(if\b|如果)", masked, re.IGNORECASE)
    if start is None:
        return None
    parts = re.compile(r"(.+?)\s(?:then|那么|则)\s(.+)", re.IGNORECASE).fullmatch(masked, start.end())
    if parts is None:
        return Slip(*start.span(1), Advice(_NO_IF, {"wrong": start[1]}))
    first, second = (text[slice(*parts.span(group))].strip() for group in (1, 2))
    return Slip(start.start(1), len(text.rstrip()), write(f"not ({first}) or {second}"))


def _between(text: str, masked: str) -> Slip | None:
    found = re.search(rf"({_VALUE})\s+(?:is\s+)?between\s+({_VALUE})\s+and\s+({_VALUE})", masked, re.IGNORECASE)
    if found is None:
        return None
    value, low, high = (text[slice(*found.span(group))] for group in (1, 2, 3))
    return Slip(*found.span(), write(f"{low} <= {value} <= {high}"))


def _contains(text: str, masked: str) -> Slip | None:
    found = re.search(rf"({_VALUE})\s+(?:contains|includes|has|like|包含|含有)\s+({_VALUE})", masked, re.IGNORECASE)
    if found is None:
        return None
    whole, part = (text[slice(*found.span(group))] for group in (1, 2))
    piece = part if "." in part or part.startswith(MASK) else f'"{part}"'
    advice = Advice(_PART_OF, {"part": part, "whole": whole, "piece": piece})
    return Slip(*found.span(), advice)


def _half_comparison(text: str, masked: str) -> Slip | None:
    found = re.search(
        rf"({_VALUE})\s*{_COMPARISON}\s*{_VALUE}\s+(?:and|or)\s+({_COMPARISON}\s*{_VALUE})", masked, re.IGNORECASE
    )
    if found is None:
        return None
    subject, half = (text[slice(*found.span(group))] for group in (1, 2))
    return Slip(*found.span(2), write(f"{subject} {half}"))


def _title_marks(text: str, masked: str) -> Slip | None:
    """`《上海》` is meant as a quoted text; a lone `《` is what a Chinese keyboard writes for `<`."""
    if quoted := re.search(r"《([^《》]*)》", masked):
        return Slip(*quoted.span(), instead(f'"{quoted[1]}"', quoted.group()))
    if sign := re.search(r"([《》〈〉])(?:\s*(=))?", masked):
        right = ("<" if sign[1] in "《〈" else ">") + (sign[2] or "")
        return Slip(*sign.span(), instead(right, sign.group()))
    return None


def _sign(text: str, masked: str) -> Slip | None:
    found = re.search(r"&&?|\|\|?|===|!==|=>|=<|<>|[><!=] =(?!=)|!(?!=)", masked)
    if found is None:
        return None
    return Slip(*found.span(), instead(_SIGNS[found.group()], found.group()))


def _word(text: str, masked: str) -> Slip | None:
    found = _ANY_WORD.search(masked)
    if found is None:
        return None
    wrong = found.group()
    return Slip(*found.span(), instead(_better_word(wrong), wrong))


def _full_width_word(text: str, masked: str) -> Slip | None:
    found = re.search(r"[\uff01-\uff5e]+", masked)
    if found is None:
        return None
    return Slip(*found.span(), instead(unicodedata.normalize("NFKC", found.group()), found.group()))


def _better_word(word: str) -> str:
    spaced = " ".join(word.split())
    return _CAPITALS.get(spaced.upper()) or _WORDS.get(spaced) or _WORDS[spaced.casefold()]


def _any_word() -> re.Pattern[str]:
    """Every word of the table, the longest first; one in capitals too, and `And` with one."""
    words = sorted(_WORDS, key=len, reverse=True)
    known = "|".join(re.escape(word).replace(r"\ ", r"\s+") for word in words)
    joined = "|".join(f"{word}|{word.capitalize()}" for word in _CAPITALS)
    return re.compile(rf"(?<![\w.])(?:{joined}|(?i:{known}))(?![\w.=])")


_ANY_WORD = _any_word()
_LOOKS: tuple[Callable[[str, str], Slip | None], ...] = (
    _if_then,
    _title_marks,
    _between,
    _contains,
    _half_comparison,
    _sign,
    _word,
    _full_width_word,
)
