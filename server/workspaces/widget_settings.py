"""What a workspace decided about its widget: the lead form, and when to offer it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from typing import Any

import msgspec

from actors.appearance import (
    DEFAULT_APPEARANCE,
    FACES,
    MOST_QUESTIONS,
    POSITIONS,
    THEMES,
    Appearance,
    style_of,
)
from actors.behaviour import BehaviourRule
from actors.lead_form import DEFAULT, LEAD_FIELDS, LeadForm
from actors.speech import ENGLISH, LANGUAGES
from server.store.database import Document

MOST_RULES = 20


@dataclass(frozen=True, slots=True)
class WidgetSettings:
    """The settings that visitors' browsers are told."""

    lead_form: LeadForm = DEFAULT
    rules: tuple[BehaviourRule, ...] = ()
    appearance: Appearance = DEFAULT_APPEARANCE
    language: str = ENGLISH
    """Of visitors whose page and browser speak none that is shipped."""


DEFAULTS = WidgetSettings()


def settings_of(document: Mapping[str, Any]) -> WidgetSettings:
    """What a workspace's `settings` say; what is no setting there counts as not written."""
    language = document.get("language")
    return WidgetSettings(
        _form(document.get("lead_form")),
        tuple(_rules(document.get("rules"))),
        _appearance(document.get("appearance")),
        language if language in LANGUAGES else ENGLISH,
    )


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
        "appearance": asdict(settings.appearance) | {"questions": list(settings.appearance.questions)},
        "language": settings.language,
        "rules": [{k: v for k, v in asdict(rule).items() if v} for rule in settings.rules],
    }


def _form(written: object) -> LeadForm:
    with suppress(msgspec.ValidationError):
        form = msgspec.convert(written, LeadForm)
        asked = tuple(field for field in LEAD_FIELDS if field in form.asked)
        if "email" in asked or "phone" in asked:
            return replace(form, asked=asked, required=form.required & set(asked))
    return DEFAULT


def _appearance(written: object) -> Appearance:
    with suppress(ValueError):  # msgspec.ValidationError is one, and so is a colour that is none
        appearance = msgspec.convert(written, Appearance)
        style_of(appearance)
        known = appearance.theme in THEMES and appearance.position in POSITIONS and appearance.face in FACES
        if known:
            return replace(appearance, questions=appearance.questions[:MOST_QUESTIONS])
    return DEFAULT_APPEARANCE


def _rules(written: object) -> Iterable[BehaviourRule]:
    with suppress(msgspec.ValidationError):
        for rule in msgspec.convert(written, list[object])[:MOST_RULES]:
            with suppress(msgspec.ValidationError):
                yield msgspec.convert(rule, BehaviourRule)
