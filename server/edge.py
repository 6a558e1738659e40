"""The repositories as the edge wants them: one call each, in its own words, with its own errors."""

from __future__ import annotations

import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from actors.analytics import Event, started
from actors.ids import ConversationId, UserId, WorkspaceId
from actors.log import ConversationKey, Entry, Origin, Page, Person, Visited
from actors.ports import Clock
from handlers import ports as edge
from handlers.widget.identity import is_person_token, person_of, person_token
from server.audit.trail import Trail
from server.conversations.inbox_queries import ConversationList
from server.conversations.journal import Journal
from server.conversations.seen import mark_seen
from server.conversations.shortcuts import NO_SHORTCUTS, Shortcuts
from server.conversations.transcripts import Transcripts
from server.people.accounts import Account, Accounts
from server.people.members import Members
from server.people.sessions import Sessions
from server.rate_limits import SignInLimits
from server.search.matches import Matches
from server.store import cursors
from server.store.database import TRANSIENT_ERRORS, Database
from server.store.shared_reads import SharedReads
from server.visitors.documents import Arrival
from server.visitors.facts import visitor_facts
from server.visitors.visitors import StoreUnavailableError, Visitors
from server.workspaces.workspaces import Workspace, Workspaces

WORKSPACE_KEPT_S = 5.0
"""How long a workspace's settings may be old for its visitors: a storm of reconnects asks for it once."""

_MOST_KEPT = 1000


@contextmanager
def reaching_the_store() -> Generator[None, None, None]:
    """Turn the store's errors into the edge's."""
    try:
        yield
    except (*TRANSIENT_ERRORS, StoreUnavailableError) as error:
        raise edge.UnavailableError("The database does not answer.") from error
    except cursors.CursorError as error:
        raise edge.BadCursorError(str(error)) from error


class StoreGate:
    """`handlers.ports.Gate` over accounts and sessions."""

    def __init__(
        self,
        *,
        accounts: Accounts,
        sessions: Sessions,
        limits: SignInLimits,
        trail: Trail,
        clock: Clock,
    ) -> None:
        self._accounts = accounts
        self._sessions = sessions
        self._limits = limits
        self._trail = trail
        self._clock = clock
        self._reads = SharedReads(self._read_session)

    async def sign_in(
        self, email: str, password: str, origin: Origin
    ) -> edge.SignedIn | edge.TooManyAttempts | None:
        """Check a password; None when it is wrong or the account unknown."""
        if not self._limits.allow(email, origin.ip):
            return edge.TooManyAttempts(self._limits.retry_after_s(email, origin.ip))
        with reaching_the_store():
            account = await self._accounts.sign_in(email, password)
            if account is None:
                self._trail.sign_in_failed(email, origin)
                return None
            self._limits.succeeded(email, origin.ip)
            return await signed_in(self._accounts, self._sessions, account, origin, self._clock.now())

    async def session(self, token: str, workspace_id: WorkspaceId | None) -> edge.Session | None:
        """Who this token is, and where they work, as it is now."""
        return await self._reads.get((token, workspace_id))

    async def _read_session(self, asked: tuple[str, WorkspaceId | None]) -> edge.Session | None:
        token, workspace_id = asked
        with reaching_the_store():
            user = await self._sessions.authenticate(token, self._clock.now())
            if user is None:
                return None
            account = edge.Account(user.user_id, user.email, user.name)
            place = await self._wanted(user.user_id, workspace_id) if workspace_id else None
            if place is None:
                place = next(iter(await places_of(self._accounts, user.user_id)), None)
            return edge.Session(user.session_id, account, place)

    async def sign_out(self, session_id: str) -> None:
        """End a session."""
        with reaching_the_store():
            await self._sessions.revoke(session_id)

    async def _wanted(self, user_id: UserId, workspace_id: WorkspaceId) -> edge.Membership | None:
        membership = await self._accounts.membership(user_id, workspace_id)
        workspace = await self._accounts.workspaces.workspace(workspace_id) if membership else None
        return (
            edge.Membership(edge_workspace(workspace), membership.role) if membership and workspace else None
        )


