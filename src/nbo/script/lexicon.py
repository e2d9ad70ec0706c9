"""Find the wording of all rules at once.

Place: the check of a final text. In go the term sets of many rules, compiled once; for each text out come the hits of
each rule. The text is looked at once for the signs by which a wording shows (`nbo.script.signs`), and only wordings whose
sign is there are sought by their own patterns. So every rule finds what it would find alone: nothing that one rule
finds or excepts hides what another finds.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from nbo.script.normalize import Normalized
from nbo.script.readings import other_readings
from nbo.script.terms import Hit, TermSet
from nbo.script.wording import Numeric, Wording

_WORDS = re.compile("[a-z0-9]+")
_LETTER = re.compile("[a-z]")
_MARKS_TO_SPACES = str.maketrans(dict.fromkeys("!\"#$%&'()+,.:;<=>?@[]{}", " "))


class Lexicon:
    """The wording of all rules, compiled.

    PERF: where nothing is found, 300 characters against the wording for one family of the China pack take 20 to 30 µs
    (benchmarks/matching.py, on a busy machine); each rule by itself took 400.

    >>> from nbo.script.normalize import normalize
    >>> lexicon = Lexicon({"AD": TermSet(["最低", "最佳"], ["最低还款额"]), "RATE": TermSet(["低利率"])})
    >>> lexicon.find(normalize("最低还款额之外，最低利率"))
    {'AD': [(8, 10, '最低')], 'RATE': [(9, 12, '低利率')]}
    """

    __slots__ = ("_by_sign", "_numbers", "_pairs", "_sets", "_signless", "_singles", "_words")

    def __init__(self, sets: Mapping[str, TermSet], *, meeting_values: bool = False) -> None:
        """All wording of `sets`, or only that of which a place can hold a part of a number or a date."""
        self._sets = dict(sets)
        by_sign: dict[str, list[tuple[str, Wording]]] = {}
        self._signless: list[tuple[str, Wording]] = []
        for rule, terms in self._sets.items():
            for term in terms.terms:
                if meeting_values and not term.meets_values:
                    continue
                if not term.signs:
                    self._signless.append((rule, term))
                for sign in term.signs:
                    by_sign.setdefault(sign, []).append((rule, term))
        self._by_sign = by_sign
        self._words = frozenset(sign for sign in by_sign if sign.isascii())
        # PERF: a script has ten numbers and hardly one of these; looked for by themselves they take 1 µs instead of 7.
        numbers = sorted(filter(str.isdigit, self._words), key=len, reverse=True)
        # each branch begins with its digits, so that `re` skips to them; what stands before is asked afterwards
        whole = (f"{each}(?<![0-9]{each})(?<![0-9][.,]{each})" for each in numbers)
        self._numbers = re.compile("|".join(f"(?:{each})(?![.,]?[0-9])" for each in whole)) if numbers else None
        others = by_sign.keys() - self._words
        singles = {sign for sign in others if len(sign) == 1}
        self._singles = _any_of(singles) if singles else None
        firsts, seconds = (_any_of({sign[place] for sign in others if len(sign) == 2}) for place in (0, 1))
        # PERF: all pairs of a first and a second character, in one class each; half as long as a branch for each pair.
        self._pairs = re.compile(f"({firsts.pattern})(?=({seconds.pattern}))")

    def numeric(self) -> Numeric:
        """What of all wording can be a part of a number or a date."""
        found = [term.numeric() for terms in self._sets.values() for term in terms.terms if term.meets_values]
        runs = frozenset[str]().union(*(each.runs for each in found))
        after = frozenset[str]().union(*(each.after for each in found))
        return Numeric(runs, after, any(each.alone for each in found))

    def find(self, text: Normalized) -> dict[str, list[Hit]]:
        """The hits of each rule that has some, in the order of the rules."""
        return self._found_in([text, *other_readings(text)])

    def find_as_written(self, text: Normalized) -> dict[str, list[Hit]]:
        """The same without other readings of the text: nothing in disguise is sought."""
        return self._found_in([text])

    def _found_in(self, readings: Sequence[Normalized]) -> dict[str, list[Hit]]:
        sought: dict[str, dict[Wording, None]] = {}
        for reading in readings:
            for rule, term in self._shown_in(reading.text):
                sought.setdefault(rule, {})[term] = None
        found = {rule: self._sets[rule].find_in(readings, sought[rule]) for rule in self._sets if rule in sought}
        return {rule: hits for rule, hits in found.items() if hits}

    def _shown_in(self, text: str) -> Iterable[tuple[str, Wording]]:
        if text.isascii():
            seen = set(self._words.intersection(text.translate(_MARKS_TO_SPACES).split()))
        else:
            seen = {pair for pair in map("".join, self._pairs.findall(text)) if pair in self._by_sign}
            if self._singles is not None:
                seen.update(self._singles.findall(text))
            if _LETTER.search(text):
                seen |= self._words.intersection(_WORDS.findall(text))
            elif self._numbers is not None:
                seen.update(self._numbers.findall(text))
        return [*self._signless, *(each for sign in seen for each in self._by_sign[sign])]


def _any_of(characters: Iterable[str]) -> re.Pattern[str]:
    written = "".join(map(re.escape, sorted(characters)))
    return re.compile(f"[{written}]" if written else "(?!)")
