"""What the domain needs from outside, as protocols. `server/main.py` passes the real things in."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from actors.ids import StreamId
    from actors.lead import Lead, LeadOutcome
    from actors.log import ConversationKey, Entry, Standing
    from actors.messages import (
        AnswerRequest,
        BotReport,
        Committed,
        Event,
        Fetched,
        Loaded,
        NotFound,
        Refused,
        Subscribe,
    )


class Audience(StrEnum):
    """Who a subscriber is; visitors see less than operators."""

    VISITOR = "visitor"
    OPERATOR = "operator"


Frame: TypeAlias = bytes
"""An encoded event, ready for the socket, the same object for every subscriber of an audience."""


class Peer(Protocol):
    """A subscriber's end of a connection. Sending never blocks and never raises."""

    def send(self, frame: Frame) -> None:
        """Queue a frame; a peer over its bound closes itself."""
        ...

    def close(self, code: int, reason: str) -> None:
        """Close with a WebSocket close code."""
        ...

    @property
    def closed(self) -> bool:
        """Whether nothing can be sent any more."""
        ...


class Encode(Protocol):
    """Encodes an event once for an audience; None when that audience does not see it."""

    def __call__(self, event: Event, audience: Audience) -> Frame | None:
        """The frame, or None."""
        ...


class Deliver(Protocol):
    """Sends a frame to many peers at once, in order with what each of them is sent by itself."""

    def __call__(self, room: tuple[Peer, ...], frame: Frame) -> None:
        """Queue it for all of them; the same tuple again means that nobody came or went."""
        ...


def deliver_one_by_one(room: tuple[Peer, ...], frame: Frame) -> None:
    """The plain `Deliver`."""
    for peer in room:
        peer.send(frame)


class Journal(Protocol):
    """The durable log. Reports come by `tell`, later, on the loop, in the order of the appends."""

    def has_room(self) -> bool:
        """Whether more may be appended now; false while the database is away and the bound is reached."""
        ...

    def load(self, key: ConversationKey, tell: Callable[[Loaded | NotFound], None]) -> None:
        """Read a whole log; retries for ever.

        Drops entries of this conversation that are not yet written, waits for those being written, takes
        back entries past a gap, and repairs what follows from the log.
        """
        ...

    def append(
        self,
        key: ConversationKey,
        entries: Sequence[Entry],
        standing: Standing,
        tell: Callable[[Committed | Refused], None],
    ) -> None:
        """Write entries, and what follows from them up to `standing`, then tell `Committed`.

        After a `Refused`, everything of this conversation is dropped until it is loaded again.
        """
        ...

    def fetch(
        self, key: ConversationKey, request: Subscribe, upto: int, tell: Callable[[Fetched], None]
    ) -> None:
        """Read the committed entries with `request.after < seq <= upto`."""
        ...


class LeadLedger(Protocol):
    """Durable leads, each with the jobs that follow from it."""

    def capture(self, draft: Lead, tell: Callable[[LeadOutcome], None]) -> None:
        """Write a lead and its jobs together.

        `tell` is called once, on the loop, later or at once: with `Captured` when both are durable, else with
        a `Refusal`.
        """
        ...


class Responder(Protocol):
    """The bot."""

    def answer(self, request: AnswerRequest, tell: Callable[[BotReport], None]) -> None:
        """Start an answer; deltas and the end of it are told later, on the loop."""
        ...

    def cancel(self, stream_id: StreamId) -> None:
        """Stop an answer; nothing of it is told any more. Unknown ids are ignored."""
        ...


class Clock(Protocol):
    """Time."""

    def now(self) -> datetime:
        """The present instant, aware, UTC, in whole milliseconds."""
        ...


class Later(Protocol):
    """Timers."""

    def __call__(self, delay_s: float, action: Callable[[], None]) -> Callable[[], None]:
        """Run `action` on the loop after `delay_s`; the returned function cancels it."""
        ...
