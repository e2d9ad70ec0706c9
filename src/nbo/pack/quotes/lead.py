"""Lead terms: a customer is named to a partner, who calls back. Data is handed over on consent alone; nothing has a price.

In: an offer's `quote:` of type `lead`. Out: `LeadTerms`; `nbo.quote.lead` makes quotes of them. The recipient, the purpose
and the data stand once: the conditions on the customer's consent are made from them here, in the condition language, so
they cannot be about anything else than what would be handed over.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated, ClassVar, Literal

from pydantic import Field, WithJsonSchema

from nbo.diagnostics import catalog
from nbo.diagnostics.diagnostic import Text
from nbo.diagnostics.place import Span
from nbo.language.dictionary import Dictionary
from nbo.language.expression import Expression
from nbo.language.types import BOOLEAN, DATE, DATETIME, STRING, Attribute, Domain, Kind, RecordType, Type
from nbo.pack.quotes.context import QuoteContext
from nbo.pack.quotes.terms import Asked, QuoteTerms
from nbo.pack.quotes.wording import Labels, enum_of, key_of, listed, texts
from nbo.source.model import Condition, Name, Part, Words, Written, choice
from nbo.source.nodes import Scalar

RISK_CLASSES = ("R1", "R2", "R3", "R4", "R5")
RiskClass = Literal["R1", "R2", "R3", "R4", "R5"]
RISK_CLASS = Type(Kind.ENUM, Domain(RISK_CLASSES, ordered=True, aliases={}, labels={}))

_CONSENT_FIELDS: Mapping[str, Kind] = {
    "purpose": Kind.ENUM,
    "recipient": STRING.kind,
    "fields": Kind.SET,
    "granted_at": DATETIME.kind,
    "withdrawn_at": DATETIME.kind,
}


# --- as it is written -------------------------------------------------------------------------------------------------


class RecipientFile(Part):
    """Who is given the data."""

    id: Name
    """The partner's id in the records of consent / 授权记录中的合作方标识"""
    label: Words
    """Its name as a customer hears it / 向客户说明的名称"""


class CallbackFile(Part):
    """What happens next."""

    by: Words
    """Who calls back / 由谁回电"""
    until: Condition
    """The last day on which that happens, such as `today + days(3)` / 最迟回电日"""


class LeadFile(Part):
    """A lead's terms."""

    type: Annotated[Written, WithJsonSchema({"const": "lead"})]
    """`lead` / 转介线索"""
    recipient: RecipientFile
    """Who is given the data / 信息接收方"""
    consents: Name
    """The list of records that says who agreed to what / 授权记录列表"""
    purpose: Name
    """What for; a value of the `purpose` of those records / 用途"""
    hands_over: list[Name] = Field(min_length=1)
    """The data that is handed over; values of the `fields` of those records / 拟提供的信息种类"""
    product_class: Words = Field(default_factory=dict)
    """What kind of product, in words / 产品类别"""
    risk_class: Annotated[RiskClass | None, choice(*RISK_CLASSES)] = None
    """The product's risk class, R1 to R5; left out where it is no investment / 产品风险等级，非投资类不填"""
    callback: CallbackFile
    """Who calls back, and by when / 由谁、最迟何时回电"""
    valid_until: Condition
    """The last day on which the lead may be passed on, such as `today + days(30)` / 线索有效期"""


# --- as it is linked --------------------------------------------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class LeadTerms(QuoteTerms):
    """Everything that a lead is made from; `granted`, `covers` and `stands` each ask for more than the one before."""

    kind: ClassVar[str] = "lead"
    # which values a recipient, a purpose or the data can have is the pack's own: `lead_types`
    fields: ClassVar[Mapping[str, Type]] = {
        "quote.recipient": enum_of({}),
        "quote.purpose": enum_of({}),
        "quote.hands_over": enum_of({}),
        "quote.risk_class": RISK_CLASS,
        "quote.callback_by": DATE,
        "quote.valid_until": DATE,
    }
    unanswered: ClassVar[frozenset[str]] = frozenset({"quote.hands_over"})

    recipient: str
    recipient_label: Labels
    purpose: str
    hands_over: tuple[str, ...]
    product_class: Labels
    risk_class: str | None
    caller: Labels
    callback_by: Expression
    valid_until: Expression
    granted: Expression
    covers: Expression
    stands: Expression
    consent_span: Span
    span: Span

    def asked(self) -> Iterator[Asked]:
        """The consent, then the days."""
        yield Asked(self.stands, "consent")
        yield Asked(self.callback_by, "callback")
        yield Asked(self.valid_until, "terms")

    def prices(self) -> Iterator[Expression]:
        """A lead has none."""
        return iter(())

    def texts(self) -> Iterator[Labels]:
        """What an agent sees beside the script."""
        yield self.recipient_label
        yield self.product_class
        yield self.caller

    def largest(self, field: str) -> Decimal | None:
        """A lead has no numbers."""
        del field
        return None


