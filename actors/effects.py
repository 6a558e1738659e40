"""What a decision may ask for. The actor performs effects in the order they stand."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from actors.ids import StreamId
    from actors.log import Entry, Standing
    from actors.messages import AnswerRequest, ConversationChanged, ConversationEvent, Outcome, ReplyTo


@dataclass(frozen=True, slots=True)
class Append:
    """Write entries to the log; `standing` is what the log adds up to with them."""

    entries: tuple[Entry, ...]
    standing: Standing


@dataclass(frozen=True, slots=True)
class Reply:
    """Answer whoever sent a command."""

    to: ReplyTo
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class Broadcast:
    """Show an event to every subscriber."""

    event: ConversationEvent


@dataclass(frozen=True, slots=True)
class StartAnswer:
    """Ask the bot."""

    request: AnswerRequest


@dataclass(frozen=True, slots=True)
class StopAnswer:
    """Cut the bot off."""

    stream_id: StreamId


@dataclass(frozen=True, slots=True)
class LapseTyping:
    """Tell `TypingLapsed(mark)` after `delay_s`."""

    delay_s: float
    mark: int


@dataclass(frozen=True, slots=True)
class Announce:
    """Tell the workspace that this conversation's row changed."""

    row: ConversationChanged


@dataclass(frozen=True, slots=True)
class Reload:
    """What is in memory can't be trusted: read the log again."""


Effect: TypeAlias = Append | Reply | Broadcast | StartAnswer | StopAnswer | LapseTyping | Announce | Reload
