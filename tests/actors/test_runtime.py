from __future__ import annotations

import asyncio
import gc
import logging
import os
import sys
import threading
import weakref
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from pykka import ActorDeadError, ActorRegistry

from actors.loop_future import LoopFuture, UnfinishedError, reply_future
from actors.runtime import MESSAGES_PER_TURN, LoopActor, ask, tell_threadsafe


async def turns(count: int = 5) -> None:
    """Let the loop go round, so that what is queued is handled; no time passes."""
    for _ in range(count):
        await asyncio.sleep(0)


class Recorder(LoopActor):
    """Keeps in `seen` what it is told and which hooks ran; answers with what it was asked."""

    def __init__(self, seen: list[Any]) -> None:
        super().__init__()
        self.seen = seen

    def on_start(self) -> None:
        self.seen.append("on_start")

    def on_stop(self) -> None:
        self.seen.append("on_stop")

    def on_failure(self, exception_type, exception_value, traceback) -> None:
        self.seen.append(("on_failure", str(exception_value)))

    def on_undelivered(self, message: Any) -> None:
        self.seen.append(("undelivered", message))

    def on_receive(self, message: Any) -> Any:
        if callable(message):
            return message(self)
        self.seen.append(message)
        return message


def fail(_actor: LoopActor) -> None:
    raise ValueError("broken")


# Order and answers


async def test_messages_are_handled_in_order_after_on_start_and_never_inside_tell():
    seen: list[Any] = []
    ref = Recorder.start(seen)
    for number in range(200):
        ref.tell(number)
    assert seen == []
    await turns(10)
    assert seen == ["on_start", *range(200)]


async def test_tells_and_asks_share_one_order():
    seen: list[Any] = []
    ref = Recorder.start(seen)
    ref.tell("first")
    answer = ref.ask("second", block=False)
    ref.tell("third")
    assert await answer == "second"
    await turns()
    assert seen == ["on_start", "first", "second", "third"]


async def test_a_message_told_in_the_constructor_is_handled():
    class Eager(Recorder):
        def __init__(self, seen: list[Any]) -> None:
            super().__init__(seen)
            self.actor_ref.tell("from the constructor")

    seen: list[Any] = []
    ref = Eager.start(seen)
    await turns()
    assert seen == ["on_start", "from the constructor"]
    assert ref.is_alive()


async def test_what_an_actor_tells_itself_comes_after_what_waits():
    seen: list[Any] = []
    ref = Recorder.start(seen)

    def tell_self(actor: Recorder) -> None:
        actor.actor_ref.tell("from inside")
        actor.seen.append("still in the same message")

    ref.tell(tell_self)
    ref.tell("waiting")
    await turns()
    assert seen == ["on_start", "still in the same message", "waiting", "from inside"]


async def test_two_actors_that_tell_each_other_do_not_nest():
    depth, deepest = 0, 0

    class Player(LoopActor):
        def on_receive(self, message: Any) -> None:
            nonlocal depth, deepest
            other, left = message
            depth += 1
            deepest = max(deepest, depth)
            if left:
                other.tell((self.actor_ref, left - 1))
            else:
                done.set()
            depth -= 1

    done = asyncio.Event()
    first, second = Player.start(), Player.start()
    first.tell((second, 5_000))
    await asyncio.wait_for(done.wait(), 5)
    assert deepest == 1


async def test_no_actor_is_in_pykkas_registry():
    ref = Recorder.start([])
    assert ActorRegistry.get_all() == []
    await ref.stop(block=False)
    assert ActorRegistry.get_all() == []


async def test_a_proxy_works_though_messages_are_what_we_use():
    seen: list[Any] = []
    proxy: Any = Recorder.start(seen).proxy()
    assert await proxy.seen == ["on_start"]


# Fairness


async def test_a_full_inbox_lets_others_have_the_loop():
    seen: list[Any] = []
    busy = Recorder.start(seen)
    for number in range(MESSAGES_PER_TURN * 10):
        busy.tell(number)
    quiet = Recorder.start([])
    assert await quiet.ask("hello", block=False) == "hello"
    assert len(seen) <= MESSAGES_PER_TURN * 3
    await turns(12)
    assert len(seen) == 1 + MESSAGES_PER_TURN * 10


async def test_an_actor_that_always_tells_itself_does_not_keep_the_loop():
    class Endless(LoopActor):
        def on_receive(self, message: Any) -> None:
            self.actor_ref.tell(message)

    ref = Endless.start()
    ref.tell("again")
    await turns(20)
    assert await asyncio.wait_for(ref.stop(block=False), 5)


# Stopping


