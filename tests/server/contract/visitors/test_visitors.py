from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from actors.ids import ConversationId, WorkspaceId
from actors.log import MOST_PAGES, Page, Person, Visited
from server.cleanup.portions import Doomed
from server.cleanup.purge import Purge
from server.conversations.rows import row_of
from server.store.database import AutoReconnect, Database
from server.visitors.documents import Arrival
from server.visitors.visitors import StoreUnavailableError, Visitors, VisitorSession
from tests.support.faulty_database import FaultyDatabase
from tests.support.logs import WORKSPACE
from tests.support.waiting import until

NOW = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)
PAGE = Page("https://site.test/price?a=1", "Prices", "https://search.test/")
HOUR = timedelta(hours=1)


@pytest.fixture
def visitors(repository_database: Database) -> Visitors:
    return Visitors(repository_database)


async def resolve(
    visitors: Visitors, token: str | None = None, after: timedelta = timedelta(0)
) -> VisitorSession:
    return await visitors.resolve(Arrival(WORKSPACE, PAGE, NOW + after, token, "Browser/1"))


async def delete(database: Database, session: VisitorSession) -> None:
    """As a clean-up does it."""
    doomed = Doomed((session.conversation_id,), (session.visitor_id,))
    await Purge(database, WORKSPACE).conversations(doomed)


async def conversations(database: Database) -> list[str]:
    found = database["conversations"].find({"workspace_id": WORKSPACE}, sort=[("created_at", 1)])
    return [each["_id"] async for each in found]


async def test_a_new_visitor_has_a_conversation(visitors: Visitors, repository_database: Database):
    session = await resolve(visitors)
    assert session.created
    assert len(session.token) >= 32
    document = await repository_database["conversations"].find_one({"_id": session.conversation_id})
    assert document is not None
    row = row_of(document)
    assert (row.conversation.visitor_id, row.conversation.page) == (session.visitor_id, PAGE)
    assert (row.conversation.created_at, row.standing.last_activity_at) == (NOW, NOW)
    assert row.user_agent == "Browser/1"
    assert row.conversation.visitor_name.startswith("Visitor ")
    contract = {"workspace_id", "visitor_id", "created_at", "last_activity_at", "seq", "user_message_count"}
    assert contract | {"claimed_by_user_id", "claimed_at", "tag_ids"} <= set(document)


async def test_what_the_browser_is_set_to_is_kept_until_it_says_otherwise(
    visitors: Visitors, repository_database: Database
):
    async def kept(
        token: str | None, at: timedelta, language: str = "", time_zone: str = ""
    ) -> tuple[str, str, str]:
        session = await visitors.resolve(
            Arrival(WORKSPACE, PAGE, NOW + at, token, language=language, time_zone=time_zone)
        )
        await visitors.close()
        document = await repository_database["conversations"].find_one({"_id": session.conversation_id})
        assert document is not None
        conversation = row_of(document).conversation
        return session.token, conversation.language, conversation.time_zone

    token, *first = await kept(None, timedelta(0), language="de", time_zone="Europe/Berlin")
    assert first == ["de", "Europe/Berlin"]
    assert (await kept(token, HOUR))[1:] == ("de", "Europe/Berlin")
    assert (await kept(token, HOUR, time_zone="Asia/Tokyo"))[1:] == ("de", "Asia/Tokyo")
    assert (await kept(token, 48 * HOUR))[1:] == ("de", "Asia/Tokyo")


async def test_the_token_is_not_stored(visitors: Visitors, repository_database: Database):
    session = await resolve(visitors)
    stored = await repository_database["visitors"].find_one({"_id": session.visitor_id})
    assert stored is not None
    assert session.token not in str(stored)


async def test_long_and_odd_page_fields_are_kept_within_bounds(
    visitors: Visitors, repository_database: Database
):
    page = Page("https://s.test/" + "x" * 5000, "half a pair \ud83d", "\x00")
    session = await visitors.resolve(Arrival(WORKSPACE, page, NOW, user_agent="y" * 5000))
    document = await repository_database["conversations"].find_one({"_id": session.conversation_id})
    assert document is not None
    assert len(document["page"]["url"]) == 2000
    assert len(document["user_agent"]) == 2000
    assert document["page"]["title"] == "half a pair ?"


