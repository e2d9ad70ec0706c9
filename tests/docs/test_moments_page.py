"""docs/moments.md: its moments are linked over the sample pack's events, and its table of calls says what happens."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml

from nbo.call.event import Heard, read_event
from nbo.call.matching.matcher import Seen
from nbo.call.matching.plain import PlainMatcher
from nbo.diagnostics.place import SourceText
from nbo.pack.call import CallRules
from nbo.pack.files.moments import MomentFile
from nbo.pack.link import Linker
from nbo.pack.link_moments import link_moments
from nbo.pack.load import load_pack
from nbo.pack.moments import Moment
from nbo.pack.rulepack import RulePack
from nbo.source.model import validate
from nbo.source.yaml_file import parse_yaml

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "moments.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```yaml moments.yaml\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
CALLS = [tuple(map(str.strip, each)) for each in re.findall(r"^\| (\d.+?) \|(.*?)\|$", PAGE, re.MULTILINE)]
AT = datetime(2026, 11, 16, 2, tzinfo=UTC)
_EVENT = re.compile(r"(\d+) (\w+)(?: (\{.*?\}))?(?:, |$)")


@pytest.fixture(scope="module")
def pack() -> RulePack:
    pack, _ = load_pack(ROOT / "rules" / "cn_credit_card", AT)
    assert pack is not None
    return pack


@pytest.fixture(scope="module")
def moments(pack: RulePack) -> tuple[Moment, ...]:
    linker = Linker(pack.dictionary, pack.zone, pack.languages)
    written, found = validate(list[MomentFile], parse_yaml(SourceText("moments.yaml", "moments.yaml", "".join(BLOCKS))))
    assert pack.call is not None
    linked = link_moments(linker, written or (), pack.call.events)
    assert [*found, *linker.found] == []
    return linked


def events(rules: CallRules, written: str) -> Iterator[Heard]:
    for number, (seconds, kind, fields) in enumerate(_EVENT.findall(written)):
        values: dict[str, Any] = yaml.safe_load(fields) if fields else {}
        plain = {name: Decimal(str(each)) if name == "amount" else each for name, each in values.items()}
        at = AT + timedelta(seconds=int(seconds))
        heard = read_event(rules, {"id": str(number), "kind": kind, "at": at, "fields": plain})
        assert isinstance(heard, Heard), heard
        assert not heard.warnings
        yield heard


def test_the_page_shows_calls() -> None:
    assert len(CALLS) >= 10
    assert len(BLOCKS) >= 3


@pytest.mark.parametrize(("written", "expected"), CALLS, ids=[each[0][:60] for each in CALLS])
def test_what_happens_is_what_the_page_says(
    pack: RulePack, moments: tuple[Moment, ...], written: str, expected: str
) -> None:
    matcher = PlainMatcher(moments)
    assert pack.call is not None
    values = [None] * pack.dictionary.width
    found: tuple[str, ...] = ()
    for heard in events(pack.call, written):
        found = matcher.observe("call", Seen(heard.id, heard.at, heard.kind, heard.row, values))
    assert found == tuple(filter(None, expected.split(", ")))
