"""Messages that are no question: greetings, thanks, goodbyes, and who is speaking."""

from __future__ import annotations

import re

from actors.speech import mark

_FILLER = r"(?:there|all|everyone|everybody|team|again|bot|you|so|very|much|a lot|then|now|and|well|dear)"
_GREETING = (
    r"hi+|hey+|hello+|hallo|good (?:morning|afternoon|evening|day)|greetings|howdy|moin|servus|"
    r"guten (?:tag|morgen|abend)|bonjour|bonsoir|salut|hola|buenos dias|buenas(?: tardes)?|ola|bom dia|"
    r"boa tarde|مرحبا|السلام عليكم"
)
_THANKS = (
    r"thanks?|thank you|thx|ty|cheers|many thanks|danke(?: schon)?|vielen dank|merci(?: beaucoup)?|"
    r"(?:muchas )?gracias|obrigad[oa]|شكرا"
)
_PRAISE = r"great|perfect|super|nice|cool|awesome|that helps|that helped|got it|i see|understood|makes sense"
_BYE = (
    r"bye+|goodbye|good bye|see (?:you|ya)(?: later)?|cu|good night|ciao|tschuss|au revoir|adios|adeus|"
    r"مع السلامة"
)
_NOD = r"ok(?:ay)?|yes|yes please|yep|yeah|sure|no|nope|alright|all right|fine|ja|nein|oui|non|si|sim"
_MACHINE = r"(?:an? )?(?:real )?(?:bot|robot|machine|human|person)"
_WHO = mark(
    rf"who are you|what are you|what is your name|are you (?:{_MACHINE}|real)|is this {_MACHINE}|"
    rf"am i (?:talking|speaking|chatting) (?:to|with) {_MACHINE}|what can you do(?: for me)?|"
    r"how can you help(?: me)?|can you help me|help(?: me)?|i need help|i have a question"
)
_HOW = r"how are you(?: doing)?(?: today)?|how is it going|what is up|wie gehts?|ca va|que tal"

HELLO = mark("Hello. What would you like to know?")
WELCOME = mark("You're welcome. Ask me whenever you have another question.")
GOODBYE = mark("Goodbye. This chat stays here if you need it again.")
ALL_RIGHT = mark("All right. Ask me anything, or write “person” if you would like to talk to a person.")
WHO = mark(
    "I am the AI agent of this website. I answer from its help pages and show where an answer comes from. "
    "If you would rather talk to a person, write “person”."
)
HOW = mark("I am a program, so always the same. What would you like to know?")

_REPLIES = tuple(
    (re.compile(rf"(?:(?:{pattern})(?: {_FILLER})*(?: |$))+"), reply)
    for pattern, reply in (
        (_GREETING, HELLO),
        (_HOW, HOW),
        (rf"(?:{_PRAISE}|{_NOD}) (?:{_THANKS})|{_THANKS}|{_PRAISE}", WELCOME),
        (rf"(?:{_THANKS}) (?:{_BYE})|{_BYE}", GOODBYE),
        (_NOD, ALL_RIGHT),
        (_WHO, WHO),
    )
)


def small_talk(spoken: str) -> str | None:
    """What to answer when a message, as plain words, is only small talk; None when it is not."""
    for pattern, reply in _REPLIES:
        if pattern.fullmatch(spoken):
            return reply
    greeted = re.match(rf"(?:{_GREETING})(?: {_FILLER})* ", spoken)
    return small_talk(spoken[greeted.end() :]) if greeted else None
