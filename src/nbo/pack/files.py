"""The models of the rule files: which keys each has and what form their values take.

What the values mean together (does the script exist, does the condition type-check) is settled by the linker.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, PlainValidator

from nbo.diagnostics import catalog
from nbo.diagnostics.diagnostic import Text
from nbo.source.model import (
    Condition,
    Count,
    Day,
    Exact,
    Flag,
    Moment,
    Name,
    Part,
    Scope,
    Share,
    Whole,
    Words,
    Written,
    check_choice,
    choice,
    decimal_of,
    refuse,
)
from nbo.source.nodes import Mapping, Node, Scalar, Sequence

KINDS = ("sales", "service", "mandatory")
STAGES = ("opening", "need", "offer", "disclosure", "consent", "close")
LANGUAGES = ("zh", "en")

Kind = Literal["sales", "service", "mandatory"]
KindName = Annotated[Kind, choice(*KINDS)]
At = Annotated[Literal["pitch", "order"], choice("pitch", "order")]
StageName = Annotated[str, choice(*STAGES)]


def _around(key: str) -> BeforeValidator:
    """A bare scalar stands for a mapping with one key: `- a == 1` for `- when: a == 1`."""

    def wrap(node: Any) -> Any:
        if not isinstance(node, Scalar):
            return node
        wrapped = Mapping({key: node})
        wrapped.span, wrapped.keys_at = node.span, {key: node.span}
        return wrapped

    return BeforeValidator(wrap)


class ClauseFile(Part):
    """One line of a list of conditions: `reason` says why not when it fails, `because` why when it holds."""

    when: Condition
    id: Name | None = None
    reason: Words = Field(default_factory=dict)
    because: Words = Field(default_factory=dict)


Clause = Annotated[ClauseFile, _around("when")]
Clauses = list[Clause]


class ServeFile(Part):
    """How to serve a customer who gets no offer."""

    outcome: Name
    channel: Name


# --- pack.yaml --------------------------------------------------------------------------------------------------------


class PartFile(Part):
    """Where a part of the pack is, or why there is none."""

    path: Written | None = None
    none: Written | None = None


def _part(node: Any) -> Any:
    """A path, or `{none: why}`."""
    if isinstance(node, Mapping) and set(node) == {"none"}:
        return node
    if not isinstance(node, Scalar) or node.is_null:
        refuse(catalog.WRONG_SHAPE.at(node.span, expected=Text("a path or `{none: why}`", "路径或 `{none: 原因}`")))
    return _wrapped("path", node)


def _wrapped(key: str, node: Scalar) -> Mapping:
    wrapped = Mapping({key: node})
    wrapped.span, wrapped.keys_at = node.span, {key: node.span}
    return wrapped


def _compliance(node: Any) -> Any:
    """A list of paths, or `{none: why}`."""
    if isinstance(node, Mapping) and set(node) == {"none"}:
        return [node]
    if not isinstance(node, Sequence) or not node:
        refuse(
            catalog.WRONG_SHAPE.at(
                node.span, expected=Text("a list of paths or `{none: why}`", "路径列表或 `{none: 原因}`")
            )
        )
    items = Sequence(_part(each) for each in node)
    items.span = node.span
    return items


def _distinct(node: Any) -> Any:
    """A list that says everything once."""
    first: dict[str, int] = {}
    for each in node if isinstance(node, Sequence) else ():
        if isinstance(each, Scalar) and first.setdefault(each.text, each.span.start) != each.span.start:
            line = each.span.source.line_and_column(first[each.text])[0]
            refuse(catalog.DUPLICATE_KEY.at(each.span, key=each.text, line=line))
    return node


PartPath = Annotated[PartFile, BeforeValidator(_part)]


class PersonalizationFile(Part):
    """When a customer has opted out of personalized marketing."""

    opted_out: Condition


class PackFile(Part):
    """`pack.yaml`: it names every part, so that none can vanish."""

    pack: Name
    version: Written
    language_version: Annotated[str, choice("1")]
    locale: Written
    languages: Annotated[
        list[Annotated[Literal["zh", "en"], choice(*LANGUAGES)]], Field(min_length=1), BeforeValidator(_distinct)
    ]
    currency: Name
    timezone: Written
    dictionary: Written
    offers: Written
    scripts: PartPath
    gates: PartPath
    arbitration: PartPath
    contact: PartPath
    authority: PartPath
    compliance: Annotated[list[PartFile], BeforeValidator(_compliance)]
    segments: PartPath | None = None
    tests: PartPath | None = None
    tables: Written | None = None
    moments: Written | None = None
    personalization: PersonalizationFile | None = None


# --- gates, contact, authority, segments ------------------------------------------------------------------------------


def _every_kind() -> list[Kind]:
    return ["sales", "service", "mandatory"]


def _sales_alone() -> list[Kind]:
    return ["sales"]


class GateFile(Part):
    """Something that must hold before offers of these kinds are shown (pitch) or taken (order)."""

    id: Name
    kinds: list[KindName] = Field(default_factory=_every_kind, min_length=1)
    at: At = "pitch"
    when: Condition
    reason: Words
    serve: ServeFile | None = None


class ContactFile(Part):
    """When not to approach this customer with this offer."""

    id: Name
    kinds: list[KindName] = Field(default_factory=_sales_alone, min_length=1)
    families: Scope = None
    suppress_when: Condition
    reason: Words


class LimitFile(Part):
    """Up to how much somebody may give away."""

    when: Condition
    up_to: Exact


class AuthorityFile(Part):
    """What an agent may waive; beyond the limits the case goes to somebody else."""

    id: Name
    limits: list[LimitFile] = Field(min_length=1)
    reason: Words
    above: ServeFile | None = None


class SegmentFile(Part):
    """A named group of customers, read in conditions as `segment.ID`."""

    id: Name
    label: Words = Field(default_factory=dict)
    when: Clauses = Field(min_length=1)


# --- arbitration ------------------------------------------------------------------------------------------------------


class SidesFile(Part):
    """How much the bank's and the customer's value count, and what becomes of an offer good for the bank only."""

    bank: Share
    customer: Share
    bank_only: Annotated[Literal["suppress", "reangle"], choice("suppress", "reangle")] = "suppress"


class WeightFile(Part):
    """What this call says about families of offers."""

    when: Condition
    families: list[Name] = Field(min_length=1)
    weight: Exact


def _range(node: Any) -> tuple[Decimal, Decimal]:
    if not (isinstance(node, Sequence) and len(node) == 2 and all(isinstance(each, Scalar) for each in node)):
        refuse(
            catalog.WRONG_SHAPE.at(
                node.span, expected=Text("two numbers, `[lowest, highest]`", "两个数 `[下限, 上限]`")
            )
        )
    low, high = (decimal_of(each) for each in node if isinstance(each, Scalar))
    if low >= high:
        refuse(
            catalog.WRONG_VALUE.at(
                node.span, value=node.span.text, expected=Text("a range from low to high", "从低到高的范围")
            )
        )
    return low, high


def _not_negative(node: Any) -> tuple[Decimal, Decimal]:
    low, high = _range(node)
    if low < 0:
        expected = Text("a range that starts at 0 or above", "不小于 0 的范围")
        refuse(catalog.WRONG_VALUE.at(node.span, value=node.span.text, expected=expected))
    return low, high


Range = Annotated[tuple[Decimal, Decimal], PlainValidator(_range)]
FactorRange = Annotated[tuple[Decimal, Decimal], PlainValidator(_not_negative)]


class BoundsFile(Part):
    """The range of each factor of the score."""

    p: FactorRange = (Decimal("0.001"), Decimal(1))
    c: FactorRange = (Decimal("0.2"), Decimal(3))
    v: FactorRange = (Decimal(0), Decimal(1))
    l: FactorRange = (Decimal("0.2"), Decimal(3))  # noqa: E741 - the factor's own name


def _levers(node: Any) -> dict[str, Decimal]:
    if not isinstance(node, Mapping):
        refuse(
            catalog.WRONG_SHAPE.at(
                node.span, expected=Text("a lever a family, `family: +0.10`", "每个产品族一个调节值，`family: +0.10`")
            )
        )
    read: dict[str, Decimal] = {}
    for family, value in node.items():
        if not isinstance(value, Scalar):
            refuse(catalog.WRONG_SHAPE.at(value.span, expected=Text("a number", "数字")))
        read[family] = decimal_of(value)
    return read


class ArbitrationFile(Part):
    """Which offer comes first."""

    value: SidesFile
    context: list[WeightFile] = Field(default_factory=list)
    levers: Annotated[dict[str, Decimal], PlainValidator(_levers)] = Field(default_factory=dict)
    bounds: BoundsFile = Field(default_factory=BoundsFile.model_construct)
    mandatory_families: list[Name] = Field(default_factory=list)
    per_family: Count = 1
    serve: ServeFile | None = None


# --- offers -----------------------------------------------------------------------------------------------------------


class ValidFile(Part):
    """First and last day of an offer, in the pack's zone."""

    start: Annotated[Day | None, Field(alias="from")] = None
    through: Day | None = None