@pytest.mark.parametrize("restarted", [False, True])
async def test_a_token_brings_the_conversation_back_within_a_day_of_the_last_visit(
    visitors: Visitors, repository_database: Database, restarted: bool
):
    first = await resolve(visitors)
    for hours in (20, 40, 60):
        if restarted:
            await visitors.close()
            visitors = Visitors(repository_database)
        again = await resolve(visitors, first.token, hours * HOUR)
        assert again == VisitorSession(first.visitor_id, first.conversation_id, first.token, created=False)


@pytest.mark.parametrize("restarted", [False, True])
async def test_after_a_day_the_same_visitor_gets_a_new_conversation(
    visitors: Visitors, repository_database: Database, restarted: bool
):
    first = await resolve(visitors)
    if restarted:
        visitors = Visitors(repository_database)
    second = await resolve(visitors, first.token, 25 * HOUR)
    assert (second.visitor_id, second.token, second.created) == (first.visitor_id, first.token, True)
    assert second.conversation_id != first.conversation_id
    again = await resolve(visitors, first.token, 26 * HOUR)
    assert (again.conversation_id, again.created) == (second.conversation_id, False)
    third = await resolve(Visitors(repository_database), first.token, 60 * HOUR)
    assert len({first.conversation_id, second.conversation_id, third.conversation_id}) == 3


async def test_activity_counts_as_a_visit(visitors: Visitors, repository_database: Database):
    first = await resolve(visitors)
    visitors.seen(first.conversation_id, NOW + 20 * HOUR)
    visitors.seen(ConversationId("unknown"), NOW)
    await visitors.close()
    again = await resolve(Visitors(repository_database), first.token, 40 * HOUR)
    assert again.conversation_id == first.conversation_id


async def test_sightings_are_written_coarsely(repository_database: Database):
    faults = FaultyDatabase(repository_database)
    visitors = Visitors(faults)
    session = await resolve(visitors)
    for minute in range(60):
        visitors.seen(session.conversation_id, NOW + timedelta(minutes=minute))
        await visitors.close()
    assert faults.calls["visitors.bulk_write"] == 5


@pytest.mark.parametrize("token", ["", "unknown", "x" * 100_000, "\x00", "\ud83d"])
async def test_a_token_of_nobody_makes_a_new_visitor(visitors: Visitors, token: str):
    known = await resolve(visitors)
    session = await resolve(visitors, token)
    assert session.created
    assert session.visitor_id != known.visitor_id
    assert session.token not in {token, known.token}


@pytest.mark.parametrize("restarted", [False, True])
async def test_a_token_of_another_workspace_makes_a_new_visitor(
    visitors: Visitors, repository_database: Database, restarted: bool
):
    first = await resolve(visitors)
    if restarted:
        visitors = Visitors(repository_database)
    foreign = await visitors.resolve(Arrival(WorkspaceId("w2"), PAGE, NOW, first.token))
    assert foreign.visitor_id != first.visitor_id
    assert foreign.token != first.token


async def test_a_token_not_used_for_half_a_year_is_nobodys(visitors: Visitors):
    first = await resolve(visitors)
    late = await resolve(visitors, first.token, timedelta(days=200))
    assert late.visitor_id != first.visitor_id


@pytest.mark.parametrize("processes", [1, 2])
async def test_sockets_that_come_at_once_share_one_conversation(
    repository_database: Database, processes: int
):
    first = await resolve(Visitors(repository_database))
    resolvers = [Visitors(repository_database) for _ in range(processes)]
    sessions = await asyncio.gather(
        *(resolve(resolvers[n % processes], first.token, 30 * HOUR) for n in range(20))
    )
    assert len({session.conversation_id for session in sessions}) == 1
    assert sum(session.created for session in sessions) == 1
    found = await repository_database["conversations"].count_documents({"visitor_id": first.visitor_id})
    assert found == 2


