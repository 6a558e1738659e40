from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable
from datetime import UTC, datetime

import pytest

from actors.ids import ConversationId, StreamId, WorkspaceId
from actors.log import Author, ConversationKey, Entry, EntryType, Speaker
from actors.messages import AnswerRequest, BotDelta, BotFailed, BotReplied, BotReport
from server.bot.answers import PERSON_COMING, UNKNOWN, Answer
from server.bot.indexes import PassageIndexes
from server.bot.responder import BotResponder
from server.bot.writers import Brief, ExtractiveWriter, Piece, Writer
from tests.support.known_passages import KnownPassages

NOW = datetime(2026, 11, 22, tzinfo=UTC)
KEY = ConversationKey(WorkspaceId("shop"), ConversationId("c1"))


def visitor(text: str) -> Entry:
    return Entry(1, EntryType.MESSAGE, NOW, "w", role=Speaker.VISITOR, text=text)


def human(text: str) -> Entry:
    return Entry(2, EntryType.MESSAGE, NOW, "w", role=Speaker.HUMAN, text=text, author=Author("u", "Ana"))


def request(*history: Entry, stream_id: str = "a1", asked_for_person: bool = False) -> AnswerRequest:
    return AnswerRequest(KEY, 7, StreamId(stream_id), history, asked_for_person)


async def agent_name(workspace_id: WorkspaceId) -> str:
    return f"Nora of {workspace_id}"


class Told:
    """What the bot reported, and a way to wait for it."""

    def __init__(self) -> None:
        self.reports: list[BotReport] = []
        self._news = asyncio.Event()

    def __call__(self, report: BotReport) -> None:
        self.reports.append(report)
        self._news.set()

    async def until(self, enough: Callable[[], bool]) -> None:
        async with asyncio.timeout(5):
            while not enough():
                self._news.clear()
                await self._news.wait()

    async def end(self) -> BotReplied | BotFailed:
        await self.until(lambda: bool(self.reports) and not isinstance(self.reports[-1], BotDelta))
        last = self.reports[-1]
        assert isinstance(last, BotReplied | BotFailed)
        return last

    @property
    def text(self) -> str:
        return "".join(report.text for report in self.reports if isinstance(report, BotDelta))


class Held:
    """A writer that writes a word, then waits to be let on. `let_go` tells that its generator was closed."""

    def __init__(self) -> None:
        self.go_on = asyncio.Event()
        self.let_go = asyncio.Event()

    async def write(self, brief: Brief) -> AsyncGenerator[Piece, None]:
        try:
            yield "One"
            await self.go_on.wait()
            yield " two"
            yield Answer("One two")
        finally:
            self.let_go.set()


class Broken:
    async def write(self, brief: Brief) -> AsyncGenerator[Piece, None]:
        yield "One"
        raise OSError("no\nroute")


Make = Callable[..., BotResponder]


@pytest.fixture
def known() -> KnownPassages:
    return KnownPassages()


@pytest.fixture
async def make(known: KnownPassages) -> AsyncGenerator[Make, None]:
    made: list[BotResponder] = []

    def responder(writer: Writer | None = None) -> BotResponder:
        indexes = PassageIndexes(known.of)
        made.append(BotResponder(indexes, writer or ExtractiveWriter(0), agent_name, pace_s=0))
        return made[-1]

    yield responder
    for each in made:
        await each.aclose()


async def test_an_answer_comes_in_pieces_then_whole_with_its_sources(make: Make):
    told = Told()
    make().answer(request(visitor("how long does Norway take?")), told)
    replied = await told.end()
    assert isinstance(replied, BotReplied)
    assert len(told.reports) > 2
    assert told.text == replied.text
    assert "Norway takes six days" in replied.text
    assert (replied.epoch, replied.stream_id, replied.known) == (7, "a1", True)
    assert replied.agent_name == "Nora of shop"
    assert [source.title for source in replied.sources] == ["Shipping"]
    assert all((report.epoch, report.stream_id) == (7, "a1") for report in told.reports)


async def test_nothing_is_told_before_answer_has_returned(make: Make):
    told = Told()
    make().answer(request(visitor("Norway?")), told)
    assert told.reports == []


async def test_what_it_does_not_know_it_says(make: Make):
    told = Told()
    make().answer(request(visitor("who won the world cup?")), told)
    replied = await told.end()
    assert isinstance(replied, BotReplied)
    assert (replied.text, replied.known, replied.sources) == (UNKNOWN, False, ())


