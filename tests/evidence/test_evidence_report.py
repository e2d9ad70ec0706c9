"""What the evidence report tells: where a rule applies, what enforces it, what the cases show, what is left to people."""

from __future__ import annotations

import json
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from tiny_pack import CUSTOMER, NOON, SPEED, installment, offer, rule, script, segment, service, treatment, write_pack

from nbo import Engine, check
from nbo.workbench.evidence.compose import compose
from nbo.workbench.evidence.markdown import markdown
from nbo.workbench.evidence.report import Report, RuleEvidence, collect
from nbo.workbench.run_cases import run_cases

FORBID = rule("NO-BEST", "forbid", terms=["the best", "最好"])
GATE = rule("ASKED", "gate", must="call.verified", reason={"en": "not verified"})
ORDER = rule("CONFIRMED", "gate", must="call.verified", at="order", families=["loan"])
BOUND = rule("SMALL", "bound", must="quote.principal <= 400", families=["loan"], reason={"en": "too much"})
LOAN = offer(quote=installment(), value={"bank": {"amount": "quote.total_interest", "scale": [0, 100]},
                                         "customer": {"amount": "quote.total_interest", "scale": [0, 100]}})  # fmt: skip


def report(
    folder: Path, at: datetime = NOON, cases: list[dict[str, Any]] | None = None, people: object = None, **parts: Any
) -> Report:
    root = write_pack(folder, **parts, **({"tests": "tests/"} if cases else {}))
    if cases:
        (root / "tests").mkdir()
        (root / "tests" / "cases.yaml").write_text(json.dumps({"at": NOON.isoformat(), "cases": cases}), "utf-8")
    if people:
        file = root / "compliance.yaml"
        file.write_text(json.dumps({**json.loads(file.read_text("utf-8")), "people": people}), "utf-8")
    pack, found = check(root, at=at)
    assert pack is not None, [each.message() for each in found]
    return collect(pack, run_cases(Engine(pack), pack.cases), found, at)


def told(collected: Report, language: str = "en") -> str:
    return markdown(compose(collected, language))


def about(collected: Report, rule_id: str) -> RuleEvidence:
    return next(each for each in collected.rules if each.rule.id == rule_id)


def passage(text: str, anchor: str) -> str:
    """A section of the Markdown, to the next anchor."""
    return text.partition(f'<a id="{anchor}"></a>')[2].partition("<a id=")[0]


def case(name: str, **expected: Any) -> dict[str, Any]:
    changes = expected.pop("profile", {})
    merged = {key: {**value, **changes.get(key, {})} if isinstance(value, dict) else value
              for key, value in CUSTOMER.items()}  # fmt: skip
    return {"id": name, "about": f"{name}.", "profile": merged, **expected}


# --- rules ------------------------------------------------------------------------------------------------------------


def test_each_kind_of_rule_says_what_enforces_it(tmp_path: Path) -> None:
    talk = rule("SHORT", "talk_time", stages=["offer"], max_seconds=60, speed=SPEED)
    say = rule("SAY", "require", phrases={"en": ["tell you"]})
    number = rule("NUMBERS", "bind", units={"en": ["months"]})
    text = told(report(tmp_path, offers=[LOAN], compliance=[FORBID, say, number, talk, BOUND, GATE, ORDER]))
    for name in ("NO-BEST", "SAY", "NUMBERS", "SHORT"):
        assert "the proof when the pack loads" in passage(text, f"rule-{name}")
        assert "words that break it are not shown" in passage(text, f"rule-{name}")
    assert "a bound on the quote, at run time" in passage(text, "rule-SMALL")
    assert "a gate before the pitch, at run time" in passage(text, "rule-ASKED")
    assert "the system that books must ask engine.may\\_order" in passage(text, "rule-CONFIRMED")
    assert "run time" not in passage(text, "rule-CONFIRMED")


def test_a_warning_is_not_called_a_block(tmp_path: Path) -> None:
    soft = rule("SOFT", "forbid", terms=["the best"], severity="warn")
    shown = passage(told(report(tmp_path, compliance=[soft])), "rule-SOFT")
    assert "**warns**" in shown
    assert "words that break it are shown, with a warning" in shown
    assert "not shown" not in shown


