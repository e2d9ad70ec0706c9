"""`nbo fmt`: rule files in one layout, their meaning kept, and files with mistakes left alone."""

from __future__ import annotations

import random
import stat
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner, Result

from nbo import check
from nbo.cli.main import app
from nbo.diagnostics.place import SourceText
from nbo.source.yaml_file import parse_yaml
from nbo.workbench.rule_files import RULE_FILES, kind_of
from nbo.workbench.rule_format import format_file
from nbo.workbench.rule_format.format_file import format_text
from nbo.workbench.rule_format.places import conditions
from nbo.workbench.schemas import schema_of

ROOT = Path(__file__).parents[2]
SAMPLES = sorted((ROOT / "rules").rglob("*.yaml"))
MANGLED = [path for path in SAMPLES if path.stat().st_size < 20_000]  # the larger ones have the same forms in them
OFFER = "offers/bill_installment.yaml"


def run(*arguments: str) -> Result:
    result = CliRunner().invoke(app, ["fmt", *arguments])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


@pytest.fixture
def pack(rules_copy: Path) -> Path:
    return rules_copy / "cn_credit_card"


def untidy(path: Path) -> None:
    """Spacing that means nothing."""
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace(" >= 500", ">=500").replace("{zh: ", "{ zh:   "), encoding="utf-8")


# --- what stays and what changes --------------------------------------------------------------------------------------


def test_the_samples_and_the_starter_are_in_order() -> None:
    result = run("--check", str(ROOT / "rules"), str(ROOT / "src" / "nbo" / "workbench" / "starter_pack"))
    assert result.exit_code == 0, result.output


def mangled(text: str, chance: random.Random, step: int) -> str:
    """The same file with other indentation, more spaces between tokens and in conditions, and more blank lines."""
    node = parse_yaml(SourceText("f.yaml", "f.yaml", text))
    kind = kind_of_sample(text)
    for scalar in reversed(conditions(node, schema(kind))):
        raw = scalar.span.text
        if scalar.style == "plain" and "\n" not in raw and "'" not in raw and '"' not in raw:
            wide = "".join(each * chance.randint(1, 3) if each == " " else each for each in raw)
            tight = wide.replace(" >= ", ">=").replace(" == ", "==") if chance.random() < 0.5 else wide
            text = text[: scalar.span.start] + tight + text[scalar.span.end :]
    pieces: list[str] = []
    position, before = 0, None
    for token in yaml.scan(text, Loader=yaml.CSafeLoader):
        start, end = token.start_mark.index, token.end_mark.index
        if end == start:
            continue
        gap = text[position:start]
        if "\n" in gap:
            first, *rest = gap.split("\n")
            lines = [line.replace(" " * 2, " " * step) if not line.strip() else _indented(line, step) for line in rest]
            blanks = ["  " * chance.randint(0, 2)] if "" in rest[:-1] and first == "" else []
            gap = "\n".join([first + " " * chance.randint(0, 2) * (not first), *blanks, *lines])
        elif isinstance(before, yaml.BlockEntryToken):
            gap = " " * (step - 1)  # keys of an item start a step after its dash
        elif gap or isinstance(before, yaml.FlowMappingStartToken | yaml.FlowSequenceStartToken):
            gap += " " * chance.randint(0, 2)
        pieces += [gap, text[start:end]]
        position, before = end, token
    return "".join([*pieces, text[position:], "\n" * chance.randint(0, 3)])


@cache
def schema(kind: str) -> dict[str, Any]:
    return schema_of(next(each for each in RULE_FILES if each.name == kind))


