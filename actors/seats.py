"""Who looks at a conversation: its subscribers, and which operators they are.

Seats outlive the actor: when one fails, its successor finds them here, with the seq they have seen.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from actors.messages import WatchersChanged
from actors.ports import Audience

if TYPE_CHECKING:
    from actors.fanout import Fanout
    from actors.ids import UserId
    from actors.log import ConversationKey
    from actors.messages import Event, Operator
    from actors.ports import Peer


class Seats:
    """The subscribers of one conversation.

    Args:
        key: the conversation.
        fanout: where events go out.
    """

    __slots__ = ("_fanout", "_key", "_operators", "_shown", "seen_seq")

    def __init__(self, key: ConversationKey, fanout: Fanout) -> None:
        self._key = key
        self._fanout = fanout
        self._operators: dict[Peer, Operator] = {}
        self._shown = WatchersChanged(key, (), visitor_online=False)
        self.seen_seq = 0
        """All who sit here have been shown the log up to this seq."""

    def __len__(self) -> int:
        return len(self._fanout)

    def take(self, peer: Peer, audience: Audience, operator: Operator | None) -> None:
        """Seat a peer, or let one that sits already stay."""
        self._fanout.add(peer, audience)
        if operator is not None:
            self._operators[peer] = operator

    def leave(self, peer: Peer) -> None:
        """Free a peer's seat."""
        self._fanout.remove(peer)
        self._operators.pop(peer, None)

    def show(self, event: Event) -> None:
        """Send an event to everyone who may see it."""
        self._fanout.broadcast(event)

    def show_watchers(self) -> None:
        """Tell the operators who looks, if that changed."""
        now = self.watchers()
        if now != self._shown:
            self._shown = now
            self._fanout.broadcast(now)

    def watchers(self) -> WatchersChanged:
        """Who looks now; an operator with two windows counts once."""
        names: dict[UserId, str] = {o.user_id: o.name for p, o in self._operators.items() if not p.closed}
        online = self._fanout.audience_count(Audience.VISITOR) > 0
        return WatchersChanged(self._key, tuple(sorted(names.items())), online)

    def dismiss(self, code: int, reason: str) -> None:
        """Send visitors away, and let operators, who look at other things too, go."""
        for peer in self._fanout.of(Audience.VISITOR):
            peer.close(code, reason)
        for peer in list(self._fanout):
            self.leave(peer)

    def close_all(self, code: int, reason: str) -> None:
        """Send everyone away."""
        for peer in list(self._fanout):
            peer.close(code, reason)
            self.leave(peer)
