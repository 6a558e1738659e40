"""Medians, spreads, and ratios of rounds that belong together."""

from __future__ import annotations

import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ops.bench.harness import Sample


@dataclass(frozen=True)
class Spread:
    """The middle of some values, the smallest and the largest."""

    median: float
    low: float
    high: float
    count: int

    @classmethod
    def of(cls, values: Sequence[float]) -> Spread:
        """Of one value or more."""
        return cls(statistics.median(values), min(values), max(values), len(values))

    def shown(self, digits: int) -> str:
        """As a table has it."""
        if self.count == 1:
            return f"{self.median:,.{digits}f}"
        return f"{self.median:,.{digits}f} ({self.low:,.{digits}f}–{self.high:,.{digits}f})"


def values(samples: Iterable[Sample], case: str, contender: str, measure: str) -> dict[int, float]:
    """A measure of a contender in a case, by round."""
    return {
        sample.round: sample.metrics[measure]
        for sample in samples
        if sample.case == case and sample.contender == contender and measure in sample.metrics
    }


def ratios(ours: dict[int, float], theirs: dict[int, float]) -> list[float]:
    """Ours by theirs, round by round: what slowed a whole round falls out. Without pairs there are none."""
    return [ours[number] / theirs[number] for number in sorted(ours) if theirs.get(number)]


def percentile(numbers: Sequence[float], percent: float) -> float:
    """The value that this percentage of one number or more does not exceed."""
    ordered = sorted(numbers)
    return ordered[min(len(ordered) - 1, int(len(ordered) * percent / 100))]
