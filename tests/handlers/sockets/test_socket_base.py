from __future__ import annotations

import asyncio
import gc
import json
import weakref

import pytest

from handlers.ports import Limits
from handlers.sockets.peer import WebSocketPeer
from handlers.sockets.protocol import MOST_PIECES
from handlers.sockets.socket_base import FRAMES_IN_A_ROW, BaseSocket
from tests.support import raw_socket
from tests.support.edge import Edge, running_edge
from tests.support.raw_socket import RawSocket, masked
from tests.support.waiting import until


async def greeted(edge: Edge) -> RawSocket:
    client = await RawSocket.connect(int(edge.url.rpartition(":")[2]), "/ws/visitor?key=demo")
    await client.send(raw_socket.TEXT, b'{"type":"hello"}')
    await client.texts(1)
    return client


def post(number: int) -> bytes:
    text = json.dumps({"type": "message.post", "client_id": f"c{number}", "text": "Hi"}).encode()
    return bytes([0x80 | raw_socket.TEXT, 0x80 | len(text), 0, 0, 0, 0]) + text


async def test_posts_that_come_in_one_piece_go_out_in_one_write(edge, monkeypatch):
    await (await edge.visitor()).post("Hello", "c0")  # another conversation is no matter
    client, writes = await greeted(edge), []
    write = WebSocketPeer._write
    monkeypatch.setattr(
        WebSocketPeer,
        "_write",
        lambda peer, data, largest: (
            writes.append(data.count(b'"type":"message.')),
            write(peer, data, largest),
        ),
    )
    await client.send_raw(b"".join(post(number) for number in range(10)))
    texts = [json.loads(text) for text in await client.texts(20)]
    acks = [text["client_id"] for text in texts if text["type"] == "message.ack"]
    assert acks == [f"c{number}" for number in range(10)]
    seqs = [
        text["seq"]
        for text in texts
        if text["type"] == "message.posted" and text["message"]["role"] == "user"
    ]
    assert seqs == sorted(seqs)
    assert max(writes) >= 20
    client.close()


async def test_one_who_sends_without_end_leaves_the_loop_to_others(edge, monkeypatch):
    client, turn, handled = await greeted(edge), 0, []
    take = BaseSocket._take
    monkeypatch.setattr(
        BaseSocket, "_take", lambda socket, message: (handled.append(turn), take(socket, message))[1]
    )
    await client.send_raw(b"".join(post(number) for number in range(FRAMES_IN_A_ROW * 3)))
    while len(handled) < FRAMES_IN_A_ROW * 3:
        turn += 1
        await asyncio.sleep(0)
    assert max(handled.count(number) for number in set(handled)) <= FRAMES_IN_A_ROW
    client.close()


async def test_a_connection_that_ended_is_freed_without_the_garbage_collector(edge):
    gc.collect()
    gc.disable()
    try:
        client = await greeted(edge)
        (peer,) = edge.services.sockets.connections._peers
        socket, protocol = weakref.ref(peer._handler), weakref.ref(peer._handler.ws_connection)
        client.close()
        del peer
        async with asyncio.timeout(10):
            while socket() is not None or protocol() is not None:
                await asyncio.sleep(0.005)
    finally:
        gc.enable()


async def test_an_open_connection_has_no_more_attributes_than_python_keeps_small(edge):
    client = await greeted(edge)
    await client.send_raw(post(1))
    await client.texts(2)
    (peer,) = edge.services.sockets.connections._peers
    for each in (peer._handler, peer._handler.ws_connection):
        names = list(vars(each))
        assert len(names) <= 30, f"1.3 kB more for each connection: {names}"
    client.close()


@pytest.mark.parametrize("opcode", [raw_socket.PING, raw_socket.PONG])
async def test_pings_and_pongs_count_as_frames(opcode):
    async with running_edge(Limits(abusive_frames=10, frame_burst=5, frames_per_s=0.01)) as strict:
        client = await greeted(strict)
        await client.send_raw(masked(opcode) * 13)
        await client.send(raw_socket.TEXT, b'{"type":"ping"}')
        assert await asyncio.wait_for(client.close_code(), 10) == 4029
        client.close()


async def test_a_message_may_come_in_pieces_but_not_without_end(edge):
    client = await greeted(edge)
    text = b'{"type":"ping"}'.ljust(MOST_PIECES)
    pieces = [masked(raw_socket.TEXT, text[:1], last=False)]
    pieces += [
        masked(raw_socket.CONTINUATION, text[i : i + 1], last=False) for i in range(1, MOST_PIECES - 1)
    ]
    for _ in range(2):
        await client.send_raw(b"".join([*pieces, masked(raw_socket.CONTINUATION, text[-1:])]))
        assert await client.texts(1) == [b'{"type":"pong"}']
    empty = masked(raw_socket.CONTINUATION, last=False)
    await client.send_raw(masked(raw_socket.TEXT, last=False) + empty * MOST_PIECES)
    assert await asyncio.wait_for(client.close_code(), 10) == 4009
    client.close()


async def test_one_who_was_sent_away_and_goes_on_is_cut_off(edge, monkeypatch):
    client, handled = await greeted(edge), []
    take = BaseSocket._take
    monkeypatch.setattr(
        BaseSocket, "_take", lambda socket, message: (handled.append(message), take(socket, message))[1]
    )
    (peer,) = edge.services.sockets.connections._peers
    stream = peer._stream
    peer.close(4029, "too many messages")
    await client.send_raw(post(1) * (MOST_PIECES + 1))
    await until(lambda: stream.closed() or len(handled) > MOST_PIECES)
    assert stream.closed()
    client.close()
