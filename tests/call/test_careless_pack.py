"""What holds whatever a pack says: a pack whose author was careless with steps, gates and conditions."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from talk import BILL, PURCHASE, Talk, customer, refusal

from nbo import Engine

SAMPLE = Path(__file__).parents[2] / "rules" / "cn_credit_card"


def edited(path: Path, before: str, after: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert before in text
    path.write_text(text.replace(before, after), encoding="utf-8")


@pytest.fixture(scope="module")
def careless(tmp_path_factory: pytest.TempPathFactory) -> Engine:
    """No gate before the order; steps in the wrong order, or none that is required; selling hangs on what can be unknown."""
    rules = tmp_path_factory.mktemp("careless") / "rules"
    shutil.copytree(SAMPLE.parent, rules)
    root = rules / SAMPLE.name
    shutil.rmtree(root / "tests")
    edited(root / "pack.yaml", "\ntests:", "\n# tests:")
    edited(rules / "compliance" / "cn.yaml", "must: call.cost_statement_confirmed", 'must: "true"')
    push, confirm, order = (
        f"      - {{id: {each}, required: true}}\n" for each in ("push_cost_statement", "customer_confirms", "order")
    )
    summary = "      - {id: send_contract_summary, required: %s}\n"
    steps = push + confirm + order + summary % "false"
    edited(root / "scripts" / f"{BILL}.yaml", steps, order + confirm + push + summary % "true")
    edited(root / "scripts" / f"{PURCHASE}.yaml", steps, summary % "false")
    unclear = "events:\n  rush_unclear: {fields: {flag: {type: boolean}}, sets: {call.hurry_flag: it.flag}}\n"
    edited(root / "call.yaml", "events:\n", unclear)
    edited(root / "call.yaml", "selling_off:\n", "selling_off:\n  - {id: in_a_rush, when: call.hurry_flag}\n")
    return Engine.load(root, matcher="plain")


def test_a_statement_is_confirmed_before_the_order_wherever_the_step_stands(careless: Engine) -> None:
    talk = Talk(careless)
    talk.serve()
    talk.present()
    assert talk.answer("accept").step.step == "push_cost_statement"
    assert refusal(talk.say("order", offer=BILL)) == "step_before"
    assert refusal(talk.say("cost_statement_confirmed")) == "step_before"
    talk.confirm()
    assert talk.told("order", offer=BILL).step.step == "send_contract_summary"


def test_a_required_step_after_the_order_is_not_lost_for_another_offer(careless: Engine) -> None:
    talk = Talk(careless)
    talk.serve()
    talk.present()
    talk.answer("accept")
    talk.confirm()
    talk.told("order", offer=BILL)
    assert refusal(talk.say("offer_presented", offer="annual_fee_waiver")) == "step_before"
    talk.told("step_done", step="send_contract_summary")
    assert refusal(talk.say("offer_presented", offer="annual_fee_waiver")) != "step_before"


def test_only_an_order_books_what_has_no_required_step(careless: Engine) -> None:
    talk = Talk(careless, customer("asks_about_a_purchase"))
    talk.serve("single_purchase")
    talk.present(PURCHASE)
    talk.answer("accept", PURCHASE)
    talk.told("cost_statement_pushed")
    talk.told("step_done", step="send_contract_summary")
    assert talk.session.state.booked == frozenset()
    talk.told("order", offer=PURCHASE)
    assert talk.kinds() == ["presented", "accepted", "booked"]


def test_what_is_for_sale_is_not_spoken_of_while_nobody_knows_whether_selling_is_off(careless: Engine) -> None:
    talk = Talk(careless)
    talk.serve()
    talk.present()
    after = talk.told("rush_unclear")
    assert (after.step.code, after.step.says) == ("serve", None)
    assert after.step.reason is not None
    assert after.step.reason.code == "paused"
    assert refusal(talk.say("requoted", periods=6)) == "paused"
    assert talk.told("rush_unclear", flag=False).step.code == "await_answer"
