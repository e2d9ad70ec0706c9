"""`nbo explain CODE`: the page of every code, in both languages, from a checkout and from an installed wheel."""

from __future__ import annotations

import io
import json
import re
import subprocess
import sys
import tomllib
import zipfile
from importlib.util import find_spec
from pathlib import Path

import pytest
from jsonschema import Draft7Validator
from rich.console import Console
from typer.testing import CliRunner, Result

from nbo.cli import explain_code
from nbo.cli.main import app
from nbo.cli.shared import Format, Language
from nbo.diagnostics.pages import CODES, page, pages_folder

ROOT = Path(__file__).parents[2]
HAN = re.compile("[\u4e00-\u9fff]")
SCHEMA = Draft7Validator(json.loads((ROOT / "docs" / "schemas" / "codes.schema.json").read_text()))


def run(*arguments: str) -> Result:
    result = CliRunner().invoke(app, ["explain", *arguments])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


@pytest.mark.parametrize("written", ["NBO203", "nbo203", "203", "NBO-203", " Nbo 203 "])
def test_a_code_may_be_written_in_several_ways(written: str) -> None:
    result = run(written)
    assert result.exit_code == 0
    assert result.stdout == page(CODES["NBO203"]).markdown("en")
    assert "did you mean `customer.age`?" in result.stdout


@pytest.mark.parametrize("code", sorted(CODES))
def test_every_code_is_explained_in_both_languages(code: str) -> None:
    english, chinese = (page(CODES[code]).markdown(language) for language in ("en", "zh"))
    assert [line for line in english.splitlines() if line.startswith("## ")] == [
        "## Wrong",
        "## What nbo says",
        "## Right",
    ]
    assert [line for line in chinese.splitlines() if line.startswith("## ")] == [
        "## 错误写法",
        "## nbo 的提示",
        "## 正确写法",
    ]
    assert not HAN.search(english.partition("## Wrong")[0])
    assert HAN.search(chinese.splitlines()[0])
    for text, severity in ((english, "help: "), (chinese, "建议: ")):
        assert text.count("```") % 2 == 0
        assert "<!--" not in text
        assert (CODES[code].help is None) or text.splitlines()[2].startswith(severity)
    prose = re.sub(r"```.*?```", "", chinese, flags=re.DOTALL).split("\n\n")
    assert all(HAN.search(each) or each.strip().startswith("`") for each in prose if each.strip())


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["NBO2033"], "there is no code `NBO2033`; did you mean `NBO203`?"),
        (["nbo20"], "did you mean `NBO"),
        (["999"], "`nbo explain --codes` lists them"),
        (["rules/nowhere"], "neither a folder nor a code"),
        ([str(ROOT / "rules" / "cn_credit_card")], "--profile is needed"),
        ([], "say what to explain"),
        (["NBO203", "--profile", "-"], "there is no folder `NBO203`"),
    ],
)
def test_what_cannot_be_explained_is_refused_in_one_line(arguments: list[str], says: str) -> None:
    result = run(*arguments)
    assert result.exit_code == 2
    assert result.stdout == ""
    assert len(result.stderr.splitlines()) == 1
    assert says in result.stderr


def test_all_codes_are_listed_with_their_messages() -> None:
    english, chinese = run("--codes").stdout.splitlines(), run("--codes", "--lang", "zh").stdout.splitlines()
    assert [line.split()[0] for line in english] == [line.split()[0] for line in chinese] == sorted(CODES)
    assert "NBO203  error    unknown attribute `…`" in english
    assert "NBO305  warning  该产品已于 … 到期" in chinese


@pytest.mark.parametrize("arguments", [["NBO203"], ["203", "--lang", "zh"], ["--codes"], ["--codes", "--lang", "zh"]])
def test_the_json_form_conforms(arguments: list[str]) -> None:
    document = json.loads(run(*arguments, "--format", "json").stdout)
    SCHEMA.validate(document)
    assert ("page" in document["codes"][0]) == ("--codes" not in arguments)


@pytest.mark.parametrize("no_color", [False, True])
def test_on_a_terminal_the_page_is_laid_out_with_and_without_color(
    monkeypatch: pytest.MonkeyPatch, *, no_color: bool
) -> None:
    screen = io.StringIO()
    console = Console(file=screen, force_terminal=True, width=90, no_color=no_color, color_system="standard")
    monkeypatch.setattr(explain_code, "Console", lambda: console)
    explain_code.show_code("NBO203", Language.ZH, Format.TEXT)
    shown = screen.getvalue()
    plain = re.sub(r"\x1b\[[\d;]*m", "", shown)
    assert "错误写法" in plain
    assert "## " not in plain
    assert "- customer.agee >= 18" in plain
    assert bool(re.search(r"\x1b\[(?:\d+;)*(?:3|9)\dm", shown)) == (not no_color)


# --- where the pages are ------------------------------------------------------------------------------------------------


def test_a_checkout_has_its_pages() -> None:
    assert pages_folder().joinpath("NBO203.md").is_file()


def test_the_wheel_is_told_to_carry_the_pages() -> None:
    built = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["hatch"]["build"]["targets"]["wheel"]
    assert built["force-include"]["docs/diagnostics"] == "nbo/docs/diagnostics"


@pytest.mark.skipif(find_spec("hatchling") is None, reason="the build backend is not installed beside nbo")
def test_an_installed_wheel_explains_a_code(tmp_path: Path) -> None:
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    (wheel,) = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path / "site")
    shown = subprocess.run(
        [sys.executable, "-m", "nbo", "explain", "NBO203", "--lang", "zh"],
        cwd=tmp_path,
        env={"PYTHONPATH": str(tmp_path / "site"), "PYTHONUTF8": "1"},
        check=True,
        capture_output=True,
        text=True,
    )
    assert shown.stdout == page(CODES["NBO203"]).markdown("zh")
