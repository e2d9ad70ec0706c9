"""Compliance packs: rules with citation and evidence, and what is left to people."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field

from nbo.pack.files.shared import At, TimedName, named
from nbo.source.model import (
    Condition,
    Day,
    Exact,
    Flag,
    Name,
    Part,
    Scope,
    Words,
    Written,
    choice,
)


class ForceFile(Part):
    """The first and last day on which a rule applies."""

    start: Annotated[Day, Field(alias="from")]
    """First day, inclusive / 生效日（含当天）"""
    through: Day | None = None
    """Last day, inclusive / 失效日（含当天）"""


class SpeedFile(Part):
    """How fast a language is spoken."""

    characters_per_minute: Exact | None = None
    """Chinese: characters a minute / 中文：每分钟字数"""
    words_per_minute: Exact | None = None
    """English: words a minute / 英文：每分钟词数"""
    pause_seconds: Exact = Decimal(0)
    """Pause after a sentence, in seconds / 每句后的停顿，秒"""


Evidence = Annotated[Literal["official", "secondary", "bank_policy"], choice("official", "secondary", "bank_policy")]
Phrases = dict[str, list[Written]]  # language -> accepted wordings
KEYS_OF_KIND = {
    "forbid": {"languages", "terms", "except", "unless_negated"},
    "require": {"languages", "if_said", "fields", "slots", "phrases"},
    "gate": {"must", "at", "reason"},
    "bound": {"must", "reason"},
    "bind": {"languages", "except", "units"},
    "talk_time": {"languages", "stages", "max_seconds", "speed"},
}
NEEDED_BY_KIND = {
    "forbid": ["terms"],
    "gate": ["must"],
    "bound": ["must"],
    "talk_time": ["stages", "max_seconds", "speed"],
}


def _by_kind(schema: dict[str, Any]) -> None:
    """What follows from the kind, for an editor."""
    every = sorted(set().union(*KEYS_OF_KIND.values()))
    schema["allOf"] = [
        {
            "if": {"properties": {"kind": {"const": kind}}, "required": ["kind"]},
            "then": {
                "required": NEEDED_BY_KIND.get(kind, []),
                "properties": {key: False for key in every if key not in keys},
            },
        }
        for kind, keys in KEYS_OF_KIND.items()
    ]


class IfSaidFile(Part):
    """What makes a rule ask for something: wording, or values that are said."""

    terms: list[Written] = Field(default_factory=list)
    """Wording, such as `APR` / 措辞，例如 `年化利率` """
    fields: list[Written] = Field(default_factory=list)
    """Values said through placeholders / 通过占位符说出的字段"""


class RuleFile(Part):
    """One compliance rule; which of the later keys apply follows from its kind."""

    model_config = ConfigDict(json_schema_extra=_by_kind)
    id: Name
    """Name of the rule, on every check / 规则标识"""
    kind: Annotated[str, choice("forbid", "require", "gate", "bound", "bind", "talk_time")]
    """What it asks; the keys that it takes follow from it / 规则类型，决定可用的键"""
    text: Words
    """What it says, in a sentence / 规则内容"""
    citation: Written
    """Where it is written / 出处"""
    evidence: Evidence
    """How sure that is: `official` text read, `secondary` source, or `bank_policy` / 依据等级"""
    in_force: ForceFile
    """First and last day / 生效期"""
    severity: Annotated[Literal["block", "warn"], choice("block", "warn")]
    """`block` keeps words back, `warn` remarks / 阻止或提醒"""
    families: Scope = None
    """`all` or a list of families / `all` 或产品族列表"""
    channels: Scope = None
    """`all` or a list of channels / `all` 或渠道列表"""
    languages: Scope = None
    """`all` or a list of languages in which it is said / `all` 或话术语言列表"""
    when: Condition | None = None
    """Narrows the rule; unknown is inside / 适用范围；未知视为适用"""
    terms: list[Written] | None = None
    """Words that are not said; `…` stands for a few characters of the clause / 禁用词；`…` 代表同一分句中的几个字"""
    except_: Annotated[list[Written], Field(alias="except", default_factory=list)]
    """Phrases, or longer words, inside which a term or number is fine / 例外措辞或更长的词，其中的禁用词或数字不算"""
    unless_negated: Flag = False
    """Whether a term that the file's `negation` turns round is fine / 被 `negation` 否定的禁用词是否不算"""
    if_said: IfSaidFile | None = None
    """Asks only where one of these is said; always when left out / 仅在说到其中之一时要求；省略则一律要求"""
    fields: list[Written] | None = None
    """Values that a script says through placeholders / 必须说出的字段"""
    slots: Annotated[dict[str, Any], named(Phrases)] | None = None
    """Required slots with accepted wording, `{slot: {zh: [...], en: [...]}}` / 必说项及可接受的措辞"""
    phrases: Annotated[dict[str, Any], named(list[Written])] | None = None
    """Words that are said, `{zh: [...], en: [...]}` / 必说措辞"""
    must: Condition | None = None
    """Must be true / 必须为真"""
    at: At = "pitch"
    """Before the pitch or before the order / 推介前或下单前"""
    reason: Words = Field(default_factory=dict)
    """What people read when it blocks / 阻止时显示的原因"""
    units: Annotated[dict[str, Any], named(list[Written])] | None = None
    """Units after which a number must be bound / 数字后的单位"""
    stages: list[TimedName] | None = None
    """Stages whose time counts together; `answer` is each answer to an objection / 合计时长的环节；`answer` 指每条异议应答"""
    max_seconds: Exact | None = None
    """The most seconds / 最长秒数"""
    speed: Annotated[dict[str, Any], named(SpeedFile)] | None = None
    """How fast each language is spoken / 各语言的语速"""


class NegationFile(Part):
    """Words that turn a term round, for the rules with `unless_negated`."""

    before: list[Written] = Field(min_length=1)
    """Words that deny what follows: 不, 并非, `not` / 否定其后内容的词"""
    after: list[Written] = Field(default_factory=list)
    """Words that deny what they follow: 是不可能的 / 否定其前内容的词"""
    between: list[Written] = Field(default_factory=list)
    """Words that may stand between: 是, 承诺, `the` / 否定词与禁用词之间可以出现的词"""
    except_: Annotated[list[Written], Field(alias="except", default_factory=list)]
    """What looks like a denial and is none: 不仅, 不是…吗, `not only` / 看似否定而不是否定的措辞"""


class DutyFile(Part):
    """What a person must do, because no machine can check it."""

    id: Name
    """Name of the duty / 职责标识"""
    rule: Name | None = None
    """The rule of this file that it stands beside / 所对应的规则"""
    who: Words
    """Who must do it / 由谁负责"""
    text: Words
    """What they must do / 须做什么"""
    citation: Written | None = None
    """Where it is written; the rule's when left out / 出处；省略时同所对应的规则"""
    evidence: Evidence | None = None
    """How sure that is; the rule's when left out / 依据等级；省略时同所对应的规则"""


class ComplianceFile(Part):
    """A jurisdiction's rules."""

    jurisdiction: Name
    """Such as `CN` / 法域，例如 `CN`"""
    coverage: Annotated[Literal["illustrative", "complete"], choice("illustrative", "complete")]
    """Whether all rules are here / 覆盖程度：示例或完整"""
    negation: NegationFile | None = None
    """Words that turn a term round / 否定词"""
    rules: list[RuleFile] = Field(min_length=1)
    """The rules / 规则"""
    people: list[DutyFile] = Field(default_factory=list)
    """What no machine can check, and who must do it / 机器无法检查、须由人负责的事项"""
