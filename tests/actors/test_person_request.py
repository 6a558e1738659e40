from __future__ import annotations

import time

import pytest

from actors.person_request import asks_for_person

ASKS = """
human
Human!
human please
HUMAN NOW
human human human
agent
agent please
Agent, please.
operator
Operator?
representative
real person
a real person please
real human pls
live agent
person
customer service
customer support please
no bot, human please
I want a human
I want to talk to a human.
can I talk to someone
Can I talk to someone about pricing?
can i speak to a real person
could I please speak with an operator
I'd like to speak to a representative
I would like to chat with a live agent
I need to talk to somebody
let me talk to a person
how do I talk to a human?
how can I speak to a real person here
how do I reach a human
is it possible to talk to someone from your team
I need a human
i want a real person now
I'd prefer a human
get me a human
give me an operator please
connect me to an agent
please transfer me to a human being
Can you transfer me to a person?
put me through to someone
hand me over to a person please
I'd like to be connected to a representative
can the bot transfer me to a human?
I don't want to talk to a bot
I do not want to chat with a machine, get me a person
is there someone I can talk to
is there a human here?
are there any operators available?
is anyone available?
who can I talk to about my invoice
can't I talk to a human?
why can't I speak to a person
This is useless. I want to speak to your manager!
Hi there, my order never came and nobody answers. Can I talk to someone?
I asked for a human
I rather want to talk to a human than to a bot
talk to a person
Talk to someone
speak to an agent
I am getting nowhere, human please
may I speak with the sales team
escalate this to a human
Ich möchte mit einem Menschen sprechen
Kann ich mit jemandem sprechen?
Mensch bitte
Mitarbeiter bitte!
mit einem echten Mitarbeiter chatten
Ich will einen echten Menschen
Können Sie mich mit einem Berater verbinden?
Je veux parler à un humain
Puis-je parler à quelqu'un ?
un conseiller s'il vous plaît
je voudrais parler avec une vraie personne
mettez-moi en relation avec un conseiller
Quiero hablar con una persona
¿Puedo hablar con alguien?
humano por favor
páseme con un agente
necesito hablar con un operador
Quero falar com uma pessoa
Posso falar com um atendente?
atendente por favor
preciso falar com alguém
أريد التحدث مع شخص
اريد موظف
هل يمكنني التحدث إلى موظف؟
شخص حقيقي
حولني إلى موظف
"""

DOES_NOT_ASK = """
what is an AI agent?
human resources
how do agents work
do operators see my typing?
how does a person take over?
hello
thanks
how do I install it
how do I reset my password
are you a human?
are you human
am I talking to a human?
am I talking to a real person or a bot
is this a real person?
who are you
what is a human agent
what does an operator do
what happens when a visitor asks for a human
what happens if I ask for a person
what happens when I talk to a person
how can a visitor ask for a human
how can visitors talk to a person?
how do visitors speak to an operator
can customers chat with an agent at night?
when a visitor wants to talk to someone, who is told?
what does the button "Talk to a person" do
how do I add an operator
I need an operator account
I want an agent role for my colleague
how many agents can I have
which roles does a team member have
how do I become an operator
can an operator take over from another operator
does the bot talk to people?
how do I take over from the bot
can two agents hold one conversation
I work in human resources
we sell human rights books
was it human error?
I need a person's name for the invoice
the agent was very helpful
the human answered my question, thank you
thank you for letting me talk to a human
I don't want to talk to a human
no, I do not need a human
please don't connect me to an agent
I don't need to speak to anyone
no person needed
never mind the operator
how do I transfer a conversation to a colleague
how do I hand a chat over to a colleague
how do I connect to an agent endpoint
is the support free
support
do you support Docker
what is customer service worth
can I rename the agent
agent settings
agents
operators
operator handbook
the operator's name is shown in the header
my estate agent told me about you
how do I write to a visitor
can I talk to the bot in German
I like talking to this bot
someone told me about this product
somebody broke into my account
person detection in images
what personal data do you store
is there an API
is there a person field in the lead form
personal
humanity
the representative of our company will sign
what time does the team arrive
how long does it take until a person answers
why was I transferred to a human
is it true that I can talk to a person
can I call you
contact form
send me an e-mail
Was ist ein Mitarbeiter?
wie viele Mitarbeiter habt ihr
Ich will nicht mit einem Menschen sprechen
Menschenrechte
Qu'est-ce qu'un agent ?
je ne veux pas parler à un humain
recursos humanos
no quiero hablar con una persona
¿qué es un agente?
o que é um atendente
هل أنت إنسان؟
لا أريد التحدث مع شخص
"""


def lines(table: str) -> list[str]:
    return [line for line in table.strip().splitlines() if line]


@pytest.mark.parametrize("text", lines(ASKS))
def test_asks(text: str):
    assert asks_for_person(text)


@pytest.mark.parametrize("text", lines(DOES_NOT_ASK))
def test_does_not_ask(text: str):
    assert not asks_for_person(text)


def test_case_and_blanks_do_not_matter():
    assert asks_for_person("  I WANT   to\n talk to a HUMAN  ")
    assert asks_for_person("I want to talk to a human 🙏")


@pytest.mark.parametrize("text", ["", " ", "?", "\0", "😀", "﷽", "\u202ehuman\u202c stuff"])
def test_nothing_to_read_asks_nothing(text: str):
    assert not asks_for_person(text)


@pytest.mark.parametrize(
    "text",
    [
        "a" * 8000,
        "human " * 1333,
        "to talk to a real " * 444,
        "a real live " * 666,
        ", " * 4000,
        "i want to " * 800,
    ],
)
def test_a_long_message_is_read_in_no_time(text: str):
    begun = time.perf_counter()
    asks_for_person(text)
    assert time.perf_counter() - begun < 0.2


def test_a_request_at_the_end_of_a_long_message_is_heard():
    assert asks_for_person("My parcel is lost. " * 50 + "Please let me talk to a person.")
