from __future__ import annotations

from typing import Any

import pytest
from tornado.httpclient import HTTPClientError, HTTPRequest

from actors.roles import Role
from handlers.ports import Limits
from tests.support.edge import Edge, running_edge
from tests.support.waiting import until
from tests.support.wire_clients import OperatorClient, Socket


def address(edge: Edge) -> str:
    return f"{edge.url.replace('http', 'ws')}/ws/operator"


async def opened(edge: Edge, client: OperatorClient | None = None, **headers: str) -> Socket:
    socket = Socket()
    edge.clients.append(socket)
    cookie = {"Cookie": client._cookie} if client else {}
    await socket.open(HTTPRequest(address(edge), headers={**cookie, **headers}))
    return socket


async def refused(socket: Socket, frame: dict[str, Any]) -> dict[str, Any]:
    return await socket.ask(frame, "error")


async def test_the_lists_show_what_changes(edge: Edge) -> None:
    operator = await edge.operator()
    joined = await operator.ask({"type": "subscribe", "channel": "workspace"}, "subscribed")
    assert joined["operators"] == [{"user_id": "u-editor", "name": "Editor"}]
    visitor = await edge.visitor()
    await visitor.post("Hello", "c-1")
    changed = await operator.wait("conversation.changed")
    assert changed["conversation"]["preview"] == "Hello"
    assert changed["conversation"]["badge"] == {"kind": "bot", "label": "AI"}


async def test_operators_see_each_other_come_and_go(edge: Edge) -> None:
    editor = await edge.operator()
    await editor.ask({"type": "subscribe", "channel": "workspace"}, "subscribed")
    admin = await edge.operator("admin@demo.test")
    await admin.ask({"type": "subscribe", "channel": "workspace"}, "subscribed")
    both = await editor.wait(lambda f: f["type"] == "presence" and len(f["operators"]) == 2)
    assert {operator["name"] for operator in both["operators"]} == {"Editor", "Admin"}
    await admin.close()
    await editor.wait(lambda f: f["type"] == "presence" and len(f["operators"]) == 1)


async def test_an_opened_conversation_is_live_until_it_is_left(edge: Edge) -> None:
    visitor = await edge.visitor()
    await visitor.post("one", "c-1")
    operator = await edge.operator()
    subscribed = await operator.subscribe(visitor.conversation_id)
    assert [entry["text"] for entry in subscribed["entries"]] == ["one"]
    assert subscribed["conversation"]["visitor_name"] == "Visitor 1"
    await visitor.post("two", "c-2")
    await operator.wait(lambda f: f["type"] == "message.posted" and f["seq"] == 2)
    channel = f"conversation.{visitor.conversation_id}"
    await operator.ask({"type": "unsubscribe", "channel": channel}, "unsubscribed")
    await visitor.post("three", "c-3")
    await operator.ask({"type": "ping"}, "pong")
    assert not [f for f in operator.of_type("message.posted") if f["seq"] == 3]
    again = await operator.subscribe(visitor.conversation_id, after=2)
    assert [entry["text"] for entry in again["entries"]] == ["three"]


async def test_the_visitor_sees_the_holder_type_and_not_the_onlooker(edge: Edge) -> None:
    visitor = await edge.visitor()
    holder, onlooker = await edge.operator(), await edge.operator("admin@demo.test")
    channel = f"conversation.{visitor.conversation_id}"
    for operator in (holder, onlooker):
        await operator.subscribe(visitor.conversation_id)
    assert (await holder.act(visitor.conversation_id, "claim"))[0] == 200
    await onlooker.send({"type": "typing", "channel": channel, "on": True})
    assert (await holder.wait("typing"))["user_id"] == "u-admin"
    await holder.send({"type": "typing", "channel": channel, "on": True})
    seen = await visitor.wait("typing")
    assert seen["name"] == "Editor"
    assert "user_id" not in seen
    assert len(visitor.of_type("typing")) == 1


# Whose it is


async def test_foreign_and_unknown_conversations_are_told_apart_by_nobody(edge: Edge) -> None:
    foreign = await edge.visitor("other")
    operator = await edge.operator()
    answers: list[dict[str, Any]] = []
    for conversation_id in (foreign.conversation_id, "no-such-one", "../etc", "x" * 65, ""):
        channel = f"conversation.{conversation_id}"
        for kind in ("subscribe", "typing"):
            frame = {"type": kind, "channel": channel, **({"on": True} if kind == "typing" else {})}
            answer = await refused(operator, frame)
            answers.append({name: value for name, value in answer.items() if name != "ref"})
    assert all(answer == answers[0] for answer in answers)
    assert answers[0]["code"] == "not_found"
    await foreign.post("secret", "c-1")
    await operator.ask({"type": "ping"}, "pong")
    assert not operator.of_type("message.posted")


async def test_a_member_of_two_workspaces_works_in_one_at_a_time(edge: Edge) -> None:
    demo, other = await edge.visitor("demo"), await edge.visitor("other")
    both = await edge.operator("both@demo.test")
    await both.subscribe(demo.conversation_id)
    channel = f"conversation.{other.conversation_id}"
    assert (await refused(both, {"type": "subscribe", "channel": channel}))["code"] == "not_found"
    response = await both.http("POST", "/app/workspace", {"id": "other"})
    assert response.code == 200
    await both.connect()
    await both.subscribe(other.conversation_id)


@pytest.mark.parametrize("email", [None, "pending@demo.test"])
async def test_who_is_no_member_is_sent_to_sign_in(edge: Edge, email: str | None) -> None:
    client = await edge.operator(email, connected=False) if email else None
    socket = await opened(edge, client)
    assert await socket.until_closed() == 4003
    assert not socket.frames


