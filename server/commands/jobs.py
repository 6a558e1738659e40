"""`baton jobs list|retry`: what still has to go out, what was given up, and another try."""

from __future__ import annotations

import argparse
from collections.abc import Iterable
from typing import TYPE_CHECKING

from actors.errors import BatonError
from server.commands.beside import database_of
from server.commands.parsers import Subparsers
from server.jobs.outbox import Outbox

if TYPE_CHECKING:
    from server.config import Config
    from server.jobs.documents import JobRow

_MOST = 200


def add_to(commands: Subparsers) -> None:
    """Add the commands."""
    parser = commands.add_parser("jobs", help="look at mail and webhooks that could not be delivered")
    verbs = parser.add_subparsers(metavar="list|retry", required=True)
    listing = verbs.add_parser("list", help="how many jobs wait, and those that were given up, with why")
    listing.set_defaults(run=_list)
    again = verbs.add_parser("retry", help="try jobs again that were given up; all of them without an id")
    again.add_argument("ids", metavar="ID", nargs="*")
    again.set_defaults(run=_retry)


async def _list(config: Config, _arguments: argparse.Namespace) -> int:
    async with database_of(config) as database:
        outbox = Outbox(database)
        counts, dead = await outbox.counts(), await outbox.dead(limit=_MOST)
    print(f"{counts['pending']} waiting, {counts['running']} running, {counts['dead']} given up")
    for line in _lines(dead):
        print(line)
    return 0


def _lines(dead: Iterable[JobRow]) -> Iterable[str]:
    for job in dead:
        at = f"{job.failed_at:%Y-%m-%d %H:%M}" if job.failed_at else "?"
        yield f"{job.id}  {job.kind}  {job.attempts} tries, the last {at} UTC: {job.last_error or '?'}"


async def _retry(config: Config, arguments: argparse.Namespace) -> int:
    async with database_of(config) as database:
        outbox = Outbox(database)
        if not arguments.ids:
            print(f"{await outbox.retry_all()} jobs are tried again")
            return 0
        unknown = [job_id for job_id in arguments.ids if not await outbox.retry(job_id)]
    if unknown:
        raise BatonError(f"no job that was given up has this id: {', '.join(unknown)}")
    print(f"{len(arguments.ids)} jobs are tried again")
    return 0
