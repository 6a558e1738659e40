"""Puts together what lets people in and changes teams and accounts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from handlers.doors.people_ports import People
from server.people.first_run import FirstRun
from server.people.invitations import InvitationStore
from server.people.joining import Joining
from server.people.keyboards import Keyboards
from server.people.links import Links
from server.people.password_resets import PasswordResets
from server.people.profiles import StoreProfiles
from server.people.recovery import StoreRecovery
from server.people.team import StoreTeam
from server.rate_limits import RateLimit

if TYPE_CHECKING:
    from actors.ports import Clock
    from server.rate_limits import SignInLimits
    from server.services import Stores
    from server.store.database import Database


@dataclass(frozen=True, slots=True)
class LinkStores:
    """The links that are in people's mailboxes."""

    invitations: InvitationStore
    resets: PasswordResets


def make_link_stores(database: Database, secret_key: str) -> LinkStores:
    """Both kinds of links, with keys of their own."""
    return LinkStores(
        InvitationStore(database, Links(secret_key, "invitation")),
        PasswordResets(database, Links(secret_key, "password reset")),
    )


def make_people(stores: Stores, limits: SignInLimits, clock: Clock) -> People:
    """All of it."""
    accounts, sessions, links = stores.accounts, stores.sessions, stores.links
    outbox, trail = stores.outbox, stores.trail
    return People(
        setup=FirstRun(accounts, stores.passwords, sessions, trail, clock),
        team=StoreTeam(
            database=stores.database,
            accounts=accounts,
            sessions=sessions,
            invitations=links.invitations,
            outbox=outbox,
            trail=trail,
            journal=stores.journal,
            clock=clock,
            limit=RateLimit(50, 1 / 30),
        ),
        invitations=Joining(accounts, links.invitations, sessions, trail, clock),
        profiles=StoreProfiles(
            accounts=accounts,
            sessions=sessions,
            keyboards=Keyboards(stores.database),
            resets=links.resets,
            limits=limits,
            trail=trail,
            clock=clock,
        ),
        recovery=StoreRecovery(
            accounts=accounts,
            resets=links.resets,
            sessions=sessions,
            outbox=outbox,
            trail=trail,
            clock=clock,
            afterwards=stores.afterwards,
            per_account=RateLimit(3, 1 / 600),
            per_address=RateLimit(20, 1 / 60),
        ),
    )
