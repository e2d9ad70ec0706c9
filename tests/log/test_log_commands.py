"""`nbo log` and `nbo replay` from the command line."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft7Validator
from small_log import Log
from typer.testing import CliRunner, Result

from nbo.cli.main import app
from nbo.log import replay
from nbo.log.archive import PACKS

SCHEMAS = Path(__file__).parents[2] / "docs" / "schemas"
ENVIRONMENT = {"COLUMNS": "120", "NBO_LOG_KEY": bytes(range(32)).hex()}


def run(*arguments: object, env: dict[str, str] = ENVIRONMENT, **more: Any) -> Result:
    result = CliRunner().invoke(app, [str(each) for each in arguments], env={"NBO_LOG_KEY": None, **env}, **more)
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


def conforming(schema: str, document: str) -> Any:
    read = json.loads(document)
    Draft7Validator(json.loads((SCHEMAS / f"{schema}.schema.json").read_text())).validate(read)
    return read


@pytest.fixture
def written(logs: Callable[..., Log]) -> Log:
    """A closed log of three decisions."""
    log = logs().done(3)
    log.keys.close()
    return log


def test_a_sound_log_exits_0_in_both_languages(written: Log) -> None:
    english, chinese = run("log", "verify", written.folder), run("log", "verify", written.folder, "--lang", "zh")
    assert (english.exit_code, english.stdout) == (0, "3 records: every line is there, and in its place\n")
    assert (chinese.exit_code, chinese.stdout) == (0, "3 条记录：每一行都在，且次序无误\n")


def test_a_broken_log_exits_1_with_the_place(written: Log) -> None:
    lines = written.segment.read_bytes().splitlines(keepends=True)
    written.segment.write_bytes(b"".join([*lines[:2], *lines[3:]]))
    result = run("log", "verify", written.folder)
    assert result.exit_code == 1
    assert result.stdout.splitlines() == [
        f"segments/{written.segment.name}:3: problem[missing]: lines are missing before this one",
        "1 records up to the first breaks: 1",
    ]
    read = conforming("log_verification", run("log", "verify", written.folder, "--format", "json").stdout)
    assert (read["sound"], read["problems"][0]["line"]) == (False, 3)


def test_every_code_of_a_finding_is_in_the_schema() -> None:
    from nbo.log.verify import _PROBLEMS, _REMARKS

    schema = json.loads((SCHEMAS / "log_verification.schema.json").read_text())
    assert set(schema["definitions"]["finding"]["properties"]["code"]["enum"]) == {*_PROBLEMS, *_REMARKS}


def test_without_the_master_key_a_walk_says_what_it_cannot_tell(written: Log) -> None:
    result = run("log", "verify", written.folder, env={})
    assert result.exit_code == 0
    assert "remark[not_signed]" in result.stdout


def test_an_earlier_report_is_held_against_the_log(written: Log, logs: Callable[..., Log], tmp_path: Path) -> None:
    report = tmp_path / "report.json"
    report.write_text(run("log", "verify", written.folder, "--format", "json").stdout)
    before = written.segment
    logs().done(1)
    written.keys.close()
    assert run("log", "verify", written.folder, "--earlier", report).exit_code == 0
    before.unlink()
    assert "segment_missing" in run("log", "verify", written.folder, "--earlier", report).stdout


def test_a_replay_of_all_counts(written: Log) -> None:
    result = run("replay", written.folder, "--keys", written.keys.path)
    assert result.exit_code == 0
    assert result.stdout == "3 decisions: 3 came out the same, 0 differ, 0 are erased, 0 cannot be read\n"


def test_a_replay_of_one_has_the_decision_in_full(logs: Callable[..., Log]) -> None:
    log = logs()
    decision = log.decide()
    log.done()
    log.keys.close()
    options = ("replay", log.folder, "--keys", log.keys.path, "--decision", decision.decision_id)
    read = conforming("replay", run(*options, "--format", "json").stdout)
    again = {name: each for name, each in read["decisions"][0]["decision"].items() if name != "timings_us"}
    assert again == {name: each for name, each in json.loads(decision.to_json()).items() if name != "timings_us"}
    assert run(*options, "--lang", "zh").stdout.splitlines()[0].endswith(f":2: 一致: {decision.decision_id}")


def test_what_differs_exits_1_and_is_shown_field_by_field(written: Log, monkeypatch: pytest.MonkeyPatch) -> None:
    made = replay.canonical_decision
    monkeypatch.setattr(replay, "canonical_decision", lambda decision: {**made(decision), "status": "perhaps"})
    result = run("replay", written.folder, "--keys", written.keys.path)
    assert result.exit_code == 1
    assert '  status\n    recorded: "offer"\n    replayed: "perhaps"\n' in result.stdout
    assert "3 differ" in result.stdout
    read = conforming("replay", run("replay", written.folder, "--keys", written.keys.path, "--format", "json").stdout)
    assert read["counts"]["differs"] == 3


def test_an_erased_customer_is_no_failure(written: Log) -> None:
    keys = ("--keys", written.keys.path)
    assert run("log", "erase", "C1", *keys).stdout == "1 keys of the customer destroyed\n"
    assert run("log", "erase", "-", *keys, "--lang", "zh", input="C2\n").stdout == "已销毁该客户的 1 个密钥\n"
    result = run("replay", written.folder, *keys)
    assert result.exit_code == 0
    assert "erased: its key was destroyed" in result.stdout
    assert "3 decisions: 1 came out the same, 0 differ, 2 are erased, 0 cannot be read" in result.stdout
    assert run("log", "verify", written.folder).exit_code == 0


def test_retention_is_a_command(written: Log) -> None:
    keys = ("--keys", written.keys.path)
    assert (
        run("log", "retain", "--before", "2026-11", *keys).stdout == "0 keys of the months before 2026-11 destroyed\n"
    )
    assert (
        run("log", "retain", "--before", "2026-12", *keys).stdout == "3 keys of the months before 2026-12 destroyed\n"
    )


def test_a_master_key_comes_from_a_file(written: Log, tmp_path: Path) -> None:
    (tmp_path / "master").write_text(ENVIRONMENT["NBO_LOG_KEY"])
    options = ("--keys", written.keys.path, "--master", tmp_path / "master")
    assert run("replay", written.folder, *options, env={}).exit_code == 0


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("log", "verify", "{folder}/absent"), "there is no decision log in `{folder}/absent`"),
        (("log", "verify", "{folder}", "--earlier", "{folder}/x"), "cannot read the earlier report `{folder}/x`"),
        (
            ("log", "verify", "{folder}", "--master", "{folder}/x"),
            "cannot read the master key: No such file or directory",
        ),
        (("log", "erase", "C1", "--keys", "{folder}/x"), "there is no key store `{folder}/x`"),
        (("log", "retain", "--before", "soon", "--keys", "{keys}"), "--before `soon` is not a month such as 2021-11"),
        (("replay", "{folder}", "--keys", "{keys}", "--decision", "x"), "the log has no decision `x`"),
        (("replay", "{folder}/absent", "--keys", "{keys}"), "there is no decision log in `{folder}/absent`"),
    ],
)
def test_wrong_use_is_one_line_and_exit_code_2(written: Log, arguments: tuple[str, ...], message: str) -> None:
    names = {"folder": str(written.folder), "keys": str(written.keys.path)}
    result = run(*(each.format_map(names) for each in arguments))
    assert (result.exit_code, result.stderr) == (2, f"nbo: {message.format_map(names)}\n")


def test_without_a_master_key_nothing_is_opened(written: Log) -> None:
    result = run("replay", written.folder, "--keys", written.keys.path, env={})
    assert result.exit_code == 2
    assert "the master key is needed" in result.stderr
    other = run("replay", written.folder, "--keys", written.keys.path, env={"NBO_LOG_KEY": "00" * 32})
    assert (other.exit_code, other.stderr) == (2, "nbo: the key store was made with another master key\n")


def test_a_damaged_line_is_unreadable_and_the_others_are_replayed(written: Log) -> None:
    lines = written.segment.read_bytes().splitlines(keepends=True)
    written.segment.write_bytes(b"".join([*lines[:2], b"x" + lines[2][1:], *lines[3:]]))
    result = run("replay", written.folder, "--keys", written.keys.path)
    assert result.exit_code == 1
    assert result.stdout.splitlines()[0].endswith(":3: unreadable: the line is damaged")
    assert "2 came out the same" in result.stdout


def test_an_archive_may_lie_elsewhere(written: Log, tmp_path: Path) -> None:
    (written.folder / PACKS).rename(tmp_path / "kept")
    options = ("replay", written.folder, "--keys", written.keys.path)
    assert run(*options).exit_code == 1
    assert run(*options, "--archive", tmp_path / "kept").exit_code == 0


def test_without_the_extra_a_walk_works_and_a_replay_says_what_to_install(
    written: Log, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in [each for each in sys.modules if each.startswith("nbo.log.") and each != "nbo.log.errors"]:
        monkeypatch.delitem(sys.modules, name)
    for name in [each for each in sys.modules if each.partition(".")[0] == "cryptography"]:
        monkeypatch.setitem(sys.modules, name, None)
    verify = import_module("nbo.log.verify").verify
    assert verify(written.folder).records == 3
    result = run("replay", written.folder, "--keys", written.keys.path)
    assert (result.exit_code, result.stderr) == (2, "nbo: a decision log needs the extra `log`: pip install nbo[log]\n")
