from __future__ import annotations

import asyncio
import contextlib
import json
from typing import Any

import pytest
from tornado.httpclient import HTTPClientError, HTTPRequest
from tornado.websocket import WebSocketClosedError

from handlers.ports import Limits
from tests.support.edge import Edge, running_edge
from tests.support.waiting import until
from tests.support.wire_clients import Socket, VisitorClient


def address(edge: Edge, key: str = "demo") -> str:
    return f"{edge.url.replace('http', 'ws')}/ws/visitor?key={key}"


async def connected(edge: Edge, key: str = "demo", **headers: str) -> Socket:
    socket = Socket()
    edge.clients.append(socket)
    await socket.open(HTTPRequest(address(edge, key), headers=headers))
    return socket


async def error(socket: Socket) -> dict[str, Any]:
    return await socket.wait("error")


async def test_hello_is_answered_with_where_things_stand(edge: Edge) -> None:
    socket = await connected(edge)
    await socket.send(
        {"type": "hello", "token": None, "after": 0, "page": {"url": "https://a.test/"}, "ref": 1}
    )
    ready = await socket.wait("ready")
    assert ready == {
        "type": "ready",
        "ref": 1,
        "channel": "conversation.c1",
        "conversation_id": "c1",
        "token": "token-1",
        "agent": {"name": "Nora", "greeting": "Hi!", "avatar_url": ""},
        "team_online": False,
        "waiting": False,
        "seq": 0,
        "holder": None,
        "entries": [],
        "more": False,
    }
    assert edge.widgets.pages[0].url == "https://a.test/"


async def test_a_message_is_acknowledged_when_it_is_durable_and_shown_to_all(edge: Edge) -> None:
    first = await edge.visitor()
    second = VisitorClient(edge.url)
    edge.clients.append(second)
    second.token = first.token
    await second.hello()
    edge.journal.available = False
    await first.send({"type": "message.post", "client_id": "c-1", "text": "Hello", "ref": "7"})
    await first.send({"type": "ping"})
    await first.wait("pong")
    assert not first.of_type("message.ack")
    edge.journal.available = True
    ack = await first.wait("message.ack")
    assert ack == {"type": "message.ack", "ref": "7", "client_id": "c-1", "seq": 1, "id": "c1:1"}
    for client in (first, second):
        posted = await client.wait("message.posted")
        assert posted["message"]["text"] == "Hello"
    assert edge.widgets.active == ["c1"]


async def test_the_same_message_again_is_acknowledged_with_the_first(edge: Edge) -> None:
    visitor = await edge.visitor()
    for _ in range(3):
        await visitor.send({"type": "message.post", "client_id": "c-1", "text": "Hello"})
    await until(lambda: len(visitor.of_type("message.ack")) == 3)
    assert {ack["seq"] for ack in visitor.of_type("message.ack")} == {1}
    assert len(visitor.of_type("message.posted")) == 1


async def test_a_visitor_comes_back_to_exactly_what_was_missed(edge: Edge) -> None:
    visitor = await edge.visitor()
    await visitor.post("one", "c-1")
    await visitor.close()
    other = VisitorClient(edge.url)
    other.token = visitor.token
    edge.clients.append(other)
    await other.hello()
    await other.post("two", "c-2")
    ready = await visitor.hello(after=1)
    assert [entry["text"] for entry in ready["entries"]] == ["two"]
    assert ready["conversation_id"] == other.conversation_id


async def test_a_position_that_is_not_in_the_log_starts_anew(edge: Edge) -> None:
    visitor = await edge.visitor()
    await visitor.post("one", "c-1")
    ready = await visitor.hello(after=99)
    assert ready["reset"] is True
    assert [entry["seq"] for entry in ready["entries"]] == [1]


async def test_a_token_of_another_workspace_is_nobodys(edge: Edge) -> None:
    demo = await edge.visitor()
    other = VisitorClient(edge.url, "other")
    edge.clients.append(other)
    other.token = demo.token
    await other.hello()
    assert other.conversation_id != demo.conversation_id
    assert other.token != demo.token


async def test_asking_for_a_person(edge: Edge) -> None:
    visitor = await edge.visitor()
    await visitor.send({"type": "person.request", "ref": "p"})
    assert await visitor.wait("person.ack") == {"type": "person.ack", "ref": "p", "seq": 1}
    assert (await visitor.wait("conversation.waiting"))["seq"] == 1


async def test_a_visitor_who_waits_learns_that_somebody_came(edge: Edge) -> None:
    visitor = await edge.visitor()
    await edge.operator("viewer@demo.test")
    assert not (await visitor.ask({"type": "team"}, "team.status"))["online"]
    await edge.operator("owner@other.test")
    assert not (await visitor.ask({"type": "team"}, "team.status"))["online"]
    editor = await edge.operator()
    assert (await visitor.ask({"type": "team"}, "team.status"))["online"]
    await editor.close()
    await until(lambda: edge.services.sockets.connections.operator_count == 2)
    assert not (await visitor.ask({"type": "team"}, "team.status"))["online"]


