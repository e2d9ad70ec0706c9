"""What the engine adds to a pack's dictionary: the offer at hand, its quote, its record, and the pack's segments."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from nbo.diagnostics import catalog
from nbo.diagnostics.diagnostic import Diagnostic, Text
from nbo.diagnostics.place import Span
from nbo.language.dictionary_file import is_writable
from nbo.language.tree import Logic
from nbo.language.types import BOOLEAN, STRING, Attribute, Domain, Kind, Type
from nbo.pack.customer_segment import CustomerSegment
from nbo.pack.files.offers import ForEachFile
from nbo.pack.files.rules import SegmentFile
from nbo.pack.link import NOTHING, Linker
from nbo.pack.offer import CHANNEL

_ABOVE = Text("a segment can only read segments that stand above it", "客群只能引用写在它上面的客群")


def add_engine_names(
    linker: Linker, families: Iterable[str], records: Iterable[ForEachFile], quotes: Mapping[str, Type]
) -> None:
    """`offer.` and `quote.`, and the fields of every `for_each` record under its alias; `quotes` are the fields of quotes."""
    domain = Domain(tuple(sorted(families)) or ("none",), ordered=False, aliases={}, labels={})
    added: dict[str, Type | Attribute] = {
        "offer.offer_id": STRING,
        "offer.family": Type(Kind.ENUM, domain),
        CHANNEL: _channel(linker),
        **quotes,
    }
    aliases: dict[str, str] = {}
    for each in records:
        added.update(_fields(linker, each, aliases))
    linker.dictionary = linker.dictionary.extended(added)


def _channel(linker: Linker) -> Type:
    """The channel on which an offer would be brought up, as the history has channels."""
    history = linker.dictionary.find("history")
    field = None if history is None or history.type.record is None else history.type.record.fields.get("channel")
    return field.type if field is not None and field.type.kind in (Kind.ENUM, Kind.STRING) else STRING


def _fields(linker: Linker, for_each: ForEachFile, aliases: dict[str, str]) -> dict[str, Attribute]:
    """The fields under the alias; `aliases` says which records each alias stands for already."""
    alias = for_each.as_
    records = linker.dictionary.find(for_each.record.text)
    if records is None or records.type.record is None:
        return {}  # the offer's own linking reports it
    other: Text | None = None
    if alias.text in linker.dictionary.namespaces:
        other = Text("a namespace of the dictionary", "数据字典的命名空间")
    elif aliases.setdefault(alias.text, records.name) != records.name:
        before = aliases[alias.text]
        other = Text(f"a record of `{before}` in another offer", f"另一个产品中 `{before}` 的记录")
    if not is_writable(alias.text):
        linker.found.append(catalog.BAD_NAME.at(alias.span, name=alias.text))
        return {}
    if other is not None:
        linker.found.append(catalog.NAME_TAKEN.at(alias.span, name=alias.text, other=other))
        return {}
    linker.engine_namespaces.add(alias.text)
    return {f"{alias.text}.{name}": field for name, field in records.type.record.fields.items()}


def link_segments(linker: Linker, written: list[SegmentFile]) -> tuple[CustomerSegment, ...]:
    """Every segment becomes an attribute, `segment.ID`, that those after it can read."""
    segments: list[CustomerSegment] = []
    taken: dict[str, Span] = {}
    for index, each in enumerate(written):
        if linker.unique(each.id, taken, Text("segment", "客群")):
            before = len(linker.found)
            segments.append(_segment(linker, each))
            above, below = (
                {f"segment.{other.id.text}" for other in part} for part in (written[:index], written[index:])
            )
            # one above that is unknown has a mistake of its own, which is reported there
            found = [finding for finding in linker.found[before:] if not _is_unknown(finding, above)]
            linker.found[before:] = [
                Diagnostic(finding.code, finding.span, finding.values, _ABOVE)
                if _is_unknown(finding, below)
                else finding
                for finding in found
            ]
    return tuple(segments)


def _segment(linker: Linker, segment: SegmentFile) -> CustomerSegment:
    clauses = linker.clauses(segment.when, segment.id.text, NOTHING)
    labels = linker.words(segment.label, segment.span_of("label")) if segment.label else {}
    if len(clauses) == len(segment.when):
        trees = tuple(clause.expression.tree for clause in clauses)
        whole = trees[0] if len(trees) == 1 else Logic(BOOLEAN, (0, 0), "and", trees)
        name = f"segment.{segment.id.text}"
        attribute = Attribute(name, BOOLEAN, 0, span=segment.id.span)
        linker.dictionary = linker.dictionary.extended({name: attribute}, [(name, whole)])
    return CustomerSegment(segment.id.text, labels, clauses, segment.id.span)


def _is_unknown(finding: Diagnostic, segments: set[str]) -> bool:
    return finding.code is catalog.UNKNOWN_ATTRIBUTE and finding.values["name"] in segments
