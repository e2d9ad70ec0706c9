"""What the linkers of quote terms share: the offer's setting, the pack's authorities, and checks of single values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from nbo.diagnostics import catalog
from nbo.diagnostics.diagnostic import Text
from nbo.language.expression import Expression
from nbo.language.types import Type
from nbo.pack.authority import Authority
from nbo.pack.link import Linker, Setting
from nbo.source.model import Part
from nbo.source.nodes import Node, Scalar


@dataclass(frozen=True, slots=True)
class QuoteContext:
    """Where a quote's terms are linked.

    `setting` is what the offer knows before there is a quote, `today` the day of the check in the pack's zone.
    """

    linker: Linker
    setting: Setting
    authorities: Mapping[str, Authority]
    today: date

    def condition(self, scalar: Scalar | None, expected: Type, *quoted: str) -> Expression | None:
        """The compiled expression; None where it was left out or has mistakes, which are collected.

        `quoted` are fields of the quote that are known before this expression is asked.
        """
        if scalar is None:
            return None
        setting = replace(self.setting, known=self.setting.known | frozenset(quoted)) if quoted else self.setting
        return self.linker.condition(scalar, setting, expected)

    def words(self, written: Part, key: str) -> Mapping[str, str]:
        """Texts that may be left out."""
        texts = getattr(written, key)
        return self.linker.words(texts, written.span_of(key)) if texts else {}

    def check_value(self, node: Node, good: bool, expected: Text) -> None:  # noqa: FBT001 - what is checked
        """Collect a finding about a single value unless it is good."""
        if not good:
            self.linker.found.append(catalog.WRONG_VALUE.at(node.span, value=node.span.text, expected=expected))
