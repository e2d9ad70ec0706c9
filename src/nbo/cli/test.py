"""`nbo test RULES`: hold a pack's own cases against what it decides."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from nbo.cli.offer_panel import offer_panel
from nbo.cli.shared import FINDINGS, Format, Language, Output, Rules, load_engine, refuse
from nbo.diagnostics.diagnostic import Text as Words
from nbo.diagnostics.place import printable
from nbo.pack.case import Case
from nbo.workbench.junit import junit
from nbo.workbench.run_cases import CaseResult, chosen, run_cases, similar_case

_NO_TESTS = Words(
    "{pack} has no tests: name a folder in pack.yaml, `tests: tests/`, and put cases into it",
    "{pack} 没有测试：请在 pack.yaml 中写 `tests: tests/`，并在该文件夹中编写用例",
)
_NO_CASE = Words("the pack has no case `{id}`", "规则包中没有用例 `{id}`")
_DID_YOU_MEAN = Words("; did you mean `{id}`?", "；是否想写 `{id}`？")
_CANNOT_WRITE = Words("cannot write `{file}`: {problem}", "无法写入 `{file}`：{problem}")
_SUMMARY = Words(
    "{all} cases: {holding} hold, {failing} do not", "{all} 个用例：{holding} 个符合预期，{failing} 个不符"
)
_EXPECTED = Words("expected", "预期")
_ACTUAL = Words("actual", "实际")
_PERSONA = Words("persona {persona}", "客户画像 {persona}")


def command(
    rules: Rules,
    case: Annotated[
        list[str] | None,
        typer.Option("--case", metavar="ID", help="Only this case, or these: `gate_*`. Can be given several times."),
    ] = None,
    report: Annotated[Path | None, typer.Option("--junit", metavar="FILE", help="Also write a JUnit report.")] = None,
    output: Output = Format.TEXT,
    lang: Annotated[Language, typer.Option("--lang", help="The language of the messages.")] = Language.EN,
) -> None:
    """Run the pack's tests. Exits 1 when a case comes out differently; a failing one shows its trace."""
    engine = load_engine(rules, lang)
    results = list(run_cases(engine, _wanted(engine.pack.cases, case or [], lang)))
    if report is not None:
        try:
            report.write_text(junit(results, engine.pack.name, lang), encoding="utf-8")
        except OSError as error:
            refuse(_CANNOT_WRITE.fill(lang, {"file": str(report), "problem": str(error.strerror)}))
    failed = [result for result in results if not result.holds]
    if output is Format.JSON:
        typer.echo(json.dumps({"cases": [result.to_dict(lang) for result in results]}, ensure_ascii=False, indent=2))
    elif not results:
        typer.echo(_NO_TESTS.fill(lang, {"pack": engine.pack.name}))
    else:
        console = Console()
        for result in failed:
            _show(console, result, lang)
        counts = {"all": str(len(results)), "holding": str(len(results) - len(failed)), "failing": str(len(failed))}
        typer.echo(_SUMMARY.fill(lang, counts))
    if failed:
        raise typer.Exit(FINDINGS)


def _wanted(cases: Sequence[Case], patterns: Sequence[str], language: str) -> Sequence[Case]:
    if not patterns:
        return cases
    wanted, without = chosen(cases, patterns)
    if without:
        message = _NO_CASE.fill(language, {"id": printable(without[0])})
        better = similar_case(without[0], cases)
        refuse(message + (_DID_YOU_MEAN.fill(language, {"id": better}) if better else ""))
    return wanted


def _show(console: Console, result: CaseResult, language: str) -> None:
    """A failing case: where it stands, what it is about, what is different, and how the offers involved ended."""
    case = result.case
    place = case.span
    console.print(Text(printable(f"✗ {case.id}  {place.source.path}:{place.line}:{place.column}"), style="bold red"))
    console.print(Text(f"  {printable(' '.join(case.about.split()))}"))
    setting = [case.at.isoformat(), case.channel, result.decision.language]
    if case.persona is not None:
        setting.insert(0, _PERSONA.fill(language, {"persona": case.persona}))
    console.print(Text(f"  {' · '.join(setting)}", style="dim"))
    console.print(_differences(result, language))
    for rank in result.decision.offers:
        factors = rank.factors
        score = f"P {factors.p} · C {factors.c} · V {factors.v} · L {factors.l} = {rank.score.normalize():f}"
        console.print(Text(f"  {rank.rank}. {rank.offer}  {score}", style="dim"))
    for offer in result.involved:
        if offer.stage is not None:
            console.print(offer_panel(offer, in_full=False, language=language))


def _differences(result: CaseResult, language: str) -> Table:
    """Expected and actual side by side, each with the line of its expectation."""
    table = Table(box=None, padding=(0, 3, 0, 2), pad_edge=True, header_style="bold")
    table.add_column("", style="bold", no_wrap=True)
    table.add_column(_EXPECTED.fill(language), style="green", overflow="fold")
    table.add_column(_ACTUAL.fill(language), style="red", overflow="fold")
    for each in result.differences:
        expected, actual = (printable(side.fill(language)) for side in (each.expected, each.actual))
        line = "" if each.span is None else f" :{each.span.line}"
        table.add_row(Text(each.what + line), Text(expected), Text(actual))
    return table
