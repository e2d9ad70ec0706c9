"""The report as a page and as Markdown: everything is in both, nothing that a pack writes becomes markup."""

from __future__ import annotations

import re
from functools import cache
from html import unescape
from itertools import pairwise
from pathlib import Path

import pytest
from html_page import Page
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from tiny_pack import NOON, SAMPLE, offer, rule, script, segment, treatment, write_pack

from nbo import Engine, check
from nbo.language.template import Placeholder
from nbo.workbench.evidence.compose import compose
from nbo.workbench.evidence.document import Code, Document, Facts, Items, Paragraph, Section, Spoken, Table
from nbo.workbench.evidence.html import html
from nbo.workbench.evidence.markdown import markdown
from nbo.workbench.evidence.report import Report, collect
from nbo.workbench.run_cases import run_cases

RULES = SAMPLE.parent
PACKS = sorted(path.parent.name for path in RULES.glob("*/pack.yaml"))
HOSTILE = (
    "<script>alert(1)</script> | `tick` **bold** [link](https://evil.example) &amp; \n# head\n- item <img src=x>\u202e"
)


@cache
def collected(pack: str) -> Report:
    loaded, found = check(RULES / pack, at=NOON)
    assert loaded is not None
    cases = loaded.cases if pack != "cn_credit_card" else loaded.cases[:40]
    return collect(loaded, run_cases(Engine(loaded), cases), found, NOON)


@cache
def page(pack: str, language: str) -> Page:
    return Page(html(compose(collected(pack), language)))


@cache
def rendered(pack: str, language: str) -> Page:
    """The Markdown as a renderer shows it."""
    text = markdown(compose(collected(pack), language))
    return Page(MarkdownIt("commonmark").enable("table").render(text))


def squeezed(text: str) -> str:
    return re.sub(r"\s+", "", text)


# --- everything is there ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("pack", PACKS)
@pytest.mark.parametrize("form", [page, rendered], ids=["html", "markdown"])
def test_every_rule_offer_sentence_answer_condition_and_duty_is_in_the_report(form, pack: str, language: str) -> None:
    loaded = collected(pack).pack
    shown = squeezed(form(pack, language).text)
    wanted = [loaded.hash, loaded.version]
    for rules in (loaded.compliance, *(each.gate_rules for each in loaded.jurisdictions)):
        for each in rules:
            wanted += [each.id, each.citation, each.text.get(language) or next(iter(each.text.values()))]
    for each in loaded.compliance:
        wanted += [*each.terms, *each.excepts]
    for one in loaded.offers:
        wanted += [one.id, one.labels.get(language) or next(iter(one.labels.values()))]
        for clause in (*one.eligibility, *one.applicability, *one.volume, *one.suitability):
            wanted += [clause.expression.text, f"{clause.span.source.name}:{clause.span.line}"]
    for gate in loaded.gates:
        wanted += [gate.id, gate.clause.expression.text]
    for contact in loaded.contact or ():
        wanted += [contact.id, contact.suppress.expression.text]
    for floor in loaded.floors:
        wanted += [floor.id, floor.shown_bound, str(floor.days), str(floor.at_least)]
    for cap in loaded.caps:
        wanted += [cap.id, f"{cap.limit:,f}", "" if cap.amount is None else cap.amount.text]
    for authority in loaded.authorities.values():
        wanted += [authority.id, *(each.text for each in authority.expressions())]
        wanted += [way.ticket.owner for way in authority.above if way.ticket is not None]
    for jurisdiction in loaded.jurisdictions:
        wanted += [f"coverage: {jurisdiction.coverage}"]
        wanted += [
            (duty.text.get(language) or next(iter(duty.text.values()))).replace("`", "") for duty in jurisdiction.duties
        ]
    for each_script in loaded.scripts.values():
        for each_treatment in each_script.treatments:
            for texts in (
                *(s.texts for s in each_treatment.segments),
                *(o.answer.texts for o in each_treatment.objections),
            ):
                for template in texts.values():
                    parts = (f"{{{{{p.attribute.name}}}}}" if isinstance(p, Placeholder) else p for p in template.parts)
                    wanted.append("".join(parts))
    assert [each for each in wanted if squeezed(each) not in shown] == []


def test_the_same_input_gives_the_same_bytes() -> None:
    again, found = check(RULES / "tw_credit_card", at=NOON)
    assert again is not None
    other = collect(again, run_cases(Engine(again), again.cases), found, NOON)
    for language in ("zh", "en"):
        assert html(compose(other, language)) == html(compose(collected("tw_credit_card"), language))
        assert markdown(compose(other, language)) == markdown(compose(collected("tw_credit_card"), language))


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("pack", PACKS)
def test_nothing_says_that_the_law_is_kept(pack: str, language: str) -> None:
    for shown in (page(pack, language).text, rendered(pack, language).text):
        assert not re.search(r"compliant|in compliance|合规的保证|保证合规|完全合规|符合法律规定", shown, re.IGNORECASE)


