"""Which language a visitor is spoken to in. Pure."""

from __future__ import annotations

from contextlib import suppress

from actors.speech import ENGLISH, LANGUAGES

MOST_TAGS = 20


def negotiated(wanted: str, accepted: str, default: str) -> str:
    """The first of these that is shipped.

    Args:
        wanted: the tag that the page chose, such as "de-AT", or nothing.
        accepted: the browser's `Accept-Language`.
        default: the workspace's, for everybody else.
    """
    for tag in (wanted, *_by_preference(accepted), default):
        language = tag.strip().lower().replace("_", "-").partition("-")[0]
        if language in LANGUAGES:
            return language
    return ENGLISH


def _by_preference(accepted: str) -> list[str]:
    """The tags of an `Accept-Language`, best first: RFC 9110, 12.5.4."""
    weighted: list[tuple[float, str]] = []
    for each in accepted.split(",")[:MOST_TAGS]:
        tag, _, parameter = each.partition(";")
        quality = 1.0
        if parameter.strip():
            quality = 0.0
            with suppress(ValueError):
                quality = float(parameter.strip().removeprefix("q="))
        if 0 < quality <= 1:
            weighted.append((-quality, tag))
    return [tag for _, tag in sorted(weighted, key=lambda one: one[0])]
