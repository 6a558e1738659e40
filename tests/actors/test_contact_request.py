from __future__ import annotations

import pytest

from actors.contact_request import asks_for_contact


@pytest.mark.parametrize(
    "text",
    [
        "Can you call me back?",
        "please email me",
        "Could someone contact me about pricing?",
        "My e-mail is zoe@example.com",
        "I'd like a callback",
        "Get in touch with me, please",
        "Can I leave my number?",
        "You can reach me at +49 30 901820",
        "Don't email me, call me",
        "Do you ship to Norway? If so, drop me a line",
        "Rufen Sie mich bitte zurück",
        "Bitte melden Sie sich bei mir",
        "Pouvez-vous me rappeler ?",
        "Contactez-moi",
        "Llámame por favor",
        "Meu telefone é 123",
        "اتصلوا بي من فضلك",
        "تواصل معي غدًا",
        "بريدي الإلكتروني هو zoe@example.com",
    ],
)
def test_who_wants_to_be_contacted_is_heard(text: str) -> None:
    assert asks_for_contact(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Do you ship to Norway?",
        "Do not call me",
        "How can you contact me?",
        "Who gets an e-mail when a lead comes in?",
        "Will visitors email me?",
        "How do I contact support?",
        "Write me a poem",
        "the form says my phone number is wrong",
        "I promised to call back, what now",
        "no, please never email me",
        "لا تتصل بي، اتصالكم لا يلزم",
        "هل تشحنون إلى النرويج؟",
        "x" * 100_000,
        "( " * 50_000,
    ],
)
def test_whoever_does_not_ask_is_left_alone(text: str) -> None:
    assert not asks_for_contact(text)
