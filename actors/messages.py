"""What conversations and workspaces are told: commands, what the outside reports back, and outcomes.

Commands are imperative, reports and events past tense. Every command carries `reply_to`, called once with an
`Outcome` when what was decided is durable, or with a `Refusal`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, TypeAlias

from actors.errors import Refusal
from actors.lead import CaptureLead, LeadCaptured, LeadOutcome
from actors.log import NOWHERE, Origin
from actors.speech import mark

if TYPE_CHECKING:
    from datetime import datetime

    from actors.ids import ClientId, ConversationId, StreamId, UserId
    from actors.log import Conversation, ConversationKey, Entry, Person, Source, Standing, Visited
    from actors.ports import Audience, Peer
    from actors.roles import Role


APOLOGY = mark("I can't answer just now. You can ask for a person, or try again in a moment.")


@dataclass(frozen=True, slots=True)
class Operator:
    """A signed-in member of the workspace, acting."""

    user_id: UserId
    name: str
    role: Role


# Outcomes


@dataclass(frozen=True, slots=True)
class Posted:
    """A message is in the log at `seq`. `entry` is None when it is older than what the actor keeps."""

    seq: int
    entry: Entry | None
    duplicate: bool = False


@dataclass(frozen=True, slots=True)
class Held:
    """The conversation is as it was asked to be: claimed, released, or waiting for a person."""

    conversation: Conversation
    standing: Standing


@dataclass(frozen=True, slots=True)
class Subscribed:
    """A subscriber's place in the log, and what it missed."""

    conversation: Conversation
    standing: Standing
    entries: tuple[Entry, ...]
    more: bool = False
    reset: bool = False


Outcome: TypeAlias = Posted | Held | Subscribed | Refusal
ReplyTo: TypeAlias = Callable[[Outcome], None]


# Commands to a conversation


@dataclass(frozen=True, slots=True)
class PostMessage:
    """The visitor writes."""

    text: str
    client_id: ClientId
    reply_to: ReplyTo


@dataclass(frozen=True, slots=True)
class RequestPerson:
    """The visitor asks for a person, by the button."""

    reply_to: ReplyTo


@dataclass(frozen=True, slots=True)
class ClaimConversation:
    """An operator takes over. With `force`, also from the member who holds it."""

    operator: Operator
    reply_to: ReplyTo
    force: bool = False
    origin: Origin = NOWHERE


@dataclass(frozen=True, slots=True)
class ReleaseConversation:
    """The holder, or someone who may take, hands the conversation back to the bot."""

    operator: Operator
    reply_to: ReplyTo
    note: str | None = None
    origin: Origin = NOWHERE


@dataclass(frozen=True, slots=True)
class ReplyAsOperator:
    """An operator answers as a person; an unclaimed conversation is claimed in the same step."""

    operator: Operator
    text: str
    reply_to: ReplyTo
    client_id: ClientId | None = None
    origin: Origin = NOWHERE


Command: TypeAlias = PostMessage | RequestPerson | ClaimConversation | ReleaseConversation | ReplyAsOperator


@dataclass(frozen=True, slots=True)
class SetTyping:
    """Someone types, or stopped. `operator` is None for the visitor. It lapses by itself."""

    on: bool
    operator: Operator | None = None


@dataclass(frozen=True, slots=True)
class TypingLapsed:
    """The time a typing mark may stand without being renewed is over. `mark` is the one that was set."""

    mark: int


@dataclass(frozen=True, slots=True)
class Subscribe:
    """A peer wants this conversation from `after` on. Answered with `Subscribed` or a `Refusal`."""

    peer: Peer
    audience: Audience
    reply_to: ReplyTo
    after: int = 0
    operator: Operator | None = None


@dataclass(frozen=True, slots=True)
class Unsubscribe:
    """A peer no longer wants this topic, or is gone."""

    peer: Peer


