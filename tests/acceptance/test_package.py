"""The acceptance case of the fee package, from the command line."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from typer.testing import CliRunner

from nbo.cli.main import app
from nbo.source.nodes import to_plain
from nbo.source.yaml_file import parse_yaml, read_source

RULES = Path(__file__).parents[2] / "rules" / "cn_credit_card"
CASES = Path(__file__).parent / "cases.yaml"


def test_two_thousand_buy_services_of_three_thousand_two_hundred() -> None:
    stated: Any = to_plain(parse_yaml(read_source(CASES, CASES.name, str(CASES))))
    case = next(each for each in stated["cases"] if each["id"] == "package_under_budget")
    profile = {
        name: {**given, **case["profile"].get(name, {})} if isinstance(given, dict) else given
        for name, given in stated["base"].items()
    }
    asked = ["decide", str(RULES), "--profile", "-", "--at", stated["at"], "--format", "json"]
    result = CliRunner().invoke(app, asked, input=json.dumps(profile, default=float))
    assert result.exit_code == 0, result.output
    first = json.loads(result.stdout)["offers"][0]
    assert first["offer"] == case["winner"]
    assert {name: first["quote"][name] for name in case["package"]} == case["package"]
    assert not [text for text in case["script"]["never"] if text in first["script"]["text"]]
