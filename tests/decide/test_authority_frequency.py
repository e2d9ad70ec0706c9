"""How often something may be granted: counted from the customer's history, by tier and as a whole; beyond it, a ticket."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tiny_pack import NOON, codes, customer, explanation, load, offered, service, stopped, words

TICKET = {"need": words("decide and call back"), "owner": "second_line", "within_hours": 8}
FIELDS = {"history": {"key": "id", "records": {
    "id": {"type": "string", "max_length": 9, "use": "profile"},
    "offer_id": {"type": "string", "max_length": 20, "use": "profile"},
    "family": {"type": "enum", "values": ["loan", "card", "help", "other"], "use": "profile"},
    "response": {"type": "enum", "values": ["accept", "decline"], "use": "profile"},
    "presented_at": {"type": "datetime", "use": "profile"},
}}}  # fmt: skip
ONCE = {"times": 1, "within": {"days": 30}}


def authority(*limits: dict[str, Any], **changes: Any) -> list[dict[str, Any]]:
    above = {"outcome": "second_line", "channel": "phone", "ticket": TICKET}
    base = {"id": "gifts", "limits": [*limits], "reason": words("more than you may give"), "above": above, **changes}
    return [{key: each for key, each in base.items() if each is not None}]


def tier(number: int, up_to: str = "500.00", **changes: Any) -> dict[str, Any]:
    return {"when": f"call.agent_tier == {number}", "up_to": up_to, **changes}


def pack(folder: Path, *limits: dict[str, Any], **changes: Any) -> Any:
    gift = service("gift", family="help", quote={"type": "waiver", "amount": "account.balance", "authority": "gifts"})
    return load(folder, authority=authority(*limits, **changes), offers=[gift], dictionary=FIELDS)


def row(days_ago: float = 1, name: str = "g1", **changes: Any) -> dict[str, Any]:
    at = (NOON - timedelta(days=days_ago)).isoformat()
    return {"id": name, "offer_id": "gift", "family": "help", "response": "accept", "presented_at": at, **changes}


@pytest.mark.parametrize(
    ("history", "code"),
    [
        ([], None),
        ([row(response="decline")], None),
        ([row(family="card")], None),
        ([row(31)], None),
        ([row(30)], None),
        ([row(29.9)], "granted_too_often"),
        ([row(-1)], None),
        ([row(family=None)], "missing"),
        ([row(response=None)], "missing"),
        ([row(presented_at=None)], "missing"),
        (None, "missing"),
    ],
)
def test_who_was_granted_it_as_often_gets_it_from_the_second_line(
    tmp_path: Path, history: object, code: str | None
) -> None:
    made = pack(tmp_path, tier(1, at_most=ONCE))
    decision = made.decide(customer(history=history))
    assert (offered(decision) == ["gift"]) is (code is None)
    if code is not None:
        assert (decision.blocked["gift"].stage, decision.blocked["gift"].code) == ("quote", code)
        assert decision.serve is not None
        assert decision.serve.ticket is not None
        assert (decision.serve.ticket.owner, decision.serve.ticket.due) == ("second_line", NOON + timedelta(hours=8))


def test_each_tier_has_its_own_count_and_the_authority_one_for_all(tmp_path: Path) -> None:
    made = pack(
        tmp_path,
        tier(1, at_most=ONCE),
        tier(2, at_most={**ONCE, "times": 2, "reason": words("twice a month is enough")}),
        tier(3),
        at_most={"times": 3, "reason": words("three times is enough for anybody")},
    )
    for times, most in ((0, (1, 2, 3)), (1, (2, 3)), (2, (3,)), (3, ())):
        history = [row(number, f"g{number}") for number in range(1, times + 1)]
        assert [n for n in (1, 2, 3) if offered(made.decide(customer(history=history, call={"agent_tier": n})))] == [
            *most
        ]
    two = [row(1), row(2, "g2")]
    words_of = {
        n: made.explain(customer(history=[*two, *more], call={"agent_tier": n})).offers[0].reason.text
        for n, more in ((1, []), (2, []), (3, [row(40, "g3")]))
    }
    assert words_of == {
        1: "more than you may give", 2: "twice a month is enough", 3: "three times is enough for anybody",
    }  # fmt: skip


def test_an_unknown_tier_is_held_to_every_count_that_may_be_its_own(tmp_path: Path) -> None:
    first = {"when": "call.direction == outbound", "up_to": "900.00", "at_most": ONCE}
    made = pack(tmp_path, first, {"when": "call.verified", "up_to": "500.00"})
    history = [row()]
    assert stopped(made, "gift", history=history) == (None, None)
    assert stopped(made, "gift", history=history, call={"direction": None}) == ("quote", "granted_too_often")
    assert stopped(made, "gift", call={"direction": None}) == (None, None)


def test_an_opt_out_neither_hides_a_grant_nor_makes_one_unknown(tmp_path: Path) -> None:
    made = pack(tmp_path, tier(1, at_most=ONCE))
    assert stopped(made, "gift", consent={"opted_out": True}) == (None, None)
    assert stopped(made, "gift", consent={"opted_out": True}, history=[row()]) == ("quote", "granted_too_often")


def test_the_explanation_names_the_grants(tmp_path: Path) -> None:
    made = pack(tmp_path, tier(1, at_most={**ONCE, "times": 2}))
    history = [row(1), row(2, "g2"), row(3, "no", response="decline"), row(40, "old")]
    (explained,) = explanation(made, "gift", history=history).offers
    (clause,) = explained.clauses
    assert (clause.id, clause.result, clause.because) == ("gifts", "false", ("g1", "g2"))
    assert clause.when == (
        "count(history, it.family == offer.family and it.response == accept and now - days(30) < it.presented_at <= now) < 2"
    )


def test_a_raise_that_lowers_needs_nobodys_leave(tmp_path: Path) -> None:
    limit = {
        "type": "limit", "purpose": "safe", "current": "account.balance", "ceiling": "customer.income",
        "cap": "90000.00", "to": 1, "authority": "gifts",
    }  # fmt: skip
    made = load(
        tmp_path, authority=authority(tier(1, "50000.00", at_most=ONCE)), dictionary=FIELDS,
        offers=[service("limit", family="help", quote=limit)],
    )  # fmt: skip
    assert stopped(made, "limit", history=[row()]) == ("quote", "granted_too_often")
    assert stopped(made, "limit", history=[row()], customer={"income": "400.00"}) == (None, None)


ROWS = st.lists(
    st.fixed_dictionaries(
        {
            "offer_id": st.sampled_from(["gift", "loan", None]),
            "family": st.sampled_from(["help", "card", None]),
            "response": st.sampled_from(["accept", "decline", None]),
            "presented_at": st.sampled_from([-1.0, 0.0, 1.0, 6.9, 7.0, 20.0, None]),
        }
    ),
    max_size=5,
)
WAYS: dict[str, Any] = {"offer": "offer", "family": "family", "everything": "everything", "named": ["card", "help"]}


@settings(max_examples=80, deadline=None)
@given(rows=ROWS, way=st.sampled_from(sorted(WAYS)), times=st.integers(1, 3))
def test_what_is_granted_is_what_the_plain_model_says(
    tmp_path_factory: Any, rows: list[dict[str, Any]], way: str, times: int
) -> None:
    most = {"times": times, "for": WAYS[way], "within": {"days": 7}}
    if way == "named":
        most["for"] = ["help"]
    made = pack(tmp_path_factory.getbasetemp(), tier(1, at_most=most))
    certain = possible = 0
    for each in rows:
        about: dict[str, bool | None] = {
            "offer": None if each["offer_id"] is None else each["offer_id"] == "gift",
            "family": None if each["family"] is None else each["family"] == "help",
            "everything": True,
            "named": None if each["family"] is None else each["family"] == "help",
        }
        age = each["presented_at"]
        parts = (
            about[way],
            None if each["response"] is None else each["response"] == "accept",
            None if age is None else 0 <= age < 7,
        )
        certain += all(part is True for part in parts)
        possible += all(part is not False for part in parts)
    history = [
        {
            "id": str(number),
            **{name: value for name, value in each.items() if value is not None and name != "presented_at"},
            **({} if (age := each["presented_at"]) is None else {"presented_at": NOON - timedelta(days=age)}),
        }
        for number, each in enumerate(rows)
    ]
    blocked = made.decide(customer(history=history)).blocked.get("gift")
    if certain != possible:  # one that may be a grant makes the count unknown
        assert blocked is not None
        assert blocked.code == "missing"
    else:
        assert (None if blocked is None else blocked.code) == (None if certain < times else "granted_too_often")


@pytest.mark.parametrize(
    ("most", "code"),
    [
        ({"times": 0}, "NBO133"),
        ({"within": {"days": 3, "months": 1}}, "NBO133"),
        ({"for": ["helpp"]}, "NBO302"),
        ({"of": "accept"}, "NBO130"),
        ({"within": "fortnight"}, "NBO133"),
    ],
)
def test_a_count_that_cannot_be_meant_is_found(tmp_path: Path, most: dict[str, Any], code: str) -> None:
    gift = service("gift", family="help", quote={"type": "waiver", "amount": "account.balance", "authority": "gifts"})
    assert code in codes(tmp_path, authority=authority(tier(1, at_most=most)), offers=[gift], dictionary=FIELDS)


def test_a_history_without_answers_cannot_be_counted(tmp_path: Path) -> None:
    gift = service("gift", family="help", quote={"type": "waiver", "amount": "account.balance", "authority": "gifts"})
    without = {"history": {"records": {"family": FIELDS["history"]["records"]["family"]}}}
    found = codes(tmp_path, authority=authority(tier(1, at_most=ONCE)), offers=[gift], dictionary=without)
    assert "NBO451" in found
