from __future__ import annotations

import asyncio

import pytest

from actors.errors import Code, Refusal
from actors.lead import Captured, LeadOutcome
from server.jobs.outbox import Outbox
from server.leads.capture import LeadCapture
from server.leads.documents import lead_of
from server.store.mongo import Database
from tests.support.leads import TOLD, WORKSPACE, captured, draft, key, make_workspaces


async def add_endpoint(database: Database, endpoint_id: str, *events: str, workspace: str = "w") -> None:
    await database["webhook_endpoints"].insert_one(
        {"_id": endpoint_id, "workspace_id": workspace, "enabled": True, "events": list(events)}
    )


async def job_ids(database: Database) -> set[str]:
    return {job["_id"] for job in await database["jobs"].find({}).to_list(None)}


async def test_a_lead_is_durable_with_its_jobs_when_it_is_told(repository_database: Database):
    database = repository_database
    await make_workspaces(database)
    await add_endpoint(database, "e1", "lead.captured")
    await add_endpoint(database, "e2", "conversation.claimed")
    await add_endpoint(database, "e3", "lead.captured", workspace="foreign")
    capture = LeadCapture(database, Outbox(database))
    lead = await captured(capture, draft(name="Zoë", phone="+4930901820", message="Hi"))
    stored = await database["leads"].find_one({"_id": lead.id})
    assert stored
    assert lead_of(stored) == lead
    fields = ("workspace_id", "conversation_id", "name", "email", "phone", "message", "source")
    contract = {field: stored[field] for field in fields}
    assert contract == {
        "workspace_id": "w",
        "conversation_id": "c0",
        "name": "Zoë",
        "email": "zoe@example.com",
        "phone": "+4930901820",
        "message": "Hi",
        "source": "form",
    }
    await capture.drained()
    assert await job_ids(database) == {f"{lead.id}:mail:{user}" for user in TOLD} | {f"{lead.id}:webhook:e1"}
    stored = await database["leads"].find_one({"_id": lead.id})
    assert stored
    assert "jobs" not in stored
    conversation = await database["conversations"].find_one({"_id": "c0"})
    assert conversation
    assert (conversation["has_lead"], conversation["lead_name"]) == (True, "Zoë")
    await captured(capture, draft(name="Zoë Martin"))
    await captured(capture, draft("late@example.com"))
    await capture.drained()
    conversation = await database["conversations"].find_one({"_id": "c0"})
    assert conversation
    assert conversation["lead_name"] == "late@example.com"


async def test_the_jobs_of_a_crashed_process_are_made_at_the_next_start(repository_database: Database):
    database = repository_database
    await make_workspaces(database)
    crashed = LeadCapture(database, Outbox(database))
    written: asyncio.Future[LeadOutcome] = asyncio.get_running_loop().create_future()

    def crash(outcome: LeadOutcome) -> None:
        written.set_result(outcome)
        asyncio.get_running_loop().create_task(crashed._follow_up.cancel())

    crashed.capture(draft(), crash)
    outcome = await written
    assert isinstance(outcome, Captured)
    left = await job_ids(database)  # all, some or none: a crash may come at any moment
    await LeadCapture(database, Outbox(database)).start()
    assert await job_ids(database) == {f"{outcome.lead.id}:mail:{user}" for user in TOLD} >= left
    assert await LeadCapture(database, Outbox(database)).start() == 0


async def test_a_sweep_leaves_jobs_that_are_there_as_they_are(repository_database: Database):
    database = repository_database
    await make_workspaces(database)
    capture = LeadCapture(database, Outbox(database))
    lead = await captured(capture, draft())
    await capture.drained()
    await database["jobs"].update_one({"_id": f"{lead.id}:mail:ada"}, {"$set": {"status": "done"}})
    jobs = await database["jobs"].find({}).to_list(None)
    await database["leads"].update_one({"_id": lead.id}, {"$set": {"jobs": jobs, "jobs_pending": True}})
    await database["jobs"].delete_one({"_id": f"{lead.id}:mail:olga"})
    assert await LeadCapture(database, Outbox(database)).start() == 1
    states = {job["_id"]: job["status"] for job in await database["jobs"].find({}).to_list(None)}
    assert states == {
        f"{lead.id}:mail:ada": "done",
        f"{lead.id}:mail:olga": "pending",
        f"{lead.id}:mail:otto": "pending",
    }