async def test_stop_lets_earlier_messages_through_and_refuses_later_ones():
    seen: list[Any] = []
    ref = Recorder.start(seen)
    ref.tell("before")
    stopped = ref.stop(block=False)
    late = ref.ask("late", block=False)
    ref.tell("too late")
    assert await stopped is True
    with pytest.raises(ActorDeadError):
        await late
    assert seen == ["on_start", "before", "on_stop", ("undelivered", "too late")]
    assert not ref.is_alive()


async def test_a_dead_actor_refuses_tells_and_asks_and_stopping_it_again_says_so():
    ref = Recorder.start([])
    await ref.stop(block=False)
    with pytest.raises(ActorDeadError):
        ref.tell("anyone there")
    with pytest.raises(ActorDeadError):
        await ref.ask("anyone there", block=False)
    assert await ref.stop(block=False) is False


async def test_stopping_twice_at_once_stops_once():
    seen: list[Any] = []
    ref = Recorder.start(seen)
    assert await asyncio.gather(ref.stop(block=False), ref.stop(block=False)) == [True, True]
    assert seen == ["on_start", "on_stop"]


async def test_an_actor_that_stops_itself_hands_on_what_it_was_told():
    seen: list[Any] = []
    ref = Recorder.start(seen)
    ref.tell(lambda actor: actor.stop())
    ref.tell("squeezed in")
    await turns()
    assert seen == ["on_start", "squeezed in", "on_stop"]
    assert not ref.is_alive()


async def test_one_message_that_cannot_be_handed_on_does_not_lose_the_next(caplog):
    class Fussy(Recorder):
        def on_undelivered(self, message: Any) -> None:
            super().on_undelivered(message)
            if message == "bad":
                raise ValueError(message)

    seen: list[Any] = []
    ref = Fussy.start(seen)
    ref.tell(fail)
    ref.tell("bad")
    ref.tell("good")
    with caplog.at_level(logging.CRITICAL):
        await turns()
    assert seen[-2:] == [("undelivered", "bad"), ("undelivered", "good")]


async def test_a_stopped_actor_is_freed_without_the_garbage_collector():
    ref = Recorder.start([])
    dead = weakref.ref(ref.actor_inbox._turn.__self__)  # type: ignore[attr-defined]
    assert await ref.ask("hello", block=False) == "hello"
    gc.disable()
    try:
        await ref.stop(block=False)
        await turns()
        assert dead() is None
    finally:
        gc.enable()


async def test_an_idle_actor_that_nobody_but_its_ref_knows_stays_alive():
    ref = Recorder.start([])
    await turns()
    gc.collect()
    assert await ref.ask("still here", block=False) == "still here"


# Failure


async def test_an_exception_in_a_tell_calls_on_failure_and_stops_the_actor(caplog):
    seen: list[Any] = []
    ref = Recorder.start(seen)
    ref.tell(fail)
    pending = ref.ask("pending", block=False)
    with caplog.at_level(logging.ERROR), pytest.raises(ActorDeadError):
        await pending
    assert seen == ["on_start", ("on_failure", "broken")]
    assert not ref.is_alive()
    assert "ValueError: broken" in caplog.text


async def test_an_exception_in_an_ask_goes_to_the_asker_and_the_actor_lives():
    ref = Recorder.start([])
    with pytest.raises(ValueError, match="broken"):
        await ref.ask(fail, block=False)
    assert await ref.ask("alive", block=False) == "alive"


@pytest.mark.parametrize("hook", ["on_start", "on_stop", "on_failure"])
async def test_an_exception_in_a_hook_stops_the_actor_and_no_other(hook, caplog):
    def broken(*_args: Any) -> None:
        raise ValueError("in the hook")

    hooked = type("Hooked", (Recorder,), {hook: broken})
    ref, bystander = hooked.start([]), Recorder.start([])
    ref.tell(fail if hook == "on_failure" else "anything")
    if hook == "on_stop":
        ref.tell(lambda actor: actor.stop())
    await turns()
    assert not ref.is_alive()
    assert "in the hook" in caplog.text
    assert await bystander.ask("fine", block=False) == "fine"


async def test_a_blocking_ask_inside_an_actor_is_refused_instead_of_hanging():
    other = Recorder.start([])
    ref = Recorder.start([])
    with pytest.raises(UnfinishedError, match="await the future"):
        await ref.ask(lambda _actor: other.ask("never block"), block=False)


# Futures


async def test_get_gives_the_value_or_says_that_there_is_none():
    future: LoopFuture[str] = reply_future()
    with pytest.raises(UnfinishedError):
        future.get(timeout=10)
    future.set("done")
    assert future.get() == "done"
    assert await future == "done"


