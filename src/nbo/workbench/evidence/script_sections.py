"""Every sentence that can be said: by script, treatment and language, with what fills it, when it is said, how long it takes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal

from nbo.diagnostics.diagnostic import Text
from nbo.language.template import Template
from nbo.language.types import Attribute, Kind
from nbo.pack.rulepack import RulePack
from nbo.pack.script import Segment, Treatment
from nbo.workbench.evidence.document import (
    Aside,
    Block,
    Code,
    Facts,
    Fixed,
    Line,
    Lines,
    Link,
    Paragraph,
    Section,
    Table,
    Tag,
    parted,
)
from nbo.workbench.evidence.report import Filled, Report, ScriptEvidence, Talk, TreatmentEvidence
from nbo.workbench.evidence.wording import LANGUAGES, STAGES, Wording, place, spoken

_SCRIPTS = Text("Every sentence that can be said", "可以说出的每句话")
_SHORT = Text("Sentences", "话术语句")
_WHY = Text(
    "Nothing else is put on an agent's screen. What stands in double braces is filled in for each customer, and no number is "
    "written out otherwise where a rule asks for that.",
    "坐席屏幕上不会出现其他话术。双花括号中的内容按客户填入；有规则要求时，数字不得以其他方式写出。",
)
_NO_SCRIPTS = Text("The pack has no scripts.", "规则包没有话术。")
_SCRIPT = Text("{labels} ({script})", "{labels}（{script}）")
_USED_BY = Text("Used by", "用于产品")
_NO_USER = Text("no offer", "没有产品")
_TREATMENT = Text("{script}, treatment {treatment}", "{script}，话术版本 {treatment}")
_VERSION = Text("Version", "版本")
_CHANNELS = Text("Channels", "渠道")
_WHEN = Text("Taken when", "采用条件")
_ALWAYS = Text("always, unless an earlier treatment fits", "总是采用，除非前面的版本适用")
_AFTER_YES = Text("After a yes", "客户同意之后")
_REQUIRED = Text("required", "必须")
_OPTIONAL_STEP = Text("optional", "可选")
_PLACE = Text("Written in", "所在文件")

_SENTENCES = Text("Sentences of {treatment}, in their order", "{treatment} 的语句（按顺序）")
_NUMBER = Text("No.", "序号")
_STAGE = Text("Stage", "环节")
_SENTENCE = Text("Sentence", "语句")
_SAID = Text("When it is said", "何时说")
_FILLS = Text("Fills the required slot", "满足的必说项")
_EVERYBODY = Text("to everybody", "对所有客户")
_WHERE = Text("where this is true: ", "以下条件成立时：")
_UNLESS = Text("unless it is certain that this is false: ", "除非确定以下条件不成立：")
_MAY_DROP = Text(
    "left out where its data is missing or a rule blocks the longer text", "缺少数据或较长话术被规则阻止时省略"
)
_VERBATIM = Text("word for word", "逐字宣读")

_ANSWERS = Text("Answers to objections in {treatment}", "{treatment} 的异议应答")
_OBJECTION = Text("Objection", "异议")
_TRIES = Text("At most", "至多")
_TIMES = Text("{count} times", "{count} 次")
_ONCE = Text("once", "1 次")
_ANSWER = Text("Answer", "应答")

_TALK = Text("Longest talk time of {treatment}", "{treatment} 的最长通话时长")
_RULE = Text("Rule", "规则")
_OFFER = Text("Offer", "产品")
_LANGUAGE = Text("Language", "语言")
_LONGEST = Text("Longest", "最长")
_LIMIT = Text("Limit", "上限")
_SECONDS = Text("{seconds} s", "{seconds} 秒")
_NO_LIMIT = Text("not known: a value has no bound", "未知：有取值没有上限")

_FILLED = Text("What is filled in, in {treatment}", "{treatment} 中填入的内容")
_FIELD = Text("Field", "字段")
_TYPE = Text("What it is", "类型")
_MOST = Text("Largest value", "最大取值")
_BELOW = Text("below {most}%", "低于 {most}%")
_CHARACTERS = Text("{most} characters", "{most} 个字符")
_A_DAY = Text("any", "任意")
_UNBOUND = Text("no bound", "没有上限")


def scripts(report: Report, say: Wording) -> Section:
    """One section a script."""
    blocks: tuple[Block, ...] = tuple(_script(each, report.pack, say) for each in report.scripts)
    first = Paragraph((say.of(_WHY if blocks else _NO_SCRIPTS),))
    return Section("sentences", say.of(_SCRIPTS), (first, *blocks), say.of(_SHORT))


def _script(each: ScriptEvidence, pack: RulePack, say: Wording) -> Section:
    users: Line = say.linked("offer", each.offers) if each.offers else (Tag(say.of(_NO_USER), "alert"),)
    facts = Facts(((say.of(_USED_BY), (users,)), (say.of(_PLACE), ((place(each.script.span),),))))
    parts = tuple(_treatment(each.script.id, part, pack, say) for part in each.treatments)
    labels = dict.fromkeys(say.plain(offer.labels, offer.id) for offer in pack.offers if offer.id in each.offers)
    title = say.of(_SCRIPT, labels=say.comma.join(labels) or each.script.id, script=each.script.id)
    return Section(f"script-{each.script.id}", title, (facts, *parts), title)


def _treatment(script: str, each: TreatmentEvidence, pack: RulePack, say: Wording) -> Section:
    treatment = each.treatment
    when: Line = (say.of(_ALWAYS),) if treatment.when is None else (Code(treatment.when.text),)
    facts: list[tuple[str, Lines]] = [
        (say.of(_VERSION), ((str(treatment.version),),)),
        (say.of(_CHANNELS), (say.names(treatment.channels),)),
        (say.of(_WHEN), (when,)),
    ]
    if treatment.after_yes:
        facts.append((say.of(_AFTER_YES), (_steps(treatment, say),)))
    facts.append((say.of(_PLACE), ((place(treatment.span),),)))
    blocks: list[Block] = [Facts(tuple(facts)), _sentences(treatment, pack, say)]
    if treatment.objections:
        blocks.append(_answers(treatment, pack, say))
    if each.talks:
        blocks.append(_talk_times(treatment, each.talks, say))
    if each.filled:
        blocks.append(_fields(treatment, each.filled, say))
    title = say.of(_TREATMENT, script=script, treatment=treatment.id)
    return Section(f"treatment-{script}/{treatment.id}", title, tuple(blocks))


def _steps(treatment: Treatment, say: Wording) -> Line:
    lines: list[Line] = [
        (Code(step.id), " ", Aside(say.of(_REQUIRED if step.required else _OPTIONAL_STEP)))
        for step in treatment.after_yes
    ]
    return parted(lines, " → ")


def _sentences(treatment: Treatment, pack: RulePack, say: Wording) -> Table:
    columns = tuple(say.of(each) for each in (_NUMBER, _SENTENCE, _STAGE, _SAID, _FILLS))
    rows = tuple(
        (
            ((str(number),),),
            (*_texts(segment.texts, pack), (place(segment.span),)),
            ((Fixed(say.of(STAGES[segment.stage])),),),
            tuple(_said(segment, say)),
            (parted([(Code(each),) for each in segment.says], say.comma),),
        )
        for number, segment in enumerate(treatment.segments, 1)
    )
    return Table(say.of(_SENTENCES, treatment=treatment.id), columns, rows)


def _texts(texts: Mapping[str, Template], pack: RulePack) -> Iterator[Line]:
    for language in pack.languages:
        yield (spoken(texts[language], language),)


def _said(segment: Segment, say: Wording) -> Iterator[Line]:
    if segment.when is None:
        yield (say.of(_EVERYBODY),)
    else:
        yield (say.of(_UNLESS if segment.says else _WHERE), Code(segment.when.text))
    if segment.optional:
        yield (Aside(say.of(_MAY_DROP)),)
    if segment.verbatim:
        yield (Aside(say.of(_VERBATIM)),)


def _answers(treatment: Treatment, pack: RulePack, say: Wording) -> Table:
    columns = tuple(say.of(each) for each in (_OBJECTION, _ANSWER, _TRIES))
    rows = tuple(
        (
            ((Code(each.id),),),
            tuple(_texts(each.answer.texts, pack)),
            ((Fixed(say.of(_ONCE) if each.tries == 1 else say.of(_TIMES, count=each.tries)),),),
        )
        for each in treatment.objections
    )
    return Table(say.of(_ANSWERS, treatment=treatment.id), columns, rows)


def _talk_times(treatment: Treatment, talks: Iterable[Talk], say: Wording) -> Table:
    """The longest of each rule, language and offer, against its limit."""
    columns = tuple(say.of(each) for each in (_RULE, _OFFER, _LANGUAGE, _LONGEST, _LIMIT))
    rows = tuple(
        (
            ((Link(f"rule-{each.rule.id}", each.rule.id),),),
            ((Code(each.offer),),),
            ((say.of(LANGUAGES[each.language]),),),
            ((say.of(_NO_LIMIT) if each.seconds is None else Fixed(say.of(_SECONDS, seconds=each.seconds)),),),
            ((Fixed(say.of(_SECONDS, seconds=f"{each.rule.max_seconds or Decimal(0):f}")),),),
        )
        for each in talks
    )
    return Table(say.of(_TALK, treatment=treatment.id), columns, rows)


def _fields(treatment: Treatment, filled: Iterable[Filled], say: Wording) -> Table:
    columns = tuple(say.of(each) for each in (_FIELD, _TYPE, _MOST))
    rows = tuple(
        (_field(each.attribute, say), ((say.of(each.attribute.type.words),),), tuple(_most(each, say)))
        for each in filled
    )
    return Table(say.of(_FILLED, treatment=treatment.id), columns, rows)


def _field(attribute: Attribute, say: Wording) -> Lines:
    label = attribute.label(say.language)
    return ((Code(attribute.name),), *(() if label == attribute.name else ((Aside(label),),)))


def _most(each: Filled, say: Wording) -> Iterator[Line]:
    """The largest value, once where it is the same for every offer that uses the script."""
    shown = {offer: _largest(each.attribute, most, say) for offer, most in each.most}
    if len(set(shown.values())) == 1:
        yield (next(iter(shown.values())),)
    else:
        yield from ((f"{text} ", Aside(offer)) for offer, text in shown.items())


def _largest(attribute: Attribute, most: Decimal | None, say: Wording) -> str:
    match attribute.type.kind:
        case Kind.ENUM:
            domain = attribute.type.domain
            return "" if domain is None else " / ".join(domain.label(each, say.language) for each in domain.values)
        case Kind.DATE | Kind.TIME:
            return say.of(_A_DAY)
        case _ if most is None:
            return say.of(_UNBOUND)
        case Kind.RATE:
            return say.of(_BELOW, most=f"{most:f}")
        case Kind.STRING:
            return say.of(_CHARACTERS, most=most)
        case _:
            return f"{most:,f}"
