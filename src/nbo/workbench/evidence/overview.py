"""What a compliance officer reads first: what this is, what to confirm, what is not in force, what is left to people."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from nbo.diagnostics.diagnostic import Text
from nbo.pack.compliance import Duty
from nbo.workbench.evidence.document import (
    Block,
    Code,
    Facts,
    Inline,
    Items,
    Line,
    Lines,
    Link,
    Paragraph,
    Section,
    Spoken,
    Table,
    Tag,
    parted,
)
from nbo.workbench.evidence.report import Report, RuleEvidence
from nbo.workbench.evidence.wording import EVIDENCE, KINDS, LANGUAGES, OFFER_KINDS, SEVERITY, Wording, place

_PACK = Text("Rule pack", "规则包")
_HASH = Text("Content hash (SHA-256)", "内容哈希（SHA-256）")
_AS_OF = Text("As of", "截至")
_SPOKEN = Text("Languages of the scripts", "话术语言")
_RULES_OF = Text("Rules of", "规则法域")
_WHAT = Text(
    "This report shows what these rules let an agent offer and say, which rules hold that, what enforces each of them, and "
    "what no program can check. It does not say that the law is kept: a rule here is as right and as complete as the person "
    "who wrote it made it.",
    "本报告列出：这些规则允许坐席推荐什么、说什么，由哪些规则约束，每条规则由什么执行，以及哪些事项程序无法检查。"
    "本报告不判断是否符合法律：规则是否正确、是否完整，取决于编写规则的人。",
)
_ILLUSTRATIVE = Text(
    "only a few rules, as an example; what is missing here may still be law",
    "仅有少数规则，作为示例；此处没有的，仍可能是法律要求",
)
_COMPLETE = Text(
    "its authors hold that every rule which a machine can check and which they set out to have is here; it is not all law",
    "编写者认为：计划收录且机器能检查的规则均已在此；它不是全部法律",
)
_NO_RULES = Text(
    "This pack names no compliance rules. Nothing but the checks built into nbo holds what is said.",
    "该规则包没有列出合规规则；除 nbo 内置检查外，没有任何规则约束话术。",
)

_SUMMARY = Text("Summary", "概览")
_SUMMARY_SHORT = Text("Summary", "概览")
_OFFERS = Text("Offers", "产品")
_TREATMENTS = Text("Treatments (ways to say an offer)", "话术版本")
_SENTENCES = Text("Sentences", "话术语句")
_SENTENCE_COUNT = Text(
    "{segments} in scripts and {answers} answers to objections, each in {languages}",
    "话术 {segments} 句，异议应答 {answers} 条；各有{languages}",
)
_RULES = Text("Compliance rules", "合规规则")
_BY_EVIDENCE = Text("By evidence", "按依据")
_BY_KIND = Text("By kind", "按类型")
_BY_SEVERITY = Text("By severity", "按严重程度")
_GATES = Text("Gates", "门槛")
_GATE_COUNT = Text("{pitch} before the pitch, {order} before the order", "推介前 {pitch} 道，下单前 {order} 道")
_CONTACT = Text("Contact rules", "接触规则")
_CASES = Text("The pack's own cases", "规则包自带用例")
_HOLDING = Text("{count} were run, and all came out as they state", "已运行 {count} 个，全部符合预期")
_FAILING = Text("{failing} of {count} come out otherwise than they state: ", "{count} 个中有 {failing} 个不符合预期：")
_NO_CASES = Text("none: nothing here was tried on a customer", "没有用例：本报告中的内容未在任何客户上试过")
_FINDINGS = Text("Warnings and notes of the check", "检查的警告与提示")

_CONFIRM = Text("Confirm before relying on it", "依赖之前须先确认")
_CONFIRM_SHORT = Text("Confirm first", "须先确认")
_CONFIRM_WHY = Text(
    "Nobody who wrote these rules has read the official text. Have each confirmed, or decide that the bank wants it anyway.",
    "编写以下规则的人没有读过官方原文。请逐条确认，或决定本行无论如何都要执行。",
)
_SECONDARY = Text("From secondary sources: {count}", "依据二手来源：{count} 条")
_SECONDARY_WHY = Text(
    "Press, an issuer's page or a translation was read, or a day was recalled. Have the text itself confirmed.",
    "读过报道、发卡行页面或译文，或日期凭记忆写成。请与原文核对。",
)
_BANK = Text("Only bank policy: {count}", "仅为行内政策：{count} 条")
_BANK_WHY = Text(
    "Recalled, or the bank's own wish. It is no law. Decide whether the bank wants it, or find the law.",
    "凭记忆写成，或为本行自己的要求，不是法律。请决定本行是否要执行，或找到法律依据。",
)
_NOTHING_TO_CONFIRM = Text("Every rule has the official text as its source.", "每条规则均依据官方原文。")
_RULE = Text("Rule", "规则")
_SAYS = Text("What it says", "内容")
_CITATION = Text("Citation", "出处")
_DATES = Text("In force", "生效期")

_NOT_NOW = Text("Not in force on this day", "当日不生效的规则")
_NOT_NOW_SHORT = Text("Not in force", "不生效")
_ALL_IN_FORCE = Text("Every rule is in force on {day}.", "{day} 当日，所有规则均生效。")
_STANDS = Text("On {day}", "{day} 当日")

_PEOPLE = Text("Left to people", "须由人负责")
_PEOPLE_WHY = Text(
    "No machine checks what follows. Each line needs somebody who does it and can show that it was done.",
    "以下事项没有机器检查。每一项都须有人去做，并能证明已经做到。",
)
_NO_DUTIES = Text(
    "The rules name nothing that is left to people. That is not likely to be so: every script is spoken by a person, and "
    "nbo reads the script, not the voice.",
    "规则没有列出须由人负责的事项。实际上不太可能没有：话术由人说出，nbo 读的是话术，不是声音。",
)
_WHO = Text("Who", "由谁负责")
_MUST = Text("What they must do", "须做什么")
_BESIDE = Text("Beside rule", "对应规则")
_SOURCE = Text("Source", "依据")


def lead(report: Report, say: Wording) -> tuple[Block, ...]:
    """What this is about: the pack, the day, the jurisdictions with their coverage."""
    pack = report.pack
    coverage: list[Line] = []
    for each in sorted(pack.jurisdictions, key=lambda each: (each.name, each.span.source.name)):
        few = each.coverage == "illustrative"
        words = say.of(_ILLUSTRATIVE if few else _COMPLETE)
        coverage.append(
            (each.name, " · ", Tag(f"coverage: {each.coverage}", "alert" if few else "plain"), " ", words, " ", place(each.span))
        )  # fmt: skip
    facts: list[tuple[str, Lines]] = [
        (say.of(_PACK), ((Code(pack.name), f" {pack.version}"),)),
        (say.of(_HASH), ((Code(pack.hash),),)),
        (say.of(_AS_OF), ((f"{report.at:%Y-%m-%d %H:%M:%S} {pack.zone.key} (UTC{_offset(report)})",),)),
        (say.of(_SPOKEN), ((_languages(report, say),),)),
        (say.of(_RULES_OF), tuple(coverage) or ((say.of(_NO_RULES),),)),
    ]
    return (Paragraph((say.of(_WHAT),), notice=True), Facts(tuple(facts)))


def _offset(report: Report) -> str:
    offset = f"{report.at:%z}"
    return f"{offset[:3]}:{offset[3:5]}"


def _languages(report: Report, say: Wording) -> str:
    return say.comma.join(say.of(LANGUAGES[each]) for each in report.pack.languages)


def summary(report: Report, say: Wording) -> Section:
    """How much there is of everything."""
    pack, rules = report.pack, report.rules
    treatments = [each for script in pack.scripts.values() for each in script.treatments]
    counted = {
        "segments": sum(len(each.segments) for each in treatments),
        "answers": sum(len(each.objections) for each in treatments),
        "languages": _languages(report, say),
    }
    kinds: Counter[str] = Counter(kind_of(each) for each in rules)
    evidence: Counter[str] = Counter(each.rule.evidence for each in rules)
    severity: Counter[str] = Counter(each.rule.severity for each in rules)
    by_evidence = parted([(say.evidence(each), f" {evidence[each]}") for each in EVIDENCE if evidence[each]], say.comma)
    by_kind = say.comma.join(f"{say.of(text)} {kinds[each]}" for each, text in KINDS.items() if kinds[each])
    by_severity = say.comma.join(f"{say.of(SEVERITY[each])} {severity[each]}" for each in SEVERITY if severity[each])
    order = sum(each.at == "order" for each in pack.gates)
    offers: Counter[str] = Counter(each.kind for each in pack.offers)
    by_offer = say.comma.join(f"{say.of(text)} {offers[each]}" for each, text in OFFER_KINDS.items() if offers[each])
    rows: list[tuple[str, Lines]] = [
        (say.of(_OFFERS), ((f"{len(pack.offers)} ({by_offer})",),)),
        (say.of(_TREATMENTS), ((str(len(treatments)),),)),
        (say.of(_SENTENCES), ((say.of(_SENTENCE_COUNT, **counted),),)),
        (say.of(_RULES), ((str(len(rules)),),)),
    ]
    if rules:
        rows += [
            (say.of(_BY_EVIDENCE), (by_evidence,)),
            (say.of(_BY_KIND), ((by_kind,),)),
            (say.of(_BY_SEVERITY), ((by_severity,),)),
        ]
    rows += [
        (say.of(_GATES), ((say.of(_GATE_COUNT, pitch=len(pack.gates) - order, order=order),),)),
        (say.of(_CONTACT), ((str(len(pack.contact or ())),),)),
        (say.of(_CASES), (_cases(report, say),)),
    ]
    blocks: list[Block] = [Facts(tuple(rows))]
    if report.findings:
        found = tuple(
            (Code(each.code.id), " ", each.message(say.language), *(() if each.span is None else (" ", place(each.span))))
            for each in report.findings
        )  # fmt: skip
        blocks.append(Section("warnings", say.of(_FINDINGS), (Items(found),)))
    return Section("summary", say.of(_SUMMARY), tuple(blocks), say.of(_SUMMARY_SHORT))


def _cases(report: Report, say: Wording) -> Line:
    if not report.cases:
        return (Tag(say.of(_NO_CASES), "alert"),)
    if not report.failing:
        return (say.of(_HOLDING, count=report.cases),)
    counts = {"failing": len(report.failing), "count": report.cases}
    return (Tag(say.of(_FAILING, **counts), "alert"), " ", *say.some(report.failing))


def kind_of(each: RuleEvidence) -> str:
    """The kind of a rule, a gate's too."""
    return getattr(each.rule, "kind", "gate")


