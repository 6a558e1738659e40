"""The rules of bot and human: what a conversation does with each message. Pure, and nowhere else.

A decision is made against everything decided so far, written or not, so that the first click wins even
while a write is on its way. Nothing is shown, and nobody answered, before the log has it. A refused write
throws away what was decided on top of it: the log is read again and the commands are decided anew.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, TypeAlias, assert_never

from actors.bot_turn import BotTurn
from actors.effects import Announce, Append, Broadcast, Effect, Reload, Reply
from actors.ids import StreamId, UserId
from actors.log import MOST_PAGES, EntryType, Speaker, standing_of
from actors.messages import (
    BotDelta,
    BotFailed,
    BotReplied,
    BrowserNoted,
    ClaimConversation,
    Committed,
    ConversationChanged,
    EntryAdded,
    LeadNoted,
    PageVisited,
    PersonTold,
    Posted,
    PostMessage,
    Refused,
    ReleaseConversation,
    ReplyAsOperator,
    RequestPerson,
    SeenBy,
    SetTyping,
    Subscribed,
    TagsPut,
    TypingLapsed,
    VisitPage,
)
from actors.person_request import asks_for_person
from actors.typing_marks import TypingMarks
from actors.verdict import Judge

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import datetime

    from actors.ids import ClientId
    from actors.log import Conversation, Entry, Standing
    from actors.messages import BotReport, Command, MessageDelta, Outcome

RECENT_ENTRIES = 200
"""Entries kept to serve those who come back; what is older is read from the log."""

ANSWER_LATE_UNTIL = timedelta(minutes=10)
"""A question that a crash left without its answer is answered on waking, unless it is older than this."""

StateMessage: TypeAlias = (
    PostMessage
    | RequestPerson
    | ClaimConversation
    | ReleaseConversation
    | ReplyAsOperator
    | Committed
    | Refused
    | BotDelta
    | BotReplied
    | BotFailed
    | SetTyping
    | TypingLapsed
    | LeadNoted
    | BrowserNoted
    | PersonTold
    | TagsPut
    | SeenBy
    | VisitPage
)


@dataclass(frozen=True, slots=True)
class _Turn:
    """Something decided that is told once the log is durable up to `seq`. The bot's have no command."""

    seq: int
    entries: tuple[tuple[Entry, Standing], ...]
    """Each with the standing after it."""
    command: Command | None = None
    outcome: Outcome | None = None


