"""Moments over a small dictionary and a few kinds of events, and what they mean put as plainly as can be.

`plain_meaning` knows nothing of how moments are matched: it tries every way to give events to roles, and asks every condition
whole, by the reference interpreter.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import product
from zoneinfo import ZoneInfo

from nbo.call.matching.matcher import Seen
from nbo.diagnostics.diagnostic import Diagnostic
from nbo.diagnostics.place import SourceText
from nbo.language.dictionary_file import read_dictionary
from nbo.language.interpret import evaluate
from nbo.pack.files.call import CallFile
from nbo.pack.files.moments import MomentFile
from nbo.pack.link import Linker
from nbo.pack.link_call import link_call
from nbo.pack.link_moments import link_moments
from nbo.pack.moments import Moment, Role
from nbo.source.model import validate, validate_rest
from nbo.source.nodes import from_plain
from nbo.source.yaml_file import parse_yaml

ZONE = ZoneInfo("Asia/Shanghai")
NOON = datetime(2026, 11, 16, 4, tzinfo=UTC)
DICTIONARY = {
    "call": {
        "mood": {"type": "integer", "min": -9, "max": 9},
        "need_tags": {"type": "set", "of": "enum", "values": {"cash": {"alias": {"zh": "现金"}}, "travel": {}}},
    },
    "customer": {"limit": {"type": "money", "min": 0, "max": 100}},
}
CALL = {
    "events": {
        "talk": {
            "fields": {
                "word": {"type": "enum", "values": ["x", "y", "z"]},
                "amount": {"type": "money", "min": 0, "max": 9},
            }
        },
        "ask": {"fields": {"amount": {"type": "money", "min": 0, "max": 9}}},
        "rest": {"label": {"en": "a rest", "zh": "休息"}},
    }
}
DEFINED, _ = read_dictionary(from_plain(DICTIONARY, "dictionary.yaml"), ZONE)
assert DEFINED is not None
MOOD, LIMIT = DEFINED.attributes["call.mood"].slot, DEFINED.attributes["customer.limit"].slot
_LINKER = Linker(DEFINED, ZONE, ("en",))
EVENTS = link_call(_LINKER, validate(CallFile, from_plain(CALL, "call.yaml"))[0]).events
assert not _LINKER.found


def linked(text: str) -> tuple[tuple[Moment, ...], list[Diagnostic]]:
    """The moments of a file, and what is wrong with it."""
    node = parse_yaml(SourceText("moments.yaml", "moments.yaml", text))
    linker = Linker(DEFINED, ZONE, ("en",))
    written, found = validate(list[MomentFile], node)
    if written is None:
        written = validate_rest(list[MomentFile], node) or []
    moments = link_moments(linker, written, EVENTS)
    return moments, [*found, *linker.found]


def moments_of(*written: Mapping[str, object]) -> tuple[Moment, ...]:
    """Moments of plain values, with what a file needs and a test does not care for."""
    whole = [{"id": f"m{number}", "reason": {"en": "because"}, **each} for number, each in enumerate(written)]
    moments, found = linked(json.dumps(whole))
    assert not [each for each in found if each.code.id != "NBO209"], [each.message("en") for each in found]
    return moments


def seen(number: int, kind: str, seconds: float = 0, mood: int | None = None, **fields: object) -> Seen:
    """An event so many seconds after noon, with the customer's mood then."""
    record = EVENTS[kind].record
    row: list[object] = [None] * len(record.fields)
    for name, value in fields.items():
        row[record.fields[name].slot] = Decimal(value) if isinstance(value, int) else value
    values: list[object] = [None] * DEFINED.width
    values[MOOD], values[LIMIT] = mood, Decimal(5)
    return Seen(f"e{number}", NOON + timedelta(seconds=seconds), kind, tuple(row), values)


def plain_meaning(moments: Sequence[Moment], events: Sequence[Seen]) -> list[tuple[str, ...]]:
    """The moments that happen at each event of a call."""
    clocks = [max(each.at for each in events[: number + 1]) for number in range(len(events))]
    happened = []
    for now in range(len(events)):
        happened.append(tuple(each.id for each in moments if _Meaning(each, events, clocks).happens(now)))
    return happened


class _Meaning:
    def __init__(self, moment: Moment, events: Sequence[Seen], clocks: Sequence[datetime]) -> None:
        self.moment = moment
        self.events = events
        self.clocks = clocks

    def happens(self, now: int) -> bool:
        within = self.moment.within
        window = [each for each in range(now + 1) if within is None or self.clocks[now] - self.clocks[each] <= within]
        return any(
            now in given and self.fit(roles, given) and not self.forbidden(given, window)
            for roles in self.sets_of_roles()
            for given in product(window, repeat=len(roles))
        )

    def sets_of_roles(self) -> Iterator[tuple[Role, ...]]:
        """The roles of `all`, each time with another one of `any`."""
        if not self.moment.any:
            yield self.moment.all
        for role in self.moment.any:
            yield (*self.moment.all, role)

    def fit(self, roles: Sequence[Role], given: Sequence[int]) -> bool:
        if len(set(given)) < len(given) or (self.moment.in_order and list(given) != sorted(given)):
            return False
        return all(
            self.fills(role, event, given[:place], unknown=self.moment.stops)
            for place, (role, event) in enumerate(zip(roles, given, strict=True))
        )

    def forbidden(self, given: Sequence[int], window: Iterable[int]) -> bool:
        above = given[: len(self.moment.all)]
        for role in self.moment.none:
            names = [] if role.where is None else [each.name.partition(".")[0] for each in role.where.reads]
            joins = any(name in {each.name for each in self.moment.all} for name in names)
            for event in window:
                if joins and event in given:
                    continue
                if self.fills(role, event, above, unknown=not self.moment.stops):
                    return True
        return False

    def fills(self, role: Role, event: int, above: Sequence[int], *, unknown: bool) -> bool:
        if self.events[event].kind != role.kind:
            return False
        if role.where is None:
            return True
        row = [*self.events[event].values]
        for each in (event, *above):
            row += [*self.events[each].fields, self.clocks[each]]
        result = evaluate(role.where.tree, row)
        return result is True or (result is None and unknown)
