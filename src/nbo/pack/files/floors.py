"""When an offer rests for everybody: what an analyst writes in `contact.yaml` beside the rules over one customer's history."""

from __future__ import annotations

from typing import Annotated

from pydantic import ConfigDict, Field

from nbo.pack.files.frequency import Subject
from nbo.source.model import Count, Exact, Part, Share


class DaysFile(Part):
    """So many days of the calendar before today."""

    days: Count
    """So many days / 天数"""


class PauseFile(Part):
    """One figure over all customers, and beyond what it pauses offers."""

    model_config = ConfigDict(
        json_schema_extra={
            "oneOf": [
                {"required": ["csat_below"]},
                {"required": ["cancellation_above"]},
                {"required": ["complaints_above"]},
            ]
        }
    )

    csat_below: Exact | None = None
    """The mean of the ratings is under this / 满意度平均值低于此值"""
    cancellation_above: Share | None = None
    """More of the bookings were cancelled / 取消占成交的比例高于此值"""
    complaints_above: Share | None = None
    """More of the presentations were complained about / 投诉占推介的比例高于此值"""
    of_at_least: Count
    """Of fewer ratings, bookings or presentations nothing is said / 评分、成交或推介少于此数时不作判断"""
    for_: Annotated[Subject, Field(alias="for")] = "family"
    """Of the `offer`, its `family`, `everything`, or a list of families / 同一产品、同族、全部，或产品族列表"""
    within: DaysFile
    """How far back: `{days: 30}`, without today / 时间范围：`{days: 30}`，不含今天"""
