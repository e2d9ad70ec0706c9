"""What lies behind a complaint of the YAML parser, in the words of somebody who never saw a parser.

In: a source and the parser's error, or a node of an odd shape. Out: one finding that shows the corrected line where that
can be told. The parser's own wording never reaches a message: it is English only and speaks of tokens.
"""

from __future__ import annotations

import re
import unicodedata

import yaml

from nbo.diagnostics import catalog
from nbo.diagnostics.diagnostic import Advice, Diagnostic, Text, write
from nbo.diagnostics.place import SourceText, Span
from nbo.source.nodes import Node, Scalar

_LONGEST_LINE = 2_000  # a longer one gets no advice of its own
_FARTHEST_BACK = 20_000  # characters in which an open bracket is sought

_VALUE = r"(?:^\s*|[:\-]\s+|[\[{,]\s*)"
_BRACES = re.compile(r"(?:^|[:\-]\s+)(\{\{.*)$")
_QUOTED_START = re.compile(_VALUE + r"""((?:"(?:[^"\\]|\\.)*"|'(?:[^']|'')*')(?!\s+[\w.\-]+:\s)[ \t]*[^\s,}\]#:].*)$""")
_OPEN_QUOTE = re.compile(_VALUE + r"""(?:("(?:[^"\\]|\\.)*)|('(?:[^']|'')*))$""")
_KEY_ALONE = re.compile(r"\s*(?:- +)*[^\s:{\[\"']+")
_NO_SPACE = re.compile(r"\s*(?:- +)*([\w.\-]+):[^\s/]")
_WIDE_COMMA = re.compile("[，、]")
_TOKEN = re.compile(r"""(?P<text>"(?:[^"\\\n]|\\.)*"|'[^'\n]*')|(?P<note>(?<=\s)\#[^\n]*)|(?P<mark>[\[\]{}])""")
_NOT_TEXT = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_FULL_WIDTH = {
    "：": ": ", "，": ", ", "、": ", ", "“": '"', "”": '"', "‘": "'", "’": "'", "｛": "{", "｝": "}", "（": "{", "［": "[",
    "］": "]", "【": "[", "】": "]", "－": "- ",
}  # fmt: skip
_WIDE_BRACKETS = tuple("｛（［【")
_FLAGS = {
    "yes": "true",
    "on": "true",
    "y": "true",
    "是": "true",
    "no": "false",
    "off": "false",
    "n": "false",
    "否": "false",
}
_FLAGS |= {"true": "true", "false": "false"}  # in capitals
_CLOSING = {"{": "}", "[": "]"}
_NEGATED = Text(
    "write `{right}`; a text that is to start with `!` must be quoted", "请写成 `{right}`；文本要以 `!` 开头时请加引号"
)
_ON_SPACES = Text("indent with spaces; here stands a tab", "请用空格缩进；此处是制表符")

_COLON_MISSING = Text("the `:` after a key is missing", "键后面缺少 `:`")
_COMMA_MISSING = Text("a comma between two entries is missing", "两项之间缺少英文逗号")
_ON_ITS_LINE = Text("a list starts on a line of its own, below its key", "列表要从键的下一行开始")
_NOT_AFTER = Text("this does not belong after what stands before it", "此处的内容不应跟在前面的内容之后")
_ESCAPE = Text(
    "the backslash has a meaning inside double quotes; use single quotes", "双引号里的反斜杠有特殊含义，请改用单引号"
)
_FROM_HERE = Text("it cannot be read from here on", "从此处起无法读取")


def explain(source: SourceText, error: yaml.MarkedYAMLError) -> Diagnostic:
    """The finding for an error of the parser."""
    mark = error.problem_mark or error.context_mark
    offset = 0 if mark is None else min(mark.index, len(source.text))
    line = source.line_starts[source.line_and_column(offset)[0] - 1]
    if (unseen := source.text.find("\ufeff", line, offset + 1)) >= 0:
        return _no_text(source, unseen)
    context = None if error.context_mark is None else min(error.context_mark.index, len(source.text))
    return _Trap(
        source, offset, offset if context is None else context, error.problem or "", error.context or ""
    ).found()


def unreadable_character(source: SourceText, offset: int) -> Diagnostic:
    """The finding for a character that no text file should hold."""
    bad = _NOT_TEXT.search(source.text)
    return _no_text(source, offset if bad is None else bad.start())


def _no_text(source: SourceText, start: int) -> Diagnostic:
    character = source.text[start : start + 1]
    shown = f" U+{ord(character):04X}" if character else ""
    problem = Text(f"the character{shown} is no text", f"字符{shown} 不是文本")
    return catalog.NOT_YAML.at(Span(source, start, min(start + 1, len(source.text))), problem=problem)


