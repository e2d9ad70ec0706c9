"""The gates before a pitch or an order, and the contact policy, with what the cases show of each."""

from __future__ import annotations

from nbo.diagnostics.diagnostic import Text
from nbo.pack.contact import ContactRule
from nbo.pack.gate import Gate
from nbo.workbench.evidence.document import Aside, Block, Code, Line, Lines, Link, Paragraph, Section, Table, Tag
from nbo.workbench.evidence.report import Report
from nbo.workbench.evidence.wording import OFFER_KINDS, Wording, place

_GATES = Text("Gates", "门槛")
_WHY = Text(
    "What must hold before anything is brought up or ordered, in the order of asking. What is not known does not hold.",
    "提起或下单之前必须满足的条件，按检查顺序排列。无法判断的视为不满足。",
)
_NO_GATES = Text("The pack has no gates.", "规则包没有门槛。")
_CONTACT = Text("Contact policy", "触达策略")
_CONTACT_WHY = Text(
    "When a customer is not approached. What is not known counts as a reason not to.",
    "在哪些情况下不接触客户。无法判断的视为不接触。",
)
_NO_CONTACT = Text("The pack states that it has no contact policy.", "规则包写明没有触达策略。")

_GATE = Text("Gate", "门槛")
_RULE = Text("Rule", "规则")
_PITCH = Text("before the pitch", "推介前")
_ORDER = Text("before the order", "下单前")
_BY_ORDERING = Text("the system that books must ask engine.may_order", "下单系统须调用 engine.may_order")
_WARNS = Text("only warns", "只提醒")
_FOR = Text("Asked", "何时、对谁检查")
_NOT_FOR = Text("For", "适用于")
_MUST = Text("Must be true", "须成立")
_NOT = Text("Not approached where", "不接触的情况")
_READ = Text("What people read when it stops an offer", "拦下时显示")
_CASES = Text("Cases that show it", "显示它的用例")
_NO_CASE = Text("none", "没有")
_ONLY_WHERE = Text("unless certainly false: ", "除非确定不成立：")
_FAMILIES = Text("families: ", "产品族：")
_CHANNELS = Text("channels: ", "渠道：")


def gates(report: Report, say: Wording) -> Section:
    """The pack's own gates, then those of its compliance rules."""
    blocks: tuple[Block, ...] = (Paragraph((say.of(_NO_GATES),)),)
    if report.pack.gates:
        columns = tuple(say.of(each) for each in (_GATE, _MUST, _READ, _FOR, _CASES))
        legal = {rule.id for each in report.pack.jurisdictions for rule in each.gate_rules}
        rows = tuple(_gate(gate, gate.id in legal, report, say) for gate in report.pack.gates)
        blocks = (Paragraph((say.of(_WHY),)), Table(None, columns, rows))
    return Section("gates", say.of(_GATES), blocks, say.of(_GATES))


def _gate(gate: Gate, legal: bool, report: Report, say: Wording) -> tuple[Lines, ...]:  # noqa: FBT001 - a column of its own
    name: Line = (Link(f"rule-{gate.id}", gate.id),) if legal else (Code(gate.id),)
    about: list[Line] = [(say.comma.join(say.of(OFFER_KINDS[each]) for each in sorted(gate.kinds)),)]
    if gate.families is not None:
        about.append((say.of(_FAMILIES), *say.names(gate.families)))
    if gate.channels is not None:
        about.append((say.of(_CHANNELS), *say.names(gate.channels)))
    if gate.scope is not None:
        about.append((say.of(_ONLY_WHERE), Code(gate.scope.text)))
    if gate.in_force is not None:
        about.append(say.dates(gate.in_force))
    about.insert(0, (say.of(_PITCH if gate.at == "pitch" else _ORDER),))
    shown = stopping(report, ("gates", "", gate.id), say=say)
    if gate.at == "order":
        about.insert(1, (Tag(say.of(_BY_ORDERING), "alert"),))
        shown = ()
    if gate.severity == "warn":
        about.append((Tag(say.of(_WARNS)),))
        shown = ()
    clause = gate.clause
    return (
        (name, (place(clause.span),)),
        ((Code(clause.expression.text),),),
        (say.own(clause.reason),),
        tuple(about),
        shown,
    )


def contact(report: Report, say: Wording) -> Section:
    """When not to approach a customer."""
    blocks: tuple[Block, ...] = (Paragraph((say.of(_NO_CONTACT),)),)
    if report.pack.contact:
        columns = tuple(say.of(each) for each in (_RULE, _NOT, _READ, _NOT_FOR, _CASES))
        rows = tuple(_contact(rule, report, say) for rule in report.pack.contact)
        blocks = (Paragraph((say.of(_CONTACT_WHY),)), Table(None, columns, rows))
    return Section("contact", say.of(_CONTACT), blocks, say.of(_CONTACT))


def _contact(rule: ContactRule, report: Report, say: Wording) -> tuple[Lines, ...]:
    about: list[Line] = [(say.comma.join(say.of(OFFER_KINDS[each]) for each in sorted(rule.kinds)),)]
    if rule.families is not None:
        about.append((say.of(_FAMILIES), *say.names(rule.families)))
    clause = rule.suppress
    return (
        ((Code(rule.id),), (place(clause.span),)),
        ((Code(clause.expression.text),),),
        (say.own(clause.reason),),
        tuple(about),
        stopping(report, ("contact_policy", "", rule.id), say=say),
    )


def stopping(report: Report, *stops: tuple[str, str, str], say: Wording) -> Lines:
    """In how many cases a condition was the reason for one of some stops, and the first of them."""
    cases = tuple(dict.fromkeys(case for stop in stops for case in report.stopped.get(stop, ())))
    if not cases:
        return ((Tag(say.of(_NO_CASE), "alert"),),)
    return ((str(len(cases)),), (Aside(cases[0]),))
