from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from actors.ids import ConversationId, LeadId, UserId
from actors.lead_state import LeadPlan
from actors.roles import Role
from server.jobs.outbox import Outbox, now_ms
from server.leads.capture import LeadCapture
from server.leads.documents import lead_document
from server.leads.feed_cursor import FeedCursors
from server.leads.leads import FEED_LEADS, Leads
from server.leads.reads import MOST_COUNTED, ReadMarks
from server.people.members import Members, Membership
from server.store.cursors import CursorError
from server.store.mongo import Database
from tests.support.leads import FOREIGN, WORKSPACE, captured, draft, key, make_workspaces

SECRET = "s" * 32
CURSORS = FeedCursors(SECRET)
ANA = UserId("ana")


async def some_leads(database: Database, *names: str) -> Leads:
    await make_workspaces(database)
    capture = LeadCapture(database, Outbox(database))
    for n, name in enumerate(names):
        await captured(capture, draft(f"v{n}@example.com", name=name, message=f"Message {n} (50% off)"))
    await capture.drained()
    return Leads(database, WORKSPACE, CURSORS)


async def test_pages_come_newest_first_without_gaps_or_doubles(repository_database: Database):
    leads = await some_leads(repository_database, *(f"N{n}" for n in range(7)))
    seen: list[str] = []
    after = None
    while True:
        page = await leads.page(after=after, limit=3)
        seen += [row.lead.name for row in page.rows]
        after = page.next
        if after is None:
            break
    assert seen == [f"N{n}" for n in reversed(range(7))]


@pytest.mark.parametrize(
    ("q", "found"),
    [
        ("zoë", ["Zoë Martin"]),
        ("MARTIN zo", ["Zoë Martin"]),
        ("v1@EXAMPLE", ["Ali R."]),
        ("message", ["Ali R.", "Zoë Martin"]),
        ("50%", ["Ali R.", "Zoë Martin"]),
        ("(50% off)", ["Ali R.", "Zoë Martin"]),
        ("R.", ["Ali R."]),
        (".*", []),
        ("zoë ali", []),
        ("[", []),
        ("   ", ["Ali R.", "Zoë Martin"]),
    ],
)
async def test_a_search_takes_every_word_as_it_stands(
    repository_database: Database, q: str, found: list[str]
):
    leads = await some_leads(repository_database, "Zoë Martin", "Ali R.")
    assert [row.lead.name for row in (await leads.page(q)).rows] == found


async def test_another_workspace_sees_nothing(repository_database: Database):
    leads = await some_leads(repository_database, "Zoë")
    (row,) = (await leads.page()).rows
    foreign = Leads(repository_database, FOREIGN, CURSORS)
    assert not (await foreign.page()).rows
    assert not (await foreign.page("zoë")).rows
    assert await foreign.lead(row.lead.id) is None
    assert await foreign.of_conversation(ConversationId("c0")) is None
    assert await leads.lead(row.lead.id) == row.lead
    assert await leads.of_conversation(ConversationId("c0")) == row.lead
    assert await leads.lead(LeadId("none")) is None


async def test_the_feed_begins_at_the_present(repository_database: Database):
    leads = await some_leads(repository_database, "old")
    capture = LeadCapture(repository_database, Outbox(repository_database))
    start = await leads.feed(None)
    assert not start.leads
    assert (await leads.feed(start.cursor)).leads == ()
    await captured(capture, draft("new1@example.com"))
    await captured(capture, draft("new2@example.com"))
    news = await leads.feed(start.cursor)
    assert [lead.email for lead in news.leads] == ["new1@example.com", "new2@example.com"]
    assert not news.more
    assert (await leads.feed(news.cursor)).leads == ()
    assert [lead.email for lead in (await leads.feed(start.cursor)).leads] == [
        "new1@example.com",
        "new2@example.com",
    ]


async def test_the_feed_of_an_empty_workspace_begins_before_its_first_lead(repository_database: Database):
    leads = await some_leads(repository_database)
    start = await leads.feed(None)
    await captured(LeadCapture(repository_database, Outbox(repository_database)), draft())
    assert len((await leads.feed(start.cursor)).leads) == 1


async def test_a_reader_who_is_far_behind_gets_bounded_pages_and_misses_nothing(
    repository_database: Database,
):
    database = repository_database
    leads = await some_leads(database)
    start = await leads.feed(None)
    capture = LeadCapture(database, Outbox(database))
    many = 2 * FEED_LEADS + 50
    drafts = [draft(f"v{n}@example.com") for n in range(many)]
    await asyncio.gather(*(capture.captured(each) for each in drafts))
    await capture.drained()
    await database["leads"].delete_many({"seq": {"$gt": 10, "$lte": 40}})
    seen: list[int] = []
    cursor, more = start.cursor, True
    while more:
        feed = await leads.feed(cursor)
        assert len(feed.leads) <= FEED_LEADS
        seen += [lead.seq for lead in feed.leads]
        cursor, more = feed.cursor, feed.more
    seen += [lead.seq for lead in (await leads.feed(cursor)).leads]
    assert seen == [*range(1, 11), *range(41, many + 1)]
    await database["leads"].delete_many({"seq": {"$lt": many}})
    assert [lead.seq for lead in (await leads.feed(start.cursor)).leads] == [many]


