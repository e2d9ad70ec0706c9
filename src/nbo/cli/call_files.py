"""The files of `nbo call`: a transcript to play, a stored call to resume or to write."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import typer

from nbo.call.session import Session
from nbo.cli.shared import WRONG_USE, read_profile, refuse
from nbo.diagnostics.diagnostic import DiagnosticError, Text
from nbo.diagnostics.place import printable
from nbo.diagnostics.render.text import render_text
from nbo.pack.case_profile import merged, read_changes
from nbo.pack.rulepack import RulePack
from nbo.source.nodes import Mapping as MappingNode
from nbo.source.yaml_file import parse_yaml, read_source
from nbo.workbench.transcript.form import TranscriptFile, read_form

_STORED_CALL = Text(
    "`{file}` is no stored call; `--save` writes one, with `call_id` and `events`",
    "`{file}` 不是已保存的通话；请用 `--save` 保存，含 `call_id` 和 `events`",
)
_CANNOT_WRITE = Text("cannot write `{file}`: {problem}", "无法写入 `{file}`：{problem}")
_NO_MAPPING = Text(
    "`changes` need a customer with attributes by namespace", "`changes` 需要按命名空间给出属性的客户资料"
)


def read_transcript(path: Path, language: str) -> TranscriptFile:
    """The transcript; what is wrong with the file or its form ends the command, each mistake at its place."""
    try:
        return read_form(parse_yaml(read_source(path, path.name, str(path))))
    except DiagnosticError as error:
        typer.echo(render_text(error.diagnostics, language), err=True)
        raise typer.Exit(WRONG_USE) from None


def with_changes(profile: object, changes: MappingNode | None, pack: RulePack, language: str) -> object:
    """The customer with the changes of a transcript; what the dictionary does not know of ends the command."""
    if changes is None:
        return profile
    if not isinstance(profile, Mapping):
        refuse(_NO_MAPPING.fill(language))
    read, found = read_changes(changes, pack.dictionary)
    if found:
        typer.echo(render_text(found, language), err=True)
        raise typer.Exit(WRONG_USE)
    return merged([profile, read])


def read_stored(path: Path, language: str) -> tuple[str, object]:
    """The id and the events of a call that `--save` wrote."""
    stored = read_profile(str(path), "stored call")
    if not isinstance(stored, Mapping) or not isinstance(stored.get("call_id"), str) or "events" not in stored:
        refuse(_STORED_CALL.fill(language, {"file": printable(str(path))}))
    return stored["call_id"], stored["events"]


def write_stored(path: Path, session: Session, language: str) -> None:
    """The call as `--resume` reads it."""
    stored = {"call_id": session.call_id, "events": session.events}
    try:
        path.write_text(json.dumps(stored, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    except OSError as error:
        refuse(_CANNOT_WRITE.fill(language, {"file": printable(str(path)), "problem": str(error.strerror)}))
