"""The process: everything is put together here, in order, and taken apart in reverse."""

from __future__ import annotations

import asyncio
import logging
import socket
from collections.abc import AsyncGenerator, Coroutine
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tornado.netutil import bind_sockets

from actors.conversation import Surroundings
from actors.directory import Directory
from actors.errors import BatonError
from actors.ids import new_id
from handlers.sockets.peers import Peers
from handlers.sockets.wire import encode
from server.afterwards import Afterwards
from server.analytics.log import AnalyticsLog
from server.analytics.overview import StoreAnalytics
from server.app import BACKLOG, MAX_BUFFER_BYTES, make_server
from server.audit.audit import AuditLog
from server.audit.trail import Trail
from server.bot.responder import make_responder
from server.cleanup.erasure import Erasure
from server.clock import LoopTimers, SystemClock
from server.config import default_base_url, load_secret_key, prepare_data_dir
from server.conversations.engaged_at import EngagedAt
from server.conversations.follower import Followers
from server.conversations.journal import Journal
from server.conversations.shortcuts import Shortcuts
from server.demo import seed_demo
from server.demo_start import announce_demo, teach_demo
from server.door import Door
from server.front.catalogues import Catalogues
from server.garbage import tended
from server.jobs.outbox import Outbox
from server.leads.capture import LeadCapture
from server.leads.counted import CountedLeads
from server.leads.names import LeadNames
from server.logs import set_up_logs
from server.metrics import LoopLag
from server.open_files import raise_limit
from server.outgoing import make_webhooks, make_worker
from server.people.accounts import Accounts
from server.people.passwords import Passwords
from server.people.people import make_link_stores
from server.people.sessions import Sessions
from server.search.search import Search
from server.services import ServerHealth, Stores, make_metrics, make_services, make_sockets
from server.signals import until_told_to_stop
from server.store.embedded import EmbeddedEngine
from server.store.mongo import connect, ensure_indexes
from server.store.watch import DatabaseWatch
from server.visitors.visitors import Visitors
from server.webhooks.entry_webhooks import EntryWebhooks

if TYPE_CHECKING:
    from tornado.httpserver import HTTPServer

    from handlers.ports import Sockets
    from server.config import Config
    from server.store.database import Database

COME_BACK_WITHIN_MS = 4000
"""Visitors who are sent away at a restart come back spread over this time."""

_log = logging.getLogger(__name__)


async def serve(config: Config, *, demo: bool = False) -> None:
    """Run the server until it is told to stop. Raises BatonError when it cannot start."""
    set_up_logs(config.log_level, config.log_format)
    told = asyncio.ensure_future(until_told_to_stop())
    start = asyncio.ensure_future(_start(config, demo=demo))
    await asyncio.wait({told, start}, return_when=asyncio.FIRST_COMPLETED)
    if told.done():  # while we were still starting
        start.cancel()
        await asyncio.wait({start})
    if start.cancelled():
        return
    stack = start.result()
    try:
        _log.info("stopping (%s)", (await told).name)
    finally:
        told.cancel()
        await stack.aclose()


async def _start(config: Config, *, demo: bool) -> AsyncExitStack:
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(running(config, demo=demo))
        stack.enter_context(tended(LoopTimers(asyncio.get_running_loop())))
        return stack.pop_all()
    raise AssertionError  # an exit stack lets every exception through


@dataclass(frozen=True, slots=True)
class Running:
    """A server that takes connections at `url`."""

    url: str
    directory: Directory
    journal: Journal


