"""What people type about themselves, checked: names, addresses, passwords. Pure."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from http import HTTPStatus

from email_validator import EmailNotValidError, validate_email

from handlers.answers import HttpError

SHORTEST_PASSWORD = 10
LONGEST_PASSWORD = 1024
NAME_CHARACTERS = 80


class PersonFields:
    """Checks one field after the other; `done` then refuses all that are wrong at once.

    Args:
        values: what was typed, by field.
    """

    def __init__(self, values: Mapping[str, object]) -> None:
        self._values = values
        self._wrong: dict[str, str] = {}

    def line(self, field: str, label: str) -> str:
        """One line of text, such as a name."""
        text = self._text(field).strip()
        if not text:
            return self._refuse(field, f"Enter {label}.")
        if len(text) > NAME_CHARACTERS:
            return self._refuse(field, f"At most {NAME_CHARACTERS} characters; this has {len(text):,}.")
        # Marks that turn the direction of writing would change the text around the name too.
        if any(unicodedata.category(c) in {"Cc", "Cf", "Cs", "Zl", "Zp"} and c != "\u200d" for c in text):
            return self._refuse(field, "Write this on one line, without control characters.")
        return text

    def email(self, field: str = "email") -> str:
        """An e-mail address."""
        text = self._text(field).strip()
        if not text:
            return self._refuse(field, "Enter an e-mail address.")
        try:
            # Longer ones are refused by its length check; `test_environment` only lets .test names in.
            checked = validate_email(text, check_deliverability=False, strict=True, test_environment=True)
        except EmailNotValidError:
            return self._refuse(field, "This is not an e-mail address, such as name@example.com.")
        return checked.normalized

    def new_password(self, field: str = "password", *, unlike: str = "") -> str:
        """A password to set. Its length is what counts; `unlike` is what it must not be."""
        text = self._text(field)
        if len(text) < SHORTEST_PASSWORD:
            return self._refuse(field, f"A password needs at least {SHORTEST_PASSWORD} characters.")
        if len(text) > LONGEST_PASSWORD:
            return self._refuse(field, f"A password has at most {LONGEST_PASSWORD:,} characters.")
        if unlike and text.casefold() == unlike.casefold():
            return self._refuse(field, "Your password can't be your e-mail address.")
        if len(set(text)) == 1:
            return self._refuse(
                field, "That is one character over and over. Choose something longer to guess."
            )
        return text

    def given(self, field: str, label: str) -> str:
        """Something that was typed, as it is."""
        text = self._text(field)
        if not text or len(text) > LONGEST_PASSWORD:
            return self._refuse(field, f"Enter {label}.")
        return text

    def choice(self, field: str, choices: tuple[str, ...]) -> str:
        """One of a few values."""
        text = self._text(field)
        return text if text in choices else self._refuse(field, f"Choose one of {', '.join(choices)}.")

    def done(self) -> None:
        """Raises HttpError when anything was wrong, with a sentence for each field."""
        if self._wrong:
            first = next(iter(self._wrong.values()))
            raise HttpError(HTTPStatus.UNPROCESSABLE_ENTITY, "invalid", first, fields=self._wrong)

    def _text(self, field: str) -> str:
        value = self._values.get(field, "")
        if not isinstance(value, str) or any(unicodedata.category(c) == "Cs" for c in value):
            return ""
        return value

    def _refuse(self, field: str, why: str) -> str:
        self._wrong[field] = why
        return ""
