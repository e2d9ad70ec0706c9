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
from nbo.workbench.coverage import Coverage, coverage
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
_COVERAGE = Words(
    "{won} of {offers} offers won, {stopping} of {conditions} conditions were the reason for a stop",
    "{offers} 个产品中有 {won} 个胜出过，{conditions} 条条件中有 {stopping} 条曾是拦下的原因",
)
_NEVER_WON = Words("never won", "从未胜出")
_NEVER_STOPPED = Words("never the reason for a stop", "从未是拦下的原因")
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
    show_coverage: Annotated[  # noqa: FBT002 - typer reads a flag's default there
        bool, typer.Option("--coverage", help="Also say what the cases leave untested.")
    ] = False,
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
    covered = coverage(engine.pack, results) if show_coverage else None
    if output is Format.JSON:
        answer: dict[str, object] = {"cases": [result.to_dict(lang) for result in results]}
        if covered is not None:
            answer["coverage"] = covered.to_dict()
        typer.echo(json.dumps(answer, ensure_ascii=False, indent=2))
    elif not results:
        typer.echo(_NO_TESTS.fill(lang, {"pack": engine.pack.name}))
    else:
        console = Console()
        for result in failed:
            _show(console, result, lang)
        counts = {"all": str(len(results)), "holding": str(len(results) - len(failed)), "failing": str(len(failed))}
        typer.echo(_SUMMARY.fill(lang, counts))
        if covered is not None:
            typer.echo(_coverage_text(covered, lang))
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
    head = printable(f"✗ {case.id}  {place.source.path}:{place.line}:{place.column}")
    console.print(Text(head, style="bold red"), soft_wrap=True)  # a terminal opens a place that is in one piece
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


def _coverage_text(covered: Coverage, language: str) -> str:
    counts = {
        "offers": covered.offers,
        "won": covered.offers - len(covered.never_won),
        "conditions": covered.conditions,
        "stopping": covered.conditions - len(covered.never_stopped),
    }
    lines = [_COVERAGE.fill(language, {name: str(count) for name, count in counts.items()})]
    if covered.never_won:
        lines.append(f"  {_NEVER_WON.fill(language)}: {', '.join(covered.never_won)}")
    if covered.never_stopped:
        lines.append(f"  {_NEVER_STOPPED.fill(language)}:")
    lines.extend(
        printable(f"    {each.source}  {each.offer or each.stage} {each.id}: {' '.join(each.when.split())}")
        for each in covered.never_stopped
    )
    return "\n".join(lines)
