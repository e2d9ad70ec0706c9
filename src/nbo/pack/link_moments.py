"""`moments.yaml` → moments: every role an event of a known kind, every condition typed over it and the roles above it.

In: what is written, and the kinds of events that the pack's calls have. Out: the moments in the order of the file; mistakes
are collected. A condition reads the customer and the call as they are with its event (`call.queue_sl`), the event
(`second.amount`), its time (`second.at`), and events of roles above it in `all`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from nbo.diagnostics import catalog
from nbo.diagnostics.diagnostic import Diagnostic, Text, write
from nbo.diagnostics.place import Span
from nbo.language.computed import Computed
from nbo.language.dictionary_file import is_writable
from nbo.language.expression import Expression
from nbo.language.forgiving import forgiven_slots
from nbo.language.rewrite import moved
from nbo.language.tree import Compare, Logic, Read, Typed, attributes_read
from nbo.language.types import DATETIME, Attribute, Kind, Type
from nbo.pack.call import EventType
from nbo.pack.files.moments import MomentFile, RoleFile
from nbo.pack.link import Linker
from nbo.pack.link_call import find_event
from nbo.pack.moments import AT, MOST_MOMENTS, MOST_ROLES, MOST_TOGETHER, NEEDS, Join, Moment, Role

_MOMENT = Text("moment", "时机")
_ROLE = Text("role", "角色")
_NEED = Text("need", "需求")
_A_NAMESPACE = Text("a namespace of the dictionary", "数据字典的命名空间")
_MOMENTS = Text("moments", "个时机")
_ROLES = Text("roles", "个角色")
_TOGETHER = Text("events joined in one moment (`all`, and one of `any`)", "个事件组成一个时机（`all` 加上 `any` 之一）")
_ABOVE = Text(
    "a condition reads its own role, and the roles of `all` that stand above it",
    "条件只能读取它自己的角色，以及写在它上面的 `all` 中的角色",
)

_KNOWN = Text("known: {known}", "可用：{known}")
_IT = "it."


def link_moments(linker: Linker, written: Sequence[MomentFile], events: Mapping[str, EventType]) -> tuple[Moment, ...]:
    """The moments, in the order in which they are written."""
    moments: list[Moment] = []
    taken: dict[str, Span] = {}
    if len(written) > MOST_MOMENTS:
        _too_many(linker, written[MOST_MOMENTS].span_of("id"), len(written), MOST_MOMENTS, _MOMENTS)
        return ()
    for each in written:
        if linker.unique(each.id, taken, _MOMENT):
            moment = _MomentLinker(linker, each, events).linked()
            if moment is not None:
                moments.append(moment)
    return tuple(moments)


def _too_many(linker: Linker, span: Span, count: int, limit: int, what: Text) -> None:
    linker.found.append(catalog.MOMENT_TOO_LARGE.at(span, count=count, limit=limit, what=what))


@dataclass(frozen=True, slots=True)
class _Reads:
    """A role that a condition can read: its fields, and its place in `all`; None is the condition's own role."""

    name: str
    fields: tuple[Attribute, ...]  # by slot, its time last
    place: int | None


