"""What is counted over all customers: caps, and the floors for which offers rest, with what the cases show of each."""

from __future__ import annotations

from nbo.diagnostics.diagnostic import Text
from nbo.pack.cap import Cap
from nbo.pack.floor import Floor, Measure
from nbo.workbench.evidence.document import Block, Code, Line, Lines, Paragraph, Section, Table
from nbo.workbench.evidence.gate_sections import stopping
from nbo.workbench.evidence.report import Report
from nbo.workbench.evidence.wording import OFFER_KINDS, Wording, place

_TITLE = Text("Caps and floors over all customers", "全体客户的上限与底线")
_SHORT = Text("Caps and floors", "上限与底线")
_NEITHER = Text("The pack has neither caps nor floors.", "规则包没有上限，也没有底线。")
_CAPS_WHY = Text(
    "How much there is for all customers together, where the engine is given a store that counts. What cannot be read counts as "
    "used up.",
    "引擎接有计数库时，全体客户共有的额度。读不到的视为已用完。",
)
_FLOORS_WHY = Text(
    "When offers rest for everybody, where the engine is given a store of what became of them. What cannot be read counts as "
    "beyond the floor; fewer than the least number say nothing.",
    "引擎接有结果库时，产品对所有客户暂停的情况。读不到的视为已越过底线；少于最少样本数的不作判断。",
)
_CAP = Text("Cap", "上限")
_FLOOR = Text("Floor", "底线")
_OF = Text("Of", "针对")
_MOST = Text("The most", "最多")
_ORDERS = Text("orders", "笔")
_TAKES = Text("an order takes ", "每笔占用 ")
_PERIODS = {
    "day": Text("a day", "每日"), "week": Text("a week", "每周"), "month": Text("a month", "每月"),
    "total": Text("in total", "总计"),
}  # fmt: skip
_RESTS = Text("Rests while", "暂停条件")
_READ = Text("What people read when it stops an offer", "拦下时显示")
_CASES = Text("Cases that show it", "显示它的用例")
_FAMILIES = Text("families: ", "产品族：")
_OFFERS = Text("offers: ", "产品：")
_ALL = Text("all offers", "全部产品")
_MEASURES: dict[Measure, Text] = {
    "csat": Text("the mean rating is under {bound}", "满意度平均值低于 {bound}"),
    "cancellation": Text("more than {bound} of the bookings were cancelled", "成交中取消的超过 {bound}"),
    "complaints": Text("more than {bound} of the presentations were complained about", "推介中被投诉的超过 {bound}"),
}
_OVER = Text("over the {days} days before today, of at least {least}", "今天之前 {days} 天，样本不少于 {least}")
_LOOKS_AT = {
    "offer": Text("of the offer itself", "该产品自身"),
    "family": Text("of its family", "该产品族"),
    "everything": Text("of everything", "全部产品合计"),
}


def caps_and_floors(report: Report, say: Wording) -> Section:
    """The caps, then the floors."""
    pack = report.pack
    blocks: list[Block] = []
    if pack.caps:
        columns = tuple(say.of(each) for each in (_CAP, _OF, _MOST, _CASES))
        rows = tuple(_cap(each, report, say) for each in pack.caps)
        blocks += [Paragraph((say.of(_CAPS_WHY),)), Table(None, columns, rows)]
    if pack.floors:
        columns = tuple(say.of(each) for each in (_FLOOR, _OF, _RESTS, _READ, _CASES))
        rows = tuple(_floor(each, report, say) for each in pack.floors)
        blocks += [Paragraph((say.of(_FLOORS_WHY),)), Table(None, columns, rows)]
    found = tuple(blocks) or (Paragraph((say.of(_NEITHER),)),)
    return Section("caps-and-floors", say.of(_TITLE), found, say.of(_SHORT))


def _cap(cap: Cap, report: Report, say: Wording) -> tuple[Lines, ...]:
    of: Line = (say.of(_ALL),)
    if cap.offers is not None:
        of = (say.of(_OFFERS), *say.names(cap.offers))
    elif cap.families is not None:
        of = (say.of(_FAMILIES), *say.names(cap.families))
    most: list[Line] = [
        (f"{cap.limit:,f}", " ", *(() if cap.amount else (say.of(_ORDERS), " ")), say.of(_PERIODS[cap.per]))
    ]
    if cap.amount is not None:
        most.append((say.of(_TAKES), Code(cap.amount.text)))
    stops = [("volume", offer.id, cap.id) for offer in report.pack.offers if cap.is_about(offer)]
    shown = stopping(report, *stops, ("quote", "", cap.id), say=say)
    return ((Code(cap.id),), (place(cap.span),)), (say.own(cap.labels), of), tuple(most), shown


def _floor(floor: Floor, report: Report, say: Wording) -> tuple[Lines, ...]:
    of: list[Line] = [(say.comma.join(say.of(OFFER_KINDS[each]) for each in sorted(floor.kinds)),)]
    if floor.families is not None:
        of.append((say.of(_FAMILIES), *say.names(floor.families)))
    looks_at: Line = (
        (say.of(_LOOKS_AT[floor.of]),) if isinstance(floor.of, str) else (say.of(_FAMILIES), *say.names(floor.of))
    )
    rests: Lines = (
        (say.of(_MEASURES[floor.measure], bound=floor.shown_bound),),
        looks_at,
        (say.of(_OVER, days=floor.days, least=floor.at_least),),
    )
    return (
        ((Code(floor.id),), (place(floor.span),)),
        tuple(of),
        rests,
        (say.own(floor.reason),),
        stopping(report, ("contact_policy", "", floor.id), say=say),
    )
