from __future__ import annotations

import asyncio
import errno
import socket
from collections.abc import Iterator

import pytest
from tornado.httpserver import HTTPServer
from tornado.web import Application, RequestHandler

import server.door as door_module
from server.door import LET_IN_PER_TURN, Door


class Hello(RequestHandler):
    def get(self) -> None:
        self.finish("hello")


class Server(HTTPServer):
    """Counts who came in, turn by turn."""

    came = 0

    def handle_stream(self, stream, address) -> None:
        self.came += 1
        super().handle_stream(stream, address)


@pytest.fixture
def listening() -> Iterator[socket.socket]:
    with socket.create_server(("127.0.0.1", 0), backlog=100) as found:
        yield found


def knock(listening: socket.socket, count: int) -> list[socket.socket]:
    """Clients whose connections wait in the kernel."""
    return [socket.create_connection(listening.getsockname()) for _ in range(count)]


async def until(so) -> None:
    async with asyncio.timeout(5):
        while not so():
            await asyncio.sleep(0)


async def test_a_crowd_gets_in_a_few_a_turn(listening):
    server = Server(Application([("/", Hello)]))
    clients = knock(listening, 5 * LET_IN_PER_TURN)
    door = Door(server, [listening], 1 << 20)
    door.open()
    steps = [0]
    try:
        while server.came < len(clients):
            before = server.came
            await asyncio.sleep(0)
            steps.append(server.came - before)
        assert max(steps) <= LET_IN_PER_TURN
    finally:
        door.close()
        for client in clients:
            client.close()
        await server.close_all_connections()


async def test_who_came_in_is_served_and_nobody_comes_in_after_it_is_closed(listening):
    server = Server(Application([("/", Hello)]))
    door = Door(server, [listening], 1 << 20)
    door.open()
    reader, writer = await asyncio.open_connection(*listening.getsockname())
    door_address = listening.getsockname()
    writer.write(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
    assert (await reader.readuntil(b"\r\n")).startswith(b"HTTP/1.1 200")
    door.close()
    with pytest.raises(ConnectionRefusedError):
        await asyncio.open_connection(*door_address)
    writer.write(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
    assert b"HTTP/1.1 200" in await reader.readuntil(b"HTTP/1.1 200")
    writer.close()
    await server.close_all_connections()


class FullSocket(socket.socket):
    """The system has no more files, a few times."""

    refusals = 3

    def accept(self):
        if self.refusals:
            self.refusals -= 1
            raise OSError(errno.EMFILE, "Too many open files")
        return super().accept()


async def test_a_system_without_more_files_is_asked_again_later_and_not_at_once(monkeypatch, caplog):
    monkeypatch.setattr(door_module, "WAIT_S", 0.01)
    listening = FullSocket()
    listening.bind(("127.0.0.1", 0))
    listening.listen(10)
    server = Server(Application([("/", Hello)]))
    door = Door(server, [listening], 1 << 20)
    clients = knock(listening, 1)
    door.open()
    await until(lambda: server.came == 1)
    assert len([r for r in caplog.records if "nobody is let in" in r.message]) == 3
    door.close()
    clients[0].close()
    await server.close_all_connections()
