"""Small packs for tests: a base with one sales offer, each part replaced by what a test is about.

A part is given as plain values and written as JSON, which YAML reads too.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from copy import deepcopy
from datetime import datetime
from functools import cache
from pathlib import Path
from shutil import rmtree
from typing import Any
from zoneinfo import ZoneInfo

from nbo import Decision, Diagnostic, Engine, Explanation, check

SHANGHAI = ZoneInfo("Asia/Shanghai")
NOON = datetime(2026, 11, 16, 12, 0, tzinfo=SHANGHAI)
SAMPLE = Path(__file__).parents[2] / "rules" / "cn_credit_card"

DICTIONARY: Mapping[str, Any] = {
    "customer": {
        "surname": {"type": "string", "max_length": 40, "use": "context"},
        "gender": {"type": "enum", "values": ["F", "M"], "use": "context"},
        "tier": {"type": "enum", "values": ["mass", "gold"], "use": "profile"},
        "score": {"type": "number", "min": 0, "max": 1, "use": "profile"},
        "income": {"type": "money", "min": 0, "max": 1000000, "use": "contract", "pii": True, "changeable": "customer"},
    },
    "consent": {"opted_out": {"type": "boolean", "use": "contract"}},
    "account": {
        "status": {"type": "enum", "values": ["active", "frozen"], "use": "contract"},
        "balance": {"type": "money", "min": 0, "max": 100000, "use": "contract", "changeable": "customer"},
        "days_late": {"type": "integer", "min": 0, "max": 999, "use": "contract", "changeable": "customer"},
        "due": {"type": "date", "use": "contract"},
    },
    "call": {
        "verified": {"type": "boolean", "use": "context", "changeable": "agent"},
        "needs": {"type": "set", "of": "enum", "values": ["ease", "buy", "help"], "changeable": "customer"},
        "direction": {"type": "enum", "values": ["inbound", "outbound"], "use": "context"},
        "agent_tier": {"type": "integer", "min": 1, "max": 3, "use": "context"},
    },
    "purchases": {
        "key": "id",
        "records": {
            "id": {"type": "string", "max_length": 40, "use": "contract"},
            "amount": {"type": "money", "min": 0, "max": 100000, "use": "contract"},
            "category": {"type": "enum", "values": ["food", "home"], "use": "profile"},
            "disputed": {"type": "boolean", "use": "contract"},
            "shop": {"type": "string", "max_length": 40, "use": "contract"},
        },
    },
    "history": {
        "records": {
            "family": {"type": "enum", "values": ["loan", "card", "help", "other"], "use": "profile"},
            "response": {"type": "enum", "values": ["accept", "decline"], "use": "profile"},
            "presented_at": {"type": "datetime", "use": "profile"},
        },
    },
}

CUSTOMER: Mapping[str, Any] = {
    "customer": {"surname": "Li", "gender": "F", "tier": "gold", "score": 0.5, "income": "9000.00"},
    "consent": {"opted_out": False},
    "account": {"status": "active", "balance": "500.00", "days_late": 0, "due": "2026-11-28"},
    "call": {"verified": True, "needs": ["ease"], "direction": "inbound", "agent_tier": 1},
    "purchases": [],
    "history": [],
}

YES = {"value": {"bank": 0.5, "customer": 0.5}}
SPEED = {
    "zh": {"characters_per_minute": 220, "pause_seconds": 0.25},
    "en": {"words_per_minute": 150, "pause_seconds": 0.25},
}


def offer(name: str = "loan", **changes: Any) -> dict[str, Any]:
    """A sales offer that the base customer gets; `None` takes a key away."""
    base: dict[str, Any] = {
        "offer": name,
        "family": name,
        "kind": "sales",
        "label": words(name),
        "eligibility": ["account.status == active"],
        "applicability": ["ease in call.needs"],
        "value": value("account.balance", "account.balance"),
        "propensity": 0.5,
        "script": "plain",
    }
    return {key: each for key, each in {**base, **changes}.items() if each is not None}


def service(name: str = "help", **changes: Any) -> dict[str, Any]:
    """A service offer: no value, no propensity, no script."""
    return offer(name, **{"kind": "service", "value": None, "propensity": None, "script": None, **changes})


def value(bank: str, customer: str, scale: tuple[Any, Any] = (0, 1000)) -> dict[str, Any]:
    return {"bank": {"amount": bank, "scale": [*scale]}, "customer": {"amount": customer, "scale": [*scale]}}


def installment(**changes: Any) -> dict[str, Any]:
    """An installment quote of the balance: 12 periods at 0.60 %."""
    principal = {"of": "account.balance", "share": "100%", "max": "100000.00", **changes.pop("principal", {})}
    return {
        "type": "installment",
        "principal": principal,
        "terms": [{"periods": 12, "rate": "0.60%"}],
        "settlement": "charged_so_far",
        **changes,
    }


def in_installments(**changes: Any) -> dict[str, Any]:
    """The sales offer as installments of the balance, worth the principal to both."""
    return offer(**{"quote": installment(), "value": value("quote.principal", "quote.principal"), **changes})


def words(en: str, zh: str | None = None) -> dict[str, str]:
    return {"en": en} if zh is None else {"en": en, "zh": zh}


def segment(text: str, stage: str = "offer", zh: str | None = None, **changes: Any) -> dict[str, Any]:
    return {"stage": stage, "text": words(text, zh), **changes}


def treatment(name: str, *segments: dict[str, Any], **changes: Any) -> dict[str, Any]:
    return {"id": name, "version": 1, "channels": ["phone"], "segments": [*segments], **changes}


def script(*treatments: dict[str, Any], name: str = "plain") -> dict[str, Any]:
    return {"script": name, "treatments": [*treatments]}


def rule(name: str, kind: str, **changes: Any) -> dict[str, Any]:
    """A compliance rule in force for long, about everything."""
    return {
        "id": name,
        "kind": kind,
        "text": words(f"what {name} asks", f"{name}的要求"),
        "citation": f"source of {name}",
        "evidence": "bank_policy",
        "in_force": {"from": "2020-01-01"},
        "severity": "block",
        "families": "all",
        "channels": "all",
        **changes,
    }


def write_pack(
    folder: Path,
    *,
    offers: Iterable[Mapping[str, Any]] = (offer(),),
    scripts: Iterable[Mapping[str, Any]] = (
        script(treatment("only", segment("Shall I tell you more?", zh="要听听吗？"))),
    ),
    gates: object = None,
    contact: object = None,
    authority: object = None,
    compliance: object = None,
    segments: object = None,
    volume: object = None,
    arbitration: Mapping[str, Any] = YES,
    dictionary: Mapping[str, Any] | None = None,
    **pack: Any,
) -> Path:
    """Write a pack of these parts into a folder of its own, in place of the one before, and give the folder."""
    root = folder / "pack"
    if root.exists():
        rmtree(root)
    named: dict[str, object] = {
        "pack": "tiny",
        "version": "1.0.0",
        "language_version": "1",
        "locale": "en",
        "languages": ["en"],
        "currency": "CNY",
        "timezone": "Asia/Shanghai",
        "personalization": {"opted_out": "consent.opted_out"},
        **pack,
    }
    files: dict[str, object] = {"dictionary": merged(DICTIONARY, dictionary or {}), "arbitration": arbitration}
    parts = {"gates": gates, "contact": contact, "authority": authority, "segments": segments, "volume": volume}
    files.update({part: content for part, content in parts.items() if content is not None})
    named.update({part: {"none": "not what this test is about"} for part in ("gates", "contact", "authority")})
    named.update({part: f"{part}.yaml" for part in files})
    named["compliance"] = {"none": "not what this test is about"}
    if compliance is not None:
        files["compliance"] = {"jurisdiction": "CN", "coverage": "illustrative", "rules": compliance}
        named["compliance"] = ["compliance.yaml"]
    for part, items in (("offers", offers), ("scripts", scripts)):
        named[part] = f"{part}/"
        files.update({f"{part}/{number}": item for number, item in enumerate(items)})
    for name, content in {**files, "pack": named}.items():
        path = root / f"{name}.yaml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(content, ensure_ascii=False, indent=1), "utf-8")
    return root


def load(folder: Path, **parts: Any) -> Engine:
    """The engine of such a pack, its clock at noon; the same engine for the same parts, because none can be changed."""
    key = json.dumps({name: [*each] if name in ("offers", "scripts") else each for name, each in parts.items()})
    if key not in _loaded:
        _loaded[key] = load_anew(folder, **parts)
    return _loaded[key]


def load_anew(folder: Path, **parts: Any) -> Engine:
    """An engine with a folder of its own, to be reloaded."""
    return Engine.load(write_pack(folder, **parts), clock=lambda: NOON)


_loaded: dict[str, Engine] = {}


def found(folder: Path, **parts: Any) -> list[Diagnostic]:
    """What is wrong with such a pack."""
    return check(write_pack(folder, **parts), at=NOON)[1]


def codes(folder: Path, **parts: Any) -> list[str]:
    return [each.code.id for each in found(folder, **parts)]


def merged(base: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    """`changes` over `base`, key by key inside each namespace; `None` takes a key away, `...` a namespace."""
    result = deepcopy(dict(base))
    for namespace, section in changes.items():
        own = result.get(namespace)
        if section is ...:
            del result[namespace]
        elif isinstance(own, dict) and isinstance(section, dict):
            result[namespace] = {key: each for key, each in {**own, **section}.items() if each is not None}
        else:
            result[namespace] = section
    return result


def customer(**changes: Any) -> dict[str, Any]:
    return merged(CUSTOMER, changes)


def decide(
    engine: Engine, *, at: datetime | None = None, channel: str = "phone", limit: int = 3, **changes: Any
) -> Decision:
    return engine.decide(customer(**changes), at=at or NOON, channel=channel, limit=limit)


def offered(decision: Decision) -> list[str]:
    return [each.offer for each in decision.offers]


def stopped(engine: Engine, name: str = "loan", **changes: Any) -> tuple[str | None, str | None]:
    """The stage and the code that stop an offer; nothing where it is offered."""
    at, channel = changes.pop("at", NOON), changes.pop("channel", "phone")
    one = explanation(engine, name, at=at, channel=channel, **changes).offers[0]
    return one.stage, None if one.reason is None else one.reason.code


def explanation(
    engine: Engine, name: str | None = None, *, at: datetime = NOON, channel: str = "phone", **changes: Any
) -> Explanation:
    return engine.explain(customer(**changes), name, at=at, channel=channel)


def text_of(decision: Decision) -> str:
    """The words of the first offer."""
    said = decision.offers[0].script
    assert said is not None
    return said.text


@cache
def sample_engine() -> Engine:
    """The pack that comes with the library; its clock stands where most of its tests do."""
    return Engine.load(SAMPLE, clock=lambda: NOON)


@cache
def sample_case(case_id: str) -> Mapping[str, Any]:
    """The customer of one of its tests; not to be changed."""
    return next(case.profile for case in sample_engine().pack.cases if case.id == case_id)
