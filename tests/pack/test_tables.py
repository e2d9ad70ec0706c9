"""Decision tables in a pack: what conditions read of them, and what an analyst is told of files that cannot be right."""

from __future__ import annotations

from decimal import Decimal

import pytest
from pack_copy import AT, PackCopy

import nbo
from nbo.decide.facts import prepare_facts
from nbo.language.types import Value
from nbo.source.csv_file import MOST_CELLS

FEE, TABLES = "tables/fee.csv", "tables.yaml"
HEADING = "customer.risk_grade,customer.age,monthly\n"
PLAIN = HEADING + "-,-,10\n"


def value(pack: PackCopy, name: str, profile: object) -> Value | None:
    """What an attribute is for a customer."""
    loaded, found = pack.check()
    assert loaded is not None, [each.message() for each in found]
    return prepare_facts(loaded, profile, AT).value(loaded.dictionary, name)


def fee(pack: PackCopy, grade: str | None, age: int | None) -> Value | None:
    return value(pack, "table.fee.monthly", {"customer": {"risk_grade": grade, "age": age}})


# --- what a table gives -----------------------------------------------------------------------------------------------


def test_an_output_is_an_attribute_that_follows_from_the_customer(pack: PackCopy) -> None:
    assert fee(pack, "B", 59) == Decimal(10)
    assert fee(pack, "C", 60) == Decimal(5)
    assert fee(pack, "A", None) == Decimal(0)
    assert fee(pack, "B", None) is None
    assert fee(pack, None, 59) is None


def test_conditions_and_scripts_read_it(pack: PackCopy) -> None:
    pack.edit("offers/gold.yaml", "customer.age >= 18", "table.fee.monthly < 20")
    pack.edit("scripts/installment.yaml", "{{ quote.payment }}", "{{ table.fee.monthly }}")
    engine = nbo.Engine.load(pack.root)
    results = {}
    for grade in ("A", "D", None):
        clauses = engine.explain({"customer": {"risk_grade": grade, "age": 30}}, "gold", at=AT).offers[0].clauses
        results[grade] = [clause.result for clause in clauses]
    assert results == {"A": [], "D": ["false"], None: ["unknown"]}


def test_what_a_table_gives_is_missing_for_the_reason_that_its_inputs_are(pack: PackCopy) -> None:
    pack.edit("offers/gold.yaml", "customer.age >= 18", "table.fee.monthly < 20")
    engine = nbo.Engine.load(pack.root)
    gold = engine.explain({"customer": {"risk_grade": "B"}}, "gold", at=AT).offers[0]
    assert [list(clause.missing) for clause in gold.clauses] == [["customer.age"]]


def test_a_profile_cannot_supply_what_a_table_gives(pack: PackCopy) -> None:
    profile = {"table": {"fee": {"monthly": 1}}, "customer": {"risk_grade": "D"}}
    assert value(pack, "table.fee.monthly", profile) == Decimal(20)


def test_a_refused_value_is_not_taken_for_a_missing_one(pack: PackCopy) -> None:
    pack.write(FEE, HEADING.replace(",customer.age", "") + "is missing,0\n-,20\n")
    pack.edit(TABLES, "unique", "first")
    assert value(pack, "table.fee.monthly", {}) == Decimal(0)
    assert value(pack, "table.fee.monthly", {"customer": {"risk_grade": "Z"}}) is None


def test_a_column_can_ask_any_expression(pack: PackCopy) -> None:
    pack.write(FEE, '"count(history, it.response == decline)",monthly\n0,1\n[1..2],2\n>= 3,3\n')
    profile = {
        "history": [{"response": "decline"}, {"response": "accept"}],
        "consent": {"personalization_opt_out": False},
    }
    assert value(pack, "table.fee.monthly", profile) == Decimal(2)


def test_a_set_is_asked_value_by_value(pack: PackCopy) -> None:
    pack.write(FEE, 'call.need_tags,monthly\n"travel, ease_payment",1\n"not(travel, ease_payment)",2\n')
    for tags, answer in ((["travel"], 1), (["ease_payment", "travel"], 1), ([], 2), (None, None)):
        assert value(pack, "table.fee.monthly", {"call": {"need_tags": tags}}) == answer


def test_a_set_can_be_asked_whether_it_is_missing(pack: PackCopy) -> None:
    pack.write(FEE, "call.need_tags,monthly\ntravel,1\nis missing,2\n-,3\n").edit(TABLES, "unique", "first")
    for tags, answer in ((["travel"], 1), (None, 2), (["ease_payment"], 3), ([], 3)):
        assert value(pack, "table.fee.monthly", {"call": {"need_tags": tags}}) == answer


