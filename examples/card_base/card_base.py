"""Decide for every card holder of a real file, and count what came of it.

    python examples/card_base/card_base.py [FILE] [--limit N] [--json OUT]

FILE is uci_credit_card_clients.csv (default: the sample beside this script). `mapping.yaml` says how a row becomes a
customer, `rules/tw_credit_card` what is offered. The counts go to standard output and are the same on every machine; a
progress bar and the speed go to standard error.
"""

from __future__ import annotations

import argparse
import csv
import json
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import islice
from pathlib import Path
from time import perf_counter
from typing import TypeVar

from card_mapping import Bad, CardMapping, Mapped, Row, check_columns, load_mapping, map_row
from rich import box
from rich.console import Console
from rich.progress import track
from rich.table import Table

from nbo import Decision, Engine
from nbo.language.dictionary import Dictionary

HERE = Path(__file__).parent
SAMPLE = HERE / "uci_credit_card_clients_sample.csv"
WIDTH = 120  # characters; fixed, so that the tables are the same everywhere
LANGUAGE = "en"

T = TypeVar("T")
Ending = tuple[str, str, str]  # of an offer: stage, clause, reason in words
OFFERED: Ending = ("offered", "", "")


@dataclass(slots=True)
class Tally:
    """Counts over all decisions; amounts in TWD."""

    customers: int = 0
    endings: dict[str, Counter[Ending]] = field(default_factory=dict)  # by offer; one ending a customer
    nothing: int = 0
    principal: Decimal = Decimal(0)
    interest: Decimal = Decimal(0)
    absent: Counter[str] = field(default_factory=Counter)  # attributes without a value
    stopping: Counter[str] = field(default_factory=Counter)  # attributes whose absence stopped an offer
    warnings: Counter[str] = field(default_factory=Counter)
    bad: Counter[Bad] = field(default_factory=Counter)

    def add(self, decision: Decision, mapped: Mapped, dictionary: Dictionary) -> None:
        """Count one customer."""
        self.customers += 1
        self.nothing += not decision.offers
        for offer in decision.offers:
            self.endings[offer.offer][OFFERED] += 1
            if offer.quote is not None:
                amounts = offer.quote.fields()
                self.principal += _amount(amounts["quote.principal"])
                self.interest += _amount(amounts["quote.total_interest"])
        for name, blocked in decision.blocked.items():
            words = f"missing: {', '.join(blocked.missing)}" if blocked.unknown else blocked.text(LANGUAGE)
            self.endings[name][(blocked.stage, blocked.code, words)] += 1
        known = decision.facts.unmasked
        self.absent.update(each.name for each in dictionary if not each.engine and known[each.slot] is None)
        self.stopping.update(decision.missing)
        self.warnings.update(each["text"] for each in decision.warnings)
        self.bad.update(mapped.bad)

    def to_dict(self) -> dict[str, object]:
        """Plain values; amounts as strings."""
        return {
            "customers": self.customers,
            "offers": {
                offer: [
                    {"stage": stage, "clause": clause, "reason": words, "customers": count}
                    for (stage, clause, words), count in _most_first(endings)
                ]
                for offer, endings in self.endings.items()
            },
            "nothing_offered": self.nothing,
            "principal_offered": f"{self.principal:f}",
            "interest_on_it": f"{self.interest:f}",
            "missing": dict(_most_first(self.absent)),
            "missing_and_stopped_an_offer": dict(_most_first(self.stopping)),
            "warnings": dict(_most_first(self.warnings)),
            "bad_input": {f"{column} = {value}": count for (column, value), count in _most_first(self.bad)},
        }


def main(arguments: Sequence[str] | None = None) -> int:
    """Read, decide, print; 0, or 2 when the file cannot be used."""
    options = _options(arguments)
    mapping = load_mapping(HERE / "mapping.yaml")
    try:
        rows = read_rows(options.file, mapping, options.limit)
    except (OSError, ValueError, csv.Error) as error:
        print(f"{options.file}: {error}", file=sys.stderr)
        return 2
    engine = Engine.load(HERE / mapping.pack, clock=lambda: mapping.at)
    started = perf_counter()
    tally = decide_all(engine, mapping, with_progress(rows))
    seconds = perf_counter() - started
    print_tally(tally)
    print(f"{len(rows)} decisions in {seconds:.1f} s, {len(rows) / seconds:.0f} a second", file=sys.stderr)
    if options.json is not None:
        text = json.dumps(tally.to_dict(), ensure_ascii=False, indent=2)
        options.json.write_text(text + "\n", encoding="utf-8")
    return 0


