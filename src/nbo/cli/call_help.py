"""What `?` shows at the prompt of `nbo call`: what can be observed now, with the fields of each kind and their values."""

from __future__ import annotations

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from nbo.call.session import Session
from nbo.cli.call_now import Values, choices_of, possible_now
from nbo.cli.call_prompt import expected
from nbo.cli.call_screen import label_of
from nbo.diagnostics.diagnostic import Text as Words
from nbo.pack.call import CallRules, EventType

_MOST_SHOWN = 6
_SHORT = Words(
    "`do` what the next step says · yes · no · later · +30 hold 40 (30 seconds later) · @90 … (at 90 seconds) · ?KIND · quit",
    "执行（完成下一步）· 同意 · 拒绝 · 再考虑 · +30 hold 40（30 秒后）· @90 …（通话第 90 秒）· ?事件 · 退出",
)
_NOT_NOW = Words("not possible now", "目前不能进行")
_NEEDED = Words("required", "必填")
_MORE = Words("… {count} more, see ?{kind}", "… 另有 {count} 个，见 ?{kind}")


def all_kinds(rules: CallRules, session: Session, language: str) -> RenderableType:
    """Every kind that makes sense now, a row each."""
    table = Table(show_header=False, box=None, padding=(0, 2, 0, 0))
    for kind, now in possible_now(rules, session).items():
        event = rules.events[kind]
        table.add_row(Text(kind, style="bold"), label_of(event, language), Text(_short(event, now, language)))
    return Group(table, Text(_SHORT.fill(language), style="dim"))


def one_kind(kind: str, rules: CallRules, session: Session, language: str) -> RenderableType:
    """The fields of a kind, with all values and what they are called."""
    event, possible = rules.events[kind], possible_now(rules, session)
    head = Text(kind, style="bold").append(f"  {label_of(event, language)}".rstrip(), style="dim")
    if kind not in possible:
        head.append(f"  {_NOT_NOW.fill(language)}", style="yellow")
    table = Table(show_header=False, box=None, padding=(0, 2, 0, 2))
    for name, field in event.record.fields.items():
        needed = _NEEDED.fill(language) if name in event.needed else ""
        choices = choices_of(field, possible.get(kind, {}), name)
        domain = field.type.domain
        if domain is None or not choices:
            table.add_row(Text(name), Text(expected(field, choices).fill(language)), Text(needed, style="dim"))
            continue
        for place, each in enumerate(choices):
            label = domain.label(each, language)
            table.add_row(
                Text("" if place else name),
                Text(each if label == each else f"{each}  {label}"),
                Text("" if place else needed, style="dim"),
            )
    return Group(head, table)


def _short(event: EventType, now: Values, language: str) -> str:
    shown = []
    for name, field in event.record.fields.items():
        choices = choices_of(field, now, name)
        kept = choices[:_MOST_SHOWN]
        what = expected(field, kept).fill(language)
        if len(choices) > len(kept):
            what += " " + _MORE.fill(language, {"count": str(len(choices) - len(kept)), "kind": event.kind})
        shown.append(f"{name}={what}" if name in event.needed else f"[{name}={what}]")
    return "  ".join(shown)
