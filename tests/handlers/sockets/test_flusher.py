from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence

from handlers.sockets.flusher import PEERS_PER_TURN, ROOM_FROM, Flusher


class Flushed:
    """Logs that it was flushed; what a room was sent goes through `kernel`, unless that is None."""

    def __init__(self, log: list[object], kernel: Callable[[bytes], int] | None = None) -> None:
        self._log = log
        self.ready = kernel
        self.closed = False
        self.received: list[bytes] = []

    def send(self, frame: bytes) -> None:
        self.received.append(frame)

    def close(self, code: int, reason: str) -> None:
        self.closed = True

    def flush(self) -> None:
        self._log.append(self)

    def receive(self, frames: Sequence[bytes]) -> None:
        self.received += frames

    def left(self, data: bytes, sent: int, largest: int) -> None:
        self._log.append((data[sent:], largest))

    def lose(self, error: OSError) -> None:
        self._log.append(error)


async def test_peers_are_flushed_on_the_next_turn_in_order():
    log: list[object] = []
    flusher, peers = Flusher(), [Flushed(log) for _ in range(3)]
    for peer in peers:
        flusher.add(peer)
    assert log == []
    await asyncio.sleep(0)
    assert log == peers
    flusher.add(peers[0])
    await asyncio.sleep(0)
    assert log == [*peers, peers[0]]


async def test_the_loop_gets_a_turn_between_batches():
    log: list[object] = []
    flusher = Flusher()
    for _ in range(PEERS_PER_TURN * 2 + 1):
        flusher.add(Flushed(log))
    seen = []
    for _ in range(3):
        await asyncio.sleep(0)
        seen.append(len(log))
    assert seen == [PEERS_PER_TURN, PEERS_PER_TURN * 2, PEERS_PER_TURN * 2 + 1]


async def test_one_peer_that_fails_does_not_stop_the_next(caplog):
    class Broken(Flushed):
        def flush(self) -> None:
            raise ValueError("broken")

    log: list[object] = []
    flusher, peer = Flusher(), Flushed(log)
    flusher.add(Broken(log))
    flusher.add(peer)
    await asyncio.sleep(0)
    assert log == [peer]
    assert "ValueError: broken" in caplog.text


async def test_what_is_added_while_flushing_is_flushed_too():
    log: list[object] = []
    flusher = Flusher()

    class Again(Flushed):
        def flush(self) -> None:
            super().flush()
            if len(log) < 3:
                flusher.add(self)

    flusher.add(Again(log))
    for _ in range(4):
        await asyncio.sleep(0)
    assert len(log) == 3


class Kernel:
    """Takes so many bytes of a piece, or raises."""

    def __init__(self, most: int | OSError = 1 << 20) -> None:
        self.most = most
        self.taken: list[bytes] = []

    def __call__(self, piece: bytes) -> int:
        if isinstance(self.most, OSError):
            raise self.most
        self.taken.append(piece[: self.most])
        return len(self.taken[-1])


async def test_a_room_is_sent_the_frames_of_a_turn_in_one_piece():
    flusher, kernels = Flusher(), [Kernel() for _ in range(ROOM_FROM)]
    room = tuple(Flushed([], kernel) for kernel in kernels)
    flusher.deliver(room, b"one")
    flusher.deliver(room, b"two")
    assert [kernel.taken for kernel in kernels] == [[]] * ROOM_FROM
    await asyncio.sleep(0)
    assert [kernel.taken for kernel in kernels] == [[b"onetwo"]] * ROOM_FROM
    flusher.deliver(room, b"three")
    await asyncio.sleep(0)
    assert [kernel.taken for kernel in kernels] == [[b"onetwo", b"three"]] * ROOM_FROM
    assert [peer.received for peer in room] == [[]] * ROOM_FROM


async def test_who_of_a_room_has_something_to_be_sent_before_queues_the_frames():
    flusher, busy = Flusher(), Flushed([])
    room = (busy, *(Flushed([], Kernel()) for _ in range(ROOM_FROM)))
    flusher.deliver(room, b"one")
    flusher.deliver(room, b"two")
    assert flusher.is_in_room(busy)
    await asyncio.sleep(0)
    assert busy.received == [b"one", b"two"]
    assert not flusher.is_in_room(busy)
    assert flusher.frames == []


async def test_one_of_a_room_that_fails_does_not_stop_the_next():
    log: list[object] = []
    gone, error = Kernel(ConnectionResetError("gone")), BlockingIOError("full")
    kernels = [Kernel(2), gone, Kernel(error), *(Kernel() for _ in range(ROOM_FROM))]
    flusher = Flusher()
    room = tuple(Flushed(log, kernel) for kernel in kernels)
    flusher.deliver(room, b"one")
    flusher.deliver(room, b"three")
    await asyncio.sleep(0)
    assert log == [(b"ethree", 5), gone.most, (b"onethree", 5)]
    assert [kernel.taken for kernel in kernels[3:]] == [[b"onethree"]] * ROOM_FROM


async def test_frames_for_another_room_come_after_those_for_the_first():
    flusher = Flusher()
    both = Flushed([])
    first = (both, *(Flushed([]) for _ in range(ROOM_FROM)))
    second = (*(Flushed([]) for _ in range(ROOM_FROM)), both)
    for room, frame in ((first, b"1"), (second, b"2"), (first, b"3"), ((both,), b"4"), (second, b"5")):
        flusher.deliver(room, frame)
    await asyncio.sleep(0)
    assert first[1].received == [b"1", b"3"]
    assert second[0].received == [b"2", b"5"]
    # 4 was sent by itself, before this double, which takes nothing from the room, had 3.
    assert [frame for frame in both.received if frame != b"4"] == [b"1", b"2", b"3", b"5"]


async def test_a_large_room_leaves_the_loop_a_turn():
    flusher, log = Flusher(), list[object]()

    class Queueing(Flushed):
        def receive(self, frames: Sequence[bytes]) -> None:
            super().receive(frames)
            flusher.add(self)

    room = tuple(Queueing(log, Kernel()) for _ in range(PEERS_PER_TURN + 3))
    flusher.deliver(room, b"one")
    await asyncio.sleep(0)
    assert [peer.received for peer in room] == [[]] * PEERS_PER_TURN + [[b"one"]] * 3
    assert log == list(room[-3:])
