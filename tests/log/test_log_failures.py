"""A disk that is full, keys that are away, a writer that hangs, a process that is killed: nothing is lost without a word."""

from __future__ import annotations

import errno
import gc
import os
import shutil
import signal
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from threading import Event, Thread
from time import monotonic, sleep

import pytest
from small_log import MASTER, Log, small_pack, somebody

from nbo.log.decision_log import DecisionLog
from nbo.log.errors import LogError
from nbo.log.files import open_private
from nbo.log.keys import Key, KeyStore, Subject
from nbo.log.verify import verify

LONG_MS = 20_000  # nobody waits so long: a test that does has failed


class Disk:
    """Opens files; when it is full, it opens none, or (as `/dev/full`) takes not a byte."""

    def __init__(self, device: str | None) -> None:
        self.device = device
        self.full = False

    def __call__(self, path: str, flags: int) -> int:
        if not self.full:
            return open_private(path, flags)
        if self.device is None:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), path)
        return os.open(self.device, os.O_WRONLY)


class LostKeys:
    """A key store that cannot be reached, or not yet."""

    def __init__(self, keys: KeyStore, *, hangs: Event | None = None) -> None:
        self.keys, self.hangs, self.master, self.lost = keys, hangs, MASTER, hangs is None

    def take(self, subjects: Sequence[Subject]) -> Mapping[Subject, Key]:
        if self.hangs is not None:
            self.hangs.wait(60)
        if self.lost:
            raise ConnectionRefusedError(errno.ECONNREFUSED, os.strerror(errno.ECONNREFUSED))
        return self.keys.take(subjects)


def until(condition: Callable[[], bool]) -> bool:
    end = monotonic() + 20
    while not condition() and monotonic() < end:
        sleep(0.002)
    return condition()


@pytest.fixture
def hanging() -> Iterator[Event]:
    event = Event()
    yield event
    event.set()


@pytest.mark.parametrize(
    "device",
    [
        None,
        pytest.param("/dev/full", marks=pytest.mark.skipif(not Path("/dev/full").exists(), reason="no such device")),
    ],
)
def test_a_full_disk_shows_in_decision_and_metrics_and_nothing_is_lost_when_there_is_room_again(
    logs: Callable[..., Log], device: str | None
) -> None:
    disk = Disk(device)
    log = logs(open_file=disk)
    disk.full = True
    first = log.decide()
    assert until(lambda: log.log.metrics().failing)
    second = log.decide()
    metrics = log.log.metrics()
    assert (first.skipped, second.skipped, second.degraded) == (("scorer:model",), ("scorer:model", "log"), True)
    assert (metrics.queued, metrics.written, metrics.last_error) == (2, 0, "OSError: No space left on device")
    assert metrics.failures > 0
    disk.full = False
    assert log.log.flush()
    assert log.decide().skipped == ("scorer:model",)
    assert (log.done().log.metrics().written, log.log.metrics().failing) == (3, False)
    assert (log.problems(), log.statuses()) == ([], ["same"] * 3)


def test_half_a_block_is_taken_back_before_the_next_try(
    logs: Callable[..., Log], monkeypatch: pytest.MonkeyPatch
) -> None:
    log = logs()
    log.decide()
    assert log.log.flush()
    write, tries = os.write, []

    def half(descriptor: int, content: bytes) -> int:
        tries.append(len(content))
        if len(tries) == 1:
            return write(descriptor, bytes(content)[:50])
        if len(tries) == 2:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return write(descriptor, content)

    monkeypatch.setattr(os, "write", half)
    log.decide("C2")
    log.done()
    assert len(tries) > 2
    assert (log.log.metrics().failures, log.verified().findings, log.statuses()) == (1, (), ["same"] * 2)


def test_lost_keys_show_and_are_asked_for_again(logs: Callable[..., Log], keys: KeyStore) -> None:
    lost = LostKeys(keys)
    log = logs(keys_of_writer=lost)
    log.decide()
    assert until(lambda: log.log.metrics().failing)
    assert log.log.metrics().last_error == "ConnectionRefusedError: Connection refused"
    assert "log" in log.decide().skipped
    lost.lost = False
    log.done()
    assert log.statuses() == ["same"] * 2