async def test_operators_see_a_visitor_type_and_the_visitor_does_not(edge: Edge) -> None:
    visitor = await edge.visitor()
    operator = await edge.operator()
    await operator.subscribe(visitor.conversation_id)
    await visitor.send({"type": "typing", "on": True})
    assert (await operator.wait("typing"))["who"] == "visitor"
    await visitor.send({"type": "ping"})
    await visitor.wait("pong")
    assert not visitor.of_type("typing")


# Bad input


@pytest.mark.parametrize(
    ("sent", "code"),
    [
        ("{nope", "invalid"),
        ("[]", "invalid"),
        ("[" * 60_000, "invalid"),
        ('{"type": "dance"}', "unknown_type"),
        ('{"type": "message.post", "client_id": "c-1"}', "invalid"),
        ('{"type": "message.post", "client_id": "c-1", "text": "' + "x" * 8001 + '"}', "invalid"),
        ('{"type": "message.post", "client_id": "c-1", "text": "\\ud800"}', "invalid"),
        ('{"type": "message.post", "client_id": "c-1", "text": {"$gt": ""}}', "invalid"),
        ('{"type": "hello", "token": null}', "invalid"),
        ('{"type": "typing", "on": 1}', "invalid"),
        ('{"type": "subscribe", "channel": "conversation.c1"}', "unknown_type"),
    ],
)
async def test_a_bad_frame_is_answered_and_leaves_the_socket_open(edge: Edge, sent: str, code: str) -> None:
    visitor = await edge.visitor()
    await visitor.send(sent)
    assert (await error(visitor))["code"] == code
    assert (await visitor.post("still here", "c-2"))["seq"] == 1


async def test_frames_before_hello_are_refused(edge: Edge) -> None:
    socket = await connected(edge)
    await socket.send({"type": "message.post", "client_id": "c-1", "text": "Hello", "ref": "x"})
    assert await error(socket) == {
        "type": "error",
        "ref": "x",
        "code": "invalid",
        "message": "Say hello first.",
        "client_id": "c-1",
    }


TEXTS = [
    "a\u0000b",
    "\u202eright to left مرحبا",
    "👩🏽‍🚀" * 3,
    "<script>alert(1)</script>",
    "a\nb\tc",
    "{{7*7}}",
]


@pytest.mark.parametrize("text", TEXTS)
async def test_hard_text_arrives_as_it_was_typed(edge: Edge, text: str) -> None:
    visitor = await edge.visitor()
    await visitor.post(text, "c-1")
    posted = await visitor.wait("message.posted")
    assert posted["message"]["text"] == text.replace("\0", "")


async def test_no_hello_closes(edge: Edge) -> None:
    async with running_edge(Limits(hello_s=0.05)) as hurried:
        socket = await connected(hurried)
        assert await socket.until_closed() == 4001
        visitor = await hurried.visitor()
        await asyncio.sleep(0.1)
        assert (await visitor.post("I said hello", "c-1"))["seq"] == 1


@pytest.mark.parametrize("size", [65_537, 200_000, 300_000, 2_000_000])
async def test_a_frame_that_is_too_large_closes(edge: Edge, size: int) -> None:
    socket = await connected(edge)
    await socket.send("x" * size)
    # Past what is read at all, the connection may be gone before its close frame is seen.
    assert await socket.until_closed() in ({4009} if size < 262_144 else {4009, None})


async def test_bytes_close_and_so_do_characters_that_make_too_many(edge: Edge) -> None:
    for frame in (b"{}", "é" * 40_000):
        socket = await connected(edge)
        await socket.send(frame)
        assert await socket.until_closed() == 4009


async def test_an_unknown_key_closes(edge: Edge) -> None:
    for key in ("nobody", "", "%00", "demo%27"):
        socket = await connected(edge, key)
        assert await socket.until_closed() == 4004


@pytest.mark.parametrize(
    ("origin", "welcome"),
    [
        ("https://shop.example", True),
        ("http://a.test:81", True),
        ("http://a.test", False),
        ("https://shop.example.evil.test", False),
        ("https://evil-shop.example", False),
        ("https://shop.example:8443", False),
        ("null", False),
    ],
)
async def test_only_allowed_sites_may_run_the_widget(edge: Edge, origin: str, welcome: bool) -> None:
    if welcome:
        await connected(edge, "other", Origin=origin)
        return
    with pytest.raises(HTTPClientError) as refused:
        await connected(edge, "other", Origin=origin)
    assert refused.value.code == 403


async def test_our_own_page_and_no_page_at_all_may(edge: Edge) -> None:
    await connected(edge, "other", Origin=edge.url)
    await connected(edge, "other")


# Limits


