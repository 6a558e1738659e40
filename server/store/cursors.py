"""Opaque cursors of keyset paging: the place of the last row seen."""

from __future__ import annotations

import base64
import binascii
import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, cast

from actors.errors import BatonError

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MOST_CHARACTERS = 400
_MOST_MS = 250_000_000_000_000  # the year 9892; datetime ends soon after


class CursorError(BatonError):
    """A cursor that we never gave out."""


@dataclass(frozen=True, slots=True)
class Place:
    """A row's place: what rows are sorted by, in ms since 1970 or as a count, then its id."""

    value: int
    id: str


def milliseconds(at: datetime) -> int:
    """An instant as ms since 1970."""
    return (at - _EPOCH) // timedelta(milliseconds=1)


def instant(at_ms: int) -> datetime:
    """The instant of so many ms since 1970."""
    return _EPOCH + timedelta(milliseconds=at_ms)


def encode(place: Place) -> str:
    """The cursor of a place, fit for an address."""
    return base64.urlsafe_b64encode(json.dumps([place.value, place.id]).encode()).decode().rstrip("=")


def decode(cursor: str) -> Place:
    """The place that a cursor stands for.

    Raises:
        CursorError: it is not one of ours.
    """
    place = _decode(cursor)
    if place is None:
        raise CursorError("That page does not exist. Start again from the first one.")
    return place


def _decode(cursor: str) -> Place | None:
    if len(cursor) > _MOST_CHARACTERS:
        return None
    try:
        decoded: Any = json.loads(base64.b64decode(cursor + "=" * (-len(cursor) % 4), b"-_", validate=True))
    except (binascii.Error, ValueError, RecursionError):
        return None
    pair = cast("list[Any]", decoded) if isinstance(decoded, list) else []
    match pair:
        case [int() as value, str() as identity] if not isinstance(value, bool) and 0 <= value <= _MOST_MS:
            return Place(value, identity)
        case _:
            return None
