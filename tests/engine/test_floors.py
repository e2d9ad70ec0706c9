"""Floors: offers that rest for everybody while their figures are bad, and what a store of figures is asked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta, tzinfo
from decimal import Context, Decimal, Inexact, InvalidOperation, localcontext
from fractions import Fraction
from pathlib import Path
from threading import Event
from time import monotonic, sleep
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tiny_pack import NOON, codes, customer, load, offer, offered, service, words, write_pack

from nbo import Decision, Engine, OfferFigures, ReadFigures
from nbo.decide.floors import figures_of, state
from nbo.outside.figures import Counted
from nbo.pack.floor import Figure
from nbo.pack.offer import Offer

WHY = words("it rests")
RANKED = {"value": {"bank": 0.5, "customer": 0.5}, "per_family": 9}
SHELF = [offer("loan", family="credit"), offer("card", family="credit"), offer("gift"), service()]


def floor(name: str = "rests", **changes: Any) -> dict[str, Any]:
    pause = {"complaints_above": "10%", "of_at_least": 10, "for": "offer", "within": {"days": 30}, **changes}
    rule = {key: pause.pop(key) for key in ("kinds", "families") if key in pause}
    return {"id": name, "reason": WHY, "pause_when": {k: each for k, each in pause.items() if each is not None}, **rule}


def complained(share: int, name: str = "loan", of: int = 100) -> OfferFigures:
    return OfferFigures(name, name, presented=of, complained=share)


@dataclass
class Figures:
    """A store that says what a test has it say."""

    rows: Sequence[object] = ()
    failing: BaseException | None = None
    wait: Event | None = None
    asked: list[tuple[date, tuple[int, ...], str]] = field(default_factory=list)

    def figures(self, today: date, days: Sequence[int], zone: tzinfo) -> Counted:
        self.asked.append((today, tuple(days), str(zone)))
        if self.wait is not None:
            assert self.wait.wait(60)
        if self.failing is not None:
            raise self.failing
        return dict.fromkeys(days, self.rows)  # type: ignore[arg-type]  # some tests give something else


class Clock:
    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


def engine(folder: Path, store: Any, *floors: dict[str, Any], offers: Sequence[Any] = SHELF, **times: Any) -> Engine:
    root = write_pack(folder, contact=[*(floors or (floor(),))], offers=offers, arbitration=RANKED)
    return Engine.load(
        root,
        clock=lambda: NOON,
        figures=None if store is None else ReadFigures(store, **{"timeout_ms": 5_000, **times}),
    )


def decided(engine: Engine, at: datetime = NOON, **more: Any) -> Decision:
    return engine.decide(customer(), at=at, limit=9, **more)


def until(condition: Any) -> None:
    end = monotonic() + 10
    while not condition():
        assert monotonic() < end
        sleep(0.001)


# --- what a floor means -----------------------------------------------------------------------------------------------

COUNT = st.integers(0, 12)
ROWS = st.lists(
    st.builds(
        OfferFigures,
        st.sampled_from(["loan", "card", "gift", "gone"]),
        st.sampled_from(["credit", "gift", "gone"]),
        *[COUNT] * 6,
    ),
    max_size=6,
    unique_by=lambda row: (row.offer, row.family),
)
MEASURES = {"csat_below": ["0.5", "1", "2.75"], "cancellation_above": ["0%", "33.3%"], "complaints_above": ["0.25"]}
LEAST = 5


def every_floor() -> list[dict[str, Any]]:
    return [
        floor(
            f"{key}-{number}-{''.join(about)}",
            **{"complaints_above": None, key: bound, "of_at_least": LEAST, "for": about, "kinds": ["sales", "service"]},
        )
        for key, bounds in MEASURES.items()
        for number, bound in enumerate(bounds)
        for about in ("offer", "family", "everything", ["credit", "gift"])
    ]


def plainly(rule: dict[str, Any], about: Offer, rows: Sequence[OfferFigures]) -> bool:
    """Whether an offer rests, word by word as the page says it."""
    pause = rule["pause_when"]
    match pause["for"]:
        case "offer":
            rows = [row for row in rows if row.offer == about.id]
        case "family":
            rows = [row for row in rows if row.family == about.family]
        case list() as families:
            rows = [row for row in rows if row.family in families]
    if "csat_below" in pause:
        part, of = sum(row.csat_sum for row in rows), sum(row.rated for row in rows)
        return of >= LEAST and Fraction(part, of) < Fraction(pause["csat_below"])
    if "cancellation_above" in pause:
        part, of, bound = sum(r.cancelled for r in rows), sum(r.booked for r in rows), pause["cancellation_above"]
    else:
        part, of, bound = sum(r.complained for r in rows), sum(r.presented for r in rows), pause["complaints_above"]
    share = Fraction(bound.removesuffix("%")) / (100 if bound.endswith("%") else 1)
    return of >= LEAST and Fraction(part, of) > share


@settings(max_examples=100, deadline=None)
@given(rows=ROWS)
def test_an_offer_rests_where_the_plain_model_says_so(tmp_path_factory: Any, rows: list[OfferFigures]) -> None:
    rules = every_floor()
    made = load(tmp_path_factory.getbasetemp(), contact=rules, offers=SHELF, arbitration=RANKED)
    facts = made.prepare(customer())
    figures = figures_of(made.pack.floors, {30: rows})
    by_id = {each["id"]: each for each in rules}
    told = replace(facts, figures=figures)
    for each in made.pack.floors:
        for about in made.pack.offers:
            assert state(each, about, told)[0] is plainly(by_id[each.id], about, rows), (each.text, about.id)
    decision = made.decide(told, limit=9)
    resting = {about.id for about in made.pack.offers for rule in rules if plainly(rule, about, rows)}
    assert set(offered(decision)) == {each.id for each in made.pack.offers} - resting
    assert {name for name, stop in decision.blocked.items() if stop.stage == "contact_policy"} == resting
    assert set(made.why_not(told).suppressed()) == resting


@pytest.mark.parametrize(("share", "of", "rests"), [(10, 100, False), (11, 100, True), (9, 9, False), (2, 10, True)])
def test_a_figure_that_equals_the_bound_or_is_of_too_few_stops_nobody(
    tmp_path: Path, share: int, of: int, rests: bool
) -> None:
    decision = decided(engine(tmp_path, Figures([complained(share, of=of)])))
    assert ("loan" not in offered(decision), decision.degraded) == (rests, False)


def test_the_reason_is_the_authors_and_the_explanation_shows_the_figure(tmp_path: Path) -> None:
    made = engine(tmp_path, Figures([complained(20)]), offers=[offer()])
    decision = decided(made)
    assert decision.reason is not None
    assert (decision.reason.code, decision.reason.text) == ("rests", "it rests")
    explained = made.explain(decision, "loan").offers[0]
    assert (explained.stage, explained.outcome) == ("contact_policy", "blocked")
    (clause,) = explained.clauses
    assert clause.when == "complaints > 10% (offer; 30 d; n >= 10)"
    assert (clause.result, clause.actual) == ("true", {"complaints": "20.00%", "n": 100})


def test_a_floor_is_about_its_kinds_and_families(tmp_path: Path) -> None:
    rows = [complained(50, name) for name in ("loan", "card", "gift", "help")]
    assert offered(decided(engine(tmp_path, Figures(rows)))) == ["help"]
    narrow = floor(families=["credit"])
    assert set(offered(decided(engine(tmp_path, Figures(rows), narrow)))) == {"gift", "help"}


def test_a_callers_decimal_context_rounds_nothing(tmp_path: Path) -> None:
    made = engine(tmp_path, Figures([complained(33_333, of=99_999)]), floor(complaints_above="33.333%"))
    decided(made)  # it is read
    with localcontext(Context(prec=3, traps=[Inexact, InvalidOperation])):
        decision = decided(made)
        assert decision.blocked["loan"].code == "rests"
        assert made.explain(decision, "loan").offers[0].clauses[0].actual == {"complaints": "33.33%", "n": 99_999}
        assert decision.decision_id == decided(made).decision_id


def test_an_opt_out_changes_nothing(tmp_path: Path) -> None:
    made = engine(tmp_path, Figures([complained(50)]))
    decision = made.decide(customer(consent={"opted_out": True}), at=NOON, limit=9)
    assert decision.blocked["loan"].code == "rests"


# --- as an input of the decision --------------------------------------------------------------------------------------


def test_without_a_store_nothing_rests_and_without_floors_nobody_is_asked(tmp_path: Path) -> None:
    assert "loan" in offered(decided(engine(tmp_path, None)))
    store = Figures(failing=OSError())
    made = Engine.load(write_pack(tmp_path, offers=[offer()]), clock=lambda: NOON, figures=store)
    assert (decided(made).skipped, store.asked) == ((), [])


def test_the_id_hangs_on_the_figures_and_facts_keep_them(tmp_path: Path) -> None:
    store = Figures([complained(1)])
    made = engine(tmp_path, store, fresh_minutes=1, clock=(clock := Clock()))
    facts = made.prepare(customer(), at=NOON)
    first = made.decide(facts)
    store.rows = [complained(2)]
    clock.seconds = 61
    made.decide(customer(), at=NOON)
    until(lambda: len(store.asked) == 2)
    until(lambda: made.decide(customer(), at=NOON).decision_id != first.decision_id)
    assert made.decide(facts).decision_id == first.decision_id
    written = Figure(Decimal("1.0"), 100)
    assert facts.figures == {"rests": {"loan": written}}


def test_figures_are_of_the_packs_days_and_zone(tmp_path: Path) -> None:
    store = Figures()
    made = engine(tmp_path, store, floor("a", within={"days": 7}), floor("b", within={"days": 30}), floor("c"))
    tomorrow = datetime.fromisoformat("2026-11-16T16:30:00+00:00")
    until(lambda: decided(made, tomorrow) and len(store.asked) == 2)  # one is read after the other
    assert store.asked == [(date(2026, 11, day), (7, 30), "Asia/Shanghai") for day in (16, 17)]


# --- when it is read --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "store",
    [Figures(failing=OSError()), Figures(failing=SystemExit()), Figures(rows=["no figures"])],
    ids=["raises", "ends", "gives something else"],
)
def test_what_nobody_can_tell_to_be_well_rests(tmp_path: Path, store: Figures) -> None:
    decision = decided(engine(tmp_path, store))
    assert (offered(decision), decision.skipped, decision.degraded) == (["help"], ("figures",), True)
    assert decision.blocked["loan"].unknown
    assert decision.blocked["loan"].text("en") == "nobody can tell whether this holds: it rests"


def test_a_decision_waits_no_longer_than_its_share_and_one_reads_for_all(tmp_path: Path) -> None:
    store = Figures(wait=Event())
    made = engine(tmp_path, store, timeout_ms=20)
    started = monotonic()
    assert [decided(made, budget_ms=100).skipped for _ in range(5)] == [("figures",)] * 5
    assert monotonic() - started < 5
    assert len(store.asked) == 1
    store.wait.set()  # type: ignore[union-attr]  # it is there
    until(lambda: decided(made).skipped == ())
    assert len(store.asked) == 1


def test_what_was_read_counts_until_it_is_read_again_or_too_old(tmp_path: Path) -> None:
    store, clock = Figures([complained(50)]), Clock()
    made = engine(tmp_path, store, fresh_minutes=60, kept_hours=2, pause_ms=1, timeout_ms=5_000, clock=clock)
    assert decided(made).blocked["loan"].code == "rests"
    store.failing = OSError()
    for seconds, skipped in ((3_599, ()), (3_601, ()), (7_199, ()), (7_201, ("figures",))):
        clock.seconds = seconds
        until(lambda: made._figures is not None and made._figures._reading is None)
        assert decided(made).skipped == skipped
    until(lambda: made._figures is not None and made._figures._reading is None)
    store.failing = None
    clock.seconds += 1
    assert decided(made).skipped == ()


def test_a_new_day_goes_by_the_day_before_until_it_is_read(tmp_path: Path) -> None:
    store = Figures([complained(50)])
    made = engine(tmp_path, store, timeout_ms=5_000)
    assert decided(made).blocked["loan"].code == "rests"
    store.wait, store.rows = Event(), []
    tomorrow = NOON + timedelta(days=1)
    assert decided(made, tomorrow).blocked["loan"].code == "rests"
    assert decided(made, NOON + timedelta(days=2)).skipped == ("figures",)  # somebody else is reading
    store.wait.set()
    until(lambda: "loan" in offered(decided(made, tomorrow)))


def test_a_failing_store_is_left_alone_for_a_while(tmp_path: Path) -> None:
    store, clock = Figures(failing=OSError()), Clock()
    made = engine(tmp_path, store, pause_ms=10_000, timeout_ms=5_000, clock=clock)
    for seconds, asked in ((0, 1), (9.9, 1), (10.1, 2)):
        clock.seconds = seconds
        decided(made)
        until(lambda: made._figures is not None and made._figures._reading is None)
        assert len(store.asked) == asked


def test_a_closed_engine_reads_no_more(tmp_path: Path) -> None:
    store = Figures()
    with engine(tmp_path, store) as made:
        until(lambda: len(store.asked) == 1)
    assert decided(made, NOON + timedelta(days=5)).skipped == ("figures",)
    assert len(store.asked) == 1


def test_a_reload_reads_what_the_new_floors_need(tmp_path: Path) -> None:
    store = Figures()
    made = engine(tmp_path, store)
    until(lambda: len(store.asked) == 1)
    until(lambda: made._figures is not None and made._figures._reading is None)
    write_pack(tmp_path, contact=[floor(within={"days": 9})], offers=SHELF)
    assert made.reload().ok
    until(lambda: len(store.asked) == 2)
    assert store.asked[1][1] == (9,)


@pytest.mark.parametrize(
    "times",
    [{"share": 0}, {"share": 1.1}, {"fresh_minutes": 0}, {"fresh_minutes": 61, "kept_hours": 1}, {"timeout_ms": -1}],
)
def test_times_that_cannot_be_are_refused(times: dict[str, float]) -> None:
    with pytest.raises(ValueError, match="must be"):
        ReadFigures(Figures(), **times)


@pytest.mark.parametrize("count", [-1, True, 1.0, "1"])
def test_what_is_no_count_is_no_figure(count: Any) -> None:
    with pytest.raises(ValueError, match="`booked` has to be a count"):
        OfferFigures("loan", "loan", booked=count)


# --- as it is written -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"csat_below": "3"}, "NBO454"),
        ({"complaints_above": None}, "NBO454"),
        ({"complaints_above": "100%"}, "NBO133"),
        ({"complaints_above": None, "csat_below": "10.5"}, "NBO133"),
        ({"complaints_above": None, "csat_below": "0"}, "NBO133"),
        ({"within": {"days": 367}}, "NBO133"),
        ({"for": ["lone"]}, "NBO302"),
        ({"of_at_least": 0}, "NBO133"),
        ({"of_at_least": None}, "NBO131"),
        ({"families": ["help"]}, "NBO609"),
    ],
)
def test_a_floor_that_cannot_be_meant_is_found(tmp_path: Path, changes: dict[str, Any], code: str) -> None:
    assert code in codes(tmp_path, contact=[floor(**changes)], offers=SHELF)


def test_a_rule_holds_back_in_one_way(tmp_path: Path) -> None:
    both = {**floor(), "suppress_when": "account.days_late > 3"}
    assert codes(tmp_path, contact=[both], offers=SHELF) == ["NBO450"]
    assert "NBO450" in codes(tmp_path, contact=[{**floor(), "suppress_for": {"days": 3}}], offers=SHELF)
