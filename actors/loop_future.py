"""Pykka's future for code on the loop: awaited, never blocking."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable, Generator
from typing import TYPE_CHECKING, Any, TypeVar

from pykka import Future
from typing_extensions import override

from actors.errors import BatonError

if TYPE_CHECKING:
    from types import TracebackType

T = TypeVar("T")


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


def reply_future() -> LoopFuture[Any]:
    """Give a future whose `set` fits a command's `reply_to`."""
    return LoopFuture()
