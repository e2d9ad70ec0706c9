"""`nbo comply RULES --text FILE|-`: any text against a pack's compliance rules."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated

import typer

from nbo.cli.shared import FINDINGS, At, Channel, Format, Language, Output, Rules, load_engine, parse_at, refuse
from nbo.diagnostics.diagnostic import Text
from nbo.diagnostics.place import SourceText, Span, printable
from nbo.diagnostics.render import snippet
from nbo.script.check_text import MOST_CHARACTERS, Finding

_MOST_BYTES = 4 * MOST_CHARACTERS  # UTF-8 takes at most four a character
_BLOCKED = Text("blocked", "不得使用")
_WARNED = Text("warning", "请复核")
_COUNT = Text("{blocking} blocked, {warning} warnings", "{blocking} 处不得使用，{warning} 处需复核")
_NOTHING = Text("no rule finds anything wrong", "未发现违反规则之处")


def command(
    rules: Rules,
    text: Annotated[str, typer.Option("--text", metavar="FILE|-", help="The text, as UTF-8; - reads standard input.")],
    family: Annotated[str | None, typer.Option("--family", help="What it is about; no offer by default.")] = None,
    channel: Channel = "phone",
    spoken: Annotated[
        Language | None, typer.Option("--language", help="The language of the text; the pack's first by default.")
    ] = None,
    at: At = None,
    output: Output = Format.TEXT,
    lang: Annotated[Language, typer.Option("--lang", help="The language of the messages.")] = Language.EN,
) -> None:
    """Check any text against the compliance rules: forbidden wording, numbers, what is not said, personal data, length."""
    moment = parse_at(at)
    engine = load_engine(rules, lang)
    name, words = _read(text)
    try:
        found = engine.check_text(words, language=spoken, channel=channel, family=family, at=moment, messages=lang)
    except ValueError as error:
        refuse(str(error))
    if output is Format.JSON:
        typer.echo(json.dumps([each.to_dict() for each in found], ensure_ascii=False, indent=2))
    else:
        _show(found, SourceText(name, name, words), lang)
    if any(each.severity == "block" for each in found):
        raise typer.Exit(FINDINGS)


def _read(written: str) -> tuple[str, str]:
    """The name and the words; what cannot be read ends the command."""
    try:
        if written == "-":
            name, data = "standard input", sys.stdin.buffer.read(_MOST_BYTES + 1)
        else:
            name = written
            with Path(written).open("rb") as stream:
                data = stream.read(_MOST_BYTES + 1)
        return name, data.decode("utf-8-sig")
    except OSError as error:
        refuse(f"cannot read the text `{written}`: {error.strerror}")
    except UnicodeDecodeError:
        refuse(f"the text in {name} is not UTF-8" if len(data) <= _MOST_BYTES else f"the text in {name} is too long")


def _show(found: tuple[Finding, ...], source: SourceText, language: str) -> None:
    for each in found:
        line, column = source.line_and_column(each.start)
        words = (_BLOCKED if each.severity == "block" else _WARNED).fill(language)
        typer.echo(f"{source.path}:{line}:{column}: {words} [{each.rule}, {each.kind}]: {printable(each.message)}")
        if each.end > each.start:
            typer.echo("\n".join(snippet(Span(source, each.start, each.end))))
        typer.echo(f"  {each.citation}\n")
    blocking = sum(each.severity == "block" for each in found)
    counted = {"blocking": str(blocking), "warning": str(len(found) - blocking)}
    typer.echo(_COUNT.fill(language, counted) if found else _NOTHING.fill(language))
