from __future__ import annotations

import pytest

from server.rate_limits import RateLimit, SignInLimits, address_key
from tests.support.manual_time import ManualTime


@pytest.fixture
def time() -> ManualTime:
    return ManualTime()


def tries(limit: RateLimit, key: str, count: int) -> int:
    return sum(limit.allow(key) for _ in range(count))


def test_a_burst_then_a_rate(time: ManualTime):
    limit = RateLimit(3, 0.5, time.monotonic)
    assert tries(limit, "a", 10) == 3
    assert limit.retry_after_s("a") == pytest.approx(2)
    time.advance(4)
    assert tries(limit, "a", 10) == 2
    time.advance(1000)
    assert tries(limit, "a", 10) == 3


def test_keys_do_not_share(time: ManualTime):
    limit = RateLimit(1, 0.1, time.monotonic)
    assert limit.allow("a")
    assert limit.allow("b")
    assert not limit.allow("a")
    limit.forgive("a")
    assert limit.allow("a")


def test_the_number_of_keys_is_bounded(time: ManualTime):
    limit = RateLimit(1, 0.1, time.monotonic, most_keys=100)
    for number in range(1000):
        limit.allow(f"k{number}")
    assert not limit.allow("k999")
    assert limit.allow("k1")


def test_failures_lock_an_account_for_every_address(time: ManualTime):
    limits = SignInLimits(time.monotonic)
    allowed = [limits.allow("Ana@example.com ", f"192.0.2.{number}") for number in range(20)]
    assert sum(allowed) == 10
    assert limits.retry_after_s("ana@example.com", "192.0.2.1") == pytest.approx(30)
    assert limits.allow("ben@example.com", "192.0.2.1")


def test_failures_lock_an_address_for_every_account(time: ManualTime):
    limits = SignInLimits(time.monotonic)
    assert sum(limits.allow(f"user{number}@example.com", "192.0.2.1") for number in range(80)) == 50
    assert limits.allow("user1@example.com", "192.0.2.2")


def test_tries_at_a_locked_account_do_not_lock_the_address(time: ManualTime):
    limits = SignInLimits(time.monotonic)
    for _ in range(200):
        limits.allow("ana@example.com", "192.0.2.1")
    assert limits.allow("ben@example.com", "192.0.2.1")


def test_successes_do_not_count(time: ManualTime):
    limits = SignInLimits(time.monotonic)
    for _ in range(200):
        assert limits.allow("ana@example.com", "192.0.2.1")
        limits.succeeded("ana@example.com", "192.0.2.1")


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("192.0.2.1", "192.0.2.2", False),
        ("192.0.2.1", "::ffff:192.0.2.1", True),
        ("2001:db8::1", "2001:db8::ffff:1", True),
        ("2001:db8::1", "2001:db8:0:1::1", False),
        ("", "unix", False),
    ],
)
def test_what_counts_as_one_address(one: str, other: str, same: bool):
    assert (address_key(one) == address_key(other)) is same
