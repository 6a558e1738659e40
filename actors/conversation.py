"""The actor of a live conversation: decide, perform the effects, retire when nobody needs it."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias, assert_never

from pykka import ActorDeadError

from actors.conversation_state import ConversationState
from actors.effects import (
    Announce,
    Append,
    Broadcast,
    Effect,
    LapseTyping,
    Reload,
    Reply,
    StartAnswer,
    StopAnswer,
)
from actors.errors import Code, Refusal
from actors.messages import (
    ClaimConversation,
    ConversationChanged,
    ConversationDeleted,
    EntryAdded,
    EraseConversation,
    Fetched,
    Held,
    IdleCheck,
    Loaded,
    Look,
    NotFound,
    PostMessage,
    ReleaseConversation,
    ReplyAsOperator,
    RequestPerson,
    Subscribe,
    Subscribed,
    TypingLapsed,
    Unsubscribe,
)
from actors.runtime import LoopActor
from actors.speech import mark

if TYPE_CHECKING:
    from collections.abc import Callable

    from actors.conversation_state import StateMessage
    from actors.log import ConversationKey
    from actors.messages import ReplyTo
    from actors.ports import Clock, Deliver, Encode, Journal, Later, Responder
    from actors.seats import Seats

IDLE_S = 60.0
"""How long an unwatched conversation stays in memory: longer than a page load or a train's tunnel."""

LONGEST_QUEUE = 1000  # messages that may wait for a log that is being read

CLOSE_DELETED = 4000
"""A visitor's widget begins anew when it is closed with this."""

UNAVAILABLE = Refusal(Code.UNAVAILABLE, mark("Nothing was stored. Try again in a moment."))
UNKNOWN = Refusal(Code.NOT_FOUND, mark("There is no such conversation."))

Request: TypeAlias = (
    PostMessage | RequestPerson | ClaimConversation | ReleaseConversation | ReplyAsOperator | Subscribe | Look
)
"""What is always answered."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a conversation needs from outside; `server/main.py` puts it together."""

    journal: Journal
    responder: Responder
    clock: Clock
    later: Later
    encode: Encode
    new_id: Callable[[], str]
    deliver: Deliver
    idle_s: float = IDLE_S


