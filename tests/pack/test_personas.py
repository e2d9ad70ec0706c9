"""Personas of a pack's tests: what they inherit, what is wrong with them, and that no inheritance takes long."""

from __future__ import annotations

from time import process_time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tested_pack import CLOCK, TestedPack

from nbo.pack.case_profile import merged

CASES = "cases:\n  - {id: one, about: One., persona: heir, winner: none}\n"


def profile(tested: TestedPack, personas: str, case: str = CASES) -> Any:
    return tested.file("cases.yaml", CLOCK + "personas:\n" + personas + case).cases()["one"].profile


def nested(tested: TestedPack, personas: str, code: str) -> str:
    """The underlined text of the one finding."""
    found = tested.file("cases.yaml", CLOCK + "personas:\n" + personas + CASES).only(code)
    assert found.span is not None
    return found.span.text


def test_an_heir_changes_key_by_key_and_keeps_the_rest(tested: TestedPack) -> None:
    personas = """
  old: {profile: {customer: {age: 40, surname: 李}, account: {status: active}}}
  heir: {inherits: old, profile: {customer: {age: 20}}}
"""
    assert profile(tested, personas) == {"customer": {"age": 20, "surname": "李"}, "account": {"status": "active"}}


def test_null_takes_away_an_attribute_or_a_namespace(tested: TestedPack) -> None:
    personas = """
  old: {profile: {customer: {age: 40, surname: 李}, account: {status: active}, history: []}}
  heir: {inherits: old, profile: {customer: {age: null}, account: null, history: ~}}
"""
    taken = profile(tested, personas)
    assert taken == {"customer": {"age": None, "surname": "李"}, "account": None, "history": None}


def test_what_was_taken_away_can_be_given_back(tested: TestedPack) -> None:
    personas = """
  old: {profile: {account: {status: active, days_past_due: 3}}}
  bare: {inherits: old, profile: {account: null}}
  heir: {inherits: bare, profile: {account: {status: lost}}}
"""
    assert profile(tested, personas) == {"account": {"status": "lost"}}


def test_lists_are_replaced_whole(tested: TestedPack) -> None:
    personas = """
  old: {profile: {call: {need_tags: [travel]}, history: [{family: installment}, {family: card_upgrade}]}}
  heir: {inherits: old, profile: {call: {need_tags: [ease_payment]}, history: [{response: accept}]}}
"""
    assert profile(tested, personas) == {"call": {"need_tags": ["ease_payment"]}, "history": [{"response": "accept"}]}


def test_of_several_parents_the_later_one_holds(tested: TestedPack) -> None:
    personas = """
  a: {profile: {customer: {age: 30}, account: {status: lost}}}
  b: {profile: {customer: {age: 50}}}
  heir: {inherits: [a, b]}
"""
    assert profile(tested, personas) == {"customer": {"age": 50}, "account": {"status": "lost"}}


def test_a_parent_that_only_passes_on_a_common_ancestor_changes_nothing(tested: TestedPack) -> None:
    personas = """
  top: {profile: {customer: {age: 30}}}
  left: {inherits: top, profile: {customer: {age: 50}}}
  right: {inherits: top}
  heir: {inherits: [left, right]}
"""
    assert profile(tested, personas) == {"customer": {"age": 50}}


def test_every_file_of_the_folder_shares_the_personas(tested: TestedPack) -> None:
    tested.file("a.yaml", CLOCK + CASES).file("z.yaml", "personas:\n  heir: {profile: {customer: {age: 33}}}\n")
    assert tested.cases()["one"].profile == {"customer": {"age": 33}}


def test_a_file_gives_its_cases_a_persona_and_a_case_its_own(tested: TestedPack) -> None:
    text = f"""{CLOCK}persona: first
personas:
  first: {{profile: {{customer: {{age: 1}}}}}}
  second: {{profile: {{customer: {{age: 2}}}}}}
cases:
  - {{id: one, about: One., winner: none}}
  - {{id: two, about: Two., persona: second, profile: {{customer: {{surname: 李}}}}, winner: none}}
"""
    cases = tested.file("cases.yaml", text).cases()
    assert cases["one"].profile == {"customer": {"age": 1}}
    assert cases["two"].profile == {"customer": {"age": 2, "surname": "李"}}
    assert [case.persona for case in cases.values()] == ["first", "second"]


