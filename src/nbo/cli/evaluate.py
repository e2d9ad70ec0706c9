"""`nbo eval RULES EXPRESSION --profile FILE`: what a condition gives for a customer, step by step."""

from __future__ import annotations

import json
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from nbo.cli.shared import FINDINGS, At, Format, Output, Profile, Rules, load_engine, parse_at, read_profile
from nbo.diagnostics.diagnostic import DiagnosticError
from nbo.diagnostics.render import render_text
from nbo.explain.steps import Evaluation


def command(
    rules: Rules,
    expression: Annotated[str, typer.Argument(metavar="EXPRESSION", help="A condition, quoted for the shell.")],
    profile: Profile,
    at: At = None,
    output: Output = Format.TEXT,
) -> None:
    """Evaluate a condition for a customer: its value, its type, what is missing, and every step."""
    engine = load_engine(rules, "en")
    customer = read_profile(profile)
    try:
        evaluation = engine.evaluate(expression, customer, at=parse_at(at))
    except DiagnosticError as error:
        typer.echo(render_text(error.diagnostics), err=True)
        raise typer.Exit(FINDINGS) from None
    if output is Format.JSON:
        typer.echo(json.dumps(evaluation.to_dict(), ensure_ascii=False, indent=2))
    else:
        _show(evaluation)


def _show(evaluation: Evaluation) -> None:
    table = Table(show_header=False, box=None, padding=(0, 2, 0, 0))
    for step in evaluation.steps:
        table.add_row(Text(step.text), Text(_plain(step.value, known=step.value is not None)))
    console = Console()
    console.print(table)
    console.print(Text(f"= {_plain(evaluation.value, known=evaluation.known)} ({evaluation.type})", style="bold"))
    if evaluation.missing:
        console.print(Text(f"missing: {', '.join(evaluation.missing)}", style="yellow"))


def _plain(value: object, *, known: bool) -> str:
    if not known:
        return "unknown"
    return json.dumps(value, ensure_ascii=False) if isinstance(value, list | bool) else str(value)
