"""Delete 10,000 empty conversations while people chat, and see what their messages wait for.

    python -m ops.bench cleanup [--empty 10000] [--chats 20] [--rate 20] [--before 15]

Starts a server of its own on the embedded engine, with a data directory that goes with it. Prints p50 and
p99 of acks before and during, their ratio, how `/healthz` answered, and whether anything was left or lost.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import statistics
import tempfile
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tornado.httpclient import AsyncHTTPClient

from actors.ids import ConversationId, VisitorId, WorkspaceId, new_id
from actors.log import Conversation, ConversationKey
from server.conversations.rows import new_document
from tests.support.process import BatonProcess
from tests.support.wire_clients import OperatorClient, VisitorClient


@dataclass
class Waits:
    """How long answers took, in ms."""

    acks: list[float] = field(default_factory=list[float])
    healthz: list[float] = field(default_factory=list[float])
    unhealthy: int = 0


class Chats:
    """Visitors who write at a steady rate, whatever the answers take, and somebody who asks for health."""

    def __init__(self, url: str, visitors: Sequence[VisitorClient], rate_per_s: float) -> None:
        self._url = url
        self._visitors = visitors
        self._every_s = 1 / rate_per_s
        self._tasks: set[asyncio.Task[None]] = set()
        self.posted = 0
        self.waits = Waits()

    @asynccontextmanager
    async def going_on(self) -> AsyncIterator[None]:
        """They write for as long as the block lasts, and wait for their acks after it."""
        loops = [asyncio.create_task(self._write()), asyncio.create_task(self._ask())]
        try:
            yield
        finally:
            for loop in loops:
                loop.cancel()
            await asyncio.gather(*loops, return_exceptions=True)
            await asyncio.gather(*self._tasks)

    async def _write(self) -> None:
        due = time.monotonic()
        while True:
            visitor = self._visitors[self.posted % len(self._visitors)]
            self.posted += 1
            task = asyncio.create_task(self._post(visitor, f"m{self.posted}", self.waits.acks))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
            due += self._every_s
            await asyncio.sleep(max(0.0, due - time.monotonic()))

    async def _post(self, visitor: VisitorClient, client_id: str, waits: list[float]) -> None:
        began = time.monotonic()
        await visitor.post("Hello, is my parcel on its way?", client_id)
        waits.append(1000 * (time.monotonic() - began))

    async def _ask(self) -> None:
        while True:
            began = time.monotonic()
            answer = await AsyncHTTPClient().fetch(f"{self._url}/healthz", raise_error=False)
            self.waits.healthz.append(1000 * (time.monotonic() - began))
            self.waits.unhealthy += answer.code != 200  # noqa: PLR2004 - OK
            await asyncio.sleep(0.1)


def fill(baton: BatonProcess, count: int) -> None:
    """Conversations as drive-by visitors leave them."""
    now = datetime.now(UTC)
    with baton.mongo() as client:
        database = client["baton"]
        for start in range(0, count, 500):
            made = [
                _empty(now - timedelta(minutes=number)) for number in range(start, min(count, start + 500))
            ]
            database["conversations"].insert_many([conversation for conversation, _ in made])
            database["visitors"].insert_many([visitor for _, visitor in made])


def _empty(at: datetime) -> tuple[dict[str, object], dict[str, object]]:
    key = ConversationKey(WorkspaceId("demo"), ConversationId(new_id()))
    conversation = Conversation(key, VisitorId(new_id()), "Visitor", at)
    visitor = {"_id": conversation.visitor_id, "workspace_id": "demo", "token_hash": new_id(), "ordinal": 1}
    place = {"conversation_id": key.conversation_id, "created_at": at, "last_seen_at": at}
    return new_document(conversation), {**visitor, **place}


async def measure(arguments: argparse.Namespace, baton: BatonProcess) -> bool:
    """Chat, then chat while deleting; gives whether all is as it should be."""
    print(f"{arguments.empty} empty conversations, {arguments.chats} chats, {arguments.rate}/s", flush=True)
    fill(baton, arguments.empty)
    visitors = [VisitorClient(baton.url) for _ in range(arguments.chats)]
    for visitor in visitors:
        await visitor.hello()
    admin = OperatorClient(baton.url, "admin@demo.test")
    admin.within_s = 300
    await admin.sign_in()
    chats = Chats(baton.url, visitors, arguments.rate)
    async with chats.going_on():
        await asyncio.sleep(arguments.before)
        before, chats.waits = chats.waits, Waits()
        began = time.monotonic()
        await _delete_empty(admin)
        took_s = time.monotonic() - began
    during = chats.waits
    _print("before", before)
    _print("during", during)
    ratio = _percentile(during.acks, 99) / _percentile(before.acks, 99)
    print(f"deleted {arguments.empty} in {took_s:.1f} s; p99 of acks during / before: {ratio:.2f}")
    left, kept = _left(baton), sum(len(visitor.of_type("message.ack")) for visitor in visitors)
    print(f"left {left}; acked {kept} of {chats.posted}; not healthy {during.unhealthy} times")
    for visitor in visitors:
        await visitor.close()
    return not left and kept == chats.posted and not during.unhealthy


async def _delete_empty(admin: OperatorClient) -> None:
    answer = json.loads((await admin.http("POST", "/app/conversations/delete-empty", {})).body)
    while answer.get("left") or answer.get("count"):  # it goes on after its answer
        await asyncio.sleep(1)
        answer = json.loads((await admin.http("GET", "/app/conversations/delete-preview?empty=1")).body)


def _left(baton: BatonProcess) -> int:
    with baton.mongo() as client:
        return client["baton"]["conversations"].count_documents({"user_message_count": 0})


def _print(when: str, waits: Waits) -> None:
    acks = f"p50 {statistics.median(waits.acks):6.1f}  p99 {_percentile(waits.acks, 99):6.1f} ms"
    print(f"{when}: {len(waits.acks):5} acks {acks}   healthz p99 {_percentile(waits.healthz, 99):6.1f} ms")


def _percentile(values: Sequence[float], percent: int) -> float:
    return sorted(values)[min(len(values) - 1, len(values) * percent // 100)]


def main(argv: Sequence[str]) -> int:
    """Run it; gives the exit code."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--empty", type=int, default=10_000)
    parser.add_argument("--chats", type=int, default=20)
    parser.add_argument("--rate", type=float, default=20, help="messages per second")
    parser.add_argument("--before", type=float, default=15, help="seconds of chat before")
    arguments = parser.parse_args(argv)

    async def run() -> bool:
        with tempfile.TemporaryDirectory() as folder:
            async with BatonProcess(Path(folder) / "var") as baton:
                return await measure(arguments, baton)

    if asyncio.run(run()):
        return 0
    print("Something was left, lost or unhealthy.")
    return 1
