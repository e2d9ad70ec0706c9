"""A reload gives exactly what a load of the same files gives: findings, hash and decisions, whatever was edited before."""

from __future__ import annotations

import os
import shutil
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nbo import Engine, check
from nbo.diagnostics.diagnostic import Diagnostic
from nbo.engine import _check
from nbo.pack.memory import Memory

BASE = Path(__file__).parents[1] / "diagnostics" / "base"
START = datetime.fromisoformat("2026-11-16T10:30:00+08:00")
GONE = None
CUSTOMER = {
    "customer": {"age": 30, "risk_grade": "A", "surname": "王"},
    "account": {"status": "active", "days_past_due": 0},
    "statement": {"eligible_purchases": "12000.00", "due_date": "2026-12-05"},
    "consent": {"personalization_opt_out": False},
    "call": {"need_tags": ["ease_payment"], "recording_on": True},
    "history": [],
}
GOLD, INSTALLMENT, SCRIPT = "pack/offers/gold.yaml", "pack/offers/installment.yaml", "pack/scripts/installment.yaml"
SILVER = """offer: {name}
family: {family}
kind: service
label: {{zh: 银卡, en: Silver card}}
valid: {{through: {through}}}
eligibility:
  - {condition}
"""
SEGMENT = "- id: senior\n  label: {{zh: 年长, en: Senior}}\n  when:\n    - customer.age >= {age}\n"
# Of each file what it can become: a replacement in its first form, a whole text, or nothing at all.
VARIANTS: dict[str, list[tuple[str, str] | str | None]] = {
    GOLD: [
        ("age >= 18", "age >= 21"),
        ("age >= 18", "segment.senior"),
        ("age >= 18", "nobody.knows == 1"),
        ("eligibility:", "eligibility: ["),
        ("family: card_upgrade", "family: travel"),
        ("priority: 10", "for_each: {record: history, as: said}"),
        GONE,
    ],
    INSTALLMENT: [
        ("rate: 0.60%", "rate: 0.75%"),
        ("past_due == 0", "past_due >= 0"),
        ("past_due == 0", "past_due == 0 and offer.family == travel"),
        ("script: installment", "script: nowhere"),
        ("offer: installment", "offer: gold"),
        ("principal: {of: statement.eligible_purchases}", "principal: {of: table.fee.fee}"),
        ("kind: sales", "kind: service"),
    ],
    "pack/offers/silver.yaml": [
        SILVER.format(name="silver", family="card_upgrade", through="2026-11-18", condition="account.status == active"),
        SILVER.format(name="gold", family="card_upgrade", through="2030-01-01", condition="account.status == active"),
        SILVER.format(name="silver", family="hidden", through="2030-01-01", condition="account.status != lost"),
        SILVER.format(name="silver", family="installment", through="2026-11-16", condition="customer.age < 18"),
    ],
    SCRIPT: [
        ("由您决定。", "由您决定，没有手续费。"),
        ("{{ quote.payment }}元", "900元"),
        ("[phone]", "[app]"),
        ("script: installment", "script: other"),
        ("says: [optional]", "when: customer.age >= 18\n        says: [optional]"),
        ("up to you", "up to {{ said.family }}"),
    ],
    "pack/dictionary.yaml": [
        ("max: 120", "max: 20"),
        ("[active, frozen, lost]", "[frozen, lost]"),
        ("age: {type: integer", "years: {type: integer"),
        ("customer:", "customer: ["),
        ("max: 300000}", "max: 300000, alias: {zh: 可分期}}"),
    ],
    "pack/pack.yaml": [
        ("version: 1.0.0", "version: 1.0.1"),
        ("gates: gates.yaml", "gates: gates.yaml\nsegments: segments.yaml"),
        ("languages: [zh, en]", "languages: [zh]"),
        ("timezone: Asia/Shanghai", "timezone: Asia/Shanghay"),
        ("offers: offers/", "offers: offers/gold.yaml"),
    ],
    "pack/segments.yaml": [SEGMENT.format(age=60), SEGMENT.format(age=10), SEGMENT.format(age=600)],
    "pack/gates.yaml": [
        ("call.recording_on", "customer.age >= 18"),
        ("kinds: [sales]", "kinds: [sales, service]"),
        ("call.recording_on", "customer.age < 18"),
        ("- id: recording", "- id: [recording"),
    ],
    "pack/contact.yaml": [("days(30)", "days(10)"), ("offer.family", "offer.famly"), GONE],
    "pack/arbitration.yaml": [
        ("families: [installment]", "families: [travel]"),
        ("value: {", "mandatory_families: [installment]\nvalue: {"),
    ],
    "pack/tables/fee.csv": [GONE, "x\n"],
    "compliance/time.yaml": [("max_seconds: 20", "max_seconds: 2"), ("severity: block", "severity: warn"), GONE],
    "compliance/wording.yaml": [
        ("[手续费, fee, fees]", "[手续费, 由您决定]"),
        ("from: 2022-01-01", "from: 2026-11-17"),
    ],
}
EDITS = [(name, each) for name, variants in VARIANTS.items() for each in range(-1, len(variants))]  # -1: as it was
STEPS = st.lists(
    st.tuples(st.lists(st.sampled_from(EDITS), min_size=1, max_size=2), st.sampled_from([0, 0, 0, 1, 30])),
    min_size=1,
    max_size=7,
)


