"""Find the wording of one rule in a normalized text.

Place: a compliance rule that forbids wording holds a `TermSet`; the text comes from `nbo.script.normalize`. Out come the
hits, at their place in the original text. Which words are listed, and what a hit means, is the rule's matter; all rules
of a pack together are a `nbo.script.lexicon.Lexicon`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from nbo.script.negation import Negation
from nbo.script.normalize import Normalized
from nbo.script.readings import other_readings
from nbo.script.wording import Wording

Hit = tuple[int, int, str]
"""Start, end and the term as it was written."""


class TermSet:
    """Words to find and phrases inside which they are fine, compiled once and used for any number of texts.

    `terms` and `excepts` are written as a person writes them; they are normalized like the text, so 國家級 is 国家级,
    and "risk-free" is "Risk free". A term stands anywhere in a CJK text; where it begins or ends with a Latin letter or
    a digit, no letter or digit may follow on that side, nor a number go on (`5%` is not in `15%` or `7.5%`). With a
    `negation`, a term that is denied is no hit.

    Raises `ValueError` for a term or an exception of which normalizing leaves nothing.

    >>> from nbo.script.normalize import normalize
    >>> forbidden = TermSet(["最低", "best"], excepts=["最低还款额"])
    >>> forbidden.find(normalize("最低还款额不变，利率最 低，the BEST, bestow"))
    [(10, 13, '最低'), (18, 22, 'best')]
    """

    __slots__ = ("_covering", "_excepts", "_negation", "terms")

    def __init__(self, terms: Sequence[str], excepts: Sequence[str] = (), negation: Negation | None = None) -> None:
        once: dict[str, Wording] = {}
        for wording in map(Wording, terms):
            once.setdefault(wording.normal, wording)
        self.terms: Sequence[Wording] = list(once.values())
        self._excepts = [Wording(phrase) for phrase in excepts]
        self._negation = negation
        self._covering: dict[Wording, Sequence[Wording]] = {}

    def find(self, text: Normalized) -> list[Hit]:
        """Every hit as start and end in the original text and the term as it was written, by place.

        Of the terms that begin at one place only the longest is reported; hits that overlap otherwise are all there. A
        hit that lies wholly inside an exception is left out. An empty `TermSet` finds nothing.
        """
        return self.find_in([text, *other_readings(text)], self.terms)

    def find_in(self, readings: Sequence[Normalized], terms: Iterable[Wording]) -> list[Hit]:
        """The same for some of the terms, in all readings of one text."""
        longest: dict[int, Hit] = {}
        for reading in readings:
            for start, end, term in self._hits(reading.text, terms):
                hit = (*reading.span(start, end), term)
                if hit[0] not in longest or longest[hit[0]][1] < hit[1]:
                    longest[hit[0]] = hit
        return sorted(longest.values())

    def occurs_in(self, text: Normalized) -> bool:
        """Whether there is a hit; where it stands is not worked out.

        >>> from nbo.script.normalize import normalize
        >>> TermSet(["单利"]).occurs_in(normalize("年化利率（單利）13.03%"))
        True
        """
        readings = [text, *other_readings(text)]
        return any(True for reading in readings for _ in self._hits(reading.text, self.terms))

    def _excepting(self, term: Wording) -> Sequence[Wording]:
        """The exceptions that can cover a term: those that hold it.

        PERF: a rule has up to sixty exceptions; sought all, they take 50 µs of a text in which one of them stands.
        """
        known = self._covering.get(term)
        if known is None:
            known = [each for each in self._excepts if "…" in each.normal or term.places(each.normal)]
            self._covering[term] = known
        return known

    def _hits(self, text: str, terms: Iterable[Wording]) -> Iterator[Hit]:
        """Hits in a normalized text that no exception covers and nothing denies."""
        places = [(term, term.places(text)) for term in terms]
        found = sorted((start, -end, term.written) for term, its in places for start, end in its)
        if not found:
            return
        excepting = dict.fromkeys(each for term, its in places if its for each in self._excepting(term))
        exceptions = iter(sorted(place for each in excepting for place in each.places(text)))
        # Begins before every hit and covers nothing.
        exception: tuple[int, int] | None = (0, 0)
        covered_to, denied_until = 0, -1
        last_start = -1
        for start, minus_end, term in found:
            end = -minus_end
            # Both run from left to right: of the exceptions that begin up to the hit only the farthest end counts.
            while exception is not None and exception[0] <= start:
                covered_to = max(covered_to, exception[1])
                exception = next(exceptions, None)
            if end <= covered_to or start == last_start:
                continue
            if self._negation and self._negation.turns_round(text, start, end, denied_until):
                denied_until = end
            else:
                last_start = start
                yield start, end, term
