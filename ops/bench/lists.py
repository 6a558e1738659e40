"""Row 5: lists, in workspaces of 1,000, 10,000 and 100,000 conversations beside one another.

    python -m ops.bench lists [--rounds N] [--quick] [--adverse]

`--adverse`: workspaces whose conversations are all of one hour, or of three years; of which one in a hundred
had a message, or one in all.

On the embedded engine, of a copy of data that is made once (`ops/bench/dataset.py`). Baton reads its lists by
its repositories, and over HTTP from the real process. The naive ones are `find().sort().skip().limit()` with
the same filter, by the same driver, the index on what is sorted by in place.
"""

from __future__ import annotations

import asyncio
import json
import re
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from functools import partial
from http import HTTPStatus
from pathlib import Path
from urllib.parse import urlencode

from actors.ids import WorkspaceId
from handlers.ports import ConversationQuery
from ops.bench.dataset import (
    ABSENT,
    ADVERSE,
    COMMON,
    EMAIL,
    PASSWORD,
    PLAIN,
    RARE,
    USER,
    Shape,
    copied,
    prepared,
)
from ops.bench.harness import BATON, Measure, Sample, Sheet, Target, options, rounds_of, save
from server.analytics.log import AnalyticsLog
from server.analytics.overview import StoreAnalytics
from server.clock import SystemClock
from server.conversations.engaged_at import EngagedAt
from server.conversations.inbox_queries import ConversationList
from server.conversations.shortcuts import Shortcuts
from server.leads.feed_cursor import FeedCursors
from server.leads.leads import Leads
from server.search.search import Search
from server.store.database import Database, Document
from server.store.embedded import EmbeddedEngine
from server.store.mongo import connect
from tests.support.process import BatonProcess
from tests.support.wire_clients import OperatorClient

Read = Callable[[], Awaitable[object]]

HTTP, NAIVE = f"{BATON} over HTTP", "find().sort().skip().limit()"
_LISTS: Mapping[str, Document] = {
    "engaged": {},
    "all": {"show": "all"},
    "by the bot": {"holder": "bot"},
    "waiting": {"holder": "waiting"},
    "mine": {"holder": "mine"},
    "others'": {"holder": "others"},
    "tag of 40": {"tag": "few"},
    "tag of a third": {"tag": "many"},
    "common word": {"q": COMMON},
    "rare word": {"q": RARE},
    "absent word": {"q": ABSENT},
    "a visitor": {"visitor": True},
}
_DEEP, _INBOX, _MAIL, _FEED, _UNREAD = "page 10", "inbox", "inbox: an address", "feed", "unread leads"
_OVERVIEW = ("overview 7", "overview 30", "overview 90")
CASES = (*_LISTS, _DEEP, _INBOX, _MAIL, _FEED, _UNREAD, *_OVERVIEW)
_SKIPPED = 450


def _name(contender: str, shape: Shape) -> str:
    kind = "" if shape in PLAIN else f"{shape.name} "
    return f"{contender}, {kind}{shape.count:,}"


def _sheet(bench: str, title: str, shapes: Sequence[Shape], pairs: Sequence[tuple[Shape, Shape]]) -> Sheet:
    """`pairs`: a small workspace, and the large one of its kind."""
    return Sheet(
        bench=bench,
        row=5,
        title=title,
        work="A page of 50 of a workspace's list, by the conversations in it; all workspaces in one engine.",
        cases=CASES,
        contenders=tuple(_name(each, shape) for each in (BATON, HTTP, NAIVE) for shape in shapes),
        measures=(Measure("ms", "Time to read", "ms", "lower"),),
        targets=tuple(
            Target("ms", case, "at most", 2.0, (_name(each, small),), _name(each, large))
            for small, large in pairs
            for each in (BATON, HTTP)
            for case in CASES
            if (each, case) != (HTTP, _UNREAD)  # every page is told of them, none asks for them alone
        ),
    )


