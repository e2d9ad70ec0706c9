"""A pack of many offers as a bank's analysts would write it, one offer a file, made in a folder from a seed.

It stands on the sample pack: its dictionary with 27 attributes more, its gates, segments and contact rules, and the rules of
China. Of 50 families one in five sells an installment with a quote; every family has a script of its own in two languages.
"""

from __future__ import annotations

import random
import shutil
from pathlib import Path

RULES = Path(__file__).parents[1] / "rules"
SAMPLE = RULES / "cn_credit_card"
FAMILIES = 50
CONDITIONS = 5
ENUMS = (2, 2, 3, 5, 8, 12, 20, 50, 100, 200)
SETS = (20, 40)
NUMERIC = ("integer", "money", "number") * 5
TOP = 100_000
PRINCIPAL = "{of: statement.eligible_purchases, share: 90%, round: down, to: 0.01, min: 450.00, max: 270000.00}"

PACK = """pack: many_offers
version: 1.0.0
language_version: 1
locale: zh-CN
languages: [zh, en]
currency: CNY
timezone: Asia/Shanghai
personalization: {opted_out: consent.personalization_opt_out}
dictionary: dictionary.yaml
segments: segments.yaml
offers: offers/
scripts: scripts/
gates: gates.yaml
arbitration: arbitration.yaml
contact: contact.yaml
compliance: [../compliance/cn.yaml]
authority: {none: nothing is waived}
"""
ARBITRATION = """value: {bank: 0.5, customer: 0.5, bank_only: suppress}
context:
  - {when: ease_payment in call.need_tags, families: [family_00, family_05], weight: +0.40}
  - {when: segment.new_customer, families: all, weight: -0.30}
  - {when: segment.premium_card, families: [family_01], weight: +0.20}
bounds: {p: [0.001, 1], c: [0.2, 3], v: [0.1, 1], l: [0.2, 3]}
serve: {outcome: self_service, channel: app}
"""
SEGMENTS_USED = ("revolver", "full_payer", "new_customer", "asks_about_benefits", "premium_card", "leaving", "at_risk")


def write_pack(folder: Path, offers: int) -> Path:
    """The pack's folder inside `folder`, with the compliance rules beside it."""
    root = folder / "many_offers"
    for part in ("offers", "scripts"):
        (root / part).mkdir(parents=True)
    (folder / "compliance").mkdir()
    shutil.copy(RULES / "compliance" / "cn.yaml", folder / "compliance" / "cn.yaml")
    for name in ("gates.yaml", "segments.yaml"):
        shutil.copy(SAMPLE / name, root / name)
    _write(root / "contact.yaml", _read(SAMPLE / "contact.yaml").replace("[investment_referral]", "[family_01]"))
    _write(root / "pack.yaml", PACK)
    _write(root / "arbitration.yaml", ARBITRATION)
    _write(root / "dictionary.yaml", _dictionary())
    for n in range(FAMILIES):
        sample = "bill_installment" if n % 5 == 0 else "retention_talk"
        text = _read(SAMPLE / "scripts" / f"{sample}.yaml").replace(f"script: {sample}", f"script: script_{n:02}")
        _write(root / "scripts" / f"script_{n:02}.yaml", text)
    draw = random.Random(20_260_801)
    for n in range(offers):
        _write(root / "offers" / f"offer_{n:05}.yaml", _offer(draw, n))
    return root


def changed_offer(root: Path, n: int) -> None:
    """Write one offer anew, with other conditions."""
    _write(root / "offers" / f"offer_{n:05}.yaml", _offer(random.Random(n), n))


def _offer(draw: random.Random, n: int) -> str:
    family = n % FAMILIES
    lines = [
        f"# Offer {n}, as an example.",
        f"offer: offer_{n:05}",
        f"family: family_{family:02}",
        "kind: sales",
        f"label: {{zh: 产品{n:05}, en: Offer {n:05}}}",
        f"valid: {{from: 2026-0{1 + n % 9}-01, through: 2030-12-31}}",
        f"priority: {n % 40}",
        "eligibility:",
    ]
    for place, condition in enumerate(_conditions(draw)):
        if place < 2:
            lines += [
                f"  - when: {condition}",
                f"    reason: {{zh: 不符合条件{place + 1}, en: Condition {place + 1} does not hold}}",
            ]
        else:
            lines.append(f"  - {condition}")
    lines += [
        "applicability:",
        f"  - when: segment.{draw.choice(SEGMENTS_USED)} or ease_payment in call.need_tags",
        "    because: {zh: 客户的需要, en: What the customer needs}",
    ]
    return "\n".join(
        [*lines, *(_installment(draw) if family % 5 == 0 else _plain(draw)), f"script: script_{family:02}", ""]
    )


