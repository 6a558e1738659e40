from __future__ import annotations

import hashlib
import hmac
from datetime import UTC, datetime, timedelta

import pytest

from actors.log import Person
from handlers.widget.identity import (
    MISSING,
    NO_ID,
    NO_SECRET,
    WRONG,
    Identity,
    UserFrame,
    is_person_token,
    judged,
    person_of,
    person_token,
)

NOW = datetime(2026, 11, 26, tzinfo=UTC)
OURS = Identity("new", "old", NOW + timedelta(hours=1))


def digest(user_id: str, secret: str = "new") -> str:
    return hmac.new(secret.encode(), user_id.encode(), hashlib.sha256).hexdigest()


@pytest.mark.parametrize("secret", ["new", "old"])
def test_a_right_hash_is_believed(secret: str) -> None:
    user = UserFrame("u 1", "Zoë", "z@a.test", digest("u 1", secret).upper())
    assert judged(user, OURS, NOW) == Person("u 1", "Zoë", "z@a.test", verified=True)


@pytest.mark.parametrize(
    ("user", "identity", "why"),
    [
        (UserFrame("u1", hash=digest("u2")), OURS, WRONG),
        (UserFrame("u1", hash="é"), OURS, WRONG),
        (UserFrame("u1", hash=digest("u1", "")), Identity(), NO_SECRET),
        (UserFrame(name="Zoë", hash=digest("")), OURS, NO_ID),
        (UserFrame("u1"), Identity("new", required=True), MISSING),
        (UserFrame("u1", hash=digest("u1", "old")), Identity("new", "old", NOW), WRONG),
    ],
)
def test_whatever_does_not_prove_it_is_refused(user: UserFrame, identity: Identity, why: str) -> None:
    assert judged(user, identity, NOW) == why


def test_without_a_hash_it_is_a_claim_and_nothing_is_nobody() -> None:
    assert judged(UserFrame(name="Zoë\x00"), OURS, NOW) == Person(name="Zoë")
    assert judged(None, OURS, NOW) is None
    assert judged(UserFrame(), Identity("new", required=True), NOW) is None


def test_a_persons_token_holds_as_long_as_its_proof() -> None:
    token = person_token("ü/1", digest("ü/1", "old"))
    assert is_person_token(token)
    assert person_of(token, OURS, NOW) == "ü/1"
    assert person_of(token, OURS, NOW + timedelta(hours=2)) is None
    assert person_of(token, Identity("another"), NOW) is None
    for broken in ("u1.", "u1.%%%.x", "u1.w.x", "u1." + token):
        assert person_of(broken, OURS, NOW) is None
