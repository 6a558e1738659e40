"""`baton serve` and `baton demo`."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from server.commands.parsers import Subparsers
from server.main import serve

if TYPE_CHECKING:
    from server.config import Config


def add_to(commands: Subparsers) -> None:
    """Add the commands."""
    commands.add_parser("serve", help="run the server").set_defaults(run=_serve)
    commands.add_parser(
        "demo", help="run the server with a demo workspace: knowledge, members, a page with the widget"
    ).set_defaults(run=_demo)


async def _serve(config: Config, _arguments: argparse.Namespace) -> int:
    await serve(config)
    return 0


async def _demo(config: Config, _arguments: argparse.Namespace) -> int:
    await serve(config, demo=True)
    return 0
