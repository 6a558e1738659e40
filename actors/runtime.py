"""Pykka actors that live on the asyncio loop instead of a thread each.

A loop actor handles its messages on the loop, some at a time, so a hundred thousand of them cost memory
and nothing else. It is made of Pykka's own extension points and behaves as Pykka's guide says, but for three
things: it is in no registry (Pykka's is a list, searched to the end for every actor that stops), its futures
are awaited and never block, and what was told to it too late is handed to `on_undelivered`.

This module, `loop_future` and `loop_inbox` are all of the domain that knows asyncio.
"""

from __future__ import annotations

import asyncio
import logging
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Self, TypeVar, cast

from pykka import Actor, ActorRef
from pykka._envelope import Envelope  # what it calls internal, its own inboxes take
from pykka.messages import (
    ProxyCall,
    ProxyGetAttr,
    ProxySetAttr,
    _ActorStop,  # pyright: ignore[reportPrivateUsage] - to tell it from our messages
)
from typing_extensions import override

from actors.loop_future import LoopFuture, reply_future
from actors.loop_inbox import LoopInbox, LoopRef, StopFlag

if TYPE_CHECKING:
    from types import TracebackType

T = TypeVar("T")

_OF_PYKKA = frozenset({_ActorStop, ProxyCall, ProxyGetAttr, ProxySetAttr})

MESSAGES_PER_TURN = 64
"""How many messages an actor handles before the loop may do something else: under a millisecond of work."""

_log = logging.getLogger(__name__)


class LoopActor(Actor):
    """An actor on the running loop. Subclasses override `on_receive` and what else Pykka offers.

    An exception while handling a `tell` stops the actor, after `on_failure`; one while handling an `ask` goes
    to the asker. Messages that an actor sends to itself are handled after those that wait already.
    """

    actor_inbox: LoopInbox  # pyright: ignore[reportIncompatibleVariableOverride] - the one we create
    actor_stopped: StopFlag  # pyright: ignore[reportIncompatibleVariableOverride] - as much of an Event as is used

    def __init__(self, *_args: Any, **_kwargs: Any) -> None:
        super().__init__()
        self.actor_stopped = StopFlag()  # pyright: ignore[reportIncompatibleVariableOverride] - see above
        self._actor_ref = LoopRef(self)

    @classmethod
    @override
    def start(  # pyright: ignore[reportIncompatibleMethodOverride] - ActorRef is invariant, in Pykka too
        cls, *args: Any, **kwargs: Any
    ) -> ActorRef[Self]:
        """Make an actor and have `on_start` called soon, on the running loop. It is in no registry."""
        actor = cls(*args, **kwargs)
        actor._start_actor_loop()
        return actor.actor_ref

    def on_undelivered(self, message: Any) -> None:
        """Take a message that was told before the actor stopped and will never be handled.

        Called on the stopped actor, oldest first, so that it may be answered or told to a successor.
        """

    @staticmethod
    @override
    def _create_actor_inbox() -> LoopInbox:
        return LoopInbox()

    @staticmethod
    @override
    def _create_future() -> LoopFuture[Any]:
        return LoopFuture()

    @override
    def _start_actor_loop(self) -> None:
        self.actor_inbox.open(self._first_turn, self._turn)

    def _first_turn(self) -> None:
        self._actor_loop_setup()
        self._turn()

    def _turn(self) -> None:
        flag, receive = self.actor_stopped, self.on_receive
        waiting = self.actor_inbox.going()
        try:
            for _ in range(MESSAGES_PER_TURN):
                if flag.stopped or not (waiting or (waiting := self.actor_inbox.going())):
                    break
                item = waiting.pop()
                kind = type(item)  # pyright: ignore[reportUnknownVariableType] - it is Any
                if kind is Envelope:
                    self._answer(cast("Envelope[Any]", item))
                elif kind in _OF_PYKKA:
                    self._handle_receive(item)
                else:
                    receive(item)
        except Exception:  # noqa: BLE001 - the loop of an actor: whatever a message does, it ends here
            self._fail()
        except BaseException:
            self._fail()
            raise
        finally:
            if flag.stopped:
                self._actor_loop_teardown()
            self.actor_inbox.turn_over()

    def _answer(self, envelope: Envelope[Any]) -> None:
        future = envelope.reply_to
        try:
            response = self._handle_receive(envelope.message)
            if future is not None:
                future.set(response)
        except Exception:
            if future is None:
                raise
            future.set_exception()

    @override
    def _handle_receive(self, message: Any) -> Any:
        if type(message) in _OF_PYKKA:
            return super()._handle_receive(message)
        return self.on_receive(message)

    def _fail(self) -> None:
        self._handle_failure(*sys.exc_info())
        try:
            self.on_failure(*sys.exc_info())
        except Exception:  # noqa: BLE001 - the actor is dead already; all that is left is to say why
            self._handle_failure(*sys.exc_info())

    @override
    def _stop(self) -> None:
        self.actor_stopped.set()
        try:
            self.on_stop()
        except Exception:  # noqa: BLE001 - as above
            self._handle_failure(*sys.exc_info())

    @override
    def _handle_failure(
        self,
        exception_type: type[BaseException] | None,
        exception_value: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        _log.error("%s stops: unhandled exception", self, exc_info=exception_value)
        self.actor_stopped.set()

    @override
    def _actor_loop_teardown(self) -> None:
        told = self.actor_inbox.told()
        super()._actor_loop_teardown()
        self.actor_inbox.close()
        for message in told:
            if not isinstance(message, _ActorStop):
                self._hand_on(message)

    def _hand_on(self, message: Any) -> None:
        try:
            self.on_undelivered(message)
        except Exception:  # noqa: BLE001 - the others that wait must be handed on too
            _log.exception("%s could not hand on %s", self, type(message).__name__)


def tell_threadsafe(ref: ActorRef[Any], message: Any) -> None:
    """Tell an actor something from any thread. To an actor that is dead by then, nothing happens."""
    inbox = cast("LoopInbox", ref.actor_inbox)
    inbox.loop.call_soon_threadsafe(_tell_if_alive, ref, message)


def _tell_if_alive(ref: ActorRef[Any], message: Any) -> None:
    if ref.is_alive():
        ref.tell(message)


async def ask(
    tell: Callable[[Any], None], command: Callable[[Callable[[T], None]], Any], timeout_s: float
) -> T:
    """Tell a command and wait for its answer, which may come long after the actor has handled the command.

    `command` makes the message around the callback it is given: `ask(ref.tell, lambda reply_to:
    PostMessage(text, client_id, reply_to), 10)`. For the edge; an actor asks nobody.

    Raises:
        TimeoutError: no answer within `timeout_s`; one that comes later is dropped.
        pykka.ActorDeadError: there is no such actor any more.
    """
    answer: LoopFuture[T] = reply_future()
    tell(command(answer.set))
    async with asyncio.timeout(timeout_s):
        return await answer
