"""`call.yaml` → the rules of a call: standard events and the pack's own, their fields typed, what they set checked.

A pack without the file has the standard events and sells no second time in a call.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import tzinfo

from nbo.diagnostics import catalog
from nbo.diagnostics.diagnostic import Advice, Diagnostic, DiagnosticError, Text, write
from nbo.diagnostics.place import SourceText, Span
from nbo.diagnostics.suggest import nearest
from nbo.language.dictionary import Dictionary
from nbo.language.dictionary_file import is_writable, read_value_type
from nbo.language.expression import Expression, compile_scalar
from nbo.language.tree import Constant, Read
from nbo.language.types import NUMBER, Attribute, Kind, RecordType, Type
from nbo.pack.call import CallRules, EventType, SetBy, Throttle
from nbo.pack.clause import Clause
from nbo.pack.files.call import CallFile, EventFile, StopFile, ThrottleFile
from nbo.pack.link import Linker, domain_in_words, stable_id
from nbo.pack.standard_events import KEPT, LONGEST_WORD, STANDARD_EVENTS, StandardEvent, StandardField
from nbo.source import nodes
from nbo.source.nodes import Scalar

_EVENT = Text("event", "事件")
_IT = "it"
_CALL = "call."
_A_LEVEL = Text("a level above `none_under`", "高于 `none_under` 的水平")
_KNOWN = Text("known: {known}", "可用：{known}")
_NO_FIELD = Text("this event has no fields; add it under `fields`", "该事件没有字段，请在 `fields` 中添加")
_NO_SUCH_FIELD = (catalog.UNKNOWN_ATTRIBUTE, catalog.NOT_ALLOWED)
_NO_FIELDS: Mapping[str, Attribute] = {}


def standard_call(dictionary: Dictionary, zone: tzinfo) -> CallRules:
    """The rules of a call for a pack that says nothing about calls."""
    return CallRules({kind: _standard(kind, dictionary, zone) for kind in STANDARD_EVENTS})


def link_call(linker: Linker, written: CallFile) -> CallRules:
    """The rules of a call; mistakes are collected."""
    events = {kind: _standard(kind, linker.dictionary, linker.zone) for kind in STANDARD_EVENTS}
    places = _places(written, "events")
    for kind, event in written.events.items():
        if not is_writable(kind):
            linker.found.append(catalog.BAD_NAME.at(places.get(kind, written.span), name=kind))
            continue
        events[kind] = _EventLinker(linker, kind, event, places.get(kind, written.span)).linked(events.get(kind))
    pitch, answers = written.pitch, written.answers
    second = None if answers is None else answers.second_try
    if second is not None:
        _not_negative(linker, second.most, second.span_of("most"))
        _not_negative(linker, second.seconds_left, second.span_of("seconds_left"))
        if pitch is not None and second.seconds_left > pitch.seconds:
            span, most = second.span_of("seconds_left"), pitch.seconds
            expected = Text(f"within the {most} seconds of `pitch`", f"`pitch` 的 {most} 秒以内")
            linker.found.append(catalog.WRONG_VALUE.at(span, value=span.text, expected=expected))
    return CallRules(
        events=events,
        pitch_seconds=None if pitch is None else pitch.seconds,
        pitch_span=None if pitch is None else pitch.span_of("seconds"),
        throttle=None if pitch is None or pitch.throttle is None else _throttle(linker, pitch.throttle),
        more_tries=0 if second is None else second.most,
        seconds_left=0 if second is None else second.seconds_left,
        tries_span=None if second is None else second.span_of("most"),
        ask_again_days=None if answers is None else answers.ask_again_days,
        selling_off=tuple(_stops(linker, written)),
    )


def find_event(linker: Linker, name: Scalar, events: Mapping[str, EventType]) -> EventType | None:
    """The kind of event of a name, or None with the finding; who writes its label is told the name."""
    labels = {label: kind for kind, each in events.items() for label in each.labels.values()}
    meant = None if name.text in events or nearest(name.text, events) else nearest(name.text, labels)
    if meant is None:
        return linker.reference(name, events, _EVENT)
    linker.found.append(
        catalog.UNKNOWN_REFERENCE.at(
            name.span, kind=_EVENT, name=name.text, suggestion=labels[meant], help=catalog.DID_YOU_MEAN
        )
    )
    return None


# --- what stands around the events ------------------------------------------------------------------------------------


def _not_negative(linker: Linker, number: int, span: Span) -> None:
    if number < 0:
        expected = Text("0 or more", "不小于 0 的整数")
        linker.found.append(catalog.WRONG_VALUE.at(span, value=span.text, expected=expected))


def _throttle(linker: Linker, written: ThrottleFile) -> Throttle | None:
    level = linker.condition(written.of, expected=NUMBER)
    if level is not None and _beyond(linker, written, level):
        return None
    if written.none_under >= written.all_from:
        span = written.span_of("all_from")
        linker.found.append(catalog.WRONG_VALUE.at(span, value=span.text, expected=_A_LEVEL))
    return None if level is None else Throttle(level, written.none_under, written.all_from, written.span_of("of"))


def _beyond(linker: Linker, written: ThrottleFile, level: Expression) -> bool:
    """Whether a bound lies where the level never is, such as 80 of 1: a slip that stops every pitch, or none."""
    if not isinstance(level.tree, Read):
        return False
    attribute = level.tree.attribute
    for key, bound in (("none_under", written.none_under), ("all_from", written.all_from)):
        if not attribute.in_range(float(bound)):
            span, domain = written.span_of(key), domain_in_words(attribute)
            expected = Text(f"a level of {domain.en}", f"{domain.zh} 范围内的水平")
            advice = None if "%" in span.text or not attribute.in_range(float(bound) / 100) else write(f"{span.text}%")
            linker.found.append(catalog.WRONG_VALUE.at(span, value=span.text, expected=expected, help=advice))
            return True
    return False


def _stops(linker: Linker, written: CallFile) -> Iterator[Clause]:
    taken: dict[str, Span] = {}
    for each in written.selling_off:
        clause = _stop(linker, each)
        if clause is not None and (each.id is None or linker.unique(each.id, taken, Text("stop", "停止条件"))):
            yield clause


def _stop(linker: Linker, written: StopFile) -> Clause | None:
    expression = linker.condition(written.when)
    reason = linker.words(written.reason, written.span_of("reason")) if written.reason else {}
    if expression is None:
        return None
    linker.check_decides(expression)
    name = stable_id("selling_off", expression.text) if written.id is None else written.id.text
    return Clause(name, expression, reason, written.when.span)


# --- events -----------------------------------------------------------------------------------------------------------


@dataclass
class _EventLinker:
    """One kind of event as the pack writes it."""

    linker: Linker
    kind: str
    written: EventFile
    span: Span

    def linked(self, standard: EventType | None) -> EventType:
        """With what the standard kind of the same name has, if there is one."""
        fields = dict(_NO_FIELDS if standard is None else standard.record.fields)
        places = _places(self.written, "fields")
        for name in self.written.fields:
            field = self.field(name, places.get(name, self.span), fields.get(name))
            if field is not None:
                fields[name] = replace(field, slot=fields[name].slot if name in fields else len(fields))
        record = _record(self.kind, fields)
        own = tuple(self.sets(record))
        replaced = {each.attribute.name for each in own}
        kept = () if standard is None else (each for each in standard.sets if each.attribute.name not in replaced)
        labels = self.linker.words(self.written.label, self.written.span_of("label")) if self.written.label else None
        return EventType(
            self.kind,
            record,
            frozenset() if standard is None else standard.needed,
            (*kept, *own),
            labels if labels is not None else {} if standard is None else standard.labels,
            self.span,
        )

    def field(self, name: str, place: Span, standard: Attribute | None) -> Attribute | None:
        if not is_writable(name):
            self.linker.found.append(catalog.BAD_NAME.at(place, name=name))
            return None
        attribute, found = read_value_type(name, self.written.fields[name], place, self.linker.zone)
        self.linker.found.extend(found)
        if attribute is None or standard is None or _narrows(attribute, standard):
            return attribute
        self.linker.found.append(
            catalog.EVENT_FIELD_CHANGED.at(place, name=name, event=self.kind, type=standard.type.words)
        )
        return None

    def sets(self, record: RecordType) -> Iterator[SetBy]:
        inner = replace(self.linker, dictionary=_with_fields(self.linker.dictionary, record))
        places = _places(self.written, "sets")
        for name, scalar in self.written.sets.items():
            attribute = self.target(name, places.get(name, self.span))
            if attribute is not None:
                before = len(inner.found)
                expression = inner.condition(scalar, expected=attribute.type)
                inner.found[before:] = [_of_event(each, record, attribute) for each in inner.found[before:]]
                if expression is not None and self.is_in_range(attribute, expression):
                    yield SetBy(attribute, expression)

    def is_in_range(self, attribute: Attribute, expression: Expression) -> bool:
        """Whether a value that is written out is one that the attribute takes; any other would make it missing."""
        tree = expression.tree
        if not isinstance(tree, Constant) or attribute.in_range(tree.value):
            return True
        domain = domain_in_words(attribute)
        expected = Text(f"a value of {domain.en}", f"{domain.zh} 范围内的取值")
        self.linker.found.append(catalog.WRONG_VALUE.at(expression.whole, value=expression.text, expected=expected))
        return False

    def target(self, name: str, place: Span) -> Attribute | None:
        """The attribute of the call that an event may set."""
        attribute = self.linker.dictionary.find(name)
        if attribute is None:
            known = [each.name for each in self.linker.dictionary if each.name.startswith(_CALL)]
            suggestion = nearest(name, known) or nearest(name, self.linker.dictionary.names)
            advice = catalog.DID_YOU_MEAN if suggestion else catalog.UNKNOWN_ATTRIBUTE.help
            self.linker.found.append(catalog.UNKNOWN_ATTRIBUTE.at(place, name=name, suggestion=suggestion, help=advice))
            return None
        if attribute.name in KEPT:
            self.linker.found.append(catalog.EVENT_SETS_KEPT.at(place, name=attribute.name))
            return None
        if not attribute.name.startswith(_CALL) or attribute.engine:
            self.linker.found.append(catalog.EVENT_SETS_ELSEWHERE.at(place, name=attribute.name))
            return None
        return attribute


def _of_event(finding: Diagnostic, record: RecordType, target: Attribute) -> Diagnostic:
    """The attribute that is set has its name, and a field that the event does not have is not one to add to the dictionary."""
    if finding.code is catalog.NOT_IN_ENUM and isinstance(finding.values["attribute"], Text):  # of no other attribute
        return replace(finding, values={**finding.values, "attribute": f"`{target.name}`"})
    name = "" if finding.span is None else finding.span.text
    if (
        not name.startswith(f"{_IT}.")
        or finding.help_text is catalog.DID_YOU_MEAN
        or finding.code not in _NO_SUCH_FIELD
    ):
        return finding
    known = ", ".join(f"{_IT}.{each}" for each in record.fields)
    advice = Advice(_KNOWN, {"known": known}) if known else _NO_FIELD
    return catalog.UNKNOWN_ATTRIBUTE.at(finding.span, name=name, help=advice)


def _narrows(own: Attribute, standard: Attribute) -> bool:
    """Whether every value of the pack's field is one of the standard field; a text may become one of an enum."""
    kinds = (own.type.kind, standard.type.kind)
    if kinds == (Kind.ENUM, Kind.STRING):
        return True
    mine, theirs = own.type.domain, standard.type.domain
    if mine is not None and theirs is not None and not set(mine.values) <= set(theirs.values):
        return False
    return kinds[0] is kinds[1]


