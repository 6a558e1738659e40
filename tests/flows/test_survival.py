"""`kill -9` under load, of the server and of its database: nothing acknowledged is lost, doubled or moved."""

from __future__ import annotations

import asyncio
import json
import os
import random
import signal
import socket
import sqlite3
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest

from tests.support.ledger import Ledger, check
from tests.support.process import BatonProcess, reserved_port
from tests.support.wire_clients import OperatorClient, VisitorClient

VISITORS = 12
MESSAGES = 25


class Talker:
    """A visitor who writes on and on, reconnects whenever it is cut off, and sends again what has no ack."""

    def __init__(self, url, name, ledger):
        self.client = VisitorClient(url)
        self.name = name
        self.ledger = ledger
        self.seen = 0

    async def arrive(self):
        ready = await self.client.hello()
        self.client.frames.clear()
        assert ready["seq"] == 0

    async def talk(self):
        for n in range(MESSAGES):
            client_id, text = f"{self.name}-{n}", f"{self.name} says {n}"
            self.ledger.send(self.client.conversation_id, client_id, text)
            await self.send_until_acked(client_id, text)

    async def send_until_acked(self, client_id, text):
        while True:
            try:
                ack = await self.client.post(text, client_id)
            except (AssertionError, TimeoutError, OSError):
                await self.come_back()
            except Exception as error:
                if "closed" not in type(error).__name__.lower():
                    raise
                await self.come_back()
            else:
                self.ledger.ack(self.client.conversation_id, client_id, ack["seq"])
                return

    async def come_back(self):
        self.take_in()
        await self.client.close()
        while True:
            try:
                ready = await self.client.hello(after=self.seen)
            except (OSError, AssertionError, TimeoutError):
                await asyncio.sleep(random.uniform(0.05, 0.3))
            else:
                assert not ready.get("reset")
                for entry in ready["entries"]:
                    self.note(entry)
                return

    def take_in(self):
        """Read what arrived since the last time."""
        for frame in self.client.frames:
            if frame["type"] == "message.posted":
                self.note(frame["message"])
            elif "seq" in frame and frame["type"].startswith("conversation."):
                self.seen = max(self.seen, frame["seq"])
        self.client.frames.clear()

    def note(self, entry):
        if entry["seq"] <= self.seen:
            return
        assert entry["seq"] == self.seen + 1, "a hole"
        self.seen = entry["seq"]
        if entry["type"] == "message":
            self.ledger.receive(self.client.conversation_id, self.name, entry["seq"], entry["text"])


async def stored_logs(baton):
    with baton.mongo() as client:
        logs = {}
        for entry in client["baton"]["messages"].find().sort([("conversation_id", 1), ("seq", 1)]):
            logs.setdefault(entry["conversation_id"], []).append(entry)
        return logs


async def finish(baton, talkers, ledger):
    """Let every talker catch up with what is stored, then compare."""
    stored = {}
    for _ in range(50):
        stored = await stored_logs(baton)
        for talker in talkers:
            await talker.come_back()
        stored, before = await stored_logs(baton), stored
        if all(len(stored[t.client.conversation_id]) == t.seen for t in talkers) and stored == before:
            break
    report = check(ledger, stored)
    assert report.clean, str(report)
    assert sum(len(acks) for acks in ledger.acked.values()) == VISITORS * MESSAGES


@pytest.fixture
async def stage(tmp_path):
    async with BatonProcess(tmp_path / "var") as baton:
        ledger = Ledger()
        talkers = [Talker(baton.url, f"v{n}", ledger) for n in range(VISITORS)]
        for talker in talkers:
            await talker.arrive()
        yield baton, talkers, ledger
        for talker in talkers:
            await talker.client.close()


@pytest.mark.slow
async def test_killing_the_server_again_and_again_loses_nothing(stage):
    baton, talkers, ledger = stage
    talking = asyncio.gather(*(talker.talk() for talker in talkers))
    for wanted in (30, 120, 220):
        while sum(len(acks) for acks in ledger.acked.values()) < wanted and not talking.done():
            await asyncio.sleep(0.01)
        await baton.kill()
        await baton.start()
    await talking
    await finish(baton, talkers, ledger)


