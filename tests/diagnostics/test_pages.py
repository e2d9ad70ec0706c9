"""A code exists only with a wrong example, what nbo says to it, and a page: one test checks all three.

`NBO_UPDATE_PAGES=1 pytest tests/diagnostics` writes what nbo says now into the pages; read the difference before keeping it.
"""

from __future__ import annotations

import os
import re
from datetime import datetime
from pathlib import Path

import pytest
from pages import BUILDERS, CODES, PAGES, Pack, Page, index, title_of

import nbo
from nbo.diagnostics.diagnostic import Diagnostic, Text
from nbo.diagnostics.render import render_text

AT = datetime.fromisoformat("2026-11-16T10:30:00+08:00")
UPDATE = os.environ.get("NBO_UPDATE_PAGES") == "1"
HAN = re.compile("[\u4e00-\u9fff]")


def findings(pack: Pack, folder: Path, monkeypatch: pytest.MonkeyPatch) -> list[Diagnostic]:
    """What nbo says to a pack, with paths as seen from the pack's folder."""
    monkeypatch.chdir(pack.build(folder))
    return nbo.check(".", at=AT)[1]


@pytest.mark.parametrize("code", sorted(CODES))
def test_every_code_has_a_page_whose_examples_hold(code: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page = Page.of(code)
    assert page.wrong.files or page.wrong.builders, "the page shows no mistake"
    found = findings(page.wrong, tmp_path / "wrong", monkeypatch)
    english, chinese = render_text(found), render_text(found, "zh")
    if UPDATE:
        page.path.write_text(page.rewritten(CODES[code], english, chinese), encoding="utf-8")
        page = Page.of(code)
    assert code in {each.code.id for each in found}
    assert page.says == (english, chinese)
    assert findings(page.right, tmp_path / "right", monkeypatch) == [], "the corrected files are not clean"
    assert page.title == title_of(CODES[code])
    paragraphs = [each for each in page.about.split("\n\n") if each]
    assert any(HAN.search(each) for each in paragraphs), "the page does not say in Chinese why"
    assert any(not HAN.search(each) for each in paragraphs), "the page does not say in English why"


def test_no_page_is_without_a_code_and_the_index_has_them_all() -> None:
    readme = PAGES / "README.md"
    if UPDATE:
        readme.write_text(index(), encoding="utf-8")
    assert {each.stem for each in PAGES.glob("*")} == {"README", *CODES}
    assert readme.read_text(encoding="utf-8") == index()


def test_every_builder_is_used_by_a_page() -> None:
    assert {name for code in CODES for name in Page.of(code).wrong.builders} == set(BUILDERS)


# --- the wording of the catalog ---------------------------------------------------------------------------------------

FIELD = re.compile(r"(?<!\{)\{(\w+)\}(?!\})")
PYTHON = re.compile(r"\b(str|int|bool|dict|tuple|Decimal|NoneType|None|TypeError|ValueError|Mapping|Sequence|Scalar)\b")


def texts() -> list[tuple[str, Text]]:
    helps = [(f"{each.id} help", each.help) for each in CODES.values() if each.help is not None]
    return [*((each.id, each.message) for each in CODES.values()), *helps]


@pytest.mark.parametrize(("name", "text"), texts(), ids=lambda value: value if isinstance(value, str) else "")
def test_a_text_is_in_both_languages_and_follows_the_guide(name: str, text: Text) -> None:
    assert text.en
    assert HAN.search(text.zh)
    assert not HAN.search(text.en)
    assert set(FIELD.findall(text.en)) == set(FIELD.findall(text.zh)), "both languages show the same values"
    assert not re.match(r"[A-Z][a-z]", text.en), "no capital at the start"
    for each in text:
        assert not each.endswith((".", "。", "!", "！")), "no full stop"
        assert each == each.strip()
        assert each.count("`") % 2 == 0, "what is quoted stands between backticks"
        assert not PYTHON.search(each), "no type names of Python"
        each.format_map(dict.fromkeys(FIELD.findall(each), "x"))  # braces are written so that they can be filled


def test_codes_are_unique_and_numbered_by_what_they_are_about() -> None:
    assert all(re.fullmatch(r"NBO[1-6]\d\d", code) for code in CODES)
    assert len({each.message.en for each in CODES.values()}) >= len(CODES) - 1  # 133 and 216 say the same of two places
