"""The fields of a lead form, checked, for HTTP and WebSocket alike. Pure: no name is looked up anywhere."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping

import phonenumbers
from email_validator import EmailNotValidError, validate_email

from actors.lead import InvalidLead, LeadFields
from actors.lead_form import LEAD_FIELDS, LeadForm
from actors.speech import IN_ENGLISH, Words, mark

NAME_CHARACTERS = 200
MESSAGE_CHARACTERS = 4_000
EMAIL_CHARACTERS = 254
PHONE_CHARACTERS = 40

_MISSING = {
    "name": mark("Enter your name."),
    "email": mark("Enter your e-mail address."),
    "phone": mark("Enter your phone number."),
    "message": mark("Enter your message."),
}
_TOO_LONG = mark("This has {length} characters, and at most {number} are possible.")
_TOO_LONG_FOR_ONE = mark("This has {length} characters, and at most {number} is possible.")
_TYPED_BLANKS = "\t\n\r"


class _WrongError(ValueError):
    """Why a field is not taken. `most` is set when it is too long."""

    def __init__(self, why: str, *, length: int = 0, most: int = 0) -> None:
        super().__init__(why)
        self.length = length
        self.most = most

    def said(self, words: Words) -> str:
        """The same, for the visitor."""
        if self.most:
            return words.plural(_TOO_LONG_FOR_ONE, _TOO_LONG, self.most, length=self.length)
        return words.say(str(self))


def check_lead(
    raw: Mapping[str, object], form: LeadForm, words: Words = IN_ENGLISH
) -> LeadFields | InvalidLead:
    """The fields as they are kept, or every field that is wrong and why.

    Blanks around a value are dropped, an empty value counts as not given, other keys of `raw` are ignored.
    """
    values: dict[str, str] = {}
    wrong: dict[str, str] = {}
    for field in LEAD_FIELDS:
        try:
            values[field] = _check(field, raw.get(field), form)
        except _WrongError as error:
            wrong[field] = error.said(words)
    if not wrong and not values["email"] and not values["phone"]:
        wrong["email"] = words.say("Leave an e-mail address or a phone number, so that we can reach you.")
    return InvalidLead(wrong) if wrong else LeadFields(**values)


def _check(field: str, value: object, form: LeadForm) -> str:
    text = _text(value)
    if not text:
        if field in form.required:
            raise _WrongError(_MISSING[field])
        return ""
    match field:
        case "name":
            return _short(_one_line(text), NAME_CHARACTERS)
        case "email":
            return _email(_one_line(text))
        case "phone":
            return _phone(_one_line(text), form.region)
        case _:
            return _message(text)


def _text(value: object) -> str:
    if value is None:
        return ""
    if not isinstance(value, str):
        raise _WrongError(mark("This must be text."))
    try:
        value.encode()
    except UnicodeEncodeError:
        raise _WrongError(mark("This holds characters that are no text.")) from None
    # Blanks only: a line feed at an end is no accident of typing in a one-line field.
    return value.strip(" ") if value.strip() else ""


def _one_line(text: str) -> str:
    if any(unicodedata.category(character) in {"Cc", "Zl", "Zp"} for character in text):
        raise _WrongError(mark("Write this on one line, without control characters."))
    return text


def _short(text: str, most: int) -> str:
    if len(text) > most:
        raise _WrongError(_TOO_LONG, length=len(text), most=most)
    return text


def _email(text: str) -> str:
    _short(text, EMAIL_CHARACTERS)
    try:
        # `test_environment` only lets .test names in, which demos and rehearsals use.
        checked = validate_email(text, check_deliverability=False, strict=True, test_environment=True)
    except EmailNotValidError:
        raise _WrongError(mark("This is not an e-mail address, such as name@example.com.")) from None
    return checked.normalized


def _phone(text: str, region: str) -> str:
    _short(text, PHONE_CHARACTERS)
    try:
        number = phonenumbers.parse(text, region or None)
    except phonenumbers.NumberParseException as error:
        if error.error_type == phonenumbers.NumberParseException.INVALID_COUNTRY_CODE:
            raise _WrongError(mark("Start with + and the country code, such as +49 30 901820.")) from None
        raise _WrongError(mark("This is not a phone number, such as +49 30 901820.")) from None
    if not phonenumbers.is_valid_number(number):
        raise _WrongError(mark("There is no such phone number. Check the country code and the digits."))
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def _message(text: str) -> str:
    kept = (c for c in text.replace("\r\n", "\n") if c in _TYPED_BLANKS or unicodedata.category(c) != "Cc")
    return _short("".join(kept).strip(), MESSAGE_CHARACTERS)
