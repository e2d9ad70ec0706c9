"""The numbers of an offer on a terminal: those of its quote that are said or asked about."""

from __future__ import annotations

from decimal import Decimal

from rich.table import Table
from rich.text import Text

from nbo.decide.decision import DecidedOffer
from nbo.diagnostics.diagnostic import Text as Words
from nbo.script.render import percent

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


def numbers_table(offer: DecidedOffer, language: str) -> Table:
    """A row a number; no row for what the offer has not."""
    table = Table(show_header=False, box=None, padding=(0, 2, 0, 0))
    quote = {} if offer.quote is None else offer.quote.to_dict(language)
    for name, label in _NUMBERS.items():
        value = quote.get(name)
        if value is not None:
            shown = percent(Decimal(str(value))) if name == "annual_rate_simple" else str(value)
            table.add_row(label.fill(language), Text(shown, justify="right"))
    return table
