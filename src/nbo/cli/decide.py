"""`nbo decide RULES --profile FILE`: what to offer this customer, and what to say."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated

import typer
from rich.console import Console, Group, RenderableType
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from nbo.cli.shared import At, Channel, Format, Output, Profile, Rules, Spoken, load_engine, parse_at, read_profile
from nbo.decide.decision import DecidedOffer, Decision
from nbo.diagnostics.diagnostic import Text as Words
from nbo.script.render import percent

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
_NUMBERS = {
    "principal": Words("Principal", "分期本金"),
    "periods": Words("Periods", "期数"),
    "payment": Words("Payment", "每期还款"),
    "last_payment": Words("Last payment", "最后一期"),
    "total_interest": Words("Total interest", "总利息"),
    "annual_rate_simple": Words("Annual rate, simple", "近似折算年化利率（单利）"),
    "current_limit": Words("Limit now", "当前额度"),
    "new_limit": Words("New limit", "新额度"),
    "extra": Words("More by", "增加"),
    "reduction": Words("Less by", "减少"),
    "until": Words("Until", "有效期至"),
    "due_at_once": Words("Due at once, not in installments", "到期一次还清（不能分期）"),
    "amount": Words("Amount", "减免金额"),
    "authority_limit": Words("Within the agent's authority of", "坐席权限"),
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
        parts.append(_numbers(offer, language))
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


def _numbers(offer: DecidedOffer, language: str) -> Table:
    table = Table(show_header=False, box=None, padding=(0, 2, 0, 0))
    quote = {} if offer.quote is None else offer.quote.to_dict(language)
    for name, label in _NUMBERS.items():
        value = quote.get(name)
        if value is not None:
            shown = percent(Decimal(str(value))) if name == "annual_rate_simple" else str(value)
            table.add_row(label.fill(language), Text(shown, justify="right"))
    return table


def _label(name: str, language: str) -> str:
    return _LABELS[name].fill(language)