def test_a_case_can_be_a_whole_customer_without_a_persona(tested: TestedPack) -> None:
    text = CLOCK + "cases:\n  - {id: one, about: One., profile: {customer: {age: 9}}, winner: none}\n"
    assert tested.file("cases.yaml", text).cases()["one"].profile == {"customer": {"age": 9}}


def test_a_case_without_persona_and_profile_is_nobody(tested: TestedPack) -> None:
    found = tested.file("cases.yaml", CLOCK + "cases:\n  - {id: one, about: One., winner: none}\n").only("NBO131")
    assert found.message() == "`persona` is required here"


def test_a_change_under_an_alias_changes_the_same_value(tested: TestedPack) -> None:
    tested.pack.edit("dictionary.yaml", "customer:\n", "customer:\n  alias: {zh: 客户}\n")
    tested.pack.edit("dictionary.yaml", "max: 120}", "max: 120, alias: {zh: 年龄}}")
    personas = """
  old: {profile: {customer: {age: 40}}}
  heir: {inherits: old, profile: {客户: {年龄: 20}}}
"""
    assert profile(tested, personas) == {"customer": {"age": 20}}


def test_one_value_under_two_names_is_found(tested: TestedPack) -> None:
    tested.pack.edit("dictionary.yaml", "max: 120}", "max: 120, alias: {zh: 年龄}}")
    assert nested(tested, "  heir: {profile: {customer: {age: 40, 年龄: 20}}}\n", "NBO334") == "年龄"


# --- mistakes ---------------------------------------------------------------------------------------------------------


def test_a_misspelt_parent_is_underlined(tested: TestedPack) -> None:
    personas = "  regular: {}\n  heir: {inherits: [regular, regulr]}\n"
    found = tested.file("cases.yaml", CLOCK + "personas:\n" + personas + CASES).only("NBO302")
    assert found.span is not None
    assert found.span.text == "regulr"
    assert found.message() == "there is no persona `regulr`"
    assert found.help() == "did you mean `regular`?"
    assert found.message("zh") == "不存在名为 `regulr` 的客户画像"


def test_a_circle_of_three_is_one_finding(tested: TestedPack) -> None:
    personas = "  heir: {inherits: b}\n  b: {inherits: c}\n  c: {inherits: heir}\n"
    found = tested.file("cases.yaml", CLOCK + "personas:\n" + personas + CASES).only("NBO331")
    assert found.message() == "`heir` inherits from itself: heir → b → c → heir"
    assert found.span is not None
    assert found.span.text == "heir"


def test_a_persona_cannot_be_its_own_parent(tested: TestedPack) -> None:
    assert nested(tested, "  heir: {inherits: heir}\n", "NBO331") == "heir"


def test_what_stands_on_a_circle_is_no_finding_of_its_own(tested: TestedPack) -> None:
    personas = "  heir: {inherits: b}\n  b: {inherits: c}\n  c: {inherits: b}\n  free: {inherits: heir}\n"
    used = CASES + "  - {id: two, about: Two., persona: free, winner: none}\n"
    found = tested.file("cases.yaml", CLOCK + "personas:\n" + personas + used).only("NBO331")
    assert found.message() == "`b` inherits from itself: b → c → b"


def test_a_name_stands_once_in_the_folder(tested: TestedPack) -> None:
    tested.file("a.yaml", CLOCK + "personas:\n  heir: {}\n" + CASES).file("b.yaml", "personas:\n  heir: {}\n")
    found = tested.only("NBO301")
    assert str(found.span) == "tests/b.yaml:2:3"
    assert found.message() == "the persona `heir` exists already, at tests/a.yaml:3:3"


def test_a_persona_that_nobody_uses_is_a_warning(tested: TestedPack) -> None:
    tested.file("cases.yaml", CLOCK + "personas:\n  heir: {}\n  spare: {}\n" + CASES)
    linked, _ = tested.pack.check()
    assert linked is not None
    assert [(each.code.id, each.span.text) for each in tested.found() if each.span] == [("NBO333", "spare")]