def test_a_writer_that_hangs_delays_nobody_and_what_it_cannot_take_is_said(
    logs: Callable[..., Log], keys: KeyStore, hanging: Event
) -> None:
    log = logs(keys_of_writer=LostKeys(keys, hangs=hanging), most_queued=5)
    log.decide()
    assert until(lambda: log.log.metrics().queued == 1)
    sleep(0.02)  # the writer has it in hand
    made = [log.decide(f"C{number}") for number in range(8)]
    assert ["log" in each.skipped for each in made] == [False] * 5 + [True] * 3
    assert (log.log.metrics().dropped, log.log.metrics().queued) == (3, 6)
    assert log.log.flush(0.01) is False
    hanging.set()
    log.done()
    assert len(log.replayed()) == 6


def test_a_confirmed_decision_is_in_the_file_when_it_is_given(logs: Callable[..., Log]) -> None:
    log = logs(confirm=True, timeout_ms=LONG_MS, sync="batch")
    assert "log" not in log.decide().skipped
    assert log.verified().records == 1


def test_a_decision_waits_for_its_confirmation_no_longer_than_its_share(
    logs: Callable[..., Log], keys: KeyStore, hanging: Event
) -> None:
    log = logs(keys_of_writer=LostKeys(keys, hangs=hanging), confirm=True, share=0.5, timeout_ms=LONG_MS)
    started = monotonic()
    decision = log.engine.decide(somebody(), budget_ms=100)
    assert 0.04 < monotonic() - started < 10
    assert (decision.status, decision.skipped[-1]) == ("offer", "log")


@pytest.mark.parametrize("confirm", [False, True])
def test_a_bank_that_must_log_makes_no_offer_that_is_not(
    logs: Callable[..., Log], keys: KeyStore, confirm: bool
) -> None:
    lost = LostKeys(keys)
    log = logs(keys_of_writer=lost, confirm=confirm, on_failure="refuse", timeout_ms=LONG_MS if not confirm else 30)
    log.decide()
    assert until(lambda: log.log.metrics().failing)
    refused = log.decide("C2")
    assert (refused.status, refused.offers, refused.degraded) == ("no_offer", (), True)
    assert refused.reason is not None
    assert refused.reason.to_dict() == {
        "code": "not_logged", "text": "the decision could not be recorded, so no offer is made", "source": None,
    }  # fmt: skip
    assert refused.serve is not None
    assert refused.serve.outcome == "self_service"
    lost.lost = False
    assert log.log.flush()
    assert log.decide("C3").status == "offer"
    log.done()
    written = [line for line in log.segment.read_bytes().splitlines() if b'"kind":"withheld"' in line]
    assert len(written) == (2 if confirm else 1)
    assert log.log.metrics().withheld == len(written)
    assert (log.problems(), set(log.statuses())) == ([], {"same"})


def test_a_refused_decision_that_is_being_written_has_a_line_that_says_so(
    logs: Callable[..., Log], keys: KeyStore, hanging: Event
) -> None:
    log = logs(keys_of_writer=LostKeys(keys, hangs=hanging), confirm=True, on_failure="refuse", timeout_ms=100)
    assert log.decide().status == "no_offer"
    hanging.set()
    log.done()
    kinds = [line.partition(b'"kind":"')[2].partition(b'"')[0] for line in log.segment.read_bytes().splitlines()]
    assert kinds == [b"segment", b"decision", b"withheld", b"end"]


def test_a_record_that_cannot_be_made_has_a_line_that_says_so(
    logs: Callable[..., Log], monkeypatch: pytest.MonkeyPatch
) -> None:
    log = logs()
    monkeypatch.setattr("nbo.log.record.nbo_version", lambda: {1, 2})  # no JSON
    log.decide()
    assert log.log.flush()
    monkeypatch.undo()
    log.decide("C2")
    log.done()
    assert (log.log.metrics().unwritable, log.log.metrics().written, log.problems()) == (1, 1, [])
    assert b'"kind":"lost"' in log.segment.read_bytes()


def test_a_closed_log_takes_nothing_and_the_decision_says_so(logs: Callable[..., Log]) -> None:
    log = logs().done(1)
    assert log.decide().skipped == ("scorer:model", "log")
    assert log.log.metrics().dropped == 1
    assert log.log.flush(0) is True
    assert log.log.close(0) is True


