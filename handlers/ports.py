"""What the edge needs from inside, as protocols. `server/services.py` passes the real things in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Literal, Protocol, TypeAlias

from actors.appearance import DEFAULT_APPEARANCE, Appearance
from actors.behaviour import BehaviourRule
from actors.errors import BatonError
from actors.ids import ConversationId, UserId, WorkspaceId
from actors.lead_form import DEFAULT, LeadForm
from actors.log import (
    Conversation,
    ConversationKey,
    Entry,
    Origin,
    Page,
    Person,
    Speaker,
    Standing,
    Visited,
)
from actors.messages import Operator, PersonTold
from actors.ports import Clock
from actors.roles import Role
from actors.speech import ENGLISH
from handlers.widget.identity import Identity

if TYPE_CHECKING:
    from handlers.conversations.cleanup_ports import Cleanup, Tagging
    from handlers.doors.people_ports import People
    from handlers.leads.lead_ports import LeadDesk
    from handlers.management.management_ports import Management
    from handlers.overview.overview_ports import Analytics
    from handlers.sockets.connections import Connections
    from handlers.sockets.heartbeat import Heartbeat
    from handlers.sockets.peers import Peers
    from handlers.widget.speech_ports import Speech


class UnavailableError(BatonError):
    """The database does not answer, so nothing was read or stored."""


class BadCursorError(BatonError):
    """A position in a list that we did not give out."""


# Who is who


@dataclass(frozen=True, slots=True)
class Agent:
    """The face of the bot."""

    name: str
    greeting: str = ""
    avatar_url: str = ""


@dataclass(frozen=True, slots=True)
class Workspace:
    """A workspace, as the edge knows it. `allowed_origins` are the sites of its widget, `*` is any."""

    id: WorkspaceId
    slug: str
    key: str
    name: str
    agent: Agent
    allowed_origins: tuple[str, ...] = ()
    lead_form: LeadForm = DEFAULT
    rules: tuple[BehaviourRule, ...] = ()
    appearance: Appearance = DEFAULT_APPEARANCE
    language: str = ENGLISH
    identity: Identity = field(default_factory=Identity, repr=False)


@dataclass(frozen=True, slots=True)
class Account:
    """A person who can sign in."""

    user_id: UserId
    email: str
    name: str


@dataclass(frozen=True, slots=True)
class Membership:
    """An accepted place in a workspace."""

    workspace: Workspace
    role: Role


@dataclass(frozen=True, slots=True)
class Session:
    """A signed-in browser, and the workspace it works in; none when no invitation was accepted."""

    id: str
    account: Account
    membership: Membership | None


@dataclass(frozen=True, slots=True)
class Member:
    """A session that has a workspace: who acts, and where."""

    session_id: str
    account: Account
    workspace: Workspace
    role: Role

    @property
    def operator(self) -> Operator:
        """The same person as actors know them."""
        return Operator(self.account.user_id, self.account.name, self.role)


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A sign-in that worked. `token` goes into the cookie and nowhere else."""

    token: str
    account: Account
    memberships: tuple[Membership, ...]


@dataclass(frozen=True, slots=True)
class TooManyAttempts:
    """A sign-in that was not even tried."""

    retry_after_s: float


class Gate(Protocol):
    """Signing in and staying so. Every method raises UnavailableError when the database is away."""

    async def sign_in(self, email: str, password: str, origin: Origin) -> SignedIn | TooManyAttempts | None:
        """Check a password, off the loop; None when it is wrong or the account unknown, in the same time."""
        ...

    async def session(self, token: str, workspace_id: WorkspaceId | None) -> Session | None:
        """Who this token is; in the workspace asked for if they are a member, else in their first."""
        ...

    async def sign_out(self, session_id: str) -> None:
        """End a session."""
        ...


# Visitors


@dataclass(frozen=True, slots=True)
class Visit:
    """A visitor's conversation. `token` brings it back; `created` when it had to be made.

    `visited` is the page they have come to since they were last seen, if they have.
    """

    key: ConversationKey
    token: str
    created: bool
    visited: Visited | None = None
    told: PersonTold | None = None


@dataclass(frozen=True, slots=True)
class Arrival:
    """How a visitor comes. `token` is what their browser kept, None of a new one.

    `language` is what they read it in, `time_zone` their browser's where it is told. `person` is who the site
    says it is; verified, `proof` is the hash that showed it.
    """

    page: Page
    token: str | None = None
    user_agent: str = ""
    language: str = ""
    time_zone: str = ""
    person: Person | None = None
    proof: str = ""


class Widgets(Protocol):
    """What the widget's side of the edge needs. Raises UnavailableError when the database is away."""

    async def workspace(self, key: str) -> Workspace | None:
        """The workspace that a widget key belongs to."""
        ...

    async def visit(self, workspace: Workspace, arrival: Arrival) -> Visit:
        """Bring a visitor back, or make a new one and a conversation."""
        ...

    def seen(self, conversation_id: ConversationId) -> None:
        """Note that the visitor is active."""
        ...

    def moved(self, conversation_id: ConversationId, page: Page) -> Visited | None:
        """Note that the visitor is on another page; None when they were there already."""
        ...

    def gone(self, conversation_id: ConversationId) -> None:
        """There is no such conversation any more: its visitor gets another one next time."""
        ...


# What operators look at


Place: TypeAlias = Literal["message", "note", "name", "email", "phone", "page", "member"]


