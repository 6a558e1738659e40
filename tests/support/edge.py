"""The whole edge on a free port: the real application and real actors, with the doubles of `memory_edge`."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

from tornado.testing import bind_unused_port

from actors.conversation import Surroundings
from actors.directory import Directory
from actors.ids import new_id
from actors.log import ConversationKey
from handlers.management.management_ports import Management
from handlers.ports import EdgeConfig, Limits, Services, Sockets
from handlers.sockets.connections import Connections
from handlers.sockets.heartbeat import Heartbeat
from handlers.sockets.peers import Peers
from handlers.sockets.wire import encode
from server.app import make_server
from server.clock import LoopTimers, SystemClock
from server.front.assets import Assets
from server.front.catalogues import Catalogues
from server.front.pages import Pages
from server.services import WEB
from tests.support.doubles import HandPlayedBot
from tests.support.management import no_management
from tests.support.memory_analytics import MemoryAnalytics
from tests.support.memory_cleanup import MemoryCleanup, MemoryTagging
from tests.support.memory_edge import MemoryGate, MemoryHealth, MemoryReading, MemoryWidgets
from tests.support.memory_journal import MemoryJournal
from tests.support.memory_leads import MemoryLeads
from tests.support.memory_people import memory_people
from tests.support.wire_clients import OperatorClient, Socket, VisitorClient

SPEECH = Catalogues()
ASSETS = Assets(WEB / "assets")
PAGES = Pages(WEB / "templates", ASSETS.url)


@dataclass
class Edge:
    """A running edge, and what stands behind it."""

    url: str
    services: Services
    journal: MemoryJournal
    gate: MemoryGate
    widgets: MemoryWidgets
    reading: MemoryReading
    leads: MemoryLeads
    cleanup: MemoryCleanup
    tags: MemoryTagging
    health: MemoryHealth
    bot: HandPlayedBot
    analytics: MemoryAnalytics = field(default_factory=MemoryAnalytics)
    clients: list[Socket] = field(default_factory=list)

    async def visitor(self, key: str = "demo") -> VisitorClient:
        """A visitor who said hello."""
        client = VisitorClient(self.url, key)
        self.clients.append(client)
        await client.hello()
        return client

    async def operator(self, email: str = "editor@demo.test", *, connected: bool = True) -> OperatorClient:
        """An operator who signed in, and connected."""
        client = OperatorClient(self.url, email)
        self.clients.append(client)
        await client.sign_in()
        if connected:
            await client.connect()
        return client


@contextlib.asynccontextmanager
async def running_edge(
    limits: Limits | None = None,
    *,
    base_url: str | None = None,
    trusted: tuple[str, ...] = (),
    management: Management | None = None,
    demo: bool = True,
) -> AsyncIterator[Edge]:
    """Serve until the block ends."""
    limits = limits or Limits()
    listening, port = bind_unused_port()
    url = f"http://127.0.0.1:{port}"
    journal, gate, health, bot = MemoryJournal(), MemoryGate(), MemoryHealth(), HandPlayedBot()
    widgets, reading = MemoryWidgets(journal), MemoryReading(journal)
    later = LoopTimers(asyncio.get_running_loop())
    leads, analytics = MemoryLeads(journal), MemoryAnalytics()
    peers = Peers()
    around = Surroundings(journal, bot, SystemClock(), later, encode, new_id, peers.deliver)
    directory = Directory(around, leads)
    cleanup, tags = MemoryCleanup(journal, directory), MemoryTagging(journal)
    sockets = Sockets(peers, Heartbeat(_no_top, later), Connections(limits))
    services = Services(
        config=EdgeConfig(base_url or url, frozenset(trusted), demo=demo, limits=limits),
        clock=SystemClock(),
        sockets=sockets,
        directory=directory,
        gate=gate,
        people=memory_people(),
        widgets=widgets,
        reading=reading,
        leads=leads,
        analytics=analytics,
        cleanup=cleanup,
        tags=tags,
        management=management or no_management(),
        speech=SPEECH,
        pages=PAGES,
        assets=ASSETS,
        health=health,
    )
    server = make_server(services)
    server.add_socket(listening)
    checks = asyncio.create_task(sockets.connections.run())
    edge = Edge(url, services, journal, gate, widgets, reading, leads, cleanup, tags, health, bot, analytics)
    try:
        yield edge
    finally:
        for client in edge.clients:
            await client.close()
        checks.cancel()
        await asyncio.gather(checks, return_exceptions=True)
        server.stop()
        await server.close_all_connections()
        directory.stop()


def _no_top(key: ConversationKey) -> int | None:
    del key
    return None