async def test_it_knows_what_a_person_said(make: Make):
    told = Told()
    history = (visitor("where is parcel 99?"), human("Parcel 99 is lost, a new one comes on Friday."))
    make().answer(request(*history, visitor("when does the new parcel come?")), told)
    replied = await told.end()
    assert isinstance(replied, BotReplied)
    assert replied.text == "Ana told you earlier: “Parcel 99 is lost, a new one comes on Friday.”"
    assert replied.known


async def test_a_follow_up_is_understood(make: Make):
    told = Told()
    make().answer(request(visitor("Do you ship to Norway?"), visitor("and how long does it take?")), told)
    replied = await told.end()
    assert isinstance(replied, BotReplied)
    assert "six days" in replied.text


async def test_a_visitor_who_asked_for_a_person_is_told_what_happens_next(make: Make):
    told = Told()
    make(Broken()).answer(request(visitor("human please"), asked_for_person=True), told)
    replied = await told.end()
    assert isinstance(replied, BotReplied)
    assert (replied.text, told.text) == (PERSON_COMING, PERSON_COMING)


async def test_after_a_cancel_nothing_more_is_told(make: Make):
    held, told = Held(), Told()
    responder = make(held)
    responder.answer(request(visitor("Norway?")), told)
    await told.until(lambda: told.text == "One")
    responder.cancel(StreamId("a1"))
    held.go_on.set()
    await asyncio.wait_for(held.let_go.wait(), 5)
    await asyncio.sleep(0)
    assert told.text == "One"
    assert len(told.reports) == 1
    responder.cancel(StreamId("a1"))
    responder.cancel(StreamId("unknown"))


async def test_a_cancel_in_the_same_turn_of_the_loop_counts(make: Make):
    responder, told, other = make(), Told(), Told()
    responder.answer(request(visitor("Norway?")), told)
    responder.cancel(StreamId("a1"))
    responder.answer(request(visitor("Norway?"), stream_id="a2"), other)
    await other.end()
    assert told.reports == []


async def test_a_cancel_from_within_a_report_ends_it(make: Make):
    responder = make()
    told: list[BotReport] = []

    def tell(report: BotReport) -> None:
        told.append(report)
        responder.cancel(StreamId("a1"))

    other = Told()
    responder.answer(request(visitor("Norway?")), tell)
    responder.answer(request(visitor("Norway?"), stream_id="a2"), other)
    await other.end()
    assert len(told) == 1


async def test_the_same_stream_asked_again_replaces_the_first(make: Make):
    held, first, second = Held(), Told(), Told()
    responder = make(held)
    responder.answer(request(visitor("Norway?")), first)
    await first.until(lambda: first.text == "One")
    responder.answer(request(visitor("Norway?")), second)
    held.go_on.set()
    assert isinstance(await second.end(), BotReplied)
    assert len(first.reports) == 1


async def test_whatever_goes_wrong_ends_the_answer(make: Make, known: KnownPassages):
    told = Told()
    make(Broken()).answer(request(visitor("Norway?")), told)
    failed = await told.end()
    assert isinstance(failed, BotFailed)
    assert failed.reason == "OSError: no route"
    known.away = True
    told = Told()
    make().answer(request(visitor("Norway?")), told)
    assert isinstance(await told.end(), BotFailed)


async def test_a_conversation_without_a_question_is_answered_all_the_same(make: Make):
    told = Told()
    make().answer(request(), told)
    assert isinstance(await told.end(), BotReplied)


async def test_closing_stops_everything_and_waits(make: Make):
    held, told = Held(), Told()
    responder = make(held)
    responder.answer(request(visitor("Norway?")), told)
    await told.until(lambda: told.text == "One")
    await responder.aclose()
    assert held.let_go.is_set()
    assert len(told.reports) == 1


async def test_hundreds_at_once_are_all_answered(make: Make):
    responder = make()
    everyone = [Told() for _ in range(600)]
    for number, told in enumerate(everyone):
        responder.answer(request(visitor("Norway?"), stream_id=f"s{number}"), told)
    for told in everyone:
        assert isinstance(await told.end(), BotReplied)


async def test_a_long_answer_takes_no_longer_than_a_short_one():
    brief = Brief("", (), (), (), Answer("word " * 900))
    pieces = [piece async for piece in ExtractiveWriter(0.001).write(brief) if isinstance(piece, str)]
    assert "".join(pieces) == "word " * 900
    assert len([piece async for piece in ExtractiveWriter(0.7).write(brief)]) <= 3
