"""What `docs/installments.md` shows is what happens: its commands are run."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
from typer.testing import CliRunner

from nbo.cli.main import app
from nbo.pack.quotes.installment import InstallmentTerms
from nbo.quote.settlement import SETTLEMENT_RULES

PAGE = (Path(__file__).parents[2] / "docs" / "installments.md").read_text(encoding="utf-8")
CONSOLE = re.findall(r"^```console\n\$ nbo (.*?)\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize(("command", "shown"), CONSOLE)
def test_a_command_prints_what_the_page_shows(command: str, shown: str) -> None:
    printed = CliRunner().invoke(app, shlex.split(command)).output
    assert "".join(f"{line.rstrip()}\n" for line in printed.splitlines()) == shown


def test_every_rule_and_every_field_that_the_page_names_exists() -> None:
    assert set(re.findall(r"^\| `(\w+)` \|", PAGE, re.MULTILINE)) == set(SETTLEMENT_RULES)
    assert set(re.findall(r"`(quote\.\w+)", PAGE)) <= InstallmentTerms.fields.keys()
