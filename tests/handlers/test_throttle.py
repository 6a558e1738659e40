from __future__ import annotations

from handlers.throttle import Bucket, Buckets, Slots, Strikes, is_shared
from tests.support.manual_time import ManualTime


def test_a_bucket_gives_its_burst_then_its_rate() -> None:
    time = ManualTime()
    bucket = Bucket(3, 2, time.monotonic)
    assert [bucket.take() for _ in range(4)] == [True, True, True, False]
    time.advance(0.5)
    assert [bucket.take() for _ in range(2)] == [True, False]
    time.advance(1000)
    assert [bucket.take() for _ in range(4)] == [True, True, True, False]


def test_each_key_has_a_bucket_of_its_own() -> None:
    buckets = Buckets(1, 0.001)
    assert buckets.of("a").take()
    assert not buckets.of("a").take()
    assert buckets.of("b").take()


def test_strikes_are_forgotten_after_a_quiet_minute() -> None:
    time = ManualTime()
    strikes = Strikes(3, time.monotonic)
    assert [strikes.add(), strikes.add()] == [False, False]
    time.advance(61)
    assert [strikes.add(), strikes.add(), strikes.add()] == [False, False, True]


def test_slots_are_given_back() -> None:
    slots = Slots(2)
    assert [slots.take("a"), slots.take("a"), slots.take("a"), slots.take("b")] == [True, True, False, True]
    slots.free("a")
    assert slots.take("a")


def test_this_machine_stands_for_many() -> None:
    assert is_shared("127.0.0.1")
    assert is_shared("::1")
    assert not is_shared("203.0.113.7")
