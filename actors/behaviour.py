"""When the widget offers the lead form by itself: rules about what a visitor does. The widget judges them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class BehaviourRule:
    """Fires when everything that it asks for is so. One that asks for nothing never fires.

    Args:
        name: what the team calls it; leads that it brings say so.
        url: the address must match, `*` standing for anything, such as "*/pricing*"; empty for any.
        seconds: so long on the page, 0 for none.
        scroll: so far down, in percent of the page.
        messages: so many messages of the visitor.
        unknown: so many times the bot did not know.
        exit_intent: the pointer leaves the page by its top.
    """

    name: str
    url: str = ""
    seconds: int = 0
    scroll: int = 0
    messages: int = 0
    unknown: int = 0
    exit_intent: bool = False
