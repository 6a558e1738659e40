"""What admins type into settings, checked. Pure."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from typing import Final, cast
from urllib.parse import urlsplit

import phonenumbers

from actors.appearance import FACES, MOST_QUESTIONS, POSITIONS, THEMES, Appearance
from actors.behaviour import BehaviourRule
from actors.colours import parse_colour
from actors.lead_form import LEAD_FIELDS, LeadForm
from actors.speech import LANGUAGES
from handlers.doors.person_fields import PersonFields
from handlers.origins import ANY
from handlers.ports import Agent

GREETING_CHARACTERS: Final = 1000
URL_CHARACTERS: Final = 500
CONSENT_CHARACTERS: Final = 500
COLOUR_CHARACTERS: Final = 60
QUESTION_CHARACTERS: Final = 120
PATTERN_CHARACTERS: Final = 200
MOST_ORIGINS: Final = 50
MOST_RULES: Final = 20

_DEFAULT_PORTS: Final = {"http": 80, "https": 443}
_MOST: Final = {"seconds": 3600, "scroll": 100, "messages": 100, "unknown": 20}
_NUMBERS: Final = {
    "seconds": "whole seconds",
    "scroll": "a percentage",
    "messages": "a number of messages",
    "unknown": "a number of times",
}


class SettingsFields(PersonFields):
    """Checks one field after the other; `done` refuses all that are wrong at once."""

    def text(self, field: str, most: int) -> str:
        """Text of some lines, or none."""
        found = self._text(field).strip().replace("\r\n", "\n").replace("\r", "\n")
        if len(found) > most:
            return self._refuse(field, f"At most {most:,} characters; this has {len(found):,}.")
        if any(unicodedata.category(c) == "Cc" and c not in "\n\t" for c in found):
            return self._refuse(field, "Write this without control characters.")
        return found

    def https_url(self, field: str) -> str:
        """An address that visitors' browsers load, or nothing."""
        url = self._text(field).strip()
        if not url:
            return ""
        if len(url) > URL_CHARACTERS:
            return self._refuse(field, f"At most {URL_CHARACTERS} characters; this has {len(url):,}.")
        if not _is_https(url):
            return self._refuse(
                field, "Write an address that begins with https://, such as https://shop.example/nora.png."
            )
        return url

    def agent(self) -> Agent:
        """How the agent presents itself."""
        return Agent(
            self.line("name", "a name"),
            self.text("greeting", GREETING_CHARACTERS),
            self.https_url("avatar_url"),
        )

    def origins(self, field: str = "allowed_origins") -> tuple[str, ...]:
        """The sites of a widget: scheme, host and port each, or `*`."""
        listed = self.listed(field)
        if len(listed) > MOST_ORIGINS:
            self._refuse(field, f"At most {MOST_ORIGINS} sites; these are {len(listed)}.")
            return ()
        found: dict[str, None] = {}
        for each in listed:
            site = origin_of(each) if isinstance(each, str) else None
            if site is None:
                shown = f"{each}"[:PATTERN_CHARACTERS]
                self._refuse(
                    field, f"{shown} is no site. Write it such as https://shop.example, without a path."
                )
                return ()
            found[site] = None
        return tuple(found)

    def lead_form(self, field: str = "lead_form") -> LeadForm:
        """What visitors are asked for."""
        inner = SettingsFields(self.mapping(field))
        asked = tuple(name for name in LEAD_FIELDS if name in inner.listed("asked"))
        required = frozenset(name for name in asked if name in inner.listed("required"))
        if not {"email", "phone"} & set(asked):
            self._refuse(
                f"{field}.asked", "Ask for an e-mail address or a phone number: nobody could answer else."
            )
        consent = inner.text("consent", CONSENT_CHARACTERS)
        region = inner.text("region", 2).upper()
        if region and region not in phonenumbers.SUPPORTED_REGIONS:
            inner.refuse("region", "Write the two letters of a country, such as DE, or nothing.")
        self._adopt(inner, field)
        return LeadForm(asked, required, consent, region)

    def appearance(self, field: str = "appearance") -> Appearance:
        """How the widget looks."""
        inner = SettingsFields(self.mapping(field))
        appearance = Appearance(
            inner.colour("accent"),
            inner.choice("theme", THEMES),
            inner.choice("position", POSITIONS),
            inner.choice("face", FACES),
            inner.questions("questions"),
        )
        self._adopt(inner, field)
        return appearance

    def colour(self, field: str) -> str:
        """A colour as CSS writes it, or nothing."""
        text = self.text(field, COLOUR_CHARACTERS)
        try:
            return str(parse_colour(text)) if text else ""
        except ValueError:
            return self._refuse(
                field, "Write a colour such as #0a7d5c, rgb(10 125 92) or oklch(0.53 0.11 165)."
            )

    def choice(self, field: str, choices: tuple[str, ...]) -> str:
        """One of these; the first when nothing is chosen."""
        value = self._values.get(field, choices[0])
        if value not in choices:
            self._refuse(field, f"Choose one of {', '.join(choices)}.")
        return str(value)

    def questions(self, field: str) -> tuple[str, ...]:
        """What a visitor may ask with one press."""
        found = tuple(dict.fromkeys(str(each).strip() for each in self.listed(field) if str(each).strip()))
        if len(found) > MOST_QUESTIONS:
            self._refuse(field, f"At most {MOST_QUESTIONS} questions; these are {len(found)}.")
        elif (longest := max(map(len, found), default=0)) > QUESTION_CHARACTERS:
            self._refuse(field, f"At most {QUESTION_CHARACTERS} characters each; one has {longest}.")
        return found

    def language(self, field: str = "language") -> str:
        """One that is shipped."""
        return self.choice(field, tuple(LANGUAGES))

    def rules(self, field: str = "rules") -> tuple[BehaviourRule, ...]:
        """When the form is offered."""
        listed = self.listed(field)
        if len(listed) > MOST_RULES:
            self._refuse(field, f"At most {MOST_RULES} rules; these are {len(listed)}.")
            return ()
        return tuple(self._rule(each, f"{field}.{number}") for number, each in enumerate(listed))

    def _rule(self, given: object, field: str) -> BehaviourRule:
        values: Mapping[str, object] = cast("dict[str, object]", given) if isinstance(given, dict) else {}
        inner = SettingsFields(values)
        rule = BehaviourRule(
            name=inner.line("name", "what you call this rule"),
            url=inner.pattern("url"),
            seconds=inner.number("seconds"),
            scroll=inner.number("scroll"),
            messages=inner.number("messages"),
            unknown=inner.number("unknown"),
            exit_intent=values.get("exit_intent") is True,
        )
        if not rule.asks and not inner.wrong:
            inner.refuse("when", "Choose at least one thing to wait for: this rule would never fire.")
        self._adopt(inner, field)
        return rule

    def pattern(self, field: str) -> str:
        """An address with `*` in it."""
        text = self.text(field, PATTERN_CHARACTERS)
        return (
            self._refuse(field, "Write an address without spaces.") if " " in text or "\n" in text else text
        )

    def number(self, field: str) -> int:
        """How many, how long or how far; 0 when it does not matter."""
        value = self._values.get(field, 0)
        if value is None or value == "":
            return 0
        if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= _MOST[field]:
            self._refuse(field, f"Write {_NUMBERS[field]} from 0 to {_MOST[field]:,}.")
            return 0
        return value

    def refuse(self, field: str, why: str) -> None:
        """Note what is wrong with a field."""
        self._refuse(field, why)

    @property
    def wrong(self) -> Mapping[str, str]:
        """What was wrong up to now, by field."""
        return self._wrong

    def _adopt(self, inner: SettingsFields, field: str) -> None:
        self._wrong.update({f"{field}.{name}": why for name, why in inner.wrong.items()})

    def listed(self, field: str) -> list[object]:
        """A list, empty when there is none."""
        value = self._values.get(field)
        return cast("list[object]", value) if isinstance(value, list) else []

    def mapping(self, field: str) -> Mapping[str, object]:
        """Fields of their own, none when there are none."""
        value = self._values.get(field)
        return cast("dict[str, object]", value) if isinstance(value, dict) else {}


