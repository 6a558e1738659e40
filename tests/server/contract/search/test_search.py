from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from actors.ids import ConversationId, LeadId, UserId, VisitorId, WorkspaceId
from actors.lead import Lead, LeadFields, LeadSource
from actors.lead_state import LeadPlan
from actors.log import ConversationKey, Person
from handlers.ports import ConversationQuery
from server.conversations.checkpoint import Checkpoint
from server.conversations.entries import entry_document
from server.conversations.inbox_queries import ConversationList
from server.conversations.rows import person_document, summary_of
from server.conversations.shortcuts import Shortcuts
from server.leads.documents import lead_changes, lead_document
from server.leads.feed_cursor import FeedCursors
from server.leads.leads import Leads
from server.search.search import Search
from server.store.database import Database
from server.store.group_commit import MOST_DOCUMENTS
from server.visitors.cache import KnownVisitor
from server.visitors.documents import visitor_document
from tests.support.logs import ANA, WORKSPACE, Log, add_conversations

MakeSearch = Callable[[], Search]
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.fixture
async def make_search(repository_database: Database, tmp_path: Path) -> AsyncGenerator[MakeSearch, None]:
    """Makes searches over the same file, as processes that follow each other do."""
    made: list[Search] = []

    def make() -> Search:
        made.append(Search(repository_database, tmp_path))
        return made[-1]

    yield make
    for search in made:
        with suppress(RuntimeError, AttributeError):  # closed by its test
            await search.close()


async def started(make_search: MakeSearch) -> Search:
    search = make_search()
    await search.start()
    await search.run()
    await search.passed()
    return search


async def add(database: Database, *logs: Log) -> None:
    """Conversations with their logs, as the journal leaves them."""
    await database["workspaces"].update_one({"_id": WORKSPACE}, {"$set": {"slug": "w"}}, upsert=True)
    await add_conversations(database, *logs)
    for log in logs:
        query = {"_id": log.key.conversation_id, "workspace_id": log.key.workspace_id}
        await database["conversations"].update_one(query, {"$set": summary_of(log.standing)})
        documents = [entry_document(log.key, entry) for entry in log.entries]
        if documents:
            await database["messages"].insert_many(documents)


def talk(conversation_id: str, *texts: str) -> Log:
    log = Log(conversation_id)
    for text in texts:
        log.message(text)
    return log


def asking(q: str, **asked: object) -> ConversationQuery:
    return ConversationQuery(UserId("u-ana"), q=q, **asked)  # pyright: ignore[reportArgumentType]


async def found(database: Database, search: Search, q: str, **asked: object) -> Sequence[str]:
    conversations = ConversationList(database, WORKSPACE, Shortcuts(search))
    page = await conversations.page(asking(q, **asked))
    assert page.next is None
    return [row.conversation.key.conversation_id for row in page.rows]


async def test_any_message_is_found_by_any_of_its_words(
    repository_database: Database, make_search: MakeSearch
):
    await add(
        repository_database, talk("c1", "Where is my parcel?", "Thanks"), talk("c2", "A refund, please")
    )
    search = await started(make_search)
    assert search.ready
    for q, expected in {
        "parcel": ["c1"],
        "PARC": ["c1"],
        "parcel thanks": ["c1"],
        "parcel refund": [],
        "s.test 4f2k": ["c2", "c1"],
        "absent": [],
        "*": [],
    }.items():
        assert sorted(await found(repository_database, search, q)) == sorted(expected), q


async def test_what_is_committed_is_found_at_once(repository_database: Database, make_search: MakeSearch):
    log = talk("c1", "Hello")
    await add(repository_database, log)
    search = await started(make_search)
    entry = log.message("My zeppelin is late")
    await repository_database["messages"].insert_one(entry_document(log.key, entry))
    search.committed(log.key, [entry, log.claimed()])
    assert search.oldest() is not None
    await search.passed()
    assert search.oldest() is None
    assert await found(repository_database, search, "zeppelin") == ["c1"]
    assert await found(repository_database, search, ANA.name) == ["c1"]


