"""What a workspace asks visitors for, and what it wants to know at least."""

from __future__ import annotations

from dataclasses import dataclass

from actors.speech import mark

LEAD_FIELDS = ("name", "email", "phone", "message")
"""Every field there is, in the order of the form."""


CONSENT = mark("We use this to answer you, and for nothing else.")


@dataclass(frozen=True, slots=True)
class LeadForm:
    """The form of a workspace.

    Args:
        asked: the fields it shows, in order.
        required: those that must be given; an e-mail address or a phone number must be, in any case.
        consent: the line above the button, empty for none.
        region: two letters of the country whose numbers may be written without their country code, or empty.
    """

    asked: tuple[str, ...] = ("name", "email", "phone", "message")
    required: frozenset[str] = frozenset()
    consent: str = CONSENT
    region: str = ""


DEFAULT = LeadForm()