class Clock:
    """A clock that a test sets."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime:
        return self.now


def edited(folder: Path, name: str, variant: int) -> None:
    """Give a file one of its contents, with the same time and, where it can be, the same length as any other."""
    path, base = folder / name, BASE / name
    if variant < 0:
        path.write_bytes(base.read_bytes()) if base.exists() else path.unlink(missing_ok=True)
    else:
        change = VARIANTS[name][variant]
        if change is GONE:
            path.unlink(missing_ok=True)
        elif isinstance(change, tuple):
            text = base.read_text(encoding="utf-8")
            assert change[0] in text
            path.write_text(text.replace(change[0], change[1], 1), encoding="utf-8")
        else:
            path.write_text(change, encoding="utf-8")
    if path.exists():
        os.utime(path, (0, 0))


def told(found: list[Diagnostic] | tuple[Diagnostic, ...]) -> list[object]:
    """Everything that a person reads of findings, in their order."""
    return [
        (
            each.code.id, each.severity, str(each.span), each.span and (each.span.source.path, each.span.text),
            *(said for language in ("en", "zh") for said in (each.message(language), each.help(language))),
        )
        for each in found
    ]  # fmt: skip


@settings(max_examples=40, deadline=None)
@given(STEPS)
def test_a_reload_finds_and_decides_what_a_fresh_load_does(
    steps: list[tuple[list[tuple[str, int]], int]],
) -> None:
    with TemporaryDirectory() as temporary:
        folder = Path(temporary) / "rules"
        shutil.copytree(BASE, folder)
        clock = Clock()
        engine = Engine.load(folder / "pack", clock=clock)
        for edits, days in steps:
            for edit in edits:
                edited(folder, *edit)
            clock.now += timedelta(days=days)
            result = engine.reload()
            pack, found = check(folder / "pack", at=clock.now)
            assert told(result.diagnostics) == told(found)
            assert result.new_hash == (None if pack is None else pack.hash)
            if pack is not None:
                again, fresh = (each.decide(CUSTOMER).to_dict() for each in (engine, Engine(pack, clock=clock)))
                assert {**again, "timings_us": {}} == {**fresh, "timings_us": {}}


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    shutil.copytree(BASE, tmp_path / "rules")
    return tmp_path / "rules"


def test_what_did_not_change_is_the_same_object_after_a_reload(rules: Path) -> None:
    engine = Engine.load(rules / "pack", clock=lambda: START)
    before = {each.id: each for each in engine.pack.offers}
    edited(rules, GOLD, 0)
    assert engine.reload().ok
    after = {each.id: each for each in engine.pack.offers}
    assert after["installment"] is before["installment"]
    assert after["gold"] is not before["gold"]


def test_a_script_that_changed_changes_the_offers_that_use_it(rules: Path) -> None:
    engine = Engine.load(rules / "pack", clock=lambda: START)
    edited(rules, SCRIPT, 2)
    assert engine.reload().ok
    (installment,) = (each for each in engine.pack.offers if each.id == "installment")
    assert installment.script is engine.pack.scripts["installment"]
    assert installment.script.treatments[0].channels == {"app"}


def test_what_a_load_did_not_ask_for_is_forgotten(rules: Path) -> None:
    first = Memory()
    _check(rules / "pack", START, first)
    edited(rules, GOLD, 0)
    second = Memory(first.closed())
    _check(rules / "pack", START, second)
    edited(rules, GOLD, -1)
    third = Memory(second.closed())
    _check(rules / "pack", START, third)
    assert max(len(second), len(third)) <= len(first)
