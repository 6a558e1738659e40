from __future__ import annotations

import pytest

from ops.bench.harness import BATON, Sample, Target
from ops.bench.smoke import judge

TARGET = Target("cpu_us", "200 single", "at most", 0.8, ("plain",))


def sample(contender: str, number: int, cpu_us: float) -> Sample:
    return Sample("fanout", "200 single", contender, number, {"cpu_us": cpu_us})


@pytest.mark.parametrize(
    ("ours", "words"), [((4, 4, 30), ""), ((9, 9, 4), "Too slow: cpu_us with 200 single")]
)
def test_the_median_ratio_decides(ours, words):
    samples = [sample(BATON, number, cpu) for number, cpu in enumerate(ours)]
    samples += [sample("plain", number, 10) for number in range(3)]
    assert judge(samples, TARGET)[: len(words) or None] == words


def test_what_was_not_measured_is_no_success():
    assert judge([], TARGET) == "Nothing was measured of cpu_us with 200 single."
