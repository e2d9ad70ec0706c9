"""JSON Schemas (draft 7) of the rule files, for editors that complete and check YAML while it is typed.

In: the models that read the files. Out: one self-contained schema a kind of file. A schema knows keys, forms and choices;
what names refer to and what conditions mean is known to `nbo check` alone.
"""

from __future__ import annotations

import ast
import inspect
import json
from collections.abc import Mapping
from functools import cache
from itertools import pairwise
from typing import Any

from pydantic import BaseModel, TypeAdapter
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema

from nbo.workbench.rule_files import RULE_FILES, RuleFile

DRAFT_7 = "http://json-schema.org/draft-07/schema#"


class _Draft7(GenerateJsonSchema):
    """What pydantic makes of a model, as draft 7 and as an analyst writes it.

    A key that may be left out may not be written without a value, so `null` is nowhere allowed; beside a `$ref` draft 7
    reads nothing, so what is said beside one goes around it.
    """

    def nullable_schema(self, schema: core_schema.NullableSchema) -> JsonSchemaValue:
        return self.generate_inner(schema["schema"])

    def default_schema(self, schema: core_schema.WithDefaultSchema) -> JsonSchemaValue:
        inner = self.generate_inner(schema["schema"])
        default = schema.get("default")
        return {**_around_ref(inner), "default": default} if isinstance(default, bool | int | str) else inner

    def model_schema(self, schema: core_schema.ModelSchema) -> JsonSchemaValue:
        shape = super().model_schema(schema)
        model: type[BaseModel] = schema["cls"]
        shape.pop("title", None)
        about = key_descriptions(model)
        for name, field in model.model_fields.items():
            key = field.alias or name
            shape["properties"][key] = _described(shape["properties"][key], about.get(name))
        return shape


def schema_of(kind: RuleFile) -> dict[str, Any]:
    """The JSON Schema of a kind of rule file."""
    made = TypeAdapter(kind.form).json_schema(schema_generator=_Draft7, ref_template="#/definitions/{model}")
    definitions = made.pop("$defs", {})
    about = f"{kind.path}: {kind.title.en} / {kind.title.zh}"
    made.pop("description", None)
    shown = {"$schema": DRAFT_7, "title": f"nbo {kind.name}", "description": about, **_around_ref(made)}
    return shown | ({"definitions": dict(sorted(definitions.items()))} if definitions else {})


def schema_text(kind: RuleFile) -> str:
    """The schema as a file."""
    return json.dumps(schema_of(kind), ensure_ascii=False, indent=2) + "\n"


def schema_files() -> Mapping[str, str]:
    """Name and text of every schema file."""
    return {f"{kind.name}.schema.json": schema_text(kind) for kind in RULE_FILES}


@cache
def key_descriptions(model: type[BaseModel]) -> Mapping[str, str]:
    """The text that stands below each key of a model, those of its base first.

    PERF: pydantic's `use_attribute_docstrings` would read the sources whenever `nbo` is imported (+0.25 s); only schemas
    need them.
    """
    found: dict[str, str] = {}
    for each in reversed(model.__mro__):
        if issubclass(each, BaseModel) and each.__module__.startswith("nbo."):
            body = next(node for node in ast.parse(inspect.getsource(each)).body if isinstance(node, ast.ClassDef)).body
            for key, text in pairwise(body):
                if isinstance(key, ast.AnnAssign) and isinstance(key.target, ast.Name) and isinstance(text, ast.Expr):
                    found[key.target.id] = str(ast.literal_eval(text.value))
    return found


def _described(shape: JsonSchemaValue, about: str | None) -> JsonSchemaValue:
    shape = {key: value for key, value in shape.items() if key != "title"}
    return shape if about is None else {"description": about, **_around_ref(shape)}


def _around_ref(shape: JsonSchemaValue) -> JsonSchemaValue:
    return {"allOf": [shape]} if "$ref" in shape else shape