SHEET = _sheet("lists", "Lists", PLAIN, [(PLAIN[0], PLAIN[-1])])
SHEET_ADVERSE = _sheet(
    "lists_adverse",
    "Lists of adverse distributions",
    ADVERSE,
    list(zip(ADVERSE[: len(ADVERSE) // 2], ADVERSE[len(ADVERSE) // 2 :], strict=True)),
)


async def _deep(read: Callable[[str | None], Awaitable[str | None]]) -> str | None:
    """The cursor after nine pages, so that the tenth can be read."""
    after: str | None = None
    for _ in range(_SKIPPED // 50):
        after = await read(after)
    return after


async def _of_repositories(database: Database, shape: Shape, shortcuts: Shortcuts) -> dict[str, Read]:
    conversations = ConversationList(database, shape.id, shortcuts)
    leads = Leads(database, shape.id, FeedCursors("k" * 40), shortcuts)
    analytics = StoreAnalytics(database, AnalyticsLog(database), SystemClock())

    def listed(asked: Document) -> Read:
        query = ConversationQuery(USER, **_wanted(shape, asked))
        return lambda: conversations.page(query)

    async def page(after: str | None) -> str | None:
        return (await conversations.page(ConversationQuery(USER), after)).next

    after = await _deep(page)
    cursor = (await leads.feed(None)).cursor
    return {
        **{name: listed(asked) for name, asked in _LISTS.items()},
        _DEEP: lambda: conversations.page(ConversationQuery(USER), after),
        _INBOX: lambda: leads.page(user_id=USER),
        _MAIL: lambda: leads.page(_address(shape)),
        _FEED: lambda: leads.feed(cursor),
        _UNREAD: lambda: leads.reads.unread(USER),
        **{name: partial(analytics.overview, shape.id, int(name.split()[1])) for name in _OVERVIEW},
    }


async def _over_http(url: str, shape: Shape) -> dict[str, Read]:
    client = OperatorClient(url, EMAIL, PASSWORD)
    await client.sign_in()
    status = (await client.http("POST", "/app/workspace", {"id": shape.id})).code
    if status != HTTPStatus.OK:
        raise RuntimeError(f"{shape.id} cannot be looked at: {status}")

    async def get(path: str, **query: object) -> Document:
        asked = f"?{urlencode({name: value for name, value in query.items() if value})}"
        response = await client.http("GET", f"{path}{asked}")
        if response.code != HTTPStatus.OK:
            raise RuntimeError(f"{path}{asked}: {response.code} {response.body!r}")
        return json.loads(response.body)

    async def page(after: str | None) -> str | None:
        return (await get("/app/conversations", after=after))["next"]

    def listed(asked: Document) -> Read:
        return lambda: get("/app/conversations", **_wanted(shape, asked))

    after = await _deep(page)
    return {
        **{name: listed(asked) for name, asked in _LISTS.items()},
        _DEEP: lambda: page(after),
        _INBOX: lambda: get("/app/inbox"),
        _MAIL: lambda: get("/app/inbox", q=_address(shape)),
        _FEED: lambda: get("/app/leads/feed"),
        **{name: partial(get, "/app/overview", days=name.split()[1]) for name in _OVERVIEW},
    }


def _naive(database: Database, workspace_id: WorkspaceId) -> dict[str, Read]:
    newest = [("last_activity_at", -1), ("_id", -1)]

    def listed(skip: int = 0, **query: object) -> Read:
        wanted = {"workspace_id": workspace_id, **query}
        return lambda: database["conversations"].find(wanted, sort=newest, skip=skip, limit=50).to_list(50)

    engaged: Document = {"user_message_count": {"$gt": 0}}
    return {
        "all": listed(),
        "engaged": listed(**engaged),
        "rare word": listed(preview=re.compile(RARE, re.IGNORECASE)),
        "absent word": listed(preview=re.compile(ABSENT, re.IGNORECASE)),
        _DEEP: listed(_SKIPPED, **engaged),
    }


def _wanted(shape: Shape, asked: Document) -> Document:
    """What is asked of this workspace: its own tags and visitor."""
    wanted = dict(asked)
    if "tag" in wanted:
        wanted["tag"] = {"few": shape.few_tag, "many": shape.many_tag}[wanted["tag"]]
    if wanted.pop("visitor", False):
        wanted["q"] = shape.visitor
    return wanted


def _address(shape: Shape) -> str:
    return f"customer{shape.count // 2 + 1}@mail.example"


async def _measured(bench: str, contenders: Mapping[str, dict[str, Read]], rounds: int) -> list[Sample]:
    samples: list[Sample] = []
    naive = {name for name in contenders if name.startswith(NAIVE)}
    for number, name in rounds_of(list(contenders), rounds):
        for case, read in contenders[name].items():
            if number == 1 and name not in naive:
                await read()  # what is counted or learned at first
            began = time.perf_counter()
            await read()
            samples.append(Sample(bench, case, name, number, {"ms": 1000 * (time.perf_counter() - began)}))
            print(f"{name:45} {case:20} {samples[-1].metrics['ms']:9.1f} ms", flush=True)
    return samples


async def _run(sheet: Sheet, rounds: int, shapes: Sequence[Shape]) -> list[Sample]:
    folder, took_s = await (prepared("plain", PLAIN) if sheet is SHEET else prepared("adverse", ADVERSE))
    print(f"the data took {took_s:.0f} s to make", flush=True)
    samples: list[Sample] = []
    with tempfile.TemporaryDirectory() as temporary:
        data_dir = await asyncio.to_thread(copied, folder, Path(temporary) / "var")
        baton = BatonProcess(data_dir, "serve")
        baton.ready_within_s = 300.0
        async with baton:
            over_http = {_name(HTTP, shape): await _over_http(baton.url, shape) for shape in shapes}
            samples += await _measured(sheet.bench, over_http, rounds)
        engine = EmbeddedEngine(data_dir)
        connection = await connect(f"{await engine.start()}&socketTimeoutMS=60000", "baton")
        database = connection.database
        search, engagement = Search(database, data_dir), EngagedAt(database)
        await search.start()
        await engagement.start()
        shortcuts = Shortcuts(search, engagement)
        contenders = {
            _name(BATON, shape): await _of_repositories(database, shape, shortcuts) for shape in shapes
        }
        contenders |= {_name(NAIVE, shape): _naive(database, shape.id) for shape in shapes}
        samples += await _measured(sheet.bench, contenders, rounds)
        await search.close()
        connection.close()
        await engine.stop()
    return samples


def main(argv: Sequence[str]) -> int:
    """Run it; gives the exit code."""
    parser = options(__doc__)
    parser.add_argument("--adverse", action="store_true")
    arguments = parser.parse_args(argv)
    sheet, shapes = (SHEET_ADVERSE, ADVERSE) if arguments.adverse else (SHEET, PLAIN)
    rounds, shapes = (2, shapes[::2]) if arguments.quick else (arguments.rounds, shapes)
    print(save(sheet, asyncio.run(_run(sheet, rounds, shapes))))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
