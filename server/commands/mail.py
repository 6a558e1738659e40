"""`baton mail test ADDRESS`."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from actors.errors import BatonError
from server.commands.parsers import Subparsers
from server.jobs.job import JobFailed
from server.mail.trial import send_test_mail

if TYPE_CHECKING:
    from server.config import Config


def add_to(commands: Subparsers) -> None:
    """Add the commands."""
    parser = commands.add_parser("mail", help="check that mail goes out")
    verbs = parser.add_subparsers(metavar="test", required=True)
    testing = verbs.add_parser("test", help="send a test mail; success, or the mail server's own words")
    testing.add_argument("address", metavar="ADDRESS")
    testing.set_defaults(run=_test)


async def _test(config: Config, arguments: argparse.Namespace) -> int:
    try:
        print(await send_test_mail(config, arguments.address))
    except JobFailed as failed:
        raise BatonError(f"the mail was not sent: {failed}") from failed
    return 0
