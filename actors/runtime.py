"""Pykka actors that live on the asyncio loop instead of a thread each.

A loop actor handles its messages on the loop, some at a time, so a hundred thousand of them cost memory
and nothing else. It is made of Pykka's own extension points and behaves as Pykka's guide says, but for three
things: it is in no registry (Pykka's is a list, searched to the end for every actor that stops), its futures
are awaited and never block, and what was told to it too late is handed to `on_undelivered`.

This is the one module of the domain that knows asyncio.
"""

from __future__ import annotations

import asyncio
import logging
import sys
from collections.abc import Callable, Generator
from typing import TYPE_CHECKING, Any, Self, TypeVar, cast

from pykka import Actor, ActorRef, Future
from pykka.messages import _ActorStop  # pyright: ignore[reportPrivateUsage] - to tell it from our messages
from typing_extensions import override

from actors.errors import BatonError

if TYPE_CHECKING:
    from types import TracebackType

    from pykka._envelope import Envelope

T = TypeVar("T")

MESSAGES_PER_TURN = 64
"""How many messages an actor handles before the loop may do something else: under a millisecond of work."""

_log = logging.getLogger(__name__)


class UnfinishedError(BatonError):
    """A future was asked for its value before it had one. Await it: on the loop, `get()` cannot wait."""

    def __init__(self, future: LoopFuture[Any]) -> None:
        super().__init__("the answer is not there yet; await the future instead of calling get()")
        self.future = future


class LoopFuture(Future[T]):
    """A Pykka future for code on the loop. Awaited by any number; one that gives up disturbs no other."""

    def __init__(self) -> None:
        super().__init__()
        self._done = False
        self._value: Any = None
        self._error: BaseException | None = None
        self._traceback: TracebackType | None = None
        self._waiters: list[asyncio.Future[None]] = []

    @override
    def get(self, *, timeout: float | None = None) -> T:
        """Give the value, or raise the error that was set. Never waits, whatever the timeout.

        Raises:
            UnfinishedError: there is no value yet.
        """
        if self._get_hook is not None:
            return super().get(timeout=timeout)
        if not self._done:
            raise UnfinishedError(self)
        if self._error is not None:
            raise self._error.with_traceback(self._traceback)
        return self._value

    @override
    def set(self, value: T | None = None) -> None:
        """Set the value and wake those who wait. Only once, and on the loop."""
        self._value = value
        self._finish()

    @override
    def set_exception(
        self,
        exc_info: tuple[type[BaseException] | None, BaseException | None, TracebackType | None] | None = None,
    ) -> None:
        """Set an error, by default the one being handled, to be raised to those who wait."""
        kind, error, self._traceback = exc_info or sys.exc_info()
        self._error = error or (kind or RuntimeError)()
        self._finish()

    @override
    def set_get_hook(self, func: Callable[[float | None], T]) -> None:
        """Make this future's value that of a function, as `map`, `join` and `ActorRef.stop` do."""
        if self._done:
            raise asyncio.InvalidStateError("the future has its value already")
        super().set_get_hook(func)

    def _finish(self) -> None:
        if self._done or self._get_hook is not None:
            raise asyncio.InvalidStateError("the future has its value already")
        self._done = True
        for waiter in self._waiters:
            if not waiter.done():
                waiter.set_result(None)

    @override
    def __await__(self) -> Generator[Any, None, T]:
        if self._get_hook is None:
            yield from self._wait()
            return self.get()
        while True:  # a hook raises for each future it needs in turn, then gives its value
            try:
                return self.get()
            except UnfinishedError as unfinished:
                if unfinished.future._done:  # noqa: SLF001 - not ours to wait for: it is the value
                    raise
                missing = unfinished.future
            yield from missing._wait()  # noqa: SLF001 - of this class

    __iter__ = __await__

    def _wait(self) -> Generator[Any, None, None]:
        if self._done:
            return
        waiter = asyncio.get_running_loop().create_future()
        self._waiters.append(waiter)
        try:
            yield from waiter
        finally:
            self._waiters.remove(waiter)


class LoopInbox:
    """An actor's queue, bound to the loop it was made on. It keeps the actor alive; `ActorRef` does not."""

    __slots__ = ("_envelopes", "_scheduled", "_turn", "loop")

    def __init__(self) -> None:
        self.loop = asyncio.get_running_loop()
        self._envelopes: list[Envelope[Any]] = []  # an empty deque is 700 bytes larger, and most are idle
        self._scheduled = False
        self._turn: Callable[[], None] | None = None

    def put(self, envelope: Envelope[Any], /) -> None:
        """Queue a message, and see that the actor gets its turn.

        Raises:
            RuntimeError: not on the actor's loop; another thread uses `tell_threadsafe`.
        """
        if asyncio.get_running_loop() is not self.loop:
            raise RuntimeError("this actor lives on another loop; use tell_threadsafe")
        self._envelopes.append(envelope)
        if not self._scheduled and self._turn is not None:
            self._schedule(self._turn)

    def get(self) -> Envelope[Any]:
        """Take the oldest message; there must be one."""
        return self._envelopes.pop(0)

    def empty(self) -> bool:
        """Whether no message waits."""
        return not self._envelopes

    def pending(self) -> tuple[Envelope[Any], ...]:
        """What waits, oldest first."""
        return tuple(self._envelopes)

    def open(self, first_turn: Callable[[], None], turn: Callable[[], None]) -> None:
        """Call `first_turn` soon, then `turn` whenever messages wait. Each ends with `turn_over`."""
        self._turn = turn
        self._schedule(first_turn)

    def turn_over(self) -> None:
        """Give the loop to others, and come back if messages are left."""
        self._scheduled = False
        if self._envelopes and self._turn is not None:
            self._schedule(self._turn)

    def close(self) -> None:
        """Let go of the actor."""
        self._turn = None

    def _schedule(self, turn: Callable[[], None]) -> None:
        self._scheduled = True
        self.loop.call_soon(turn)


class LoopActor(Actor):
    """An actor on the running loop. Subclasses override `on_receive` and what else Pykka offers.

    An exception while handling a `tell` stops the actor, after `on_failure`; one while handling an `ask` goes
    to the asker. Messages that an actor sends to itself are handled after those that wait already.
    """

    actor_inbox: LoopInbox  # pyright: ignore[reportIncompatibleVariableOverride] - the one we create

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
        try:
            for _ in range(MESSAGES_PER_TURN):
                if self.actor_stopped.is_set() or self.actor_inbox.empty():
                    break
                self._handle(self.actor_inbox.get())
        finally:
            if self.actor_stopped.is_set():
                self._actor_loop_teardown()
            self.actor_inbox.turn_over()

    def _handle(self, envelope: Envelope[Any]) -> None:
        try:
            response = self._handle_receive(envelope.message)
            if envelope.reply_to is not None:
                envelope.reply_to.set(response)
        except Exception:  # noqa: BLE001 - the loop of an actor: whatever a message does, it ends here
            if envelope.reply_to is not None:
                envelope.reply_to.set_exception()
            else:
                self._fail()
        except BaseException:
            self._fail()
            raise

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
        told = [envelope.message for envelope in self.actor_inbox.pending() if envelope.reply_to is None]
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


def reply_future() -> LoopFuture[Any]:
    """Give a future whose `set` fits a command's `reply_to`."""
    return LoopFuture()
