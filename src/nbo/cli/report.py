"""`nbo report STORE`: what became of the offers that were presented, as a table, JSON, CSV or one HTML page."""

from __future__ import annotations

import json
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import typer
from rich.console import Console

from nbo.cli.report_text import report_text
from nbo.cli.shared import FINDINGS, Language, load_engine, refuse
from nbo.diagnostics.diagnostic import Text as Words
from nbo.diagnostics.place import printable
from nbo.history.errors import StoreError
from nbo.pack.rulepack import RulePack
from nbo.workbench.figures.csv_form import Table, csv_form
from nbo.workbench.figures.json_form import json_form
from nbo.workbench.figures.labels import Labels, labels_of
from nbo.workbench.figures.report import LEAST, By, Report
from nbo.workbench.figures.wording import Wording

TIMEOUT_SECONDS = 60.0  # of a statement: a report may wait longer than a call

_CANNOT_WRITE = Words("cannot write `{file}`: {problem}", "无法写入 `{file}`：{problem}")
_NO_EXTRA = Words(
    "reports need SQLAlchemy: install `nbo[stores]`, or `nbo[postgres]`",
    "报表需要 SQLAlchemy：请安装 `nbo[stores]` 或 `nbo[postgres]`",
)
_NO_DAY = Words("`{day}` is not a day such as 2026-11-16", "`{day}` 不是日期，应如 2026-11-16")
_NO_ZONE = Words("`{zone}` is not a time zone such as Asia/Shanghai", "`{zone}` 不是时区，应如 Asia/Shanghai")
_BACKWARD = Words("--from lies after --through", "--from 晚于 --through")


class ReportFormat(StrEnum):
    """How the report is written."""

    TEXT = "text"
    JSON = "json"
    CSV = "csv"
    HTML = "html"


def command(
    store: Annotated[
        str,
        typer.Argument(
            metavar="STORE",
            envvar="NBO_HISTORY_STORE",
            help="The store: a file, or postgresql+psycopg://…; from the environment its password is not listed with processes.",
        ),
    ],
    first: Annotated[
        str | None, typer.Option("--from", metavar="DAY", help="What was presented on this day or later.")
    ] = None,
    last: Annotated[str | None, typer.Option("--through", metavar="DAY", help="On this day or earlier.")] = None,
    by: Annotated[By, typer.Option("--by", help="What presentations are told apart by.")] = By.OFFER,
    zone: Annotated[
        str | None, typer.Option("--zone", metavar="ZONE", help="Whose days; those of the rules by default, else UTC.")
    ] = None,
    rules: Annotated[
        Path | None,
        typer.Option(
            "--rules",
            metavar="RULES",
            help="A rule pack that says what the offers are called.",
            exists=True,
            file_okay=False,
        ),
    ] = None,
    least: Annotated[
        int,
        typer.Option(
            "--least", min=1, help="Agents with fewer presentations are counted together, other groups are marked."
        ),
    ] = LEAST,
    output: Annotated[
        ReportFormat,
        typer.Option("--format", help="For people, for programs, or one HTML page that needs nothing else."),
    ] = ReportFormat.TEXT,
    table: Annotated[Table, typer.Option("--table", help="Which table, as CSV.")] = Table.FIGURES,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE", help="Write it there, not to the terminal.")
    ] = None,
    lang: Annotated[Language, typer.Option("--lang", help="The language of the report.")] = Language.EN,
) -> None:
    """Show what became of the offers that were presented: conversion, revenue, cancellation, complaints, CSAT, needs, reasons."""
    start, end = _day(first, lang), _day(last, lang)
    if start is not None and end is not None and start > end:
        refuse(_BACKWARD.fill(lang))
    pack = None if rules is None else load_engine(rules, lang).pack
    report = _collected(store, by, start, end, _zone(zone, pack, lang), least, lang)
    say = Wording(lang, Labels() if pack is None else labels_of(pack, lang))
    if output is ReportFormat.TEXT:
        _write(report_text(report, say, Console() if out is None else Console(color_system=None)), out, lang)
    else:
        _write(_written(report, say, output, table), out, lang, mark=output is ReportFormat.CSV)


def _collected(
    store: str, by: By, first: date | None, last: date | None, zone: ZoneInfo, least: int, lang: Language
) -> Report:
    try:
        # SQLAlchemy is an extra, and takes 200 ms that every other command would pay at its start.
        from nbo.history.database import Access  # noqa: PLC0415 - it needs an extra
        from nbo.history.store import open_store  # noqa: PLC0415 - as above
        from nbo.workbench.figures.collect import collect  # noqa: PLC0415 - as above
    except ModuleNotFoundError:
        refuse(_NO_EXTRA.fill(lang))
    try:
        access = Access(connections=1, timeout_seconds=TIMEOUT_SECONDS)
        with open_store(store, access=access, create=False) as opened:
            return collect(opened, by=by, first=first, last=last, zone=zone, least=least)
    except ModuleNotFoundError:
        refuse(_NO_EXTRA.fill(lang))
    except StoreError as error:
        typer.echo(f"nbo: {error.say(lang)}", err=True)
        raise typer.Exit(FINDINGS) from None
    except ValueError as error:
        refuse(str(error))


def _day(written: str | None, lang: Language) -> date | None:
    if written is None:
        return None
    try:
        return date.fromisoformat(written)
    except ValueError:
        refuse(_NO_DAY.fill(lang, {"day": printable(written)}))


def _zone(written: str | None, pack: RulePack | None, lang: Language) -> ZoneInfo:
    if written is None:
        return ZoneInfo("UTC") if pack is None else pack.zone
    try:
        return ZoneInfo(written)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        refuse(_NO_ZONE.fill(lang, {"zone": printable(written)}))


def _written(report: Report, say: Wording, output: ReportFormat, table: Table) -> str:
    if output is ReportFormat.JSON:
        return json.dumps(json_form(report, say.labels), ensure_ascii=False, indent=2) + "\n"
    if output is ReportFormat.CSV:
        return csv_form(report, table, say.labels)
    from nbo.workbench.evidence.html import html  # noqa: PLC0415 - 100 ms that every other command would pay at its start
    from nbo.workbench.figures.page import page  # noqa: PLC0415 - the library for HTML loads only for HTML

    return html(page(report, say))


def _write(written: str, out: Path | None, lang: Language, *, mark: bool = False) -> None:
    """Into a file, or to the terminal; the mark at the beginning of a CSV file tells a spreadsheet that it is UTF-8."""
    if out is None:
        typer.echo(written, nl=False)
        return
    try:
        out.write_text(written, encoding="utf-8-sig" if mark else "utf-8", newline="")
    except OSError as error:
        refuse(_CANNOT_WRITE.fill(lang, {"file": printable(str(out)), "problem": str(error.strerror)}))
