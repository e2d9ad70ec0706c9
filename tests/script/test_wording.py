"""Other writings of a wording, other readings of a text: what is the same words, and what is not."""

import pytest

from nbo.script.forms import form, look_alikes, other_writings, simplified, split_characters
from nbo.script.normalize import normalize
from nbo.script.readings import other_readings
from nbo.script.terms import TermSet
from nbo.script.wording import Wording


def found(text: str, *terms: str) -> list[str]:
    return [text[start:end] for start, end, _ in TermSet(terms).find(normalize(text))]


@pytest.mark.parametrize(
    ("text", "term", "hit"),
    [
        ("全国第1", "第一", "第1"),
        ("全国第１名", "第一", "第１"),
        ("全国🥇", "第一", "🥇"),
        ("0门槛", "零门槛", "0门槛"),
        ("０️⃣门槛", "零门槛", "０️⃣门槛"),
        ("1定提额", "一定提额", "1定提额"),
        ("零利息", "0利息", "零利息"),
        ("100%通过", "百分百通过", "100%通过"),
        ("百分之百通过", "百分百通过", "百分之百通过"),
        ("💯通过", "百分百通过", "💯通过"),
        ("🆓升级", "免费升级", "🆓升级"),
        ("🈚风险", "无风险", "🈚风险"),
        ("🚫风险", "无风险", "🚫风险"),
        ("❶号", "1号", "❶号"),
        ("We are #1!", "number one", "#1"),
        ("We are No. 1!", "number one", "No. 1"),
        ("a 🆓 upgrade", "free upgrade", "🆓 upgrade"),
        ("0 risk", "zero risk", "0 risk"),
        ("riskfree", "risk-free", "riskfree"),
        ("r i s k   f r e e", "risk-free", "r i s k   f r e e"),
        ("a f r e e gift", "free", "f r e e"),
        ("f-r-e-e", "free", "f-r-e-e"),
        ("f.r.e.e", "free", "f.r.e.e"),
        ("gu4ranteed", "guaranteed", "gu4ranteed"),
        ("fr33", "free", "fr33"),
        ("r!sk-fr€e", "risk-free", "r!sk-fr€e"),
        ("guar-anteed", "guaranteed", "guar-anteed"),
        ("🅵🆁🅴🅴", "free", "🅵🆁🅴🅴"),
        ("🇫🇷🇪🇪", "free", "🇫🇷🇪🇪"),
        ("ꜰʀᴇᴇ", "free", "ꜰʀᴇᴇ"),
        ("⾼收益", "高收益", "⾼收益"),
        ("亻呆本", "保本", "亻呆本"),
        ("朂隹", "最佳", "朂隹"),
    ],
)
def test_another_writing_is_found_and_its_span_is_all_of_it(text: str, term: str, hit: str) -> None:
    assert found(text, term) == [hit]


@pytest.mark.parametrize(
    ("text", "term"),
    [
        ("第10期", "第一"),
        ("10门槛", "零门槛"),
        ("2.0利息", "零利息"),
        ("F33", "fee"),
        ("60days", "godays"),
        ("plan A B", "ab c"),
        ("feel freely", "free"),
        ("I a m", "am i"),
        ("freedom", "free"),
        ("未来", "末来"),
        ("自己", "自已"),
        ("hi!there", "hithere"),
        ("保。本金", "保本"),
        ("不，保本。", "不保本"),
    ],
)
def test_what_only_resembles_it_is_not(text: str, term: str) -> None:
    assert found(text, term) == []


@pytest.mark.parametrize(
    ("text", "hits"),
    [
        ("不影响征信", ["不影响征信"]),
        ("不影响您的征信", ["不影响您的征信"]),
        ("不影响您和您家人的征信", ["不影响您和您家人的征信"]),
        ("不影响用卡，征信另说", []),
        ("不影响用卡也不耽误您以后查自己的征信", []),
        ("不影响征信不影响征信", ["不影响征信", "不影响征信"]),
    ],
)
def test_a_gap_stands_for_a_few_characters_of_the_clause(text: str, hits: list[str]) -> None:
    assert found(text, "不影响…征信") == hits
    assert found(text, "不影响...征信") == hits


def test_a_gap_between_latin_words_stands_for_some_words() -> None:
    assert found("as low as only half a percent", "as low as…percent") == ["as low as only half a percent"]
    assert found("as low as that. A percent", "as low as…percent") == []


@pytest.mark.parametrize("written", ["…", "…保本", "保本…", "一…二…三…四", ""])
def test_a_wording_that_would_match_anything_raises(written: str) -> None:
    with pytest.raises(ValueError, match=r"empty|gaps"):
        Wording(written)


def test_most_texts_have_one_reading() -> None:
    for text in (
        "您分12期，每期964.80元，APP里可查。",
        "12 payments of 964.80 yuan, 13.03% a year. Is that fine? Yes!",
    ):
        assert not other_readings(normalize(text))


def test_the_tables_agree_with_each_other() -> None:
    for table in (simplified(), look_alikes()):
        for code in table:
            assert form(chr(code)) != chr(code), chr(code)
    halves = {character for each in split_characters() for character in each}
    assert not halves & set(split_characters().values())  # so joining halves makes no new ones
    for written, others in other_writings().items():
        assert normalize(written).text not in {normalize(other).text for other in others}
