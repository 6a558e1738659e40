"""How much one client may do: buckets of tokens, strikes for going on, and slots for connections."""

from __future__ import annotations

import time
from collections import Counter, OrderedDict
from collections.abc import Callable
from functools import lru_cache
from ipaddress import ip_address

FORGET_STRIKES_S = 60.0
_MOST_KEYS = 50_000


class Bucket:
    """Holds up to `burst` tokens and gets `per_s` back a second."""

    __slots__ = ("_at", "_burst", "_monotonic", "_per_s", "_tokens")

    def __init__(self, burst: float, per_s: float, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._burst = burst
        self._per_s = per_s
        self._monotonic = monotonic
        self._tokens = burst
        self._at = monotonic()

    def take(self) -> bool:
        """Take a token; false when there is none."""
        if not self.has():
            return False
        self._tokens -= 1
        return True

    def has(self) -> bool:
        """Whether there is a token."""
        now = self._monotonic()
        self._tokens = min(self._burst, self._tokens + (now - self._at) * self._per_s)
        self._at = now
        return self._tokens >= 1


class Buckets:
    """A bucket for each key; those unused longest are forgotten first."""

    def __init__(self, burst: float, per_s: float, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._burst = burst
        self._per_s = per_s
        self._monotonic = monotonic
        self._buckets: OrderedDict[str, Bucket] = OrderedDict()

    def of(self, key: str) -> Bucket:
        """The key's bucket."""
        bucket = self._buckets.get(key)
        if bucket is None:
            bucket = self._buckets[key] = Bucket(self._burst, self._per_s, self._monotonic)
            if len(self._buckets) > _MOST_KEYS:
                self._buckets.popitem(last=False)
        self._buckets.move_to_end(key)
        return bucket


class Strikes:
    """Counts frames that should not have been sent; a minute without one clears the count."""

    __slots__ = ("_at", "_count", "_limit", "_monotonic")

    def __init__(self, limit: int, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._limit = limit
        self._monotonic = monotonic
        self._count = 0
        self._at = monotonic()

    def add(self) -> bool:
        """Count one; true when that was too many."""
        now = self._monotonic()
        self._count = 1 if now - self._at > FORGET_STRIKES_S else self._count + 1
        self._at = now
        return self._count >= self._limit


class Slots:
    """At most `limit` at a time for each key."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._taken: Counter[str] = Counter()

    def take(self, key: str) -> bool:
        """Take a slot; false when none is free."""
        if self._taken[key] >= self._limit:
            return False
        self._taken[key] += 1
        return True

    def free(self, key: str) -> None:
        """Give one back."""
        self._taken[key] -= 1
        if self._taken[key] <= 0:
            del self._taken[key]


@lru_cache(maxsize=4096)  # asked at every connection and request
def is_shared(address: str) -> bool:
    """Whether an address stands for many people: a proxy on this machine that nobody told us about."""
    try:
        return ip_address(address).is_loopback
    except ValueError:
        return True
