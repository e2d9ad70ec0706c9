"""The process in which durable_rules runs: it is asked whether facts fit a moment's rule, and says for which they do.

In: on standard input a line with the sets of rules in JSON, then a line a request: questions of a moment, a set, a probe and
facts. Out: a line "ready", then a line an answer: the moments for which the probe found what it needs, or "!" and why not, and
then it ends. It is started as a file of its own and reads nothing of nbo; what ends it ends nobody else. It ends when its input
does.

Its library is called as its own Python layer calls it, without that layer's timer threads. There is one session for ever, and
every fact is taken back before the answer: nothing grows, and no number of calls is too many. (Deleting a session in which
no rule ever fired frees memory by a pointer that was never set.)
"""

from __future__ import annotations

import json
import signal
import sys

BETWEEN_PARTS, BETWEEN_QUESTIONS = "\x1f", "\x1e"


def main() -> None:
    """Answer until the input ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the process that asks
    sys.path.insert(0, sys.argv[1])
    import durable_rules_engine as engine  # type: ignore[import-not-found, unused-ignore]  # noqa: PLC0415 - found just now

    sets = json.loads(sys.stdin.readline())
    handles = [engine.create_ruleset(f"set{number}", json.dumps(rules)) for number, rules in enumerate(sets)]
    _say("ready")
    for line in sys.stdin:
        found: list[str] = []
        try:
            for question in line[:-1].split(BETWEEN_QUESTIONS):
                moment, number, probe, *facts = question.split(BETWEEN_PARTS)
                if moment not in found and _fits(engine, handles[int(number)], probe, facts):
                    found.append(moment)
        except Exception as error:  # noqa: BLE001 - the library raises bare exceptions with a number
            _say(f"!{type(error).__name__}: {error}".replace("\n", " "))
            return  # some of the facts may still be there
        _say(" ".join(found))


def _fits(engine: object, handle: int, probe: str, facts: list[str]) -> bool:
    """Whether the rule fires. The probe is taken back at once, so that it fires for one way to fit and not for each."""
    assert_fact, retract_fact = engine.assert_fact, engine.retract_fact  # type: ignore[attr-defined]  # in C, without stubs
    for fact in facts:
        assert_fact(handle, fact)
    state = assert_fact(handle, probe)[1]
    fired = engine.start_action_for_state(handle, state)  # type: ignore[attr-defined]  # as above
    retract_fact(handle, probe)
    more = fired
    while more:
        more = engine.complete_and_start_action(handle, state)  # type: ignore[attr-defined]  # as above
    for fact in facts:
        retract_fact(handle, fact)
    return bool(fired)


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
