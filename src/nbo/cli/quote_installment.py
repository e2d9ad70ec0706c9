"""`nbo quote installment --principal 12000 --periods 12 --rate 0.60%`: a plan to the fen, and what settling it early costs."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Annotated, cast, get_args

import typer
from rich.console import Console, Group, RenderableType
from rich.table import Table
from rich.text import Text

from nbo.cli.quote_numbers import read_amount, read_choice, read_count, read_day, read_share, wrong
from nbo.cli.shared import Format, Language, Output
from nbo.diagnostics.diagnostic import Text as Words
from nbo.language.operations import add
from nbo.pack.quotes.installment import HIGHEST_RATE, MOST_PERIODS
from nbo.quote.due_dates import due_dates
from nbo.quote.installment import Collection, InstallmentPlan, PlanError, Remainder, plan_installment
from nbo.quote.installment_json import annual, plan_numbers, rate, schedule, settlement_numbers
from nbo.quote.plain import as_money, iso
from nbo.quote.settlement import SETTLEMENT_RULES, Settlement, SettlementRule, settle
from nbo.script.render import percent

_A_RATE = Words(
    f"a rate of one period from 0% to {HIGHEST_RATE:.0%}, such as 0.60% or 0.0060",
    f" 0% 至 {HIGHEST_RATE:.0%} 的每期费率，例如 0.60% 或 0.0060",
)
_A_SHARE = Words("a share over 0% and up to 100%, such as 3% or 0.03", "大于 0% 且不超过 100% 的比例，例如 3% 或 0.03")
_TOO_SMALL = Words(
    "--principal `{principal}` is too small for {periods} periods",
    "--principal `{principal}` 太小，无法分 {periods} 期",
)
_SHARE_NEEDED = Words(
    "--settlement share_of_principal needs --settlement-share, such as 3%",
    "--settlement share_of_principal 需要 --settlement-share，例如 3%",
)
_SHARE_IDLE = Words(
    "--settlement-share means nothing without --settlement share_of_principal",
    "--settlement-share 只用于 --settlement share_of_principal",
)
_LABELS = {
    "principal": Words("Principal", "分期本金"),
    "periods": Words("Periods", "期数"),
    "rate_per_period": Words("Rate a period", "每期费率"),
    "first_payment": Words("First payment", "首期还款"),
    "payment": Words("Payment", "每期还款"),
    "last_payment": Words("Last payment", "最后一期"),
    "total_interest": Words("Total interest", "总利息"),
    "total_cost": Words("Paid altogether", "还款合计"),
    "annual_rate_simple": Words("Annual rate, simple", "近似折算年化利率（单利）"),
    "annual_rate_compound": Words("Annual rate, compound", "年化利率（复利）"),
}
_COLUMNS = {
    "period": Words("Period", "期"),
    "due_date": Words("Due", "还款日"),
    "principal": Words("Principal", "本金"),
    "interest": Words("Interest", "利息"),
    "payment": Words("Payment", "还款"),
    "after": Words("After", "已还期数"),
    "amount": Words("Due then", "结清金额"),
    "total_paid": Words("Paid in all", "还款合计"),
    "annual_rate_simple": Words("Rate, simple", "年化（单利）"),
}
_SETTLED = Words("Settled early, {rule}", "提前结清，{rule}")
_RULES: dict[str, Words] = {
    "charged_so_far": Words("nothing but what was charged so far", "只付已入账的利息"),
    "one_more_period": Words("one more period's interest", "另付一期利息"),
    "share_of_principal": Words("{share} of the principal that is left", "另付剩余本金的 {share}"),
    "all_remaining": Words("all interest to come", "付清全部剩余利息"),
}


@dataclass(frozen=True, slots=True)
class _Worked:
    """All that the options ask for; `example` and `settlements` only where settling was asked about."""

    plan: InstallmentPlan
    collection: Collection
    remainder: Remainder
    dues: list[date | None]
    rule: SettlementRule
    share: Decimal | None
    example: Settlement | None
    settlements: tuple[Settlement, ...]


def command(
    principal: Annotated[str, typer.Option("--principal", metavar="YUAN", help="The amount that is split.")],
    periods: Annotated[str, typer.Option("--periods", metavar="N", help=f"Months, 1 to {MOST_PERIODS}.")],
    rate_per_period: Annotated[
        str, typer.Option("--rate", metavar="RATE", help="Of one period on the principal: 0.60% or 0.0060.")
    ],
    collection: Annotated[
        str, typer.Option("--collection", help="When interest is paid: each_period or first_period.")
    ] = "each_period",
    remainder: Annotated[
        str, typer.Option("--remainder", help="The period that takes the rounding remainder: last or first.")
    ] = "last",
    first_due: Annotated[
        str | None, typer.Option("--first-due", metavar="DAY", help="The first due date, such as 2026-12-28.")
    ] = None,
    settlement: Annotated[
        str | None,
        typer.Option("--settlement", metavar="RULE", help=f"{', '.join(SETTLEMENT_RULES)}; the first when left out."),
    ] = None,
    settlement_share: Annotated[
        str | None,
        typer.Option("--settlement-share", metavar="SHARE", help="Of the principal left, for share_of_principal: 3%."),
    ] = None,
    settle_after: Annotated[
        str | None, typer.Option("--settle-after", metavar="N", help="Settle with the payment of this period.")
    ] = None,
    output: Output = Format.TEXT,
    lang: Annotated[Language, typer.Option("--lang", help="The language of the tables and messages.")] = Language.EN,
) -> None:
    """Work out an installment plan to the fen: every period, the annual rate, and what settling early costs."""
    money = read_amount("--principal", principal, lang)
    count = read_count("--periods", periods, lang, MOST_PERIODS)
    price = read_share("--rate", rate_per_period, lang, _A_RATE, HIGHEST_RATE, zero=True)
    collected = cast("Collection", read_choice("--collection", collection, lang, get_args(Collection)))
    odd = cast("Remainder", read_choice("--remainder", remainder, lang, get_args(Remainder)))
    first = read_day("--first-due", first_due, lang)
    rule, share = _rule(settlement, settlement_share, lang)
    after = None if settle_after is None else read_count("--settle-after", settle_after, lang, count)
    try:
        plan = plan_installment(money, count, price, collection=collected, remainder=odd)
    except PlanError:
        wrong(lang, _TOO_SMALL, principal=principal, periods=count)
    asked = settlement is not None or after is not None
    worked = _Worked(
        plan=plan,
        collection=collected,
        remainder=odd,
        dues=due_dates(first, count),
        rule=rule,
        share=share,
        example=None if after is None else settle(plan, after, rule, share),
        settlements=tuple(settle(plan, each + 1, rule, share) for each in range(count)) if asked else (),
    )
    if output is Format.JSON:
        typer.echo(json.dumps(_plain(worked), ensure_ascii=False, indent=2))
    else:
        Console().print(Group(*_shown(worked, lang)))


def _rule(settlement: str | None, share: str | None, language: Language) -> tuple[SettlementRule, Decimal | None]:
    """The rule with its share; what was charged so far is all that is due where nothing else was agreed on."""
    named = settlement or SETTLEMENT_RULES[0]
    rule = cast("SettlementRule", read_choice("--settlement", named, language, SETTLEMENT_RULES))
    if rule != "share_of_principal":
        if share is not None:
            wrong(language, _SHARE_IDLE)
        return rule, None
    if share is None:
        wrong(language, _SHARE_NEEDED)
    return rule, read_share("--settlement-share", share, language, _A_SHARE, Decimal(1))


def _plain(worked: _Worked) -> dict[str, object]:
    """The published form: docs/schemas/installment_quote.schema.json."""
    plan, dues = worked.plan, worked.dues
    settlement = {
        "rule": worked.rule,
        "share": None if worked.share is None else rate(worked.share),
        "example": None if worked.example is None else settlement_numbers(worked.example, dues),
        "periods": [settlement_numbers(each, dues) for each in worked.settlements],
    }
    return {
        "type": "installment",
        **_numbers(plan),
        "collection": worked.collection,
        "remainder": worked.remainder,
        "schedule": schedule(plan, dues),
        "settlement": settlement if worked.settlements else None,
    }


def _numbers(plan: InstallmentPlan) -> dict[str, object]:
    return {
        **plan_numbers(plan),
        "annual_rate_compound": annual(plan.annual_rate_compound),
        "total_cost": as_money(add(plan.principal, plan.total_interest)),
    }


# --- as tables --------------------------------------------------------------------------------------------------------


def _shown(worked: _Worked, language: Language) -> list[RenderableType]:
    parts: list[RenderableType] = [_summary(worked.plan, language), "", _periods(worked, language)]
    if worked.settlements:
        share = "" if worked.share is None else _percentage(worked.share)
        rule = Words(*(_RULES[worked.rule].fill(each, {"share": share}) for each in ("en", "zh")))
        parts += ["", Text(_SETTLED.fill(language, {"rule": rule}), style="bold"), _settlements(worked, language)]
    return parts


def _summary(plan: InstallmentPlan, language: Language) -> Table:
    table = Table(show_header=False, box=None, padding=(0, 2, 0, 0))
    table.add_column()
    table.add_column(justify="right")
    for name, value in _numbers(plan).items():
        shown = str(value)
        if name == "rate_per_period":
            shown = _percentage(plan.rate_per_period)
        elif name.startswith("annual_rate"):
            shown = percent(getattr(plan, name))
        table.add_row(_LABELS[name].fill(language), shown)
    return table


def _periods(worked: _Worked, language: Language) -> Table:
    dated = any(worked.dues)
    table = _table(("period", *(("due_date",) if dated else ()), "principal", "interest", "payment"), language)
    for period, due in zip(worked.plan.schedule, worked.dues, strict=True):
        day = (iso(due) or "",) if dated else ()
        table.add_row(str(period.number), *day, str(period.principal), str(period.interest), str(period.payment))
    return table


def _settlements(worked: _Worked, language: Language) -> Table:
    dated = any(worked.dues)
    names = ("after", *(("due_date",) if dated else ()), "amount", "total_paid", "annual_rate_simple")
    table = _table(names, language)
    for each in worked.settlements:
        day = (iso(worked.dues[each.after - 1]) or "",) if dated else ()
        numbers = (str(each.amount), str(each.total_paid), percent(each.annual_rate_simple))
        chosen = "bold" if each == worked.example else None
        table.add_row(str(each.after), *day, *numbers, style=chosen)
    return table


def _table(names: tuple[str, ...], language: Language) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 0))
    for name in names:
        table.add_column(_COLUMNS[name].fill(language), justify="right", no_wrap=True)
    return table


def _percentage(share: Decimal) -> str:
    """All digits of a rate, in percent."""
    sign, digits, exponent = share.as_tuple()
    return format(Decimal((sign, digits, int(exponent) + 2)), "f") + "%"
