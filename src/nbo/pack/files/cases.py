"""The pack's own tests: personas, and cases with what must come of them. What they refer to is checked when they are linked."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field, PlainValidator

from nbo.diagnostics import catalog
from nbo.diagnostics.diagnostic import Text
from nbo.language.intake import WARNING_CODES
from nbo.pack.files.shared import Named, ServeFile
from nbo.pack.stage_codes import STAGE_CODES
from nbo.source.model import Flag, Moment, Name, Part, Written, choice, refuse, validate
from nbo.source.nodes import Mapping, Scalar, Sequence

NO_OFFER = "none"
"""What `winner` says when nothing may be offered, and a number of the quote that must be absent."""

EXPECTATIONS = (
    "winner", "reason", "serve", "order", "blocked", "unknown", "missing", "quote", "subject", "script", "nowhere",
    "degraded", "warnings",
)  # fmt: skip
"""The keys of a case that expect something."""

_A_NAME = Text("a name, or a list of names", "名称或名称列表")
_A_PROFILE = Text(
    "namespaces, each with its attributes (`customer: {age: 40}`)", "命名空间及其属性（`customer: {age: 40}`）"
)


def _one_or_several(node: Any) -> tuple[Scalar, ...]:
    names = list(node) if isinstance(node, Sequence) else [node]
    if not names or not all(isinstance(each, Scalar) and not each.is_null for each in names):
        refuse(catalog.WRONG_SHAPE.at(node.span, expected=_A_NAME))
    read: list[Scalar] = []
    for each in names:
        name, found = validate(Name, each)
        if found:
            refuse(found[0])
        read.append(name)
    return tuple(read)


def _a_mapping(node: Any) -> Mapping:
    if not isinstance(node, Mapping):
        refuse(catalog.WRONG_SHAPE.at(node.span, expected=_A_PROFILE))
    return node


Names = Annotated[tuple[Scalar, ...], PlainValidator(_one_or_several)]
Changes = Annotated[Mapping, PlainValidator(_a_mapping)]


class PersonaFile(Part):
    """A customer and call that cases start from: what it inherits, then its own changes."""

    about: Written | None = None
    inherits: Names = ()
    profile: Changes | None = None


class BlockedFile(Part):
    """Where an offer must be stopped, and by what: an attribute that the stopping condition reads, its id, or a code."""

    stage: Annotated[str, choice(*STAGE_CODES)]
    because: Written | None = None


class ScriptExpectedFile(Part):
    """What the winner's script must and may never say, and how it came about."""

    must: list[Written] = Field(default_factory=list)
    never: list[Written] = Field(default_factory=list)
    says: list[Name] = Field(default_factory=list)
    treatment: Name | None = None
    compliance: Annotated[str | None, choice("passed", "warned")] = None


class CaseFile(Part):
    """One customer and call, and what must come of it."""

    id: Name
    about: Written
    at: Moment | None = None
    channel: Name | None = None
    language: Name | None = None
    persona: Name | None = None
    profile: Changes | None = None
    winner: Name | None = None
    reason: Name | None = None
    serve: ServeFile | None = None
    order: Annotated[list[Name] | None, Field(min_length=1)] = None
    blocked: dict[str, BlockedFile] = Field(default_factory=dict)
    unknown: dict[str, list[Written]] = Field(default_factory=dict)
    missing: list[Written] | None = None
    quote: Named = Field(default_factory=dict)
    subject: dict[str, Written] = Field(default_factory=dict)
    script: ScriptExpectedFile | None = None
    nowhere: list[Written] = Field(default_factory=list)
    degraded: Flag | None = None
    warnings: dict[str, Annotated[str, choice(*WARNING_CODES)]] = Field(default_factory=dict)

    @property
    def expects_something(self) -> bool:
        """Whether any outcome would make the case fail; `missing: []` and `degraded: false` say something, `{}` does not."""
        if self.missing is not None or self.degraded is not None:
            return True
        script = self.script is not None and bool(self.script.keys_present)
        return script or any(getattr(self, key) for key in EXPECTATIONS if key != "script")


class CasesFile(Part):
    """A file of `tests/`: personas, which every file of the folder can use, and cases with what they have in common."""

    at: Moment | None = None
    channel: Name | None = None
    language: Name | None = None
    persona: Name | None = None
    personas: dict[str, PersonaFile] = Field(default_factory=dict)
    cases: list[CaseFile] = Field(default_factory=list)
