"""A condition on its own: text in, a value or UNKNOWN out, by the interpreter and by generated code.

This is the public door to the language (`nbo.compile_expression`); packs compile their conditions through `compile_scalar`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from zoneinfo import ZoneInfo

from nbo.diagnostics.diagnostic import DiagnosticError, Severity
from nbo.diagnostics.place import Span
from nbo.language.check import check
from nbo.language.computed import Computed
from nbo.language.dictionary import Dictionary
from nbo.language.dictionary_file import read_dictionary
from nbo.language.facts import prepare_values
from nbo.language.generate import Compiled
from nbo.language.intake import Values
from nbo.language.interpret import evaluate
from nbo.language.missing import missing_attributes
from nbo.language.parse import parse
from nbo.language.tree import Place
from nbo.language.types import BOOLEAN, UNKNOWN, Attribute, Type, Unknown, Value
from nbo.once import once
from nbo.source.nodes import Scalar, from_plain


@dataclass(frozen=True, eq=False)
class Expression(Computed):
    """A compiled condition with its text and its place in the file.

    Conditions of the same text share their `meaning`: what is made of the tree is made once for all of them.
    """

    scalar: Scalar
    meaning: Computed | None = None

    @property
    def text(self) -> str:
        """The condition as written."""
        return self.scalar.text

    @property
    def type(self) -> Type:
        """What it gives."""
        return self.tree.type

    def span(self, place: Place) -> Span:
        """Where a part of the condition stands in its file."""
        return self.scalar.part(*place)

    @property
    def whole(self) -> Span:
        """The condition without its quotes."""
        return self.span((0, len(self.text)))

    @once
    def compiled(self) -> Compiled:
        """As for every tree."""
        return super().compiled if self.meaning is None else self.meaning.compiled

    @once
    def forgiven(self) -> frozenset[int]:
        """As for every tree."""
        return super().forgiven if self.meaning is None else self.meaning.forgiven

    @once
    def results(self) -> frozenset[bool] | None:
        """As for every tree."""
        return super().results if self.meaning is None else self.meaning.results

    @once
    def reads(self) -> tuple[Attribute, ...]:
        """As for every tree."""
        return super().reads if self.meaning is None else self.meaning.reads

    @once
    def ask(self) -> Compiled:
        """The generated function as a decision asks it: unknown where it looks at the absence of a refused value."""
        compiled, forgiven = self.compiled, self.forgiven
        if not forgiven:
            return compiled

        def guarded(values: Sequence[Value | None]) -> Value | None:
            refused = values.refused if isinstance(values, Values) else ()
            return compiled(values) if forgiven.isdisjoint(refused) else None

        return guarded

    def refused(self, values: Sequence[Value | None]) -> frozenset[int]:
        """The refused values whose absence it looks at, by slot."""
        return self.forgiven & values.refused if isinstance(values, Values) else frozenset()

    def missing(self, values: Sequence[Value | None], dictionary: Dictionary) -> tuple[str, ...]:
        """The absent attributes behind an unknown value, and the refused ones whose absence it looks at."""
        refused = self.refused(values)
        if refused:
            return tuple(attribute.name for attribute in dictionary if attribute.slot in refused)
        return missing_attributes(self.tree, values, dictionary)


def compile_scalar(scalar: Scalar, dictionary: Dictionary, zone: tzinfo, expected: Type | None = BOOLEAN) -> Expression:
    """A condition of a rule file; mistakes raise `DiagnosticError` with all that was found."""
    tree = check(parse(scalar), dictionary, zone, expected)
    return Expression(tree, scalar, Computed(tree))


@dataclass(frozen=True, eq=False)
class CompiledExpression:
    """What `nbo.compile_expression` gives."""

    expression: Expression
    dictionary: Dictionary
    zone: tzinfo

    @property
    def type(self) -> str:
        """The name of the result's type, such as `boolean` or `money`."""
        return str(self.expression.type.kind)

    def evaluate(self, values: Mapping[str, object], *, at: datetime | None = None) -> Value | Unknown:
        """The value by the reference interpreter.

        `values` is nested by namespace; what is absent, `None` or not acceptable is missing. `at` is the clock (with a
        zone); without it `now` and `today` are missing.
        """
        result = evaluate(self.expression.tree, self._prepared(values, at, interpreted=True))
        return UNKNOWN if result is None else result

    def function(self, values: Mapping[str, object], *, at: datetime | None = None) -> Value | Unknown:
        """The value by generated code; the same as `evaluate`."""
        result = self.expression.compiled(self._prepared(values, at))
        return UNKNOWN if result is None else result

    def missing(self, values: Mapping[str, object], *, at: datetime | None = None) -> tuple[str, ...]:
        """The absent attributes that keep the value unknown; empty when the value is known."""
        return missing_attributes(self.expression.tree, self._prepared(values, at), self.dictionary)

    def _prepared(
        self, values: Mapping[str, object], at: datetime | None, *, interpreted: bool = False
    ) -> list[Value | None]:
        if at is not None and at.tzinfo is None:
            raise ValueError("`at` needs a zone")
        moment = None if at is None else at.astimezone(UTC)
        return prepare_values(self.dictionary, values, moment, self.zone, interpreted=interpreted)[0]


def compile_expression(text: str, attributes: Mapping[str, object], *, timezone: str = "UTC") -> CompiledExpression:
    """Compile one condition against a dictionary in the form of `dictionary.yaml`.

    Raises `DiagnosticError` with every mistake in the text or the dictionary.

    >>> adult = compile_expression("customer.age >= 18", {"customer": {"age": {"type": "integer"}}})
    >>> adult.evaluate({"customer": {"age": 48}}), adult.evaluate({}), adult.missing({})
    (True, UNKNOWN, ('customer.age',))
    """
    zone = ZoneInfo(timezone)
    dictionary, found = read_dictionary(from_plain(attributes, "attributes"), zone)
    errors = [each for each in found if each.severity is Severity.ERROR]
    if dictionary is None or errors:
        raise DiagnosticError(*errors)
    scalar = from_plain(text, "expression")
    assert isinstance(scalar, Scalar)  # noqa: S101 - a text becomes a scalar
    return CompiledExpression(compile_scalar(Scalar(text, scalar.span), dictionary, zone, None), dictionary, zone)
