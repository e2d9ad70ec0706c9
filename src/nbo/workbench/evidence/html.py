"""A report as one HTML page that needs nothing else: no script, no picture, no font, no style sheet of its own.

The template escapes every text; what cannot be seen is shown as such.
"""

from __future__ import annotations

import re
from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined, Template

from nbo.diagnostics.place import printable
from nbo.workbench.evidence.document import Document

_HTML_LANGUAGES = {"zh": "zh-CN", "en": "en"}


def html(document: Document) -> str:
    """The whole page; it ends with a line break."""
    return _template().render(document=document)


@cache
def _template() -> Template:
    environment = Environment(
        loader=PackageLoader("nbo.workbench.evidence", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["seen"] = _seen
    environment.filters["tongue"] = lambda language: _HTML_LANGUAGES.get(language, language)
    return environment.get_template("report.html.jinja")


def _seen(text: str) -> str:
    """The text with a sign for every character that a page would not show, or would turn round."""
    return printable(re.sub(r"\s+", " ", text))