def test_a_gate_that_only_warns_is_told_so_and_its_warnings_are_counted(tmp_path: Path) -> None:
    cases = [case("unverified", winner="loan", profile={"call": {"verified": False}}), case("verified", winner="loan")]
    collected = report(tmp_path, cases=cases, compliance=[{**GATE, "severity": "warn"}])
    assert (about(collected, "ASKED").passed, about(collected, "ASKED").warned) == (1, 1)
    shown = passage(told(collected), "rule-ASKED")
    assert "is brought up, with a warning" in shown
    assert "a warning in 1 checks" in shown
    assert "no case" not in shown


def test_a_rule_for_a_language_that_is_not_spoken_concerns_no_offer(tmp_path: Path) -> None:
    chinese = rule("CHINESE", "forbid", terms=["最好"], languages=["zh"])
    assert about(report(tmp_path, compliance=[chinese]), "CHINESE").offers == ()
    english = rule("ENGLISH", "forbid", terms=["best"], languages=["en"])
    assert "languages: English" in passage(told(report(tmp_path, compliance=[english])), "rule-ENGLISH")


def test_answers_to_objections_are_timed_one_by_one(tmp_path: Path) -> None:
    talk = rule("ANSWERS", "talk_time", stages=["answer"], max_seconds=20, speed=SPEED)
    answers = [{"id": "no", "tries": 1, "text": {"en": "one two three four five."}},
               {"id": "later", "tries": 2, "text": {"en": "one two."}}]  # fmt: skip
    words = treatment("only", segment("one two three four five six seven eight nine ten."), objections=answers)
    collected = report(tmp_path, scripts=[script(words)], compliance=[talk], most_tries=2)
    assert [each.seconds for each in collected.scripts[0].treatments[0].talks] == [Decimal("2.0")]
    assert '| `later` | <span lang="en">one two.</span> | 2 times |' in told(collected)


def test_a_rule_about_nothing_in_the_pack_is_named_as_such(tmp_path: Path) -> None:
    rules = [FORBID, rule("CARDS", "forbid", terms=["free"], families=["card"]),
             rule("APP-ONLY", "forbid", terms=["click"], channels=["app"]),
             rule("CARD-GATE", "gate", must="call.verified", families=["card"])]  # fmt: skip
    collected = report(tmp_path, compliance=rules)
    assert {each.rule.id: each.offers for each in collected.rules} == {
        "NO-BEST": ("loan",), "CARDS": (), "APP-ONLY": (), "CARD-GATE": ()
    }  # fmt: skip
    text = told(collected)
    idle = passage(text, "idle-rules")
    assert all(name in idle for name in ("CARDS", "APP-ONLY", "CARD-GATE"))
    assert "NO-BEST" not in idle
    assert "nothing, because it concerns no offer" in passage(text, "rule-CARDS")


def test_what_demands_words_does_not_concern_an_offer_without_words(tmp_path: Path) -> None:
    say = rule("SAY", "require", phrases={"en": ["tell you"]})
    collected = report(tmp_path, offers=[offer(), service()], compliance=[FORBID, say, GATE])
    assert about(collected, "SAY").offers == ("loan",)
    assert about(collected, "NO-BEST").offers == ("help", "loan")  # its label is held to it
    assert about(collected, "ASKED").offers == ("help", "loan")


def test_the_day_of_the_report_decides_what_is_in_force(tmp_path: Path) -> None:
    rules = [rule("OLD", "forbid", terms=["old"], in_force={"from": "2020-01-01", "through": "2026-11-15"}),
             rule("NEW", "forbid", terms=["new"], in_force={"from": "2026-11-17"}), FORBID]  # fmt: skip
    collected = report(tmp_path, compliance=rules)
    assert [each.standing for each in collected.rules] == ["lapsed", "to_come", "in_force"]
    text = told(collected)
    assert "**lapsed**" in passage(text, "rule-OLD")
    assert "it lapsed after 2026-11-15" in passage(text, "rule-OLD")
    assert "**not yet in force**" in passage(text, "rule-NEW")
    assert "no effect before 2026-11-17" in passage(text, "rule-NEW")
    listed = passage(text, "not-in-force")
    assert "OLD" in listed
    assert "NEW" in listed
    assert "NO\\-BEST" not in listed
    assert "NO-BEST" not in listed
    before = report(tmp_path, datetime.fromisoformat("2026-11-15T23:00:00+08:00"), compliance=rules)
    assert [each.standing for each in before.rules] == ["in_force", "to_come", "in_force"]


