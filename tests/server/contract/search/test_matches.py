from __future__ import annotations

from dataclasses import replace

import pytest

from actors.ids import WorkspaceId
from actors.log import Author, Person, Speaker
from handlers.ports import Match
from server.conversations.entries import entry_document
from server.conversations.rows import new_document, person_document, row_of, summary_of
from server.search import matches as matches_module
from server.search.matches import Matches
from server.store.database import Database
from tests.support.logs import ANA, WORKSPACE, Log, summary


async def add(database: Database, log: Log, **fields: object) -> None:
    """A conversation with its log, and what its document has besides."""
    document = new_document(log.conversation) | summary_of(log.standing) | fields
    await database["conversations"].insert_one(document)
    if log.entries:
        await database["messages"].insert_many([entry_document(log.key, entry) for entry in log.entries])


def said_by_bot(log: Log, text: str) -> None:
    log.entries[-1] = replace(log.message(text), role=Speaker.BOT, author=Author("", "Bo"))


async def match(
    database: Database, log: Log, q: str, workspace_id: WorkspaceId = WORKSPACE, budget_s: float = 60
) -> Match | None:
    row = row_of(await summary(database, log.key))
    return (await Matches(database, workspace_id, q, budget_s).of([row])).get(log.key)


async def test_the_last_entry_that_has_a_searched_word_is_shown(repository_database: Database):
    log = Log("c1")
    log.message("A parcel, long ago")
    log.message("My parcel is late")
    log.message("Hello?")
    said_by_bot(log, "Read [about **refunds**](https://s.test/money).")
    log.claimed()
    log.released(note="Angry about the zeppelin")
    await add(repository_database, log)
    user, bot = Speaker.VISITOR, Speaker.BOT
    for q, expected in {
        "parc": Match("message", ("My ", "parc", "el is late"), user),
        "parcel ago": Match("message", ("A ", "parcel", ", long ", "ago", ""), user),
        "refund": Match("message", ("Read about ", "refund", "s."), bot),
        "money": Match("message", ("…(https://s.test/", "money", ")."), bot),
        "zeppelin": Match("note", ("Angry about the ", "zeppelin", "")),
        ANA.name: Match("member", ("", "Ana", "")),
        "absent": None,
        "*": None,
    }.items():
        assert await match(repository_database, log, q) == expected, q


async def test_what_is_known_of_the_visitor_is_shown(repository_database: Database):
    log = Log("c1")
    log.waiting()
    person = person_document(Person("u7", "Zoe Lind", "zoe@example.com"))
    page = {"url": "https://s.test/prices", "title": "What it costs", "referrer": ""}
    await add(repository_database, log, person=person, page=page)
    lead = {"_id": "l1", "workspace_id": WORKSPACE, "conversation_id": "c1"}
    fields = {"name": "Quentin", "email": "q@mail.example", "phone": "+49 30 901820"}
    await repository_database["leads"].insert_one(lead | fields)
    for q, expected in {
        "quent": Match("name", ("", "Quent", "in")),
        "zoe": Match("name", ("", "Zoe", " Lind")),
        "zoe@ex": Match("email", ("", "zoe", "@", "ex", "ample.com")),
        "1820": Match("phone", ("+49 30 90", "1820", "")),
        "costs": Match("page", ("What it ", "costs", "")),
        "prices": Match("page", ("s.test/", "prices", "")),
        "https": Match("page", ("", "https", "://s.test/prices")),
        "4f2k": Match("name", ("Visitor ", "4F2K", "")),
    }.items():
        assert await match(repository_database, log, q) == expected, q


async def test_nothing_of_another_workspace_is_shown(repository_database: Database):
    log = Log("c1")
    log.message("My parcel is late")
    await add(repository_database, log)
    assert await match(repository_database, log, "parcel", WorkspaceId("w2")) is None


async def test_a_long_conversation_is_read_back_to_where_the_word_is(
    repository_database: Database, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(matches_module, "_AT_ONCE", 4)
    log = Log("c1")
    log.message("My parcel is late")
    for number in range(13):
        log.message(f"message {number}")
    await add(repository_database, log)
    found = await match(repository_database, log, "parcel")
    assert found == Match("message", ("My ", "parcel", " is late"), Speaker.VISITOR)
    newest = await match(repository_database, log, "message")
    assert newest == Match("message", ("", "message", " 12"), Speaker.VISITOR)
    assert await match(repository_database, log, "parcel", budget_s=0) is None


async def test_a_page_of_conversations_is_read_in_few_queries(repository_database: Database):
    logs = [Log(f"c{number}") for number in range(60)]
    for log in logs:
        log.message(f"parcel {log.key.conversation_id}")
        await add(repository_database, log)
    rows = [row_of(await summary(repository_database, log.key)) for log in logs]
    found = await Matches(repository_database, WORKSPACE, "parcel", budget_s=60).of(rows)
    assert {key.conversation_id: each.pieces[2] for key, each in found.items()} == {
        f"c{number}": f" c{number}" for number in range(60)
    }


async def test_what_takes_too_long_is_left_out_from_the_end(
    repository_database: Database, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(matches_module, "_READ_AT_ONCE", 5)
    logs = [Log(f"c{number}") for number in range(6)]
    for log in logs:
        for _ in range(2):
            log.message("parcel")
        await add(repository_database, log)
    rows = [row_of(await summary(repository_database, log.key)) for log in logs]
    first = await Matches(repository_database, WORKSPACE, "parcel", budget_s=0).of(rows)
    assert list(first) == [log.key for log in logs[:2]]
    everyone = await Matches(repository_database, WORKSPACE, "parcel", budget_s=60).of(rows)
    assert list(everyone) == [log.key for log in logs]
