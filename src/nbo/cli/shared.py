"""What several commands need: their options, reading a profile, loading a pack or saying what is wrong with it."""

from __future__ import annotations

import sys
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from nbo.call.matching.choose import MatcherName
from nbo.diagnostics.diagnostic import Diagnostic, DiagnosticError, Severity
from nbo.diagnostics.render import render_text
from nbo.engine import Engine, PackError
from nbo.language.json_profile import NotJsonError, read_json
from nbo.source.nodes import to_plain
from nbo.source.yaml_file import parse_yaml, read_source

FINDINGS = 1  # exit code: the rules have mistakes
WRONG_USE = 2  # exit code: an option or the profile cannot be used
MOST_PROFILE_BYTES = 32 * 1024 * 1024


class Format(StrEnum):
    """How a command prints."""

    TEXT = "text"
    JSON = "json"


class Language(StrEnum):
    """The language of messages and scripts."""

    ZH = "zh"
    EN = "en"


Rules = Annotated[
    Path, typer.Argument(metavar="RULES", help="The folder of a rule pack.", exists=True, file_okay=False)
]
Profile = Annotated[
    str, typer.Option("--profile", metavar="FILE|-", help="The customer and the call, as JSON or YAML; - reads JSON.")
]
At = Annotated[
    str | None, typer.Option("--at", metavar="TIME", help="Decide at this time, such as 2026-11-16T10:30:00+08:00.")
]
Output = Annotated[Format, typer.Option("--format", help="For people, or JSON.")]
Spoken = Annotated[
    Language | None,
    typer.Option("--language", help="The language of scripts and reasons; the pack's first by default."),
]
Channel = Annotated[str, typer.Option("--channel", help="The channel on which the offer is made.")]


def refuse(message: str) -> NoReturn:
    """Ends the command: it was used in a way that cannot work."""
    typer.echo(f"nbo: {message}", err=True)
    raise typer.Exit(WRONG_USE)


def parse_at(written: str | None) -> datetime | None:
    """The time of `--at`; without a zone it is refused."""
    if written is None:
        return None
    try:
        moment = datetime.fromisoformat(written)
    except ValueError:
        refuse(f"--at `{written}` is not a time such as 2026-11-16T10:30:00+08:00")
    if moment.tzinfo is None:
        refuse(f"--at `{written}` needs a zone, such as {written}+08:00")
    return moment


def load_engine(rules: Path, language: str, matcher: MatcherName | None = None) -> Engine:
    """The engine, or the pack's mistakes and the end; `matcher` is for calls."""
    try:
        return Engine.load(rules, matcher=matcher)
    except PackError as error:
        typer.echo(render_text(error.diagnostics, language), err=True)
        raise typer.Exit(FINDINGS) from None


def check_spoken(engine: Engine, language: str | None) -> None:
    """Ends the command where the pack does not speak the language that is asked for."""
    if language is not None and language not in engine.pack.languages:
        refuse(f"the pack speaks {', '.join(engine.pack.languages)}, not `{language}`")


def has_findings(diagnostics: list[Diagnostic]) -> bool:
    """Notes inform; errors and warnings are findings."""
    return any(each.severity is not Severity.NOTE for each in diagnostics)


def read_profile(written: str, name: str = "profile") -> object:
    """The customer of `--profile`: `-` is JSON on standard input, `.yaml` and `.yml` are YAML, anything else JSON.

    Numbers become exact decimals, never binary floats. What cannot be read ends the command. `name` is what messages call a
    document of another kind.
    """
    if written == "-":
        return _json(sys.stdin.buffer.read(MOST_PROFILE_BYTES + 1), f"{name} in standard input")
    path = Path(written)
    if path.suffix in (".yaml", ".yml"):
        try:
            return to_plain(parse_yaml(read_source(path, path.name, written)))
        except DiagnosticError as error:
            typer.echo(render_text(error.diagnostics), err=True)
            raise typer.Exit(WRONG_USE) from None
    try:
        with path.open("rb") as stream:
            return _json(stream.read(MOST_PROFILE_BYTES + 1), f"{name} in {written}")
    except OSError as error:
        refuse(f"cannot read the {name} `{written}`: {error.strerror}")


def _json(data: bytes, name: str) -> object:
    if len(data) > MOST_PROFILE_BYTES:
        refuse(f"the {name} is larger than {MOST_PROFILE_BYTES // 1024 // 1024} MiB")
    try:
        return read_json(data)
    except NotJsonError as error:
        refuse(f"the {name} is {error}")