class _MomentLinker:
    """One moment."""

    def __init__(self, linker: Linker, written: MomentFile, events: Mapping[str, EventType]) -> None:
        self.linker = linker
        self.written = written
        self.events = events
        self.names: dict[str, Span] = {}
        self.unread: set[str] = set()  # roles of which nobody knows the fields

    def linked(self) -> Moment | None:
        written = self.written
        before = len(self.linker.found)
        self.check_sizes()
        self.check_effect()
        above: list[_Reads] = []
        every = []
        for place, each in enumerate(written.all):
            role, reads = self.role(each, above)
            every.append(role)
            if reads is not None:
                above.append(replace(reads, place=place))
        any_ = [self.role(each, above)[0] for each in written.any]
        none = [self.role(each, above)[0] for each in written.none]
        needs = self.needs()
        reason = self.linker.words(written.reason, written.span_of("reason"))
        if len(self.linker.found) > before and None in (*every, *any_, *none):
            return None
        return Moment(
            id=written.id.text,
            all=_complete(every),
            any=_complete(any_),
            none=_complete(none),
            within=None if written.within is None else timedelta(seconds=written.within.seconds),
            in_order=written.in_order,
            needs=needs,
            window=written.window,
            selling_off=written.selling is not None,
            reason=reason,
            span=written.id.span,
        )

    # --- what it asks for and what follows ----------------------------------------------------------------------------

    def check_sizes(self) -> None:
        written, span = self.written, self.written.id.span
        if not written.all and not written.any and not self.may_have_roles():
            self.linker.found.append(catalog.KEY_REQUIRED.at(span, key="all"))
        roles = len(written.all) + len(written.any) + len(written.none)
        together = len(written.all) + bool(written.any)
        if roles > MOST_ROLES:
            _too_many(self.linker, span, roles, MOST_ROLES, _ROLES)
        if together > MOST_TOGETHER:
            _too_many(self.linker, span, together, MOST_TOGETHER, _TOGETHER)

    def may_have_roles(self) -> bool:
        """Whether what is reported already was meant for a role: a key that is not known, or a role that cannot be read."""
        keys = {"all", "any"} & self.written.keys_present
        return self.written.has_unknown_keys or any(self.written.span_of(key).text.strip("[] \n") for key in keys)

    def check_effect(self) -> None:
        written = self.written
        helps = bool(written.needs) or written.window == "open"
        stops = written.selling is not None or written.window == "close"
        if not helps and not stops and not written.has_unknown_keys:
            self.linker.found.append(catalog.MOMENT_WITHOUT_EFFECT.at(written.id.span, id=written.id.text))
        if helps and stops:
            self.linker.found.append(catalog.MOMENT_BOTH_WAYS.at(written.id.span, id=written.id.text))

    def needs(self) -> tuple[str, ...]:
        if not self.written.needs:
            return ()
        needs = self.linker.dictionary.find(NEEDS)
        if needs is None or needs.type.kind is not Kind.SET or needs.type.domain is None:
            self.linker.found.append(catalog.NO_NEEDS_KNOWN.at(self.written.span_of("needs"), name=NEEDS))
            return ()
        values = [self.linker.value(each, needs.type.domain, _NEED) for each in self.written.needs]
        return tuple(dict.fromkeys(each for each in values if each is not None))

    # --- roles --------------------------------------------------------------------------------------------------------

    def role(self, written: RoleFile, above: Sequence[_Reads]) -> tuple[Role | None, _Reads | None]:
        """The role, and what roles below can read of it."""
        if not self.linker.unique(written.name, self.names, _ROLE) or not self.is_free(written):
            return None, None
        event = find_event(self.linker, written.kind, self.events)
        if event is None:
            self.unread.add(written.name.text)
            return None, None
        own = _Reads(written.name.text, _fields_of(event), None)
        if written.where is None:
            return Role(own.name, event.kind, None, (), (), written.name.span), own
        asked = _Asked(self.linker, own, above)
        expression = asked.condition(written, self.later(above, written), self.unread)
        if expression is None:
            return None, own
        local, joins = asked.parts(expression)
        return Role(own.name, event.kind, expression, local, joins, written.name.span), own

    def is_free(self, written: RoleFile) -> bool:
        """Whether conditions can call the role so."""
        name = written.name
        if not is_writable(name.text):
            self.linker.found.append(catalog.BAD_NAME.at(name.span, name=name.text))
            return False
        if name.text in self.linker.dictionary.namespaces:
            self.linker.found.append(catalog.NAME_TAKEN.at(name.span, name=name.text, other=_A_NAMESPACE))
            return False
        return True

    def later(self, above: Sequence[_Reads], own: RoleFile) -> frozenset[str]:
        """The names of the roles that a condition may not read."""
        readable = {own.name.text, *(each.name for each in above)}
        every = (*self.written.all, *self.written.any, *self.written.none)
        return frozenset(each.name.text for each in every) - readable


def _complete(roles: Iterable[Role | None]) -> tuple[Role, ...]:
    return tuple(each for each in roles if each is not None)


