"""Random customers for the sample packs: decided and explained without an exception, the same twice, as the schemas say."""

from __future__ import annotations

import json
from datetime import datetime
from random import Random
from typing import Any

import jsonschema
from conditions import evaluators_agree
from grammar import Grammar
from people import customer
from target import RULES, SCHEMAS, TESTS, hold

import nbo
from nbo.diagnostics.diagnostic import DiagnosticError
from nbo.engine import Engine
from nbo.lint.conditions import conditions

AT = datetime.fromisoformat("2026-11-16T10:30:00+08:00")
TIMES = (AT, datetime.fromisoformat("2026-12-31T23:59:59+00:00"), datetime.fromisoformat("2027-02-28T12:00:00-11:00"))


def _validator(name: str) -> jsonschema.protocols.Validator:
    schema = json.loads((SCHEMAS / f"{name}.schema.json").read_text())
    return jsonschema.validators.validator_for(schema)(schema)


_DECISION, _EXPLANATION, _EVALUATION = map(_validator, ("decision", "explanation", "evaluation"))


def written(answer: Any) -> str:
    """An answer as JSON, without how long it took."""
    plain = answer.to_dict()
    plain.pop("timings_us", None)
    return json.dumps(plain, sort_keys=True, ensure_ascii=False)


def hold_decision(engine: Engine, chance: Random, profile: Any) -> str:
    """A customer is decided and explained, twice the same, and both answers are as their schemas say."""
    at, channel = chance.choice(TIMES), chance.choice(["phone", "phone", "phone", "chat", "x"])
    language = chance.choice(engine.pack.languages)
    decision = engine.decide(profile, at=at, channel=channel, language=language, limit=chance.choice([1, 3, 99]))
    _DECISION.validate(json.loads(decision.to_json()))
    explanation = engine.explain(decision)
    _EXPLANATION.validate(json.loads(json.dumps(explanation.to_dict())))
    shown = written(decision)
    if chance.random() < 0.1:
        again = engine.decide(engine.prepare(profile, at=at), channel=channel, language=language, limit=99)
        once = engine.decide(profile, at=at, channel=channel, language=language, limit=99)
        hold(written(again) == written(once), "prepared facts decide otherwise")
        hold(written(engine.explain(profile, at=at, channel=channel, language=language)), "no explanation")
    (shown + written(explanation)).encode()
    return shown + written(explanation)


def hold_conditions(engine: Engine, profile: Any) -> None:
    """Every condition of the pack by both evaluators, through segments, formulas and tables; those about an event have none."""
    facts = engine.prepare(profile, at=AT)
    width = engine.pack.dictionary.width
    for each in conditions(engine.pack):
        if all(attribute.slot < width for attribute in each.reads):
            evaluators_agree(each, facts.unmasked)
    for formula in engine.pack.dictionary.formulas.values():
        evaluators_agree(formula, facts.unmasked)


class Customers:
    """Customers of the three packs that the project has."""

    def __init__(self) -> None:
        packs = (RULES / "cn_credit_card", RULES / "tw_credit_card", TESTS / "diagnostics" / "base" / "pack")
        self.engines = [Engine(pack) for pack in (nbo.check(path, at=AT)[0] for path in packs) if pack is not None]
        self.grammars = {engine: Grammar(engine.pack.dictionary) for engine in self.engines}
        self.profile: Any = None
        self.offered = 0

    def one(self, chance: Random) -> str:
        engine = chance.choice(self.engines)
        self.profile = customer(chance, engine.pack.dictionary)
        shown = hold_decision(engine, chance, self.profile)
        self.offered += '"status": "offer"' in shown
        if chance.random() < 0.3:
            hold_conditions(engine, self.profile)
            text = self.grammars[engine].condition(chance)
            try:
                evaluation = engine.evaluate(text, self.profile, at=AT)
            except DiagnosticError:
                pass
            else:
                _EVALUATION.validate(json.loads(json.dumps(evaluation.to_dict())))
                shown += json.dumps(evaluation.to_dict())
        return shown

    def shown(self) -> str:
        try:
            return repr(self.profile)
        except (RecursionError, ValueError):
            return "a profile that cannot be shown"

    def summary(self) -> str:
        return f"{self.offered} got an offer"