async def test_no_lead_is_missed_while_leads_come(database: Database):
    await make_workspaces(database, 40)
    leads = Leads(database, WORKSPACE, CURSORS)
    writers = [LeadCapture(database, Outbox(database)) for _ in range(2)]
    cursor = (await leads.feed(None)).cursor
    drafts = [draft(f"v{n}@example.com", key(f"c{n}")) for n in range(40)]
    coming = asyncio.gather(*(writers[n % 2].captured(each) for n, each in enumerate(drafts)))
    seen: list[str] = []
    ended = False
    while True:
        feed = await leads.feed(cursor)
        seen += [lead.id for lead in feed.leads]
        cursor = feed.cursor
        if ended:
            break
        ended = coming.done()
    await coming
    assert len(seen) == len(set(seen))
    assert set(seen) == {each.id for each in drafts}


@pytest.mark.parametrize(
    "forged",
    ["", "0", "0.", "0.AAAA", "1000000.x", "x.y", "1e9.z", "٣.x", "-1.x", "9" * 5000, "💥", "\ud800"],
)
async def test_a_forged_cursor_is_refused(repository_database: Database, forged: str):
    leads = Leads(repository_database, WORKSPACE, CURSORS)
    with pytest.raises(CursorError, match="no cursor of this feed"):
        await leads.feed(forged)


async def test_a_cursor_holds_for_its_workspace_and_its_position_alone(repository_database: Database):
    leads = Leads(repository_database, WORKSPACE, CURSORS)
    cursor = (await leads.feed(None)).cursor
    position, _, seal = cursor.partition(".")
    for forged in (
        f"{int(position) + 1}.{seal}",
        f"0{position}.{seal}x",
        CURSORS.seal(FOREIGN, int(position)),
    ):
        with pytest.raises(CursorError):
            await leads.feed(forged)
    with pytest.raises(CursorError):
        await Leads(repository_database, WORKSPACE, FeedCursors("t" * 32)).feed(cursor)


async def test_a_new_member_starts_with_what_comes_once_they_are_one(repository_database: Database):
    leads = await some_leads(repository_database, "a", "b")
    members, new = Members(repository_database), UserId("new")
    assert await members.add(Membership(WORKSPACE, new, Role.VIEWER, None))
    assert await leads.reads.unread(new) == 2  # invited, and nothing else
    assert await members.accept(WORKSPACE, new, now_ms())
    assert await leads.reads.unread(new) == 0
    assert not await members.accept(WORKSPACE, new, now_ms())
    capture = LeadCapture(repository_database, Outbox(repository_database))
    for email in ("c@example.com", "d@example.com"):
        await captured(capture, draft(email))
        assert await leads.reads.unread(new) == 1
        assert [row.read for row in (await leads.page(user_id=new)).rows][:2] == [False, True]
        # Who comes back starts anew.
        await members.remove(WORKSPACE, new)
        assert await members.add(Membership(WORKSPACE, new, Role.VIEWER, now_ms()))
        assert await leads.reads.unread(new) == 0


async def test_what_a_member_has_read_is_remembered(repository_database: Database):
    leads = await some_leads(repository_database, "a", "b", "c")
    assert await leads.reads.unread(ANA) == 3
    rows = (await leads.page(user_id=ANA)).rows
    assert [row.read for row in rows] == [False, False, False]
    await leads.reads.mark(ANA, rows[1].lead)
    assert [row.read for row in (await leads.page(user_id=ANA)).rows] == [False, True, False]
    assert await leads.reads.unread(ANA) == 2
    await leads.reads.mark(ANA, rows[2].lead)
    assert await leads.reads.of(ANA) == ReadMarks(2)
    assert await leads.reads.unread(ANA) == 1
    assert await leads.reads.unread(UserId("ben")) == 3
    await leads.reads.mark_all(ANA, 3)
    assert await leads.reads.unread(ANA) == 0


def test_read_marks_stay_short():
    assert ReadMarks(0, frozenset({1, 2, 4})).shortened() == ReadMarks(2, frozenset({4}))
    many = ReadMarks(0, frozenset(range(2, 2000, 2))).shortened()
    assert len(many.also) <= 500
    assert many.upto == 998


async def test_a_lead_without_a_number_is_listed_all_the_same(repository_database: Database):
    leads = await some_leads(repository_database, "ours")
    await repository_database["leads"].insert_one(
        {"_id": "x", "workspace_id": "w", "name": "theirs", "captured_at": now_ms() - timedelta(days=9)}
    )
    assert [row.lead.name for row in (await leads.page(user_id=ANA)).rows] == ["ours", "theirs"]


async def test_the_unread_are_counted_past_what_was_deleted_and_up_to_a_hundred(
    repository_database: Database,
):
    leads = await some_leads(repository_database)
    numbers = [1, 2, 3, *range(900, 950)]
    made = [lead_document(LeadPlan(replace(draft(f"v{n}@example.com"), seq=n), ())) for n in numbers]
    await repository_database["leads"].insert_many(
        [{**each, "_id": f"l{each['seq']}", "contact_key": None} for each in made]
    )
    assert await leads.reads.unread(ANA) == len(numbers)
    await leads.reads.mark_all(ANA, 1)
    assert await leads.reads.unread(ANA) == len(numbers) - 1
    more = [lead_document(LeadPlan(replace(draft("v@example.com"), seq=n), ())) for n in range(1000, 1090)]
    await repository_database["leads"].insert_many(
        [{**each, "_id": f"l{each['seq']}", "contact_key": None} for each in more]
    )
    assert await leads.reads.unread(ANA) == MOST_COUNTED + 1