class ConversationState:
    """One conversation, as its log makes it.

    Args:
        conversation: what no entry changes about it.
        entries: the whole log, by seq.
        new_id: makes write ids and stream ids.
    """

    __slots__ = (
        "_bot",
        "_decided",
        "_new_id",
        "_posted",
        "_recent",
        "_turns",
        "_typing",
        "conversation",
        "standing",
    )

    def __init__(
        self, conversation: Conversation, entries: Iterable[Entry], new_id: Callable[[], str]
    ) -> None:
        log = tuple(entries)
        self.conversation = conversation
        self.standing: Standing = standing_of(conversation, log)
        """What everybody may know: only what is durable."""
        self._decided = self.standing
        self._new_id = new_id
        # Lists, though both are queues: an empty deque is 700 bytes larger, and most conversations are idle.
        self._recent = list(log[-RECENT_ENTRIES:])
        self._posted: dict[ClientId, int] = {e.client_id: e.seq for e in log if e.client_id}
        self._turns: list[_Turn] = []
        self._bot: BotTurn | None = None
        self._typing = TypingMarks(conversation.key)

    def handle(self, message: StateMessage, now: datetime) -> list[Effect]:
        """What follows from a message, in order."""
        match message:
            case (
                PostMessage()
                | RequestPerson()
                | ClaimConversation()
                | ReleaseConversation()
                | ReplyAsOperator()
            ):
                return self._decide(message, now)
            case Committed():
                return self._commit(message.seq)
            case Refused():
                return [Reload()]
            case BotDelta() | BotReplied() | BotFailed():
                return self._hear(message, now)
            case SetTyping() | TypingLapsed():
                return self._mark_typing(message)
            case LeadNoted() | BrowserNoted() | PersonTold() | TagsPut() | SeenBy() | VisitPage():
                return self._describe(message)
            case _:
                assert_never(message)

    def wake(self, now: datetime) -> list[Effect]:
        """What to do after being made from the log: answer what a crash left unanswered."""
        fresh = now - self.standing.last_activity_at <= ANSWER_LATE_UNTIL
        return self._answer() if fresh else []

    def abandon(self) -> tuple[list[Command], list[Effect]]:
        """The commands that are not answered yet, oldest first, and what stops with this state."""
        commands = [turn.command for turn in self._turns if turn.command]
        effects = self._bot.cut_off() if self._bot else []
        return commands, [*effects, *self._typing.clear()]

    def place(self, after: int) -> Subscribed | None:
        """Where a subscriber that has all up to `after` stands; None when the log must be read for it."""
        standing, oldest = self.standing, self.oldest_seq
        if after == 0 or after > standing.seq:
            reset = after > standing.seq
            return Subscribed(self.conversation, standing, tuple(self._recent), oldest > 1, reset)
        if after < oldest - 1:
            return None
        return Subscribed(self.conversation, standing, self.since(after))

    def since(self, after: int) -> tuple[Entry, ...]:
        """The durable entries after `after`, of those kept."""
        return tuple(entry for entry in self._recent if entry.seq > after)

    @property
    def running(self) -> MessageDelta | None:
        """The text of the running answer so far."""
        return self._bot.so_far() if self._bot else None

    @property
    def busy(self) -> bool:
        """Whether something is on its way to the log, or the bot is at it."""
        return bool(self._turns) or self._bot is not None

    @property
    def oldest_seq(self) -> int:
        """The oldest entry kept; one past the log's end when none is."""
        return self._recent[0].seq if self._recent else self.standing.seq + 1

    def _decide(self, command: Command, now: datetime) -> list[Effect]:
        judge = Judge(self.conversation, self._decided, self._posted, now, self._new_id)
        verdict = judge.judge(command)
        if not verdict.entries and not self._turns:
            return [Reply(command.reply_to, self._with_entry(verdict.outcome))]
        return self._take(verdict.entries, command, verdict.outcome)

    def _take(
        self, entries: tuple[Entry, ...], command: Command | None = None, outcome: Outcome | None = None
    ) -> list[Effect]:
        before = self._decided
        placed: list[tuple[Entry, Standing]] = []
        for entry in entries:
            self._decided = self._decided.after(entry)
            placed.append((entry, self._decided))
            if entry.client_id:
                self._posted[entry.client_id] = entry.seq
        self._turns.append(_Turn(self._decided.seq, tuple(placed), command, outcome))
        if not entries:
            return []
        append = Append(entries, self._decided)
        return [append, *(self._hand_over() if self._decided.holder != before.holder else [])]

    def _hand_over(self) -> list[Effect]:
        """Whoever was speaking stops now, not when the log has it."""
        cut: list[Effect] = []
        if self._bot and self._bot.writing:
            cut = self._bot.cut_off()
            self._bot = None
        return [*cut, *self._typing.clear()]

    def _commit(self, seq: int) -> list[Effect]:
        effects: list[Effect] = []
        grew = False
        while self._turns and self._turns[0].seq <= seq:
            turn = self._turns.pop(0)
            shown = [effect for placed in turn.entries for effect in self._show(*placed)]
            grew = grew or bool(shown)
            if turn.command and turn.outcome:
                effects.append(Reply(turn.command.reply_to, self._with_entry(turn.outcome)))
            effects += shown
        if grew:
            effects.append(Announce(ConversationChanged(self.conversation, self.standing)))
        return [*effects, *self._answer()]

    def _show(self, entry: Entry, standing: Standing) -> list[Effect]:
        self.standing = standing
        self._recent.append(entry)
        del self._recent[:-RECENT_ENTRIES]
        effects: list[Effect] = [Broadcast(EntryAdded(self.conversation.key, entry))]
        if entry.role is Speaker.VISITOR:
            effects += self._typing.end(None)
        if entry.role is Speaker.HUMAN and entry.author:
            effects += self._typing.end(UserId(entry.author.id))
        if self._bot and entry.stream_id == self._bot.stream_id:
            effects += self._bot.end()
            self._bot = None
        return effects

    def _answer(self) -> list[Effect]:
        """Let the bot answer, if nobody holds it, nothing runs, and a message has no answer.

        A release that is not durable yet does not count: its watchers still see a person there.
        """
        settled = self._decided.epoch == self.standing.epoch
        free = settled and self._decided.holder is None and self._bot is None
        if not free or not self.standing.unanswered:
            return []
        stream_id = StreamId(self._new_id())
        question_seq = self.standing.last_user_seq
        self._bot = BotTurn(self.conversation.key, self._decided.epoch, stream_id, question_seq)
        asked = self._recent_text(question_seq)
        return self._bot.start(
            tuple(self._recent), self.conversation.language, asked_for_person=asks_for_person(asked)
        )

    def _hear(self, report: BotReport, now: datetime) -> list[Effect]:
        """A report of an answer that is not the running one comes too late, and is dropped."""
        if self._bot is None or not self._bot.is_of(report):
            return []
        if isinstance(report, BotDelta):
            return self._bot.write(report)
        return self._take((self._bot.finish(report, self._decided.seq + 1, now, self._new_id()),))

    def _mark_typing(self, message: SetTyping | TypingLapsed) -> list[Effect]:
        if isinstance(message, TypingLapsed):
            return self._typing.lapse(message.mark)
        operator, holder = message.operator, self._decided.holder
        if not message.on:
            return self._typing.end(operator.user_id if operator else None)
        holds = operator is not None and holder is not None and holder.user_id == operator.user_id
        return self._typing.begin(operator, shown_to_visitor=holds)

    def _describe(
        self, message: LeadNoted | BrowserNoted | PersonTold | TagsPut | SeenBy | VisitPage
    ) -> list[Effect]:
        """Take in what is known of the conversation beside its log."""
        if isinstance(message, VisitPage):
            return self._visit(message)
        described = _described(self.conversation, message)
        # Who was not in memory until now has read with the log what the lists have not heard.
        if described == self.conversation and not isinstance(message, PersonTold | TagsPut):
            return []
        self.conversation = described
        return [Announce(ConversationChanged(described, self.standing))]

    def _visit(self, message: VisitPage) -> list[Effect]:
        """The trail grows; a page that was read with the log already is no news."""
        pages, visited = self.conversation.pages, message.visited
        if pages and pages[-1].at >= visited.at:
            return []
        self.conversation = replace(self.conversation, pages=(*pages, visited)[-MOST_PAGES:])
        return [Broadcast(PageVisited(self.conversation.key, visited))]

    def _with_entry(self, outcome: Outcome) -> Outcome:
        """A repeated message is answered with the first one, where it is still kept."""
        if isinstance(outcome, Posted) and outcome.entry is None:
            return Posted(outcome.seq, self._recent_entry(outcome.seq), outcome.duplicate)
        return outcome

    def _recent_entry(self, seq: int) -> Entry | None:
        found = seq - self.oldest_seq
        return self._recent[found] if 0 <= found < len(self._recent) else None

    def _recent_text(self, seq: int) -> str:
        entry = self._recent_entry(seq)
        return (entry.text or "") if entry and entry.type is EntryType.MESSAGE else ""


def _described(
    conversation: Conversation, message: LeadNoted | BrowserNoted | PersonTold | TagsPut | SeenBy
) -> Conversation:
    match message:
        case LeadNoted():
            return replace(conversation, has_lead=True, lead_name=message.name)
        case BrowserNoted():
            zone = message.time_zone or conversation.time_zone
            return replace(conversation, language=message.language, time_zone=zone)
        case PersonTold():
            return replace(conversation, person=message.person, visitor_name=message.visitor_name)
        case TagsPut():
            # Two may put tags at once, and the newer may be heard of first.
            if message.version < conversation.tags_version:
                return conversation
            return replace(conversation, tag_ids=message.tag_ids, tags_version=message.version)
        case SeenBy():
            seen = conversation.seen
            seq = max(message.seq, seen.get(message.user_id, 0))
            return replace(conversation, seen={**seen, message.user_id: seq})
