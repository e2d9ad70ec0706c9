"""`nbo quote KIND`: the numbers of one kind of quote, without a pack and without a customer. A new kind is one line here."""

from __future__ import annotations

import typer

from nbo.cli import quote_installment, quote_limit, quote_package

app = typer.Typer(help="Work out a quote on its own, without a pack or a customer.", no_args_is_help=True)
app.command("installment")(quote_installment.command)
app.command("package")(quote_package.command)
app.command("limit")(quote_limit.command)
