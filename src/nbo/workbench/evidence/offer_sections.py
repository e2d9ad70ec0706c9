"""Every offer: when it is valid, to whom it may be made and why not, its quote, the rules about it."""

from __future__ import annotations

from collections.abc import Iterator

from nbo.diagnostics.diagnostic import Text
from nbo.pack.clause import Clause
from nbo.workbench.evidence.document import Aside, Block, Code, Facts, Line, Lines, Paragraph, Section, Table, Tag
from nbo.workbench.evidence.gate_sections import stopping
from nbo.workbench.evidence.report import OfferEvidence, Report
from nbo.workbench.evidence.wording import OFFER_KINDS, Wording, place

_OFFERS = Text("Every offer", "每个产品")
_SHORT = Text("Offers", "产品")
_STAGES = {
    "eligibility": Text("eligibility: may we", "准入：可否推荐"),
    "applicability": Text("applicability: is it to the point", "适用：是否切题"),
    "volume": Text("volume: was it taken too often", "限量：是否过于频繁"),
    "suitability": Text("suitability: is it good for this customer", "适当性：是否适合该客户"),
}
_NAME = Text("Id", "标识")
_FAMILY = Text("Family", "产品族")
_KIND = Text("Kind", "类别")
_VALID = Text("Valid", "有效期")
_GROUP = Text("At most one of", "同组至多一个")
_RECORDS = Text("One for each record of", "逐笔适用于")
_QUOTE = Text("Quote", "报价")
_NO_QUOTE = Text("none", "无")
_BESIDE = Text("Shown beside the script", "与话术一同显示")
_SCRIPT = Text("Script", "话术")
_NO_SCRIPT = Text("none: the agent has no words for it", "无：坐席没有话术")
_RULES = Text("Rules about it", "相关规则")
_NO_RULES = Text("none", "没有")
_CASES = Text("In the pack's cases", "在用例中")
_OFFERED = Text("offered in {count}", "在 {count} 个用例中被推荐")
_NEVER = Text("no case shows it offered", "没有用例显示它被推荐")
_PLACE = Text("Written in", "所在文件")
_CONDITIONS = Text("Conditions of {offer}", "{offer}的条件")
_NO_CONDITIONS = Text("It has no conditions of its own.", "没有自己的条件。")
_QUESTION = Text("Question", "问题")
_MUST = Text("Must be true", "须成立")
_READ = Text("What people read when it is not", "不成立时显示")
_NOTHING = Text("the condition itself", "条件本身")
_STOPS = Text("Cases that show it", "显示它的用例")


def offers(report: Report, say: Wording) -> Section:
    """One section an offer, in the order in which they rank before any customer is known."""
    every = tuple(_offer(each, report, say) for each in report.offers)
    return Section("offers", say.of(_OFFERS), every, say.of(_SHORT))


def _offer(each: OfferEvidence, report: Report, say: Wording) -> Section:
    offer = each.offer
    label = say.plain(offer.labels, offer.id)
    facts: list[tuple[str, Lines]] = [
        (say.of(_NAME), ((Code(offer.id),),)),
        (say.of(_FAMILY), ((Code(offer.family),),)),
        (say.of(_KIND), ((say.of(OFFER_KINDS[offer.kind]),),)),
        (say.of(_VALID), ((*say.dates(offer.valid), " ", say.standing(each.standing)),)),
    ]
    if offer.exclusive_group is not None:
        facts.append((say.of(_GROUP), ((Code(offer.exclusive_group),),)))
    if offer.for_each is not None:
        facts.append((say.of(_RECORDS), ((Code(offer.for_each.records.name),),)))
    facts.append((say.of(_QUOTE), ((say.of(_NO_QUOTE) if offer.quote is None else Code(offer.quote.kind),),)))
    beside = tuple(_beside(each, report, say))
    if beside:
        facts.append((say.of(_BESIDE), beside))
    script: Line = (say.of(_NO_SCRIPT),) if offer.script is None else say.linked("script", [offer.script.id])
    rules: Line = say.linked("rule", each.rules) if each.rules else (Tag(say.of(_NO_RULES), "alert"),)
    cases: Line = (say.of(_OFFERED, count=each.offered),) if each.offered else (Tag(say.of(_NEVER), "alert"),)
    facts += [
        (say.of(_SCRIPT), (script,)),
        (say.of(_RULES), (rules,)),
        (say.of(_CASES), (cases,)),
        (say.of(_PLACE), ((place(offer.span),),)),
    ]
    blocks: tuple[Block, ...] = (Facts(tuple(facts)), _conditions(each, label, report, say))
    return Section(f"offer-{offer.id}", label, blocks, label)


def _beside(each: OfferEvidence, report: Report, say: Wording) -> Iterator[Line]:
    """Texts that an agent sees with the offer, beside its label; a rule on wording holds for them, too."""
    quote = each.offer.quote
    shown = [clause.because for clause in each.offer.applicability if clause.because]
    for words in [*shown, *(() if quote is None else quote.texts())]:
        if words:
            yield say.own(words)


def _conditions(each: OfferEvidence, label: str, report: Report, say: Wording) -> Block:
    rows = tuple(_rows(each, report, say))
    if not rows:
        return Paragraph((say.of(_NO_CONDITIONS),))
    columns = tuple(say.of(text) for text in (_MUST, _READ, _QUESTION, _STOPS))
    return Table(say.of(_CONDITIONS, offer=label), columns, rows)


def _rows(each: OfferEvidence, report: Report, say: Wording) -> Iterator[tuple[Lines, ...]]:
    for stage, text in _STAGES.items():
        clauses: tuple[Clause, ...] = getattr(each.offer, stage)
        for clause in clauses:
            reason = say.own(clause.reason) or (Aside(say.of(_NOTHING)),)
            condition: Lines = ((Code(clause.expression.text),), (place(clause.span),))
            yield condition, (reason,), ((say.of(text),),), stopping(report, (stage, each.offer.id, clause.id), say=say)
