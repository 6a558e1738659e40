from __future__ import annotations

from dataclasses import replace

from actors.analytics import EntryEvents, EventType
from actors.log import Entry, Speaker
from tests.support.logs import ANA, BEN, Log


def types(log: Log, made: EntryEvents | None = None) -> list[str]:
    return [event.type for event in (made or EntryEvents()).of(log.key, log.entries)]


def answer(log: Log, *, known: bool) -> Entry:
    log.entries[-1:] = [replace(log.message("It does."), role=Speaker.BOT, known=known)]
    return log.entries[-1]


def test_a_conversation_engages_once() -> None:
    log = Log()
    log.message()
    log.message()
    assert types(log) == [EventType.ENGAGED]


def test_answers_are_told_from_those_not_known() -> None:
    log = Log()
    answer(log, known=True)
    answer(log, known=False)
    assert types(log) == [EventType.ANSWERED, EventType.NOT_KNOWN]


def test_a_claim_tells_how_long_the_visitor_waited() -> None:
    log = Log()
    for step in (log.message, log.waiting, log.waiting, log.claimed, log.released, log.claimed):
        step()
    made = EntryEvents().of(log.key, log.entries)
    assert [(event.type, event.waited_s) for event in made if event.type is EventType.CLAIMED] == [
        (EventType.CLAIMED, 2),
        (EventType.CLAIMED, None),
    ]


def test_taking_from_a_colleague_is_no_takeover_from_the_bot() -> None:
    log = Log()
    log.claimed(ANA)
    log.claimed(BEN, taken_from=ANA)
    made = types(log)
    assert made.count(EventType.CLAIMED) == 1
    assert made.count(EventType.TAKEN) == 1


def test_that_a_person_was_needed_is_one_event_however_often_it_is_made() -> None:
    log = Log("conversation-1")
    for step in (log.waiting, log.claimed, log.released, log.waiting):
        step()
    made = EntryEvents().of(log.key, log.entries)
    assert len({event.id for event in made if event.type is EventType.PERSON}) == 1
    assert {event.id for event in made} == {event.id for event in EntryEvents().of(log.key, log.entries)}
    assert not any(log.key.conversation_id in event.id for event in made)


def test_a_log_that_was_read_is_remembered() -> None:
    log, made = Log(), EntryEvents()
    log.message()
    log.waiting()
    made.recall(log.key, log.standing)
    [*_, claimed] = made.of(log.key, [log.claimed()])
    assert claimed.waited_s == 1
    assert made.of(log.key, [log.message()]) == []
