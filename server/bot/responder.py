"""The bot: finds passages for a visitor's question, has an answer written, and tells it as it comes."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import aclosing
from dataclasses import dataclass

from actors.ids import StreamId, WorkspaceId
from actors.messages import APOLOGY, AnswerRequest, BotDelta, BotFailed, BotReplied, BotReport
from actors.speech import IN_ENGLISH, Words
from server.bot.answers import PERSON_COMING, Answer, compose
from server.bot.briefs import question_of, said_in, turns_of
from server.bot.indexes import PassageIndexes
from server.bot.model import Endpoint, ModelWriter
from server.bot.personas import Personas
from server.bot.writers import Brief, ExtractiveWriter, Writer
from server.config import Config
from server.knowledge.knowledge import Knowledge
from server.store.database import Database
from server.workspaces.workspaces import Workspaces

MOST_AT_ONCE = 500  # running answers; the rest wait their turn. One costs about 5 ms of the loop
LONGEST_S = 90.0
_HITS = 5

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Running:
    """An answer on its way. Whoever is no longer the one in the table tells nothing."""

    request: AnswerRequest
    tell: Callable[[BotReport], None]


def make_responder(
    config: Config, database: Database, words: Callable[[str], Words] = lambda _: IN_ENGLISH
) -> BotResponder:
    """The responder over this database: extractive, or with the model that the configuration names."""
    indexes = PassageIndexes(lambda workspace_id: Knowledge(database, workspace_id))
    writer: Writer = ExtractiveWriter()
    if config.llm_url and config.llm_model:
        writer = ModelWriter(Endpoint(config.llm_url, config.llm_model, config.llm_key or ""), writer)
    personas = Personas(Workspaces(database))
    return BotResponder(indexes, writer, personas.name, forget_name=personas.forget, words=words)


class BotResponder:
    """The Responder port over the workspaces' knowledge."""

    def __init__(
        self,
        indexes: PassageIndexes,
        writer: Writer,
        agent_name: Callable[[WorkspaceId], Awaitable[str]],
        *,
        forget_name: Callable[[WorkspaceId], None] | None = None,
        words: Callable[[str], Words] = lambda _: IN_ENGLISH,
        pace_s: float = 0.04,
    ) -> None:
        """`writer` words the answers; what needs no wording is told `pace_s` a group of words.

        `words` gives the sentences of a language.
        """
        self._indexes = indexes
        self._writer = writer
        self._plain = ExtractiveWriter(pace_s)
        self._agent_name = agent_name
        self._forget_name = forget_name
        self._words = words
        self._tasks: dict[StreamId, asyncio.Task[None]] = {}
        self._places = asyncio.Semaphore(MOST_AT_ONCE)

    def forget_persona(self, workspace_id: WorkspaceId) -> None:
        """Look the agent's name up anew: it may have changed."""
        if self._forget_name is not None:
            self._forget_name(workspace_id)

    def forget_knowledge(self, workspace_id: WorkspaceId) -> None:
        """Look into the knowledge anew: it has changed."""
        self._indexes.invalidate(workspace_id)

    def answer(self, request: AnswerRequest, tell: Callable[[BotReport], None]) -> None:
        """Start an answer; it ends with BotReplied or BotFailed, unless it is cancelled."""
        self.cancel(request.stream_id)
        task = asyncio.create_task(self._run(_Running(request, tell)), name=f"answer {request.stream_id}")
        self._tasks[request.stream_id] = task
        task.add_done_callback(lambda done: self._forget(request.stream_id, done))

    def cancel(self, stream_id: StreamId) -> None:
        """Stop an answer; nothing of it is told any more."""
        task = self._tasks.pop(stream_id, None)
        if task:
            task.cancel()

    async def aclose(self) -> None:
        """Stop all answers, and wait until they have let go of their connections."""
        tasks = list(self._tasks.values())
        for stream_id in list(self._tasks):
            self.cancel(stream_id)
        await asyncio.gather(*tasks, return_exceptions=True)

    def _forget(self, stream_id: StreamId, task: asyncio.Task[None]) -> None:
        if self._tasks.get(stream_id) is task:
            del self._tasks[stream_id]

    async def _run(self, running: _Running) -> None:
        request = running.request
        try:
            async with self._places, asyncio.timeout(LONGEST_S):
                report = await self._written(running)
        except Exception as error:  # noqa: BLE001 - whatever goes wrong must end the answer, or the visitor waits for ever
            _log.warning("no answer in conversation %s", request.key.conversation_id, exc_info=error)
            reason = " ".join(f"{type(error).__name__}: {error}".split())
            apology = self._words(request.language).say(APOLOGY)
            report = BotFailed(request.epoch, request.stream_id, reason, apology)
        self._tell(running, report)

    async def _written(self, running: _Running) -> BotReplied:
        request = running.request
        workspace_id = request.key.workspace_id
        name = await self._agent_name(workspace_id)
        brief = await self._brief(request)
        writer = self._plain if request.asked_for_person else self._writer
        answer = brief.answer
        async with aclosing(writer.write(brief)) as pieces:
            async for piece in pieces:
                if isinstance(piece, Answer):
                    answer = piece
                elif piece:
                    self._tell(running, BotDelta(request.epoch, request.stream_id, piece))
        return BotReplied(
            request.epoch, request.stream_id, answer.text, answer.sources, known=answer.known, agent_name=name
        )

    async def _brief(self, request: AnswerRequest) -> Brief:
        turns, words = turns_of(request.history), self._words(request.language)
        if request.asked_for_person:
            return Brief("", (), (), tuple(turns), Answer(words.say(PERSON_COMING)), words)
        (question, last), said = question_of(turns, request.language), said_in(turns)
        index = await self._indexes.get(request.key.workspace_id)
        hits = index.search(question, _HITS, request.language)
        answer = compose(question, hits, said, last, words)
        return Brief(question, tuple(hits), tuple(said), tuple(turns), answer, words)

    def _tell(self, running: _Running, report: BotReport) -> None:
        if self._tasks.get(running.request.stream_id) is asyncio.current_task():
            running.tell(report)
