"""Find listed words in a normalized text.

Place: a compliance rule that forbids wording, or asks for a phrase, holds a `TermSet`; the text comes from
`nbo.script.normalize`. Out come the hits, at their place in the original text. Which words are listed, and what a hit
means, is the rule's matter.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from nbo.script.normalize import WORD_CHARACTER, Normalized, normalize

_WORD = re.compile(WORD_CHARACTER)
_NUMBER_BEFORE = re.compile("[0-9][.,]")  # 7. before the 5 of 7.5
_NUMBER_AFTER = re.compile("[.,][0-9]")


class TermSet:
    """Words to find and phrases inside which they are fine, compiled once and used for any number of texts.

    `terms` and `excepts` are written as a person writes them; they are normalized like the text, so 國家級 is 国家级,
    and "risk-free" is "Risk free". A term stands anywhere in a CJK text; where it begins or ends with a Latin letter or
    a digit, no letter or digit may follow on that side, nor a number go on (`5%` is not in `15%` or `7.5%`).

    Raises `ValueError` for a term or an exception of which normalizing leaves nothing.

    >>> forbidden = TermSet(["最低", "best"], excepts=["最低还款额"])
    >>> forbidden.find(normalize("最低还款额不变，利率最 低，the BEST, bestow"))
    [(10, 13, '最低'), (18, 22, 'best')]
    """

    __slots__ = ("_excepts", "_terms")

    def __init__(self, terms: Sequence[str], excepts: Sequence[str] = ()) -> None:
        self._terms = _Finder(terms)
        self._excepts = _Finder(excepts)

    def find(self, text: Normalized) -> list[tuple[int, int, str]]:
        """Every hit as start and end in the original text and the term as it was written, by place.

        Of the terms that begin at one place only the longest is reported; hits that overlap otherwise are all there. A
        hit that lies wholly inside an exception is left out. An empty `TermSet` finds nothing.
        """
        return [(*text.span(start, end), term) for start, end, term in self._hits(text.text)]

    def occurs_in(self, text: Normalized) -> bool:
        """Whether there is a hit; where it stands is not worked out.

        >>> TermSet(["单利"]).occurs_in(normalize("年化利率（單利）13.03%"))
        True
        """
        return any(True for _ in self._hits(text.text))

    def _hits(self, text: str) -> Iterator[tuple[int, int, str]]:
        """Hits in the normalized text that no exception covers."""
        exceptions = self._excepts.find(text)
        # Begins before every hit and covers nothing: the first exception is sought only once there is a hit.
        exception: tuple[int, int, str] | None = (0, 0, "")
        covered_to = 0
        for start, end, term in self._terms.find(text):
            # Both run from left to right: of the exceptions that begin up to the hit only the farthest end counts.
            while exception is not None and exception[0] <= start:
                covered_to = max(covered_to, exception[1])
                exception = next(exceptions, None)
            if end > covered_to:
                yield start, end, term


class _Finder:
    """One pattern for a list of terms.

    PERF: the pattern has the terms alone. A class of characters as large as `WORD_CHARACTER` costs 1.4 ms to compile, and
    two for each term were 0.4 s of `nbo check rules/cn_credit_card`; what stands around a hit is asked of the few hits.
    """

    __slots__ = ("_as_written", "_by_first", "_pattern")

    def __init__(self, terms: Sequence[str]) -> None:
        self._as_written: dict[str, str] = {}
        for term in terms:
            normal = normalize(term).text
            if not normal:
                message = f"term {term!r} is empty once it is normalized"
                raise ValueError(message)
            self._as_written.setdefault(normal, term)
        self._by_first: dict[str, list[_Term]] = {}
        for normal in sorted(self._as_written, key=len, reverse=True):
            self._by_first.setdefault(normal[0], []).append(_Term(normal))
        self._pattern = _pattern(self._by_first) if self._as_written else None

    def find(self, text: str) -> Iterator[tuple[int, int, str]]:
        """Start, end and term in the normalized text: at each place the longest term that begins there."""
        if self._pattern is None:
            return
        hit = self._pattern.search(text)
        while hit:
            start = hit.start()
            for term in self._by_first[text[start]]:
                if term.stands_at(text, start):
                    yield start, start + len(term.text), self._as_written[term.text]
                    break
            # One on, not behind the hit: a term that overlaps this one is a hit of its own.
            hit = self._pattern.search(text, start + 1)


class _Term:
    """One normalized term, and what may not stand around it."""

    __slots__ = ("ends_in_digit", "ends_in_word", "starts_with_digit", "starts_with_word", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        self.starts_with_word, self.ends_in_word = (bool(_WORD.match(each)) for each in (text[0], text[-1]))
        self.starts_with_digit = self.starts_with_word and text[0].isdigit()
        self.ends_in_digit = self.ends_in_word and text[-1].isdigit()

    def stands_at(self, text: str, start: int) -> bool:
        """Whether the term begins there, as words and a number of its own where it has such ends."""
        if not text.startswith(self.text, start):
            return False
        end = start + len(self.text)
        if self.starts_with_word and start > 0 and _WORD.match(text, start - 1):
            return False
        if self.ends_in_word and _WORD.match(text, end):
            return False
        if self.starts_with_digit and start > 1 and _NUMBER_BEFORE.match(text, start - 2):
            return False
        return not (self.ends_in_digit and _NUMBER_AFTER.match(text, end))


def _pattern(by_first: Mapping[str, Sequence[_Term]]) -> re.Pattern[str]:
    """Compile literals only, so the time is bounded by the text's length times that of the terms.

    PERF: grouped by first character: every branch begins with a literal, and `re` skips to the characters with which a
    term can begin.
    """
    branches = []
    for first, terms in by_first.items():
        endings = "|".join(re.escape(term.text[1:]) for term in terms)
        branches.append(f"{re.escape(first)}(?:{endings})")
    return re.compile("|".join(branches))
