"""Noticing that a pack has changed: every kind of change, the ways of editors, and nothing where nothing happened.

Time is a list of things that happen at each look: no test waits.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import pytest

from nbo.cli.check import watch_pack
from nbo.workbench.watch import MOST_SETTLING, PackFiles, changes

BASE = Path(__file__).parents[1] / "diagnostics" / "base"
Step = Callable[[], object]


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    shutil.copytree(BASE, tmp_path / "rules")
    return tmp_path / "rules" / "pack"


class Time:
    """A clock that is moved by sleeping; at each sleep the next step happens, and after the last one Ctrl-C."""

    def __init__(self, *steps: Step) -> None:
        self.steps = list(steps)
        self.slept: list[float] = []

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        if not self.steps:
            raise KeyboardInterrupt
        self.steps.pop(0)()


def nothing() -> None: ...


def seen(pack: Path, *steps: Step) -> list[tuple[str, ...]]:
    """The changes that are told while the steps happen."""
    told: list[tuple[str, ...]] = []
    try:
        for changed in changes(PackFiles(pack), Time(*steps, nothing, nothing, nothing).sleep):
            told.append(changed)
    except KeyboardInterrupt:
        return told
    raise AssertionError("watching ends only when it is told to")


def write(path: Path, text: str) -> Step:
    def step() -> None:
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
        status = path.stat()
        os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns + 1_000_000))  # whatever the file system's clock is

    return step


def test_the_first_check_is_at_once_and_then_nothing_is_told_without_a_change(pack: Path) -> None:
    assert seen(pack, nothing, nothing, nothing) == [()]


def test_a_look_costs_a_sleep_so_that_no_processor_is_kept_busy(pack: Path) -> None:
    clock = Time(*[nothing] * 20)
    with pytest.raises(KeyboardInterrupt):
        list(changes(PackFiles(pack), clock.sleep))
    assert clock.slept == [0.5] * 21


@pytest.mark.parametrize(
    "name", ["gates.yaml", "offers/gold.yaml", "../compliance/rate.yaml", "offers/new.yaml", "new/a.yaml"]
)
def test_a_changed_or_new_file_is_told_by_name(pack: Path, name: str) -> None:
    assert seen(pack, write(pack / name, "a: 1\n")) == [(), (name,)]


@pytest.mark.parametrize("name", ["gates.yaml", "offers/gold.yaml", "pack.yaml", "../compliance/rate.yaml"])
def test_a_file_that_is_gone_is_told_by_name(pack: Path, name: str) -> None:
    assert seen(pack, (pack / name).unlink) == [(), (name,)]


@pytest.mark.parametrize("name", [".git/index", ".gold.yaml.swp", "README.md", "../other/pack.yaml", "../notes.yaml"])
def test_what_does_not_matter_to_the_pack_is_not_told(pack: Path, name: str) -> None:
    assert seen(pack, write(pack / name, "a: 1\n")) == [()]


def test_a_changed_pack_yaml_is_told(pack: Path) -> None:
    text = (pack / "pack.yaml").read_text()
    assert seen(pack, write(pack / "pack.yaml", text + "# more\n")) == [(), ("pack.yaml",)]


def test_the_same_size_written_again_is_a_change(pack: Path) -> None:
    gates = pack / "gates.yaml"
    assert seen(pack, write(gates, gates.read_text())) == [(), ("gates.yaml",)]


def test_a_compliance_file_named_while_watching_is_watched(pack: Path) -> None:
    more = pack.parent / "compliance" / "more.yaml"
    more.write_text("rules: []\n")
    text = (pack / "pack.yaml").read_text().replace("compliance:\n", "compliance:\n  - ../compliance/more.yaml\n")
    told = seen(pack, write(pack / "pack.yaml", text), nothing, write(more, "rules: [] # x\n"))
    assert told == [(), ("../compliance/more.yaml", "pack.yaml"), ("../compliance/more.yaml",)]


def test_while_pack_yaml_is_broken_the_shared_files_are_still_watched(pack: Path) -> None:
    told = seen(
        pack, write(pack / "pack.yaml", "a: ["), nothing, write(pack.parent / "compliance" / "rate.yaml", "x: 1\n")
    )
    assert told == [(), ("pack.yaml",), ("../compliance/rate.yaml",)]


def test_a_path_that_leaves_the_rules_is_not_watched(pack: Path, tmp_path: Path) -> None:
    outside = tmp_path / "outside.yaml"
    outside.write_text("a: 1\n")
    (pack / "pack.yaml").write_text("compliance: [../../outside.yaml, /, .., ../..]\n")
    assert PackFiles(pack).look().keys().isdisjoint({outside})
    assert all(pack in path.parents for path in PackFiles(pack).look())


def test_links_in_a_circle_end(pack: Path) -> None:
    (pack / "again").symlink_to(pack)
    (pack / "a.yaml").symlink_to("b.yaml")
    (pack / "b.yaml").symlink_to("a.yaml")
    assert seen(pack) == [()]


def test_a_folder_that_is_not_there_is_empty_until_it_is(tmp_path: Path) -> None:
    root = tmp_path / "rules" / "pack"
    assert seen(root, lambda: shutil.copytree(BASE, tmp_path / "rules"))[1:] != []


# --- editors ------------------------------------------------------------------------------------------------------------


def test_a_save_by_a_new_file_that_is_renamed_is_one_change(pack: Path) -> None:
    gold, part = pack / "offers" / "gold.yaml", pack / "offers" / "gold.yaml~"
    steps = [write(part, "half"), write(part, gold.read_text() + "# x\n"), lambda: part.replace(gold)]
    assert seen(pack, *steps) == [(), ("offers/gold.yaml",)]


def test_a_file_that_is_away_for_a_moment_and_comes_back_changed_is_one_change(pack: Path) -> None:
    gold = pack / "offers" / "gold.yaml"
    text = gold.read_text()
    assert seen(pack, gold.unlink, write(gold, text + "# x\n")) == [(), ("offers/gold.yaml",)]


def test_a_file_that_is_put_away_and_back_unchanged_is_none(pack: Path) -> None:
    gold, away = pack / "offers" / "gold.yaml", pack.parent / "away.yaml"
    assert seen(pack, lambda: gold.rename(away), lambda: away.rename(gold)) == [()]


def test_a_file_that_never_settles_is_told_all_the_same(pack: Path) -> None:
    steps = [write(pack / "gates.yaml", "x" * size) for size in range(1, 2 * MOST_SETTLING)]
    assert seen(pack, *steps)[:2] == [(), ("gates.yaml",)]


def test_a_change_during_the_check_is_not_lost(pack: Path) -> None:
    told: Iterator[tuple[str, ...]] = changes(PackFiles(pack), Time(nothing, nothing, nothing).sleep)
    assert next(told) == ()
    write(pack / "gates.yaml", "during: check\n")()  # between two looks, while the caller is at work
    assert next(told) == ("gates.yaml",)


# --- the command --------------------------------------------------------------------------------------------------------


def test_each_check_is_headed_by_its_time_and_the_last_state_is_what_ctrl_c_leaves(
    pack: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    results = iter([False, True])
    times = iter(datetime.fromisoformat(f"2026-11-16T10:30:{second:02}+08:00") for second in (5, 9))
    clock = Time(write(pack / "offers" / "gold.yaml", "a: ["), nothing, nothing)
    left = watch_pack(pack, lambda: next(results), "zh", sleep=clock.sleep, clock=lambda: next(times))
    assert left is True
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == f"[10:30:05] {pack}"
    assert lines[2] == "[10:30:09] offers/gold.yaml"
    assert "个文件" in lines[1]


def test_ctrl_c_during_a_check_ends_it_too(pack: Path) -> None:
    def interrupted() -> bool:
        raise KeyboardInterrupt

    assert watch_pack(pack, interrupted, "en", sleep=Time().sleep) is False
