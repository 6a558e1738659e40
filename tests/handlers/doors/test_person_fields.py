from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.answers import HttpError
from handlers.doors.person_fields import PersonFields

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
)


def refused(values: dict[str, object]) -> dict[str, str]:
    fields = PersonFields(values)
    fields.line("name", "your name")
    email = fields.email()
    fields.new_password(unlike=email)
    fields.choice("role", ("admin", "editor"))
    try:
        fields.done()
    except HttpError as error:
        return dict(error.fields or {})
    return {}


LONG = f"a@{'b' * 250}.com"
GOOD: dict[str, object] = {
    "name": "Zoë O'Neil-Çelik 王",
    "email": "Zoe@Example.com",
    "password": "päss wörd 12",
    "role": "admin",
}


def test_what_people_are_called_is_taken():
    assert refused(GOOD) == {}
    assert PersonFields({"name": "  Ana Lind "}).line("name", "a name") == "Ana Lind"
    assert PersonFields({"email": " Zoe@EXAMPLE.com "}).email() == "Zoe@example.com"


def test_everything_that_is_wrong_is_said_at_once():
    assert set(refused({})) == {"name", "email", "password", "role"}


@pytest.mark.parametrize("name", ["a\nb", "a\x00b", "\u202eevil", "a\u2028b", "\ud800", "x" * 81])
def test_a_name_is_one_line_of_text(name: str):
    assert set(refused(GOOD | {"name": name})) == {"name"}


@pytest.mark.parametrize(
    "email", ["a", "a@b", "a@b.c\r\nBcc: d@e.f", "a@" + "b" * 250 + ".com", "<a@b.com>", "a@b.com,c@d.com"]
)
def test_an_address_is_one_address(email: str):
    assert set(refused(GOOD | {"email": email})) == {"email"}


@given(st.fixed_dictionaries(dict.fromkeys(GOOD, JSON)))
def test_whatever_is_sent_is_taken_or_refused_in_words(values: dict[str, object]):
    assert all(isinstance(why, str) and why for why in refused(values).values())