@pytest.mark.slow
async def test_killing_the_database_under_load_loses_nothing(stage):
    baton, talkers, ledger = stage
    talking = asyncio.gather(*(talker.talk() for talker in talkers))
    for wanted in (30, 150):
        while sum(len(acks) for acks in ledger.acked.values()) < wanted and not talking.done():
            await asyncio.sleep(0.01)
        os.kill(baton.engine_pid, signal.SIGKILL)
        await asyncio.sleep(0.1)
        await baton.until_ready()
    await talking
    await finish(baton, talkers, ledger)


async def test_a_claim_survives_the_server(stage):
    baton, talkers, _ = stage
    editor = OperatorClient(baton.url, "editor@demo.test")
    await editor.sign_in()
    conversation = talkers[0].client.conversation_id
    assert (await editor.act(conversation, "claim"))[0] == 200
    await baton.kill()
    await baton.start()
    admin = OperatorClient(baton.url, "admin@demo.test")
    await admin.sign_in()
    status, body = await admin.act(conversation, "claim")
    assert (status, body["holder"]["name"]) == (409, "Edith Novak")
    assert (await editor.act(conversation, "release"))[0] == 200, "the session survives too"


def test_nobody_takes_the_port_of_a_server_that_is_to_come_back():
    with reserved_port() as held, socket.socket() as other, pytest.raises(OSError, match="in use"):
        other.bind(held.getsockname())


@contextmanager
def nothing_searchable_is_written(baton):
    """Keep the server from writing words, as if it were about to."""
    file = sqlite3.connect(baton.data_dir / "search.sqlite", isolation_level=None)
    file.execute("BEGIN IMMEDIATE")
    try:
        yield
    finally:
        file.close()


async def long_ago(baton):
    """Let all that is there have happened before what a start looks through."""
    with baton.mongo() as client:
        for name, field in (
            ("messages", "created_at"),
            ("leads", "captured_at"),
            ("conversations", "last_activity_at"),
        ):
            client["baton"][name].update_many({}, {"$set": {field: datetime.now(UTC) - timedelta(hours=3)}})


@pytest.mark.slow
async def test_what_was_changed_just_before_a_kill_is_found(tmp_path):
    async with BatonProcess(tmp_path / "var") as baton:
        lead = {"type": "lead.submit", "source": "form", "email": "zoe@example.com"}
        admin = OperatorClient(baton.url, "admin@demo.test")
        await admin.sign_in()
        tag = json.loads((await admin.http("POST", "/app/tags", {"name": "Urgent", "colour": "red"})).body)[
            "tag"
        ]
        writes, leaves, told = (VisitorClient(baton.url) for _ in range(3))
        for visitor in (writes, leaves, told):
            await visitor.hello()
            await visitor.post("Hello", "c1")
            await visitor.bot_answer(1)
        await leaves.ask({**lead, "name": "Ann"}, "lead.ack")
        await baton.stop()
        await baton.start()
        await long_ago(baton)
        with nothing_searchable_is_written(baton):
            for visitor in (writes, leaves):
                await visitor.hello(after=99)
            await writes.post("My zeppelin is late", "c2")
            assert (await leaves.ask({**lead, "name": "Quentin"}, "lead.ack"))["updated"]
            user = {"name": "Ida Brandt", "email": "ida@example.com"}
            await admin.http(
                "POST", "/widget/demo/boot", {"token": told.token, "page": told.page, "user": user}
            )
            tags = {"add": [tag["id"]], "remove": []}
            assert (await admin.act(told.conversation_id, "tags", tags))[0] == 200
            await baton.kill()
        await baton.start()

        async def listed(path, what):
            return json.loads((await admin.http("GET", path)).body)[what]

        for query, visitor in (
            ("q=zeppelin", writes),
            ("q=quentin", leaves),
            ("q=ida+brandt", told),
            (f"q=hello&tag={tag['id']}", told),
        ):
            async with asyncio.timeout(15):
                while not (rows := await listed(f"/app/conversations?{query}", "conversations")):
                    await asyncio.sleep(0.05)
            assert [row["id"] for row in rows] == [visitor.conversation_id], query
        assert [each["name"] for each in await listed("/app/inbox?q=quentin", "leads")] == ["Quentin"]
        for visitor in (writes, leaves, told):
            await visitor.close()
