"""How long the search for forbidden wording takes, stage by stage: `python benchmarks/matching.py [RULES]`.

The texts have 300 characters: two as the sample pack says them, one with wording that an exception covers, one in disguise.
Growth is shown as the ratio of the times of two texts, one eight times as long as the other.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from timeit import repeat

from nbo import Engine
from nbo.pack.load import load_pack
from nbo.script.compliance import ScriptChecker
from nbo.script.lexicon import Lexicon
from nbo.script.normalize import normalize
from nbo.script.readings import other_readings

ROOT = Path(__file__).parents[1]
AT = datetime.fromisoformat("2026-11-16T10:30:00+08:00")
ZH = (
    "您说这个月手头有点紧，我帮您看了账单分期。这期账单可以拿出10800.00元，分12期还，每期还964.80元。总利息777.60元，近似折算年化利率（单利）13.03%。"
    "办不办由您自己决定。不分期也可以，您平时都是全额还款，在到期还款日前照常还清，就没有分期利息。分期金额会占用您的信用额度，还了多少恢复多少。"
    "中途可以提前结清，已经入账的利息不退，还没入账的利息不再收。您要是愿意，我先把综合融资成本明示表发给您，您看过并确认以后才会下单。您看要办理吗？"
)
EN = (
    "This is entirely your choice. If you pay the statement in full by the due date instead, as you always do, there is no "
    "installment interest. The amount uses your credit limit and is released as you repay it. You may settle early; interest "
    "already posted is not refunded, and interest not yet posted is not charged."
)
CASE = "eases_payment"
TEXTS = {
    "Chinese": (ZH * 2)[:300],
    "English": (EN + " Would you like to go ahead with that today, or not?")[:300],
    "Chinese, excepted": ("最低还款额不变，第一期在下月。" + ZH * 2)[:300],
    "Chinese, disguised": ("利率最★低，國·家·级产品。" + ZH * 2)[:300],
    "English, disguised": ("It is guar-ant33d, r1sk - fr€e! " + EN)[:300],
}


def microseconds(stage: Callable[[], object], times: int = 2_000) -> float:
    """The best of seven rounds: what the machine does besides is not asked."""
    stage()
    return min(repeat(stage, number=times, repeat=7)) / times * 1e6


def main() -> None:
    rules = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "rules" / "cn_credit_card"
    pack, found = load_pack(rules, AT)
    if pack is None:
        raise SystemExit(f"{rules} does not load: {found[0].message()}")
    checker = ScriptChecker(pack)
    every = Lexicon(checker.terms)
    family = checker.lexicon(rule for rule in pack.compliance if rule.concerns("bill_installment", "phone", "zh"))
    print(f"{len(checker.terms)} rules forbid wording; microseconds for 300 characters\n")
    print(f"{'':20}{'normalize':>12}{'readings':>12}{'one family':>12}{'all rules':>12}{'one by one':>12}")
    for name, text in TEXTS.items():
        normal = normalize(text)
        stages = [
            microseconds(lambda text=text: normalize(text)),
            microseconds(lambda normal=normal: other_readings(normal)),
            microseconds(lambda normal=normal: family.find(normal)),
            microseconds(lambda normal=normal: every.find(normal)),
            microseconds(lambda normal=normal: [each.find(normal) for each in checker.terms.values()], 200),
        ]
        print(f"{name:20}" + "".join(f"{each:12.1f}" for each in stages))
    print("\nthe whole check of a script as it is said, every rule of the pack, in microseconds")
    engine = Engine(pack)
    case = next(each for each in pack.cases if each.id == CASE)
    offers = {offer.id: offer for offer in pack.offers}
    for language in pack.languages:
        facts = engine.prepare(case.profile, at=case.at)
        for decided in engine.decide(facts, channel=case.channel, language=language).offers:
            script, offer = decided.script, offers[decided.offer]
            if script is None:
                continue
            check = microseconds(
                lambda script=script, offer=offer, facts=facts: checker.check_script(
                    script, offer, case.channel, facts.values, facts.today
                )
            )
            print(f"{offer.id} in {language}, {len(script.text)} characters{check:12.1f}")
    print("\ngrowth from 100,000 to 800,000 characters, as a ratio; 8 is linear")
    for name, text in TEXTS.items():
        short, long = (text * (length // len(text)) for length in (100_000, 800_000))
        ratio = microseconds(lambda long=long: every.find(normalize(long)), 1) / microseconds(
            lambda short=short: every.find(normalize(short)), 1
        )
        print(f"{name:20}{ratio:12.1f}")


if __name__ == "__main__":
    main()
