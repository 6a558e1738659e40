"""What the edge needs from inside, in memory: members, visitors, lists. Each can be taken away."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from itertools import count

from actors.ids import ConversationId, UserId, VisitorId, WorkspaceId
from actors.log import Conversation, ConversationKey, Entry, Origin, Page, Visited, standing_of
from actors.roles import Role
from handlers.ports import (
    Account,
    Agent,
    Arrival,
    BadCursorError,
    ConversationQuery,
    Membership,
    Row,
    RowPage,
    Session,
    SignedIn,
    TooManyAttempts,
    UnavailableError,
    Visit,
    VisitorFacts,
    Workspace,
)
from tests.support.memory_journal import MemoryJournal

PASSWORD = "baton-demo"
DEMO = Workspace(WorkspaceId("demo"), "demo", "demo", "Demo", Agent("Nora", "Hi!"), ("*",))
OTHER = Workspace(
    WorkspaceId("other"),
    "other",
    "other",
    "Other",
    Agent("Otto"),
    ("https://shop.example", "http://a.test:81"),
)
ROLES = (Role.OWNER, Role.ADMIN, Role.EDITOR, Role.VIEWER)


class _Away:
    available = True

    def _reach(self) -> None:
        if not self.available:
            raise UnavailableError("away")


class MemoryGate(_Away):
    """`handlers.ports.Gate`: one member of the demo for each role, a pending one, and the other's owner."""

    def __init__(self) -> None:
        self.accounts = {
            name: Account(UserId(f"u-{name}"), f"{name}@demo.test", name.title())
            for name in (*ROLES, "pending", "second", "both")
        }
        self.accounts["other"] = Account(UserId("u-other"), "owner@other.test", "Omar")
        self.places: dict[UserId, list[Membership]] = {
            self.accounts[role].user_id: [Membership(DEMO, role)] for role in ROLES
        }
        self.places[UserId("u-second")] = [Membership(DEMO, Role.EDITOR)]
        self.places[UserId("u-both")] = [Membership(DEMO, Role.EDITOR), Membership(OTHER, Role.VIEWER)]
        self.places[UserId("u-other")] = [Membership(OTHER, Role.OWNER)]
        self.sessions: dict[str, UserId] = {}
        self.locked_for_s = 0.0
        self._numbers = count(1)

    async def sign_in(self, email: str, password: str, origin: Origin) -> SignedIn | TooManyAttempts | None:
        self._reach()
        if self.locked_for_s:
            return TooManyAttempts(self.locked_for_s)
        account = next((a for a in self.accounts.values() if a.email == email), None)
        if account is None or password != PASSWORD:
            return None
        token = f"t{next(self._numbers)}"
        self.sessions[token] = account.user_id
        return SignedIn(token, account, tuple(self.places.get(account.user_id, ())))

    async def session(self, token: str, workspace_id: WorkspaceId | None) -> Session | None:
        self._reach()
        user_id = self.sessions.get(token)
        if user_id is None:
            return None
        account = next(a for a in self.accounts.values() if a.user_id == user_id)
        places = self.places.get(user_id, [])
        wanted = [place for place in places if place.workspace.id == workspace_id]
        return Session(f"s-{token}", account, next(iter(wanted or places), None))

    async def sign_out(self, session_id: str) -> None:
        self._reach()
        self.sessions.pop(session_id.removeprefix("s-"), None)

    def set_role(self, user_id: str, role: Role) -> None:
        place = self.places[UserId(user_id)][0]
        self.places[UserId(user_id)] = [replace(place, role=role)]