# --- the standard kinds by a pack's dictionary ------------------------------------------------------------------------


def _standard(kind: str, dictionary: Dictionary, zone: tzinfo) -> EventType:
    event = STANDARD_EVENTS[kind]
    fields = {name: _field(name, slot, each, dictionary) for slot, (name, each) in enumerate(event.fields.items())}
    record = _record(kind, fields)
    needed = frozenset(name for name, each in event.fields.items() if each.needed)
    labels = {"en": event.label.en, "zh": event.label.zh}
    return EventType(kind, record, needed, tuple(_standard_sets(event, record, dictionary, zone)), labels)


def _field(name: str, slot: int, written: StandardField, dictionary: Dictionary) -> Attribute:
    like = None if written.like is None else _like(written, dictionary)
    if like is not None:
        return replace(like, name=name, slot=slot, engine=False, use=None, changeable="never", pii=False)
    longest = LONGEST_WORD if written.type.kind is Kind.STRING else None
    return Attribute(name, written.type, slot, min=written.least, max=written.most, max_length=longest)


def _like(written: StandardField, dictionary: Dictionary) -> Attribute | None:
    """The attribute (or the field of records) that a field is like, where it is of the same type or of one that is narrower."""
    namespace, _, name = str(written.like).partition(".")
    found = dictionary.find(str(written.like))
    if found is None:
        records = dictionary.find(namespace)
        found = None if records is None or records.type.record is None else records.type.record.find(name)
    if found is None:
        return None
    if found.type.kind is Kind.SET:  # one of its values
        domain = found.type.domain
        return replace(found, type=Type(Kind.STRING if domain is None else Kind.ENUM, domain))
    same = found.type.kind is written.type.kind
    return found if same or (found.type.kind, written.type.kind) == (Kind.ENUM, Kind.STRING) else None


