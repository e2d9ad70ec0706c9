"""One thing that happened on a call, as the calling system says it, and as a session hears it: typed by its kind.

In: an `Event`, a mapping of the same form, or its JSON. Out: a `Heard`, or a `Refusal` with the reason; nothing raises for bad
data. A field that its kind cannot do without makes the event impossible when it is missing or bad. Any other bad field is
missing, with a warning: a complaint must not be lost for a misspelt number.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any

from nbo.call.why import Refusal, filled
from nbo.diagnostics.diagnostic import Text
from nbo.diagnostics.suggest import nearest
from nbo.history.exact import moment, text
from nbo.language.accept import BadValueError, accepting
from nbo.language.calendar import Duration
from nbo.language.intake import GIVEN_TWICE, DataWarning
from nbo.language.operations import MONEY_CONTEXT
from nbo.language.types import DATETIME, Attribute, Scalar
from nbo.pack.call import CallRules, EventType
from nbo.profiles import plain_profile

MOST_FIELDS = 100
_KEYS = frozenset({"id", "kind", "at", "fields"})
_NO_EVENT = Text(
    "an event is a mapping with `id`, `kind`, `at` and `fields`", "事件须写明 `id`、`kind`、`at` 和 `fields`"
)
_NO_ID = Text("`id` of an event has to be a text of 1 to 200 characters", "事件的 `id` 须是 1 至 200 个字符的文本")
_NO_TIME = Text("`at` of an event has to be a time with its zone", "事件的 `at` 须是带时区的时间")
_NO_KIND = Text("the pack knows no event `{kind}`", "规则包没有事件 `{kind}`")
_OTHER_KIND = Text(
    "the pack knows no event `{kind}`; did you mean `{suggestion}`?",
    "规则包没有事件 `{kind}`；是否想写 `{suggestion}`？",
)
_NEEDS = Text("the event `{kind}` needs the field `{field}`", "事件 `{kind}` 需要字段 `{field}`")
_BAD = Text(
    "the event `{kind}` needs the field `{field}`, and its value cannot be read",
    "事件 `{kind}` 需要字段 `{field}`，但其取值无法读取",
)
_AT = accepting(Attribute("at", DATETIME, 0))


@dataclass(frozen=True, slots=True)
class Event:
    """What happened: `id` names it in its call (whoever sends it again sends the same id), `at` is when, with its zone.

    `fields` are plain values; a session types them by the kind.
    """

    id: str
    kind: str
    at: datetime
    fields: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Heard:
    """An event as its kind reads it: `row` has a value a field, None where it is missing; `at` is in UTC."""

    id: str
    type: EventType
    at: datetime
    row: tuple[Scalar | None, ...]
    warnings: tuple[DataWarning, ...] = ()

    @property
    def kind(self) -> str:
        """Such as `answer`."""
        return self.type.kind

    def value(self, name: str) -> Scalar | None:
        """A field of the kind; None where it is missing, or the kind has none of that name."""
        field = self.type.record.fields.get(name)
        return None if field is None else self.row[field.slot]

    def word(self, name: str) -> str | None:
        """A field that is a text or a value of an enum."""
        value = self.value(name)
        return value if isinstance(value, str) else None

    @property
    def fields(self) -> dict[str, Scalar]:
        """The fields that are not missing, by name."""
        row = self.row
        return {name: value for name, each in self.type.record.fields.items() if (value := row[each.slot]) is not None}

    def to_dict(self) -> dict[str, object]:
        """The stored form: plain values, from which the same event is read again."""
        fields = {name: _plain(value) for name, value in self.fields.items()}
        return {"id": self.id, "kind": self.kind, "at": self.at.isoformat(), "fields": fields}


def read_event(rules: CallRules, event: object) -> Heard | Refusal:
    """The event by the kinds of a pack; see the module."""
    name: object
    kind: object
    at: object
    fields: object
    if isinstance(event, Event):
        name, kind, at, fields = event.id, event.kind, event.at, event.fields
    else:
        plain = plain_profile(event)
        if not isinstance(plain, Mapping) or not _KEYS.issuperset(plain):
            return Refusal("no_event", _NO_EVENT)
        name, kind, at, fields = plain.get("id"), plain.get("kind"), plain.get("at"), plain.get("fields", {})
    try:
        identity = text(name)
    except ValueError:
        return Refusal("no_id", _NO_ID)
    known = rules.events.get(kind) if isinstance(kind, str) else None
    if known is None:
        return _unknown(kind, rules)
    try:
        when = moment(_AT(at))
    except (BadValueError, ValueError):
        return Refusal("no_time", _NO_TIME)
    if fields is None:
        fields = {}
    if not isinstance(fields, Mapping) or len(fields) > MOST_FIELDS:
        return Refusal("no_event", _NO_EVENT)
    return _typed(identity, known, when, fields)


def _unknown(kind: object, rules: CallRules) -> Refusal:
    try:
        shown = text(kind)
    except ValueError:
        return Refusal("no_event", _NO_EVENT)
    better = nearest(shown, rules.events)
    words = _NO_KIND if better is None else _OTHER_KIND
    return Refusal("unknown_kind", filled(words, {"kind": shown, "suggestion": better or ""}))


def _typed(identity: str, known: EventType, at: datetime, fields: Mapping[Any, object]) -> Heard | Refusal:
    row: list[Scalar | None] = [None] * len(known.record.fields)
    bad: set[int] = set()
    warnings: list[DataWarning] = []
    for written, value in fields.items():
        found = known.accepts.get(written) if isinstance(written, str) else None
        if found is None:
            warnings.append(DataWarning("unknown_attribute", f"{known.kind}.{_shown(written)}"))
        elif value is not None:
            slot, accept = found
            try:
                row[slot] = accept(value)
            except BadValueError as error:
                bad.add(slot)
                code = "given_twice" if value is GIVEN_TWICE else str(error)
                warnings.append(DataWarning(code, f"{known.kind}.{written}"))
    for name in known.needed:
        slot = known.record.fields[name].slot
        if row[slot] is None:
            words = _BAD if slot in bad else _NEEDS
            code = "bad_field" if slot in bad else "field_missing"
            return Refusal(code, filled(words, {"kind": known.kind, "field": name}))
    return Heard(identity, known, at, tuple(row), tuple(warnings))


def _shown(name: object) -> str:
    """A field that the kind does not know, if it can be a name: it may be personal data, or hostile."""
    return name if isinstance(name, str) and len(name) <= 80 and name.isidentifier() else "?"


def _plain(value: Scalar) -> object:
    match value:
        case bool() | int() | float() | str():
            return value
        case Decimal():
            return format(MONEY_CONTEXT.plus(value), "f")
        case frozenset():
            return sorted(value)
        case datetime():
            return value.astimezone(UTC).isoformat()
        case date():
            return value.isoformat()
        case time():
            return value.isoformat(timespec="seconds")
        case Duration():
            return f"P{value.months}M{value.days}DT{value.seconds}S"
