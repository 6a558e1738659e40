"""Settings, knowledge and audit for a test's edge: the real ones over a database, or none."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from actors.ids import StreamId, UserId, WorkspaceId
from actors.log import Source
from actors.messages import AnswerRequest, BotFailed, BotReplied, BotReport
from handlers.management.management_ports import Management
from server.afterwards import Afterwards
from server.audit.audit import AuditLog
from server.audit.desk import StoreAuditDesk
from server.audit.trail import Trail
from server.bot.tryout import AgentTryOut
from server.clock import SystemClock
from server.demo import DEMO, OTHER
from server.jobs.outbox import Outbox
from server.knowledge.desk import StoreKnowledge
from server.people.accounts import Accounts
from server.people.passwords import Passwords
from server.rate_limits import RateLimit
from server.store.database import Database
from server.webhooks.client import WebhookClient
from server.webhooks.desk import StoreWebhooks
from server.webhooks.guard import WebhookGuard
from server.webhooks.webhooks import Webhooks
from server.workspaces.settings_desk import StoreSettings
from server.workspaces.workspaces import Workspace


def no_management() -> Management:
    """For edges on which nobody manages anything."""
    nothing: Any = None
    return Management(nothing, nothing, nothing, nothing, nothing)


class QuotingBot:
    """A responder that says the question back, or fails."""

    def __init__(self) -> None:
        self.asked: list[AnswerRequest] = []
        self.cancelled: list[StreamId] = []
        self.fails = False

    def answer(self, request: AnswerRequest, tell: Callable[[BotReport], None]) -> None:
        self.asked.append(request)
        if self.fails:
            tell(BotFailed(request.epoch, request.stream_id, "no model"))
            return
        text = request.history[-1].text or ""
        tell(BotReplied(request.epoch, request.stream_id, f"You asked: {text}", (Source("Shipping", "…"),)))

    def cancel(self, stream_id: StreamId) -> None:
        self.cancelled.append(stream_id)


@dataclass
class Desk:
    """What stands behind a management."""

    management: Management
    database: Database
    audit: AuditLog
    bot: QuotingBot
    settings_told: list[Workspace] = field(default_factory=list)
    knowledge_told: list[WorkspaceId] = field(default_factory=list)

    async def last_record(self, workspace_id: str = "demo") -> Any:
        """The newest audit entry."""
        return (await self.audit.list(WorkspaceId(workspace_id), limit=1)).entries[0]

    async def records(self) -> int:
        """How many audit entries the demo has."""
        return (await self.audit.verify(DEMO.id)).count


async def management_over(database: Database, tries: int = 3) -> Desk:
    """The real stores over a database, with both workspaces and the members of `MemoryGate`."""
    passwords = Passwords(memory_kib=64, passes=1)
    accounts, audit, bot = Accounts(database, passwords), AuditLog(database), QuotingBot()
    for workspace in (DEMO, OTHER):
        await accounts.workspaces.create(workspace, SystemClock().now())
    for role in ("owner", "admin", "editor", "viewer"):
        user = {"_id": UserId(f"u-{role}"), "name": role.title(), "email": f"{role}@demo.test"}
        await database["users"].insert_one(user)
        place = {"_id": f"demo:u-{role}", "workspace_id": "demo", "user_id": f"u-{role}", "role": role}
        await database["workspace_users"].insert_one({**place, "accepted_at": SystemClock().now()})
    passwords.close()
    trail = Trail(audit, accounts, "secret", SystemClock(), Afterwards())
    outbox, guard = Outbox(database), WebhookGuard(("127.0.0.1",))
    webhooks = Webhooks(database, outbox, WebhookClient(guard), "http://127.0.0.1")
    settings_told: list[Workspace] = []
    knowledge_told: list[WorkspaceId] = []
    management = Management(
        settings=StoreSettings(database, trail, "Quoted.", settings_told.append),
        tryout=AgentTryOut(bot, SystemClock(), RateLimit(tries, 0.001)),
        knowledge=StoreKnowledge(database, trail, knowledge_told.append),
        audit=StoreAuditDesk(database, audit),
        webhooks=StoreWebhooks(database, trail, webhooks, outbox, guard),
    )
    return Desk(management, database, audit, bot, settings_told, knowledge_told)
