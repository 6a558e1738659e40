from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actors.log import Page
from handlers.sockets.frames_in import (
    FrameError,
    Hello,
    MessagePost,
    PageFrame,
    clean,
    conversation_of,
    decode_body,
    decode_operator,
    decode_visitor,
)
from handlers.sockets.wire import error, to_json

POST = '{"type": "message.post", "client_id": "c-1", "text": '


def refused(data: str) -> FrameError:
    with pytest.raises(FrameError) as caught:
        decode_visitor(data)
    problem = caught.value
    to_json(error(problem.code, problem.message, ref=problem.ref, client_id=problem.client_id))
    return problem


HOSTILE = {
    "nothing": "",
    "not JSON": "{nope",
    "two documents": '{"type": "ping"} {"type": "ping"}',
    "an array": "[]",
    "deep array": "[" * 100_000,
    "deep object": '{"type":' * 100_000,
    "deep in an unknown field": '{"type": "ping", "x": ' + "[" * 100_000 + "]" * 100_000 + "}",
    "NaN": '{"type": "hello", "after": NaN}',
    "infinity": '{"type": "hello", "after": 1e400}',
    "a fraction": '{"type": "hello", "after": 1.5}',
    "negative": '{"type": "hello", "after": -1}',
    "past 2^53": '{"type": "hello", "after": 9007199254740992}',
    "a huge number": '{"type": "hello", "after": ' + "9" * 60_000 + "}",
    "a boolean for a number": '{"type": "hello", "after": true}',
    "a lone surrogate": POST + '"\\ud800"}',
    "a lone low surrogate": POST + '"a\\udc00b"}',
    "an operator for text": POST + '{"$gt": ""}}',
    "a number for text": POST + "1}",
    "null for text": POST + "null}",
    "no text": '{"type": "message.post", "client_id": "c-1"}',
    "no client_id": '{"type": "message.post", "text": "hi"}',
    "an empty client_id": '{"type": "message.post", "client_id": "", "text": "hi"}',
    "a long client_id": '{"type": "message.post", "client_id": "' + "x" * 65 + '", "text": "hi"}',
    "blank text": POST + '" \\n\\t "}',
    "text of controls": POST + '"\\u0000\\u0007"}',
    "8,001 characters": POST + '"' + "é" * 8001 + '"}',
    "a number for a type": '{"type": 5}',
    "no type": "{}",
    "a wrong page": '{"type": "hello", "page": []}',
    "a long token": '{"type": "hello", "token": "' + "x" * 513 + '"}',
    "a huge ref": '{"type": "ping", "ref": ' + "9" * 30 + "}",
    "a ref that is an object": '{"type": "ping", "ref": {}}',
    "a byte order mark": "\ufeff{}",
}


@pytest.mark.parametrize("data", HOSTILE.values(), ids=HOSTILE)
def test_hostile_frames_are_refused_in_words(data: str) -> None:
    problem = refused(data)
    assert problem.code == "invalid"
    assert problem.message.endswith(".")
    assert len(problem.message) < 200


def test_a_million_keys_and_duplicates_are_no_trouble() -> None:
    keys = ",".join(f'"k{i}":{i}' for i in range(1_000_000))
    assert decode_visitor(f'{{"type": "ping", {keys}}}')
    assert decode_visitor('{"type": "ping", "ref": "1", "ref": "2"}').ref == "2"
    assert refused('{"type": "ping", "type": "hello"}').code in {"invalid", "unknown_type"}


def test_an_unknown_type_has_a_code_of_its_own() -> None:
    problem = refused('{"type": "' + "dance" * 1000 + '", "ref": 7}')
    assert problem.code == "unknown_type"
    assert problem.ref == 7
    assert len(problem.message) < 120
    with pytest.raises(FrameError):
        decode_operator('{"type": "message.post", "client_id": "c", "text": "t"}')


def test_an_error_names_the_message_it_refuses() -> None:
    problem = refused('{"type": "message.post", "client_id": "c-9", "ref": "r", "text": 5}')
    assert (problem.client_id, problem.ref) == ("c-9", "r")


@pytest.mark.parametrize(
    ("told", "zone"),
    [("America/Argentina/Buenos_Aires", "America/Argentina/Buenos_Aires"), ("Etc/GMT+5", "Etc/GMT+5")]
    + [(wrong, "") for wrong in ("", "+01:00", "Europe/<b>", "Europe/Berlin\n")],
)
def test_a_time_zone_is_a_name_of_one_or_nothing(told: str, zone: str) -> None:
    hello = decode_visitor(json.dumps({"type": "hello", "time_zone": told}))
    assert isinstance(hello, Hello)
    assert hello.zone == zone


def test_the_limits_themselves_are_allowed() -> None:
    post = decode_visitor(
        json.dumps({"type": "message.post", "client_id": "x" * 64, "text": "👩🏽‍🚀"[:1] * 8000})
    )
    assert isinstance(post, MessagePost)
    hello = decode_visitor('{"type": "hello", "after": 9007199254740991, "__proto__": {"a": 1}}')
    assert isinstance(hello, Hello)
    assert hello.after == 2**53 - 1


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  hi\n", "hi"),
        ("a\0b\x07c\x7f", "abc"),
        ("tab\there\nline", "tab\there\nline"),
        ("مرحبا \u202eabc 👩🏽‍🚀", "مرحبا \u202eabc 👩🏽‍🚀"),
        ("<script>alert(1)</script>", "<script>alert(1)</script>"),
    ],
)
def test_text_is_kept_as_typed_without_what_nobody_types(typed: str, kept: str) -> None:
    assert clean(typed) == kept


@pytest.mark.parametrize(
    ("sent", "page"),
    [
        (PageFrame("https://a.test/", "T" * 3000), Page("https://a.test/", "T" * 2000)),
        (PageFrame("javascript:alert(1)", "x", "data:text/html,y"), Page("", "x", "")),
        (PageFrame(" HTTP://a.test/\0 "), Page("HTTP://a.test/")),
        (PageFrame("https://a.test/" + "p" * 3000), Page(("https://a.test/" + "p" * 3000)[:2000])),
    ],
)
def test_pages_are_cut_and_keep_web_addresses_alone(sent: PageFrame, page: Page) -> None:
    assert sent.page() == page


def test_channels_name_conversations() -> None:
    assert conversation_of("conversation.c1") == "c1"
    for other in (
        "workspace",
        "conversation.",
        "conversation.a/b",
        "conversation." + "x" * 65,
        "conversation.a\n",
    ):
        assert conversation_of(other) is None


def test_an_empty_body_is_an_empty_object() -> None:
    assert decode_body(b"", PageFrame) == PageFrame()
    for body in (b"\xff", b"[]", b"{", b'{"url": 1}'):
        with pytest.raises(FrameError):
            decode_body(body, PageFrame)


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
frames = st.dictionaries(
    st.sampled_from(["type", "client_id", "text", "after", "token", "page", "ref", "on", "channel", "email"]),
    anything | st.sampled_from(["hello", "message.post", "typing", "lead.submit", "ping", "subscribe"]),
)


@given(frame=frames | anything)
def test_whatever_json_comes_there_is_a_frame_or_a_typed_error(frame: Any) -> None:
    for decode in (decode_visitor, decode_operator):
        try:
            decode(json.dumps(frame))
        except FrameError as problem:
            to_json(error(problem.code, problem.message, ref=problem.ref, client_id=problem.client_id))


@given(data=st.text())
def test_whatever_text_comes_there_is_a_typed_error(data: str) -> None:
    with pytest.raises(FrameError):
        decode_visitor(data)
