"""`pack.yaml`: it names every part of a pack."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from nbo.diagnostics import catalog
from nbo.diagnostics.diagnostic import Text
from nbo.pack.files.shared import LANGUAGES, wrapped
from nbo.source.model import (
    A_SCALAR,
    Condition,
    Count,
    Name,
    Part,
    Written,
    choice,
    refuse,
    shaped,
)
from nbo.source.nodes import Mapping, Scalar, Sequence


class PartFile(Part):
    """Where a part of the pack is, or why there is none."""

    path: Written | None = None
    """A path from this folder / 相对本文件夹的路径"""
    none: Written | None = None
    """Why the pack has no such part / 没有这一部分的原因"""


def _part(node: Any) -> Any:
    """A path, or `{none: why}`."""
    if isinstance(node, Mapping) and set(node) == {"none"}:
        return node
    if not isinstance(node, Scalar) or node.is_null:
        refuse(catalog.WRONG_SHAPE.at(node.span, expected=Text("a path or `{none: why}`", "路径或 `{none: 原因}`")))
    return wrapped("path", node)


def _compliance(node: Any) -> Any:
    """A list of paths, or `{none: why}`."""
    if isinstance(node, Mapping) and set(node) == {"none"}:
        return [node]
    if not isinstance(node, Sequence) or not node:
        refuse(
            catalog.WRONG_SHAPE.at(
                node.span, expected=Text("a list of paths or `{none: why}`", "路径列表或 `{none: 原因}`")
            )
        )
    items = Sequence(_part(each) for each in node)
    items.span = node.span
    return items


def _distinct(node: Any) -> Any:
    """A list that says everything once."""
    first: dict[str, int] = {}
    for each in node if isinstance(node, Sequence) else ():
        if isinstance(each, Scalar) and first.setdefault(each.text, each.span.start) != each.span.start:
            line = each.span.source.line_and_column(first[each.text])[0]
            refuse(catalog.DUPLICATE_KEY.at(each.span, key=each.text, line=line))
    return node


_A_PATH = {
    "anyOf": [
        A_SCALAR,
        {
            "type": "object",
            "properties": {"none": {**A_SCALAR, "description": "Why / 原因"}},
            "required": ["none"],
            "additionalProperties": False,
        },
    ]
}
_LANGUAGES = {"type": "array", "items": {"enum": list(LANGUAGES)}, "minItems": 1, "uniqueItems": True}
_PATHS = {"anyOf": [{"type": "array", "items": _A_PATH, "minItems": 1}, _A_PATH["anyOf"][1]]}
PartPath = Annotated[PartFile, BeforeValidator(_part, json_schema_input_type=shaped(_A_PATH))]


class PersonalizationFile(Part):
    """When a customer has opted out of personalized marketing."""

    opted_out: Condition
    """True when the customer wants no personalized marketing / 客户拒绝个性化营销时为真"""


def _reason(node: Any) -> Any:
    """A text with something in it."""
    if isinstance(node, Scalar) and not node.text.strip():
        refuse(catalog.NOTHING_WRITTEN.at(node.span))
    return node


class SilenceFile(Part):
    """A lint that is to say nothing about one file, and why."""

    ignore: Name
    """Code of the lint, such as `NBO601` / 检查的代码，例如 `NBO601`"""
    in_: Annotated[Written, Field(alias="in")]
    """Path of the file / 文件路径"""
    why: Annotated[Written, BeforeValidator(_reason)]
    """Why it may be so / 原因"""


class PackFile(Part):
    """`pack.yaml`: it names every part, so that none can vanish."""

    pack: Name
    """Name of the pack / 规则包名称"""
    version: Written
    """Version of the rules, written on every decision / 规则版本，记入每次决策"""
    language_version: Annotated[str, choice("1")]
    """Version of the condition language: 1 / 条件语言的版本：1"""
    locale: Written
    """Such as `zh-CN` / 例如 `zh-CN`"""
    languages: Annotated[
        list[Annotated[Literal["zh", "en"], choice(*LANGUAGES)]],
        Field(min_length=1),
        BeforeValidator(_distinct, json_schema_input_type=shaped(_LANGUAGES)),
    ]
    """Languages of scripts and reasons, the first by default / 话术和原因的语言，首个为默认"""
    currency: Name
    """Such as `CNY` / 币种，例如 `CNY`"""
    timezone: Written
    """Such as `Asia/Shanghai`; days begin there / 时区，例如 `Asia/Shanghai`"""
    dictionary: Written
    """Path of the data dictionary / 数据字典的路径"""
    offers: Written
    """Folder of the offers, one a file / 产品文件夹，每个文件一个产品"""
    scripts: PartPath
    """Folder of the scripts, or `{none: why}` / 话术文件夹，或 `{none: 原因}`"""
    gates: PartPath
    """Path of the gates, or `{none: why}` / 门槛文件，或 `{none: 原因}`"""
    arbitration: PartPath
    """Path of the arbitration, or `{none: why}` / 排序文件，或 `{none: 原因}`"""
    contact: PartPath
    """Path of the contact policy, or `{none: why}` / 触达策略文件，或 `{none: 原因}`"""
    authority: PartPath
    """Path of what agents may grant, or `{none: why}` / 坐席授权文件，或 `{none: 原因}`"""
    compliance: Annotated[list[PartFile], BeforeValidator(_compliance, json_schema_input_type=shaped(_PATHS))]
    """List of compliance packs, or `{none: why}` / 合规包列表，或 `{none: 原因}`"""
    segments: PartPath | None = None
    """Path of the named groups of customers / 客群文件"""
    tables: PartPath | None = None
    """Path of the decision tables / 决策表文件"""
    tests: PartPath | None = None
    """Folder of the pack's own tests / 测试用例文件夹"""
    volume: PartPath | None = None
    """Path of the caps over all customers, or `{none: why}` / 全体客户的上限文件，或 `{none: 原因}`"""
    call: PartPath | None = None
    """Path of what a call is made of, or `{none: why}` / 通话文件，或 `{none: 原因}`"""
    moments: PartPath | None = None
    """Path of the moments of a call, or `{none: why}` / 通话时机文件，或 `{none: 原因}`"""
    personalization: PersonalizationFile | None = None
    """What holds for who has opted out of personalization / 拒绝个性化推荐的处理"""
    most_tries: Count = 1
    """How often the answer to an objection may be tried at most; 1 when left out / 异议应答最多几次；省略为 1"""
    lints: list[SilenceFile] = Field(default_factory=list)
    """Lints that say nothing about one file, each with a reason / 对某个文件不再提示的检查及原因"""
