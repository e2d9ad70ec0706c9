"""Listed words in a text: what is a hit, what is not, and where it stands in the original."""

from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nbo.script.normalize import normalize
from nbo.script.terms import TermSet


def found(text: str, terms: list[str], excepts: list[str] | None = None) -> list[str]:
    """The stretches of the original text that are hits."""
    return [text[start:end] for start, end, _ in TermSet(terms, excepts or []).find(normalize(text))]


@pytest.mark.parametrize(
    "written", ["国家级", "國家級", "国 家 级", "国·家·级", "国\u200b家级", "国＊家＊级", "國\u3000家-級", "国\n家级"]
)
def test_a_term_is_found_however_it_is_written_and_its_span_is_the_original(written: str) -> None:
    text = f"这是{written}产品"
    assert TermSet(["国家级"]).find(normalize(text)) == [(2, 2 + len(written), "国家级")]
    assert TermSet(["國家級"]).find(normalize(text)) == [(2, 2 + len(written), "國家級")]


@pytest.mark.parametrize(
    ("text", "hits"),
    [
        ("最低还款额不变", []),
        ("最 低 还·款·额不变", []),
        ("利率最低", ["最低"]),
        ("最低还款额之外，利率最低", ["最低"]),
        ("第一期还款", []),
        ("第一期是第一", ["第一"]),
        ("第一。期", ["第一"]),
    ],
)
def test_a_hit_inside_an_exception_is_none(text: str, hits: list[str]) -> None:
    assert found(text, ["最低", "第一"], ["最低还款额", "第一期"]) == hits


def test_an_exception_covers_only_hits_that_lie_wholly_inside_it() -> None:
    assert found("最低价", ["最低", "低价"], ["最低"]) == ["低价"]
    assert found("不是最低价", ["最低价"], ["不是最低"]) == ["最低价"]
    assert found("甲乙丙丁戊", ["丁戊"], ["甲乙丙丁戊", "丙丁"]) == []
    assert found("甲乙丙丁戊", ["丁"], ["丙", "乙丙丁"]) == []


def test_hits_that_overlap_are_all_found_and_of_one_place_the_longest() -> None:
    assert found("国家级别", ["国家级", "家级别", "国家"]) == ["国家级", "家级别"]
    assert found("best offers", ["best offer", "best"]) == ["best"]


@pytest.mark.parametrize(
    ("text", "hits"),
    [
        ("the best rate", ["best"]),
        ("THE BEST.", ["BEST"]),
        ("ｂｅｓｔ", ["ｂｅｓｔ"]),
        ("bеst", ["bеst"]),  # Cyrillic е
        ("我们best价", ["best"]),
        ("bestow", []),
        ("Abbest", []),
        ("best1", []),
        ("a risk - free product", ["risk - free"]),
        ("risk_free", ["risk_free"]),
        ("asterisk free", []),
        ("risk freedom", []),
    ],
)
def test_a_latin_term_matches_whole_words(text: str, hits: list[str]) -> None:
    assert found(text, ["best", "risk-free"]) == hits


@pytest.mark.parametrize(
    ("text", "hits"),
    [
        ("0利率", ["0利率"]),
        ("10利率", []),
        ("1.0利率", []),
        ("7.2%", ["7.2%"]),
        ("17.2%", []),
        ("满100送", ["100"]),
        ("100.50元", []),
        ("2,100元", []),
        ("100,元", ["100"]),
    ],
)
def test_a_term_with_digits_is_not_found_inside_a_longer_number(text: str, hits: list[str]) -> None:
    assert found(text, ["0利率", "7.2%", "100"]) == hits


def test_a_term_is_not_found_across_two_sentences() -> None:
    assert found("他是第。一天", ["第一"]) == []
    assert found("这是最，佳木斯", ["最佳"]) == []
    assert found("the best. rate", ["best rate"]) == []


def test_of_two_ways_to_write_a_term_the_first_is_reported() -> None:
    assert TermSet(["國家級", "国家级"]).find(normalize("国家级")) == [(0, 3, "國家級")]


@pytest.mark.parametrize("term", ["", " ", "\u200b", "***", "\u0301"])
def test_a_term_that_is_empty_once_normalized_raises(term: str) -> None:
    with pytest.raises(ValueError, match="is empty"):
        TermSet(["国家级", term])
    with pytest.raises(ValueError, match="is empty"):
        TermSet(["国家级"], [term])


def test_no_terms_find_nothing() -> None:
    assert TermSet([]).find(normalize("国家级")) == []
    assert not TermSet([], ["国家级"]).occurs_in(normalize("国家级"))


def test_characters_with_a_meaning_in_patterns_are_plain_characters() -> None:
    assert found("a+b (c) [d] e$ 5.0?", ["(c)", "[d]", "e$", "5.0?", "a+b"]) == ["a+b", "(c)", "[d]", "e$", "5.0?"]
    assert found("aab 5x0", ["a+b", "5.0"]) == []


SMALL_TEXTS = st.text("国國家级級最低 ·\u200b。ab5.,é", max_size=30)
SMALL_TERMS = st.lists(st.text("国國家级級最低ab5", min_size=1, max_size=3), max_size=4)


@given(SMALL_TEXTS, SMALL_TERMS, SMALL_TERMS)
def test_each_hit_normalizes_to_its_term_and_the_two_questions_agree(
    text: str, terms: list[str], excepts: list[str]
) -> None:
    term_set = TermSet(terms, excepts)
    hits = term_set.find(normalize(text))
    for start, end, term in hits:
        assert term in terms
        assert normalize(text[start:end]).text == normalize(term).text
    assert hits == sorted(hits)
    assert term_set.occurs_in(normalize(text)) == bool(hits)


@given(SMALL_TEXTS, st.lists(st.text("国家级最低", min_size=1, max_size=3), max_size=4))
def test_a_cjk_term_is_found_wherever_the_normalized_text_holds_it(text: str, terms: list[str]) -> None:
    normal = normalize(text)
    starts = {normal.text.find(term, offset) for term in terms for offset in range(len(normal.text))} - {-1}
    hits = TermSet(terms).find(normal)
    assert [start for start, _, _ in hits] == sorted(normal.span(start, start + 1)[0] for start in starts)


@given(SMALL_TEXTS, SMALL_TERMS, SMALL_TERMS)
def test_exceptions_only_take_away_the_hits_that_they_cover(text: str, terms: list[str], excepts: list[str]) -> None:
    normal = normalize(text)
    covered = [(start, end) for start, end, _ in TermSet(excepts).find(normal)]
    expected = [
        hit
        for hit in TermSet(terms).find(normal)
        if not any(start <= hit[0] and hit[1] <= end for start, end in covered)
    ]
    assert TermSet(terms, excepts).find(normal) == expected


@given(st.text(st.characters(codec=None, exclude_categories=())))
def test_any_text_can_be_searched(text: str) -> None:
    TermSet(["最低", "best", "5%"], ["最低还款额"]).find(normalize(text))


@pytest.mark.parametrize("piece", ["最", "最低", "最低还款额", "a", "best ", "5.", "最低还款"])
def test_a_megabyte_takes_seconds_at_most(piece: str) -> None:
    text = normalize(piece * (1_000_000 // len(piece)))
    term_set = TermSet(["最低", "best", "最" * 20 + "低", "a" * 20 + "b", "5.5"], ["最低还款额"])
    began = process_time()
    term_set.find(text)
    assert process_time() - began < 15
