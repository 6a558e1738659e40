"""The one error tree, and the refusals that actors answer with instead of raising."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from actors.log import Holder


class BatonError(Exception):
    """Base of every error that Baton raises on purpose. Its text is one line, fit to be shown."""


class Code(StrEnum):
    """Error codes of the wire and of HTTP, one meaning each."""

    ALREADY_CLAIMED = "already_claimed"
    NOT_CLAIMED = "not_claimed"
    NOT_HOLDER = "not_holder"
    FORBIDDEN = "forbidden"
    NOT_FOUND = "not_found"
    INVALID = "invalid"
    UNAVAILABLE = "unavailable"
    TOO_MANY = "too_many"


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a command changed nothing. `holder` is set with `already_claimed` and `not_holder`."""

    code: Code
    message: str
    holder: Holder | None = None
