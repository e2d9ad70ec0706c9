"""Whatever a rule file holds: findings with places, in bounded time, and never a traceback."""

from __future__ import annotations

import json
import os
import random
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from pack_copy import BASE, PackCopy

from nbo.diagnostics.diagnostic import Severity
from nbo.diagnostics.render import render_json, render_text
from nbo.source.yaml_file import MOST_FINDINGS

GOLD, SCRIPT = "offers/gold.yaml", "scripts/installment.yaml"
LONGEST_SECONDS = 20  # PERF: the slowest takes 4 s on one slow core; the bound tells linear from quadratic


def examine(pack: PackCopy) -> list[str]:
    """The codes that are found; every finding has a place in its file and can be shown."""
    start = time.process_time()
    loaded, found = pack.check()
    shown = render_text(found) + render_text(found, "zh")
    assert time.process_time() - start < LONGEST_SECONDS
    json.loads(render_json(found))
    assert all(each.isprintable() or each == "\n" for each in shown)
    assert (loaded is None) == any(each.severity is Severity.ERROR for each in found)
    for each in found:
        assert each.span is not None
        assert 0 <= each.span.start <= each.span.end <= len(each.span.source.text)
    return [each.code.id for each in found]


HEAD = "offer: gold\nfamily: card_upgrade\nkind: service\nlabel: {zh: 金卡, en: Gold card}\neligibility:\n"
LAUGHS = "".join(f"x{level}: &x{level} [{', '.join([f'*x{level - 1}'] * 9) or '1'}]\n" for level in range(1, 12))
EXHAUSTING = {
    "brackets": "[" * 1_000_000,
    "braces": "{a: " * 500_000,
    "dashes": "- " * 500_000,
    "question marks": "? " * 500_000,
    "quotes": "a: " + "'" * 1_000_000,
    "quotes by turns": "a: " + "' \"" * 300_000,
    "escaped quotes": 'a: "' + '\\"' * 500_000,
    "placeholders": "a: " + "{{" * 500_000,
    "spaces": "a:" + " " * 1_000_000 + "[",
    "tabs": "a:\n" + "\t" * 1_000_000,
    "empty lines": "a: |\n" + "\n" * 1_000_000,
    "colons": "a: " + "b: " * 300_000,
    "one long key": "x" * 1_000_000 + ": 1\n",
    "an open list": "a: [\n" + "  b,\n" * 100_000,
    "keys twice": "a: 1\n" * 100_000,
    "unknown keys": HEAD + "  - customer.age > 1\n" + "".join(f"k{number}: 1\n" for number in range(30_000)),
    "tags": "".join(f"k{number}: !t x\n" for number in range(50_000)),
    "anchors": "".join(f"k{number}: &k{number} 1\n" for number in range(30_000)),
    "aliases of aliases": "x0: &x0 1\n" + LAUGHS,
    "an alias of itself": "a: &a [*a]\n",
    "commas in braces": "a: {zh: x, " + "b c, " * 50_000 + "}",
    "full-width commas": "a: {" + "b，c: d, " * 50_000 + "}",
    "control characters": "a: b\n" + "\x07" * 100_000,
    "byte order marks": "\ufeff" * 50_000 + "a: b",
    "a long condition": HEAD + "  - " + "customer.age > 1 and " * 100_000 + "true\n",
    "many operators": HEAD + "  - " + "customer.age > 1 and " * 400 + "true\n",
    "deep brackets": HEAD + "  - " + "(" * 15_000 + "1" + ")" * 15_000 + "\n",
    "nots": HEAD + "  - " + "not " * 4_000 + "true\n",
    "minuses": HEAD + "  - 1 < " + "-" * 15_000 + "1\n",
    "dots": HEAD + "  - customer" + ".age" * 4_000 + " > 1\n",
    "unknown attributes": HEAD + "".join(f"  - customer.agf{number} > 1\n" for number in range(2_000)),
    "conditions that cannot be read": HEAD + "  - customer.age >> 1\n" * 3_000,
}


@pytest.mark.parametrize("name", EXHAUSTING)
def test_a_file_that_would_exhaust_a_machine_ends_soon(pack: PackCopy, name: str) -> None:
    assert examine(pack.write(GOLD, EXHAUSTING[name]))


MANY_ATTRIBUTES = "account:\n" + "".join(f"  a{number}: {{type: integer}}\n" for number in range(2_000))


def test_mistakes_in_conditions_are_not_compared_with_a_large_dictionary_for_ever(pack: PackCopy) -> None:
    """Looking for a similar name among thousands takes time, so not every misspelt name of a file is looked up."""
    pack.edit("dictionary.yaml", "account:\n", MANY_ATTRIBUTES)
    pack.write(GOLD, HEAD + "".join(f"  - account.b{number} > 1\n" for number in range(300)))
    assert examine(pack) == ["NBO203"] * MOST_FINDINGS
    (found,) = pack.write(GOLD, HEAD + "  - account.b77 > 1\n").check()[1]
    assert found.help() == "did you mean `account.a77`?"


def test_hundreds_of_clauses_of_an_offer_are_not_held_against_each_other_for_ever(pack: PackCopy) -> None:
    pack.write(GOLD, HEAD + "".join(f"  - customer.age != {number % 121}\n" for number in range(400)))
    examine(pack)


