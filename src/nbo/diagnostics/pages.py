"""The page of each code: what is wrong and why, a wrong example, what nbo says to it, a right one.

In: a code. Out: its page in one language, as Markdown. The pages are written in `docs/diagnostics/` and go into the wheel
as they are; this file alone knows where they lie.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path

from nbo.diagnostics import catalog
from nbo.diagnostics.diagnostic import Code, Text

CODES: dict[str, Code] = {each.id: each for each in vars(catalog).values() if isinstance(each, Code)}
"""Every code by its id."""

_WRONG, _SAYS, _RIGHT = "Wrong", "What nbo says", "Right"
_HEADINGS = {_WRONG: Text(_WRONG, "错误写法"), _SAYS: Text(_SAYS, "nbo 的提示"), _RIGHT: Text(_RIGHT, "正确写法")}
_SECTION = re.compile(r"^## (.+)\n", re.MULTILINE)
_BLOCK = re.compile(r"^```(?P<kind>\w+)(?: (?P<file>\S+))?\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_HAN = re.compile("[\u4e00-\u9fff]")


def pages_folder() -> Traversable:
    """The folder that holds the pages: inside the installed package, else that of the checkout."""
    installed = resources.files("nbo").joinpath("docs", "diagnostics")
    return installed if installed.is_dir() else Path(__file__).parents[3] / "docs" / "diagnostics"


def page(code: Code) -> CodePage:
    """The page of a code."""
    return CodePage(code, pages_folder().joinpath(f"{code.id}.md").read_text(encoding="utf-8"))


@dataclass(frozen=True)
class CodePage:
    """One page, as it is written, for both languages."""

    code: Code
    text: str

    def about(self, language: str) -> str:
        """What is wrong, and why it is a mistake."""
        return "\n\n".join(_in(language, self._sections[""].strip().split("\n\n")))

    def markdown(self, language: str) -> str:
        """The whole page in one language: message and usual help first, then why, then the examples."""
        help_word = "建议" if language == "zh" else "help"
        parts = [f"# {self.code.id}: {self.code.outline(language)}"]
        if self.code.help is not None:
            parts.append(f"{help_word}: {self.code.outline_of_help(language)}")
        parts.append(self.about(language))
        for name, heading in _HEADINGS.items():
            parts.append(f"## {heading.fill(language)}")
            parts.extend(_section(name, self._sections[name], language))
        return "\n\n".join(parts) + "\n"

    @cached_property
    def _sections(self) -> dict[str, str]:
        """The text under each heading; under none, what stands between the title and the first heading."""
        body = self.text.partition("\n")[2]
        first, *rest = _SECTION.split(body)
        return {"": first, **dict(zip(rest[::2], rest[1::2], strict=True))}


def _section(name: str, text: str, language: str) -> Iterator[str]:
    """The pieces of a section: prose in the language, files with their names, one of the two outputs."""
    prose = _COMMENT.sub("", _BLOCK.sub("", text)).strip()
    yield from _in(language, prose.split("\n\n") if prose else [])
    blocks = list(_BLOCK.finditer(text))
    if name == _SAYS:
        yield f"```text\n{blocks[1 if language == 'zh' else 0]['text']}```"
        return
    for block in blocks:
        if block["file"]:
            yield f"`{block['file']}`:"
        yield f"```{block['kind']}\n{block['text']}```"


def _in(language: str, paragraphs: Sequence[str]) -> list[str]:
    """The paragraphs in a language; all of them where none is in it."""
    own = [each for each in paragraphs if bool(_HAN.search(each)) == (language == "zh")]
    return own or list(paragraphs)
