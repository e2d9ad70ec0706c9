"""One explained offer on a terminal: where it ended, and the conditions that stopped it."""

from __future__ import annotations

import json

from rich.console import Group, RenderableType
from rich.panel import Panel
from rich.text import Text

from nbo.diagnostics.diagnostic import Text as Words
from nbo.explain.explain import ExplainedOffer

_MARKS = {"true": ("✓", "green"), "false": ("✗", "red"), "unknown": ("?", "yellow")}
_MISSING = Words("missing", "缺少数据")
_BECAUSE = Words("interactions", "相关互动")
_MORE = Words(
    "+ {count} that do not stop it; nbo explain --offer {offer} shows them",
    "另有 {count} 条没有拦下它；用 nbo explain --offer {offer} 查看",
)
_NEAREST = Words("nearest change", "最小改动")
_OFFERED = Words("offered", "已推荐")
_ENDED = {
    "blocked": Words("blocked at {stage}", "在 {stage} 被拦下"),
    "unknown": Words("unknown at {stage}", "在 {stage} 因缺少数据被拦下"),
}


def offer_panel(offer: ExplainedOffer, *, in_full: bool, language: str = "en") -> Panel:
    """One offer; the clauses that hold are only counted unless a single offer was asked for."""
    parts: list[RenderableType] = []
    if offer.reason is not None:
        parts.append(Text(offer.reason.text, style="bold"))
    passes = "false" if offer.stage == "contact_policy" else "true"
    stopping = [clause for clause in offer.clauses if in_full or clause.result != passes]
    for clause in stopping:
        mark, style = _MARKS[clause.result]
        parts.append(Text(f"{mark} {clause.when}", style=style))
        actual = ", ".join(f"{name} = {_plain(value)}" for name, value in clause.actual.items())
        parts.append(Text(f"    {actual}  ({clause.source})", style="dim"))
        if clause.missing:
            parts.append(Text(f"    {_MISSING.fill(language)}: {', '.join(clause.missing)}", style="yellow"))
        if clause.because:
            parts.append(Text(f"    {_BECAUSE.fill(language)}: {', '.join(clause.because)}", style="dim"))
    if len(stopping) < len(offer.clauses):
        more = {"count": str(len(offer.clauses) - len(stopping)), "offer": offer.offer}
        parts.append(Text(_MORE.fill(language, more), style="dim"))
    if offer.nearest:
        changes = ", ".join(
            f"{each.attribute}: {_plain(each.actual)} → {_plain(each.needed)}" for each in offer.nearest
        )
        parts.append(Text(f"{_NEAREST.fill(language)}: {changes}", style="cyan"))
    stage = offer.stage
    ended = _OFFERED.fill(language) if stage is None else _ENDED[offer.outcome].fill(language, {"stage": stage})
    return Panel(Group(*parts) if parts else Text(""), title=Text(f"{offer.offer}: {ended}"), title_align="left")


def _plain(value: object) -> str:
    return json.dumps(value, ensure_ascii=False) if isinstance(value, list | bool) or value is None else str(value)
