"""What the edge needs to let people in, and to change teams and accounts, by `server/people/people.py`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum, auto
from typing import TYPE_CHECKING, Protocol

from actors.ids import UserId, WorkspaceId
from actors.log import ConversationKey, Origin
from actors.roles import Role
from actors.team import Denial

if TYPE_CHECKING:
    from handlers.ports import Account, Membership, SignedIn, TooManyAttempts, Workspace

# Every method here raises UnavailableError when the database is away.


@dataclass(frozen=True, slots=True)
class Doer:
    """Who does something to a team, in which workspace, from where."""

    user_id: UserId
    workspace_id: WorkspaceId
    origin: Origin


@dataclass(frozen=True, slots=True)
class Founder:
    """The first user, and the site that their workspace is for."""

    name: str
    email: str
    password: str
    site_title: str


class Setup(Protocol):
    """The first run."""

    async def needed(self) -> bool:
        """Whether there is no user at all."""
        ...

    async def found(self, founder: Founder, origin: Origin) -> SignedIn | None:
        """Make the first user the owner of a workspace; None when somebody else was first."""
        ...


@dataclass(frozen=True, slots=True)
class TeamMember:
    """A member as the team's list has it. `link_ends_at` is when a pending one's link expires, or did."""

    user_id: UserId
    name: str
    email: str
    role: Role
    accepted_at: datetime | None
    link_ends_at: datetime | None = None


class Team(Protocol):
    """The members of workspaces. What may not be done is given back as a Denial, and changes nothing."""

    async def members(self, workspace_id: WorkspaceId) -> tuple[TeamMember, ...]:
        """Everybody, also who has not accepted yet; by name."""
        ...

    async def invite(self, doer: Doer, email: str, role: Role) -> TeamMember | Denial:
        """Send somebody a link that makes them a member."""
        ...

    async def resend(self, doer: Doer, user_id: UserId) -> TeamMember | Denial:
        """Send a new link; the one before stops working."""
        ...

    async def change_role(self, doer: Doer, user_id: UserId, role: Role) -> TeamMember | Denial:
        """Give a member another role."""
        ...

    async def remove(self, doer: Doer, user_id: UserId) -> TeamMember | Denial:
        """Remove a member, or revoke the invitation of one who has not accepted; gives who it was."""
        ...

    async def claims_of(self, workspace_id: WorkspaceId, user_id: UserId) -> tuple[ConversationKey, ...]:
        """The conversations that somebody holds, as far as the database has it."""
        ...


@dataclass(frozen=True, slots=True)
class Invitation:
    """What a link invites to. `is_new`: there is no account with a password yet."""

    workspace: Workspace
    user_id: UserId
    email: str
    role: Role
    invited_by: str
    is_new: bool


class Invitations(Protocol):
    """The receiving end of invitations. A token works once, until it expires."""

    async def find(self, token: str) -> Invitation | None:
        """What it invites to, while it works."""
        ...

    async def join(self, token: str, user_id: UserId, origin: Origin) -> bool:
        """Accept as the user invited; false when the token does not work, or is somebody else's."""
        ...

    async def join_new(self, token: str, name: str, password: str, origin: Origin) -> SignedIn | None:
        """Accept, and make the account; None when the token does not work or there is an account."""
        ...


@dataclass(frozen=True, slots=True)
class OwnSession:
    """A browser in which somebody is signed in."""

    id: str
    ip: str
    user_agent: str
    created_at: datetime
    seen_at: datetime


class PasswordChange(Enum):
    """What became of a wish for another password."""

    DONE = auto()
    WRONG_PASSWORD = auto()


@dataclass(frozen=True, slots=True)
class Keyboard:
    """Keys by action where somebody chose them, "" for none; `single`: also without Control or Command."""

    keys: Mapping[str, str] = field(default_factory=dict[str, str])
    single: bool = True


class Profiles(Protocol):
    """What somebody may change about themselves."""

    async def sessions(self, user_id: UserId) -> tuple[OwnSession, ...]:
        """Their sessions, the one used last first."""
        ...

    async def places(self, user_id: UserId) -> tuple[Membership, ...]:
        """Where they are a member."""
        ...

    async def lead_mail(self, workspace_id: WorkspaceId, user_id: UserId) -> bool:
        """Whether they want mail about leads of a workspace, if their role gets any."""
        ...

    async def set_lead_mail(self, doer: Doer, wanted: bool) -> None:
        """Change that."""
        ...

    async def keyboard(self, user_id: UserId) -> Keyboard:
        """Which keys they chose for the console."""
        ...

    async def set_keyboard(self, user_id: UserId, keyboard: Keyboard) -> None:
        """Keep all that they chose."""
        ...

    async def rename(self, user_id: UserId, name: str, origin: Origin) -> None:
        """Change the name."""
        ...

    async def change_password(
        self, account: Account, kept_session_id: str, current: str, new: str, origin: Origin
    ) -> PasswordChange | TooManyAttempts:
        """Change the password and end every other session."""
        ...

    async def end_session(self, user_id: UserId, session_id: str, origin: Origin) -> bool:
        """End one of their sessions; false when it is not theirs."""
        ...

    async def end_others(self, user_id: UserId, kept_session_id: str, origin: Origin) -> int:
        """End all but one; gives how many."""
        ...


class Recovery(Protocol):
    """Back in without the password."""

    def ask(self, email: str, origin: Origin) -> None:
        """Send a link if there is such an account. Returns at once, and tells nothing."""
        ...

    async def find(self, token: str) -> Account | None:
        """Whose link this is, while it works."""
        ...

    async def reset(self, token: str, password: str, origin: Origin) -> Account | None:
        """Set the password, once, and end every session; None when the token does not work."""
        ...


@dataclass(frozen=True, slots=True)
class People:
    """All of it."""

    setup: Setup
    team: Team
    invitations: Invitations
    profiles: Profiles
    recovery: Recovery