async def test_a_future_is_set_once():
    future = reply_future()
    future.set(None)
    for again in (lambda: future.set(1), future.set_exception, lambda: future.set_get_hook(print)):
        with pytest.raises(asyncio.InvalidStateError):
            again()


async def test_everyone_who_waits_is_woken_though_one_gave_up():
    future: LoopFuture[str] = reply_future()

    async def wait() -> str:
        return await future

    impatient, patient, later = (asyncio.create_task(wait()) for _ in range(3))
    await turns()
    impatient.cancel()
    await turns()
    future.set("here")
    assert await patient == "here"
    assert await later == "here"
    assert impatient.cancelled()


async def test_a_waiter_that_is_cancelled_does_not_disturb_the_actor():
    seen: list[Any] = []
    ref = Recorder.start(seen)

    async def wait() -> Any:
        return await ref.ask("slow", block=False)

    waiter = asyncio.create_task(wait())
    await asyncio.sleep(0)
    waiter.cancel()
    await turns()
    assert waiter.cancelled()
    assert await ref.ask("next", block=False) == "next"
    assert seen == ["on_start", "slow", "next"]


async def test_derived_futures_wait_for_what_they_are_made_of():
    first, second = LoopFuture[int](), LoopFuture[int]()
    total = first.join(second).map(sum)  # type: ignore[arg-type]
    asyncio.get_running_loop().call_soon(first.set, 1)
    asyncio.get_running_loop().call_later(0.01, second.set, 2)
    assert await total == 3


async def test_an_error_that_was_set_is_raised_to_each_who_waits():
    future = reply_future()
    try:
        raise KeyError("lost")
    except KeyError:
        future.set_exception()
    for _ in range(2):
        with pytest.raises(KeyError, match="lost"):
            await future


# Answers that come later


@dataclass(frozen=True, slots=True)
class Deposit:
    amount: int
    reply_to: Callable[[int], None]


class Bank(LoopActor):
    """Answers a deposit only when it is told "committed"."""

    def __init__(self) -> None:
        super().__init__()
        self.waiting: list[Deposit] = []

    def on_receive(self, message: Any) -> None:
        if isinstance(message, Deposit):
            self.waiting.append(message)
            return
        for deposit in self.waiting:
            deposit.reply_to(deposit.amount)
        self.waiting.clear()


async def test_an_answer_may_come_after_the_command_was_handled():
    ref = Bank.start()
    asyncio.get_running_loop().call_later(0.01, ref.tell, "committed")
    assert await ask(ref.tell, lambda reply_to: Deposit(5, reply_to), 5) == 5


async def test_an_answer_that_comes_too_late_is_dropped():
    ref = Bank.start()
    with pytest.raises(TimeoutError):
        await ask(ref.tell, lambda reply_to: Deposit(5, reply_to), 0.01)
    ref.tell("committed")
    assert await ref.ask("alive", block=False) is None


async def test_asking_the_dead_says_so():
    ref = Bank.start()
    await ref.stop(block=False)
    with pytest.raises(ActorDeadError):
        await ask(ref.tell, lambda reply_to: Deposit(5, reply_to), 5)


# Threads


async def test_another_thread_tells_through_the_loop():
    seen: list[Any] = []
    ref = Recorder.start(seen)

    def work() -> None:
        for number in range(100):
            tell_threadsafe(ref, number)

    await asyncio.to_thread(work)
    await turns()
    assert seen == ["on_start", *range(100)]


async def test_a_plain_tell_from_another_thread_is_refused():
    ref = Recorder.start([])
    with pytest.raises(RuntimeError, match="loop"):
        await asyncio.to_thread(ref.tell, "from a thread")


async def test_a_thread_that_tells_a_dead_actor_disturbs_nobody():
    ref = Recorder.start([])
    await ref.stop(block=False)
    trouble: list[Any] = []
    asyncio.get_running_loop().set_exception_handler(lambda _loop, context: trouble.append(context))
    await asyncio.to_thread(tell_threadsafe, ref, "hello")
    await turns()
    assert trouble == []


def test_no_actor_without_a_loop():
    with pytest.raises(RuntimeError):
        Recorder.start([])


# Numbers


def resident_bytes() -> int:
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
@pytest.mark.parametrize("count", [20_000, pytest.param(100_000, marks=pytest.mark.slow)])
async def test_a_crowd_of_idle_actors_costs_memory_and_nothing_else(count):
    threads = threading.active_count()
    before = resident_bytes()
    refs = [Bank.start() for _ in range(count)]
    await turns()
    assert (resident_bytes() - before) / count <= 4_096
    assert threading.active_count() <= threads  # one of another test may end meanwhile
    assert await refs[count // 2].ask("alive", block=False) is None
