"""`nbo report`: what it prints and writes, in each format, also of hostile names and of nothing."""

from __future__ import annotations

import csv
import io
import json
import shutil
import sqlite3
import sys
from contextlib import closing
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from happened import happened
from html_page import Page
from jsonschema import Draft7Validator
from typer.testing import CliRunner

from nbo.cli.main import app
from nbo.history.store import open_store

ROOT = Path(__file__).parents[2]
SCHEMA = Draft7Validator(json.loads((ROOT / "docs" / "schemas" / "report.schema.json").read_text(encoding="utf-8")))
HOSTILE = (
    "</title><script>alert(1)</script>",
    '"><svg onload=alert(1)>',
    "=HYPERLINK(\"http://example.org\")",
    "@SUM(A1)",
    "＝1+1",
    "-2+3",
    "a,b;\"c\"",
    "{{ 7 * 7 }}{% raw %}",
    "\N{RIGHT-TO-LEFT OVERRIDE}dlog",
    "very long " * 18,
)  # fmt: skip


def run(*arguments: object) -> Result:
    return CliRunner().invoke(app, ["report", *map(str, arguments)])


def read(*arguments: object) -> Any:
    result = run(*arguments, "--format", "json")
    assert result.exit_code == 0, result.output
    form = json.loads(result.stdout)
    SCHEMA.validate(form)
    return form


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("report")


@pytest.fixture(scope="module")
def rules(folder: Path) -> tuple[str, str]:
    """The starter, whose needs have labels."""
    shutil.copytree(ROOT / "src" / "nbo" / "workbench" / "starter_pack", folder / "rules")
    dictionary = folder / "rules" / "dictionary.yaml"
    text, values = dictionary.read_text(encoding="utf-8"), "values: [ease_payment, hardship]"
    assert values in text
    labeled = "values: {ease_payment: {label: {zh: 缓解还款, en: ease the payment}}, hardship: {}}"
    dictionary.write_text(text.replace(values, labeled), encoding="utf-8")
    return "--rules", str(folder / "rules")


@pytest.fixture(scope="module")
def small(folder: Path) -> str:
    """Three presentations of a day and one of the next."""
    where = str(folder / "small.db")
    with open_store(where, clock=lambda: datetime(2026, 12, 1, tzinfo=UTC)) as store:
        for each in (
            happened(
                "presented", "2026-11-16T23:00", "a", offer="bill_installment", agent="li", needs=("ease_payment",)
            ),
            happened("accepted", "2026-11-16T23:01", "a", offer="bill_installment"),
            happened("booked", "2026-11-16T23:02", "a", offer="bill_installment", amount=Decimal("120.50")),
            happened("presented", "2026-11-16T10:00", "b", offer="bill_installment", agent="li"),
            happened("declined", "2026-11-16T10:01", "b", offer="bill_installment", reason="too_expensive"),
            happened("presented", "2026-11-16T11:00", "c", offer="repayment_help", agent="wang"),
            happened("rated", "2026-11-16T11:09", "c", offer="repayment_help", csat=4),
            happened("presented", "2026-11-17T11:00", "d", offer="repayment_help"),
            happened("no_answer", "2026-11-17T11:00", "e", offer="repayment_help"),
        ):
            assert store.record(each) == "new"
    return where


@pytest.fixture(scope="module")
def hostile(folder: Path) -> str:
    """Every name is an attempt at something."""
    where = str(folder / "hostile.db")
    with open_store(where, clock=lambda: datetime(2026, 12, 1, tzinfo=UTC)) as store:
        for name in HOSTILE:
            names = {"offer": name, "family": name, "agent": name, "channel": name, "script": name}
            store.record(happened("presented", "2026-11-16T10:00", name, needs=(name,), **names))
            store.record(happened("declined", "2026-11-16T10:01", name, reason=name, **names))
    return where


@pytest.fixture(scope="module")
def empty(folder: Path) -> str:
    where = str(folder / "empty.db")
    open_store(where).close()
    return where


# --- people and programs ----------------------------------------------------------------------------------------------


