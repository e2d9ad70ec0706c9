"""Properties that are worked out once, and the threads that ask for them."""

from __future__ import annotations

from threading import Barrier, Event, Thread

from nbo.once import once


class Slow:
    def __init__(self, going_on: Event) -> None:
        self.going_on, self.entered, self.times = going_on, Event(), 0

    @once
    def answer(self) -> object:
        self.times += 1
        self.entered.set()
        self.going_on.wait(30)
        return object()


def test_it_is_worked_out_once() -> None:
    going_on = Event()
    going_on.set()
    slow = Slow(going_on)
    assert slow.answer is slow.answer
    assert slow.times == 1


def test_one_objects_value_waits_for_no_other_object() -> None:
    held, free = Slow(Event()), Slow(Event())
    free.going_on.set()
    thread = Thread(target=lambda: held.answer)
    thread.start()
    assert held.entered.wait(30)
    assert free.answer is free.answer
    held.going_on.set()
    thread.join(30)
    assert held.times == 1


def test_two_that_come_at_once_get_one_value() -> None:
    together = Barrier(2)

    class Met:
        @once
        def answer(self) -> object:
            together.wait(30)
            return object()

    met = Met()
    got: list[object] = []
    threads = [Thread(target=lambda: got.append(met.answer)) for _ in range(2)]
    for each in threads:
        each.start()
    for each in threads:
        each.join(30)
    assert got[0] is got[1]
