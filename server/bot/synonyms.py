"""Words that visitors and authors use for the same thing on a website's help pages.

A question about the "price" finds the passage about the "cost". General support vocabulary, nothing of any
one customer's subject; a word may stand in several groups.
"""

from __future__ import annotations

import re

from server.bot.stem import stem

_PHRASES = {
    r"(?:e-?)?mails?": "email",
    r"(?:log(?:s|ged|ging)?|sign(?:s|ed|ing)?)[ -]?in(?:to)?": "signin",
    r"(?:tak(?:e|es|en|ing)|took)[ -]?over|takeover": "takeover",
    r"(?:hand(?:s|ed|ing)?|giv(?:e|es|en|ing)|gave)(?: \w+){0,3} back|hand[ -]?back|handback": "handback",
    r"hand(?:s|ed|ing)?[ -]over|handover": "handover",
    r"set(?:s|ting)?[ -]?ups?": "setup",
    r"back(?:s|ed|ing)?[ -]?ups?": "backup",
    r"content security policy": "csp",
    r"open[ -]?source": "opensource",
    r"pop(?:s|ped|ping)?[ -]?ups?": "popup",
    r"clean(?:s|ed|ing)?[ -]?up": "cleanup",
    r"mongo": "mongodb",
    r"ai agents?|ai|chat ?bots?|assistants?": "bot",
    r"web ?sites?|web ?pages?": "website",
    r"team ?mates?|co-?workers?": "colleague",
    r"(?:language )?models?|llms?|(?:chat)?gpt(?:-\w+)?": "model",
    r"screen ?readers?": "screenreader",
}
_PHRASE = re.compile(r"\b(?:" + "|".join(f"({pattern})" for pattern in _PHRASES) + r")\b")
_NAMES = tuple(_PHRASES.values())

_GROUPS = """
conversation chat thread session dialogue
widget chat bubble launcher
visitor customer client guest shopper
person human people real staff
operator staff support human person
colleague member team
delete remove erase wipe clear cleanup purge
release handback
commercial company business
goodbye bye end close
idiot insult abuse
cope handle scale
demote promote role
remember forget keep
reboot restart boot
detailed verbose debug
missing absent gone appear
server machine computer host
shop store website
domain origin
monitor health check
undo restore revert
order sequence
solve settle
charge hold
night hour
save store keep
reach contact call
picture image avatar photo
rights permission role
newest latest
broken down dead
mistake wrong false incorrect error
delay slow late
duplicate double twice
rude angry shout
hidden hide invisible
edit change modify
revoke cancel withdraw
wait queue
present show demonstrate
simultaneous once together both
grab steal seize take
default standard
step stage order
weekend night holiday hour
type enter write
switch turn toggle
public production live
validate check verify
maximum limit upper
learn read understand
machine pc computer
aggressive angry rude
slang tone formal
fail broken down error
official image
sample example template
dashboard metric graph
daemon service systemd
graceful clean safely
scale load capacity
staff operator employee
icon bell symbol
buy purchase
ram memory disk
assistant bot
domain host origin site
trigger open start
count number many
behave treat respond
billing invoice payment
specialist colleague expert
bank card payment
nightly daily regular
ubuntu linux debian
key binding shortcut
reload refresh
tablet ipad phone
anonymous name unknown
price cost pay fee charge free licence license subscription paid
begin start launch run boot
install setup deploy installation
update upgrade version
error fail broken trouble wrong issue fault crash
email mail inbox
phone mobile telephone smartphone tablet
website site page
colour color theme style dark look appearance design
message text write
reply answer respond response
backup restore save copy
export download csv
language german english french spanish translate translation
permission role allow right may access
invite invitation join pending
crash die kill fail outage
connection internet network offline reconnect
lose lost missing disappear vanish gone
document article file doc source knowledge content
train teach learn import feed knowledge
gdpr privacy personal data
erase delete erasure
docker container compose image kubernetes
show appear display visible
size big small large kb heavy weight
angry upset furious annoyed mad rude
insult abuse swear rude offend threat
end finish close closing finally
speed fast slow performance quick
report statistics analytics stats metric overview dashboard
tag label category
note comment
notify notification alert toast
model openai llama mistral ollama
database db mongodb
configure configuration setting option config
variable environment env
https ssl tls certificate encryption encrypt
command cli terminal console
javascript js api
store host keep live save
migrate move transfer switch
rename name
stop shutdown restart reboot
silent quiet pause
lunch break pause absence
contact lead form
popup open appear
forget forgotten reset
search find filter
old past previous earlier history
paste copy put embed
embed snippet script
grab click take claim takeover
interrupt talk silent
jump takeover intervene
first begin opening
proxy nginx caddy apache
limit maximum most
handle take hold
identity identify verify
proof prove tamper change
log audit trail record
event hook
hotkey shortcut keyboard
desktop browser os
requirement need require
available online there
employee staff colleague
create add new
kick remove exclude
simultaneous concurrent
hallucinate invent know
wrong fix correct error
"""


def together(text: str) -> str:
    """A lower-case text with set phrases put as one word each: "signed in" as "signin"."""
    return _PHRASE.sub(lambda found: _NAMES[(found.lastindex or 1) - 1], text)


def _table() -> dict[str, frozenset[str]]:
    table: dict[str, set[str]] = {}
    for line in _GROUPS.strip().splitlines():
        group = {stem(word) for word in line.split()}
        for word in group:
            table.setdefault(word, set()).update(group - {word})
    return {word: frozenset(others) for word, others in table.items()}


SYNONYMS = _table()
"""Each stem's other words, as stems."""
