"""The form of `dictionary.yaml` for an editor, made of the models that its reader uses.

The reader (`dictionary_file.py`) takes a namespace key by key, because any key may name an attribute; these types say the
same to pydantic's JSON Schema. Nothing is read with them.
"""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from nbo.language.dictionary_file import RESERVED, AttributeFile, NamespaceFile
from nbo.source.model import AN_IDENTIFIER, Words


def _names(schema: dict[str, Any]) -> None:
    schema["propertyNames"] = {**AN_IDENTIFIER, "not": {"enum": sorted(RESERVED)}}


class RecordsNamespace(NamespaceFile):
    """A list of records / 记录列表"""  # noqa: D400, D415 - an editor shows it as it stands

    records: Annotated[dict[str, AttributeFile], Field(min_length=1, json_schema_extra=_names)]
    """The fields of a record / 记录的字段"""


class AttributesNamespace(BaseModel):
    """Attributes by name / 属性"""  # noqa: D400, D415 - an editor shows it as it stands

    model_config = ConfigDict(extra="allow", arbitrary_types_allowed=True, json_schema_extra=_names)
    __pydantic_extra__: dict[str, AttributeFile]

    label: Words = Field(default_factory=dict)
    """What people read / 显示名称"""
    alias: Words = Field(default_factory=dict)
    """Another way to write it in conditions / 条件中的别名"""


def _either(schema: dict[str, Any]) -> None:
    records, attributes = schema.pop("anyOf")
    schema |= {"if": {"required": ["records"]}, "then": records, "else": attributes}


Namespace = Annotated[RecordsNamespace | AttributesNamespace, Field(json_schema_extra=_either)]
DictionaryForm = Annotated[dict[str, Namespace], Field(json_schema_extra=_names)]
