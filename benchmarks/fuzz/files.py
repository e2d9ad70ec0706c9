"""Broken rule files: any file of a pack with a few changes, refused with a place, or loaded, and then the pack decides.

Changes that led to a set of findings not met before are kept, and later ones start from them. PERF: lines that are reached for
the first time would tell more, but tracing them makes an input take three times as long.
"""

from __future__ import annotations

from random import Random

import trees
from folder import BASE, PackFolder
from strange import accident
from target import RULES

MOST_KEPT = 2_000


class Files:
    """Every file of the base pack and of the samples, with up to four changes."""

    def __init__(self) -> None:
        base = PackFolder(BASE, "pack")
        self.folders = [
            base,
            base,
            base,
            base,
            PackFolder(RULES, "cn_credit_card"),
            PackFolder(RULES, "tw_credit_card"),
        ]
        self.folder = base
        everything = {f"{each.pack}/{name}": text for each in self.folders for name, text in each.texts.items()}
        self.pool = trees.Pool({name: text for name, text in everything.items() if name.endswith(".yaml")})
        self.others = list(everything.values())
        self.corpus: dict[str, list[dict[str, str]]] = {each.pack: [] for each in self.folders}
        self.met: set[frozenset[str]] = set()
        self.loaded = 0

    def one(self, chance: Random) -> str:
        self.folder = chance.choice(self.folders)
        corpus = self.corpus[self.folder.pack]
        changes = dict(chance.choice(corpus)) if corpus and chance.random() < 0.5 else {}
        for _ in range(chance.choice([1, 1, 1, 2, 3])):
            name = chance.choice([*(list(changes) or self.folder.texts), *self.folder.texts])
            changes[name] = self.mutated(name, changes.get(name, self.folder.texts[name]), chance)[:20_000]
        self.folder.change(changes)
        shown, codes, loaded = self.folder.tried(chance)
        self.loaded += loaded is not None
        about = codes | {self.folder.pack, str(loaded is not None)}
        if about not in self.met and len(corpus) < MOST_KEPT:
            self.met.add(about)
            corpus.append(changes)
        return shown

    def mutated(self, name: str, text: str, chance: Random) -> str:
        document = trees.read(text) if name.endswith(".yaml") and chance.random() < 0.7 else None
        if isinstance(document, dict | list) and document:
            for _ in range(chance.choice([1, 1, 1, 2])):
                condition = self.folder.grammar.condition(chance)
                document = trees.mutated(document, self.pool, chance, condition)
            try:
                return trees.write(document, chance)
            except (RecursionError, UnicodeError):
                return text
        for _ in range(chance.choice([1, 1, 1, 2, 4])):
            text = accident(text, chance, chance.choice(self.others))
        return text

    def shown(self) -> str:
        return self.folder.shown()

    def summary(self) -> str:
        return f"{self.loaded} loaded and decided, {len(self.met)} different sets of findings"
