"""What ends the process in which durable_rules runs costs no call anything, and is said."""

import logging
import os
import signal
import threading
from collections.abc import Callable, Iterator
from time import sleep

import pytest
from moment_files import moments_of, seen

from nbo.call.matching import child
from nbo.call.matching.choose import default_matcher, make_matcher
from nbo.call.matching.durable import DurableMatcher, installed
from nbo.call.matching.matcher import Seen
from nbo.call.matching.plain import PlainMatcher

pytestmark = pytest.mark.skipif(not installed(), reason="durable_rules is not installed on this Python")

MOMENTS = moments_of(
    {"all": [{"a": "talk"}, {"b": "talk", "where": "b.amount > a.amount"}], "in_order": True, "needs": ["cash"]},
    {"all": [{"a": "talk"}, {"b": "ask", "where": "b.amount == a.amount"}], "none": ["rest"], "window": "open"},
)


class Clock:
    """Seconds that pass when a test says so."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def durable(clock: Clock) -> Iterator[DurableMatcher]:
    matcher = DurableMatcher(MOMENTS, processes=1, patience=2.0, clock=clock)
    yield matcher
    matcher.close()


def a_call() -> list[Seen]:
    amounts = [3, 1, 2, 2, 5, 4]
    talks = [seen(number, "talk" if number % 2 else "ask", number, amount=each) for number, each in enumerate(amounts)]
    return [seen(90, "talk", 0, amount=2), *talks, *(seen(50 + each, "ask", 10, amount=each) for each in range(6))]


def kill(matcher: DurableMatcher, number: int) -> int:
    (pid,) = matcher.process_ids
    assert pid is not None
    os.kill(pid, number)
    return pid


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGSEGV], ids=["killed", "segfault"])
def test_a_process_that_dies_in_the_middle_of_a_call_changes_no_result(
    durable: DurableMatcher, number: int, caplog: pytest.LogCaptureFixture
) -> None:
    plain = PlainMatcher(MOMENTS)
    for index, event in enumerate(a_call()):
        if index == 5:
            kill(durable, number)
        assert durable.observe("call", event) == plain.observe("call", event)
    told = durable.metrics()
    assert told["deaths"] == 1
    assert told["processes"] == 0
    assert told["stood_in"] > 0
    assert told["asked"] > 0
    (record,) = [each for each in caplog.records if each.name == "nbo.call.matching"]
    assert record.levelno == logging.WARNING
    assert f"exit code {-number}" in record.getMessage()


def test_a_process_that_hangs_is_waited_for_no_longer_than_the_patience(clock: Clock) -> None:
    matcher = DurableMatcher(MOMENTS, processes=1, patience=0.05, clock=clock)
    plain = PlainMatcher(MOMENTS)
    for index, event in enumerate(a_call()):
        if index == 3:
            kill(matcher, signal.SIGSTOP)
        assert matcher.observe("call", event) == plain.observe("call", event)
    assert matcher.metrics()["deaths"] == 1
    matcher.close()


def test_after_a_pause_a_new_process_goes_on_with_the_calls(durable: DurableMatcher, clock: Clock) -> None:
    plain = PlainMatcher(MOMENTS)
    first, *rest = a_call()
    assert durable.observe("call", first) == plain.observe("call", first)
    before = kill(durable, signal.SIGKILL)
    for event in rest[:4]:
        assert durable.observe("call", event) == plain.observe("call", event)
    assert durable.metrics()["starts"] == 1
    clock.now += child.LONGEST_PAUSE
    for _ in range(500):  # nobody waits for it to start
        durable.observe("another call", rest[0])
        durable.observe("another call", rest[1])
        if durable.metrics()["processes"]:
            break
        sleep(0.01)
    (after,) = durable.process_ids
    assert after not in (None, before)
    asked = durable.metrics()["asked"]
    for event in rest[4:]:
        assert durable.observe("call", event) == plain.observe("call", event)
    assert durable.metrics()["asked"] > asked


def test_a_process_that_dies_at_once_is_started_again_ever_more_seldom(clock: Clock, tmp_path: object) -> None:
    process = child.Child(["-c", "raise SystemExit(1)"], "", patience=0.1, clock=clock)
    for pause in (0.1, 0.2, 0.4):
        clock.now += pause
        process.start()
        process.await_ready()
        starts = process.starts
        clock.now += pause * 0.9
        with pytest.raises(child.GoneError):
            process.ask("")
        assert process.starts == starts
        clock.now -= pause * 0.9
    assert process.deaths == 3


def test_a_process_that_cannot_answer_says_why_and_is_replaced(
    durable: DurableMatcher, caplog: pytest.LogCaptureFixture
) -> None:
    (host,) = durable._hosts
    with pytest.raises(child.GoneError):
        host.child.ask("no question at all")
    assert "ValueError" in caplog.text
    assert durable.metrics()["deaths"] == 1


def test_closing_ends_the_processes_and_moments_are_matched_all_the_same() -> None:
    matcher = DurableMatcher(MOMENTS)
    pids = matcher.process_ids
    matcher.close()
    for pid in pids:
        assert pid is not None
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)
    plain = PlainMatcher(MOMENTS)
    for event in a_call():
        assert matcher.observe("call", event) == plain.observe("call", event)
    assert matcher.metrics()["starts"] == len(pids)


def test_a_matcher_that_nobody_holds_leaves_no_process() -> None:
    matcher = DurableMatcher(MOMENTS, processes=1)
    (pid,) = matcher.process_ids
    assert pid is not None
    del matcher
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_a_process_that_forks_has_a_matcher_process_of_its_own_and_leaves_the_other_alone(
    durable: DurableMatcher,
) -> None:
    plain = PlainMatcher(MOMENTS)
    first, *rest = a_call()
    assert durable.observe("call", first) == plain.observe("call", first)
    forked = os.fork()
    if forked == 0:
        try:
            same = all(durable.observe("call", each) == plain.observe("call", each) for each in rest)
            durable.close()
        finally:
            os._exit(0 if same else 1)
    assert os.waitpid(forked, 0)[1] == 0
    for event in rest:
        assert durable.observe("call", event) == plain.observe("call", event)
    assert durable.metrics()["deaths"] == 0
    assert durable.metrics()["stood_in"] == 0


def test_threads_share_a_matcher_while_its_process_dies_again_and_again(durable: DurableMatcher, clock: Clock) -> None:
    plain = PlainMatcher(MOMENTS)
    expected = [plain.observe("call", each) for each in a_call()]
    wrong: list[object] = []

    def talk(name: str, before: Callable[[], object]) -> None:
        for number in range(20):
            before()
            found = [durable.observe(f"{name} {number}", each) for each in a_call()]
            wrong.extend([] if found == expected else [found])
            durable.forget(f"{name} {number}")

    def trouble() -> None:
        clock.now += 60
        for pid in durable.process_ids:
            if pid is not None:
                try:
                    os.kill(pid, signal.SIGKILL)
                except ProcessLookupError:
                    continue

    threads = [threading.Thread(target=talk, args=(f"t{each}", trouble if each == 0 else int)) for each in range(4)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert wrong == []
    assert durable.metrics()["calls"] == 0
    assert durable.metrics()["deaths"] > 1


def test_durable_rules_is_the_matcher_where_it_is_installed_and_either_can_be_named() -> None:
    assert default_matcher() == "durable"
    for name, kind in (("durable", DurableMatcher), ("plain", PlainMatcher)):
        matcher = make_matcher(MOMENTS[:0], name)  # type: ignore[arg-type]  # a literal
        assert isinstance(matcher, kind)
        matcher.close()
    with pytest.raises(ValueError, match="no matcher `drools`"):
        make_matcher(MOMENTS, "drools")  # type: ignore[arg-type]  # the mistake


def test_without_durable_rules_the_plain_matcher_serves(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("nbo.call.matching.choose.installed", lambda: False)
    assert default_matcher() == "plain"
    with pytest.raises(ValueError, match="not installed"):
        make_matcher(MOMENTS, "durable")
