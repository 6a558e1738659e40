"""How tries went, written many at a time."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from server.jobs.outbox import Leased, Outbox, now_ms
from server.store.database import Document, UpdateOne
from server.store.group_commit import GroupCommit
from server.store.persistence import Persistence


@dataclass(frozen=True, slots=True)
class _Result:
    leased: Leased
    fields: Document
    tried_at: datetime | None
    words: str | None
    durable: asyncio.Future[None]


class JobResults:
    """Writes results until the database has them; a job that somebody else has taken over is left alone."""

    def __init__(self, outbox: Outbox, persistence: Persistence) -> None:
        self._outbox = outbox
        self._persistence = persistence
        self._commits: GroupCommit[_Result] = GroupCommit(self._write)

    async def done(self, leased: Leased) -> None:
        """It worked."""
        at = now_ms()
        await self._add(leased, {"status": "done", "done_at": at, "last_error": None}, at, None)

    async def failed(self, leased: Leased, words: str, delay_s: float) -> datetime:
        """It did not, and is tried again after `delay_s`; gives when that is."""
        at = now_ms()
        run_at = at + timedelta(milliseconds=round(delay_s * 1000))
        again = {"status": "pending", "run_at": run_at, "last_error": words, "failed_at": at}
        await self._add(leased, again, at, words)
        return run_at

    async def died(self, leased: Leased, words: str) -> None:
        """It did not, and is given up."""
        at = now_ms()
        await self._add(leased, {"status": "dead", "last_error": words, "failed_at": at}, at, words)

    async def returned(self, leased: Leased) -> None:
        """It was broken off, because we stop: the try does not count."""
        at = now_ms()
        before = {"status": "pending", "run_at": at, "attempts": leased.job.attempts - 1}
        await self._add(leased, before, None, None)

    async def cancel(self) -> None:
        """Leave what is not written to the end of its lease."""
        await self._commits.cancel()

    async def _add(
        self, leased: Leased, fields: Document, tried_at: datetime | None, words: str | None
    ) -> None:
        durable: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        fields = {**fields, "lease": None, "lease_until": None}
        self._commits.add(_Result(leased, fields, tried_at, words, durable))
        await durable

    async def _write(self, batch: Sequence[_Result]) -> None:
        updates = [
            UpdateOne({"_id": r.leased.job.id, "lease": r.leased.token}, {"$set": r.fields}) for r in batch
        ]
        health = _health(batch)
        try:
            await self._persistence.until_done("noting jobs", lambda: self._outbox.write(updates, health))
        except Exception as error:
            for result in batch:
                if not result.durable.done():
                    result.durable.set_exception(error)
            raise
        for result in batch:
            if not result.durable.done():
                result.durable.set_result(None)


def _health(batch: Sequence[_Result]) -> list[UpdateOne]:
    """One document for each workspace and kind: when it worked last, when it failed last and why."""
    sets: dict[tuple[str, str], Document] = {}
    for result in batch:
        if result.tried_at is None:
            continue
        job = result.leased.job
        fields = sets.setdefault(
            (job.workspace_id, job.kind), {"workspace_id": job.workspace_id, "kind": job.kind}
        )
        if result.words is None:
            fields["done_at"] = result.tried_at
        else:
            fields.update({"failed_at": result.tried_at, "last_error": result.words})
    return [
        UpdateOne({"_id": f"{workspace}:{kind}"}, {"$set": fields}, upsert=True)
        for (workspace, kind), fields in sets.items()
    ]
