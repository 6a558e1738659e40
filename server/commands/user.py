"""`baton user add` and `baton user passwd`."""

from __future__ import annotations

import argparse
import asyncio
import getpass
import re
import sys
from typing import TYPE_CHECKING

from email_validator import EmailNotValidError, validate_email

from actors.errors import BatonError
from actors.ids import WorkspaceId, new_id
from actors.roles import Role
from handlers.doors.person_fields import SHORTEST_PASSWORD
from server.clock import SystemClock
from server.commands.beside import database_of
from server.commands.parsers import Subparsers
from server.commands.workspaces import add_workspace_option, chosen_workspace
from server.people.accounts import Account, Accounts
from server.people.members import Membership
from server.people.passwords import Passwords
from server.people.sessions import Sessions
from server.workspaces.workspaces import AgentPersona, Workspace

if TYPE_CHECKING:
    from server.config import Config


def add_to(commands: Subparsers) -> None:
    """Add the commands."""
    parser = commands.add_parser("user", help="add members, change passwords")
    verbs = parser.add_subparsers(metavar="add|passwd", required=True)
    adding = verbs.add_parser("add", help="add a member; the first one becomes the owner of a new workspace")
    adding.add_argument("email", type=_email, metavar="ADDRESS")
    adding.add_argument(
        "--name", help="shown to visitors and colleagues; the address's first part if left out"
    )
    adding.add_argument("--role", type=Role, choices=list(Role), help="editor, if left out")
    add_workspace_option(adding)
    adding.set_defaults(run=_add)
    passwd = verbs.add_parser("passwd", help="set a password; every session of that user ends")
    passwd.add_argument("email", type=_email, metavar="ADDRESS")
    passwd.set_defaults(run=_passwd)


async def _add(config: Config, arguments: argparse.Namespace) -> int:
    async with database_of(config) as database:
        accounts = Accounts(database, passwords := Passwords())
        try:
            account = await accounts.find(arguments.email)
            password = None if account else await _password()  # before anything is made
            workspace, role = await _place(accounts, arguments)
            account = account or await _make(accounts, arguments, password)
        finally:
            passwords.close()
        added = await accounts.members.add(
            Membership(workspace.id, account.user_id, role, SystemClock().now())
        )
    if not added:
        raise BatonError(f"{account.email} is a member of {workspace.slug} already.")
    print(f"{account.name} <{account.email}> is {_article(role)} {role} of {workspace.slug} now.")
    return 0


async def _passwd(config: Config, arguments: argparse.Namespace) -> int:
    async with database_of(config) as database:
        accounts = Accounts(database, passwords := Passwords())
        try:
            if await accounts.find(arguments.email) is None:
                raise BatonError(f"There is no user {arguments.email}.")
            account = await accounts.set_password(arguments.email, await _password())
        finally:
            passwords.close()
        ended = await Sessions(database).revoke_all(account.user_id)
    print(f"The password of {account.email} is set; {ended} of their sessions ended.")
    return 0


async def _place(accounts: Accounts, arguments: argparse.Namespace) -> tuple[Workspace, Role]:
    if await accounts.workspaces.all():
        return await chosen_workspace(accounts.workspaces, arguments.workspace), arguments.role or Role.EDITOR
    if arguments.role not in (None, Role.OWNER):
        raise BatonError("The first user owns the new workspace: leave --role out, or say owner.")
    return await _first_workspace(accounts, arguments.workspace or "main"), Role.OWNER


async def _first_workspace(accounts: Accounts, slug: str) -> Workspace:
    if not re.fullmatch(r"[a-z0-9][a-z0-9-]{0,39}", slug):
        raise BatonError(
            f"{slug!r} can't name a workspace; use small letters, digits and hyphens, 40 at most."
        )
    workspace = Workspace(
        id=WorkspaceId(new_id()),
        slug=slug,
        key=new_id(),
        site_title=slug,
        agent=AgentPersona("Assistant", "Hi. Ask me anything; you can also ask for a person at any time."),
        allowed_origins=("*",),
    )
    await accounts.workspaces.create(workspace, SystemClock().now())
    print(f"Made the workspace {slug}; its widget key is {workspace.key}")
    return workspace


async def _make(accounts: Accounts, arguments: argparse.Namespace, password: str | None) -> Account:
    name = arguments.name or arguments.email.partition("@")[0]
    return await accounts.create_user(arguments.email, name, password, SystemClock().now())


async def _password() -> str:
    """Asked for twice on a terminal, else the first line of standard input."""
    if not sys.stdin.isatty():
        password = (await asyncio.to_thread(sys.stdin.readline)).rstrip("\r\n")
    else:
        password = await asyncio.to_thread(getpass.getpass, "Password: ")
        if await asyncio.to_thread(getpass.getpass, "The same again: ") != password:
            raise BatonError("The two passwords differ; nothing was changed.")
    if len(password) < SHORTEST_PASSWORD:
        raise BatonError(f"A password needs at least {SHORTEST_PASSWORD} characters; nothing was changed.")
    return password


def _email(text: str) -> str:
    try:
        checked = validate_email(text, check_deliverability=False, test_environment=True)
    except EmailNotValidError as error:
        raise argparse.ArgumentTypeError(f"{text!r} is no e-mail address: {error}") from None
    return checked.normalized


def _article(role: Role) -> str:
    return "a" if role is Role.VIEWER else "an"