def read_rows(path: Path, mapping: CardMapping, limit: int | None) -> list[Row]:
    """The rows of the file, at most `limit`; columns other than the mapping's are a `ValueError`."""
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file, restval="", strict=True)
        check_columns(mapping, frozenset(reader.fieldnames or ()))
        rows: list[Row] = list(islice(reader, limit))
    if not rows:
        raise ValueError("there are no rows")
    return rows


def decide_all(engine: Engine, mapping: CardMapping, rows: Iterable[Row]) -> Tally:
    """One decision a row; nothing is kept but the counts."""
    tally = Tally(endings={offer.id: Counter() for offer in engine.pack.offers})
    for row in rows:
        mapped = map_row(mapping, row)
        tally.add(engine.decide(mapped.profile, language=LANGUAGE), mapped, engine.pack.dictionary)
    return tally


def with_progress(rows: Sequence[Row]) -> Iterable[Row]:
    """The rows, with a progress bar on standard error where that is a terminal."""
    console = Console(stderr=True)
    return track(rows, "Deciding", console=console, transient=True) if console.is_terminal else rows


def print_tally(tally: Tally) -> None:
    """The tables, as plain text without trailing spaces."""
    console = Console(width=WIDTH, color_system=None, force_terminal=False)
    with console.capture() as captured:
        for table in _tables(tally):
            console.print(table)
    for line in captured.get().splitlines():
        print(line.rstrip())


def _tables(tally: Tally) -> Iterator[Table]:
    outcomes = _table(f"{tally.customers} customers", "Offer", "Stage", "Clause", "Reason")
    for offer, endings in tally.endings.items():
        for ending, count in _most_first(endings):
            outcomes.add_row(offer, *ending, str(count), _share(count, tally.customers))
        outcomes.add_section()
    yield outcomes
    totals = Table("Total", "", box=box.SIMPLE)
    totals.add_row("Customers without an offer", str(tally.nothing))
    totals.add_row("Principal offered, TWD", f"{tally.principal:,.2f}")
    totals.add_row("Interest on it, TWD", f"{tally.interest:,.2f}")
    yield totals
    for title, counts in (
        ("Attributes that stay missing", tally.absent),
        ("Attributes whose absence stopped an offer", tally.stopping),
        ("Values that the engine refused", tally.warnings),
        ("Bad input: what the file's description does not define", _joined(tally.bad)),
    ):
        table = _table("", title)
        for name, count in _most_first(counts):
            table.add_row(name, str(count), _share(count, tally.customers))
        if not counts:
            table.add_row("none", "0", _share(0, tally.customers))
        yield table


def _table(title: str, *columns: str) -> Table:
    table = Table(*columns, title=title or None, title_justify="left", title_style="", box=box.SIMPLE)
    table.add_column("Customers", justify="right", no_wrap=True)
    table.add_column("Share", justify="right", no_wrap=True)
    return table


def _joined(bad: Counter[Bad]) -> Counter[str]:
    return Counter({f"{column} = {value}": count for (column, value), count in bad.items()})


def _most_first(counts: Counter[T]) -> list[tuple[T, int]]:
    """What was offered, then the largest count first; ties by name, so that the order is total."""
    return sorted(counts.items(), key=lambda pair: (pair[0] != OFFERED, -pair[1], str(pair[0])))


def _share(count: int, of: int) -> str:
    return f"{Decimal(100 * count) / of:.2f} %"


def _amount(value: object) -> Decimal:
    return value if isinstance(value, Decimal) else Decimal(0)


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Decide for every card holder of uci_credit_card_clients.csv.")
    parser.add_argument("file", nargs="?", type=Path, default=SAMPLE, help="the CSV file (default: the sample)")
    parser.add_argument("--limit", type=_positive, help="decide for the first N rows only")
    parser.add_argument("--json", type=Path, metavar="OUT", help="write the counts to a JSON file, too")
    return parser.parse_args(arguments)


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise ValueError(text)
    return number


if __name__ == "__main__":
    raise SystemExit(main())
