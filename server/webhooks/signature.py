"""Standard Webhooks: the headers by which a receiver knows that a delivery is ours."""

from __future__ import annotations

import base64
import secrets
from collections.abc import Iterable
from datetime import UTC, datetime

from standardwebhooks import Webhook

_SECRET_BYTES = 32


def new_secret() -> str:
    """A secret as receivers' libraries take it: `whsec_` and base64."""
    return "whsec_" + base64.b64encode(secrets.token_bytes(_SECRET_BYTES)).decode()


def signed_headers(webhook_id: str, secret_keys: Iterable[str], body: bytes, now: datetime) -> dict[str, str]:
    """The headers of one try, signed with every secret that holds now."""
    at = now.astimezone(UTC).replace(microsecond=0)
    signatures = [Webhook(secret).sign(webhook_id, at, body.decode()) for secret in secret_keys]
    return {
        "webhook-id": webhook_id,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": " ".join(signatures),
    }