@dataclass(slots=True)
class _Kept:
    workspace: edge.Workspace
    until: float


class StoreWidgets:
    """`handlers.ports.Widgets` over workspaces and visitors."""

    def __init__(
        self,
        workspaces: Workspaces,
        visitors: Visitors,
        clock: Clock,
        note: Callable[[Event], object] | None = None,
        began: Callable[[ConversationKey, datetime], None] | None = None,
        *,
        named: Callable[[ConversationKey, datetime, Person], None] | None = None,
    ) -> None:
        self._workspaces = workspaces
        self._visitors = visitors
        self._clock = clock
        self._note = note
        self._began = began
        self._named = named
        self._kept: dict[str, _Kept] = {}

    async def workspace(self, key: str) -> edge.Workspace | None:
        """The workspace of a key. While the database is away, as it was when last seen."""
        kept = self._kept.get(key)
        if kept is not None and kept.until > time.monotonic():
            return kept.workspace
        try:
            return await self._read(key)
        except edge.UnavailableError:
            if kept is None:
                raise
            return kept.workspace

    async def visit(
        self,
        workspace: edge.Workspace,
        arrival: edge.Arrival,
    ) -> edge.Visit:
        """Bring a visitor back, or make one."""
        now, token, person = self._clock.now(), arrival.token, arrival.person
        user_id, kept = None, token
        if person is not None and person.verified:
            user_id = person.user_id
        elif token is not None and is_person_token(token):
            user_id = person_of(token, workspace.identity, now)
            if user_id is not None and person is not None and person.user_id not in {"", user_id}:
                user_id = None  # the page says it is somebody else now
            person = None
        if is_person_token(token):
            kept = None
        with reaching_the_store():
            visit = await self._visitors.resolve(
                Arrival(
                    workspace.id,
                    arrival.page,
                    now,
                    token=kept,
                    user_agent=arrival.user_agent,
                    language=arrival.language,
                    time_zone=arrival.time_zone,
                    user_id=user_id,
                    person=person,
                )
            )
        key = ConversationKey(workspace.id, visit.conversation_id)
        if visit.created and self._note:
            self._note(started(key, now))
        if visit.created and self._began:
            self._began(key, now)
        if visit.told and self._named:
            self._named(key, now, visit.told.person)
        if user_id is not None:
            kept = person_token(user_id, arrival.proof) if person is not None else token
        return edge.Visit(
            key, visit.token if user_id is None else kept or "", visit.created, visit.visited, visit.told
        )

    def seen(self, conversation_id: ConversationId) -> None:
        """Note that the visitor is active."""
        self._visitors.seen(conversation_id, self._clock.now())

    def moved(self, conversation_id: ConversationId, page: Page) -> Visited | None:
        """Note that the visitor is on another page."""
        return self._visitors.moved(conversation_id, page, self._clock.now())

    def gone(self, conversation_id: ConversationId) -> None:
        """Forget a conversation that is no more."""
        self._visitors.forget(conversation_id)

    def forget_workspace(self, key: str) -> None:
        """Read this workspace anew: its settings have changed."""
        self._kept.pop(key, None)

    async def _read(self, key: str) -> edge.Workspace | None:
        with reaching_the_store():
            found = await self._workspaces.by_key(key)
        if found is None:
            self._kept.pop(key, None)
            return None
        if len(self._kept) >= _MOST_KEPT:
            self._kept.clear()
        workspace = edge_workspace(found)
        self._kept[key] = _Kept(workspace, time.monotonic() + WORKSPACE_KEPT_S)
        return workspace


