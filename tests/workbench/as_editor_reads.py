"""A YAML file as an editor hands it to a JSON Schema, in either version of YAML."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import yaml

from nbo.diagnostics.place import SourceText
from nbo.source.nodes import to_plain
from nbo.source.yaml_file import parse_yaml


class _Yaml11(yaml.CSafeLoader):
    """YAML 1.1: `yes` is a boolean, `10:30` a number; dates stay text, as JSON has none."""


_Yaml11.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if not tag.endswith(":timestamp")]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def as_yaml_12(text: str) -> Any:
    return _json(to_plain(parse_yaml(SourceText("file.yaml", "file.yaml", text))))


def as_yaml_11(text: str) -> Any:
    return _json(yaml.load(text, _Yaml11))  # noqa: S506 - a safe loader


def _json(value: Any) -> Any:
    if isinstance(value, dict):
        return {str(key): _json(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_json(each) for each in value]
    return float(value) if isinstance(value, Decimal) else value
