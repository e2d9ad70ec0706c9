"""`nbo quote limit --current 20000 --raise 30% --days 60`: a temporary limit, and what of it falls due at once."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from nbo.cli.quote_numbers import read_amount, read_count, read_day, read_share, wrong
from nbo.cli.shared import Format, Language, Output
from nbo.diagnostics.diagnostic import Text as Words
from nbo.language.operations import as_amount
from nbo.pack.quotes.limit import MOST_DAYS
from nbo.quote.limit import LimitChange, LimitError, last_day, raise_limit, raised_by
from nbo.quote.plain import iso

_A_SHARE = Words("a share over 0% and up to 100%, such as 30% or 0.3", "大于 0% 且不超过 100% 的比例，例如 30% 或 0.3")
_NOTHING = Words(
    "nothing is left to raise: `{bound}` allows no more than --current `{current}`",
    "没有提升空间：按 `{bound}` 不能超过 --current `{current}`",
)
_BELOW_USED = Words("the new limit would be below --used `{used}`", "新额度会低于 --used `{used}`")
_TOO_LARGE = Words("--current `{current}` is too large to raise", "--current `{current}` 过大，无法提升")
_TOO_LATE = Words(
    "{days} days from --from `{start}` are past the calendar", "从 --from `{start}` 起 {days} 天超出日历范围"
)
_LABELS = {
    "current_limit": Words("Limit now", "当前额度"),
    "new_limit": Words("New limit", "新额度"),
    "extra": Words("More by", "增加"),
    "days": Words("Days", "天数"),
    "until": Words("Until", "有效期至"),
    "due_at_once": Words("Due at once, not in installments", "到期一次还清（不能分期）"),
    "bound_by": Words("Decided by", "决定项"),
}


def command(
    current: Annotated[str, typer.Option("--current", metavar="YUAN", help="The limit as it is.")],
    share: Annotated[str, typer.Option("--raise", metavar="SHARE", help="How much more of it: 30% or 0.3.")],
    days: Annotated[str, typer.Option("--days", metavar="N", help=f"For how many days, 1 to {MOST_DAYS}.")],
    used: Annotated[
        str | None, typer.Option("--used", metavar="YUAN", help="What is used; a new limit is never below it.")
    ] = None,
    cap: Annotated[
        str | None, typer.Option("--cap", metavar="YUAN", help="The most that the new limit may be.")
    ] = None,
    to: Annotated[str, typer.Option("--to", metavar="YUAN", help="The unit to round down to.")] = "0.01",
    start: Annotated[
        str | None,
        typer.Option("--from", metavar="DAY", help="The day from which it counts; then the last day is shown."),
    ] = None,
    output: Output = Format.TEXT,
    lang: Annotated[Language, typer.Option("--lang", help="The language of the table and messages.")] = Language.EN,
) -> None:
    """Work out a temporary limit: how much more, until when, and what falls due at once."""
    now, unit = read_amount("--current", current, lang), read_amount("--to", to, lang)
    raised = raised_by(now, read_share("--raise", share, lang, _A_SHARE, Decimal(1)))
    count = read_count("--days", days, lang, MOST_DAYS)
    first = read_day("--from", start, lang)
    if raised is None:
        wrong(lang, _TOO_LARGE, current=current)
    until = None if first is None else last_day(first, count)
    if first is not None and until is None:
        wrong(lang, _TOO_LATE, days=count, start=start or "")
    bounds = {"raise": raised} if cap is None else {"raise": raised, "cap": read_amount("--cap", cap, lang)}
    taken = None if used is None else read_amount("--used", used, lang)
    try:
        change = raise_limit(now, bounds, used=taken, unit=unit)
    except LimitError as error:
        if error.problem == "limit_below_used":
            wrong(lang, _BELOW_USED, used=used or "")
        wrong(lang, _NOTHING, bound=error.bound_by or "", current=current)
    numbers = _numbers(change, count, until)
    if output is Format.JSON:
        typer.echo(json.dumps(numbers, ensure_ascii=False, indent=2))
        return
    table = Table(show_header=False, box=None, padding=(0, 2, 0, 0))
    for name, label in _LABELS.items():
        if numbers[name] is not None:
            table.add_row(label.fill(lang), Text(str(numbers[name]), justify="right"))
    Console().print(table)


def _numbers(change: LimitChange, days: int, until: date | None) -> dict[str, object]:
    """The same names as in the quote of a decision; `until` is null without a first day."""
    return {
        "type": "limit",
        "purpose": "temporary",
        "current_limit": as_amount(change.current),
        "new_limit": as_amount(change.new),
        "extra": as_amount(change.extra),
        "days": days,
        "until": iso(until),
        "due_at_once": as_amount(change.extra),
        "splittable": False,
        "bound_by": change.bound_by,
    }
