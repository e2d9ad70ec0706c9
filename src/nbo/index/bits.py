"""Sets of offers as Python integers: bit n is the offer of place n, so the lowest bits are the best offers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import compress
from operator import itemgetter
from struct import unpack

Eight = Sequence[str]  # the ids of eight neighbors; the last eight are filled up

_FIRST_SEGMENT = 1_024
_GROWTH = 16


def segments(count: int) -> list[tuple[int, int]]:
    """The offers cut into stretches that start on a byte: a short one of the best, then ever longer ones.

    The first few offers are nearly always found in the first stretch, whatever the length of the whole.

    >>> segments(100), segments(40_000)
    ([(0, 100)], [(0, 1024), (1024, 17408), (17408, 40000)])
    """
    found, start, size = [], 0, _FIRST_SEGMENT
    while start < count:
        stop = count if count - start <= 2 * size else start + size
        found.append((start, stop))
        start, size = stop, size * _GROWTH
    return found or [(0, 0)]


def full(count: int) -> bytearray:
    """A buffer in which the bits of all offers are set."""
    return bytearray(((1 << count) - 1).to_bytes((count + 7) // 8, "little"))


def of(places: Iterable[int], count: int) -> int:
    """The set of some places."""
    buffer = bytearray((count + 7) // 8)
    for place in places:
        buffer[place >> 3] |= 1 << (place & 7)
    return int.from_bytes(buffer, "little")


def put(buffer: bytearray, place: int, *, on: bool) -> None:
    """Set or clear one bit."""
    if on:
        buffer[place >> 3] |= 1 << (place & 7)
    else:
        buffer[place >> 3] &= ~(1 << (place & 7))


def cut(buffer: bytes | bytearray, bounds: Sequence[tuple[int, int]]) -> list[int]:
    """The buffer as one integer a segment."""
    return [int.from_bytes(buffer[start >> 3 : (stop + 7) >> 3], "little") for start, stop in bounds]


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


def in_eights(ids: Sequence[str]) -> tuple[Eight, ...]:
    """The ids as `add_names` wants them."""
    filled = [*ids, *[""] * (-len(ids) % 8)]
    return tuple(tuple(filled[start : start + 8]) for start in range(0, len(filled), 8))


def add_names(found: list[str], mask: int, eights: Sequence[Eight]) -> None:
    """Append the ids of a set in order.

    PERF: 226 of 10,000 in 21 us; bit by bit 122 us, over the digits of `bin` 30 us (benchmarks/matching_offers.py).
    """
    octets = mask.to_bytes(len(eights), "little")
    add, single = found.append, _SINGLE
    for eight, octet in zip(compress(eights, octets), octets.translate(None, b"\0"), strict=True):
        place = single[octet]
        if place is None:
            found += _SEVERAL[octet](eight)
        else:
            add(eight[place])


_SINGLE: list[int | None] = [octet.bit_length() - 1 if octet.bit_count() == 1 else None for octet in range(256)]
# 0 and the single ones are never asked for
_SEVERAL = [itemgetter(*(places(octet) if octet.bit_count() > 1 else (0,))) for octet in range(256)]
