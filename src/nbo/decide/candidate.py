"""An offer on its way through the stages for one customer, and what stopped it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Context, Decimal

from nbo.decide.facts import Facts
from nbo.diagnostics.diagnostic import Text
from nbo.diagnostics.place import Span
from nbo.index.index import MatchIndex
from nbo.language.intake import Values
from nbo.pack.clause import Clause, Serve
from nbo.pack.contact import ContactGroup
from nbo.pack.offer import Offer
from nbo.pack.rulepack import RulePack
from nbo.pack.script import Treatment
from nbo.quote.choices import NOTHING_CHOSEN, Choices
from nbo.quote.quotes import Quote
from nbo.script.compliance import Check, ScriptChecker
from nbo.script.render import RenderedScript

MISSING = Text("missing: {names}", "缺少数据：{names}")
SCORE_CONTEXT = Context(prec=40, rounding=ROUND_HALF_UP)  # four factors of 4 places multiply exactly


@dataclass(frozen=True, slots=True)
class Blocked:
    """Why a candidate left: the stage, a stable code, words by language, and the place in the pack.

    `missing` names the absent attributes when nothing failed but something was unknown; `undecided` is for what is unknown
    with everything there, such as a division by zero.
    """

    stage: str
    code: str
    words: Mapping[str, str]
    span: Span | None
    clause: Clause | None = None
    missing: tuple[str, ...] = ()
    serve: tuple[Serve, ...] = ()
    undecided: bool = False

    @property
    def unknown(self) -> bool:
        """Whether it was stopped by what is not known, and not by a failed condition."""
        return self.undecided or bool(self.missing)

    def text(self, language: str) -> str:
        """The reason in words: what is missing, never that it failed; the condition where nobody wrote a reason."""
        if self.missing:
            return MISSING.fill(language, {"names": ", ".join(self.missing)})
        if language in self.words:
            return self.words[language]
        if self.words:
            return next(iter(self.words.values()))
        return self.clause.expression.text if self.clause is not None else self.code


@dataclass(frozen=True, slots=True)
class Factors:
    """The factors of the score, each clamped and rounded to 4 places."""

    p: Decimal
    c: Decimal
    v: Decimal
    l: Decimal  # noqa: E741 - the factor's own name

    @property
    def score(self) -> Decimal:
        """P · C · V · L, exactly."""
        return SCORE_CONTEXT.multiply(SCORE_CONTEXT.multiply(self.p, self.c), SCORE_CONTEXT.multiply(self.v, self.l))


@dataclass(slots=True, eq=False)
class Candidate:
    """One offer, for one record if it asks for each; the stages fill it in turn."""

    offer: Offer
    values: Values
    unmasked: Values
    record: int | None = None
    choices: Choices = NOTHING_CHOSEN
    quote: Quote | None = None
    factors: Factors | None = None
    bank_only: bool = False
    scored: Decimal | None = None  # what its scorer gave
    unscored: bool = False  # its scorer gave nothing, so the fallback stands in
    renderings: dict[str, RenderedScript | tuple[str, ...]] = field(default_factory=dict)  # in full, by treatment
    treatment: Treatment | None = None
    script: RenderedScript | None = None
    checks: list[Check] = field(default_factory=list)
    blocked: Blocked | None = None


Scoring = Callable[[object, Mapping[str, Sequence[str]]], Mapping[str, object]]
"""Takes the profile (a mapping, unchecked) and offer ids by scorer; gives what the scorers said in time, by offer id."""


def no_scores(_profile: object, _wanted: Mapping[str, Sequence[str]]) -> Mapping[str, object]:
    """Where no scorer is registered."""
    return {}


@dataclass(frozen=True, slots=True)
class Setting:
    """What all candidates of one decision share."""

    pack: RulePack
    facts: Facts
    channel: str
    language: str
    checker: ScriptChecker
    index: MatchIndex
    scoring: Scoring = no_scores
    # the place of the first contact rule of a group that suppresses, by the offer or family that it asks about, if any
    suppressed: dict[tuple[ContactGroup, str], int | None] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    @property
    def today(self) -> date:
        """The day in the pack's zone."""
        return self.facts.today
