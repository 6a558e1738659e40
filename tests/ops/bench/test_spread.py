from __future__ import annotations

from ops.bench.harness import Sample, rounds_of
from ops.bench.spread import Spread, percentile, ratios, values


def test_a_spread_is_the_median_between_the_lowest_and_the_highest():
    spread = Spread.of([9.0, 1.0, 2.0])
    assert (spread.median, spread.low, spread.high, spread.count) == (2.0, 1.0, 9.0, 3)
    assert spread.shown(1) == "2.0 (1.0–9.0)"
    assert Spread.of([1234.56]).shown(0) == "1,235"


def test_ratios_pair_what_belongs_to_one_round():
    assert ratios({1: 10.0, 2: 40.0, 3: 7.0}, {2: 20.0, 1: 10.0}) == [1.0, 2.0]
    assert ratios({1: 10.0}, {}) == []


def test_values_are_of_one_contender_case_and_measure():
    samples = [
        Sample("b", "500", "Baton", 1, {"cpu": 1.0}),
        Sample("b", "500", "ws", 1, {"cpu": 2.0}),
        Sample("b", "10", "Baton", 1, {"cpu": 3.0}),
        Sample("b", "500", "Baton", 2, {"wall": 4.0}),
    ]
    assert values(samples, "500", "Baton", "cpu") == {1: 1.0}


def test_a_percentile_is_one_of_the_numbers():
    numbers = list(range(1, 101))
    assert percentile(numbers, 50) == 51
    assert percentile(numbers, 99) == 100
    assert percentile([7], 99) == 7


def test_every_contender_takes_part_once_a_round():
    turns = list(rounds_of(["a", "b", "c"], 4))
    for number in range(1, 5):
        assert sorted(name for round_, name in turns if round_ == number) == ["a", "b", "c"]
