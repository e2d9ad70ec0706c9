"""Lists of conditions as a stage asks them: a permission holds only where every clause is true.

Used by eligibility, applicability, volume and suitability. What fails is told apart from what is unknown: a false clause
is a failure; only when none is false do the missing attributes count.
"""

from __future__ import annotations

from collections.abc import Sequence

from nbo.decide.candidate import Blocked
from nbo.language.dictionary import Dictionary
from nbo.language.interpret import Row
from nbo.pack.clause import Clause


def check_clauses(stage: str, clauses: Sequence[Clause], values: Row, dictionary: Dictionary) -> Blocked | None:
    """None if all are true, else the first false clause, else the first unknown one with all that is missing."""
    for clause in clauses:
        if clause.expression.ask(values) is not True:
            return _blocked(stage, clauses, values, dictionary)
    return None


def _blocked(stage: str, clauses: Sequence[Clause], values: Row, dictionary: Dictionary) -> Blocked:
    unknown: list[Clause] = []
    for clause in clauses:
        result = clause.expression.ask(values)
        if result is False:
            return Blocked(stage, clause.id, clause.reason, clause.span, clause)
        if result is None:
            unknown.append(clause)
    missing = dict.fromkeys(name for each in unknown for name in each.expression.missing(values, dictionary))
    return Blocked(stage, unknown[0].id, unknown[0].reason, unknown[0].span, unknown[0], tuple(missing), undecided=True)
