"""Pydantic models over located nodes: the base of every rule file's model, and what a scalar may be.

A model that extends `Part` validates a `Mapping` node. Unknown keys, wrong scalars and wrong shapes become diagnostics at
the value's own place; the finished model knows the place of each of its keys. Nothing here knows what a rule means.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from itertools import islice
from typing import Annotated, Any, NoReturn, Self, TypeVar

from pydantic import (
    BaseModel,
    ConfigDict,
    ModelWrapValidatorHandler,
    PlainValidator,
    PrivateAttr,
    TypeAdapter,
    ValidationError,
    ValidationInfo,
    WithJsonSchema,
    model_validator,
)
from pydantic_core import PydanticCustomError

from nbo.diagnostics import catalog
from nbo.diagnostics.diagnostic import Diagnostic, Text
from nbo.diagnostics.place import Span
from nbo.diagnostics.suggest import nearest
from nbo.source import traps
from nbo.source.nodes import Mapping, Node, Scalar, Sequence
from nbo.source.yaml_file import MOST_FINDINGS

T = TypeVar("T")
P = TypeVar("P", bound="Part")
CONDITION_MARK = "x-nbo-condition"  # in a JSON Schema: this text is written in the condition language
_LANGUAGES = ("en", "zh")
_ID = re.compile(r"[^\W\d][\w\-]*(?:\.[\w\-]+)*")
# These are read by Python and, in a JSON Schema, by the JavaScript of an editor: only what means the same to both.
_DECIMAL = re.compile(r"[+-]?(?:0|[1-9][0-9]{0,17})(?:\.[0-9]{1,10})?")
_WHOLE = re.compile(r"[+-]?(?:0|[1-9][0-9]{0,17})")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


class Part(BaseModel):
    """A mapping of a rule file. Subclasses name their keys; every other key is an error with a suggestion.

    The text below a key is what an editor shows for it, in English and Chinese.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True, populate_by_name=True)
    _node: Mapping = PrivateAttr()

    @model_validator(mode="wrap")
    @classmethod
    def _locate(cls, value: Any, handler: ModelWrapValidatorHandler[Self], info: ValidationInfo) -> Self:
        if not isinstance(value, Mapping):
            refuse(catalog.WRONG_SHAPE.at(value.span, expected=A_MAPPING))
        known = _keys_of(cls)
        kept = value
        if not known.issuperset(value):
            kept = Mapping({key: child for key, child in value.items() if key in known})
            kept.span, kept.keys_at = value.span, value.keys_at
            for key in islice((key for key in value if key not in known), MOST_FINDINGS):
                report(info, unknown_key(key, value.keys_at[key], known))
        instance = handler(kept)
        instance._node = value
        return instance

    @property
    def span(self) -> Span:
        """The whole mapping."""
        return self._node.span

    @property
    def keys_present(self) -> frozenset[str]:
        """The keys that were written."""
        return frozenset(self._node)

    def node_of(self, key: str) -> Node:
        """What was written for a key; raises `KeyError` where it was left out."""
        return self._node[key]

    def span_of(self, key: str) -> Span:
        """The value of a key; the mapping itself where the key was left out."""
        node = self._node.get(key)
        return self._node.span if node is None else node.span

    def key_span(self, key: str) -> Span:
        """The key itself; the mapping where it was left out."""
        return self._node.keys_at.get(key, self._node.span)


@cache
def _keys_of(model: type[Part]) -> frozenset[str]:
    """The keys that a model names, as they are written."""
    return frozenset(field.alias or name for name, field in model.model_fields.items())


A_MAPPING = Text("a mapping (`key: value`)", "映射（`键: 值`）")
A_LIST = Text("a list (`- item`)", "列表（`- 项`）")
A_FILLED_LIST = Text("a list with at least one item", "至少有一项的列表")
A_TEXT = Text("a single value", "单个值")


def validate(kind: Any, node: Node) -> tuple[Any, list[Diagnostic]]:
    """The node as `kind`, or None, and everything that was found wrong with it."""
    found: list[Diagnostic] = []
    try:
        return _adapter(kind).validate_python(node, context=found), found
    except ValidationError as error:
        found.extend([each for each in _explained(error) if not _is_misspelt(each, found)])
        return None, found


