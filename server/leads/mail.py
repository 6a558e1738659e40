"""The letter about a new lead, written when it is sent: from the lead as it is then."""

from __future__ import annotations

from actors.ids import LeadId, UserId, WorkspaceId
from actors.lead import Lead, LeadSource
from actors.recipients import Member, recipients
from server.jobs.job import Job
from server.leads.audience import Audiences
from server.leads.documents import lead_of
from server.mail.letter import Letter
from server.mail.templates import MailTemplates, spoken
from server.store.database import Collection, Database
from server.workspaces.workspaces import Workspaces

NOTIFICATIONS_PATH = "/app/account#notifications"


class LeadMail:
    """Writes letters about leads.

    Args:
        database: where leads and people are.
        templates: the texts.
        base_url: the address of the console, without a slash at its end.
    """

    def __init__(self, database: Database, templates: MailTemplates, base_url: str) -> None:
        self._leads: Collection = database["leads"]
        self._users: Collection = database["users"]
        self._audiences = Audiences(database)
        self._workspaces = Workspaces(database)
        self._templates = templates
        self._base_url = base_url

    async def letter(self, job: Job) -> Letter | None:
        """The letter of a job, or None: the lead was deleted, or this member is no longer to be told."""
        lead_id, user_id = LeadId(job.payload["lead_id"]), UserId(job.payload["user_id"])
        document = await self._leads.find_one({"_id": lead_id, "workspace_id": job.workspace_id})
        user = await self._users.find_one({"_id": user_id})
        audience = await self._audiences.of(job.workspace_id)
        if document is None or user is None or user_id not in recipients(audience.members):
            return None
        member = next(m for m in audience.members if m.user_id == user_id)
        return await self._write(job, lead_of(document), member, user["email"], user.get("name") or "")

    async def _write(self, job: Job, lead: Lead, member: Member, email: str, name: str) -> Letter:
        settings_url = f"{self._base_url}{NOTIFICATIONS_PATH}"
        texts = self._templates.render(
            "new_lead",
            {
                "lead": lead,
                "came_from": came_from(lead),
                "captured_at": spoken(lead.captured_at),
                "inbox_url": f"{self._base_url}/app/inbox/{lead.id}",
                "settings_url": settings_url,
                "site_title": await self._title(job.workspace_id),
                "role": member.role.value,
            },
        )
        return Letter(
            id=job.id,
            to=email,
            to_name=name,
            subject=f"New lead: {lead.called}",
            text=texts.text,
            html=texts.html,
            unsubscribe_url=settings_url,
        )

    async def _title(self, workspace_id: WorkspaceId) -> str:
        workspace = await self._workspaces.workspace(workspace_id)
        return workspace.site_title if workspace else "Baton"


def came_from(lead: Lead) -> str:
    """What opened the form, in words."""
    match lead.source:
        case LeadSource.REQUEST:
            return "the visitor asked to be contacted"
        case LeadSource.RULE:
            return (
                f"the form, opened by the rule “{lead.rule}”" if lead.rule else "the form, opened by a rule"
            )
        case LeadSource.FORM:
            return "the form"
