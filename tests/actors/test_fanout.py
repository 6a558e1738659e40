from __future__ import annotations

from dataclasses import dataclass, field

import pytest

from actors.fanout import Fanout
from actors.ids import ConversationId, StreamId, WorkspaceId
from actors.log import ConversationKey
from actors.messages import Event, MessageDiscarded
from actors.ports import Audience, Frame, Peer

VISITOR, OPERATOR = Audience.VISITOR, Audience.OPERATOR
KEY = ConversationKey(WorkspaceId("w"), ConversationId("c"))


def event(name: str) -> MessageDiscarded:
    return MessageDiscarded(KEY, StreamId(name))


@dataclass
class CountingEncoder:
    """Encodes the stream id and the audience; visitors do not see what begins with "secret"."""

    calls: list[tuple[str, Audience]] = field(default_factory=list)

    def __call__(self, event: Event, audience: Audience) -> Frame | None:
        assert isinstance(event, MessageDiscarded)
        self.calls.append((event.stream_id, audience))
        if audience is VISITOR and event.stream_id.startswith("secret"):
            return None
        return f"{event.stream_id} for {audience}".encode()


class ListPeer:
    """A peer that keeps what it was sent."""

    def __init__(self) -> None:
        self.frames: list[Frame] = []
        self.closed = False

    def send(self, frame: Frame) -> None:
        self.frames.append(frame)

    def close(self, code: int, reason: str) -> None:
        self.closed = True


@pytest.fixture
def encoder() -> CountingEncoder:
    return CountingEncoder()


@pytest.fixture
def fanout(encoder: CountingEncoder) -> Fanout:
    return Fanout(encoder)


def seat(fanout: Fanout, audience: Audience, count: int) -> list[ListPeer]:
    peers = [ListPeer() for _ in range(count)]
    for peer in peers:
        fanout.add(peer, audience)
    return peers


def test_each_audience_is_encoded_once_and_everyone_gets_the_same_object(fanout, encoder):
    visitors, operators = seat(fanout, VISITOR, 20), seat(fanout, OPERATOR, 20)
    fanout.broadcast(event("e"))
    assert sorted(encoder.calls) == [("e", OPERATOR), ("e", VISITOR)]
    assert len({id(peer.frames[0]) for peer in visitors}) == 1
    assert len({id(peer.frames[0]) for peer in operators}) == 1
    assert visitors[0].frames == [b"e for visitor"]
    assert operators[0].frames == [b"e for operator"]


def test_an_audience_that_is_not_there_is_not_encoded_for(fanout, encoder):
    fanout.broadcast(event("nobody"))
    (peer,) = seat(fanout, VISITOR, 1)
    fanout.broadcast(event("visitors only"))
    fanout.remove(peer)
    fanout.broadcast(event("nobody again"))
    assert encoder.calls == [("visitors only", VISITOR)]


def test_an_audience_that_may_not_see_an_event_gets_nothing(fanout):
    (visitor,), (operator,) = seat(fanout, VISITOR, 1), seat(fanout, OPERATOR, 1)
    fanout.broadcast(event("secret"))
    assert visitor.frames == []
    assert operator.frames == [b"secret for operator"]


def test_events_arrive_in_order(fanout):
    (peer,) = seat(fanout, OPERATOR, 1)
    for number in range(50):
        fanout.broadcast(event(str(number)))
    assert peer.frames == [f"{number} for operator".encode() for number in range(50)]


def test_everyone_of_an_audience_is_delivered_to_at_once_as_the_same_room_while_nobody_comes_or_goes(encoder):
    delivered: list[tuple[tuple[Peer, ...], Frame]] = []
    fanout = Fanout(encoder, lambda room, frame: delivered.append((room, frame)))
    visitors, (operator,) = seat(fanout, VISITOR, 2), seat(fanout, OPERATOR, 1)
    fanout.broadcast(event("secret"))
    fanout.broadcast(event("e"))
    (_, secret), (of_visitors, _), (of_operators, _) = delivered
    assert secret == b"secret for operator"
    assert of_visitors == tuple(visitors)
    assert of_operators == (operator,)
    fanout.broadcast(event("e"))
    assert delivered[3][0] is of_visitors
    fanout.remove(visitors[0])
    fanout.broadcast(event("e"))
    assert of_visitors == tuple(visitors)
    assert [room for room, _ in delivered[5:]] == [(visitors[1],), (operator,)]
    assert delivered[6][0] is of_operators
    (third,) = seat(fanout, VISITOR, 1)
    fanout.broadcast(event("e"))
    assert delivered[7][0] == (visitors[1], third)


def test_a_peer_that_leaves_while_it_is_sent_to_disturbs_nobody(fanout):
    class Leaver(ListPeer):
        def send(self, frame: Frame) -> None:
            super().send(frame)
            fanout.remove(self)

    leaver = Leaver()
    fanout.add(leaver, OPERATOR)
    (stayer,) = seat(fanout, OPERATOR, 1)
    fanout.broadcast(event("one"))
    fanout.broadcast(event("two"))
    assert len(leaver.frames) == 1
    assert len(stayer.frames) == 2


def test_counts_and_membership(fanout):
    visitors, (operator,) = seat(fanout, VISITOR, 3), seat(fanout, OPERATOR, 1)
    assert len(fanout) == 4
    assert (fanout.audience_count(VISITOR), fanout.audience_count(OPERATOR)) == (3, 1)
    fanout.remove(visitors[0])
    fanout.remove(visitors[0])
    assert fanout.audience_count(VISITOR) == 2
    assert operator in fanout
    assert visitors[0] not in fanout


def test_added_twice_hears_once_and_the_later_audience_counts(fanout):
    (peer,) = seat(fanout, VISITOR, 1)
    fanout.add(peer, VISITOR)
    fanout.broadcast(event("once"))
    fanout.add(peer, OPERATOR)
    fanout.broadcast(event("secret"))
    assert peer.frames == [b"once for visitor", b"secret for operator"]
    assert len(fanout) == 1


def test_peers_may_be_removed_while_they_are_gone_through(fanout):
    seat(fanout, VISITOR, 5)
    for peer in fanout:
        peer.close(1012, "restart")
        fanout.remove(peer)
    assert len(fanout) == 0
