from __future__ import annotations

import asyncio

import pytest

from actors.log import Speaker
from server.bot.answers import UNKNOWN, Answer
from server.bot.http_stream import HttpError
from server.bot.model import Endpoint, ModelWriter
from server.bot.retrieval import Hit
from server.bot.writers import Brief, ExtractiveWriter, Turn
from server.knowledge.passages import PATH_SEPARATOR
from tests.support.model_server import Exchange, Play, model_server

EXTRACTIVE = Answer("Orders ship within two days. [1]")
HITS = (
    Hit(
        "p1",
        f"Shop{PATH_SEPARATOR}Shipping",
        "Orders ship within two days.",
        2.0,
        1.0,
        "https://shop.example/ship#s",
    ),
    Hit("p2", f"Shop{PATH_SEPARATOR}Norway", "Norway takes six days.", 1.0, 0.8),
)
TURNS = (
    Turn(Speaker.VISITOR, "", "hi"),
    Turn(Speaker.HUMAN, "Ana", "Your parcel left on Monday."),
    Turn(Speaker.HUMAN, "Ana", "Refund agreed.", noted=True),
    Turn(Speaker.VISITOR, "", "when does it ship to Norway?"),
)
BRIEF = Brief("when does it ship to Norway?", HITS, (), TURNS, EXTRACTIVE)


async def written(
    play: Play, brief: Brief = BRIEF, *, first_token_s: float = 5, next_token_s: float = 5
) -> tuple[list[str], Answer, list[Exchange]]:
    async with model_server(play) as model:
        writer = ModelWriter(
            Endpoint(model.url, "small", "secret"),
            ExtractiveWriter(0),
            first_token_s=first_token_s,
            next_token_s=next_token_s,
        )
        pieces = [piece async for piece in writer.write(brief)]
    answer = pieces.pop()
    assert isinstance(answer, Answer)
    return [piece for piece in pieces if isinstance(piece, str)], answer, model.exchanges


async def says(exchange: Exchange, *tokens: str) -> None:
    await exchange.head()
    for token in tokens:
        await exchange.token(token)
    await exchange.end()


async def test_the_answer_is_streamed_and_the_sources_keep_their_numbers():
    deltas, answer, exchanges = await written(lambda e: says(e, "Six ", "days", " [2]."))
    assert deltas == ["Six ", "days", " [2]."]
    assert answer.text == "Six days [2]."
    assert answer.known
    assert [source.title for source in answer.sources] == ["Shipping", "Norway"]
    assert answer.sources[0].url == "https://shop.example/ship#s"
    request = exchanges[0]
    assert request.path == "/v1/chat/completions"
    assert request.headers["authorization"] == "Bearer secret"
    assert request.body["model"] == "small"
    assert request.body["stream"] is True
    system, *messages = request.body["messages"]
    assert f"[2] Shop{PATH_SEPARATOR}Norway\nNorway takes six days." in system["content"]
    assert [message["role"] for message in messages] == ["user", "assistant", "assistant", "user"]
    assert "Ana" in messages[1]["content"]
    assert "Refund agreed." in messages[2]["content"]
    assert messages[-1]["content"] == "when does it ship to Norway?"


async def test_events_may_arrive_in_any_pieces_and_with_what_we_do_not_know():
    async def play(exchange: Exchange) -> None:
        stream = (
            b": comment\r\n\r\nevent: ping\r\ndata: {}\r\n\r\n"
            b'data: {"choices":[{"delta":{"role":"assistant"}}]}\r\n\r\n'
            b'data: {"choices":[]}\r\n\r\ndata: not json\r\n\r\n'
            b'data:{"choices":[{"delta":{"content":"Zo\xc3\xab"}}]}\r\n\r\n'
            b'data: {"choices":[{"delta":{"content":null},"finish_reason":"stop"}]}\r\n\r\n'
            b"data: [DONE]\r\n\r\n"
        )
        await exchange.head()
        for byte in stream:
            await exchange.chunk(bytes([byte]))
        await exchange.raw(b"0\r\n\r\n")

    deltas, answer, _ = await written(play)
    assert deltas == ["Zoë"]
    assert answer.text == "Zoë"


async def test_a_model_that_finds_nothing_says_so_in_our_words():
    deltas, answer, _ = await written(lambda e: says(e, "NO", "_ANS", "WER"))
    assert "".join(deltas) == UNKNOWN
    assert not answer.known
    assert answer.offer_person