@pytest.mark.parametrize("restarted", [False, True])
async def test_a_deleted_conversation_is_followed_by_a_new_one(
    visitors: Visitors, repository_database: Database, restarted: bool
):
    first = await resolve(visitors)
    second = await resolve(visitors, first.token, 30 * HOUR)
    await delete(repository_database, second)
    if restarted:
        visitors = Visitors(repository_database)
    else:
        visitors.forget(second.conversation_id)
    again = await resolve(visitors, first.token, 31 * HOUR)
    assert again.created
    assert again.visitor_id == first.visitor_id
    assert again.conversation_id not in {first.conversation_id, second.conversation_id}
    assert (await resolve(visitors, first.token, 31 * HOUR)).conversation_id == again.conversation_id


async def test_many_new_visitors_share_their_writes(repository_database: Database):
    faults = FaultyDatabase(repository_database)
    visitors = Visitors(faults)
    sessions = await asyncio.gather(*(resolve(visitors) for _ in range(200)))
    assert len({session.visitor_id for session in sessions}) == 200
    assert faults.calls["conversations.insert_many"] < 5
    assert await faults["conversations"].count_documents({"workspace_id": WORKSPACE}) == 200


async def test_a_visitor_who_was_here_lately_costs_no_read(repository_database: Database):
    faults = FaultyDatabase(repository_database)
    visitors = Visitors(faults)
    session = await resolve(visitors)
    faults.calls.clear()
    await asyncio.gather(*(resolve(visitors, session.token) for _ in range(50)))
    assert sum(faults.calls.values()) == 0


async def test_without_the_database_nobody_is_told_of_a_conversation(repository_database: Database):
    faults = FaultyDatabase(repository_database)
    visitors = Visitors(faults)
    faults.away = True
    with pytest.raises(StoreUnavailableError):
        await resolve(visitors)
    with pytest.raises(StoreUnavailableError):
        await resolve(visitors, "some token")
    faults.away = False
    assert (await resolve(visitors)).created


async def test_a_conversation_whose_insert_lost_its_reply_is_made_once(repository_database: Database):
    faults = FaultyDatabase(repository_database)
    visitors = Visitors(faults)
    first = await resolve(visitors)
    faults.lose_replies["conversations.insert_many"] = 1
    with pytest.raises(StoreUnavailableError):
        await resolve(visitors, first.token, 30 * HOUR)
    again = await resolve(visitors, first.token, 30 * HOUR)
    assert await faults["conversations"].count_documents({"visitor_id": first.visitor_id}) == 2
    assert again.conversation_id != first.conversation_id


async def test_names_are_friendly_stable_and_tell_visitors_apart(
    visitors: Visitors, repository_database: Database
):
    first = await resolve(visitors)
    await resolve(visitors, first.token, 30 * HOUR)
    query = {"visitor_id": first.visitor_id}
    names = [found["visitor_name"] async for found in repository_database["conversations"].find(query)]
    assert len(names) == 2
    assert len(set(names)) == 1
    assert len(names[0]) == len("Visitor 4F2K")


async def trail(database: Database, session: VisitorSession) -> list[str]:
    document = await database["conversations"].find_one({"_id": session.conversation_id})
    assert document is not None
    return [visited.url for visited in row_of(document).conversation.pages]


@pytest.mark.parametrize("restarted", [False, True])
async def test_another_page_is_added_to_the_trail_and_the_same_one_is_not(
    visitors: Visitors, repository_database: Database, restarted: bool
):
    first = await resolve(visitors)
    assert first.visited is None
    for url, news in [
        (PAGE.url, False),
        ("https://site.test/", True),
        ("", False),
        ("https://site.test/", False),
    ]:
        if restarted:
            await visitors.close()
            visitors = Visitors(repository_database)
        again = await visitors.resolve(Arrival(WORKSPACE, Page(url, "Home"), NOW + HOUR, first.token))
        assert again.visited == (Visited(url, "Home", NOW + HOUR) if news else None)
    await visitors.close()
    assert await trail(repository_database, first) == [PAGE.url, "https://site.test/"]


async def test_the_trail_keeps_the_newest_pages(visitors: Visitors, repository_database: Database):
    first = await resolve(visitors)
    for number in range(2 * MOST_PAGES):
        page = Page(f"https://site.test/{number}" + "x" * 900)
        await visitors.resolve(Arrival(WORKSPACE, page, NOW, first.token))
        await visitors.resolve(Arrival(WORKSPACE, page, NOW, first.token))
    await visitors.close()
    kept = await trail(repository_database, first)
    assert len(kept) == MOST_PAGES
    assert kept[-1].startswith(f"https://site.test/{2 * MOST_PAGES - 1}xx")
    assert max(map(len, kept)) == 500


