"""A pack's own test cases, held against a decision and its explanation.

In: what a case expects, and the JSON forms of decision and explanation. Out: the differences in words, none when it holds.
A case may name a winner, an order, blocked families with stage and attribute, unknown attributes, quote numbers, the record
that the winner is about, words that the script must or may never hold, and texts that may stand nowhere in the decision.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any

Json = Mapping[str, Any]


def differences(expected: Json, decision: Json, explanation: Json) -> list[str]:
    """What came out differently; an expectation that nobody knows is a difference too."""
    found: list[str] = []
    for key, wanted in expected.items():
        check = _CHECKS.get(key)
        if check is None:
            found.append(f"`{key}` is no expectation that can be checked")
        else:
            found.extend(check(wanted, decision, explanation))
    return found


def _winner(wanted: str | None, decision: Json, _: Json) -> Iterator[str]:
    families = [offer["family"] for offer in decision["offers"]]
    winner = families[0] if families else None
    if winner != wanted:
        yield f"the winner is {winner}, not {wanted}"


def _order(wanted: list[str], decision: Json, _: Json) -> Iterator[str]:
    families = [offer["family"] for offer in decision["offers"]]
    if families != wanted:
        yield f"the order is {families}, not {wanted}"


def _blocked(wanted: Json, _: Json, explanation: Json) -> Iterator[str]:
    for family, how in wanted.items():
        ended = [offer for offer in explanation["offers"] if offer["family"] == family]
        if not ended:
            yield f"the pack has no offer of the family {family}"
        for offer in ended:
            if offer["outcome"] == "offered" or offer["stage"] != how["stage"]:
                yield f"{offer['offer']} is {offer['outcome']} at {offer['stage']}, not blocked at {how['stage']}"
            elif "because" in how and how["because"] not in _read_by_stopping_clauses(offer):
                yield f"{offer['offer']} is blocked at {offer['stage']}, but not because of {how['because']}"


def _read_by_stopping_clauses(offer: Json) -> set[str]:
    """Attributes of the clauses that stopped an offer: in contact policy a true clause stops, elsewhere one that is not."""
    passes = "false" if offer["stage"] == "contact_policy" else "true"
    return {name for clause in offer["clauses"] if clause["result"] != passes for name in clause["actual"]}


def _unknown(wanted: Mapping[str, list[str]], decision: Json, explanation: Json) -> Iterator[str]:
    for family, names in wanted.items():
        ended = [offer for offer in explanation["offers"] if offer["family"] == family]
        if not any(offer["outcome"] == "unknown" for offer in ended):
            yield f"{family} is not unknown"
        absent = set(names) - set(decision["missing"])
        if absent:
            yield f"{sorted(absent)} are not among what is missing: {decision['missing']}"


def _quote(wanted: Json, decision: Json, _: Json) -> Iterator[str]:
    quote = (decision["offers"][0]["quote"] if decision["offers"] else None) or {}
    for name, value in wanted.items():
        if str(quote.get(name)) != str(value):
            yield f"quote.{name} is {quote.get(name)}, not {value}"


def _subject(wanted: Json, decision: Json, _: Json) -> Iterator[str]:
    subject = decision["offers"][0]["subject"] if decision["offers"] else None
    if subject != dict(wanted):
        yield f"the subject is {subject}, not {dict(wanted)}"


def _script(wanted: Mapping[str, list[object]], decision: Json, _: Json) -> Iterator[str]:
    script = decision["offers"][0]["script"] if decision["offers"] else None
    text = "" if script is None else script["text"]
    if not text:
        yield "there is no script"
    for must in wanted.get("must", []):
        if str(must) not in text:
            yield f"the script does not say {must!r}"
    for never in wanted.get("never", []):
        if str(never) in text:
            yield f"the script says {never!r}"


def _nowhere(wanted: list[object], decision: Json, _: Json) -> Iterator[str]:
    whole = json.dumps(decision, ensure_ascii=False)
    for text in wanted:
        if str(text) in whole:
            yield f"{text!r} stands in the decision"


_CHECKS: Mapping[str, Callable[[Any, Json, Json], Iterator[str]]] = {
    "winner": _winner,
    "order": _order,
    "blocked": _blocked,
    "unknown": _unknown,
    "quote": _quote,
    "subject": _subject,
    "script": _script,
    "nowhere": _nowhere,
}
