"""Workspaces full of conversations, loaded once for each version of their shape and copied for each run."""

from __future__ import annotations

import hashlib
import os
import random
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import TypeVar

from actors.analytics import EntryEvents, Event, lead_captured, started
from actors.ids import ConversationId, LeadId, UserId, VisitorId, WorkspaceId
from actors.lead import Lead, LeadFields, LeadSource
from actors.lead_state import LeadPlan
from actors.log import Author, Conversation, ConversationKey, Entry, EntryType, Page, Speaker, standing_of
from actors.roles import Role
from server.analytics.log import AnalyticsLog, event_document
from server.analytics.overview import StoreAnalytics
from server.audit.audit import AuditLog, AuditRecord
from server.clock import SystemClock
from server.conversations.checkpoint import Checkpoint
from server.conversations.engaged_at import EngagedAt
from server.conversations.entries import entry_document
from server.conversations.rows import new_document, summary_of
from server.leads.documents import lead_document
from server.people.accounts import Account, Accounts
from server.people.members import Membership
from server.people.passwords import Passwords
from server.search.search import Search
from server.search.word_store import VERSION as WORDS
from server.store.database import Database, Document
from server.store.derived_ids import visitor_name
from server.store.embedded import EmbeddedEngine
from server.store.mongo import connect, ensure_indexes
from server.workspaces.tags import Tag, Tags
from server.workspaces.workspaces import AgentPersona, Workspace

SHAPE = 1
"""To be counted up when what is loaded changes."""

EMAIL, PASSWORD = "owner@bench.test", "bench-password"
USER = UserId("bench-owner")
COMMON, RARE, ABSENT = "parcel", "zeppelin", "quixotry"
"""Words in about a third of the conversations with messages, in three of each workspace, and in none."""

