"""A pack's own test case, held against a decision and its explanation.

In: what a case expects, and the JSON forms of decision and explanation, so that what is tested is what an integrator gets.
Out: the differences, each with what was expected and what came; none when the case holds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from nbo.diagnostics.diagnostic import Text
from nbo.diagnostics.place import Span
from nbo.pack.case import Expected, Named
from nbo.workbench.passage import nearest_passage, passage_with

Json = Mapping[str, Any]

_NOTHING = Text("no offer", "不推荐")
_NO_REASON = Text("no reason, because there is an offer", "有推荐产品，因此没有原因")
_SCRIPT = Text("a script", "有话术")
_NO_SCRIPT = Text("there is no script", "没有话术")
_ABSENT = Text("absent", "无")
_EMPTY = Text("nothing", "无")
_OFFERED = Text("offered", "已推荐")
_BLOCKED = Text("blocked at {stage}", "在 {stage} 被拦下")
_BECAUSE = Text("blocked at {stage} because of {because}", "因 {because} 在 {stage} 被拦下")
_UNKNOWN_AT = Text("unknown at {stage}", "在 {stage} 因缺少数据被拦下")
_UNKNOWN = Text("unknown, for want of {names}", "因缺少 {names} 而无法判断")
_SAYS = Text("says `{text}`", "说出“{text}”")
_NOWHERE_NEAR = Text("nothing like it in the script", "话术中没有相近的内容")
_NEAREST = Text("nearest: {passage}", "最接近：{passage}")
_NEVER = Text("never says `{text}`", "不得出现“{text}”")
_STANDS = Text("`{text}` nowhere in the decision", "“{text}”不得出现在决策中")
_AT = Text("{path}: {passage}", "{path}：{passage}")

_NOT_ABOUT_THE_CUSTOMER = frozenset({"timings_us", "decision_id", "pack"})
"""Parts of a decision whose digits are nobody's: an amount may stand in them by accident."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One expectation that did not come out: what it is (`quote.payment`), what was expected, what came, its place."""

    what: str
    expected: Text
    actual: Text
    span: Span | None

    def to_dict(self, language: str) -> dict[str, object]:
        """Plain values, in the words of a language."""
        return {
            "what": self.what,
            "expected": self.expected.fill(language),
            "actual": self.actual.fill(language),
            "source": None if self.span is None else str(self.span),
        }


def differences(expected: Expected, decision: Json, explanation: Json) -> list[Difference]:
    """What came out differently."""
    return [
        Difference(what, wanted, actual, expected.places.get(what.partition(".")[0]))
        for check in _CHECKS
        for what, wanted, actual in check(expected, decision, explanation)
    ]


_Found = Iterator[tuple[str, Text, Text]]


# --- who ----------------------------------------------------------------------------------------------------------------


def _winner(expected: Expected, decision: Json, _: Json) -> _Found:
    first = decision["offers"][0]["offer"] if decision["offers"] else None
    if expected.no_offer and first is not None:
        yield "winner", _NOTHING, _same(first)
    if expected.winner is not None and first not in expected.winner.offers:
        yield "winner", _same(expected.winner.name), _same(first) if first is not None else _why_nothing(decision)


def _why_nothing(decision: Json) -> Text:
    reason = decision["reason"]
    return _NOTHING if reason is None else _joined(_NOTHING, f" ({reason['code']}: {reason['text']})")


def _order(expected: Expected, decision: Json, _: Json) -> _Found:
    offers = [offer["offer"] for offer in decision["offers"]]
    holds = len(offers) == len(expected.order) and all(
        offer in named.offers for offer, named in zip(offers, expected.order, strict=True)
    )
    if expected.order and not holds:
        yield "order", _list(each.name for each in expected.order), _list(offers)


def _reason(expected: Expected, decision: Json, _: Json) -> _Found:
    reason = decision["reason"]
    if expected.reason is not None and (reason is None or reason["code"] != expected.reason):
        came = _NO_REASON if reason is None else _same(f"{reason['code']}: {reason['text']}")
        yield "reason", _same(expected.reason), came


def _serve(expected: Expected, decision: Json, _: Json) -> _Found:
    if expected.serve is not None:
        came = _as_asked(decision["serve"], expected.serve)
        if came != expected.serve:
            yield "serve", _served(expected.serve), _served(came)