def spelled_out(model: type[P], parts: dict[str, Any], node: Mapping | Scalar) -> P:
    """A part that was written in short: `parts` are what it says, `node` is where; refused with its first mistake."""
    written = Mapping(parts)
    written.span, written.keys_at = node.span, {key: each.span for key, each in parts.items()}
    read, found = validate(model, written)
    if found:
        refuse(found[0])
    assert isinstance(read, model)  # noqa: S101 - nothing was found wrong
    return read


def validate_rest(kind: Any, node: Node) -> Any:
    """The node as `kind` without the list items that have mistakes; None where one stands outside of lists.

    What was found is left out: `validate` has reported it.
    """
    while True:
        try:
            return _adapter(kind).validate_python(node, context=[])
        except ValidationError as error:
            items = {_item(node, each["loc"]) for each in error.errors(include_url=False, include_context=False)}
            if () in items:
                return None
            node = _without(node, items)


def _item(node: Node, place: tuple[int | str, ...]) -> tuple[int | str, ...]:
    """The innermost list item, among those that are written, that a place lies in: one mapping may stand for a list."""
    last = 0
    for index, step in enumerate(place):
        if isinstance(node, Sequence) and isinstance(step, int):
            node, last = node[step], index + 1
        elif isinstance(node, Mapping) and step in node:
            node = node[str(step)]
        else:
            break
    return place[:last]


def _without(node: Node, items: set[tuple[int | str, ...]], place: tuple[int | str, ...] = ()) -> Node:
    if not any(item[: len(place)] == place for item in items):
        return node
    if isinstance(node, Sequence):
        steps = (((*place, index), child) for index, child in enumerate(node))
        sequence = Sequence(_without(child, items, step) for step, child in steps if step not in items)
        sequence.span = node.span
        return sequence
    if isinstance(node, Mapping):
        mapping = Mapping({key: _without(child, items, (*place, key)) for key, child in node.items()})
        mapping.span, mapping.keys_at = node.span, node.keys_at
        return mapping
    return node


def _is_misspelt(missing: Diagnostic, found: Iterable[Diagnostic]) -> bool:
    """A misspelt key is one mistake, not an unknown key and a missing one."""
    if missing.code is not catalog.KEY_REQUIRED or missing.span is None:
        return False
    return any(
        each.code is catalog.UNKNOWN_KEY
        and each.values.get("suggestion") == missing.values["key"]
        and each.span is not None
        and missing.span.start <= each.span.start < missing.span.end
        for each in found
    )


_adapters: dict[Any, TypeAdapter[Any]] = {}


def _adapter(kind: Any) -> TypeAdapter[Any]:
    if kind not in _adapters:
        _adapters[kind] = TypeAdapter(kind)
    return _adapters[kind]


def _explained(error: ValidationError) -> Iterable[Diagnostic]:
    for each in error.errors(include_url=False):
        carried = each.get("ctx", {}).get("diagnostic")
        if isinstance(carried, Diagnostic):
            yield carried
            continue
        place = getattr(each["input"], "span", None)
        if each["type"] == "missing":
            yield catalog.KEY_REQUIRED.at(place, key=each["loc"][-1])
        elif each["type"] in ("list_type", "tuple_type"):
            yield catalog.WRONG_SHAPE.at(place, expected=A_LIST)
        elif each["type"] == "too_short":
            yield catalog.WRONG_SHAPE.at(place, expected=A_FILLED_LIST)
        else:
            yield catalog.WRONG_SHAPE.at(place, expected=A_MAPPING)


def refuse(diagnostic: Diagnostic) -> NoReturn:
    """Ends the validation of one value with a finding."""
    raise PydanticCustomError("nbo", "{id}", {"id": diagnostic.code.id, "diagnostic": diagnostic})


def report(info: ValidationInfo, diagnostic: Diagnostic) -> None:
    """Adds a finding without ending the validation."""
    if isinstance(info.context, list):
        info.context.append(diagnostic)


def unknown_key(key: str, span: Span, known: Iterable[str]) -> Diagnostic:
    """The finding for a key that means nothing here."""
    suggestion = nearest(key, known)
    if suggestion is not None:
        return catalog.UNKNOWN_KEY.at(span, key=key, suggestion=suggestion, help=catalog.DID_YOU_MEAN)
    return catalog.UNKNOWN_KEY.at(span, key=key, known=", ".join(sorted(known)))


