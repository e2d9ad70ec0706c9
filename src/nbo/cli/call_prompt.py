"""What an agent types at the prompt of `nbo call`: an event in short, a question, or the end.

In: a line and the session. Out: the event to observe, or what to answer. A line that nobody can make sense of is answered with
what may have been meant, and changes nothing.
"""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal, InvalidOperation

from nbo.call.session import Session
from nbo.cli.call_now import Values, choices_of, event_of_step, offer_meant, possible_now
from nbo.diagnostics.diagnostic import Text
from nbo.diagnostics.place import printable
from nbo.diagnostics.suggest import nearest
from nbo.language.accept import BadValueError, accepting
from nbo.language.types import Attribute, Kind
from nbo.pack.call import CallRules, EventType
from nbo.workbench.transcript.play import event_at, next_event_at

LONGEST_LINE = 4_096
MOST_SECONDS = 999_999

_ANSWERS = {
    "yes": "accept", "y": "accept", "同意": "accept", "no": "decline", "n": "decline", "拒绝": "decline",
    "later": "defer", "再考虑": "defer",
}  # fmt: skip
_DO = frozenset({"do", ".", "执行"})
_HELP = frozenset({"?", "？", "help", "帮助"})
_QUIT = frozenset({"quit", "q", "exit", "退出"})
_FLAGS = {"true": True, "yes": True, "是": True, "false": False, "no": False, "否": False}

_LONG = Text("the line is too long", "输入过长")
_QUOTES = Text("a quotation mark is missing", "引号不完整")
_TIME = Text(
    "`{text}` is no time: `+30` is 30 seconds later, `@90` at 90 seconds of the call",
    "`{text}` 不是时间：`+30` 表示再过 30 秒，`@90` 表示通话第 90 秒",
)
_NO_EVENT = Text("there is no event `{name}`; `?` lists what there is", "没有事件 `{name}`；输入 `?` 查看全部")
_OTHER_EVENT = Text("there is no event `{name}`; did you mean `{better}`?", "没有事件 `{name}`；是否想写 `{better}`？")
_SEVERAL = Text("`{name}` may be {known}", "`{name}` 可能是 {known}")
_NO_FIELD = Text("`{kind}` has no field `{name}`; it has {known}", "`{kind}` 没有字段 `{name}`；它有 {known}")
_OTHER_FIELD = Text(
    "`{kind}` has no field `{name}`; did you mean `{better}`?", "`{kind}` 没有字段 `{name}`；是否想写 `{better}`？"
)
_NONE = Text("none", "零个字段")
_TWICE = Text("the field `{name}` is given twice", "字段 `{name}` 写了两次")
_NO_PLACE = Text("no field of `{kind}` is left for `{value}`", "`{kind}` 没有字段可放 `{value}`")
_BAD = Text("`{value}` is no value of `{name}`; it takes {expected}", "`{value}` 不是 `{name}` 的取值；应为{expected}")
_OTHER_VALUE = Text(
    "`{value}` is no value of `{name}`; did you mean `{better}`?",
    "`{value}` 不是 `{name}` 的取值；是否想写 `{better}`？",
)
_BETWEEN = Text("{type} from {low} to {high}", "{low} 至 {high} 的{type}")
_NOTHING_TO_DO = Text(
    "the next step is nothing that an event says; `?` lists what can be observed",
    "下一步没有对应的事件；输入 `?` 查看可输入的事件",
)


@dataclass(frozen=True, slots=True)
class Typed:
    """What a line means: an event, or something to answer; `help` names a kind, or "" for all; `quit` ends the call's display."""

    event: Mapping[str, object] | None = None
    answer: Text | None = None
    help: str | None = None
    quit: bool = False


class _UnclearError(Exception):
    """A line that nobody can make sense of; the argument is what to answer."""

    def __init__(self, words: Text, **values: str | Text) -> None:
        shown = {name: printable(each) if isinstance(each, str) else each for name, each in values.items()}
        self.words = Text(words.fill("en", shown), words.fill("zh", shown))


def typed(line: str, session: Session, rules: CallRules) -> Typed:
    """The meaning of a line that is not empty."""
    try:
        return _meant(line.strip(), session, rules)
    except _UnclearError as unclear:
        return Typed(answer=unclear.words)


def _meant(line: str, session: Session, rules: CallRules) -> Typed:
    if len(line) > LONGEST_LINE:
        raise _UnclearError(_LONG)
    if line[:1] in _HELP or line.split(maxsplit=1)[0] in _HELP:
        asked = line[1:].strip() if line[:1] in _HELP else line.partition(" ")[2].strip()
        return Typed(help=_kind(asked, rules) if asked else "")
    if line in _QUIT:
        return Typed(quit=True)
    try:
        words = shlex.split(line)
    except ValueError:
        raise _UnclearError(_QUOTES) from None
    at = session.state.at
    if words and words[0][:1] in "+@":
        at = _time(words.pop(0), session)
    if not words:
        raise _UnclearError(_TIME, text=line)
    name, *rest = words
    said = session.next
    if name in _DO:
        done = event_of_step(said)
        if done is None:
            raise _UnclearError(_NOTHING_TO_DO)
        return Typed(event_at(session, *done, at))
    given: dict[str, object] = {}
    if name in _ANSWERS and "answer" in rules.events:
        name, given = "answer", {"response": _ANSWERS[name]}
    kind = rules.events[_kind(name, rules)]
    now = possible_now(rules, session).get(kind.kind, {})
    fields = _fields(kind, rest, given, now)
    if "offer" in kind.record.fields and "offer" not in fields:
        meant = offer_meant(kind.kind, said)
        fields |= {} if meant is None else {"offer": meant}
    return Typed(event_at(session, kind.kind, fields, at))


