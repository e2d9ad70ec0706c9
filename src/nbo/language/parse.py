"""From the text of a condition to Python's syntax tree, in bounded time, and from its nodes back to places in the file.

Only parsing happens here, with the standard library's `ast`; what the nodes may be is the checker's business. The text is
read token by token first: Python's own parser runs out of stack on long chains and deep brackets, reads texts inside
texts (`f"…"`), and words its errors for programmers.
"""

from __future__ import annotations

import ast
import re
import unicodedata
from dataclasses import dataclass
from typing import NoReturn

from nbo.diagnostics import catalog
from nbo.diagnostics.diagnostic import Code, Diagnostic, DiagnosticError, Help, Text, instead
from nbo.diagnostics.place import Span
from nbo.language import number_slips, slips
from nbo.language.operations import parse_exact
from nbo.source.nodes import Scalar

LONGEST = 20_000  # characters
MOST_OPERATORS = 600  # tokens that are neither names, literals nor commas
DEEPEST = 60  # levels of the syntax tree
DEEPEST_BRACKETS = 30  # PERF: a pair costs Python's parser some 20 frames of the C stack, and threads have little of it
MOST_DOTS = 3  # in one name
_LEVELS_OF_AN_OPERATOR = 3  # of the syntax tree that one operator or bracket can add
_LEVELS_OF_A_NAME = 8  # more than its dots, its word and their context

_TOKEN = re.compile(
    r"""(?P<space>\s+)|(?P<word>[\w.]+)|(?P<text>"[^"\n]*"|'[^'\n]*')|(?P<comma>,)|(?P<other>.)""", re.DOTALL
)
_WORDS = frozenset({"and", "or", "not", "in", "is", "if", "else", "lambda", "for", "await", "yield"})
_PREFIX = re.compile(r"[bfrtu]{1,2}", re.IGNORECASE)  # of `f"…"` and its like
_NOT_TEXT = re.compile("[\x00-\x08\x0e-\x1f\x7f\ud800-\udfff]")
_PLAIN_NUMBER = re.compile(r"(?:0|[1-9]\d*)(?:\.\d+)?", re.ASCII)
_WIDE = {
    "（": "(", "）": ")", "，": ",", "：": "==", "“": '"', "”": '"', "‘": "'", "’": "'", "≥": ">=", "≤": "<=", "≠": "!=",
    "＝": "==", "＞": ">", "＜": "<", "×": "*", "÷": "/", "【": "[", "】": "]", "［": "[", "］": "]", "。": ".", "．": ".",
    "、": ",", "－": "-", "＋": "+", "！": "not", "＆": "and", "｜": "or", "「": '"', "」": '"', "『": '"', "』": '"', "＂": '"',
}  # fmt: skip
_CLAUSE_KEYS = frozenset({"when", "reason", "because", "id"})
_WIDE_COMMAS = "，、；;"
_JOIN = Text(
    "join two conditions by `and`, or write each on a line of its own; several values stand in brackets, `in [A, B]`",
    "两个条件用 `and` 连接，或各写一行；多个取值放在方括号里，写作 `in [A, B]`",
)
_NO_CURRENCY = Text("write the amount without its currency, such as `500`", "请只写数字，不写货币符号，如 `500`")
_CLOSING = {")": "(", "]": "[", "}": "{"}
_OPEN_BRACKET = Text("the closing bracket is missing", "缺少右括号")
_NO_BRACKET = Text("no open bracket matches it", "没有与之配对的左括号")
_OPEN_QUOTE = Text("the closing quote is missing", "缺少后引号")
_AT_END = Text("something is missing at the end", "末尾缺少内容")
_TWO_TEXTS = Text(
    "there is nothing between two texts; one text is written in one pair of quotes",
    "两段文本之间缺少运算符；一段文本只用一对引号",
)
_BACKSLASH = Text("a backslash", "反斜杠")
_TEXT_WITH_PREFIX = Text("a text with a letter before its quote", "引号前带字母的文本")


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
    reader = _Reader(scalar)
    text, masked = reader.read()
    lead = len(text) - len(text.lstrip())
    try:
        tree = ast.parse(text[lead:].rstrip(), mode="eval").body
    except SyntaxError as error:
        # the parser counts characters from 1; 0 is the end
        first = lead + error.offset - 1 if error.offset else len(text)
        last = lead + error.end_offset - 1 if error.end_offset else first
        raise DiagnosticError(_syntax_finding(scalar, text, masked, (first, last))) from None
    except (RecursionError, MemoryError, ValueError):  # the bounds above come first; this is the net below them
        raise DiagnosticError(_too_complex(scalar, (0, len(text)), DEEPEST, "levels", "层")) from None
    if reader.operators * _LEVELS_OF_AN_OPERATOR + _LEVELS_OF_A_NAME > DEEPEST:
        _check_depth(scalar, tree)
    return Parsed(scalar, tree, text, _characters(text, lead))


