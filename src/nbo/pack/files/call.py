"""`call.yaml`: kinds of events with their fields, when there is time for a pitch, what an answer brings, what ends selling."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from nbo.language.dictionary_file import ValueTypeFile
from nbo.pack.files.shared import Around
from nbo.source.model import Condition, Count, Name, Part, Share, Whole, Words


class EventFile(Part):
    """One kind of event: its fields, and the attributes of the call that it sets."""

    label: Words = Field(default_factory=dict)
    """What people read / 显示名称"""
    fields: dict[str, ValueTypeFile] = Field(default_factory=dict)
    """What it carries, `amount: {type: money}` / 事件携带的字段，例如 `amount: {type: money}`"""
    sets: dict[str, Condition] = Field(default_factory=dict)
    """What the call is like after it, `call.hurry_flag: it.level > 2` / 事件之后通话属性的取值，同上例"""


class ThrottleFile(Part):
    """Between the two levels the share of calls with a pitch grows evenly."""

    of: Condition
    """The level, such as `call.queue_sl`; unknown: no pitch / 水平值，例如 `call.queue_sl`；未知则不推介"""
    none_under: Share
    """Under this level nobody hears a pitch / 低于此水平不推介"""
    all_from: Share
    """From this level on every call may have one / 达到此水平后每通电话都可推介"""


class PitchFile(Part):
    """When an offer may be brought up in a call."""

    seconds: Count
    """So long after the window opened may one begin / 时机出现后多少秒内可以开始推介"""
    throttle: ThrottleFile | None = None
    """Fewer pitches while callers wait / 排队时减少推介"""


class SecondTryFile(Part):
    """Whether the next best offer is brought up after a refusal."""

    most: Whole
    """So many more offers, 0: none / 之后最多再推介几个产品，0 为不再推介"""
    seconds_left: Whole = 0
    """Only while so many seconds of the pitch are left / 推介时间至少还剩多少秒"""


class AnswersFile(Part):
    """What follows an answer."""

    second_try: SecondTryFile | None = None
    """The next best offer after a refusal; left out: none / 客户拒绝后的下一产品；省略则不再推介"""
    ask_again_days: Count | None = None
    """Who puts it off is asked again after so many days / 客户说再考虑时，多少天后再问"""


class StopFile(Part):
    """When nothing is sold any more on this call."""

    when: Condition
    """The condition; true ends selling for the call, unknown for as long as it is / 条件：为真则本次通话不再营销，未知时暂停"""
    id: Name | None = None
    """A name for it / 标识"""
    reason: Words = Field(default_factory=dict)
    """What people read / 显示的原因"""


class CallFile(Part):
    """A call: its events, and the limits of what is sold in it."""

    events: dict[str, EventFile] = Field(default_factory=dict)
    """Kinds of events beside the standard ones, or more about these / 标准事件之外的事件，或对标准事件的补充"""
    pitch: PitchFile | None = None
    """When an offer may be brought up / 何时可以推介"""
    answers: AnswersFile | None = None
    """What follows an answer / 客户答复之后"""
    selling_off: list[Annotated[StopFile, Around("when")]] = Field(default_factory=list)
    """Service first: when nothing is sold any more on the call / 服务优先：何时本次通话不再营销"""
