from __future__ import annotations

from collections.abc import Mapping

import pytest

from actors.lead import InvalidLead, LeadFields
from actors.lead_form import LeadForm
from handlers.leads.lead_fields import check_lead

FORM = LeadForm()


def wrong(raw: Mapping[str, object], form: LeadForm = FORM) -> dict[str, str]:
    checked = check_lead(raw, form)
    assert isinstance(checked, InvalidLead), checked
    return dict(checked.fields)


def right(raw: Mapping[str, object], form: LeadForm = FORM) -> LeadFields:
    checked = check_lead(raw, form)
    assert isinstance(checked, LeadFields), checked
    return checked


def test_what_is_right_is_kept_as_it_will_be_used():
    raw = {
        "name": "  Zoë Martin ",
        "email": "Zoe@EXAMPLE.com",
        "phone": "+49 (30) 90 18 20",
        "message": " Hi\r\nyou ",
    }
    assert right(raw) == LeadFields("Zoë Martin", "Zoe@example.com", "+4930901820", "Hi\nyou")


@pytest.mark.parametrize(
    "email", ["zoë@bücher.example", "zoe@shop.test", "z+tag@sub.example.co.uk", "用户@例子.广告"]
)
def test_addresses_of_the_whole_world_are_taken(email: str):
    assert right({"email": email}).email


@pytest.mark.parametrize(
    "email",
    [
        "zoe",
        "zoe@",
        "@example.com",
        "zoe@example",
        "zoe@@example.com",
        "zoe example@example.com",
        "zoe@exam ple.com",
        "Zoe <zoe@example.com>",
        "zoe@[127.0.0.1]",
        "zoe@example.com, ann@example.com",
        "zoe@localhost",
        "a" * 65 + "@example.com",
        "zoe@" + "a" * 300 + ".com",
        "javascript:alert(1)",
    ],
)
def test_what_is_no_address_is_refused(email: str):
    assert set(wrong({"email": email})) == {"email"}


@pytest.mark.parametrize(
    "text",
    [
        "zoe@example.com\r\nBcc: all@example.com",
        "zoe@example.com\n",
        "\nzoe@example.com",
        "zoe@example.com\0",
        "zoe@example.com\u2028Bcc: x",
        "zoe@example.com\x85",
    ],
)
def test_no_header_gets_in_by_address_or_name(text: str):
    assert wrong({"email": text, "phone": "+4930901820"}).keys() == {"email"}
    assert wrong({"name": text, "email": "zoe@example.com"}).keys() == {"name"}


def test_a_name_of_ten_thousand_characters_is_refused_with_its_length():
    assert wrong({"name": "x" * 10_000, "email": "zoe@example.com"}) == {
        "name": "This has 10,000 characters, and at most 200 are possible."
    }
    assert right({"name": "x" * 200, "email": "zoe@example.com"}).name == "x" * 200


def test_a_message_has_at_most_four_thousand_characters_and_no_control_characters():
    assert set(wrong({"message": "x" * 4001, "email": "zoe@example.com"})) == {"message"}
    assert right({"message": "a\0b\x1b\tc", "email": "zoe@example.com"}).message == "ab\tc"


@pytest.mark.parametrize(
    ("phone", "region", "kept"),
    [
        ("+1 212 555 2368", "", "+12125552368"),
        ("030 901820", "DE", "+4930901820"),
        ("(212) 555-2368", "US", "+12125552368"),
        ("+44 20 7946 0958", "DE", "+442079460958"),
    ],
)
def test_numbers_are_kept_with_their_country(phone: str, region: str, kept: str):
    assert right({"phone": phone}, LeadForm(region=region)).phone == kept


@pytest.mark.parametrize(
    "phone", ["12", "call me", "+999 123 456 789", "+49 1", "0" * 41, "+1 212 555 2368\r\nX: y"]
)
def test_what_is_no_number_is_refused(phone: str):
    assert set(wrong({"phone": phone})) == {"phone"}


def test_a_number_without_its_country_says_how_to_write_it():
    assert "country code" in wrong({"phone": "030 901820"})["phone"]


def test_a_way_to_be_reached_is_needed():
    assert set(wrong({"name": "Zoë"})) == {"email"}
    assert set(wrong({})) == {"email"}
    assert set(wrong({"email": "   ", "phone": ""})) == {"email"}


def test_a_workspace_says_what_it_requires():
    form = LeadForm(required=frozenset({"name", "phone"}))
    assert wrong({"email": "zoe@example.com"}, form) == {
        "name": "Enter your name.",
        "phone": "Enter your phone number.",
    }


@pytest.mark.parametrize("value", [1, True, ["a"], {"$gt": ""}, 1.5])
def test_what_is_no_text_is_refused(value: object):
    assert wrong({"name": value, "email": "zoe@example.com"}) == {"name": "This must be text."}


def test_half_a_character_is_refused():
    assert set(wrong({"name": "\ud800", "email": "zoe@example.com"})) == {"name"}


def test_every_wrong_field_is_told_at_once():
    assert set(wrong({"name": "x" * 201, "email": "no", "phone": "no", "message": "x" * 5000})) == {
        "name",
        "email",
        "phone",
        "message",
    }
