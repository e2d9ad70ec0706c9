"""A report as a page: plots, each beside the table that says the same, and how everything was counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, timedelta

from nbo.diagnostics.diagnostic import Text
from nbo.workbench.evidence.document import (
    Aside,
    Block,
    Code,
    Document,
    Facts,
    Fixed,
    Lines,
    Paragraph,
    Section,
    Table,
    Tag,
)
from nbo.workbench.figures import plots, wording
from nbo.workbench.figures.plots import MOST_BARS, MOST_COLUMNS, Bar, Share
from nbo.workbench.figures.report import By, Group, Report
from nbo.workbench.figures.tally import Figures
from nbo.workbench.figures.wording import COLUMNS, Wording

MOST_ROWS = 200

_CONTENTS = Text("Contents", "目录")
_BACK = Text("back to the contents", "回到目录")
_UNFOLD = Text("show all {count}", "显示全部 {count} 项")
_TOTAL = Text("All together", "合计")
_CONVERSION = Text("Conversion with its 95% interval", "转化率及其 95% 区间")
_CONVERSION_ABOUT = Text(
    "One line each: the dot is the share that accepted, the stroke its interval. The table below has the numbers.",
    "每行一组：圆点为转化率，横线为区间。数字见下表。",
)
_OVER_TIME = Text("Accepted over time", "接受数的变化")
_BY_SPAN: Sequence[tuple[str, Text]] = (
    ("day", Text("Accepted by day", "每日接受数")),
    ("week", Text("Accepted by week, from its Monday", "每周接受数（以周一标示）")),
    ("month", Text("Accepted by month", "每月接受数")),
    ("year", Text("Accepted by year", "每年接受数")),
)
_OVER_TIME_ABOUT = Text(
    "One column each, for what was presented then and accepted then or later. The table below has the numbers.",
    "每柱为当期呈现且已接受（含其后接受）的数量。数字见下表。",
)
_REASONS_ABOUT = Text("How often each reason was recorded, the most frequent first.", "各原因的记录次数，从多到少。")
_NEEDS_ABOUT = Text(
    "How often something was presented to customers with this need, and how much of it was accepted. A presentation for "
    "several needs counts to each.",
    "面向有该需求客户的呈现次数及转化率。一次呈现涉及多个需求时，各计一次。",
)
_HOW = Text("How it is counted", "口径")
_START = Text("First day", "起始日")


def page(report: Report, say: Wording) -> Document:
    """The document of a report in one language."""
    title = say.of(wording.TITLE)
    notes: list[Block] = [Paragraph((say.period(report),))]
    if report.unreached:
        notes.append(Paragraph((say.of(wording.UNREACHED, count=wording.count(report.unreached)),), notice=True))
    if report.total.unpriced:
        notes.append(Paragraph((say.of(wording.UNPRICED, count=wording.count(report.total.unpriced)),), notice=True))
    if not report.total.presented:
        notes.append(Paragraph((say.of(wording.NOTHING_PRESENTED),), notice=True))
    sections = tuple(make(report, say) for make in SECTIONS if report.total.presented or make is how)
    return Document(
        say.language, title, say.of(_CONTENTS), say.of(_BACK), say.of(_UNFOLD, count="{count}"), tuple(notes), sections
    )


def total(report: Report, say: Wording) -> Section:
    """The figures of everything that was presented."""
    rows = tuple((say.of(each.title), (_cell(*each.cell(report.total)),)) for each in COLUMNS)
    return Section("total", say.of(_TOTAL), (Facts(rows),), say.of(_TOTAL))


def groups(report: Report, say: Wording) -> Section:
    """Conversion as a plot, all figures as a table."""
    title = say.of(wording.TITLE_BY[report.by])
    shares = [
        Share(say.group(each, report.least, say.labels.by(report.by)), interval, " ".join(_conversion(each.figures)))
        for each in report.groups[:MOST_BARS]
        if (interval := each.figures.conversion) is not None
    ]
    plot = plots.shares("conversion", say.of(_CONVERSION), say.of(_CONVERSION_ABOUT), shares)
    table = _table(report.groups, say.of(wording.BY[report.by]), say.labels.by(report.by), report, say)
    blocks: list[Block] = [Paragraph((say.of(_CONVERSION),)), plot, *table]
    return Section("groups", title, tuple(blocks), title)


def days(report: Report, say: Wording) -> Section:
    """What was accepted, by as short a span as there is room for."""
    counted: Sequence[tuple[str, int, int]] = ()
    heading = _BY_SPAN[-1][1]
    for span, text in _BY_SPAN:
        counted, heading = _in_spans(report.days, span), text
        if len(counted) <= MOST_COLUMNS:
            break
    counted = counted[-MOST_COLUMNS:]
    columns = [Bar(name, accepted, "") for name, _, accepted in counted]
    plot = plots.columns("accepted", say.of(heading), say.of(_OVER_TIME_ABOUT), columns)
    shown = tuple(
        (((Fixed(name),),), ((wording.count(presented),),), ((wording.count(accepted),),))
        for name, presented, accepted in counted
    )
    titles = (say.of(_START), say.of(COLUMNS[0].title), say.of(COLUMNS[1].title))
    title = say.of(_OVER_TIME)
    return Section(
        "days", title, (Paragraph((say.of(heading),)), plot, Table(None, titles, shown, numbers=True)), title
    )


def reasons(report: Report, say: Wording) -> Section:
    """Why offers were refused, put off or given back."""
    title = say.of(wording.REASONS)
    shown = [
        Bar(
            f"{say.reason(each)} · {say.offer(each)}",
            each.count,
            f"{say.of(wording.REFUSALS[each.refusal])} {wording.count(each.count)}",
        )
        for each in report.reasons[:MOST_BARS]
    ]
    plot = plots.bars("refusals", title, say.of(_REASONS_ABOUT), shown)
    rows: tuple[tuple[Lines, ...], ...] = tuple(
        (
            ((say.reason(each),),),
            _named(say.offer(each), each.offer),
            ((say.of(wording.REFUSALS[each.refusal]),),),
            ((wording.count(each.count),),),
            ((wording.percent(each.share),),),
        )
        for each in report.reasons[:MOST_ROWS]
    )
    texts = (wording.REASON, wording.BY[By.OFFER], wording.ANSWER, wording.COUNT, wording.SHARE_OF)
    table = Table(None, tuple(say.of(text) for text in texts), rows)
    blocks = (Paragraph((say.of(_REASONS_ABOUT),)), plot, table, *_rest(len(report.reasons), say))
    return Section("reasons", title, blocks, title)


def needs(report: Report, say: Wording) -> Section:
    """What customers needed to whom something was presented."""
    title = say.of(wording.NEEDS)
    shown = [
        Bar(
            say.group(each, report.least, say.labels.needs),
            each.figures.presented,
            f"{wording.count(each.figures.presented)} · {_conversion(each.figures)[0]}",
        )
        for each in report.needs[:MOST_BARS]
    ]
    plot = plots.bars("needed", title, say.of(_NEEDS_ABOUT), shown)
    table = _table(report.needs, say.of(wording.NEED), say.labels.needs, report, say)
    return Section("needs", title, (Paragraph((say.of(_NEEDS_ABOUT),)), plot, *table), title)


def how(report: Report, say: Wording) -> Section:
    """What each number means."""
    title = say.of(_HOW)
    rows = tuple((say.of(key), ((say.of(text, least=report.least),),)) for key, text in wording.DEFINITIONS)
    return Section("how", title, (Facts(rows),), title)


SECTIONS: tuple[Callable[[Report, Wording], Section], ...] = (total, groups, reasons, needs, days, how)


def _table(
    listed: Sequence[Group], name: str, labels: Mapping[str, str], report: Report, say: Wording
) -> Iterable[Block]:
    rows = tuple(
        (
            (
                *_named(say.group(each, report.least, labels), each.name),
                *(((Tag(say.of(wording.FEW), "confirm"),),) * each.small),
            ),
            *(_lines(column.cell(each.figures)) for column in COLUMNS),
        )
        for each in listed[:MOST_ROWS]
    )
    yield Table(None, (name, *(say.of(each.title) for each in COLUMNS)), rows, numbers=True)
    yield from _rest(len(listed), say)


def _rest(number: int, say: Wording) -> tuple[Block, ...]:
    return () if number <= MOST_ROWS else (Paragraph((say.of(wording.MORE, count=wording.count(number - MOST_ROWS)),)),)


def _named(shown: str, name: str | None) -> Lines:
    """What something is called, and its own name where that is another."""
    return ((shown,),) if name is None or name == shown else ((shown,), (Code(name),))


def _lines(cell: wording.Cell) -> Lines:
    text, beside = cell
    return ((Fixed(text),), (Aside(beside),)) if beside else ((Fixed(text),),)


def _cell(text: str, beside: str) -> tuple[Fixed, str, Aside] | tuple[Fixed]:
    return (Fixed(text), " ", Aside(beside)) if beside else (Fixed(text),)


def _conversion(figures: Figures) -> tuple[str, ...]:
    interval = figures.conversion
    return (wording.NOTHING,) if interval is None else (wording.percent(interval.value), f"({wording.ends(interval)})")


def _in_spans(listed: Sequence[Group], span: str) -> Sequence[tuple[str, int, int]]:
    """Name, presented and accepted of the last spans up to the last presentation, also of empty ones; one more than is shown."""
    presented: Counter[date] = Counter()
    accepted: Counter[date] = Counter()
    for each in listed:
        if each.name is not None:
            start = _start(date.fromisoformat(each.name), span)
            presented[start] += each.figures.presented
            accepted[start] += each.figures.accepted
    first, start = min(presented), max(presented)
    found = [(_shown(start, span), presented[start], accepted[start])]
    while first < start and len(found) <= MOST_COLUMNS:
        start = _start(start - timedelta(1), span)
        found.append((_shown(start, span), presented[start], accepted[start]))
    return found[::-1]


def _start(day: date, span: str) -> date:
    """The first day of the span that a day is in."""
    if span == "week":
        return day - timedelta(day.weekday())
    if span == "month":
        return day.replace(day=1)
    return day.replace(month=1, day=1) if span == "year" else day


def _shown(start: date, span: str) -> str:
    return start.isoformat()[: {"month": 7, "year": 4}.get(span, 10)]
