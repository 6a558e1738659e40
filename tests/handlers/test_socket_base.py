from __future__ import annotations

import asyncio
import gc
import json
import weakref

from handlers.peer import WebSocketPeer
from handlers.socket_base import FRAMES_IN_A_ROW, BaseSocket
from tests.support import raw_socket
from tests.support.edge import Edge
from tests.support.raw_socket import RawSocket


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