async def test_a_storm_of_those_who_stayed_on_their_page_writes_nothing(repository_database: Database):
    first = await resolve(Visitors(repository_database))
    faults = FaultyDatabase(repository_database)
    visitors = Visitors(faults)
    await resolve(visitors, first.token)
    await visitors.close()
    assert faults.calls["conversations.bulk_write"] == 0


ZOE = Person("u1", "Zoë", "zoe@site.test", verified=True)


async def proved(
    visitors: Visitors,
    token: str | None,
    workspace: WorkspaceId = WORKSPACE,
    after: timedelta = timedelta(0),
) -> VisitorSession:
    return await visitors.resolve(
        Arrival(workspace, PAGE, NOW + after, token, user_id=ZOE.user_id, person=ZOE)
    )


async def told(database: Database, session: VisitorSession) -> tuple[str, Person | None]:
    document = await database["conversations"].find_one({"_id": session.conversation_id})
    assert document is not None
    conversation = row_of(document).conversation
    return conversation.visitor_name, conversation.person


async def test_a_person_is_the_same_visitor_from_any_browser(
    visitors: Visitors, repository_database: Database
):
    anonymous = await resolve(visitors)
    first = await proved(visitors, anonymous.token)
    assert first.conversation_id == anonymous.conversation_id, "what they wrote before is theirs"
    assert first.told is not None
    assert await told(repository_database, first) == ("Zoë", ZOE)
    elsewhere = await proved(Visitors(repository_database), (await resolve(visitors)).token)
    assert (elsewhere.visitor_id, elsewhere.created) == (first.visitor_id, False)
    assert (await proved(visitors, None)).told is None
    stranger = await resolve(visitors, anonymous.token)
    assert stranger.visitor_id != first.visitor_id, "the browser's token is no way to a person's conversation"


async def test_a_person_of_another_workspace_is_another_visitor(
    visitors: Visitors, repository_database: Database
):
    here, there = await asyncio.gather(
        proved(visitors, None), proved(visitors, None, WorkspaceId("elsewhere"))
    )
    assert here.visitor_id != there.visitor_id
    assert here.conversation_id != there.conversation_id
    forged = await resolve(visitors, f"person:{WORKSPACE}:u1")
    assert forged.visitor_id not in {here.visitor_id, there.visitor_id}


async def test_a_claim_names_nobody_in_the_lists(visitors: Visitors, repository_database: Database):
    session = await resolve(visitors)
    claim = Person("", "The boss", "boss@site.test")
    again = await visitors.resolve(Arrival(WORKSPACE, PAGE, NOW, session.token, person=claim))
    name, person = await told(repository_database, again)
    assert (name.startswith("Visitor "), person) == (True, claim)


async def test_two_first_visits_of_a_person_at_once_are_one_visitor(
    visitors: Visitors, repository_database: Database
):
    other = Visitors(repository_database)
    sessions = await asyncio.gather(*(proved(each, None) for each in (visitors, other, visitors, other)))
    assert len({session.conversation_id for session in sessions}) == 1
    assert sum(session.created for session in sessions) == 1
    assert await conversations(repository_database) == [sessions[0].conversation_id]


async def test_who_finds_a_person_before_their_conversation_is_written_writes_the_same(
    faults: FaultyDatabase, repository_database: Database
):
    gate = faults.gates["conversations.insert_many"] = asyncio.Event()
    slow = Visitors(faults)
    first = [asyncio.create_task(proved(slow, None))]
    await until(lambda: faults.calls["conversations.insert_many"] == 1)
    first.append(asyncio.create_task(proved(slow, None)))
    await until(lambda: faults.calls["conversations.find_one"] == 1)
    second = await proved(Visitors(repository_database), None)
    gate.set()
    sessions = [second, *await asyncio.gather(*first)]
    assert len({(session.visitor_id, session.conversation_id) for session in sessions}) == 1
    assert [session.created for session in sessions] == [True, False, False]
    assert await conversations(repository_database) == [second.conversation_id]
    assert (await proved(slow, None)).conversation_id == second.conversation_id


