"""`dictionary.yaml` as a `Dictionary`: the model of the file, and how names, aliases, limits and formulas are settled.

In: the file's node (or a plain mapping of the same form). Out: a dictionary and everything that was found wrong.
"""

from __future__ import annotations

import keyword
import unicodedata
from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import tzinfo
from graphlib import CycleError, TopologicalSorter
from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field, PlainValidator

from nbo.diagnostics import catalog
from nbo.diagnostics.diagnostic import Diagnostic, DiagnosticError, Text
from nbo.diagnostics.place import Span
from nbo.language.check import check
from nbo.language.computed import Computed
from nbo.language.dictionary import Dictionary, clock_attributes
from nbo.language.parse import parse
from nbo.language.tree import Typed, attributes_read
from nbo.language.types import NUMERIC, Attribute, Changeable, Domain, Kind, RecordType, Type, Use
from nbo.source import nodes
from nbo.source.model import (
    A_LIST,
    A_TEXT,
    Condition,
    Count,
    Exact,
    Flag,
    Name,
    Part,
    Words,
    Written,
    choice,
    refuse,
    validate,
)
from nbo.source.nodes import Node, Scalar, Sequence

RESERVED = frozenset({"missing", "true", "false", "it", "now", "today", "offer", "quote", "segment", "table"})
_OPTIONS = tuple(str(kind) for kind in Kind if kind is not Kind.RECORDS)


def is_writable(name: str) -> bool:
    """Whether a condition can name it; Python reads identifiers in NFKC, so a name must be written in it."""
    return (
        name.isidentifier()
        and not keyword.iskeyword(name)
        and name not in RESERVED
        and unicodedata.normalize("NFKC", name) == name
        and not name.startswith("__")
    )


class ValueFile(Part):
    """What an enum's value is called."""

    label: Words = Field(default_factory=dict)
    """What people read / 显示名称"""
    alias: Words = Field(default_factory=dict)
    """Another way to write it in conditions / 条件中的别名"""


def _values(node: Any) -> dict[str, Any]:
    """A list of values, or a mapping of values to their labels and aliases."""
    if isinstance(node, nodes.Mapping):
        return dict(node)
    if not isinstance(node, Sequence):
        refuse(catalog.WRONG_SHAPE.at(node.span, expected=A_LIST))
    values: dict[str, Any] = {}
    first: dict[str, int] = {}
    for each in node:
        if not isinstance(each, Scalar) or each.is_null:
            refuse(catalog.WRONG_SHAPE.at(each.span, expected=A_TEXT))
        if each.text in values:
            refuse(catalog.DUPLICATE_KEY.at(each.span, key=each.text, line=first[each.text]))
        values[each.text] = None
        first[each.text] = each.span.line
    return values


_SETTINGS: Mapping[str, Collection[Kind]] = {  # the types that a key means something for
    "min": NUMERIC, "max": NUMERIC, "max_length": (Kind.STRING,), "of": (Kind.SET,), "values": (Kind.ENUM, Kind.SET),
    "ordered": (Kind.ENUM,),
}  # fmt: skip
_ValuesForm = Annotated[list[Written], Field(json_schema_extra={"uniqueItems": True})] | dict[str, ValueFile]


def _by_type(schema: dict[str, Any]) -> None:
    """What follows from the type, for an editor."""
    schema["dependencies"] = {
        key: {"properties": {"type": {"enum": [str(kind) for kind in Kind if kind in kinds]}}}
        for key, kinds in _SETTINGS.items()
    }
    of_values = ({"type": {"const": "enum"}}, {"type": {"const": "set"}, "of": {"const": "enum"}})
    schema["allOf"] = [
        {"if": {"properties": each, "required": ["type"]}, "then": {"required": ["values"]}} for each in of_values
    ]


