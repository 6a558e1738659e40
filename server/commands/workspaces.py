"""Which workspace a command is about."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from actors.errors import BatonError

if TYPE_CHECKING:
    from server.workspaces.workspaces import Workspace, Workspaces


def add_workspace_option(parser: argparse.ArgumentParser) -> None:
    """Add `--workspace SLUG`; on a parser and its subcommands alike, the later one counts."""
    parser.add_argument(
        "--workspace", metavar="SLUG", default=argparse.SUPPRESS, help="needed when there are several"
    )


async def chosen_workspace(known: Workspaces, slug: str | None) -> Workspace:
    """The named workspace, or the only one. Raises BatonError that lists what there is."""
    workspaces = await known.all()
    found = [each for each in workspaces if slug in (None, each.slug)]
    if len(found) == 1:
        return found[0]
    if not workspaces:
        raise BatonError("There is no workspace yet; `baton user add you@example.com` makes the first.")
    slugs = ", ".join(sorted(each.slug for each in workspaces))
    if slug is None:
        raise BatonError(f"Say which workspace with --workspace; there are: {slugs}")
    raise BatonError(f"There is no workspace {slug!r}; there are: {slugs}")
