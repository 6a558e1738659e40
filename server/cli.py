"""The command line: `baton COMMAND`. Exit 0 ok, 1 it failed (one line on stderr), 2 wrong usage."""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
from collections.abc import Mapping, Sequence
from importlib import metadata

from actors.errors import BatonError
from server.commands import audit, doctor, jobs, knowledge, mail, serve, user
from server.config import Config
from server.selector import new_event_loop

COMMANDS = (serve, user, audit, knowledge, mail, jobs, doctor)
"""Each has `add_to(subparsers)`, which sets `run`: a coroutine function of configuration and arguments."""


def main(argv: Sequence[str] | None = None, environment: Mapping[str, str] = os.environ) -> int:
    """Run a command; gives the exit code."""
    arguments = _parser().parse_args(argv)
    try:
        with asyncio.Runner(loop_factory=new_event_loop) as runner:
            return runner.run(arguments.run(Config.from_env(environment), arguments)) or 0
    except BatonError as error:
        print(f"baton: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="baton",
        description="The desk behind a website's AI chat.",
        epilog="Everything is configured by BATON_… variables of the environment; see the README.",
    )
    parser.add_argument("--version", action="version", version=metadata.version("baton"))
    parser.set_defaults(workspace=None)
    commands = parser.add_subparsers(metavar="COMMAND", required=True)
    for command in COMMANDS:
        command.add_to(commands)
    return parser
