"""`handlers.management.management_ports.TryOut`: the agent itself is asked, and no conversation is made."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Protocol

from actors.ids import ConversationId, StreamId, new_id
from actors.log import ConversationKey, Entry, EntryType, Speaker
from actors.messages import AnswerRequest, BotDelta, BotFailed, BotReplied, BotReport
from handlers.management import management_ports as edge

if TYPE_CHECKING:
    from collections.abc import Callable

    from actors.ids import WorkspaceId
    from actors.ports import Clock
    from server.rate_limits import RateLimit


class Responder(Protocol):
    """Who answers."""

    def answer(self, request: AnswerRequest, tell: Callable[[BotReport], None]) -> None:
        """Start an answer."""
        ...

    def cancel(self, stream_id: StreamId) -> None:
        """Stop it."""
        ...


class AgentTryOut:
    """Asks the responder as a conversation's actor would."""

    def __init__(self, responder: Responder, clock: Clock, limit: RateLimit) -> None:
        self._responder = responder
        self._limit = limit
        self._clock = clock

    async def answer(self, workspace_id: WorkspaceId, turns: tuple[edge.Turn, ...]) -> edge.TriedAnswer:
        """The answer, once it is whole."""
        if not self._limit.allow(workspace_id):
            raise edge.TooManyTriesError("too many questions")
        told: asyncio.Future[BotReplied | BotFailed] = asyncio.get_running_loop().create_future()

        def hear(report: BotReport) -> None:
            if not isinstance(report, BotDelta) and not told.done():
                told.set_result(report)

        request = self._request(workspace_id, turns)
        self._responder.answer(request, hear)
        try:
            report = await told
        finally:
            self._responder.cancel(request.stream_id)
        if isinstance(report, BotFailed):
            raise edge.AgentFailedError(report.reason)
        return edge.TriedAnswer(report.text, report.sources, report.known)

    def _request(self, workspace_id: WorkspaceId, turns: tuple[edge.Turn, ...]) -> AnswerRequest:
        now, name = self._clock.now(), new_id()
        history = tuple(
            Entry(
                seq=seq,
                type=EntryType.MESSAGE,
                created_at=now,
                write_id=f"{name}:{seq}",
                role=Speaker.VISITOR if turn.by_visitor else Speaker.BOT,
                text=turn.text,
            )
            for seq, turn in enumerate(turns, 1)
        )
        key = ConversationKey(workspace_id, ConversationId(f"try-{name}"))
        return AnswerRequest(key, 1, StreamId(f"try-{name}"), history)
