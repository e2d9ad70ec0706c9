"""Decision tables of any shape: refused with a place, or looked up alike by asking every cell and by the index."""

from __future__ import annotations

from random import Random

from conditions import evaluators_agree
from folder import AT, BASE, PackFolder
from people import customer
from strange import accident, soup

from nbo.engine import Engine
from nbo.language.types import Attribute, Kind

_Outputs = tuple[tuple[str, tuple[str, ...]], ...]  # a type with its settings, and values that it accepts
_NUMBERS: _Outputs = (
    ("money, min: 0, max: 100", ("0", "5", "10.5", "100")),
    ("integer", ("0", "1", "2", "999999999999999999")),
    ("rate", ("0.60%", "0.006", "1", "0")),
    ("number", ("0.5", "0.1", "1")),
    ("decimal", ("0.1", "1", "0.0000000001")),
)
_SETS: _Outputs = (("set, of: enum, values: [x, y]", ("x", "y", "x, y")),)
_ENUMS: _Outputs = (("enum, values: [A, B, C]", ("A", "B", "C")),)
_OUTPUTS: _Outputs = (
    *_NUMBERS,
    *_SETS,
    *_ENUMS,
    ("boolean", ("true", "false")),
    ("string", ("a", "b", '"a"', "客户")),
    ("date", ("2026-01-01", "9999-12-31")),
)
_SLIPS = ("", "-", "101", "D", "x, y", "1,000", "[1..2]")


class Tables:
    """The table of the base pack, anew each time, with what it gives for random customers."""

    def __init__(self) -> None:
        self.folder = PackFolder(BASE, "pack")
        self.loaded = 0

    def one(self, chance: Random) -> str:
        listed, table = self.written(chance)
        changes = {"tables.yaml": listed, "tables/fee.csv": table}
        gold = self.folder.texts["offers/gold.yaml"].replace("- customer", "- table.fee.out is missing\n  - customer")
        if "segment.chosen" in table or chance.random() < 0.1:
            condition = self.folder.grammar.condition(chance, 1)
            changes["segments.yaml"] = f"- id: chosen\n  label: {{zh: 甲, en: A}}\n  when: [{condition!r}]\n"
            changes["pack.yaml"] = self.folder.texts["pack.yaml"] + "segments: segments.yaml\n"
            gold = gold.replace("- customer", "- segment.chosen\n  - customer")
        self.folder.change({**changes, "offers/gold.yaml": gold})
        shown, _, loaded = self.folder.tried(chance)
        if loaded is not None:
            self.loaded += 1
            engine = Engine(loaded)
            for _ in range(10):
                facts = engine.prepare(customer(chance, loaded.dictionary, plain=chance.random() < 0.5), at=AT)
                for formula in loaded.dictionary.formulas.values():
                    shown += str(evaluators_agree(formula, facts.values) is None)
        return shown

    def written(self, chance: Random) -> tuple[str, str]:
        """`tables.yaml` and the CSV file."""
        headings, cells = self.columns(chance)
        hit = chance.choice(["unique", "any", "first", "priority", "collect", "collect"])
        fitting = {"priority": _ENUMS, "collect": (*_NUMBERS, *_SETS)}.get(hit, _OUTPUTS)
        outputs = {"out": chance.choice(fitting if chance.random() < 0.95 else _OUTPUTS)}
        if chance.random() < 0.3:
            outputs["more"] = chance.choice(fitting)
        listed = f"- table: fee\n  file: tables/fee.csv\n  hit: {hit}\n  outputs:\n"
        for name, output in outputs.items():
            collected = ", collect: " + chance.choice(["sum", "min", "max", "count"])
            listed += (
                f"    {name}: {{type: {output[0]}{collected if hit == 'collect' and output not in _SETS else ''}}}\n"
            )
        if chance.random() < 0.3:
            listed += f"  default: {{out: {chance.choice(outputs['out'][1])}}}\n"
        lines = [",".join([*headings, *outputs])]
        for _ in range(chance.choice([0, 1, 2, 3, 5, 8])):
            row = [chance.choice([*each, "-", "-"]) for each in cells]
            row += [chance.choice(values if chance.random() < 0.98 else _SLIPS) for _, values in outputs.values()]
            lines.append(",".join(f'"{each}"' if "," in each else each for each in row))
        table = "\n".join(lines) + "\n"
        table = accident(table, chance, table) if chance.random() < 0.15 else table
        return accident(listed, chance, listed) if chance.random() < 0.05 else listed, table

    def columns(self, chance: Random) -> tuple[list[str], list[list[str]]]:
        """Headings, and for each some cells that may fit it."""
        supplied = [each for each in self.folder.loaded.dictionary if not each.engine]
        known = [each for each in supplied if each.type.kind is not Kind.RECORDS]
        headings, cells = [], []
        for _ in range(chance.choice([0, 1, 1, 2, 2, 3, 4])):
            each = chance.choice(known)
            heading, options = each.name, _cells(each, chance)
            way = chance.random()
            if way < 0.2:
                heading, options = self.folder.grammar.condition(chance, 1), ["true", "false", "is missing"]
            elif way < 0.3:
                heading, options = "segment.chosen", ["true", "false"]
            elif way < 0.4:
                heading = f"default({each.name}, {chance.choice(['1', 'A', 'active', each.name])})"
            headings.append(f'"{heading}"' if "," in heading else heading)
            cells.append(options if chance.random() < 0.95 else [soup(chance, 4).replace("\n", " ")])
        return headings, cells

    def shown(self) -> str:
        return self.folder.shown()

    def summary(self) -> str:
        return f"{self.loaded} loaded and decided"


def _cells(attribute: Attribute, chance: Random) -> list[str]:
    kind, domain = attribute.type.kind, attribute.type.domain
    if domain is not None:
        return [
            *domain.values,
            f"not({domain.values[0]})",
            ", ".join(domain.values[:2]),
            "is missing",
            "is not missing",
        ]
    if kind is Kind.BOOLEAN:
        return ["true", "false", "is missing", "not(true)"]
    if kind is Kind.STRING:
        return ["a", '"x, y"', "客户", "not(a)", "is missing"]
    literals = {
        Kind.INTEGER: ("0", "1", "17", "18", "60", "120", "121", "-1"),
        Kind.MONEY: ("0", "0.01", "500", "300000", "-5", "300001"),
        Kind.DATE: ("2026-01-31", "0001-01-01", "9999-12-31", "2024-02-29"),
        Kind.DATETIME: ("2026-11-16T10:30:00+08:00", "now"),
    }.get(kind, ("1", "2"))
    one, two = sorted(chance.sample(literals, 2), key=len)
    single = [one, two, "is missing", "is not missing", *(f"{sign} {one}" for sign in ("<", "<=", ">", ">=", "!="))]
    bounds = [f"{left}{one}..{two}{right}" for left in "[(]" for right in "])["]
    return [*single, *bounds, f"{one}, {two}", f"not({one})", f"not({one}, {two})", f"not([{one}..{two}])"]