class StoreReading:
    """`handlers.ports.Reading` over the lists and logs."""

    def __init__(
        self, database: Database, journal: Journal, clock: Clock, shortcuts: Shortcuts = NO_SHORTCUTS
    ) -> None:
        self._database = database
        self._journal = journal
        self._clock = clock
        self._shortcuts = shortcuts

    async def conversations(
        self, workspace_id: WorkspaceId, query: edge.ConversationQuery, after: str | None = None
    ) -> edge.RowPage:
        """A page of the list, with what happened up to now."""
        conversations = ConversationList(self._database, workspace_id, self._shortcuts)
        with reaching_the_store():
            await self._journal.settled()
            page = await conversations.page(query, after)
            everything = edge.ConversationQuery(query.user_id, show="all")
            any_ = bool(page.rows) or bool((await conversations.page(everything, limit=1)).rows)
            matches = await Matches(self._database, workspace_id, query.q).of(page.rows)
        rows = tuple(
            edge.Row(row.conversation, row.standing, matches.get(row.conversation.key)) for row in page.rows
        )
        return edge.RowPage(rows, page.next, any_)

    async def visitor(self, key: ConversationKey) -> edge.VisitorFacts | None:
        """Who a conversation is with."""
        with reaching_the_store():
            return await visitor_facts(self._database, key)

    async def mark_seen(self, key: ConversationKey, user_id: UserId, seq: int) -> bool:
        """Note what a member has read."""
        with reaching_the_store():
            return await mark_seen(self._database, key, user_id, seq)

    async def seen_upto(self, workspace_id: WorkspaceId, user_id: UserId) -> datetime | None:
        """Up to when a member has read all."""
        with reaching_the_store():
            return await Members(self._database).seen_upto(workspace_id, user_id)

    async def mark_all_seen(self, workspace_id: WorkspaceId, user_id: UserId, at: datetime) -> None:
        """Note that a member counts all as read."""
        with reaching_the_store():
            await Members(self._database).see_all(workspace_id, user_id, at)

    async def waiting(self, workspace_id: WorkspaceId) -> tuple[ConversationId, ...]:
        """Where a visitor waits for a person, up to now."""
        with reaching_the_store():
            await self._journal.settled()
            return await ConversationList(self._database, workspace_id).waiting()

    async def newest(self, key: ConversationKey, limit: int) -> tuple[Entry, ...]:
        """The end of a log."""
        with reaching_the_store():
            return await self._transcripts(key).newest(key.conversation_id, limit)

    async def after(self, key: ConversationKey, seq: int, limit: int) -> tuple[Entry, ...]:
        """The entries that follow `seq`."""
        with reaching_the_store():
            return await self._transcripts(key).entries(key.conversation_id, seq, limit)

    def _transcripts(self, key: ConversationKey) -> Transcripts:
        return Transcripts(self._database, key.workspace_id)


async def signed_in(
    accounts: Accounts, sessions: Sessions, account: Account, origin: Origin, now: datetime
) -> edge.SignedIn:
    """Begin a session for somebody who has proved who they are."""
    token = await sessions.create(account.user_id, now, origin.ip, origin.user_agent)
    return edge.SignedIn(token, edge_account(account), await places_of(accounts, account.user_id))


async def places_of(accounts: Accounts, user_id: UserId) -> tuple[edge.Membership, ...]:
    """Where somebody is a member."""
    found = await accounts.workspaces_of(user_id)
    return tuple(edge.Membership(edge_workspace(workspace), role) for workspace, role in found)


def edge_account(account: Account) -> edge.Account:
    """An account in the edge's words."""
    return edge.Account(account.user_id, account.email, account.name)


def edge_workspace(workspace: Workspace) -> edge.Workspace:
    """A workspace in the edge's words."""
    agent = workspace.agent
    return edge.Workspace(
        id=workspace.id,
        slug=workspace.slug,
        key=workspace.key,
        name=workspace.site_title,
        agent=edge.Agent(agent.name, agent.greeting, agent.avatar_url),
        allowed_origins=workspace.allowed_origins,
        lead_form=workspace.widget.lead_form,
        rules=workspace.widget.rules,
        appearance=workspace.widget.appearance,
        language=workspace.widget.language,
        identity=workspace.identity,
    )