def _time(word: str, session: Session) -> datetime:
    written = word[1:]
    found: datetime | None = None
    if written.isascii() and written.isdigit() and len(written) <= len(str(MOST_SECONDS)):
        passed = timedelta(seconds=int(written))
        found = next_event_at(session, None, passed) if word[0] == "+" else next_event_at(session, passed)
    elif word[0] == "@":
        try:
            read = datetime.fromisoformat(written)
            found = read.astimezone(UTC) if read.utcoffset() is not None else None
        except (ValueError, OverflowError):
            found = None
    if found is None:
        raise _UnclearError(_TIME, text=word)
    return found


def _kind(name: str, rules: CallRules) -> str:
    """The kind that a word names: exactly, by its label, by how it begins."""
    if name in rules.events:
        return name
    named = {label: kind for kind, each in rules.events.items() for label in (kind, *each.labels.values())}
    if name in named:
        return named[name]
    beginning = sorted({kind for label, kind in named.items() if label.casefold().startswith(name.casefold())})
    if len(beginning) == 1:
        return beginning[0]
    if beginning:
        raise _UnclearError(_SEVERAL, name=name, known=", ".join(beginning))
    better = nearest(name, [*named, *_ANSWERS])
    if better is None:
        raise _UnclearError(_NO_EVENT, name=name)
    raise _UnclearError(_OTHER_EVENT, name=name, better=better)


# --- fields -----------------------------------------------------------------------------------------------------------


def _fields(kind: EventType, words: list[str], given: dict[str, object], now: Values) -> dict[str, object]:
    """The values of the fields: `name=value`, or a bare value for the first field that takes it."""
    found = dict(given)
    bare: list[str] = []
    for word in words:
        name, sign, value = word.partition("=")
        if not sign:
            bare.append(word)
            continue
        own = _field_name(kind, name)
        if own in found:
            raise _UnclearError(_TWICE, name=own)
        found[own] = _value(kind.record.fields[own], own, value, now)
    for word in bare:
        free = [each for each in kind.record.fields if each not in found]
        name = next((each for each in free if _takes(kind.record.fields[each], each, word, now)), None) or ""
        if not name:
            _no_field_takes(kind, free, word, now)
        found[name] = _value(kind.record.fields[name], name, word, now)
    return found


def _field_name(kind: EventType, written: str) -> str:
    names = kind.record.names
    if written in names:
        return names[written]
    better = nearest(written, names)
    if better is None:
        known = ", ".join(f"`{each}`" for each in kind.record.fields)
        raise _UnclearError(_NO_FIELD, kind=kind.kind, name=written, known=known or _NONE)
    raise _UnclearError(_OTHER_FIELD, kind=kind.kind, name=written, better=better)


def _takes(field: Attribute, name: str, word: str, now: Values) -> bool:
    known = now.get(name)
    if known:
        return word in known
    try:
        accepting(field)(_plain(field, word))
    except BadValueError:
        return False
    return True


def _no_field_takes(kind: EventType, free: list[str], word: str, now: Values) -> None:
    """Says what was meant, by the first field that a bare value could have been for."""
    for name in free:
        choices = _written(kind.record.fields[name], now, name)
        better = _meant_value(word, choices)
        if better is not None:
            raise _UnclearError(_OTHER_VALUE, value=word, name=name, better=better)
    if not free:
        raise _UnclearError(_NO_PLACE, kind=kind.kind, value=word)
    raise _bad(kind.record.fields[free[0]], free[0], word, now)


def _value(field: Attribute, name: str, word: str, now: Values) -> object:
    value = _plain(field, word)
    try:
        accepting(field)(value)
    except BadValueError:
        better = _meant_value(word, _written(field, now, name))
        if better is not None and field.type.kind in (Kind.ENUM, Kind.STRING):
            raise _UnclearError(_OTHER_VALUE, value=word, name=name, better=better) from None
        raise _bad(field, name, word, now) from None
    return value


def _meant_value(word: str, known: list[str]) -> str | None:
    """The value that a word is almost, or the only one that it begins."""
    beginning = [each for each in known if each.startswith(word)]
    return beginning[0] if len(beginning) == 1 else nearest(word, known)


def _bad(field: Attribute, name: str, word: str, now: Values) -> _UnclearError:
    return _UnclearError(_BAD, value=word, name=name, expected=expected(field, choices_of(field, now, name)))


def _written(field: Attribute, now: Values, name: str) -> list[str]:
    """All ways to write a value of a field that has a list of them."""
    domain = field.type.domain
    return [*choices_of(field, now, name), *(() if domain is None else domain.aliases)]


def expected(field: Attribute, choices: tuple[str, ...]) -> Text:
    """What a field takes, in words."""
    if choices:
        known = " | ".join(choices)
        return Text(known, known)
    kind = field.type.words
    if field.min is None or field.max is None:
        return kind
    limits = {"low": f"{field.min:f}", "high": f"{field.max:f}"}
    return Text(_BETWEEN.fill("en", {**limits, "type": kind.en}), _BETWEEN.fill("zh", {**limits, "type": kind.zh}))


def _plain(field: Attribute, word: str) -> object:
    """A typed word as JSON would have the value."""
    match field.type.kind:
        case Kind.BOOLEAN:
            return _FLAGS.get(word.casefold(), word)
        case Kind.NUMBER:
            try:
                return Decimal(word)
            except InvalidOperation:
                return word
        case Kind.SET:
            return [each for each in word.replace("，", ",").split(",") if each]
        case _:
            return word