def lead_types(written: Iterable[LeadFile], dictionary: Dictionary) -> Mapping[str, Type]:
    """The values and words of recipients, purposes and data in this pack."""
    recipients: dict[str, Labels] = {}
    data: dict[str, Labels] = {}
    purpose: Type | None = None
    for each in written:
        recipients.setdefault(each.recipient.id.text, texts(each.recipient.label))
        record = _record(dictionary, each.consents.text)
        fields = None if record is None else _domain(record, "fields")
        names = [name.text for name in each.hands_over]
        data[key_of(names)] = listed([{} if fields is None else fields.labels.get(name, {}) for name in names])
        if record is not None and _domain(record, "purpose") is not None:
            purpose = record.fields["purpose"].type
    return {
        "quote.recipient": enum_of(recipients),
        "quote.hands_over": enum_of(data),
        "quote.purpose": purpose or enum_of({}),
    }


def link_lead(context: QuoteContext, written: LeadFile) -> LeadTerms | None:
    """The terms, or None with the mistakes collected."""
    label = context.linker.words(written.recipient.label, written.recipient.span_of("label"))
    _check_recipient(context, written.recipient)
    caller = context.linker.words(written.callback.by, written.callback.span_of("by"))
    product_class = context.words(written, "product_class")
    callback_by = context.condition(written.callback.until, DATE)
    valid_until = context.condition(written.valid_until, DATE)
    consent = _consent(context, written)
    if consent is None or callback_by is None or valid_until is None:
        return None
    granted, covers, stands = consent
    return LeadTerms(
        recipient=written.recipient.id.text, recipient_label=label, purpose=written.purpose.text,
        hands_over=tuple(each.text for each in written.hands_over), product_class=product_class,
        risk_class=written.risk_class, caller=caller, callback_by=callback_by, valid_until=valid_until,
        granted=granted, covers=covers, stands=stands, consent_span=written.span_of("purpose"), span=written.span,
    )  # fmt: skip


def _check_recipient(context: QuoteContext, written: RecipientFile) -> None:
    """A partner has one name: a script must not tell a customer another one than the offer beside it."""
    domain = context.linker.dictionary.attributes["quote.recipient"].type.domain
    known = {} if domain is None else domain.labels.get(written.id.text, {})
    if known != texts(written.label):
        context.linker.found.append(catalog.RECIPIENT_RENAMED.at(written.span_of("label"), id=written.id.text))


def _consent(context: QuoteContext, written: LeadFile) -> tuple[Expression, Expression, Expression] | None:
    """Whether consent was given to this recipient for this purpose; for all of this data; and is not withdrawn."""
    lists = {each.name: each for each in context.linker.dictionary if each.type.kind is Kind.RECORDS}
    records = context.linker.reference(written.consents, lists, Text("list of records", "记录列表"))
    record = None if records is None else records.type.record
    if record is None or not _has_fields(context, written.consents, record):
        return None
    purposes, kinds = _domain(record, "purpose"), _domain(record, "fields")
    good = [_known(context, written.purpose, purposes, Text("purpose", "用途"))]
    good.extend(_known(context, each, kinds, Text("kind of data", "信息种类")) for each in written.hands_over)
    if not all(good):
        return None
    given = (
        f'it.purpose == "{written.purpose.text}" and it.recipient == "{written.recipient.id.text}"'
        " and it.granted_at <= now"
    )
    covering = "".join(f' and "{each.text}" in it.fields' for each in written.hands_over)
    standing = " and (it.withdrawn_at is missing or it.withdrawn_at > now)"
    linked = [
        context.condition(Scalar(f"any({record.name}, {given}{more})", written.span_of("purpose")), BOOLEAN)
        for more in ("", covering, covering + standing)
    ]
    granted, covers, stands = linked
    return None if granted is None or covers is None or stands is None else (granted, covers, stands)


def _has_fields(context: QuoteContext, name: Scalar, record: RecordType) -> bool:
    """Whether the records say all that consent is made of."""
    lacking = [each for each, kind in _CONSENT_FIELDS.items() if _kind(record.fields.get(each)) is not kind]
    for each in lacking:
        kind = Type(_CONSENT_FIELDS[each]).words
        context.linker.found.append(catalog.NO_CONSENT_FIELD.at(name.span, name=name.text, field=each, kind=kind))
    return not lacking


def _kind(field: Attribute | None) -> Kind | None:
    return None if field is None else field.type.kind


def _known(context: QuoteContext, name: Scalar, domain: Domain | None, kind: Text) -> bool:
    values = {} if domain is None else {each: each for each in domain.values}
    return context.linker.reference(name, values, kind) is not None


def _record(dictionary: Dictionary, name: str) -> RecordType | None:
    attribute = dictionary.find(name)
    return None if attribute is None else attribute.type.record


def _domain(record: RecordType, field: str) -> Domain | None:
    return record.fields[field].type.domain if field in record.fields else None
