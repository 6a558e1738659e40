"""Claims: 1,000 at once for one conversation, and 1,000 for 1,000 conversations.

    python -m ops.bench claims [--rounds 5] [--quick]

First against a real `baton serve` over HTTP, by twenty members on a kept connection for each claim; then the
actors alone, without HTTP and without a database. Fails unless each conversation has one winner, and all
others are told who that is.
"""

from __future__ import annotations

import asyncio
import json
import os
import select
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus
from pathlib import Path

import pymongo

from actors.conversation import Surroundings
from actors.directory import Directory
from actors.errors import Code, Refusal
from actors.ids import ConversationId, UserId, VisitorId, WorkspaceId, new_id
from actors.log import Conversation, ConversationKey
from actors.messages import ClaimConversation, Held, Operator, Outcome
from actors.ports import deliver_one_by_one
from actors.roles import Role
from actors.runtime import ask
from handlers.sockets.wire import encode
from ops.bench.baton_desk import KEY, Desk, desk, engine
from ops.bench.harness import BATON, Measure, Sample, Sheet, options, save
from ops.bench.http_wire import HttpWire
from ops.bench.processes import LOAD_CORE, Child
from ops.bench.spread import percentile
from server.clock import LoopTimers, SystemClock
from server.conversations.rows import new_document
from server.store.engine_files import address_of
from tests.support.doubles import HandPlayedBot
from tests.support.memory_journal import MemoryJournal
from tests.support.memory_leads import MemoryLeads

CLAIMS = 1000
MEMBERS = 20
ONE, EACH = "1,000 for one", "1,000 for 1,000"
OVER_HTTP, ACTORS = BATON, "Baton's actors alone"
_ASK_S = 60.0

SHEET = Sheet(
    bench="claims",
    row=4,
    title="Claims, all at once",
    work=f"{CLAIMS:,} claims by {MEMBERS} members arrive together, for one conversation and for as many. "
    "A claim is in the log and the audit log before anybody is told; each loser is told the holder.",
    cases=(ONE, EACH),
    contenders=(OVER_HTTP, ACTORS),
    measures=(
        Measure("seconds", "Until the last is answered", "s", "lower", 3),
        Measure("p50_ms", "Wait for an answer, median", "ms", "lower", 0),
        Measure("server_us", "CPU of the server for a claim", "µs", "lower", 0),
        Measure("engine_us", "CPU of the engine for a claim", "µs", "lower", 0),
        Measure("winners", "Winners", "", "lower", 0),
        Measure("repeated", "Answered “try again” first", "", "lower", 0),
    ),
)


@dataclass(frozen=True)
class Answer:
    """How a claim was answered: won, or not, and who holds the conversation by the answer."""

    conversation: str
    member: str
    won: bool
    holder: str
    waited_s: float


def check(answers: Sequence[Answer], conversations: Sequence[str]) -> int:
    """Give how many winners there are. Raises SystemExit unless each conversation has one, told to all."""
    holders: dict[str, set[str]] = {conversation: set() for conversation in conversations}
    for answer in answers:
        if answer.won != (answer.holder == answer.member):
            raise SystemExit(f"{answer.member} was told that {answer.holder} holds it, won: {answer.won}")
        holders[answer.conversation].add(answer.holder)
    torn = {conversation: found for conversation, found in holders.items() if len(found) != 1}
    if len(answers) != CLAIMS or torn:
        raise SystemExit(f"{len(answers)} answers; not one holder: {dict(list(torn.items())[:3])}")
    return len(holders)


# Over HTTP


