"""Events for statistics: what is counted, and which of it follows from the log."""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, TypeVar

from actors.log import EntryType, Speaker

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from actors.ids import ConversationId, LeadId, WorkspaceId
    from actors.log import ConversationKey, Entry, Standing

_T = TypeVar("_T")

_MOST_KNOWN = 20_000
_ID_CHARACTERS = 32


class EventType(StrEnum):
    """What happened."""

    LOADED = "widget.loaded"
    STARTED = "conversation.started"
    ENGAGED = "conversation.engaged"
    """Once a conversation: the visitor wrote or asked for a person, or somebody took over."""
    ANSWERED = "bot.answered"
    NOT_KNOWN = "bot.not_known"
    WAITING = "conversation.waiting"
    """The visitor asked for a person."""
    PERSON = "conversation.person"
    """Once a conversation: the visitor asked for a person, or somebody took over, for the first time."""
    CLAIMED = "conversation.claimed"
    TAKEN = "conversation.taken"
    """A claim that took the conversation from a colleague."""
    RELEASED = "conversation.released"
    LEAD = "lead.captured"


@dataclass(frozen=True, slots=True)
class Event:
    """An event. `waited_s` is set on a claim: since when the visitor had waited for it, in seconds.

    The id follows from what the event is of, so that it is stored once; it does not tell the conversation,
    which the event forgets when that is deleted.
    """

    id: str
    workspace_id: WorkspaceId
    conversation_id: ConversationId | None
    type: EventType
    at: datetime
    waited_s: int | None = None


def started(key: ConversationKey, at: datetime) -> Event:
    """A conversation began."""
    return _event(key, EventType.STARTED, at)


def loaded(key: ConversationKey, at: datetime) -> Event:
    """The widget was loaded on a page; once a minute at most for each visitor."""
    return _event(key, EventType.LOADED, at, at.strftime("%Y%m%d%H%M"))


def lead_captured(key: ConversationKey, lead_id: LeadId, at: datetime) -> Event:
    """A new lead; a changed one is none."""
    return _event(key, EventType.LEAD, at, lead_id)


class EntryEvents:
    """Makes events of entries. Remembers who waits, since when, and who has engaged, up to a bound."""

    def __init__(self) -> None:
        self._waiting: OrderedDict[ConversationKey, datetime] = OrderedDict()
        self._engaged: OrderedDict[ConversationKey, None] = OrderedDict()

    def recall(self, key: ConversationKey, standing: Standing) -> None:
        """A log was read up to here: what comes follows from it."""
        if standing.waiting_since is not None:
            _keep(self._waiting, key, standing.waiting_since)
        else:
            self._waiting.pop(key, None)
        if standing.user_message_count or standing.epoch or standing.waiting_since:
            _keep(self._engaged, key, None)

    def of(self, key: ConversationKey, entries: Iterable[Entry]) -> list[Event]:
        """The events of a conversation's next entries."""
        return [event for entry in entries for event in self._of(key, entry)]

    def _of(self, key: ConversationKey, entry: Entry) -> Iterator[Event]:
        handed = entry.type in {EntryType.WAITING, EntryType.CLAIMED}
        if (handed or entry.role is Speaker.VISITOR) and key not in self._engaged:
            _keep(self._engaged, key, None)
            yield _event(key, EventType.ENGAGED, entry.created_at)
        if handed:
            yield _event(key, EventType.PERSON, entry.created_at)
        kind = _kind(entry)
        if kind is not None:
            waited_s = self._waited_s(key, entry)
            yield _event(key, kind, entry.created_at, str(entry.seq), waited_s)

    def _waited_s(self, key: ConversationKey, entry: Entry) -> int | None:
        if entry.type is EntryType.WAITING:
            _keep(self._waiting, key, self._waiting.get(key, entry.created_at))
        elif entry.type in {EntryType.CLAIMED, EntryType.RELEASED}:
            since = self._waiting.pop(key, None)
            if since is not None and entry.type is EntryType.CLAIMED:
                return max(0, round((entry.created_at - since).total_seconds()))
        return None


def _kind(entry: Entry) -> EventType | None:
    match entry.type:
        case EntryType.WAITING:
            return EventType.WAITING
        case EntryType.CLAIMED:
            return EventType.TAKEN if entry.taken_from else EventType.CLAIMED
        case EntryType.RELEASED:
            return EventType.RELEASED
        case EntryType.MESSAGE:
            if entry.role is not Speaker.BOT:
                return None
            return EventType.NOT_KNOWN if entry.known is False else EventType.ANSWERED


def _event(
    key: ConversationKey, kind: EventType, at: datetime, which: str = "", waited_s: int | None = None
) -> Event:
    name = f"{key.workspace_id}:{key.conversation_id}:{kind.value}:{which}"
    digest = hashlib.sha256(name.encode("utf-8", "replace")).hexdigest()[:_ID_CHARACTERS]
    return Event(digest, key.workspace_id, key.conversation_id, kind, at, waited_s)


def _keep(memory: OrderedDict[ConversationKey, _T], key: ConversationKey, value: _T) -> None:
    memory[key] = value
    memory.move_to_end(key)
    if len(memory) > _MOST_KNOWN:
        memory.popitem(last=False)