def test_the_table_says_it_in_both_languages(
    small: str, monkeypatch: pytest.MonkeyPatch, rules: tuple[str, str]
) -> None:
    monkeypatch.setenv("COLUMNS", "100")
    english = run(small, "--zone", "Asia/Shanghai", "--least", "2").stdout
    assert english.splitlines()[:6] == [
        "Offers and what became of them: all days (days in Asia/Shanghai)",
        "1 attempts reached nobody and are not counted as presentations.",
        "Offer             Presented        Conversion  Booked  Cancelled  Complaints  Per call        CSAT",
        "bill_installment          2  50.0% (9.5–90.5)       1          0           0     60.25           –",
        "repayment_help            2   0.0% (0.0–65.8)       0          0           0      0.00  4.00 (n=1)",
        "all together              4  25.0% (4.6–69.9)       1          0           0     30.13  4.00 (n=1)",
    ]
    chinese = run(small, *rules, "--lang", "zh").stdout
    assert all(
        words in chinese for words in ("按 Asia/Shanghai 计日", "账单分期", "转化率", "样本少", "拒绝", "缓解还款")
    )


def test_the_json_form_is_as_its_schema_says(small: str, rules: tuple[str, str]) -> None:
    form = read(small, *rules, "--from", "2026-11-16", "--through", "2026-11-16")
    assert (form["zone"], form["from"], form["through"]) == ("Asia/Shanghai", "2026-11-16", "2026-11-16")
    assert form["total"] == {
        "presented": 3, "calls": 3, "accepted": 1, "declined": 1, "deferred": 0, "no_answer": 0, "open": 1,
        "conversion": {"value": "0.3333", "low": "0.0615", "high": "0.7923"}, "booked": 1, "booking": "0.3333",
        "booked_without_amount": 0, "cancelled": 0, "cancellation": "0.0000", "refunded": 0, "revenue": "120.50",
        "revenue_per_call": "40.17", "complained": 0, "complaints": "0.0000", "rated": 1, "csat": "4.00",
    }  # fmt: skip
    assert [(each["name"], each["label"]) for each in form["groups"]] == [
        ("bill_installment", "Bill installment"),
        ("repayment_help", "Repayment help"),
    ]
    assert [(each["name"], each["label"]) for each in form["needs"]] == [
        ("ease_payment", "ease the payment"),
        (None, None),
    ]
    assert form["reasons"] == [
        {"offer": "bill_installment", "refusal": "declined", "reason": "too_expensive", "count": 1, "of": 1}
    ]


@pytest.mark.parametrize("by", ["offer", "family", "script", "agent", "day", "channel"])
def test_every_way_of_telling_apart_conforms_to_the_schema(small: str, hostile: str, empty: str, by: str) -> None:
    for store in (small, hostile, empty):
        form = read(store, "--by", by)
        assert form["by"] == by
        assert sum(each["presented"] for each in form["groups"]) == form["total"]["presented"]


def test_the_zone_decides_on_the_day(small: str) -> None:
    days = [each["name"] for each in read(small, "--zone", "Pacific/Auckland")["days"]]
    assert days == ["2026-11-16", "2026-11-17", "2026-11-18"][: len(days)]
    assert [each["name"] for each in read(small)["days"]] == ["2026-11-16", "2026-11-17"]
    shifted = read(small, "--by", "day", "--from", "2026-11-17", "--zone", "Pacific/Auckland")
    assert [(each["name"], each["accepted"]) for each in shifted["groups"]] == [("2026-11-17", 1)]


# --- CSV --------------------------------------------------------------------------------------------------------------


def test_csv_has_each_table(small: str) -> None:
    reasons = run(small, "--format", "csv", "--table", "reasons").stdout
    assert reasons == "offer,refusal,reason,count,of\nbill_installment,declined,too_expensive,1,1\n"
    figures = run(small, "--format", "csv", "--by", "agent", "--least", "2").stdout
    assert [line.split(",")[:6] for line in figures.splitlines()] == [
        ["name", "label", "sort", "together", "small", "presented"],
        ["li", "", "one", "", "false", "2"],
        ["", "", "unrecorded", "", "true", "1"],
        ["", "", "few", "1", "true", "1"],
    ]
    needs = list(csv.DictReader(io.StringIO(run(small, "--format", "csv", "--table", "needs").stdout)))
    assert [(each["name"], each["sort"], each["conversion_high"]) for each in needs] == [
        ("ease_payment", "one", "1.0000"),
        ("", "unrecorded", "0.5615"),
    ]


