"""The subscribers of one topic: an event is encoded once, and everyone gets the same bytes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from actors.ports import Audience

if TYPE_CHECKING:
    from collections.abc import Iterator

    from actors.messages import Event
    from actors.ports import Encode, Peer


class Fanout:
    """Subscribers by audience. Those that have closed are dropped when something is broadcast.

    Args:
        encode: called once per event and audience present, however many subscribers there are.
    """

    __slots__ = ("_encode", "_peers")

    def __init__(self, encode: Encode) -> None:
        self._encode = encode
        self._peers: dict[Audience, dict[Peer, None]] = {}

    def __len__(self) -> int:
        return sum(len(peers) for peers in self._peers.values())

    def __iter__(self) -> Iterator[Peer]:
        """All subscribers, as they are now: they may leave or be removed meanwhile."""
        return iter([peer for peers in self._peers.values() for peer in peers])

    def __contains__(self, peer: Peer) -> bool:
        return any(peer in peers for peers in self._peers.values())

    def audience_count(self, audience: Audience) -> int:
        """How many subscribers of an audience there are."""
        return len(self._peers.get(audience, ()))

    def of(self, audience: Audience) -> tuple[Peer, ...]:
        """The subscribers of an audience."""
        return tuple(self._peers.get(audience, ()))

    def add(self, peer: Peer, audience: Audience) -> None:
        """Let a peer hear what its audience may see. It is in one audience at a time, and hears all once."""
        if peer not in self._peers.get(audience, ()):
            self.remove(peer)
            self._peers.setdefault(audience, {})[peer] = None

    def remove(self, peer: Peer) -> None:
        """Let a peer go; one that is not here changes nothing."""
        for audience, peers in list(self._peers.items()):
            peers.pop(peer, None)
            if not peers:
                del self._peers[audience]

    def broadcast(self, event: Event) -> None:
        """Send an event to every subscriber whose audience sees it."""
        for audience, peers in list(self._peers.items()):
            frame = self._encode(event, audience)
            for peer in list(peers):
                if peer.closed:
                    self.remove(peer)
                elif frame is not None:
                    peer.send(frame)
