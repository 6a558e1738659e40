"""Two workspaces in one process: nobody sees, changes or hears what is another's, by no route or frame."""

from __future__ import annotations

import asyncio
import json
import re
from dataclasses import replace
from typing import Any, TypeAlias, get_args

import pytest
import pytest_asyncio

from handlers.sockets.frames_in import OperatorFrame, VisitorFrame
from tests.support.process import BatonProcess
from tests.support.route_table import PEOPLE, TABLE, Case, handler_of
from tests.support.two_workspaces import TwoWorkspaces, same
from tests.support.waiting import until
from tests.support.wire_clients import OperatorClient, VisitorClient

pytestmark = pytest.mark.asyncio(loop_scope="module")

Snapshot: TypeAlias = dict[str, dict[str, Any]]

JSON = "application/json"
HTML = "text/html,application/xhtml+xml,*/*;q=0.8"
CHANGES_THE_TEAM = ("/app/settings/team", "/app/account", "/app/workspaces", "/logout")
OWNERS = {"owner", "other"}
# Of these the body is not looked at, or is a text; links and the first run are gone here.
READS_NO_JSON = re.compile(
    r"/(logout|setup)|/(reset|invite)/.*|/app/(inbox|inbox/.*|conversations)/read"
    r"|/app/conversations/delete-empty|/app/settings/(knowledge.*|team/.*/resend|.*/secret)"
    r"|/app/settings/webhooks/.*/(test|redeliver)"
)
NAMES_THINGS = [case for case in TABLE if case.missing is not None]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def world(tmp_path_factory):
    async with (
        BatonProcess(tmp_path_factory.mktemp("isolation") / "var") as baton,
        TwoWorkspaces(baton) as world,
    ):
        yield world


async def test_what_belongs_to_others_is_what_does_not_exist(world: TwoWorkspaces):
    wrong: list[str] = []
    before = world.snapshot()
    for case in sorted(NAMES_THINGS, key=lambda case: case.makes):
        for tenant in world.tenants.values():
            tenant.mark()
        for person in (*PEOPLE, "other"):
            wrong += await _told_apart(world, case, person)
        after = world.snapshot()
        for name, tenant in world.tenants.items():
            if not case.makes:
                wrong += [f"{case}: {name} heard {frame}" for frame in tenant.heard()]
                wrong += _changes(case, before[name], after[name])
        before = after
    assert not wrong, "\n".join(wrong)


async def _told_apart(world: TwoWorkspaces, case: Case, person: str) -> list[str]:
    """How the answer about what is another's differs from that about what nobody has."""
    foreign, unknown = await world.foreign(case, person), await world.unknown(case, person)
    elsewhere = {"baton_workspace": world.away(person)}
    accepts = (JSON, HTML) if case.method == "GET" and person in {"viewer", "other"} else (JSON,)
    found: list[str] = []
    for accept in accepts:
        expected = _expected(case, person, accept)
        theirs, nobodys, *planted = await asyncio.gather(
            world.ask(case, person, foreign, Accept=accept),
            world.ask(case, person, unknown, Accept=accept),
            *(world.ask(case, person, foreign, elsewhere, Accept=accept) for _ in range(person in OWNERS)),
        )
        for response, ids in ((theirs, foreign), *((each, foreign) for each in planted), (nobodys, unknown)):
            if response.code != expected:
                found.append(f"{case}: {person} got {response.code} {response.body[:300]!r}, not {expected}")
            if same(response, ids) != same(nobodys, unknown):
                found.append(f"{case}: {person} can tell {same(response, ids)} from {same(nobodys, unknown)}")
            found += [f"{case}: {person} was told {leak}" for leak in world.leaks(person, response, ids)]
    return found


def _expected(case: Case, person: str, accept: str) -> int:
    code = case.expected(person, own=False)
    return 302 if code == 401 and accept == HTML and handler_of(case).html else code


def _changes(case: Case | str, before: Snapshot, after: Snapshot) -> list[str]:
    return [
        f"{case}: {name} changed: {key}: {old.get(key)} is {new.get(key)}"
        for name in before.keys() | after.keys()
        for old, new in [(before.get(name, {}), after.get(name, {}))]
        for key in old.keys() | new.keys()
        if old.get(key) != new.get(key)
    ]


