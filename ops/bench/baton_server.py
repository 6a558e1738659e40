"""A real `baton serve` for a benchmark: a workspace, one session of its owner, and the process on a core."""

from __future__ import annotations

import http.client
import json
import sys
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from ops.bench.processes import SERVER_CORE, Child, family, free_port

EMAIL, PASSWORD = "owner@bench.test", "a long enough password"


@dataclass(frozen=True)
class BatonServer:
    """Where it is, its widget's key, the owner's session cookie, and its processes."""

    port: int
    key: str
    session: str
    child: Child

    @property
    def engine_pid(self) -> int:
        """The embedded engine's process."""
        return family(self.child.pid)[1]


@contextmanager
def baton_server(
    folder: Path, *, core: int | None = SERVER_CORE, **environment: str
) -> Generator[BatonServer]:
    """Start it in an empty folder, with its engine; ended with the block."""
    port = free_port()
    env = {"BATON_PORT": str(port), "BATON_DATA_DIR": str(folder / "var"), "BATON_LOG_LEVEL": "warning"}
    command = [sys.executable, "-m", "server", "serve"]
    with Child(command, core=core, env={**env, **environment}, log=folder / "baton.log") as child:
        child.wait_for_port(port, 60)
        session = _set_up(port)
        me = _me(port, session)
        yield BatonServer(port, me["workspace"]["key"], session, child)


def _set_up(port: int) -> str:
    """Make the owner and the workspace; gives the session's token."""
    body = {"site_title": "Bench", "name": "Owner", "email": EMAIL, "password": PASSWORD}
    response = _ask(port, "POST", "/setup", {"Content-Type": "application/json"}, json.dumps(body))
    cookies = response.headers.get_all("Set-Cookie") or []
    found = [cookie.partition(";")[0].partition("=") for cookie in cookies]
    return next(value for name, _, value in found if name == "baton_session")


def _me(port: int, session: str) -> dict[str, dict[str, str]]:
    headers = {"Cookie": f"baton_session={session}", "Accept": "application/json"}
    return json.loads(_ask(port, "GET", "/app/me", headers).read())


def _ask(
    port: int, method: str, path: str, headers: dict[str, str], body: str | None = None
) -> http.client.HTTPResponse:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    connection.request(method, path, body, headers)
    return connection.getresponse()