async def test_words_that_only_begin_like_the_mark_are_told():
    deltas, answer, _ = await written(lambda e: says(e, "NO", "_", "thanks"))
    assert "".join(deltas) == answer.text == "NO_thanks"
    deltas, answer, _ = await written(lambda e: says(e, "No"))
    assert "".join(deltas) == "No"


async def refuses(exchange: Exchange) -> None:
    await exchange.head("500 Internal Server Error", "application/json")
    await exchange.chunk(b'{"error": {"message": "out of memory"}}')
    await exchange.raw(b"0\r\n\r\n")


async def hangs_up(exchange: Exchange) -> None:
    exchange.writer.close()


async def breaks_off_at_once(exchange: Exchange) -> None:
    await exchange.head()
    exchange.writer.close()


async def reports_an_error(exchange: Exchange) -> None:
    await exchange.head()
    await exchange.chunk(b'data: {"error": {"message": "quota"}}\n\n')
    await exchange.raw(b"0\r\n\r\n")


async def says_nothing(exchange: Exchange) -> None:
    await says(exchange)


async def redirects(exchange: Exchange) -> None:
    await exchange.raw(b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n")


@pytest.mark.parametrize(
    "play", [refuses, hangs_up, breaks_off_at_once, reports_an_error, says_nothing, redirects]
)
async def test_a_failure_before_the_first_word_gives_the_extractive_answer(play: Play):
    deltas, answer, _ = await written(play)
    assert "".join(deltas) == EXTRACTIVE.text
    assert answer == EXTRACTIVE


async def test_a_model_that_is_too_slow_gives_the_extractive_answer_and_is_hung_up_on():
    async def play(exchange: Exchange) -> None:
        await exchange.head()
        await exchange.hung_up.wait()

    _, answer, exchanges = await written(play, first_token_s=0.05)
    assert answer == EXTRACTIVE
    await asyncio.wait_for(exchanges[0].hung_up.wait(), 5)


async def test_nobody_at_the_address_gives_the_extractive_answer():
    writer = ModelWriter(Endpoint("http://127.0.0.1:1/v1", "small"), ExtractiveWriter(0))
    *_, answer = [piece async for piece in writer.write(BRIEF)]
    assert answer == EXTRACTIVE


async def test_a_break_in_the_middle_is_an_error():
    told = asyncio.Event()

    async def play(exchange: Exchange) -> None:
        await exchange.head()
        await exchange.token("Six ")
        await told.wait()
        exchange.writer.close()

    async with model_server(play) as model:
        writing = ModelWriter(Endpoint(model.url, "small"), ExtractiveWriter(0)).write(BRIEF)
        assert await anext(writing) == "Six "
        told.set()
        with pytest.raises(HttpError):
            await anext(writing)


async def test_a_stall_in_the_middle_is_an_error():
    async def play(exchange: Exchange) -> None:
        await exchange.head()
        await exchange.token("Six ")
        await exchange.hung_up.wait()

    with pytest.raises(TimeoutError):
        await written(play, next_token_s=0.05)


async def test_cancelling_hangs_up_on_the_model():
    told = asyncio.Event()

    async def play(exchange: Exchange) -> None:
        await exchange.head()
        await exchange.token("Six ")
        await exchange.hung_up.wait()

    async with model_server(play) as model:
        writer = ModelWriter(Endpoint(model.url, "small"), ExtractiveWriter(0))

        async def read() -> None:
            async for _ in writer.write(BRIEF):
                told.set()

        task = asyncio.create_task(read())
        await told.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        await asyncio.wait_for(model.exchanges[0].hung_up.wait(), 5)


async def test_small_talk_does_not_trouble_the_model():
    hello = Answer("Hello.", is_small_talk=True)
    brief = Brief("hi", (), (), (Turn(Speaker.VISITOR, "", "hi"),), hello)
    _, answer, exchanges = await written(says_nothing, brief)
    assert answer == hello
    assert exchanges == []


def test_the_address_may_be_given_either_way():
    assert Endpoint("http://h/v1/", "m").completions_url == "http://h/v1/chat/completions"
    assert Endpoint("http://h/v1/chat/completions", "m").completions_url == "http://h/v1/chat/completions"
    assert "secret" not in repr(Endpoint("http://h", "m", "secret"))
