"""Sets of offers as Python integers: bit n is the offer of place n, so the lowest bits are the best offers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import compress
from operator import itemgetter
from struct import unpack

Bounds = Sequence[tuple[int, int]]

_FIRST_SEGMENT = 512
_GROWTH = 16
_FEW = 16  # up to so many are looked for one by one


def segments(count: int) -> Bounds:
    """The offers cut into stretches that start on a byte: a short one of the best, then ever longer ones.

    The first few offers are nearly always found in the first stretch, whatever the length of the whole.

    >>> segments(100), segments(40_000)
    ([(0, 100)], [(0, 512), (512, 8704), (8704, 40000)])
    """
    found, start, size = [], 0, _FIRST_SEGMENT
    while start < count:
        stop = count if count - start <= 2 * size else start + size
        found.append((start, stop))
        start, size = stop, size * _GROWTH
    return found or [(0, 0)]


def of(places: Iterable[int], count: int) -> int:
    """The set of some places."""
    found = bytearray((count + 7) // 8)
    put(found, places)
    return mask(found)


def buffer(mask: int, count: int) -> bytearray:
    """A set that can be changed."""
    return bytearray(mask.to_bytes((count + 7) // 8, "little"))


def put(found: bytearray, places: Iterable[int]) -> None:
    """Add places."""
    for place in places:
        found[place >> 3] |= 1 << (place & 7)


def flip(found: bytearray, places: Iterable[int]) -> None:
    """Add the places that are not in it, take out those that are."""
    for place in places:
        found[place >> 3] ^= 1 << (place & 7)


def mask(found: bytes | bytearray) -> int:
    """What is in a buffer."""
    return int.from_bytes(found, "little")


def places(mask: int) -> Iterator[int]:
    """The places in a set, from the lowest."""
    start = -1
    words = (mask.bit_length() + 63) // 64
    for word in unpack(f"<{words}Q", mask.to_bytes(8 * words, "little")):
        rest = word
        while rest:
            low = rest & -rest
            yield start + low.bit_length()
            rest ^= low
        start += 64


@dataclass(frozen=True, slots=True)
class Names:
    """The ids of a stretch of offers, to be told from a set."""

    ids: Sequence[str]
    eights: Sequence[Sequence[str]]  # the same by eight neighbors; the last eight are filled up

    @classmethod
    def of(cls, ids: Sequence[str]) -> Names:
        """The names of some ids."""
        filled = [*ids, *[""] * (-len(ids) % 8)]
        return cls(ids, tuple(tuple(filled[start : start + 8]) for start in range(0, len(filled), 8)))

    def add(self, found: list[str], mask: int, limit: int | None = None) -> None:
        """Append the ids of a set in order, at most `limit`.

        PERF: 226 of 10,000 in 21 us; bit by bit 122 us, over the digits of `bin` 30 us (benchmarks/matching_offers.py).
        """
        several = mask.bit_count()
        if limit is None or limit > several:
            limit = several
        if limit <= _FEW:
            ids = self.ids
            while limit:
                low = mask & -mask
                found.append(ids[low.bit_length() - 1])
                mask ^= low
                limit -= 1
            return
        octets = mask.to_bytes(len(self.eights), "little")
        add, single = found.append, _SINGLE
        for eight, octet in zip(compress(self.eights, octets), octets.translate(None, b"\0"), strict=True):
            place = single[octet]
            if place is None:
                found += _SEVERAL[octet](eight)
            else:
                add(eight[place])


_SINGLE: list[int | None] = [octet.bit_length() - 1 if octet.bit_count() == 1 else None for octet in range(256)]
# 0 and the single ones are never asked for
_SEVERAL = [itemgetter(*(places(octet) if octet.bit_count() > 1 else (0,))) for octet in range(256)]
