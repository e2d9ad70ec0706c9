"""`nbo schema [KIND]`: JSON Schemas of the rule files, for an editor."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from nbo.cli.shared import refuse
from nbo.workbench.rule_files import RULE_FILES
from nbo.workbench.schemas import schema_files, schema_text


def command(
    kind: Annotated[
        str | None, typer.Argument(metavar="KIND", help=f"One of {', '.join(each.name for each in RULE_FILES)}.")
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="DIR", help="Write all of them into this folder.")
    ] = None,
) -> None:
    """Print the JSON Schema of a kind of rule file, or write them all, so that an editor completes and checks rules."""
    if kind is not None and out is not None:
        refuse("`--out` writes every schema; leave the kind out")
    if out is not None:
        try:
            out.mkdir(parents=True, exist_ok=True)
            for name, text in schema_files().items():
                (out / name).write_text(text, encoding="utf-8", newline="\n")
        except OSError as error:
            refuse(f"cannot write to `{out}`: {error.strerror}")
        typer.echo(f"{out}: {len(RULE_FILES)} schemas")
    elif kind is None:
        for each in RULE_FILES:
            typer.echo(f"{each.name:12} {each.path:18} {each.title.en} / {each.title.zh}")
    else:
        found = next((each for each in RULE_FILES if each.name == kind), None)
        if found is None:
            refuse(
                f"there is no rule file of the kind `{kind}`; there are {', '.join(each.name for each in RULE_FILES)}"
            )
        typer.echo(schema_text(found), nl=False)
