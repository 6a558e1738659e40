"""What commands are added to."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Protocol


class Subparsers(Protocol):
    """What `ArgumentParser.add_subparsers` gives; its class has no public name."""

    def add_parser(self, name: str, *, help: str) -> ArgumentParser:  # noqa: A002 - argparse calls it so
        """Add a command."""
        ...
