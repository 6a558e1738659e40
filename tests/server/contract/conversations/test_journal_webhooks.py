"""Claims and releases make their webhooks' jobs with the log, whatever happens in between."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from actors.log import Entry
from actors.messages import Committed
from server.conversations.journal import Journal
from server.jobs.outbox import Outbox
from server.webhooks.entry_webhooks import EntryWebhooks
from tests.support.faulty_database import FaultyDatabase
from tests.support.logs import Log, add_conversations
from tests.support.waiting import until

ENDPOINT = {
    "_id": "e1",
    "workspace_id": "w1",
    "url": "https://crm.example/hook",
    "events": ["conversation.claimed", "conversation.released"],
    "enabled": True,
}


@pytest.fixture
async def log(faults: FaultyDatabase) -> Log:
    log = Log()
    await add_conversations(faults, log)
    endpoint = {**ENDPOINT, "workspace_id": log.key.workspace_id}
    await faults["webhook_endpoints"].insert_many([endpoint])
    return log


def journal_of(make_journal: Callable[..., Journal], faults: FaultyDatabase) -> Journal:
    return make_journal(webhooks=EntryWebhooks(faults, Outbox(faults)))


async def written(journal: Journal, log: Log, *entries: Entry) -> None:
    told: list[object] = []
    now = datetime.now(UTC)  # what is older than a day is told to nobody
    journal.append(log.key, [replace(e, created_at=now) for e in entries], log.standing, told.append)
    await until(lambda: bool(told))
    assert told == [Committed(entries[-1].seq)]


async def jobs(faults: FaultyDatabase) -> Sequence[Any]:
    return sorted(job["_id"] for job in await faults["jobs"].find({}).to_list(None))


async def test_each_claim_and_release_is_one_job(
    make_journal: Callable[..., Journal], faults: FaultyDatabase, log: Log
):
    journal = journal_of(make_journal, faults)
    await written(journal, log, log.message(), log.claimed())
    await written(journal, log, log.released())
    key = log.key.conversation_id
    assert await jobs(faults) == [f"{key}:2:webhook:e1", f"{key}:3:webhook:e1"]


async def test_what_a_crash_left_out_is_made_when_the_log_is_read(
    make_journal: Callable[..., Journal], faults: FaultyDatabase, log: Log
):
    await written(make_journal(), log, log.claimed())  # one that makes no jobs, as if it had died before
    assert await jobs(faults) == []
    journal = journal_of(make_journal, faults)
    told: asyncio.Future[object] = asyncio.get_running_loop().create_future()
    journal.load(log.key, told.set_result)
    await told
    assert await jobs(faults) == [f"{log.key.conversation_id}:1:webhook:e1"]
