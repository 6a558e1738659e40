"""When the widget offers the lead form by itself: rules about what a visitor does. The widget judges them."""

from __future__ import annotations

import re
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

    @property
    def asks(self) -> bool:
        """Whether it asks for anything at all."""
        return any((self.url, self.seconds, self.scroll, self.messages, self.unknown, self.exit_intent))

    @property
    def address(self) -> str:
        """`url` as the source of a regular expression, for JavaScript too: with or without the site.

        Made here, so that the loader, which every visitor downloads, need not know how.
        """
        if not self.url:
            return ""
        return rf"^(?:\w+://[^/]+)?{'.*'.join(re.escape(part) for part in self.url.split('*'))}$"
