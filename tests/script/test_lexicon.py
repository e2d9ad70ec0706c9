"""The wording of many rules in one search: each rule finds what it finds alone, however the others overlap it."""

from time import process_time

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from nbo.script.lexicon import Lexicon
from nbo.script.normalize import normalize
from nbo.script.terms import TermSet

ALPHABET = "国家级最低一1第零0保本ab '-. 、，🥇"
WORDS = st.lists(st.text("国家级最低一第零保本ab1", min_size=1, max_size=4).filter(str.strip), max_size=4)


def test_a_term_inside_or_across_another_rules_term_is_found() -> None:
    lexicon = Lexicon(
        {
            "LONG": TermSet(["超低利率"]),
            "INSIDE": TermSet(["低利"]),
            "ACROSS": TermSet(["利率最低"]),
            "NONE": TermSet(["保本"]),
        }
    )
    assert lexicon.find(normalize("超低利率最低")) == {
        "LONG": [(0, 4, "超低利率")],
        "INSIDE": [(1, 3, "低利")],
        "ACROSS": [(2, 6, "利率最低")],
    }


def test_what_one_rule_excepts_another_may_forbid() -> None:
    lexicon = Lexicon({"A": TermSet(["最低"], ["最低还款额"]), "B": TermSet(["最低还款"]), "C": TermSet(["还款额"])})
    assert lexicon.find(normalize("最低还款额")) == {"B": [(0, 4, "最低还款")], "C": [(2, 5, "还款额")]}


@given(st.text(ALPHABET, max_size=30), st.lists(st.tuples(WORDS, WORDS), min_size=1, max_size=4))
@example("a-1", [(["a1"], [])])
@example("b4b b", [(["bab b"], [])])
@example("第 1", [(["第一"], []), (["一"], ["第一"])])
@example("b a", [(["ba"], [])])
def test_together_rules_find_what_each_finds_alone(text: str, rules: list[tuple[list[str], list[str]]]) -> None:
    sets = {str(number): TermSet(*rule) for number, rule in enumerate(rules)}
    alone = {rule: terms.find(normalize(text)) for rule, terms in sets.items()}
    assert Lexicon(sets).find(normalize(text)) == {rule: hits for rule, hits in alone.items() if hits}


LATIN = st.sampled_from(
    ["number", "one", "1", "no", ".", " ", "the", "risk", "free", "zero", "0", "-", "🥇", "percent", "100", "%"]
)
PHRASES = st.lists(LATIN, min_size=1, max_size=4).map("".join).filter(lambda text: any(map(str.isalnum, text)))


@settings(max_examples=400)
@given(st.lists(LATIN, max_size=9).map("".join), st.lists(PHRASES, min_size=1, max_size=3))
@example("Hello, numberone!", ["number one"])
@example("thenumberone card", ["the number one card"])
@example("theno.1 card", ["the number one card"])
def test_words_with_other_writings_are_found_together_as_alone(text: str, terms: list[str]) -> None:
    try:
        alone = TermSet(terms)
    except ValueError:
        return
    found = alone.find(normalize(text))
    assert Lexicon({"A": alone}).find(normalize(text)) == ({"A": found} if found else {})


@given(st.text(ALPHABET, max_size=30), WORDS)
def test_a_span_holds_its_term_alone(text: str, terms: list[str]) -> None:
    term_set = TermSet(terms)
    for start, end, term in term_set.find(normalize(text)):
        assert 0 <= start < end <= len(text)
        assert term in terms
        assert TermSet([term]).occurs_in(normalize(text[start:end]))


@given(st.text(st.characters(codec=None, exclude_categories=())))
def test_any_text_can_be_searched(text: str) -> None:
    Lexicon({"A": TermSet(["最低", "risk-free", "保证…提额"], ["最低还款额"]), "B": TermSet(["第一", "100%"])}).find(
        normalize(text)
    )


@pytest.mark.parametrize(
    "piece",
    [
        "最低",
        "保证",
        "保证提",
        "risk free ",
        "r i s k ",
        "a-",
        "4a",
        "不保本、",
        "。最。",
        "亻呆",
        "fr33!",
        "\u200b最 ",
        "'a",
    ],
)
def test_time_grows_with_the_length_of_the_text(piece: str) -> None:
    lexicon = Lexicon(
        {
            "A": TermSet(
                ["最低", "保证…提额…额", "risk-free", "保本", "free", "a" * 30 + "b"], ["最低还款额", "最" * 30]
            ),
            "B": TermSet(["第一", "100%", "as low as…percent"]),
        }
    )

    def seconds(length: int) -> float:
        text = piece * (length // len(piece))
        best = 60.0
        for _ in range(3):
            began = process_time()
            lexicon.find(normalize(text))
            best = min(best, process_time() - began)
        return best

    short, long = seconds(20_000), seconds(160_000)
    assert long < 25 * short + 0.2, f"eight times the text took {long / short:.0f} times as long"


def test_a_megabyte_gets_an_answer() -> None:
    lexicon = Lexicon({"A": TermSet(["最低", "保证…提额", "risk-free"], ["最低还款额"])})
    began = process_time()
    found = lexicon.find(normalize("最低还款额不变，利率最 低。" * 70_000))
    assert len(found["A"]) == 70_000
    assert process_time() - began < 30
