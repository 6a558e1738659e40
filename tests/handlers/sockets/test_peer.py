from __future__ import annotations

import asyncio
import contextlib
import random
import time
from collections import defaultdict
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest
from tornado.iostream import IOStream
from tornado.websocket import WebSocketHandler

from handlers.sockets.flusher import ROOM_FROM, Flusher
from handlers.sockets.frames import PING, text_frame
from handlers.sockets.peer import WebSocketPeer, forget_request
from handlers.sockets.peer_limits import SLOW, PeerLimits
from handlers.sockets.peers import SocketPeer
from handlers.sockets.plain_peer import PlainPeer
from handlers.sockets.protocol import Protocol, ours
from tests.support import raw_socket
from tests.support.raw_socket import RawSocket, served

MakePeer = Callable[[WebSocketHandler, PeerLimits], SocketPeer]
ROOMY = PeerLimits(buffered=1 << 26)
SMALL_WINDOW = 4096


def straight(handler: WebSocketHandler, limits: PeerLimits) -> SocketPeer:
    return WebSocketPeer(handler, Flusher(), limits)


def through_the_stream(handler: WebSocketHandler, limits: PeerLimits) -> SocketPeer:
    """As under TLS."""
    peer = WebSocketPeer(handler, Flusher(), limits)
    peer._to_kernel = None
    return peer


def straight_and_asking(handler: WebSocketHandler, limits: PeerLimits) -> SocketPeer:
    """As over a protocol that does not tell of its own writes."""
    peer = WebSocketPeer(handler, Flusher(), limits)
    peer._told = False
    return peer


kinds = pytest.mark.parametrize("make_peer", [straight, straight_and_asking, through_the_stream, PlainPeer])


class Server(WebSocketHandler):
    """Hands the test its peer; counts what it hears."""

    def initialize(self, opened: asyncio.Queue[Server], make_peer: MakePeer, limits: PeerLimits) -> None:
        self.opened, self.make_peer, self.limits = opened, make_peer, limits
        self.gone = asyncio.Event()
        self.pongs = 0

    def get_websocket_protocol(self) -> Protocol | None:
        return ours(super().get_websocket_protocol())

    def open(self) -> None:
        self.peer = self.make_peer(self, self.limits)
        self.opened.put_nowait(self)

    def on_pong(self, data: bytes) -> None:
        self.pongs += 1

    def on_close(self) -> None:
        self.peer.release()
        self.gone.set()


@contextlib.asynccontextmanager
async def connected(
    make_peer: MakePeer, limits: PeerLimits = ROOMY, receive_buffer: int | None = None
) -> AsyncIterator[tuple[Server, RawSocket]]:
    opened: asyncio.Queue[Server] = asyncio.Queue()
    async with served(Server, opened=opened, make_peer=make_peer, limits=limits) as port:
        client = await RawSocket.connect(port, receive_buffer=receive_buffer)
        handler = await opened.get()
        try:
            async with asyncio.timeout(20):
                yield handler, client
        finally:
            client.close()
        await asyncio.wait_for(handler.gone.wait(), 10)


async def fill(handler: Server, until: Callable[[], Any]) -> int:
    """Send until something is so; gives how many bytes that took."""
    frame, sent = text_frame(b"x" * 4000), 0
    while not until():
        handler.peer.send(frame)
        sent += len(frame)
        await asyncio.sleep(0)
    return sent


async def until(so: Callable[[], bool]) -> None:
    while not so():
        await asyncio.sleep(0.005)


@kinds
async def test_frames_arrive_in_order_whatever_turn_they_were_sent_in(make_peer):
    async with connected(make_peer) as (handler, client):
        for number in range(300):
            handler.peer.send(text_frame(str(number).encode()))
            if number % 7 == 0:
                await asyncio.sleep(0)
        assert await client.texts(300) == [str(number).encode() for number in range(300)]


async def test_tornados_inside_is_where_the_quick_road_expects_it():
    """After an upgrade this may fail: mend handlers/sockets/peer.py, until then set BATON_FAST_FANOUT=off."""
    async with connected(straight) as (handler, client):
        stream = handler.ws_connection.stream  # type: ignore[union-attr]
        assert type(stream) is IOStream
        assert stream.socket is not None
        assert stream.writing() is False
        handed_to_stream = stream._total_write_index
        handler.peer.send(text_frame(b"straight"))
        handler.peer.send(text_frame(b"on"))
        assert await client.texts(2) == [b"straight", b"on"]
        assert stream._total_write_index == handed_to_stream


