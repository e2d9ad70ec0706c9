"""Which records made a rule hold: the refusals, the contacts, the complaint behind a suppression.

In: a condition that holds or cannot be told, and the values that it was asked with. Out: the names of the records that it
counted, by the field that names them. By the interpreter, when somebody asks; a decision pays nothing for it.
"""

from __future__ import annotations

from collections.abc import Iterator

from nbo.explain.values import MASKED
from nbo.language.interpret import Row, evaluate
from nbo.language.tree import Fold, Logic, Read, Typed, children


def records_behind(tree: Typed, values: Row) -> tuple[str, ...]:
    """The records in the order of their list, each once; of a part that is false there are none.

    A record without a name, or of a list without a `key`, is called by its place, `history[0]`; personal data is masked.
    """
    found = {name: None for fold in _folds(tree, values) for name in _counted(fold, values)}
    return tuple(found)


def _folds(node: Typed, values: Row) -> Iterator[Fold]:
    """The questions about records that speak for a result that is not false."""
    if isinstance(node, Fold):
        yield node
    elif isinstance(node, Logic):
        for each in node.operands:
            if evaluate(each, values) is not False:
                yield from _folds(each, values)
    else:
        for each in children(node):
            yield from _folds(each, values)


def _counted(fold: Fold, values: Row) -> Iterator[str]:
    """The records for which the condition holds, or cannot be told where it holds for none that would do."""
    records, record = evaluate(fold.records, values), fold.records.type.record
    if not isinstance(records, tuple) or record is None or fold.condition is None:
        return
    held = [evaluate(fold.condition, values, row) for row in records]
    certain = evaluate(fold, values) is not None
    name = fold.records.attribute.name if isinstance(fold.records, Read) else record.name
    key = None if record.key is None else record.fields[record.key]
    for place, (row, holds) in enumerate(zip(records, held, strict=True)):
        if holds is True or (holds is None and not certain):
            called = None if key is None else row[key.slot]
            masked = key is not None and key.pii
            yield f"{name}[{place}]" if called is None else MASKED if masked else str(called)