def _as_asked(serve: Json | None, asked: Iterable[str]) -> dict[str, str | None]:
    """How the customer is served, as far as a case asks: of a ticket only what it names."""
    if serve is None:
        return {}
    ticket = serve["ticket"] or {}
    came = {**serve, "owner": ticket.get("owner"), "due": ticket.get("due")}
    return {name: came[name] for name in asked}


def _served(serve: Mapping[str, str | None]) -> Text:
    return _same(" / ".join(each or "-" for each in serve.values())) if serve else _ABSENT


# --- why not --------------------------------------------------------------------------------------------------------------


def _blocked(expected: Expected, _: Json, explanation: Json) -> _Found:
    for stop in expected.blocked:
        wanted = _filled(_BLOCKED if stop.because is None else _BECAUSE, stage=stop.stage, because=stop.because or "")
        for offer in _ended(stop.offer, explanation):
            stopped_there = offer["outcome"] != "offered" and offer["stage"] == stop.stage
            if not stopped_there or (stop.because is not None and stop.because not in _stopped_by(offer)):
                yield f"blocked.{offer['offer']}", wanted, _ending(offer)


def _ended(named: Named, explanation: Json) -> list[Json]:
    return [offer for offer in explanation["offers"] if offer["offer"] in named.offers]


def _stopped_by(offer: Json) -> dict[str, None]:
    """The attributes and ids of the clauses that stopped an offer, its reason's code first."""
    code = {} if offer["reason"] is None else {offer["reason"]["code"]: None}
    stopping = list(stopping_clauses(offer))
    return {
        **code,
        **{clause["id"]: None for clause in stopping},
        **{name: None for clause in stopping for name in clause["actual"]},
    }


def stopping_clauses(offer: Json) -> Iterator[Json]:
    """In contact policy a true clause stops an offer, and one that cannot be told; elsewhere one that is not true."""
    passes = "false" if offer["stage"] == "contact_policy" else "true"
    return (clause for clause in offer["clauses"] if clause["result"] != passes)


def _ending(offer: Json) -> Text:
    """How an offer ended, in a word."""
    if offer["outcome"] == "offered":
        return _OFFERED
    names = ", ".join(name for clause in stopping_clauses(offer) for name in clause["actual"])
    if offer["outcome"] == "unknown":
        ended = _filled(_UNKNOWN_AT, stage=offer["stage"])
        return _joined(ended, f" ({names})") if names else ended
    because = names or ("" if offer["reason"] is None else offer["reason"]["code"])
    return _filled(_BECAUSE, stage=offer["stage"], because=because)


def _unknown(expected: Expected, decision: Json, explanation: Json) -> _Found:
    for named, names in expected.unknown:
        ended = _ended(named, explanation)
        wanted = _filled(_UNKNOWN, names=", ".join(sorted(names)))
        if not any(offer["outcome"] == "unknown" for offer in ended):
            for offer in ended:
                yield f"unknown.{offer['offer']}", wanted, _ending(offer)
        elif not names <= set(decision["missing"]):
            missing = ", ".join(decision["missing"])
            yield f"unknown.{named.name}", wanted, _filled(_UNKNOWN, names=missing) if missing else _EMPTY


def _missing(expected: Expected, decision: Json, _: Json) -> _Found:
    if expected.missing is not None and expected.missing != set(decision["missing"]):
        yield "missing", _list(sorted(expected.missing)), _list(sorted(decision["missing"]))


# --- what ---------------------------------------------------------------------------------------------------------------


def _quote(expected: Expected, decision: Json, _: Json) -> _Found:
    quote = (decision["offers"][0]["quote"] if decision["offers"] else None) or {}
    for name, wanted in expected.quote.items():
        came = quote.get(name)
        if not _is(came, wanted):
            yield f"quote.{name}", _number(wanted), _number(came)


def _is(came: object, wanted: Decimal | str | None) -> bool:
    """Exactly the same number, however many zeros it is written with."""
    if isinstance(wanted, Decimal):
        return came is not None and Decimal(str(came)) == wanted
    return came == wanted


def _number(value: object) -> Text:
    if value is None:
        return _ABSENT
    return _same(format(value, "f") if isinstance(value, Decimal) else str(value))


