from __future__ import annotations

import asyncio

from handlers.flusher import PEERS_PER_TURN, Flusher


class Flushed:
    def __init__(self, log: list[object]) -> None:
        self._log = log

    def flush(self) -> None:
        self._log.append(self)


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
    class Broken:
        def flush(self) -> None:
            raise ValueError("broken")

    log: list[object] = []
    flusher, peer = Flusher(), Flushed(log)
    flusher.add(Broken())
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


async def test_frames_that_all_have_queued_are_joined_once():
    flusher, frames = Flusher(), [b"one", b"three"]
    piece, largest = flusher.joined(frames)
    assert (piece, largest) == (b"onethree", 5)
    assert flusher.joined(list(frames))[0] is piece
    assert flusher.joined([b"one", b"four"]) == (b"onefour", 4)
    assert flusher.joined([b"one", b"three", b""]) == (b"onethree", 5)