# --- the page ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("pack", PACKS)
def test_the_page_needs_nothing_else_and_runs_nothing(pack: str) -> None:
    shown = page(pack, "en")
    assert not shown.names & {"script", "link", "img", "iframe", "object", "embed", "form", "base", "font"}
    assert not shown.every("src")
    assert not [name for _, attributes in shown.tags for name in attributes if name.startswith("on")]
    text = html(compose(collected(pack), "en"))
    assert not re.search(r"url\(|@import|https?://", text.partition("<body>")[0])


@pytest.mark.parametrize("pack", PACKS)
def test_every_link_leads_to_a_place_on_the_page(pack: str) -> None:
    for shown in (page(pack, "zh"), rendered(pack, "zh")):
        places = shown.every("id")
        assert len(places) == len(set(places))
        links = shown.every("href")
        assert links
        assert {each.removeprefix("#") for each in links} <= set(places)


@pytest.mark.parametrize(("language", "tag"), [("zh", "zh-CN"), ("en", "en")])
def test_the_page_can_be_read_by_a_screen_reader(language: str, tag: str) -> None:
    shown = page("cn_credit_card", language)
    assert shown.tags[0] == ("html", {"lang": tag}) or shown.tags[1] == ("html", {"lang": tag})
    assert {"header", "nav", "main", "title"} <= shown.names
    levels = [int(name[1]) for name, _ in shown.tags if re.fullmatch(r"h[1-6]", name)]
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    assert all(attributes.get("scope") in ("col", "row") for name, attributes in shown.tags if name == "th")
    other = "en" if language == "zh" else "zh-CN"
    assert {"lang": other, "class": "spoken"} in [attributes for name, attributes in shown.tags if name == "span"]


# --- hostile texts ----------------------------------------------------------------------------------------------------


def hostile(folder: Path) -> Document:
    text = {"en": HOSTILE}
    sneaky = rule("SNEAKY", "forbid", terms=["best | `x` <b>"], text=text, citation=HOSTILE)
    gate = rule("GATE", "gate", must="call.verified", reason=text, text=text, citation=HOSTILE)
    words = treatment("only", segment(HOSTILE), objections=[{"id": "no", "tries": 1, "text": text}])
    made = write_pack(
        folder, offers=[offer(label=text, eligibility=[{"when": "account.status == active", "reason": text}])],
        compliance=[sneaky, gate], scripts=[script(words)],
    )  # fmt: skip
    pack, found = check(made, at=NOON)
    assert pack is not None, [each.message() for each in found]
    return compose(collect(pack, (), found, NOON), "en")


def test_what_a_pack_writes_is_text_on_the_page(tmp_path: Path) -> None:
    shown = Page(html(hostile(tmp_path)))
    assert not shown.names & {"script", "img", "b"}
    assert "<script>alert(1)</script> | `tick` **bold** [link](https://evil.example) &amp; # head" in shown.text
    assert "\u202e" not in shown.text
    assert all(each.startswith("#") for each in shown.every("href"))


def test_what_a_pack_writes_is_text_in_markdown(tmp_path: Path) -> None:
    written = markdown(hostile(tmp_path))
    shown = Page(MarkdownIt("commonmark").enable("table").render(written))
    assert not shown.names & {"script", "img", "b"}
    assert "<script>alert(1)</script> | `tick` **bold** [link](https://evil.example) &amp; # head" in shown.text
    assert all(each.startswith("#") for each in shown.every("href"))
    assert "\u202e" not in written


@given(st.text("<>&|`\\*_[]()#!~-+=1.) \n\t\"'a你\u202e\u200b"), st.text("|`\\ <>a你\n", min_size=1))
def test_any_text_is_the_same_text_in_both_formats(text: str, code: str) -> None:
    told = f"x{text}x"  # a renderer drops spaces at the ends
    blocks = (
        Paragraph((text, "x")), Items(((told,),)), Facts(((told, ((told,),)),)),
        Table(told, (told, "b"), ((((told,),), ((f"x{code}x", Code(f"x{code}x")),)),)),
        Paragraph((Spoken("en", (told,)),)),
    )  # fmt: skip
    document = Document("en", told, "c", "b", "u {count}", (), (Section("s", told, blocks),))
    seen = " ".join("".join(each if each.isprintable() or each.isspace() else "�" for each in told).split())
    seen_code = " ".join(f"x{code}x".split())
    for shown in (Page(html(document)), Page(MarkdownIt("commonmark").enable("table").render(markdown(document)))):
        words = " ".join(shown.text.split())
        assert words.count(seen) >= 6
        assert words.count(seen_code) >= 2
        cells = [name for name, _ in shown.tags if name in ("td", "th")]
        assert len(cells) == 4
        assert not shown.names & {"b", "em", "hr", "blockquote", "pre", "ol"}


def test_entities_in_a_text_are_shown_as_written() -> None:
    document = Document("en", "a &lt; b", "c", "b", "u", (), ())
    assert unescape("a &amp;lt; b") in Page(html(document)).text
    assert "a &lt; b" in Page(MarkdownIt("commonmark").render(markdown(document))).text
