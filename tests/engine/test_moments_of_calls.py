"""The moments of a pack's calls, through the engine: found, swapped with the pack, and part of what the pack is."""

import shutil
from datetime import datetime
from pathlib import Path

import pytest

from nbo import Engine
from nbo.call.matching.durable import installed
from nbo.explain.requirements import requirements

RULES = Path(__file__).parents[2] / "rules"
AT = datetime.fromisoformat("2026-11-16T10:30:00+08:00")
TRIP = {"id": "1", "kind": "topic_mentioned", "at": AT, "fields": {"topic": "travel"}}


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("rules")
    shutil.copytree(RULES / "compliance", folder / "compliance")
    return Path(
        shutil.copytree(RULES / "cn_credit_card", folder / "cn_credit_card", ignore=shutil.ignore_patterns("tests"))
    )


@pytest.fixture(scope="module")
def engine(root: Path) -> Engine:
    pack = root / "pack.yaml"
    pack.write_text(pack.read_text(encoding="utf-8").replace("tests: tests/\n", ""), encoding="utf-8")
    return Engine.load(root, matcher="plain")


def edit(root: Path, file: str, before: str, after: str) -> None:
    text = (root / file).read_text(encoding="utf-8")
    assert before in text
    (root / file).write_text(text.replace(before, after), encoding="utf-8")


def test_moments_are_part_of_the_pack(engine: Engine) -> None:
    assert "moments.yaml" in {each.name for each in engine.pack.sources}
    assert len(engine.pack.moments) >= 15
    assert {each.window for each in engine.pack.moments} == {None, "open", "close"}


def test_what_a_moment_reads_of_the_customer_is_required_and_what_it_reads_of_events_is_not(engine: Engine) -> None:
    read = {
        each.attribute.name for each in requirements(engine.pack) if any(by.part == "moments" for by in each.readers)
    }
    assert read == {"call.ivr_path", "call.hold_s", "call.sentiment"}


def test_a_call_stays_with_its_moments_and_the_next_one_has_those_of_the_reloaded_pack(
    engine: Engine, root: Path
) -> None:
    before, old = engine.pack.hash, engine.call("1", {}, at=AT)
    edit(
        root,
        "moments.yaml",
        "where: talk.topic == travel\n  needs: [travel]",
        "where: talk.topic == cash\n  needs: [travel]",
    )
    assert engine.reload().ok
    assert engine.pack.hash != before
    assert old.observe(TRIP).needs == ("travel",)
    assert engine.call("2", {}, at=AT).observe(TRIP).needs == ()


def test_a_reload_that_changes_no_moment_makes_none_anew(engine: Engine, root: Path) -> None:
    moments = engine.pack.moments
    edit(root, "gates.yaml", "call.hold_s < 300", "call.hold_s < 301")
    assert engine.reload().ok
    assert engine.pack.moments is moments


def test_moments_with_mistakes_are_refused_and_the_old_ones_go_on(engine: Engine, root: Path) -> None:
    before = engine.pack.hash
    edit(root, "moments.yaml", "talk.topic == money_is_tight", "talk.topic == money_is_tite")
    result = engine.reload()
    edit(root, "moments.yaml", "talk.topic == money_is_tite", "talk.topic == money_is_tight")
    assert [each.code.id for each in result.diagnostics] == ["NBO205"]
    assert engine.pack.hash == before


def test_a_call_file_with_a_mistake_is_not_followed_by_complaints_about_moments(engine: Engine, root: Path) -> None:
    edit(root, "call.yaml", "  cash_requested:", "  cash requested:")
    result = engine.reload()
    edit(root, "call.yaml", "  cash requested:", "  cash_requested:")
    assert {each.code.id for each in result.diagnostics} == {"NBO309"}


@pytest.mark.skipif(not installed(), reason="durable_rules is not installed on this Python")
def test_the_default_matcher_says_how_it_is_and_ends_with_the_engine(root: Path) -> None:
    with Engine.load(root) as engine:
        session = engine.call("1", {}, at=AT)
        session.observe({**TRIP, "fields": {"topic": "large_purchase"}})
        assert session.observe({**TRIP, "id": "2"}).needs == ("raise_limit",)
        told = engine.moment_metrics()
        assert told["starts"] == 2
        assert told["asked"] + told["stood_in"] == 1  # on a machine without a moment to spare the process is late
    assert engine.moment_metrics()["processes"] == 0