def _fields_of(event: EventType) -> tuple[Attribute, ...]:
    fields = sorted(event.record.fields.values(), key=lambda each: each.slot)
    return (*fields, Attribute(AT, DATETIME, len(fields)))


# --- conditions ---------------------------------------------------------------------------------------------------------


class _Asked:
    """The condition of one role: the dictionary has the role's fields after the customer's attributes, then those above."""

    def __init__(self, linker: Linker, own: _Reads, above: Sequence[_Reads]) -> None:
        self.width = linker.dictionary.width
        self.cells: list[tuple[int | None, int]] = []  # by slot after the customer's: the place, the field
        self.own_name = own.name
        self.fields = {role.name: [f"{role.name}.{each.name}" for each in role.fields] for role in (own, *above)}
        added: dict[str, Type | Attribute] = {}
        for each in (own, *above):
            for field in each.fields:
                name = f"{each.name}.{field.name}"
                if name not in added:  # a field called `at` is the pack's own
                    added[name] = field
                    self.cells.append((each.place, field.slot))
        self.own_width = self.width + sum(place is None for place, _ in self.cells)
        self.linker = replace(linker, dictionary=linker.dictionary.extended(added))

    def condition(self, written: RoleFile, later: frozenset[str], unread: Collection[str]) -> Expression | None:
        assert written.where is not None  # noqa: S101 - asked by the caller
        found = self.linker.found
        before = len(found)
        expression = self.linker.condition(written.where)
        found[before:] = [self.advised(each, later) for each in found[before:] if _role_of(each) not in unread]
        if expression is not None:
            self.linker.check_decides(expression)
        return expression

    def advised(self, finding: Diagnostic, later: frozenset[str]) -> Diagnostic:
        """What to write for a name that is no field: a role below, or in `any` or `none`, is told from a misspelt one."""
        role = _role_of(finding)
        if role in later:
            return replace(finding, help_text=_ABOVE)
        if role in self.fields and finding.help_text is not catalog.DID_YOU_MEAN:
            return replace(finding, values={**finding.values, "known": ", ".join(self.fields[role])}, help_text=_KNOWN)
        if finding.code is catalog.NOT_ALLOWED and finding.span is not None and finding.span.text.startswith(_IT):
            right = f"{self.own_name}.{finding.span.text.removeprefix(_IT)}"
            return finding.code.at(finding.span, **finding.values, help=write(right))
        return finding

    def parts(self, expression: Expression) -> tuple[tuple[Computed, ...], tuple[Join, ...]]:
        """What is asked of the event alone, and what joins it with others."""
        local: list[Computed] = []
        joins: list[Join] = []
        for each in _operands(expression.tree):
            if all(attribute.slot < self.own_width for attribute in attributes_read(each)):
                local.append(Computed(each))
            else:
                joins.append(self.join(each))
        return tuple(local), tuple(joins)

    def join(self, tree: Typed) -> Join:
        slots = [attribute.slot for attribute in attributes_read(tree)]
        own = [slot for slot in slots if slot < self.own_width]
        others = [slot for slot in slots if slot >= self.own_width]
        row = {slot: index for index, slot in enumerate((*own, *others))}
        cells = [self.cells[slot - self.width] for slot in others]
        equal = (
            isinstance(tree, Compare)
            and tree.operator == "=="
            and isinstance(tree.left, Read)
            and isinstance(tree.right, Read)
            and len(own) == len(others) == 1
        )
        return Join(
            Computed(moved(tree, row)),
            tuple(own),
            tuple((place, field) for place, field in cells if place is not None),
            forgiven_slots(tree),
            equal,
        )


def _operands(tree: Typed) -> Iterator[Typed]:
    if isinstance(tree, Logic) and tree.operator == "and":
        for each in tree.operands:
            yield from _operands(each)
    else:
        yield tree


def _role_of(finding: Diagnostic) -> str | None:
    """The role that an unknown name would be of."""
    unknown = finding.code is catalog.UNKNOWN_ATTRIBUTE
    return str(finding.values["name"]).partition(".")[0] if unknown else None
