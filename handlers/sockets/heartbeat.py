"""One sweeper for all connections: tells each where its conversations stand, and cuts those gone silent."""

from __future__ import annotations

import logging
import math
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from handlers.sockets.frames import PING
from handlers.sockets.peer_limits import SLOW
from handlers.sockets.wire import channel_of, frame

if TYPE_CHECKING:
    from actors.log import ConversationKey
    from actors.ports import Frame, Later
    from handlers.sockets.peers import SocketPeer

SLOTS = 25
"""Groups that a round goes through one after the other, so that ten thousand beats do not come at once."""

_log = logging.getLogger(__name__)


class Pulse:
    """A connection under watch, made by `Heartbeat.watch`."""

    __slots__ = ("_group", "heard_since", "peer", "topics")

    def __init__(self, peer: SocketPeer, group: set[Pulse]) -> None:
        self.peer = peer
        self.topics: tuple[ConversationKey, ...] = ()
        self.heard_since = True
        """Whether anything came in since the last beat."""
        self._group = group
        group.add(self)

    def heard(self) -> None:
        """Something came in: a frame or a pong. For `on_message` and `on_pong`."""
        self.heard_since = True

    def join(self, key: ConversationKey) -> None:
        """Have this conversation's seq in the beats."""
        if key not in self.topics:
            self.topics = (*self.topics, key)

    def leave(self, key: ConversationKey) -> None:
        """Have it no more."""
        self.topics = tuple(topic for topic in self.topics if topic != key)

    def stop(self) -> None:
        """The connection is gone."""
        self._group.discard(self)


class Heartbeat:
    """Beats for every connection once per interval, and cuts one that stays silent for `grace_s` after it.

    A beat is a WebSocket ping, which browsers answer by themselves, and a `heartbeat` frame. So a connection
    on which nothing was heard for `interval_s + grace_s` is gone.

    Args:
        top_of: the newest seq of a conversation that all its subscribers were sent; None leaves it out.
        later: timers.
        interval_s: between two beats of a connection.
        grace_s: how long an answer may take; less than the interval.
        monotonic: seconds that never jump.
    """

    def __init__(
        self,
        top_of: Callable[[ConversationKey], int | None],
        later: Later,
        *,
        interval_s: float = 25.0,
        grace_s: float = 8.0,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._top_of = top_of
        self._later = later
        self._monotonic = monotonic
        self._step_s = interval_s / SLOTS
        self._grace_slots = math.ceil(grace_s / self._step_s)
        if self._grace_slots >= SLOTS:
            raise ValueError("the grace must be shorter than the interval")
        self._groups: list[set[Pulse]] = [set() for _ in range(SLOTS)]
        self._slot = 0
        self._next_group = 0
        self._due_at = 0.0
        self._cancel: Callable[[], None] | None = None

    def start(self) -> None:
        """Begin to beat."""
        self._due_at = self._monotonic() + self._step_s
        self._cancel = self._later(self._step_s, self._step)

    def stop(self) -> None:
        """Beat no more."""
        if self._cancel is not None:
            self._cancel()
            self._cancel = None

    def watch(self, peer: SocketPeer) -> Pulse:
        """Watch a connection until `Pulse.stop`. Its first beat comes within one interval."""
        self._next_group = (self._next_group + 1) % SLOTS
        return Pulse(peer, self._groups[self._next_group])

    def _step(self) -> None:
        late_s = self._monotonic() - self._due_at
        self.start()
        self._slot = (self._slot + 1) % SLOTS
        if late_s < self._grace_slots * self._step_s / 2:  # else it was we who did not listen
            self._cut_silent(self._groups[self._slot - self._grace_slots])
        self._beat(self._groups[self._slot])

    def _cut_silent(self, group: set[Pulse]) -> None:
        for pulse in [pulse for pulse in group if not pulse.heard_since]:
            _log.info("a connection went silent and is cut")
            pulse.peer.cut(SLOW, "silent")
            pulse.stop()

    def _beat(self, group: set[Pulse]) -> None:
        shared: dict[tuple[ConversationKey, ...], Frame] = {}
        for pulse in tuple(group):
            beat = shared.get(pulse.topics)
            if beat is None:
                beat = shared[pulse.topics] = self._frame(pulse.topics)
            pulse.heard_since = False
            pulse.peer.send(PING)
            pulse.peer.send(beat)

    def _frame(self, topics: tuple[ConversationKey, ...]) -> Frame:
        tops = {channel_of(key.conversation_id): self._top_of(key) for key in topics}
        return frame(
            {"type": "heartbeat", "top": {name: seq for name, seq in tops.items() if seq is not None}}
        )