def to_confirm(report: Report, say: Wording) -> Section:
    """The rules that nobody read the official text of: secondary sources first, then what is only bank policy."""
    blocks: list[Block] = [Paragraph((say.of(_CONFIRM_WHY),), notice=True)]
    for evidence, title, why in (("secondary", _SECONDARY, _SECONDARY_WHY), ("bank_policy", _BANK, _BANK_WHY)):
        rules = [each for each in report.rules if each.rule.evidence == evidence]
        if rules:
            caption = say.of(title, count=len(rules))
            columns = (say.of(_RULE), say.of(_SAYS), say.of(_CITATION), say.of(_DATES))
            table = Table(None, columns, tuple(_row(each, say) for each in rules))
            anchor = f"confirm-{evidence}"
            blocks.append(Section(anchor, caption, (Paragraph((say.of(why),)), table), caption))
    if len(blocks) == 1:
        blocks = [Paragraph((say.of(_NOTHING_TO_CONFIRM),))]
    return Section("confirm", say.of(_CONFIRM), tuple(blocks), say.of(_CONFIRM_SHORT))


def _row(each: RuleEvidence, say: Wording) -> tuple[Lines, ...]:
    rule = each.rule
    dates = say.dates(rule.in_force)
    stands: Lines = () if each.standing == "in_force" else ((say.standing(each.standing),),)
    return ((_link(rule.id),), (say.own(rule.text),), ((rule.citation,),), (dates, *stands))


