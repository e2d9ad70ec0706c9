"""From the text of a condition to Python's syntax tree, in bounded time, and from its nodes back to places in the file.

Only parsing happens here, with the standard library's `ast`; what the nodes may be is the checker's business. The bounds
come first, because Python's own parser runs out of stack on long chains and deep brackets.
"""

from __future__ import annotations

import ast
import re
import warnings
from dataclasses import dataclass

from nbo.diagnostics import catalog
from nbo.diagnostics.diagnostic import Diagnostic, DiagnosticError, Text
from nbo.diagnostics.place import Span
from nbo.source.nodes import Scalar

LONGEST = 20_000  # characters
MOST_OPERATORS = 600  # tokens that are neither names, literals nor commas
DEEPEST = 60  # levels of the syntax tree

_TOKEN = re.compile(r"""\s+|[\w.]+|"[^"\n]*"|'[^'\n]*'|,|(?P<other>.)""", re.DOTALL)
_WORDS = frozenset({"and", "or", "not", "in", "is", "if", "else", "lambda", "for", "await", "yield"})
_WIDE = {"（": "(", "）": ")", "，": ",", "：": ":", "；": ";", "“": '"', "”": '"', "‘": "'", "’": "'", "≥": ">=", "≤": "<=", "≠": "!=", "＝": "==",
         "＞": ">", "＜": "<", "×": "*", "÷": "/", "％": "%", "【": "[", "】": "]", "。": "."}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Parsed:
    """A condition's scalar, its syntax tree, and the way from the parser's byte columns back to characters."""

    scalar: Scalar
    tree: ast.expr
    text: str  # what was parsed: the scalar's text on one line
    characters: tuple[int, ...] | None  # byte column -> character; None where they are the same

    def place(self, node: ast.expr) -> tuple[int, int]:
        """Start and end (exclusive) of a node in the condition's text."""
        start, end = node.col_offset, node.end_col_offset or node.col_offset
        if self.characters is not None:
            start, end = self.characters[start], self.characters[end]
        return start, end

    def span(self, place: tuple[int, int]) -> Span:
        """Where a place of the condition stands in the file."""
        return self.scalar.part(*place)


def parse(scalar: Scalar) -> Parsed:
    """The condition's syntax tree; what cannot be read raises `DiagnosticError` at its place."""
    text = re.sub(r"\s", " ", scalar.text)
    lead = len(text) - len(text.lstrip())
    _check_bounds(scalar, text)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", SyntaxWarning)  # `1 is missing` and the like get our own findings
            tree = ast.parse(text[lead:].rstrip(), mode="eval").body
    except SyntaxError as error:
        raise DiagnosticError(_syntax_finding(scalar, text, lead, error)) from None
    except ValueError:  # a null byte or half a surrogate pair
        raise DiagnosticError(catalog.SYNTAX.at(scalar.span)) from None
    except (RecursionError, MemoryError):
        raise DiagnosticError(_too_complex(scalar, Text(f"{DEEPEST} levels", f"{DEEPEST} 层"))) from None
    _check_depth(scalar, tree)
    return Parsed(scalar, tree, text, _characters(text, lead))


def _characters(text: str, lead: int) -> tuple[int, ...] | None:
    """For every byte column that the parser reports, the character of the text."""
    if text.isascii() and lead == 0:
        return None
    table: list[int] = []
    for index in range(lead, len(text)):
        table.extend([index] * len(text[index].encode("utf-8", errors="replace")))
    return (*table, len(text))


def _check_bounds(scalar: Scalar, text: str) -> None:
    if len(text) > LONGEST:
        raise DiagnosticError(_too_complex(scalar, Text(f"{LONGEST} characters", f"{LONGEST} 个字符")))
    operators = 0
    for token in _TOKEN.finditer(text):
        other = token["other"]
        if other is not None or token.group() in _WORDS:
            operators += 1
        if other in ("#", "\\", "`"):
            raise DiagnosticError(catalog.SYNTAX.at(scalar.part(token.start(), token.end())))
    if operators > MOST_OPERATORS:
        raise DiagnosticError(_too_complex(scalar, Text(f"{MOST_OPERATORS} operators", f"{MOST_OPERATORS} 个运算符")))
    if not text.strip():
        raise DiagnosticError(catalog.SYNTAX.at(scalar.span))


def _check_depth(scalar: Scalar, tree: ast.expr) -> None:
    level: list[ast.AST] = [tree]
    for _ in range(DEEPEST):
        level = [child for node in level for child in ast.iter_child_nodes(node)]
        if not level:
            return
    raise DiagnosticError(_too_complex(scalar, Text(f"{DEEPEST} levels", f"{DEEPEST} 层")))


def _too_complex(scalar: Scalar, limit: Text) -> Diagnostic:
    return catalog.TOO_COMPLEX.at(scalar.part(0, 1), limit=limit)


def _syntax_finding(scalar: Scalar, text: str, lead: int, error: SyntaxError) -> Diagnostic:
    """What is probably meant, for the mistakes that people make; else the place at which reading stopped."""
    for index, character in enumerate(text):
        if character in _WIDE and not _inside_quotes(text, index):
            advice = Text(f"write `{_WIDE[character]}` instead of `{character}`", f"请把 `{character}` 写成 `{_WIDE[character]}`")
            return catalog.SYNTAX.at(scalar.part(index, index + 1), help=_literal(advice))
    for wrong, right in (("&&", "and"), ("||", "or"), ("=>", ">="), ("<>", "!=")):
        index = text.find(wrong)
        if index >= 0 and not _inside_quotes(text, index):
            advice = Text(f"write `{right}` instead of `{wrong}`", f"请把 `{wrong}` 写成 `{right}`")
            return catalog.SYNTAX.at(scalar.part(index, index + 2), help=_literal(advice))
    if single := re.search(r"(?<![=!<>])=(?!=)", text):
        if not _inside_quotes(text, single.start()):
            return catalog.EQUALS_SIGN.at(scalar.part(*single.span()))
    if percent := re.search(r"[\d.]+\s*%", text):
        advice = Text("a rate is written as a fraction: 0.0060 for 0.60 %", "费率写成小数：0.60% 写作 0.0060")
        return catalog.SYNTAX.at(scalar.part(*percent.span()), help=_literal(advice))
    if octal := re.search(r"(?<![\w.])0\d+(?![\w.])", text):
        return catalog.NUMBER_FORM.at(scalar.part(*octal.span()), number=octal.group())
    if error.lineno is None or error.lineno < 1:
        return catalog.SYNTAX.at(scalar.span)
    # the interpreter counts characters from 1 in a syntax error
    column = min(max(lead + (error.offset or 1) - 1, 0), len(text))
    if column >= len(text.rstrip()):
        advice = Text("something is missing at the end", "末尾缺少内容")
        return catalog.SYNTAX.at(scalar.part(column, column + 1), help=advice)
    return catalog.SYNTAX.at(scalar.part(column, column + 1))


def _inside_quotes(text: str, index: int) -> bool:
    quote = ""
    for character in text[:index]:
        if quote:
            quote = "" if character == quote else quote
        elif character in "\"'":
            quote = character
    return bool(quote)


def _literal(text: Text) -> Text:
    """Braces in advice that was built from user text are not placeholders."""
    return Text(*(each.replace("{", "{{").replace("}", "}}") for each in text))
