"""`nbo explain RULES --profile FILE`: why, and why not, offer by offer and clause by clause.

`nbo explain CODE` and `nbo explain --codes` are passed on to `explain_code`.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console, Group

from nbo.cli.explain_code import show_code, show_codes
from nbo.cli.offer_panel import offer_panel
from nbo.cli.shared import (
    At,
    Channel,
    Format,
    Language,
    Output,
    Spoken,
    check_spoken,
    load_engine,
    parse_at,
    read_profile,
    refuse,
)


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
        check_spoken(engine, language)
        if offer is not None and all(each.id != offer for each in engine.pack.offers):
            refuse(f"the pack has no offer `{offer}`; it has {', '.join(each.id for each in engine.pack.offers)}")
        explanation = engine.explain(read_profile(profile), offer, at=parse_at(at), channel=channel, language=language)
        if output is Format.JSON:
            typer.echo(explanation.to_json(indent=2))
        else:
            spoken = language or Language.EN
            panels = (offer_panel(each, in_full=offer is not None, language=spoken) for each in explanation.offers)
            Console().print(Group(*panels))