async def test_a_first_message_is_found_whose_conversation_does_not_tell_of_it_yet(
    repository_database: Database, make_search: MakeSearch
):
    log = talk("c1")
    await add(repository_database, log)
    search = await started(make_search)
    await add(repository_database, late := talk("c2"))
    entry = late.message("My zeppelin is late")
    await repository_database["messages"].insert_one(entry_document(late.key, entry))
    search.began(late.key, NOW)
    search.committed(late.key, [entry])
    await search.passed()
    # Its document is written behind the log; by then a search for those who wrote has it too.
    query = {"_id": "c2"}
    await repository_database["conversations"].update_one(query, {"$set": summary_of(late.standing)})
    assert await found(repository_database, search, "zeppelin", show="engaged") == ["c2"]


async def test_a_conversation_is_found_by_what_its_row_is_called(
    repository_database: Database, make_search: MakeSearch
):
    left, told, early = talk("left", "Hello"), talk("told", "Hello"), talk("early", "Hello")
    await add(repository_database, left, told, early)
    zoe = Person("u7", "Zoe Lind", "zoe@example.com")
    # The lead is older than the field that conversations are called by it in.
    lead = lead_document(LeadPlan(made_lead("l0", "early", "Quentin", NOW), ()))
    await repository_database["leads"].insert_one(lead)
    await repository_database["conversations"].update_one(
        {"_id": "early"}, {"$set": {"person": person_document(zoe)}, "$unset": {"lead_name": ""}}
    )
    search = await started(make_search)
    for q in ("quentin", "quentin@mail.example", "4930901820", "zoe lind", "zoe@example.com"):
        assert await found(repository_database, search, q) == ["early"], q
    search.captured([made_lead("l1", "left", "Bob", NOW), made_lead("l2", "gone", "Bob", NOW)])
    search.named(told.key, NOW, Person("u8", "Ida Brandt"))
    await search.passed()
    for q, expected in {"bob": ["left"], "bob@mail.example": ["left"], "ida brandt": ["told"]}.items():
        assert await found(repository_database, search, q) == expected, q
    plain = await ConversationList(repository_database, WORKSPACE).page(asking("zoe@example"))
    assert [row.conversation.key.conversation_id for row in plain.rows] == ["early"]


async def test_filters_hold_for_what_is_found(repository_database: Database, make_search: MakeSearch):
    waiting, held, silent = talk("waiting", "Hello"), talk("held", "Hello"), Log("silent")
    waiting.waiting()
    held.claimed()
    await add(repository_database, waiting, held, silent)
    await repository_database["conversations"].update_one({"_id": "held"}, {"$set": {"tag_ids": ["t1"]}})
    search = await started(make_search)
    for asked, expected in (
        ({"show": "engaged"}, {"waiting", "held"}),
        ({"show": "all"}, {"waiting", "held", "silent"}),
        ({"holder": "waiting"}, {"waiting"}),
        ({"holder": "mine"}, {"held"}),
        ({"holder": "others"}, set[str]()),
        ({"holder": "bot", "show": "all"}, {"silent"}),
        ({"tag": "t1"}, {"held"}),
    ):
        assert set(await found(repository_database, search, "visitor", **asked)) == expected, asked
    conversations = ConversationList(repository_database, WORKSPACE, Shortcuts(search))
    assert {each.id for each in await conversations.matching(asking("visi", show="all"))} == {
        "waiting",
        "held",
        "silent",
    }
    assert {each.id for each in await conversations.matching(asking("hello", holder="mine"))} == {"held"}