async def test_of_mixed_ids_only_ones_own_are_touched(world: TwoWorkspaces):
    admin, theirs = world.people["admin"], world.tenants["other"].ids
    mine = [await world.own_one("conversation", "admin") for _ in range(2)]
    tag = await world.own_one("tag", "admin")
    await until(world.settled)
    before = world.snapshot()["other"]
    bodies = [
        {"ids": [theirs["conversation"], mine[0]], "add": [theirs["tag"], tag], "remove": [theirs["tag"]]},
        {"ids": ["unknown", mine[0]], "add": ["unknown", tag], "remove": ["unknown"]},
    ]
    answers = [(await admin.http("POST", "/app/conversations/bulk-tag", body)).body for body in bodies]
    assert answers[0] == answers[1]
    assert json.loads(answers[0]) == {"conversations": [{"id": mine[0], "tag_ids": [tag], "tags_version": 1}]}
    for conversation, stranger in zip(mine, (theirs["conversation"], "unknown"), strict=True):
        body = {"ids": [stranger, conversation, theirs["held"]]}
        response = await admin.http("POST", "/app/conversations/bulk-delete", body)
        assert (response.code, response.body) == (200, b'{"deleted":1}')
    assert _changes("mixed ids", before, world.snapshot()["other"]) == []


@pytest.mark.parametrize(
    ("body", "headers"),
    [(b"{bad", {"Accept": HTML}), (b"[]", {"Accept": HTML, "Content-Type": "text/plain"})],
)
async def test_a_body_that_is_no_json_object_is_named_and_changes_nothing(
    world: TwoWorkspaces, body: bytes, headers: dict[str, str]
):
    await until(world.settled)
    before, there = world.snapshot()["demo"], world.tenants["demo"].ids
    ids = {**there, **{f"own_{name}": each for name, each in there.items()}, "own_key": "demo"}
    told = {"code": "invalid", "message": "The body of the request is not a JSON object."}
    asked, wrong = 0, list[str]()
    for case in TABLE:
        path = case.path.partition("?")[0]
        form = "Content-Type" in headers and path in {"/login", "/forgot"}
        if case.method not in {"POST", "PUT", "PATCH"} or READS_NO_JSON.fullmatch(path) or form:
            continue
        asked += 1
        response = await world.ask(replace(case, body=body.decode()), "owner", ids, None, **headers)
        if (response.code, response.body) != (
            422,
            json.dumps({"error": told}, separators=(",", ":")).encode(),
        ):
            wrong.append(f"{case}: {response.code} {response.body[:300]!r}")
    assert not wrong, "\n".join(wrong)
    assert asked > 30
    assert _changes("broken bodies", before, world.snapshot()["demo"]) == []


# Sockets

OPERATOR_FRAMES = {
    "subscribe": {"channel": "conversation.{id}", "after": 0},
    "unsubscribe": {"channel": "conversation.{id}"},
    "typing": {"channel": "conversation.{id}", "on": True},
    "ping": {},
}
# A visitor's socket belongs to the conversation of its token: `hello` is the only frame that names one.
VISITOR_FRAMES = {
    "hello": {"after": 0},
    "message.post": {"client_id": "m1", "text": "Hello"},
    "person.request": {},
    "team": {},
    "page": {"page": {"url": "https://shop.example/other", "title": "Other", "referrer": ""}},
    "typing": {"on": True},
    "lead.submit": {"email": "a@b.example"},
    "ping": {},
}


async def test_every_frame_is_tried():
    for union, tried in ((OperatorFrame, OPERATOR_FRAMES), (VisitorFrame, VISITOR_FRAMES)):
        assert {frame.__struct_config__.tag for frame in get_args(union)} == set(tried)


async def _connected(world: TwoWorkspaces, person: str) -> OperatorClient:
    client = OperatorClient(world.baton.url, "")
    client._cookies = dict(world.people[person]._cookies)
    await client.connect()
    return client