@pytest.mark.parametrize("after", [timedelta(0), 40 * HOUR])
async def test_a_first_visit_that_ended_half_way_is_completed_by_the_next(
    faults: FaultyDatabase, repository_database: Database, after: timedelta
):
    faults.fail["conversations.insert_many"] = [AutoReconnect("killed here")]
    with pytest.raises(StoreUnavailableError):
        await proved(Visitors(faults), None)
    visitor = await repository_database["visitors"].find_one({"workspace_id": WORKSPACE})
    assert visitor is not None
    session = await proved(Visitors(repository_database), None, after=after)
    assert (session.visitor_id, session.conversation_id) == (visitor["_id"], visitor["conversation_id"])
    assert session.created
    assert await conversations(repository_database) == [session.conversation_id]


async def test_a_later_visit_that_ended_half_way_is_completed_by_the_next(
    faults: FaultyDatabase, repository_database: Database
):
    first = await resolve(Visitors(repository_database))
    faults.fail["conversations.insert_many"] = [AutoReconnect("killed here")]
    with pytest.raises(StoreUnavailableError):
        await resolve(Visitors(faults), first.token, 30 * HOUR)
    sessions = [await resolve(Visitors(repository_database), first.token, 31 * HOUR) for _ in range(2)]
    assert [session.created for session in sessions] == [True, False]
    assert await conversations(repository_database) == [first.conversation_id, sessions[0].conversation_id]


async def test_one_deleted_while_somebody_else_is_writing_it_stays_deleted(
    faults: FaultyDatabase, repository_database: Database
):
    gate = faults.gates["conversations.insert_many"] = asyncio.Event()
    first = asyncio.create_task(proved(Visitors(faults), None))
    await until(lambda: faults.calls["conversations.insert_many"] == 1)
    second = await proved(Visitors(repository_database), None)
    await delete(repository_database, second)
    gate.set()
    again = await first
    assert again.created
    assert again.conversation_id != second.conversation_id
    assert await conversations(repository_database) == [again.conversation_id]


@pytest.mark.parametrize("visits", [1, 2])
async def test_one_deleted_while_its_visitor_is_read_stays_deleted(
    faults: FaultyDatabase, repository_database: Database, visits: int
):
    before = [await proved(Visitors(repository_database), None, after=n * 30 * HOUR) for n in range(visits)]
    faults.before["conversations.find_one"] = lambda: delete(repository_database, before[-1])
    again = await proved(Visitors(faults), None, after=visits * 30 * HOUR - HOUR)
    assert again.created
    assert again.conversation_id not in {session.conversation_id for session in before}
    assert (again.visitor_id == before[-1].visitor_id) == (visits == 2)
    kept = [session.conversation_id for session in before[:-1]]
    assert await conversations(repository_database) == [*kept, again.conversation_id]


async def test_what_the_site_said_half_way_is_said_by_the_next_visit(
    faults: FaultyDatabase, repository_database: Database
):
    first = await resolve(Visitors(repository_database))
    faults.fail["conversations.update_one"] = [AutoReconnect("killed here")]
    with pytest.raises(StoreUnavailableError):
        await proved(Visitors(faults), first.token)
    session = await proved(Visitors(repository_database), None)
    assert session.told is not None
    assert await told(repository_database, first) == ("Zoë", ZOE)


async def test_one_deleted_before_its_visitor_is_written_stays_deleted(
    faults: FaultyDatabase, repository_database: Database
):
    gate = faults.gates["visitors.insert_many"] = asyncio.Event()
    visitors = Visitors(faults)
    first = asyncio.create_task(resolve(visitors))
    await until(lambda: faults.calls["visitors.insert_many"] == 1)
    await visitors._places.new_conversations.close()
    deleted = [ConversationId(each) for each in await conversations(repository_database)]
    purge = Purge(repository_database, WORKSPACE)
    doomed = await purge.doomed(deleted, only_empty=True)
    await purge.conversations(doomed)
    await purge.belongings(doomed)
    gate.set()
    session = await first
    await resolve(Visitors(repository_database), session.token)
    assert not set(deleted) & set(await conversations(repository_database))
