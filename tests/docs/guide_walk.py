"""Does what a guide tells its reader to do, block by block, in a folder of its own, and compares what is printed.

- a block with a path (`yaml my_card/segments.yaml`) is a file that the reader writes;
- `diff PATH` is a change to a file: lines with `-` go, those with `+` come, others show the place, `…` parts two places;
- `diff while PATH` is one that is saved while the next `nbo check --watch` is running, which then ends with Ctrl-C;
- `console` is what the reader types after `$`, with the answer. A line `…` stands for any lines;
- `python` blocks are one program; a `text` block after one is what it prints;
- `yaml` without a path is a workflow: its steps pass.
"""

from __future__ import annotations

import io
import re
import shlex
from collections.abc import Callable, Iterator
from contextlib import redirect_stdout
from datetime import datetime, timedelta
from pathlib import Path

import pytest
import yaml
from click.testing import Result
from typer.testing import CliRunner

from nbo.cli import check
from nbo.cli.main import app
from nbo.cli.shared import Language
from nbo.workbench.watch import INTERVAL

BLOCK = re.compile(r"^```(\w+)(?: ([^\n]+))?\n(.*?)^```$", re.MULTILINE | re.DOTALL)
ELISION = "…\n"
FINGERPRINT = re.compile(
    r"\b[0-9a-f]{12,64}\b"
)  # of a pack or a decision: it changes with every comment of the starter
INLINE = re.compile(r"`(nbo (?:--version|[^\s`]+ [^`\n]+))`")  # `nbo check` alone is a name and no command
FILES = ("yaml", "csv", "json")


def walked(page: str, folder: Path, monkeypatch: pytest.MonkeyPatch, *, exactly: bool) -> str:
    """The page as it would be if it showed what is printed now; the walk leaves its files in `folder`.

    `exactly` also takes the fingerprints anew, which otherwise may be any.
    """
    monkeypatch.chdir(folder)
    monkeypatch.setenv("COLUMNS", "100")
    waiting: list[tuple[Path, str]] = []
    _watch_without_waiting(waiting, monkeypatch)

    program: dict[str, object] = {"__name__": "guide"}
    printed = io.StringIO()

    def step(block: re.Match[str]) -> str:
        kind, info, body = block.groups()
        if kind == "console":
            return f"```console\n{''.join(_shown(body, exactly=exactly))}```"
        if kind == "python":
            assert not printed.getvalue(), f"nothing shows what is printed before\n{body}"
            with redirect_stdout(printed):
                exec(compile(body, "guide", "exec"), program)  # noqa: S102 - the guide's own lines
            return block[0]
        if kind == "text":
            answer = printed.getvalue()
            printed.seek(0)
            printed.truncate()
            return f"```text\n{answer}```"
        if kind == "yaml" and not info:
            steps = [each["run"] for each in yaml.safe_load(body)["steps"]]
            assert [command for command in steps if run(command).exit_code] == []
            return block[0]
        if kind == "diff" and info.startswith("while "):
            waiting.append((Path(info.removeprefix("while ")), body))
        elif kind == "diff":
            change(Path(info), body)
        else:
            assert kind in FILES, f"what is a reader to do with a block of {kind}?"
            path = Path(info)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(body, encoding="utf-8")
        return block[0]

    written = BLOCK.sub(step, page)
    assert not waiting
    assert not printed.getvalue()
    return written


def change(path: Path, diff: str) -> None:
    """Apply a change; each of its places stands in the file exactly once."""
    text = path.read_text(encoding="utf-8")
    for hunk in re.split(r"^ ?…\n", diff, flags=re.MULTILINE):
        lines = [line or " " for line in hunk.splitlines()]
        assert {line[0] for line in lines} <= set(" +-"), hunk
        before, after = ("".join(f"{line[1:]}\n" for line in lines if line[0] != sign) for sign in "+-")
        assert text.count(before) == 1, f"{path} has {text.count(before)} times:\n{before}"
        text = text.replace(before, after)
    path.write_text(text, encoding="utf-8")


def _shown(body: str, *, exactly: bool) -> Iterator[str]:
    """Each command with what is printed, or with what the block shows where that says the same."""
    for command, answer in re.findall(r"^\$ (.*)\n((?:(?!\$ ).*\n)*)", body, re.MULTILINE):
        printed = re.sub(r" +$", "", run(command).output, flags=re.MULTILINE)
        yield f"$ {command}\n{answer if _says_the_same(answer, printed, exactly=exactly) else printed}"


def run(command: str) -> Result:
    """A command of nbo, as typed."""
    program, *arguments = shlex.split(command)
    assert program == "nbo"
    return CliRunner().invoke(app, arguments)


def _says_the_same(shown: str, printed: str, *, exactly: bool) -> bool:
    if not exactly:
        shown, printed = FINGERPRINT.sub("#", shown), FINGERPRINT.sub("#", printed)
    lines = shown.splitlines(keepends=True)
    pattern = "".join("(?:.*\n)*?" if line == ELISION else re.escape(line) for line in lines)
    return re.fullmatch(pattern, printed) is not None


def _watch_without_waiting(waiting: list[tuple[Path, str]], monkeypatch: pytest.MonkeyPatch) -> None:
    """`--watch` sees each waiting change at its next look, five seconds later by its clock, and then Ctrl-C."""
    watch = check.watch_pack
    clock = iter(datetime(2026, 11, 16, 10, 30) + timedelta(seconds=5 * count) for count in range(100))  # noqa: DTZ001 - it shows hours alone

    def sleep(seconds: float) -> None:
        if seconds < INTERVAL:
            return
        if not waiting:
            raise KeyboardInterrupt
        change(*waiting.pop(0))

    def watched(rules: Path, once: Callable[[], bool], language: Language) -> bool:
        return watch(rules, once, language, sleep=sleep, clock=lambda: next(clock))

    monkeypatch.setattr(check, "watch_pack", watched)
