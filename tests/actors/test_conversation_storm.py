from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.storm import Storm

ALWAYS = 6_000
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


def test_thousands_of_interleavings_keep_every_promise():
    for seed in range(ALWAYS):
        play(seed, STEPS)


@pytest.mark.slow
@pytest.mark.parametrize("part", range(PARTS))
def test_the_rest_of_a_hundred_thousand_keep_them_too(part):
    for seed in range(ALWAYS + part, INTERLEAVINGS, PARTS):
        play(seed, STEPS)


@given(st.integers(min_value=INTERLEAVINGS))
@settings(max_examples=100, deadline=None)
def test_so_do_long_storms(seed):
    play(seed, 200)
