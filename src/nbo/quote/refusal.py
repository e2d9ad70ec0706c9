"""Why a quote cannot be made: a stable code and words, what was missing, and who can help instead."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from nbo.diagnostics.diagnostic import Text
from nbo.diagnostics.place import Span
from nbo.language.dictionary import Dictionary
from nbo.language.expression import Expression
from nbo.language.interpret import Row
from nbo.pack.clause import Clause, Serve


@dataclass(frozen=True, slots=True)
class Refusal:
    """No quote: `missing` names absent attributes when they are the reason, `serve` says who can do it instead.

    `clause` is the condition that does not hold, where it is one.
    """

    code: str
    words: Mapping[str, str]
    span: Span
    missing: tuple[str, ...] = ()
    serve: tuple[Serve, ...] = ()
    clause: Clause | None = None


_UNKNOWN = Text("a number that the quote needs is missing", "缺少报价所需的数据")


def unknown_amount(expression: Expression, values: Row, dictionary: Dictionary, span: Span) -> Refusal:
    """An amount that the quote starts from is missing."""
    return Refusal("missing", both(_UNKNOWN), span, expression.missing(values, dictionary))


def both(text: Text) -> Mapping[str, str]:
    """A text of this library by language."""
    return {"en": text.en, "zh": text.zh}