def key_problem(source: SourceText, key: Node) -> Diagnostic:
    """The finding for a key that is a list or a mapping: mostly a placeholder without quotes."""
    span = key.span
    if source.text[max(0, span.start - 1) : span.start] == "{" and span.text.startswith("{"):
        line = source.line_text(span.line)
        column = span.column - 2
        whole = Span(source, span.start - 1, min(span.end + 1, len(source.text)))
        return catalog.STARTS_WITH_BRACES.at(whole, fixed=_fixed(line, column, len(line)))
    return catalog.KEY_NOT_TEXT.at(span)


def joined_values(value: Scalar) -> Diagnostic | None:
    """The finding for a text inside `[ ]` whose values are parted by a Chinese comma; None where there is none.

    A text that is to have one stands in quotes: nobody sees that `[A，B]` is one value.
    """
    parted = _WIDE_COMMA.search(value.text) if value.style == "plain" else None
    if parted is None:
        return None
    at = parted.start()
    right = Text("`, ` between two values, or quote the text", "`, `（英文逗号）；逗号属于文本时请给文本加引号")
    return catalog.FULL_WIDTH_SIGN.at(value.part(at, at + 1), sign=value.text[at], right=right)


def tag_problem(span: Span) -> Diagnostic:
    """The finding for a tag; `!name` is mostly a condition that is to be negated."""
    written = next(iter(span.text.split()), "!")
    negated = re.fullmatch(r"!([^\W\d][\w.]*(?:\(.*)?)", span.text.strip())
    advice = Advice(_NEGATED, {"right": f"not {negated[1]}"}) if negated else None
    return catalog.YAML_TAG.at(span, tag=written, help=advice)


def better_value(text: str) -> Advice | None:
    """What to write for a value in a form that another program or keyboard has; None where nobody knows what is meant."""
    if len(text) > _LONGEST_LINE:
        return None
    plain = unicodedata.normalize("NFKC", text).strip("\"'“”‘’「」").strip()
    plain = re.sub(r"(?<=\d)[ \t]+%$", "%", plain)
    plain = re.sub(r"^[¥$€£][ \t]*(?=\d)|(?<=\d)[ \t]*元$", "", plain)
    if re.fullmatch(r"[+-]?\d{1,3}(?:,\d{3})+(?:\.\d+)?", plain):
        plain = plain.replace(",", "")
    plain = re.sub(r"^([+-]?)0+(?=\d)", r"\1", plain)
    plain = _FLAGS.get(plain.casefold(), plain)
    if plain == text or not plain:
        return None
    return write(plain)


def bare_key(source: SourceText, key: Scalar, before: Node | None) -> Diagnostic | None:
    """The finding for a word without a value inside `{ }`; None where it may be one.

    `before` is the value in front of it, of which the word may be the rest.
    """
    for sign in ("：", "，"):
        at = key.text.find(sign)
        if at >= 0 and key.style == "plain":
            return _full_width(key.part(at, at + 1), sign)
    if not isinstance(before, Scalar) or before.style != "plain" or before.span.line != key.span.line:
        return None
    line = source.line_text(key.span.line)
    first = before.span.column - 1
    rest = re.match(r"[^}\]]*?(?=\s*(?:[}\]]|,\s*[\w.\-]+:\s|$))", line[first:])
    last = first + (rest.end() if rest else 0)
    start = source.line_starts[key.span.line - 1]
    whole = Span(source, start + first, start + last)
    better = better_value(whole.text) if whole.text[:1].isdigit() else None
    return catalog.COMMA_IN_TEXT.at(whole, fixed=_fixed(line, first, last), help=better)


