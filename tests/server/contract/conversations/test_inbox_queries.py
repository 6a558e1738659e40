from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from actors.ids import UserId, WorkspaceId
from actors.log import Holder, Standing
from handlers.ports import ConversationQuery, HeldBy, Show
from server.conversations.inbox_queries import ConversationList
from server.conversations.rows import new_document, summary_of
from server.store.cursors import CursorError
from server.store.database import Database, Document
from tests.support.logs import WORKSPACE, conversation

NOW = datetime.now(UTC).replace(microsecond=0)
ME = UserId("u-me")


def document(
    identity: str, ago: timedelta, workspace_id: WorkspaceId = WORKSPACE, **changes: object
) -> Document:
    standing = replace(Standing(NOW - ago, seq=1, user_message_count=1), **changes)  # pyright: ignore[reportArgumentType]
    return new_document(conversation(identity, workspace_id)) | summary_of(standing)


async def listed(conversations: ConversationList, limit: int = 50, **asked: object) -> Sequence[str]:
    """All pages of a list, one after the other."""
    query = ConversationQuery(ME, **asked)  # pyright: ignore[reportArgumentType]
    found: list[str] = []
    after: str | None = None
    while True:
        page = await conversations.page(query, after, limit)
        found += [row.conversation.key.conversation_id for row in page.rows]
        after = page.next
        if after is None:
            return found


@pytest.fixture
def conversations(repository_database: Database) -> ConversationList:
    return ConversationList(repository_database, WORKSPACE)


async def test_an_empty_workspace_has_an_empty_page(conversations: ConversationList):
    page = await conversations.page(ConversationQuery(ME))
    assert (page.rows, page.next) == ((), None)


@pytest.mark.parametrize("limit", [1, 7, 50])
@pytest.mark.parametrize(
    "spread",
    [timedelta(milliseconds=1), timedelta(seconds=3), timedelta(hours=7), timedelta(days=90)],
    ids=str,
)
async def test_pages_hold_everything_once_newest_first(
    repository_database: Database, conversations: ConversationList, spread: timedelta, limit: int
):
    count = 60 if limit > 1 else 15  # as many pages, each of them a query
    await repository_database["conversations"].insert_many(
        [document(f"c{number:02}", spread * number) for number in range(count)]
    )
    assert await listed(conversations, limit=limit) == [f"c{number:02}" for number in range(count)]


async def test_conversations_of_the_same_instant_are_paged_by_id(
    repository_database: Database, conversations: ConversationList
):
    same = timedelta(days=2)
    documents = [document(f"c{number:02}", same) for number in range(25)]
    await repository_database["conversations"].insert_many([*documents, document("older", timedelta(days=3))])
    expected = [f"c{number:02}" for number in reversed(range(25))]
    assert await listed(conversations, limit=10) == [*expected, "older"]


async def test_a_clock_that_was_ahead_hides_nothing(
    repository_database: Database, conversations: ConversationList
):
    await repository_database["conversations"].insert_many(
        [document("ahead", -timedelta(hours=1)), document("ancient", timedelta(days=12_000))]
    )
    assert await listed(conversations, limit=1) == ["ahead", "ancient"]


async def test_lists_are_of_one_workspace(repository_database: Database, conversations: ConversationList):
    foreign = WorkspaceId("w2")
    await repository_database["conversations"].insert_many(
        [document("ours", timedelta(0)), document("theirs", timedelta(0), foreign)]
    )
    assert await listed(conversations, show="all") == ["ours"]
    assert await listed(ConversationList(repository_database, foreign), show="all") == ["theirs"]


@pytest.mark.parametrize(
    ("show", "holder", "expected"),
    [
        ("engaged", None, ["bot", "waiting", "mine", "theirs", "asked"]),
        ("all", None, ["bot", "silent", "waiting", "mine", "theirs", "asked"]),
        ("engaged", "bot", ["bot"]),
        ("all", "bot", ["bot", "silent"]),
        ("engaged", "waiting", ["waiting", "asked"]),
        ("engaged", "mine", ["mine"]),
        ("engaged", "others", ["theirs"]),
    ],
)
async def test_filters(
    repository_database: Database,
    conversations: ConversationList,
    show: Show,
    holder: HeldBy | None,
    expected: list[str],
):
    at = NOW - timedelta(hours=1)
    standings: dict[str, dict[str, object]] = {
        "bot": {},
        "silent": {"user_message_count": 0},
        "waiting": {"waiting_since": at},
        "mine": {"holder": Holder(ME, "Me", at)},
        "theirs": {"holder": Holder(UserId("u-them"), "Them", at)},
        "asked": {"user_message_count": 0, "waiting_since": at + timedelta(minutes=1)},
    }
    await repository_database["conversations"].insert_many(
        [
            document(name, timedelta(minutes=n), WORKSPACE, **changes)
            for n, (name, changes) in enumerate(standings.items())
        ]
    )
    for limit in (1, 50):
        assert await listed(conversations, show=show, holder=holder, limit=limit) == expected


@pytest.mark.parametrize(
    ("q", "expected"),
    [
        ("invoice", ["a"]),
        ("INVOICE (late)", ["a"]),
        ("  .* ", []),
        ("ana", ["b"]),
        ("s.test", ["a", "b"]),
        ("Visitor 4F2K", ["a", "b"]),
        ("nothing of this", []),
        ("\ud83d", []),
    ],
)
async def test_search(
    repository_database: Database, conversations: ConversationList, q: str, expected: list[str]
):
    await repository_database["conversations"].insert_many(
        [
            document("a", timedelta(0), preview="My invoice (late) is wrong"),
            document("b", timedelta(hours=1), preview="Hi", holder=Holder(UserId("u-ana"), "Ana", NOW)),
        ]
    )
    assert await listed(conversations, q=q) == expected


@pytest.mark.parametrize(
    "cursor", ["x", "[]", "WzEsMl0", "W3RydWUsIngiXQ", "W05hTiwieCJd", "WzFlOTksIngiXQ", "é", "A" * 5000]
)
async def test_forged_cursors_are_told_apart(conversations: ConversationList, cursor: str):
    with pytest.raises(CursorError):
        await conversations.page(ConversationQuery(ME), cursor)


@pytest.mark.parametrize("limit", [1, 4, 50])
async def test_who_waited_longest_is_first_whatever_happened_since(
    repository_database: Database, conversations: ConversationList, limit: int
):
    waits = [timedelta(minutes=minutes) for minutes in (3, 50, 7, 7, 20)]
    await repository_database["conversations"].insert_many(
        [
            document(f"c{number}", timedelta(minutes=number), waiting_since=NOW - wait)
            for number, wait in enumerate(waits)
        ]
    )
    assert await listed(conversations, holder="waiting", limit=limit) == ["c1", "c4", "c2", "c3", "c0"]


async def test_who_waits_is_counted_in_one_workspace(
    repository_database: Database, conversations: ConversationList
):
    ago = timedelta(minutes=1)
    held = Holder(ME, "Me", NOW)
    await repository_database["conversations"].insert_many(
        [
            document("bot", ago),
            document("waits", ago, waiting_since=NOW),
            document("waits-unwritten", ago, waiting_since=NOW, user_message_count=0),
            document("held", ago, holder=held),
            document("theirs", ago, WorkspaceId("w2"), waiting_since=NOW),
        ]
    )
    assert set(await conversations.waiting()) == {"waits", "waits-unwritten"}
    assert len(await conversations.waiting(most=1)) == 1
