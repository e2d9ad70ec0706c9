"""`nbo explain RULES --profile FILE`: why, and why not, offer by offer and clause by clause.

`nbo explain CODE` and `nbo explain --codes` are passed on to `explain_code`.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console, Group, RenderableType
from rich.panel import Panel
from rich.text import Text

from nbo.cli.explain_code import show_code, show_codes
from nbo.cli.shared import (
    At,
    Channel,
    Format,
    Language,
    Output,
    Spoken,
    load_engine,
    parse_at,
    read_profile,
    refuse,
)
from nbo.explain.explain import ExplainedOffer

_MARKS = {"true": ("✓", "green"), "false": ("✗", "red"), "unknown": ("?", "yellow")}


def command(
    subject: Annotated[
        str | None, typer.Argument(metavar="RULES|CODE", help="The folder of a rule pack, or a code such as NBO203.")
    ] = None,
    profile: Annotated[
        str | None,
        typer.Option(
            "--profile", metavar="FILE|-", help="With RULES: the customer and the call, as JSON or YAML; - reads JSON."
        ),
    ] = None,
    offer: Annotated[str | None, typer.Option("--offer", metavar="ID", help="Only this offer.")] = None,
    at: At = None,
    language: Spoken = None,
    channel: Channel = "phone",
    output: Output = Format.TEXT,
    lang: Annotated[
        Language | None, typer.Option("--lang", help="The language of a code's page, and of findings about the rules.")
    ] = None,
    codes: Annotated[bool, typer.Option("--codes", help="List all codes of findings.")] = False,  # noqa: FBT002 - typer reads a flag's default there
) -> None:
    """Explain one customer, offer by offer and clause by clause; or a code of `nbo check`, with examples."""
    if codes:
        show_codes(lang or Language.EN, output)
    elif subject is None:
        refuse("say what to explain: a rule pack with --profile, or a code such as NBO203; --codes lists them")
    elif profile is None:
        if Path(subject).is_dir():
            refuse(f"--profile is needed to explain a customer by `{subject}`")
        show_code(subject, lang or Language.EN, output)
    elif not Path(subject).is_dir():
        refuse(f"there is no folder `{subject}`")
    else:
        engine = load_engine(Path(subject), lang or language or Language.EN)
        if offer is not None and all(each.id != offer for each in engine.pack.offers):
            refuse(f"the pack has no offer `{offer}`; it has {', '.join(each.id for each in engine.pack.offers)}")
        explanation = engine.explain(read_profile(profile), offer, at=parse_at(at), channel=channel, language=language)
        if output is Format.JSON:
            typer.echo(explanation.to_json(indent=2))
        else:
            Console().print(Group(*(offer_panel(each, in_full=offer is not None) for each in explanation.offers)))


def offer_panel(offer: ExplainedOffer, *, in_full: bool) -> Panel:
    """One offer; the clauses that hold are only counted unless a single offer was asked for."""
    parts: list[RenderableType] = []
    if offer.reason is not None:
        parts.append(Text(offer.reason.text, style="bold"))
    passes = "false" if offer.stage == "contact_policy" else "true"
    stopping = [clause for clause in offer.clauses if in_full or clause.result != passes]
    for clause in stopping:
        mark, style = _MARKS[clause.result]
        parts.append(Text(f"{mark} {clause.when}", style=style))
        actual = ", ".join(f"{name} = {_plain(value)}" for name, value in clause.actual.items())
        parts.append(Text(f"    {actual}  ({clause.source})", style="dim"))
        if clause.missing:
            parts.append(Text(f"    missing: {', '.join(clause.missing)}", style="yellow"))
    if len(stopping) < len(offer.clauses):
        parts.append(
            Text(
                f"+ {len(offer.clauses) - len(stopping)} that do not stop it; --offer {offer.offer} shows them",
                style="dim",
            )
        )
    if offer.nearest:
        changes = ", ".join(
            f"{each.attribute}: {_plain(each.actual)} → {_plain(each.needed)}" for each in offer.nearest
        )
        parts.append(Text(f"nearest change: {changes}", style="cyan"))
    ended = "offered" if offer.stage is None else f"{offer.outcome} at {offer.stage}"
    return Panel(Group(*parts) if parts else Text(""), title=Text(f"{offer.offer}: {ended}"), title_align="left")


def _plain(value: object) -> str:
    return json.dumps(value, ensure_ascii=False) if isinstance(value, list | bool) or value is None else str(value)
