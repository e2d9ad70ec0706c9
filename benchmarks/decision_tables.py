"""How long a decision table takes: the index against asking every cell, for one customer, as a ratio in one run.

    python benchmarks/decision_tables.py

Each table has two columns, an amount in bands and a grade; half of the rows are for other grades.
"""

from __future__ import annotations

import timeit
from decimal import Decimal

from nbo.diagnostics.place import SourceText, Span
from nbo.language.table import Hit, Output, Table
from nbo.language.table_cells import read_cell
from nbo.language.table_column import Column
from nbo.language.types import MONEY, RATE, Attribute, Domain, Kind, Type

GRADE = Type(Kind.ENUM, Domain(("A", "B", "C"), ordered=True, aliases={}, labels={}))


def table(rows: int) -> Table:
    half = rows // 2
    bands = tuple(read_cell(f"[{100 * row}..{100 * row + 100})", MONEY) for row in range(half)) * 2
    grades = tuple(read_cell("A" if row < half else "B, C", GRADE) for row in range(rows))
    answers = tuple(Decimal(row) for row in range(rows))
    nowhere = Span(SourceText("table.csv", "table.csv", ""), 0, 0)
    columns = (Column("amount", MONEY, bands), Column("grade", GRADE, grades))
    return Table("t", Hit.UNIQUE, columns, (Output(Attribute("table.t.rate", RATE, 0), answers),), (nowhere,) * rows)


def main() -> None:
    print(f"{'rows':>6}  {'customer':<13}  {'index µs':>9}  {'every cell µs':>13}  {'ratio':>6}")
    for rows in (10, 100, 1000):
        asked = table(rows)
        find, output = asked.finder(asked.outputs[0]), asked.outputs[0]
        for who, values in (("known", (Decimal(40 * rows), "B")), ("amount unknown", (None, "B"))):
            fast = min(timeit.repeat(lambda find=find, values=values: find(*values), number=2000, repeat=5)) / 2000
            plain = min(timeit.repeat(lambda a=asked, o=output, v=values: a.look_up(o, v), number=20, repeat=3)) / 20
            print(f"{rows:>6}  {who:<13}  {fast * 1e6:>9.1f}  {plain * 1e6:>13.1f}  {plain / fast:>6.0f}")


if __name__ == "__main__":
    main()