async def test_pages_of_what_is_found(repository_database: Database, make_search: MakeSearch):
    logs = [talk(f"c{number:02}", "common") for number in range(25)]
    await add(repository_database, *logs)
    search = await started(make_search)
    conversations = ConversationList(repository_database, WORKSPACE, Shortcuts(search))
    listed: list[str] = []
    after: str | None = None
    while True:
        page = await conversations.page(asking("common"), after, limit=10)
        listed += [row.conversation.key.conversation_id for row in page.rows]
        if (after := page.next) is None:
            break
    assert listed == [f"c{number:02}" for number in reversed(range(25))]


async def test_a_crash_loses_nothing(repository_database: Database, make_search: MakeSearch):
    await add(repository_database, talk("c1", "Hello"))
    first = await started(make_search)
    await Checkpoint(repository_database).advance(None)
    # It dies here; entries, a conversation and a lead are durable that it has not heard of.
    now = datetime.now(UTC)
    late = Log("c1")
    late.message("Hello")
    late.message("zeppelin")
    recent = {"created_at": now, "last_activity_at": now}
    await repository_database["messages"].insert_one(
        {**entry_document(late.key, late.entries[-1]), "created_at": now}
    )
    await repository_database["conversations"].update_one({"_id": "c1"}, {"$set": {"last_activity_at": now}})
    await add(repository_database, Log("c2"))
    await repository_database["conversations"].update_one({"_id": "c2"}, {"$set": recent})
    lead = made_lead("l1", "c1", "Ann", now)
    await repository_database["leads"].insert_one(lead_document(LeadPlan(lead, ())))
    await first.close()
    search = await started(make_search)
    assert await found(repository_database, search, "zeppelin") == ["c1"]
    assert "c2" in await found(repository_database, search, "4f2k", show="all")
    assert [row.lead.id for row in (await leads_of(repository_database, search).page("ann")).rows] == ["l1"]


async def test_a_crash_loses_nothing_that_was_changed(repository_database: Database, make_search: MakeSearch):
    await add(repository_database, talk("c1", "Hello"), talk("c2", "Hello"))
    lead = made_lead("l1", "c1", "Ann", NOW)
    await repository_database["leads"].insert_one(lead_document(LeadPlan(lead, ())))
    visitor = KnownVisitor(VisitorId("v2"), WORKSPACE, "hash", 1, ConversationId("c2"), NOW, NOW)
    await repository_database["visitors"].insert_one(visitor_document(visitor, NOW))
    first = await started(make_search)
    await Checkpoint(repository_database).advance(None)
    # It dies here; the lead of long ago says something else now, and the site who the visitor is.
    now = datetime.now(UTC)
    changed = replace(lead, fields=replace(lead.fields, name="Quentin"), revision=1, updated_at=now)
    await repository_database["leads"].update_one({"_id": "l1"}, {"$set": lead_changes(changed)})
    person = person_document(Person("u7", "Zoe Lind", "zoe@example.com"))
    for name, identity, told in (("conversations", "c2", {}), ("visitors", "v2", {"told_at": now})):
        query = {"_id": identity, "workspace_id": WORKSPACE}
        await repository_database[name].update_one(query, {"$set": {"person": person, **told}})
    await first.close()
    search = await started(make_search)
    assert [row.lead.id for row in (await leads_of(repository_database, search).page("quentin")).rows] == [
        "l1"
    ]
    assert await found(repository_database, search, "quentin") == ["c1"]
    assert await found(repository_database, search, "zoe@example") == ["c2"]


async def test_the_file_of_another_database_is_made_anew(
    repository_database: Database, make_search: MakeSearch
):
    await add(repository_database, talk("c1", "Hello"))
    await (await started(make_search)).close()
    await repository_database["meta"].delete_one({"_id": "search.sqlite"})
    await repository_database["messages"].update_one({"_id": "c1:1"}, {"$set": {"text": "Goodbye"}})
    search = await started(make_search)
    assert await found(repository_database, search, "goodbye") == ["c1"]
    assert await found(repository_database, search, "hello") == []


