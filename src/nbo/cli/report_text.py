"""The figures of a period as tables on a terminal; what there is no room for is in the other formats."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

from nbo.diagnostics.diagnostic import Text as Words
from nbo.diagnostics.place import printable
from nbo.workbench.figures import wording
from nbo.workbench.figures.report import By, Group, Report
from nbo.workbench.figures.wording import COLUMNS, Column, Wording

MOST_LINES = 40
MOST_REASONS = 10


def report_text(report: Report, say: Wording, console: Console) -> str:
    """What the console would show: styled for a terminal, plain for a file."""
    with console.capture() as captured:
        console.print(Text(f"{say.of(wording.TITLE)}: {say.period(report)}", style="bold"))
        for number, note in ((report.unreached, wording.UNREACHED), (report.total.unpriced, wording.UNPRICED)):
            if number:
                console.print(Text(say.of(note, count=wording.count(number))))
        if not report.total.presented:
            console.print(Text(say.of(wording.NOTHING_PRESENTED)))
        else:
            _print(console, report, say)
    return captured.get()


def _print(console: Console, report: Report, say: Wording) -> None:
    everything = Group(say.of(wording.ALL), "one", report.total, small=False)
    _print_groups(
        console, (*report.groups[:MOST_LINES], everything), wording.BY[report.by], say.labels.by(report.by), report, say
    )
    _print_rest(console, len(report.groups), say)
    if report.reasons:
        console.print()
        console.print(Text(say.of(wording.REASONS), style="bold"))
        grid = Table(box=None, header_style="bold", pad_edge=False)
        for text in (wording.REASON, wording.BY[By.OFFER], wording.ANSWER):
            grid.add_column(say.of(text), overflow="fold")
        for text in (wording.COUNT, wording.SHARE_OF):
            grid.add_column(say.of(text), justify="right")
        for each in report.reasons[:MOST_REASONS]:
            texts = (say.reason(each), say.offer(each), say.of(wording.REFUSALS[each.refusal]))
            numbers = (wording.count(each.count), wording.percent(each.share))
            grid.add_row(*(Text(printable(text)) for text in (*texts, *numbers)))
        console.print(grid)
        _print_rest(console, len(report.reasons), say, MOST_REASONS)
    console.print()
    _print_groups(console, report.needs[:MOST_LINES], wording.NEED, say.labels.needs, report, say)
    _print_rest(console, len(report.needs), say)


def _print_groups(
    console: Console, groups: Sequence[Group], name: Words, labels: Mapping[str, str], report: Report, say: Wording
) -> None:
    brief = [each for each in COLUMNS if each.brief != "no"]
    grid = Table(box=None, header_style="bold", pad_edge=False)
    grid.add_column(say.of(name), overflow="fold", min_width=12)
    for column in brief:
        grid.add_column(say.of(column.short or column.title), justify="right", no_wrap=True)
    for each in groups:
        shown = printable(say.group(each, report.least, labels))
        few = f" ({say.of(wording.FEW)})" if each.small else ""
        grid.add_row(Text(shown + few), *(_cell(column, each) for column in brief))
    console.print(grid)


def _print_rest(console: Console, number: int, say: Wording, most: int = MOST_LINES) -> None:
    if number > most:
        console.print(Text(say.of(wording.MORE, count=wording.count(number - most))))


def _cell(column: Column, group: Group) -> Text:
    text, beside = column.cell(group.figures)
    return Text(f"{text} ({beside})" if beside and column.brief == "both" else text)
