"""A real Baton for benchmarks: `baton serve` on an engine of its own, with a team that is signed in."""

from __future__ import annotations

import asyncio
import re
import sys
import time
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus
from pathlib import Path

from actors.ids import WorkspaceId
from actors.roles import Role
from ops.bench.chat_wire import Wire, open_wires
from ops.bench.http_wire import HttpWire
from ops.bench.processes import SERVER_CORE, Child, free_port
from server.people.accounts import Accounts
from server.people.members import Membership
from server.people.passwords import Passwords
from server.people.sessions import Sessions
from server.store.database import Database
from server.store.engine_files import EngineFiles, address_of
from server.store.mongo import connect, ensure_indexes
from server.workspaces.workspaces import ANY_ORIGIN, AgentPersona, Workspace

KEY = "bench"
_WORKSPACE = WorkspaceId("bench")
_XSRF = "0" * 32
_READY_WITHIN_S = 20
_AT_ONCE = 100
_CONVERSATION = re.compile(rb'"conversation_id":"([^"]+)"')


@contextmanager
def engine(folder: Path, core: int = SERVER_CORE) -> Generator[tuple[Child, int]]:
    """The embedded engine as Baton itself starts it, empty, as a process beside; gives its port too."""
    files = EngineFiles(folder)
    files.prepare()
    port = free_port()
    with Child(files.command(port), core=core, log=files.log) as child:
        child.wait_for_port(port)
        yield child, port


@dataclass
class Desk:
    """A Baton that runs. `sessions` are the cookies' tokens of editors who are signed in."""

    server: Child
    port: int
    sessions: list[str]

    def operator(self, session: str) -> Wire:
        """An operator's socket."""
        headers = f"Cookie: baton_session={session}\r\nOrigin: http://127.0.0.1:{self.port}\r\n"
        return open_wires(self.port, ["/ws/operator"], headers)[0]

    def visitors(self, count: int) -> tuple[list[Wire], list[str]]:
        """Visitors who have said hello, and the ids of their conversations."""
        wires, conversations = list[Wire](), list[str]()
        for start in range(0, count, _AT_ONCE):
            some = open_wires(self.port, [f"/ws/visitor?key={KEY}"] * min(_AT_ONCE, count - start))
            for wire in some:
                wire.send(b'{"type":"hello","token":null,"after":0}')
            conversations += [_conversation_id(wire.wait(lambda text: b'"ready"' in text)) for wire in some]
            wires += some
        return wires, conversations

    def claim(self, http: HttpWire, conversation_id: str, session: str) -> None:
        """Send a claim; its answer is to be read."""
        http.ask(
            f"POST /app/conversations/{conversation_id}/claim HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\n"
            f"Cookie: baton_session={session}; _xsrf={_XSRF}\r\nX-XSRFToken: {_XSRF}\r\n"
            "Accept: application/json\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}"
        )


@contextmanager
def desk(engine_port: int, folder: Path, members: int, core: int = SERVER_CORE) -> Generator[Desk]:
    """A Baton on an engine, with so many editors."""
    uri = address_of(engine_port)
    sessions = asyncio.run(_seed(uri, members))
    port = free_port()
    environment = {
        "BATON_PORT": str(port),
        "BATON_DATA_DIR": str(folder),
        "BATON_MONGODB_URI": uri,
        "BATON_LOG_LEVEL": "warning",
    }
    command = [sys.executable, "-m", "server", "serve"]
    with Child(command, core=core, env=environment, log=folder / "baton.log") as server:
        server.wait_for_port(port)
        _until_ready(port)
        yield Desk(server, port, sessions)


def _until_ready(port: int) -> None:
    until = time.monotonic() + _READY_WITHIN_S
    while time.monotonic() < until:
        http = HttpWire(port)
        http.ask(f"GET /readyz HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n")
        status, _ = http.answer()
        http.close()
        if status == HTTPStatus.OK:
            return
        time.sleep(0.05)
    raise RuntimeError("Baton did not become ready")


async def _seed(uri: str, members: int) -> list[str]:
    connection = await connect(uri, "baton")
    passwords = Passwords()
    try:
        await ensure_indexes(connection.database)
        return await _team(connection.database, Accounts(connection.database, passwords), members)
    finally:
        passwords.close()
        connection.close()


async def _team(database: Database, accounts: Accounts, members: int) -> list[str]:
    now, tokens = datetime.now(UTC), list[str]()
    agent = AgentPersona("Bea", "Hello.")
    await accounts.workspaces.create(Workspace(_WORKSPACE, KEY, KEY, "Bench", agent, (ANY_ORIGIN,)), now)
    for number in range(members):
        account = await accounts.create_user(f"editor{number}@bench.test", f"Editor {number}", None, now)
        await accounts.members.add(Membership(_WORKSPACE, account.user_id, Role.EDITOR, now))
        tokens.append(await Sessions(database).create(account.user_id, now))
    return tokens


def _conversation_id(ready: bytes) -> str:
    found = _CONVERSATION.search(ready)
    if found is None:
        raise RuntimeError(f"no greeting: {ready!r}")
    return found[1].decode()
