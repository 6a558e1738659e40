"""Who a site says its visitor is: proved by a hash, claimed without one, or refused."""

from __future__ import annotations

import base64
import binascii
import hmac
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

import msgspec
from msgspec import Meta

from actors.log import Person
from handlers.sockets.frames_in import clean

MOST_CHARACTERS = 200
_PERSON_TOKEN = "u1."  # noqa: S105 - a prefix; no other token has a dot

NO_ID = "identify() was given a hash without the id that it is made of."
NO_SECRET = "This workspace has no identity secret: make one in its settings."  # noqa: S105
WRONG = "The hash is not HMAC-SHA256 of the id under the identity secret. The chat goes on, anonymous."
MISSING = (
    "This workspace believes no id without a hash. Make it on your server. The chat goes on without a name."
)


@dataclass(frozen=True, slots=True)
class Identity:
    """How it is checked. `previous` holds too until `previous_until`; `required` refuses what has no hash."""

    secret: str = ""
    previous: str = ""
    previous_until: datetime | None = None
    required: bool = False

    def proves(self, user_id: str, digest: str, now: datetime) -> bool:
        """Whether the hash was made with a secret that holds now. Takes as long for any hash."""
        old = self.previous if self.previous_until and now < self.previous_until else ""
        given = digest.lower().encode("utf-8", "replace")
        right = [
            hmac.compare_digest(
                hmac.digest(secret.encode(), user_id.encode("utf-8", "replace"), "sha256").hex().encode(),
                given,
            )
            for secret in (self.secret, old)
            if secret
        ]
        return any(right)


class UserFrame(msgspec.Struct, frozen=True):
    """What the page told `identify()`."""

    id: Annotated[str, Meta(max_length=MOST_CHARACTERS)] | None = None
    name: Annotated[str, Meta(max_length=MOST_CHARACTERS)] | None = None
    email: Annotated[str, Meta(max_length=MOST_CHARACTERS)] | None = None
    hash: Annotated[str, Meta(max_length=MOST_CHARACTERS)] | None = None


def judged(user: UserFrame | None, identity: Identity, now: datetime) -> Person | str | None:
    """Who it is; a sentence for the site's developers when that is refused; None when nothing was said."""
    if user is None or not (user.id or user.name or user.email or user.hash):
        return None
    user_id = user.id or ""
    if user.hash:
        if not user_id:
            return NO_ID
        if not identity.secret:
            return NO_SECRET
        if not identity.proves(user_id, user.hash, now):
            return WRONG
    elif identity.required:
        return MISSING
    return Person(user_id, clean(user.name or ""), clean(user.email or ""), verified=bool(user.hash))


def person_token(user_id: str, digest: str) -> str:
    """What brings a verified person back on a socket: the proof that the page gave, judged anew each time."""
    return f"{_PERSON_TOKEN}{base64.urlsafe_b64encode(user_id.encode('utf-8', 'replace')).decode()}.{digest}"


def is_person_token(token: str | None) -> bool:
    """Whether it stands for a person that a site named, not for a browser."""
    return bool(token) and str(token).startswith(_PERSON_TOKEN)


def person_of(token: str, identity: Identity, now: datetime) -> str | None:
    """The id of the person whose token this is; None when its proof does not hold, or not any more."""
    encoded, _, digest = token.removeprefix(_PERSON_TOKEN).partition(".")
    try:
        user_id = base64.urlsafe_b64decode(encoded).decode()
    except (binascii.Error, ValueError):
        return None
    return user_id if identity.proves(user_id, digest, now) else None
