"""The delivery log: every try of a webhook, with what came back, kept for 30 days."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from actors.ids import WorkspaceId, new_id
from actors.jobs import JobName, JobRequest
from server.jobs.outbox import Outbox, now_ms
from server.store.cursors import decode, encode, milliseconds
from server.store.database import Collection, Database, Document
from server.store.newest_first import NewestFirst, Wanted, by_time
from server.store.storable import storable
from server.webhooks.client import Reply

_MOST_ROWS = 100


@dataclass(frozen=True, slots=True)
class Delivery:
    """A try. `webhook_id` is the same for all tries of one event to one endpoint.

    `status` is None when nothing came back, and `error` says why; `response` is its beginning, 2 KB at most.
    """

    id: str
    endpoint_id: str
    job_id: str | None
    webhook_id: str
    event: str
    attempt: int
    at: datetime
    duration_ms: int
    delivered: bool
    status: int | None
    error: str
    response: str
    payload: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class DeliveryPage:
    """A page of the log, newest first; `next` None is its end."""

    deliveries: tuple[Delivery, ...]
    next: str | None


class WebhookDeliveries:
    """Reads and writes the log, only of its workspace."""

    def __init__(self, database: Database, workspace_id: WorkspaceId) -> None:
        self._deliveries: Collection = database["webhook_deliveries"]
        self._leads: Collection = database["leads"]
        self._workspace_id = workspace_id

    async def note(
        self,
        endpoint_id: str,
        *,
        job_id: str | None,
        webhook_id: str,
        attempt: int,
        payload: Mapping[str, str],
        reply: Reply,
        words: str,
    ) -> Delivery:
        """Record a try; `words` say why it failed, nothing when it did not."""
        document: Document = {
            "_id": new_id(),
            "workspace_id": self._workspace_id,
            "conversation_id": await self._conversation_of(payload),
            "endpoint_id": endpoint_id,
            "job_id": job_id,
            "webhook_id": webhook_id,
            "event": payload["event"],
            "attempt": attempt,
            "at": now_ms(),
            "duration_ms": reply.duration_ms,
            "delivered": not words,
            "status": reply.status,
            "error": storable(words),
            "response": storable(reply.text),
            "payload": dict(payload),
        }
        await self._deliveries.insert_one(document)
        return _delivery(document)

    async def page(self, endpoint_id: str, after: str | None = None, limit: int = 50) -> DeliveryPage:
        """A page of one endpoint's tries. Raises CursorError."""
        place = decode(after) if after else None
        scope = {"workspace_id": self._workspace_id, "endpoint_id": endpoint_id}
        newest = NewestFirst(self._deliveries, Wanted(scope), by_time("at"))
        rows = await newest.page(milliseconds(now_ms()), place, max(1, min(limit, _MOST_ROWS)))
        return DeliveryPage(
            tuple(_delivery(document) for document in rows.documents),
            encode(rows.next) if rows.next else None,
        )

    async def redeliver(self, delivery_id: str, outbox: Outbox) -> str | None:
        """Send an event once more, under the id that it had; gives the job's id, None when that can't be."""
        query = {"_id": delivery_id, "workspace_id": self._workspace_id}
        found = await self._deliveries.find_one(query)
        if found is None or found["job_id"] is None:
            return None
        delivery = _delivery(found)
        job = JobRequest(
            f"{delivery.webhook_id}:again:{new_id()}",
            JobName.WEBHOOK,
            self._workspace_id,
            f"webhook:{delivery.endpoint_id}",
            {**delivery.payload, "webhook_id": delivery.webhook_id},
        )
        await outbox.add([job])
        return job.id

    async def _conversation_of(self, payload: Mapping[str, str]) -> str | None:
        # So that the log of a conversation that is deleted can be found: receivers repeat what they are sent.
        if "lead_id" not in payload:
            return payload.get("conversation_id")
        lead = await self._leads.find_one({"_id": payload["lead_id"]}, {"conversation_id": 1})
        return lead["conversation_id"] if lead else None


def _delivery(document: Document) -> Delivery:
    return Delivery(
        id=document["_id"],
        endpoint_id=document["endpoint_id"],
        job_id=document["job_id"],
        webhook_id=document["webhook_id"],
        event=document["event"],
        attempt=document["attempt"],
        at=document["at"],
        duration_ms=document["duration_ms"],
        delivered=document["delivered"],
        status=document["status"],
        error=document["error"],
        response=document["response"],
        payload=document["payload"],
    )
