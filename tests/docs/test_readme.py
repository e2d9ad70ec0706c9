"""What the README shows is what happens: its Python and its commands are run, and their output is compared."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text()
BLOCK = re.compile(r"^```(python|text|console)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
UPDATE = os.environ.get("NBO_UPDATE_PAGES") == "1"


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """What a reader has: the rules and the examples, free to be changed."""
    for name in ("rules", "examples"):
        shutil.copytree(ROOT / name, tmp_path / name)
    return tmp_path


def run(command: list[str], cwd: Path) -> str:
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    environment = {"PATH": path, "PYTHONUTF8": "1", "COLUMNS": "100", "PYTHONWARNINGS": "ignore::ResourceWarning"}
    done = subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True, check=False)
    return done.stdout + done.stderr


def test_the_python_of_the_readme_prints_what_it_says(clone: Path) -> None:
    blocks = BLOCK.findall(README)
    kinds = [kind for kind, _ in blocks]
    assert kinds.count("python") == 1
    code, shown = blocks[kinds.index("python")][1], blocks[kinds.index("python") + 1][1]
    assert run([sys.executable, "-c", code], clone) == shown


def test_the_commands_of_the_readme_print_what_it_says(clone: Path) -> None:
    page = README
    for kind, block in BLOCK.findall(README):
        if kind != "console":
            continue
        printed = ""
        for line in block.splitlines():
            if line.startswith("$ "):
                printed += f"{line}\n{run(['bash', '-c', line[2:]], clone)}"
        if UPDATE:
            page = page.replace(block, printed)
        else:
            assert printed == block
    if UPDATE:
        (ROOT / "README.md").write_text(page)