@dataclass(frozen=True, slots=True)
class Look:
    """Someone wants the present standing. Answered with `Held` or a `Refusal`."""

    reply_to: ReplyTo


@dataclass(frozen=True, slots=True)
class EraseConversation:
    """It has been deleted: nothing of it is decided, written or shown any more."""


@dataclass(frozen=True, slots=True)
class TagsPut:
    """It has these tags now; the database knows. `version` grows with every change of them."""

    tag_ids: tuple[str, ...]
    version: int


@dataclass(frozen=True, slots=True)
class SeenBy:
    """A member has read the log up to `seq`; the database knows."""

    user_id: UserId
    seq: int


@dataclass(frozen=True, slots=True)
class VisitPage:
    """The visitor came to another page; the database knows, or will in a moment."""

    visited: Visited


@dataclass(frozen=True, slots=True)
class PersonTold:
    """The site says who the visitor is; the database knows. `visitor_name` is what they are called now."""

    person: Person
    visitor_name: str


@dataclass(frozen=True, slots=True)
class LeadNoted:
    """A lead came from this conversation, or changed. `name` is what it is called."""

    name: str


@dataclass(frozen=True, slots=True)
class BrowserNoted:
    """How the visitor's browser is set: the language they read the chat in, their time zone if told."""

    language: str
    time_zone: str = ""


@dataclass(frozen=True, slots=True)
class IdleCheck:
    """Time to see whether anybody still needs this conversation in memory."""


# What the journal reports to a conversation


@dataclass(frozen=True, slots=True)
class Loaded:
    """The whole log as the database has it, by seq, without gaps."""

    conversation: Conversation
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class NotFound:
    """No such conversation in this workspace."""


@dataclass(frozen=True, slots=True)
class Committed:
    """The log is durable up to `seq`, with all that must be on record before anybody is told."""

    seq: int


@dataclass(frozen=True, slots=True)
class Refused:
    """The database did not take our entries; the log has to be loaded again and all be decided anew."""

    reason: str


@dataclass(frozen=True, slots=True)
class Fetched:
    """Older entries that a subscriber missed, read for `request`."""

    request: Subscribe
    entries: tuple[Entry, ...]


# What the bot reports to a conversation


@dataclass(frozen=True, slots=True)
class AnswerRequest:
    """What the bot is asked. `history` is the newest part of the log, oldest first, the question last.

    History holds every entry type: human-agent messages and hand-back notes are context too.
    `asked_for_person` is set when the visitor has just asked for a person: say what happens next, do not
    answer as if it were a question. `language` is what the visitor is spoken to in.
    """

    key: ConversationKey
    epoch: int
    stream_id: StreamId
    history: tuple[Entry, ...]
    asked_for_person: bool = False
    language: str = ""


@dataclass(frozen=True, slots=True)
class BotDelta:
    """The next piece of the running answer's text."""

    epoch: int
    stream_id: StreamId
    text: str


@dataclass(frozen=True, slots=True)
class BotReplied:
    """The whole answer. `agent_name` is the persona that gave it."""

    epoch: int
    stream_id: StreamId
    text: str
    sources: tuple[Source, ...] = ()
    known: bool = True
    agent_name: str = ""


@dataclass(frozen=True, slots=True)
class BotFailed:
    """The bot could not answer; the reason is for the log, the apology for the visitor."""

    epoch: int
    stream_id: StreamId
    reason: str
    apology: str = APOLOGY


BotReport: TypeAlias = BotDelta | BotReplied | BotFailed


# Events: what subscribers see


@dataclass(frozen=True, slots=True)
class EntryAdded:
    """The log has a new entry."""

    key: ConversationKey
    entry: Entry


@dataclass(frozen=True, slots=True)
class MessageDelta:
    """The bot writes: `text` goes at `offset` characters of the message `stream_id`."""

    key: ConversationKey
    stream_id: StreamId
    offset: int
    text: str


