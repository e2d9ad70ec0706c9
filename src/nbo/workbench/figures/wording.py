"""What the figures are called and how they are counted, in both languages; the cells of their tables.

One list of columns serves the terminal and the page, so that both say the same.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from nbo.diagnostics.diagnostic import Text
from nbo.workbench.figures.labels import Labels
from nbo.workbench.figures.rates import Interval, rounded
from nbo.workbench.figures.report import By, Group, Reason, Refusal, Report, Sort
from nbo.workbench.figures.tally import Figures

NOTHING = "–"

BY: Mapping[By, Text] = {
    By.OFFER: Text("Offer", "产品"),
    By.FAMILY: Text("Family", "产品族"),
    By.SCRIPT: Text("Script", "话术"),
    By.AGENT: Text("Agent", "坐席"),
    By.DAY: Text("Day", "日期"),
    By.CHANNEL: Text("Channel", "渠道"),
}
TITLE_BY: Mapping[By, Text] = {
    By.OFFER: Text("By offer", "按产品"),
    By.FAMILY: Text("By family", "按产品族"),
    By.SCRIPT: Text("By script version", "按话术版本"),
    By.AGENT: Text("By agent", "按坐席"),
    By.DAY: Text("By day", "按日期"),
    By.CHANNEL: Text("By channel", "按渠道"),
}
REFUSALS: Mapping[Refusal, Text] = {
    "declined": Text("declined", "拒绝"),
    "deferred": Text("deferred", "暂缓"),
    "cancelled": Text("cancelled", "取消"),
}
FEW = Text("few", "样本少")
REASON = Text("Reason", "原因")
NEED = Text("Need", "需求")
ANSWER = Text("What became of it", "结果")
COUNT = Text("Times", "次数")
SHARE_OF = Text("Of all of its kind", "占同类比例")
TITLE = Text("Offers and what became of them", "产品呈现与结果")
REASONS = Text("Reasons of refusals, deferrals and cancellations", "拒绝、暂缓与取消的原因")
NEEDS = Text("Needs", "需求")
ZONE = Text("days in {zone}", "按 {zone} 计日")
ALL = Text("all together", "合计")
NOTHING_PRESENTED = Text("Nothing was presented in this time.", "该期间没有呈现记录。")
UNREACHED = Text(
    "{count} attempts reached nobody and are not counted as presentations.",
    "另有 {count} 次未联系上客户，不计为呈现。",
)
UNPRICED = Text(
    "{count} of the bookings have no amount; the revenue lacks theirs.", "有 {count} 笔订单没有金额，收入中未包含。"
)
MORE = Text("and {count} more; JSON and CSV have all", "另有 {count} 行；JSON 和 CSV 中有全部")
_NOBODY_RECORDED = Text("not recorded", "未记录")
_FEW_AGENTS = Text(
    "{count} agents with fewer than {least} presentations each", "呈现不足 {least} 次的坐席（共 {count} 人）合并"
)
_OTHERS = Text("all others", "其余合计")
_FROM = Text("from {day}", "{day} 起")
_THROUGH = Text("through {day}", "至 {day}")
_ALL_DAYS = Text("all days", "全部日期")

DEFINITIONS: tuple[tuple[Text, Text], ...] = (
    (
        Text("Presented", "呈现"),
        Text(
            "An offer of a decision counts once, on the day of its first presentation, however often it was said again. What "
            "became of it counts with it, also when it came later: these figures can still change.",
            "一次决策中的一个产品只计一次，计入首次呈现之日，重复提及不再计。其后结果无论何时发生都计入该次呈现，因此数字之后仍可能变化。",
        ),
    ),
    (
        Text("Accepted, conversion", "接受、转化率"),
        Text(
            "The last answer counts. Conversion is accepted of presented; the range beside it is its 95% Wilson interval: where "
            "two ranges overlap widely, the difference may be chance.",
            "以最后一次答复为准。转化率 = 接受 ÷ 呈现，旁注为 95% 威尔逊区间；两个区间大幅重叠时，差异可能只是偶然。",
        ),
    ),
    (
        Text("Booked, cancelled", "成交、取消"),
        Text(
            "A cancellation or a refund says that it had been booked. The cancellation rate is cancelled of booked; what was "
            "accepted or booked again after that is not cancelled.",
            "有取消或退款即视为曾成交。取消率 = 取消 ÷ 成交；取消后再次接受或成交的不算取消。",
        ),
    ),
    (
        Text("Revenue", "收入"),
        Text(
            "Booked amounts less refunds. Per call: divided by the distinct calls in which one of them was presented; without a "
            "call's id a decision counts as a call.",
            "成交金额减退款。每通收入 = 收入 ÷ 有呈现的不同通话数；没有通话编号时，一次决策算一通。",
        ),
    ),
    (
        Text("Complaints", "投诉"),
        Text(
            "Presentations that somebody complained about, of those presented, however many complaints.",
            "被投诉的呈现 ÷ 呈现；同一次呈现多次投诉只计一次。",
        ),
    ),
    (
        Text("CSAT", "满意度"),
        Text(
            "The mean of the last rating of each presentation that was rated, with how many were.",
            "每次呈现最后一次评分的平均值，并注明评分数。",
        ),
    ),
    (
        Text("Few presentations", "样本少"),
        Text(
            "Fewer than {least} presentations are too few to judge by: agents with fewer are counted together.",
            "呈现不足 {least} 次不足以评价：此类坐席合并计算。",
        ),
    ),
)


@dataclass(frozen=True, slots=True)
class Wording:
    """How figures are said in one language; `labels` say what names mean."""

    language: str
    labels: Labels

    def of(self, text: Text, **values: object) -> str:
        """Words of the report."""
        return text.fill(self.language, {name: str(value) for name, value in values.items()})

    def group(self, group: Group, least: int, labels: Mapping[str, str]) -> str:
        """What a group is called."""
        if group.name is not None:
            return labels.get(group.name, group.name)
        words: Mapping[Sort, Text] = {"unrecorded": _NOBODY_RECORDED, "few": _FEW_AGENTS, "others": _OTHERS}
        return self.of(words[group.sort], count=group.together, least=least)

    def offer(self, reason: Reason) -> str:
        """What the offer of a reason is called."""
        return self.of(_OTHERS) if reason.offer is None else self.labels.offers.get(reason.offer, reason.offer)

    def reason(self, reason: Reason) -> str:
        """What somebody said, or that nobody recorded it."""
        if reason.offer is None:
            return self.of(_OTHERS)
        return self.of(_NOBODY_RECORDED) if reason.reason is None else reason.reason

    def period(self, report: Report) -> str:
        """Which days, of which zone."""
        ends = [(_FROM, report.first), (_THROUGH, report.last)]
        said = " ".join(self.of(text, day=day) for text, day in ends if day is not None) or self.of(_ALL_DAYS)
        zone = self.of(ZONE, zone=report.zone)
        return f"{said}（{zone}）" if self.language == "zh" else f"{said} ({zone})"


Cell = tuple[str, str]
"""What a cell says, and what stands small beside it."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of figures; on the terminal there is room for `both` parts of its cells, for one or for none."""

    title: Text
    cell: Callable[[Figures], Cell]
    brief: Literal["both", "one", "no"] = "no"
    short: Text | None = None  # the title there


