"""Password hashes: argon2id, off the loop."""

from __future__ import annotations

import asyncio
import secrets
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

# OWASP's second choice: 19 MiB, 2 passes. About 25 ms here; a thread that computes beside the loop takes the
# worst fan-out from 2.8 to 10.5 ms, so two of them are enough.
_MEMORY_KIB = 19_456
_PASSES = 2
_THREADS = 2
_MOST_CHARACTERS = 1024


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether the password is right, and the hash to store instead when ours are made otherwise now."""

    right: bool
    new_hash: str | None = None


class Passwords:
    """Makes and checks hashes in threads of its own."""

    def __init__(self, memory_kib: int = _MEMORY_KIB, passes: int = _PASSES) -> None:
        self._hasher = PasswordHasher(time_cost=passes, memory_cost=memory_kib, parallelism=1)
        self._threads = ThreadPoolExecutor(_THREADS, thread_name_prefix="argon2")
        self._nobodys_hash = self._threads.submit(self._hasher.hash, secrets.token_hex())

    async def hash(self, password: str) -> str:
        """The hash to store."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._threads, self._hasher.hash, _bounded(password))

    async def verify(self, stored_hash: str | None, password: str) -> Verdict:
        """Check a password; without a stored hash it takes as long and is wrong."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._threads, self._verify, stored_hash, _bounded(password))

    def close(self) -> None:
        """End the threads."""
        self._threads.shutdown(cancel_futures=True)

    def _verify(self, stored_hash: str | None, password: bytes) -> Verdict:
        try:
            self._hasher.verify(stored_hash or self._nobodys_hash.result(), password)
        except (VerificationError, InvalidHashError):
            return Verdict(right=False)
        if stored_hash is None:
            return Verdict(right=False)
        outdated = self._hasher.check_needs_rehash(stored_hash)
        return Verdict(right=True, new_hash=self._hasher.hash(password) if outdated else None)


def _bounded(password: str) -> bytes:
    return password[:_MOST_CHARACTERS].encode("utf-8", "surrogatepass")
