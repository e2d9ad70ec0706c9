"""`nbo explain RULES --profile FILE`: why, and why not, offer by offer and clause by clause."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.console import Console, Group

from nbo.cli.offer_panel import offer_panel
from nbo.cli.shared import (
    At,
    Channel,
    Format,
    Language,
    Output,
    Profile,
    Rules,
    Spoken,
    load_engine,
    parse_at,
    read_profile,
    refuse,
)


def command(
    rules: Rules,
    profile: Profile,
    offer: Annotated[str | None, typer.Option("--offer", metavar="ID", help="Only this offer.")] = None,
    at: At = None,
    language: Spoken = None,
    channel: Channel = "phone",
    output: Output = Format.TEXT,
) -> None:
    """Explain one customer: every offer, and every clause of the stage that stopped it."""
    engine = load_engine(rules, language or "en")
    if offer is not None and all(each.id != offer for each in engine.pack.offers):
        refuse(f"the pack has no offer `{offer}`; it has {', '.join(each.id for each in engine.pack.offers)}")
    explanation = engine.explain(read_profile(profile), offer, at=parse_at(at), channel=channel, language=language)
    if output is Format.JSON:
        typer.echo(explanation.to_json(indent=2))
    else:
        spoken = language or Language.EN
        panels = (offer_panel(each, in_full=offer is not None, language=spoken) for each in explanation.offers)
        Console().print(Group(*panels))
