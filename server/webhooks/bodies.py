"""What webhooks are told, made when it is sent: from what the database says of it then."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from actors.ids import ConversationId, WorkspaceId
from actors.jobs import WebhookEvent
from actors.lead import Lead
from actors.log import ConversationKey, Entry, EntryType
from handlers.shapes import instant
from server.conversations.entries import entry_id, entry_of
from server.leads.documents import lead_of
from server.store.database import Collection, Database

_TEST = "webhook.test"

Body = dict[str, Any]


class WebhookBodies:
    """Writes bodies: `{"type", "timestamp", "data"}`, as Standard Webhooks has them."""

    def __init__(self, database: Database, base_url: str) -> None:
        self._leads: Collection = database["leads"]
        self._messages: Collection = database["messages"]
        self._conversations: Collection = database["conversations"]
        self._base_url = base_url

    async def body(self, workspace_id: WorkspaceId, payload: Mapping[str, str]) -> bytes | None:
        """The body for a job; None when what it is about was deleted."""
        match payload["event"]:
            case WebhookEvent.LEAD_CAPTURED | WebhookEvent.LEAD_UPDATED:
                body = await self._lead(workspace_id, payload)
            case WebhookEvent.CONVERSATION_CLAIMED | WebhookEvent.CONVERSATION_RELEASED:
                body = await self._conversation(workspace_id, payload)
            case _:
                body = {
                    "type": _TEST,
                    "timestamp": payload["at"],
                    "data": {"message": "This is a test. Nothing happened."},
                }
        return json.dumps(body, ensure_ascii=False).encode() if body is not None else None

    async def _lead(self, workspace_id: WorkspaceId, payload: Mapping[str, str]) -> Body | None:
        found = await self._leads.find_one({"_id": payload["lead_id"], "workspace_id": workspace_id})
        if found is None:
            return None
        lead = lead_of(found)
        at = lead.updated_at if payload["event"] == WebhookEvent.LEAD_UPDATED else None
        return {
            "type": payload["event"],
            "timestamp": instant(at or lead.captured_at),
            "data": {
                "workspace_id": workspace_id,
                "lead": self._lead_json(lead),
                "conversation": self._conversation_json(lead.conversation_id),
            },
        }

    async def _conversation(self, workspace_id: WorkspaceId, payload: Mapping[str, str]) -> Body | None:
        key = ConversationKey(workspace_id, ConversationId(payload["conversation_id"]))
        conversation_query = {"_id": key.conversation_id, "workspace_id": workspace_id}
        entry_query = {"_id": entry_id(key, int(payload["seq"])), "workspace_id": workspace_id}
        found = await self._messages.find_one(entry_query)
        conversation = await self._conversations.find_one(conversation_query)
        if found is None or conversation is None:
            return None
        entry = entry_of(found)
        return {
            "type": payload["event"],
            "timestamp": instant(entry.created_at),
            "data": {
                "workspace_id": workspace_id,
                "conversation": {
                    **self._conversation_json(key.conversation_id),
                    "visitor_name": conversation.get("visitor_name") or "",
                    "seq": entry.seq,
                },
                **_who(entry),
            },
        }

    def _lead_json(self, lead: Lead) -> Body:
        return {
            "id": lead.id,
            "name": lead.name,
            "email": lead.email,
            "phone": lead.phone,
            "message": lead.message,
            "source": lead.source.value,
            "rule": lead.rule,
            "consent": lead.consent,
            "page": {"url": lead.page.url, "title": lead.page.title, "referrer": lead.page.referrer},
            "captured_at": instant(lead.captured_at),
            "updated_at": instant(lead.updated_at) if lead.updated_at else None,
            "url": f"{self._base_url}/app/inbox/{lead.id}",
        }

    def _conversation_json(self, conversation_id: str) -> Body:
        return {"id": conversation_id, "url": f"{self._base_url}/app/conversations/{conversation_id}"}


def _who(entry: Entry) -> Body:
    author = entry.author
    who: Body = {"member": {"id": author.id, "name": author.name} if author else None}
    if entry.type is EntryType.CLAIMED:
        taken_from = entry.taken_from
        who["taken_from"] = {"id": taken_from.id, "name": taken_from.name} if taken_from else None
    if entry.type is EntryType.RELEASED:
        who["note"] = entry.note
    return who