def _subject(expected: Expected, decision: Json, _: Json) -> _Found:
    subject = decision["offers"][0]["subject"] if decision["offers"] else None
    if expected.subject and subject != expected.subject:
        yield "subject", _pairs(expected.subject), _ABSENT if subject is None else _pairs(subject)


def _script(expected: Expected, decision: Json, _: Json) -> _Found:
    script = decision["offers"][0]["script"] if decision["offers"] else None
    if script is None:
        if expected.must or expected.never or expected.says or expected.treatment or expected.compliance:
            yield "script", _SCRIPT, _NO_SCRIPT
        return
    text = script["text"]
    for must in expected.must:
        if must not in text:
            passage = nearest_passage(text, must)
            near = _NOWHERE_NEAR if passage is None else _filled(_NEAREST, passage=passage)
            yield "script.must", _filled(_SAYS, text=must), near
    for never in expected.never:
        if never in text:
            yield "script.never", _filled(_NEVER, text=never), _same(passage_with(text, text.index(never), len(never)))
    said = [slot for segment in script["segments"] for slot in segment["says"]]
    if not set(expected.says) <= set(said):
        yield "script.says", _list(expected.says), _list(said)
    if expected.treatment is not None and script["treatment"] != expected.treatment:
        yield "script.treatment", _same(expected.treatment), _same(script["treatment"])
    status = script["compliance"]["status"]
    if expected.compliance is not None and status != expected.compliance:
        warned = [each["rule"] for each in script["compliance"]["checks"] if each["status"] == "warned"]
        yield "script.compliance", _same(expected.compliance), _same(f"{status} {', '.join(warned)}".strip())


def _nowhere(expected: Expected, decision: Json, _: Json) -> _Found:
    texts = list(_texts(decision, "")) if expected.nowhere else []
    for text in expected.nowhere:
        for path, value in texts:
            if text in value:
                passage = passage_with(value, value.index(text), len(text))
                yield "nowhere", _filled(_STANDS, text=text), _filled(_AT, path=path, passage=passage)
                break


def _texts(value: object, path: str) -> Iterator[tuple[str, str]]:
    """Every text and number of the answer, with the way to it."""
    if isinstance(value, Mapping):
        for key, child in value.items():
            if path or key not in _NOT_ABOUT_THE_CUSTOMER:
                yield from _texts(child, f"{path}.{key}" if path else key)
    elif isinstance(value, list):
        for index, child in enumerate(value):
            yield from _texts(child, f"{path}[{index}]")
    elif value is not None and not isinstance(value, bool):
        yield path, str(value)


# --- how ----------------------------------------------------------------------------------------------------------------


def _degraded(expected: Expected, decision: Json, _: Json) -> _Found:
    if expected.degraded is not None and decision["degraded"] is not expected.degraded:
        skipped = ", ".join(decision["skipped"])
        came = "true" if decision["degraded"] else "false"
        yield "degraded", _same(str(expected.degraded).lower()), _same(f"{came} ({skipped})" if skipped else came)


def _warnings(expected: Expected, decision: Json, _: Json) -> _Found:
    came = {(each["attribute"], each["code"]) for each in decision["warnings"]}
    if came != expected.warnings:
        yield "warnings", _pairs(dict(sorted(expected.warnings))), _pairs(dict(sorted(came)))


_CHECKS: tuple[Callable[[Expected, Json, Json], _Found], ...] = (
    _winner, _order, _reason, _serve, _blocked, _unknown, _missing, _quote, _subject, _script, _nowhere, _degraded, _warnings,
)  # fmt: skip


# --- words --------------------------------------------------------------------------------------------------------------


def _same(text: str) -> Text:
    """What is the same in every language: a name, a number, a passage of the pack's own text."""
    return Text(text, text)


def _filled(template: Text, /, **values: str) -> Text:
    return Text(template.fill("en", values), template.fill("zh", values))


def _joined(text: Text, after: str) -> Text:
    return Text(text.en + after, text.zh + after)


def _list(names: Iterable[str]) -> Text:
    shown = ", ".join(names)
    return _same(shown) if shown else _EMPTY


def _pairs(values: Mapping[str, object]) -> Text:
    return _list(f"{name}: {value}" for name, value in values.items())
