from __future__ import annotations

from datetime import timedelta
from typing import Any

from actors.bot_turn import APOLOGY
from actors.conversation_state import RECENT_ENTRIES
from actors.effects import Announce, Append, Broadcast, LapseTyping, Reload, Reply, StartAnswer, StopAnswer
from actors.errors import Code, Refusal
from actors.log import MOST_PAGES, EntryType, Person, Speaker, Visited, standing_of
from actors.messages import (
    BotDelta,
    BotFailed,
    BotReplied,
    Committed,
    EntryAdded,
    Held,
    MessageDelta,
    MessageDiscarded,
    PageVisited,
    PersonTold,
    Posted,
    Refused,
    SeenBy,
    SetTyping,
    TagsPut,
    TypingChanged,
    TypingLapsed,
    Typist,
    VisitPage,
)
from tests.support.conversations import ADA, ANA, BEN, START, VIC, Playbook, conversation


def events(effects) -> list[Any]:
    return [e.event for e in effects if isinstance(e, Broadcast)]


def typing(effects):
    return [(e.who, e.on) for e in events(effects) if isinstance(e, TypingChanged)]


def place(book, after) -> Any:
    return book.state.place(after)


def test_a_message_is_answered_and_shown_only_when_durable():
    book = Playbook()
    effects = book.post("Hello", "m1")
    assert [type(e) for e in effects] == [Append]
    assert book.answers == []
    effects = book.commit()
    assert book.answers == [Posted(1, book.shown[0])]
    assert book.shown[0].text == "Hello"
    assert isinstance(effects[0], Reply)


def test_the_bot_is_asked_once_the_question_is_durable_and_its_answer_is_logged():
    book = Playbook()
    assert not any(isinstance(e, StartAnswer) for e in book.post())
    effects = book.commit()
    request = next(e for e in effects if isinstance(e, StartAnswer)).request
    assert [e.seq for e in request.history] == [1]
    assert typing(effects) == [(Typist.BOT, True)]
    book.tell(BotDelta(request.epoch, request.stream_id, "The "))
    effects = book.tell(BotDelta(request.epoch, request.stream_id, "answer"))
    assert events(effects) == [MessageDelta(conversation().key, request.stream_id, 4, "answer")]
    book.bot_says("The answer")
    effects = book.commit()
    assert typing(effects) == [(Typist.BOT, False)]
    assert book.shown[-1].role is Speaker.BOT
    assert book.shown[-1].stream_id == request.stream_id
    assert not book.state.busy


def test_a_claim_cuts_the_bot_off_at_once_and_its_late_answer_is_dropped():
    book = Playbook()
    book.post()
    book.commit()
    stream = book.last(StartAnswer).request
    effects = book.claim()
    assert StopAnswer(stream.stream_id) in effects
    assert MessageDiscarded(conversation().key, stream.stream_id) in events(effects)
    assert book.bot_says() == []
    assert book.tell(BotDelta(stream.epoch, stream.stream_id, "late")) == []
    book.commit()
    assert [e.type for e in book.shown] == [EntryType.MESSAGE, EntryType.CLAIMED]


def test_an_answer_of_an_earlier_epoch_is_dropped_after_the_release_too():
    book = Playbook()
    book.post()
    book.commit()
    stale = book.last(StartAnswer).request
    book.claim()
    book.release()
    book.commit()
    assert book.tell(BotReplied(stale.epoch, stale.stream_id, "late")) == []


def test_the_bot_is_silent_while_a_person_holds_and_answers_the_next_message_after():
    book = Playbook()
    book.claim()
    book.commit()
    book.post("for Ana", "m1")
    assert not any(isinstance(e, StartAnswer) for e in book.commit())
    book.reply(ANA, "Hi, Ana here")
    book.release(note="likes blue")
    assert not any(isinstance(e, StartAnswer) for e in book.commit())
    book.post("for the bot", "m2")
    effects = book.commit()
    history = next(e for e in effects if isinstance(e, StartAnswer)).request.history
    assert [e.role for e in history if e.type is EntryType.MESSAGE] == [
        Speaker.VISITOR,
        Speaker.HUMAN,
        Speaker.VISITOR,
    ]
    assert [e.note for e in history if e.type is EntryType.RELEASED] == ["likes blue"]


def test_of_two_claims_the_first_wins_even_before_it_is_durable():
    book = Playbook()
    book.claim(ANA)
    book.claim(BEN)
    assert book.answers == []
    book.commit()
    won, lost = book.answers
    assert isinstance(won, Held)
    assert won.standing.holder is not None
    assert won.standing.holder.name == "Ana"
    assert isinstance(lost, Refusal)
    assert (lost.code, lost.holder) == (Code.ALREADY_CLAIMED, won.standing.holder)


