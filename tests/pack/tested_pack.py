"""The small base pack with a folder `tests/`: what nbo finds in it, and the cases that it links."""

from __future__ import annotations

from pack_copy import PackCopy

from nbo.diagnostics.diagnostic import Diagnostic, Severity
from nbo.pack.case import Case

CLOCK = "at: 2026-11-16T10:30:00+08:00\n"
BUYER = """
personas:
  buyer:
    profile:
      customer: {age: 40, surname: 李}
      account: {days_past_due: 0}
      statement: {eligible_purchases: 6000}
      consent: {personalization_opt_out: false}
      call: {need_tags: [ease_payment], recording_on: true}
      history: []
"""


class TestedPack:
    """Writes files of `tests/` into a copy of the base pack."""

    __test__ = False  # pytest takes classes by their name

    def __init__(self, pack: PackCopy) -> None:
        self.pack = pack.edit("pack.yaml", "gates: gates.yaml", "tests: tests/\ngates: gates.yaml")

    def file(self, name: str, text: str) -> TestedPack:
        self.pack.write(f"tests/{name}", text)
        return self

    def with_case(self, keys: str) -> TestedPack:
        """One case of the persona `buyer` with these lines of flow or block YAML."""
        lines = "".join(f"    {line}\n" for line in keys.splitlines())
        case = f"cases:\n  - id: one\n    about: One.\n    persona: buyer\n{lines}"
        return self.file("cases.yaml", CLOCK + BUYER + case)

    def found(self) -> list[Diagnostic]:
        """Everything but notes: a case under test need not be about every offer of the pack."""
        return [each for each in self.pack.check()[1] if each.severity is not Severity.NOTE]

    def only(self, code: str) -> Diagnostic:
        found = self.found()
        assert [each.code.id for each in found] == [code], [each.message() for each in found]
        return found[0]

    def cases(self) -> dict[str, Case]:
        linked, found = self.pack.check()
        assert linked is not None, [(str(each.span), each.message()) for each in found]
        return {case.id: case for case in linked.cases}
