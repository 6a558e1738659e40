from __future__ import annotations

import pytest

from handlers.overview.chart import DURATIONS, Series, bars, line, ticks


@pytest.mark.parametrize(
    ("most", "expected"),
    [
        (0, (0, 1)),
        (1, (0, 1)),
        (4, (0, 1, 2, 3, 4)),
        (5, (0, 2, 4, 6)),
        (37, (0, 10, 20, 30, 40)),
        (201, (0, 100, 200, 300)),
        (123_456, (0, 50_000, 100_000, 150_000)),
    ],
)
def test_ticks_are_round_and_reach_the_highest(most: float, expected: tuple[float, ...]) -> None:
    assert ticks(most) == expected


@pytest.mark.parametrize("most", [1, 59, 61, 600, 3599, 90_000, 3_000_000])
def test_ticks_of_durations_are_few_and_reach_the_highest(most: float) -> None:
    at = ticks(most, DURATIONS)
    assert 2 <= len(at) <= 5
    assert at[-2] < most <= at[-1]


def test_bars_stand_on_each_other_and_end_at_their_sum() -> None:
    series = [Series("Bot", "bot", [3, 0]), Series("Person", "human", [1, 0])]
    plot = bars(series, ["Mon", "Tue"], ["a", "b"])
    lower, upper = plot.slots[0].bars
    assert (lower.hue, lower.y, lower.height) == ("bot", 25, 75)
    assert (upper.hue, upper.y, upper.height) == ("human", 0, 25)
    assert plot.slots[1].bars == ()
    assert [tick.text for tick in plot.ticks] == ["0", "1", "2", "3", "4"]
    assert [tick.y for tick in plot.ticks] == [100, 75, 50, 25, 0]


@pytest.mark.parametrize("count", [1, 7, 30, 90])
def test_everything_stays_on_the_canvas(count: int) -> None:
    names = [str(number) for number in range(count)]
    plot = bars([Series("All", "accent", list(range(count)))], names, names)
    for slot in plot.slots:
        assert slot.x <= slot.bar_x
        assert slot.bar_x + slot.bar_width <= slot.x + slot.width <= 100.1
        assert all(0 <= bar.y <= 100 for bar in slot.bars)
    assert plot.labels[-1].text == names[-1]
    assert len(plot.labels) <= 7
    places = [label.x for label in plot.labels]
    assert places == sorted(places)


def test_no_values_make_an_empty_chart() -> None:
    plot = bars([Series("None", "bot", [0, 0])], ["a", "b"], ["a", "b"])
    assert [slot.bars for slot in plot.slots] == [(), ()]
    plot = line(Series("None", "human", [None, None]), ["a", "b"], ["a", "b"], str)
    assert plot.segments == ()
    assert [slot.points for slot in plot.slots] == [(), ()]


def test_a_line_bridges_days_without_a_value() -> None:
    plot = line(Series("Wait", "human", [30, None, 60, 0]), list("abcd"), list("abcd"), str)
    assert [(s.x1, s.y1, s.x2, s.y2) for s in plot.segments] == [(12.5, 50, 62.5, 0), (62.5, 0, 87.5, 100)]
    assert [len(slot.points) for slot in plot.slots] == [1, 0, 1, 1]
