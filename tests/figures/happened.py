"""Interactions as short as a test can tell them."""

from __future__ import annotations

from datetime import datetime
from itertools import count
from typing import Any
from zoneinfo import ZoneInfo

from nbo.history.interaction import Interaction

SHANGHAI = ZoneInfo("Asia/Shanghai")
_NUMBERS = count()


def happened(kind: str, when: str, decision: str = "d1", **more: Any) -> Interaction:
    """`when` is a time in Shanghai, or one with its zone; unless told, of one customer, offer and family."""
    at = datetime.fromisoformat(when)
    names: dict[str, Any] = {
        "key": f"key {next(_NUMBERS)}",
        "customer_id": "c1",
        "decision_id": decision,
        "offer": "gold",
        "family": "card",
        "kind": kind,
        "at": at if at.tzinfo else at.replace(tzinfo=SHANGHAI),
    }
    return Interaction(**(names | more))
