"""The transcripts of examples/calls: each is played in Chinese and English, and what it says must be seen is seen."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft7Validator
from typer.testing import CliRunner

from nbo import Engine
from nbo.cli.main import app
from nbo.history.fold import fold
from nbo.pack.case_profile import merged, read_changes
from nbo.source.yaml_file import parse_yaml, read_source
from nbo.workbench.transcript.form import SeesFile, read_form
from nbo.workbench.transcript.play import event_of
from nbo.workbench.transcript.schema import transcript_schema

ROOT = Path(__file__).parents[2]
RULES = str(ROOT / "rules" / "cn_credit_card")
CALLS = sorted((ROOT / "examples" / "calls").glob("*.yaml"))
SCHEMA = ROOT / "docs" / "schemas" / "transcript.schema.json"
PLAIN = ["--matcher", "plain"]
CHINESE = re.compile(r"[\u4e00-\u9fff]")


def play(call: Path, *options: str) -> tuple[int, str]:
    result = CliRunner().invoke(app, ["call", RULES, "--events", str(call), *PLAIN, *options])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result.exit_code, result.output


def lines(call: Path, *options: str) -> list[dict[str, Any]]:
    code, output = play(call, "--format", "json", *options)
    assert code == 0, output
    return [json.loads(each) for each in output.splitlines()]


def plain(call: Path) -> Any:
    return yaml.safe_load(call.read_text(encoding="utf-8"))


def named(number: str) -> Path:
    return next(each for each in CALLS if each.name.startswith(number))


def expectations(call: Path) -> Iterator[SeesFile]:
    script = read_form(parse_yaml(read_source(call, call.name, str(call))))
    yield from (each.sees for each in script.events if each.sees is not None)
    if script.sees is not None:
        yield script.sees


def test_there_is_a_call_for_each_thing_that_a_call_can_come_to() -> None:
    assert len(CALLS) >= 12
    told = " ".join(each.stem for each in CALLS)
    for what in (
        "from_identity_to_order", "objection", "second_try", "put_off", "complaint", "fraud", "hardship", "vulnerable",
        "recording_lost", "long_hold", "waiting", "authority", "note_of_an_earlier_call", "six_months", "second_purchase",
        "opted_out",
    ):  # fmt: skip
        assert what in told


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("call", CALLS, ids=lambda each: each.stem)
def test_a_call_comes_as_its_transcript_says(call: Path, language: str) -> None:
    code, output = play(call, "--strict", "--language", language)
    assert (code, output if code else "") == (0, "")


@pytest.mark.parametrize("call", CALLS, ids=lambda each: each.stem)
def test_a_transcript_says_what_it_shows_and_what_must_be_seen(call: Path) -> None:
    text = call.read_text(encoding="utf-8")
    first, second = text.splitlines()[:2]
    assert first == "# yaml-language-server: $schema=../../docs/schemas/transcript.schema.json"
    assert second.startswith("# ")
    assert len(list(expectations(call))) >= 2
    read = plain(call)
    assert read["about"]
    assert [each.message for each in Draft7Validator(json.loads(SCHEMA.read_text())).iter_errors(as_json(read))] == []


@pytest.mark.parametrize("call", CALLS, ids=lambda each: each.stem)
def test_words_are_asserted_in_both_languages(call: Path) -> None:
    for sees in expectations(call):
        if sees.words is not None:
            assert len(sees.words.zh) == len(sees.words.en) > 0


def as_json(read: Any) -> Any:
    return json.loads(json.dumps(read, default=lambda each: each.isoformat()))


def test_the_schema_of_transcripts_is_what_the_models_say() -> None:
    if os.environ.get("NBO_UPDATE_PAGES") == "1":
        SCHEMA.write_text(transcript_schema(), encoding="utf-8")
    assert SCHEMA.read_text(encoding="utf-8") == transcript_schema()


OTHERWISE = [
    ("stage: offer, refused: not_accepted", "stage: need, refused: not_accepted", "stage: expected need, actual offer"),
    ("needs: [ease_payment]", "needs: [cash]", "needs: expected cash, actual ease_payment"),
    ("moment: service_first   ", "moment: open   ", "moment: expected open, actual service_first"),
    ("moment: open\n", "moment: too_late\n", "moment: expected too_late, actual open"),
    ("moments: [money_is_tight, content_and_done]", "moments: []", "moments: expected none, actual content_and_done, money"),
    ("step: await_answer", "step: leave_it", "step: expected leave_it, actual await_answer"),
    ("await_answer, offer: bill_installment", "await_answer, offer: none", "offer: expected none, actual bill_installment"),
    ("{refused: none, step: step}", "{refused: ended, step: step}", "refused: expected ended, actual none"),
    ("{stage: offer, refused: not_accepted}", "{stage: offer, refused: none}", "refused: expected none, actual not_accepted"),
    ("step: nothing, tickets: []", "step: nothing, tickets: [desk]", "tickets: expected desk, actual none"),
    ("step: nothing, tickets: []", "step: nothing, notes: [desk]", "notes: expected desk, actual none"),
    ("step: nothing, tickets: []", "step: nothing, warnings: [late]", "warnings: expected late, actual none"),
    ("12 installments of 964.80 yuan", "12 installments of 964.81 yuan", "words: expected 12 installments of 964.81"),
]  # fmt: skip


@pytest.mark.parametrize(("right", "wrong", "told"), OTHERWISE)
def test_what_comes_otherwise_is_told_with_its_line(right: str, wrong: str, told: str, tmp_path: Path) -> None:
    text = named("01").read_text(encoding="utf-8").replace("../customers", str(ROOT / "examples" / "customers"))
    assert right in text
    other = tmp_path / "call.yaml"
    other.write_text(text.replace(right, wrong, 1), encoding="utf-8")
    code, output = play(other, "--language", "en")
    assert code == 1
    (said,) = [each for each in output.splitlines() if "expected" in each]
    key = told.partition(":")[0] + ":"
    written = other.read_text(encoding="utf-8").splitlines()
    place, line = re.findall(r"call\.yaml:(\d+): (.*)", said)[0]
    assert line.startswith(told)
    assert key in written[int(place) - 1] or key in written[int(place) - 2]


def test_both_matchers_play_the_same_call() -> None:
    call = named("15")
    durable = CliRunner().invoke(
        app, ["call", RULES, "--events", str(call), "--format", "json", "--matcher", "durable"]
    )
    assert [json.loads(each) for each in durable.stdout.splitlines()] == lines(call)


def test_the_ticket_of_one_call_is_the_note_of_the_next(sample: Engine) -> None:
    """The history of the second call is what the first one hands to the store."""
    script = read_form(parse_yaml(read_source(named("12"), "12", "12")))
    assert script.changes is not None
    customer = json.loads((ROOT / "examples" / "customers" / "calls_in.json").read_text(encoding="utf-8"))
    session = sample.call(
        "K0001", merged([customer, read_changes(script.changes, sample.pack.dictionary)[0]]), at=script.at
    )
    for each in script.events:
        session.observe(event_of(each, session))
    (row,) = fold(session.interactions())
    (written,) = plain(named("13"))["changes"]["history"]
    assert {name: as_told(each) for name, each in written.items() if name != "decision_id"} == {
        name: as_told(row[name]) for name in written if name != "decision_id"
    }


def as_told(value: object) -> object:
    """A time is the same in every zone."""
    try:
        return datetime.fromisoformat(str(value)).astimezone(UTC)
    except ValueError:
        return value


def test_what_the_feed_sends_wrong_is_refused_and_the_call_goes_on(tmp_path: Path) -> None:
    text = named("18").read_text(encoding="utf-8").replace("../customers", str(ROOT / "examples" / "customers"))
    unsaid = tmp_path / "call.yaml"
    unsaid.write_text(re.sub(r"^    sees: .*\n", "", text, flags=re.MULTILINE), encoding="utf-8")
    refused = [each["next"]["refused"] for each in lines(unsaid, "--language", "zh")]
    assert [each["code"] for each in refused if each] == ["same_id", "unknown_kind", "field_missing", "bad_field"]
    assert all(CHINESE.search(each["text"]) for each in refused if each)
    assert (play(unsaid)[0], play(unsaid, "--strict")[0]) == (0, 1)
