"""`nbo replay FOLDER`: recorded decisions made again by the rules of their day."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from nbo.cli.log import Folder, Keys, Master, Messages, existing, master_key
from nbo.cli.shared import FINDINGS, Format, Language, Output, refuse
from nbo.diagnostics.diagnostic import Text
from nbo.diagnostics.place import printable
from nbo.log.archive import PackArchive
from nbo.log.errors import LogError

if TYPE_CHECKING:
    from nbo.log.replay import Replayed

_STATUS: dict[str, Text] = {
    "same": Text("same", "一致"),
    "differs": Text("differs", "不一致"),
    "erased": Text("erased", "已擦除"),
    "unreadable": Text("unreadable", "不可读"),
}
_SUMMARY = Text(
    "{all} decisions: {same} came out the same, {differs} differ, {erased} are erased, {unreadable} cannot be read",
    "{all} 个决策：{same} 个一致，{differs} 个不一致，{erased} 个已擦除，{unreadable} 个不可读",
)
_NO_DECISION = Text("the log has no decision `{id}`", "日志中没有决策 `{id}`")
_RECORDED = Text("recorded", "记录")
_REPLAYED = Text("replayed", "重放")
_ABSENT = "-"


def command(
    folder: Folder,
    keys: Keys,
    master: Master = None,
    decision: Annotated[
        str | None, typer.Option("--decision", metavar="ID", help="Only this decision; the answer has it in full.")
    ] = None,
    archive: Annotated[
        Path | None, typer.Option("--archive", metavar="FOLDER", help="The archive of packs, if it is not in the log.")
    ] = None,
    output: Output = Format.TEXT,
    lang: Messages = Language.EN,
) -> None:
    """Make recorded decisions again. Exits 1 where one differs or cannot be read; an erased one is no failure."""
    counts: Counter[str] = Counter()
    answers: list[dict[str, object]] = []
    try:
        from nbo.log.keys import KeyStore  # noqa: PLC0415 - it needs an extra, and says so
        from nbo.log.replay import Replayer  # noqa: PLC0415 - it needs an extra

        store = KeyStore(existing(keys, lang), master_key(master, lang))
        for each in Replayer(folder, store, None if archive is None else PackArchive(archive)).replay(decision):
            counts[each.status] += 1
            if output is Format.JSON:
                in_full = None if decision is None or each.decision is None else each.decision.to_dict()
                answers.append(each.to_dict(lang) | ({} if decision is None else {"decision": in_full}))
            elif each.status != "same" or decision is not None:
                typer.echo(_shown(each, lang))
        store.close()
    except LogError as error:
        refuse(printable(error.text(lang)))
    if decision is not None and not counts:
        refuse(_NO_DECISION.fill(lang, {"id": printable(decision)}))
    if output is Format.JSON:
        typer.echo(json.dumps({"decisions": answers, "counts": _named(counts)}, ensure_ascii=False, indent=2))
    else:
        typer.echo(_SUMMARY.fill(lang, {name: str(count) for name, count in _named(counts).items()}))
    if counts["differs"] or counts["unreadable"]:
        raise typer.Exit(FINDINGS)


def _named(counts: Counter[str]) -> dict[str, int]:
    return {"all": counts.total(), **{name: counts[name] for name in _STATUS}}


def _shown(each: Replayed, lang: Language) -> str:
    head = f"{each.place}: {_STATUS[each.status].fill(lang)}"
    named = [part for part in (each.decision_id, each.reason(lang)) if part is not None]
    lines = [printable(": ".join([head, *named]))]
    for one in each.differences:
        lines.append(printable(f"  {one.field}"))
        lines.append(printable(f"    {_RECORDED.fill(lang)}: {one.recorded or _ABSENT}"))
        lines.append(printable(f"    {_REPLAYED.fill(lang)}: {one.replayed or _ABSENT}"))
    return "\n".join(lines)
