"""`baton doctor`: looks for what is wrong, and says it in words."""

from __future__ import annotations

import argparse
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from actors.errors import BatonError
from actors.jobs import JobName
from server.audit.audit import AuditLog
from server.commands.beside import database_of
from server.commands.parsers import Subparsers
from server.conversations.log_check import torn_logs
from server.conversations.orphan_check import left_to_delete, orphans
from server.jobs.outbox import Failure, Outbox
from server.knowledge.knowledge import Knowledge
from server.people.members import Members
from server.workspaces.workspaces import Workspaces

if TYPE_CHECKING:
    from server.config import Config
    from server.store.mongo import Database
    from server.workspaces.workspaces import Workspace


_MAILS = tuple(name.value for name in JobName if name is not JobName.WEBHOOK)


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the doctor's: what was looked at, and what is wrong with it, if anything."""

    what: str
    wrong: str = ""
    hint: bool = False
    """Worth knowing, but nothing is broken."""

    def __str__(self) -> str:
        mark = "ok  " if not self.wrong else ("note" if self.hint else "BAD ")
        return f"{mark}  {self.what}" + (f": {self.wrong}" if self.wrong else "")


def add_to(commands: Subparsers) -> None:
    """Add the command."""
    commands.add_parser(
        "doctor", help="check the configuration, the database, the logs and the audit chain"
    ).set_defaults(run=_doctor)


async def _doctor(config: Config, _arguments: argparse.Namespace) -> int:
    bad = 0
    async with database_of(config) as database:
        async for finding in _findings(config, database):
            print(finding)
            bad += bool(finding.wrong) and not finding.hint
    if bad:
        raise BatonError(f"{bad} of these need your attention.")
    return 0


async def _findings(config: Config, database: Database) -> AsyncIterator[Finding]:
    yield _database(config)
    yield _mail(config)
    yield _https(config)
    workspaces = await Workspaces(database).all()
    if not workspaces:
        yield Finding("workspaces", "there is none; make the first with `baton user add`", hint=True)
    for workspace in workspaces:
        yield await _owners(database, workspace)
        yield await _knowledge(database, workspace)
        yield await _audit(database, workspace)
    for finding in await delivery_findings(Outbox(database)):
        yield finding
    torn = await torn_logs(database)
    yield Finding("conversation logs", f"these have gaps: {', '.join(torn[:5])}" if torn else "")
    yield await _cleanups(database)
    yield await _orphans(database)


async def delivery_findings(outbox: Outbox) -> tuple[Finding, ...]:
    """What the last mail and the last webhook came to, and what was given up."""
    counts = await outbox.counts()
    given_up = f"{counts['dead']} were given up; see `baton jobs list`" if counts["dead"] else ""
    return (
        _delivery("mail", [await outbox.last_failure(kind) for kind in _MAILS]),
        _delivery("webhooks", [await outbox.last_failure(JobName.WEBHOOK.value)]),
        Finding(f"{counts['pending'] + counts['running']} deliveries on their way", given_up),
    )


def _delivery(what: str, failures: Sequence[Failure | None]) -> Finding:
    """A failure since which none worked is bad; one that was followed by a success is only told."""
    known = [failure for failure in failures if failure is not None]
    if not known:
        return Finding(f"{what}: no delivery has failed")
    newest = max(known, key=lambda failure: failure.failed_at)
    words = f"the last failure was at {newest.failed_at:%Y-%m-%d %H:%M} UTC, “{newest.words}”"
    if newest.recovered_at is None:
        return Finding(f"{what}", f"{words}; none worked since")
    return Finding(f"{what}", f"{words}; since {newest.recovered_at:%H:%M} it works again", hint=True)


def _database(config: Config) -> Finding:
    if config.mongodb_uri:
        return Finding(f"database {config.mongodb_database} on your MongoDB answers")
    what = f"database {config.mongodb_database} on the embedded engine in {config.data_dir} answers"
    return Finding(what, "for production, set BATON_MONGODB_URI to a replica set", hint=True)


def _mail(config: Config) -> Finding:
    if config.mail_url == "log:":
        wrong = "it only goes to the log; set BATON_MAIL_URL and try `baton mail test you@example.com`"
        return Finding("mail", wrong, hint=True)
    return Finding(f"mail goes out by {config.mail_url.partition(':')[0]}; try it with `baton mail test`")


def _https(config: Config) -> Finding:
    local = config.base_url.startswith(("http://127.", "http://localhost", "http://[::1]"))
    wrong = "" if local or config.base_url.startswith("https:") else "sign-ins travel unprotected; use https"
    return Finding(f"address {config.base_url}", wrong)


async def _owners(database: Database, workspace: Workspace) -> Finding:
    members = await Members(database).of_workspace(workspace.id)
    owners = [m for m in members if m.role == "owner" and m.accepted_at]
    return Finding(f"{workspace.slug}: {len(members)} members", "" if owners else "nobody owns it")


async def _knowledge(database: Database, workspace: Workspace) -> Finding:
    count = sum(source.passage_count for source in await Knowledge(database, workspace.id).list_sources())
    wrong = "" if count else "the bot knows nothing; give it something with `baton knowledge import`"
    return Finding(f"{workspace.slug}: {count} passages of knowledge", wrong, hint=True)


async def _cleanups(database: Database) -> Finding:
    left = await left_to_delete(database)
    wrong = (
        f"{left} conversations are still to be looked at; a running server goes on with it" if left else ""
    )
    return Finding("clean-up", wrong, hint=True)


async def _orphans(database: Database) -> Finding:
    found = await orphans(database)
    if not found:
        return Finding("nothing points to a conversation that is not there")
    counts = ", ".join(f"{count} of {name}" for name, count in found.items())
    return Finding("orphans", f"these point to what is not there: {counts}")


async def _audit(database: Database, workspace: Workspace) -> Finding:
    report = await AuditLog(database).verify(workspace.id)
    what = f"{workspace.slug}: audit log of {report.count} entries"
    return Finding(what, "" if report.ok else f"it was changed: {report.problem}")
