"""When a call shows a need, when there is a moment to offer, and when there is none any more: the pack's moments, one a row."""

from __future__ import annotations

from collections.abc import Iterator

from nbo.diagnostics.diagnostic import Text
from nbo.pack.moments import Moment, Role
from nbo.workbench.evidence.document import Aside, Block, Code, Line, Lines, Paragraph, Section, Table, parted
from nbo.workbench.evidence.report import Report
from nbo.workbench.evidence.wording import Wording, place

_TITLE = Text("Moments of a call", "通话时机")
_SHORT = Text("Moments", "时机")
_WHY = Text(
    "Events of a call that come together, and what follows. A moment permits nothing that a gate, the contact policy or a "
    "compliance rule forbids. What is not known never helps: it brings about no moment that finds a need or opens the window, "
    "and it does bring about one that closes the window or ends selling.",
    "通话中哪些事件合在一起、由此得出什么。门槛、接触策略和合规规则所禁止的，时机不会允许。未知的情况一律不利于推介："
    "不会得出需求或打开时机，却会关闭时机或停止营销。",
)
_NONE = Text("The pack names no moments.", "规则包没有定义时机。")
_MOMENT = Text("Moment", "时机")
_WHEN = Text("What comes together", "合在一起的事件")
_FOLLOWS = Text("What follows", "结果")
_CASES = Text("Cases that expect it", "期望它的用例")
_PLACE = Text("Written in", "所在文件")
_AND = Text("and ", "并且 ")
_ONE_OF = Text("one of: ", "以下之一：")
_OR = Text(" or ", " 或 ")
_NOT = Text("and not: ", "且没有：")
_WITHIN = Text("within {seconds} seconds", "{seconds} 秒之内")
_IN_ORDER = Text("in this order", "按此顺序")
_NEEDS = Text("needs found: ", "得出需求：")
_OPENS = Text("an offer may be brought up from then on", "此后可以推介")
_CLOSES = Text("no offer may be brought up from then on", "此后不再推介")
_OFF = Text("nothing is sold on this call any more", "本次通话不再营销")
_NO_CASE = Text("none", "无")


def moments(report: Report, say: Wording) -> Section:
    """The moments in the order of the file."""
    pack = report.pack
    if not pack.moments:
        return Section("moments", say.of(_TITLE), (Paragraph((say.of(_NONE),)),), say.of(_SHORT))
    rows = tuple(_row(report, each, say) for each in pack.moments)
    columns = tuple(say.of(text) for text in (_MOMENT, _WHEN, _FOLLOWS, _CASES, _PLACE))
    blocks: tuple[Block, ...] = (Paragraph((say.of(_WHY),)), Table(None, columns, rows))
    return Section("moments", say.of(_TITLE), blocks, say.of(_SHORT))


def _row(report: Report, moment: Moment, say: Wording) -> tuple[Lines, ...]:
    cases = tuple(each.id for each in report.pack.cases if moment.id in (each.expected.moments or ()))
    return (
        ((Code(moment.id),), say.own(moment.reason)),
        tuple(_when(moment, say)),
        tuple(_follows(moment, say)),
        (say.some(cases) if cases else (say.of(_NO_CASE),),),
        ((place(moment.span),),),
    )


def _when(moment: Moment, say: Wording) -> Iterator[Line]:
    for number, role in enumerate(moment.all):
        yield (*((say.of(_AND),) if number else ()), *_role(role))
    if moment.any:
        yield (say.of(_ONE_OF), *parted([_role(each) for each in moment.any], say.of(_OR)))
    for role in moment.none:
        yield (say.of(_NOT), *_role(role))
    limits = []
    if moment.in_order:
        limits.append(say.of(_IN_ORDER))
    if moment.within is not None:
        limits.append(say.of(_WITHIN, seconds=int(moment.within.total_seconds())))
    if limits:
        yield (Aside(say.comma.join(limits)),)


def _role(role: Role) -> Line:
    named = role.kind if role.name == role.kind else f"{role.name}: {role.kind}"
    return (Code(named),) if role.where is None else (Code(named), " ", Code(role.where.text))


def _follows(moment: Moment, say: Wording) -> Iterator[Line]:
    if moment.needs:
        yield (say.of(_NEEDS), *say.names(moment.needs))
    if moment.window is not None:
        yield (say.of(_OPENS if moment.window == "open" else _CLOSES),)
    if moment.selling_off:
        yield (say.of(_OFF),)
