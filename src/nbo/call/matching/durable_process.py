"""The process in which durable_rules runs: it is asked whether facts fit a moment's rules, and says yes or no.

In: on standard input a line with the sets of rules, then a line a request: a list of [moment, set, [[facts, probe], …]]. Out:
a line "ready", then a line an answer: the moments for which a probe found what it needs, or `{"error": …}`. It is started as
a file of its own and reads nothing of nbo; what ends it ends nobody else. It ends when its input does.

Its library is called as its own Python layer calls it, without that layer's timer threads. A request is a session, which is
deleted before the answer: nothing grows, and no number of calls is too many.
"""

from __future__ import annotations

import json
import signal
import sys

SESSION = "c"


def main() -> None:
    """Answer until the input ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the process that asks
    sys.path.insert(0, sys.argv[1])
    import durable_rules_engine as engine  # type: ignore[import-not-found, unused-ignore]  # noqa: PLC0415 - found just now

    sets = json.loads(sys.stdin.readline())
    handles = [engine.create_ruleset(f"set{number}", json.dumps(rules)) for number, rules in enumerate(sets)]
    _say("ready")
    for line in sys.stdin:
        try:
            _say(
                json.dumps(
                    [moment for moment, number, asked in json.loads(line) if _any(engine, handles[number], asked)]
                )
            )
        except Exception as error:  # noqa: BLE001 - the library raises bare exceptions with a number
            _say(json.dumps({"error": f"{type(error).__name__}: {error}"}))


def _any(engine: object, handle: int, asked: list[tuple[str, str]]) -> bool:
    return any(_fits(engine, handle, facts, probe) for facts, probe in asked)


def _fits(engine: object, handle: int, facts: str, probe: str) -> bool:
    """Whether a rule fires with the probe. It is taken back at once, so that it fires for one way to fit and not for each."""
    try:
        if facts != "[]":
            engine.assert_facts(handle, facts)  # type: ignore[attr-defined]  # a module in C without stubs
        state = engine.assert_fact(handle, probe)[1]  # type: ignore[attr-defined]  # as above
        fired = engine.start_action_for_state(handle, state)  # type: ignore[attr-defined]  # as above
        engine.retract_fact(handle, probe)  # type: ignore[attr-defined]  # as above
        more = fired
        while more:
            more = engine.complete_and_start_action(handle, state)  # type: ignore[attr-defined]  # as above
        return bool(fired)
    finally:
        engine.delete_state(handle, SESSION)  # type: ignore[attr-defined]  # as above


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