def _characters(text: str, lead: int) -> tuple[int, ...] | None:
    """For every byte column that the parser reports, the character of the text."""
    if text.isascii() and lead == 0:
        return None
    table: list[int] = []
    for index in range(lead, len(text)):
        table.extend([index] * len(text[index].encode()))
    return (*table, len(text))


class _Reader:
    """Reads the tokens of a condition: bounds first, and what can be said better than Python's parser says it."""

    def __init__(self, scalar: Scalar) -> None:
        self.scalar = scalar
        self.operators = 0
        self.open: list[re.Match[str]] = []  # brackets
        self.before: re.Match[str] | None = None  # the last token that is not space

    def read(self) -> tuple[str, str]:
        """The text on one line, and the same with its quoted parts masked."""
        text = self.scalar.text
        if len(text) > LONGEST:
            raise DiagnosticError(_too_complex(self.scalar, (LONGEST, LONGEST + 1), LONGEST, "characters", "个字符"))
        line, masked = [], []
        for token in _TOKEN.finditer(text):
            kind, written = token.lastgroup, token.group()
            if kind != "space":
                self.token(token, kind, written)
                self.before = token
            blank = " " * len(written)
            line.append(blank if kind == "space" else written)
            masked.append(slips.MASK * len(written) if kind == "text" else line[-1])
        if self.before is None:
            self.refuse(catalog.SYNTAX, (0, max(len(text), 1)))
        if self.open:
            self.refuse(catalog.SYNTAX, self.open[-1].span(), advice=_OPEN_BRACKET)
        return "".join(line), "".join(masked)

    def token(self, token: re.Match[str], kind: str | None, written: str) -> None:
        if bad := _NOT_TEXT.search(written):
            self.refuse(catalog.SYNTAX, (token.start() + bad.start(), token.start() + bad.end()))
        if kind == "word":
            self.word(token, written)
        elif kind == "text":
            self.quoted(token, written)
        elif kind == "other":
            self.sign(token, written)

    def word(self, token: re.Match[str], written: str) -> None:
        if written[0].isdigit():
            self.number(token, written)
        elif written.count(".") > MOST_DOTS:
            self.refuse(catalog.NOT_ALLOWED, token.span(), what=Text("so long a name", "这么长的名称"))
        if written in _WORDS or written[0] == ".":
            self.operator(token)

    def number(self, token: re.Match[str], written: str) -> None:
        text, start = self.scalar.text, token.start()
        if joined := number_slips.joined_number(text, start, in_brackets=bool(self.open)):
            end, advice = joined
            self.refuse(catalog.NUMBER_FORM, (start, end), advice=advice, number=text[start:end])
        if share := number_slips.percent(text, start):
            self.refuse(catalog.SYNTAX, (start, share[0]), advice=share[1])
        if not _PLAIN_NUMBER.fullmatch(written) or parse_exact(written) is None:
            self.refuse(catalog.NUMBER_FORM, token.span(), advice=number_slips.plain_number(written), number=written)

    def quoted(self, token: re.Match[str], written: str) -> None:
        if "\\" in written:
            at = token.start() + written.index("\\")
            self.refuse(catalog.NOT_ALLOWED, (at, at + 1), what=_BACKSLASH)
        if self.before is None:
            return
        if self.before.lastgroup == "text":
            self.refuse(catalog.SYNTAX, token.span(), advice=_TWO_TEXTS)
        if self.before.end() == token.start() and _PREFIX.fullmatch(self.before.group()):
            self.refuse(catalog.NOT_ALLOWED, (self.before.start(), token.end()), what=_TEXT_WITH_PREFIX)

    def sign(self, token: re.Match[str], written: str) -> None:
        if written in _WIDE_COMMAS and not self.open:
            self.refuse(catalog.SYNTAX, token.span(), advice=_JOIN)
        if written == "：" and self.before is not None and self.before.group() in _CLAUSE_KEYS:
            key = self.before.group()
            self.refuse(catalog.SYNTAX, token.span(), advice=instead(f"{key}: ", f"{key}："))
        if written in _WIDE:
            self.refuse(catalog.SYNTAX, token.span(), advice=instead(_WIDE[written], written))
        if unicodedata.category(written) == "Cf":
            self.refuse(catalog.SYNTAX, token.span(), advice=_invisible(written))
        if written in "¥￥$€":
            self.refuse(catalog.SYNTAX, token.span(), advice=_NO_CURRENCY)
        if written in "\"'":
            self.refuse(catalog.SYNTAX, token.span(), advice=_OPEN_QUOTE)
        if written in "#`":
            self.refuse(catalog.SYNTAX, token.span())
        if written == "\\":
            self.refuse(catalog.NOT_ALLOWED, token.span(), what=_BACKSLASH)
        self.operator(token)
        if written in _CLOSING.values():
            self.open.append(token)
            if len(self.open) > DEEPEST_BRACKETS:
                raise DiagnosticError(_too_complex(self.scalar, token.span(), DEEPEST_BRACKETS, "brackets", "层括号"))
        elif written in _CLOSING:
            if not self.open or self.open[-1].group() != _CLOSING[written]:
                self.refuse(catalog.SYNTAX, token.span(), advice=_NO_BRACKET)
            self.open.pop()

    def operator(self, token: re.Match[str]) -> None:
        self.operators += 1
        if self.operators > MOST_OPERATORS:
            raise DiagnosticError(_too_complex(self.scalar, token.span(), MOST_OPERATORS, "operators", "个运算符"))

    def refuse(self, code: Code, place: tuple[int, int], *, advice: Help | None = None, **values: object) -> NoReturn:
        raise DiagnosticError(code.at(self.scalar.part(*place), help=advice, **values))


