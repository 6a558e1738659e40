from __future__ import annotations

import re

from server.people.links import Links, token_hash

LINKS = Links("a secret key that is long enough", "invitation")


def test_a_token_is_made_again_from_what_is_stored():
    link = LINKS.make("demo:nina")
    token = LINKS.token("demo:nina", link.nonce)
    assert token_hash(token) == link.token_hash
    assert re.fullmatch(r"[A-Za-z0-9_-]{43}", token)


def test_every_link_is_another():
    assert len({LINKS.make("demo:nina").token_hash for _ in range(100)}) == 100


def test_nobody_else_makes_the_same():
    link = LINKS.make("demo:nina")
    token = LINKS.token("demo:nina", link.nonce)
    others = (
        Links("another secret key, long enough", "invitation"),
        Links("a secret key that is long enough", "reset"),
    )
    assert token not in {links.token("demo:nina", link.nonce) for links in others}
    assert token != LINKS.token("demo:nin", f"{link.nonce}a")
