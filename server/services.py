"""Puts together what the handlers need."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from handlers.ports import EdgeConfig, Limits, Services, Sockets
from handlers.sockets.connections import Connections
from handlers.sockets.heartbeat import Heartbeat
from handlers.sockets.peers import Peers
from server.cleanup.cleanup import StoreCleanup
from server.edge import StoreGate, StoreReading, StoreWidgets
from server.front.assets import Assets
from server.front.pages import Pages
from server.leads.desk import StoreLeadDesk
from server.management import make_management
from server.metrics import LoopLag, Metrics
from server.people.people import LinkStores, make_people
from server.rate_limits import SignInLimits
from server.workspaces.tagging import StoreTagging

if TYPE_CHECKING:
    from actors.directory import Directory
    from actors.log import ConversationKey
    from actors.ports import Clock, Later
    from handlers.widget.speech_ports import Speech
    from server.afterwards import Afterwards
    from server.analytics.log import AnalyticsLog
    from server.analytics.overview import StoreAnalytics
    from server.audit.audit import AuditLog
    from server.audit.trail import Trail
    from server.bot.responder import BotResponder
    from server.cleanup.erasure import Erasure
    from server.config import Config
    from server.conversations.journal import Journal
    from server.conversations.shortcuts import Shortcuts
    from server.jobs.outbox import Outbox
    from server.people.accounts import Accounts
    from server.people.passwords import Passwords
    from server.people.sessions import Sessions
    from server.search.search import Search
    from server.store.database import Database
    from server.store.watch import DatabaseWatch
    from server.visitors.visitors import Visitors
    from server.webhooks.webhooks import Webhooks

WEB = Path(__file__).resolve().parent.parent / "web"


@dataclass(frozen=True, slots=True)
class Stores:
    """The repositories that the edge reads and writes."""

    database: Database
    journal: Journal
    accounts: Accounts
    sessions: Sessions
    visitors: Visitors
    passwords: Passwords
    outbox: Outbox
    links: LinkStores
    analytics: AnalyticsLog
    audit: AuditLog
    trail: Trail
    shortcuts: Shortcuts
    search: Search
    afterwards: Afterwards
    secret_key: str


class ServerHealth:
    """`handlers.ports.Health`: ready while the database takes what we write and we are not stopping."""

    def __init__(self, journal: Journal, watch: DatabaseWatch, metrics: Metrics) -> None:
        self._journal = journal
        self._watch = watch
        self._metrics = metrics
        self.stopping = False

    def problems(self) -> tuple[str, ...]:
        """Why we are not ready."""
        found: list[str] = []
        if self.stopping:
            found.append("The server is stopping.")
        if not (self._journal.available and self._watch.answers):
            found.append("The database does not answer.")
        return tuple(found)

    def metrics(self) -> str:
        """Prometheus text."""
        return self._metrics.text()


def make_sockets(peers: Peers, later: Later, top_of: Callable[[ConversationKey], int | None]) -> Sockets:
    """What sockets share. The heartbeat is started, and `connections.run` made a task, by whoever serves."""
    return Sockets(peers, Heartbeat(top_of, later), Connections(Limits()))


def make_metrics(directory: Directory, sockets: Sockets, journal: Journal, lag: LoopLag) -> Metrics:
    """The numbers of this process."""
    metrics, connections = Metrics(), sockets.connections
    metrics.gauge("baton_connections", "Open sockets.", lambda: len(connections))
    metrics.gauge(
        "baton_operator_connections", "Open sockets of operators.", lambda: connections.operator_count
    )
    metrics.gauge("baton_live_conversations", "Conversations in memory.", lambda: len(directory))
    metrics.counter("baton_entries_total", "Entries given to the journal.", lambda: journal.appended)
    metrics.gauge("baton_entries_waiting", "Entries that are not written yet.", lambda: journal.waiting)
    metrics.gauge(
        "baton_journal_available", "Whether the database takes what is written.", lambda: journal.available
    )
    metrics.gauge("baton_loop_lag_seconds", "Worst delay of the loop since the last look.", lag.take)
    return metrics


_assets, _pages = cache(Assets), cache(Pages)
"""Read once a process, though tests start many servers in one."""


def make_services(
    *,
    config: Config,
    stores: Stores,
    directory: Directory,
    responder: BotResponder,
    webhooks: Webhooks,
    sockets: Sockets,
    clock: Clock,
    health: ServerHealth,
    erasure: Erasure,
    analytics: StoreAnalytics,
    demo: bool,
    speech: Speech,
) -> Services:
    """Everything that a handler may use."""
    assets, limits = _assets(WEB / "assets"), SignInLimits()
    widgets = StoreWidgets(
        stores.accounts.workspaces,
        stores.visitors,
        clock,
        stores.analytics.note,
        stores.search.began,
        named=stores.search.named,
    )
    return Services(
        config=EdgeConfig(
            base_url=config.base_url,
            trusted_proxies=frozenset(config.trusted_proxies),
            demo=demo,
        ),
        clock=clock,
        sockets=sockets,
        directory=directory,
        gate=StoreGate(
            accounts=stores.accounts,
            sessions=stores.sessions,
            limits=limits,
            trail=stores.trail,
            clock=clock,
        ),
        people=make_people(stores, limits, clock),
        widgets=widgets,
        reading=StoreReading(stores.database, stores.journal, clock, stores.shortcuts),
        leads=StoreLeadDesk(stores.database, stores.secret_key, stores.shortcuts),
        analytics=analytics,
        cleanup=StoreCleanup(stores.database, stores.journal, erasure, clock, stores.shortcuts),
        tags=StoreTagging(stores.database, stores.audit, directory, clock),
        management=make_management(
            config=config,
            database=stores.database,
            audit=stores.audit,
            trail=stores.trail,
            widgets=widgets,
            responder=responder,
            webhooks=webhooks,
            outbox=stores.outbox,
            clock=clock,
        ),
        speech=speech,
        pages=_pages(WEB / "templates", assets.url),
        assets=assets,
        health=health,
    )