def test_claiming_what_you_hold_changes_nothing():
    book = Playbook()
    book.claim(ANA)
    book.commit()
    effects = book.claim(ANA)
    assert not any(isinstance(e, Append) for e in effects)
    assert isinstance(book.answers[-1], Held)


def test_only_those_who_may_take_it_take_it_from_a_colleague():
    book = Playbook()
    book.claim(ANA)
    book.claim(BEN, force=True)
    book.claim(ADA)
    book.claim(ADA, force=True)
    book.commit()
    codes = [a.code if isinstance(a, Refusal) else "ok" for a in book.answers]
    assert codes == ["ok", Code.FORBIDDEN, Code.ALREADY_CLAIMED, "ok"]
    assert book.shown[-1].taken_from is not None
    assert book.shown[-1].taken_from.name == "Ana"


def test_release_is_for_the_holder_or_an_admin():
    book = Playbook()
    book.release(ANA)
    book.claim(ANA)
    book.release(BEN)
    book.release(VIC)
    book.release(ADA)
    book.commit()
    codes = [a.code if isinstance(a, Refusal) else "ok" for a in book.answers]
    assert codes == [Code.NOT_CLAIMED, "ok", Code.NOT_HOLDER, Code.FORBIDDEN, "ok"]


def test_a_reply_claims_and_sends_in_one_step():
    book = Playbook()
    book.reply(ANA, "Hello there", "r1")
    assert [e.type for e in book.last(Append).entries] == [EntryType.CLAIMED, EntryType.MESSAGE]
    book.reply(BEN, "Me too")
    book.commit()
    assert book.answers[0] == Posted(2, book.shown[1])
    assert book.answers[1].code is Code.ALREADY_CLAIMED


def test_viewers_may_do_nothing_but_look():
    book = Playbook()
    book.claim(VIC)
    book.reply(VIC)
    assert [a.code for a in book.answers] == [Code.FORBIDDEN, Code.FORBIDDEN]


def test_the_same_client_id_is_one_message_before_and_after_the_commit():
    book = Playbook()
    book.post("one", "m1")
    book.post("one again", "m1")
    assert book.answers == []
    book.commit()
    book.post("and again", "m1")
    assert len(book.shown) == 1
    assert [a.seq for a in book.answers] == [1, 1, 1]
    assert [a.duplicate for a in book.answers] == [False, True, True]
    assert book.answers[2].entry.text == "one"


def test_asking_for_a_person_is_an_entry_also_before_any_message():
    book = Playbook()
    book.ask_person()
    book.ask_person()
    book.commit()
    assert [e.type for e in book.shown] == [EntryType.WAITING]
    assert book.state.standing.waiting_since == START
    assert [type(a) for a in book.answers] == [Held, Held]


def test_asking_for_a_person_in_words_waits_and_the_bot_says_what_happens_next():
    book = Playbook()
    book.post("Can I talk to a human please")
    effects = book.commit()
    assert [e.type for e in book.shown] == [EntryType.MESSAGE, EntryType.WAITING]
    request = next(e for e in effects if isinstance(e, StartAnswer)).request
    assert request.asked_for_person


def test_a_claim_and_a_release_end_the_waiting():
    book = Playbook()
    book.ask_person()
    book.claim()
    book.commit()
    assert book.state.standing.waiting_since is None


def test_a_question_posted_while_the_bot_writes_is_answered_next():
    book = Playbook()
    book.post("first", "m1")
    book.commit()
    book.post("second", "m2")
    book.commit()
    book.bot_says("to the first")
    effects = book.commit()
    request = next(e for e in effects if isinstance(e, StartAnswer)).request
    assert [e.text for e in request.history] == ["first", "second", "to the first"]
    book.bot_says("to the second")
    assert not any(isinstance(e, StartAnswer) for e in book.commit())
    assert book.shown[-1].answers == 2


def test_a_bot_that_fails_says_so_and_is_not_asked_again():
    book = Playbook()
    book.post()
    book.commit()
    request = book.last(StartAnswer).request
    book.tell(BotFailed(request.epoch, request.stream_id, "no model"))
    effects = book.commit()
    assert book.shown[-1].text == APOLOGY
    assert book.shown[-1].known is False
    assert not any(isinstance(e, StartAnswer) for e in effects)


def test_refused_writes_are_decided_again_on_the_new_log():
    book = Playbook()
    book.claim(ANA)
    book.post("hello", "m1")
    assert [type(e) for e in book.tell(Refused("another writer"))] == [Reload]
    commands, _ = book.state.abandon()
    other = Playbook()
    other.claim(BEN)
    other.commit()
    again = Playbook(entries=tuple(other.shown))
    for command in commands:
        again.tell(command)
    again.commit()
    assert book.answers[0].code is Code.ALREADY_CLAIMED
    assert book.answers[1].seq == 2