SEGMENTS = """- id: young
  when:
    - customer.age < 30
- id: prime
  when:
    - customer.risk_grade in [A, B]
"""
MATRIX = """- table: fit
  file: tables/fit.csv
  hit: first
  outputs:
    gold: {type: boolean}
    lounge: {type: boolean}
"""


def matrix(pack: PackCopy, cells: str) -> PackCopy:
    pack.write("segments.yaml", SEGMENTS).write("tables/fit.csv", cells).write(TABLES, pack.text(TABLES) + MATRIX)
    return pack.edit("pack.yaml", "tables:", "segments: segments.yaml\ntables:")


def test_a_matrix_of_segments_and_products_is_a_table(pack: PackCopy) -> None:
    matrix(pack, 'segment,gold,lounge\nprime,true,true\nyoung,true,false\n"not(young, prime)",false,false\n')
    people = [("A", 50, True, True), ("D", 20, True, False), ("D", 50, False, False), (None, 20, None, None)]
    for grade, age, gold, lounge in people:
        customer = {"customer": {"risk_grade": grade, "age": age}}
        assert value(pack, "table.fit.gold", customer) is (True if age == 20 else gold)
        assert value(pack, "table.fit.lounge", customer) is lounge


def test_a_segment_can_read_a_table(pack: PackCopy) -> None:
    pack.write("segments.yaml", "- id: cheap\n  when:\n    - table.fee.monthly <= 5\n")
    pack.edit("pack.yaml", "tables:", "segments: segments.yaml\ntables:")
    assert value(pack, "segment.cheap", {"customer": {"risk_grade": "A"}}) is True


def test_a_table_can_read_a_table_above_it(pack: PackCopy) -> None:
    more = "- table: level\n  file: tables/level.csv\n  hit: unique\n  outputs:\n    high: {type: boolean}\n"
    pack.write("tables/level.csv", "table.fee.monthly,high\n>= 10,true\n< 10,false\n")
    pack.write(TABLES, pack.text(TABLES) + more)
    assert value(pack, "table.level.high", {"customer": {"risk_grade": "D"}}) is True
    pack.write(TABLES, more + pack.text(TABLES).removesuffix(more))
    pack.only("NBO203")


def test_an_opt_out_hides_profile_attributes_from_tables_too(pack: PackCopy) -> None:
    pack.write(FEE, "customer.city,monthly\nShanghai,1\nnot(Shanghai),2\n")
    stays = {"customer": {"city": "Shanghai"}, "consent": {"personalization_opt_out": False}}
    leaves = {**stays, "consent": {"personalization_opt_out": True}}
    assert (value(pack, "table.fee.monthly", stays), value(pack, "table.fee.monthly", leaves)) == (Decimal(1), None)


def test_the_interface_list_has_what_a_table_reads(pack: PackCopy) -> None:
    pack.edit("offers/gold.yaml", "customer.age >= 18", "table.fee.monthly < 20")
    read = {each.attribute.name for each in nbo.Engine.load(pack.root).requirements()}
    assert {"customer.risk_grade", "customer.age"} <= read
    assert not any(name.startswith("table.") for name in read)


def test_an_evaluation_shows_the_row_that_answered(pack: PackCopy) -> None:
    engine = nbo.Engine.load(pack.root)
    steps = engine.evaluate("table.fee.monthly", {"customer": {"risk_grade": "B", "age": 70}}, at=AT).steps
    assert [(step.text, step.value) for step in steps] == [
        ("customer.risk_grade", "B"),
        ("customer.age", 70),
        ('tables/fee.csv:4:1: "B, C",>= 60,5', True),
        ("table.fee.monthly", "5"),
    ]


def test_a_changed_cell_changes_the_hash(pack: PackCopy) -> None:
    before = pack.check()[0]
    after = pack.edit(FEE, "D,-,20", "D,-,21").check()[0]
    assert before is not None
    assert after is not None
    assert before.hash != after.hash


# --- what a table says about values -----------------------------------------------------------------------------------


def test_a_condition_on_a_table_knows_what_its_rows_give(pack: PackCopy) -> None:
    pack.edit("offers/gold.yaml", "customer.age >= 18", "table.fee.monthly > 20")
    assert pack.only("NBO208").help() == "no value within `table.fee.monthly` (0 to 20) satisfies it"


