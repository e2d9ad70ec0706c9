"""Customers as files for the command line: an answer, or one line and the exit code for wrong use; never a traceback."""

from __future__ import annotations

import json
import os
import tempfile
from pathlib import Path
from random import Random

from people import customer
from strange import accident, soup
from target import TESTS, hold
from typer.testing import CliRunner

import nbo
from nbo.cli.main import app

PACK = TESTS / "diagnostics" / "base" / "pack"
AT = "2026-11-16T10:30:00+08:00"
NUMBERS = ("1e999999", "1E-999999", "-0", "NaN", "-Infinity", "9" * 5_000, "0." + "1" * 5_000, "1e", "01", "+1", "1_0")


class CommandLine:
    """`nbo decide`, `explain` and `eval` for files that are mostly JSON or YAML."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp())
        pack = nbo.check(PACK)[0]
        assert pack is not None  # noqa: S101 - the pack as it is
        self.dictionary = pack.dictionary
        self.text = ""
        self.arguments: list[str] = []
        self.answered = 0

    def one(self, chance: Random) -> str:
        profile = customer(chance, self.dictionary, plain=True)
        self.text = json.dumps(profile, default=str, ensure_ascii=chance.random() < 0.5)
        for _ in range(chance.choice([0, 0, 1, 2])):
            self.text = accident(self.text, chance, chance.choice(NUMBERS))
        if chance.random() < 0.2:
            self.text = self.text.replace(": 1", ": " + chance.choice(NUMBERS), 1)
        if chance.random() < 0.1:
            self.text = chance.choice(
                [soup(chance), "[" * 100_000, '{"a":' * 50_000, "", " ", "\ufeff{}", "null", "[]"]
            )
        os.chdir(self.folder)
        file = self.folder / chance.choice(["a.json", "a.json", "a.yaml"])
        file.write_bytes(
            self.text.encode("utf-8", "surrogatepass") if chance.random() < 0.97 else self.text.encode("utf-16")
        )
        condition = chance.choice(["customer.age >= 18", "quote.payment > 0", "x", soup(chance, 5)])
        command = chance.choice([["decide", str(PACK)], ["explain", str(PACK)], ["eval", str(PACK), condition]])
        form = ["--format", chance.choice(["text", "json"])] + (
            ["--language", chance.choice(["zh", "en"])] if command[0] != "eval" else []
        )
        self.arguments = [*command, "--profile", file.name, "--at", AT, *form]
        result = CliRunner().invoke(app, self.arguments)
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        hold(result.exit_code in (0, 1, 2), f"exit code {result.exit_code}")
        hold("Traceback" not in result.output, "a traceback")
        self.answered += result.exit_code == 0
        if result.exit_code == 0 and "json" in form:
            json.loads(result.stdout)
        return str(result.exit_code)

    def shown(self) -> str:
        return f"{self.arguments}\n{self.text[:20_000]}"

    def summary(self) -> str:
        return f"{self.answered} got an answer"
