"""`nbo eval RULES EXPRESSION --profile FILE`: what a condition gives for a customer, step by step."""

from __future__ import annotations

import json
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from nbo.cli.shared import FINDINGS, At, Format, Language, Output, Profile, Rules, load_engine, parse_at, read_profile
from nbo.diagnostics.diagnostic import DiagnosticError
from nbo.diagnostics.diagnostic import Text as Words
from nbo.diagnostics.render import render_text
from nbo.explain.steps import Evaluation

_UNKNOWN = Words("unknown", "未知")
_MISSING = Words("missing", "缺少数据")


def command(
    rules: Rules,
    expression: Annotated[str, typer.Argument(metavar="EXPRESSION", help="A condition, quoted for the shell.")],
    profile: Profile,
    at: At = None,
    output: Output = Format.TEXT,
    lang: Annotated[Language, typer.Option("--lang", help="The language of the messages.")] = Language.EN,
) -> None:
    """Evaluate a condition for a customer: its value, its type, what is missing, and every step."""
    engine = load_engine(rules, lang)
    customer = read_profile(profile)
    try:
        evaluation = engine.evaluate(expression, customer, at=parse_at(at))
    except DiagnosticError as error:
        typer.echo(render_text(error.diagnostics, lang), err=True)
        raise typer.Exit(FINDINGS) from None
    if output is Format.JSON:
        typer.echo(json.dumps(evaluation.to_dict(), ensure_ascii=False, indent=2))
    else:
        _show(evaluation, lang)


def _show(evaluation: Evaluation, language: str) -> None:
    table = Table(show_header=False, box=None, padding=(0, 2, 0, 0))
    for step in evaluation.steps:
        table.add_row(Text(step.text), Text(_plain(step.value, language, known=step.value is not None)))
    console = Console()
    console.print(table)
    value = _plain(evaluation.value, language, known=evaluation.known)
    console.print(Text(f"= {value} ({evaluation.type})", style="bold"))
    if evaluation.missing:
        console.print(Text(f"{_MISSING.fill(language)}: {', '.join(evaluation.missing)}", style="yellow"))


def _plain(value: object, language: str, *, known: bool) -> str:
    if not known:
        return _UNKNOWN.fill(language)
    return json.dumps(value, ensure_ascii=False) if isinstance(value, list | bool) else str(value)
