from __future__ import annotations

import asyncio
import json
from collections import Counter

import pytest
from tornado.websocket import WebSocketHandler

from actors.ids import ConversationId, WorkspaceId
from actors.log import ConversationKey
from actors.ports import Frame
from handlers.sockets.frames import PING, payload_of
from handlers.sockets.heartbeat import Heartbeat, Pulse
from handlers.sockets.peers import Peers
from tests.support import raw_socket
from tests.support.manual_time import ManualTime
from tests.support.raw_socket import RawSocket, served


def key(name: str) -> ConversationKey:
    return ConversationKey(WorkspaceId("w"), ConversationId(name))


class ListPeer:
    """Keeps what it was sent and how it ended."""

    def __init__(self) -> None:
        self.frames: list[Frame] = []
        self.end: tuple[int, str] | None = None

    @property
    def closed(self) -> bool:
        return self.end is not None

    @property
    def beats(self) -> list[dict[str, object]]:
        return [json.loads(payload_of(frame)) for frame in self.frames if frame is not PING]

    def send(self, frame: Frame) -> None:
        self.frames.append(frame)

    def close(self, code: int, reason: str) -> None:
        self.end = (code, reason)

    def cut(self, code: int, reason: str) -> None:
        self.end = (code, reason)

    def release(self) -> None:
        pass


class Answering(ListPeer):
    """Answers every ping at once."""

    pulse: Pulse

    def send(self, frame: Frame) -> None:
        super().send(frame)
        if frame is PING:
            self.pulse.heard()


@pytest.fixture
def clock() -> ManualTime:
    return ManualTime()


@pytest.fixture
def tops() -> dict[ConversationKey, int]:
    return {}


@pytest.fixture
def heartbeat(clock: ManualTime, tops: dict[ConversationKey, int]) -> Heartbeat:
    heartbeat = Heartbeat(tops.get, clock.later, monotonic=clock.monotonic)
    heartbeat.start()
    return heartbeat


def answering(heartbeat: Heartbeat, *topics: ConversationKey) -> Answering:
    peer = Answering()
    peer.pulse = heartbeat.watch(peer)
    for topic in topics:
        peer.pulse.join(topic)
    return peer


def test_everyone_is_pinged_and_told_once_per_interval(heartbeat, clock):
    peers = [answering(heartbeat) for _ in range(60)]
    clock.advance(25)
    assert all(len(peer.beats) == 1 and peer.frames.count(PING) == 1 for peer in peers)
    clock.advance(50)
    assert all(len(peer.beats) == 3 for peer in peers)
    assert not any(peer.closed for peer in peers)


def test_a_beat_says_where_each_conversation_stands(heartbeat, clock, tops):
    tops[key("a")], tops[key("b")] = 7, 40
    peer = answering(heartbeat, key("a"), key("b"), key("unknown"))
    clock.advance(25)
    tops[key("a")] = 8
    peer.pulse.leave(key("b"))
    clock.advance(25)
    assert peer.beats == [
        {"type": "heartbeat", "top": {"conversation.a": 7, "conversation.b": 40}},
        {"type": "heartbeat", "top": {"conversation.a": 8}},
    ]


def test_beats_are_spread_over_the_interval(heartbeat, clock):
    peers = [answering(heartbeat) for _ in range(1000)]
    beats = 0
    for _ in range(25):
        clock.advance(1)
        now = sum(len(peer.beats) for peer in peers)
        assert now - beats == 40
        beats = now


def test_equal_beats_are_one_object(heartbeat, clock, tops):
    tops[key("a")] = 1
    peers = [answering(heartbeat, key("a")) for _ in range(500)]
    clock.advance(25)
    frames = Counter(id(peer.frames[1]) for peer in peers)
    assert len(frames) == 25  # one for each step of the round
    assert set(frames.values()) == {20}


def test_one_that_is_silent_is_cut_within_interval_and_grace(heartbeat, clock):
    silent = [ListPeer() for _ in range(50)]
    for peer in silent:
        heartbeat.watch(peer)
    clock.advance(33)
    kept = [peer for peer in silent if not peer.closed]
    clock.advance(25)
    assert not [peer for peer in silent if not peer.closed]
    assert {peer.end for peer in silent} == {(4008, "silent")}
    assert len(kept) < 40


def test_from_the_last_sign_of_life_it_is_33_seconds_at_most(heartbeat, clock):
    for quiet_after in range(26):
        peer = answering(heartbeat)
        clock.advance(26 + quiet_after)
        peer.pulse.heard()
        alive = peer.pulse
        peer.pulse = heartbeat.watch(ListPeer())  # from here on it answers no more
        clock.advance(33.001)
        assert peer.closed
        assert alive not in heartbeat._groups[0]


def test_any_sign_of_life_counts(heartbeat, clock):
    peer = ListPeer()
    pulse = heartbeat.watch(peer)
    for _ in range(40):
        clock.advance(7)
        pulse.heard()
    assert not peer.closed


def test_one_that_left_is_left_alone(heartbeat, clock):
    peer = ListPeer()
    heartbeat.watch(peer).stop()
    clock.advance(100)
    assert peer.frames == []
    assert not peer.closed


def test_when_we_were_asleep_nobody_is_cut_for_it(heartbeat, clock):
    peers = [answering(heartbeat) for _ in range(25)]
    clock.advance(24)
    elsewhere = heartbeat.watch(ListPeer())
    for peer in peers:
        peer.pulse = elsewhere
    clock.advance(8)
    clock.oversleep(30)  # their pongs lie unread in the kernel
    assert not any(peer.closed for peer in peers)


def test_no_beats_after_stop(heartbeat, clock):
    peer = answering(heartbeat)
    heartbeat.stop()
    clock.advance(100)
    assert peer.frames == []


def test_a_grace_as_long_as_the_interval_is_refused(clock, tops):
    with pytest.raises(ValueError, match="shorter"):
        Heartbeat(tops.get, clock.later, interval_s=8, grace_s=8)


@pytest.mark.parametrize("fast", [True, False])
async def test_on_real_sockets_the_frozen_one_is_cut_and_the_answering_one_stays(fast):
    peers, loop = Peers(fast=fast), asyncio.get_running_loop()
    heartbeat = Heartbeat(
        lambda _key: 3,
        lambda delay_s, action: loop.call_later(delay_s, action).cancel,
        interval_s=0.5,
        grace_s=0.2,
    )
    gone: list[WebSocketHandler] = []

    class Server(WebSocketHandler):
        def open(self) -> None:
            self.peer = peers.open(self)
            self.pulse = heartbeat.watch(self.peer)
            self.pulse.join(key("a"))

        def on_pong(self, data: bytes) -> None:
            self.pulse.heard()

        def on_close(self) -> None:
            self.pulse.stop()
            self.peer.release()
            gone.append(self)

    async def answer(client: RawSocket) -> None:
        beats = 0
        while beats < 4:
            opcode, payload = await client.frame()
            if opcode == raw_socket.PING:
                await client.send(raw_socket.PONG, payload)
            else:
                assert json.loads(payload) == {"type": "heartbeat", "top": {"conversation.a": 3}}
                beats += 1

    async with served(Server) as port, asyncio.timeout(15):
        frozen, lively = await RawSocket.connect(port), await RawSocket.connect(port)
        heartbeat.start()
        await answer(lively)
        assert await frozen.close_code() == 4008
        frozen.close()
        lively.close()
        while len(gone) < 2:
            await asyncio.sleep(0.01)
        heartbeat.stop()
