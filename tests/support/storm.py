"""Random interleavings of everything that can happen to a conversation, checked after each step."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from actors.conversation_state import ConversationState, StateMessage
from actors.effects import Append, Broadcast, Effect, Reload, Reply, StartAnswer, StopAnswer
from actors.errors import Code, Refusal
from actors.ids import ClientId
from actors.log import Author, Entry, EntryType, Speaker, standing_of
from actors.messages import (
    AnswerRequest,
    BotDelta,
    BotFailed,
    BotReplied,
    ClaimConversation,
    Command,
    Committed,
    EntryAdded,
    Held,
    MessageDelta,
    Outcome,
    Posted,
    PostMessage,
    Refused,
    ReleaseConversation,
    ReplyAsOperator,
    RequestPerson,
    SetTyping,
    TypingLapsed,
)
from tests.support.conversations import ADA, ANA, BEN, START, conversation, ids

OPERATORS = (ANA, BEN, ADA)


class Storm:
    """One conversation, its log, clients and crashes. `run` plays `steps` random steps and checks each."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)
        self.new_id = ids()
        self.log: list[Entry] = []
        self.unwritten: list[tuple[Entry, ...]] = []
        self.shown: list[Entry] = []
        self.asked: list[AnswerRequest] = []
        self.live: set[str] = set()
        self.acked: dict[str, int] = {}
        self.told: list[tuple[Command, Outcome]] = []
        self.trace: list[str] = []
        self.posted = 0
        self.checked: tuple[object, ...] = ()
        self.state = ConversationState(conversation(), (), self.new_id)
        self.moves: tuple[Callable[[], None], ...] = (
            self.post,
            self.post,
            self.post_again,
            self.ask_person,
            self.claim,
            self.claim,
            self.release,
            self.reply,
            self.write,
            self.write,
            self.write,
            self.bot_writes,
            self.bot_answers,
            self.bot_answers,
            self.type,
            self.other_writer,
            self.crash,
        )

    def run(self, steps: int) -> None:
        """Play, then let everything settle and check the end."""
        for _ in range(steps):
            move = self.random.choice(self.moves)
            self.trace.append(move.__name__)
            move()
            self.check()
        while self.unwritten:
            self.write()
        self.check()
        self.check_end()

    # What happens

    def post(self) -> None:
        self.posted += 1
        text = "I want a human" if self.random.random() < 0.1 else f"text {self.posted}"
        self.command(lambda to: PostMessage(text, ClientId(f"m{self.posted}"), to))

    def post_again(self) -> None:
        client_id = f"m{self.random.randint(1, max(1, self.posted))}"
        self.posted = max(1, self.posted)
        self.command(lambda to: PostMessage("again", ClientId(client_id), to))

    def ask_person(self) -> None:
        self.command(RequestPerson)

    def claim(self) -> None:
        operator, force = self.random.choice(OPERATORS), self.random.random() < 0.3
        self.command(lambda to: ClaimConversation(operator, to, force))

    def release(self) -> None:
        operator = self.random.choice(OPERATORS)
        self.command(lambda to: ReleaseConversation(operator, to))

    def reply(self) -> None:
        operator = self.random.choice(OPERATORS)
        client_id = ClientId(f"r{self.random.randint(1, 5)}") if self.random.random() < 0.5 else None
        self.command(lambda to: ReplyAsOperator(operator, "a person", to, client_id))

    def write(self) -> None:
        if not self.unwritten:
            return
        entries = self.unwritten.pop(0)
        self.log += entries
        self.tell(Committed(entries[-1].seq))

    def bot_writes(self) -> None:
        if self.asked:
            request = self.random.choice(self.asked)
            self.tell(BotDelta(request.epoch, request.stream_id, "word "))

    def bot_answers(self) -> None:
        if not self.asked:
            return
        request = self.random.choice(self.asked)
        if self.random.random() < 0.1:
            self.tell(BotFailed(request.epoch, request.stream_id, "broken"))
        else:
            self.tell(BotReplied(request.epoch, request.stream_id, "the answer"))

    def type(self) -> None:
        if self.random.random() < 0.3:
            self.tell(TypingLapsed(self.random.randint(1, 9)))
        else:
            self.tell(SetTyping(self.random.random() < 0.7, self.random.choice((None, *OPERATORS))))

    def other_writer(self) -> None:
        """Another process claims, releases or writes first; our write is refused and we decide again."""
        if not self.unwritten or self.random.random() < 0.5:
            return
        self.unwritten.clear()
        seq = len(self.log) + 1
        author = Author(BEN.user_id, BEN.name)
        held = standing_of(conversation(), self.log).holder
        kind = EntryType.RELEASED if held else EntryType.CLAIMED
        self.log.append(Entry(seq, kind, START, self.new_id(), author=author))
        self.tell(Refused("another writer"))

    def crash(self) -> None:
        """The process dies: part of what was on its way is written, nobody was told."""
        survive = self.random.randint(0, len(self.unwritten))
        for entries in self.unwritten[:survive]:
            self.log += entries
        self.unwritten.clear()
        self.live.clear()
        self.rebuild()

    # How it is played

    def command(self, make: Callable[[Callable[[Outcome], None]], Command]) -> None:
        def hear(outcome: Outcome) -> None:
            self.told.append((command, outcome))
            if isinstance(outcome, Posted) and isinstance(command, PostMessage):
                self.acked[command.client_id] = outcome.seq

        command = make(hear)
        self.tell(command)

    def tell(self, message: StateMessage) -> None:
        self.perform(self.state.handle(message, START))

    def perform(self, effects: list[Effect]) -> None:
        for effect in effects:
            match effect:
                case Append():
                    self.unwritten.append(effect.entries)
                case Reply():
                    effect.to(effect.outcome)
                case Broadcast(event=EntryAdded(entry=entry)):
                    self.shown.append(entry)
                case Broadcast(event=MessageDelta(stream_id=stream_id)):
                    assert stream_id in self.live, "the bot was shown writing after it was cut off"
                    assert self.state.standing.holder is None, "the bot was shown writing over a person"
                case StartAnswer():
                    self.asked.append(effect.request)
                    self.live.add(effect.request.stream_id)
                case StopAnswer():
                    self.live.discard(effect.stream_id)
                case Reload():
                    self.reload()
                case _:
                    pass

    def reload(self) -> None:
        commands, effects = self.state.abandon()
        self.perform(effects)
        self.rebuild()
        for command in commands:
            self.tell(command)

    def rebuild(self) -> None:
        self.state = ConversationState(conversation(), self.log, self.new_id)
        self.shown += self.log[len(self.shown) :]
        self.perform(self.state.wake(START))

    # What must hold

    def check(self) -> None:
        seen = (len(self.log), len(self.shown), len(self.acked), self.state.standing)
        if seen == self.checked:
            return
        self.checked = seen
        assert [entry.seq for entry in self.log] == list(range(1, len(self.log) + 1))
        assert self.shown == self.log, "shown is not what is stored"
        assert self.state.standing == standing_of(conversation(), self.log)
        client_ids = [entry.client_id for entry in self.log if entry.client_id]
        assert len(client_ids) == len(set(client_ids))
        for client_id, seq in self.acked.items():
            assert self.log[seq - 1].client_id == client_id, "an ack names another message"
        self.check_voices()

    def check_voices(self) -> None:
        holder: str | None = None
        for entry in self.log:
            if entry.type is EntryType.CLAIMED:
                taken = entry.taken_from.id if entry.taken_from else None
                assert holder is None or taken == holder, "two hold it"
                holder = entry.author.id if entry.author else None
            elif entry.type is EntryType.RELEASED:
                assert holder is not None, "released by nobody"
                holder = None
            elif entry.role is Speaker.BOT:
                assert holder is None, "the bot talked over a person"
            elif entry.role is Speaker.HUMAN:
                assert entry.author is not None
                assert entry.author.id == holder, "someone answered who does not hold it"

    def check_end(self) -> None:
        """All is written: the live state is what the log alone makes."""
        rebuilt = ConversationState(conversation(), self.log, ids())
        assert rebuilt.standing == self.state.standing
        for after in range(len(self.log) + 2):
            assert rebuilt.place(after) == self.state.place(after)
        for command, outcome in self.told:
            if isinstance(outcome, Refusal) and outcome.code is Code.ALREADY_CLAIMED:
                assert outcome.holder is not None
                assert not isinstance(command, PostMessage)
            if isinstance(outcome, Held) and isinstance(command, ClaimConversation):
                assert outcome.standing.holder is not None
                assert outcome.standing.holder.user_id == command.operator.user_id
