"""What an agent must see by a transcript, held against what a session said.

In: the expectation, and what came. Out: the differences, each with its place; none where it holds.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator

from nbo.call.next_step import Next
from nbo.diagnostics.diagnostic import Text
from nbo.source.nodes import Scalar
from nbo.workbench.cases import Difference
from nbo.workbench.passage import nearest_passage
from nbo.workbench.transcript.form import NOTHING, SeesFile

_OPEN = "open"
_NONE = Text("none", "无")
_NO_REASON = Text("no reason", "没有原因")


def sees_differences(sees: SeesFile, said: Next, moments: Collection[str]) -> list[Difference]:
    """What came out differently; `moments` are those that happened so far."""
    return [
        Difference(what, wanted, actual, sees.span_of(what))
        for what, wanted, actual in (*_single(sees, said), *_several(sees, said, moments), *_words(sees, said))
    ]


def _single(sees: SeesFile, said: Next) -> Iterator[tuple[str, Text, Text]]:
    offer = said.step.offer
    why = said.moment.why
    for what, wanted, came in (
        ("stage", sees.stage, said.stage),
        ("moment", _text(sees.moment), _OPEN if said.moment.is_open else "" if why is None else why.code),
        ("step", _text(sees.step), said.step.code),
        ("offer", _text(sees.offer), NOTHING if offer is None else offer.offer),
        ("refused", _text(sees.refused), NOTHING if said.refused is None else said.refused.code),
    ):
        if wanted is not None and wanted != came:
            yield what, _same(wanted), _same(came) if came else _NO_REASON


def _several(sees: SeesFile, said: Next, moments: Collection[str]) -> Iterator[tuple[str, Text, Text]]:
    for what, wanted, came in (
        ("needs", sees.needs, said.needs),
        ("moments", sees.moments, moments),
        ("warnings", sees.warnings, [each.code for each in said.warnings]),
        ("tickets", sees.tickets, [each.owner for each in said.tickets]),
        ("notes", sees.notes, [each.owner or NOTHING for each in said.notes]),
    ):
        if wanted is not None and sorted(each.text for each in wanted) != sorted(came):
            yield what, _list([each.text for each in wanted]), _list(came)


def _words(sees: SeesFile, said: Next) -> Iterator[tuple[str, Text, Text]]:
    if sees.words is None:
        return
    shown = shown_texts(said)
    for each in sees.words.zh if said.language == "zh" else sees.words.en:
        if not any(each.text in text for text in shown):
            near = nearest_passage(" ".join(shown), each.text)
            yield "words", _same(each.text), _NONE if near is None else _same(near)


def shown_texts(said: Next) -> list[str]:
    """All that the agent reads in words: step, script, reasons, notes, tickets, what was refused and warned of."""
    language, step = said.language, said.step
    found = [step.text, step.says, said.moment.reason, None if step.reason is None else step.reason.text(language)]
    found.append(None if step.offer is None else step.offer.label)
    found.append(None if said.refused is None else said.refused.text(language))
    found.extend(each.text(language) for each in said.warnings)
    found.extend(each.need for each in said.tickets)
    found.extend(each.text for each in said.notes)
    return [each for each in found if each]


def _text(written: Scalar | None) -> str | None:
    return None if written is None else written.text


def _same(text: str) -> Text:
    return Text(text, text)


def _list(names: Collection[str]) -> Text:
    return _same(", ".join(sorted(names))) if names else _NONE