class Storm:
    """A connection for each claim; all are sent, then all answers are read."""

    def __init__(self, running: Desk) -> None:
        self._desk = running
        self._epoll = select.epoll()
        self._wires = {wire.sock.fileno(): wire for wire in (HttpWire(running.port) for _ in range(CLAIMS))}
        for wire in self._wires.values():
            self._epoll.register(wire.sock, select.EPOLLIN)
        self.repeated = 0
        """Claims that were answered 503, \"try again\", and were sent again."""

    def rage(self, conversations: Sequence[str]) -> tuple[float, list[Answer]]:
        """Claim: one each, or all the same one. Gives the seconds and the answers."""
        asked: dict[int, tuple[str, int]] = {}
        began = time.perf_counter()
        for number, fd in enumerate(self._wires):
            asked[fd] = (conversations[number % len(conversations)], number % MEMBERS)
            self._claim(fd, *asked[fd])
        answers: list[Answer] = []
        while len(answers) < CLAIMS and time.perf_counter() - began < _ASK_S:
            for fd, _ in self._epoll.poll(1):
                if fd not in asked:  # answered, and now the server hangs up, as nothing more came
                    self._epoll.unregister(fd)
                    continue
                conversation, member = asked[fd]
                try:
                    self._wires[fd].receive()
                except ConnectionError:
                    del asked[fd]
                    fd = self._connect_again(fd)  # noqa: PLW2901 - the same claim on another connection
                    asked[fd] = (conversation, member)
                    self._claim(fd, conversation, member)
                    continue
                if (found := self._wires[fd].take()) is None:
                    continue
                if found[0] == HTTPStatus.SERVICE_UNAVAILABLE:
                    self.repeated += 1
                    self._claim(fd, conversation, member)
                else:
                    del asked[fd]
                    answers.append(
                        _answer(conversation, f"Editor {member}", *found, time.perf_counter() - began)
                    )
        return time.perf_counter() - began, answers

    def _connect_again(self, fd: int) -> int:
        """As a browser does when its connection was closed while it asked; gives the new number."""
        lost = self._wires[fd]
        self._epoll.unregister(lost.sock)
        wire = HttpWire(self._desk.port)
        lost.close()
        self._wires[wire.sock.fileno()] = wire
        del self._wires[fd]
        self._epoll.register(wire.sock, select.EPOLLIN)
        self.repeated += 1
        return wire.sock.fileno()

    def _claim(self, fd: int, conversation: str, member: int) -> None:
        self._desk.claim(self._wires[fd], conversation, self._desk.sessions[member])

    def close(self) -> None:
        """Hang up."""
        for wire in self._wires.values():
            wire.close()


def _answer(conversation: str, member: str, status: int, body: bytes, waited_s: float) -> Answer:
    told = json.loads(body)
    if status == HTTPStatus.OK:
        return Answer(conversation, member, True, told["conversation"]["claimed_by_name"], waited_s)
    if status == HTTPStatus.CONFLICT:
        return Answer(conversation, member, False, told["holder"]["name"], waited_s)
    raise SystemExit(f"a claim was answered {status}: {body[:200]!r}")


def over_http(rounds: int) -> list[Sample]:
    """The real process."""
    samples: list[Sample] = []
    with tempfile.TemporaryDirectory(prefix="baton-bench-") as name:
        folder = Path(name)
        with engine(folder / "engine") as (child, port), desk(port, folder, MEMBERS) as running:
            uri = address_of(port)
            for number in range(1, rounds + 1):
                for case, count in ((ONE, 1), (EACH, CLAIMS)):
                    conversations = _conversations(uri, count)
                    metrics = _stormed(running, child, conversations)
                    _check_kept(uri, conversations)
                    samples.append(Sample(SHEET.bench, case, OVER_HTTP, number, metrics))
                    _show(samples[-1])
    return samples


def _stormed(running: Desk, child: Child, conversations: Sequence[str]) -> dict[str, float]:
    storm = Storm(running)
    before = running.server.cpu_s(), child.cpu_s()
    seconds, answers = storm.rage(conversations)
    after = running.server.cpu_s(), child.cpu_s()
    storm.close()
    return {
        **_metrics(seconds, answers, conversations),
        "repeated": float(storm.repeated),
        "server_us": 1e6 * (after[0] - before[0]) / CLAIMS,
        "engine_us": 1e6 * (after[1] - before[1]) / CLAIMS,
    }


def _conversations(uri: str, count: int) -> list[str]:
    """Conversations that visitors left a moment ago; their actors have to read them."""
    now = datetime.now(UTC)
    made = [new_document(_conversation(KEY, now)) for _ in range(count)]
    with pymongo.MongoClient(uri) as client:
        for start in range(0, count, 250):
            client["baton"]["conversations"].insert_many(made[start : start + 250])
    return [document["_id"] for document in made]