_KEPT_FOR = timedelta(days=7)  # what is older has no activity in the last days any more
_BATCH = 500
_AUDITED = 50_000
_WORDS = """
order refund invoice delivery size colour return exchange address account password email card
payment discount voucher stock shirt shoes jacket blue green red large small broken missing late
early today tomorrow monday friday week month question answer help person please thanks hello change
cancel confirm number tracking courier warehouse shop store online gift wrap receipt tax price
cheaper total currency country customs express standard free shipping minimum basket checkout error
page app phone login reset
""".split()  # noqa: SIM905 - a list of eighty lines reads worse

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Shape:
    """A workspace. `talks(n)` is how many messages conversation `n` has, `age(n)` how old it is."""

    name: str
    count: int
    age: Callable[[int], timedelta]
    talks: Callable[[int], int]

    @property
    def id(self) -> WorkspaceId:
        """The workspace's id."""
        return WorkspaceId(f"{self.name}-{self.count}")

    @property
    def few_tag(self) -> str:
        """A tag that forty conversations bear."""
        return f"few-{self.id}"

    @property
    def many_tag(self) -> str:
        """A tag that a third of them bear."""
        return f"many-{self.id}"

    @property
    def visitor(self) -> str:
        """What a visitor in the middle is called, who left no name."""
        return visitor_name(self.visitor_id(self.count // 2 + 1))

    def visitor_id(self, n: int) -> VisitorId:
        """Whose conversation `n` is."""
        return VisitorId(_id(f"visitor {self.id}:{n}"))


def _usual(name: str, count: int, span: timedelta) -> Shape:
    return Shape(name, count, lambda n: span * n / count, lambda n: (0, 5, 9, 0, 7)[n % 5])


def _rare(name: str, count: int, every: int) -> Shape:
    # The newest are empty: who looks for engaged ones has to pass them.
    span = timedelta(days=90)
    return Shape(name, count, lambda n: span * n / count, lambda n: 2 if n % every == every - 1 else 0)


SIZES = (1_000, 10_000, 100_000)
PLAIN: Sequence[Shape] = tuple(_usual("spread", count, timedelta(days=90)) for count in SIZES)
ADVERSE: Sequence[Shape] = tuple(
    shape
    for count in (5_000, 25_000)  # of whose hundredths a page is filled
    for shape in (
        replace(_usual("hour", count, timedelta(hours=1)), talks=lambda n: n % 2),
        replace(_usual("years", count, timedelta(days=3 * 365)), talks=lambda n: n % 2),
        _rare("drive-by", count, 100),
        _rare("lost", count, count),
    )
)


async def prepared(name: str, shapes: Sequence[Shape]) -> tuple[Path, float]:
    """A data directory with these workspaces, made if need be, and the seconds that making it took."""
    folder = _cache() / f"{name}-{_digest(shapes)}-{SHAPE}-{WORDS}"
    built = folder / "built"
    if built.exists() and time.time() - built.stat().st_mtime < _KEPT_FOR.total_seconds():
        return folder, float(built.read_text("ascii"))
    shutil.rmtree(folder, ignore_errors=True)
    began = time.monotonic()
    await _build(folder, shapes)
    took_s = time.monotonic() - began
    built.write_text(f"{took_s:.0f}", "ascii")
    return folder, took_s


def copied(prepared_folder: Path, where: Path) -> Path:
    """A copy to work on."""
    ignored = shutil.ignore_patterns("built", "*.log", "*.pid", "*.uri")
    shutil.copytree(prepared_folder, where, ignore=ignored)
    return where


def _cache() -> Path:
    cache = Path(os.environ.get("BATON_BENCH_CACHE") or Path(tempfile.gettempdir()) / "baton-bench")
    cache.mkdir(parents=True, exist_ok=True)
    return cache


async def _build(folder: Path, shapes: Sequence[Shape]) -> None:
    engine = EmbeddedEngine(folder)
    # A write that takes long while we load as fast as we can must be neither tried twice nor given up.
    patient = "socketTimeoutMS=120000&connectTimeoutMS=120000&heartbeatFrequencyMS=120000"
    connection = await connect(f"{await engine.start()}&{patient}", "baton")
    try:
        await ensure_indexes(connection.database)
        await _people(connection.database, shapes)
        for number, shape in enumerate(shapes):
            await _Loader(connection.database, shape, number).load()
        # As a server leaves it that was there all along.
        await StoreAnalytics(
            connection.database, AnalyticsLog(connection.database), SystemClock()
        ).count_finished()
        await Checkpoint(connection.database).advance(None)
        await EngagedAt(connection.database).run()
        search = Search(connection.database, folder)
        await search.start()
        await search.run()
        await search.close()
    finally:
        connection.close()
        await engine.stop()


async def _people(database: Database, shapes: Sequence[Shape]) -> None:
    now, passwords = datetime.now(UTC), Passwords()
    accounts = Accounts(database, passwords)
    await accounts.create_hashed(Account(USER, EMAIL, "Olivia"), await passwords.hash(PASSWORD), now)
    passwords.close()
    for shape in shapes:
        name = shape.id
        await accounts.workspaces.create(
            Workspace(name, name, name, name, AgentPersona("Bea", "Hello."), ("*",)), now
        )
        await accounts.members.add(Membership(name, USER, Role.OWNER, now))


class _Loader:
    """Makes one workspace's documents and writes them, many at once."""

    def __init__(self, database: Database, shape: Shape, number: int) -> None:
        self._database = database
        self._shape = shape
        self._random = random.Random(number)  # noqa: S311 - the same data each time, no secret
        self._now = datetime.now(UTC).replace(microsecond=0)
        self._leads = 0

    async def load(self) -> None:
        """Write everything."""
        numbers = iter(range(self._shape.count))
        while some := list(islice(numbers, _BATCH)):
            await self._write([self._conversation(n) for n in reversed(some)])
        tags = Tags(self._database, self._shape.id)
        for tag in (self._shape.few_tag, self._shape.many_tag):
            await tags.make(Tag(tag, tag, "blue"), self._now)
        await self._database["lead_feeds"].insert_one({"_id": self._shape.id, "seq": self._leads})
        await self._audit()

    async def _write(self, made: Sequence[_Made]) -> None:
        await self._insert("conversations", [each.document for each in made])
        await self._insert("messages", [d for each in made for d in each.messages])
        await self._insert("leads", [each.lead for each in made if each.lead])
        await self._insert("analytics_events", [event_document(e) for each in made for e in each.events])

    async def _insert(self, collection: str, documents: Sequence[Document]) -> None:
        for some in _batches(documents):
            await self._database[collection].insert_many(some, ordered=False)

    def _conversation(self, n: int) -> _Made:
        shape = self._shape
        name = f"{shape.id}:{n}"
        key = ConversationKey(shape.id, ConversationId(_id(name)))
        talks, ended = shape.talks(n), self._now - shape.age(n)
        visitor_id = shape.visitor_id(n)
        page = Page(f"https://shop.example/{self._word()}/{n % 97}", f"Shop: {self._word()}")
        begun = ended - timedelta(minutes=talks)
        conversation = Conversation(key, visitor_id, visitor_name(visitor_id), begun, page)
        entries = [self._entry(n, seq, begun + timedelta(minutes=seq)) for seq in range(1, talks + 1)]
        entries += self._ends(n, talks + 1, ended)
        events = [started(key, begun), *EntryEvents().of(key, entries)]
        document = new_document(conversation) | summary_of(standing_of(conversation, entries))
        document["tag_ids"] = [
            tag for tag, step in ((shape.many_tag, 3), (shape.few_tag, shape.count // 40)) if n % step == 0
        ]
        lead = self._lead(key, n, ended, page) if talks and n % 5 == 1 else None
        if lead:
            document["has_lead"] = True
            events.append(lead_captured(key, LeadId(lead["_id"]), ended))
        return _Made(document, [entry_document(key, entry) for entry in entries], events, lead)

    def _ends(self, n: int, seq: int, at: datetime) -> list[Entry]:
        """Twenty conversations of each workspace wait, are ours, or others'."""
        match (n - 1) * 60 / self._shape.count % 3:
            case 0:
                return [Entry(seq, EntryType.WAITING, at, f"w{n}", author=Author("v", "Visitor"))]
            case 1:
                return [Entry(seq, EntryType.CLAIMED, at, f"w{n}", author=Author(USER, "Olivia"))]
            case 2:
                return [Entry(seq, EntryType.CLAIMED, at, f"w{n}", author=Author("other", "Omar"))]
            case _:
                return []

    def _entry(self, n: int, seq: int, at: datetime) -> Entry:
        role = Speaker.VISITOR if seq % 2 else Speaker.BOT
        return Entry(
            seq,
            EntryType.MESSAGE,
            at,
            f"w{n}-{seq}",
            role,
            self._text(n, seq),
            known=True if seq % 2 == 0 else None,
        )

    def _text(self, n: int, seq: int) -> str:
        text = [self._word() for _ in range(8)]
        if seq == 1 and n % 5 in {1, 2}:
            text[3] = COMMON if n % 2 else text[3]
            if n in {self._shape.count // 5 * part + 1 for part in (0, 2, 4)}:
                text[5] = RARE
        return " ".join(text)

    def _word(self) -> str:
        return self._random.choice(_WORDS)

    def _lead(self, key: ConversationKey, n: int, at: datetime, page: Page) -> Document:
        self._leads += 1
        fields = LeadFields(
            name=f"Ann {_id(f'name {n}')[:6]}", email=f"customer{n}@mail.example", message=self._text(n, 0)
        )
        lead = Lead(LeadId(_id(f"lead {key}")), key, fields, LeadSource.FORM, at, seq=self._leads, page=page)
        document = lead_document(LeadPlan(lead, ()))
        del document["jobs"]
        return {**document, "jobs_pending": False}

    async def _audit(self) -> None:
        audit = AuditLog(self._database)
        count = min(_AUDITED, self._shape.count // 2)
        records = (
            AuditRecord(
                _id(f"audit {self._shape.id} {n}"),
                self._now,
                USER,
                "conversation.claimed",
                "conversation",
                f"c{n}",
            )
            for n in range(count)
        )
        while some := list(islice(records, _BATCH)):
            await audit.append_all([(self._shape.id, record) for record in some])
        await audit.close()


@dataclass(frozen=True, slots=True)
class _Made:
    document: Document
    messages: Sequence[Document]
    events: Sequence[Event]
    lead: Document | None


def _batches(items: Sequence[T]) -> Iterator[Sequence[T]]:
    for start in range(0, len(items), _BATCH):
        yield items[start : start + _BATCH]


def _id(name: str) -> str:
    return hashlib.sha256(name.encode()).hexdigest()[:22]


def _digest(shapes: Sequence[Shape]) -> str:
    return _id(" ".join(shape.id for shape in shapes))[:8]
