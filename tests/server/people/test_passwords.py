from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator

import pytest

from server.people.passwords import Passwords, Verdict


@pytest.fixture
def passwords() -> Iterator[Passwords]:
    passwords = Passwords()
    yield passwords
    passwords.close()


async def test_hashes_are_argon2id_and_salted(passwords: Passwords):
    one, other = await asyncio.gather(passwords.hash("secret"), passwords.hash("secret"))
    assert one.startswith("$argon2id$")
    assert one != other
    assert await passwords.verify(one, "secret") == Verdict(right=True)
    assert await passwords.verify(one, "Secret") == Verdict(right=False)


@pytest.mark.parametrize("stored", [None, "", "not a hash"])
async def test_no_hash_is_nobodys_password(passwords: Passwords, stored: str | None):
    assert not (await passwords.verify(stored, "")).right


async def test_an_unknown_account_takes_as_long_as_a_wrong_password(passwords: Passwords):
    stored = await passwords.hash("secret")
    await passwords.verify(None, "warm")

    async def seconds(stored_hash: str | None) -> float:
        began = time.perf_counter()
        await passwords.verify(stored_hash, "wrong")
        return time.perf_counter() - began

    # In turns and the best of each, so that a busy machine slows both alike.
    pairs = [(await seconds(stored), await seconds(None)) for _ in range(8)]
    assert min(unknown for _, unknown in pairs) > min(known for known, _ in pairs) / 4


async def test_hashing_leaves_the_loop_alone(passwords: Passwords):
    turns = 0
    hashing = asyncio.gather(*(passwords.hash("secret") for _ in range(8)))
    while not hashing.done():
        await asyncio.sleep(0.001)
        turns += 1
    await hashing
    assert turns > 10
