"""The index of a pack: which offers a customer may have, in rank order; and the same masks for why not.

In: values by slot. Out: the ids of the offers that pass gates, validity, eligibility and applicability, in static order
(tier, priority, id). It says nothing of quotes, suitability and scores.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Collection, Sequence

from nbo.index import bits
from nbo.index.build import Builder
from nbo.index.question import Question
from nbo.index.shared import Gates, Places, Shared, shared_contact
from nbo.index.why_not import WhyNot
from nbo.language.dictionary import Dictionary
from nbo.language.intake import Values
from nbo.once import once
from nbo.pack.contact import ContactRule
from nbo.pack.gate import Gate
from nbo.pack.memory import Memory
from nbo.pack.offer import Offer


class MatchIndex:
    """Immutable once built; shared by threads."""

    def __init__(
        self,
        dictionary: Dictionary,
        offers: Sequence[Offer],
        gates: Sequence[Gate] = (),
        contact: Sequence[ContactRule] = (),
        memory: Memory | None = None,
    ) -> None:
        """The index of `offers`, which are in static order; `memory` has what was read for the index before."""
        self.dictionary = dictionary
        self.ids = tuple(each.id for each in offers)
        bounds = bits.segments(len(offers))
        builder = Builder(dictionary, Memory() if memory is None else memory)
        self.segments = tuple(builder.segment(start, offers[start:stop]) for start, stop in bounds)
        places = Places(offers, bounds)
        self.gates = Gates(gates, places)
        self.contact = shared_contact(contact, places)

    def match(
        self, values: Values, unmasked: Values | None = None, *, channel: str = "phone", limit: int | None = None
    ) -> list[str]:
        """The ids of the offers that pass, the best first; at most `limit`.

        `unmasked` is what an opt-out does not hide (default: `values`).
        """
        past = self._past_gates(values, unmasked, channel) if self.gates else None
        found: list[str] = []
        wanted = limit
        for n, segment in enumerate(self.segments):
            alive = segment.alive(values)
            if past is not None and alive:
                alive = past(alive, n)
            if segment.hang and (hanging := alive & segment.hanging(values)):
                alive = segment.certain(alive, hanging, values, self.dictionary, wanted)
            segment.names.add(found, alive, wanted)
            if limit is not None:
                wanted = limit - len(found)
                if wanted <= 0:
                    return found[:limit]
        return found

    def why_not(
        self,
        values: Values,
        unmasked: Values | None = None,
        *,
        channel: str = "phone",
        held_back: Callable[[], Collection[str]] = frozenset,
    ) -> WhyNot:
        """The outcome of every offer, told when it is asked for.

        `held_back` gives the offers that the contact policy holds back for everybody.
        """
        return WhyNot(self, Question(values, unmasked or values, channel), held_back)

    @once
    def places(self) -> dict[str, int]:
        """The place of every offer."""
        return {each: place for place, each in enumerate(self.ids)}

    def segment_of(self, place: int) -> int:
        """The number of the segment that has a place."""
        return bisect_right([each.start for each in self.segments], place) - 1

    def all_gated(self, values: Values, unmasked: Values, *, channel: str) -> bool:
        """Whether the gates stop every offer."""
        past = self._past_gates(values, unmasked, channel)
        return not any(past(segment.everything, n) for n, segment in enumerate(self.segments))

    def _past_gates(self, values: Values, unmasked: Values | None, channel: str) -> Callable[[int, int], int]:
        """A function of some offers of a segment and its number: those that every gate is certain to let through.

        A gate in doubt is asked once, and only where it can stop somebody.
        """
        question = Question(values, values if unmasked is None else unmasked, channel)
        asked = self.gates.asked(channel, question.today)
        in_doubt: tuple[Shared, ...] | None = None
        opens: dict[Shared, bool] = {}

        def past(alive: int, n: int) -> int:
            nonlocal in_doubt
            if in_doubt is None:
                in_doubt = asked.in_doubt(question)
            for gate in in_doubt:
                if alive & gate.masks[n]:
                    if gate not in opens:
                        opens[gate] = gate.result(question, self.dictionary) is True
                    if not opens[gate]:
                        alive &= ~gate.masks[n]
            return alive

        return past