class ForEachFile(Part):
    """One candidate a record of a list."""

    record: Name
    as_: Annotated[Name, Field(alias="as")]


class SideValueFile(Part):
    """An amount on an absolute scale."""

    amount: Condition
    scale: Range


class ValueFile(Part):
    """What an offer is worth to either side."""

    bank: SideValueFile
    customer: SideValueFile


class PropensityFile(Part):
    """How likely a yes is: a number or expression, or a scorer with what stands in for it."""

    expression: Condition | None = None
    scorer: Name | None = None
    fallback: Share | None = None


class PrincipalFile(Part):
    """How much is put into installments: a share of an amount, rounded."""

    of: Condition
    share: Share = Decimal(1)
    round: Annotated[Literal["down", "half_up"], choice("down", "half_up")] = "down"
    to: Exact = Decimal("0.01")
    min: Exact | None = None
    max: Exact | None = None


class TermFile(Part):
    """A number of periods and its rate."""

    periods: Count
    rate: Share
    recommended: Flag = False


class RevolvingFile(Part):
    """What the same debt would cost on the card; withheld from customers who pay in full."""

    daily_rate: Share
    unless: Condition


class InstallmentFile(Part):
    """An installment quote's terms."""

    type: Written
    principal: PrincipalFile
    terms: list[TermFile] = Field(min_length=1)
    collection: Annotated[Literal["each_period", "first_period"], choice("each_period", "first_period")] = "each_period"
    remainder: Annotated[Literal["last", "first"], choice("last", "first")] = "last"
    settlement: Annotated[
        Literal["charged_so_far", "one_more_period", "share_of_principal", "all_remaining"],
        choice("charged_so_far", "one_more_period", "share_of_principal", "all_remaining"),
    ]
    first_due: Condition | None = None
    valid_until: Condition | None = None
    limit_after: Condition | None = None
    collector: Words = Field(default_factory=dict)
    default_cost: Words = Field(default_factory=dict)
    revolving: RevolvingFile | None = None