# --- scalars ----------------------------------------------------------------------------------------------------------


def _scalar(node: Any) -> Scalar:
    if not isinstance(node, Scalar):
        refuse(catalog.WRONG_SHAPE.at(node.span, expected=A_TEXT))
    if node.is_null:
        refuse(catalog.NOTHING_WRITTEN.at(node.span))
    return node


def _bad(node: Scalar, expected: Text) -> NoReturn:
    better = traps.better_value(node.text) if node.style == "plain" else None
    refuse(catalog.WRONG_VALUE.at(node.span, value=node.text, expected=expected, help=better))


def shaped(shape: dict[str, Any]) -> Any:
    """A type that stands for a JSON Schema, where pydantic asks which type a validator takes."""
    return Annotated[Any, WithJsonSchema(shape)]


def _reader(read: Callable[[Scalar], T], shape: dict[str, Any]) -> PlainValidator:
    return PlainValidator(lambda node: read(_scalar(node)), json_schema_input_type=shaped(shape))


def _flag(node: Scalar) -> bool:
    if node.style != "plain" or node.text not in ("true", "false"):
        _bad(node, Text("`true` or `false`", "`true` 或 `false`"))
    return node.text == "true"


def _whole(node: Scalar) -> int:
    if not _WHOLE.fullmatch(node.text):
        _bad(node, Text("a whole number", "整数"))
    return int(node.text)


def _count(node: Scalar) -> int:
    if _whole(node) < 1:
        _bad(node, Text("a whole number of at least 1", "不小于 1 的整数"))
    return _whole(node)


def decimal_of(node: Scalar) -> Decimal:
    """A plain decimal such as `-12.50` or `+0.40`."""
    if not _DECIMAL.fullmatch(node.text):
        _bad(node, Text("a number such as `12.50`", "`12.50` 这样的数字"))
    return Decimal(node.text)


def share_of(node: Scalar) -> Decimal:
    """A fraction written `90%` or `0.9`; its digits are kept (`0.60%` is 0.0060)."""
    text = node.text
    if text.endswith("%") and _DECIMAL.fullmatch(text[:-1]):
        sign, digits, exponent = Decimal(text[:-1]).as_tuple()
        return Decimal((sign, digits, int(exponent) - 2))  # `scaleb` would round in the caller's context
    if not _DECIMAL.fullmatch(text):
        _bad(node, Text("a share such as `90%` or `0.9`", "`90%` 或 `0.9` 这样的比例"))
    return Decimal(text)


def _day(node: Scalar) -> date:
    try:
        if _DAY.fullmatch(node.text):
            return date.fromisoformat(node.text)
    except ValueError:
        pass
    _bad(node, Text("a date such as `2026-08-01`", "`2026-08-01` 这样的日期"))


def _moment(node: Scalar) -> datetime:
    try:
        moment = datetime.fromisoformat(node.text)
    except ValueError:
        _bad(
            node,
            Text(
                "a time with its zone, such as `2026-11-16T10:30:00+08:00`",
                "带时区的时间，例如 `2026-11-16T10:30:00+08:00`",
            ),
        )
    if moment.tzinfo is None:
        _bad(
            node,
            Text(
                "a time with its zone, such as `2026-11-16T10:30:00+08:00`",
                "带时区的时间，例如 `2026-11-16T10:30:00+08:00`",
            ),
        )
    return moment


def _name(node: Scalar) -> Scalar:
    if not _ID.fullmatch(node.text):
        _bad(node, Text("a name (letters, digits, `_`, `-`)", "名称（文字、数字、`_`、`-`）"))
    return node


def choice(*options: str) -> PlainValidator:
    """A scalar that is one of `options`."""
    as_numbers = [int(option) for option in options if _WHOLE.fullmatch(option)]  # what an editor reads without quotes
    return _reader(lambda node: check_choice(node, options), {"enum": [*as_numbers, *options]})


def check_choice(node: Scalar, options: Iterable[str]) -> str:
    """The scalar's text, which must be one of `options`."""
    if node.text not in options:
        shown = ", ".join(f"`{option}`" for option in options)
        suggestion = nearest(node.text, options)
        advice = catalog.DID_YOU_MEAN if suggestion is not None else None
        refuse(catalog.NOT_A_CHOICE.at(node.span, value=node.text, choices=shown, suggestion=suggestion, help=advice))
    return node.text


