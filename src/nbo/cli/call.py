"""`nbo call RULES --profile FILE`: a call as an agent sees it, with events typed or read from a file."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from nbo.call.matching.choose import MatcherName
from nbo.call.session import Session
from nbo.call.vocabulary import call_rules
from nbo.cli.call_files import read_stored, read_transcript, with_changes, write_stored
from nbo.cli.call_play import CallPlay
from nbo.cli.shared import (
    FINDINGS,
    Format,
    Language,
    Output,
    Rules,
    Spoken,
    load_engine,
    parse_at,
    read_profile,
    refuse,
)
from nbo.diagnostics.diagnostic import Text
from nbo.diagnostics.place import printable
from nbo.engine import Engine
from nbo.workbench.transcript.form import TranscriptFile

_MATCHERS: Mapping[str, MatcherName] = {"durable": "durable", "plain": "plain"}
_NO_CUSTOMER = Text("which customer? give `--profile FILE`", "请用 `--profile FILE` 指定客户")
_ONE_INPUT = Text(
    "`--profile -` reads standard input; give the events with `--events FILE`",
    "`--profile -` 已占用标准输入；请用 `--events FILE` 给出事件",
)
_STORED_SAYS = Text("`{option}` stands in the stored call; leave it out", "已保存的通话中已有 `{option}`，请去掉")
_NO_MATCHER = Text(
    "there is no matcher `{name}`; there are `durable` and `plain`", "没有匹配器 `{name}`；可用 `durable` 或 `plain`"
)
_LEFT_OUT = Text("an event of the stored call is not possible by these rules", "已保存的通话中有一个事件不符合现有规则")


def command(
    rules: Rules,
    profile: Annotated[
        str | None,
        typer.Option(
            "--profile", metavar="FILE|-", help="The customer when the call begins, as JSON or YAML; - reads JSON."
        ),
    ] = None,
    events: Annotated[
        Path | None,
        typer.Option("--events", metavar="FILE", help="A transcript to play, in place of events that are typed."),
    ] = None,
    at: Annotated[
        str | None, typer.Option("--at", metavar="TIME", help="The call begins at this time; now by default.")
    ] = None,
    call_id: Annotated[str | None, typer.Option("--call-id", metavar="ID", help="The id of the call.")] = None,
    channel: Annotated[str | None, typer.Option("--channel", help="The channel of the call; phone by default.")] = None,
    language: Spoken = None,
    matcher: Annotated[
        str | None, typer.Option("--matcher", metavar="NAME", help="What finds the moments: durable or plain.")
    ] = None,
    save: Annotated[
        Path | None, typer.Option("--save", metavar="FILE", help="Write the call's events in the end.")
    ] = None,
    resume: Annotated[
        Path | None, typer.Option("--resume", metavar="FILE", help="Go on with a call that was saved.")
    ] = None,
    strict: Annotated[  # noqa: FBT002 - typer reads a flag's default there
        bool, typer.Option("--strict", help="Exit with 1 if an event of the file was not possible, unless it says so.")
    ] = False,
    output: Output = Format.TEXT,
    lang: Annotated[
        Language | None, typer.Option("--lang", help="The language of the messages; that of the call by default.")
    ] = None,
) -> None:
    """Play a call: after every event the agent's screen. Exits 1 where a transcript expects something else."""
    said_in = lang or language or Language.EN
    script = None if events is None else read_transcript(events, said_in)
    if profile == "-" and script is None:
        refuse(_ONE_INPUT.fill(said_in))
    chosen = _matcher(matcher, said_in)
    engine = load_engine(rules, said_in, chosen)
    customer = _customer(profile, script, events, engine, said_in)
    if resume is not None:
        for option, given in (("--at", at), ("--call-id", call_id), ("--channel", channel), ("--language", language)):
            if given is not None:
                refuse(_STORED_SAYS.fill(said_in, {"option": option}))
        session = _resumed(engine, resume, customer, said_in)
    else:
        session = _begun(engine, customer, script, parse_at(at), call_id, channel, language)
    play = CallPlay(session, call_rules(engine.pack), engine.pack.zone, output, lang or session.language)
    ok = True
    if script is not None and script.about is not None and output is Format.TEXT:
        typer.echo(printable(script.about.text))
    try:
        play.show(None, session.next, [])
        if script is None:
            play.typed()
        else:
            ok = play.transcript(script, strict=strict)
    except KeyboardInterrupt:
        typer.echo(err=True)
    if save is not None:
        write_stored(save, session, said_in)
    session.close()
    if not ok:
        raise typer.Exit(FINDINGS)


# --- how a call begins ------------------------------------------------------------------------------------------------


def _matcher(name: str | None, language: str) -> MatcherName | None:
    if name is not None and name not in _MATCHERS:
        refuse(_NO_MATCHER.fill(language, {"name": printable(name)}))
    return None if name is None else _MATCHERS[name]


def _customer(
    profile: str | None, script: TranscriptFile | None, events: Path | None, engine: Engine, language: str
) -> object:
    """The customer of the option, or else of the transcript, with what the transcript changes."""
    named = None if script is None or script.profile is None or events is None else events.parent / script.profile.text
    if profile is None and named is None:
        refuse(_NO_CUSTOMER.fill(language))
    read = read_profile(str(named) if profile is None else profile)
    return read if script is None else with_changes(read, script.changes, engine.pack, language)


def _begun(
    engine: Engine,
    customer: object,
    script: TranscriptFile | None,
    at: datetime | None,
    call_id: str | None,
    channel: str | None,
    language: str | None,
) -> Session:
    """A call that begins: what an option says, or else the transcript, or else the customer."""
    if script is not None:
        at = at or script.at
        call_id = call_id or (None if script.call_id is None else script.call_id.text)
        channel = channel or (None if script.channel is None else script.channel.text)
        language = language or (None if script.language is None else script.language.text)
    try:
        return engine.call(call_id or _own_id(customer), customer, at=at, channel=channel or "phone", language=language)
    except ValueError as error:
        refuse(printable(str(error)))


def _own_id(customer: object) -> str:
    """The id that the profile gives the call."""
    call = customer.get("call") if isinstance(customer, Mapping) else None
    named = call.get("call_id") if isinstance(call, Mapping) else None
    return named if isinstance(named, str) and named else "call"


def _resumed(engine: Engine, path: Path, customer: object, language: str) -> Session:
    call_id, events = read_stored(path, language)
    try:
        session = engine.resume(call_id, customer, events)
    except ValueError as error:
        refuse(printable(str(error)))
    for each in session.left_out:
        typer.echo(f"nbo: {_LEFT_OUT.fill(language)}: {printable(each.text(session.language))}", err=True)
    return session