def _link(rule: str) -> Line:
    return (Link(f"rule-{rule}", rule),)


def not_in_force(report: Report, say: Wording) -> Section:
    """Rules that are to come, and rules that have lapsed."""
    day = report.at.date()
    rules = [each for each in report.rules if each.standing != "in_force"]
    blocks: tuple[Block, ...] = (Paragraph((say.of(_ALL_IN_FORCE, day=day),)),)
    if rules:
        columns = (say.of(_RULE), say.of(_SAYS), say.of(_DATES), say.of(_STANDS, day=day))
        rows = tuple(
            (
                (_link(each.rule.id),),
                (say.own(each.rule.text),),
                (say.dates(each.rule.in_force),),
                ((say.standing(each.standing),),),
            )
            for each in rules
        )
        blocks = (Table(None, columns, rows),)
    return Section("not-in-force", say.of(_NOT_NOW), blocks, say.of(_NOT_NOW_SHORT))


def people(report: Report, say: Wording) -> Section:
    """What no machine checks, and who must do it."""
    duties = [duty for each in report.pack.jurisdictions for duty in each.duties]
    if not duties:
        return Section("people", say.of(_PEOPLE), (Paragraph((say.of(_NO_DUTIES),)),), say.of(_PEOPLE))
    columns = (say.of(_BESIDE), say.of(_WHO), say.of(_MUST), say.of(_SOURCE))
    table = Table(None, columns, tuple(_duties(duties, say)))
    return Section("people", say.of(_PEOPLE), (Paragraph((say.of(_PEOPLE_WHY),)), table), say.of(_PEOPLE))


def _duties(duties: list[Duty], say: Wording) -> Iterator[tuple[Lines, ...]]:
    for each in duties:
        beside: Line = (Code(each.id),) if each.rule is None else _link(each.rule)
        yield (
            (beside,),
            (say.own(each.who),),
            (_with_names(say.own(each.text)),),
            ((say.evidence(each.evidence), f" {each.citation}"),),
        )


def _with_names(line: Line) -> Line:
    """What stands between two backticks is a name of the rules."""
    shown: list[Inline] = []
    for each in line:
        if isinstance(each, Spoken):
            parts = (part for text in each.parts for part in (_named(text) if isinstance(text, str) else (text,)))
            shown.append(Spoken(each.language, tuple(parts)))
        else:
            shown += _named(each) if isinstance(each, str) else [each]
    return tuple(shown)


def _named(text: str) -> list[str | Code]:
    parts = text.split("`")
    if len(parts) % 2 == 0:  # a backtick that has no other
        return [text]
    return [Code(part) if place % 2 else part for place, part in enumerate(parts)]
