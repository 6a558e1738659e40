"""`baton audit list` and `baton audit verify`."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from actors.errors import BatonError
from actors.ids import UserId
from server.audit.audit import AuditLog
from server.audit.queries import AuditFilter
from server.commands.beside import database_of
from server.commands.parsers import Subparsers
from server.commands.workspaces import add_workspace_option, chosen_workspace
from server.workspaces.workspaces import Workspaces

if TYPE_CHECKING:
    from server.audit.queries import AuditEntry
    from server.config import Config


def add_to(commands: Subparsers) -> None:
    """Add the commands."""
    parser = commands.add_parser("audit", help="read the audit log, or check that nobody changed it")
    parser.set_defaults(run=_list, **_NOTHING)
    add_workspace_option(parser)
    verbs = parser.add_subparsers(metavar="list|verify")
    listing = verbs.add_parser("list", help="newest first, one line each")
    add_workspace_option(listing)
    listing.add_argument("--action", help="such as conversation.claimed")
    listing.add_argument("--user", metavar="ID", help="who did it")
    listing.add_argument("--target", metavar="ID", help="the conversation or other thing it was done to")
    listing.add_argument("--since", type=_instant, metavar="TIME", help="RFC 3339, for instance 2026-11-22")
    listing.add_argument("--until", type=_instant, metavar="TIME")
    listing.add_argument("--limit", type=int, default=50, metavar="N", help="at most N entries (50)")
    listing.set_defaults(run=_list)
    verify = verbs.add_parser("verify", help="check every hash of the chain; prints the newest one")
    add_workspace_option(verify)
    verify.add_argument("--head", metavar="HASH", help="a hash kept elsewhere that must be in the chain")
    verify.set_defaults(run=_verify)


_NOTHING = {"action": None, "user": None, "target": None, "since": None, "until": None, "limit": 50}


async def _list(config: Config, arguments: argparse.Namespace) -> int:
    wanted = AuditFilter(
        action=arguments.action,
        user_id=UserId(arguments.user) if arguments.user else None,
        target_id=arguments.target,
        since=arguments.since,
        until=arguments.until,
    )
    async with database_of(config) as database:
        workspace = await chosen_workspace(Workspaces(database), arguments.workspace)
        page = await AuditLog(database).list(workspace.id, wanted, limit=arguments.limit)
    for entry in page.entries:
        print(_line(entry))
    return 0


async def _verify(config: Config, arguments: argparse.Namespace) -> int:
    async with database_of(config) as database:
        workspace = await chosen_workspace(Workspaces(database), arguments.workspace)
        report = await AuditLog(database).verify(workspace.id, arguments.head)
    if not report.ok:
        raise BatonError(f"The audit log of {workspace.slug} was changed: {report.problem}")
    print(
        f"The audit log of {workspace.slug} is whole: {report.count} entries, newest hash {report.head_hash}"
    )
    return 0


def _line(entry: AuditEntry) -> str:
    details = " ".join(f"{name}={value}" for name, value in sorted(entry.details.items()) if value)
    at = entry.at.isoformat(timespec="seconds")
    return (
        f"{at}  {entry.action}  {entry.target_type} {entry.target_id}  by {entry.user_id}  {details}".rstrip()
    )


def _instant(text: str) -> datetime:
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(
            f"{text!r} is no time; write for instance 2026-11-22T10:00Z"
        ) from None
    return instant if instant.tzinfo else instant.replace(tzinfo=UTC)