async def test_the_same_address_in_the_same_conversation_updates(repository_database: Database):
    database = repository_database
    await make_workspaces(database)
    await add_endpoint(database, "e1", "lead.captured", "lead.updated")
    capture = LeadCapture(database, Outbox(database))
    first = await captured(capture, draft(name="Zoe", message="Hi"))
    outcome = await capture.captured(draft("ZOE@example.com", name="Zoë Martin"))
    assert isinstance(outcome, Captured)
    assert outcome.updated
    assert (outcome.lead.id, outcome.lead.seq, outcome.lead.revision) == (first.id, first.seq, 1)
    again = await capture.captured(draft("ZOE@example.com", name="Zoë Martin"))
    assert isinstance(again, Captured)
    assert (again.updated, again.lead.revision) == (True, 1)
    await capture.drained()
    stored = await database["leads"].find_one({})
    assert stored
    assert (stored["name"], stored["message"], stored["revision"]) == ("Zoë Martin", "Hi", 1)
    assert await database["leads"].count_documents({}) == 1
    assert {j for j in await job_ids(database) if "mail" not in j} == {
        f"{first.id}:webhook:e1",
        f"{first.id}:update:1:webhook:e1",
    }
    assert await database["jobs"].count_documents({"kind": "lead_mail"}) == len(TOLD)


async def test_another_address_or_conversation_is_another_lead(repository_database: Database):
    await make_workspaces(repository_database)
    capture = LeadCapture(repository_database, Outbox(repository_database))
    leads = [
        await captured(capture, draft("a@example.com")),
        await captured(capture, draft("b@example.com")),
        await captured(capture, draft("a@example.com", key("c1"))),
        await captured(capture, draft("", phone="+4930901820")),
    ]
    assert len({lead.id for lead in leads}) == 4
    assert [lead.seq for lead in leads] == [1, 2, 3, 4]


async def test_many_at_once_are_numbered_without_gaps_and_doubles_become_updates(database: Database):
    await make_workspaces(database, 20)
    capture = LeadCapture(database, Outbox(database))
    drafts = [draft(f"v{n % 50}@example.com", key(f"c{n % 10}")) for n in range(100)]
    drafts += [draft(f"v{n}@example.com", key(f"f{n}", "foreign")) for n in range(10)]
    outcomes = await asyncio.gather(*(capture.captured(each) for each in drafts))
    told = [outcome for outcome in outcomes if isinstance(outcome, Captured)]
    assert len(told) == 110
    assert sum(each.updated for each in told) == 50
    stored = await database["leads"].find({"workspace_id": "w"}).to_list(None)
    assert sorted(lead["seq"] for lead in stored) == list(range(1, 51))
    foreign = await database["leads"].find({"workspace_id": "foreign"}).to_list(None)
    assert sorted(lead["seq"] for lead in foreign) == list(range(1, 11))
    await capture.drained()
    assert await database["jobs"].count_documents({}) == 50 * len(TOLD) + 10


async def test_two_writers_give_no_number_twice_and_lose_nothing(database: Database):
    await make_workspaces(database, 40)
    writers = [LeadCapture(database, Outbox(database)) for _ in range(2)]
    drafts = [draft(f"v{n}@example.com", key(f"c{n}")) for n in range(40)]
    outcomes = await asyncio.gather(*(writers[n % 2].captured(each) for n, each in enumerate(drafts)))
    assert all(isinstance(outcome, Captured) and not outcome.updated for outcome in outcomes)
    stored = await database["leads"].find({}).to_list(None)
    assert sorted(lead["seq"] for lead in stored) == list(range(1, 41))
    for writer in writers:
        await writer.drained()
    assert await database["jobs"].count_documents({}) == 40 * len(TOLD)


