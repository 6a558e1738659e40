from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.bot.sse import MAX_EVENT_CHARACTERS, EventStream

STREAM = (
    b"\xef\xbb\xbf: a comment\r\n\r\ndata: one\n\nevent: x\nid: 1\ndata:two\r\ndata: lines\r\n\r\n"
    b"data: caf\xc3\xa9 \xf0\x9f\x98\x80\r\rretry: 5\n\ndata\n\ndata: last"
)
EVENTS = ["one", "two\nlines", "café 😀", "last"]


def test_events():
    stream = EventStream()
    assert stream.feed(STREAM) + stream.close() == EVENTS


@given(st.lists(st.integers(0, len(STREAM)), max_size=20))
def test_events_do_not_depend_on_the_pieces_they_come_in(cuts: list[int]):
    places = [0, *sorted(cuts), len(STREAM)]
    stream = EventStream()
    events = [event for start, end in itertools.pairwise(places) for event in stream.feed(STREAM[start:end])]
    assert events + stream.close() == EVENTS


@pytest.mark.parametrize("endless", [b"data: " + b"x" * 70_000, b"data: x\n" * 9_000])
def test_an_event_without_an_end_is_refused(endless: bytes):
    stream = EventStream()
    pieces = itertools.repeat(endless, MAX_EVENT_CHARACTERS // 9_000 + 2)
    with pytest.raises(ValueError, match="too long"):
        list(map(stream.feed, pieces))
