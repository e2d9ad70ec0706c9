"""`nbo test RULES`: hold a pack's own cases against what it decides."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.text import Text

from nbo.cli.explain import offer_panel
from nbo.cli.shared import FINDINGS, Format, Output, Rules, load_engine, refuse
from nbo.workbench.run_cases import CaseResult, junit, run_cases


def command(
    rules: Rules,
    case: Annotated[str | None, typer.Option("--case", metavar="ID", help="Only this case.")] = None,
    report: Annotated[Path | None, typer.Option("--junit", metavar="FILE", help="Also write a JUnit report.")] = None,
    output: Output = Format.TEXT,
) -> None:
    """Run the pack's tests. Exits 1 when a case comes out differently; a failing one shows its trace."""
    engine = load_engine(rules, "en")
    results = list(run_cases(engine, case))
    if case is not None and not results:
        refuse(f"the pack has no case `{case}`")
    if report is not None:
        try:
            report.write_text(junit(results, engine.pack.name), encoding="utf-8")
        except OSError as error:
            refuse(f"cannot write `{report}`: {error.strerror}")
    failed = [result for result in results if not result.holds]
    if output is Format.JSON:
        typer.echo(json.dumps({"cases": [result.to_dict() for result in results]}, ensure_ascii=False, indent=2))
    else:
        console = Console()
        for result in failed:
            _show(console, result)
        typer.echo(f"{len(results)} cases: {len(results) - len(failed)} hold, {len(failed)} do not")
    if failed:
        raise typer.Exit(FINDINGS)


def _show(console: Console, result: CaseResult) -> None:
    """A failing case: where it stands, what is different, and how each offer ended."""
    place = result.case.span
    console.print(Text(f"✗ {result.case.id}  {place.source.path}:{place.line}", style="bold red"))
    console.print(Text(f"  {result.case.about}", style="dim"))
    for difference in result.differences:
        console.print(Text(f"  - {difference}", style="red"))
    for offer in result.explanation.offers:
        console.print(offer_panel(offer, in_full=False))
