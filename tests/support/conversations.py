"""Makers of conversations, operators and a clock, and a playbook that feeds messages to a pure state."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any, TypeVar

from actors.conversation_state import ConversationState, StateMessage
from actors.effects import Append, Broadcast, Effect, Reply, StartAnswer
from actors.ids import ClientId, ConversationId, UserId, VisitorId, WorkspaceId
from actors.log import Conversation, ConversationKey, Entry
from actors.messages import (
    BotReplied,
    ClaimConversation,
    Committed,
    EntryAdded,
    Operator,
    PostMessage,
    ReleaseConversation,
    ReplyAsOperator,
    RequestPerson,
)
from actors.roles import Role

START = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)
KEY = ConversationKey(WorkspaceId("w1"), ConversationId("c1"))
ANA = Operator(UserId("u-ana"), "Ana", Role.EDITOR)
BEN = Operator(UserId("u-ben"), "Ben", Role.EDITOR)
ADA = Operator(UserId("u-ada"), "Ada", Role.ADMIN)
VIC = Operator(UserId("u-vic"), "Vic", Role.VIEWER)

E = TypeVar("E", bound=Effect)


def conversation(key: ConversationKey = KEY) -> Conversation:
    """A conversation that began at `START`."""
    return Conversation(key, VisitorId("v1"), "Visitor 4F2K", START)


def ids(prefix: str = "i") -> Callable[[], str]:
    """Ids that are the same in every run."""
    numbers = count(1)
    return lambda: f"{prefix}{next(numbers)}"


@dataclass
class ManualClock:
    """Time that moves when told to."""

    instant: datetime = START

    def now(self) -> datetime:
        """The present."""
        return self.instant

    def advance(self, seconds: float) -> None:
        """Let time pass."""
        self.instant += timedelta(seconds=seconds)


@dataclass
class Playbook:
    """A pure state, what was asked of it, and what came back; the journal is played by hand."""

    entries: tuple[Entry, ...] = ()
    state: ConversationState = field(init=False)
    clock: ManualClock = field(default_factory=ManualClock)
    answers: list[Any] = field(default_factory=list)
    effects: list[Effect] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.state = ConversationState(conversation(), self.entries, ids())

    def tell(self, message: StateMessage) -> list[Effect]:
        """Feed one message; replies are collected in `answers`."""
        return self._note(self.state.handle(message, self.clock.now()))

    def wake(self) -> list[Effect]:
        """Wake the state, as after a load."""
        return self._note(self.state.wake(self.clock.now()))

    def commit(self) -> list[Effect]:
        """Let the journal write everything that was appended."""
        appended = [e for effect in self.effects if isinstance(effect, Append) for e in effect.entries]
        return self.tell(Committed(appended[-1].seq))

    def post(self, text: str = "Hello", client_id: str = "m1") -> list[Effect]:
        """The visitor writes."""
        return self.tell(PostMessage(text, ClientId(client_id), self.answers.append))

    def ask_person(self) -> list[Effect]:
        """The visitor presses the button."""
        return self.tell(RequestPerson(self.answers.append))

    def claim(self, operator: Operator = ANA, *, force: bool = False) -> list[Effect]:
        """An operator takes over."""
        return self.tell(ClaimConversation(operator, self.answers.append, force=force))

    def release(self, operator: Operator = ANA, note: str | None = None) -> list[Effect]:
        """An operator hands back."""
        return self.tell(ReleaseConversation(operator, self.answers.append, note=note))

    def reply(self, operator: Operator = ANA, text: str = "Hi", client_id: str | None = None) -> list[Effect]:
        """An operator answers."""
        given = ClientId(client_id) if client_id else None
        return self.tell(ReplyAsOperator(operator, text, self.answers.append, given))

    def bot_says(self, text: str = "The bot's answer.") -> list[Effect]:
        """The answer asked for last is complete."""
        request = self.last(StartAnswer).request
        return self.tell(BotReplied(request.epoch, request.stream_id, text))

    def last(self, kind: type[E]) -> E:
        """The newest effect of a kind."""
        return next(effect for effect in reversed(self.effects) if isinstance(effect, kind))

    @property
    def shown(self) -> list[Entry]:
        """Every entry that was broadcast, in order."""
        return list(shown(self.effects))

    def _note(self, effects: list[Effect]) -> list[Effect]:
        self.effects += effects
        for effect in effects:
            if isinstance(effect, Reply):
                effect.to(effect.outcome)
        return effects


def shown(effects: Iterable[Effect]) -> Iterator[Entry]:
    """The entries that effects broadcast."""
    for effect in effects:
        if isinstance(effect, Broadcast) and isinstance(effect.event, EntryAdded):
            yield effect.event.entry
