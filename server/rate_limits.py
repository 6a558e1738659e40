"""Limits on how often somebody may do something: token buckets in memory, of a bounded number."""

from __future__ import annotations

import ipaddress
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

from server.people.accounts import normal_email

_MOST_KEYS = 50_000


@dataclass(slots=True)
class _Bucket:
    tokens: float
    at: float


class RateLimit:
    """`burst` at once per key, then `per_s` each second. The key longest not used makes room for new ones."""

    def __init__(
        self,
        burst: float,
        per_s: float,
        clock: Callable[[], float] = time.monotonic,
        most_keys: int = _MOST_KEYS,
    ) -> None:
        self._burst = burst
        self._per_s = per_s
        self._clock = clock
        self._most_keys = most_keys
        self._buckets: OrderedDict[str, _Bucket] = OrderedDict()

    def allow(self, key: str) -> bool:
        """Take one, if there is one."""
        bucket = self._filled(key)
        if bucket.tokens < 1:
            return False
        bucket.tokens -= 1
        return True

    def retry_after_s(self, key: str) -> float:
        """In how many seconds there will be one."""
        return max(0.0, (1 - self._filled(key).tokens) / self._per_s)

    def give_back(self, key: str) -> None:
        """What was taken last did not count."""
        bucket = self._filled(key)
        bucket.tokens = min(self._burst, bucket.tokens + 1)

    def forgive(self, key: str) -> None:
        """Begin anew for this key."""
        self._buckets.pop(key, None)

    def _filled(self, key: str) -> _Bucket:
        now = self._clock()
        bucket = self._buckets.setdefault(key, _Bucket(self._burst, now))
        bucket.tokens = min(self._burst, bucket.tokens + (now - bucket.at) * self._per_s)
        bucket.at = now
        self._buckets.move_to_end(key)
        while len(self._buckets) > self._most_keys:
            self._buckets.popitem(last=False)
        return bucket


class SignInLimits:
    """How often signing in may fail, per account and per address. Successes don't count.

    An account allows 10 failures, then one in 30 s; an address 50, then one in 5 s.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._per_account = RateLimit(10, 1 / 30, clock)
        self._per_address = RateLimit(50, 1 / 5, clock)

    def allow(self, email: str, ip: str) -> bool:
        """Count a try; False when there were too many failures."""
        account, address = normal_email(email), address_key(ip)
        if not self._per_address.allow(address):
            return False
        if self._per_account.allow(account):
            return True
        self._per_address.give_back(address)
        return False

    def succeeded(self, email: str, ip: str) -> None:
        """The try was a success: it does not count, and the account's failures are forgotten."""
        self._per_account.forgive(normal_email(email))
        self._per_address.give_back(address_key(ip))

    def retry_after_s(self, email: str, ip: str) -> float:
        """In how many seconds a try will be allowed."""
        return max(
            self._per_account.retry_after_s(normal_email(email)),
            self._per_address.retry_after_s(address_key(ip)),
        )


def address_key(ip: str) -> str:
    """What counts as one address: of IPv6 the /64 that one household or server has."""
    try:
        address = ipaddress.ip_address(ip)
    except ValueError:
        return ip
    if isinstance(address, ipaddress.IPv4Address):
        return str(address)
    if address.ipv4_mapped is not None:
        return str(address.ipv4_mapped)
    return str(ipaddress.ip_network((address, 64), strict=False))
