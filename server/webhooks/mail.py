"""The letter to an owner about a webhook that was switched off."""

from __future__ import annotations

from actors.recipients import owners
from server.jobs.job import Job
from server.leads.audience import Audiences
from server.mail.letter import Letter
from server.mail.templates import MailTemplates, spoken
from server.store.database import Collection, Database
from server.webhooks.endpoints import endpoint_of
from server.workspaces.workspaces import Workspaces

WEBHOOKS_PATH = "/app/settings/webhooks"


class WebhookMail:
    """Writes letters about webhooks."""

    def __init__(self, database: Database, templates: MailTemplates, base_url: str) -> None:
        self._endpoints: Collection = database["webhook_endpoints"]
        self._users: Collection = database["users"]
        self._audiences = Audiences(database)
        self._workspaces = Workspaces(database)
        self._templates = templates
        self._base_url = base_url

    async def letter(self, job: Job) -> Letter | None:
        """The letter of a job; None when the webhook works again or is gone, or the member is no owner."""
        query = {"_id": job.payload["endpoint_id"], "workspace_id": job.workspace_id}
        document = await self._endpoints.find_one(query)
        user = await self._users.find_one({"_id": job.payload["user_id"]})
        audience = await self._audiences.of(job.workspace_id)
        if document is None or user is None or user["_id"] not in owners(audience.members):
            return None
        endpoint = endpoint_of(document)
        if endpoint.enabled:
            return None
        workspace = await self._workspaces.workspace(job.workspace_id)
        texts = self._templates.render(
            "webhook_disabled",
            {
                "url": endpoint.url,
                "failing_since": spoken(endpoint.failing_since or endpoint.created_at),
                "reason": endpoint.disabled_reason or "",
                "webhooks_url": f"{self._base_url}{WEBHOOKS_PATH}",
                "site_title": workspace.site_title if workspace else "Baton",
            },
        )
        subject = "A webhook was switched off"
        return Letter(job.id, user["email"], subject, texts.text, texts.html, to_name=user.get("name") or "")
