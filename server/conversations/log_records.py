"""The audit records that entries of the log stand for."""

from __future__ import annotations

from collections.abc import Iterable

from actors.ids import UserId
from actors.log import ConversationKey, Entry, EntryType, Origin
from server.audit.audit import AuditRecord
from server.conversations.entries import entry_id

_RECORDED = frozenset({EntryType.CLAIMED, EntryType.RELEASED})


def records_of(key: ConversationKey, entries: Iterable[Entry]) -> list[AuditRecord]:
    """A record for each claim and release; its id is the entry's, so that it is written once."""
    return [_record(key, entry) for entry in entries if entry.type in _RECORDED]


def _record(key: ConversationKey, entry: Entry) -> AuditRecord:
    origin = entry.origin or Origin()
    details: dict[str, str | int | bool | None] = {"seq": entry.seq}
    if entry.taken_from is not None:
        details["taken_from"] = entry.taken_from.id
    return AuditRecord(
        id=entry_id(key, entry.seq),
        at=entry.created_at,
        user_id=UserId(entry.author.id) if entry.author else None,
        action=_action(entry),
        target_type="conversation",
        target_id=key.conversation_id,
        ip=origin.ip,
        user_agent=origin.user_agent,
        details=details,
    )


def _action(entry: Entry) -> str:
    if entry.type is EntryType.RELEASED:
        return "conversation.released"
    return "conversation.taken" if entry.taken_from else "conversation.claimed"
