from __future__ import annotations

import asyncio
import select
import socket
from collections.abc import Iterator
from selectors import EVENT_READ, EVENT_WRITE

import pytest

from server.selector import FEW, Selector, new_event_loop

pytestmark = pytest.mark.skipif(not hasattr(select, "epoll"), reason="this system has no epoll")

Pairs = list[tuple[socket.socket, socket.socket]]


@pytest.fixture
def selector() -> Iterator[Selector]:
    made = Selector()
    yield made
    made.close()


@pytest.fixture
def pairs() -> Iterator[Pairs]:
    made = [socket.socketpair() for _ in range(10 * FEW)]
    yield made
    for pair in made:
        for sock in pair:
            sock.close()


def ready(selector: Selector) -> dict[int, int]:
    return {key.fd: events for key, events in selector.select(0)}


def test_reading_and_writing_are_told_apart(selector: Selector, pairs: Pairs):
    ours, theirs = pairs[0]
    selector.register(ours, EVENT_READ, "ours")
    assert selector.select(0) == []
    theirs.send(b"x")
    ((key, events),) = selector.select()
    assert (key.fileobj, key.fd, key.data, events) == (ours, ours.fileno(), "ours", EVENT_READ)
    selector.modify(ours, EVENT_READ | EVENT_WRITE, "both")
    assert ready(selector) == {ours.fileno(): EVENT_READ | EVENT_WRITE}
    selector.modify(ours, EVENT_WRITE)
    assert ready(selector) == {ours.fileno(): EVENT_WRITE}
    assert selector.unregister(ours).fd == ours.fileno()
    assert ready(selector) == {}


def test_what_is_not_known_is_a_key_error_and_nobody_is_there_twice(selector: Selector, pairs: Pairs):
    ours, _ = pairs[0]
    for ask in (selector.get_key, selector.unregister, lambda sock: selector.modify(sock, EVENT_READ)):
        with pytest.raises(KeyError):
            ask(ours)
    selector.register(ours, EVENT_READ)
    with pytest.raises(KeyError):
        selector.register(ours, EVENT_READ)
    assert selector.get_key(ours) == selector.get_key(ours.fileno())


def test_a_socket_that_was_closed_can_still_be_taken_out(selector: Selector, pairs: Pairs):
    ours, _ = pairs[0]
    fd = ours.fileno()
    selector.register(fd, EVENT_READ)
    ours.close()
    assert selector.unregister(fd).fd == fd


def test_of_many_who_are_gone_few_are_seen_to_before_those_who_speak(selector: Selector, pairs: Pairs):
    for ours, _ in pairs:
        selector.register(ours, EVENT_READ)
    gone, speaking = pairs[:-3], pairs[-3:]
    for _, theirs in gone:
        theirs.close()
    for _, theirs in speaking:
        theirs.send(b"x")
    voices = {ours.fileno() for ours, _ in speaking}
    first = [key.fd for key, _ in selector.select(0)]
    assert set(first[:3]) == voices
    assert len(first) == 3 + FEW


def test_all_who_are_gone_are_seen_to_in_the_end(selector: Selector, pairs: Pairs):
    for ours, theirs in pairs:
        selector.register(ours, EVENT_READ)
        theirs.close()
    seen = 0
    while found := selector.select(0):
        for key, events in found:
            assert events == EVENT_READ
            selector.unregister(key.fd)
            seen += 1
    assert seen == len(pairs)


def test_who_is_gone_is_named_in_turn_until_taken_out_whatever_becomes_of_them_meanwhile(
    selector: Selector, pairs: Pairs
):
    for ours, theirs in pairs:
        selector.register(ours, EVENT_READ)
        theirs.close()
    first = ready(selector)
    assert len(first) == FEW
    changed, taken, closed = [ours for ours, _ in pairs if ours.fileno() not in first][:3]
    selector.modify(changed, EVENT_WRITE)
    selector.unregister(taken)
    fd, rest = closed.fileno(), {ours.fileno() for ours, _ in pairs if ours not in (taken, closed)}
    closed.close()
    found: dict[int, int] = {}
    while not rest <= set(found):
        turn = ready(selector)
        assert 0 < len(turn) <= FEW
        found |= turn
    assert found[changed.fileno()] == EVENT_WRITE
    assert set(found) - {fd} == rest
    assert set(first) <= set(found), "named again, as nobody took them out"
    assert selector.unregister(fd).fd == fd


def test_while_some_wait_nobody_is_waited_for(selector: Selector, pairs: Pairs):
    for ours, theirs in pairs:
        selector.register(ours, EVENT_READ)
        theirs.close()
    while found := selector.select(None if selector.get_map() else 0):  # it would never come back
        for key, _ in found:
            selector.unregister(key.fd)


def test_the_loop_hears_by_it():
    async def echo() -> bytes:
        async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            writer.write(await reader.read(10))
            await writer.drain()
            writer.close()

        server = await asyncio.start_server(answer, "127.0.0.1", 0)
        async with server:
            reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
            writer.write(b"hello")
            writer.write_eof()
            heard = await reader.read()
            writer.close()
            return heard

    with asyncio.Runner(loop_factory=new_event_loop) as runner:
        assert runner.run(echo()) == b"hello"