def test_typing_lapses_unless_renewed_and_ends_with_the_message():
    book = Playbook()
    effects = book.tell(SetTyping(on=True))
    assert typing(effects) == [(Typist.VISITOR, True)]
    first = book.last(LapseTyping)
    assert typing(book.tell(SetTyping(on=True))) == []
    assert book.tell(TypingLapsed(first.mark)) == []
    assert typing(book.tell(TypingLapsed(book.last(LapseTyping).mark))) == [(Typist.VISITOR, False)]
    book.tell(SetTyping(on=True))
    book.post()
    assert (Typist.VISITOR, False) in typing(book.commit())


def test_visitors_see_the_holder_type_and_nobody_else():
    book = Playbook()
    shown = events(book.tell(SetTyping(on=True, operator=BEN)))
    assert [e.shown_to_visitor for e in shown] == [False]
    book.claim(ANA)
    book.commit()
    shown = events(book.tell(SetTyping(on=True, operator=ANA)))
    assert [e.shown_to_visitor for e in shown] == [True]


def test_a_claim_takes_all_typing_marks_away():
    book = Playbook()
    book.tell(SetTyping(on=True))
    assert typing(book.claim(ANA)) == [(Typist.VISITOR, False)]


def test_a_question_that_a_crash_left_open_is_answered_on_waking_while_fresh():
    book = Playbook()
    book.post()
    book.commit()
    woken = Playbook(entries=tuple(book.shown))
    assert any(isinstance(e, StartAnswer) for e in woken.wake())
    late = Playbook(entries=tuple(book.shown))
    late.clock.advance(timedelta(minutes=11).total_seconds())
    assert late.wake() == []


def test_places_of_subscribers():
    book = Playbook()
    for n in range(RECENT_ENTRIES + 5):
        book.claim() if n % 2 == 0 else book.release()
    book.commit()
    total = RECENT_ENTRIES + 5
    newest = place(book, 0)
    assert [e.seq for e in newest.entries] == list(range(6, total + 1))
    assert (newest.more, newest.reset) == (True, False)
    assert [e.seq for e in place(book, total - 2).entries] == [total - 1, total]
    assert place(book, total).entries == ()
    assert place(book, 3) is None
    assert place(book, 5) is not None
    assert place(book, total + 1).reset is True


def test_an_empty_log_has_places_too():
    start = place(Playbook(), 0)
    assert (start.entries, start.more, start.reset) == ((), False, False)
    assert place(Playbook(), 4).reset is True


def test_a_commit_of_part_of_what_was_appended_tells_only_that_part():
    book = Playbook()
    book.post("one", "m1")
    book.post("two", "m2")
    book.tell(Committed(1))
    assert [a.seq for a in book.answers] == [1]
    book.tell(Committed(2))
    assert [a.seq for a in book.answers] == [1, 2]
    assert book.state.standing == standing_of(conversation(), book.shown)
    assert next(e for e in events(book.effects) if isinstance(e, EntryAdded)).entry.seq == 1


def test_tags_are_announced_and_older_ones_that_come_late_change_nothing():
    book = Playbook()
    for told, borne in (
        (TagsPut(("a",), 1), ("a",)),
        (TagsPut(("a", "b"), 3), ("a", "b")),
        (TagsPut((), 2), ("a", "b")),
        # It was read from the database with them: the lists have not heard.
        (TagsPut(("a", "b"), 3), ("a", "b")),
    ):
        (announced,) = book.tell(told)
        assert isinstance(announced, Announce)
        assert announced.row.conversation.tag_ids == borne
    assert book.state.conversation.tags_version == 3


def test_what_a_member_has_read_is_in_the_row_and_never_less():
    book = Playbook()
    (announced,) = book.tell(SeenBy(ANA.user_id, 3))
    assert isinstance(announced, Announce)
    assert announced.row.conversation.seen == {ANA.user_id: 3}
    assert book.tell(SeenBy(ANA.user_id, 2)) == []
    book.tell(SeenBy(BEN.user_id, 1))
    assert book.state.conversation.seen == {ANA.user_id: 3, BEN.user_id: 1}


def test_lists_hear_who_a_visitor_is_although_the_log_was_read_with_it():
    person = Person("u7", "Zoe Lind")
    book = Playbook()
    for _ in range(2):
        (announced,) = book.tell(PersonTold(person, "Visitor 4F2K"))
        assert isinstance(announced, Announce)
        assert announced.row.conversation.person == person


def test_the_trail_grows_at_its_end_and_stays_short():
    book = Playbook()
    for number in range(MOST_PAGES + 3):
        visited = Visited(f"https://s.test/{number}", "", START + timedelta(seconds=number))
        assert events(book.tell(VisitPage(visited))) == [PageVisited(book.state.conversation.key, visited)]
        # It was in the document that the log was read with.
        assert book.tell(VisitPage(visited)) == []
    pages = book.state.conversation.pages
    assert [page.url for page in pages] == [f"https://s.test/{number}" for number in range(3, MOST_PAGES + 3)]
