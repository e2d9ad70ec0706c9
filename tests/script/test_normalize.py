"""One form of a text for searching: what is the same word, what stays apart, and the way back to the original."""

import sys
from time import process_time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from nbo.script.forms import form, simplified
from nbo.script.normalize import normalize

# Any code point, lone surrogates too, and often the characters that the rules are about.
TEXTS = st.text(
    st.one_of(
        st.characters(codec=None, exclude_categories=()),
        st.sampled_from("国家級级最佳Aaéß½①㊙ﬀ１％ \t\u3000\u200b\u200d\ufe0f\u0301·・-—_*~/|。，,.!第一5💳\ud800"),
    )
)


@pytest.mark.parametrize(
    "evasion",
    [
        "国 家 级",
        "国\u3000家\t级",
        "国\n家\u2028级",
        "国·家・级",
        "国•家‧级",
        "国-家—级",
        "国_家－级",
        "国*家＊级",
        "国~家～级",
        "国/家｜级",
        "国\u200b家\ufeff级",
        "国\u200d家\u2060级",
        "国\ufe0f家\U000e0100级",
        "国\u00ad家\x00级",
        "国\u0301家\u20e3级",
        "國家級",
        "國 家·級",
        "国 \u200b - 家级",
        "\u3164国家\u115f级",
        "国.家.级",
        "国 . 家．级",
        "国“家”级",
        "国【家】级",
        "国+家=级",
        "国#家@级",
        "国★家♥级",
        "国💥家🔥级",
        "国、家、级",
        "国。家。级",
        "国，家，级",
        "国(家)级",
        "囯家级",
        "囻傢級",
        "国宀豕级",
    ],
)
def test_an_evasion_in_chinese_normalizes_to_the_plain_word(evasion: str) -> None:
    assert normalize(evasion).text == "国家级"


@pytest.mark.parametrize(
    ("written", "normal"),
    [
        ("ＢＥＳＴ", "best"),
        ("bést", "best"),
        ("be\u200bst", "best"),
        ("ｂe\u0301st", "best"),
        ("bеѕt", "best"),  # Cyrillic е and ѕ
        ("ΒΕSΤ", "best"),  # Greek capitals
        ("𝐛𝐞𝐬𝐭", "best"),
        ("Straße", "strasse"),
        ("ﬁnal", "final"),
        ("won’t", "won't"),
        ("第①", "第1"),
        ("１３．０３％", "13.03%"),
        ("٣ ३", "3 3"),
        ("㊙", "秘"),
        ("ﾀｲﾌﾟ", "タイフ"),
        ("한국", "한국"),
    ],
)
def test_letters_and_digits_have_oneform(written: str, normal: str) -> None:
    assert normalize(written).text == normal


@pytest.mark.parametrize(
    ("written", "normal"),
    [
        ("Risk-free   returns", "risk free returns"),
        ("risk_free", "risk free"),
        ("  best  ", "best"),
        ("no. 1", "no.1"),
        ("分 12 期", "分12期"),
        ("办 VIP 卡", "办vip卡"),
        ("6 12 24", "6 12 24"),
        ("6/12期", "6 12期"),
    ],
)
def test_a_space_stays_only_between_two_words_that_are_not_cjk(written: str, normal: str) -> None:
    assert normalize(written).text == normal


@pytest.mark.parametrize(
    ("written", "normal"),
    [
        ("国。家", "国。家"),
        ("国！家", "国!家"),
        ("国？家", "国?家"),
        ("国；家", "国;家"),
        ("国，家", "国,家"),
        ("国、家", "国、家"),
        ("国：家", "国:家"),
        ("1.国", "1.国"),
        ("不，保本", "不,保本"),
        ("是，不，保本", "是,不,保本"),
    ],
)
def test_sentence_punctuation_stays(written: str, normal: str) -> None:
    assert normalize(written).text == normal


@given(TEXTS)
@example("½\u200b\u200b")
def test_normalizing_twice_changes_nothing(text: str) -> None:
    once = normalize(text).text
    assert normalize(once).text == once


def test_every_character_has_a_form_that_stays_as_it_is() -> None:
    for code_point in range(0, sys.maxunicode + 1, 7):
        reached = form(chr(code_point))
        assert "".join(map(form, reached)) == reached, hex(code_point)
    for traditional in simplified():
        reached = form(chr(traditional))
        assert len(reached) == 1
        assert form(reached) == reached, chr(traditional)


@given(TEXTS)
def test_each_normalized_character_comes_from_the_character_that_it_maps_back_to(text: str) -> None:
    normal = normalize(text)
    assert len(normal.places[0]) == len(normal.text)
    assert list(normal.places[0]) == sorted(normal.places[0])
    for offset, character in enumerate(normal.text):
        start, end = normal.span(offset, offset + 1)
        assert end == start + 1
        assert character in form(text[start:end])


@given(TEXTS, st.data())
def test_the_original_at_a_span_normalizes_to_the_stretch(text: str, data: st.DataObject) -> None:
    normal = normalize(text)
    if not normal.text:
        return
    start = data.draw(st.integers(0, len(normal.text) - 1))
    end = data.draw(st.integers(start + 1, len(normal.text)))
    original_start, original_end = normal.span(start, end)
    stretch = normal.text[start:end].strip(" ")
    again = normalize(text[original_start:original_end]).text
    # A ligature at an edge is one character of the original: the stretch may be a part of what it gives.
    assert stretch in again
    whole_characters = start == 0 or normal.places[0][start - 1] != normal.places[0][start]
    whole_characters &= end == len(normal.text) or normal.places[0][end - 1] != normal.places[0][end]
    if whole_characters:
        assert stretch == again


@pytest.mark.parametrize(("start", "end"), [(0, 0), (-1, 1), (0, 4), (2, 1)])
def test_a_stretch_that_is_not_in_the_text_raises(start: int, end: int) -> None:
    with pytest.raises(ValueError, match="no stretch"):
        normalize("国家级").span(start, end)


@pytest.mark.parametrize("piece", ["国 家", "a  ", " ", "\u200b", "½", "ab c", "。"])
def test_a_megabyte_takes_seconds_at_most(piece: str) -> None:
    text = piece * (1_000_000 // len(piece))
    began = process_time()
    normal = normalize(text)
    assert len(normal.places[0]) == len(normal.text)
    assert process_time() - began < 10


def test_a_text_without_anything_to_show_is_empty() -> None:
    assert normalize("").text == ""
    assert normalize(" \u200b\u3000*").text == ""


def test_an_account_is_one_word_in_all_its_characters() -> None:
    assert {normalize(text).text for text in ("账单分期", "帐单分期", "帳單分期")} == {"账单分期"}
