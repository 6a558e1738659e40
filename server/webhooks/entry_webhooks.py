"""Webhooks of what happens in logs: jobs for claims and releases, derived from their entries."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta

from actors.jobs import Endpoint, JobRequest, WebhookEvent, webhook_job
from actors.log import ConversationKey, Entry, EntryType
from server.conversations.entries import entry_id
from server.jobs.outbox import Outbox, now_ms
from server.leads.audience import Audiences
from server.store.database import Database

TOLD_WITHIN = timedelta(days=1)
"""Older entries are never told of: a log that is read again must not tell its past anew."""

_EVENTS: Mapping[EntryType, WebhookEvent] = {
    EntryType.CLAIMED: WebhookEvent.CONVERSATION_CLAIMED,
    EntryType.RELEASED: WebhookEvent.CONVERSATION_RELEASED,
}


class EntryWebhooks:
    """Makes the jobs. Harmless to repeat: their ids are derived from the entry's."""

    def __init__(self, database: Database, outbox: Outbox) -> None:
        self._audiences = Audiences(database)
        self._outbox = outbox

    async def follow(self, entries: Iterable[tuple[ConversationKey, Entry]]) -> None:
        """Make the jobs of entries that are durable. Raises PyMongoError."""
        since = now_ms() - TOLD_WITHIN
        told = [(key, entry) for key, entry in entries if entry.type in _EVENTS and entry.created_at > since]
        if not told:
            return
        audiences = await self._audiences.of_all(key.workspace_id for key, _ in told)
        jobs = [
            job
            for key, entry in told
            for job in entry_jobs(key, entry, audiences[key.workspace_id].endpoints)
        ]
        await self._outbox.add(jobs)


def entry_jobs(key: ConversationKey, entry: Entry, endpoints: Sequence[Endpoint]) -> tuple[JobRequest, ...]:
    """The jobs of one entry: one for each endpoint that wants its kind."""
    event = _EVENTS.get(entry.type)
    if event is None:
        return ()
    about = {"conversation_id": key.conversation_id, "seq": str(entry.seq)}
    subject = entry_id(key, entry.seq)
    return tuple(
        webhook_job(subject, key.workspace_id, endpoint, event, about)
        for endpoint in endpoints
        if event in endpoint.events
    )
