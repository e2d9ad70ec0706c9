"""Compliance packs: rules with citation and evidence."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field

from nbo.pack.files.shared import At, Named, StageName
from nbo.source.model import (
    Condition,
    Day,
    Exact,
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
    through: Day | None = None


class SpeedFile(Part):
    """How fast a language is spoken."""

    characters_per_minute: Exact | None = None
    words_per_minute: Exact | None = None
    pause_seconds: Exact = Decimal(0)


class RuleFile(Part):
    """One compliance rule; which of the later keys apply follows from its kind."""

    id: Name
    kind: Annotated[str, choice("forbid", "require", "gate", "bound", "bind", "talk_time")]
    text: Words
    citation: Written
    evidence: Annotated[Literal["official", "secondary", "bank_policy"], choice("official", "secondary", "bank_policy")]
    in_force: ForceFile
    severity: Annotated[Literal["block", "warn"], choice("block", "warn")]
    families: Scope = None
    channels: Scope = None
    when: Condition | None = None
    terms: list[Written] | None = None
    except_: Annotated[list[Written], Field(alias="except", default_factory=list)]
    fields: list[Written] | None = None
    slots: Named | None = None
    phrases: Named | None = None
    must: Condition | None = None
    at: At = "pitch"
    reason: Words = Field(default_factory=dict)
    units: Named | None = None
    stages: list[StageName] | None = None
    max_seconds: Exact | None = None
    speed: Named | None = None


class ComplianceFile(Part):
    """A jurisdiction's rules."""

    jurisdiction: Name
    coverage: Annotated[Literal["illustrative", "complete"], choice("illustrative", "complete")]
    rules: list[RuleFile] = Field(min_length=1)