@dataclass(frozen=True, slots=True)
class MessageDiscarded:
    """The running answer was cut off and will not come."""

    key: ConversationKey
    stream_id: StreamId


class Typist(StrEnum):
    """Who types."""

    VISITOR = "visitor"
    BOT = "bot"
    HUMAN = "human"


@dataclass(frozen=True, slots=True)
class TypingChanged:
    """Someone began or stopped typing. Visitors see the bot and the holder, never themselves or onlookers."""

    key: ConversationKey
    who: Typist
    on: bool
    author: str = ""
    user_id: UserId | None = None
    shown_to_visitor: bool = True


@dataclass(frozen=True, slots=True)
class WatchersChanged:
    """Which operators look at a conversation, and whether its visitor is connected. For operators only."""

    key: ConversationKey
    operators: tuple[tuple[UserId, str], ...]
    visitor_online: bool


@dataclass(frozen=True, slots=True)
class PageVisited:
    """The visitor came to another page. For operators only."""

    key: ConversationKey
    visited: Visited


@dataclass(frozen=True, slots=True)
class ConversationDeleted:
    """It is gone for good; the last event of its channel."""

    key: ConversationKey


@dataclass(frozen=True, slots=True)
class RowDeleted:
    """A row of the workspace's lists is gone for good. For operators only."""

    key: ConversationKey


@dataclass(frozen=True, slots=True)
class TagsChanged:
    """A tag was made, changed or removed: read them again. For operators only."""


@dataclass(frozen=True, slots=True)
class AllSeen:
    """A member counts as read whatever was written up to an instant. For operators only."""

    user_id: UserId
    upto: datetime


@dataclass(frozen=True, slots=True)
class CleanupProgress:
    """How many conversations are still to be deleted, of how many. For operators only."""

    left: int
    total: int


@dataclass(frozen=True, slots=True)
class ConversationChanged:
    """A row of the workspace's lists is new or different. For operators only."""

    conversation: Conversation
    standing: Standing


@dataclass(frozen=True, slots=True)
class OperatorsChanged:
    """Which operators of the workspace are connected. For operators only."""

    operators: tuple[tuple[UserId, str], ...]


ConversationEvent: TypeAlias = (
    EntryAdded
    | MessageDelta
    | MessageDiscarded
    | TypingChanged
    | WatchersChanged
    | PageVisited
    | ConversationDeleted
)
News: TypeAlias = RowDeleted | TagsChanged | CleanupProgress | AllSeen
"""What a workspace is told by others, and passes on to its operators."""
WorkspaceEvent: TypeAlias = ConversationChanged | OperatorsChanged | LeadCaptured | News
Event: TypeAlias = ConversationEvent | WorkspaceEvent


# To a workspace


@dataclass(frozen=True, slots=True)
class JoinWorkspace:
    """An operator's socket wants the workspace's lists and presence. Answered with `Joined`."""

    peer: Peer
    operator: Operator
    reply_to: Callable[[Joined], None]


@dataclass(frozen=True, slots=True)
class Joined:
    """The operators that are connected now."""

    operators: tuple[tuple[UserId, str], ...]


@dataclass(frozen=True, slots=True)
class LeaveWorkspace:
    """The socket is gone."""

    peer: Peer


@dataclass(frozen=True, slots=True)
class ConversationRetired:
    """A conversation left memory."""

    key: ConversationKey


@dataclass(frozen=True, slots=True)
class LookAround:
    """Someone wants to know what is live. Answered with `Live`."""

    reply_to: Callable[[Live], None]


@dataclass(frozen=True, slots=True)
class Live:
    """The operators connected, and the newest row of every conversation in memory."""

    operators: tuple[tuple[UserId, str], ...]
    rows: Mapping[ConversationId, ConversationChanged]


@dataclass(frozen=True, slots=True)
class LeadDecided:
    """What became of a lead that was asked for."""

    request: CaptureLead
    outcome: LeadOutcome