@pytest.mark.parametrize("setting", ["collect: sum", "of: enum", "values: [A]", "max_length: 3"])
def test_an_output_has_the_settings_of_its_type_alone(pack: PackCopy, setting: str) -> None:
    pack.edit(TABLES, "max: 100", f"max: 100, {setting}")
    assert pack.findings()[0][1] in ("NBO306", "NBO307")


@pytest.mark.parametrize(
    ("type_", "code"),
    [("money, collect: sum", None), ("integer, collect: count", None), ("set, of: enum, values: [travel]", None),
     ("money", "NBO131"), ("money, collect: count", "NBO306"), ("boolean, collect: sum", "NBO306")],
)  # fmt: skip
def test_a_collected_number_says_how(pack: PackCopy, type_: str, code: str | None) -> None:
    pack.write(TABLES, f"- table: fee\n  file: {FEE}\n  hit: collect\n  outputs:\n    monthly: {{type: {type_}}}\n")
    cell = "travel" if "set" in type_ else "true" if "boolean" in type_ else "1"
    pack.write(FEE, f"customer.age,monthly\n>= 18,{cell}\n")
    assert [found for _, found in pack.findings()] == ([] if code is None else [code])


# --- files that cannot be right ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cell", "better"),
    [("18-59", "[18..59]"), ("18~59", "[18..59]"), ("18 to 59", "[18..59]"), ("≥18", ">= 18"), ("＞18", "> 18"), ("=18", "18"),
     ("> 18 and < 60", "(18..60)"), (">= 18 and <= 60", "[18..60]"), ("60+", ">= 60"), ("60以上", ">= 60"), ("18、19", "18, 19"),
     ("18;19", "18, 19"), ("18 or 19", "18, 19"), ("<>18", "!= 18"), ("=>18", ">= 18"), ("any", "-"), ("任意", "-"), ("*", "-"),
     ("[18, 19]", "18, 19"), ("not 18", "not(18)"), ("not in [18, 19]", "not(18, 19)"), ("（18..60）", "(18..60)")],
)  # fmt: skip
def test_what_people_write_in_a_cell_is_answered_with_what_to_write(pack: PackCopy, cell: str, better: str) -> None:
    written = f'"{cell}"' if "," in cell else cell
    found = pack.write(FEE, f"customer.age,monthly\n{written},10\n").check()[1]
    assert [each.code.id for each in found] == ["NBO324"]
    assert found[0].help() == f"did you mean `{better}`?"
    assert found[0].span is not None
    assert found[0].span.text == cell


@pytest.mark.parametrize(("cell", "better"), [("yes", "true"), ("是", "true"), ("N", "false"), ("1", "true")])
def test_true_and_false_are_written_so(pack: PackCopy, cell: str, better: str) -> None:
    found = pack.write(FEE, f"call.recording_on,monthly\n{cell},10\n").check()[1]
    assert found[0].help() == f"did you mean `{better}`?"


def test_a_misspelt_value_is_answered_with_the_nearest(pack: PackCopy) -> None:
    found = pack.write(FEE, "account.status,monthly\nactiv,10\n").check()[1]
    assert found[0].help() == "did you mean `active`?"


@pytest.mark.parametrize(
    ("content", "codes"),
    [
        ("", ["NBO108"]),
        ("\n\n", ["NBO108"]),
        (HEADING, ["NBO108"]),
        ("customer.risk_grade,customer.age\n-,-\n", ["NBO321"]),
        ("customer.risk_grade,monthly,monthly\n-,1,1\n", ["NBO113"]),
        ("customer.risk_grad,monthly\n-,1\n", ["NBO203"]),
        ("risk_grade,monthly\n-,1\n", ["NBO320"]),
        ("quote.payment,monthly\n-,1\n", ["NBO314"]),
        ("customer.age > ,monthly\n-,1\n", ["NBO201"]),
        ("__import__('os').system('x'),monthly\n-,1\n", ["NBO202"]),
        (",monthly\n-,1\n", ["NBO323"]),
        (HEADING + "A,-,\n", ["NBO323"]),
        (HEADING + "A,-,ten\n", ["NBO133"]),
        (HEADING + "A,-,1000\n", ["NBO133"]),
        (HEADING + 'A,-,"1,000"\n', ["NBO133"]),
        (HEADING + "A,-,10,\n", ["NBO322"]),
        (HEADING + "A,-\n", ["NBO322"]),
        (HEADING + 'A,"> 5,10\n', ["NBO119"]),
        (HEADING + 'A,"> 5" x,10\n', ["NBO106"]),
        (HEADING + "-,> 130,10\n-,<= 130,5\n", ["NBO208"]),
        (PLAIN.replace(",", ";"), ["NBO136"]),
        (PLAIN.replace(",", "\t"), ["NBO136"]),
        (PLAIN.replace("-,-", "最好,-").encode("gbk"), ["NBO102"]),
        (PLAIN.encode("utf-16"), ["NBO102"]),
        (b"PK\x03\x04\xff\xfe", ["NBO102"]),
        (HEADING + "-,-,1\n" * MOST_CELLS, ["NBO103"]),
        (b"x," * 5_000_000, ["NBO103"]),
    ],
    ids=range(27),
)
def test_a_file_that_cannot_be_right_is_a_finding(pack: PackCopy, content: str | bytes, codes: list[str]) -> None:
    assert [code for _, code in pack.write(FEE, content).findings()] == codes


