"""Read one CSV file into rows of located cells, in bounded time and memory.

The form is that of RFC 4180 as spreadsheets write it: commas, quotes doubled inside quotes, any line ending, a byte order
mark. Space around a cell is no part of it; lines without any content are left out. What a cell means is not known here.
"""

from __future__ import annotations

from nbo.diagnostics import catalog
from nbo.diagnostics.diagnostic import DiagnosticError, Text
from nbo.diagnostics.place import SourceText, Span
from nbo.source.nodes import Scalar

MOST_CELLS = 200_000
_SPACE = " \t\u3000"
_SEPARATORS = (";", "\t", "，")
_TOO_MANY = Text(f"{MOST_CELLS} cells", f"{MOST_CELLS} 个单元格")


def parse_csv(source: SourceText) -> list[list[Scalar]]:
    """The rows of the file, the heading first; what cannot be read raises `DiagnosticError`."""
    rows = _Reader(source).rows()
    if not rows:
        raise DiagnosticError(catalog.EMPTY_FILE.at(Span(source, 0, 0)))
    heading = rows[0]
    if len(heading) == 1:
        for separator in _SEPARATORS:
            at = heading[0].text.find(separator)
            if at >= 0:
                raise DiagnosticError(catalog.NOT_COMMAS.at(heading[0].part(at, at + 1), separator=separator))
    return rows


class _Reader:
    def __init__(self, source: SourceText) -> None:
        self.source = source
        self.text = source.text
        self.at = 0
        self.cells = 0

    def rows(self) -> list[list[Scalar]]:
        rows: list[list[Scalar]] = []
        while self.at < len(self.text):
            row = self.row()
            if any(cell.text for cell in row):
                rows.append(row)
        return rows

    def row(self) -> list[Scalar]:
        """The cells up to the end of a line, which is taken too."""
        row = [self.cell()]
        while self.at < len(self.text) and self.text[self.at] == ",":
            self.at += 1
            row.append(self.cell())
        self.at += 2 if self.text.startswith("\r\n", self.at) else 1
        return row

    def cell(self) -> Scalar:
        self.cells += 1
        if self.cells > MOST_CELLS:
            span = Span(self.source, self.at, self.at)
            raise DiagnosticError(catalog.FILE_TOO_LARGE.at(span, limit=_TOO_MANY))
        start = self.at
        while start < len(self.text) and self.text[start] in _SPACE:
            start += 1
        if self.text.startswith('"', start):
            return self.quoted(start)
        end = start
        while end < len(self.text) and self.text[end] not in ",\r\n":
            end += 1
        self.at = end
        while end > start and self.text[end - 1] in _SPACE:
            end -= 1
        return Scalar(self.text[start:end], Span(self.source, start, end))

    def quoted(self, start: int) -> Scalar:
        """A cell in quotes; its own quotes are doubled."""
        end = self.text.find('"', start + 1)
        while end >= 0 and self.text.startswith('""', end):
            end = self.text.find('"', end + 2)
        if end < 0:
            opening = Span(self.source, start, start + 1)
            raise DiagnosticError(catalog.NOT_CLOSED.at(opening, mark='"', closing='"'))
        after = end + 1
        while after < len(self.text) and self.text[after] in _SPACE:
            after += 1
        if after < len(self.text) and self.text[after] not in ",\r\n":
            rest = after
            while rest < len(self.text) and self.text[rest] not in ",\r\n":
                rest += 1
            whole = (self.text[start + 1 : end] + self.text[end + 1 : rest]).strip(_SPACE)
            raise DiagnosticError(catalog.STARTS_WITH_QUOTE.at(Span(self.source, after, rest), fixed=f'"{whole}"'))
        self.at = after
        raw = self.text[start + 1 : end]
        content = raw.replace('""', '"')
        if content != raw:  # its characters do not stand where the text has them
            return Scalar(content.strip(_SPACE), Span(self.source, start, end + 1), '"')
        first = start + 1 + len(raw) - len(raw.lstrip(_SPACE))
        stripped = raw.strip(_SPACE)
        return Scalar(stripped, Span(self.source, first, first + len(stripped)))
