"""Whether a webhook works: since when it fails, and switching off what failed for too long."""

from __future__ import annotations

from datetime import datetime, timedelta

from actors.jobs import JobName, JobRequest
from actors.recipients import owners
from server.jobs.outbox import Outbox
from server.leads.audience import Audiences
from server.store.cursors import milliseconds
from server.store.database import Collection, Database
from server.webhooks.endpoints import WebhookEndpoint

GIVEN_UP_AFTER = timedelta(days=5)


class WebhookHealth:
    """Keeps `failing_since` of endpoints, and tells the owners when one is switched off."""

    def __init__(self, database: Database, outbox: Outbox) -> None:
        self._endpoints: Collection = database["webhook_endpoints"]
        self._audiences = Audiences(database)
        self._outbox = outbox

    async def worked(self, endpoint: WebhookEndpoint) -> None:
        """A try was accepted."""
        if endpoint.failing_since is not None:
            await self._endpoints.update_one({"_id": endpoint.id}, {"$set": {"failing_since": None}})

    async def failed(self, endpoint: WebhookEndpoint, words: str, now: datetime) -> bool:
        """A try was not; gives whether that was one too many, and the endpoint is switched off."""
        if endpoint.failing_since is None:
            query = {"_id": endpoint.id, "failing_since": None}
            await self._endpoints.update_one(query, {"$set": {"failing_since": now}})
            return False
        if now - endpoint.failing_since < GIVEN_UP_AFTER:
            return False
        await self.switch_off(endpoint, words, now)
        return True

    async def switch_off(self, endpoint: WebhookEndpoint, words: str, now: datetime) -> None:
        """Send nothing more to it, and tell the owners; what still waits is kept as dead jobs."""
        since = endpoint.failing_since or now
        audience = await self._audiences.of(endpoint.workspace_id)
        # Told first: a crash in between tells them again under the same job ids, not never.
        await self._outbox.add(
            JobRequest(
                f"{endpoint.id}:disabled:{milliseconds(since)}:mail:{user_id}",
                JobName.WEBHOOK_DISABLED_MAIL,
                endpoint.workspace_id,
                f"mail:{endpoint.workspace_id}",
                {"endpoint_id": endpoint.id, "user_id": user_id},
            )
            for user_id in owners(audience.members)
        )
        changes = {"enabled": False, "disabled_reason": words, "failing_since": since}
        await self._endpoints.update_one({"_id": endpoint.id, "enabled": True}, {"$set": changes})
