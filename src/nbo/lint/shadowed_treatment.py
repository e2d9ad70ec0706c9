"""A treatment of a script that is never chosen, because one that is tried before it always fits.

Treatments are tried in their order. One without a `when` takes every customer of its channels, so what stands below it is
never heard: usually the general wording was written first.

A treatment that fits can still be passed over when a number that it says is missing. So the earlier one must need no more
than the later one is sure to need.

NBO605; wrong and right: docs/diagnostics/NBO605.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from nbo.diagnostics import catalog
from nbo.diagnostics.diagnostic import Diagnostic
from nbo.lint.ground import Ground
from nbo.pack.script import Segment, Treatment


def lint(ground: Ground) -> Iterator[Diagnostic]:
    """One finding a treatment, which names the first that hides it."""
    pack = ground.pack
    for script in pack.scripts.values():
        for index, later in enumerate(script.treatments):
            for earlier in script.treatments[:index]:
                if _always_before(ground, earlier, later):
                    yield catalog.TREATMENT_NEVER_CHOSEN.at(later.span, treatment=later.id, other=earlier.id)
                    break


def _always_before(ground: Ground, earlier: Treatment, later: Treatment) -> bool:
    if not later.channels <= earlier.channels or (later.reangles and not earlier.reangles):
        return False
    return _fits_whenever(ground, earlier, later) and all(
        _says(earlier.segments, language, sure=False) <= _says(later.segments, language, sure=True)
        for language in ground.pack.languages
    )


def _fits_whenever(ground: Ground, earlier: Treatment, later: Treatment) -> bool:
    if earlier.when is None:
        return True
    asked = ground.asked
    return later.when is not None and ground.together.implies(asked(later.when), asked(earlier.when))


def _says(segments: Iterable[Segment], language: str, *, sure: bool) -> set[str]:
    """The attributes without which the words cannot be said, or (`sure`) those that are needed for every customer."""
    return {
        placeholder.attribute.name
        for segment in segments
        if not segment.optional and not (sure and segment.when is not None)
        for placeholder in segment.texts[language].placeholders
    }