async def test_operators_hear_nothing_of_another_workspace(world: TwoWorkspaces):
    await until(world.settled)
    before, theirs = world.snapshot()["other"], world.tenants["other"]
    theirs.mark()
    clients = {person: await _connected(world, person) for person in PEOPLE}
    for person in ("pending", "nobody"):
        refused = clients.pop(person)
        assert await refused.until_closed() == 4003
        await refused.close()
    for client in clients.values():
        await client.ask({"type": "subscribe", "channel": "workspace"}, "subscribed")
        for kind, fields in OPERATOR_FRAMES.items():
            answers = [
                await _answer(client, kind, fields, conversation)
                for conversation in (theirs.ids["conversation"], "unknown-and-of-nobody")
            ]
            assert answers[0] == answers[1], kind
        odd = {"type": "subscribe", "channel": "other", "after": 0, "ref": "odd"}
        await client.send(odd)
        assert (await client.wait(lambda f: f.get("ref") == "odd"))["code"] == "not_found"
    assert theirs.heard() == []
    assert _changes("frames", before, world.snapshot()["other"]) == []

    # And when something happens there: one's own workspace is told of what comes after, and of nothing else.
    conversation = theirs.ids["conversation"]
    posted = await theirs.visitor.post("A word of the others", "m2")
    await theirs.visitor.bot_answer(posted["seq"])
    assert (await theirs.owner.act(conversation, "claim"))[0] == 200
    assert (await theirs.owner.act(conversation, "release"))[0] == 200
    counted = {"conversation_id": conversation, "type": "conversation.released"}
    await until(lambda: world.database["analytics_events"].count_documents(counted) == 1)
    mine = world.tenants["demo"].ids["conversation"]
    assert (await world.people["owner"].act(mine, "claim"))[0] == 200
    for client in clients.values():
        await client.wait(
            lambda f: f["type"] == "conversation.changed" and (f.get("conversation") or f).get("id") == mine
        )
        assert [secret for secret in theirs.secrets() if secret in json.dumps(client.frames)] == [
            conversation
        ]
        echoes = [frame for frame in client.frames if conversation in json.dumps(frame)]
        assert {frame["type"] for frame in echoes} <= {"unsubscribed"}
        await client.close()
    assert (await world.people["owner"].act(mine, "release"))[0] == 200


async def _answer(client: OperatorClient, kind: str, fields: dict[str, Any], conversation: str) -> str:
    filled = json.loads(json.dumps(fields).replace("{id}", conversation))
    ref = f"{kind}-{len(client.frames)}"
    await client.send({"type": kind, **filled, "ref": ref})
    answer = await client.wait(lambda f: f.get("ref") == ref)
    return json.dumps({**answer, "ref": None}).replace(conversation, "{id}")


@pytest.mark.parametrize("known", [True, False])
async def test_a_visitors_token_opens_nothing_in_another_workspace(world: TwoWorkspaces, known: bool):
    await until(world.settled)
    theirs = world.tenants["other"]
    theirs.mark()
    before = world.snapshot()["other"]
    visitor = VisitorClient(world.baton.url, "demo")
    visitor.token = theirs.ids["token"] if known else "x" * len(theirs.ids["token"])
    stale = visitor.token
    ready = await visitor.hello()
    assert visitor.token != stale
    assert (ready["entries"], ready["seq"], ready.get("reset", False)) == ([], 0, False)
    for kind, fields in VISITOR_FRAMES.items():
        if kind != "hello":
            await visitor.send({"type": kind, **fields, "ref": kind})
    for kind in ("person.request", "team", "lead.submit", "ping"):
        await visitor.wait(lambda f, kind=kind: f.get("ref") == kind)
    await visitor.wait("message.ack")
    await visitor.close()
    await until(world.settled)
    assert [secret for secret in theirs.secrets() - {stale} if secret in json.dumps(visitor.frames)] == []
    assert theirs.heard() == []
    assert _changes("frames", before, world.snapshot()["other"]) == []
    made = world.database["conversations"].find_one({"_id": visitor.conversation_id})
    assert made is not None
    assert made["workspace_id"] == "demo"


async def test_a_socket_needs_a_key_that_exists(world: TwoWorkspaces):
    for key in ("", "demo-", "owner-other"):
        visitor = VisitorClient(world.baton.url, key)
        with pytest.raises(AssertionError, match="closed with 4004"):
            await visitor.hello()
        await visitor.close()


async def test_everybody_gets_of_their_own_what_their_role_allows(world: TwoWorkspaces):
    wrong: list[str] = []
    await until(world.settled)
    before = world.snapshot()["other"]
    for case in TABLE:
        for person in PEOPLE:
            team = world.team() if case.path.startswith(CHANGES_THE_TEAM) and case.method != "GET" else {}
            ids = await world.own(case, person)
            response = await world.ask(case, person, ids)
            expected = case.expected(person)
            if response.code != expected:
                wrong.append(f"{case}: {person} got {response.code} {response.body[:300]!r}, not {expected}")
            if case.who:  # what anyone may ask is public
                wrong += [f"{case}: {person} was told {leak}" for leak in world.leaks(person, response, ids)]
            world.put_back(team)
    assert not wrong, "\n".join(wrong)
    assert _changes("all of it", before, world.snapshot()["other"]) == []