class ConversationActor(LoopActor):
    """Owns one conversation: its state, made from the log, and its seats.

    While the log is being read, messages wait in order. `announce` is told of every change of its row, and
    `retired` when the actor leaves by itself: the conversation is idle, or does not exist any more. `failed`
    is told whether the log had been read when an error ended the actor.
    """

    def __init__(
        self,
        key: ConversationKey,
        seats: Seats,
        around: Surroundings,
        *,
        announce: Callable[[ConversationChanged], None],
        retired: Callable[[], None],
        failed: Callable[[bool], None],
    ) -> None:
        super().__init__()
        self.key = key
        self._seats = seats
        self._around = around
        self._announce = announce
        self._retired = retired
        self._failed = failed
        self._state: ConversationState | None = None
        self._waiting: list[Any] = []  # an empty deque is 700 bytes larger, and most are idle
        self._current: object = None
        self._timers: dict[object, Callable[[], None]] = {}
        self._touched = False
        self._gone = False

    def on_start(self) -> None:
        """Read the log."""
        self._load()
        self._check_idle_later()

    def on_receive(self, message: Any) -> None:
        """Handle a message, or keep it until the log is read."""
        if self._gone:  # what came in between our leaving and our end
            self._refuse(message, UNKNOWN)
            return
        self._current = message
        match message:
            case Loaded():
                self._begin(message)
            case NotFound() | EraseConversation():
                self._vanish()
            case Unsubscribe():
                self._seats.leave(message.peer)
                self._seats.show_watchers()
            case IdleCheck():
                self._check_idle()
            case _:
                self._touched = True
                self._take(message)
        self._current = None

    def on_failure(self, exception_type: Any, exception_value: Any, traceback: Any) -> None:
        """Nobody is left waiting for an answer that can't come; a successor takes the seats."""
        del exception_type, exception_value, traceback
        self._refuse(self._current, UNAVAILABLE)
        self._refuse_all(UNAVAILABLE)
        self._cancel_timers()
        self._failed(self.loaded)

    def on_stop(self) -> None:
        """Let go of the timers."""
        self._cancel_timers()

    @property
    def loaded(self) -> bool:
        """Whether the log has been read."""
        return self._state is not None

    def _take(self, message: Any) -> None:
        if self._state is None:
            self._wait(message)
            return
        match message:
            case Subscribe():
                self._seat(message, self._state)
            case Fetched():
                self._seat_fetched(message, self._state)
            case Look():
                message.reply_to(Held(self._state.conversation, self._state.standing))
            case _:
                self._decide(message, self._state)

    def _wait(self, message: Any) -> None:
        full = len(self._waiting) >= LONGEST_QUEUE or not self._around.journal.has_room()
        if full and isinstance(message, Request):
            self._refuse(message, UNAVAILABLE)
        else:
            self._waiting.append(message)

    def _decide(self, message: StateMessage, state: ConversationState) -> None:
        if isinstance(message, Request) and not self._around.journal.has_room():
            self._refuse(message, UNAVAILABLE)
            return
        self._perform(state.handle(message, self._around.clock.now()))

    def _perform(self, effects: list[Effect]) -> None:
        for effect in effects:
            match effect:
                case Append():
                    self._around.journal.append(self.key, effect.entries, effect.standing, self._tell_me)
                case Reply():
                    effect.to(effect.outcome)
                case Broadcast():
                    self._show(effect)
                case StartAnswer():
                    self._around.responder.answer(effect.request, self._tell_me)
                case StopAnswer():
                    self._around.responder.cancel(effect.stream_id)
                case LapseTyping():
                    self._tell_later(effect.delay_s, TypingLapsed(effect.mark))
                case Announce():
                    self._announce(effect.row)
                case Reload():
                    self._reload()
                case _:
                    assert_never(effect)

    def _show(self, effect: Broadcast) -> None:
        self._seats.show(effect.event)
        if isinstance(effect.event, EntryAdded):
            self._seats.seen_seq = effect.event.entry.seq

    # The log

    def _load(self) -> None:
        self._around.journal.load(self.key, self._tell_me)

    def _reload(self) -> None:
        """Our view of the log was wrong: decide again what nobody has been told yet."""
        if self._state is None:
            return
        commands, effects = self._state.abandon()
        self._perform(effects)
        self._state = None
        self._waiting[:0] = commands
        self._load()

    def _begin(self, loaded: Loaded) -> None:
        self._state = ConversationState(loaded.conversation, loaded.entries, self._around.new_id)
        self._catch_up(loaded)
        waiting, self._waiting = self._waiting, []
        for message in waiting:
            self._current = message
            self._take(message)
        self._wake()

    def _wake(self) -> None:
        if self._state is not None:
            self._perform(self._state.wake(self._around.clock.now()))

    def _catch_up(self, loaded: Loaded) -> None:
        """Show those who sat here before what they have not seen, if anything was added meanwhile."""
        if len(self._seats):
            missed = [entry for entry in loaded.entries if entry.seq > self._seats.seen_seq]
            for entry in missed:
                self._seats.show(EntryAdded(self.key, entry))
        self._seats.seen_seq = len(loaded.entries)

    def _vanish(self) -> None:
        """It does not exist, or not any more: then whoever looks at it is told."""
        self._gone = True
        self._refuse_all(UNKNOWN)
        if len(self._seats):
            self._seats.show(ConversationDeleted(self.key))
            self._seats.dismiss(CLOSE_DELETED, "deleted")
        self._leave()

    def _refuse_all(self, refusal: Refusal) -> None:
        waiting, self._waiting = self._waiting, []
        for message in waiting:
            self._refuse(message, refusal)
        if self._state is None:
            return
        commands, effects = self._state.abandon()
        for command in commands:
            self._refuse(command, refusal)
        self._perform(effects)

    def on_undelivered(self, message: Any) -> None:
        """Answer what came too late to be handled."""
        self._refuse(message, UNKNOWN if self._gone else UNAVAILABLE)

    # Seats

    def _seat(self, request: Subscribe, state: ConversationState) -> None:
        placed = state.place(request.after)
        if placed is None:
            upto = state.oldest_seq - 1
            self._around.journal.fetch(self.key, request, upto, self._tell_me)
        else:
            self._admit(request, placed, state)

    def _seat_fetched(self, fetched: Fetched, state: ConversationState) -> None:
        """Join what was read to what is kept; read again if the log has grown away from it meanwhile."""
        upto = fetched.entries[-1].seq if fetched.entries else fetched.request.after
        if upto < state.oldest_seq - 1:
            self._seat(fetched.request, state)
            return
        missed = (*fetched.entries, *state.since(upto))
        self._admit(fetched.request, Subscribed(state.conversation, state.standing, missed), state)

    def _admit(self, request: Subscribe, placed: Subscribed, state: ConversationState) -> None:
        if request.peer.closed:
            return
        request.reply_to(placed)
        self._seats.take(request.peer, request.audience, request.operator)
        if state.running is not None:
            frame = self._around.encode(state.running, request.audience)
            if frame is not None:
                request.peer.send(frame)
        if request.operator is not None:
            frame = self._around.encode(self._seats.watchers(), request.audience)
            if frame is not None:
                request.peer.send(frame)
        self._seats.show_watchers()

    # Time

    def _check_idle(self) -> None:
        busy = self._touched or len(self._seats) or self._waiting or not self.actor_inbox.empty()
        if busy or self._state is None or self._state.busy:
            self._touched = False
            self._check_idle_later()
        else:
            self._leave()

    def _leave(self) -> None:
        self._retired()
        self.stop()

    def _check_idle_later(self) -> None:
        self._tell_later(self._around.idle_s, IdleCheck())

    def _tell_later(self, delay_s: float, message: object) -> None:
        token = object()

        def tell() -> None:
            self._timers.pop(token, None)
            self._tell_me(message)

        self._timers[token] = self._around.later(delay_s, tell)

    def _cancel_timers(self) -> None:
        for cancel in self._timers.values():
            cancel()
        self._timers.clear()

    def _tell_me(self, message: object) -> None:
        with suppress(ActorDeadError):  # a report for an actor that failed; its successor reads the log
            self.actor_ref.tell(message)

    def _refuse(self, message: object, refusal: Refusal) -> None:
        if isinstance(message, Request):
            reply_to: ReplyTo = message.reply_to
            with suppress(Exception):  # an answer that fails must not keep the others from theirs
                reply_to(refusal)