def test_a_table_in_a_file_has_no_colors(small: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    out = tmp_path / "figures.txt"
    assert run(small, "--out", out).output == ""
    assert out.read_text(encoding="utf-8").startswith("Offers and what became of them: all days")


@pytest.mark.parametrize("table", ["figures", "needs", "reasons"])
def test_no_cell_of_a_csv_file_is_a_formula(hostile: str, table: str) -> None:
    rows = list(csv.reader(io.StringIO(run(hostile, "--format", "csv", "--table", table).stdout)))
    cells = [each for row in rows[1:] for each in row]
    assert len(rows) == len(HOSTILE) + 1
    assert not [each for each in cells if each.startswith(("=", "+", "-", "@", "＝"))]
    assert {each.strip() for each in HOSTILE} <= {each.removeprefix("'").strip() for each in cells}


def test_a_csv_file_tells_a_spreadsheet_that_it_is_utf_8(small: str, tmp_path: Path) -> None:
    out = tmp_path / "figures.csv"
    assert run(small, "--format", "csv", "--out", out).output == ""
    assert out.read_bytes().startswith(b"\xef\xbb\xbfname,label,")
    assert run(small, "--format", "json", "--out", out).exit_code == 0
    assert out.read_bytes().startswith(b"{")


# --- HTML -------------------------------------------------------------------------------------------------------------


def test_the_page_needs_nothing_else_and_says_every_plot_in_words(small: str, rules: tuple[str, str]) -> None:
    text = run(small, *rules, "--format", "html").stdout
    page = Page(text)
    assert page.names.isdisjoint({"script", "img", "link", "iframe", "object", "image", "use"})
    assert "default-src 'none'" in text
    assert not [each for each in (*page.every("src"), *page.every("href")) if not each.startswith("#")]
    plots = [attributes for tag, attributes in page.tags if tag == "svg"]
    assert len(plots) == 4
    ids = page.every("id")
    assert len(ids) == len(set(ids))
    for each in plots:
        assert each["role"] == "img"
        assert set(str(each["aria-labelledby"]).split()) <= set(ids)
    tables = [tag for tag, _ in page.tags if tag in ("svg", "table")]
    assert tables == ["svg", "table"] * 4, "a table beside each plot says the same"
    assert "Bill installment" in page.text


def test_nothing_of_a_name_becomes_markup(hostile: str) -> None:
    usual = {tag for tag, _ in Page(run(hostile, "--format", "html", "--from", "2027-01-01").stdout).tags}
    for by in ("offer", "agent", "script", "channel", "family"):
        text = run(hostile, "--format", "html", "--by", by, "--least", "1").stdout
        page = Page(text)
        assert page.names <= usual | {"svg", "desc", "rect", "line", "circle", "text", "code", "small", "table", "caption",
                                      "thead", "tbody", "tr", "th", "td", "span"}  # fmt: skip
        assert not [name for _, attributes in page.tags for name in attributes if name.startswith("on")]
        assert "\N{RIGHT-TO-LEFT OVERRIDE}" not in text
        for name in HOSTILE:
            shown = name.strip().replace("\N{RIGHT-TO-LEFT OVERRIDE}", "\N{REPLACEMENT CHARACTER}")
            assert shown in page.text


def test_a_plot_shows_weeks_where_there_is_no_room_for_days(folder: Path) -> None:
    where = str(folder / "long.db")
    with open_store(where, clock=lambda: datetime(2026, 12, 1, tzinfo=UTC)) as store:
        store.record(happened("presented", "2026-06-01T10:00", "a"))
        store.record(happened("presented", "2026-11-30T10:00", "b"))
        store.record(happened("accepted", "2026-11-30T10:01", "b"))
    page = Page(run(where, "--format", "html", "--zone", "Asia/Shanghai").stdout)
    assert "Accepted by week, from its Monday" in page.text
    assert sum(tag == "rect" for tag, _ in page.tags) == 27 + 2, "a column each week, a bar and its ground for the need"
    with open_store(where, clock=lambda: datetime(2026, 12, 1, tzinfo=UTC)) as store:
        store.record(happened("presented", "0001-01-01T10:00:00+00:00", "c"))
    assert "Accepted by year" in Page(run(where, "--format", "html").stdout).text


# --- nothing, and wrong use -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("output", ["text", "csv", "html"])
def test_a_store_without_presentations_has_a_report_that_says_so(empty: str, output: str) -> None:
    result = run(empty, "--format", output)
    assert result.exit_code == 0
    if output == "csv":
        assert len(result.stdout.splitlines()) == 1
    else:
        assert "Nothing was presented in this time." in result.stdout
        assert "没有呈现记录" in run(empty, "--format", output, "--lang", "zh").stdout


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--from", "16.11.2026"], "nbo: `16.11.2026` is not a day such as 2026-11-16"),
        (["--through", "2026-02-30"], "nbo: `2026-02-30` is not a day such as 2026-11-16"),
        (["--from", "2026-11-17", "--through", "2026-11-16"], "nbo: --from lies after --through"),
        (["--zone", "Asia/Peking Duck"], "nbo: `Asia/Peking Duck` is not a time zone such as Asia/Shanghai"),
        (["--zone", "../etc/passwd"], "nbo: `../etc/passwd` is not a time zone such as Asia/Shanghai"),
        (["--out", "no/such/folder/x.html"], "nbo: cannot write `no/such/folder/x.html`: No such file or directory"),
    ],
)
def test_wrong_use_is_one_line_and_exit_code_2(small: str, arguments: list[str], said: str) -> None:
    result = run(small, *arguments)
    assert (result.exit_code, result.output) == (2, said + "\n")


