"""Scripts: treatments, segments, objections."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from nbo.pack.files.shared import Around, StageName
from nbo.source.model import (
    Condition,
    Count,
    Flag,
    Name,
    Part,
    Words,
)


class TextSegmentFile(Part):
    """One sentence or two of a treatment."""

    stage: StageName
    """Where in the talk it belongs / 所属环节"""
    when: Condition | None = None
    """Said only when true; with `says` unless false / 为真才说；带 `says` 时除非为假都要说"""
    optional: Flag = False
    """May be left out when a value is missing / 缺少数据时可省略"""
    says: list[Name] = Field(default_factory=list)
    """Required slots that this sentence fills / 本句完成的必说项"""
    verbatim: Flag = False
    """Is read as it stands / 须照读原文"""
    text: Words
    """The words; numbers come from `{{ quote.payment }}` / 话术，数字写作 `{{ quote.payment }}`"""


class ObjectionFile(Part):
    """The answer to an objection, and how often it may be tried."""

    id: Name
    """Name of the objection / 异议标识"""
    tries: Count = 1
    """How often the answer may be tried / 最多应答几次"""
    text: Words
    """The answer / 应答话术"""


class StepFile(Part):
    """What follows a yes."""

    id: Name
    """Name of the step / 步骤标识"""
    required: Flag = True
    """Whether it must be done / 是否必须完成"""


class TreatmentFile(Part):
    """One way to say an offer."""

    id: Name
    """Name of this way to say it / 话术版本标识"""
    version: Count
    """Counts up when the words change / 版本号，文字变更时递增"""
    channels: list[Name] = Field(min_length=1)
    """Channels that it is written for / 适用渠道"""
    when: Condition | None = None
    """Customers that it is written for / 适用客户"""
    reangles: Flag = False
    """Says an offer that is good for the bank only from the other side / 从客户角度说明只利于银行的产品"""
    segments: list[TextSegmentFile] = Field(min_length=1)
    """Sentences, in their order / 按顺序的话术片段"""
    objections: list[ObjectionFile] = Field(default_factory=list)
    """Answers to objections / 异议应答"""
    after_yes: list[Annotated[StepFile, Around("id")]] = Field(default_factory=list)
    """Steps after a yes, in their order / 客户同意后的步骤"""


class ScriptFile(Part):
    """All treatments of an offer."""

    script: Name
    """Script id, which offers refer to / 话术标识，由产品引用"""
    treatments: list[TreatmentFile] = Field(min_length=1)
    """Ways to say it; the first that fits is taken / 话术版本，取首个适用的"""
