"""Scripts: treatments, segments, objections."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from nbo.pack.files.shared import StageName, around
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
    when: Condition | None = None
    optional: Flag = False
    says: list[Name] = Field(default_factory=list)
    verbatim: Flag = False
    text: Words


class ObjectionFile(Part):
    """The answer to an objection, and how often it may be tried."""

    id: Name
    tries: Count = 1
    text: Words


class StepFile(Part):
    """What follows a yes."""

    id: Name
    required: Flag = True


class TreatmentFile(Part):
    """One way to say an offer."""

    id: Name
    version: Count
    channels: list[Name] = Field(min_length=1)
    when: Condition | None = None
    reangles: Flag = False
    segments: list[TextSegmentFile] = Field(min_length=1)
    objections: list[ObjectionFile] = Field(default_factory=list)
    after_yes: list[Annotated[StepFile, around("id")]] = Field(default_factory=list)


class ScriptFile(Part):
    """All treatments of an offer."""

    script: Name
    treatments: list[TreatmentFile] = Field(min_length=1)
