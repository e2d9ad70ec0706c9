"""What every kind of quote terms says about itself, so that nothing outside of its file asks which kind it is.

Linked terms are part of a `RulePack`; `nbo.quote` makes quotes of them.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, ClassVar

from nbo.diagnostics.diagnostic import Text
from nbo.diagnostics.place import Span
from nbo.language.expression import Expression
from nbo.language.tree import Call, Read
from nbo.language.types import Kind, Type, Value

if TYPE_CHECKING:  # an offer has terms
    from nbo.pack.authority import Authority


@dataclass(frozen=True, slots=True)
class Asked:
    """An expression that a quote is made from; without its value there is no quote at all where it `blocks`.

    `part` and `name` say where it stands, for the list of what a pack reads.
    """

    expression: Expression
    name: str
    blocks: bool = True
    part: str = "quote"


class QuoteTerms(ABC):
    """Everything that one offer's quote is made from.

    `fields` are the attributes that conditions and scripts read; those of `unanswered` are for them alone, the JSON of a
    decision has the numbers that they are made of. `costs` is what the customer pays, `savings` what is left to the customer
    when that is paid. `choices` are what the customer can choose, of `principal`, `periods`, `budget`,
    `components`, `new_limit` and `days`.
    """

    kind: ClassVar[str]
    fields: ClassVar[Mapping[str, Type]]
    unanswered: ClassVar[frozenset[str]] = frozenset()
    costs: ClassVar[frozenset[str]] = frozenset()
    choices: ClassVar[frozenset[str]] = frozenset()
    savings: ClassVar[frozenset[str]] = frozenset()
    span: Span

    @abstractmethod
    def asked(self) -> Iterator[Asked]:
        """Every expression that it reads, in order."""

    @abstractmethod
    def prices(self) -> Iterator[Expression]:
        """What decides how much the customer pays or gets back."""

    @abstractmethod
    def largest(self, field: str) -> Decimal | None:
        """The largest value that a number among the fields can have; None where nothing bounds it."""

    def bound_advice(self, field: str) -> Text | None:
        """What to write where `largest` is None; None where the usual advice, `max` for the attribute, is right."""
        del field
        return None

    def rate_digits(self, field: str) -> int:
        """The most digits that a rate among the fields has before the point, as a percentage."""
        del field
        return 2

    def texts(self) -> Iterator[Mapping[str, str]]:
        """Words by language that an agent sees beside the numbers."""
        return iter(())

    def authorities(self) -> Iterator[Authority]:
        """The authorities that bound it."""
        return iter(())

    def granted_by(self, fields: Mapping[str, Value | None]) -> Authority | None:
        """The authority under which a quote with these fields is given; None where it needs nobody's."""
        del fields
        return None


def add_max(key: str) -> Text:
    """Advice for an amount that an expression of the terms gives."""
    return Text(f"add `max` to the attribute that `{key}` reads", f"请给 `{key}` 所读的属性加上 `max`")


def add_key(key: str) -> Text:
    """Advice for a field of terms that were left out."""
    return Text(f"add `{key}`, which it is taken from, or leave it unsaid", f"请写明 `{key}`，或不要念出")


def upper_bound(expression: Expression, positive: tuple[str, ...] = ()) -> Decimal | None:
    """The `max` of the attribute that an amount is taken from, less an attribute of `positive` at most."""
    tree = expression.tree
    if isinstance(tree, Call) and tree.function.name == "subtract":
        less = tree.arguments[-1]
        if isinstance(less, Read) and less.attribute.name in positive:
            tree = tree.arguments[0]
    if isinstance(tree, Read) and tree.type.kind is Kind.MONEY:
        return tree.attribute.max
    return None