class _Trap:
    """One complaint with its line; the checks of `found` go from the plainest to the most general."""

    def __init__(self, source: SourceText, offset: int, context: int, problem: str, doing: str) -> None:
        self.source = source
        self.offset = offset
        self.context = context
        self.problem = problem
        self.doing = doing
        self.line, self.column = source.line_and_column(offset)
        self.text = source.line_text(self.line)[:_LONGEST_LINE]
        self.sign = source.text[offset : offset + 1]

    def found(self) -> Diagnostic:
        return (
            self.wrong_start()
            or self.tab()
            or self.not_closed()
            or self.inside_brackets()
            or self.colon()
            or self.escape()
            or self.indentation()
            or self.not_yaml(_FROM_HERE)
        )

    # --- what stands at the start of a value --------------------------------------------------------------------------

    def wrong_start(self) -> Diagnostic | None:
        for line in (self.line, self.line - 1):
            text = self.source.line_text(line) if line > 0 else ""
            if len(text) > _LONGEST_LINE:
                continue
            if braces := _BRACES.search(text):
                fixed = _fixed(text, braces.start(1), len(text))
                return catalog.STARTS_WITH_BRACES.at(self.part(line, braces.span(1)), fixed=fixed)
            if quoted := _QUOTED_START.search(text):
                fixed = _requoted(text, quoted.start(1))
                return catalog.STARTS_WITH_QUOTE.at(self.part(line, quoted.span(1)), fixed=fixed)
        starts = {
            "cannot start any token": self.offset,
            "mapping keys are not allowed": self.offset,
            "expected node content": self.offset,
            "comment or line break": self.context,
            "alphabetic or numeric": self.context,
            "directive": self.context,
            "tag": self.context,
        }
        at = next((at for words, at in starts.items() if words in f"{self.problem} {self.doing}"), None)
        sign = "" if at is None else self.source.text[at : at + 1]
        if at is None or sign not in "@`%*&!?>|,]}" or not sign:
            return None
        line, column = self.source.line_and_column(at)
        text = self.source.line_text(line)[:_LONGEST_LINE]
        end = len(text) if self.open_bracket(at) is None else _end_of_value(text, column)
        return catalog.CANNOT_START.at(self.span(at, at + 1), character=sign, fixed=_fixed(text, column - 1, end))

    # --- tabs, quotes, brackets ---------------------------------------------------------------------------------------

    def tab(self) -> Diagnostic | None:
        lead = self.text[: len(self.text) - len(self.text.lstrip())]
        if "\t" not in lead:
            return None
        start = self.source.line_starts[self.line - 1] + lead.index("\t")
        return catalog.BAD_INDENT.at(self.span(start, start + 1), help=_ON_SPACES)

    def not_closed(self) -> Diagnostic | None:
        if "quoted scalar" in self.doing and "unexpected" in self.problem:
            mark = self.source.text[self.context]
            return catalog.NOT_CLOSED.at(self.span(self.context, self.context + 1), mark=mark, closing=mark)
        for line in range(self.line - 1, max(self.line - 4, 0), -1):  # a quote that ends at the start of another
            if quote := _OPEN_QUOTE.search(self.source.line_text(line)[:_LONGEST_LINE]):
                start, mark = quote.start(1) if quote[1] else quote.start(2), '"' if quote[1] else "'"
                return catalog.NOT_CLOSED.at(self.part(line, (start, start + 1)), mark=mark, closing=mark)
        opened = self.open_bracket(self.offset)
        if opened is None or self.closes_further_down(opened):
            return None
        mark = self.source.text[opened]
        return catalog.NOT_CLOSED.at(self.span(opened, opened + 1), mark=mark, closing=_CLOSING[mark])

    def open_bracket(self, offset: int) -> int | None:
        """The innermost bracket that is open at a place, as far as can be told without reading YAML."""
        opened: list[int] = []
        for token in _TOKEN.finditer(self.source.text, max(0, offset - _FARTHEST_BACK), offset):
            if token.lastgroup == "mark" and token.group() in _CLOSING:
                opened.append(token.start())
            elif token.lastgroup == "mark" and opened:
                opened.pop()
        return opened[-1] if opened else None

    def closes_further_down(self, opened: int) -> bool:
        """Whether the bracket's closing one comes before the next line that starts no further in than the bracket's."""
        line, column = self.source.line_and_column(opened)
        text = self.source.line_text(line)
        depth, indent = 0, len(text) - len(text.lstrip())
        while True:
            for sign in text[column - 1 :]:
                depth += (sign in "[{") - (sign in "]}")
                if depth == 0:
                    return True
            line, column = line + 1, 1
            if line > len(self.source.line_starts):
                return False
            text = self.source.line_text(line)
            if text.strip() and len(text) - len(text.lstrip()) <= indent:
                return False

    def inside_brackets(self) -> Diagnostic | None:
        if "flow" not in self.doing:
            return None
        before = self.text[: self.column - 1]
        for sign in ("，", "："):
            at = before.rfind(sign)
            if at >= 0:
                return _full_width(self.part(self.line, (at, at + 1)), sign)
        if self.sign in ("[", "{") and (value := re.search(r"[{,]\s*[\w.\-]+:\s+(?=[^\s\[{\"',][^,\[{}\]]*$)", before)):
            end = _end_of_value(self.text, _closing(self.text, self.column - 1))
            columns = (value.end(), end)
            return catalog.COMMA_IN_TEXT.at(self.part(self.line, columns), fixed=_fixed(self.text, *columns))
        if self.sign != ":" or _KEY_ALONE.fullmatch(before):
            return self.not_yaml(_COMMA_MISSING)
        start = max(before.rfind(": ") + 1, before.rfind("{") + 1, before.rfind(",") + 1, before.rfind("[") + 1)
        start += len(before[start:]) - len(before[start:].lstrip())
        fixed = _fixed(self.text, start, _end_of_value(self.text, self.column))
        return catalog.COLON_IN_TEXT.at(self.span(self.offset, self.offset + 1), fixed=fixed)

    # --- keys, colons, indentation ------------------------------------------------------------------------------------

    def colon(self) -> Diagnostic | None:
        if "could not find expected ':'" in self.problem:
            return self.key_without_colon(self.source.line_and_column(self.context)[0]) or self.not_yaml(_COLON_MISSING)
        if "sequence entries are not allowed" in self.problem:
            return self.not_yaml(_ON_ITS_LINE)
        if "mapping values are not allowed" not in self.problem:
            return None
        before = self.text[: self.column - 1]
        if _KEY_ALONE.fullmatch(before):  # the line is a fine one; the one above runs on into it
            above = next(
                (line for line in range(self.line - 1, 0, -1) if self.source.line_text(line).strip()), self.line
            )
            key = len(before) - len(before.lstrip())
            indentation = catalog.BAD_INDENT.at(self.part(self.line, (key, self.column - 1)))
            return self.key_without_colon(above) or indentation
        start = re.match(r"\s*(?:- +)*(?:[^\s:]+:\s+)?", before)
        if start and before[start.end() :][:1] in _WIDE_BRACKETS:
            return _full_width(self.part(self.line, (start.end(), start.end() + 1)), before[start.end()])
        fixed = _fixed(self.text, start.end() if start else 0, len(self.text))
        return catalog.COLON_IN_TEXT.at(self.span(self.offset, self.offset + 1), fixed=fixed)

    def key_without_colon(self, line: int) -> Diagnostic | None:
        text = self.source.line_text(line)[:_LONGEST_LINE]
        lead = len(text) - len(text.lstrip())
        wide = text.find("：")
        if wide >= 0 and ":" not in text[:wide]:
            return _full_width(self.part(line, (wide, wide + 1)), "：")
        if tight := _NO_SPACE.match(text):
            problem = Text(f"a space is missing after `{tight[1]}:`", f"`{tight[1]}:` 后面缺少空格")
            return catalog.NOT_YAML.at(self.part(line, (tight.end() - 2, tight.end())), problem=problem)
        if text.strip() and ":" not in text:
            return catalog.NOT_YAML.at(self.part(line, (lead, len(text.rstrip()))), problem=_COLON_MISSING)
        return None

    def escape(self) -> Diagnostic | None:
        return self.not_yaml(_ESCAPE) if "escape" in self.problem or "hexdecimal" in self.problem else None

    def indentation(self) -> Diagnostic | None:
        if "<document start>" in self.problem:
            return catalog.SEVERAL_DOCUMENTS.at(self.span(self.offset, self.offset + 1))
        if "did not find expected" not in self.problem:
            return None
        if self.text[: self.column - 1].strip():
            return self.not_yaml(_NOT_AFTER)
        return catalog.BAD_INDENT.at(self.span(self.offset, self.offset + len(self.text.split(" ")[0].strip()) + 1))

    # --- places -------------------------------------------------------------------------------------------------------

    def not_yaml(self, problem: Text) -> Diagnostic:
        return catalog.NOT_YAML.at(self.span(self.offset, self.offset + 1), problem=problem)

    def span(self, start: int, end: int) -> Span:
        return Span(self.source, start, max(start, min(end, len(self.source.text))))

    def part(self, line: int, columns: tuple[int, int]) -> Span:
        start = self.source.line_starts[line - 1]
        return Span(self.source, start + columns[0], start + columns[1])


