"""What `docs/checking.md` shows is what happens: its commands are run, those of the workflow too."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "checking.md").read_text(encoding="utf-8")
(CONSOLE,) = re.findall(r"^```console\n\$ (.*?)\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
(WORKFLOW,) = re.findall(r"^```yaml\n(steps:.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
STEPS = [step["run"] for step in yaml.safe_load(WORKFLOW)["steps"]]


def run(command: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    nbo = f"{sys.executable} -m nbo "
    environment = {**os.environ, "PYTHONUTF8": "1", "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
    environment.pop("GITHUB_WORKSPACE", None)
    written = ["bash", "-c", command.replace("nbo ", nbo, 1)]
    return subprocess.run(written, cwd=cwd, env=environment, capture_output=True, text=True, check=False)


def test_the_explanation_starts_as_the_page_shows_it(tmp_path: Path) -> None:
    command, shown = CONSOLE
    assert run(command, tmp_path).stdout.startswith(shown)


@pytest.mark.parametrize("command", STEPS)
@pytest.mark.usefixtures("rules_copy")
def test_a_step_of_the_workflow_passes_on_the_sample_pack(command: str, tmp_path: Path) -> None:
    done = run(command, tmp_path)
    assert done.returncode == 0, done.stderr + done.stdout
