"""Answers put together from what was found and what was said. Pure: no model, no clock, no database."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass

from actors.contact_request import asks_for_contact
from actors.log import Source
from actors.speech import IN_ENGLISH, Words, mark
from server.bot.excerpts import MOST_WORDS, excerpt
from server.bot.lexicon import IN_ENGLISH as ENGLISH_WORDS
from server.bot.lexicon import Lexicon, lexicon_for, lexicon_of
from server.bot.retrieval import Hit, shortened
from server.bot.small_talk import small_talk
from server.knowledge.passages import PATH_SEPARATOR

# Of the 671 questions the demo was tuned with (399 have an answer) 0.48 gives 92 % the right source first,
# 4 % a wrong one, and refuses 93 % of those without an answer. Of 219 written apart from that (127 have one)
# it gives 67 % the right one, 13 % a wrong one, and refuses 92 %. `python -m ops.measure_answers` prints all.
KNOWN_FROM = 0.48
SECOND_FROM = 0.92  # of the best hit's score: below it a second source says something else
SAID_FROM = 0.6
SNIPPET_CHARACTERS = 280
_CODE = re.compile(r"(?:^ {4}.*(?:\n|\Z))+", re.MULTILINE)
_QUOTE_WORDS = 60
_SECOND_WORDS = 45

UNKNOWN = mark("I don't know that. A person can help you: press “Talk to a person”, or just write “person”.")
PERSON_COMING = mark(
    "I have asked the team for a person. Whoever comes reads what you have written and answers you here. "
    "Until then you can go on asking me."
)
LEAVE_ADDRESS = mark(
    "Leave your e-mail address or your phone number in the form here, and the team gets back to you. If you "
    "have left it already, they have it."
)


@dataclass(frozen=True, slots=True)
class Said:
    """What a member of the team said to this visitor, or noted when handing back.

    `about` is what the visitor had written just before.
    """

    name: str
    text: str
    about: str = ""
    noted: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """What the bot says. The n-th source is cited in the text as [n].

    `known` is False when neither the knowledge nor a person's words answer the question.
    """

    text: str
    sources: tuple[Source, ...] = ()
    known: bool = True
    offer_person: bool = False
    is_small_talk: bool = False


def compose(
    question: str,
    hits: Sequence[Hit],
    said: Sequence[Said],
    focus: str = "",
    words_of: Words = IN_ENGLISH,
) -> Answer:
    """The answer to a visitor's message. `hits` are best first, `said` oldest first.

    `focus` is the part of the question that sentences are picked by, when it leans on an earlier question.
    `words_of` is the visitor's language.
    """
    talk = small_talk(" ".join(ENGLISH_WORDS.words(question)))
    if talk is None and asks_for_contact(question):
        talk = LEAVE_ADDRESS
    if talk is not None:
        return Answer(words_of.say(talk), is_small_talk=True)
    lexicon = lexicon_of(question, lexicon_for(words_of.language))
    share, told = _told(lexicon.terms(shortened(question)), said, words_of, lexicon)
    cited = [] if told and share >= _coverage(hits) else _cited(hits)
    if not told and not cited:
        return unknown(words_of)
    parts = [told] if told else []
    wanted = [asked_of(hit, question, focus) for hit in cited]
    parts += [
        _marked(_excerpt(hit, asked, number), number)
        for number, (hit, asked) in enumerate(zip(cited, wanted, strict=True), 1)
    ]
    return Answer("\n\n".join(parts), tuple(map(source_of, cited, wanted)))


def unknown(words_of: Words = IN_ENGLISH) -> Answer:
    """What the bot says when nothing answers the question."""
    return Answer(words_of.say(UNKNOWN), known=False, offer_person=True)


def _told(asked: Sequence[str], said: Sequence[Said], words_of: Words, lexicon: Lexicon) -> tuple[float, str]:
    """What a person has already said about this, or nothing, and how much of it; of equals the newest."""
    best, best_share = None, SAID_FROM
    for each in said:
        share = _spoken_of(asked, each, lexicon)
        if share >= best_share:
            best, best_share = each, share
    if best is None:
        return 0.0, ""
    quote = excerpt(best.text, asked, most_words=_QUOTE_WORDS, lexicon=lexicon).replace("\n", " ")
    name = best.name or words_of.say("My colleague")
    if best.noted:
        return best_share, words_of.say("{name} noted: “{quote}”", name=name, quote=quote)
    return best_share, words_of.say("{name} told you earlier: “{quote}”", name=name, quote=quote)


def _spoken_of(asked: Sequence[str], said: Said, lexicon: Lexicon) -> float:
    """The share of the question that this exchange was about; a synonym alone is too little."""
    spoken = frozenset(lexicon.stems(f"{said.about} {said.text}"))
    values = [0.5 + 0.5 * (term in spoken) if lexicon.found(term, spoken) else 0.0 for term in asked]
    return sum(values) / len(values) if values else 0.0


def _coverage(hits: Sequence[Hit]) -> float:
    return hits[0].coverage if hits else 0.0


def _cited(hits: Sequence[Hit]) -> list[Hit]:
    """The one or two passages to answer from; none when the best does not cover the question."""
    if _coverage(hits) < KNOWN_FROM:
        return []
    good = SECOND_FROM * hits[0].score
    return [hits[0], *(hit for hit in hits[1:2] if hit.coverage >= KNOWN_FROM and hit.score >= good)]


def _excerpt(hit: Hit, asked: Sequence[str], number: int = 1) -> str:
    most_words = MOST_WORDS if number == 1 else _SECOND_WORDS
    lexicon = lexicon_for(hit.language)
    return excerpt(hit.text, asked, _heading(hit), most_words=most_words, lexicon=lexicon)


def _marked(text: str, number: int) -> str:
    shown = _CODE.sub(_fenced, text)
    return f"{shown}[{number}]" if shown.endswith("\n") else f"{shown} [{number}]"


def _fenced(code: re.Match[str]) -> str:
    """Lines that knowledge marks by four blanks, between the fences by which widget and console know code."""
    lines = textwrap.dedent(code[0]).rstrip("\n")
    fence = "`" * max(3, 1 + max(map(len, re.findall("`+", lines)), default=0))
    return f"{fence}\n{lines}\n{fence}\n"


def asked_of(hit: Hit, question: str, focus: str = "") -> Sequence[str]:
    """The terms that a hit's sentences are picked by, in its language: the focus's, or the question's."""
    lexicon = lexicon_for(hit.language)
    return lexicon.terms(shortened(focus)) or lexicon.terms(shortened(question))


def source_of(hit: Hit, asked: Sequence[str]) -> Source:
    """A hit as it is shown under an answer: its own heading and its fitting sentences."""
    text = " ".join(_excerpt(hit, asked).split())
    if len(text) > SNIPPET_CHARACTERS:
        text = text[: SNIPPET_CHARACTERS - 1].rsplit(" ", 1)[0] + "…"
    return Source(_heading(hit), text, hit.url)


def _heading(hit: Hit) -> str:
    return hit.title.split(PATH_SEPARATOR)[-1]
