"""`nbo decide RULES --profile FILE`: what to offer this customer, and what to say."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.console import Console, Group, RenderableType
from rich.panel import Panel
from rich.text import Text

from nbo.cli.numbers_table import numbers_table
from nbo.cli.shared import (
    At,
    Channel,
    Format,
    Output,
    Profile,
    Rules,
    Spoken,
    check_spoken,
    load_engine,
    parse_at,
    read_profile,
)
from nbo.decide.decision import DecidedOffer, Decision
from nbo.diagnostics.diagnostic import Text as Words

_LABELS = {
    "script": Words("Script", "话术"),
    "next": Words("After a yes", "客户同意后"),
    "objections": Words("Objections", "异议应答"),
    "none": Words("No offer", "不推荐"),
    "serve": Words("Serve", "服务方式"),
    "ticket": Words("Ticket", "工单"),
    "missing": Words("Missing", "缺少数据"),
    "warning": Words("Warning", "警告"),
    "because": Words("Because", "依据"),
    "seconds": Words(
        "Pitch {seconds} s, checked against {rules} rules", "推介约 {seconds} 秒，已通过 {rules} 条规则检查"
    ),
    "optional": Words("optional", "可选"),
}


def command(
    rules: Rules,
    profile: Profile,
    at: At = None,
    limit: Annotated[int, typer.Option("--limit", min=1, help="The most offers in the answer.")] = 3,
    language: Spoken = None,
    channel: Channel = "phone",
    output: Output = Format.TEXT,
) -> None:
    """Decide for one customer. No offer is an answer, too: it exits 0."""
    engine = load_engine(rules, language or "en")
    check_spoken(engine, language)
    decision = engine.decide(read_profile(profile), at=parse_at(at), channel=channel, language=language, limit=limit)
    if output is Format.JSON:
        typer.echo(decision.to_json(indent=2))
    else:
        Console().print(_shown(decision))


def _shown(decision: Decision) -> RenderableType:
    language = decision.language
    parts: list[RenderableType] = [_offer(offer, language) for offer in decision.offers]
    if decision.reason is not None:
        parts.append(Panel(Text(decision.reason.text), title=_label("none", language), title_align="left"))
    if decision.serve is not None:
        parts.append(Text(f"{_label('serve', language)}: {decision.serve.outcome} / {decision.serve.channel}"))
        ticket = decision.serve.ticket
        if ticket is not None:
            shown = f"{ticket.need} → {ticket.owner}, {ticket.due.isoformat(' ', 'minutes')}"
            parts.append(Text(f"{_label('ticket', language)}: {shown}"))
    if decision.missing:
        parts.append(Text(f"{_label('missing', language)}: {', '.join(decision.missing)}", style="yellow"))
    parts.extend(Text(f"{_label('warning', language)}: {each['text']}", style="yellow") for each in decision.warnings)
    parts.append(
        Text(
            f"{decision.decision_id} · {decision.pack_name} {decision.pack_version} · {decision.at.isoformat()}",
            style="dim",
        )
    )
    return Group(*parts)


def _offer(offer: DecidedOffer, language: str) -> Panel:
    parts: list[RenderableType] = []
    if offer.subject is not None:
        parts.append(Text(", ".join(f"{name} {value}" for name, value in offer.subject.items())))
    if offer.quote is not None:
        parts.append(numbers_table(offer, language))
    if offer.script is not None:
        parts.append(Text(_label("script", language), style="bold"))
        parts.extend(Text(f"[{segment.source.stage}] {segment.text}") for segment in offer.script.segments)
        if offer.talk_seconds is not None:
            seconds = {"seconds": str(offer.talk_seconds), "rules": str(len(offer.checks))}
            parts.append(Text(_LABELS["seconds"].fill(language, seconds), style="dim"))
        if offer.script.objections:
            parts.append(Text(_label("objections", language), style="bold"))
            parts.extend(Text(f"{name}: {answer.text}") for name, _, answer in offer.script.objections)
        steps = offer.script.treatment.after_yes
        if steps:
            optional = _label("optional", language)
            shown = " → ".join(step.id if step.required else f"{step.id} ({optional})" for step in steps)
            parts.append(Text(f"{_label('next', language)}: {shown}"))
    parts.extend(
        Text(f"{_label('because', language)}: {reason.text}  {reason.source}", style="dim") for reason in offer.reasons
    )
    factors = offer.factors
    parts.append(
        Text(
            f"P {factors.p} · C {factors.c} · V {factors.v} · L {factors.l} = {offer.score.normalize():f}", style="dim"
        )
    )
    return Panel(Group(*parts), title=Text(f"{offer.rank}. {offer.label}", style="bold"), title_align="left")


def _label(name: str, language: str) -> str:
    return _LABELS[name].fill(language)