@asynccontextmanager
async def running(
    config: Config, *, demo: bool = False, passwords: Passwords | None = None
) -> AsyncGenerator[Running, None]:
    """Everything, from the database to the listening socket, for as long as the context lasts.

    `passwords`: who makes their hashes, closed at the end; None for those that cost what ours should.
    """
    async with AsyncExitStack() as stack:
        raise_limit()
        sockets_to_listen = _bind(config)
        database = await _database(stack, config)
        stores = await _stores(stack, database, config, passwords or Passwords(), demo=demo)
        clock, timers = SystemClock(), LoopTimers(asyncio.get_running_loop())
        speech = Catalogues()
        responder = make_responder(config, database, speech.words)
        stack.push_async_callback(responder.aclose)
        webhooks = make_webhooks(stack, config, stores)
        worker = make_worker(stack, config, stores, webhooks, clock)
        leads = LeadCapture(database, stores.outbox, captured=stores.search.captured)
        await leads.start()
        await worker.start(alone=config.mongodb_uri is None)
        peers = Peers(fast=config.fast_fanout)
        around = Surroundings(stores.journal, responder, clock, timers, encode, new_id, peers.deliver)
        directory = Directory(around, CountedLeads(leads, stores.analytics))
        stack.callback(directory.stop)
        sockets = make_sockets(peers, timers, directory.top_of)
        stack.callback(sockets.connections.restart, COME_BACK_WITHIN_MS)
        stack.push_async_callback(stores.journal.close)
        stack.push_async_callback(leads.close)
        erasure = Erasure(
            database,
            stores.journal,
            stores.audit,
            directory,
            forget=(stores.visitors.forget, stores.search.forget),
            writers=(leads, stores.analytics, stores.search),
        )
        await erasure.start()
        stack.push_async_callback(erasure.close)
        analytics = StoreAnalytics(database, stores.analytics, clock)
        watch, lag = DatabaseWatch(database), LoopLag()
        health = ServerHealth(stores.journal, watch, make_metrics(directory, sockets, stores.journal, lag))
        services = make_services(
            config=config,
            stores=stores,
            directory=directory,
            responder=responder,
            webhooks=webhooks,
            sockets=sockets,
            clock=clock,
            health=health,
            erasure=erasure,
            analytics=analytics,
            demo=demo,
            speech=speech,
        )
        for work in (watch.run(), lag.run(), sockets.connections.run(), analytics.run()):
            _in_background(stack, work)
        _beat(stack, sockets)
        port = _listen(stack, make_server(services), sockets_to_listen)
        stack.callback(setattr, health, "stopping", True)
        url = config.base_url if config.port else default_base_url(config.host, port)
        _log.info("listening on %s", url)
        if demo:
            announce_demo(url)
        elif await services.people.setup.needed():
            _log.info("nobody has an account yet: open %s/setup and make yours", url)
        yield Running(url, directory, stores.journal)


def _bind(config: Config) -> list[socket.socket]:
    """Take the port first: nothing else is worth starting without it."""
    try:
        return bind_sockets(config.port, config.host, backlog=BACKLOG)
    except OSError as error:
        raise BatonError(
            f"BATON_PORT is {config.port}, which cannot be used on {config.host} "
            f"({error.strerror or error}); another program may have it, so choose another port."
        ) from error


async def _database(stack: AsyncExitStack, config: Config) -> Database:
    uri = config.mongodb_uri
    if uri is None:
        engine = EmbeddedEngine(prepare_data_dir(config.data_dir))
        uri = await engine.start()
        stack.push_async_callback(engine.stop)
    connection = await connect(uri, config.mongodb_database)
    stack.callback(connection.close)
    await ensure_indexes(connection.database)
    return connection.database


async def _stores(
    stack: AsyncExitStack, database: Database, config: Config, passwords: Passwords, *, demo: bool
) -> Stores:
    stack.callback(passwords.close)
    accounts = Accounts(database, passwords)
    if demo:
        await seed_demo(accounts, passwords)
        await teach_demo(database)
    audit = AuditLog(database)
    stack.push_async_callback(audit.close)
    analytics = AnalyticsLog(database)
    stack.push_async_callback(analytics.close)
    await analytics.start()
    search, engagement = Search(database, prepare_data_dir(config.data_dir)), EngagedAt(database)
    stack.push_async_callback(search.close)
    await search.start()
    await engagement.start()
    outbox = Outbox(database)
    follower = Followers(analytics, search)
    journal = Journal(database, audit, follower=follower, webhooks=EntryWebhooks(database, outbox))
    await journal.start()
    for work in (search.run(), engagement.run(), LeadNames(database).run()):
        _in_background(stack, work)
    visitors = Visitors(database)
    stack.push_async_callback(visitors.close)
    secret_key = config.secret_key or load_secret_key(prepare_data_dir(config.data_dir))
    afterwards = Afterwards()
    stack.push_async_callback(afterwards.close)
    return Stores(
        database=database,
        journal=journal,
        accounts=accounts,
        sessions=Sessions(database),
        visitors=visitors,
        passwords=passwords,
        outbox=outbox,
        links=make_link_stores(database, secret_key),
        analytics=analytics,
        audit=audit,
        trail=Trail(audit, accounts, secret_key, SystemClock(), afterwards),
        shortcuts=Shortcuts(search, engagement),
        search=search,
        afterwards=afterwards,
        secret_key=secret_key,
    )


def _in_background(stack: AsyncExitStack, work: Coroutine[Any, Any, None]) -> None:
    task = asyncio.get_running_loop().create_task(work)

    async def end() -> None:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)

    stack.push_async_callback(end)


def _beat(stack: AsyncExitStack, sockets: Sockets) -> None:
    sockets.heartbeat.start()
    stack.callback(sockets.heartbeat.stop)


def _listen(stack: AsyncExitStack, server: HTTPServer, bound: list[socket.socket]) -> int:
    door = Door(server, bound, MAX_BUFFER_BYTES)
    door.open()
    stack.push_async_callback(server.close_all_connections)
    stack.callback(door.close)
    port: int = bound[0].getsockname()[1]
    return port
