"""`nbo call` as an agent uses it: what can be typed, what is shown, how it ends; and no traceback whatever is typed."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft7Validator
from typer.testing import CliRunner, Result

from nbo import Engine
from nbo.cli import call_play
from nbo.cli.call_prompt import typed
from nbo.cli.main import app
from nbo.pack.call import CallRules

ROOT = Path(__file__).parents[2]
RULES = str(ROOT / "rules" / "cn_credit_card")
CALLS_IN = str(ROOT / "examples" / "customers" / "calls_in.json")
AT = ["--at", "2026-11-16T10:30:00+08:00"]
SCHEMAS = ROOT / "docs" / "schemas"
TO_THE_PITCH = "ident 2\nreason balance_query\n+20 topic money_is_tight\nservice_res\n+3 sent 0.6\n"


def run(*options: str, stdin: str = "", language: str = "en") -> Result:
    common = ["call", RULES, "--profile", CALLS_IN, *AT, "--matcher", "plain", "--language", language]
    result = CliRunner().invoke(app, [*common, *options], input=stdin)
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    assert "Traceback" not in result.output
    return result


def lines(*options: str, stdin: str = "") -> list[dict[str, Any]]:
    return read(run("--format", "json", *options, stdin=stdin))


def read(result: Result) -> list[dict[str, Any]]:
    assert result.exit_code == 0, result.output
    return [json.loads(each) for each in result.stdout.splitlines()]


# --- what is typed ----------------------------------------------------------------------------------------------------


def test_a_call_is_played_from_the_keyboard_in_short() -> None:
    played = lines(stdin=TO_THE_PITCH + "do\n+30 obj too_expensive\nyes\ndo\n+40 do\ndo\ndo\nended\n")
    said = [(each["event"]["kind"], each["next"]["stage"], each["next"]["step"]["code"]) for each in played[5:]]
    assert said == [
        ("sentiment", "need", "present"),
        ("offer_presented", "offer", "await_answer"),
        ("objection", "offer", "answer_objection"),
        ("answer", "confirm", "push_cost_statement"),
        ("cost_statement_pushed", "confirm", "customer_confirms"),
        ("cost_statement_confirmed", "confirm", "order"),
        ("order", "confirm", "step"),
        ("step_done", "closing", "close"),
        ("ended", "closing", "nothing"),
    ]
    assert all(each["next"]["refused"] is None for each in played)
    assert (played[0]["seconds"], played[-1]["seconds"], played[-1]["at"]) == (0, 93, "2026-11-16T10:31:33+08:00")


def test_a_call_is_played_in_chinese() -> None:
    told = "已核实身份 2\n说明来电原因 查余额\n提到话题 手头紧\n来电问题已解决\n情绪 0.6\n"
    words = f"{told}执行\n拒绝 not_needed\n？answer\n退出\n"
    result = run(stdin=words, language="zh")
    assert result.exit_code == 0
    for shown in ("通话开始", "需求: 缓解还款", "请介绍产品：账单分期。", "每期还款", "尊重客户选择", "必填"):
        assert shown in result.stdout
    assert not re.search(r"no offer now|not possible|required", result.stdout)


def test_the_screen_says_why_not_and_where_the_rules_say_so() -> None:
    shown = run(stdin="ident 2\n").stdout
    assert "no offer now: it is not known whether selling is off: call.reason_code" in shown
    assert "call.yaml:63:11" in shown


def test_the_screen_has_the_numbers_and_the_script_once() -> None:
    shown = run(stdin=TO_THE_PITCH + "do\nqueue 0.9\nyes\n").stdout
    assert shown.count("[disclosure]") == 1
    assert shown.count("964.80") == 3  # two rows of numbers and the script
    assert "as shown above" in shown
    assert "after the yes: push_cost_statement → customer_confirms → order →" in shown


@pytest.mark.parametrize(
    ("line", "answer"),
    [
        ("sentimnt 0.5", "there is no event `sentimnt`; did you mean `sentiment`?"),
        ("xyzzy", "there is no event `xyzzy`; `?` lists what there is"),
        ("re", "`re` may be reason_stated, recording_lost, recording_resumed, referred, requoted"),
        ("topic travle", "`travle` is no value of `topic`; did you mean `travel`?"),
        ("need hards", "`hards` is no value of `need`; did you mean `hardship`?"),
        ("need need=hards", "`hards` is no value of `need`; did you mean `hardship`?"),
        ("topic topc=travel", "`topic_mentioned` has no field `topc`; did you mean `topic`?"),
        ("topic topic=travel topic=limit", "the field `topic` is given twice"),
        ("complaint when=now", "`complaint` has no field `when`; it has `complaint_id`"),
        ("ended now", "no field of `ended` is left for `now`"),
        ("ident 7", "`7` is no value of `level`; it takes a whole number from 0 to 2"),
        ("ident level=x", "`x` is no value of `level`; it takes a whole number from 0 to 2"),
        ("sentiment 0,5", "`0,5` is no value of `value`; it takes a number from -1 to 1"),
        ("answer offer=x response=mabye", "`mabye` is no value of `response`; it takes accept | decline | defer"),
        ("+x hold 5", "`+x` is no time: `+30` is 30 seconds later, `@90` at 90 seconds of the call"),
        ("@noon hold 5", "`@noon` is no time: `+30` is 30 seconds later, `@90` at 90 seconds of the call"),
        ("+30", "`+30` is no time: `+30` is 30 seconds later, `@90` at 90 seconds of the call"),
        ("complaint 'x", "a quotation mark is missing"),
        ("do", "the next step is nothing that an event says; `?` lists what can be observed"),
        ("hold " + "9" * 5000, "the line is too long"),
        ("\x1b[2J", "there is no event `�[2J`; `?` lists what there is"),
    ],
)
def test_a_line_that_makes_no_sense_is_answered_and_changes_nothing(line: str, answer: str) -> None:
    result = run("--format", "json", stdin=f"{line}\n")
    assert result.exit_code == 0
    assert " ".join(result.stderr.split()) == answer
    assert len(result.stdout.splitlines()) == 1


def test_the_same_is_answered_in_chinese() -> None:
    shown = run("--lang", "zh", stdin="sentimnt 1\ntopic travle\nident 7\n+x hold 1\n").stdout
    for words in ("是否想写 `sentiment`", "是否想写 `travel`", "应为0 至 2 的整数", "不是时间"):
        assert words in shown


def test_an_event_that_is_not_possible_is_shown_and_the_call_goes_on() -> None:
    shown = run(stdin="order bill_installment\nident 2\n").stdout
    assert "✗ not possible: no offer is at hand" in shown
    assert "identity_verified level=2" in shown


def test_the_clock_moves_when_it_is_told_to() -> None:
    played = lines(stdin="ident 2\n+30 hold 20\n@100 hold 20\n@2026-11-16T10:33:00+08:00 hold 20\n@10 hold 1\n")
    assert [each["seconds"] for each in played] == [0, 0, 30, 100, 180, 180]
    assert [each["code"] for each in played[-1]["next"]["warnings"]] == ["late"]


# --- what can be observed ---------------------------------------------------------------------------------------------


def test_the_question_mark_lists_what_can_be_observed_now(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    before = run(stdin="?\n").stdout
    assert re.search(r"hold +time on hold +seconds=a whole number from 0 to 86400", before)
    assert "[amount=an amount of money from 0 to 1000000]" in before
    assert "10 more, see ?topic_mentioned" in before
    assert not re.search(r"^(offer_presented|answer|order|cost_statement_pushed) ", before, re.MULTILINE)
    at_pitch = run(stdin=TO_THE_PITCH + "?\n").stdout
    assert re.search(r"^offer_presented +offer=bill_installment", at_pitch, re.MULTILINE)
    at_hand = run(stdin=TO_THE_PITCH + "do\n?\n").stdout
    assert re.search(r"^objection +objection=too_expensive \| think_about_it \| not_needed", at_hand, re.MULTILINE)
    assert not re.search(r"^(order|cost_statement_pushed) ", at_hand, re.MULTILINE)
    accepted = run(stdin=TO_THE_PITCH + "do\nyes\n?\n").stdout
    assert re.search(r"^cost_statement_pushed +.*offer=bill_installment", accepted, re.MULTILINE)
    ended = run(stdin="ended\n?\n").stdout
    assert re.search(r"^score ", ended, re.MULTILINE)
    assert not re.search(r"^hold ", ended, re.MULTILINE)


def test_one_kind_is_shown_with_all_values_and_what_they_are_called() -> None:
    shown = run(stdin="?reason\n? answer\n", language="zh").stdout
    assert re.search(r"reason +balance_query +查余额 +必填", shown)
    assert "lost_card" in shown
    assert "answer  客户答复  目前不能进行" in shown


# --- JSON, files, the end ---------------------------------------------------------------------------------------------


def test_every_line_of_json_conforms() -> None:
    line = Draft7Validator(json.loads((SCHEMAS / "call_line.schema.json").read_text()))
    decision = json.loads((SCHEMAS / "decision.schema.json").read_text())
    offer = Draft7Validator({**decision["definitions"]["offer"], "definitions": decision["definitions"]})
    common = ["call", RULES, "--matcher", "plain", "--format", "json", "--events"]
    transcripts = sorted((ROOT / "examples" / "calls").glob("*.yaml"))
    calls = [read(CliRunner().invoke(app, [*common, str(each)])) for each in transcripts]
    for each in [*calls, lines(stdin=TO_THE_PITCH + "do\nyes\norder\n")]:
        for said in each:
            line.validate(said)
            if said["offer"] is not None:
                offer.validate(said["offer"])
    assert any(each["next"]["notes"] for said in calls for each in said)


@pytest.mark.parametrize("after", [0, 5, 8])
def test_a_saved_call_goes_on_as_if_it_had_not_stopped(after: int, tmp_path: Path) -> None:
    typed_lines = (TO_THE_PITCH + "do\nyes\ndo\n+5 do\ndo\n").splitlines(keepends=True)
    whole = lines(stdin="".join(typed_lines))
    stored = tmp_path / "call.json"
    lines("--save", str(stored), stdin="".join(typed_lines[:after]))
    common = ["call", RULES, "--profile", CALLS_IN, "--matcher", "plain", "--format", "json", "--resume", str(stored)]
    rest = read(CliRunner().invoke(app, common, input="".join(typed_lines[after:])))
    assert rest[0] == {**whole[after], "event": None}
    assert rest[1:] == whole[after + 1 :]


def test_a_transcript_may_be_a_list_and_its_events_in_the_stored_form(tmp_path: Path) -> None:
    stored, events = tmp_path / "call.json", tmp_path / "events.yaml"
    whole = lines("--save", str(stored), stdin=TO_THE_PITCH + "do\n")
    events.write_text(json.dumps(json.loads(stored.read_text())["events"][1:]))
    again = lines("--events", str(events))
    assert [each["next"] for each in again] == [each["next"] for each in whole]


def test_the_end_of_input_and_an_interrupt_end_the_call_and_save_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    stored = tmp_path / "call.json"
    assert run("--save", str(stored), stdin="ident 2").exit_code == 0
    assert len(json.loads(stored.read_text())["events"]) == 2

    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(call_play, "typed", interrupted)
    result = run("--save", str(stored), stdin="ident 2\n")
    assert (result.exit_code, len(json.loads(stored.read_text())["events"])) == (0, 1)


def test_a_terminal_is_prompted(monkeypatch: pytest.MonkeyPatch) -> None:
    typed_lines = iter(["ident 2", "?hold"])
    asked: list[str] = []

    def ask(prompt: str) -> str:
        asked.append(prompt)
        try:
            return next(typed_lines)
        except StopIteration:
            raise EOFError from None

    monkeypatch.setattr("builtins.input", ask)
    monkeypatch.setattr(
        call_play, "sys", type("Terminal", (), {"stdin": type("In", (), {"isatty": staticmethod(lambda: True)})})
    )
    shown = run().stdout
    assert asked == ["» "] * 3
    assert "Ctrl-D ends" in shown
    assert "identity_verified level=2" in shown


# --- wrong use --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ([], "which customer? give `--profile FILE`"),
        (["--profile", "-"], "`--profile -` reads standard input; give the events with `--events FILE`"),
        (["--profile", "none.json"], "cannot read the profile `none.json`: No such file or directory"),
        (["--profile", CALLS_IN, "--at", "noon"], "--at `noon` is not a time such as"),
        (["--profile", CALLS_IN, "--matcher", "best"], "there is no matcher `best`; there are `durable` and `plain`"),
        (["--profile", CALLS_IN, "--call-id", "x" * 300], "`call_id`"),
        (["--profile", CALLS_IN, "--resume", "none.json"], "cannot read the stored call `none.json`: No such file"),
        (["--profile", CALLS_IN, "--resume", CALLS_IN], "is no stored call; `--save` writes one"),
        (["--profile", CALLS_IN, "--resume", "x", "--at", "2026-11-16T10:30:00Z"], "`--at` stands in the stored call"),
        (["--profile", CALLS_IN, "--save", "none/call.json"], "cannot write `none/call.json`: No such file or directory"),
    ],
)  # fmt: skip
def test_wrong_use_is_one_line_and_exit_code_2(
    options: list[str], told: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    result = CliRunner().invoke(app, ["call", RULES, "--matcher", "plain", *options])
    assert result.exit_code == 2
    (line,) = result.stderr.splitlines()
    assert told in line


@pytest.mark.parametrize("stored", ['{"call_id": "a", "events": 1}', '{"call_id": "a", "events": [{"kind": "began"}]}'])
def test_a_stored_call_of_another_form_is_one_line(stored: str, tmp_path: Path) -> None:
    path = tmp_path / "call.json"
    path.write_text(stored)
    result = CliRunner().invoke(
        app, ["call", RULES, "--profile", CALLS_IN, "--matcher", "plain", "--resume", str(path)]
    )
    assert result.exit_code == 2
    assert len(result.stderr.splitlines()) == 1


@pytest.mark.parametrize(
    ("transcript", "place", "told"),
    [
        ("events:\n- hold: {seconds: 1}\n  att: 5\n", "2:3", "a kind of event with its fields"),
        ("events:\n- hold: {seconds: 1}\n  at: soon\n", "3:7", "seconds from the beginning of the call"),
        ("events:\n- hold: {seconds: 1}\n  sees: {stag: need}\n", "3:10", "did you mean `stage`?"),
        ("events:\n- hold: 5\n", "2:9", "fields with their values"),
        ("abuot: x\n", "1:1", "did you mean `about`?"),
        ("changes: {call: {auth_levl: 1}}\n", "1:18", "did you mean `call.auth_level`?"),
        ("just words\n", "1:1", "a list of events"),
        ("events: [\n", "1:9", "is never closed"),
    ],
)
def test_a_mistake_in_a_transcript_is_shown_at_its_place(
    transcript: str, place: str, told: str, tmp_path: Path
) -> None:
    path = tmp_path / "call.yaml"
    path.write_text(transcript)
    result = run("--events", str(path))
    assert result.exit_code == 2
    assert f"call.yaml:{place}" in result.stderr
    assert told in result.stderr


# --- whatever is typed ------------------------------------------------------------------------------------------------

WORDS = st.sampled_from(
    [
        *(
            "yes",
            "no",
            "later",
            "do",
            "?",
            "quit",
            "+5",
            "@90",
            "@",
            "ident",
            "2",
            "service_resolved",
            "topic",
            "travel",
        ),
        *("offer_presented", "bill_installment", "answer", "accept", "requoted", "periods=6", "components=golf,dental"),
        *("=", "a=b", "'", '"', "order", "step", "ended", "score", "5", "1e999999", "NaN", "手头紧", "\x00", "\ud800"),
    ]
)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.lists(WORDS | st.text(max_size=5), min_size=1, max_size=5), max_size=6))
def test_whatever_is_typed_is_an_event_or_an_answer(sample: Engine, said: list[list[str]]) -> None:
    session = sample.call("k", b"{}", at=None)
    rules = sample.pack.call
    assert isinstance(rules, CallRules)
    for words in said:
        line = " ".join(words)
        if line.strip():
            meant = typed(line, session, rules)
            assert sum((meant.event is not None, meant.answer is not None, meant.help is not None, meant.quit)) == 1
            if meant.event is not None:
                session.observe(meant.event)
