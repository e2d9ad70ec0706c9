"""Offers: their conditions compiled stage by stage, their quote's terms, and what they are worth to either side."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from nbo.diagnostics import catalog
from nbo.diagnostics.diagnostic import Text
from nbo.language.tree import Constant
from nbo.language.types import MONEY, Kind
from nbo.pack.authority import Authority
from nbo.pack.clause import InForce
from nbo.pack.files.offers import (
    SALES_NEED,
    OfferFile,
    PropensityFile,
    SideValueFile,
    ValidFile,
)
from nbo.pack.link import Linker, Setting
from nbo.pack.offer import ForEach, Offer, Propensity, SideValue
from nbo.pack.quotes.context import QuoteContext
from nbo.pack.quotes.kinds import QUOTE_KINDS, quote_fields
from nbo.pack.quotes.terms import QuoteTerms
from nbo.pack.script import Script
from nbo.source.model import validate
from nbo.source.nodes import Node

TIERS = {"mandatory": 0, "service": 1, "sales": 2}
_EXAMPLES = {
    "value": "`value:` with `bank:` and `customer:`, each `{amount: quote.total_interest, scale: [0, 2000]}`",
    "propensity": "`propensity: 0.12`",
    "script": "`script:` and the name of a script",
}

_A_NUMBER = Text("a number from 0 to 1", "0 到 1 之间的数")
_A_PROBABILITY = Text("a number from 0 to 1, such as `0.12`", "0 到 1 之间的数，例如 `0.12`")


@dataclass
class OfferLinker:
    """Links offers with what they refer to."""

    linker: Linker
    scripts: Mapping[str, Script]
    authorities: Mapping[str, Authority]
    mandatory_families: frozenset[str]
    today: date

    def link(self, written: OfferFile) -> Offer:
        """The offer; what is wrong with it is collected, and a broken part is left out."""
        before_quote = Setting(frozenset({"offer.", *self._alias(written)}), later="quote")
        quote = self._quote(written, before_quote)
        fields = quote_fields(written.quote_kind)
        after_quote = Setting(before_quote.known | frozenset(fields))
        self._check_sales(written)
        bank, customer = self._values(written, after_quote)
        script = None
        if written.script is not None:
            script = self.linker.reference(written.script, self.scripts, Text("script", "话术"))
        mandatory = written.family.text in self.mandatory_families
        return Offer(
            id=written.offer.text,
            family=written.family.text,
            kind=written.kind,
            # a mandatory family comes first; its gates and contact rules stay those of its kind
            tier=TIERS["mandatory" if mandatory else written.kind],
            labels=self.linker.words(written.label, written.span_of("label")),
            valid=self._valid(written.valid),
            exclusive_group=None if written.exclusive_group is None else written.exclusive_group.text,
            priority=written.priority,
            for_each=self._for_each(written),
            eligibility=self.linker.clauses(written.eligibility, "eligibility", before_quote),
            applicability=self.linker.clauses(written.applicability, "applicability", before_quote),
            volume=self.linker.clauses(written.volume, "volume", before_quote),
            suitability=self.linker.clauses(written.suitability, "suitability", after_quote),
            quote=quote,
            bank_value=bank,
            customer_value=customer,
            propensity=self._propensity(written.propensity, after_quote),
            script=script,
            span=written.span_of("offer"),
        )

    def _alias(self, written: OfferFile) -> frozenset[str]:
        return frozenset() if written.for_each is None else frozenset({f"{written.for_each.as_.text}."})

    def _check_sales(self, written: OfferFile) -> None:
        if written.kind == "sales":
            for key in SALES_NEED:
                if getattr(written, key) is None:
                    example = _EXAMPLES[key]
                    self.linker.found.append(catalog.SALES_NEEDS.at(written.span_of("kind"), key=key, example=example))

    def _valid(self, written: ValidFile | None) -> InForce:
        if written is None:
            return InForce(None, None)
        if written.start is not None and written.through is not None and written.through < written.start:
            span = written.span_of("through")
            self.linker.found.append(catalog.DATES_BACKWARDS.at(span, start=written.start, through=written.through))
        elif written.through is not None and written.through < self.today:
            self.linker.found.append(catalog.OFFER_EXPIRED.at(written.span_of("through"), through=written.through))
        return InForce(written.start, written.through)

    def _for_each(self, written: OfferFile) -> ForEach | None:
        if written.for_each is None:
            return None
        lists = {each.name: each for each in self.linker.dictionary if each.type.kind is Kind.RECORDS}
        records = self.linker.reference(written.for_each.record, lists, Text("list of records", "记录列表"))
        if records is None or records.type.record is None:
            return None
        alias = written.for_each.as_.text
        record = records.type.record
        names = [f"{alias}.{name}" for name in record.fields]
        if not names or not set(names) <= self.linker.dictionary.attributes.keys():
            return None  # the alias cannot be used, which is reported where its names are added
        first = self.linker.dictionary.attributes[names[0]].slot
        key_slot = None if record.key is None else record.fields[record.key].slot
        return ForEach(records, alias, first, len(record.fields), key_slot)

    # --- value --------------------------------------------------------------------------------------------------------

    def _values(self, written: OfferFile, setting: Setting) -> tuple[SideValue | None, SideValue | None]:
        if written.value is None:
            return None, None
        bank = self._side(written.value.bank, setting)
        customer = self._side(written.value.customer, setting)
        if bank is not None and customer is not None:
            self._check_balance(bank, customer, written.quote_kind)
        return bank, customer

    def _side(self, written: SideValueFile, setting: Setting) -> SideValue | None:
        amount = self.linker.condition(written.amount, setting, MONEY)
        return None if amount is None else SideValue(amount, *written.scale)

    def _check_balance(self, bank: SideValue, customer: SideValue, quote_kind: str) -> None:
        """An offer worth more to the bank the more it costs, with a customer's value that does not notice."""
        terms = QUOTE_KINDS[quote_kind].terms if quote_kind else None
        costs, savings = (terms.costs, terms.savings) if terms is not None else (frozenset(), frozenset())
        seen = {each.name for each in customer.amount.reads}
        for attribute in bank.amount.reads:
            if attribute.name in costs and not seen & (costs | savings):
                span = bank.amount.whole
                self.linker.found.append(catalog.ONE_SIDED_VALUE.at(span, field=attribute.name))

    def _propensity(self, written: PropensityFile | None, setting: Setting) -> Propensity | None:
        if written is None:
            return None
        expression = None
        if written.expression is not None:
            expression = self.linker.condition(written.expression, setting, None)
            if expression is not None and expression.type.kind not in (
                Kind.NUMBER,
                Kind.DECIMAL,
                Kind.RATE,
                Kind.INTEGER,
            ):
                span = expression.whole
                self.linker.found.append(
                    catalog.WRONG_RESULT_TYPE.at(span, actual=expression.type.words, expected=_A_NUMBER)
                )
            elif expression is not None and isinstance(expression.tree, Constant):
                self._check_value(written.expression, 0 <= Decimal(str(expression.tree.value)) <= 1, _A_PROBABILITY)
        elif written.scorer is None or written.fallback is None:
            key = "scorer" if written.scorer is None else "fallback"
            self.linker.found.append(catalog.KEY_REQUIRED.at(written.span, key=key))
        else:
            self._check_value(written.node_of("fallback"), 0 <= written.fallback <= 1, _A_PROBABILITY)
        return Propensity(expression, None if written.scorer is None else written.scorer.text, written.fallback)

    def _check_value(self, node: Node, good: bool, expected: Text) -> None:  # noqa: FBT001 - what is checked
        if not good:
            self.linker.found.append(catalog.WRONG_VALUE.at(node.span, value=node.span.text, expected=expected))

    # --- quotes -------------------------------------------------------------------------------------------------------

    def _quote(self, written: OfferFile, setting: Setting) -> QuoteTerms | None:
        if written.quote is None:
            return None
        kind = QUOTE_KINDS[written.quote_kind]
        read, found = validate(kind.model, written.quote)
        self.linker.found.extend(found)
        context = QuoteContext(self.linker, setting, self.authorities, self.today)
        return kind.link(context, read) if isinstance(read, kind.model) else None
