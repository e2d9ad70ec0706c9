"""Reservations as rows: what holds shares of caps, and one counter a cap and window that all of them go through.

INVARIANT: `nbo_cap.taken` is the sum of the claims that are held or kept, and whoever adds to it has its row locked and has
seen that the sum is within the limit. A held claim whose time has passed counts until somebody else who locks the counter
takes it out (`lapsed`), so nothing has to sweep, and confirming a claim that is still held needs no room of its own.

Locks are taken in one order, so that none waits in a circle: the reservation's row, the counters by cap and window, claims.
Work that meets a deadlock all the same is done again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, RowMapping, and_, bindparam, delete, insert, or_, select, update

from nbo.history.errors import StoreBusyError
from nbo.history.exact import from_microseconds, minus, plus
from nbo.history.reservation import Claim, Refused, Reservation
from nbo.history.schema import CAP, CLAIM, RESERVATION, new_rows

Counter = tuple[str, str]
"""A cap and a window."""

_ZERO = Decimal(0)
_NEW_RESERVATION = new_rows(RESERVATION)
_NEW_COUNTER = new_rows(CAP)
_RESERVATION = select(RESERVATION).where(RESERVATION.c.key == bindparam("name")).with_for_update()
_CLAIMS = select(CLAIM).where(CLAIM.c.key == bindparam("name")).order_by(CLAIM.c.cap, CLAIM.c.span)
_TAKE = update(CAP).where(CAP.c.cap == bindparam("of_cap"), CAP.c.span == bindparam("of_span"))
_CLAIM = update(CLAIM).where(
    CLAIM.c.key == bindparam("name"), CLAIM.c.cap == bindparam("of_cap"), CLAIM.c.span == bindparam("of_span")
)
_KEEP_HELD = update(CLAIM).where(CLAIM.c.key == bindparam("name"), CLAIM.c.state == "held").values(state="kept")
_SETTLE = update(RESERVATION).where(RESERVATION.c.key == bindparam("name"))


class NoRoomError(Exception):
    """Takes a transaction back; `refused` says why."""

    def __init__(self, refused: Refused) -> None:
        super().__init__()
        self.refused = refused


def reserve(
    connection: Connection, key: str, claims: Sequence[Claim], customer_id: str, *, now_us: int, expires_us: int
) -> Reservation | Refused:
    """Hold all claims or none; a key that is known says what it holds. Without room it raises `NoRoomError`."""
    new = {"key": key, "customer_id": customer_id, "state": "reserved", "expires_us": expires_us}
    if not connection.execute(_NEW_RESERVATION[connection.dialect.name], new).rowcount:
        return _known(connection, key, claims, customer_id, now_us)
    taken = _lock(connection, [(each.cap, each.window) for each in claims], now_us)
    _take(connection, taken, claims)
    connection.execute(
        insert(CLAIM),
        [
            {
                "key": key, "cap": each.cap, "span": each.window, "most": _written(each.limit),
                "amount": _written(each.amount), "state": "held", "expires_us": expires_us,
            }
            for each in claims
        ],
    )  # fmt: skip
    return Reservation(key, "reserved", tuple(claims), from_microseconds(expires_us))


def confirm(connection: Connection, key: str, *, now_us: int) -> Reservation | Refused:
    """Keep all claims; those that have lapsed need room again, else it raises `NoRoomError`."""
    row = connection.execute(_RESERVATION, {"name": key}).mappings().one_or_none()
    if row is None:
        return Refused("unknown")
    if row["state"] == "released":
        return Refused("released")
    claims = _claims(connection, key)
    if row["state"] == "reserved":
        kept = connection.execute(_KEEP_HELD, {"name": key}).rowcount
        if kept < len(claims):
            _retake(connection, key, now_us)
        connection.execute(_SETTLE.values(state="confirmed"), {"name": key})
    return Reservation(key, "confirmed", tuple(map(_claim, claims)), from_microseconds(row["expires_us"]))


def release(connection: Connection, key: str, *, now_us: int) -> Reservation | Refused:
    """Give all claims back."""
    row = connection.execute(_RESERVATION, {"name": key}).mappings().one_or_none()
    if row is None:
        return Refused("unknown")
    if row["state"] == "confirmed":
        return Refused("confirmed")
    claims = _claims(connection, key)
    if row["state"] == "reserved":
        taken = _lock(connection, [(each["cap"], each["span"]) for each in claims], now_us)
        held = [each for each in _claims(connection, key) if each["state"] == "held"]
        _let_go(connection, taken, held, "released")
        connection.execute(_SETTLE.values(state="released"), {"name": key})
    return Reservation(key, "released", tuple(map(_claim, claims)), from_microseconds(row["expires_us"]))


def used(connection: Connection, cap: str, window: str, *, now_us: int) -> Decimal:
    """Of a cap by all that is kept, and held at this time; one statement, so that both are of the same moment."""
    passed = and_(
        CLAIM.c.cap == CAP.c.cap, CLAIM.c.span == CAP.c.span, CLAIM.c.state == "held", CLAIM.c.expires_us <= now_us
    )
    rows = connection.execute(
        select(CAP.c.taken, CLAIM.c.amount)
        .select_from(CAP.outerjoin(CLAIM, passed))
        .where(CAP.c.cap == cap, CAP.c.span == window)
    ).all()
    taken = Decimal(rows[0].taken) if rows else _ZERO
    for row in rows:
        if row.amount is not None:
            taken = minus(taken, Decimal(row.amount))
    return taken


def forget(connection: Connection, before_us: int, *, now_us: int, most: int) -> int:
    """Remove up to `most` reservations whose time passed before; what they confirmed stays counted."""
    names = connection.execute(
        select(RESERVATION.c.key)
        .where(RESERVATION.c.expires_us < before_us)
        .order_by(RESERVATION.c.key)
        .limit(most)
        .with_for_update()
    )
    keys = list(names.scalars())
    of_them = CLAIM.c.key.in_(keys)
    held = connection.execute(select(CLAIM.c.cap, CLAIM.c.span).where(of_them, CLAIM.c.state == "held").distinct())
    _lock(connection, [(cap, span) for cap, span in held], now_us)
    connection.execute(delete(CLAIM).where(of_them))
    connection.execute(delete(RESERVATION).where(RESERVATION.c.key.in_(keys)))
    return len(keys)


# --- inside -----------------------------------------------------------------------------------------------------------


def _known(
    connection: Connection, key: str, claims: Sequence[Claim], customer_id: str, now_us: int
) -> Reservation | Refused:
    row = connection.execute(_RESERVATION, {"name": key}).mappings().one_or_none()
    if row is None:
        raise StoreBusyError("forgotten meanwhile")
    held = _claims(connection, key)
    if tuple(map(_claim, held)) != tuple(claims) or row["customer_id"] not in (None, customer_id):
        return Refused("conflict")
    state = row["state"]
    if state == "reserved" and (row["expires_us"] <= now_us or any(each["state"] == "lapsed" for each in held)):
        state = "lapsed"
    return Reservation(key, state, tuple(claims), from_microseconds(row["expires_us"]))


def _lock(connection: Connection, counters: Sequence[Counter], now_us: int) -> dict[Counter, Decimal]:
    """What is taken of each, which nobody else changes until the end of the transaction; what has lapsed is taken out."""
    if not counters:
        return {}
    these = or_(*(and_(CAP.c.cap == cap, CAP.c.span == span) for cap, span in counters))
    locked = select(CAP).where(these).order_by(CAP.c.cap, CAP.c.span).with_for_update()
    rows = connection.execute(locked).mappings().all()
    if len(rows) < len(counters):
        connection.execute(
            _NEW_COUNTER[connection.dialect.name],
            [{"cap": cap, "span": span, "taken": "0"} for cap, span in sorted(counters)],
        )
        rows = connection.execute(locked).mappings().all()
    taken = {(row["cap"], row["span"]): Decimal(row["taken"]) for row in rows}
    of_these = or_(*(and_(CLAIM.c.cap == cap, CLAIM.c.span == span) for cap, span in counters))
    passed = connection.execute(
        select(CLAIM)
        .where(of_these, CLAIM.c.state == "held", CLAIM.c.expires_us <= now_us)
        .order_by(CLAIM.c.key, CLAIM.c.cap, CLAIM.c.span)
        .with_for_update()
    )
    _let_go(connection, taken, passed.mappings().all(), "lapsed")
    return taken


def _let_go(connection: Connection, taken: dict[Counter, Decimal], claims: Sequence[RowMapping], state: str) -> None:
    """Take held claims out of locked counters."""
    if not claims:
        return
    changed = set()
    for each in claims:
        counter = each["cap"], each["span"]
        taken[counter] = minus(taken[counter], Decimal(each["amount"]))
        changed.add(counter)
    connection.execute(_CLAIM.values(state=state), [_name(each) for each in claims])
    _write(connection, taken, sorted(changed))


def _take(connection: Connection, taken: dict[Counter, Decimal], claims: Sequence[Claim]) -> None:
    """Add claims to locked counters, if all fit."""
    for each in claims:
        counter = each.cap, each.window
        total = plus(taken[counter], each.amount)
        if total > each.limit:
            raise NoRoomError(Refused("full", each, taken[counter]))
        taken[counter] = total
    _write(connection, taken, [(each.cap, each.window) for each in claims])


def _retake(connection: Connection, key: str, now_us: int) -> None:
    """Add the claims that have lapsed to their counters again, if all fit."""
    lapsed = [each for each in _claims(connection, key) if each["state"] == "lapsed"]
    taken = _lock(connection, [(each["cap"], each["span"]) for each in lapsed], now_us)
    _take(connection, taken, list(map(_claim, lapsed)))
    connection.execute(_CLAIM.values(state="kept"), [_name(each) for each in lapsed])


def _write(connection: Connection, taken: Mapping[Counter, Decimal], changed: Sequence[Counter]) -> None:
    connection.execute(
        _TAKE.values(taken=bindparam("total")),
        [{"of_cap": cap, "of_span": span, "total": _written(taken[cap, span])} for cap, span in changed],
    )


def _claims(connection: Connection, key: str) -> Sequence[RowMapping]:
    return connection.execute(_CLAIMS, {"name": key}).mappings().all()


def _claim(row: Mapping[Any, Any]) -> Claim:
    return Claim(row["cap"], row["span"], Decimal(row["most"]), Decimal(row["amount"]))


def _name(row: Mapping[Any, Any]) -> dict[str, object]:
    return {"name": row["key"], "of_cap": row["cap"], "of_span": row["span"]}


def _written(amount: Decimal) -> str:
    return format(amount, "f")
