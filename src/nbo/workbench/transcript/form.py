"""The form of a transcript: a call's events with what an agent must see, as a person writes them.

In: the nodes of a YAML file. Out: the models, or what is wrong with the form, at its place. Which kinds of events there are and
what their fields take is the pack's to say: an event that is not possible is refused when it is played.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Annotated, Any

from pydantic import Field, GetCoreSchemaHandler, GetJsonSchemaHandler, PlainValidator
from pydantic_core import CoreSchema
from pydantic_core.core_schema import no_info_before_validator_function

from nbo.diagnostics import catalog
from nbo.diagnostics.diagnostic import DiagnosticError, Text
from nbo.pack.files.cases import Changes
from nbo.pack.files.shared import wrapped
from nbo.source.model import (
    A_NAME,
    A_SCALAR,
    Moment,
    Name,
    Part,
    Written,
    choice,
    refuse,
    shaped,
    validate,
)
from nbo.source.nodes import Mapping, Scalar, Sequence

STAGES = ("opening", "verify", "service", "need", "offer", "confirm", "closing")
NOTHING = "none"
"""What `offer` and `refused` say where there must be none."""

_SECONDS = re.compile(r"[0-9]{1,6}(?:\.[0-9]{1,3})?")
_OF_EVENT = frozenset({"at", "after", "id", "sees"})
_A_TIME = Text(
    "seconds from the beginning of the call, or a time with its zone, such as `2026-11-16T10:31:20+08:00`",
    "自通话开始的秒数，或带时区的时间，例如 `2026-11-16T10:31:20+08:00`",
)
_SOME_FIELDS = Text("fields with their values (`{response: accept}`)", "字段及其取值（`{response: accept}`）")
_SOME_SECONDS = Text("a number of seconds", "秒数")
_AN_EVENT = Text(
    "a kind of event with its fields (`answer: {response: accept}`), with `at` or `after`, `id` and `sees` if you like",
    "事件类型及其字段（`answer: {response: accept}`），可另写 `at` 或 `after`、`id` 和 `sees`",
)
_A_TRANSCRIPT = Text("a list of events, or a mapping with `events`", "事件列表，或含 `events` 的映射")


def _seconds(node: Any) -> timedelta:
    if not isinstance(node, Scalar) or not _SECONDS.fullmatch(node.text):
        refuse(catalog.WRONG_VALUE.at(node.span, value=node.span.text, expected=_SOME_SECONDS))
    return timedelta(seconds=float(node.text))


def _when(node: Any) -> datetime | timedelta:
    if isinstance(node, Scalar) and _SECONDS.fullmatch(node.text):
        return timedelta(seconds=float(node.text))
    try:
        when = datetime.fromisoformat(node.text) if isinstance(node, Scalar) else None
    except ValueError:
        when = None
    if when is None or when.utcoffset() is None:
        refuse(catalog.WRONG_VALUE.at(node.span, value=node.span.text, expected=_A_TIME))
    return when


def _texts(node: Any) -> tuple[Scalar, ...]:
    """One text, or several."""
    read: list[Scalar] = []
    for each in node if isinstance(node, Sequence) else [node]:
        text, found = validate(Written, each)
        if found:
            refuse(found[0])
        read.append(text)
    return tuple(read)


_A_NUMBER: dict[str, Any] = {"type": ["number", "string"]}
_SOME_TEXTS = shaped({"anyOf": [A_SCALAR, {"type": "array", "items": A_SCALAR}]})
Seconds = Annotated[timedelta, PlainValidator(_seconds, json_schema_input_type=shaped(_A_NUMBER))]
When = Annotated[datetime | timedelta, PlainValidator(_when, json_schema_input_type=shaped(_A_NUMBER))]
Texts = Annotated[tuple[Scalar, ...], PlainValidator(_texts, json_schema_input_type=_SOME_TEXTS)]


def _fields(node: Any) -> Mapping:
    if not isinstance(node, Mapping):
        refuse(catalog.WRONG_SHAPE.at(node.span, expected=_SOME_FIELDS))
    return node


Fields = Annotated[Mapping, PlainValidator(_fields, json_schema_input_type=shaped({"type": "object"}))]


class WordsFile(Part):
    """Texts that must stand on the agent's screen, by the language of the call."""

    zh: Texts = ()
    """In Chinese, one text or several / 中文，一个或多个"""
    en: Texts = ()
    """In English, one text or several / 英文，一个或多个"""