@pytest.mark.parametrize("name", ["pack.yaml", "dictionary.yaml", "gates.yaml", SCRIPT, "../compliance/rate.yaml"])
@pytest.mark.parametrize("trap", ["brackets", "aliases of aliases", "unknown keys", "control characters"])
def test_every_file_is_read_with_the_same_bounds(pack: PackCopy, name: str, trap: str) -> None:
    assert examine(pack.write(name, EXHAUSTING[trap]))


NO_TEXT = {
    "a zero": b"\x00",
    "half a file in UTF-16": b"\xff\xfe\x00",
    "half a surrogate pair": b"\xed\xa0\x80: 1",
    "a continuation byte": b"a: \x80",
    "a byte order mark": b"\xef\xbb\xbf",
    "all bytes": bytes(range(256)),
    "UTF-16": "offer: gold".encode("utf-16"),
    "GB 18030": "a: 金".encode("gb18030"),
}


@pytest.mark.parametrize("content", NO_TEXT)
def test_bytes_that_are_no_text(pack: PackCopy, content: str) -> None:
    assert examine(pack.write(GOLD, NO_TEXT[content]))


LONG_TEXTS = {
    "open placeholders": "{{ " * 50_000,
    "unknown placeholders": "{{ x }}" * 20_000,
    "placeholders": "{{ quote.payment }}" * 3_000,
    "braces": "}" * 100_000,
    "numerals": "十" * 30_000 + "元",
    "half of a forbidden word": "手续" * 50_000,
}


@pytest.mark.parametrize("text", LONG_TEXTS)
def test_a_script_that_would_exhaust_a_machine(pack: PackCopy, text: str) -> None:
    assert examine(pack.edit(SCRIPT, "zh: 办不办由您决定。", f'zh: "{LONG_TEXTS[text]}"'))


def test_a_folder_of_many_files_that_nobody_names(pack: PackCopy) -> None:
    for number in range(2_000):
        pack.write(f"more/{number}.txt", "")
        pack.write(f"offers/{number}.txt", "")
    assert len(examine(pack)) == MOST_FINDINGS


def test_a_folder_of_many_levels(pack: PackCopy) -> None:
    folder = os.open(pack.root, os.O_RDONLY)
    for _ in range(400):  # step by step: a path may not be that long
        os.mkdir("d", dir_fd=folder)
        folder, before = os.open("d", os.O_RDONLY, dir_fd=folder), folder
        os.close(before)
    os.close(folder)
    assert examine(pack) == []


# --- values where nobody expects them ---------------------------------------------------------------------------------

STRANGE: list[object] = [
    *(None, "", [], {}, [[]], [None], {"a": 1}, {"none": "x"}, True, 0, -1, 10**30, "1e400", "NaN", "9" * 400),
    *(
        "x" * 3_000,
        "客户",
        "ｆｕｌｌ",
        "\u202e\x1b[31m\x00",
        "{{ quote.payment }}",
        "{{ x",
        "all",
        "../..",
        "2026-01-01",
    ),
    *("-5%", "a.b.c.d.e", "it.family == x", "any(history, any(history, true))", "quote.payment > 0", "segment.x"),
    *("today > now", "1/0 == 1", "((((", "customer.age in []"),
]
BROKEN_TEXT = [
    *"{}[]:,-'\"|>&*!%@`#?\\ \t\n=<>()~.",
    *("\r\n", "\u2028", "\x85", "：", "，", "“", "\x00", "\x07", "  ", "---\n", "...\n", "!!x ", "{{", "}}"),
]
FILES = sorted(os.path.relpath(path, BASE / "pack") for path in BASE.rglob("*.yaml"))


class _Plain(yaml.SafeLoader):
    """Scalars as they stand."""

    yaml_implicit_resolvers: dict[str, list[object]] = {}  # noqa: RUF012 - PyYAML's own protocol


def places(node: object, path: tuple[object, ...] = ()) -> Iterator[tuple[object, ...]]:
    yield path
    for key, child in node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ():
        yield from places(child, (*path, key))


@pytest.mark.parametrize("name", FILES)
def test_a_strange_value_anywhere_is_a_finding_or_fine(pack: PackCopy, name: str) -> None:
    chance = random.Random(name)  # noqa: S311 - the same cases on every run
    document = yaml.load(pack.text(name), Loader=_Plain)  # noqa: S506 - a safe loader
    for path in list(places(document)):
        value = chance.choice(STRANGE)
        changed = json.loads(json.dumps(document))
        if not path:
            changed = value
        else:
            above = changed
            for step in path[:-1]:
                above = above[step]
            above[path[-1]] = value
        examine(pack.write(name, json.dumps(changed, ensure_ascii=chance.random() < 0.5)))


@pytest.mark.parametrize("name", FILES)
def test_a_slip_of_the_keyboard_anywhere_is_a_finding_or_fine(pack: PackCopy, name: str) -> None:
    chance = random.Random(name)  # noqa: S311 - the same cases on every run
    text = pack.text(name)
    for _ in range(40):
        at = chance.randrange(len(text))
        kept = text[at + chance.choice([0, 0, 1, 5]) :]
        examine(pack.write(name, text[:at] + chance.choice(BROKEN_TEXT) + kept))


def test_all_files_empty_or_gone(tmp_path: Path) -> None:
    for content in ("", "{}", "[]", "null", "- ", "a", "{a: b}", "[[]]"):
        pack = PackCopy(tmp_path / f"rules {content}")
        for name in FILES:
            if name != "pack.yaml":
                pack.write(name, content)
        assert examine(pack)
    pack = PackCopy(tmp_path / "none")
    for path in pack.root.glob("*.yaml"):
        path.unlink()
    assert examine(pack) == ["NBO123"]
