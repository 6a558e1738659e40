from __future__ import annotations

import gc
import weakref
from collections.abc import Iterator

import pytest

from server.garbage import ALL_AGAIN_S, EVERY_S, SHARE, tended
from tests.support.doubles import HandFiredTimers


class Knot:
    def __init__(self) -> None:
        self.self = self


@pytest.fixture
def timers() -> Iterator[HandFiredTimers]:
    assert gc.isenabled()
    yield HandFiredTimers()
    assert gc.isenabled()
    assert gc.get_freeze_count() == 0


def test_what_is_new_is_looked_at_again_and_again(timers: HandFiredTimers):
    with tended(timers, lambda: 0.0):
        assert gc.get_freeze_count() > 1_000
        came = weakref.ref(Knot())
        timers.fire(EVERY_S)
        assert came() is None
        again = weakref.ref(Knot())
        timers.fire(EVERY_S)
        assert again() is None


def test_what_has_stayed_is_left_alone_until_an_hour_has_passed(timers: HandFiredTimers):
    now = 0.0
    with tended(timers, lambda: now):
        knot = Knot()
        stayed = weakref.ref(knot)
        timers.fire(EVERY_S)
        del knot
        timers.fire(EVERY_S)
        assert stayed() is not None
        now = ALL_AGAIN_S + 1
        timers.fire(EVERY_S)
        assert stayed() is None


def test_what_has_stayed_is_looked_at_when_twice_as_much_is_there(timers: HandFiredTimers):
    with tended(timers, lambda: 0.0):
        knot = Knot()
        stayed = weakref.ref(knot)
        timers.fire(EVERY_S)
        del knot
        much = [[] for _ in range(2 * gc.get_freeze_count() + 400_000)]
        timers.fire(EVERY_S)
        assert stayed() is None
        assert much


def test_all_is_not_looked_at_before_the_time_it_would_take_is_earned(timers: HandFiredTimers):
    now, each_time = 0.0, 2.0

    def a_slow_clock() -> float:
        nonlocal now
        now += each_time
        return now

    with tended(timers, a_slow_clock):
        looked_at, each_time, count = now, 0.0, gc.get_freeze_count()
        knot = Knot()
        stayed = weakref.ref(knot)
        timers.fire(EVERY_S)
        del knot
        much = [[] for _ in range(2 * count + 400_000)]
        timers.fire(EVERY_S)
        would_take_s = 2.0 * gc.get_freeze_count() / count
        now = looked_at + 0.99 * SHARE * would_take_s
        timers.fire(EVERY_S)
        assert stayed() is not None
        now = looked_at + 1.01 * SHARE * would_take_s
        timers.fire(EVERY_S)
        assert stayed() is None
        assert much
