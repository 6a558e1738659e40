"""A journal in memory that can be slow, away, or taken over by another writer."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from actors.ids import ConversationId
from actors.log import Conversation, ConversationKey, Entry, Standing
from actors.messages import Committed, Fetched, Loaded, NotFound, Refused, Subscribe


@dataclass
class Stored:
    """What the database has of one conversation."""

    conversation: Conversation
    entries: list[Entry] = field(default_factory=list)


@dataclass(frozen=True)
class _Step:
    conversation_id: ConversationId
    run: Callable[[], None]
    is_append: bool


class MemoryJournal:
    """`actors.ports.Journal` without a database.

    With `auto` everything is done on the next turn of the running loop; without it, when `commit` is called.
    While `available` is false nothing is done and at most `bound` appends wait.
    """

    def __init__(self, *, auto: bool = True, bound: int = 1000) -> None:
        self.auto = auto
        self.bound = bound
        self.logs: dict[ConversationId, Stored] = {}
        self.appends = 0
        self.loads = 0
        self.fetches = 0
        self._available = True
        self._steps: deque[_Step] = deque()
        self._broken: set[ConversationId] = set()
        self._scheduled = False

    def add(self, conversation: Conversation, *entries: Entry) -> None:
        """Let the database have a conversation, as a visit or an earlier run leaves it."""
        self.logs[conversation.key.conversation_id] = Stored(conversation, list(entries))

    def add_behind_its_back(self, key: ConversationKey, entry: Entry) -> None:
        """Write as another process would: the next append of the same seq is refused."""
        self.logs[key.conversation_id].entries.append(entry)

    def entries(self, key: ConversationKey) -> list[Entry]:
        """What is durable of a log."""
        return self.logs[key.conversation_id].entries

    @property
    def available(self) -> bool:
        """Whether the database answers."""
        return self._available

    @available.setter
    def available(self, value: bool) -> None:
        self._available = value
        self._schedule()

    @property
    def waiting(self) -> int:
        """Appends that are not durable yet."""
        return sum(step.is_append for step in self._steps)

    def commit(self, count: int | None = None) -> int:
        """Do the oldest `count` things asked for, or all and what they lead to; gives how many were done."""
        done = 0
        while self._steps and self._available and done != count:
            self._steps.popleft().run()
            done += 1
        return done

    def refuse(self, key: ConversationKey, reason: str = "another writer") -> None:
        """Let the next append of this conversation fail."""
        self._broken.add(key.conversation_id)
        if not any(step.is_append and step.conversation_id == key.conversation_id for step in self._steps):
            raise LookupError(f"nothing of {key.conversation_id} waits, so nothing can be refused: {reason}")

    # actors.ports.Journal

    def has_room(self) -> bool:
        return self._available or self.waiting < self.bound

    def load(self, key: ConversationKey, tell: Callable[[Loaded | NotFound], None]) -> None:
        self.loads += 1
        self._drop(key.conversation_id)

        def run() -> None:
            self._broken.discard(key.conversation_id)
            stored = self._find(key)
            tell(Loaded(stored.conversation, tuple(stored.entries)) if stored else NotFound())

        self._do(key, run)

    def append(
        self,
        key: ConversationKey,
        entries: Sequence[Entry],
        standing: Standing,
        tell: Callable[[Committed | Refused], None],
    ) -> None:
        self.appends += 1
        wanted = tuple(entries)

        def run() -> None:
            reason = self._objection(key, wanted)
            if reason is None:
                self.logs[key.conversation_id].entries.extend(wanted)
                tell(Committed(wanted[-1].seq))
            else:
                self._broken.add(key.conversation_id)
                self._drop(key.conversation_id)
                tell(Refused(reason))

        self._do(key, run, is_append=True)

    def fetch(
        self, key: ConversationKey, request: Subscribe, upto: int, tell: Callable[[Fetched], None]
    ) -> None:
        self.fetches += 1

        def run() -> None:
            stored = self._find(key)
            entries = stored.entries if stored else []
            tell(Fetched(request, tuple(entry for entry in entries if request.after < entry.seq <= upto)))

        self._do(key, run)

    # inside

    def _find(self, key: ConversationKey) -> Stored | None:
        stored = self.logs.get(key.conversation_id)
        return stored if stored and stored.conversation.key == key else None

    def _objection(self, key: ConversationKey, entries: Sequence[Entry]) -> str | None:
        stored = self._find(key)
        if stored is None:
            return "no such conversation"
        if key.conversation_id in self._broken:
            return "another writer"
        have = len(stored.entries)
        if [entry.seq for entry in entries] != list(range(have + 1, have + 1 + len(entries))):
            return "another writer has this seq"
        known = {entry.client_id for entry in stored.entries if entry.client_id}
        if any(entry.client_id in known for entry in entries if entry.client_id):
            return "another writer has this client_id"
        return None

    def _drop(self, conversation_id: ConversationId) -> None:
        keep = [s for s in self._steps if not (s.is_append and s.conversation_id == conversation_id)]
        self._steps = deque(keep)

    def _do(self, key: ConversationKey, run: Callable[[], None], *, is_append: bool = False) -> None:
        self._steps.append(_Step(key.conversation_id, run, is_append))
        self._schedule()

    def _schedule(self) -> None:
        if self.auto and self._available and self._steps and not self._scheduled:
            self._scheduled = True
            asyncio.get_running_loop().call_soon(self._drain)

    def _drain(self) -> None:
        self._scheduled = False
        if self.auto:
            self.commit()
