"""The log of a conversation: its entries, and what they add up to."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from actors.ids import UserId

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from actors.ids import ClientId, ConversationId, StreamId, VisitorId, WorkspaceId

PREVIEW_CHARACTERS = 140

MOST_PAGES = 20
"""How many of the pages that a visitor came to are kept, the newest."""


class EntryType(StrEnum):
    """What an entry of the log records."""

    MESSAGE = "message"
    WAITING = "waiting"
    CLAIMED = "claimed"
    RELEASED = "released"


class Speaker(StrEnum):
    """The role of a message: who speaks."""

    VISITOR = "user"
    BOT = "assistant"
    HUMAN = "human-agent"


@dataclass(frozen=True, slots=True)
class Author:
    """A person or agent as the log keeps them; the name is the one they had then."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a privileged request came from, kept for the audit log."""

    ip: str = ""
    user_agent: str = ""


NOWHERE = Origin()


@dataclass(frozen=True, slots=True)
class Source:
    """A passage that an answer rests on. `url` is empty when the source has no address."""

    title: str
    snippet: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a conversation's log.

    `author` is who spoke, claimed, released, or asked for a person; for a claim it is the new holder.
    `taken_from` is set on a claim that took the conversation from another member.
    `note` is the hand-back note of a release; operators and the bot see it, visitors do not.
    `known` and `answers` are set on a bot's message: whether it knew, and the seq of the newest message
    that it answers.
    `write_id` tells a write of ours repeated after a time-out from another writer's entry of the same seq.
    """

    seq: int
    type: EntryType
    created_at: datetime
    write_id: str
    role: Speaker | None = None
    text: str | None = None
    author: Author | None = None
    client_id: ClientId | None = None
    sources: tuple[Source, ...] = ()
    stream_id: StreamId | None = None
    taken_from: Author | None = None
    note: str | None = None
    known: bool | None = None
    answers: int | None = None
    origin: Origin | None = None


@dataclass(frozen=True, slots=True)
class ConversationKey:
    """A conversation's id together with the workspace it must belong to."""

    workspace_id: WorkspaceId
    conversation_id: ConversationId


@dataclass(frozen=True, slots=True)
class Page:
    """Where the visitor was when the conversation began; every field is the visitor's word."""

    url: str = ""
    title: str = ""
    referrer: str = ""


@dataclass(frozen=True, slots=True)
class Visited:
    """A page that the visitor came to, and when."""

    url: str
    title: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Person:
    """Who the site says its visitor is; unless it is verified, anybody could have said so."""

    user_id: str = ""
    name: str = ""
    email: str = ""
    verified: bool = False


@dataclass(frozen=True, slots=True)
class Conversation:
    """What no entry of the log changes about a conversation.

    `pages` is the visitor's trail, oldest first. `seen` is the seq up to which each member has read.
    """

    key: ConversationKey
    visitor_id: VisitorId
    visitor_name: str
    created_at: datetime
    page: Page = Page()
    has_lead: bool = False
    lead_name: str = ""
    """What the lead that came last is called: a name, else an address or a number."""
    tag_ids: tuple[str, ...] = ()
    tags_version: int = 0
    """Grows with every change of its tags, which no entry tells of."""
    pages: tuple[Visited, ...] = ()
    seen: Mapping[UserId, int] = field(default_factory=dict[UserId, int], hash=False)
    language: str = ""
    """What the visitor is spoken to in; empty when nothing has said so."""
    time_zone: str = ""
    """Of the visitor's browser, such as "Europe/Berlin"; likewise."""
    person: Person | None = None


@dataclass(frozen=True, slots=True)
class Holder:
    """The member who holds a conversation, since when."""

    user_id: UserId
    name: str
    claimed_at: datetime


@dataclass(frozen=True, slots=True)
class Standing:
    """What the log up to `seq` adds up to.

    `epoch` is the seq of the newest claim or release, 0 before any.
    """

    last_activity_at: datetime
    seq: int = 0
    epoch: int = 0
    holder: Holder | None = None
    waiting_since: datetime | None = None
    user_message_count: int = 0
    last_user_seq: int = 0
    last_user_at: datetime | None = None
    last_answer_seq: int = 0
    preview: str = ""
    preview_role: Speaker | None = None

    def after(self, entry: Entry) -> Standing:
        """The standing once `entry`, which must be the next one, is part of the log."""
        if entry.seq != self.seq + 1:
            msg = f"entry {entry.seq} does not follow {self.seq}"
            raise ValueError(msg)
        if entry.type is EntryType.MESSAGE:
            return _after_message(self, entry)
        moved = replace(self, seq=entry.seq, last_activity_at=entry.created_at)
        match entry.type:
            case EntryType.WAITING:
                return replace(moved, waiting_since=self.waiting_since or entry.created_at)
            case EntryType.CLAIMED:
                return replace(moved, epoch=entry.seq, holder=_holder(entry), waiting_since=None)
            case EntryType.RELEASED:
                return replace(
                    moved, epoch=entry.seq, holder=None, waiting_since=None, last_answer_seq=entry.seq
                )

    @property
    def unanswered(self) -> bool:
        """Whether a message of the visitor has no answer yet."""
        return self.last_user_seq > self.last_answer_seq


def _after_message(before: Standing, entry: Entry) -> Standing:
    """In one `replace`: it costs 6 µs, and every message passes here."""
    count, answered = before.user_message_count, before.last_answer_seq
    asked, asked_at = before.last_user_seq, before.last_user_at
    if entry.role is Speaker.VISITOR:
        count, asked, asked_at = count + 1, entry.seq, entry.created_at
    else:
        answered = max(entry.seq if entry.answers is None else entry.answers, answered)
    return replace(
        before,
        seq=entry.seq,
        last_activity_at=entry.created_at,
        preview=preview(entry.text or ""),
        preview_role=entry.role,
        user_message_count=count,
        last_user_seq=asked,
        last_user_at=asked_at,
        last_answer_seq=answered,
    )


def standing_of(conversation: Conversation, entries: Iterable[Entry]) -> Standing:
    """The standing that a whole log adds up to."""
    standing = Standing(last_activity_at=conversation.created_at)
    for entry in entries:
        standing = standing.after(entry)
    return standing


def preview(text: str) -> str:
    """A message on one line, short enough for a list row."""
    line = " ".join(text.split())
    return line if len(line) <= PREVIEW_CHARACTERS else line[: PREVIEW_CHARACTERS - 1] + "…"


def _holder(entry: Entry) -> Holder:
    author = entry.author or Author("", "")
    return Holder(UserId(author.id), author.name, entry.created_at)
