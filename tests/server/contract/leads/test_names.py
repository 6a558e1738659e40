from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from actors.ids import ConversationId, LeadId, WorkspaceId
from actors.lead import Lead, LeadFields, LeadSource
from actors.lead_state import LeadPlan
from actors.log import ConversationKey
from server.conversations.rows import new_document
from server.leads.documents import lead_document
from server.leads.names import LeadNames
from server.store.database import AutoReconnect, Database, Document
from tests.support.faulty_database import FaultyDatabase
from tests.support.logs import BEGAN, WORKSPACE, Log

AN_HOUR = timedelta(hours=1)


async def visited(database: Database, *ids: str, workspace_id: WorkspaceId = WORKSPACE, **more: Any) -> None:
    """Conversations as a version before the field left them."""
    theirs = {"workspace_id": workspace_id, "has_lead": True, **more}
    await database["conversations"].insert_many(
        [new_document(Log(each).conversation) | theirs for each in ids]
    )


def lead(
    lead_id: str,
    conversation_id: str,
    fields: LeadFields,
    hours: int = 0,
    *,
    updated: int | None = None,
    workspace_id: WorkspaceId = WORKSPACE,
) -> Document:
    made = Lead(
        id=LeadId(lead_id),
        key=ConversationKey(workspace_id, ConversationId(conversation_id)),
        fields=fields,
        source=LeadSource.FORM,
        captured_at=BEGAN + hours * AN_HOUR,
        seq=int(lead_id),
        updated_at=None if updated is None else BEGAN + updated * AN_HOUR,
    )
    return lead_document(LeadPlan(made, ()))


async def names(database: Database) -> dict[str, str | None]:
    found = await database["conversations"].find({}).to_list(None)
    return {each["_id"]: each.get("lead_name") for each in found}


@pytest.fixture(autouse=True)
async def _workspaces(repository_database: Database) -> None:
    for each in (WORKSPACE, "elsewhere"):
        await repository_database["workspaces"].insert_one({"_id": each, "key": each, "slug": each})


async def test_conversations_get_the_name_of_the_lead_that_came_last(repository_database: Database):
    database, elsewhere = repository_database, WorkspaceId("elsewhere")
    await visited(database, "by-name", "by-mail", "twice", "corrected")
    await visited(database, "nobody", has_lead=False)
    await visited(database, "other", workspace_id=elsewhere)
    await visited(database, "known", lead_name="Known already")
    leads = [
        lead("1", "by-name", LeadFields(name="Zoë Martin", email="zoe@site.test")),
        lead("2", "by-mail", LeadFields(email="ali@site.test")),
        lead("3", "twice", LeadFields(name="First"), 1),
        lead("4", "twice", LeadFields(name="Second"), 2),
        lead("5", "corrected", LeadFields(name="Corrected"), 1, updated=3),
        lead("6", "corrected", LeadFields(name="Other"), 2),
        lead("7", "known", LeadFields(name="Somebody")),
        lead("8", "other", LeadFields(name="Fia"), workspace_id=elsewhere),
        lead("9", "deleted-since", LeadFields(name="Gone")),
    ]
    await database["leads"].insert_many(leads)
    await LeadNames(database).run()
    assert await names(database) == {
        "by-name": "Zoë Martin",
        "by-mail": "ali@site.test",
        "twice": "Second",
        "corrected": "Corrected",
        "nobody": None,
        "other": "Fia",
        "known": "Known already",
    }


async def test_many_are_named_a_few_at_a_time_and_a_run_that_ended_is_made_up_for(
    faults: FaultyDatabase,
):
    ids = [f"c{number:03}" for number in range(210)]
    await visited(faults, *ids)
    leads = [lead(f"{n}", each, LeadFields(name=f"Name {each}"), n) for n, each in enumerate(ids)]
    await faults["leads"].insert_many(leads)
    faults.calls.clear()
    faults.lose_replies["conversations.bulk_write"] = 1
    faults.fail["meta.find_one"] = [AutoReconnect("away")]
    await LeadNames(faults).run()
    assert await names(faults) == {each: f"Name {each}" for each in ids}
    assert faults.calls["conversations.bulk_write"] == 2


async def test_it_is_done_once(faults: FaultyDatabase):
    await LeadNames(faults).run()
    await visited(faults, "c1")
    await faults["leads"].insert_one(lead("1", "c1", LeadFields(name="Zoë")))
    faults.calls.clear()
    await LeadNames(faults).run()
    assert sum(faults.calls.values()) == 1
    assert await names(faults) == {"c1": None}
