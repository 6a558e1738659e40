from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from actors.ids import UserId, WorkspaceId
from server.people.invitations import LIFE, InvitationStore
from server.people.links import Links
from server.store.database import Database

NOW = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)
SHOP, OTHER = WorkspaceId("shop"), WorkspaceId("other")
ANA, IVY = UserId("ana"), UserId("ivy")


@pytest.fixture
def store(repository_database: Database) -> InvitationStore:
    return InvitationStore(repository_database, Links("a secret key that is long enough", "invitation"))


async def test_a_link_is_found_by_its_token_until_it_expires(store: InvitationStore):
    row = await store.send(SHOP, IVY, ANA, NOW)
    token = store.token(row)
    assert await store.by_token(token, NOW) == row
    assert await store.by_token(token, NOW + LIFE - timedelta(seconds=1)) == row
    assert await store.by_token(token, NOW + LIFE) is None
    assert await store.get(row.id) == row
    for other in ("", "x" * 100_000, "\ud83d", row.id, row.nonce):
        assert await store.by_token(other, NOW) is None


async def test_the_newest_link_is_the_one_that_works(store: InvitationStore):
    old, new = await store.send(SHOP, IVY, ANA, NOW), await store.send(SHOP, IVY, ANA, NOW)
    assert await store.by_token(store.token(old), NOW) is None
    assert not await store.use(old, NOW)
    assert await store.use(new, NOW)


async def test_a_link_is_used_once(store: InvitationStore):
    row = await store.send(SHOP, IVY, ANA, NOW)
    assert sum(await asyncio.gather(*(store.use(row, NOW) for _ in range(8)))) == 1
    assert await store.by_token(store.token(row), NOW) is None


async def test_an_expired_link_is_not_used(store: InvitationStore):
    row = await store.send(SHOP, IVY, ANA, NOW)
    assert not await store.use(row, NOW + LIFE)


async def test_each_workspace_has_its_own(store: InvitationStore):
    ours, theirs = await store.send(SHOP, IVY, ANA, NOW), await store.send(OTHER, IVY, ANA, NOW)
    assert await store.of_workspace(SHOP) == {IVY: ours}
    await store.drop(SHOP, IVY)
    assert await store.of_workspace(SHOP) == {}
    assert await store.by_token(store.token(theirs), NOW) == theirs