async def test_what_queues_in_one_turn_goes_out_in_one_write():
    writes: list[int] = []

    class Counting(WebSocketPeer):
        def _write(self, data: bytes, largest: int) -> None:
            writes.append(len(data))
            super()._write(data, largest)

    async with connected(lambda handler, limits: Counting(handler, Flusher(), limits)) as (handler, client):
        for _ in range(10):
            handler.peer.send(text_frame(b"ten"))
        await client.texts(10)
        assert writes == [50]


@kinds
async def test_twenty_thousand_frames_to_a_stalling_reader_that_pings(make_peer):
    """Pongs are Tornado's own writes, between ours; none may land inside a frame."""
    count = 20_000 if make_peer is not PlainPeer else 4_000
    async with connected(make_peer, receive_buffer=SMALL_WINDOW) as (handler, client):
        for number in range(count):
            handler.peer.send(text_frame(b"%d " % number + b"x" * 300))
            if number % 500 == 0:
                await client.send(raw_socket.PING, b"there?")
                await asyncio.sleep(0.001)
        found, pongs = [], 0
        while len(found) < count:
            opcode, payload = await client.frame()
            if opcode == raw_socket.TEXT:
                found.append(int(payload.split()[0]))
            else:
                assert (opcode, payload) == (raw_socket.PONG, b"there?")
                pongs += 1
            if len(found) % 1000 == 0:
                await client.send(raw_socket.PING, b"there?")
        assert found == list(range(count))
        assert pongs > 0


@kinds
async def test_a_frame_larger_than_every_buffer_arrives_whole(make_peer):
    big = b"y" * 6_000_000
    async with connected(make_peer, PeerLimits(), SMALL_WINDOW) as (handler, client):
        handler.peer.send(text_frame(big))
        handler.peer.send(text_frame(b"after"))
        await asyncio.sleep(0.01)
        for _ in range(100):
            handler.peer.send(text_frame(b"later"))
            await asyncio.sleep(0)
        assert await client.texts(102) == [big, b"after", *[b"later"] * 100]
        assert not handler.peer.closed


@kinds
async def test_one_that_does_not_read_is_closed_with_4008_and_the_backlog_is_bounded(make_peer):
    limits = PeerLimits(buffered=100_000)
    async with connected(make_peer, limits, SMALL_WINDOW) as (handler, client):
        await fill(handler, lambda: handler.peer.closed)
        handler.peer.send(text_frame(b"too late"))
        received = 0
        while True:
            opcode, payload = await client.frame()
            if opcode == raw_socket.CLOSE:
                break
            assert len(payload) == 4000
            received += 1
        assert payload == SLOW.to_bytes(2, "big") + b"slow"


async def test_what_waits_stays_under_the_bound():
    limits = PeerLimits(buffered=100_000)
    async with connected(straight, limits, SMALL_WINDOW) as (handler, _client):
        peer = handler.peer
        assert isinstance(peer, WebSocketPeer)
        most = 0

        def measure() -> bool:
            nonlocal most
            most = max(most, peer._queued + peer._left)
            return peer.closed

        await fill(handler, measure)
        assert 90_000 < most <= limits.buffered + 2 * 4004


@kinds
async def test_one_that_takes_nothing_for_too_long_is_closed_though_little_waits(make_peer):
    limits = PeerLimits(buffered=1 << 30, stalled_s=0.2)
    async with connected(make_peer, limits, SMALL_WINDOW) as (handler, client):
        handler.peer.send(text_frame(b"z" * 6_000_000))
        started = time.monotonic()
        await until(lambda: handler.peer.closed)
        assert time.monotonic() - started < 2
        assert await client.close_code() == SLOW


async def test_one_that_reads_slowly_but_steadily_is_kept():
    limits = PeerLimits(buffered=1 << 30, stalled_s=0.3)
    async with connected(straight, limits, SMALL_WINDOW) as (handler, client):
        handler.peer.send(text_frame(b"z" * 6_000_000))
        started = time.monotonic()
        while time.monotonic() - started < 1.2:
            await client._read()
            await asyncio.sleep(0.005)
        assert not handler.peer.closed


@pytest.mark.slow
async def test_one_that_never_reads_its_close_is_cut_off():
    limits = PeerLimits(buffered=10_000)
    async with connected(straight, limits, SMALL_WINDOW) as (handler, _client):
        await fill(handler, lambda: handler.peer.closed)
        await asyncio.wait_for(handler.gone.wait(), 8)


