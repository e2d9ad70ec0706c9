"""`nbo check RULES`: everything that can be found wrong with a pack, once or again whenever a file changes."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from datetime import datetime
from enum import StrEnum
from importlib.metadata import version
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from nbo.cli.shared import FINDINGS, At, Language, Rules, has_findings, parse_at, refuse
from nbo.diagnostics.diagnostic import Diagnostic
from nbo.diagnostics.diagnostic import Text as Words
from nbo.diagnostics.render import render_github, render_json, render_sarif, render_text, summary
from nbo.engine import check
from nbo.pack.rulepack import RulePack, every_rule
from nbo.workbench.watch import PackFiles, changes

_WATCHING = Words("watching {count} files; Ctrl-C ends", "正在监视 {count} 个文件；按 Ctrl-C 结束")
_UNCONFIRMED = Words(
    "{count} rules rest on secondary evidence, confirm the texts before you rely on them: {rules}",
    "{count} 条规则仅有二手依据，使用前请核对原文：{rules}",
)
_MOST_NAMES = 3  # of changed files, above a check


class CheckFormat(StrEnum):
    """How findings are printed."""

    TEXT = "text"
    JSON = "json"
    GITHUB = "github"
    SARIF = "sarif"


def command(
    rules: Rules,
    at: At = None,
    output: Annotated[
        CheckFormat,
        typer.Option("--format", help="For people, JSON, GitHub annotations, or SARIF for code scanning."),
    ] = CheckFormat.TEXT,
    lang: Annotated[Language, typer.Option("--lang", help="The language of the messages.")] = Language.EN,
    watch: Annotated[  # noqa: FBT002 - typer reads a flag's default there
        bool,
        typer.Option("--watch", help="Check again whenever a file changes; Ctrl-C ends it with the last exit code."),
    ] = False,
) -> None:
    """Check a rule pack: its files, its conditions, its scripts. Exits 1 when something was found."""
    moment = parse_at(at)
    if watch and output is not CheckFormat.TEXT:
        refuse("--watch prints text for people; leave out --format")

    def once() -> bool:
        pack, found = check(rules, at=moment)
        shown = _rendered(found, output, lang)
        if shown:
            typer.echo(shown)
        if output is CheckFormat.TEXT:
            typer.echo(f"{rules}: {summary(found, lang)}")
            if pack is not None:
                typer.echo(_contents(pack, lang))
                unconfirmed = [each.id for each in every_rule(pack) if each.evidence == "secondary"]
                if unconfirmed:
                    typer.echo(
                        _UNCONFIRMED.fill(lang, {"count": str(len(unconfirmed)), "rules": ", ".join(unconfirmed)})
                    )
        return has_findings(found)

    found_something = watch_pack(rules, once, lang) if watch else once()
    if found_something:
        raise typer.Exit(FINDINGS)


def watch_pack(
    rules: Path,
    once: Callable[[], bool],
    language: str,
    *,
    sleep: Callable[[float], None] = time.sleep,
    clock: Callable[[], datetime] = lambda: datetime.now().astimezone(),
) -> bool:
    """Check now and after every change until Ctrl-C; gives what the last check found.

    `once` prints one check and says whether something was found. `sleep` (seconds) and `clock` are the machine's.
    """
    found_something = False
    console = Console()
    files = PackFiles(rules)
    try:
        for changed in changes(files, sleep):
            console.clear()  # nothing happens where the output is no terminal
            shown = ", ".join(changed[:_MOST_NAMES]) + (", …" if len(changed) > _MOST_NAMES else "")
            typer.echo(f"[{clock():%H:%M:%S}] {shown or rules}")
            found_something = once()
            typer.echo(_WATCHING.fill(language, {"count": str(files.count)}))
    except KeyboardInterrupt:
        typer.echo("")
    return found_something


def _rendered(found: list[Diagnostic], output: CheckFormat, language: str) -> str:
    """The findings in the wanted form."""
    # In a workflow the repository need not be the folder in which a step runs.
    root = Path(os.environ.get("GITHUB_WORKSPACE") or Path.cwd())
    match output:
        case CheckFormat.JSON:
            return render_json(found, language)
        case CheckFormat.GITHUB:
            return render_github(found, language, root=root)
        case CheckFormat.SARIF:
            return render_sarif(found, language, root=root, version=version("nbo"))
        case CheckFormat.TEXT:
            return render_text(found, language)


def _contents(pack: RulePack, language: str) -> str:
    treatments = sum(len(script.treatments) for script in pack.scripts.values())
    if language == "zh":
        return (
            f"{pack.name} {pack.version}：{len(pack.offers)} 个产品，{treatments} 个话术版本，{len(pack.gates)} 道门槛，"
            f"{len(pack.compliance)} 条合规规则，{len(pack.cases)} 个测试用例，哈希 {pack.hash[:12]}"
        )
    return (
        f"{pack.name} {pack.version}: {len(pack.offers)} offers, {treatments} treatments, {len(pack.gates)} gates, "
        f"{len(pack.compliance)} compliance rules, {len(pack.cases)} test cases, hash {pack.hash[:12]}"
    )
