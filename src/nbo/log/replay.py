"""An old decision made again: from its recorded facts, by the rules of its day, with what scorers and stores said then.

In: a log's folder, its keys, its archive of packs. Out: for each recorded decision whether the same bytes come out, or what
differs and why, or that its key was destroyed. It asks no scorer and no store, and it does not judge the chain (`verify.py`).
"""

from __future__ import annotations

import json
from base64 import b64decode
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal

from nbo.decide.candidate import Setting
from nbo.decide.decide import decide
from nbo.decide.decision import Decision
from nbo.decide.facts import facts_again, figures_again
from nbo.diagnostics.diagnostic import Text
from nbo.index.index import MatchIndex
from nbo.language.intake import DataWarning
from nbo.log.archive import PACKS, PackArchive
from nbo.log.chain import canonical
from nbo.log.errors import ArchiveError, KeyStoreError, LogError
from nbo.log.keys import Erased, Key, KeyStore
from nbo.log.read import Line, lines_of, segments
from nbo.log.record import RECORD_VERSION, canonical_decision, nbo_version
from nbo.log.seal import unpacked, unseal
from nbo.log.segment import KINDS, LINES, SEGMENTS
from nbo.log.values import from_plain
from nbo.pack.rulepack import RulePack
from nbo.script.compliance import ScriptChecker

MOST_DIFFERENCES = 100
Status = Literal["same", "differs", "erased", "unreadable"]

_OTHER_VERSION = Text(
    "nbo {then} made the decision, and this is nbo {now}", "该决策由 nbo {then} 作出，当前为 nbo {now}"
)
_SAME_VERSION = Text(
    "the same version of nbo made it by the same rules: its code, a zone database or the record is another one",
    "由相同版本的 nbo 按相同规则作出：其代码、时区数据库或记录已不同",
)
_NO_KEY = Text("the key store has no key for it: it is another key store", "密钥库中没有其密钥：这是另一个密钥库")
_ERASED = Text("its key was destroyed", "其密钥已销毁")
_DAMAGED = Text("the line is damaged", "该行已损坏")
_NO_RECORD = Text("the record is not what a log holds", "记录内容不是日志应有的内容")
_OTHER_FORM = Text(
    "another version of nbo wrote the record, in a form that this one does not read",
    "该记录由另一版本的 nbo 写入，当前版本无法读取其格式",
)
_NOT_COMPLETE = Text("the record is not complete: {problem}", "记录不完整：{problem}")


@dataclass(frozen=True, slots=True)
class Differing:
    """One field of the decision: its path, and what is there now and was then, as JSON; None where there is none."""

    field: str
    recorded: str | None
    replayed: str | None

    def to_dict(self) -> dict[str, object]:
        """Plain values."""
        return {"field": self.field, "recorded": self.recorded, "replayed": self.replayed}


@dataclass(frozen=True, slots=True)
class Replayed:
    """What became of one record; `decision_id` is None where it cannot be read any more."""

    place: str
    status: Status
    decision_id: str | None
    why: Text | None = None
    values: Mapping[str, str] | None = None
    differences: tuple[Differing, ...] = ()
    decision: Decision | None = None

    def reason(self, language: str) -> str | None:
        """Why it is not the same, in words."""
        return None if self.why is None else self.why.fill(language, self.values)

    def to_dict(self, language: str) -> dict[str, object]:
        """Plain values."""
        return {
            "place": self.place,
            "status": self.status,
            "decision_id": self.decision_id,
            "why": self.reason(language),
            "differences": [each.to_dict() for each in self.differences],
        }


class Records:
    """The records of a log, opened one by one."""

    def __init__(self, folder: str | Path, keys: KeyStore) -> None:
        self._folder, self._keys = Path(folder), keys

    def lines(self, decision_id: str | None = None) -> Iterator[tuple[str, Line]]:
        """Lines that hold records (damaged ones, too), with their places; of one decision only, if one is named."""
        tag = None if decision_id is None else self._keys.master.name_of("decision", decision_id)
        for segment in segments(self._folder):
            for line in lines_of(self._folder, segment):
                content = line.content
                wanted = (
                    tag is None
                    if content is None
                    else content.get("kind") in KINDS and tag in (None, content.get("id"))
                )
                if wanted and not line.torn:
                    yield f"{SEGMENTS}/{segment}{LINES}:{line.number}", line

    def open(self, line: Line) -> dict[str, Any] | Erased | None:
        """The record of a line; `Erased`, or None where the store never had its key. Raises `LogError`."""
        content = dict(line.content or {})
        key = self._keys.find(str(content.get("key")))
        if not isinstance(key, Key):
            return key
        box = content.pop("box", "")
        try:
            read = json.loads(unpacked(unseal(key.secret, b64decode(box), canonical(content))))
        except (ValueError, TypeError, RecursionError):
            raise LogError(_NO_RECORD) from None
        if not isinstance(read, dict) or read.get("v") != RECORD_VERSION:
            raise LogError(_OTHER_FORM)
        return read


