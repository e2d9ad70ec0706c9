"""`nbo history show | erase | retain`: what a store knows of a customer; a privacy request; retention by age."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from nbo.cli.shared import FINDINGS, Format, Language, Output, refuse
from nbo.diagnostics.diagnostic import Text
from nbo.diagnostics.place import printable
from nbo.explain.values import MASKED
from nbo.history.errors import StoreError

if TYPE_CHECKING:
    from nbo.history.forgetting import Removed
    from nbo.history.interaction import Interaction
    from nbo.history.store import Store

MOST_DAYS = 36_500  # a hundred years: past it the calendar ends

_NO_LIBRARY = "this needs the extra `stores`: pip install 'nbo[stores]'; for PostgreSQL `nbo[postgres]`"
_NOBODY = Text("nothing is known of this customer", "没有该客户的记录")
_KINDS: Mapping[str, Text] = {
    "presented": Text("presented", "已呈现"), "accepted": Text("accepted", "接受"), "declined": Text("declined", "拒绝"),
    "deferred": Text("put off", "再考虑"), "no_answer": Text("no answer", "未答复"), "booked": Text("booked", "已办理"),
    "cancelled": Text("cancelled", "已取消"), "refunded": Text("refunded", "已退款"),
    "complained": Text("complained", "投诉"), "rated": Text("rated", "满意度"), "referred": Text("referred", "转二线"),
}  # fmt: skip
_MORE = (
    "decision_id",
    "channel",
    "agent",
    "call_id",
    "script",
    "reason",
    "csat",
    "amount",
    "complaint_id",
    "ask_again_at",
    "ticket_owner",
    "ticket_due_at",
)
_ERASED = Text(
    "erased: {interactions} interactions; {reservations} reservations name nobody now",
    "已删除：{interactions} 条互动；{reservations} 个额度预留已去除客户标识",
)
_RETAINED = Text(
    "removed: {interactions} interactions and {reservations} reservations older than {days} days",
    "已删除超过 {days} 天的 {interactions} 条互动和 {reservations} 个额度预留",
)

app = typer.Typer(name="history", help="What a store knows of customers.", no_args_is_help=True)

Place = Annotated[
    str,
    typer.Option(
        "--store", metavar="FILE|URL", envvar="NBO_HISTORY_STORE",
        help="The store: a file, or postgresql+psycopg://…; from the environment a password stays out of the list of processes.",
    ),
]  # fmt: skip
Customer = Annotated[str, typer.Argument(metavar="CUSTOMER", help="The customer's id.")]
Lang = Annotated[Language, typer.Option("--lang", help="The language of the messages.")]


@app.command("show")
def show(customer: Customer, place: Place, output: Output = Format.TEXT, lang: Lang = Language.EN) -> None:
    """Show every interaction with a customer, and the history that decisions read."""
    with _opened(place, lang) as store:
        interactions, rows = store.interactions(customer), store.history(customer)
    if output is Format.JSON:
        plain = {"interactions": [_plain(each) for each in interactions], "history": rows}
        typer.echo(json.dumps(plain, ensure_ascii=False, indent=2, default=_text))
    elif interactions:
        _show(interactions, lang)
    else:
        typer.echo(_NOBODY.fill(lang))


@app.command("erase")
def erase(customer: Customer, place: Place, lang: Lang = Language.EN) -> None:
    """Erase all that is known of a customer, for good."""
    with _opened(place, lang) as store:
        removed = store.erase(customer)
    typer.echo(_ERASED.fill(lang, _counted(removed)))


@app.command("retain")
def retain(
    place: Place,
    days: Annotated[int, typer.Option("--days", min=1, max=MOST_DAYS, help="How long things are kept.")],
    lang: Lang = Language.EN,
) -> None:
    """Remove what is older than so many days, by this machine's clock."""
    with _opened(place, lang) as store:
        removed = store.retain(older_than=timedelta(days=days))
    typer.echo(_RETAINED.fill(lang, {**_counted(removed), "days": str(days)}))


@contextmanager
def _opened(place: str, language: str) -> Iterator[Store]:
    """The store that is there; what goes wrong with it ends the command in one line."""
    try:
        from nbo.history.store import open_store  # noqa: PLC0415 - SQLAlchemy is an extra
    except ModuleNotFoundError:
        refuse(_NO_LIBRARY)
    try:
        with open_store(place, create=False) as store:
            yield store
    except ModuleNotFoundError:  # the driver of PostgreSQL
        refuse(_NO_LIBRARY)
    except ValueError as error:
        refuse(str(error))
    except StoreError as error:
        typer.echo(f"nbo: {error.say(language)}", err=True)
        raise typer.Exit(FINDINGS) from None


def _plain(interaction: Interaction) -> dict[str, object]:
    """What is known, times and amounts as text."""
    known = {name: getattr(interaction, name) for name in interaction.__dataclass_fields__}
    return {name: value for name, value in known.items() if value not in (None, ())}


def _text(value: object) -> str:
    """A time or an exact amount."""
    return value.isoformat() if isinstance(value, datetime) else str(value)


def _show(interactions: tuple[Interaction, ...], language: str) -> None:
    for each in interactions:
        known = " ".join(f"{name}={value}" for name in _MORE if (value := getattr(each, name)) is not None)
        if each.ticket_note is not None:  # free text about somebody; programs, and who asks for JSON, read it
            known += f" ticket_note={MASKED}"
        what = f"{each.offer} {_KINDS[each.kind].fill(language)}"
        typer.echo(printable(f"{each.at:%Y-%m-%d %H:%M:%S}Z  {what}: {known}"))


def _counted(removed: Removed) -> dict[str, str]:
    return {"interactions": str(removed.interactions), "reservations": str(removed.reservations)}
