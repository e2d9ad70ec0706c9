"""`nbo log verify|erase|retain`: whether a decision log is what was written, and destroying keys."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import typer

from nbo.cli.shared import FINDINGS, Format, Language, Output, refuse
from nbo.diagnostics.diagnostic import Text
from nbo.diagnostics.place import printable
from nbo.log.errors import LogError
from nbo.log.master import MasterKey
from nbo.log.verify import Known
from nbo.log.verify import verify as verified

MASTER_VARIABLE = "NBO_LOG_KEY"

Folder = Annotated[Path, typer.Argument(metavar="FOLDER", help="The folder of a decision log.")]
Keys = Annotated[Path, typer.Option("--keys", metavar="FILE", help="The key store of the log.")]
Master = Annotated[
    Path | None,
    typer.Option(
        "--master", metavar="FILE", help=f"A file with the master key; without it the variable {MASTER_VARIABLE}."
    ),
]
Messages = Annotated[Language, typer.Option("--lang", help="The language of the messages.")]

_SOUND = Text("{records} records: every line is there, and in its place", "{records} 条记录：每一行都在，且次序无误")
_NOT_SOUND = Text("{records} records up to the first breaks: {problems}", "首个断点之前有 {records} 条记录：{problems}")
_PROBLEM = Text("problem", "问题")
_REMARK = Text("remark", "备注")
_ERASED = Text("{count} keys of the customer destroyed", "已销毁该客户的 {count} 个密钥")
_RETAINED = Text("{count} keys of the months before {month} destroyed", "已销毁 {month} 之前各月的 {count} 个密钥")
_NO_STORE = Text("there is no key store `{path}`", "没有密钥库 `{path}`")
_NO_MASTER = Text(
    "the master key is needed: --master FILE, or the variable {name}", "需要主密钥：--master 文件，或环境变量 {name}"
)
_NO_REPORT = Text("cannot read the earlier report `{path}`", "无法读取先前的报告 `{path}`")
_NO_MONTH = Text("--before `{written}` is not a month such as 2021-11", "--before `{written}` 不是 2021-11 这样的月份")

app = typer.Typer(help="Verify a decision log, and destroy keys.", no_args_is_help=True)


@app.command("verify")
def verify(
    folder: Folder,
    master: Master = None,
    earlier: Annotated[
        Path | None,
        typer.Option("--earlier", metavar="FILE", help="What `nbo log verify --format json` printed before."),
    ] = None,
    output: Output = Format.TEXT,
    lang: Messages = Language.EN,
) -> None:
    """Walk over a log's chain. Exits 1 where a line was changed, moved, left out or cut off."""
    try:
        wanted = master is not None or MASTER_VARIABLE in os.environ
        found = verified(folder, master_key(master, lang) if wanted else None, _known(earlier, lang))
    except LogError as error:
        refuse(printable(error.text(lang)))
    if output is Format.JSON:
        typer.echo(json.dumps(found.to_dict(lang), ensure_ascii=False, indent=2))
    else:
        for each in found.findings:
            kind = (_PROBLEM if each.problem else _REMARK).fill(lang)
            typer.echo(printable(f"{each.place}: {kind}[{each.code}]: {each.text(lang)}"))
        values = {"records": str(found.records), "problems": str(sum(each.problem for each in found.findings))}
        typer.echo((_SOUND if found.sound else _NOT_SOUND).fill(lang, values))
    if not found.sound:
        raise typer.Exit(FINDINGS)


@app.command("erase")
def erase(
    customer: Annotated[
        str, typer.Argument(metavar="CUSTOMER|-", help="The customer's id; - reads it from the input.")
    ],
    keys: Keys,
    master: Master = None,
    lang: Messages = Language.EN,
) -> None:
    """Destroy all keys of a customer: their records stay in the chain, and nobody can read them any more."""
    customer_id = sys.stdin.readline().rstrip("\r\n") if customer == "-" else customer
    try:
        from nbo.log.keys import KeyStore  # noqa: PLC0415 - it needs an extra, and says so

        store = KeyStore(existing(keys, lang), master_key(master, lang))
        typer.echo(_ERASED.fill(lang, {"count": str(store.erase(customer_id))}))
        store.close()
    except LogError as error:
        refuse(printable(error.text(lang)))


@app.command("retain")
def retain(
    keys: Keys,
    before: Annotated[str, typer.Option("--before", metavar="MONTH", help="The first month that stays, as 2021-11.")],
    master: Master = None,
    lang: Messages = Language.EN,
) -> None:
    """Destroy the keys of all decisions before a month."""
    year, dash, month = before.partition("-")
    if not (dash and len(year) == 4 and year.isdecimal() and month in {f"{each:02}" for each in range(1, 13)}):
        refuse(_NO_MONTH.fill(lang, {"written": printable(before)}))
    try:
        from nbo.log.keys import KeyStore  # noqa: PLC0415 - it needs an extra, and says so

        store = KeyStore(existing(keys, lang), master_key(master, lang))
        typer.echo(_RETAINED.fill(lang, {"count": str(store.destroy(before=before)), "month": before}))
        store.close()
    except LogError as error:
        refuse(printable(error.text(lang)))


def existing(path: Path, lang: str) -> Path:
    """The key store's file; one that is not there is not made by a question about it."""
    if not path.is_file():
        refuse(_NO_STORE.fill(lang, {"path": printable(str(path))}))
    return path


def master_key(path: Path | None, lang: str) -> MasterKey:
    """The master key from a file or the environment; raises `LogError` for what is none."""
    if path is not None:
        return MasterKey.from_file(path)
    if MASTER_VARIABLE not in os.environ:
        refuse(_NO_MASTER.fill(lang, {"name": MASTER_VARIABLE}))
    return MasterKey.from_environment(MASTER_VARIABLE)


def _known(path: Path | None, lang: str) -> Mapping[str, Known]:
    """What an earlier report says of each file."""
    if path is None:
        return {}
    try:
        files = json.loads(path.read_bytes())["files"]
        return {str(each["file"]): Known("earlier", int(each["lines"]), str(each["last"])) for each in files}
    except (OSError, ValueError, KeyError, TypeError):
        refuse(_NO_REPORT.fill(lang, {"path": printable(str(path))}))
