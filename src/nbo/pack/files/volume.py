"""Caps: how much of some offers there is, for all customers together."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import ConfigDict, Field

from nbo.source.model import Condition, Exact, Name, Part, Scope, Words, choice

PERIODS = ("day", "week", "month", "total")
Period = Literal["day", "week", "month", "total"]


class CapFile(Part):
    """So many orders, or so much money, of some offers together, a period."""

    model_config = ConfigDict(json_schema_extra={"oneOf": [{"required": ["offers"]}, {"required": ["families"]}]})

    id: Name
    """Name of the cap, also in the store / 上限标识，也用于计数库"""
    label: Words
    """What people call it / 上限名称"""
    offers: Annotated[list[Name], Field(min_length=1)] | None = None
    """The offers that share it, such as those of a campaign / 共用此上限的产品，例如同一活动的产品"""
    families: Scope = None
    """Instead of offers: `all`, or a list of families / 代替产品：`all` 或产品族列表"""
    per: Annotated[Period, choice(*PERIODS)]
    """`day`, `week` (from Monday), `month` in the pack's zone, or `total` / 按规则包时区的日、周（周一起）、月，或总计"""
    limit: Exact
    """The most: orders, or money where `amount` is written / 上限：笔数；写了 `amount` 时为金额"""
    amount: Condition | None = None
    """What one order takes, such as `quote.principal`; left out: one / 每笔占用的金额，例如 `quote.principal`；省略为一笔"""
