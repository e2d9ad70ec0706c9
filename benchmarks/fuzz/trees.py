"""YAML files as trees: parts replaced, moved between files, renamed, left out, doubled; written again in another style."""

from __future__ import annotations

import copy
from collections import defaultdict
from collections.abc import Iterator
from random import Random
from typing import Any

import yaml
from strange import SCALARS, TOKENS

Path = tuple[Any, ...]


class _Loader(yaml.CSafeLoader):
    yaml_implicit_resolvers: dict[str, list[Any]] = {}  # noqa: RUF012 - PyYAML's own protocol


class _Dumper(yaml.SafeDumper):
    """Writes plain scalars as they stand."""

    yaml_implicit_resolvers: dict[str, list[Any]] = {}  # noqa: RUF012 - PyYAML's own protocol

    def ignore_aliases(self, data: Any) -> bool:
        """The same part twice is written twice, unless it is long."""
        return not isinstance(data, dict | list) or len(str(data)) < 200


class Pool:
    """What stands anywhere in the files: subtrees by the key under which they stand."""

    def __init__(self, texts: dict[str, str]) -> None:
        self.by_key: dict[str, list[Any]] = defaultdict(list)
        for text in texts.values():
            document = read(text)
            for path in paths(document):
                if path and isinstance(path[-1], str):
                    self.by_key[path[-1]].append(at(document, path))
        self.keys = sorted(self.by_key)

    def subtree(self, chance: Random, key: str | None = None) -> Any:
        """A copy of what stands under a key, or under any."""
        found = self.by_key.get(key or "") or self.by_key[chance.choice(self.keys)]
        return copy.deepcopy(chance.choice(found))


def read(text: str) -> Any:
    """The document with scalars as they stand; None where it is not YAML."""
    try:
        return yaml.load(text, Loader=_Loader)  # noqa: S506 - a safe loader
    except (yaml.YAMLError, ValueError, TypeError, RecursionError):
        return None


def write(document: Any, chance: Random) -> str:
    """The document in one of the styles of YAML."""
    written = yaml.dump(
        document,
        Dumper=_Dumper,
        allow_unicode=chance.random() < 0.8,
        default_flow_style=chance.choice([None, False, True]),
        default_style=chance.choice(['"', "'", "|", ">"]) if chance.random() < 0.05 else None,
        width=chance.choice([20, 80, 1_000]),
        indent=chance.choice([2, 4]),
        sort_keys=False,
    )
    return str(written)


def paths(node: Any, path: Path = ()) -> Iterator[Path]:
    """Where everything stands."""
    yield path
    for key, child in node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ():
        yield from paths(child, (*path, key))


def at(node: Any, path: Path) -> Any:
    """What stands there."""
    for step in path:
        node = node[step]
    return node


def mutated(document: Any, pool: Pool, chance: Random, condition: str) -> Any:
    """The document with one part changed; `condition` is one that may fit."""
    places = list(paths(document))
    path = chance.choice(places)
    if not path:
        return document if chance.random() < 0.9 else pool.subtree(chance)
    above, step = at(document, path[:-1]), path[-1]
    old, key = (
        above[step],
        step if isinstance(step, str) else next((each for each in path[::-1] if isinstance(each, str)), None),
    )
    match chance.randrange(13):
        case 0:
            above[step] = chance.choice(SCALARS)
        case 1 | 2:
            above[step] = pool.subtree(chance, key)
        case 3:
            above[step] = pool.subtree(chance)
        case 4:
            del above[step]
        case 5:
            above[step] = chance.choice(
                [[old], [old, copy.deepcopy(old)], {"when": old}, {key or "x": old}, [], {}, [[]], {"none": old}]
            )
        case 6 if isinstance(above, list):
            above.insert(chance.randrange(len(above) + 1), copy.deepcopy(old))
        case 7 if isinstance(above, dict):
            above[chance.choice([chance.choice(pool.keys), chance.choice(TOKENS), str(step) + "s"])] = above.pop(step)
        case 8 if isinstance(above, dict):
            new = chance.choice(pool.keys)
            above[new] = pool.subtree(chance, new)
        case 9:
            other = chance.choice([each for each in places if each])
            if other[: len(path)] != path and path[: len(other)] != other:
                there = at(document, other[:-1])
                above[step], there[other[-1]] = there[other[-1]], above[step]
        case 10 | 11 if not isinstance(old, dict | list):
            above[step] = condition
        case _ if isinstance(old, str) and old:
            place = chance.randrange(len(old) + 1)
            above[step] = old[:place] + chance.choice([*TOKENS, *SCALARS]) + old[place + chance.randrange(3) :]
        case _:
            above[step] = {str(number): old for number in range(chance.choice([1, 30]))}
    return document
