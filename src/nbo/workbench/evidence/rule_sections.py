"""Every compliance rule with what it asks, what enforces it, and what the pack's cases show of it; the rules of nobody's."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from nbo.diagnostics.diagnostic import Text
from nbo.pack.compliance import ComplianceRule, GateRule
from nbo.script.compliance import PERSONAL_DATA
from nbo.workbench.evidence.document import (
    Aside,
    Block,
    Code,
    Facts,
    Items,
    Line,
    Lines,
    Link,
    Paragraph,
    Section,
    Tag,
    parted,
)
from nbo.workbench.evidence.overview import kind_of
from nbo.workbench.evidence.report import Report, RuleEvidence
from nbo.workbench.evidence.wording import KINDS, LANGUAGES, SEVERITY, STAGES, Wording, place

_RULES = Text("Every rule, and what enforces it", "每条规则及其执行方式")
_RULES_SHORT = Text("Rules", "规则")
_HOW = Text("How to read it", "如何阅读")
_PROOF = Text(
    "Proof when the pack loads: every sentence is held against the rule for every customer who can hear it, before anybody "
    "is called. A pack that fails does not load; this one has loaded.",
    "加载时证明：在给任何人打电话之前，对能听到该语句的所有客户，逐句检查该规则。不通过的规则包不能加载；本规则包已加载。",
)
_AT_RUN_TIME = Text(
    "Check at run time: the final words, with the customer's numbers in them, are held against the rule again.",
    "运行时检查：填入客户数字后的最终话术再次检查该规则。",
)
_UNKNOWN = Text(
    "What nobody recorded blocks: consent that is missing is consent that nobody gave.",
    "没有记录的视为不满足：没有记录的同意，就是没有同意。",
)
_BUILT_IN = Text("Built into nbo, whatever the rules say", "nbo 内置检查，与规则无关")
_PERSONAL = Text(
    "Card numbers, identity numbers, telephone numbers and e-mail addresses are in no script: every text is searched when "
    "the pack loads, and every final text before it is shown ({count} in the pack's cases, none of which was shown with any).",
    "话术中不得出现卡号、身份证号、电话号码和电子邮箱：加载时检查每句话，展示前再检查每段最终话术"
    "（用例中检查了 {count} 段，展示的均不含）。",
)
_OPT_OUT = Text(
    "Who has opted out of personalization, or may have, is decided without profile and history; gates of these rules and the "
    "contact policy see them all the same, so that a refusal counts: ",
    "拒绝个性化推荐（或可能拒绝）的客户，不使用画像和历史作决定；但合规门槛和触达策略仍读取，以使拒绝有效：",
)
_NO_OPT_OUT = Text(
    "The pack does not say who has opted out of personalization; nothing is withheld for it.",
    "规则包没有写明谁拒绝了个性化推荐，因此不为此屏蔽任何数据。",
)

_IDLE = Text("Rules that concern no offer of this pack", "与本规则包任何产品无关的规则")
_IDLE_SHORT = Text("Rules without an offer", "无对应产品的规则")
_IDLE_WHY = Text(
    "They are written, but nothing here is in their families or on their channels. What they ask is enforced nowhere in "
    "this pack.",
    "这些规则已写明，但本规则包没有属于其产品族或渠道的产品，因此在本规则包中没有执行。",
)
_NO_IDLE = Text("There are none.", "没有。")

_CITATION = Text("Citation", "出处")
_IN_FORCE = Text("In force", "生效期")
_ENFORCED = Text("Enforced by", "执行方式")
_ABOUT = Text("Applies to", "适用范围")
_FAMILIES = Text("families: ", "产品族：")
_CHANNELS = Text("channels: ", "渠道：")
_LANGUAGES = Text("languages: ", "语言：")
_ONLY_WHERE = Text("unless it is certain that this is false: ", "除非确定以下条件不成立：")
_OFFERS = Text("Offers", "产品")
_NO_OFFER = Text("none of this pack", "本规则包中没有")
_CASES = Text("In the pack's cases", "在用例中")
_KEPT = Text("kept in {count} checks", "检查通过 {count} 次")
_WARNED = Text("a warning in {count} checks", "提醒 {count} 次")
_STOPPED = Text("the reason for a stop in {count}: ", "作为拦下原因出现在 {count} 个用例中：")
_NEVER = Text("no case shows it stopping an offer", "没有用例显示它拦下过产品")
_NEVER_WARNED = Text("no case shows its warning", "没有用例显示它的提醒")
_NOT_ASKED = Text("none can: a decision does not ask it", "用例无法显示：决策不检查它")
_PROVEN = Text("none can show a stop: a text that breaks it does not load", "用例无法显示拦下：违反它的话术不能加载")
_ASKS = Text("What it asks", "要求")
_TERMS = Text("not said ({count}): ", "不得说（{count}）：")
_EXCEPT = Text("fine inside ({count}): ", "在以下措辞中可以出现（{count}）：")
_NEGATED = Text("a term that is denied (“not …”) is fine", "被否定的措辞不算")
_FIELDS = Text("values that are said: ", "须说出的数值：")
_SLOT = Text("one of these, in {language}, for {slot}: ", "{slot}（{language}），说出其中之一：")
_PHRASES = Text("one of these, in {language}: ", "{language}，说出其中之一：")
_MUST = Text("true: ", "须成立：")
_UNREAD = Text("a condition that is not read, because no offer here needs it", "条件未读取，因为这里没有产品需要它")
_NUMBERS = Text(
    "no number that somebody typed; every number comes from a placeholder", "不得直接写出数字，数字须来自占位符"
)
_UNITS = Text("spelled-out numbers before, in {language}: ", "以下单位前的文字数字（{language}）：")
_SECONDS = Text("at most {seconds} seconds for {stages}", "{stages}合计不超过 {seconds} 秒")
_SPEED = Text("{language}: {units} a minute, {pause} s a pause", "{language}：每分钟 {units}，每次停顿 {pause} 秒")
_UNITS_OF = {"zh": Text("{count} characters", "{count} 字"), "en": Text("{count} words", "{count} 词")}
_PLACE = Text("Written in", "所在文件")

_AT_LOAD: Mapping[str, Text] = {
    "forbid": Text(
        "the proof when the pack loads: sought in every sentence, every answer to an objection and every label, and where "
        "two sentences meet",
        "加载时证明：在每句话、每条异议应答、每个标签以及两句相接处查找",
    ),
    "require": Text(
        "the proof when the pack loads: no customer can get a script that leaves it out",
        "加载时证明：不存在会听不到该内容的客户",
    ),
    "bind": Text(
        "the proof when the pack loads: no sentence and no answer holds a number of its own",
        "加载时证明：任何语句和应答都没有直接写出的数字",
    ),
    "talk_time": Text(
        "the proof when the pack loads: the most that one customer can hear, with the longest values",
        "加载时证明：按同一客户可能听到的最长内容和最长取值计算",
    ),
}
_LATER: Mapping[str, Text] = {
    "words": Text("the check at run time: words that break it are not shown", "运行时检查：违反它的话术不展示"),
    "words_warn": Text(
        "the check at run time: words that break it are shown, with a warning", "运行时检查：违反它的话术仍展示，并提醒"
    ),
    "bound": Text(
        "a bound on the quote, at run time: an offer that breaks it, or about which it cannot be told, is not made",
        "报价限制，运行时：违反它或无法判断的产品不推荐",
    ),
    "bound_warn": Text(
        "a bound on the quote, at run time: an offer that breaks it is made, with a warning",
        "报价限制，运行时：违反它的产品仍推荐，并提醒",
    ),
    "pitch": Text(
        "a gate before the pitch, at run time: an offer for which it does not hold, or is not known, is not brought up",
        "推介前门槛，运行时：不满足或无法判断的产品不提起",
    ),
    "pitch_warn": Text(
        "a gate before the pitch, at run time: an offer for which it does not hold, or is not known, is brought up, with a "
        "warning",
        "推介前门槛，运行时：不满足或无法判断的产品仍提起，并提醒",
    ),
}
_ORDER = Text(
    "a gate before the order: a decision of nbo pitches and does not ask it; the system that books must ask "
    "engine.may_order before it does",
    "下单前门槛：nbo 的决策只管推介，不检查它；下单系统须先调用 engine.may_order",
)
_ORDER_WARN = Text("what it finds there is a warning and no more", "此处发现的问题只是提醒")
_NO_EFFECT_YET = Text(
    "no effect before {day}; until then the proof when the pack loads only warns",
    "{day} 之前不生效；在此之前加载时证明只提醒",
)
_NO_EFFECT_YET_GATE = Text("no effect before {day}", "{day} 之前不生效")
_ONLY_WARNS = Text("what either finds is a warning and no more", "两者发现的问题都只是提醒")
_OVER = Text("nothing any more: it lapsed after {day}", "不再执行：{day} 之后已失效")
_NOBODY = Text("nothing, because it concerns no offer of this pack", "没有执行，因为与本规则包的产品无关")


def rules(report: Report, say: Wording) -> Section:
    """How the rules are enforced, what is built in, and each rule."""
    pack = report.pack
    how = Section("how", say.of(_HOW), (Items(tuple((say.of(each),) for each in (_PROOF, _AT_RUN_TIME, _UNKNOWN))),))
    personal = (Code(PERSONAL_DATA), " ", say.of(_PERSONAL, count=report.personal_data_checks))
    opted: Line = (say.of(_NO_OPT_OUT),)
    if pack.opted_out is not None:
        opted = (say.of(_OPT_OUT), Code(pack.opted_out.text))
    built_in = Section("built-in", say.of(_BUILT_IN), (Items((personal, opted)),))
    every = tuple(_rule(each, say) for each in report.rules)
    return Section("rules", say.of(_RULES), (how, built_in, *every), say.of(_RULES_SHORT))


def idle(report: Report, say: Wording) -> Section:
    """The rules that nothing in the pack is held against."""
    nobody = [each for each in report.rules if not each.offers]
    blocks: tuple[Block, ...] = (Paragraph((say.of(_NO_IDLE),)),)
    if nobody:
        lines = tuple((Link(f"rule-{each.rule.id}", each.rule.id), " ", *say.own(each.rule.text)) for each in nobody)
        blocks = (Paragraph((say.of(_IDLE_WHY),)), Items(lines))
    return Section("idle-rules", say.of(_IDLE), blocks, say.of(_IDLE_SHORT))


def _rule(each: RuleEvidence, say: Wording) -> Section:
    rule = each.rule
    tags: Line = (
        say.evidence(rule.evidence), " ", Tag(say.of(KINDS[kind_of(each)])), " ", Tag(say.of(SEVERITY[rule.severity])),
        " ", say.standing(each.standing),
    )  # fmt: skip
    facts: list[tuple[str, Lines]] = [
        (say.of(_CITATION), ((f"{rule.jurisdiction}: {rule.citation}",),)),
        (say.of(_IN_FORCE), (say.dates(rule.in_force),)),
        (say.of(_ENFORCED), tuple(_enforced(each, say))),
        (say.of(_ASKS), tuple(_gate_asks(rule, say) if isinstance(rule, GateRule) else _asks(rule, say))),
        (say.of(_ABOUT), tuple(_scope(rule, say))),
        (say.of(_OFFERS), (say.linked("offer", each.offers) if each.offers else (Tag(say.of(_NO_OFFER), "alert"),),)),
    ]
    if each.offers:
        facts.append((say.of(_CASES), tuple(_cases(each, say))))
    facts.append((say.of(_PLACE), ((place(rule.span),),)))
    text = say.plain(rule.text, rule.id)
    return Section(f"rule-{rule.id}", f"{rule.id} — {text}", (Paragraph(tags), Facts(tuple(facts))), rule.id)


def _enforced(each: RuleEvidence, say: Wording) -> Iterator[Line]:
    rule = each.rule
    if each.standing == "lapsed":
        yield (say.of(_OVER, day=rule.in_force.through),)
        return
    if not each.offers:
        yield (say.of(_NOBODY),)
        return
    if each.standing == "to_come":
        proven = not isinstance(rule, GateRule) and rule.kind in _AT_LOAD
        words = _NO_EFFECT_YET if proven else _NO_EFFECT_YET_GATE
        yield (Tag(say.of(words, day=rule.in_force.start), "alert"),)
    if isinstance(rule, GateRule):
        if rule.at == "pitch":
            yield (say.of(_LATER["pitch" if rule.severity == "block" else "pitch_warn"]),)
        else:
            yield (Tag(say.of(_ORDER), "alert"),)
            if rule.severity == "warn":
                yield (say.of(_ORDER_WARN),)
        return
    if rule.kind in _AT_LOAD:
        yield (say.of(_AT_LOAD[rule.kind]),)
    key = "bound" if rule.kind == "bound" else "words"
    yield (say.of(_LATER[key if rule.severity == "block" else f"{key}_warn"]),)
    if rule.kind in _AT_LOAD and rule.severity == "warn":
        yield (say.of(_ONLY_WARNS),)


def _gate_asks(rule: GateRule, say: Wording) -> Iterator[Line]:
    if rule.must is None:
        yield (say.of(_UNREAD),)
    else:
        yield (say.of(_MUST), Code(rule.must.expression.text))


def _asks(rule: ComplianceRule, say: Wording) -> Iterator[Line]:
    if rule.terms:
        yield (say.of(_TERMS, count=len(rule.terms)), *_codes(rule.terms, say))
    if rule.kind == "bind":
        yield (say.of(_NUMBERS),)
    if rule.excepts:
        yield (say.of(_EXCEPT, count=len(rule.excepts)), *_codes(rule.excepts, say))
    if rule.negation is not None:
        yield (say.of(_NEGATED),)
    if rule.fields:
        yield (say.of(_FIELDS), *_codes(rule.fields, say))
    for slot, by_language in (rule.slots or {}).items():
        for language, phrases in by_language.items():
            yield (say.of(_SLOT, slot=slot, language=_language(language, say)), *_codes(phrases, say))
    for language, phrases in (rule.phrases or {}).items():
        yield (say.of(_PHRASES, language=_language(language, say)), *_codes(phrases, say))
    for language, before in (rule.units or {}).items():
        yield (say.of(_UNITS, language=_language(language, say)), *_codes(before, say))
    if rule.kind == "bound":
        yield (say.of(_UNREAD),) if rule.must is None else (say.of(_MUST), Code(rule.must.expression.text))
    if rule.kind == "talk_time":
        stages = say.comma.join(say.of(STAGES[each]) for each in rule.stages)
        yield (say.of(_SECONDS, seconds=_number(rule), stages=stages),)
        for language, speed in (rule.speeds or {}).items():
            units = say.of(_UNITS_OF[language], count=f"{speed.units_per_minute:f}")
            shown = {"language": _language(language, say), "units": units, "pause": f"{speed.pause_seconds:f}"}
            yield (Aside(say.of(_SPEED, **shown)),)


def _number(rule: ComplianceRule) -> str:
    return "" if rule.max_seconds is None else f"{rule.max_seconds:f}"


def _language(language: str, say: Wording) -> str:
    return say.of(LANGUAGES[language]) if language in LANGUAGES else language


def _codes(texts: tuple[str, ...], say: Wording) -> Line:
    return parted([(Code(each),) for each in texts], say.comma)


def _scope(rule: ComplianceRule | GateRule, say: Wording) -> Iterator[Line]:
    yield (say.of(_FAMILIES), *say.names(rule.families))
    yield (say.of(_CHANNELS), *say.names(rule.channels))
    if isinstance(rule, ComplianceRule) and rule.languages is not None:
        spoken = say.comma.join(_language(each, say) for each in sorted(rule.languages))
        yield (say.of(_LANGUAGES), spoken)
    if rule.scope is not None:
        yield (say.of(_ONLY_WHERE), Code(rule.scope.text))


def _cases(each: RuleEvidence, say: Wording) -> Iterator[Line]:
    """What was shown; a rule on words cannot be shown to stop what does not load."""
    rule = each.rule
    if isinstance(rule, GateRule) and rule.at == "order":
        yield (say.of(_NOT_ASKED),)
        return
    if each.passed:
        yield (say.of(_KEPT, count=each.passed),)
    if each.warned:
        yield (say.of(_WARNED, count=each.warned),)
    if each.stopped:
        yield (say.of(_STOPPED, count=len(each.stopped)), *say.some(each.stopped))
    elif isinstance(rule, GateRule) or rule.kind == "bound":
        if rule.severity == "block":
            yield (Tag(say.of(_NEVER), "alert"),)
        elif not each.warned:
            yield (Tag(say.of(_NEVER_WARNED), "alert"),)
    else:
        yield (say.of(_PROVEN),)
