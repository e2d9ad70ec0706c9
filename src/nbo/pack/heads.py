"""What the rest of a pack must know of an offer or a script before it is linked.

In: the validated file. Out: so little that it can be kept, for a reload, beside what the file was linked to; the file's own
nodes are let go.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from nbo.diagnostics.place import SourceText
from nbo.pack.files.offers import ForEachFile, OfferFile
from nbo.pack.files.scripts import ScriptFile
from nbo.pack.quotes.kinds import QUOTE_KINDS, quote_with_own_types
from nbo.source.model import Part
from nbo.source.nodes import Scalar


@dataclass(frozen=True, slots=True, eq=False)
class OfferHead:
    """Of an offer. `own_quote` is its quote where that adds values to the fields of quotes."""

    source: SourceText
    id: Scalar
    family: str
    through: date | None
    for_each: ForEachFile | None
    quote_kind: str
    own_quote: Part | None
    script: str | None

    @classmethod
    def of(cls, source: SourceText, written: OfferFile) -> OfferHead:
        """The head of a file."""
        quote = None if written.quote is None else quote_with_own_types(written.quote_kind, written.quote)
        return cls(
            source=source,
            id=written.offer,
            family=written.family.text,
            through=None if written.valid is None else written.valid.through,
            for_each=written.for_each,
            quote_kind=written.quote_kind,
            own_quote=quote,
            script=None if written.script is None else written.script.text,
        )

    def on(self, today: date) -> object:
        """What linking reads of the day: for most offers whether they have ended."""
        if self.quote_kind in QUOTE_KINDS and QUOTE_KINDS[self.quote_kind].reads_day:
            return today
        return self.through is not None and self.through < today


@dataclass(frozen=True, slots=True, eq=False)
class ScriptHead:
    """Of a script."""

    source: SourceText
    id: Scalar

    @classmethod
    def of(cls, source: SourceText, written: ScriptFile) -> ScriptHead:
        """The head of a file."""
        return cls(source, written.script)
