"""`moments.yaml`: what is wrong with it is found at its place, with what to write instead; what is right is in the pack."""

import sys
from datetime import timedelta
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "call"))

from moment_files import linked

from nbo.diagnostics.diagnostic import Diagnostic
from nbo.pack.moments import MOST_MOMENTS, MOST_ROLES

MOMENT = """
- id: larger
  all:
    - first: talk
      where: first.word == x
    - second: talk
      where: second.word == x and second.amount > first.amount and call.mood >= 0
  within: {seconds: 120}
  needs: [cash]
  reason: {en: a second purchase that is larger}
"""


def found(text: str) -> list[tuple[str, str]]:
    """Place and code of every finding."""
    return [(f"{each.span.line}:{each.span.column}", each.code.id) for each in linked(text)[1] if each.span is not None]


def only(text: str) -> Diagnostic:
    (finding,) = linked(text)[1]
    return finding


def test_a_moment_has_its_roles_its_window_and_what_follows() -> None:
    (moment,), mistakes = linked(MOMENT)
    assert not mistakes
    assert (moment.id, moment.needs, moment.window, moment.selling_off) == ("larger", ("cash",), None, False)
    assert moment.within == timedelta(seconds=120)
    assert [(each.name, each.kind) for each in moment.all] == [("first", "talk"), ("second", "talk")]
    assert not moment.stops
    assert moment.source == "moments.yaml:2:7"


def test_a_condition_is_cut_into_what_reads_one_event_and_what_joins_two() -> None:
    (moment,), _ = linked(MOMENT)
    first, second = moment.all
    assert (len(first.local), len(first.joins)) == (1, 0)
    assert (len(second.local), len(second.joins)) == (2, 1)
    assert second.joins[0].roles == {0}
    assert not second.joins[0].equal


def test_an_or_over_two_events_stays_in_one_piece() -> None:
    (moment,), _ = linked(MOMENT.replace("x and second.amount", "x or second.amount"))
    assert [len(each.joins) for each in moment.all] == [0, 1]


@pytest.mark.parametrize(
    ("before", "after", "place", "code", "suggestion"),
    [
        ("first: talk", "first: tlak", "4:14", "NBO302", "talk"),
        ("needs: [cash]", "needs: [csah]", "9:11", "NBO302", "cash"),
        ("first.word == x", "first.wrod == x", "5:14", "NBO203", "first.word"),
        ("> first.amount", "> frist.amount", "7:51", "NBO203", "first.amount"),
        ("call.mood", "call.moood", "7:68", "NBO203", "call.mood"),
        ("id: larger", "id: larger\n  withn: {seconds: 3}", "3:3", "NBO130", "within"),
    ],
)
def test_a_misspelt_name_is_found_with_the_right_one(
    before: str, after: str, place: str, code: str, suggestion: str
) -> None:
    finding = only(MOMENT.replace(before, after, 1))
    assert finding.span is not None
    assert (f"{finding.span.line}:{finding.span.column}", finding.code.id) == (place, code)
    assert f"`{suggestion}`" in finding.help("en")
    assert f"`{suggestion}`" in finding.help("zh")


@pytest.mark.parametrize(
    ("before", "after", "place", "code"),
    [
        ("first.word == x", "first.word == w", "5:28", "NBO205"),
        ("> first.amount", '> "much"', "7:35", "NBO204"),
        ("first.word == x", "first.amount", "5:14", "NBO211"),
        ("first.word == x", "first.amount > 9", "5:14", "NBO208"),
        ("seconds: 120", "seconds: 0", "8:21", "NBO133"),
        ("second: talk", "first: talk", "6:7", "NBO301"),
        ("first: talk", "call: talk", "4:7", "NBO308"),
        ("first: talk", "if: talk", "4:7", "NBO309"),
        ("first: talk", "first: talk\n      third: talk", "4:7", "NBO132"),
        ("needs: [cash]", "window: opne", "9:11", "NBO134"),
        ("reason: {en: a second purchase that is larger}", "reason: {}", "10:11", "NBO504"),
        ("  needs: [cash]\n", "", "2:7", "NBO380"),
        ("needs: [cash]", "needs: [cash]\n  window: close", "2:7", "NBO381"),
    ],
)
def test_what_cannot_be_is_found_where_it_stands(before: str, after: str, place: str, code: str) -> None:
    assert (place, code) in found(MOMENT.replace(before, after, 1))


