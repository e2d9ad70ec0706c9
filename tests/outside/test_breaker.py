"""The circuit breaker, by a clock that stands still."""

from __future__ import annotations

from nbo.outside.breaker import CircuitBreaker


class StoppedClock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def opened(clock: StoppedClock) -> CircuitBreaker:
    breaker = CircuitBreaker(3, 10, clock)
    for _ in range(3):
        assert breaker.admits()
        breaker.failed()
    return breaker


def test_it_opens_after_so_many_failures_in_a_row() -> None:
    breaker = CircuitBreaker(3, 10, StoppedClock())
    for failure in (True, True, False, True, True):
        assert breaker.admits()
        breaker.failed() if failure else breaker.succeeded()
    assert breaker.admits()
    breaker.failed()
    assert not breaker.admits()


def test_after_the_pause_one_is_let_through_and_its_success_closes_it() -> None:
    clock = StoppedClock()
    breaker = opened(clock)
    clock.now = 9.9
    assert not breaker.admits()
    clock.now = 10.0
    assert [breaker.admits(), breaker.admits()] == [True, False]
    breaker.succeeded()
    assert [breaker.admits(), breaker.admits()] == [True, True]


def test_a_probe_that_fails_opens_it_for_another_pause() -> None:
    clock = StoppedClock()
    breaker = opened(clock)
    clock.now = 10.0
    assert breaker.admits()
    breaker.failed()
    clock.now = 19.9
    assert not breaker.admits()
    clock.now = 20.0
    assert breaker.admits()


def test_a_probe_that_showed_nothing_leaves_the_next_one_to_try() -> None:
    clock = StoppedClock()
    breaker = opened(clock)
    clock.now = 10.0
    assert breaker.admits()
    breaker.undecided()
    assert [breaker.admits(), breaker.admits()] == [True, False]