def _indented(line: str, step: int) -> str:
    content = line.lstrip(" ")
    return " " * ((len(line) - len(content)) // 2 * step) + content


def kind_of_sample(text: str) -> str:
    return text.partition(".schema.json")[0].rpartition("/")[2]


@settings(max_examples=8)  # each changes the spacing at hundreds of places of a file
@given(chance=st.randoms(use_true_random=False), step=st.integers(2, 5))
@pytest.mark.parametrize("path", MANGLED, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_a_sample_with_other_spacing_becomes_the_sample_again(path: Path, chance: random.Random, step: int) -> None:
    text = path.read_text(encoding="utf-8")
    other = mangled(text, chance, step)
    made = format_text(other, path.as_posix())
    assert not made.found
    assert not made.lost
    assert made.wanted == text


def test_conditions_are_found_in_every_kind_of_file_and_other_texts_are_not_touched() -> None:
    text = (
        "offer: a\nfamily: a\nkind: sales\nlabel: {zh: a>=b, en: 'c==d'}\neligibility:\n- a.b>=1\n- when: \"c.d=='x  y'\"\n"
        "  reason: {zh: e>f, en: g}\nquote: {type: waiver, amount: a.b+1, authority: x}\n"
        "value:\n  bank: {amount: a.b*2, scale: [0,1]}\n  customer: {amount: a.b*3, scale: [0, 1]}\n"
        "propensity: a.c*0.50\nscript: s\n"
    )
    assert format_text(text, "a.yaml").wanted == (
        "offer: a\nfamily: a\nkind: sales\nlabel: {zh: a>=b, en: 'c==d'}\neligibility:\n  - a.b >= 1\n"
        "  - when: \"c.d == 'x  y'\"\n"
        "    reason: {zh: e>f, en: g}\nquote: {type: waiver, amount: a.b + 1, authority: x}\n"
        "value:\n  bank: {amount: a.b * 2, scale: [0, 1]}\n  customer: {amount: a.b * 3, scale: [0, 1]}\n"
        "propensity: a.c * 0.50\nscript: s\n"
    )


def test_a_condition_over_several_lines_keeps_them() -> None:
    text = "- id: a\n  when:\n    - a.b>=1\n      and c.d==2\n    - >\n      a.b>=1\n      and c.d\n"
    assert format_text(text, "segments.yaml").wanted == text


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_a_file_is_known_by_its_keys_as_well_as_by_its_name(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    node = parse_yaml(SourceText("f.yaml", "f.yaml", text))
    assert kind_of("elsewhere/some_file.yaml", node).name == kind_of_sample(text)
    assert kind_of(path.as_posix(), node).name == kind_of_sample(text)


# --- the net below ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "broken",
    [
        lambda text: text.replace("zh:", "en:", 1),
        lambda text: text.replace("500", "5000", 1),
        lambda text: text.replace(" >= ", " > ", 1),
        lambda text: text.replace("# 90 %", "# 80 %", 1),
        lambda text: text.replace("kind: sales", "kind: 'sales'", 1),
        lambda text: text.replace(" >= 500", " >= 500 and", 1),
        lambda _: "a: [",
    ],
)
def test_a_layout_that_would_change_anything_is_not_written(
    broken: object, pack: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    untidy(pack / OFFER)
    before = (pack / OFFER).read_bytes()
    laid_out = format_file.laid_out
    monkeypatch.setattr(format_file, "laid_out", lambda text: broken(laid_out(text)))
    result = run(str(pack / OFFER))
    assert result.exit_code == 1
    assert "cannot be changed" in result.output
    assert (pack / OFFER).read_bytes() == before


# --- the command ------------------------------------------------------------------------------------------------------


def test_it_formats_a_pack_which_stays_the_same_pack(pack: Path) -> None:
    before = check(pack)[0]
    for path in pack.rglob("*.yaml"):
        untidy(path)
    assert run(str(pack)).exit_code == 0
    after = check(pack)[0]
    assert before is not None
    assert after is not None
    assert after.hash == before.hash


def test_check_and_diff_write_nothing(pack: Path) -> None:
    untidy(pack / OFFER)
    before = (pack / OFFER).read_bytes()
    assert run("--check", str(pack)).exit_code == 1
    shown = run("--diff", str(pack))
    assert shown.exit_code == 0
    assert "-  - when: statement.eligible_purchases>=500\n" in shown.output
    assert "+  - when: statement.eligible_purchases >= 500\n" in shown.output
    assert run("--check", "--diff", str(pack)).exit_code == 1
    assert (pack / OFFER).read_bytes() == before
    assert run(str(pack)).exit_code == 0
    assert run("--check", str(pack)).exit_code == 0


@pytest.mark.parametrize(
    ("file", "old", "new", "code"),
    [
        (OFFER, "family:", "famly:", "NBO130"),
        (OFFER, "settlement: charged_so_far", "settlement: soon", "NBO134"),
        (OFFER, "statement.eligible_purchases >= 500", "statement.eligible_purchases >=", "NBO201"),
        ("gates.yaml", "- id: identity", "- id: identity\n- {", "NBO1"),
        ("dictionary.yaml", "type: string, max_length: 64", "type: text, max_length: 64", "NBO134"),
    ],
)
def test_a_file_with_mistakes_is_not_touched_and_the_others_are(
    file: str, old: str, new: str, code: str, pack: Path
) -> None:
    for each in (pack / file, pack / "contact.yaml"):
        untidy(each)
    (pack / "contact.yaml").write_text((pack / "contact.yaml").read_text().replace("days(30)", "days( 30 )"))
    text = (pack / file).read_text(encoding="utf-8").replace(" >=500", " >= 500").replace(">=500", " >= 500")
    assert old in text
    (pack / file).write_text(text.replace(old, new, 1), encoding="utf-8")
    before = (pack / file).read_bytes()
    for language, says in (("en", "it has mistakes"), ("zh", "其中有错误")):
        result = run(str(pack), "--lang", language)
        assert result.exit_code == 1
        assert f"error[{code}" in result.output
        assert says in result.output
    assert (pack / file).read_bytes() == before
    assert "days( 30 )" not in (pack / "contact.yaml").read_text()


def test_line_breaks_mode_mark_and_link_stay(pack: Path) -> None:
    text = (pack / "contact.yaml").read_text(encoding="utf-8")
    windows = b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode()
    target = pack.parent / "elsewhere.yaml"
    target.write_bytes(windows.replace(b"days(30)", b"days( 30)"))
    target.chmod(0o640)
    (pack / "contact.yaml").unlink()
    (pack / "contact.yaml").symlink_to(target)
    assert run(str(pack / "contact.yaml")).exit_code == 0
    assert target.read_bytes() == windows
    assert stat.S_IMODE(target.stat().st_mode) == 0o640
    assert (pack / "contact.yaml").is_symlink()
    assert not list(pack.parent.glob(".*"))


def test_hidden_files_are_left_out_and_a_file_named_twice_is_formatted_once(pack: Path) -> None:
    (pack / ".old").mkdir()
    (pack / ".old" / "gates.yaml").write_text("- {", encoding="utf-8")
    untidy(pack / OFFER)
    result = run(str(pack / OFFER), str(pack), str(pack))
    assert result.exit_code == 0
    assert result.output.count(f"formatted: {pack / OFFER}\n") == 1


@pytest.mark.parametrize("path", ["", "no_such_folder", "empty"])
def test_wrong_use_exits_2(path: str, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    assert run(*([str(tmp_path / path)] if path else [])).exit_code == 2
