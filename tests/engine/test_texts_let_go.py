"""An engine does not keep the texts of its pack's files; places stay, and lines are read again while the files have them."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest

from nbo import Engine, check
from nbo.diagnostics.place import SourceText
from nbo.log.archive import PackArchive
from nbo.log.errors import ArchiveError
from nbo.source.yaml_file import read_source

BASE = Path(__file__).parents[1] / "diagnostics" / "base"
NOON = datetime.fromisoformat("2026-11-16T12:00:00+08:00")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    shutil.copytree(BASE, tmp_path / "base")
    return tmp_path / "base" / "pack"


def let_go(tmp_path: Path, text: str) -> tuple[SourceText, Path]:
    path = tmp_path / "file.yaml"
    path.write_text(text, "utf-8")
    source = read_source(path, "file.yaml", str(path))
    source.let_go()
    assert not source.is_kept
    return source, path


def test_a_text_that_was_let_go_is_read_again(tmp_path: Path) -> None:
    source, _ = let_go(tmp_path, "first: 1\nsecond: 二\n")
    assert source.text == "first: 1\nsecond: 二\n"
    assert source.line_text(2) == "second: 二"


@pytest.mark.parametrize(
    "change", [lambda path: path.write_text("other: 1\n"), Path.unlink], ids=["changed", "removed"]
)
def test_of_a_file_that_is_no_longer_the_same_only_the_places_are_known(
    tmp_path: Path, change: Callable[[Path], object]
) -> None:
    text = "first: 1\n\nsecond: 二"
    source, path = let_go(tmp_path, text)
    places = [source.line_and_column(at) for at in range(len(text))]
    change(path)
    assert [source.line_and_column(at) for at in range(len(text))] == places
    assert [source.line_text(line) for line in (1, 2, 3)] == [" " * 8, "", " " * 9]
    assert len(source.text) == len(text)


def test_a_text_that_no_file_has_is_kept() -> None:
    source = SourceText("values", "values", "48")
    source.let_go()
    assert (source.is_kept, source.text) == (True, "48")


def test_an_explanation_names_the_lines_of_the_rules_that_decided_whatever_has_become_of_the_files(root: Path) -> None:
    engine = Engine.load(root, clock=lambda: NOON)
    assert not any(each.is_kept for each in engine.pack.sources)
    before = engine.explain({}).to_dict()
    for path in root.glob("offers/*.yaml"):
        path.write_text("# moved\n\n" + path.read_text("utf-8"), "utf-8")
    assert engine.explain({}).to_dict() == before


def test_a_pack_whose_text_was_let_go_is_archived_only_as_it_was_loaded(root: Path, tmp_path: Path) -> None:
    pack, _ = check(root, at=NOON)
    assert pack is not None
    pack.let_texts_go()
    offer = root / "offers" / "gold.yaml"
    text = offer.read_text("utf-8")
    offer.write_text(text + "# later\n", "utf-8")
    archive = PackArchive(tmp_path / "packs")
    with pytest.raises(ArchiveError, match=r"offers/gold.yaml of the pack .* has changed since it was loaded"):
        archive.keep(pack)
    assert pack.hash not in archive
    offer.write_text(text, "utf-8")
    archive.keep(pack)
    assert archive.load(pack.hash, NOON).hash == pack.hash


def test_a_pack_is_the_same_whether_its_files_are_parsed_once_or_twice(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    once, found = check(root, at=NOON)
    monkeypatch.setattr("nbo.pack.load._MOST_MODELS", 0)
    twice, found_again = check(root, at=NOON)
    assert once is not None
    assert twice is not None
    assert once.hash == twice.hash
    assert [str(each.span) for each in found] == [str(each.span) for each in found_again]
    shown = [
        [(offer.id, [each.source for each in offer.eligibility]) for offer in pack.offers] for pack in (once, twice)
    ]
    assert shown[0] == shown[1]