async def test_a_made_up_cookie_is_nobodys(edge: Edge) -> None:
    socket = await opened(edge, Cookie="baton_session=t99; baton_workspace=demo")
    assert await socket.until_closed() == 4003


@pytest.mark.parametrize(
    "origin",
    ["null", "https://evil.test", "{url}.evil.test", "{url}0", "http://127.0.0.1", "https://x@127.0.0.1:1"],
)
async def test_a_page_that_is_not_ours_is_refused(edge: Edge, origin: str) -> None:
    client = await edge.operator(connected=False)
    with pytest.raises(HTTPClientError) as caught:
        await opened(edge, client, Origin=origin.format(url=edge.url))
    assert caught.value.code == 403


async def test_behind_a_proxy_our_page_is_the_base_url() -> None:
    async with running_edge(base_url="https://chat.example.com") as edge:
        client = OperatorClient(edge.url, "editor@demo.test")
        await client.sign_in()
        socket = await opened(edge, client, Origin="https://chat.example.com")
        await socket.ask({"type": "ping"}, "pong")


async def test_without_an_origin_a_session_is_enough(edge: Edge) -> None:
    socket = await opened(edge, await edge.operator(connected=False))
    await socket.ask({"type": "ping"}, "pong")


# When that changes


async def test_signing_out_closes_the_sockets_of_the_session(edge: Edge) -> None:
    visitor = await edge.visitor()
    here, elsewhere = await edge.operator(), await edge.operator()
    await here.subscribe(visitor.conversation_id)
    assert (await here.http("POST", "/logout")).code == 204
    assert await here.until_closed() == 4003
    seen = len(here.frames)
    await visitor.post("after", "c-1")
    await elsewhere.ask({"type": "ping"}, "pong")
    assert len(here.frames) == seen


async def test_who_has_just_signed_out_opens_no_socket(edge: Edge) -> None:
    operator = await edge.operator()
    cookies = dict(operator._cookies)
    assert (await operator.http("POST", "/logout")).code == 204
    operator._cookies = cookies  # as another tab still has them
    await operator.connect()
    assert await operator.until_closed() == 4003


async def test_a_session_ended_in_the_database_is_noticed() -> None:
    async with running_edge(Limits(recheck_s=0.02)) as edge:
        operator = await edge.operator()
        edge.gate.sessions.clear()
        assert await operator.until_closed() == 4003


async def test_a_member_removed_from_the_workspace_is_sent_away() -> None:
    async with running_edge(Limits(recheck_s=0.02)) as edge:
        operator = await edge.operator()
        edge.gate.available = False  # which alone sends nobody away
        await until(lambda: not edge.services.sockets.connections._round)
        edge.gate.places.clear()
        edge.gate.available = True
        assert await operator.until_closed() == 4003


async def test_a_lowered_role_may_look_and_no_more() -> None:
    async with running_edge(Limits(recheck_s=0.02)) as edge:
        visitor = await edge.visitor()
        operator = await edge.operator()
        await operator.subscribe(visitor.conversation_id)
        typing = {"type": "typing", "channel": f"conversation.{visitor.conversation_id}", "on": True}
        connections = edge.services.sockets.connections
        assert connections.team_online(edge.gate.places[_id("u-editor")][0].workspace.id)
        edge.gate.set_role("u-editor", Role.VIEWER)
        await until(lambda: not connections.team_online(_workspace("demo")))
        assert (await refused(operator, typing))["code"] == "forbidden"
        await visitor.post("still seen", "c-1")
        await operator.wait("message.posted")
        assert (await operator.act(visitor.conversation_id, "claim"))[0] == 403


async def test_a_viewer_may_look_and_not_type(edge: Edge) -> None:
    visitor = await edge.visitor()
    viewer = await edge.operator("viewer@demo.test")
    await viewer.subscribe(visitor.conversation_id)
    typing = {"type": "typing", "channel": f"conversation.{visitor.conversation_id}", "on": True}
    assert (await refused(viewer, typing))["code"] == "forbidden"
    assert not (await edge.visitor()).of_type("ready")[0]["team_online"]
    await edge.operator()
    assert (await edge.visitor()).of_type("ready")[0]["team_online"]


@pytest.mark.parametrize(
    ("sent", "code"),
    [
        ("nope", "invalid"),
        ('{"type": "claim"}', "unknown_type"),
        ('{"type": "subscribe"}', "invalid"),
        ('{"type": "subscribe", "channel": {"$ne": 1}}', "invalid"),
        ('{"type": "subscribe", "channel": "conversation.c1", "after": -1}', "invalid"),
        ('{"type": "subscribe", "channel": "leads"}', "not_found"),
    ],
)
async def test_a_bad_frame_is_answered_and_leaves_the_socket_open(edge: Edge, sent: str, code: str) -> None:
    operator = await edge.operator()
    await operator.send(sent)
    assert (await operator.wait("error"))["code"] == code
    await operator.ask({"type": "ping"}, "pong")


async def test_so_many_conversations_at_once(edge: Edge) -> None:
    operator = await edge.operator()
    visitors = [await edge.visitor() for _ in range(2)]
    for number in range(55):
        await operator.send({"type": "subscribe", "channel": f"conversation.nobody-{number}"})
    # Those that were refused take up no room.
    for visitor in visitors:
        await operator.subscribe(visitor.conversation_id)


def _id(text: str) -> Any:
    return text


_workspace = _id
