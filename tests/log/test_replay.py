"""A recorded decision comes out again, byte by byte, or says what differs and why."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from small_log import PARTS, Log, small_pack, somebody
from tiny_pack import NOON, offer, words, write_pack

from nbo import Decision, Engine, OfferFigures, Scorer, StoredHistory, check
from nbo.log import record, replay
from nbo.log.archive import PackArchive
from nbo.log.chain import canonical
from nbo.log.errors import ArchiveError
from nbo.log.record import canonical_bytes
from nbo.log.replay import Replayer


def in_bytes(*decisions: Decision | None) -> list[bytes]:
    return [canonical_bytes(each) for each in decisions if each is not None]


def test_decisions_of_the_sample_packs_cases_come_out_the_same(logs: Callable[..., Log], sample: Engine) -> None:
    log = logs(pack=sample.pack)
    made = []
    for case in sample.pack.cases[::16]:
        made.append(
            log.engine.decide(
                case.profile, at=case.at, channel=case.channel, language=case.language, limit=len(sample.pack.offers)
            )
        )
    log.done()
    again = log.replayed()
    assert len(made) > 35
    assert {each.status for each in again} == {"same"}
    assert in_bytes(*(each.decision for each in again)) == in_bytes(*made)


def test_what_scorers_said_is_used_and_nobody_is_asked_again(logs: Callable[..., Log]) -> None:
    asked = []

    def model(_profile: object, name: str) -> float:
        asked.append(name)
        return 0.1 + 0.2

    log = logs(scorers={"model": model})
    decision = log.decide()
    log.done()
    (again,) = log.replayed()
    assert decision.offers[1].factors.p == Decimal("0.3000")
    assert (again.status, asked) == ("same", ["loan"])


def test_a_scorer_that_was_late_is_late_in_the_replay(logs: Callable[..., Log]) -> None:
    def broken(_profile: object, _name: str) -> float:
        raise ConnectionError

    log = logs(scorers={"model": Scorer(broken)})
    decision = log.decide()
    log.done()
    (again,) = log.replayed()
    assert (decision.skipped, again.status) == (("scorer:model",), "same")


class Presented:
    def __init__(self, *rows: object) -> None:
        self.rows = rows

    def history(self, customer_id: str) -> list[dict[str, object]]:
        if not self.rows:
            raise ConnectionError(customer_id)
        return [*self.rows]


DECLINED = {"family": "loan", "response": "decline", "presented_at": "2026-11-01T10:00:00+08:00"}


@pytest.mark.parametrize(("rows", "skipped"), [((DECLINED,), ()), ((), ("history",))])
def test_a_stored_history_is_that_of_the_decision(
    logs: Callable[..., Log], rows: tuple[object, ...], skipped: tuple[str, ...]
) -> None:
    log = logs(history=StoredHistory(Presented(*rows)))
    profile = somebody()
    del profile["history"]
    decision = log.engine.decide(profile)
    log.done()
    (again,) = log.replayed()
    assert [each.offer for each in decision.offers] == ["help"]
    assert (decision.skipped[:1], again.status) == (skipped, "same")


class Complaints:
    def __init__(self, complained: int | None) -> None:
        self.complained = complained

    def figures(self, _today: object, days: Sequence[int], _zone: object) -> dict[int, list[OfferFigures]]:
        if self.complained is None:
            raise ConnectionError
        return {each: [OfferFigures("loan", "loan", presented=40, complained=self.complained)] for each in days}


@pytest.mark.parametrize(
    ("complained", "offers", "skipped"), [(5, ["help"], ()), (4, ["help", "loan"], ()), (None, ["help"], ("figures",))]
)
def test_what_floors_looked_at_is_that_of_the_decision(
    logs: Callable[..., Log], tmp_path: Path, complained: int | None, offers: list[str], skipped: tuple[str, ...]
) -> None:
    rests = {
        "id": "rests", "reason": words("it rests"),
        "pause_when": {"complaints_above": "10%", "of_at_least": 40, "within": {"days": 30}},
    }  # fmt: skip
    pack = Engine.load(write_pack(tmp_path, **{**PARTS, "contact": [rests]}), clock=lambda: NOON).pack
    log = logs(pack=pack, figures=Complaints(complained))
    decision = log.decide()
    log.done()
    (again,) = log.replayed()
    assert ([each.offer for each in decision.offers], again.status) == (offers, "same")
    assert [each for each in decision.skipped if each == "figures"] == [*skipped]
    assert again.decision is not None
    assert again.decision.facts.figures == decision.facts.figures
    assert again.decision.outcome.decision_id == decision.outcome.decision_id


def test_bad_values_and_their_warnings_are_recorded(logs: Callable[..., Log]) -> None:
    log = logs()
    decision = log.decide(account={"balance": "much", "days_late": True}, call={"needs": ["ease", "?"]}, other={"x": 1})
    log.done()
    (again,) = log.replayed()
    assert len(decision.warnings) == 4
    assert (again.status, in_bytes(again.decision)) == ("same", in_bytes(decision))


def test_the_rules_of_the_day_decide_after_they_moved_on(logs: Callable[..., Log], tmp_path: Path) -> None:
    root = write_pack(tmp_path, **PARTS)
    pack, _ = check(root, at=NOON)
    before = logs(pack=pack)
    first = before.decide()
    assert before.engine.pack.hash == small_pack().hash
    write_pack(tmp_path, **{**PARTS, "offers": [offer(eligibility=["account.balance > 9000"])]})
    assert before.engine.reload().ok
    second = before.decide()
    before.done()
    assert ([each.offer for each in first.offers], second.offers) == (["help", "loan"], ())
    assert in_bytes(*(each.decision for each in before.replayed())) == in_bytes(first, second)


def test_one_decision_is_found_by_its_id(logs: Callable[..., Log]) -> None:
    log = logs()
    decision = log.engine.decide(somebody("C7"), decision_id="call-7/1")
    log.done(3)
    (found,) = log.replayed("call-7/1")
    assert (found.decision_id, in_bytes(found.decision)) == ("call-7/1", in_bytes(decision))
    assert log.replayed("call-8/1") == []


def test_what_differs_is_told_field_by_field(logs: Callable[..., Log], monkeypatch: pytest.MonkeyPatch) -> None:
    log = logs()
    log.decide()
    log.done()
    monkeypatch.setattr(replay, "nbo_version", lambda: "9.0.0")
    made_so_far = replay.decide

    def other(*arguments: object, **options: object) -> object:
        decision = made_so_far(*arguments, **options)
        first = replace(decision.offers[0], label="Hilfe")
        return replace(decision, offers=(first,), degraded=not decision.degraded)

    monkeypatch.setattr(replay, "decide", other)
    (again,) = log.replayed()
    assert again.status == "differs"
    assert again.reason("en") == f"nbo {record.nbo_version()} made the decision, and this is nbo 9.0.0"
    shown = {each.field: (each.recorded, each.replayed) for each in again.differences}
    assert shown["offers[0].label"] == ('"help"', '"Hilfe"')
    assert shown["degraded"] == ("true", "false")
    assert shown["offers[1]"][1] is None


def test_a_pack_that_is_not_in_the_archive_is_said(logs: Callable[..., Log], tmp_path: Path) -> None:
    log = logs()
    log.decide()
    log.done()
    empty = PackArchive(tmp_path / "other")
    (again,) = Replayer(log.folder, log.keys, empty).replay()
    assert (again.status, again.reason("en")) == ("unreadable", f"the archive has no pack {small_pack().hash[:12]}")


def test_a_requote_and_an_order_are_records_too(logs: Callable[..., Log]) -> None:
    log = logs()
    decision = log.decide()
    log.engine.requote(decision, offer="loan", choices={})
    log.engine.may_order(somebody(), offer="loan")
    log.done()
    assert log.verified().records == 3
    assert log.statuses() == ["same"]  # only a decision is made again


def test_nothing_in_the_folder_tells_of_a_customer(logs: Callable[..., Log]) -> None:
    log = logs()
    log.engine.decide(somebody("C-0815", customer={"surname": "Ouyang"}), decision_id="of C-0815")
    log.done()
    everything = b"".join(path.read_bytes() for path in log.folder.parent.rglob("*") if path.is_file())
    assert b'"kind":"decision"' in everything
    assert [word for word in (b"Ouyang", b"C-0815", b"9000.00") if word in everything] == []


def test_the_archive_gives_the_same_pack_with_the_files_that_lie_beside_it(sample: Engine, tmp_path: Path) -> None:
    archive = PackArchive(tmp_path / "packs")
    archive.keep(sample.pack)
    again = archive.load(sample.pack.hash, NOON)
    assert again.hash == sample.pack.hash
    assert "../compliance/cn.yaml" in {each.name for each in again.sources}
    assert again.compliance


def test_packs_share_the_files_that_are_the_same(tmp_path: Path) -> None:
    archive = PackArchive(tmp_path / "packs")
    for balance in (1, 2):
        parts = {**PARTS, "offers": [offer(eligibility=[f"account.balance > {balance}"]), *PARTS["offers"][1:]]}
        archive.keep(Engine.load(write_pack(tmp_path, **parts), clock=lambda: NOON).pack)
    kept = [path for path in (tmp_path / "packs" / "files").rglob("*") if path.is_file()]
    assert len(list((tmp_path / "packs").glob("*.json"))) == 2
    assert len(kept) == len(small_pack().sources) + 1


@pytest.mark.parametrize("harm", ["changed", "absent", "other"])
def test_a_damaged_archive_is_never_decided_by(tmp_path: Path, harm: str) -> None:
    archive = PackArchive(tmp_path / "packs")
    pack = small_pack()
    archive.keep(pack)
    known = tmp_path / "packs" / f"{pack.hash}.json"
    a_file = next(path for path in (tmp_path / "packs" / "files").rglob("*") if path.is_file())
    if harm == "changed":
        a_file.write_bytes(b"x" + a_file.read_bytes())
    elif harm == "absent":
        a_file.unlink()
    else:
        listed = json.loads(known.read_bytes())
        listed["files"]["../other.yaml"] = next(iter(listed["files"].values()))
        del listed["files"]["gates.yaml" if "gates.yaml" in listed["files"] else "contact.yaml"]
        known.write_bytes(canonical(listed))
    with pytest.raises(ArchiveError, match=r"damaged|absent|cannot read"):
        archive.load(pack.hash, NOON)


def test_the_clock_of_the_decision_is_replayed_not_that_of_the_day(logs: Callable[..., Log]) -> None:
    log = logs()
    made = [log.decide(at=NOON + timedelta(days=days)) for days in (0, -400, 9000)]
    log.done()
    assert in_bytes(*(each.decision for each in log.replayed())) == in_bytes(*made)


class Counted:
    """Says how much is used of a cap, and counts how often it was asked."""

    def __init__(self, *used: str) -> None:
        self.used_up, self.asked = [Decimal(each) for each in used], 0

    def used(self, _cap: str, _window: str) -> Decimal:
        self.asked += 1
        return self.used_up.pop(0)  # raises when there is no more


def test_what_was_left_of_a_cap_and_the_channel_are_those_of_then(logs: Callable[..., Log], tmp_path: Path) -> None:
    cap = {"id": "loans", "label": words("loans a day"), "offers": ["loan"], "per": "day", "limit": 2}
    contact = {"id": "app", "suppress_when": 'offer.channel == "app"', "reason": words("not in the app")}
    pack = Engine.load(
        write_pack(tmp_path, **{**PARTS, "volume": [cap], "contact": [contact]}), clock=lambda: NOON
    ).pack
    store = Counted("1", "2", "1")
    log = logs(pack=pack, volume=store)
    made = [log.decide(), log.decide(), log.engine.decide(somebody(), channel="app"), log.decide()]
    log.done()
    again = log.replayed()
    stops = [each.blocked["loan"].code if "loan" in each.blocked else None for each in made]
    assert stops == [None, "loans", "app", "loans"]
    assert made[3].skipped[:1] == ("volume",)
    assert [each.status for each in again] == ["same"] * 4
    assert in_bytes(*(each.decision for each in again)) == in_bytes(*made)
    assert store.asked == 4
