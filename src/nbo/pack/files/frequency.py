"""How often is too often: what an analyst writes in `contact.yaml` instead of a condition over the history."""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field, PlainValidator

from nbo.diagnostics import catalog
from nbo.diagnostics.diagnostic import Advice, Text, write
from nbo.diagnostics.suggest import nearest
from nbo.pack.files.shared import Around
from nbo.source.model import A_NAME, Count, Name, Part, Whole, check_choice, refuse, shaped, validate
from nbo.source.nodes import Node, Scalar, Sequence

OUTCOMES = ("presented", "accept", "decline", "defer", "no_answer", "complained", "cancelled")
SUBJECTS = ("offer", "family", "everything")
CHANNELS = ("all", "same")
CALENDAR = ("day", "week", "month")

_IN_BRACKETS = Text("names stand in brackets: `[{name}]`", "名称要写在方括号里：`[{name}]`")
_A_STRETCH = Text(
    "a length of time such as `{days: 30}`, or `day`, `week`, `month`",
    "`{days: 30}` 这样的时间长度，或 `day`、`week`、`month`",
)
_UNITS = {
    "": "days", "day": "days", "天": "days", "日": "days", "hour": "hours", "小时": "hours", "month": "months", "个月": "months",
}  # fmt: skip
_AMOUNT = re.compile(r"([1-9][0-9]{0,5})( *(?:days?|hours?|months?|天|日|小时|个月))?")


def _names(node: Node) -> tuple[Scalar, ...]:
    if not isinstance(node, Sequence) or not node:
        refuse(catalog.WRONG_SHAPE.at(node.span, expected=Text("a name, or a list of names", "名称，或名称列表")))
    read, found = validate(list[Name], node)
    if found:
        refuse(found[0])
    return tuple(read)


def _outcomes(node: Any) -> tuple[Scalar, ...]:
    """One outcome or a list of them, each with its place."""
    names = (node,) if isinstance(node, Scalar) else _names(node)
    for each in names:
        check_choice(each, OUTCOMES)
    return names


def _word_or_names(node: Any, words: tuple[str, ...]) -> tuple[Scalar, ...] | str:
    """One of the words, or a list of names."""
    if isinstance(node, Scalar) and node.text not in words and nearest(node.text, words) is None:
        shown = ", ".join(f"`{each}`" for each in words)
        advice = Advice(_IN_BRACKETS, {"name": node.text})
        refuse(catalog.NOT_A_CHOICE.at(node.span, value=node.text, choices=shown, help=advice))
    return check_choice(node, words) if isinstance(node, Scalar) else _names(node)


def _calendar(node: Any) -> str:
    """`day`, `week` or `month`; a number alone has no unit."""
    if isinstance(node, Scalar) and node.text not in CALENDAR and nearest(node.text, CALENDAR) is None:
        amount = _AMOUNT.fullmatch(node.text)
        advice = None if amount is None else write(f"{{{_UNITS[(amount[2] or '').strip().rstrip('s')]}: {amount[1]}}}")
        refuse(catalog.WRONG_VALUE.at(node.span, value=node.text, expected=_A_STRETCH, help=advice))
    return check_choice(node, CALENDAR)


def _or_names(*words: str) -> PlainValidator:
    shape = {"anyOf": [{"enum": [*words]}, {"type": "array", "items": A_NAME, "minItems": 1}]}
    return PlainValidator(lambda node: _word_or_names(node, words), json_schema_input_type=shaped(shape))


_OUTCOME = {"enum": [*OUTCOMES]}
Outcomes = Annotated[
    tuple[Scalar, ...],
    PlainValidator(
        _outcomes,
        json_schema_input_type=shaped({"anyOf": [_OUTCOME, {"type": "array", "items": _OUTCOME, "minItems": 1}]}),
    ),
]
Subject = Annotated[tuple[Scalar, ...] | str, _or_names(*SUBJECTS)]
Channels = Annotated[tuple[Scalar, ...] | str, _or_names(*CHANNELS)]
CalendarName = Annotated[
    Literal["day", "week", "month"], PlainValidator(_calendar, json_schema_input_type=shaped({"enum": [*CALENDAR]}))
]


class StretchFile(Part):
    """A length of time, in one unit."""

    model_config = ConfigDict(json_schema_extra={"minProperties": 1, "maxProperties": 1})

    hours: Count | None = None
    """So many hours / 小时数"""
    days: Count | None = None
    """So many days of the calendar / 自然日数"""
    months: Count | None = None
    """So many months of the calendar / 自然月数"""


class WithinFile(StretchFile):
    """A length of time up to now, or the calendar's day, week (from Monday) or month so far."""

    calendar: CalendarName | None = None
    """`day`, `week` or `month` in the pack's zone / 按规则包时区的自然日、周（周一起）、月"""


class FrequencyFile(Part):
    """So many outcomes of a kind; what is future-dated does not count, a row whose time is missing does."""

    times: Count = 1
    """How many are enough to suppress; 1 when left out / 达到几次即不触达；省略为 1"""
    of: Outcomes | None = None
    """Outcomes, one or a list; left out: `presented`, any contact / 计哪些结果，一个或列表；省略为 `presented`，即任何触达"""
    csat_below: Whole | None = None
    """A rating under this counts, alone or beside `of` / 满意度低于此值即计入，可单独写，也可与 `of` 同写"""
    for_: Annotated[Subject, Field(alias="for")] = "family"
    """Of the `offer`, its `family`, `everything`, or a list of families / 同一产品、同族、全部，或产品族列表"""
    channels: Channels = "all"
    """On `all` channels, the `same` as now, or a list / 全部渠道（`all`）、与本次相同的渠道（`same`），或渠道列表"""
    within: Annotated[WithinFile | None, Around("calendar")] = None
    """Since when: `{days: 30}`, or `day`, `week`, `month`; the whole history when left out / 时间范围；省略为全部历史"""
