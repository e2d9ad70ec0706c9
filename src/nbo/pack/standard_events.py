"""The kinds of events that every call-center system has, with their fields and what they set.

A pack need not name them; its `call.yaml` adds fields, says what else they set, and adds kinds of its own. A field is typed as
the attribute of the pack's dictionary that it is `like`, where there is one of the same type.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from nbo.diagnostics.diagnostic import Text
from nbo.language.types import (
    BOOLEAN,
    DATETIME,
    INTEGER,
    MONEY,
    NUMBER,
    STRING,
    Domain,
    Kind,
    Type,
)

LONGEST_WORD = 200
_DAY_SECONDS = Decimal(86_400)
_MOST_MONEY = Decimal(10_000_000_000)
_RESPONSES = Domain(("accept", "decline", "defer"), ordered=False, aliases={}, labels={})
_SOME_NAMES = Type(Kind.SET)

KEPT = frozenset(
    {
        "call.call_id",
        "call.stage",
        "call.elapsed_s",
        "call.need_tags",
        "call.cost_statement_confirmed",
        "call.agreement_recorded",
    }
)
"""The attributes that a session keeps itself: no event of a pack sets them, and no profile counts for the last two."""


@dataclass(frozen=True, slots=True)
class StandardField:
    """A field: its type, or that of the attribute that it is `like`; limits where the type has any."""

    type: Type
    needed: bool = False
    like: str | None = None
    least: Decimal | None = None
    most: Decimal | None = None


@dataclass(frozen=True, slots=True)
class StandardEvent:
    """A kind of event; `sets` are conditions by attribute, left out where the dictionary has no such attribute."""

    label: Text
    fields: Mapping[str, StandardField] = field(default_factory=dict)
    sets: Mapping[str, str] = field(default_factory=dict)


def _text(*, needed: bool = False, like: str | None = None) -> StandardField:
    return StandardField(STRING, needed, like)


_OFFER = {"offer": _text()}
_AMOUNT = StandardField(MONEY, least=Decimal(0), most=_MOST_MONEY)
_WHOLE = StandardField(INTEGER, least=Decimal(1), most=Decimal(100_000))

STANDARD_EVENTS: Mapping[str, StandardEvent] = {
    "identity_verified": StandardEvent(
        Text("identity verified", "已核实身份"),
        {"level": StandardField(INTEGER, needed=True, like="call.auth_level", least=Decimal(0), most=Decimal(9))},
        {"call.auth_level": "it.level"},
    ),
    "reason_stated": StandardEvent(
        Text("reason stated", "说明来电原因"),
        {"reason": _text(needed=True, like="call.reason_code")},
        {"call.reason_code": "it.reason"},
    ),
    "question_answered": StandardEvent(Text("question answered", "已解答问题")),
    "service_resolved": StandardEvent(
        Text("what the customer called for is done", "来电问题已解决"), sets={"call.service_resolved": "true"}
    ),
    "topic_mentioned": StandardEvent(Text("topic mentioned", "提到话题"), {"topic": _text()}),
    "need_stated": StandardEvent(Text("need stated", "提出需求"), {"need": _text(needed=True, like="call.need_tags")}),
    "sentiment": StandardEvent(
        Text("sentiment", "情绪"),
        {"value": StandardField(NUMBER, needed=True, like="call.sentiment", least=Decimal(-1), most=Decimal(1))},
        {"call.sentiment": "it.value"},
    ),
    "hold": StandardEvent(
        Text("time on hold", "等待"),
        {"seconds": StandardField(INTEGER, needed=True, least=Decimal(0), most=_DAY_SECONDS)},
        {"call.hold_s": "default(call.hold_s, 0) + it.seconds"},
    ),
    "transfer": StandardEvent(Text("transferred", "转接")),
    "escalation": StandardEvent(Text("escalated", "升级")),
    "complaint": StandardEvent(Text("complaint", "投诉"), {"complaint_id": _text()}, {"call.complaint_open": "true"}),
    "recording_lost": StandardEvent(Text("recording lost", "录音中断"), sets={"call.recording_on": "false"}),
    "recording_resumed": StandardEvent(Text("recording resumed", "录音恢复"), sets={"call.recording_on": "true"}),
    "queue": StandardEvent(
        Text("the queue's service level", "队列服务水平"),
        {"service_level": StandardField(NUMBER, needed=True, like="call.queue_sl", least=Decimal(0), most=Decimal(1))},
        {"call.queue_sl": "it.service_level"},
    ),
    "offer_presented": StandardEvent(Text("offer presented", "已介绍产品"), {"offer": _text(needed=True)}),
    "requoted": StandardEvent(
        Text("quoted anew", "重新报价"),
        {
            **_OFFER,
            "principal": _AMOUNT,
            "periods": _WHOLE,
            "budget": _AMOUNT,
            "components": StandardField(_SOME_NAMES),
            "new_limit": _AMOUNT,
            "days": _WHOLE,
        },
    ),
    "answer": StandardEvent(
        Text("answer", "客户答复"),
        {
            "offer": _text(needed=True),
            "response": StandardField(Type(Kind.ENUM, _RESPONSES), needed=True),
            "reason": _text(like="history.refusal_reason"),
            "ask_again_at": StandardField(DATETIME),
            "recorded": StandardField(BOOLEAN),
        },
    ),
    "objection": StandardEvent(Text("objection", "客户异议"), {"objection": _text(needed=True), **_OFFER}),
    "cost_statement_pushed": StandardEvent(Text("cost statement pushed", "已推送明示表"), _OFFER),
    "cost_statement_confirmed": StandardEvent(Text("cost statement confirmed", "客户已确认明示表"), _OFFER),
    "step_done": StandardEvent(Text("step done", "步骤完成"), {"step": _text(needed=True), **_OFFER}),
    "order": StandardEvent(Text("order", "下单"), {"offer": _text(needed=True), "amount": _AMOUNT}),
    "referred": StandardEvent(Text("handed to the second line", "已转二线"), {"note": _text()}),
    "score": StandardEvent(
        Text("satisfaction score", "满意度评分"),
        {"csat": StandardField(INTEGER, needed=True, least=Decimal(0), most=Decimal(10))},
    ),
    "ended": StandardEvent(Text("call ended", "通话结束")),
}
