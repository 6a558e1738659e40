from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from actors.ids import UserId
from server.people.sessions import Sessions, SessionUser
from server.store.database import Database

NOW = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)
DAY = timedelta(days=1)
ANA, BEN = UserId("u-ana"), UserId("u-ben")


@pytest.fixture
async def sessions(repository_database: Database) -> Sessions:
    await repository_database["users"].insert_many(
        [
            {"_id": ANA, "email": "ana@example.com", "name": "Ana"},
            {"_id": BEN, "email": "ben@example.com", "name": "Ben"},
        ]
    )
    return Sessions(repository_database)


async def test_a_token_tells_who_is_signed_in(sessions: Sessions, repository_database: Database):
    token = await sessions.create(ANA, NOW, "192.0.2.7", "Browser/1")
    found = await sessions.authenticate(token, NOW)
    assert found is not None
    assert found == SessionUser(ANA, "Ana", "ana@example.com", found.session_id)
    stored = await repository_database["sessions"].find_one({"user_id": ANA})
    assert token not in str(stored)
    assert await sessions.is_live(found.session_id, NOW)


@pytest.mark.parametrize("token", ["", "unknown", "\ud83d", "x" * 100_000])
async def test_other_tokens_are_nobodys(sessions: Sessions, token: str):
    await sessions.create(ANA, NOW)
    assert await sessions.authenticate(token, NOW) is None


async def test_a_session_id_is_no_token(sessions: Sessions):
    found = await sessions.authenticate(await sessions.create(ANA, NOW), NOW)
    assert found is not None
    assert await sessions.authenticate(found.session_id, NOW) is None


async def test_sessions_end_two_weeks_after_their_last_use(sessions: Sessions):
    used, unused = await sessions.create(ANA, NOW), await sessions.create(ANA, NOW)
    for days in (10, 20, 30):
        assert await sessions.authenticate(used, NOW + days * DAY)
    found = await sessions.authenticate(unused, NOW + 13 * DAY)
    assert found is not None
    assert await sessions.authenticate(unused, NOW + 28 * DAY) is None
    assert not await sessions.is_live(found.session_id, NOW + 28 * DAY)


async def test_revoking_ends_one_session(sessions: Sessions):
    one, other = await sessions.create(ANA, NOW), await sessions.create(ANA, NOW)
    found = await sessions.authenticate(one, NOW)
    assert found is not None
    assert await sessions.revoke(found.session_id)
    assert not await sessions.revoke(found.session_id)
    assert await sessions.authenticate(one, NOW) is None
    assert not await sessions.is_live(found.session_id, NOW)
    assert await sessions.authenticate(other, NOW)


async def test_revoking_all_ends_those_of_one_user(sessions: Sessions):
    tokens = [await sessions.create(ANA, NOW) for _ in range(3)]
    bens = await sessions.create(BEN, NOW)
    assert await sessions.revoke_all(ANA) == 3
    assert [await sessions.authenticate(token, NOW) for token in tokens] == [None] * 3
    assert await sessions.authenticate(bens, NOW)


async def test_a_user_who_is_gone_is_signed_out(sessions: Sessions, repository_database: Database):
    token = await sessions.create(ANA, NOW)
    await repository_database["users"].delete_one({"_id": ANA})
    assert await sessions.authenticate(token, NOW) is None


async def test_the_list_says_when_each_was_used(sessions: Sessions):
    first = await sessions.create(ANA, NOW, "192.0.2.7", "Browser/1")
    await sessions.create(ANA, NOW + DAY, "192.0.2.8", "Browser/2")
    await sessions.create(BEN, NOW)
    assert [row.user_agent for row in await sessions.of_user(ANA, NOW + DAY)] == ["Browser/2", "Browser/1"]
    await sessions.authenticate(first, NOW + 2 * DAY)
    rows = await sessions.of_user(ANA, NOW + 2 * DAY)
    assert [(row.ip, row.created_at, row.seen_at) for row in rows] == [
        ("192.0.2.7", NOW, NOW + 2 * DAY),
        ("192.0.2.8", NOW + DAY, NOW + DAY),
    ]
    assert len(await sessions.of_user(ANA, NOW + 15 * DAY + timedelta(minutes=1))) == 1


async def test_one_may_end_ones_own_sessions_and_no_others(sessions: Sessions):
    kept, *others = [await sessions.create(ANA, NOW) for _ in range(3)]
    bens = await sessions.create(BEN, NOW)
    mine = await sessions.authenticate(kept, NOW)
    his = await sessions.authenticate(bens, NOW)
    assert mine is not None
    assert his is not None
    assert not await sessions.revoke_of(ANA, his.session_id)
    assert await sessions.revoke_others(ANA, mine.session_id) == 2
    assert [await sessions.authenticate(token, NOW) for token in others] == [None, None]
    assert await sessions.authenticate(bens, NOW)
    assert await sessions.revoke_of(ANA, mine.session_id)
    assert await sessions.authenticate(kept, NOW) is None