class SeesFile(Part):
    """What the agent must see; what is left out is not looked at."""

    stage: Annotated[str | None, choice(*STAGES)] = None
    """Where the call is / 通话阶段"""
    needs: list[Name] | None = None
    """All needs that are known / 已知的全部需求"""
    moments: list[Name] | None = None
    """All moments that happened so far / 至此出现的全部时机"""
    moment: Name | None = None
    """`open` if an offer may be brought up, else the code of why not / 可以推介写 `open`，否则写原因代码"""
    step: Name | None = None
    """The code of the step that comes next / 下一步的代码"""
    offer: Name | None = None
    """The offer that the step is about, or `none` / 下一步所涉产品，没有写 `none`"""
    refused: Name | None = None
    """The code of why the event was not possible, or `none` / 事件不能发生的原因代码，可以发生写 `none`"""
    warnings: list[Name] | None = None
    """The codes of all that was wrong with the event / 事件的全部警告代码"""
    tickets: list[Name] | None = None
    """The owners of all tickets that somebody else is to work on / 须由他人处理的全部工单的负责队列"""
    notes: list[Written] | None = None
    """The owners of all tickets of earlier calls that are shown / 所显示的以往工单的负责队列"""
    words: WordsFile | None = None
    """Texts that must stand on the screen / 屏幕上必须出现的文字"""


class PlayedFile(Part):
    """One event of the call. Without `at` and `after` it happens when the one before did."""

    kind: Written
    """The kind of event, see call.yaml / 事件类型，见 call.yaml"""
    fields: Fields | None = None
    """Its fields / 事件字段"""
    at: When | None = None
    """Seconds from the beginning, or a time with its zone / 自开始的秒数，或带时区的时间"""
    after: Seconds | None = None
    """Seconds after the event before / 距上一事件的秒数"""
    id: Written | None = None
    """Its id; numbered when left out / 事件编号；省略时自动编号"""
    sees: SeesFile | None = None
    """What the agent must see after it / 之后坐席必须看到的内容"""


def _in_full(node: Any) -> Any:
    """`- answer: {response: accept}` with `at` and so on beside it, or a kind alone, in the form with `kind` and `fields`."""
    if isinstance(node, Scalar) and not node.is_null:
        return wrapped("kind", node)
    if not isinstance(node, Mapping):
        refuse(catalog.WRONG_SHAPE.at(node.span, expected=_AN_EVENT))
    if "kind" in node:
        return node
    kinds = [key for key in node if key not in _OF_EVENT]
    if len(kinds) != 1:
        refuse(catalog.WRONG_SHAPE.at(node.span, expected=_AN_EVENT))
    (kind,) = kinds
    fields = node[kind]
    has_fields = not isinstance(fields, Scalar) or not fields.is_null
    whole = Mapping({"kind": Scalar(kind, node.keys_at[kind]), **({"fields": fields} if has_fields else {})})
    whole.update({key: each for key, each in node.items() if key in _OF_EVENT})
    whole.span, whole.keys_at = node.span, {**node.keys_at, "kind": node.keys_at[kind], "fields": node.keys_at[kind]}
    return whole


class _Shortly:
    """An event may be written as its kind alone, or with its kind as a key."""

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return no_info_before_validator_function(_in_full, handler(source))

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        whole = handler(schema)
        keys = handler.resolve_ref_schema(whole)["properties"]
        short = {
            "type": "object",
            "minProperties": 1,
            "properties": {key: keys[key] for key in sorted(_OF_EVENT)},
            "additionalProperties": {"type": ["object", "null"]},
        }
        return {"anyOf": [A_NAME, short, whole]}


Played = Annotated[PlayedFile, _Shortly()]


class TranscriptFile(Part):
    """A call from its beginning to its end, and what an agent must see on the way."""

    about: Written | None = None
    """What the call shows / 这通电话说明什么"""
    profile: Written | None = None
    """The customer when the call begins: a file, from this file's folder / 通话开始时的客户资料文件（相对于本文件所在文件夹）"""
    changes: Changes | None = None
    """Changes to the profile key by key; `null` takes a value away / 对客户资料逐项修改，`null` 表示去掉"""
    call_id: Written | None = None
    """The id of the call / 通话号"""
    at: Moment | None = None
    """When the call begins, with its zone / 通话开始时间（带时区）"""
    channel: Name | None = None
    """The channel, `phone` by default / 渠道，默认 `phone`"""
    language: Name | None = None
    """The language of scripts and reasons / 话术和原因的语言"""
    events: Annotated[list[Played], Field(default_factory=list)]
    """What happens, in order / 依次发生的事件"""
    sees: SeesFile | None = None
    """What the agent must see in the end / 最后坐席必须看到的内容"""


def read_form(node: Any) -> TranscriptFile:
    """The transcript; a bare list is one of events alone. Raises `DiagnosticError` with all that is wrong with the form."""
    if isinstance(node, Sequence):
        whole = Mapping({"events": node})
        whole.span, whole.keys_at = node.span, {"events": node.span}
        node = whole
    if not isinstance(node, Mapping):
        raise DiagnosticError(catalog.WRONG_SHAPE.at(node.span, expected=_A_TRANSCRIPT))
    read, found = validate(TranscriptFile, node)
    if found:
        raise DiagnosticError(*found)
    assert isinstance(read, TranscriptFile)  # noqa: S101 - nothing was found wrong
    return read
