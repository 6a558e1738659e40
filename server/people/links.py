"""Links in mails: tokens that only we can make, of which the database has no more than a hash.

A token is an HMAC over what the database stores (an id and a nonce) under the secret key, which is not in the
database. So the job that sends a mail carries ids alone and makes the token again, and who reads the database
can use none.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from dataclasses import dataclass

_NONCE_BYTES = 16


@dataclass(frozen=True, slots=True)
class Link:
    """What is stored of a link."""

    nonce: str
    token_hash: str


class Links:
    """Makes tokens of one purpose.

    Args:
        secret_key: ours; with another one, links in mails that were sent stop working.
        purpose: so that a token of one kind is never one of another.
    """

    def __init__(self, secret_key: str, purpose: str) -> None:
        self._key = hmac.digest(secret_key.encode(), b"link:" + purpose.encode(), "sha256")

    def make(self, subject: str) -> Link:
        """A new link for this subject, unlike every earlier one."""
        nonce = secrets.token_hex(_NONCE_BYTES)
        return Link(nonce, token_hash(self.token(subject, nonce)))

    def token(self, subject: str, nonce: str) -> str:
        """The token of a link that was made: 43 characters, fit for an address."""
        digest = hmac.digest(self._key, f"{nonce}:{subject}".encode(), "sha256")
        return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def token_hash(token: str) -> str:
    """What the database knows a token by."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()
