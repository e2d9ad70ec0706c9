"""`nbo fmt RULES|FILE…`: rule files in one layout."""

from __future__ import annotations

import difflib
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from nbo.cli.shared import FINDINGS, Language, refuse
from nbo.diagnostics.diagnostic import Text
from nbo.diagnostics.render import render_text
from nbo.workbench.rule_format.format_file import Formatted, format_file

_SUFFIXES = (".yaml", ".yml")
_FORMATTED = Text("formatted: {path}", "已格式化：{path}")
_WOULD = Text("would be formatted: {path}", "需要格式化：{path}")
_LOST = Text(
    "left as it is: {path}; its layout cannot be changed without changing what it means",
    "保持原样：{path}；无法在不改变含义的前提下调整格式",
)
_MISTAKES = Text("left as it is: {path}; it has mistakes", "保持原样：{path}；其中有错误")
_SUMMARY = Text(
    "in order: {settled}, formatted: {changed}, left as they are: {left}",
    "无需改动 {settled}，已格式化 {changed}，保持原样 {left}",
)
_SUMMARY_OF_CHECK = Text(
    "in order: {settled}, to format: {changed}, left as they are: {left}",
    "无需改动 {settled}，需要格式化 {changed}，保持原样 {left}",
)


def command(
    paths: Annotated[
        list[Path], typer.Argument(metavar="RULES|FILE...", help="Folders with rule files, or rule files.", exists=True)
    ],
    check: Annotated[  # noqa: FBT002 - typer reads a flag's default there
        bool, typer.Option("--check", help="Write nothing; exit 1 when a file should be formatted.")
    ] = False,
    diff: Annotated[  # noqa: FBT002 - typer reads a flag's default there
        bool, typer.Option("--diff", help="Write nothing; show what would change.")
    ] = False,
    lang: Annotated[Language, typer.Option("--lang", help="The language of the messages.")] = Language.EN,
) -> None:
    """Format rule files: indentation and spacing in one way; comments, texts and the order of keys stay as written."""
    files = list(dict.fromkeys(file for path in paths for file in _rule_files(path)))
    if not files:
        refuse(f"there is no rule file in {', '.join(f'`{path}`' for path in paths)}")
    changed = left = 0
    for file in files:
        made = format_file(file, str(file))
        if made.found:
            typer.echo(render_text(made.found, lang), err=True)
        if made.found or made.lost:
            typer.echo((_MISTAKES if made.found else _LOST).fill(lang, {"path": str(file)}), err=True)
            left += 1
        elif made.changes:
            changed += 1
            if diff:
                typer.echo(_difference(made, str(file)), nl=False)
            if not (check or diff):
                _write(file, made)
            typer.echo((_WOULD if check or diff else _FORMATTED).fill(lang, {"path": str(file)}))
    summary = _SUMMARY_OF_CHECK if check or diff else _SUMMARY
    counted = {"changed": changed, "left": left, "settled": len(files) - changed - left}
    typer.echo(summary.fill(lang, {key: str(value) for key, value in counted.items()}))
    if left or (check and changed):
        raise typer.Exit(FINDINGS)


def _rule_files(path: Path) -> Iterator[Path]:
    """A file itself; every rule file of a folder, hidden ones left out, in order of name."""
    if not path.is_dir():
        yield path
        return
    for each in sorted(path.iterdir()):
        if not each.name.startswith(".") and (each.suffix in _SUFFIXES or (each.is_dir() and not each.is_symlink())):
            yield from _rule_files(each)


def _difference(made: Formatted, name: str) -> str:
    before, after = (text.splitlines(keepends=True) for text in (made.written, made.wanted))
    lines = (each if each.endswith("\n") else f"{each}\n" for each in difflib.unified_diff(before, after, name, name))
    return "".join(lines).replace("\r\n", "\n")


def _write(path: Path, made: Formatted) -> None:
    """All of the file or nothing: readers see the old text or the new one. Mode and byte order mark stay."""
    target = path.resolve()
    temporary: Path | None = None
    try:
        with target.open("r+b") as stream:  # a file that may not be written is not replaced either
            encoding = "utf-8-sig" if stream.read(3) == b"\xef\xbb\xbf" else "utf-8"
        handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
        temporary = Path(name)
        with os.fdopen(handle, "wb") as stream:
            stream.write(made.wanted.encode(encoding))
        shutil.copymode(target, temporary)
        temporary.replace(target)
    except OSError as error:
        if temporary is not None:
            temporary.unlink(missing_ok=True)
        refuse(f"cannot write `{path}`: {error.strerror}")
