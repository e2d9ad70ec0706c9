"""What turns a wording round, and what only looks like it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nbo.script.negation import Negation
from nbo.script.normalize import normalize
from nbo.script.terms import TermSet

DENY = Negation(
    before=["不", "不是", "不能", "没有", "并非", "不得", "not", "never", "no", "isn't", "nor", "neither"],
    after=["是不可能的", "is not promised"],
    between=["是", "会", "承诺", "保证", "或", "的", "说法", "a", "the", "is", "it", "or", "be", "return"],
    excepts=["岂不", "不用说", "不是…吗", "why not", "isn't it…?"],
)
TERMS = TermSet(["保本", "保收益", "不影响征信", "guaranteed", "best"], negation=DENY)


@pytest.mark.parametrize(
    "text",
    [
        "不保本",
        "这不是保本产品",
        "并非保本",
        "不能承诺保本",
        "不 是·保本",
        "不是「保本」",
        "不保本、保收益",
        "不保本或保收益",
        "不保本不保收益",
        "并非不影响征信",
        "保本是不可能的",
        "保本的说法是不可能的",
        "It is not guaranteed.",
        "It is NOT the best.",
        "neither guaranteed nor the best",
        "not guaranteed or best",
        "A guaranteed return is not promised.",
    ],
)
def test_a_denied_term_is_no_hit(text: str) -> None:
    assert TERMS.find(normalize(text)) == []


@pytest.mark.parametrize(
    "text",
    [
        "保本",
        "不但保本",
        "不仅保本",
        "不光是保本",
        "不收费还保本",
        "不瞒您说，保本",
        "不，保本",
        "不。保本",
        "不是不保本",
        "不得不保本",
        "没有不保本的",
        "不保本是不可能的",
        "岂不保本",
        "不用说保本",
        "这不是保本吗",
        "这不是保本产品吗？",
        "不影响征信",
        "It is not only guaranteed.",
        "No doubt guaranteed.",
        "no, guaranteed",
        "It is never not guaranteed.",
        "Isn't it the best?",
        "why not the best",
        "knot the best",
    ],
)
def test_what_only_looks_like_a_denial_leaves_the_hit(text: str) -> None:
    assert TERMS.occurs_in(normalize(text))


def test_without_negation_a_denied_term_is_a_hit() -> None:
    assert TermSet(["保本"]).occurs_in(normalize("不保本"))


def test_a_denial_reaches_one_hit_and_not_the_next_clause() -> None:
    assert TERMS.find(normalize("不保本，但是保收益")) == [(6, 9, "保收益")]
    assert TERMS.find(normalize("这不保本，保本的是存款")) == [(5, 7, "保本")]


@given(st.text("不是保本没有，。吗岂 、notbe'is?", max_size=40))
def test_negation_only_takes_hits_away(text: str) -> None:
    every = TermSet(["保本", "best"]).find(normalize(text))
    assert set(TermSet(["保本", "best"], negation=DENY).find(normalize(text))) <= set(every)


@pytest.mark.parametrize("word", ["", " ", "\u200b"])
def test_a_word_that_is_empty_once_normalized_raises(word: str) -> None:
    with pytest.raises(ValueError, match="is empty"):
        Negation([word], [], [], [])