@kinds
async def test_a_burst_in_one_turn_is_no_slowness(make_peer):
    limits = PeerLimits(buffered=50_000)
    if make_peer is PlainPeer:
        limits = PeerLimits(buffered=200_000)  # it can't tell: Tornado says what was taken one turn later
    async with connected(make_peer, limits) as (handler, client):
        for number in range(500):
            handler.peer.send(text_frame(b"%d" % number + b"x" * 300))
        assert len(await client.texts(500)) == 500


@kinds
@pytest.mark.parametrize("hang_up", [RawSocket.close, RawSocket.reset])
async def test_sending_to_one_that_hung_up_raises_nothing(make_peer, hang_up):
    async with connected(make_peer) as (handler, client):
        hang_up(client)
        while not handler.peer.closed:
            handler.peer.send(text_frame(b"anyone there?"))
            handler.peer.send(PING)
            await asyncio.sleep(0)
        await handler.gone.wait()
        handler.peer.send(text_frame(b"still?"))
        handler.peer.close(1000, "")
        handler.peer.cut(1000, "")


@kinds
async def test_a_close_comes_after_what_was_sent(make_peer):
    async with connected(make_peer) as (handler, client):
        handler.peer.send(text_frame(b"one"))
        handler.peer.send(text_frame(b"two"))
        handler.peer.close(4000, "deleted")
        handler.peer.close(4001, "again")
        handler.peer.send(text_frame(b"too late"))
        assert handler.peer.closed
        assert await client.texts(2) == [b"one", b"two"]
        assert await client.frame() == (raw_socket.CLOSE, (4000).to_bytes(2, "big") + b"deleted")


async def test_a_close_comes_after_what_was_sent_to_a_stalled_reader_too():
    async with connected(straight, receive_buffer=SMALL_WINDOW) as (handler, client):
        peer = handler.peer
        assert isinstance(peer, WebSocketPeer)
        await fill(handler, lambda: peer._left)
        peer.send(text_frame(b"last words"))
        peer.close(1012, "restart")
        opcode, payload, last = 0, b"", b""
        while opcode != raw_socket.CLOSE:
            last = payload
            opcode, payload = await client.frame()
        assert last == b"last words"
        assert payload[:2] == (1012).to_bytes(2, "big")


async def test_a_cut_gives_the_code_and_hangs_up_at_once():
    async with connected(straight) as (handler, client):
        handler.peer.cut(SLOW, "silent")
        assert await client.close_code() == SLOW
        with pytest.raises(ConnectionError):
            await client.frame()
        await handler.gone.wait()


@kinds
async def test_a_ping_is_answered(make_peer):
    async with connected(make_peer) as (handler, client):
        handler.peer.send(PING)
        assert await client.frame() == (raw_socket.PING, b"")
        await client.send(raw_socket.PONG)
        await until(lambda: handler.pongs == 1)


async def test_compression_is_refused_for_it_needs_a_frame_for_each():
    class Compressing(WebSocketHandler):
        def get_compression_options(self) -> dict[str, Any]:
            return {}

        def open(self) -> None:
            with pytest.raises(ValueError, match="compression"):
                straight(self, PeerLimits())
            refused.set()

    refused = asyncio.Event()
    async with served(Compressing) as port:
        client = await RawSocket.connect(port)
        await asyncio.wait_for(refused.wait(), 5)
        client.close()


async def test_an_open_socket_works_without_its_request():
    async with connected(straight) as (handler, client):
        held_by_tornado_too = handler.request.headers
        assert held_by_tornado_too["Upgrade"] == "websocket"
        forget_request(handler)
        assert len(held_by_tornado_too) == 0
        assert handler.get_argument("token", "none") == "none"
        assert handler.request.remote_ip == "127.0.0.1"
        handler.peer.send(text_frame(b"still here"))
        assert await client.texts(1) == [b"still here"]


async def _room(count: int, limits: PeerLimits, stack: contextlib.AsyncExitStack, flusher: Flusher):
    def make(handler: WebSocketHandler, given: PeerLimits) -> SocketPeer:
        return WebSocketPeer(handler, flusher, given)

    windows = [SMALL_WINDOW if number % 4 == 3 else None for number in range(count)]
    seats = [await stack.enter_async_context(connected(make, limits, window)) for window in windows]
    return [handler.peer for handler, _ in seats], [client for _, client in seats]


