"""How long the best set of components takes to find: 30 components, typical and made to be hard.

python benchmarks/package_choice.py
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from random import Random
from time import perf_counter

from nbo.quote.package_choice import Component, choose

COUNT = 30
Rules = Callable[[int, Random], tuple[set[int], set[int]]]  # what one component needs, what it excludes


def shelf(seed: int, *, equal_ratios: bool, rules: Rules) -> list[Component]:
    """30 components; with equal ratios every set saves a fixed share of its price, so only the budget tells them apart."""
    chosen = Random(seed)
    components = []
    for place in range(COUNT):
        price = chosen.randrange(10_000_000, 100_000_000) * 2 if equal_ratios else chosen.randrange(50, 1000) * 100
        value = price * 3 // 2 if equal_ratios else price + chosen.randrange(0, 500) * 100
        needs, excludes = rules(place, chosen)
        components.append(
            Component(
                f"c{place:02}", price, value, price // 2, frozenset(map(_id, needs)), frozenset(map(_id, excludes))
            )
        )
    return components


def _id(place: int) -> str:
    return f"c{place:02}"


def none(_place: int, _chosen: Random) -> tuple[set[int], set[int]]:
    return set(), set()


def few(place: int, chosen: Random) -> tuple[set[int], set[int]]:
    """A tenth needs another one, a fifth excludes another one."""
    other = chosen.randrange(COUNT)
    roll = chosen.random()
    return ({other} - {place} if roll < 0.1 else set()), ({other} - {place} if 0.1 <= roll < 0.3 else set())


def pairs(place: int, _chosen: Random) -> tuple[set[int], set[int]]:
    return set(), {place ^ 1}


def ring(place: int, _chosen: Random) -> tuple[set[int], set[int]]:
    return set(), {(place + 1) % COUNT}


def many(density: float) -> Rules:
    return lambda place, chosen: (set(), {other for other in range(place) if chosen.random() < density})


def cubic(place: int, _chosen: Random) -> tuple[set[int], set[int]]:
    return set(), {(place + 1) % COUNT, (place + (7 if place % 2 else -7)) % COUNT}


def star(place: int, _chosen: Random) -> tuple[set[int], set[int]]:
    """Three times nine that need a tenth."""
    return ({place - place % 10} if place % 10 else set()), set()


def layers(place: int, chosen: Random) -> tuple[set[int], set[int]]:
    return {other for other in range(place) if chosen.random() < 0.07}, set()


def fence(place: int, _chosen: Random) -> tuple[set[int], set[int]]:
    return ({(place + 1) % COUNT, place - 1} if place % 2 else set()), set()


def grid(place: int, _chosen: Random) -> tuple[set[int], set[int]]:
    return set(), {other for other in (place + 1 if place % 5 < 4 else -1, place + 5) if 0 <= other < COUNT}


CASES: dict[str, Rules] = {
    "no rules": none, "few rules": few, "15 pairs": pairs, "ring": ring, "cubic": cubic, "grid 5x6": grid, "stars": star,
    "layers": layers, "fence": fence, "10 % exclusions": many(0.1), "25 % exclusions": many(0.25), "60 % exclusions": many(0.6),
}  # fmt: skip


def measured(rules: Rules, *, equal_ratios: bool) -> Iterator[tuple[float, int]]:
    for seed in range(5):
        components = shelf(seed, equal_ratios=equal_ratios, rules=rules)
        for share in (0.15, 0.5, 0.8):
            budget = int(sum(each.price for each in components) * share)
            started = perf_counter()
            found = choose(components, budget)
            yield (perf_counter() - started) * 1000, 0 if found is None else found.looked_at


def main() -> None:
    print(
        f"{'rules':<18}{'typical ms':>11}{'worst':>8}{'looked at':>11}{'equal ratios ms':>17}{'worst':>8}{'looked at':>11}"
    )
    for name, rules in CASES.items():
        columns = []
        for equal_ratios in (False, True):
            runs = sorted(measured(rules, equal_ratios=equal_ratios))
            columns.append((runs[len(runs) // 2][0], runs[-1][0], max(looked for _, looked in runs)))
        (a, b, c), (d, e, f) = columns
        print(f"{name:<18}{a:>11.2f}{b:>8.1f}{c:>11}{d:>17.1f}{e:>8.1f}{f:>11}")


if __name__ == "__main__":
    main()