def test_a_file_with_mistakes_leaves_no_complaints_about_its_personas(tested: TestedPack) -> None:
    tested.file("a.yaml", CLOCK + CASES).file("b.yaml", "personas:\n  heir: {inherit: other}\n  other: {}\n")
    assert tested.pack.findings() == [("tests/b.yaml", "NBO130")]


@pytest.mark.parametrize("written", ["[]", "{a: b}", "[[a]]", "", "1 2"])
def test_a_strange_inherits_is_found(tested: TestedPack, written: str) -> None:
    text = CLOCK + f"personas:\n  heir:\n    inherits: {written}\n" + CASES
    assert {each.code.id for each in tested.file("cases.yaml", text).found()} <= {"NBO132", "NBO133", "NBO135"}
    assert tested.found()


# --- hostile ----------------------------------------------------------------------------------------------------------


def chain(levels: int, parents: int) -> str:
    """Each persona inherits from the last `parents` before it."""
    lines = ["personas:\n  p0: {profile: {customer: {age: 1}}}\n"]
    for number in range(1, levels):
        above = ", ".join(f"p{each}" for each in range(max(number - parents, 0), number))
        lines.append(f"  p{number}: {{inherits: [{above}], profile: {{customer: {{age: {number % 100}}}}}}}\n")
    return "".join(lines)


@pytest.mark.parametrize(("levels", "parents"), [(10_000, 1), (1_000, 2), (1_000, 30)])
def test_deep_and_wide_inheritance_is_bounded_and_found_once(tested: TestedPack, levels: int, parents: int) -> None:
    case = f"cases:\n  - {{id: one, about: One., persona: p{levels - 1}, winner: none}}\n"
    tested.file("cases.yaml", CLOCK + chain(levels, parents) + case)
    started = process_time()
    found = tested.only("NBO332")
    assert process_time() - started < 30
    assert found.message() == "`p101` inherits from more than 100 personas"


def test_a_hundred_levels_with_many_paths_are_read(tested: TestedPack) -> None:
    """Each of them has a Fibonacci number of ways to the first."""
    case = "cases:\n  - {id: one, about: One., persona: p100, winner: none}\n"
    tested.file("cases.yaml", CLOCK + chain(101, 2) + case)
    assert tested.cases()["one"].profile == {"customer": {"age": 0}}


def test_a_circle_of_ten_thousand_is_one_finding_of_one_line(tested: TestedPack) -> None:
    text = "".join(f"  p{number}: {{inherits: p{(number + 1) % 10_000}}}\n" for number in range(10_000))
    case = "cases:\n  - {id: one, about: One., persona: p5, winner: none}\n"
    found = tested.file("cases.yaml", CLOCK + "personas:\n" + text + case).only("NBO331")
    assert len(found.message()) < 200


def test_thousands_of_mistakes_are_cut_short(tested: TestedPack) -> None:
    text = "".join(f"  p{number}: {{profile: {{customer: {{agee: {number}}}}}}}\n" for number in range(5_000))
    cases = "".join(f"  - {{id: c{number}, about: x, persona: q{number}, winner: w}}\n" for number in range(5_000))
    started = process_time()
    found = tested.file("cases.yaml", CLOCK + "personas:\n" + text + "cases:\n" + cases).found()
    assert process_time() - started < 30
    assert 100 <= len(found) <= 500


# --- the meaning ------------------------------------------------------------------------------------------------------

VALUES = st.one_of(st.none(), st.integers(0, 3))
SECTIONS = st.one_of(st.none(), st.lists(st.integers(0, 3), max_size=2), st.dictionaries(st.sampled_from("ab"), VALUES))
LAYERS = st.lists(st.dictionaries(st.sampled_from(["x", "y"]), SECTIONS), max_size=5)


@given(LAYERS)
def test_merging_is_the_same_in_one_go_and_one_by_one(layers: list[dict[str, object]]) -> None:
    one_by_one: dict[str, object] = {}
    for layer in layers:
        one_by_one = merged([one_by_one, layer])
    assert merged(layers) == one_by_one


@given(LAYERS)
def test_merging_changes_none_of_its_layers(layers: list[dict[str, object]]) -> None:
    before = repr(layers)
    merged(layers)
    assert repr(layers) == before