def _installment(draw: random.Random) -> list[str]:
    return [
        "suitability:",
        "  - customer.monthly_income is missing or quote.payment <= customer.monthly_income * 0.30",
        "quote:",
        "  type: installment",
        f"  principal: {PRINCIPAL}",
        "  terms:",
        *(f"    - {{periods: {each}, rate: 0.{draw.randrange(55, 95)}%}}" for each in (3, 6)),
        f"    - {{periods: 12, rate: 0.{draw.randrange(55, 95)}%, recommended: true}}",
        "  collection: each_period",
        "  remainder: last",
        "  settlement: charged_so_far",
        "  first_due: statement.due_date + months(1)",
        "  valid_until: statement.due_date",
        "  limit_after: account.available_credit",
        "  revolving: {daily_rate: 0.05%, unless: account.autopay == full}",
        "  collector: {zh: 本行信用卡中心, en: The bank's card center}",
        "value:",
        "  bank: {amount: quote.total_interest, scale: [0, 2000]}",
        '  customer: {amount: "default(quote.saving_against_revolving, quote.principal * 0.02)", scale: [0, 500]}',
        f"propensity: 0.{draw.randrange(1, 40):02}",
    ]


def _plain(draw: random.Random) -> list[str]:
    return [
        "value:",
        f"  bank: {{amount: account.annual_fee + {draw.randrange(1, 40) * 10}, scale: [0, 2000]}}",
        f"  customer: {{amount: account.annual_fee * 0.{draw.randrange(1, 40):02}, scale: [0, 500]}}",
        f"propensity: 0.{draw.randrange(1, 40):02}",
    ]


def _dictionary() -> str:
    """The sample's, with the families of this pack in the history."""
    text, first = _read(SAMPLE / "dictionary.yaml"), "        bill_installment: {"
    families = "".join(f"        family_{n:02}: {{}}\n" for n in range(FAMILIES))
    return text.replace(first, families + first) + _attributes()


def _attributes() -> str:
    """Fifteen numbers, ten enums of 2 to 200 values, two sets."""
    lines = ["", "a:"]
    lines += [f"  n{n}: {{type: {kind}, min: 0, max: {TOP}}}" for n, kind in enumerate(NUMERIC)]
    for n, size in enumerate(ENUMS):
        lines.append(f"  e{n}: {{type: enum, values: [{', '.join(f'v{n}_{each}' for each in range(size))}]}}")
    for n, size in enumerate(SETS):
        lines.append(f"  s{n}: {{type: set, of: enum, values: [{', '.join(f't{n}_{each}' for each in range(size))}]}}")
    return "\n".join([*lines, ""])


def _conditions(draw: random.Random) -> list[str]:
    return [_condition(draw, each) for each in draw.sample(range(len(NUMERIC) + len(ENUMS) + len(SETS)), CONDITIONS)]


def _condition(draw: random.Random, which: int) -> str:
    """Thresholds are mostly round; one in ten is not."""
    if which < len(NUMERIC):
        point = draw.randrange(1, 20) * 5_000 + (draw.randrange(-2_400, 2_400) if draw.random() < 0.1 else 0)
        return f"a.n{which} {draw.choice(('>=', '<='))} {point}"
    which -= len(NUMERIC)
    if which < len(ENUMS):
        size = ENUMS[which]
        some = 1 if size <= 3 else min(size // 2, 8)
        chosen = ", ".join(f"v{which}_{each}" for each in sorted(draw.sample(range(size), some)))
        return f"a.e{which} in [{chosen}]"
    which -= len(ENUMS)
    return f"t{which}_{draw.randrange(SETS[which] // 4)} in a.s{which}"


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8")
