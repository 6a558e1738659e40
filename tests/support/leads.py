"""A workspace with a team of every kind, beside a foreign one, and leads for them."""

from __future__ import annotations

from datetime import UTC, datetime

from actors.ids import ConversationId, LeadId, WorkspaceId, new_id
from actors.lead import Captured, Lead, LeadFields, LeadSource
from actors.log import ConversationKey, Page
from server.jobs.outbox import now_ms
from server.leads.capture import LeadCapture
from server.store.mongo import Database

WORKSPACE = WorkspaceId("w")
FOREIGN = WorkspaceId("foreign")
ACCEPTED = datetime(2026, 11, 1, tzinfo=UTC)

TEAM = [
    # workspace, user, role, accepted
    ("w", "olga", "owner", True),
    ("w", "otto", "owner", True),
    ("w", "ada", "admin", True),
    ("w", "ed", "editor", True),
    ("w", "vic", "viewer", True),
    ("w", "pia", "admin", False),
    ("w", "per", "owner", False),
    ("w", "bad", "emperor", True),
    ("foreign", "fia", "owner", True),
]
TOLD = {"olga", "otto", "ada"}


async def make_workspaces(database: Database, conversations: int = 3) -> None:
    """Both workspaces, their people, and conversations `c0`, `c1` … in each, `f0` … in the foreign one."""
    for workspace, title in (("w", "Zebra & Sons"), ("foreign", "Elsewhere")):
        await database["workspaces"].insert_one(
            {"_id": workspace, "key": workspace, "slug": workspace, "name": workspace, "site_title": title}
        )
    for workspace, user, role, accepted in TEAM:
        await database["users"].insert_one({"_id": user, "email": f"{user}@team.test", "name": user.title()})
        await database["workspace_users"].insert_one(
            {
                "_id": f"{workspace}:{user}",
                "workspace_id": workspace,
                "user_id": user,
                "role": role,
                "accepted_at": ACCEPTED if accepted else None,
            }
        )
    for workspace, prefix in (("w", "c"), ("foreign", "f")):
        await database["conversations"].insert_many(
            [{"_id": f"{prefix}{n}", "workspace_id": workspace} for n in range(conversations)]
        )


def key(conversation: str = "c0", workspace: str = "w") -> ConversationKey:
    """A conversation's key."""
    return ConversationKey(WorkspaceId(workspace), ConversationId(conversation))


def draft(email: str = "zoe@example.com", at: ConversationKey | None = None, **fields: str) -> Lead:
    """A lead as the workspace asks for it to be written."""
    return Lead(
        LeadId(new_id()),
        at or key(),
        LeadFields(email=email, **fields),
        LeadSource.FORM,
        now_ms(),
        page=Page("https://shop.test/pricing", "Pricing", ""),
    )


async def captured(capture: LeadCapture, lead: Lead) -> Lead:
    """The lead as it was captured."""
    outcome = await capture.captured(lead)
    assert isinstance(outcome, Captured), outcome
    return outcome.lead
