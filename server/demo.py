"""The demo workspace: seeded when it is not there, left alone when it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from actors.appearance import Appearance
from actors.behaviour import BehaviourRule
from actors.ids import UserId, WorkspaceId
from actors.roles import Role
from actors.speech import mark
from server.people.accounts import Account, Accounts, EmailTakenError
from server.people.members import Membership
from server.people.passwords import Passwords
from server.workspaces.widget_settings import WidgetSettings
from server.workspaces.workspaces import ANY_ORIGIN, AgentPersona, KeyTakenError, Workspace

DEMO_PASSWORD = "baton-demo"  # noqa: S105 - printed at every start of the demo
DEMO_EMAIL = "owner@demo.test"

DEMO = Workspace(
    id=WorkspaceId("demo"),
    slug="demo",
    key="demo",
    site_title="Baton demo",
    agent=AgentPersona(
        name="Bea",
        greeting=mark("Hi, I'm Bea. Ask me anything about Baton. You can also ask for a person at any time."),
    ),
    allowed_origins=(ANY_ORIGIN,),
    widget=WidgetSettings(
        appearance=Appearance(
            questions=(
                mark("How do I put the widget on my site?"),
                mark("What happens when two of us take over at the same moment?"),
                mark("Who gets an e-mail when a lead comes in?"),
            )
        ),
        rules=(
            BehaviourRule("The agent did not know twice", unknown=2),
            BehaviourRule("About to leave the demo page", url="/demo*", seconds=10, exit_intent=True),
        ),
    ),
)
OTHER = Workspace(
    id=WorkspaceId("other"),
    slug="other",
    key="other",
    site_title="Other site",
    agent=AgentPersona(name="Otto", greeting=mark("Hello, how can I help?")),
    allowed_origins=(ANY_ORIGIN,),
)


@dataclass(frozen=True, slots=True)
class _Person:
    workspace: Workspace
    email: str
    name: str
    role: Role
    accepted: bool = True

    @property
    def account(self) -> Account:
        return Account(UserId(self.email.replace("@", "-").removesuffix(".test")), self.email, self.name)


_PEOPLE: Sequence[_Person] = (
    _Person(DEMO, DEMO_EMAIL, "Olivia Park", Role.OWNER),
    _Person(DEMO, "admin@demo.test", "Adam Reyes", Role.ADMIN),
    _Person(DEMO, "editor@demo.test", "Edith Novak", Role.EDITOR),
    _Person(DEMO, "viewer@demo.test", "Victor Lind", Role.VIEWER),
    _Person(DEMO, "pending@demo.test", "Penny Okafor", Role.ADMIN, accepted=False),
    _Person(OTHER, "owner@other.test", "Omar Haddad", Role.OWNER),
)


async def seed_demo(accounts: Accounts, passwords: Passwords) -> None:
    """Make what is missing of the demo's workspaces, users and members. Harmless to repeat."""
    now = datetime.now(UTC)
    for workspace in (DEMO, OTHER):
        await _make_workspace(accounts, workspace, now)
    missing = [person for person in _PEOPLE if await accounts.find(person.email) is None]
    if missing:
        # One hash for all six: it is no secret, and a hash each would keep the first start waiting.
        password_hash = await passwords.hash(DEMO_PASSWORD)
        for person in missing:
            await _make_user(accounts, person.account, password_hash, now)
    for person in _PEOPLE:
        await _join(accounts, person, now)


async def _make_workspace(accounts: Accounts, workspace: Workspace, now: datetime) -> None:
    if await accounts.workspaces.by_slug(workspace.slug) is None:
        try:
            await accounts.workspaces.create(workspace, now)
        except KeyTakenError:  # made by another process just now
            return


async def _make_user(accounts: Accounts, account: Account, password_hash: str, now: datetime) -> None:
    try:
        await accounts.create_hashed(account, password_hash, now)
    except EmailTakenError:  # made by another process just now
        return


async def _join(accounts: Accounts, person: _Person, now: datetime) -> None:
    user = await accounts.find(person.email)
    workspace = await accounts.workspaces.by_slug(person.workspace.slug)
    if user is not None and workspace is not None:
        membership = Membership(workspace.id, user.user_id, person.role, now if person.accepted else None)
        await accounts.members.add(membership)
