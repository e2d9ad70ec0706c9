"""A report's groups, reasons or needs as CSV, for spreadsheets and programs.

The names of the columns are those of the JSON form. A text that a spreadsheet would take for a formula is kept from being one
by an apostrophe before it.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from enum import StrEnum
from io import StringIO

from nbo.workbench.figures.json_form import figures_form, json_form
from nbo.workbench.figures.labels import Labels
from nbo.workbench.figures.report import Report
from nbo.workbench.figures.tally import Figures

_FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠")


class Table(StrEnum):
    """Which table of a report."""

    FIGURES = "figures"
    NEEDS = "needs"
    REASONS = "reasons"


_KEYS: Mapping[Table, str] = {Table.FIGURES: "groups", Table.NEEDS: "needs", Table.REASONS: "reasons"}
_TEXTS = frozenset({"name", "label", "offer", "reason"})


def csv_form(report: Report, table: Table, labels: Labels) -> str:
    """One table with a line for the names of its columns, which is there also where it has no rows."""
    rows = json_form(report, labels)[_KEYS[table]]
    assert isinstance(rows, list)  # noqa: S101 - so the form has it
    written = StringIO()
    writer = csv.writer(written, lineterminator="\n")
    writer.writerow(_COLUMNS[table])
    writer.writerows([_cell(name, row) for name in _COLUMNS[table]] for row in rows)
    return written.getvalue()


def harmless(text: str) -> str:
    """The text as a spreadsheet takes it for one."""
    return f"'{text}" if text.lstrip().startswith(_FORMULA) else text


def _cell(name: str, row: Mapping[str, object]) -> str:
    end = _ENDS.get(name)
    if end is None:
        value = row[name]
    else:
        interval = row["conversion"]
        value = interval[end] if isinstance(interval, dict) else None
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return harmless(str(value)) if name in _TEXTS else str(value)


_ENDS = {"conversion": "value", "conversion_low": "low", "conversion_high": "high"}
_FIGURES = tuple(column for name in figures_form(Figures()) for column in (_ENDS if name == "conversion" else (name,)))
_COLUMNS: Mapping[Table, tuple[str, ...]] = {
    Table.FIGURES: ("name", "label", "sort", "together", "small", *_FIGURES),
    Table.NEEDS: ("name", "label", "sort", "small", *_FIGURES),
    Table.REASONS: ("offer", "refusal", "reason", "count", "of"),
}