class WaiverFile(Part):
    """A charge that is given back, within somebody's authority."""

    type: Written
    amount: Condition
    authority: Name


QUOTES: dict[str, type[Part]] = {"installment": InstallmentFile, "waiver": WaiverFile}


def _quote(node: Any) -> Any:
    """The model that `type` names reads the rest."""
    if not isinstance(node, Mapping):
        refuse(catalog.WRONG_SHAPE.at(node.span, expected=Text("a mapping (`key: value`)", "映射（`键: 值`）")))
    kind = node.get("type")
    if not isinstance(kind, Scalar):
        refuse(catalog.KEY_REQUIRED.at(node.span, key="type"))
    check_choice(kind, tuple(QUOTES))
    return node


class OfferFile(Part):
    """One offer."""

    offer: Name
    family: Name
    kind: KindName
    label: Words
    eligibility: Clauses
    applicability: Clauses = Field(default_factory=list)
    suitability: Clauses = Field(default_factory=list)
    volume: Clauses = Field(default_factory=list)
    valid: ValidFile | None = None
    exclusive_group: Name | None = None
    priority: Whole = 0
    for_each: ForEachFile | None = None
    quote: Annotated[Mapping, PlainValidator(_quote)] | None = None  # read by the model of its type when linked
    value: ValueFile | None = None
    propensity: Annotated[PropensityFile, _around("expression")] | None = None
    script: Name | None = None

    @property
    def quote_kind(self) -> str:
        """The quote's `type` as written; empty where there is no quote."""
        kind = None if self.quote is None else self.quote["type"]
        return kind.text if isinstance(kind, Scalar) else ""


# --- scripts ----------------------------------------------------------------------------------------------------------


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
    after_yes: list[Annotated[StepFile, _around("id")]] = Field(default_factory=list)


class ScriptFile(Part):
    """All treatments of an offer."""

    script: Name
    treatments: list[TreatmentFile] = Field(min_length=1)


# --- compliance -------------------------------------------------------------------------------------------------------


class ForceFile(Part):
    """The first and last day on which a rule applies."""

    start: Annotated[Day, Field(alias="from")]
    through: Day | None = None


class SpeedFile(Part):
    """How fast a language is spoken."""

    characters_per_minute: Exact | None = None
    words_per_minute: Exact | None = None
    pause_seconds: Exact = Decimal(0)


def _by_name(node: Any) -> dict[str, Node]:
    if not isinstance(node, Mapping):
        refuse(catalog.WRONG_SHAPE.at(node.span, expected=Text("a mapping (`key: value`)", "映射（`键: 值`）")))
    return dict(node)


Named = Annotated[dict[str, Any], PlainValidator(_by_name)]


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


# --- tests ------------------------------------------------------------------------------------------------------------


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