async def test_what_fills_a_write_by_itself_is_not_waited_with(repository_database: Database, tmp_path: Path):
    search = Search(repository_database, tmp_path, pause_s=3600)
    await search.start()
    await search.run()
    for number in range(2 * MOST_DOCUMENTS):
        search.forget(ConversationId(f"c{number}"))
    later = datetime.now(UTC)
    search.forget(ConversationId("the last"))
    async with asyncio.timeout(20):
        while (oldest := search.oldest()) is not None and oldest < later:
            await asyncio.sleep(0.01)
    await search.close()


async def test_what_is_deleted_is_forgotten_also_while_the_file_is_made(
    repository_database: Database, make_search: MakeSearch
):
    await add(repository_database, talk("c1", "Hello"), talk("c2", "Hello"))
    search = make_search()
    await search.start()
    making = asyncio.create_task(search.run())
    search.forget(ConversationId("c1"))
    await making
    assert await search.all(WORKSPACE, "hello", engaged=False) == ["c2"]
    search.captured([made_lead("l1", "c2", "Ann", datetime.now(UTC))])
    search.forget(ConversationId("c2"))
    await search.passed()
    assert await search.all(WORKSPACE, "hello", engaged=False) == []
    assert (await search.leads(WORKSPACE, "ann", None, 10)).found == []


async def test_searches_stay_in_their_workspace(repository_database: Database, make_search: MakeSearch):
    await add(repository_database, talk("c1", "Hello"))
    search = await started(make_search)
    elsewhere = ConversationList(repository_database, WorkspaceId("w2"), Shortcuts(search))
    assert (await elsewhere.page(asking("hello", show="all"))).rows == ()


async def test_lists_look_for_themselves_until_all_can_be_found(
    repository_database: Database, make_search: MakeSearch
):
    await add(repository_database, talk("c1", "Hello"))
    search = make_search()
    await search.start()
    assert not search.ready
    assert await found(repository_database, search, "hello") == ["c1"]


async def test_leads_are_found_by_name_address_number_and_text(
    repository_database: Database, make_search: MakeSearch
):
    now = datetime.now(UTC)
    leads = [
        made_lead(f"l{n}", "c1", name, now - timedelta(hours=n)) for n, name in enumerate(("Ann", "Bob"))
    ]
    await repository_database["workspaces"].update_one(
        {"_id": WORKSPACE}, {"$set": {"slug": "w"}}, upsert=True
    )
    await repository_database["leads"].insert_many(
        [{**lead_document(LeadPlan(lead, ())), "contact_key": lead.id, "place": lead.id} for lead in leads]
    )
    search = await started(make_search)
    for q, expected in {
        "ann": ["l0"],
        "bob@mail.example": ["l1"],
        "901820": ["l0", "l1"],
        "call": ["l0", "l1"],
        "ann bob": [],
    }.items():
        rows = (await leads_of(repository_database, search).page(q)).rows
        assert [row.lead.id for row in rows] == expected, q


async def test_a_lead_is_found_as_soon_as_it_was_told_of(
    repository_database: Database, make_search: MakeSearch
):
    await add(repository_database, talk("c1", "Hello"))
    search = await started(make_search)
    lead = made_lead("l1", "c1", "Quentin", NOW)
    await repository_database["leads"].insert_one(lead_document(LeadPlan(lead, ())))
    search.captured([lead])
    rows = (await leads_of(repository_database, search).page("quent")).rows
    assert [row.lead.id for row in rows] == ["l1"]


def made_lead(identity: str, conversation_id: str, name: str, at: datetime) -> Lead:
    key = ConversationKey(WORKSPACE, ConversationId(conversation_id))
    fields = LeadFields(name, f"{name.lower()}@mail.example", "+4930901820", "Please call me")
    return Lead(LeadId(identity), key, fields, LeadSource.FORM, at)


def leads_of(database: Database, search: Search) -> Leads:
    return Leads(database, WORKSPACE, FeedCursors("k" * 40), Shortcuts(search))
