"""Tests whose personas inherit from each other at random, and whose cases expect at random."""

from __future__ import annotations

from random import Random

import trees
from folder import BASE, PackFolder
from people import customer
from strange import accident

_CLOCKS = ("2026-11-16T10:30:00+08:00", "2027-02-28T12:00:00Z", "0001-01-01T00:00:00Z", "x")


class Personas:
    """Tests of the base pack: personas that inherit at random, cases that expect at random."""

    def __init__(self) -> None:
        self.folder = PackFolder(BASE, "pack")
        self.loaded = 0

    def one(self, chance: Random) -> str:
        names = [f"p{number}" for number in range(chance.choice([1, 3, 8, 30]))]
        files: dict[str, str] = {}
        count = chance.choice([1, 1, 2])
        for number in range(count):
            personas = {}
            for each in names[number::count]:
                above = chance.sample(names, min(len(names), chance.choice([0, 1, 1, 2, 3])))
                if chance.random() < 0.97:  # no circles
                    above = [other for other in above if int(other[1:]) < int(each[1:])]
                persona = {"profile": self.profile(chance)} if chance.random() < 0.8 else {}
                personas[each] = persona | ({"inherits": above if chance.random() < 0.8 else above[0]} if above else {})
            document = {
                "at": chance.choice(_CLOCKS) if chance.random() < 0.1 else _CLOCKS[0],
                "personas": personas,
                "cases": [self.case(chance, names, f"c{number}_{each}") for each in range(chance.choice([0, 1, 4]))],
            }
            text = trees.write(document, chance)
            files[f"tests/t{number}.yaml"] = accident(text, chance, text) if chance.random() < 0.2 else text
        self.folder.change({**files, "tests/cases.yaml": self.folder.texts["tests/cases.yaml"]})
        shown, _, loaded = self.folder.tried(chance)
        self.loaded += loaded is not None
        return shown

    def profile(self, chance: Random) -> dict[str, object]:
        known = self.folder.loaded.dictionary
        made = customer(chance, known, plain=True)
        if chance.random() < 0.03:
            made[chance.choice(["history", "customer", "x", "客户"])] = chance.choice(
                ["null", [], {}, "x", [{}], {"age": "null"}]
            )
        return {name: _plain(each) for name, each in made.items()}

    def case(self, chance: Random, names: list[str], identity: str) -> dict[str, object]:
        case: dict[str, object] = {
            "id": identity,
            "about": "One.",
            "persona": chance.choice(names) if chance.random() < 0.97 else "p999",
            "missing": [],
        }
        if chance.random() < 0.5:
            case["profile"] = self.profile(chance)
        expectations = {
            "winner": ["installment", "gold", "card_upgrade", "none", "x"],
            "order": [["gold"], ["gold", "installment"], []],
            "reason": ["no_need", "no_offers", "x"], "serve": [{"outcome": "x", "channel": "phone"}],
            "blocked": [{"gold": {"stage": "eligibility", "because": "customer.age"}}, {"gold": {"stage": "x"}}, {"x": {}}],
            "unknown": [{"gold": ["customer.age"]}, {"gold": []}], "missing": [[], ["customer.age"]],
            "degraded": ["false", "true", "x"],
            "quote": [{"periods": "12"}, {"payment": "none"}, {"payment": "523.20"}, {"x": "1"}],
            "nowhere": [["x"], ["手续费"]],
            "script": [{"must": ["元"]}, {"never": ["x"]}, {"treatment": "x"}, {}],
            "warnings": [{"customer.age": "wrong_type"}, {"x": "y"}],
            "channel": ["phone", "phon", "x"], "language": ["zh", "fr"],
        }  # fmt: skip
        for key in chance.sample(list(expectations), chance.choice([1, 1, 2, 3])):
            options = expectations[key]
            case[key] = options[0] if chance.random() < 0.6 else chance.choice(options)
        return case

    def shown(self) -> str:
        return self.folder.shown()

    def summary(self) -> str:
        return f"{self.loaded} loaded and ran"


def _plain(value: object) -> object:
    """A value as a test file writes it: scalars as text."""
    if isinstance(value, dict):
        return {str(key): _plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    if isinstance(value, bool):
        return str(value).lower()
    if value is None:
        return "null"
    return value.isoformat() if hasattr(value, "isoformat") else str(value)