async def test_a_write_whose_answer_was_lost_is_no_second_lead(repository_database: Database):
    database = repository_database
    await make_workspaces(database)
    capture = LeadCapture(database, Outbox(database))
    lost = draft()
    first = await captured(capture, lost)
    again = await capture.captured(lost)
    assert again == Captured(first, updated=False)
    await capture.drained()
    assert await database["leads"].count_documents({}) == 1
    assert await database["jobs"].count_documents({}) == len(TOLD)


async def test_numbers_are_not_given_twice_when_the_newest_lead_was_deleted(repository_database: Database):
    await make_workspaces(repository_database)
    capture = LeadCapture(repository_database, Outbox(repository_database))
    await captured(capture, draft("a@example.com"))
    newest = await captured(capture, draft("b@example.com"))
    await capture.drained()
    await repository_database["leads"].delete_one({"_id": newest.id})
    after_restart = LeadCapture(repository_database, Outbox(repository_database))
    assert (await captured(after_restart, draft("c@example.com"))).seq == 3


async def test_a_conversation_that_is_gone_or_foreign_gets_no_lead(repository_database: Database):
    await make_workspaces(repository_database)
    capture = LeadCapture(repository_database, Outbox(repository_database))
    for at in (key("nowhere"), key("f0"), key("c0", "foreign")):
        outcome = await capture.captured(draft(at=at))
        assert isinstance(outcome, Refusal)
        assert outcome.code is Code.NOT_FOUND
    assert await repository_database["leads"].count_documents({}) == 0


async def test_a_full_queue_refuses_at_once(repository_database: Database):
    capture = LeadCapture(repository_database, Outbox(repository_database))
    await capture.close()
    outcome = await capture.captured(draft())
    assert isinstance(outcome, Refusal)
    assert outcome.code is Code.UNAVAILABLE


async def test_an_update_that_comes_while_jobs_are_copied_keeps_its_own(repository_database: Database):
    database = repository_database
    await make_workspaces(database)
    await add_endpoint(database, "e1", "lead.updated")
    capture = LeadCapture(database, Outbox(database))
    await asyncio.gather(*(capture.captured(draft(name=f"Zoe {n}")) for n in range(6)))
    await capture.drained()
    (stored,) = await database["leads"].find({}).to_list(None)
    assert stored["revision"] == 5
    assert stored["jobs_pending"] is False
    assert len([j for j in await job_ids(database) if ":update:" in j]) == 5


async def test_a_lead_that_somebody_else_wrote_is_read(repository_database: Database):
    await repository_database["leads"].insert_one(
        {"_id": "x", "workspace_id": WORKSPACE, "conversation_id": "c0", "captured_at": draft().captured_at}
    )
    stored = await repository_database["leads"].find_one({"_id": "x"})
    assert stored
    lead = lead_of(stored)
    assert (lead.name, lead.seq, lead.source.value, lead.page.url) == ("", 0, "form", "")


async def test_what_breaks_unexpectedly_is_told_and_breaks_nothing_else(
    repository_database: Database, monkeypatch: pytest.MonkeyPatch
):
    await make_workspaces(repository_database)
    capture = LeadCapture(repository_database, Outbox(repository_database))

    async def broken(*_: object) -> None:
        raise ZeroDivisionError

    with monkeypatch.context() as patched:
        patched.setattr(capture._audiences, "of_all", broken)
        outcome = await capture.captured(draft())
    assert isinstance(outcome, Refusal)
    assert outcome.code is Code.UNAVAILABLE
    assert (await captured(capture, draft())).seq == 1
