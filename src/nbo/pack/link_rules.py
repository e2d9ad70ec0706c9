"""The parts around the offers: gates, contact rules, authorities and arbitration."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from nbo.diagnostics import catalog
from nbo.diagnostics.diagnostic import Text
from nbo.diagnostics.place import Span
from nbo.pack.arbitration import Arbitration, Bounds, ContextWeight
from nbo.pack.authority import Authority, AuthorityLimit
from nbo.pack.clause import Clause, Words
from nbo.pack.contact import ContactRule
from nbo.pack.files.rules import ArbitrationFile, AuthorityFile, ContactFile, GateFile, GrantsFile
from nbo.pack.floor import Floor
from nbo.pack.gate import Gate
from nbo.pack.link import Linker, Setting
from nbo.pack.link_floors import link_floor
from nbo.pack.link_frequency import frequency_condition, seldom_condition
from nbo.pack.link_serve import link_ways
from nbo.source.nodes import Mapping, Scalar


def link_gates(linker: Linker, written: Iterable[GateFile]) -> Iterator[Gate]:
    """The pack's own gates, in the order in which they are written."""
    taken: dict[str, Span] = {}
    for each in written:
        expression = linker.condition(each.when)
        reason = linker.words(each.reason, each.span_of("reason"))
        if linker.unique(each.id, taken, Text("gate", "门槛")) and expression is not None:
            linker.check_decides(expression)
            clause = Clause(each.id.text, expression, reason, each.when.span)
            yield Gate(each.id.text, frozenset(each.kinds), each.at, clause, link_ways(linker, each.serve))


def link_contact(
    linker: Linker, written: Iterable[ContactFile], families: frozenset[str]
) -> tuple[tuple[ContactRule, ...], tuple[Floor, ...]]:
    """When not to approach, and when offers rest; the rules may ask about the offer at hand."""
    rules: list[ContactRule] = []
    floors: list[Floor] = []
    taken: dict[str, Span] = {}
    for each in written:
        scalar = _suppression(linker, each)
        expression = None if scalar is None else linker.condition(scalar, Setting(frozenset({"offer."})))
        reason = linker.words(each.reason, each.span_of("reason"))
        scope = linker.families(each.families, families)
        unique = linker.unique(each.id, taken, Text("contact rule", "接触规则"))
        if unique and each.pause_when is not None and each.writes_one_way:
            floor = link_floor(linker, each, each.pause_when, scope, reason, families)
            floors.extend(() if floor is None else (floor,))
        if unique and scalar is not None and expression is not None:
            linker.check_decides(expression)
            clause = Clause(each.id.text, expression, reason, scalar.span)
            rules.append(ContactRule(each.id.text, frozenset(each.kinds), scope, clause))
    return tuple(rules), tuple(floors)


def _suppression(linker: Linker, written: ContactFile) -> Scalar | None:
    """The condition of a contact rule: as it is written, or what `suppress_after` stands for, at its place; a floor has none."""
    if not written.writes_one_way:
        linker.found.append(catalog.SUPPRESSES_ONE_WAY.at(written.span_of("id")))
        return None
    if written.suppress_after is None:
        if written.suppress_for is not None:
            linker.found.append(catalog.SUPPRESSES_ONE_WAY.at(written.suppress_for.span))
        return written.suppress_when
    text = frequency_condition(linker, written)
    return None if text is None else Scalar(text, written.suppress_after.span)


def link_authorities(linker: Linker, written: Iterable[AuthorityFile]) -> dict[str, Authority]:
    """Who may give away how much."""
    authorities: dict[str, Authority] = {}
    taken: dict[str, Span] = {}
    for each in written:
        if linker.unique(each.id, taken, Text("authority", "授权")):
            reason = linker.words(each.reason, each.span_of("reason"))
            limits: list[AuthorityLimit] = []
            for limit in each.limits:
                when = linker.condition(limit.when, must_be_possible=True)
                seldom = _seldom(linker, limit.at_most, each.id.text, reason)
                if when is not None:
                    limits.append(AuthorityLimit(when, limit.up_to, seldom))
            above, seldom = link_ways(linker, each.above), _seldom(linker, each.at_most, each.id.text, reason)
            authorities[each.id.text] = Authority(each.id.text, tuple(limits), reason, above, each.span, seldom)
    return authorities


def _seldom(linker: Linker, written: GrantsFile | None, authority: str, otherwise: Words) -> Clause | None:
    """How often something may be granted, as a condition at its place; one without a reason has the authority's."""
    text = None if written is None else seldom_condition(linker, written)
    if written is None or text is None:
        return None
    scalar = Scalar(text, written.span)
    expression = linker.condition(scalar, Setting(frozenset({"offer."})))
    reason = linker.words(written.reason, written.span_of("reason")) if written.reason else otherwise
    return None if expression is None else Clause(authority, expression, reason, scalar.span)


def link_arbitration(linker: Linker, written: ArbitrationFile | None, families: frozenset[str]) -> Arbitration:
    """Which offer comes first; the defaults where the pack leaves it out."""
    if written is None:
        return Arbitration()
    context = []
    for each in written.context:
        when = linker.condition(each.when, Setting(frozenset({"offer."})), must_be_possible=True)
        scope = linker.families(each.families, families)
        if when is not None:
            context.append(ContextWeight(when, scope, each.weight))
    _check_shares(linker, written)
    levers = written.node_of("levers") if written.levers else None
    lever_spans = levers.keys_at if isinstance(levers, Mapping) else {}
    for family, span in lever_spans.items():
        if family not in families:
            linker.reference(Scalar(family, span), {each: each for each in families}, Text("family", "产品族"))
    bounds = written.bounds
    return Arbitration(
        bank=written.value.bank,
        customer=written.value.customer,
        bank_only=written.value.bank_only,
        context=tuple(context),
        levers=written.levers,
        lever_spans=lever_spans,
        bounds=Bounds(bounds.p, bounds.c, bounds.v, bounds.l),
        mandatory_families=linker.families(written.mandatory_families, families) or frozenset(),
        per_family=written.per_family,
        serve=link_ways(linker, written.serve),
    )


def _check_shares(linker: Linker, written: ArbitrationFile) -> None:
    sides = written.value
    for key, share in (("bank", sides.bank), ("customer", sides.customer)):
        if not 0 <= share <= 1:
            node = sides.node_of(key)
            expected = Text("a share from 0 to 1", "0 到 1 之间的比例")
            linker.found.append(catalog.WRONG_VALUE.at(node.span, value=node.span.text, expected=expected))
