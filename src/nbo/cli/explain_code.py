"""`nbo explain CODE` and `nbo explain --codes`: what a finding of `nbo check` means, with a wrong and a right example."""

from __future__ import annotations

import json
import re

import typer
from rich.console import Console

from nbo.cli.shared import Format, Language, refuse
from nbo.diagnostics.diagnostic import Code
from nbo.diagnostics.pages import CODES, page
from nbo.diagnostics.suggest import nearest

_LIKE_A_CODE = re.compile(r"(?:nbo)?[\s_-]?(\d+)", re.IGNORECASE)


def show_code(written: str, language: Language, output: Format) -> None:
    """The page of a code, written `NBO203`, `nbo203` or `203`; anything else ends the command."""
    code = _find(written)
    if output is Format.JSON:
        typer.echo(_document([_plain(code, language) | {"page": page(code).markdown(language)}]))
        return
    text = page(code).markdown(language)
    console = Console()
    # In a pipe the Markdown is the better text: its lines are whole, and nothing has to be colored.
    if console.is_terminal:
        from rich.markdown import Markdown  # noqa: PLC0415 - 30 ms that every other command would pay at its start

        console.print(Markdown(text, code_theme="ansi_light"))
    else:
        typer.echo(text, nl=False)


def show_codes(language: Language, output: Format) -> None:
    """Every code with its severity and its message."""
    codes = [CODES[name] for name in sorted(CODES)]
    if output is Format.JSON:
        typer.echo(_document([_plain(code, language) for code in codes]))
        return
    for code in codes:
        typer.echo(f"{code.id}  {code.severity:<7}  {code.outline(language)}")


def _find(written: str) -> Code:
    matched = _LIKE_A_CODE.fullmatch(written.strip())
    name = f"NBO{matched[1]}" if matched else written.strip().upper()
    if name not in CODES:
        refuse(_unknown(name if matched else written, is_code=matched is not None))
    return CODES[name]


def _unknown(name: str, *, is_code: bool) -> str:
    if not is_code:
        return f"`{name}` is neither a folder nor a code such as NBO203; `nbo explain --codes` lists the codes"
    suggestion = nearest(name, CODES, alike=0.8)
    better = f"did you mean `{suggestion}`?" if suggestion else "`nbo explain --codes` lists them"
    return f"there is no code `{name}`; {better}"


def _plain(code: Code, language: Language) -> dict[str, object]:
    return {
        "code": code.id,
        "severity": str(code.severity),
        "message": code.outline(language),
        "help": code.outline_of_help(language) or None,
    }


def _document(codes: list[dict[str, object]]) -> str:
    return json.dumps({"codes": codes}, ensure_ascii=False, indent=2)