async def test_too_many_messages_are_refused_and_named(edge: Edge) -> None:
    visitor = await edge.visitor()
    for number in range(90):
        await visitor.send({"type": "message.post", "client_id": f"c-{number}", "text": "spam"})
    refused = await visitor.wait(lambda f: f["type"] == "error")
    assert refused["code"] == "too_many"
    assert refused["client_id"]
    await until(lambda: len(visitor.of_type("message.ack")) + len(visitor.of_type("error")) == 90)
    assert 60 <= len(visitor.of_type("message.ack")) < 90


async def test_who_does_not_stop_is_sent_away() -> None:
    async with running_edge(Limits(abusive_frames=10, frame_burst=5, frames_per_s=0.01)) as strict:
        socket = await connected(strict)
        with contextlib.suppress(WebSocketClosedError):  # may be sent away before the last
            for _ in range(20):
                await socket.send({"type": "ping"})
        assert await socket.until_closed() == 4029
        assert len(socket.of_type("error")) == 9


async def test_a_visitor_has_so_many_connections() -> None:
    async with running_edge(Limits(sockets_per_client=2)) as strict:
        first = await strict.visitor()
        sockets: list[Socket] = []
        for _ in range(2):
            socket = await connected(strict)
            await socket.send({"type": "hello", "token": first.token})
            sockets.append(socket)
        await sockets[0].wait("ready")
        assert await sockets[1].until_closed() == 4029
        await sockets[0].close()
        await until(lambda: len(strict.services.sockets.connections) == 1)
        third = await connected(strict)
        await third.send({"type": "hello", "token": first.token})
        await third.wait("ready")


async def test_an_address_has_so_many_connections_and_new_visitors() -> None:
    limits = Limits(sockets_per_address=3, new_visitors_burst=2, new_visitors_per_s=0.001)
    async with running_edge(limits, trusted=("127.0.0.1",)) as strict:
        theirs = {"X-Forwarded-For": "203.0.113.7"}
        codes: list[str] = []
        for _ in range(3):
            socket = await connected(strict, **theirs)
            await socket.send({"type": "hello", "token": None})
            answer = await socket.wait(lambda f: f["type"] in {"ready", "error"})
            codes.append(answer.get("code", "ready"))
        assert codes == ["ready", "ready", "too_many"]
        fourth = await connected(strict, **theirs)
        assert await fourth.until_closed() == 4029
        elsewhere = await connected(strict, **{"X-Forwarded-For": "203.0.113.8"})
        await elsewhere.send({"type": "hello", "token": None})
        await elsewhere.wait("ready")


# When things are away


async def test_hello_while_the_database_is_away_may_be_said_again(edge: Edge) -> None:
    socket = await connected(edge)
    edge.widgets.available = False
    await socket.send({"type": "hello", "token": None})
    assert (await error(socket))["code"] == "unavailable"
    edge.widgets.available = True
    await socket.send({"type": "hello", "token": None})
    await socket.wait("ready")


async def test_a_message_that_cannot_be_kept_is_refused(edge: Edge) -> None:
    visitor = await edge.visitor()
    edge.journal.bound = 0
    edge.journal.available = False
    await visitor.send({"type": "message.post", "client_id": "c-1", "text": "Hello"})
    refused = await error(visitor)
    assert refused["code"] == "unavailable"
    assert refused["client_id"] == "c-1"
    edge.journal.available = True


async def test_a_closed_socket_leaves_nothing_behind(edge: Edge) -> None:
    visitor = await edge.visitor()
    operator = await edge.operator()
    await operator.subscribe(visitor.conversation_id)
    await operator.wait(lambda f: f["type"] == "presence" and f.get("visitor_online") is True)
    await visitor.close()
    await operator.wait(lambda f: f["type"] == "presence" and f.get("visitor_online") is False)
    await until(lambda: len(edge.services.sockets.connections) == 1)


async def test_restart_sends_everyone_away_with_a_moment_of_their_own(edge: Edge) -> None:
    visitor = await edge.visitor()
    edge.services.sockets.connections.restart(2000)
    assert await visitor.until_closed() == 1012
    assert visitor._connection is not None
    assert json.loads((visitor._connection.close_reason or "").removeprefix("retry_after_ms=")) <= 2000


async def test_another_page_without_a_load_is_told_to_whoever_looks(edge: Edge) -> None:
    visitor, operator = await edge.visitor(), await edge.operator()
    await operator.subscribe(visitor.conversation_id)
    lamps = {"url": "https://shop.example/lamps", "title": "Lamps", "referrer": ""}
    await visitor.send({"type": "page", "page": lamps})
    frame = await operator.wait("page.visited")
    assert (frame["page"]["url"], frame["page"]["title"]) == (lamps["url"], "Lamps")
    await visitor.send({"type": "page", "page": "https://shop.example/", "ref": 3})
    assert (await error(visitor))["code"] == "invalid"
    assert not visitor.of_type("page.visited")
