from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.storm import Storm

INTERLEAVINGS = 100_000
STEPS = 14
PARTS = 4
"""Cut for those who run tests on several cores."""


def play(seed: int, steps: int) -> None:
    storm = Storm(seed)
    try:
        storm.run(steps)
    except Exception as error:
        error.add_note(f"seed {seed}: {' '.join(storm.trace)}")
        raise


@pytest.mark.slow
@pytest.mark.parametrize("part", range(PARTS))
def test_a_hundred_thousand_interleavings_keep_every_promise(part):
    for seed in range(part, INTERLEAVINGS, PARTS):
        play(seed, STEPS)


@given(st.integers(min_value=INTERLEAVINGS))
@settings(max_examples=100, deadline=None)
def test_long_storms_keep_them_too(seed):
    play(seed, 200)
