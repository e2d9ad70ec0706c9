"""Other ways to ask the same rules: each makes what it needs from the workload, once, and answers one customer at a time.

What is given to a peer is what it likes best: numbers as floats in a plain mapping, missing as null, a missing set as empty.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from matching_workload import Condition, Workload

Customers = Sequence[Any]


@dataclass(frozen=True, slots=True)
class Peer:
    """`make` gives the function of one customer, `give` the customers in its form; `most` is the most offers it is asked."""

    name: str
    question: str
    most: int
    make: Callable[[Workload], Callable[[Any], list[str]]]
    give: Callable[[Workload], Customers]


def plain(workload: Workload) -> list[dict[str, object]]:
    """Mappings of JSON values."""
    found = []
    for customer in workload.customers:
        row: dict[str, object] = {}
        for name, kind in workload.kinds.items():
            value = customer.get(name)
            row[name] = (
                ([] if kind == "set" else None)
                if value is None
                else float(value)
                if isinstance(value, Decimal)
                else value
            )
        found.append(row)
    return found


# --- a decision table in Rust -----------------------------------------------------------------------------------------


def zen(trace: bool) -> Callable[[Workload], Callable[[Any], list[str]]]:  # noqa: FBT001 - which of the two
    def make(workload: Workload) -> Callable[[Any], list[str]]:
        from zen import ZenDecisionContent, ZenEngine  # noqa: PLC0415 - left out where it is not installed

        decision = ZenEngine().create_decision(ZenDecisionContent(json.dumps(_table(workload))))
        options = {"trace": trace}
        return lambda customer: [each["offer"] for each in decision.evaluate(customer, options)["result"]]

    return make


def _table(workload: Workload) -> dict[str, object]:
    rules = [
        {"_id": name, **{each.attribute: _cell(each) for each in conditions}, "offer": json.dumps(name)}
        for name, conditions in workload.rules
    ]
    content = {
        "hitPolicy": "collect",
        "inputs": [{"id": name, "name": name, "field": name} for name in workload.kinds],
        "outputs": [{"id": "offer", "name": "offer", "field": "offer"}],
        "rules": [{**dict.fromkeys(workload.kinds, ""), **rule} for rule in rules],
    }
    nodes = [
        {"id": "in", "type": "inputNode", "name": "in"},
        {"id": "table", "type": "decisionTableNode", "name": "table", "content": content},
        {"id": "out", "type": "outputNode", "name": "out"},
    ]
    edges = [{"id": f"{a}-{b}", "sourceId": a, "targetId": b} for a, b in (("in", "table"), ("table", "out"))]
    return {"nodes": nodes, "edges": edges}


def _cell(condition: Condition) -> str:
    if condition.operator == "in":
        return ", ".join(json.dumps(each) for each in condition.values)
    if condition.operator == "has":
        return f"contains($, {json.dumps(condition.values[0])})"
    return f"{condition.operator} {condition.values[0]}"


# --- a rule at a time, interpreted ------------------------------------------------------------------------------------


def rule_engine(workload: Workload) -> Callable[[Any], list[str]]:
    import rule_engine as peer  # noqa: PLC0415 - left out where it is not installed

    types = {"enum": peer.DataType.STRING, "set": peer.DataType.ARRAY(peer.DataType.STRING)}
    context = peer.Context(
        type_resolver=peer.type_resolver_from_dict(
            {name: types.get(kind, peer.DataType.FLOAT) for name, kind in workload.kinds.items()}
        )
    )
    rules = [
        (name, peer.Rule(" and ".join(_rule_text(each) for each in conditions), context=context))
        for name, conditions in workload.rules
    ]
    return lambda customer: [name for name, rule in rules if rule.matches(customer)]


def _rule_text(condition: Condition) -> str:
    name = condition.attribute
    if condition.operator == "in":
        return f"{name} in [{', '.join(json.dumps(each) for each in condition.values)}]"
    if condition.operator == "has":
        return f"{json.dumps(condition.values[0])} in {name}"
    return f"({name} != null and {name} {condition.operator} {condition.values[0]})"


# --- a network of facts -----------------------------------------------------------------------------------------------


def durable_rules(workload: Workload) -> Callable[[Any], list[str]]:
    from durable.engine import MessageNotHandledException  # noqa: PLC0415 - left out where it is not installed
    from durable.lang import assert_fact, item, m, retract_fact, ruleset, when_all  # noqa: PLC0415 - as above

    found: list[str] = []
    name = f"offers{len(workload.rules)}"
    with ruleset(name):
        for offer, conditions in workload.rules:
            whole = None
            for each in conditions:
                field = getattr(m, each.attribute)
                if each.operator == "in":
                    one = field == each.values[0]
                    for value in each.values[1:]:
                        one |= field == value
                elif each.operator == "has":
                    one = field.anyItem(item == each.values[0])
                else:
                    number = float(each.values[0])
                    one = field >= number if each.operator == ">=" else field <= number
                whole = one if whole is None else whole & one
            when_all(whole)(_noting(found, offer))
    asked = iter(range(10**12))

    def ask(customer: Mapping[str, object]) -> list[str]:
        found.clear()
        fact = {key: value for key, value in customer.items() if value is not None} | {"id": next(asked)}
        try:
            assert_fact(name, fact)
            retract_fact(name, fact)
        except MessageNotHandledException:  # no rule is about this customer
            return []
        return sorted(found)

    return ask


def _noting(found: list[str], offer: str) -> Callable[[object], None]:
    def note(_: object) -> None:
        found.append(offer)

    return note


# --- a function as somebody would write it ----------------------------------------------------------------------------


def written(limit: int | None) -> Callable[[Workload], Callable[[Any], list[str]]]:
    """One function with an `if` an offer, in rank order; it gets the prepared values, as the index does."""

    def make(workload: Workload) -> Callable[[Any], list[str]]:
        slots = {name: workload.dictionary.attributes[f"a.{name}"].slot for name in workload.kinds}
        constants: dict[str, object] = {}
        lines = ["def match(values):", "    found = []"]
        lines += [f"    {name} = values[{slot}]" for name, slot in slots.items()]
        for offer, conditions in workload.rules:
            tests = [_test(each, workload, constants) for each in conditions]
            lines.append(f"    if {' and '.join(tests)}:")
            lines.append(f"        found.append({offer!r})")
            if limit is not None:
                lines.append(f"        if len(found) == {limit}: return found")
        lines.append("    return found")
        exec(compile("\n".join(lines), "<written>", "exec"), constants)  # noqa: S102 - the text is made here
        match: Callable[[Any], list[str]] = constants["match"]  # type: ignore[assignment]  # just defined
        return match

    return make


def _test(condition: Condition, workload: Workload, constants: dict[str, object]) -> str:
    if condition.operator == "or":
        return f"({' or '.join(_test(each, workload, constants) for each in condition.branches)})"
    name, kind = condition.attribute, workload.kinds.get(condition.attribute)
    if condition.operator == "in":
        return f"{name} in {{{', '.join(map(repr, condition.values))}}}"
    if condition.operator == "has":
        return f"{name} is not None and {condition.values[0]!r} in {name}"
    value = condition.values[0]
    constant = str(int(value)) if kind == "integer" else repr(float(value))
    if kind == "money":
        constant = f"k{value}"
        constants[constant] = value
    return f"{name} is not None and {name} {condition.operator} {constant}"


def _prepared(workload: Workload) -> Customers:
    return workload.prepared


PEERS = (
    Peer("written", "all", 100_000, written(None), _prepared),
    Peer("written", "top 3", 100_000, written(3), _prepared),
    Peer("zen", "all", 10_000, zen(trace=False), plain),
    Peer("zen traced", "all", 10_000, zen(trace=True), plain),
    Peer("rule-engine", "all", 10_000, rule_engine, plain),
    Peer("durable-rules", "all", 100, durable_rules, plain),
)
