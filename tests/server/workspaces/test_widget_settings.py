from __future__ import annotations

import pytest

from actors.behaviour import BehaviourRule
from actors.lead_form import DEFAULT, LeadForm
from server.workspaces.widget_settings import MOST_RULES, WidgetSettings, settings_document, settings_of


def test_what_is_written_is_read() -> None:
    settings = WidgetSettings(
        LeadForm(("name", "phone"), frozenset({"phone"}), "We call you once.", "DE"),
        (BehaviourRule("Prices", url="*/pricing*", seconds=20), BehaviourRule("Leaving", exit_intent=True)),
    )
    assert settings_of(settings_document(settings)) == settings


@pytest.mark.parametrize(
    "written",
    [{}, {"lead_form": None, "rules": None}, {"lead_form": 7, "rules": "x"}, {"lead_form": {"asked": "e"}}],
)
def test_without_settings_there_is_the_usual_form_and_no_rule(written: dict[str, object]) -> None:
    assert settings_of(written) == WidgetSettings(DEFAULT, ())


def test_a_form_always_asks_for_a_way_to_reach_somebody() -> None:
    assert settings_of({"lead_form": {"asked": ["name", "message"]}}).lead_form == DEFAULT
    odd = {"asked": ["message", "email", "shoe size"], "required": ["email", "phone"]}
    form = settings_of({"lead_form": odd}).lead_form
    assert (form.asked, form.required) == (("email", "message"), frozenset({"email"}))


def test_a_rule_that_is_none_is_left_out_and_the_others_stand() -> None:
    rules = [{"name": "One", "seconds": "20"}, {"seconds": 20}, 7, {"name": "Two", "messages": 2}]
    assert settings_of({"rules": rules}).rules == (BehaviourRule("Two", messages=2),)
    many = [{"name": str(number), "seconds": 1} for number in range(100)]
    assert len(settings_of({"rules": many}).rules) == MOST_RULES