def _all_or_names(node: Any) -> tuple[Scalar, ...] | None:
    if isinstance(node, Scalar) and node.text == "all":
        return None
    if not isinstance(node, Sequence):
        refuse(catalog.WRONG_SHAPE.at(node.span, expected=Text("`all` or a list", "`all` 或列表")))
    return tuple(_name(_scalar(each)) for each in node)


def _by_language(node: Any, info: ValidationInfo) -> dict[str, Scalar]:
    if not isinstance(node, Mapping):
        refuse(
            catalog.WRONG_SHAPE.at(
                node.span, expected=Text("a text a language, `{zh: …, en: …}`", "按语言给出的文本 `{zh: …, en: …}`")
            )
        )
    for key in node:
        if key not in _LANGUAGES:
            report(info, unknown_key(key, node.keys_at[key], _LANGUAGES))
    return {key: _scalar(value) for key, value in node.items() if key in _LANGUAGES}


def _number(kind: str, pattern: str, **more: object) -> dict[str, Any]:
    """A number with or without quotes; the pattern is for the text in quotes."""
    return {"type": [kind, "string"], "pattern": f"^{pattern}$", **more}


A_SCALAR: dict[str, Any] = {"type": ["string", "number", "boolean"]}
_A_CONDITION = {**A_SCALAR, "minLength": 1, CONDITION_MARK: True}
_SIGNS = r"\s!-,/:-@\[-^`{-~\u3001\u3002\uff01\uff08\uff09\uff0c\uff1a\uff1b\uff1f"  # in no name, in any script
A_NAME = {"type": ["string", "boolean"], "pattern": rf"^[^{_SIGNS}.0-9-][^{_SIGNS}.]*(?:\.[^{_SIGNS}.]+)*$"}
AN_IDENTIFIER = {"pattern": rf"^[^{_SIGNS}.0-9-][^{_SIGNS}.-]*$"}
AN_AMOUNT = _number("number", _DECIMAL.pattern)
_A_SHARE = _number("number", f"{_DECIMAL.pattern}%?", examples=["0.60%", 0.006])
_A_DAY = {"type": "string", "format": "date", "pattern": f"^{_DAY.pattern}$", "examples": ["2026-08-01"]}
_A_MOMENT = {
    "type": "string",
    "pattern": r"^[0-9]{4}[0-9W-]+.[0-9:.,]+(?:Z|[+-][0-9:.]+)$",
    "examples": ["2026-11-16T10:30:00+08:00"],
}
_SCOPE = {"anyOf": [{"const": "all"}, {"type": "array", "items": A_NAME}]}
_WORDS = {"type": "object", "properties": dict.fromkeys(_LANGUAGES, A_SCALAR), "additionalProperties": False}

Written = Annotated[Scalar, _reader(lambda node: node, A_SCALAR)]  # any scalar, kept with its place
Name = Annotated[Scalar, _reader(_name, A_NAME)]  # an identifier, kept with its place
Flag = Annotated[bool, _reader(_flag, {"type": "boolean"})]
Whole = Annotated[int, _reader(_whole, _number("integer", _WHOLE.pattern))]
Count = Annotated[int, _reader(_count, _number("integer", r"[+]?0*[1-9][0-9]*", minimum=1))]
Exact = Annotated[Decimal, _reader(decimal_of, AN_AMOUNT)]
Share = Annotated[Decimal, _reader(share_of, _A_SHARE)]
Day = Annotated[date, _reader(_day, _A_DAY)]
Moment = Annotated[datetime, _reader(_moment, _A_MOMENT)]
Condition = Annotated[
    Scalar, _reader(lambda node: node, _A_CONDITION)
]  # an expression, compiled when the pack is linked
Scope = Annotated[
    tuple[Scalar, ...] | None, PlainValidator(_all_or_names, json_schema_input_type=shaped(_SCOPE))
]  # None means all
Words = Annotated[
    dict[str, Scalar], PlainValidator(_by_language, json_schema_input_type=shaped(_WORDS))
]  # language -> text
