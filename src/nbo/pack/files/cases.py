"""The pack's own tests."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field, PlainValidator

from nbo.pack.files.shared import Named
from nbo.source.model import (
    Moment,
    Name,
    Part,
    Written,
)
from nbo.source.nodes import Mapping


class CaseFile(Part):
    """One customer and call, and what must come of it."""

    id: Name
    about: Written
    at: Moment | None = None
    profile: Annotated[Mapping, PlainValidator(lambda node: node)]
    winner: Annotated[Any, PlainValidator(lambda node: node)] = None
    order: list[Name] = Field(default_factory=list)
    blocked: Named = Field(default_factory=dict)
    unknown: Named = Field(default_factory=dict)
    quote: Named = Field(default_factory=dict)
    subject: Named = Field(default_factory=dict)
    script: Named = Field(default_factory=dict)
    nowhere: list[Written] = Field(default_factory=list)


class CasesFile(Part):
    """A file of `tests/`: a customer that the cases change key by key."""

    at: Moment
    base: Annotated[Mapping, PlainValidator(lambda node: node)]
    cases: list[CaseFile] = Field(min_length=1)
