"""The attribute that says who has opted out of personalization, marked `use: profile` itself.

An opt-out hides what is `use: profile`. So a gate that asks for the opt-out, and lets a customer pass who voiced a need, finds
nothing there for exactly the customers whom it is about.

NBO614; wrong and right: docs/diagnostics/NBO614.md.
"""

from __future__ import annotations

from collections.abc import Iterator

from nbo.diagnostics import catalog
from nbo.diagnostics.diagnostic import Diagnostic
from nbo.lint.conditions import sources
from nbo.lint.ground import Ground


def lint(ground: Ground) -> Iterator[Diagnostic]:
    """One finding an attribute, at its place in the dictionary."""
    pack = ground.pack
    for attribute in () if pack.opted_out is None else pack.opted_out.reads:
        for each in sources(attribute, pack.dictionary).values():
            if each.use == "profile":
                yield catalog.OPT_OUT_HIDDEN.at(each.span, name=each.name)
