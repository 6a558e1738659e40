"""What is said in the settings' preview of the widget, in every language that visitors are spoken to in."""

from __future__ import annotations

from actors.speech import Words
from handlers.shapes import Json


def dialogue_json(words: Words) -> Json:
    """A question, the bot's answer with its sources, and what a person writes."""
    shipping = words.say("Orders to Norway arrive within five working days.")
    return {
        "question": words.say("Do you ship to Norway?"),
        "answer": words.say(
            "Yes. Orders to Norway arrive within five working days [1], and duties are included [2]."
        ),
        "sources": [
            {"title": words.say("Shipping abroad"), "snippet": shipping},
            {"title": words.say("Customs"), "snippet": words.say("Duties are included in the price.")},
        ],
        "reply": words.say("Hello, this is Ana. I have your order in front of me."),
    }
