"""The subscribers of one topic: an event is encoded once, and everyone gets the same bytes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from actors.ports import Audience, deliver_one_by_one

if TYPE_CHECKING:
    from collections.abc import Iterator

    from actors.messages import Event
    from actors.ports import Deliver, Encode, Peer


class Fanout:
    """Subscribers by audience. One that has closed is sent nothing; whoever closed it lets it go.

    Args:
        encode: called once per event and audience present, however many subscribers there are.
        deliver: called once per event and audience that may see it.
    """

    __slots__ = ("_deliver", "_encode", "_peers", "_rooms")

    def __init__(self, encode: Encode, deliver: Deliver = deliver_one_by_one) -> None:
        self._encode = encode
        self._deliver = deliver
        self._peers: dict[Audience, dict[Peer, None]] = {}
        self._rooms: dict[Audience, tuple[Peer, ...]] = {}
        """The same as `_peers`, made when it is wanted: it must be what it is until it is sent to."""

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
            self._rooms.pop(audience, None)

    def remove(self, peer: Peer) -> None:
        """Let a peer go; one that is not here changes nothing."""
        for audience, peers in list(self._peers.items()):
            if peer in peers:
                del peers[peer]
                self._rooms.pop(audience, None)
            if not peers:
                del self._peers[audience]

    def broadcast(self, event: Event) -> None:
        """Send an event to every subscriber whose audience sees it."""
        for audience in list(self._peers):
            frame = self._encode(event, audience)
            if frame is not None:
                self._deliver(self._room(audience), frame)

    def _room(self, audience: Audience) -> tuple[Peer, ...]:
        room = self._rooms.get(audience)
        if room is None:
            room = self._rooms[audience] = self.of(audience)
        return room
