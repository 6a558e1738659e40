"""Baton's own road without a database: the real application, actors and peers on a journal in memory.

    python -m ops.bench.baton_edge PORT

There is one conversation, `c1`, held by a member, so that a visitor's post is one event and no bot answers.
The visitor's token is `bench`, and so is every operator's session.
"""

from __future__ import annotations

import asyncio
import contextlib
import sys
from collections.abc import Callable, Sequence
from datetime import UTC, datetime

from tornado.netutil import bind_sockets

from actors.conversation import Surroundings
from actors.directory import Directory
from actors.ids import ConversationId, UserId, VisitorId, new_id
from actors.log import Author, Conversation, ConversationKey, Entry, EntryType, Page, Standing
from actors.messages import Committed, Refused
from actors.roles import Role
from handlers.ports import Arrival, EdgeConfig, Limits, Services, Sockets, Visit, Workspace
from handlers.sockets.connections import Connections
from handlers.sockets.heartbeat import Heartbeat
from handlers.sockets.peers import Peers
from handlers.sockets.wire import encode
from server.app import BACKLOG, make_server
from server.clock import LoopTimers, SystemClock
from server.front.assets import Assets
from server.front.catalogues import Catalogues
from server.front.pages import Pages
from server.garbage import tended
from server.selector import new_event_loop
from server.services import WEB
from tests.support.doubles import HandPlayedBot
from tests.support.management import no_management
from tests.support.memory_analytics import MemoryAnalytics
from tests.support.memory_cleanup import MemoryCleanup, MemoryTagging
from tests.support.memory_edge import DEMO, MemoryGate, MemoryHealth, MemoryReading, MemoryWidgets
from tests.support.memory_journal import MemoryJournal
from tests.support.memory_leads import MemoryLeads
from tests.support.memory_people import memory_people

TOKEN = "bench"  # noqa: S105 - of a server that lives for seconds
KEY = ConversationKey(DEMO.id, ConversationId("c1"))
_NO_END = 10**9
_UNLIMITED = Limits(
    post_burst=_NO_END,
    posts_per_s=_NO_END,
    frame_burst=_NO_END,
    frames_per_s=_NO_END,
    sockets_per_client=_NO_END,
    sockets_per_address=_NO_END,
)


class CountingJournal(MemoryJournal):
    """Durable at once: what a database would do is done on the next turn of the loop, in constant time."""

    def append(
        self,
        key: ConversationKey,
        entries: Sequence[Entry],
        standing: Standing,
        tell: Callable[[Committed | Refused], None],
    ) -> None:
        """Tell that it is written."""
        del standing
        self.logs[key.conversation_id].entries.extend(entries)
        asyncio.get_running_loop().call_soon(tell, Committed(entries[-1].seq))


class OneVisitor(MemoryWidgets):
    """Whoever comes is the same visitor."""

    async def visit(self, workspace: Workspace, arrival: Arrival) -> Visit:
        """The one conversation."""
        del workspace, arrival
        return Visit(KEY, TOKEN, created=False)


def held_by(user_id: UserId) -> Entry:
    """The claim that keeps the bot silent."""
    return Entry(1, EntryType.CLAIMED, datetime.now(UTC), new_id(), author=Author(user_id, "Editor"))


def services() -> Services:
    """The edge's inside."""
    loop = asyncio.get_running_loop()
    journal, later, gate = CountingJournal(), LoopTimers(loop), MemoryGate()
    editor = gate.accounts[Role.EDITOR].user_id
    gate.sessions[TOKEN] = editor
    conversation = Conversation(KEY, VisitorId("v1"), "Visitor 1", datetime.now(UTC), Page())
    journal.add(conversation, held_by(editor))
    leads = MemoryLeads(journal)
    peers = Peers()
    around = Surroundings(journal, HandPlayedBot(), SystemClock(), later, encode, new_id, peers.deliver)
    directory = Directory(around, leads)
    assets = Assets(WEB / "assets")
    return Services(
        config=EdgeConfig("http://127.0.0.1", limits=_UNLIMITED),
        clock=SystemClock(),
        sockets=Sockets(peers, Heartbeat(directory.top_of, later), Connections(_UNLIMITED)),
        directory=directory,
        gate=gate,
        people=memory_people(),
        widgets=OneVisitor(journal),
        reading=MemoryReading(journal),
        leads=leads,
        analytics=MemoryAnalytics(),
        cleanup=MemoryCleanup(journal, directory),
        tags=MemoryTagging(journal),
        management=no_management(),
        speech=Catalogues(),
        pages=Pages(WEB / "templates", assets.url),
        assets=assets,
        health=MemoryHealth(),
    )


async def main(port: int) -> None:
    """Serve until ended."""
    inside = services()
    inside.sockets.heartbeat.start()
    server = make_server(inside)
    server.add_sockets(bind_sockets(port, "127.0.0.1", backlog=BACKLOG))
    with contextlib.suppress(asyncio.CancelledError), tended(LoopTimers(asyncio.get_running_loop())):
        await inside.sockets.connections.run()


if __name__ == "__main__":
    with asyncio.Runner(loop_factory=new_event_loop) as runner:
        runner.run(main(int(sys.argv[1])))
