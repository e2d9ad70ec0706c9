"""The report as a document in one language: the order of its sections is one visible tuple."""

from __future__ import annotations

from collections.abc import Callable

from nbo.diagnostics.diagnostic import Text
from nbo.explain.requirements import requirements
from nbo.workbench.evidence.authority_sections import authorities
from nbo.workbench.evidence.document import Aside, Block, Code, Document, Lines, Paragraph, Section, Table
from nbo.workbench.evidence.gate_sections import contact, gates
from nbo.workbench.evidence.moment_sections import moments
from nbo.workbench.evidence.offer_sections import offers
from nbo.workbench.evidence.overview import lead, not_in_force, people, summary, to_confirm
from nbo.workbench.evidence.report import Report
from nbo.workbench.evidence.rule_sections import idle, rules
from nbo.workbench.evidence.script_sections import scripts
from nbo.workbench.evidence.volume_sections import caps_and_floors
from nbo.workbench.evidence.wording import Wording, place

_TITLE = Text("Evidence report: {pack} {version}", "合规依据报告：{pack} {version}")
_CONTENTS = Text("Contents", "目录")
_BACK = Text("back to the contents", "回到目录")
_UNFOLD = Text("show all {count}", "显示全部 {count} 项")
_ATTRIBUTES = Text("What the conditions read", "条件所读取的数据")
_SHORT = Text("Data read", "读取的数据")
_WHY = Text(
    "Every attribute of a customer or a call that a condition, a quote or a sentence reads, as the pack's dictionary names it.",
    "条件、报价或语句所读取的客户和通话数据，名称取自规则包的数据字典。",
)
_SEGMENTS = Text("Groups of customers", "客群")
_WHY_SEGMENTS = Text("What a condition means by the name of a group.", "条件中客群名称的含义。")
_NO_SEGMENTS = Text("The pack names no groups.", "规则包没有定义客群。")
_ALL_OF = Text("All of these hold", "须全部成立")
_PLACE = Text("Written in", "所在文件")
_NAME = Text("Attribute", "字段")
_CALLED = Text("What it is called", "名称")
_TYPE = Text("What it is", "类型")
_USE = Text("Use", "用途")
_PERSONAL = Text("personal data", "个人信息")
_USES = {
    "profile": Text("profile: hidden after an opt-out", "画像：拒绝个性化推荐后不使用"),
    "contract": Text("needed for the contract", "订立、履行合同所需"),
    "context": Text("this call", "本次通话"),
}


def attributes(report: Report, say: Wording) -> Section:
    """What the conditions of the report are about, in words."""
    rows: list[tuple[Lines, ...]] = []
    for each in requirements(report.pack):
        attribute = each.attribute
        use = "" if attribute.use is None else say.of(_USES[attribute.use])
        personal: Lines = ((Aside(say.of(_PERSONAL)),),) if attribute.pii else ()
        label = attribute.label(say.language)
        rows.append(
            (
                ((Code(attribute.name),),),
                ((label if label != attribute.name else "",),),
                ((say.of(attribute.type.words),),),
                ((use,), *personal),
            )
        )
    columns = tuple(say.of(text) for text in (_NAME, _CALLED, _TYPE, _USE))
    table = Table(None, columns, tuple(rows))
    return Section("attributes", say.of(_ATTRIBUTES), (Paragraph((say.of(_WHY),)), table), say.of(_SHORT))


def segments(report: Report, say: Wording) -> Section:
    """The named groups of customers that conditions read."""
    rows: list[tuple[Lines, ...]] = []
    for each in report.pack.segments:
        conditions: Lines = tuple((Code(clause.expression.text),) for clause in each.clauses)
        rows.append((((Code(f"segment.{each.id}"),),), (say.own(each.labels),), conditions, ((place(each.span),),)))
    blocks: tuple[Block, ...] = (Paragraph((say.of(_NO_SEGMENTS),)),)
    if rows:
        columns = tuple(say.of(text) for text in (_NAME, _CALLED, _ALL_OF, _PLACE))
        blocks = (Paragraph((say.of(_WHY_SEGMENTS),)), Table(None, columns, tuple(rows)))
    return Section("segments", say.of(_SEGMENTS), blocks, say.of(_SEGMENTS))


SECTIONS: tuple[Callable[[Report, Wording], Section], ...] = (
    summary,
    to_confirm,
    not_in_force,
    people,
    rules,
    idle,
    gates,
    contact,
    moments,
    caps_and_floors,
    authorities,
    offers,
    scripts,
    segments,
    attributes,
)


def compose(report: Report, language: str) -> Document:
    """The document; `language` is zh or en, whatever the languages of the pack."""
    say = Wording(language)
    return Document(
        language=language,
        title=say.of(_TITLE, pack=report.pack.name, version=report.pack.version),
        contents=say.of(_CONTENTS),
        back=say.of(_BACK),
        unfold=_UNFOLD.fill(language),
        blocks=lead(report, say),
        sections=tuple(section(report, say) for section in SECTIONS),
    )
