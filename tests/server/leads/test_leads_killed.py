from __future__ import annotations

import asyncio
import signal
import sys
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pytest

from server.store.mongo import Database
from tests.support.http_peer import http_peer
from tests.support.leads import TOLD, make_workspaces
from tests.support.smtp_peer import smtp_peer

ROOT = Path(__file__).parents[3]
LEADS = 200
KILLED_AFTER = (15, 60, 130, LEADS)
"""Leads acknowledged when the process is killed; then it delivers what is left."""


async def life(uri: str, database: Database, port: int, acked: set[int], until: int | None) -> None:
    """One life of the process: kill -9 ends it once so many leads are acknowledged, or when all is done."""
    first = max(acked, default=-1) + 1
    arguments = [uri, database.name, str(port), str(first), str(LEADS - first)]
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "tests.support.lead_victim",
        *arguments,
        stdout=asyncio.subprocess.PIPE,
        cwd=ROOT,
    )
    assert process.stdout
    async for line in process.stdout:
        if line.strip() == b"idle":
            break
        acked.add(int(line))
        if len(acked) == until:
            break
    process.send_signal(signal.SIGKILL)
    acked |= {int(line) for line in (await process.stdout.read()).split() if line.isdigit()}
    await process.wait()


@pytest.mark.slow
async def test_no_lead_that_was_acknowledged_is_lost_to_kill_9(mongo_uri: str, database: Database):
    await make_workspaces(database)
    acked: set[int] = set()
    async with smtp_peer() as mail, http_peer() as hook:
        await database["webhook_endpoints"].insert_one(
            {
                "_id": "e1",
                "workspace_id": "w",
                "url": hook.url,
                "events": ["lead.captured"],
                "secret": "whsec_c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0",
                "enabled": True,
                "created_at": datetime(2026, 1, 1, tzinfo=UTC),
            }
        )
        for killed_after in (*KILLED_AFTER, None):
            async with asyncio.timeout(60):
                await life(mongo_uri, database, mail.port, acked, killed_after)
        stored = await database["leads"].find({}).to_list(None)
    emails = {lead["email"] for lead in stored}
    assert {f"v{n}@example.com" for n in acked} <= emails
    assert sorted(lead["seq"] for lead in stored) == list(range(1, len(stored) + 1))
    ids: dict[tuple[str, str], set[str]] = {}
    for each in mail.mails:
        place = (each.recipients[0], str(each.message["Subject"]))
        ids.setdefault(place, set()).add(str(each.message["Message-ID"]))
    wanted = {(f"{user}@team.test", f"New lead: {email}") for user in TOLD for email in emails}
    assert set(ids) == wanted, "somebody was not told of a lead"
    assert {len(each) for each in ids.values()} == {1}, "a second letter with a Message-ID of its own"
    hooked = Counter(request.headers["webhook-id"] for request in hook.requests)
    assert set(hooked) == {f"{lead['_id']}:webhook:e1" for lead in stored}
    states = Counter(job["status"] for job in await database["jobs"].find({}).to_list(None))
    assert states == {"done": len(stored) * (len(TOLD) + 1)}
