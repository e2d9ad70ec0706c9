"""What holds on every call: when nothing is sold any more, when a pitch may begin, and which events say so."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from nbo.diagnostics.diagnostic import Text
from nbo.diagnostics.place import Span
from nbo.pack.call import CallRules, EventType
from nbo.workbench.evidence.document import Block, Code, Facts, Items, Line, Lines, Paragraph, Section, Table, parted
from nbo.workbench.evidence.report import Report
from nbo.workbench.evidence.wording import Wording, place

_TITLE = Text("Rules of a call", "通话规则")
_WHY = Text(
    "A call is decided by the gates, the contact policy and the compliance rules, like everything else. What stands here only "
    "narrows when anything may be sold on it.",
    "通话中能否推介，同样由门槛、触达策略和合规规则决定。此处的规则只会进一步限制何时可以营销。",
)
_NONE = Text(
    "The pack has no call.yaml: the standard events, no limit of time, and one offer a call.",
    "规则包没有 call.yaml：使用标准事件，不限推介时间，每通电话只推介一个产品。",
)
_ALWAYS = Text("What holds whatever a pack says", "不论规则包怎么写都成立")
_FLOORS = (
    Text("After a complaint nothing is sold for the rest of the call.", "客户投诉后，本次通话不再营销。"),
    Text(
        "Nothing is presented or ordered before the customer is verified, where the data has `call.auth_level`.",
        "数据字典有 `call.auth_level` 的，核实身份之前不推介、不下单。",
    ),
    Text(
        "What was declined or put off is not brought up again on the call.",
        "客户拒绝或表示再考虑的产品，本次通话不再提起。",
    ),
    Text(
        "No required step before an order is skipped, and an offer is ordered once.",
        "下单前的必经步骤不能跳过，同一产品只下单一次。",
    ),
    Text(
        "A yes and a confirmed cost statement are of the offer and the quote at hand.",
        "客户的同意和对明示表的确认，只对当时的产品和报价有效。",
    ),
)
_STOPS = Text("Nothing is sold any more, for the rest of the call, once", "出现以下情况后，本次通话不再营销")
_CONDITION = Text("This holds; while it is not known, nothing is sold either", "条件成立；未知期间同样不营销")
_READ = Text("What people read", "显示的原因")
_NO_STOPS = Text("The pack names no condition that ends selling.", "规则包没有写停止营销的条件。")
_ID = Text("Name", "标识")
_PLACE = Text("Written in", "所在文件")
_PITCH = Text("A pitch may begin", "何时可以开始推介")
_SECONDS = Text("within {seconds} seconds after the moment for it came ", "时机出现后 {seconds} 秒之内 ")
_WINDOW = Text("The moment for it comes", "时机何时出现")
_BY_MOMENTS = Text(
    "with the moments below that open it, and goes with those that close it",
    "由下文打开时机的规则决定，由关闭时机的规则结束",
)
_STANDARD = Text(
    "when what the customer called for is done; it goes with another reason, a transfer or an escalation",
    "来电问题解决时出现；客户另有来电原因、转接或升级时结束",
)
_ANY_TIME = Text("at any time after the moment for it came", "时机出现后不限时间")
_THROTTLE = Text("Fewer pitches while callers wait", "排队时减少推介")
_SHARE = Text(
    ": no call under {low} %, every call from {high} % on, between them a share that grows evenly; the call's number says which ",
    "：低于 {low}% 时不推介，达到 {high}% 后每通电话都可推介，其间比例均匀增加，由通话号决定是哪些通话 ",
)
_NEXT = Text("Offers after one was refused", "拒绝后还可推介的产品数")
_MORE = Text("{most}, with {seconds} seconds of the time left ", "{most} 个，且推介时间至少还剩 {seconds} 秒 ")
_NO_MORE = Text("none", "无")
_AGAIN = Text("Who puts it off is asked again", "客户表示再考虑的，多久后再问")
_DAYS = Text("after {days} days, unless another time was named", "{days} 天后；客户另约时间的按约定")
_AS_NAMED = Text("when the customer said", "按客户所说的时间")
_EVENTS = Text("Events that the pack adds or changes", "规则包新增或修改的事件")
_EVENT = Text("Event", "事件")
_FIELDS = Text("What it carries", "携带的字段")
_SETS = Text("What the call is like then", "事件之后的通话属性")


def call(report: Report, say: Wording) -> Section:
    """What call.yaml says, and what holds without it."""
    rules = report.pack.call
    floors = Section("call-floors", say.of(_ALWAYS), (Items(tuple((say.of(each),) for each in _FLOORS)),))
    if rules is None:
        return Section("call", say.of(_TITLE), (Paragraph((say.of(_NONE),)), floors), say.of(_TITLE))
    blocks = (
        Paragraph((say.of(_WHY),)),
        Facts(tuple(_facts(report, rules, say))),
        _stops(rules, say),
        *_events(rules, say),
        floors,
    )
    return Section("call", say.of(_TITLE), blocks, say.of(_TITLE))


def _facts(report: Report, rules: CallRules, say: Wording) -> Iterator[tuple[str, Lines]]:
    opened = any(each.window == "open" for each in report.pack.moments)
    yield say.of(_WINDOW), ((say.of(_BY_MOMENTS if opened else _STANDARD),),)
    pitch: Line = (say.of(_ANY_TIME),)
    if rules.pitch_seconds is not None:
        pitch = (say.of(_SECONDS, seconds=rules.pitch_seconds), *_at(rules.pitch_span))
    yield say.of(_PITCH), (pitch,)
    if rules.throttle is not None:
        each = rules.throttle
        shares = {"low": _percent(each.none_under), "high": _percent(each.all_from)}
        yield say.of(_THROTTLE), ((Code(each.level.text), say.of(_SHARE, **shares), *_at(each.span)),)
    more: Line = (say.of(_NO_MORE),)
    if rules.more_tries:
        more = (say.of(_MORE, most=rules.more_tries, seconds=rules.seconds_left), *_at(rules.tries_span))
    yield say.of(_NEXT), (more,)
    again = _AS_NAMED if rules.ask_again_days is None else _DAYS
    yield say.of(_AGAIN), ((say.of(again, days=rules.ask_again_days),),)


def _percent(share: Decimal) -> str:
    return f"{(share * 100).normalize():f}"


def _at(span: Span | None) -> Line:
    return () if span is None else (place(span),)


def _stops(rules: CallRules, say: Wording) -> Block:
    if not rules.selling_off:
        return Paragraph((say.of(_NO_STOPS),))
    rows = tuple(
        (((Code(each.id),),), ((Code(each.expression.text),),), (say.own(each.reason),), ((place(each.span),),))
        for each in rules.selling_off
    )
    return Table(say.of(_STOPS), tuple(say.of(each) for each in (_ID, _CONDITION, _READ, _PLACE)), rows)


def _events(rules: CallRules, say: Wording) -> Iterator[Block]:
    rows = tuple(_event(each, each.span, say) for each in rules.events.values() if each.span is not None)
    if rows:
        yield Table(say.of(_EVENTS), tuple(say.of(each) for each in (_EVENT, _FIELDS, _SETS, _PLACE)), rows)


def _event(event: EventType, span: Span, say: Wording) -> tuple[Lines, ...]:
    fields = [(Code(name), " ", say.of(each.type.words)) for name, each in event.record.fields.items()]
    return (
        ((Code(event.kind),), say.own(event.labels)),
        (parted(fields, say.comma),),
        tuple((Code(f"{each.attribute.name}: {each.expression.text}"),) for each in event.sets) or ((),),
        ((place(span),),),
    )
