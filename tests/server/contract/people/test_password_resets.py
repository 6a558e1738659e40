from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from actors.ids import UserId
from server.people.links import Links
from server.people.password_resets import LIFE, PasswordResets
from server.store.database import Database

NOW = datetime.now(UTC).replace(microsecond=0)  # mongomock drops by its own clock what has expired
ANA, BEN = UserId("ana"), UserId("ben")


@pytest.fixture
def resets(repository_database: Database) -> PasswordResets:
    return PasswordResets(repository_database, Links("a secret key that is long enough", "reset"))


async def test_a_link_works_once_for_an_hour(resets: PasswordResets):
    row = await resets.make(ANA, NOW)
    token = resets.token(row)
    assert await resets.by_token(token, NOW + LIFE - timedelta(seconds=1)) == row
    assert await resets.by_token(token, NOW + LIFE) is None
    assert not await resets.use(row, NOW + LIFE)
    assert sum(await asyncio.gather(*(resets.use(row, NOW) for _ in range(8)))) == 1
    assert await resets.by_token(token, NOW) is None


async def test_all_of_one_user_are_dropped(resets: PasswordResets):
    anas, bens = [await resets.make(ANA, NOW) for _ in range(2)], await resets.make(BEN, NOW)
    await resets.drop_all(ANA)
    assert [await resets.by_token(resets.token(row), NOW) for row in anas] == [None, None]
    assert await resets.get(bens.id) == bens