class MemoryWidgets(_Away):
    """`handlers.ports.Widgets`: conversations begin in the journal."""

    def __init__(self, journal: MemoryJournal) -> None:
        self._journal = journal
        self._numbers = count(1)
        self.visits: dict[str, Visit] = {}
        self.pages: list[Page] = []
        self._where: dict[str, str] = {}
        self.user_agents: list[str] = []
        self.active: list[ConversationId] = []

    async def workspace(self, key: str) -> Workspace | None:
        self._reach()
        return {workspace.key: workspace for workspace in (DEMO, OTHER)}.get(key)

    async def visit(self, workspace: Workspace, arrival: Arrival) -> Visit:
        self._reach()
        known, page = self.visits.get(arrival.token or ""), arrival.page
        if known is not None and known.key.workspace_id == workspace.id:
            moved = bool(page.url) and page.url != self._where.get(known.token)
            self._where[known.token] = page.url or self._where.get(known.token, "")
            now = datetime.now(UTC)
            return replace(known, visited=Visited(page.url, page.title, now) if moved else None)
        number = next(self._numbers)
        key = ConversationKey(workspace.id, ConversationId(f"c{number}"))
        visitor = VisitorId(f"v{number}")
        self._journal.add(
            Conversation(
                key,
                visitor,
                f"Visitor {number}",
                datetime.now(UTC),
                page,
                language=arrival.language,
                time_zone=arrival.time_zone,
            )
        )
        visit = Visit(key, f"token-{number}", created=True)
        self.visits[visit.token] = replace(visit, created=False)
        self.pages.append(page)
        self._where[visit.token] = page.url
        self.user_agents.append(arrival.user_agent)
        return visit

    def moved(self, conversation_id: ConversationId, page: Page) -> Visited | None:
        del conversation_id
        self.pages.append(page)
        return Visited(page.url, page.title, datetime.now(UTC)) if page.url else None

    def gone(self, conversation_id: ConversationId) -> None:
        self.visits = {t: v for t, v in self.visits.items() if v.key.conversation_id != conversation_id}

    def seen(self, conversation_id: ConversationId) -> None:
        self.active.append(conversation_id)


@dataclass
class MemoryReading(_Away):
    """`handlers.ports.Reading` over what the journal has."""

    journal: MemoryJournal
    seen_all: dict[tuple[WorkspaceId, UserId], datetime] = field(
        default_factory=dict[tuple[WorkspaceId, UserId], datetime]
    )

    async def conversations(
        self, workspace_id: WorkspaceId, query: ConversationQuery, after: str | None = None
    ) -> RowPage:
        self._reach()
        self._check(after)
        stored = [s for s in self.journal.logs.values() if s.conversation.key.workspace_id == workspace_id]
        rows = [Row(s.conversation, standing_of(s.conversation, s.entries)) for s in stored]
        shown = [row for row in rows if query.show == "all" or row.standing.user_message_count]
        return RowPage(tuple(shown), None, any=bool(rows))

    async def visitor(self, key: ConversationKey) -> VisitorFacts | None:
        self._reach()
        stored = self.journal.logs.get(key.conversation_id)
        known = stored is not None and stored.conversation.key == key
        return (
            VisitorFacts(stored.conversation.created_at, 1, "Firefox/1 Linux") if stored and known else None
        )

    async def mark_seen(self, key: ConversationKey, user_id: UserId, seq: int) -> bool:
        self._reach()
        stored = self.journal.logs.get(key.conversation_id)
        if stored is None or stored.conversation.key != key:
            return False
        stored.conversation = replace(stored.conversation, seen={**stored.conversation.seen, user_id: seq})
        return True

    async def seen_upto(self, workspace_id: WorkspaceId, user_id: UserId) -> datetime | None:
        self._reach()
        return self.seen_all.get((workspace_id, user_id))

    async def mark_all_seen(self, workspace_id: WorkspaceId, user_id: UserId, at: datetime) -> None:
        self._reach()
        self.seen_all[workspace_id, user_id] = at

    async def waiting(self, workspace_id: WorkspaceId) -> tuple[ConversationId, ...]:
        self._reach()
        stored = [s for s in self.journal.logs.values() if s.conversation.key.workspace_id == workspace_id]
        waiting = [s for s in stored if standing_of(s.conversation, s.entries).waiting_since]
        return tuple(each.conversation.key.conversation_id for each in waiting)

    async def newest(self, key: ConversationKey, limit: int) -> tuple[Entry, ...]:
        self._reach()
        return tuple(self._entries(key)[-limit:])

    async def after(self, key: ConversationKey, seq: int, limit: int) -> tuple[Entry, ...]:
        self._reach()
        return tuple(entry for entry in self._entries(key) if entry.seq > seq)[:limit]

    def _entries(self, key: ConversationKey) -> list[Entry]:
        stored = self.journal.logs.get(key.conversation_id)
        return stored.entries if stored and stored.conversation.key == key else []

    def _check(self, cursor: str | None) -> None:
        if cursor is not None and cursor != "now":
            raise BadCursorError("That page does not exist.")


@dataclass
class MemoryHealth:
    """`handlers.ports.Health`."""

    found: tuple[str, ...] = ()

    def problems(self) -> tuple[str, ...]:
        return self.found

    def metrics(self) -> str:
        return "# TYPE baton_connections gauge\nbaton_connections 0\n"
