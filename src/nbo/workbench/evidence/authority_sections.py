"""What an agent may grant without asking: how much, how often, and where a case goes beyond that."""

from __future__ import annotations

from nbo.diagnostics.diagnostic import Text
from nbo.pack.authority import Authority
from nbo.pack.clause import Serve
from nbo.workbench.evidence.document import Block, Code, Line, Lines, Paragraph, Section, Table
from nbo.workbench.evidence.report import Report
from nbo.workbench.evidence.wording import Wording, place

_TITLE = Text("What agents may grant", "坐席授权")
_NONE = Text("The pack lets agents grant nothing.", "规则包没有给坐席任何授权。")
_WHY = Text(
    "The first limit whose condition is true counts. Where it is not certain, or the history that counts is missing, nothing is "
    "granted and the case goes to somebody else.",
    "条件首个成立的限额生效。无法确定，或缺少要计数的历史时，不予办理，转交他人。",
)
_AUTHORITY = Text("Authority", "授权")
_LIMITS = Text("Up to how much", "金额上限")
_OFTEN = Text("Only while", "次数条件")
_OFFERS = Text("Offers that use it", "使用它的产品")
_BEYOND = Text("Beyond it", "超出时")
_UP_TO = Text("up to {amount} where ", "至多 {amount}，当 ")
_TICKET = Text("ticket for {owner} within {hours} h: ", "{hours} 小时内转 {owner}：")
_NOWHERE = Text("nothing is said", "没有写明")
_ANY = Text("always", "不限次数")


def authorities(report: Report, say: Wording) -> Section:
    """Every authority of the pack."""
    blocks: tuple[Block, ...] = (Paragraph((say.of(_NONE),)),)
    if report.pack.authorities:
        columns = tuple(say.of(each) for each in (_AUTHORITY, _LIMITS, _OFTEN, _BEYOND, _OFFERS))
        rows = tuple(_row(each, report, say) for each in report.pack.authorities.values())
        blocks = (Paragraph((say.of(_WHY),)), Table(None, columns, rows))
    return Section("authorities", say.of(_TITLE), blocks, say.of(_TITLE))


def _row(each: Authority, report: Report, say: Wording) -> tuple[Lines, ...]:
    users = [
        offer.id for offer in report.pack.offers if offer.quote is not None and each in tuple(offer.quote.authorities())
    ]
    limits: Lines = tuple((say.of(_UP_TO, amount=f"{one.up_to:,f}"), Code(one.when.text)) for one in each.limits)
    often: list[Line] = []
    for limit in each.limits:
        if limit.seldom is not None:
            often += [
                (Code(limit.when.text), say.comma, Code(limit.seldom.expression.text)),
                say.own(limit.seldom.reason),
            ]
    if each.seldom is not None:
        often += [(Code(each.seldom.expression.text),), say.own(each.seldom.reason)]
    beyond: list[Line] = [say.own(each.reason)]
    for way in each.above:
        beyond.extend(_way(way, say))
    return (
        ((Code(each.id),), (place(each.span),)),
        limits,
        tuple(often) or ((say.of(_ANY),),),
        tuple(beyond) if each.above else (*beyond, (say.of(_NOWHERE),)),
        (say.names(users),),
    )


def _way(way: Serve, say: Wording) -> Lines:
    where: Line = (Code(way.outcome), " / ", way.channel)
    line: Line = where if way.when is None else (*where, say.comma, Code(way.when.text))
    if way.ticket is None:
        return (line,)
    ticket = say.of(_TICKET, owner=way.ticket.owner, hours=way.ticket.within_hours)
    return line, (ticket, *say.own(way.ticket.need))