class Replayer:
    """Makes recorded decisions again."""

    def __init__(self, folder: str | Path, keys: KeyStore, archive: PackArchive | None = None) -> None:
        """`archive` is the log's own folder of packs unless it is given."""
        self._records = Records(folder, keys)
        self._archive = archive or PackArchive(Path(folder) / PACKS)
        self._packs: dict[str, tuple[RulePack, ScriptChecker, MatchIndex]] = {}

    def replay(self, decision_id: str | None = None) -> Iterator[Replayed]:
        """Every recorded decision, or the one of this id, which may be there more than once; not what was asked later.

        Raises `LogError` where there is no log, or its keys cannot be used.
        """
        for place, line in self._records.lines(decision_id):
            if line.content is None:
                yield Replayed(place, "unreadable", None, _DAMAGED)
            elif line.content.get("kind") == "decision":
                yield self._replayed(place, line)

    def _replayed(self, place: str, line: Line) -> Replayed:
        try:
            record = self._records.open(line)
            if isinstance(record, Erased):
                return Replayed(place, "erased", None, _ERASED)
            if record is None:
                return Replayed(place, "unreadable", None, _NO_KEY)
            return self._decided_again(place, record)
        except KeyStoreError:
            raise  # it is about all records
        except LogError as error:
            return Replayed(place, "unreadable", None, error.words, error.values)

    def _decided_again(self, place: str, record: Mapping[str, Any]) -> Replayed:
        try:
            decision_id = str(record["decision_id"])
            decision = self._decide(record)
            plain = canonical_decision(decision)
            differences = tuple(_differences("", record["answer"], json.loads(canonical(plain))))
            then = str(record["nbo"])
        except ArchiveError as error:
            return Replayed(place, "unreadable", decision_id, error.words, error.values)
        except (KeyError, TypeError, ValueError, ArithmeticError, AttributeError) as error:
            raise LogError(_NOT_COMPLETE, problem=type(error).__name__) from None
        if canonical(plain) == canonical(record["answer"]):
            return Replayed(place, "same", decision_id, decision=decision)
        why, values = (
            (_SAME_VERSION, {}) if then == nbo_version() else (_OTHER_VERSION, {"then": then, "now": nbo_version()})
        )
        return Replayed(place, "differs", decision_id, why, values, differences[:MOST_DIFFERENCES], decision)

    def _decide(self, record: Mapping[str, Any]) -> Decision:
        at = datetime.fromisoformat(record["at"])
        pack, checker, index = self._pack(record["pack"]["hash"], at)
        supplied = from_plain(pack.dictionary, record["facts"], record["refused"])
        warnings = tuple(DataWarning(code, attribute) for code, attribute in record["warnings"])
        outside = record["outside"]
        stores = {
            "history": outside["history"] == "none",
            "volume": outside["volume"] == "none",
            "figures": outside.get("floors") == "none",  # records of before there were floors have neither
        }
        skipped = tuple(name for name, silent in stores.items() if silent)
        counted = outside["used"]
        used = None if counted is None else {(cap, window): Decimal(each) for cap, window, each in counted}
        facts = facts_again(
            pack, at, supplied, record["channel"], warnings, skipped, used, figures_again(outside.get("figures"))
        )
        scores = {name: Decimal(each) for name, each in outside["scores"].items()}
        setting = Setting(
            pack, facts, record["channel"], record["language"], checker, index, scoring=lambda _profile, _wanted: scores
        )
        return decide(setting, limit=record["asked"]["limit"], decision_id=record["decision_id"])

    def _pack(self, pack_hash: str, at: datetime) -> tuple[RulePack, ScriptChecker, MatchIndex]:
        if pack_hash not in self._packs:
            pack = self._archive.load(pack_hash, at)
            index = MatchIndex(pack.dictionary, pack.offers, pack.gates, pack.contact or ())
            self._packs[pack_hash] = pack, ScriptChecker(pack), index
        return self._packs[pack_hash]


def _differences(path: str, recorded: Any, replayed: Any) -> Iterator[Differing]:
    """Field by field, the deepest that differ."""
    if isinstance(recorded, dict) and isinstance(replayed, dict):
        for name in [*recorded, *(each for each in replayed if each not in recorded)]:
            yield from _differences(
                f"{path}.{name}".lstrip("."), recorded.get(name, _ABSENT), replayed.get(name, _ABSENT)
            )
    elif isinstance(recorded, list) and isinstance(replayed, list):
        for place in range(max(len(recorded), len(replayed))):
            then = recorded[place] if place < len(recorded) else _ABSENT
            now = replayed[place] if place < len(replayed) else _ABSENT
            yield from _differences(f"{path}[{place}]", then, now)
    elif recorded != replayed:
        yield Differing(path, _shown(recorded), _shown(replayed))


_ABSENT = object()


def _shown(value: object) -> str | None:
    return None if value is _ABSENT else canonical(value).decode()
