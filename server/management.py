"""Puts together what changes settings and knowledge, and reads the audit log."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handlers.management.management_ports import Management
from server.audit.desk import StoreAuditDesk
from server.bot.tryout import AgentTryOut
from server.knowledge.desk import StoreKnowledge
from server.rate_limits import RateLimit
from server.webhooks.desk import StoreWebhooks
from server.webhooks.guard import WebhookGuard
from server.workspaces.settings_desk import StoreSettings

if TYPE_CHECKING:
    from actors.ports import Clock
    from server.audit.audit import AuditLog
    from server.audit.trail import Trail
    from server.bot.responder import BotResponder
    from server.config import Config
    from server.edge import StoreWidgets
    from server.jobs.outbox import Outbox
    from server.store.database import Database
    from server.webhooks.webhooks import Webhooks
    from server.workspaces.workspaces import Workspace


def make_management(
    *,
    config: Config,
    database: Database,
    audit: AuditLog,
    trail: Trail,
    widgets: StoreWidgets,
    responder: BotResponder,
    webhooks: Webhooks,
    outbox: Outbox,
    clock: Clock,
) -> Management:
    """All of it. What visitors are told of a workspace changes with its settings, at once."""

    def changed(workspace: Workspace) -> None:
        widgets.forget_workspace(workspace.key)
        responder.forget_persona(workspace.id)

    return Management(
        settings=StoreSettings(database, trail, model_words(config), changed),
        tryout=AgentTryOut(responder, clock, RateLimit(30, 1 / 3)),
        knowledge=StoreKnowledge(database, trail, responder.forget_knowledge),
        audit=StoreAuditDesk(database, audit),
        webhooks=StoreWebhooks(database, trail, webhooks, outbox, WebhookGuard(config.webhook_allow)),
    )


def model_words(config: Config) -> str:
    """What words the answers."""
    if config.llm_url and config.llm_model:
        return f"{config.llm_model} words the answers from the passages that fit a question, and cites them."
    return (
        "No model is configured, so answers are quoted from your knowledge word for word, with their source."
    )
