"""What the demo adds to a start: knowledge for its agent, and where to go, on the screen."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from server.demo import DEMO, DEMO_PASSWORD
from server.knowledge.imports import import_path
from server.knowledge.knowledge import Knowledge

if TYPE_CHECKING:
    from server.store.database import Database

KNOWLEDGE = Path(__file__).parent / "demo_knowledge"


async def teach_demo(database: Database) -> None:
    """Give the demo's agent Baton's own manual and the operator's handbook."""
    await import_path(Knowledge(database, DEMO.id), KNOWLEDGE)


def announce_demo(url: str) -> None:
    """Print the addresses and the sign-in."""
    sys.stdout.write(
        f"""
Baton is ready.

  A page with the widget   {url}/demo
  The operators' console   {url}/app
  Sign in as               owner@demo.test, admin@demo.test, editor@demo.test or viewer@demo.test
  Password                 {DEMO_PASSWORD}

Ctrl-C stops it.

"""
    )
    sys.stdout.flush()