class ValueTypeFile(Part):
    """A type of the dictionary, with what its values can be."""

    model_config = ConfigDict(json_schema_extra=_by_type)

    type: Annotated[str, choice(*_OPTIONS)]
    """What its values are / 数据类型"""
    of: Annotated[Literal["enum", "string"], choice("enum", "string")] | None = None
    """What the elements of a set are / 集合元素的类型"""
    values: Annotated[dict[str, Any], PlainValidator(_values, json_schema_input_type=_ValuesForm)] | None = None
    """The allowed values, a list or `{value: {label, alias}}` / 允许的取值"""
    ordered: Flag = False
    """Whether values compare with `<`, in the order written / 取值是否按书写顺序可比较大小"""
    min: Exact | None = None
    """Least value, inclusive; below it counts as missing / 最小值（含），更小视为缺失"""
    max: Exact | None = None
    """Greatest value, inclusive; money in a script needs one / 最大值（含），话术中的金额必填"""
    max_length: Count | None = None
    """Most characters; a text in a script needs one / 最大字数，话术中的文本必填"""
    label: Words = Field(default_factory=dict)
    """What people read / 显示名称"""


class AttributeFile(ValueTypeFile):
    """One attribute of the dictionary."""

    alias: Words = Field(default_factory=dict)
    """Another way to write it in conditions / 条件中的别名"""
    use: Annotated[Use, choice("profile", "contract", "context")] | None = None
    """`profile` personalizes marketing, `contract` decides a contract, `context` is this call / 用途：画像、合同、通话"""
    changeable: Annotated[Changeable, choice("never", "customer", "agent")] = "never"
    """Who could change it before the next decision / 谁能改变它"""
    pii: Flag = False
    """Personal data, masked in explanations / 个人信息，解释中隐去"""
    derived: Condition | None = None
    """A formula over other attributes; a supplied value wins / 由其他属性计算的公式"""


class NamespaceFile(Part):
    """What a namespace says about itself, beside its attributes."""

    label: Words = Field(default_factory=dict)
    """What people read / 显示名称"""
    alias: Words = Field(default_factory=dict)
    """Another way to write it in conditions / 条件中的别名"""
    key: Name | None = None
    """The field that tells records apart / 区分记录的字段"""


_ABOUT = frozenset({"label", "alias", "key"})


def read_value_type(
    name: str, read: ValueTypeFile, place: Span, zone: tzinfo
) -> tuple[Attribute | None, list[Diagnostic]]:
    """An attribute of a type that is written outside of the dictionary, and what is wrong with it."""
    reader = _Reader(zone)
    return reader.built(name, 0, read, place), reader.found


def read_dictionary(node: Node, zone: tzinfo) -> tuple[Dictionary | None, list[Diagnostic]]:
    """The dictionary of a file's node; None when nothing could be made of it."""
    if not isinstance(node, nodes.Mapping):
        return None, [catalog.WRONG_SHAPE.at(node.span, expected=Text("a mapping of namespaces", "命名空间的映射"))]
    reader = _Reader(zone)
    for name, section in node.items():
        reader.namespace(name, node.keys_at[name], section)
    return reader.finish(), reader.found


