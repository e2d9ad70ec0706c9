"""A customer as a test writes it: what the dictionary calls each value, and what it would refuse, each at its place.

In: the `profile` of a persona or a case. Out: plain values under the dictionary's own names, so that a change under an alias
changes the same value, and a finding for each that would count as missing. A test that feeds bad data on purpose names the
warnings that it expects; everything else that is refused would make the test prove something other than it says.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping

from nbo.diagnostics import catalog
from nbo.diagnostics.diagnostic import Diagnostic
from nbo.diagnostics.place import Span
from nbo.diagnostics.suggest import nearest
from nbo.language.accept import MOST_RECORDS
from nbo.language.dictionary import Dictionary
from nbo.language.intake import DataWarning
from nbo.source import nodes
from nbo.source.nodes import Node, Sequence, to_plain
from nbo.source.yaml_file import MOST_FINDINGS

Changes = Mapping[str, object]  # namespace -> values by attribute, a list of records, or None

_Refused = tuple[Span, str, DataWarning]  # where, the name as written, what the intake says


def merged(layers: Iterable[Changes]) -> dict[str, object]:
    """Later changes over earlier ones, key by key inside each namespace.

    A list of records is replaced whole. None takes away: an attribute inside its namespace, or a whole namespace.

    >>> merged([{"call": {"stage": "need", "hold_s": 10}}, {"call": {"hold_s": None}}])
    {'call': {'stage': 'need', 'hold_s': None}}
    """
    whole: dict[str, object] = {}
    for changes in layers:
        for namespace, section in changes.items():
            own = whole.get(namespace)
            both = isinstance(own, dict) and isinstance(section, dict)
            whole[namespace] = {**own, **section} if both else section  # type: ignore[dict-item]  # `both` says so
    return whole


def read_changes(
    node: nodes.Mapping, dictionary: Dictionary, expected: Collection[tuple[str, str]] = ()
) -> tuple[Changes, list[Diagnostic]]:
    """Plain values by the dictionary's names, and what is wrong with them.

    `expected` are the pairs of attribute and warning code that the test announces; they are no findings.
    """
    reader = _Reader(dictionary)
    refused = [each for each in reader.read(node) if (each[2].attribute, each[2].code) not in expected]
    found = [_finding(each, dictionary) for each in refused[:MOST_FINDINGS]]
    return reader.changes, found


class _Reader:
    def __init__(self, dictionary: Dictionary) -> None:
        self.dictionary = dictionary
        self.changes: dict[str, object] = {}

    def read(self, node: nodes.Mapping) -> Iterator[_Refused]:
        for written, section in node.items():
            at = node.keys_at[written]
            namespace = self.dictionary.namespaces.get(written)
            if namespace is None:
                self.changes[written] = to_plain(section)
                yield from self.warned(at, written, {written: None})
                continue
            if namespace in self.changes:
                yield at, written, DataWarning("given_twice", namespace)
                continue
            self.changes[namespace] = to_plain(section)
            if namespace in self.dictionary.attributes:
                yield from self.records(namespace, section)
            elif isinstance(section, nodes.Mapping):
                yield from self.section(namespace, section)
            else:
                yield from self.warned(section.span, namespace, {namespace: to_plain(section)})

    def section(self, namespace: str, section: nodes.Mapping) -> Iterator[_Refused]:
        values: dict[str, object] = {}
        for key, child in section.items():
            name = f"{namespace}.{key}"
            attribute = self.dictionary.find(name)
            own = key if attribute is None else attribute.name.partition(".")[2]
            value = to_plain(child)
            if own in values:
                yield section.keys_at[key], name, DataWarning("given_twice", f"{namespace}.{own}")
                own = key  # as written, so that the customer has it under two names
            values[own] = value
            at = section.keys_at[key] if attribute is None or attribute.engine else child.span
            yield from self.warned(at, name, {namespace: {key: value}})
        self.changes[namespace] = values

    def records(self, namespace: str, section: Node) -> Iterator[_Refused]:
        if not isinstance(section, Sequence) or len(section) > MOST_RECORDS:
            yield from self.warned(section.span, namespace, {namespace: to_plain(section)})
            return
        record = self.dictionary.attributes[namespace].type.record
        for each in section:
            if not isinstance(each, nodes.Mapping) or record is None:
                yield from self.warned(each.span, namespace, {namespace: [to_plain(each)]})
                continue
            given: set[str] = set()
            for key, child in each.items():
                field = record.find(key)
                name = f"{namespace}.{key if field is None else field.name}"
                if name in given:
                    yield each.keys_at[key], name, DataWarning("given_twice", name)
                given.add(name)
                at = each.keys_at[key] if field is None else child.span
                yield from self.warned(at, f"{namespace}.{key}", {namespace: [{key: to_plain(child)}]})

    def warned(self, at: Span, name: str, profile: Mapping[str, object]) -> Iterator[_Refused]:
        """What the intake of a decision says to one value."""
        for warning in self.dictionary.intake.read(profile)[1]:
            yield at, name, warning


def _finding(refused: _Refused, dictionary: Dictionary) -> Diagnostic:
    at, name, warning = refused
    if warning.code == "unknown_attribute":
        suggestion = nearest(name, _names_like(name, dictionary))
        advice = catalog.DID_YOU_MEAN if suggestion else None
        return catalog.UNKNOWN_ATTRIBUTE.at(at, name=name, suggestion=suggestion, help=advice)
    return catalog.BAD_TEST_DATA.at(at, problem=warning.words, attribute=warning.attribute, code=warning.code)


def _names_like(name: str, dictionary: Dictionary) -> Iterable[str]:
    """What may have been meant: the namespaces, the fields of the records, or what a profile can supply."""
    namespace, dot, _ = name.partition(".")
    own = dictionary.namespaces.get(namespace, "")
    if not dot:
        return dictionary.namespaces
    records = dictionary.attributes.get(own)
    if records is not None and records.type.record is not None:
        return [f"{namespace}.{field}" for field in records.type.record.names]
    return [each for each, attribute in dictionary.names.items() if not dictionary.attributes[attribute].engine]