def test_what_nobody_read_the_law_of_is_listed_to_be_confirmed(tmp_path: Path) -> None:
    rules = [{**FORBID, "evidence": "official"}, {**GATE, "evidence": "secondary"},
             rule("OURS", "forbid", terms=["x"])]  # fmt: skip
    text = told(report(tmp_path, compliance=rules))
    assert "ASKED" in passage(text, "confirm-secondary")
    assert "OURS" in passage(text, "confirm-bank_policy")
    assert "NO-BEST" not in passage(text, "confirm-secondary") + passage(text, "confirm-bank_policy")
    assert text.index("confirm-secondary") < text.index("confirm-bank_policy") < text.index('rule-ASKED"></a>')


# --- what the cases show ----------------------------------------------------------------------------------------------


def test_the_cases_show_which_rules_stop_offers(tmp_path: Path) -> None:
    cases = [
        case("gated", winner="none", profile={"call": {"verified": False}}),
        case("too_much", winner="none"),
        case("fits", winner="loan", profile={"account": {"balance": "300.00"}}),
    ]
    collected = report(tmp_path, cases=cases, offers=[LOAN], compliance=[FORBID, BOUND, GATE])
    assert (collected.cases, collected.failing) == (3, ())
    assert about(collected, "ASKED").stopped == ("gated",)
    assert about(collected, "SMALL").stopped == ("too_much",)
    assert (about(collected, "SMALL").passed, about(collected, "NO-BEST").passed) == (1, 1)
    text = told(collected)
    assert "the reason for a stop in 1: `too_much`" in passage(text, "rule-SMALL")
    assert "none can show a stop" in passage(text, "rule-NO-BEST")
    assert "gated" in passage(text, "gates")


def test_a_gate_that_no_case_shows_is_marked(tmp_path: Path) -> None:
    assert "**no case shows it stopping an offer**" in told(report(tmp_path, compliance=[GATE]))


def test_cases_that_do_not_hold_are_named_first(tmp_path: Path) -> None:
    collected = report(tmp_path, cases=[case("hopeful", winner="loan", profile={"call": {"needs": []}})])
    assert collected.failing == ("hopeful",)
    assert "1 of 1 come out otherwise than they state: ** `hopeful`" in passage(told(collected), "summary")


# --- people, jurisdictions --------------------------------------------------------------------------------------------


def test_what_is_left_to_people_is_told_with_who_does_it(tmp_path: Path) -> None:
    people = [
        {"id": "P1", "rule": "NO-BEST", "who": {"en": "team lead"}, "text": {"en": "listens to `call.recording`"}},
        {"id": "P2", "who": {"en": "officer"}, "text": {"en": "reads"}, "citation": "law 1", "evidence": "official"},
    ]
    text = passage(told(report(tmp_path, compliance=[FORBID], people=people)), "people")
    assert "| [NO-BEST](#rule-NO-BEST) | team lead | listens to `call.recording` | **bank policy** source" in text
    assert "| `P2` | officer | reads | **official text** law 1 |" in text


def test_rules_that_leave_nothing_to_people_are_doubted(tmp_path: Path) -> None:
    assert "That is not likely to be so" in passage(told(report(tmp_path, compliance=[FORBID])), "people")


def test_how_much_is_covered_is_said_beside_each_jurisdiction(tmp_path: Path) -> None:
    head = told(report(tmp_path, compliance=[FORBID])).partition("## Contents")[0]
    assert "CN · **coverage: illustrative** only a few rules" in head
    assert "names no compliance rules" in told(report(tmp_path / "bare")).partition("## Contents")[0]


# --- sentences --------------------------------------------------------------------------------------------------------


