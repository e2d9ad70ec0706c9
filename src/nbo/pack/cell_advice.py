"""What was probably meant by a cell that is no test of its column: the cell as it should be written.

In: a cell's text and its column's type. Out: a text that can be read, or nothing.
"""

from __future__ import annotations

import re
import unicodedata

from nbo.diagnostics.diagnostic import Text
from nbo.diagnostics.suggest import nearest
from nbo.language.table_cells import read_cell
from nbo.language.types import NUMERIC, Kind, Type

_SIGNS = str.maketrans(
    {"≥": ">=", "≤": "<=", "≠": "!=", "、": ", ", "～": "~", "；": ", ", ";": ", ", "—": "-", "–": "-"}
)
_PAIRS = (
    (re.compile(r"(.+?)\s*(?:~|\.\.|至|到| to |(?<=[\d%])-(?=\d))\s*(.+)"), r"[\1..\2]"),
    (re.compile(r">=\s*(.+?)\s*(?:and|且|,)\s*<=\s*(.+)"), r"[\1..\2]"),
    (re.compile(r">=\s*(.+?)\s*(?:and|且|,)\s*<\s*(.+)"), r"[\1..\2)"),
    (re.compile(r">\s*(.+?)\s*(?:and|且|,)\s*<=\s*(.+)"), r"(\1..\2]"),
    (re.compile(r">\s*(.+?)\s*(?:and|且|,)\s*<\s*(.+)"), r"(\1..\2)"),
    (re.compile(r"=>\s*(.+)"), r">= \1"),
    (re.compile(r"=<\s*(.+)"), r"<= \1"),
    (re.compile(r"={1,2}\s*(.+)"), r"\1"),
    (re.compile(r"<>\s*(.+)"), r"!= \1"),
    (re.compile(r"(.+?)\s*(?:\+|以上|及以上)"), r">= \1"),
    (re.compile(r"(?:in\s*)?\[([^\[\]]*)\]"), r"\1"),
    (re.compile(r"not\s+(?:in\s*)?\[?([^\[\]()]*)\]?"), r"not(\1)"),
)
_OR = re.compile(r"\s+(?:or|OR)\s+|\s*(?:或|/|\|)\s*")
_COMPARED = re.compile(r"^([<>!]=?)\s*(?=\S)")
_SLASHED_DAY = re.compile(r"(\d{4})[/.](\d{1,2})[/.](\d{1,2})", re.ASCII)
_YES_OR_NO = {
    "yes": "true",
    "no": "false",
    "y": "true",
    "n": "false",
    "1": "true",
    "0": "false",
    "是": "true",
    "否": "false",
}
_NOTHING = frozenset({"*", "any", "all", "任意", "全部", "n/a", "na", "—", "--", "null", "none"})


def better_cell(text: str, type_: Type) -> str | None:
    """The cell as it is written in this language, where that can be told."""
    if text.lower() in _NOTHING:
        return "-"
    plain = unicodedata.normalize("NFKC", text.translate(_SIGNS)).strip()
    candidates = [plain, _OR.sub(", ", plain), _SLASHED_DAY.sub(_iso, plain)]
    candidates += [
        pattern.sub(shape, each) for each in tuple(candidates) for pattern, shape in _PAIRS if pattern.fullmatch(each)
    ]
    if type_.kind in NUMERIC:
        candidates.append(plain.replace(",", "").lstrip("¥$"))
    if type_.kind is Kind.BOOLEAN:
        candidates.append(_YES_OR_NO.get(plain.lower(), plain))
    if type_.domain is not None:
        near = nearest(plain, (*type_.domain.values, *type_.domain.aliases))
        candidates.extend([] if near is None else [near])
    better = next((each for each in candidates if each != text and read_cell(each, type_) is not None), None)
    return None if better is None else _COMPARED.sub(r"\1 ", better)


def forms(type_: Type) -> Text:
    """How a test of the type is written."""
    if type_.domain is not None:
        values = ", ".join(type_.domain.values[:12])
        return Text(f"one or several of {values}, `not(…)` or `-`", f"{values} 中的一个或多个、`not(…)` 或 `-`")
    value = _EXAMPLES.get(type_.kind, "A")
    if type_.kind in (Kind.BOOLEAN, Kind.STRING):
        return Text(f"{value}, or `-`", f"{value}，或 `-`")
    return Text(
        f"`{value}`, `>= {value}`, a range `[{value}..{_LATER[type_.kind]}]`, `not(…)` or `-`",
        f"`{value}`、`>= {value}`、区间 `[{value}..{_LATER[type_.kind]}]`、`not(…)` 或 `-`",
    )


_EXAMPLES = {
    Kind.BOOLEAN: "`true`, `false`", Kind.STRING: "`A`, `\"A\", \"B\"`, `not(A)`", Kind.INTEGER: "18", Kind.DECIMAL: "1.5",
    Kind.MONEY: "500.00", Kind.RATE: "0.60%", Kind.NUMBER: "0.5", Kind.DATE: "2026-08-01", Kind.TIME: "09:00",
}  # fmt: skip
_LATER = {
    Kind.INTEGER: "60", Kind.DECIMAL: "2.5", Kind.MONEY: "2000.00", Kind.RATE: "0.75%", Kind.NUMBER: "0.9",
    Kind.DATE: "2026-12-31", Kind.TIME: "21:00",
}  # fmt: skip


def _iso(day: re.Match[str]) -> str:
    return f"{day[1]}-{int(day[2]):02}-{int(day[3]):02}"