def _invisible(character: str) -> Text:
    code = f"U+{ord(character):04X}"
    return Text(f"delete the character {code}, which nobody can see", f"请删除看不见的字符 {code}")


def _check_depth(scalar: Scalar, tree: ast.expr) -> None:
    level: list[ast.AST] = [tree]
    for _ in range(DEEPEST):
        level = [child for node in level for child in ast.iter_child_nodes(node)]
        if not level:
            return
    raise DiagnosticError(_too_complex(scalar, (0, len(scalar.text)), DEEPEST, "levels", "层"))


def _too_complex(scalar: Scalar, place: tuple[int, int], limit: int, en: str, zh: str) -> Diagnostic:
    return catalog.TOO_COMPLEX.at(scalar.part(*place), limit=Text(f"{limit} {en}", f"{limit} {zh}"))


def _syntax_finding(scalar: Scalar, text: str, masked: str, place: tuple[int, int]) -> Diagnostic:
    """What is probably meant, for the mistakes that people make; else the tokens at which reading stopped."""
    slip = slips.find_slip(text, masked)
    if slip is not None:
        return catalog.SYNTAX.at(scalar.part(slip.start, slip.end), help=slip.advice)
    if single := re.search(r"(?<![=!<>])=(?!=)", masked):
        return catalog.EQUALS_SIGN.at(scalar.part(*single.span()))
    tokens = [token for token in _TOKEN.finditer(text) if token.lastgroup != "space"]
    for token in tokens:
        if token.end() > place[0]:
            return catalog.SYNTAX.at(scalar.part(token.start(), max(token.end(), place[1])))
    return catalog.SYNTAX.at(scalar.part(*tokens[-1].span()), help=_AT_END)