def _standard_sets(event: StandardEvent, record: RecordType, dictionary: Dictionary, zone: tzinfo) -> Iterator[SetBy]:
    known = _with_fields(dictionary, record)
    for name, text in event.sets.items():
        attribute = dictionary.find(name)
        if attribute is None or attribute.name != name:
            continue
        scalar = Scalar(text, Span(SourceText(f"({record.name})", "", text), 0, len(text)))
        try:
            yield SetBy(attribute, compile_scalar(scalar, known, zone, attribute.type))
        except DiagnosticError:
            continue  # an attribute of another type under that name: the pack says itself what sets it


def _record(kind: str, fields: Mapping[str, Attribute]) -> RecordType:
    return RecordType(kind, dict(fields), {name: name for name in fields})


def _with_fields(dictionary: Dictionary, record: RecordType) -> Dictionary:
    """The dictionary with the fields of an event as `it.FIELD`, in the slots after its own."""
    return dictionary.extended({f"{_IT}.{name}": each for name, each in _in_slots(record)})


def _in_slots(record: RecordType) -> list[tuple[str, Attribute]]:
    return sorted(record.fields.items(), key=lambda each: each[1].slot)


def _places(written: CallFile | EventFile, key: str) -> Mapping[str, Span]:
    node = written.node_of(key) if key in written.keys_present else None
    return node.keys_at if isinstance(node, nodes.Mapping) else {}
