"""`nbo new`: what it writes checks clean, holds its own cases and decides at once."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path

import pytest
from as_editor_reads import as_yaml_12
from jsonschema import Draft7Validator
from typer.testing import CliRunner, Result

from nbo import Engine, check
from nbo.cli.main import app
from nbo.workbench.cases import differences

CHINESE = re.compile("[\u4e00-\u9fff]")


def run(*arguments: str) -> Result:
    result = CliRunner().invoke(app, list(arguments))
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


@pytest.fixture(params=["en", "zh"])
def made(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    assert run("new", str(tmp_path / "first pack"), "--name", "my_card", "--lang", request.param).exit_code == 0
    return tmp_path / "first pack"


def test_a_new_pack_checks_clean_and_its_cases_hold(made: Path) -> None:
    pack, found = check(made)
    assert [each.message() for each in found] == []
    assert pack is not None
    assert pack.name == "my_card"
    assert {offer.kind for offer in pack.offers} == {"sales", "service"}
    engine = Engine.load(made)
    for case in engine.pack.cases:
        decision = engine.decide(case.profile, at=case.at)
        assert differences(case.expected, decision.to_dict(), engine.explain(decision).to_dict()) == []


def test_the_commands_that_it_prints_work_whatever_the_day(tmp_path: Path) -> None:
    for language in ("en", "zh"):
        folder = tmp_path / f"my pack {language}"
        printed = run("new", str(folder), "--name", "p", "--lang", language).stdout.splitlines()
        commands = [shlex.split(line) for line in printed if line.startswith("  nbo ")]
        assert [each[1] for each in commands] == ["check", "test", "decide", "explain"]
        results = [run(*each[1:]) for each in commands]
        assert [result.exit_code for result in results] == [0, 0, 0, 0]
        assert ("Bill installment" if language == "en" else "账单分期") in results[2].stdout


def test_the_comments_are_in_one_language_and_the_rules_are_the_same(tmp_path: Path) -> None:
    rules = {}
    for language in ("en", "zh"):
        run("new", str(tmp_path / language), "--name", "p", "--lang", language)
        root = tmp_path / language
        texts = {path.relative_to(root).as_posix(): path.read_text(encoding="utf-8") for path in root.rglob("*.yaml")}
        comments = [line for text in texts.values() for line in text.splitlines()[1:] if line.lstrip().startswith("#")]
        assert len(comments) > 25
        assert not any(re.match(r" *#(en|zh)\b", line) for line in comments)
        in_chinese = [line for line in comments if CHINESE.search(re.sub("`[^`]*`", "", line))]
        assert in_chinese == (comments if language == "zh" else [])
        rules[language] = {name: as_yaml_12(text) for name, text in texts.items()}
    for each in rules.values():
        each["pack.yaml"].pop("languages")
    assert rules["en"] == rules["zh"]


def test_every_file_names_a_schema_that_is_there_and_conforms(made: Path) -> None:
    files = list(made.rglob("*.yaml"))
    assert len(files) == 11
    for path in files:
        text = path.read_text(encoding="utf-8")
        modeline = re.match(r"# yaml-language-server: \$schema=(\S+)\n", text)
        assert modeline is not None
        schema = json.loads((path.parent / modeline[1]).read_text(encoding="utf-8"))
        assert list(Draft7Validator(schema).iter_errors(as_yaml_12(text))) == []


def test_the_name_is_the_folders_unless_one_is_given(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "card_2").mkdir()
    monkeypatch.chdir(tmp_path / "card_2")
    assert run("new", ".").exit_code == 0
    assert (tmp_path / "card_2" / "pack.yaml").read_text(encoding="utf-8").count("\npack: card_2\n") == 1


def test_a_folder_with_content_stays_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    result = run("new", str(tmp_path))
    assert result.exit_code == 2
    assert len(result.output.splitlines()) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


@pytest.mark.parametrize(
    "arguments", [["my pack"], ["2024"], ["ok", "--name", "null"], ["ok", "--name", "a: b"], ["file"], ["file/x"]]
)
def test_wrong_use_is_one_line_and_exit_code_2(
    arguments: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "file").write_text("")
    result = run("new", *arguments)
    assert result.exit_code == 2
    assert len(result.output.splitlines()) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["file"]
