"""The personas of a pack's tests: customers that inherit from each other.

In: the files of `tests/`. Out: each persona's whole profile. Everything above a persona counts once, ancestors before heirs,
in the order in which `inherits` names them; then come its own changes. So where two parents differ the later one holds, and
a parent that only passes on what both have from a common ancestor changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

from nbo.diagnostics import catalog
from nbo.diagnostics.diagnostic import Text
from nbo.diagnostics.place import Span
from nbo.pack.case_profile import Changes, merged, read_changes
from nbo.pack.files.cases import CasesFile, PersonaFile
from nbo.pack.link import Linker
from nbo.source.nodes import Mapping, Scalar
from nbo.source.yaml_file import MOST_FINDINGS

PERSONA = Text("persona", "客户画像")
MOST_ABOVE = 100
"""So many personas can one inherit from, directly or not: nobody could read a customer made of more."""

_LONGEST_CIRCLE = 8


@dataclass(frozen=True, slots=True)
class _Persona:
    name: Scalar
    written: PersonaFile
    changes: Changes


class Personas:
    """All personas of the folder, with what each stands on; `None` stands for one whose mistakes are reported."""

    def __init__(self, linker: Linker, files: Iterable[CasesFile]) -> None:
        self._linker = linker
        self._personas = {each.name.text: each for each in _read(linker, files)}
        self._used: set[str] = set()
        self._above: dict[str, tuple[str, ...] | None] = {}
        self._circles = 0
        for name in self._personas:
            self._settle(name)
        self._whole: dict[str, Changes | None] = {}

    def profile(self, name: Scalar) -> Changes | None:
        """The whole profile of a persona that a case names; None, with a finding, where there is none of that name."""
        self._used.add(name.text)
        if self._linker.reference(name, self._personas, PERSONA) is None:
            return None
        if name.text not in self._whole:
            above = self._above[name.text]
            layers = None if above is None else [self._personas[each].changes for each in (*above, name.text)]
            self._whole[name.text] = None if layers is None else merged(layers)
        return self._whole[name.text]

    def report_unused(self) -> None:
        """Call it when all cases have asked: a persona that nobody asked for and nobody inherits from is a finding."""
        inherited = {each.text for persona in self._personas.values() for each in persona.written.inherits}
        unused = (each for name, each in self._personas.items() if name not in self._used | inherited)
        for persona in islice(unused, MOST_FINDINGS):
            self._linker.found.append(catalog.PERSONA_UNUSED.at(persona.name.span, name=persona.name.text))

    # --- inheritance --------------------------------------------------------------------------------------------------

    def _settle(self, start: str) -> None:
        """Find what `start` and everything above it stand on, without recursion: a hostile file has thousands of levels."""
        if start in self._above:
            return
        path = [(start, iter(self._personas[start].written.inherits))]
        on_path, circular = {start}, set()
        while path:
            name, parents = path[-1]
            parent = next(parents, None)
            if parent is None:
                path.pop()
                on_path.discard(name)
                self._above[name] = None if name in circular else self._joined(name)
            elif parent.text in on_path:
                circular.add(name)  # so nothing that stands on it is known either
                self._report_circle(path, parent)
            elif parent.text in self._personas and parent.text not in self._above:
                path.append((parent.text, iter(self._personas[parent.text].written.inherits)))
                on_path.add(parent.text)

    def _joined(self, name: str) -> tuple[str, ...] | None:
        """Everything above a persona, ancestors before heirs; None where that cannot be told, or is too much."""
        written = self._personas[name].written
        known = [self._linker.reference(each, self._personas, PERSONA) for each in written.inherits]
        if not all(each is not None and self._above[each.name.text] is not None for each in known):
            return None
        joined: dict[str, None] = {}
        for parent in written.inherits:
            joined.update(dict.fromkeys((*(self._above[parent.text] or ()), parent.text)))
            if len(joined) > MOST_ABOVE:
                span = written.span_of("inherits")
                self._linker.found.append(catalog.TOO_MUCH_INHERITED.at(span, name=name, limit=MOST_ABOVE))
                return None
        return tuple(joined)

    def _report_circle(self, path: Iterable[tuple[str, object]], parent: Scalar) -> None:
        self._circles += 1
        if self._circles > MOST_FINDINGS:
            return
        names = [name for name, _ in path]
        circle = names[names.index(parent.text) :]
        shown = circle if len(circle) <= _LONGEST_CIRCLE else [*circle[:_LONGEST_CIRCLE], "…"]
        self._linker.found.append(
            catalog.PERSONA_IN_CIRCLE.at(parent.span, name=parent.text, circle=" → ".join([*shown, parent.text]))
        )


def _read(linker: Linker, files: Iterable[CasesFile]) -> Iterator[_Persona]:
    """The personas as they are written, each name once."""
    taken: dict[str, Span] = {}
    before = len(linker.found)
    for file in files:
        node = file.node_of("personas") if file.personas else None
        for key, written in file.personas.items():
            if len(linker.found) - before > MOST_FINDINGS:
                return
            name = Scalar(key, node.keys_at[key] if isinstance(node, Mapping) else file.span)
            if linker.unique(name, taken, PERSONA):
                changes: Changes = {}
                if written.profile is not None:
                    changes, found = read_changes(written.profile, linker.dictionary)
                    linker.found.extend(found)
                    changes = {} if found else changes
                yield _Persona(name, written, changes)
