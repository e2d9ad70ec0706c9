"""The pages of `docs/diagnostics/` as the tests read them: a wrong pack, what nbo says to it, a right one.

A fenced block whose info string names a file is laid over the base pack (`tests/diagnostics/base`); what cannot be shown
as text is built by one of `BUILDERS`, named in a comment of the page: `<!-- built by: a_file_in_gbk -->`.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from random import Random

from nbo.diagnostics import catalog
from nbo.diagnostics.diagnostic import Code

PAGES = Path(__file__).parents[2] / "docs" / "diagnostics"
BASE = Path(__file__).parent / "base"
CODES: Mapping[str, Code] = {each.id: each for each in vars(catalog).values() if isinstance(each, Code)}

WRONG, SAYS, RIGHT = "## Wrong", "## What nbo says", "## Right"
_BLOCK = re.compile(r"^```(\w+)(?: (\S+))?\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_BUILDER = re.compile(r"^<!-- built by: (\w+) -->$", re.MULTILINE)
_PLACEHOLDER = re.compile(r"\{\w+\}")


def _dead_link(root: Path) -> None:
    (root / "offers" / "silver.yaml").symlink_to(root / "offers" / "no_such_file.yaml")


def _file_in_gbk(root: Path) -> None:
    gold = root / "offers" / "gold.yaml"
    gold.write_bytes(gold.read_text().encode("gbk"))


def _file_of_nine_megabytes(root: Path) -> None:
    with (root / "offers" / "gold.yaml").open("a") as stream:
        stream.writelines("# " + "x" * 1022 + "\n" for _ in range(9 * 1024))


def _link_out_of_the_rules(root: Path) -> None:
    elsewhere = root.parent.parent / "elsewhere.yaml"
    elsewhere.write_text((root / "gates.yaml").read_text())
    (root / "gates.yaml").unlink()
    (root / "gates.yaml").symlink_to(elsewhere)


def _table_of_many_columns(root: Path) -> None:
    columns, rows, chosen = 40, 100, Random(1)  # noqa: S311 - the same table on every run
    heading = ",".join(f"customer.age >= {20 + number}" for number in range(columns))
    lines = []
    for _ in range(rows):
        asked = set(chosen.sample(range(columns - 1), 4))
        lines.append(",".join(chosen.choice(("true", "false")) if each in asked else "-" for each in range(columns)))
    lines += ["-," * (columns - 1) + "true", "-," * (columns - 1) + "false"]
    table = "".join(f"{line},{row % 100}\n" for row, line in enumerate(lines))
    (root / "tables" / "fee.csv").write_text(f"{heading},monthly\n{table}")


def _folder_without_pack_yaml(root: Path) -> None:
    (root / "pack.yaml").unlink()


BUILDERS: Mapping[str, Callable[[Path], None]] = {
    "a_dead_link": _dead_link,
    "a_file_in_gbk": _file_in_gbk,
    "a_file_of_nine_megabytes": _file_of_nine_megabytes,
    "a_link_out_of_the_rules": _link_out_of_the_rules,
    "a_table_of_many_columns": _table_of_many_columns,
    "a_folder_without_pack_yaml": _folder_without_pack_yaml,
}


@dataclass(frozen=True)
class Pack:
    """What a section lays over the base pack."""

    files: tuple[tuple[str, str], ...]
    builders: tuple[str, ...]

    def build(self, folder: Path) -> Path:
        """The pack's folder inside an empty one."""
        shutil.copytree(BASE, folder / "rules")
        root = folder / "rules" / "pack"
        for name, text in self.files:
            path = root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        for name in self.builders:
            BUILDERS[name](root)
        return root


@dataclass(frozen=True)
class Page:
    """One page, cut into its sections."""

    path: Path
    text: str

    @classmethod
    def of(cls, code: str) -> Page:
        path = PAGES / f"{code}.md"
        return cls(path, path.read_text(encoding="utf-8"))

    @property
    def title(self) -> str:
        return self.text.partition("\n")[0]

    @property
    def about(self) -> str:
        """What stands between the title and the wrong example."""
        return self.text.partition("\n")[2].partition(WRONG)[0].strip()

    @property
    def wrong(self) -> Pack:
        return _pack(self._section(WRONG))

    @property
    def right(self) -> Pack:
        return _pack(self._section(RIGHT))

    @property
    def says(self) -> tuple[str, ...]:
        """The output in English and in Chinese."""
        return tuple(text for kind, _, text in _BLOCK.findall(self._section(SAYS)) if kind == "text")

    def rewritten(self, code: Code, english: str, chinese: str) -> str:
        """The page with its title and its output as they are now."""
        before, after = self.text.partition(SAYS)[0], self.text.partition(RIGHT)[2]
        body = before.partition("\n")[2]
        output = f"{SAYS}\n\n```text\n{english}```\n\n```text\n{chinese}```\n\n"
        return f"{title_of(code)}\n{body}{output}{RIGHT}{after}"

    def _section(self, heading: str) -> str:
        return self.text.partition(heading + "\n")[2].partition("\n## ")[0]


def title_of(code: Code) -> str:
    """`# NBO203: unknown attribute …`"""
    return f"# {code.id}: {_shape(code.message.en)}"


def index() -> str:
    """The list of all codes, `docs/diagnostics/README.md`."""
    rows = [
        f"| [{each.id}]({each.id}.md) | {each.severity} | {_shape(each.message.en)} | {_shape(each.message.zh)} |"
        for each in sorted(CODES.values(), key=lambda code: code.id)
    ]
    return "\n".join([_ABOUT_THE_INDEX, "| Code | Severity | Message | 中文 |", "|---|---|---|---|", *rows, ""])


_ABOUT_THE_INDEX = """# What nbo says about a rule pack

`nbo check PACK` lists every mistake of a pack at once: the place, a code, what is wrong, and what to write instead. An
*error* keeps the pack from loading; a *warning* asks for a look; a *note* informs, and `nbo check` exits 0 with it. Codes from
NBO601 are lints: they look at a pack that loads and say what it probably does not mean. Each code has a page with an example
of the mistake, of what nbo says to it, and of the corrected files; the examples are run by the tests, over the small pack in
`tests/diagnostics/base`.

`nbo check 规则包` 一次列出所有错误：位置、代码、问题和改法。*error* 会阻止规则包加载，
*warning* 提醒查看，*note* 仅供参考。NBO601 起是静态检查：规则包能加载，但写法很可能不是本意。加 `--lang zh` 输出中文。
"""


def _shape(message: str) -> str:
    """The message with `…` for every value, and its doubled braces single."""
    shown = message.replace("{{", "\x00").replace("}}", "\x01")
    return _PLACEHOLDER.sub("…", shown).replace("\x00", "{").replace("\x01", "}")


def _pack(section: str) -> Pack:
    blocks = tuple((name, text) for _, name, text in _BLOCK.findall(section) if name)
    return Pack(blocks, tuple(_BUILDER.findall(section)))
