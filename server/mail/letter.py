"""A letter, and the e-mail that it becomes: proper headers, and none that somebody typed into a form."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
_SUBJECT_CHARACTERS = 200
_NAME_CHARACTERS = 100


@dataclass(frozen=True, slots=True)
class Letter:
    """What is to be mailed to one person.

    Args:
        id: stays the same when the letter is sent again, and makes the Message-ID.
        to: the address; `to_name` is shown beside it.
        unsubscribe_url: where the receiver switches such letters off; empty for letters that were asked for.
    """

    id: str
    to: str
    subject: str
    text: str
    html: str
    to_name: str = ""
    unsubscribe_url: str = ""


def one_line(text: str, most: int) -> str:
    """The text fit for a header: on one line, not longer than `most`."""
    flat = _CONTROL.sub(" ", text).strip()
    return flat if len(flat) <= most else flat[: most - 1] + "…"


def message_id(letter_id: str, sender: str) -> str:
    """The Message-ID of a letter: the same for each try, told apart from those of other letters."""
    domain = parseaddr(sender)[1].rpartition("@")[2] or "localhost"
    return f"<{hashlib.sha256(letter_id.encode()).hexdigest()[:40]}@{domain.encode('idna').decode()}>"


def email_message(letter: Letter, sender: str, now: datetime | None = None) -> EmailMessage:
    """The e-mail, ready for a transport."""
    message = EmailMessage(policy=SMTP)
    message["From"] = _address(*parseaddr(sender))
    message["To"] = _address(one_line(letter.to_name, _NAME_CHARACTERS), letter.to)
    message["Subject"] = one_line(letter.subject, _SUBJECT_CHARACTERS)
    message["Date"] = format_datetime(now or datetime.now(UTC))
    message["Message-ID"] = message_id(letter.id, sender)
    for name, value in extra_headers(letter).items():
        message[name] = value
    message.set_content(letter.text)
    message.add_alternative(letter.html, subtype="html")
    return message


def extra_headers(letter: Letter) -> dict[str, str]:
    """Headers beyond those that every e-mail has."""
    headers = {"Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "All"}
    if letter.unsubscribe_url:
        headers["List-Unsubscribe"] = f"<{letter.unsubscribe_url}>"
    return headers


def _address(name: str, address: str) -> Address:
    return Address(display_name=name, addr_spec=address)