def origin_of(text: str) -> str | None:
    """A site as browsers name it, or `*`; None when it is something else."""
    text = text.strip()
    if text == ANY:
        return ANY
    try:
        parts = urlsplit(text.removesuffix("/"))
        host, port = parts.hostname, parts.port
        host = host.encode("idna").decode() if host and not host.startswith("[") and ":" not in host else host
    except (ValueError, UnicodeError):
        return None
    more = parts.path or parts.query or parts.fragment or "@" in parts.netloc or text.endswith(("?", "#"))
    if not host or more or parts.scheme not in _DEFAULT_PORTS or not _is_host(host):
        return None
    shown = f"[{host}]" if ":" in host else host
    return f"{parts.scheme}://{shown}" + (f":{port}" if port and port != _DEFAULT_PORTS[parts.scheme] else "")


def _is_host(host: str) -> bool:
    return all(c.isascii() and (c.isalnum() or c in ".-:_") for c in host) and ".." not in host


def _is_https(url: str) -> bool:
    try:
        parts = urlsplit(url)
        plain = parts.scheme == "https" and bool(parts.hostname) and "@" not in parts.netloc
        _ = parts.port
    except ValueError:
        return False
    return plain and not any(c.isspace() or unicodedata.category(c) in {"Cc", "Cf"} for c in url)
