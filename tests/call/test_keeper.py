"""Sessions that a process keeps are bounded in number and time, and those of many calls go on beside each other."""

from __future__ import annotations

import gc
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from weakref import ref

import pytest
from talk import BEGAN, BILL, Talk, customer

from nbo import Engine
from nbo.call.keeper import SessionKeeper


class Seconds:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_a_session_is_kept_until_nobody_has_asked_for_it_for_a_time(sample: Engine) -> None:
    timer = Seconds()
    keeper = SessionKeeper(idle=timedelta(minutes=10), timer=timer)
    session = keeper.keep(sample.call("K1", customer(), at=BEGAN))
    for _ in range(3):
        timer.now += 9 * 60
        assert keeper.find("K1") is session
    timer.now += 11 * 60
    assert keeper.find("K1") is None
    assert len(keeper) == 0


def test_no_more_sessions_are_kept_than_there_is_room_for(sample: Engine) -> None:
    keeper = SessionKeeper(most=3, timer=Seconds())
    for number in range(5):
        keeper.keep(sample.call(f"K{number}", customer(), at=BEGAN))
    assert [number for number in range(5) if keeper.find(f"K{number}")] == [2, 3, 4]
    keeper.end("K3")
    keeper.end("K3")
    assert len(keeper) == 2


@pytest.mark.parametrize(("most", "idle"), [(0, timedelta(1)), (1, timedelta(0))])
def test_a_keeper_that_could_keep_nothing_is_refused(most: int, idle: timedelta) -> None:
    with pytest.raises(ValueError, match="most"):
        SessionKeeper(most=most, idle=idle)


def test_a_session_that_nobody_holds_is_gone_with_what_its_matcher_knows(rules_copy: object) -> None:
    with Engine.load(f"{rules_copy}/cn_credit_card", matcher="plain") as engine:
        talk = Talk(engine)
        talk.serve()
        matcher = talk.session._kit.matcher
        assert matcher is not None
        assert matcher.metrics()["calls"] == 1
        gone = ref(talk.session)
        gc.disable()
        try:
            del talk
            assert gone() is None  # without the help of the collector
        finally:
            gc.enable()
        assert matcher.metrics()["calls"] == 0


def test_calls_of_many_threads_do_not_disturb_each_other(sample: Engine) -> None:
    def call(number: int) -> tuple[list[str], str]:
        talk = Talk(sample, customer(), f"K{number}")
        talk.serve()
        talk.present()
        if number % 2:
            talk.told("complaint")
        else:
            talk.answer("accept")
            talk.confirm()
            talk.told("order", offer=BILL)
        return talk.kinds(), talk.told("ended").stage

    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(call, range(64)))
    assert found[0::2] == [(["presented", "accepted", "booked"], "closing")] * 32
    assert found[1::2] == [(["presented", "complained"], "closing")] * 32