def test_the_store_may_be_named_by_the_environment(small: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NBO_HISTORY_STORE", small)
    assert run().stdout == run(small).stdout


def test_what_is_no_store_is_one_line_in_the_language_of_the_report(tmp_path: Path) -> None:
    (tmp_path / "rules.yaml").write_text("pack: cn_credit_card\n" * 100)
    for where, english, chinese in (
        (tmp_path / "none.db", "there is no history store", "历史库不存在"),
        (tmp_path / "rules.yaml", "the history store is damaged, or is no database", "历史库已损坏"),
    ):
        result = run(where)
        assert result.exit_code == 1
        assert result.output.startswith(f"nbo: {english}")
        assert len(result.output.splitlines()) == 1
        assert chinese in run(where, "--lang", "zh").output
    assert not (tmp_path / "none.db").exists()
    assert run("mysql://somewhere/else").exit_code == 2


@pytest.mark.parametrize(("column", "kind"), [("amount", "booked"), ("needs", "presented")])
def test_a_row_that_no_store_wrote_is_one_line(folder: Path, column: str, kind: str) -> None:
    where = folder / f"{column}.db"
    with open_store(str(where), clock=lambda: datetime(2026, 12, 1, tzinfo=UTC)) as store:
        store.record(happened(kind, "2026-11-16T10:00"))
    with closing(sqlite3.connect(where)) as connection:
        connection.execute(f"UPDATE nbo_interaction SET {column} = '{{what'")  # noqa: S608 - the test's own words
        connection.commit()
    result = run(where)
    assert (result.exit_code, len(result.output.splitlines())) == (1, 1)
    assert result.output.startswith("nbo: the history store is damaged")


def test_without_the_extra_it_says_what_to_install(small: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [each for each in sys.modules if each.startswith(("nbo.history.", "nbo.workbench.figures.collect"))]:
        if name not in ("nbo.history.errors", "nbo.history.exact"):
            monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "sqlalchemy", None)
    result = run(small)
    assert result.exit_code == 2
    assert result.output == "nbo: reports need SQLAlchemy: install `nbo[stores]`, or `nbo[postgres]`\n"