@dataclass(frozen=True, slots=True)
class Match:
    """Why a search found a conversation: a line of what it has there, cut around the words.

    `pieces` are in turn plain and marked, the first one plain. `role` is who said a message.
    """

    place: Place
    pieces: tuple[str, ...]
    role: Speaker | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """A conversation in a list; `match` where one was searched for."""

    conversation: Conversation
    standing: Standing
    match: Match | None = None


@dataclass(frozen=True, slots=True)
class VisitorFacts:
    """What is known of a conversation's visitor beside the conversation. `visits` counts conversations."""

    first_seen_at: datetime
    visits: int
    user_agent: str = ""


Show: TypeAlias = Literal["engaged", "all"]
HeldBy: TypeAlias = Literal["bot", "waiting", "mine", "others"]


@dataclass(frozen=True, slots=True)
class ConversationQuery:
    """Which conversations are wanted, a list's filters. `user_id` is who asks, for `mine` and `others`."""

    user_id: UserId
    show: Show = "engaged"
    q: str = ""
    holder: HeldBy | None = None
    tag: str | None = None


@dataclass(frozen=True, slots=True)
class RowPage:
    """A page of a list; `next` is the cursor of the one after. `any` is false in a workspace without any."""

    rows: tuple[Row, ...]
    next: str | None
    any: bool


class Reading(Protocol):
    """Lists and logs, each inside one workspace. Raises UnavailableError when the database is away."""

    async def conversations(
        self, workspace_id: WorkspaceId, query: ConversationQuery, after: str | None = None
    ) -> RowPage:
        """Newest activity first; those who wait, longest waiting first. Raises BadCursorError."""
        ...

    async def visitor(self, key: ConversationKey) -> VisitorFacts | None:
        """Who a conversation is with; None for one of another workspace."""
        ...

    async def mark_seen(self, key: ConversationKey, user_id: UserId, seq: int) -> bool:
        """Note that a member has read up to `seq`; false when there is no such conversation."""
        ...

    async def seen_upto(self, workspace_id: WorkspaceId, user_id: UserId) -> datetime | None:
        """Up to when all counts as read by a member, whatever was not opened; at least since they are one."""
        ...

    async def mark_all_seen(self, workspace_id: WorkspaceId, user_id: UserId, at: datetime) -> None:
        """Note that a member counts all up to an instant as read."""
        ...

    async def waiting(self, workspace_id: WorkspaceId) -> tuple[ConversationId, ...]:
        """The conversations in which a visitor waits for a person; 1,000 at most."""
        ...

    async def newest(self, key: ConversationKey, limit: int) -> tuple[Entry, ...]:
        """The end of a log, by seq; nothing for a conversation of another workspace."""
        ...

    async def after(self, key: ConversationKey, seq: int, limit: int) -> tuple[Entry, ...]:
        """The entries that follow `seq`."""
        ...


# Actors, pages, files


class Ref(Protocol):
    """Whom a message can be told. Telling never blocks."""

    def tell(self, message: object) -> None:
        """Send a message."""
        ...


class Directory(Protocol):
    """The only registry of actors; it starts them on first use."""

    def conversation(self, key: ConversationKey) -> Ref:
        """A conversation's actor. One that does not exist answers every command with `not_found`."""
        ...

    def workspace(self, workspace_id: WorkspaceId) -> Ref:
        """A workspace's actor."""
        ...


class Pages(Protocol):
    """The HTML pages."""

    def render(self, name: str, variables: Mapping[str, object]) -> str:
        """Render a template of web/templates."""
        ...


@dataclass(frozen=True, slots=True)
class Asset:
    """A static file. `gzipped` is None when packing does not pay."""

    body: bytes
    gzipped: bytes | None
    content_type: str


class Assets(Protocol):
    """The static files, in memory, under one hash of them all."""

    @property
    def hash(self) -> str:
        """The present hash."""
        ...

    def url(self, path: str) -> str:
        """The immutable address of a file."""
        ...

    def find(self, path: str) -> Asset | None:
        """A file by its path below web/assets."""
        ...


class Health(Protocol):
    """What ops ask."""

    def problems(self) -> tuple[str, ...]:
        """Why we are not ready, one sentence each; empty when we are."""
        ...

    def metrics(self) -> str:
        """Prometheus text."""
        ...


# All of it


@dataclass(frozen=True, slots=True)
class Limits:
    """How much one client may do. Rates are per second."""

    hello_s: float = 10
    ask_s: float = 10
    post_burst: int = 60
    posts_per_s: float = 10
    frame_burst: int = 120
    frames_per_s: float = 40
    abusive_frames: int = 100
    sockets_per_client: int = 20
    sockets_per_address: int = 200
    new_visitors_burst: int = 60
    new_visitors_per_s: float = 1
    lead_burst: int = 10
    leads_per_s: float = 0.1
    recheck_s: float = 2


@dataclass(frozen=True, slots=True)
class EdgeConfig:
    """The part of the configuration that the edge reads. `demo` serves /demo and the kitchen."""

    base_url: str
    trusted_proxies: frozenset[str] = frozenset()
    demo: bool = False
    limits: Limits = field(default_factory=Limits)


@dataclass(frozen=True, slots=True)
class Sockets:
    """What open sockets share."""

    peers: Peers
    heartbeat: Heartbeat
    connections: Connections


@dataclass(frozen=True, slots=True)
class Services:
    """Everything a handler may use."""

    config: EdgeConfig
    clock: Clock
    sockets: Sockets
    directory: Directory
    gate: Gate
    people: People
    widgets: Widgets
    reading: Reading
    leads: LeadDesk
    analytics: Analytics
    cleanup: Cleanup
    tags: Tagging
    management: Management
    speech: Speech
    pages: Pages
    assets: Assets
    health: Health
