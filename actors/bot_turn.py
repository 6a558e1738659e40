"""The bot's turn in a conversation: at most one answer runs, and it ends when a person takes over. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from actors.effects import Broadcast, Effect, StartAnswer, StopAnswer
from actors.log import Author, Entry, EntryType, Speaker
from actors.messages import (
    APOLOGY,
    AnswerRequest,
    BotDelta,
    BotFailed,
    BotReplied,
    MessageDelta,
    MessageDiscarded,
    TypingChanged,
    Typist,
)

if TYPE_CHECKING:
    from datetime import datetime

    from actors.ids import StreamId
    from actors.log import ConversationKey

LONGEST_ANSWER = 8000


@dataclass(slots=True)
class BotTurn:
    """A running answer. `writing` is false once its text is complete and on its way into the log."""

    key: ConversationKey
    epoch: int
    stream_id: StreamId
    question_seq: int
    text: str = ""
    writing: bool = True

    def start(
        self, history: tuple[Entry, ...], language: str = "", *, asked_for_person: bool
    ) -> list[Effect]:
        """Ask the bot, and show that it types."""
        request = AnswerRequest(self.key, self.epoch, self.stream_id, history, asked_for_person, language)
        return [Broadcast(self._typing(on=True)), StartAnswer(request)]

    def is_of(self, report: BotDelta | BotReplied | BotFailed) -> bool:
        """Whether a report belongs to this answer while it is being written."""
        return self.writing and report.stream_id == self.stream_id and report.epoch == self.epoch

    def write(self, delta: BotDelta) -> list[Effect]:
        """Show the next piece of text."""
        offset = len(self.text)
        self.text += delta.text
        return [Broadcast(MessageDelta(self.key, self.stream_id, offset, delta.text))]

    def so_far(self) -> MessageDelta | None:
        """What someone who comes now has to be shown first."""
        return MessageDelta(self.key, self.stream_id, 0, self.text) if self.text else None

    def finish(self, report: BotReplied | BotFailed, seq: int, now: datetime, write_id: str) -> Entry:
        """The entry that the answer becomes. A failed or empty one becomes an apology."""
        self.writing = False
        apology = report.apology if isinstance(report, BotFailed) else APOLOGY
        answer = BotReplied(self.epoch, self.stream_id, apology, known=False)
        if isinstance(report, BotReplied) and report.text.strip():
            answer = report
        return Entry(
            seq,
            EntryType.MESSAGE,
            now,
            write_id,
            role=Speaker.BOT,
            text=answer.text[:LONGEST_ANSWER],
            author=Author("", answer.agent_name),
            sources=answer.sources,
            stream_id=self.stream_id,
            known=answer.known,
            answers=self.question_seq,
        )

    def cut_off(self) -> list[Effect]:
        """Stop writing: what was shown so far is taken back."""
        return [
            StopAnswer(self.stream_id),
            Broadcast(MessageDiscarded(self.key, self.stream_id)),
            Broadcast(self._typing(on=False)),
        ]

    def end(self) -> list[Effect]:
        """The answer is in the log."""
        return [Broadcast(self._typing(on=False))]

    def _typing(self, *, on: bool) -> TypingChanged:
        return TypingChanged(self.key, Typist.BOT, on=on)