def _check_kept(uri: str, conversations: Sequence[str]) -> None:
    """The log and the audit log have one claim of each."""
    with pymongo.MongoClient(uri) as client:
        database = client["baton"]
        of_these = {"$in": list(conversations)}
        entries = database["messages"].count_documents({"conversation_id": of_these})
        records = database["audit_logs"].count_documents({"_id": {"$in": [f"{c}:1" for c in conversations]}})
    if (entries, records) != (len(conversations), len(conversations)):
        raise SystemExit(f"{len(conversations)} claims: {entries} entries, {records} audit entries")


# The actors alone


async def of_actors(rounds: int) -> list[Sample]:
    """A journal in memory, which answers in the next turn of the loop."""
    samples: list[Sample] = []
    for number in range(1, rounds + 1):
        for case, count in ((ONE, 1), (EACH, CLAIMS)):
            journal = MemoryJournal(bound=CLAIMS * 2)
            keys = [_conversation("bench", datetime.now(UTC)) for _ in range(count)]
            for conversation in keys:
                journal.add(conversation)
            timers = LoopTimers(asyncio.get_running_loop())
            around = Surroundings(
                journal, HandPlayedBot(), SystemClock(), timers, encode, new_id, deliver_one_by_one
            )
            directory = Directory(around, MemoryLeads(journal))
            cpu, began = time.process_time(), time.perf_counter()
            answers = await asyncio.gather(
                *(_ask(directory, keys[n % count].key, n % MEMBERS, began) for n in range(CLAIMS))
            )
            seconds = time.perf_counter() - began
            metrics = _metrics(seconds, answers, [each.key.conversation_id for each in keys])
            metrics["server_us"] = 1e6 * (time.process_time() - cpu) / CLAIMS
            directory.stop()
            samples.append(Sample(SHEET.bench, case, ACTORS, number, metrics))
            _show(samples[-1])
    return samples


async def _ask(directory: Directory, key: ConversationKey, member: int, began: float) -> Answer:
    operator = Operator(UserId(f"u{member}"), f"Editor {member}", Role.EDITOR)
    ref = directory.conversation(key)
    outcome: Outcome = await ask(ref.tell, lambda to: ClaimConversation(operator, to), _ASK_S)
    waited_s = time.perf_counter() - began
    if isinstance(outcome, Held) and outcome.standing.holder:
        return Answer(key.conversation_id, operator.name, True, outcome.standing.holder.name, waited_s)
    if isinstance(outcome, Refusal) and outcome.code is Code.ALREADY_CLAIMED and outcome.holder:
        return Answer(key.conversation_id, operator.name, False, outcome.holder.name, waited_s)
    raise SystemExit(f"a claim was answered {outcome}")


def _conversation(workspace: str, now: datetime) -> Conversation:
    key = ConversationKey(WorkspaceId(workspace), ConversationId(new_id()))
    return Conversation(key, VisitorId(new_id()), "Visitor 4F2K", now)


def _metrics(seconds: float, answers: Sequence[Answer], conversations: Sequence[str]) -> dict[str, float]:
    waits = [1000 * answer.waited_s for answer in answers]
    winners = float(check(answers, conversations))
    return {"seconds": seconds, "p50_ms": percentile(waits, 50), "winners": winners}


def _show(sample: Sample) -> None:
    shown = "  ".join(f"{name} {value:,.3f}" for name, value in sample.metrics.items())
    print(f"{sample.round}  {sample.contender:<20} {sample.case:<16} {shown}", flush=True)


def main(argv: Sequence[str]) -> int:
    """Run; a broken promise ends it with an error."""
    arguments = options(__doc__).parse_args(argv)
    rounds = 1 if arguments.quick else arguments.rounds
    if (os.cpu_count() or 1) > LOAD_CORE:
        os.sched_setaffinity(0, {LOAD_CORE})
    samples = [*over_http(rounds), *asyncio.run(of_actors(rounds))]
    if not arguments.quick:
        print("kept in", save(SHEET, samples))
    return 0
