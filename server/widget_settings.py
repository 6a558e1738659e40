"""What a workspace decided about its widget: the lead form, and when to offer it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from typing import Any

import msgspec

from actors.behaviour import BehaviourRule
from actors.lead_form import DEFAULT, LEAD_FIELDS, LeadForm
from server.database import Document

MOST_RULES = 20


@dataclass(frozen=True, slots=True)
class WidgetSettings:
    """The settings that visitors' browsers are told."""

    lead_form: LeadForm = DEFAULT
    rules: tuple[BehaviourRule, ...] = ()


DEFAULTS = WidgetSettings()


def settings_of(document: Mapping[str, Any]) -> WidgetSettings:
    """What a workspace's `settings` say; what is no setting there counts as not written."""
    return WidgetSettings(_form(document.get("lead_form")), tuple(_rules(document.get("rules"))))


def settings_document(settings: WidgetSettings) -> Document:
    """The part of `settings` that is ours."""
    form = settings.lead_form
    return {
        "lead_form": {
            "asked": list(form.asked),
            "required": sorted(form.required),
            "consent": form.consent,
            "region": form.region,
        },
        "rules": [{k: v for k, v in asdict(rule).items() if v} for rule in settings.rules],
    }


def _form(written: object) -> LeadForm:
    with suppress(msgspec.ValidationError):
        form = msgspec.convert(written, LeadForm)
        asked = tuple(field for field in LEAD_FIELDS if field in form.asked)
        if "email" in asked or "phone" in asked:
            return replace(form, asked=asked, required=form.required & set(asked))
    return DEFAULT


def _rules(written: object) -> Iterable[BehaviourRule]:
    with suppress(msgspec.ValidationError):
        for rule in msgspec.convert(written, list[object])[:MOST_RULES]:
            with suppress(msgspec.ValidationError):
                yield msgspec.convert(rule, BehaviourRule)
