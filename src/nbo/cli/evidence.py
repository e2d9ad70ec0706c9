"""`nbo evidence RULES`: a report for the compliance officer, as one HTML page or as Markdown."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from nbo.cli.shared import FINDINGS, At, Language, Rules, parse_at, refuse
from nbo.diagnostics.diagnostic import Text
from nbo.diagnostics.render import render_text
from nbo.engine import Engine, check, system_clock
from nbo.workbench.evidence.compose import compose
from nbo.workbench.evidence.document import Document
from nbo.workbench.evidence.markdown import markdown
from nbo.workbench.evidence.report import collect
from nbo.workbench.run_cases import run_cases

_CANNOT_WRITE = Text("cannot write `{file}`: {problem}", "无法写入 `{file}`：{problem}")


class ReportFormat(StrEnum):
    """How the report is written."""

    HTML = "html"
    MD = "md"


def command(
    rules: Rules,
    output: Annotated[
        ReportFormat, typer.Option("--format", help="One HTML page that needs nothing else, or Markdown.")
    ] = ReportFormat.HTML,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE", help="Write it there, not to the terminal.")
    ] = None,
    at: At = None,
    lang: Annotated[Language, typer.Option("--lang", help="The language of the report.")] = Language.EN,
) -> None:
    """Show every offer, every sentence that can be said, every rule with what enforces it, and what is left to people."""
    moment = parse_at(at) or system_clock()
    pack, found = check(rules, at=moment)
    if pack is None:
        typer.echo(render_text(found, lang), err=True)
        raise typer.Exit(FINDINGS)
    report = collect(pack, run_cases(Engine(pack), pack.cases), found, moment)
    written = _written(compose(report, lang), output)
    if out is None:
        typer.echo(written, nl=False)
        return
    try:
        out.write_text(written, encoding="utf-8", newline="\n")
    except OSError as error:
        refuse(_CANNOT_WRITE.fill(lang, {"file": str(out), "problem": str(error.strerror)}))


def _written(document: Document, output: ReportFormat) -> str:
    if output is ReportFormat.MD:
        return markdown(document)
    from nbo.workbench.evidence.html import html  # noqa: PLC0415 - 100 ms that every other command would pay at its start

    return html(document)