class _Reader:
    def __init__(self, zone: tzinfo) -> None:
        self.zone = zone
        self.found: list[Diagnostic] = []
        self.attributes: dict[str, Attribute] = clock_attributes()
        self.names: dict[str, str] = {name: name for name in self.attributes}
        self.namespaces: dict[str, str] = {}
        self.formulas: dict[str, Scalar] = {}

    # --- namespaces ---------------------------------------------------------------------------------------------------

    def namespace(self, name: str, place: Span, section: Node) -> None:
        if not self.writable(name, place):
            return
        if not isinstance(section, nodes.Mapping):
            self.found.append(
                catalog.WRONG_SHAPE.at(section.span, expected=Text("a mapping of attributes", "属性的映射"))
            )
            return
        about = self.about(section)
        ways = [name, *(self.normal(alias) for alias in about.alias.values())] if about else [name]
        for way in ways:
            self.take(way, name, place, self.namespaces)
        if "records" in section:
            self.records(name, place, section["records"], about, ways)
            extra = [key for key in section if key not in _ABOUT and key != "records"]
            for key in extra:
                self.found.append(
                    catalog.UNKNOWN_KEY.at(section.keys_at[key], key=key, known="records, key, label, alias")
                )
            return
        if "key" in section:
            what = Text("a namespace without records", "没有记录列表的命名空间")
            self.found.append(catalog.ATTRIBUTE_SETTING.at(section.keys_at["key"], key="key", type=what))
        for key, child in section.items():
            if key not in _ABOUT:
                self.attribute(name, ways, key, section.keys_at[key], child)

    def about(self, section: nodes.Mapping) -> NamespaceFile | None:
        own = nodes.Mapping({key: child for key, child in section.items() if key in _ABOUT})
        own.span, own.keys_at = section.span, section.keys_at
        read, found = validate(NamespaceFile, own)
        self.found.extend(found)
        return read if isinstance(read, NamespaceFile) else None

    def attribute(self, namespace: str, ways: list[str], key: str, place: Span, child: Node) -> None:
        read, found = validate(AttributeFile, child)
        self.found.extend(found)
        if not isinstance(read, AttributeFile) or not self.writable(key, place):
            return
        name = f"{namespace}.{key}"
        attribute = self.built(name, len(self.attributes), read, place)
        if attribute is None:
            return
        self.attributes[name] = _used(attribute, read)
        if read.derived is not None:
            self.formulas[name] = read.derived
        for own in (key, *(self.normal(alias) for alias in read.alias.values())):
            for way in ways:
                self.take(f"{way}.{own}", name, place, self.names)

    def records(self, name: str, place: Span, node: Node, about: NamespaceFile | None, ways: list[str]) -> None:
        if not isinstance(node, nodes.Mapping) or not node:
            self.found.append(catalog.WRONG_SHAPE.at(node.span, expected=Text("a mapping of fields", "字段的映射")))
            return
        fields: dict[str, Attribute] = {}
        names: dict[str, str] = {}
        for key, child in node.items():
            read, found = validate(AttributeFile, child)
            self.found.extend(found)
            if not isinstance(read, AttributeFile) or not self.writable(key, node.keys_at[key]):
                continue
            field = self.built(key, len(fields), read, node.keys_at[key])
            if field is None:
                continue
            if read.derived is not None:
                self.found.append(
                    catalog.ATTRIBUTE_SETTING.at(
                        read.span_of("derived"), key="derived", type=Text("a field of records", "记录字段")
                    )
                )
            fields[key] = _used(field, read)
            for own in (key, *(self.normal(alias) for alias in read.alias.values())):
                self.take(own, key, node.keys_at[key], names)
        key_name = None if about is None or about.key is None else names.get(about.key.text)
        if about is not None and about.key is not None and key_name is None:
            self.found.append(
                catalog.UNKNOWN_REFERENCE.at(
                    about.key.span, kind=Text("field", "字段"), name=about.key.text, known=", ".join(fields)
                )
            )
        record = RecordType(name, fields, names, key_name)
        self.attributes[name] = Attribute(name, Type(Kind.RECORDS, record=record), len(self.attributes), span=place)
        for way in ways:
            self.take(way, name, place, self.names)

    # --- attributes ---------------------------------------------------------------------------------------------------

    def built(self, name: str, slot: int, read: ValueTypeFile, place: Span) -> Attribute | None:
        kind = Kind(read.type)
        before = len(self.found)
        self.check_settings(read, kind)
        domain = self.domain(read, kind)
        if len(self.found) > before or (_needs_values(read, kind) and domain is None):
            return None
        labels = {language: each.text for language, each in read.label.items()}
        return Attribute(
            name,
            Type(kind, domain),
            slot,
            min=read.min,
            max=read.max,
            max_length=read.max_length,
            labels=labels,
            span=place,
        )

    def check_settings(self, read: ValueTypeFile, kind: Kind) -> None:
        for key, kinds in _SETTINGS.items():
            if key in read.model_fields_set and kind not in kinds:
                self.found.append(catalog.ATTRIBUTE_SETTING.at(read.key_span(key), key=key, type=Type(kind).words))
        if read.min is not None and read.max is not None and read.min > read.max:
            self.found.append(
                catalog.WRONG_VALUE.at(
                    read.span_of("max"), value=read.max, expected=Text("at least `min`", "不小于 `min` 的值")
                )
            )
        if _needs_values(read, kind) and not read.values and not self.is_misspelt("values", read.span):
            self.found.append(catalog.VALUES_REQUIRED.at(read.span, type=Type(kind).words))

    def is_misspelt(self, key: str, within: Span) -> bool:
        """Whether a key that is not there was written in another way, which has been found already."""
        return any(
            each.code is catalog.UNKNOWN_KEY
            and each.values.get("suggestion") == key
            and each.span is not None
            and within.start <= each.span.start < within.end
            for each in self.found
        )

    def domain(self, read: ValueTypeFile, kind: Kind) -> Domain | None:
        if kind not in (Kind.ENUM, Kind.SET) or not read.values:
            return None
        aliases: dict[str, str] = {}
        labels: dict[str, Mapping[str, str]] = {}
        for value, about in read.values.items():
            if about is None:
                continue
            said, found = validate(ValueFile, about)
            self.found.extend(found)
            if isinstance(said, ValueFile):
                labels[value] = {language: each.text for language, each in said.label.items()}
                for alias in said.alias.values():
                    if alias.text in read.values and alias.text != value:
                        self.found.append(catalog.NAME_TAKEN.at(alias.span, name=alias.text, other=f"`{alias.text}`"))
                    self.take(self.normal(alias), value, alias.span, aliases)
        return Domain(tuple(read.values), read.ordered, aliases, labels)

    # --- names --------------------------------------------------------------------------------------------------------

    def writable(self, name: str, place: Span) -> bool:
        if not is_writable(name):
            self.found.append(catalog.BAD_NAME.at(place, name=name))
            return False
        return True

    def normal(self, alias: Scalar) -> str:
        self.writable(alias.text, alias.span)
        return alias.text

    def take(self, way: str, name: str, place: Span, table: dict[str, str]) -> None:
        if table.setdefault(way, name) != name:
            self.found.append(catalog.NAME_TAKEN.at(place, name=way, other=f"`{table[way]}`"))

    # --- formulas -----------------------------------------------------------------------------------------------------

    def finish(self) -> Dictionary:
        dictionary = Dictionary(self.attributes, self.names, self.namespaces)
        trees: dict[str, Typed] = {}
        for name, scalar in self.formulas.items():
            try:
                trees[name] = check(parse(scalar), dictionary, self.zone, self.attributes[name].type)
            except DiagnosticError as error:
                self.found.extend(error.diagnostics)
        ordered = [name for name in self.computable(trees) if name in trees]
        formulas = {name: Computed(trees[name]) for name in ordered}
        return Dictionary(self.attributes, self.names, self.namespaces, formulas)

    def computable(self, trees: Mapping[str, Typed]) -> list[str]:
        """The attributes in an order in which every formula finds what it reads; none where one reads itself."""
        reads = {name: [read.name for read in attributes_read(tree)] for name, tree in trees.items()}
        try:
            return list(TopologicalSorter(reads).static_order())
        except CycleError as error:
            around = list(reversed(error.args[1]))[:-1]
            start = min(range(len(around)), key=lambda index: list(trees).index(around[index]))
            circle = [*around[start:], *around[:start], around[start]]
            place = self.formulas[circle[0]].span
            self.found.append(catalog.DERIVED_IN_CIRCLE.at(place, name=f"`{circle[0]}`", circle=" → ".join(circle)))
            return []


def _used(attribute: Attribute, read: AttributeFile) -> Attribute:
    """The attribute with what the pack may do with it."""
    return replace(attribute, use=read.use, changeable=read.changeable, pii=read.pii)


def _needs_values(read: ValueTypeFile, kind: Kind) -> bool:
    return kind is Kind.ENUM or (kind is Kind.SET and read.of != "string")
