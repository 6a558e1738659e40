"""Pages of rows, newest first, at a cost that does not grow with the collection."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from server.store.cursors import Place, instant, milliseconds
from server.store.database import ASCENDING, DESCENDING, Collection, Document
from server.store.tops import Tops

_GROWTH = 4.0
_BUDGET_S = 1.0


@dataclass(frozen=True, slots=True)
class Rows:
    """A page. `next` is where the following page begins, None at the end; a page may be short before it."""

    documents: list[Document]
    next: Place | None


@dataclass(frozen=True, slots=True)
class Scale:
    """What rows are sorted by: a field, how its values are told as numbers, and how wide windows are."""

    field: str
    number: Callable[[Any], int]
    value: Callable[[int], Any]
    first_width: int
    last_width: int


def by_time(field: str) -> Scale:
    """Rows sorted by an instant: windows of 2 s up to 400 days, then all that is older."""
    return Scale(field, milliseconds, instant, 2_000, 400 * 86_400_000)


def by_count(field: str) -> Scale:
    """Rows sorted by a number that counts up."""
    return Scale(field, int, int, 200, 1_000_000)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which rows. `scope` holds just what the index begins with, `also` all else that rows must match.

    The embedded engine uses a compound index only for a query of nothing but its first fields, so the two are
    stages of their own; MongoDB joins them again.
    """

    scope: Document
    also: Document = field(default_factory=dict[str, Any])


class NewestFirst:
    """Reads pages through windows of the sorted field that widen until the page is full.

    The embedded engine fetches and sorts all that the first stage matches before it applies the limit: 800 ms
    for a page at 20,000 conversations, against 6 ms for a window of 60 and 2 ms for an empty one. MongoDB
    reads a window straight off the index.

    Args:
        collection: where the rows are.
        wanted: which.
        scale: what they are sorted by.
        tops: remembers where first pages were; without it each is looked for.
    """

    def __init__(
        self, collection: Collection, wanted: Wanted, scale: Scale, tops: Tops | None = None
    ) -> None:
        self._collection = collection
        self._wanted = wanted
        self._scale = scale
        self._tops = tops

    async def page(self, newest: int, after: Place | None, limit: int, budget_s: float = _BUDGET_S) -> Rows:
        """Up to `limit` rows older than `after`, or from the top, which is about at `newest`."""
        walk = self._from_top(newest, limit + 1) if after is None else self._walk(after.value, limit + 1)
        began = time.monotonic()
        if after is not None:
            walk.add(await self._ties(after, walk.left))
        while walk.left > 0 and not walk.ended:
            if time.monotonic() - began > budget_s:
                return Rows(walk.documents, Place(walk.upper, ""))
            await self._step(walk, from_top=after is None and walk.steps == 0)
        if after is None:
            self._learn(walk)
        return _page(walk.documents, limit, self._scale)

    def _walk(self, upper: int, wanted: int) -> _Walk:
        return _Walk(upper, wanted, float(self._scale.first_width))

    def _from_top(self, newest: int, wanted: int) -> _Walk:
        top = self._tops.of(self._rows) if self._tops else None
        # The first window has no upper end: whatever came since is in it.
        return _Walk(top.value, wanted, top.width) if top else self._walk(newest, wanted)

    def _learn(self, walk: _Walk) -> None:
        if self._tops and walk.documents:
            first, last = (self._scale.number(walk.documents[at][self._scale.field]) for at in (0, -1))
            beyond = self._scale.last_width + 1.0
            self._tops.learn(self._rows, first, beyond if walk.ended else first - last + 1.0)

    @property
    def _rows(self) -> str:
        return f"{self._scale.field} {self._wanted}"

    async def _step(self, walk: _Walk, *, from_top: bool) -> None:
        lower = max(0, walk.upper - int(walk.width))
        bounds: Document = {"$lt": self._scale.value(walk.upper), "$gte": self._scale.value(lower)}
        if from_top:
            del bounds["$lt"]
        if walk.width > self._scale.last_width or lower == 0:
            bounds["$gte"] = self._scale.value(0)  # never without: what has no value is in no list
            walk.ended = True
        found = await self._find({self._scale.field: bounds}, walk.left)
        walk.narrow_or_widen(len(found))
        walk.add(found)
        walk.upper = lower

    async def _ties(self, after: Place, limit: int) -> list[Document]:
        if not after.id:
            return []
        return await self._find(
            {self._scale.field: self._scale.value(after.value), "_id": {"$lt": after.id}}, limit
        )

    async def _find(self, bounds: Document, limit: int) -> list[Document]:
        wanted = Wanted({**self._wanted.scope, **bounds}, self._wanted.also)
        return await _newest(self._collection, wanted, self._scale, limit)


async def few(
    collection: Collection,
    wanted: Wanted,
    scale: Scale,
    after: Place | None,
    limit: int,
    *,
    oldest_first: bool = False,
) -> Rows:
    """A page where the scope is known to hold few rows: one query, which sorts them all."""
    also, order = wanted.also, ASCENDING if oldest_first else DESCENDING
    if after is not None:
        value, beyond = scale.value(after.value), "$gt" if oldest_first else "$lt"
        rest = [{scale.field: {beyond: value}}, {scale.field: value, "_id": {beyond: after.id}}]
        also = {"$and": [{"$or": rest}, *([also] if also else [])]}
    rows = await _newest(collection, Wanted(wanted.scope, also), scale, limit + 1, order=order)
    return _page(rows, limit, scale)


async def _newest(
    collection: Collection, wanted: Wanted, scale: Scale, limit: int, *, order: int = DESCENDING
) -> list[Document]:
    matches: list[Document] = [{"$match": query} for query in (wanted.scope, wanted.also) if query]
    sort: Document = {"$sort": {scale.field: order, "_id": order}}
    return await collection.aggregate([*matches, sort, {"$limit": limit}]).to_list(limit)


def _page(documents: list[Document], limit: int, scale: Scale) -> Rows:
    rows = documents[:limit]
    if len(documents) <= limit:
        return Rows(rows, None)
    return Rows(rows, Place(scale.number(rows[-1][scale.field]), str(rows[-1]["_id"])))


class _Walk:
    """How far one page has been read."""

    def __init__(self, upper: int, wanted: int, width: float) -> None:
        self.upper = upper
        self.width = width
        self.steps = 0
        self.ended = False
        self.documents: list[Document] = []
        self._wanted = wanted

    @property
    def left(self) -> int:
        return self._wanted - len(self.documents)

    def add(self, found: list[Document]) -> None:
        self.documents += found

    def narrow_or_widen(self, found: int) -> None:
        """As wide as what is still wanted needs at the density just seen, four times as wide at most."""
        self.steps += 1
        needed = max(self.left - found, 1) / found * 1.2 if found else _GROWTH
        self.width *= min(max(needed, 0.25), _GROWTH)