async def _have_all(clients: list[RawSocket], wanted: list[list[bytes]]) -> None:
    for client, texts in zip(clients, wanted, strict=True):
        found: list[bytes] = []
        while len(found) < len(texts):
            opcode, payload = await client.frame()
            found += [payload] if opcode == raw_socket.TEXT else []
        assert found == texts


@pytest.mark.parametrize("seed", range(4))
async def test_whatever_is_sent_to_rooms_and_to_each_arrives_in_the_order_it_was_sent(seed):
    """Some have small windows and do not read until the end; some ping, which Tornado answers by itself."""
    chance, sent, flusher = random.Random(seed), defaultdict[Any, list[bytes]](list), Flusher()
    async with contextlib.AsyncExitStack() as stack:
        peers, clients = await _room(ROOM_FROM + 4, ROOMY, stack, flusher)
        rooms = [tuple(peers), tuple(peers[:ROOM_FROM]), tuple(peers[2:4]), tuple(peers[4:])]
        for number in range(600):
            text = b"%d " % number + b"x" * chance.choice((20, 20, 400, 9000))
            what = chance.choices(("room", "one", "turn", "ping", "others"), (40, 30, 10, 10, 10))[0]
            if what == "room":
                room = chance.choice((rooms[0], rooms[0], *rooms))
                flusher.deliver(room, text_frame(text))
                for peer in room:
                    sent[peer].append(text)
            elif what == "one":
                peer = chance.choice(peers)
                peer.send(text_frame(text))
                sent[peer].append(text)
            elif what == "turn":
                await asyncio.sleep(0)
            elif what == "ping":
                await chance.choice(clients).send(raw_socket.PING, b"there?")
                await asyncio.sleep(0.001)
            else:
                rooms[0] = tuple(chance.sample(peers, ROOM_FROM + 2))
        await _have_all(clients, [sent[peer] for peer in peers])
        for peer in peers:
            peer.send(text_frame(b"end"))
        await _have_all(clients, [[b"end"]] * len(clients))  # nothing came twice


async def test_a_close_comes_after_what_the_room_was_sent():
    flusher = Flusher()
    async with contextlib.AsyncExitStack() as stack:
        peers, clients = await _room(ROOM_FROM, ROOMY, stack, flusher)
        for _ in range(2):  # the first time they are not known to be ready
            flusher.deliver(tuple(peers), text_frame(b"deleted"))
            await asyncio.sleep(0)
        flusher.deliver(tuple(peers), text_frame(b"last"))
        for peer in peers:
            peer.close(4000, "deleted")
        for client in clients:
            assert await client.texts(3) == [b"deleted", b"deleted", b"last"]
            assert await client.close_code() == 4000


async def test_a_room_that_is_sent_to_goes_straight_to_the_kernel():
    class Counting(WebSocketPeer):
        queued = 0

        def receive(self, frames: Any) -> None:
            Counting.queued += 1
            super().receive(frames)

    flusher = Flusher()
    async with contextlib.AsyncExitStack() as stack:
        seats = [
            await stack.enter_async_context(
                connected(lambda handler, limits: Counting(handler, flusher, limits))
            )
            for _ in range(ROOM_FROM)
        ]
        room = tuple(handler.peer for handler, _ in seats)
        for text in (b"first", b"second", b"third"):
            flusher.deliver(room, text_frame(text))
            await asyncio.sleep(0)
        for _, client in seats:
            assert await client.texts(3) == [b"first", b"second", b"third"]
        assert Counting.queued == ROOM_FROM  # the first time only


async def test_one_whose_stream_is_free_again_before_the_room_is_sent_to_has_nothing_twice():
    flusher = Flusher()
    async with contextlib.AsyncExitStack() as stack:
        peers, clients = await _room(ROOM_FROM, ROOMY, stack, flusher)
        (first, *_), room = peers, tuple(peers)
        assert isinstance(first, WebSocketPeer)
        flusher.deliver(room, text_frame(b"one"))
        first.send(text_frame(b"to you"))
        first._send_queue()  # as when the stream tells that it has written all
        flusher.deliver(room, text_frame(b"two"))
        assert await clients[0].texts(3) == [b"one", b"to you", b"two"]
        assert await clients[1].texts(2) == [b"one", b"two"]
        flusher.deliver(room, text_frame(b"three"))
        assert await clients[0].texts(1) == [b"three"]
