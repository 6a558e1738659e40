"""Doubles at the domain's ports: a peer that records, a bot that is played by hand, timers that are fired."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field

from actors.ids import StreamId
from actors.messages import AnswerRequest, BotReport, Event
from actors.ports import Audience, Frame


class EventFrame(bytes):
    """A frame that remembers the event it was made of."""

    event: Event
    audience: Audience


def encode(event: Event, audience: Audience) -> Frame:
    """Encode anything for anybody."""
    frame = EventFrame(repr(event).encode())
    frame.event = event
    frame.audience = audience
    return frame


@dataclass(eq=False)
class RecordingPeer:
    """A connection that keeps what it is sent."""

    events: list[Event] = field(default_factory=list)
    closed: bool = False
    close_code: int | None = None

    def send(self, frame: Frame) -> None:
        """Keep the event."""
        assert isinstance(frame, EventFrame)
        self.events.append(frame.event)

    def close(self, code: int, reason: str) -> None:
        """Close."""
        del reason
        self.closed, self.close_code = True, code


class HandPlayedBot:
    """A responder whose answers are told by the test."""

    def __init__(self) -> None:
        self.running: dict[StreamId, tuple[AnswerRequest, Callable[[BotReport], None]]] = {}
        self.cancelled: list[StreamId] = []

    def answer(self, request: AnswerRequest, tell: Callable[[BotReport], None]) -> None:
        """Keep the request."""
        self.running[request.stream_id] = (request, tell)

    def cancel(self, stream_id: StreamId) -> None:
        """Forget the request."""
        if self.running.pop(stream_id, None):
            self.cancelled.append(stream_id)


class HandFiredTimers:
    """Timers that fire when told to."""

    def __init__(self) -> None:
        self.waiting: list[tuple[float, Callable[[], None]]] = []

    def __call__(self, delay_s: float, action: Callable[[], None]) -> Callable[[], None]:
        """Set a timer."""
        timer = (delay_s, action)
        self.waiting.append(timer)

        def cancel() -> None:
            if timer in self.waiting:
                self.waiting.remove(timer)

        return cancel

    def fire(self, delay_s: float) -> None:
        """Fire all timers of this delay."""
        due = [timer for timer in self.waiting if timer[0] == delay_s]
        for timer in due:
            self.waiting.remove(timer)
            timer[1]()


async def settle(turns: int = 20) -> None:
    """Let everything that is queued on the loop happen."""
    for _ in range(turns):
        await asyncio.sleep(0)