def _full_width(span: Span, sign: str) -> Diagnostic:
    return catalog.FULL_WIDTH_SIGN.at(span, sign=sign, right=Text(*[f"`{_FULL_WIDTH[sign]}`"] * 2))


def _closing(line: str, start: int) -> int:
    """One past the bracket that closes the one at a column; the end of the line where none does."""
    depth = 0
    for column in range(start, len(line)):
        depth += (line[column] in "[{") - (line[column] in "]}")
        if depth == 0:
            return column + 1
    return len(line)


def _end_of_value(line: str, column: int) -> int:
    """Where a value inside brackets ends: at the next comma or bracket."""
    end = re.compile(r"\s*[,}\]]").search(line, column)
    return len(line.rstrip()) if end is None else end.start()


def _fixed(line: str, start: int, end: int) -> str:
    """The line with the part between two columns in quotes."""
    text = line[start:end]
    return (line[:start] + _quoted(text) + line[start + len(text.rstrip()) :]).strip()


def _requoted(line: str, start: int) -> str:
    """The line with everything from a quote on in quotes; a quote inside a quoted text is told from two quoted words."""
    text = line[start:].rstrip()
    mark = text[0]
    if text.count(mark) % 2 and text.endswith(mark):  # 'it's'
        other = "'" if mark == '"' else '"'
        return (line[:start] + other + text[1:-1] + other).strip()
    return _fixed(line, start, len(line))


def _quoted(text: str) -> str:
    return "'" + text.strip().replace("'", "''") + "'"
