"""What every linker of a part needs: compile a condition in its setting, collect texts, settle references.

A setting says which of the engine's own attributes (`offer.`, `quote.`, the record of a `for_each`) have a value where the
condition is evaluated; reading another one is an error, not a condition that is always unknown.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar
from zoneinfo import ZoneInfo

from nbo.diagnostics import catalog
from nbo.diagnostics.diagnostic import Diagnostic, DiagnosticError, Text
from nbo.diagnostics.place import Span
from nbo.diagnostics.suggest import nearest
from nbo.language.computed import Computed
from nbo.language.dictionary import Dictionary
from nbo.language.expression import Expression, compile_scalar
from nbo.language.template import Template, parse_template
from nbo.language.types import BOOLEAN, Attribute, Domain, Type
from nbo.pack.clause import Clause
from nbo.pack.files.shared import ClauseFile
from nbo.source.nodes import Scalar
from nbo.source.yaml_file import MOST_FINDINGS

T = TypeVar("T")
_READS_NOTHING = Text("it asks about no attribute", "它没有用到任何属性")
ENGINE_NAMESPACES = frozenset({"offer", "quote"})


@dataclass(frozen=True, slots=True)
class Setting:
    """Which engine attributes have a value here: whole names, or namespaces that end in a dot."""

    known: frozenset[str] = frozenset()
    later: str | None = None  # a namespace whose absence means "too early"

    def allows(self, name: str) -> bool:
        """Whether the attribute has a value."""
        return name in self.known or name.partition(".")[0] + "." in self.known


NOTHING = Setting()


@dataclass
class Linker:
    """The state of linking one pack."""

    dictionary: Dictionary
    zone: ZoneInfo
    languages: tuple[str, ...]
    found: list[Diagnostic] = field(default_factory=list)
    engine_namespaces: set[str] = field(default_factory=lambda: set(ENGINE_NAMESPACES))
    _meanings: dict[tuple[Dictionary, Type | None, str], Computed] = field(default_factory=dict)
    _refused: Counter[str] = field(default_factory=Counter)  # conditions, by file

    # --- conditions ---------------------------------------------------------------------------------------------------

    @property
    def everything(self) -> Setting:
        """For what stands in no offer, or in one with mistakes: nothing is said to have no value."""
        return Setting(frozenset(f"{each}." for each in self.engine_namespaces))

    def condition(
        self,
        scalar: Scalar,
        setting: Setting = NOTHING,
        expected: Type | None = BOOLEAN,
        *,
        must_be_possible: bool = False,
    ) -> Expression | None:
        """The compiled condition, or None with its mistakes collected.

        `must_be_possible`: it may hold for everybody (it is a default, or a scope), but not for nobody. A file with a
        hundred conditions that cannot be read is not read on.
        """
        file = scalar.span.source.path
        if self._refused[file] >= MOST_FINDINGS:
            return None
        try:
            expression = self._compiled(scalar, expected)
        except DiagnosticError as error:
            self._refused[file] += 1
            self.found.extend(error.diagnostics)
            return None
        if must_be_possible:
            self.check_decides(expression, may_hold_always=True)
        return expression if self.check_setting(expression, setting) else None

    def _compiled(self, scalar: Scalar, expected: Type | None) -> Expression:
        """The condition; one of a text that was compiled before shares its meaning."""
        key = (self.dictionary, expected, scalar.text)
        meaning = self._meanings.get(key)
        if meaning is not None:
            return Expression(meaning.tree, scalar, meaning)
        expression = compile_scalar(scalar, self.dictionary, self.zone, expected)
        if expression.meaning is not None:
            self._meanings[key] = expression.meaning
        return expression

    def check_setting(self, expression: Expression, setting: Setting) -> bool:
        """Whether everything that the condition reads can have a value where it is evaluated."""
        good = True
        for attribute in expression.reads:
            namespace = attribute.name.partition(".")[0]
            if namespace in self.engine_namespaces and not setting.allows(attribute.name):
                good = False
                self.found.append(self._not_here(expression, attribute, namespace, setting))
        return good

    def _not_here(self, expression: Expression, attribute: Attribute, namespace: str, setting: Setting) -> Diagnostic:
        at = expression.text.find(attribute.name)
        span = expression.span((at, at + len(attribute.name))) if at >= 0 else expression.whole
        if namespace == setting.later:
            return catalog.QUOTE_TOO_EARLY.at(span, name=attribute.name)
        suggestion = nearest(attribute.name, [each for each in setting.known if not each.endswith(".")])
        return catalog.NOT_SET_HERE.at(
            span, name=attribute.name, suggestion=suggestion, help=catalog.DID_YOU_MEAN if suggestion else None
        )  # fmt: skip

    def clause(self, written: ClauseFile, prefix: str, setting: Setting = NOTHING) -> Clause | None:
        """A clause with its stable id; one that decides nothing, or never holds, is found here."""
        expression = self.condition(written.when, setting)
        reason = self.words(written.reason, written.span_of("reason")) if written.reason else {}
        because = self.words(written.because, written.span_of("because")) if written.because else {}
        if expression is None:
            return None
        self.check_decides(expression)
        clause_id = written.id.text if written.id is not None else stable_id(prefix, expression.text)
        return Clause(clause_id, expression, reason, written.when.span, because)

    def clauses(self, written: Iterable[ClauseFile], prefix: str, setting: Setting = NOTHING) -> tuple[Clause, ...]:
        """All clauses that could be linked."""
        linked = (self.clause(each, prefix, setting) for each in written)
        return tuple(each for each in linked if each is not None)

    def check_decides(self, expression: Expression, *, may_hold_always: bool = False) -> None:
        """A condition that is always true or never true on present, in-range values is a mistake."""
        results = expression.results
        if not results or len(results) == 2 or (may_hold_always and True in results):
            return
        code = catalog.ALWAYS_TRUE if True in results else catalog.NEVER_TRUE
        domains = [domain_in_words(each) for each in expression.reads]
        domain = Text(", ".join(each.en for each in domains), ", ".join(each.zh for each in domains))
        advice = None if expression.reads else _READS_NOTHING
        self.found.append(code.at(expression.whole, domain=domain, help=advice))

    # --- texts and references -----------------------------------------------------------------------------------------

    def words(self, written: Mapping[str, Scalar], span: Span) -> Mapping[str, str]:
        """Texts by language; one is needed for each of the pack's languages."""
        self.check_languages(written, span)
        return {language: scalar.text for language, scalar in written.items()}

    def templates(self, written: Mapping[str, Scalar], span: Span, setting: Setting) -> Mapping[str, Template]:
        """Texts with placeholders by language."""
        self.check_languages(written, span)
        linked: dict[str, Template] = {}
        for language, scalar in written.items():
            try:
                template = parse_template(scalar, self.dictionary)
            except DiagnosticError as error:
                self.found.extend(error.diagnostics)
                continue
            if self.check_placeholders(template, setting):
                linked[language] = template
        return linked

    def check_placeholders(self, template: Template, setting: Setting) -> bool:
        """Whether every placeholder can have a value where the text is said."""
        good = True
        for placeholder in template.placeholders:
            name = placeholder.attribute.name
            if name.partition(".")[0] in self.engine_namespaces and not setting.allows(name):
                good = False
                at = max(template.scalar.text.find(name), 0)
                suggestion = nearest(name, [each for each in setting.known if not each.endswith(".")])
                self.found.append(
                    catalog.NOT_SET_HERE.at(
                        template.scalar.part(at, at + len(name)),
                        name=name,
                        suggestion=suggestion,
                        help=catalog.DID_YOU_MEAN if suggestion else None,
                    )
                )
        return good

    def check_languages(self, written: Mapping[str, Scalar], span: Span) -> None:
        """Every language of the pack has its text, and a text has something to say."""
        for language in self.languages:
            if language not in written:
                self.found.append(catalog.LANGUAGE_MISSING.at(span, language=language))
        for language, scalar in written.items():
            if not scalar.text.strip():
                self.found.append(catalog.LANGUAGE_MISSING.at(scalar.span, language=language))

    def reference(self, name: Scalar, known: Mapping[str, T], kind: Text) -> T | None:
        """What a name refers to, or None with the finding."""
        if name.text in known:
            return known[name.text]
        suggestion = nearest(name.text, known)
        advice = catalog.DID_YOU_MEAN if suggestion else None if known else catalog.NONE_DEFINED
        shown = ", ".join(sorted(known))
        self.found.append(
            catalog.UNKNOWN_REFERENCE.at(
                name.span, kind=kind, name=name.text, known=shown, suggestion=suggestion, help=advice
            )
        )
        return None

    def value(self, name: Scalar, domain: Domain, kind: Text) -> str | None:
        """The value that a name or an alias stands for, or None with the finding."""
        value = domain.find(name.text)
        if value is None:
            suggestion = nearest(name.text, (*domain.values, *domain.aliases))
            advice = catalog.DID_YOU_MEAN if suggestion else None
            shown = ", ".join(domain.values)
            self.found.append(
                catalog.UNKNOWN_REFERENCE.at(
                    name.span, kind=kind, name=name.text, known=shown, suggestion=suggestion, help=advice
                )
            )
        return value

    def families(self, written: Sequence[Scalar] | None, known: Iterable[str]) -> frozenset[str] | None:
        """A scope of families; None is all of them. `known` are the families that the pack's offers have."""
        if written is None:
            return None
        every = {family: family for family in known}
        for each in written:
            self.reference(each, every, Text("family", "产品族"))
        return frozenset(each.text for each in written)

    def unique(self, name: Scalar, taken: dict[str, Span], kind: Text) -> bool:
        """Whether an id is new; the second use is the finding."""
        if name.text in taken:
            self.found.append(catalog.DUPLICATE_ID.at(name.span, kind=kind, id=name.text, place=taken[name.text]))
            return False
        taken[name.text] = name.span
        return True


def stable_id(prefix: str, text: str) -> str:
    """An id for a clause without one: it changes with the condition, not with its place in the list."""
    digest = hashlib.sha256(" ".join(text.split()).encode()).hexdigest()
    return f"{prefix}-{digest[:8]}"


def domain_in_words(attribute: Attribute) -> Text:
    """An attribute with the range that its values can have."""
    low = "" if attribute.min is None else format(attribute.min, "f")
    high = "" if attribute.max is None else format(attribute.max, "f")
    domain = attribute.type.domain
    if domain is not None:
        shown = f"`{attribute.name}` ({', '.join(domain.values[:8])}{', …' if len(domain.values) > 8 else ''})"
        return Text(shown, shown)
    if not (low or high):
        return Text(f"`{attribute.name}`", f"`{attribute.name}`")
    return Text(f"`{attribute.name}` ({low} to {high})", f"`{attribute.name}` ({low} 至 {high})")
