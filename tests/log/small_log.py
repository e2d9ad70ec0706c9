"""A log with an engine of one small pack: what the tests of this folder write, break and read."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import cache
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

from tiny_pack import NOON, customer, offer, service, words, write_pack

from nbo import Decision, Engine
from nbo.log.decision_log import DecisionLog
from nbo.log.keys import KeyStore
from nbo.log.master import MasterKey
from nbo.log.read import segments
from nbo.log.replay import Replayed, Replayer
from nbo.log.segment import LINES, SEGMENTS
from nbo.log.verify import Verification, verify
from nbo.pack.rulepack import RulePack

MASTER = MasterKey(bytes(range(32)))
NAMED = {"customer": {"customer_id": {"type": "string", "max_length": 20, "use": "contract", "pii": True}}}
REFUSED = {
    "id": "refused", "kinds": ["sales"], "suppress_when": "any(history, it.response == decline)",
    "reason": words("declined before"),
}  # fmt: skip
PARTS: Mapping[str, Any] = {
    "offers": [offer(propensity={"scorer": "model", "fallback": 0.05}), service()],
    "contact": [REFUSED],
    "dictionary": NAMED,
    "arbitration": {
        "value": {"bank": 0.5, "customer": 0.5},
        "serve": {"outcome": "self_service", "channel": "app"},
    },
}


@cache
def small_pack() -> RulePack:
    """Loaded once; its files are gone as soon as the next pack is written."""
    return Engine.load(write_pack(Path(mkdtemp()), **PARTS), clock=lambda: NOON).pack


def somebody(customer_id: str | None = "C1", **changes: Any) -> dict[str, Any]:
    """The base customer, with a name."""
    named = customer(**changes)
    return named if customer_id is None else {**named, "customer": {**named["customer"], "customer_id": customer_id}}


class Log:
    """An open log, its engine, and what becomes of it."""

    def __init__(self, folder: Path, keys: KeyStore, *, pack: RulePack | None = None, **options: Any) -> None:
        engine = {name: options.pop(name) for name in ("scorers", "history", "volume", "figures") if name in options}
        self.folder, self.keys = folder, keys
        self.log = DecisionLog(
            folder, options.pop("keys_of_writer", keys), **{"retry_seconds": 0.01, "sync": "never", **options}
        )
        self.engine = Engine(pack or small_pack(), clock=lambda: NOON, log=self.log, **engine)

    def decide(self, customer_id: str | None = "C1", *, at: datetime | None = None, **changes: Any) -> Decision:
        return self.engine.decide(somebody(customer_id, **changes), at=at)

    def done(self, count: int = 0) -> Log:
        """The log after `count` more decisions, closed."""
        for number in range(count):
            self.decide(f"C{number}", account={"balance": f"{number}.00"})
        assert self.log.close()
        return self

    @property
    def segment(self) -> Path:
        """Its only segment."""
        (name,) = segments(self.folder)
        return self.folder / SEGMENTS / f"{name}{LINES}"

    def verified(self) -> Verification:
        return verify(self.folder, MASTER)

    def problems(self) -> list[str]:
        return [each.code for each in self.verified().findings if each.problem]

    def remarks(self) -> list[str]:
        return [each.code for each in self.verified().findings if not each.problem]

    def replayed(self, decision_id: str | None = None) -> list[Replayed]:
        return list(Replayer(self.folder, self.keys).replay(decision_id))

    def statuses(self) -> list[str]:
        return [each.status for each in self.replayed()]
