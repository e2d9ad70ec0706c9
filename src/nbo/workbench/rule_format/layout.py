"""The layout of a YAML file: two spaces a level, lists indented below their key, one space where one belongs.

In: text that can be parsed. Out: the same tokens, comments and line breaks. Lines are neither joined nor split, and what
is aligned behind a bracket stays aligned. The scanner's tokens say where each line belongs, so nothing here guesses at
YAML; whether the meaning was kept is checked by `format_file.py`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

import yaml

STEP = 2
_HEADER = re.compile(r"[|>][+-]?([1-9])?[+-]?")
_LINE_ENDS = re.compile(r"[ \t]*(?:\n|#)")
_OPENING = (yaml.FlowMappingStartToken, yaml.FlowSequenceStartToken)
_CLOSING = (yaml.FlowMappingEndToken, yaml.FlowSequenceEndToken)


def laid_out(text: str) -> str:
    r"""The text in the settled layout; both have `\n` line breaks only.

    >>> print(laid_out("a:\n- {b:  1,c: [x,y]}\n-   d:   # why\n       e\n"), end="")
    a:
      - {b: 1, c: [x, y]}
      - d:   # why
          e
    """
    return _Layout(text if text.endswith("\n") else f"{text}\n").run()


def comments(text: str) -> tuple[str, ...]:
    """The comments of a file in their order, without the space around them."""
    found: list[str] = []
    position = 0
    for token in filter(_is_visible, yaml.scan(text, Loader=yaml.CSafeLoader)):
        found.extend(_comments_in(text[position : token.start_mark.index]))
        position = _end(text, token)
    return (*found, *_comments_in(text[position:]))


@dataclass(frozen=True, slots=True)
class _Level:
    """A block mapping or list: the column at which its lines start, as written and as wanted."""

    kind: str  # mapping | list | bare list: not indented below its key, so the scanner announces neither start nor end
    written: int
    wanted: int


@dataclass(slots=True)
class _Layout:
    text: str
    lines: list[str] = field(default_factory=list)  # the finished ones
    line: str = ""  # the one being written
    levels: list[_Level] = field(default_factory=list)
    around: list[_Level] = field(default_factory=list)  # the levels that were open at the last token
    brackets: list[int] = field(default_factory=list)  # for each open one, the column at which its further lines start
    position: int = 0  # how much of the text is written
    before: yaml.Token | None = None  # the last visible token
    starts_key: bool = False

    def run(self) -> str:
        for token in yaml.scan(self.text, Loader=yaml.CSafeLoader):
            if not self.brackets:
                self.enter_or_leave(token)
            if _is_visible(token):
                self.write(token)
        self.between(len(self.text), -1, 0)
        return "\n".join(self.lines).strip("\n") + "\n"

    # --- levels -------------------------------------------------------------------------------------------------------

    def enter_or_leave(self, token: yaml.Token) -> None:
        column = token.start_mark.column
        match token:
            case yaml.BlockMappingStartToken():
                self.enter("mapping", column)
            case yaml.BlockSequenceStartToken():
                self.enter("list", column)
            case yaml.BlockEntryToken() if self.levels and self.levels[-1].kind == "mapping":
                self.enter("bare list", column)
            case yaml.KeyToken():
                self.leave_bare_list()
                self.starts_key = True
            case yaml.BlockEndToken():
                self.leave_bare_list()
                self.levels.pop()
            case _:
                pass

    def enter(self, kind: str, column: int) -> None:
        self.levels.append(_Level(kind, column, self.levels[-1].wanted + STEP if self.levels else 0))

    def leave_bare_list(self) -> None:
        if self.levels and self.levels[-1].kind == "bare list":
            self.levels.pop()

    # --- tokens -------------------------------------------------------------------------------------------------------

    def write(self, token: yaml.Token) -> None:
        mark = token.start_mark
        if not self.between(mark.index, mark.column, self.column(token)):
            self.line += _space(self.before, token)
        raw = self.text[mark.index : _end(self.text, token)]
        if isinstance(token, yaml.ScalarToken) and "\n" in raw:
            self.write_lines(raw, token.style)
        else:
            self.line += raw
        if isinstance(token, _OPENING):
            below = self.brackets[-1] if self.brackets else self.column_of_values() - STEP
            is_last = _LINE_ENDS.match(self.text, token.end_mark.index) is not None
            self.brackets.append(below + STEP if is_last else len(self.line))
        elif isinstance(token, _CLOSING):
            self.brackets.pop()
        self.position = mark.index + len(raw)
        self.before, self.around = token, list(self.levels)
        self.starts_key = False

    def column(self, token: yaml.Token) -> int:
        """Where a token stands when it is the first of its line."""
        if self.brackets:
            return self.brackets[-1]
        if not self.levels:
            return 0
        starts_line = self.starts_key or isinstance(token, yaml.BlockEntryToken | yaml.ValueToken)
        return self.levels[-1].wanted if starts_line else self.column_of_values()

    def column_of_values(self) -> int:
        """Where a value on a line of its own stands."""
        return self.levels[-1].wanted + STEP if self.levels else STEP

    def write_lines(self, raw: str, style: str | None) -> None:
        """A text that runs over several lines: they move together, and fold as before."""
        first, *rest = raw.split("\n")
        self.line += first.rstrip(" \t") if style != '"' else first
        if style in ("|", ">"):
            self.write_block(first, rest)
            return
        column = self.brackets[-1] if self.brackets else self.column_of_values()
        for each in rest:
            shown = each.lstrip(" \t") if style == '"' else each.strip(" \t")
            self.new_line(" " * column + shown if shown else "")

    def write_block(self, header: str, rest: list[str]) -> None:
        indicated = _HEADER.match(header)
        digit = int(indicated[1]) if indicated and indicated[1] else None
        if digit is None:
            written = next((len(each) - len(each.lstrip(" ")) for each in rest if each.strip(" ")), 0)
        else:
            written = digit + (self.levels[-1].written if self.levels else 0)
        wanted = self.column_of_values() - STEP + (digit or STEP)
        for each in rest:
            self.new_line(" " * wanted + each[written:] if len(each) > written else "")

    def new_line(self, content: str) -> None:
        self.lines.append(self.line)
        self.line = content

    # --- what stands between tokens -----------------------------------------------------------------------------------

    def between(self, end: int, written: int, wanted: int) -> bool:
        """Writes comments and blank lines up to the next token; whether a new line was started for it."""
        first, *rest = self.text[self.position : end].split("\n")
        if self.before is None:
            first, rest = "", [first, *rest]
        if not rest:
            return False
        self.line += first.rstrip(" \t")  # a comment keeps its distance
        blank = False
        for each in rest[:-1]:
            comment = each.strip(" \t")
            if comment:
                column = len(each) - len(each.lstrip(" \t"))
                self.new_line(" " * self.comment_column(column, written, wanted) + comment)
            elif not blank:
                self.new_line("")
            blank = not comment
        self.new_line(" " * wanted)
        return True

    def comment_column(self, column: int, written: int, wanted: int) -> int:
        """A comment belongs to the line below it, or else to the innermost level that it stands in."""
        if self.brackets:
            return self.brackets[-1]
        if column == written:
            return wanted
        return next((level.wanted for level in reversed(self.around) if level.written <= column), wanted)


def _space(before: yaml.Token | None, token: yaml.Token) -> str:
    """What stands between two tokens of one line."""
    if isinstance(token, yaml.FlowEntryToken | _CLOSING[0] | _CLOSING[1]):
        return " " if isinstance(before, yaml.ValueToken) else ""
    if isinstance(token, yaml.ValueToken):
        return " " if isinstance(before, yaml.AliasToken) else ""  # `*a:` would be an alias called `a:`
    return "" if isinstance(before, _OPENING) else " "


def _is_visible(token: yaml.Token) -> bool:
    start, end = _place(token)
    return end > start


def _end(text: str, token: yaml.Token) -> int:
    """Where a token's own text ends; a block scalar's ends with its last line, unless it keeps the blank ones below it."""
    start, end = _place(token)
    if not isinstance(token, yaml.ScalarToken) or token.style not in ("|", ">"):
        return end
    raw = text[start:end]
    header = raw.partition("\n")[0]
    if "+" in header.partition("#")[0]:
        return start + len(raw.removesuffix("\n"))
    return start + len(raw.rstrip("\n"))


def _place(token: yaml.Token) -> tuple[int, int]:
    return int(token.start_mark.index), int(token.end_mark.index)


def _comments_in(gap: str) -> Iterator[str]:
    for line in gap.split("\n"):
        if line.strip(" \t").startswith("#"):
            yield line.strip(" \t")
