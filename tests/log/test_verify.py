"""What shows in a log: every byte that is changed, every line that is left out, moved or cut off."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small_log import MASTER, Log
from tiny_pack import NOON

from nbo.log.chain import canonical, hash_of, line_of, read_line
from nbo.log.errors import LogError
from nbo.log.keys import KeyStore
from nbo.log.manifest import MANIFEST
from nbo.log.master import MasterKey
from nbo.log.segment import HEAD
from nbo.log.verify import Known, verify


@pytest.fixture
def written(logs: Callable[..., Log]) -> Log:
    """A closed log of four decisions."""
    return logs().done(4)


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Log]:
    """A closed log of six decisions, to be put back as it was."""
    folder = tmp_path_factory.mktemp("sound")
    store = KeyStore(folder / "keys.db", MASTER)
    yield Log(folder / "log", store).done(6)
    store.close()


def test_a_log_that_nobody_touched_is_sound(written: Log) -> None:
    found = written.verified()
    assert (found.sound, found.records, found.findings) == (True, 4, ())


@settings(max_examples=100)
@given(data=st.data())
def test_any_changed_byte_shows_and_no_line_before_it_is_blamed(sound: Log, data: st.DataObject) -> None:
    path = data.draw(st.sampled_from([sound.segment, sound.folder / MANIFEST, sound.segment.with_suffix(HEAD)]))
    before = path.read_bytes()
    place = data.draw(st.integers(0, len(before) - 1))
    other = data.draw(st.integers(1, 255))
    changed = bytearray(before)
    changed[place] ^= other
    path.write_bytes(changed)
    try:
        found = sound.verified()
    finally:
        path.write_bytes(before)
    assert not found.sound
    lines = [each.line for each in found.findings if each.problem and each.file.endswith(path.name)]
    if path.suffix != HEAD:
        assert all(line in (0, before[:place].count(b"\n") + 1, before.count(b"\n") - 1) for line in lines)


@settings(max_examples=40)
@given(data=st.data())
def test_any_line_that_is_left_out_repeated_or_moved_shows(sound: Log, data: st.DataObject) -> None:
    path = data.draw(st.sampled_from([sound.segment, sound.folder / MANIFEST]))
    before = path.read_bytes()
    lines = before.splitlines(keepends=True)
    line = data.draw(st.integers(0, len(lines) - 1))
    moved = lines.pop(line)
    for _ in range(data.draw(st.integers(0, 2))):
        lines.insert(data.draw(st.integers(0, len(lines))), moved)
    if b"".join(lines) == before:
        return
    path.write_bytes(b"".join(lines))
    try:
        left_out = len(lines) < before.count(b"\n") and path.name == MANIFEST and line == before.count(b"\n") - 1
        assert sound.verified().sound is left_out  # that a segment has ended may not have been written yet
    finally:
        path.write_bytes(before)


def lines_of(log: Log) -> list[bytes]:
    return log.segment.read_bytes().splitlines(keepends=True)


def rewrite(log: Log, lines: list[bytes]) -> None:
    log.segment.write_bytes(b"".join(lines))


@pytest.mark.parametrize(
    ("order", "problem", "line"),
    [
        ([0, 1, 3, 4, 5], "missing", 3),
        ([0, 1, 3, 2, 4, 5], "reordered", 3),
        ([0, 1, 2, 2, 3, 4, 5], "reordered", 4),
        ([0, 1, 2], "cut_off", 3),
        ([], "cut_off", 0),
    ],
)
def test_the_first_line_that_does_not_fit_is_named(written: Log, order: list[int], problem: str, line: int) -> None:
    lines = lines_of(written)
    rewrite(written, [lines[each] for each in order])
    (found,) = written.verified().findings
    assert (found.code, found.file, found.line) == (problem, f"segments/{written.segment.name}", line)


def test_a_line_that_was_replaced_shows_in_the_next_one(written: Log) -> None:
    lines = lines_of(written)
    content, _ = read_line(lines[2])
    lines[2] = line_of({**content, "id": "another"})[0]
    rewrite(written, lines)
    (found,) = written.verified().findings
    assert (found.code, found.line) == ("replaced", 4)


def test_a_chain_that_was_made_anew_shows_in_the_signed_head(written: Log) -> None:
    """Whoever can write every file, and has not the master key."""
    made, before = [], "0" * 64
    for number, line in enumerate(lines_of(written)[:-2]):
        content, _ = read_line(line)
        new, before = line_of({**content, "n": number, "prev": before, "pack": "another"})
        made.append(new)
    rewrite(written, made)
    assert written.problems() == ["cut_off"]
    head = canonical({"segment": written.segment.stem, "count": len(made), "last": before})
    forged = canonical({"head": head.decode(), "signed": MasterKey(bytes(32)).signature(head)})
    written.segment.with_suffix(HEAD).write_bytes(forged)
    entries = (written.folder / MANIFEST).read_bytes().splitlines(keepends=True)
    (written.folder / MANIFEST).write_bytes(entries[0])
    assert written.problems() == ["forged_head"]
    assert verify(written.folder).sound  # without the master key nobody can tell


def test_a_segment_that_was_taken_away_shows(written: Log, logs: Callable[..., Log]) -> None:
    gone = written.segment
    logs().done(1)
    gone.unlink()
    assert written.problems() == ["segment_missing"]


def test_a_segment_that_was_put_there_shows(written: Log) -> None:
    shutil.copy(written.segment, written.segment.with_name("20260101T000000Z-1-abcdef01.log"))
    assert written.problems() == ["foreign"]


def test_a_half_written_last_line_is_a_remark_and_its_place_is_named(logs: Callable[..., Log]) -> None:
    log = logs()
    log.decide()
    assert log.log.flush()
    with log.segment.open("ab") as stream:
        stream.write(lines_of(log)[1][:100])
    found = log.verified()
    assert (found.sound, found.records) == (True, 1)
    assert [(each.code, each.line) for each in found.findings] == [("torn", 3), ("not_ended", 2)]
    assert log.statuses() == ["same"]


def test_half_of_a_line_that_was_whole_is_a_problem(written: Log) -> None:
    written.segment.write_bytes(written.segment.read_bytes()[:-20])
    assert written.problems() == ["cut_off"]


def test_a_half_written_entry_of_the_manifest_is_cut_off_by_the_next_process(
    written: Log, logs: Callable[..., Log]
) -> None:
    with (written.folder / MANIFEST).open("ab") as stream:
        stream.write(b"0123")
    assert (written.problems(), written.remarks()) == ([], ["torn"])
    logs().done(1)
    assert written.verified().findings == ()


def test_a_damaged_manifest_keeps_nobody_from_logging(written: Log, logs: Callable[..., Log]) -> None:
    manifest = written.folder / MANIFEST
    manifest.write_bytes(manifest.read_bytes()[:-3] + b"xx\n")
    assert logs().done(1).log.metrics().failing is False
    assert ("changed", f"{MANIFEST}:2") in [(each.code, each.place) for each in written.verified().findings]


def test_lines_after_the_head_are_a_remark(written: Log) -> None:
    head = canonical({"segment": written.segment.stem, "count": 3, "last": read_line(lines_of(written)[2])[1]})
    signed = canonical({"head": head.decode(), "signed": MASTER.signature(head)})
    written.segment.with_suffix(HEAD).write_bytes(signed)
    assert (written.problems(), written.remarks()) == ([], ["beyond_head"])


def test_a_clock_that_goes_back_is_a_remark_and_the_order_stays(logs: Callable[..., Log]) -> None:
    moments = iter([NOON, NOON + timedelta(hours=1), *[NOON - timedelta(days=1)] * 9])
    log = logs(clock=lambda: next(moments))
    log.done(2)
    assert (log.problems(), log.remarks()) == ([], ["clock_back"])
    assert log.statuses() == ["same", "same"]


def test_an_earlier_report_shows_what_was_rolled_back_with_its_signed_head(logs: Callable[..., Log]) -> None:
    log = logs()
    log.decide("C1")
    assert log.log.flush()
    copy = log.folder.with_name("copy")
    shutil.copytree(log.folder, copy)
    log.done(2)
    report = json.loads(json.dumps(log.verified().to_dict("en")))
    earlier = {each["file"]: Known("earlier", each["lines"], each["last"]) for each in report["files"]}
    assert verify(log.folder, MASTER, earlier).sound
    assert verify(copy, MASTER).sound
    found = verify(copy, MASTER, earlier)
    assert [each.code for each in found.findings if each.problem] == ["cut_off", "cut_off"]
    assert found.findings[0].text("en") == "the file ends here, but the earlier report knows 2 lines"
    shutil.rmtree(copy / "segments")
    assert "segment_missing" in [each.code for each in verify(copy, MASTER, earlier).findings]


def test_what_is_no_log_is_said(tmp_path: Path) -> None:
    with pytest.raises(LogError, match="there is no decision log"):
        verify(tmp_path)


def test_a_line_says_its_own_hash_first(written: Log) -> None:
    digest, _, content = lines_of(written)[1].rstrip(b"\n").partition(b" ")
    assert hash_of(content) == digest.decode()
    assert written.segment.stat().st_mode & 0o077 == 0
