from __future__ import annotations

from datetime import UTC, datetime

import pytest

from actors.log import Author, Entry, EntryType, Speaker
from server.bot.answers import Said
from server.bot.briefs import MOST_TURNS, is_follow_up, question_of, said_in, turns_of

NOW = datetime(2026, 11, 22, tzinfo=UTC)
ANA = Author("u1", "Ana")


def visitor(text: str) -> Entry:
    return Entry(1, EntryType.MESSAGE, NOW, "w", role=Speaker.VISITOR, text=text)


def bot(text: str) -> Entry:
    return Entry(1, EntryType.MESSAGE, NOW, "w", role=Speaker.BOT, text=text)


def human(text: str) -> Entry:
    return Entry(1, EntryType.MESSAGE, NOW, "w", role=Speaker.HUMAN, text=text, author=ANA)


def entry(kind: EntryType, note: str | None = None) -> Entry:
    return Entry(1, kind, NOW, "w", author=ANA, note=note)


def question(*entries: Entry) -> str:
    looked_up, last = question_of(turns_of(entries))
    assert last == (entries[-1].text if entries and entries[-1].role is Speaker.VISITOR else last)
    return looked_up


def test_the_question_is_the_visitors_last_message():
    assert (
        question(visitor("one thing"), bot("answer"), visitor("Do you ship to Norway?"))
        == "Do you ship to Norway?"
    )
    assert question(visitor("hello"), bot("Hello.")) == "hello"
    assert question(bot("Hello.")) == question() == ""


def test_a_follow_up_is_asked_together_with_what_it_leans_on():
    assert question(visitor("Do you ship to Norway?"), bot("Yes."), visitor("and how long?")) == (
        "Do you ship to Norway?\nand how long?"
    )
    assert question(visitor("and how long?")) == "and how long?"


@pytest.mark.parametrize(
    "text",
    [
        "and how long?",
        "why?",
        "what about returns",
        "is it expensive",
        "how?",
        "And for Sweden?",
        "tell me more",
    ],
)
def test_follow_ups(text: str):
    assert is_follow_up(text)


@pytest.mark.parametrize(
    "text",
    ["returns", "Do you ship to Norway?", "how do I install it on my own server", "", "👍", "refund policy?"],
)
def test_questions_that_stand_for_themselves(text: str):
    assert not is_follow_up(text)


def test_people_are_heard_with_what_they_answered():
    turns = turns_of(
        [
            visitor("early question"),
            bot("early answer"),
            visitor("where is my parcel"),
            entry(EntryType.WAITING),
            entry(EntryType.CLAIMED),
            visitor("are you there"),
            human("It is lost, I send another."),
            human("It comes on Friday."),
            entry(EntryType.RELEASED, "Parcel 99 replaced."),
            entry(EntryType.RELEASED),
        ]
    )
    assert said_in(turns) == [
        Said("Ana", "It is lost, I send another.", "where is my parcel\nare you there"),
        Said("Ana", "It comes on Friday.", ""),
        Said("Ana", "Parcel 99 replaced.", "", noted=True),
    ]


def test_the_newest_turns_are_kept():
    turns = turns_of([visitor(f"message {number}") for number in range(100)])
    assert len(turns) == MOST_TURNS
    assert turns[-1].text == "message 99"
