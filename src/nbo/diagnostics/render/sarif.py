"""Findings as SARIF 2.1.0 (OASIS), which code scanning services and editors read; `docs/schemas/sarif.schema.json`.

One run. A rule a code that was found, with its page as help; a result a finding, with its place. Braces are doubled in
message strings, as section 3.11.5 of the standard asks; the help is left as it is, because its examples are to be copied.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import quote

from nbo.diagnostics.diagnostic import Code, Diagnostic
from nbo.diagnostics.pages import page
from nbo.diagnostics.render.place import path_from, region_of

_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"


def render_sarif(diagnostics: Sequence[Diagnostic], language: str = "en", *, root: Path, version: str) -> str:
    """The findings as one SARIF log.

    `root` is the absolute path of the repository, from which files are named; `version` is that of nbo.
    """
    codes = sorted({each.code for each in diagnostics}, key=lambda code: code.id)
    index = {code.id: place for place, code in enumerate(codes)}
    driver = {
        "name": "nbo",
        "version": version,
        "language": language,
        "rules": [_rule(code, language) for code in codes],
    }
    run = {
        "tool": {"driver": driver},
        "language": language,
        "columnKind": "unicodeCodePoints",
        "results": [_result(each, language, root, index[each.code.id]) for each in diagnostics],
    }
    return json.dumps({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}, ensure_ascii=False, indent=2)


def _rule(code: Code, language: str) -> dict[str, object]:
    outline = code.outline(language)
    written = page(code)
    return {
        "id": code.id,
        "shortDescription": {"text": _message(outline)},
        "fullDescription": {"text": _message(written.about(language))},
        "help": {"text": written.about(language), "markdown": written.markdown(language)},
        "defaultConfiguration": {"level": str(code.severity)},
    }


def _result(diagnostic: Diagnostic, language: str, root: Path, index: int) -> dict[str, object]:
    text = diagnostic.message(language)
    advice = diagnostic.help(language)
    if advice:
        text += f"\n{'建议' if language == 'zh' else 'help'}: {advice}"
    result: dict[str, object] = {
        "ruleId": diagnostic.code.id,
        "ruleIndex": index,
        "level": str(diagnostic.severity),
        "message": {"text": _message(text)},
    }
    if diagnostic.span is not None:
        region = region_of(diagnostic.span)
        place = {
            "artifactLocation": {"uri": _uri(path_from(root, diagnostic.span.source.path))},
            "region": {
                "startLine": region.line,
                "startColumn": region.column,
                "endLine": region.end_line,
                "endColumn": region.end_column,
            },
        }
        result["locations"] = [{"physicalLocation": place}]
    return result


def _message(text: str) -> str:
    return text.replace("{", "{{").replace("}", "}}")


def _uri(path: str) -> str:
    """A relative reference, or a `file:` URI for what lies outside of the repository."""
    relative = not Path(path).is_absolute()
    return quote(path) if relative else Path(path).as_uri()
