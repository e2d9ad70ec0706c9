"""`nbo check RULES`: everything that can be found wrong with a pack."""

from __future__ import annotations

from typing import Annotated

import typer

from nbo.cli.shared import FINDINGS, At, Format, Language, Output, Rules, has_findings, parse_at, show_diagnostics
from nbo.diagnostics.render import summary
from nbo.engine import check
from nbo.pack.rulepack import RulePack


def command(
    rules: Rules,
    at: At = None,
    output: Output = Format.TEXT,
    lang: Annotated[Language, typer.Option("--lang", help="The language of the messages.")] = Language.EN,
) -> None:
    """Check a rule pack: its files, its conditions, its scripts. Exits 1 when something was found."""
    pack, found = check(rules, at=parse_at(at))
    show_diagnostics(found, output, lang)
    if output is Format.TEXT:
        typer.echo(f"{rules}: {summary(found, lang)}")
        if pack is not None:
            typer.echo(_contents(pack, lang))
    if has_findings(found):
        raise typer.Exit(FINDINGS)


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