def count(number: int) -> str:
    """A number with its thousands apart."""
    return f"{number:,}"


def percent(value: Fraction | None) -> str:
    """A share as percent with one decimal."""
    return NOTHING if value is None else f"{rounded(value * 100, 1)}%"


def ends(interval: Interval) -> str:
    """The ends of an interval in percent, whose sign stands beside them."""
    return f"{rounded(interval.low * 100, 1)}–{rounded(interval.high * 100, 1)}"


def _revenue(figures: Figures) -> Cell:
    a_call = figures.revenue_per_call
    return (NOTHING, "") if a_call is None else (_amount(a_call), f"Σ {_amount(Fraction(figures.revenue))}")


def _amount(value: Fraction) -> str:
    return f"{rounded(value, 2):,f}"


def _conversion(figures: Figures) -> Cell:
    interval = figures.conversion
    return (NOTHING, "") if interval is None else (percent(interval.value), ends(interval))


def _with_rate(number: int, rate: Fraction | None) -> Cell:
    return (count(number), percent(rate) if number else "")


def _csat(figures: Figures) -> Cell:
    mean = figures.csat
    return (NOTHING, "") if mean is None else (str(rounded(mean, 2)), f"n={count(figures.rated)}")


COLUMNS: tuple[Column, ...] = (
    Column(Text("Presented", "呈现"), lambda each: (count(each.presented), ""), "one"),
    Column(Text("Accepted", "接受"), lambda each: (count(each.accepted), "")),
    Column(Text("Conversion", "转化率"), _conversion, "both"),
    Column(Text("Booked", "成交"), lambda each: (count(each.booked), ""), "one"),
    Column(Text("Cancelled", "取消"), lambda each: _with_rate(each.cancelled, each.cancellation), "both"),
    Column(Text("Complaints", "投诉"), lambda each: _with_rate(each.complained, each.complaints), "both"),
    Column(Text("Revenue per call", "每通收入"), _revenue, "one", Text("Per call", "每通收入")),
    Column(Text("CSAT", "满意度"), _csat, "both"),
)