@pytest.mark.parametrize(
    ("before", "after", "underlined", "en", "zh"),
    [
        ("first.word == x", "first.词 == x", "first.词",
         "known: first.word, first.amount, first.at", "可用：first.word, first.amount, first.at"),
        ("first.word == x", "it.word == x", "it.word", "write `first.word`", "请写成 `first.word`"),
        ("first.word == x", "word == x", "word", "did you mean `first.word`?", "是否想写 `first.word`？"),
        ("first: talk", "first: 休息", "休息", "did you mean `rest`?", "是否想写 `rest`？"),
        ("needs: [cash]", "needs: [现金的]", "现金的", "did you mean `现金`?", "是否想写 `现金`？"),
        ("needs: [cash]", "needs: cash", "cash", "write `[cash]`", "请写成 `[cash]`"),
        ("needs: [cash]", "need: [cash]", "need", "did you mean `needs`?", "是否想写 `needs`？"),
        ("needs: [cash]", "selling: false", "false", "write `off`", "请写成 `off`"),
        ("{seconds: 120}", "120", "120", "write `{seconds: 120}`", "请写成 `{seconds: 120}`"),
        ("{seconds: 120}", "2分钟", "2分钟", "write `{seconds: …}`", "请写成 `{seconds: …}`"),
        ("{seconds: 120}", "{minutes: 2}", "minutes", "did you mean `seconds`?", "是否想写 `seconds`？"),
        ("second.amount > first.amount", "second.at - first.at < 9", "second.at - first.at",
         "compare two points in time, `b < a + hours(2)`; in moments `within: {seconds: 120}` says how close events are",
         "请比较两个时间点，`b < a + hours(2)`；在 moments.yaml 中，事件相隔多久以内写作 `within: {seconds: 120}`"),
    ],
)  # fmt: skip
def test_a_slip_is_one_finding_that_says_what_to_write(
    before: str, after: str, underlined: str, en: str, zh: str
) -> None:
    finding = only(MOMENT.replace(before, after, 1))
    assert finding.span is not None
    assert (finding.span.text, finding.help(), finding.help("zh")) == (underlined, en, zh)


def test_a_need_may_be_written_by_its_alias() -> None:
    (moment,), mistakes = linked(MOMENT.replace("needs: [cash]", "needs: [现金, cash]"))
    assert not mistakes
    assert moment.needs == ("cash",)


def test_a_role_below_cannot_be_read_and_the_advice_says_so() -> None:
    text = MOMENT.replace("first.word == x", "first.amount < second.amount", 1)
    assert "above it" in only(text).help("en")
    assert "上面" in only(text).help("zh")


def test_a_role_of_any_can_be_read_by_no_other() -> None:
    text = MOMENT.replace(
        "  within:",
        "  any:\n    - third: ask\n  none:\n    - no: ask\n      where: no.amount > third.amount\n  within:",
    )
    assert "above it" in only(text).help("en")


def test_a_moment_without_a_role_never_happens() -> None:
    assert found("- {id: m, none: [rest], needs: [cash], reason: {en: x}}") == [("1:8", "NBO131")]


@pytest.mark.parametrize(
    ("roles", "code"),
    [
        ("all: [{r: rest, where: [a]}]", "NBO132"), ("any: [{where: rest}]", "NBO132"), ("al: [rest]", "NBO130"),
        ("all: []", "NBO131"),
    ],
)  # fmt: skip
def test_a_role_that_cannot_be_read_is_not_one_that_is_missing(roles: str, code: str) -> None:
    assert [each for _, each in found(f"- {{id: m, {roles}, needs: [cash], reason: {{en: x}}}}")] == [code]


def test_a_bare_kind_is_a_role_of_that_name() -> None:
    (moment,), mistakes = linked("- {id: m, any: [rest, ask], needs: [cash], reason: {en: x}}")
    assert not mistakes
    assert [(each.name, each.kind) for each in moment.any] == [("rest", "rest"), ("ask", "ask")]


def test_two_moments_of_one_name_are_found() -> None:
    assert [code for _, code in found(MOMENT + MOMENT)] == ["NBO301"]


def test_how_much_there_is_of_everything_is_bounded() -> None:
    roles = ", ".join(f"{{r{each}: rest}}" for each in range(MOST_ROLES))
    assert found(f"- {{id: m, any: [rest], none: [{roles}], needs: [cash], reason: {{en: x}}}}") == [("1:8", "NBO382")]
    assert found(
        "- {id: m, all: [{a: rest}, {b: rest}, {c: rest}, {d: rest}], any: [ask], needs: [cash], reason: {en: x}}"
    ) == [("1:8", "NBO382")]
    many = "".join(
        f"- {{id: m{each}, any: [rest], needs: [cash], reason: {{en: x}}}}\n" for each in range(MOST_MOMENTS + 1)
    )
    assert [code for _, code in found(many)] == ["NBO382"]


def test_a_field_called_at_is_the_packs_own() -> None:
    (moment,), mistakes = linked(MOMENT.replace("second.amount > first.amount", "second.at > first.at"))
    assert not mistakes
    assert moment.all[1].joins[0].others == ((0, 2),)
