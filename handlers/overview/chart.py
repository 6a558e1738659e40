"""Charts as places on a canvas of 100 by 100: ticks, bars, lines. The page decides what they look like."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

_MOST_STEPS = 4
_LABELS = 5
_WEEK = 7
_GAP = 0.28
_BARS_NARROWER = 0.08

COUNTS = (1.0, 2.0, 5.0)
"""Steps between ticks of plain numbers, each also times ten, a hundred …"""

DURATIONS = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10800, 21600, 43200)
"""Steps between ticks of seconds; from half a day on they double."""


@dataclass(frozen=True, slots=True)
class Series:
    """A value for each slot, None where there is none. `hue` is one that the style sheet knows."""

    name: str
    hue: str
    values: Sequence[float | None]


@dataclass(frozen=True, slots=True)
class Tick:
    """A line across; `y` from the top, 0 to 100."""

    y: float
    text: str


@dataclass(frozen=True, slots=True)
class Label:
    """A word below the canvas."""

    x: float
    text: str


@dataclass(frozen=True, slots=True)
class Bar:
    """A part of a slot's bar."""

    hue: str
    y: float
    height: float


@dataclass(frozen=True, slots=True)
class Slot:
    """What stands at one place of the x axis: its full width, its bar's, and what a hover says."""

    x: float
    width: float
    bar_x: float
    bar_width: float
    title: str
    bars: Sequence[Bar]
    points: Sequence[Bar]


@dataclass(frozen=True, slots=True)
class Segment:
    """A piece of a line."""

    hue: str
    x1: float
    y1: float
    x2: float
    y2: float


@dataclass(frozen=True, slots=True)
class Plot:
    """A chart, ready to be drawn."""

    ticks: Sequence[Tick]
    labels: Sequence[Label]
    slots: Sequence[Slot]
    segments: Sequence[Segment]


def ticks(most: float, steps: Sequence[float] = COUNTS) -> tuple[float, ...]:
    """From 0 to `most` or a little above, in few and round steps."""
    if most <= 0:
        return (0, steps[0])
    step = next(step for step in _steps(steps) if step * _MOST_STEPS >= most)
    return tuple(step * number for number in range(math.ceil(most / step) + 1))


def bars(
    series: Sequence[Series],
    names: Sequence[str],
    titles: Sequence[str],
    said: Callable[[float], str] = "{:,.0f}".format,
) -> Plot:
    """Stacked bars, the first series at the bottom."""
    columns = list(zip(*(each.values for each in series), strict=True))
    at = ticks(max((sum(value or 0 for value in column) for column in columns), default=0))
    slots = [
        _slot(number, len(names), titles[number], bars=tuple(_stack(series, column, at[-1])))
        for number, column in enumerate(columns)
    ]
    return Plot(_ticks(at, said), _labels(names), slots, ())


def line(
    series: Series,
    names: Sequence[str],
    titles: Sequence[str],
    said: Callable[[float], str],
    steps: Sequence[float] = DURATIONS,
) -> Plot:
    """A line from value to value; one that has no neighbour is a point alone."""
    at = ticks(max((value or 0 for value in series.values), default=0), steps)
    count = len(names)
    slots = [
        _slot(
            number,
            count,
            titles[number],
            points=() if value is None else (Bar(series.hue, _y(value, at[-1]), 0),),
        )
        for number, value in enumerate(series.values)
    ]
    return Plot(_ticks(at, said), _labels(names), slots, tuple(_segments(series, count, at[-1])))


def _steps(steps: Sequence[float]) -> Iterator[float]:
    if steps is COUNTS:
        for power in range(16):
            yield from (step * 10**power for step in steps)
        return
    yield from steps
    while True:
        steps = [steps[-1] * 2]
        yield steps[0]


def _ticks(at: Sequence[float], said: Callable[[float], str]) -> list[Tick]:
    return [Tick(_y(value, at[-1]), said(value)) for value in at]


def _labels(names: Sequence[str]) -> list[Label]:
    """All of few names, else about five of them; always the last."""
    count = len(names)
    every = 1 if count <= _WEEK else round(count / _LABELS / _WEEK + 0.25) * _WEEK or _WEEK
    return [Label(_center(at, count), names[at]) for at in sorted(range(count - 1, -1, -every))]


def _slot(number: int, count: int, title: str, bars: Sequence[Bar] = (), points: Sequence[Bar] = ()) -> Slot:
    width = 100 / count
    gap = width * (_GAP if count > _WEEK else _GAP + _BARS_NARROWER)
    return Slot(
        x=_round(number * width),
        width=_round(width),
        bar_x=_round(number * width + gap / 2),
        bar_width=_round(width - gap),
        title=title,
        bars=bars,
        points=points,
    )


def _stack(series: Sequence[Series], column: Sequence[float | None], top: float) -> Iterator[Bar]:
    below = 0.0
    for each, value in zip(series, column, strict=True):
        if value:
            above = below + value
            yield Bar(each.hue, _y(above, top), _round(100 * value / top))
            below = above


def _segments(series: Series, count: int, top: float) -> Iterator[Segment]:
    """Between neighbours that have values; days without one are bridged, for the line to be read at all."""
    known = [(number, value) for number, value in enumerate(series.values) if value is not None]
    for (one, first), (two, second) in pairwise(known):
        yield Segment(series.hue, _center(one, count), _y(first, top), _center(two, count), _y(second, top))


def _center(number: int, count: int) -> float:
    return _round((number + 0.5) * 100 / count)


def _y(value: float, top: float) -> float:
    return _round(100 * (1 - value / top))


def _round(value: float) -> float:
    return round(value, 3) + 0.0
