"""`baton knowledge import PATH`."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from actors.errors import BatonError
from server.commands.beside import database_of
from server.commands.parsers import Subparsers
from server.commands.workspaces import add_workspace_option, chosen_workspace
from server.knowledge.imports import import_path
from server.knowledge.knowledge import Knowledge
from server.workspaces.workspaces import Workspaces

if TYPE_CHECKING:
    from server.config import Config
    from server.knowledge.imports import ImportReport


def add_to(commands: Subparsers) -> None:
    """Add the commands."""
    parser = commands.add_parser("knowledge", help="what the bot answers from")
    verbs = parser.add_subparsers(metavar="import", required=True)
    importing = verbs.add_parser(
        "import", help="bring in Markdown, HTML and text: a file, or a folder of them"
    )
    importing.add_argument("path", type=Path, metavar="PATH")
    add_workspace_option(importing)
    importing.set_defaults(run=_import)


async def _import(config: Config, arguments: argparse.Namespace) -> int:
    async with database_of(config) as database:
        workspace = await chosen_workspace(Workspaces(database), arguments.workspace)
        report = await import_path(Knowledge(database, workspace.id), arguments.path)
    for skipped in report.skipped:
        print(f"skipped {skipped.name}: {skipped.reason}")
    if not report.imported:
        raise BatonError(f"Nothing in {arguments.path} could be imported; Markdown, HTML and text files can.")
    print(_summary(report, workspace.slug))
    return 0


def _summary(report: ImportReport, slug: str) -> str:
    changed = sum(source.changed for source in report.imported)
    return (
        f"{slug} knows {len(report.imported)} sources with {report.passage_count} passages from there; "
        f"{changed} new or changed. A running server takes them up within a minute."
    )
