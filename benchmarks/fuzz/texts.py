"""Random characters for the YAML and the CSV reader: nodes, or findings with a place; every part of a scalar in its file."""

from __future__ import annotations

from random import Random

from strange import accident, soup
from target import RULES, TESTS, hold, hold_findings

from nbo.diagnostics.diagnostic import DiagnosticError
from nbo.diagnostics.place import SourceText
from nbo.source.csv_file import parse_csv
from nbo.source.nodes import Mapping, Node, Scalar, Sequence, to_plain
from nbo.source.yaml_file import parse_yaml

SNIPPETS = (
    "a: 'it''s'\n", 'b: "x\\n\\u5ba2 y"\n', "c: >\n  folded\n  text\n\n  more\n", "d: |-\n  kept\n    deeper\n",
    "- {a: 1, b: [x, y]}\n",
    "e:\n  - f: g\n    h: i\n", "&a x: *a\n", "k: plain over\n  two lines\n", "? q\n: r\n",
    'm: "over\n  lines\\\n  joined"\n', "# note\n",
    'a,"b ""c""",d\n', "1;2\n", ' x , y ,"z"\r\n', '"over\nlines",b\n', "{{ x }}: y\n",
    "t: {when: a > 1, reason: b, c}\n", "---\n", "...\n",
)  # fmt: skip


class Texts:
    """Texts of a few lines."""

    def __init__(self) -> None:
        self.files = [path.read_text() for path in (*RULES.rglob("*.yaml"), *(TESTS / "diagnostics").rglob("*.csv"))]
        self.text = ""
        self.read = 0

    def one(self, chance: Random) -> str:
        self.text = "".join(chance.choice(SNIPPETS) for _ in range(chance.randrange(5)))
        if chance.random() < 0.3:
            file = chance.choice(self.files)
            start = chance.randrange(len(file))
            self.text += file[start : start + 400]
        if chance.random() < 0.3:
            self.text += soup(chance)
        for _ in range(chance.randrange(4)):
            self.text = accident(self.text, chance, chance.choice(self.files))
        self.text = self.text.lstrip("\ufeff")  # as when a file is read
        source = SourceText("a.yaml", "a.yaml", self.text)
        shown = []
        for parse in (parse_yaml, parse_csv):
            try:
                node = parse(source)
            except DiagnosticError as error:
                hold(error.diagnostics, "refused without a finding")
                shown.append(hold_findings(error.diagnostics))
            else:
                self.read += 1
                rows = (
                    [node] if isinstance(node, Scalar | Mapping | Sequence) else [cell for row in node for cell in row]
                )
                shown.append("".join(map(self.node, rows)))
        return "".join(shown)

    def node(self, node: Node) -> str:
        """A node, all of whose places must lie in the text and within each other."""
        inside = 0 <= node.span.start <= node.span.end <= len(self.text)
        hold(inside, "a node stands outside of its file")
        if isinstance(node, Scalar):
            for at in range(len(node.text)):
                part = node.part(at, at + 1)
                end = (
                    len(self.text) if node.text[at].isspace() else node.span.end
                )  # the last breaks of a block stand after it
                hold(node.span.start <= part.start <= part.end <= end, "a part stands outside of its scalar")
                if node.style == "plain" and part.text and not node.text[at].isspace():
                    hold(part.text == node.text[at], "a part is not what stands there")
            return f"{node.text}|{node.span.start}|{node.span.end}"
        if isinstance(node, Mapping):
            hold(set(node) == set(node.keys_at), "a key has no place")
        to_plain(node)
        return f"{node.span.start}[{','.join(map(self.node, node if isinstance(node, Sequence) else node.values()))}]"

    def shown(self) -> str:
        return self.text

    def summary(self) -> str:
        return f"{self.read} of them could be read as YAML or CSV"