def test_the_longest_talk_time_is_that_of_what_one_customer_can_hear(tmp_path: Path) -> None:
    """Two sentences of which a customer hears one: the time is that of the longer, not of both."""
    talk = rule("SHORT", "talk_time", stages=["offer"], max_seconds=60, speed=SPEED)
    long, short = "one two three four five six seven eight nine ten.", "one two."
    words = treatment("only", segment(long, when="customer.gender == F"), segment(short, when="customer.gender == M"))
    (evidence,) = report(tmp_path, scripts=[script(words)], compliance=[talk]).scripts
    assert [each.seconds for each in evidence.treatments[0].talks] == [Decimal("4.0")]


def test_a_placeholder_is_shown_with_the_most_that_it_can_hold(tmp_path: Path) -> None:
    words = treatment(
        "only", segment("{{ customer.surname }}, pay {{ quote.principal }} at {{ quote.annual_rate_simple }}.")
    )
    text = told(report(tmp_path, offers=[LOAN], scripts=[script(words)]))
    assert "| `customer.surname` | a text | 40 characters |" in text
    assert "| `quote.principal` | an amount of money | 100,000.00 |" in text
    assert "| `quote.annual_rate_simple` | a rate | below 100% |" in text
    assert "`{{ customer.surname }}`, pay `{{ quote.principal }}` at" in text


def test_when_a_sentence_is_said_is_told_by_what_it_is_for(tmp_path: Path) -> None:
    say = rule("SAY", "require", slots={"choice": {"en": ["your choice"]}})
    words = treatment(
        "only",
        segment("It is your choice.", says=["choice"], when="account.balance >= 0"),
        segment("Hello.", when="customer.gender == F", optional=True),
        segment("That is all."),
    )
    text = told(report(tmp_path, scripts=[script(words)], compliance=[say]))
    assert "unless it is certain that this is false: `account.balance >= 0` | `choice` |" in text
    assert "where this is true: `customer.gender == F`<br>(left out where its data is missing" in text
    assert "That is all.</span>" in text


def test_a_group_of_customers_is_told_by_its_conditions(tmp_path: Path) -> None:
    segments = [{"id": "late", "label": {"en": "Pays late"}, "when": ["account.days_late > 0"]}]
    text = told(report(tmp_path, segments=segments, offers=[offer(eligibility=["not segment.late"])]))
    assert "| `segment.late` | Pays late | `account.days_late > 0` |" in passage(text, "segments")


def test_what_was_found_wrong_but_not_fatal_is_in_the_report(tmp_path: Path) -> None:
    collected = report(tmp_path, offers=[offer(valid={"from": "2020-01-01", "through": "2020-12-31"})])
    assert collected.findings
    assert collected.findings[0].message() in told(collected).replace("\\_", "_").replace("\\`", "`")


def test_what_holds_on_every_call_is_told_with_and_without_a_call_yaml(tmp_path: Path) -> None:
    text = told(report(tmp_path / "without"))
    assert "The pack has no call.yaml" in passage(text, "call")
    assert "After a complaint nothing is sold" in passage(text, "call-floors")
    root = write_pack(tmp_path / "with", call="call.yaml")
    throttle = {"of": "to_number(0.8)", "none_under": "70%", "all_from": "85.5%"}
    (root / "call.yaml").write_text(
        json.dumps(
            {
                "events": {
                    "budget": {"fields": {"amount": {"type": "money"}}, "sets": {"call.verified": "it.amount > 0"}}
                },
                "pitch": {"seconds": 240, "throttle": throttle},
                "answers": {"second_try": {"most": 1, "seconds_left": 90}, "ask_again_days": 7},
                "selling_off": [{"id": "unverified", "when": "not call.verified", "reason": {"en": "Service first"}}],
            }
        )
    )
    pack, found = check(root, at=NOON)
    assert pack is not None, [each.message() for each in found]
    text = passage(told(collect(pack, [], [], NOON)), "call")
    for words in (
        "within 240 seconds",
        "`to_number(0.8)`: no call under 70 %, every call from 85.5 % on",
        "1, with 90 seconds of the time left",
        "after 7 days",
        "when what the customer called for is done",
        "| `unverified` | `not call.verified` | Service first | (call.yaml:1) |",
        "`call.verified: it.amount > 0`",
    ):
        assert words in text
