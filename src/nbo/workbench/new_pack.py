"""A new pack to start from: the files of `starter_pack/`, with its name and with comments in one language.

In: a folder that does not exist or is empty. Out: a pack that checks clean, whose cases hold and that decides at once; the
JSON Schemas for an editor beside it, in a hidden folder that no rule is read from.

A comment of the starter stands in two languages, in lines that begin with `#en ` and `#zh `.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path, PurePosixPath

from nbo.workbench.rule_files import kind_of_path
from nbo.workbench.schemas import schema_files

EXAMPLE = ".examples/customer.json"
_SCHEMAS = ".schemas"
_COMMENT = re.compile(r"^( *)#(en|zh) (.*\n)", re.MULTILINE)


def pack_files(name: str, language: str) -> Mapping[str, str]:
    """The text of every file of a new pack by its path; `language` is that of the comments and the first of scripts."""
    starter = files("nbo.workbench") / "starter_pack"
    made = {path: _adapted(path, file.read_text(encoding="utf-8"), name, language) for path, file in _walk(starter)}
    return made | {f"{_SCHEMAS}/{path}": text for path, text in schema_files().items()}


def write_pack(folder: Path, name: str, language: str) -> None:
    """Writes a new pack; raises `OSError` where it cannot."""
    for path, text in pack_files(name, language).items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8", newline="\n")


def _walk(folder: Traversable, above: str = "") -> Iterator[tuple[str, Traversable]]:
    for each in sorted(folder.iterdir(), key=lambda item: item.name):
        path = f"{above}{each.name}"
        if each.is_dir():
            yield from _walk(each, f"{path}/")
        else:
            yield path, each


def _adapted(path: str, text: str, name: str, language: str) -> str:
    if not path.endswith(".yaml"):
        return text
    text = _COMMENT.sub(lambda line: f"{line[1]}# {line[3]}" if line[2] == language else "", text)
    if path == "pack.yaml":
        other = "zh" if language == "en" else "en"
        text = text.replace("pack: starter\n", f"pack: {name}\n")
        text = text.replace("languages: [zh, en]\n", f"languages: [{language}, {other}]\n")
    return f"# yaml-language-server: $schema={_schema(PurePosixPath(path))}\n{text}"


def _schema(path: PurePosixPath) -> str:
    """The way from a file to its schema."""
    kind = kind_of_path(str(path))
    assert kind is not None, path  # noqa: S101 - the starter's files have the usual names
    return "../" * (len(path.parts) - 1) + f"{_SCHEMAS}/{kind.name}.schema.json"