@pytest.mark.parametrize(
    "content",
    [PLAIN, PLAIN.replace("\n", "\r\n"), "\ufeff" + PLAIN, "\n" + PLAIN + "\n\n,,\n", HEADING + ' - , "-" , 10'],
)
def test_a_file_as_spreadsheets_write_it_is_read(pack: PackCopy, content: str) -> None:
    pack.write(FEE, content)
    assert fee(pack, None, None) == Decimal(10)


def test_a_note_beside_the_rows_means_nothing(pack: PackCopy) -> None:
    pack.write(FEE, "customer.age,# why,monthly\n-,,10\n")
    assert fee(pack, None, None) == Decimal(10)


def test_all_mistakes_of_a_file_are_found_at_once_and_no_more_than_a_person_reads(pack: PackCopy) -> None:
    found = pack.write(FEE, HEADING + "Z,18-60,ten\n" * 200).findings()
    assert {code for _, code in found} == {"NBO324"}
    assert len(found) == 100
    assert [code for _, code in pack.write(FEE, HEADING + "Z,18-60,ten\n").findings()] == ["NBO324", "NBO324", "NBO133"]


def test_what_reads_a_broken_table_is_not_complained_of(pack: PackCopy) -> None:
    pack.edit("offers/gold.yaml", "customer.age >= 18", "table.fee.monthly < 20")
    pack.write(FEE, HEADING + "Z,-,1\n").only("NBO324")
    pack.edit(TABLES, "hit: unique", "hit: uniqe").only("NBO134")


def test_a_misspelt_output_is_answered_with_the_nearest(pack: PackCopy) -> None:
    pack.edit("offers/gold.yaml", "customer.age >= 18", "table.fee.montly < 20")
    assert pack.only("NBO203").help() == "did you mean `table.fee.monthly`?"


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("../../secret.csv", "NBO122"),
        ("/etc/passwd", "NBO122"),
        ("tables/no.csv", "NBO120"),
        ("tables", "NBO101"),
        ("", "NBO135"),
    ],
)
def test_a_path_leads_to_a_file_of_the_pack(pack: PackCopy, path: str, code: str) -> None:
    found = pack.edit(TABLES, FEE, path).findings()
    assert code in {each for _, each in found}
    assert {each for _, each in found} <= {code, "NBO121"}


def test_a_table_that_nothing_names_is_surplus(pack: PackCopy) -> None:
    assert pack.write("tables/old.csv", PLAIN).findings() == [("tables/old.csv", "NBO121")]


def test_a_link_out_of_the_rules_is_refused(pack: PackCopy) -> None:
    outside = pack.root.parent.parent / "outside.csv"
    outside.write_text(PLAIN)
    (pack.root / FEE).unlink()
    (pack.root / FEE).symlink_to(outside)
    assert [code for _, code in pack.findings()] == ["NBO122"]


@pytest.mark.parametrize("name", ["my-fee", "in", "费率"])
def test_a_table_and_its_outputs_have_names_that_a_condition_can_write(pack: PackCopy, name: str) -> None:
    expected = [] if name == "费率" else ["NBO309"]
    pack.edit(TABLES, "table: fee", f"table: {name}")
    assert [code for _, code in pack.findings()] == expected
    pack.edit(TABLES, f"table: {name}", "table: fee").edit(TABLES, "monthly:", f"{name}:").edit(FEE, "monthly", name)
    assert [code for _, code in pack.findings()] == expected