def test_a_log_that_nobody_holds_writes_what_it_has(tmp_path: Path, keys: KeyStore) -> None:
    log = Log(tmp_path / "log", keys)
    log.decide()
    del log
    gc.collect()
    found = verify(tmp_path / "log", MASTER)
    assert (found.records, found.findings) == (1, ())


def test_a_full_segment_is_followed_by_another(logs: Callable[..., Log]) -> None:
    log = logs(segment_bytes=1)
    for number in range(3):
        log.decide(f"C{number}")
        assert log.log.flush()
    log.done()
    assert len(log.verified().files) == 1 + 3
    assert (log.verified().findings, log.verified().records) == ((), 3)


def test_a_folder_that_is_taken_away_while_a_segment_is_open_loses_no_later_decision(logs: Callable[..., Log]) -> None:
    log = logs()
    log.decide("C1")
    assert log.log.flush()
    log.folder.rename(log.folder.with_name("moved"))
    shutil.copytree(log.folder.with_name("moved"), log.folder)
    shutil.rmtree(log.folder.with_name("moved"))
    log.decide("C2")
    log.done()
    assert (log.problems(), log.statuses(), log.log.metrics().failures) == ([], ["same"] * 2, 1)


def test_keys_do_not_lie_in_the_logs_folder(tmp_path: Path) -> None:
    with pytest.raises(LogError, match="the key store lies in the log's folder"):
        DecisionLog(tmp_path, KeyStore(tmp_path / "secret" / "keys.db", MASTER))


@pytest.mark.parametrize("limit", [{"share": 0}, {"share": 1.1}, {"timeout_ms": 0}, {"most_queued": 0}])
def test_limits_that_cannot_be_are_refused(tmp_path: Path, keys: KeyStore, limit: dict[str, float]) -> None:
    with pytest.raises(ValueError, match="over 0"):
        DecisionLog(tmp_path / "log", keys, **limit)


def test_many_threads_log_at_once(logs: Callable[..., Log]) -> None:
    log = logs()
    threads = [Thread(target=lambda: [log.decide(f"C{each}") for each in range(20)]) for _ in range(4)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    log.done()
    assert (log.verified().records, log.problems(), log.log.metrics().dropped) == (80, [], 0)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="the system cannot fork")
@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
def test_a_forked_process_writes_a_segment_of_its_own(logs: Callable[..., Log], keys: KeyStore) -> None:
    log = logs()
    log.decide("parent")
    assert log.log.flush()
    child = os.fork()
    if child == 0:
        log.decide("child")
        os._exit(0 if log.log.close() else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    log.decide("parent")
    log.done()
    found = log.verified()
    assert (len(found.files), found.records, found.findings) == (3, 3, ())
    assert log.statuses() == ["same"] * 3


def log_until(count: int, folder: Path, pipe: int) -> None:
    """What a process does: it says how many decisions are written for certain."""
    log = Log(folder / "log", KeyStore(folder / "keys.db", MASTER))
    for number in range(1, count + 1):
        log.decide(f"C{number % 7}")
        if number % 20 == 0:
            assert log.log.flush()
            os.write(pipe, b"%d\n" % number)
    log.done()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="the system cannot fork")
@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
def test_two_processes_log_at_once_and_one_that_is_killed_leaves_a_sound_log(tmp_path: Path) -> None:
    small_pack()
    reading, writing = os.pipe()
    processes = []
    for count, pipe in ((60, os.open(os.devnull, os.O_WRONLY)), (1_000_000, writing)):
        processes.append(os.fork())
        if processes[-1] == 0:
            with suppress(BaseException):
                log_until(count, tmp_path, pipe)
                os._exit(0)
            os._exit(1)
        os.close(pipe)
    killed = processes[1]
    with os.fdopen(reading) as confirmed:
        last = next(int(line) for line in confirmed if int(line) >= 60)
        os.kill(killed, signal.SIGKILL)
        last = max([last, *(int(line) for line in confirmed if line.endswith("\n"))])
    assert [os.waitpid(each, 0)[1] for each in processes] == [0, signal.SIGKILL]
    found = verify(tmp_path / "log", MASTER)
    assert [each for each in found.findings if each.problem] == []
    assert {each.code for each in found.findings} - {"torn", "beyond_head"} == {"not_ended"}
    assert found.records >= 60 + last
