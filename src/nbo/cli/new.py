"""`nbo new FOLDER`: a small pack to start from."""

from __future__ import annotations

import os
import shlex
from pathlib import Path
from typing import Annotated

import typer

from nbo.cli.shared import Language, refuse
from nbo.diagnostics.diagnostic import Text
from nbo.source.model import Name, validate
from nbo.source.nodes import Scalar, from_plain
from nbo.workbench.new_pack import EXAMPLE, write_pack

_WRITTEN = Text("{folder}: a new pack, {name}. Try", "{folder}：新规则包 {name}。可以试试")


def command(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="The folder of the new pack; it may not exist yet.")],
    name: Annotated[
        str | None, typer.Option("--name", metavar="NAME", help="The pack's name; the folder's by default.")
    ] = None,
    lang: Annotated[
        Language, typer.Option("--lang", help="The language of the comments, and the first one of the scripts.")
    ] = Language.EN,
) -> None:
    """Write a small pack that checks clean, whose tests hold and that decides at once, with comments that teach."""
    wanted = Path(os.path.abspath(folder)).name if name is None else name  # noqa: PTH100 - `.` has a name, a link keeps its own
    read, found = validate(Name, from_plain(wanted))
    if found or not isinstance(read, Scalar) or read.text in ("null", "Null", "NULL"):
        advice = "" if name is not None else "; choose one with --name"
        refuse(f"`{wanted}` is no name for a pack: letters, digits, `_` and `-`, a letter first{advice}")
    try:
        if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
            refuse(f"`{folder}` exists already and is not an empty folder; nothing was written")
        write_pack(folder, wanted, lang)
    except OSError as error:
        refuse(f"cannot write to `{folder}`: {error.strerror}")
    typer.echo(_WRITTEN.fill(lang, {"folder": str(folder), "name": wanted}))
    place, customer = shlex.quote(str(folder)), shlex.quote(str(folder / EXAMPLE))
    for command_line in (
        f"nbo check {place}",
        f"nbo test {place}",
        f"nbo decide {place} --profile {customer}",
        f"nbo explain {place} --profile {customer} --offer repayment_help",
    ):
        typer.echo(f"  {command_line}")
