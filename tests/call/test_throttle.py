"""The throttle lets the share of calls with a pitch grow evenly, and the same calls have one every time."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from talk import Talk, customer, why_not

from nbo import Engine
from nbo.call.moment import share_of

CALLS = [f"call-{number}" for number in range(2_000)]


@pytest.mark.parametrize(
    ("level", "share"), [(0.79, 0.0), (0.8, 0.0), (0.825, 0.25), (0.85, 0.5), (0.875, 0.75), (0.9, 1.0)]
)
def test_the_share_of_calls_with_a_pitch_grows_evenly(level: float, share: float) -> None:
    low, high = 0.8, 0.9
    pitched = [
        each for each in CALLS if level >= high or (level >= low and share_of(each) < (level - low) / (high - low))
    ]
    assert len(pitched) / len(CALLS) == pytest.approx(share, abs=0.04)


@given(st.text(), st.text())
def test_a_call_stands_where_its_id_says(one: str, other: str) -> None:
    assert 0 <= share_of(one) < 1
    assert (share_of(one) == share_of(other)) is (one == other)


def test_a_call_that_has_a_pitch_at_a_level_has_one_at_every_higher_one(sample: Engine) -> None:
    for call_id in CALLS[:12]:
        talk = Talk(sample, customer(), call_id)
        talk.serve()
        answers = []
        for level in (0.75, 0.81, 0.83, 0.85, 0.87, 0.89, 0.91):
            after = talk.told("queue", service_level=level)
            assert why_not(after) in (None, "queue")
            assert after.moment.is_open is (
                level >= 0.9 or (level >= 0.8 and share_of(call_id) < (level - 0.8) / (0.9 - 0.8))
            )
            answers.append(after.moment.is_open)
        assert answers == sorted(answers)
        assert answers[-1]


def test_where_nobody_knows_how_long_callers_wait_there_is_no_pitch(sample: Engine) -> None:
    talk = Talk(sample, customer(call__queue_sl=None))
    after = talk.serve()
    assert why_not(after) == "queue_unknown"
    assert after.moment.why is not None
    assert str(after.moment.why.source).startswith("call.yaml:")
