"""The first run: from no user at all to an owner, once."""

from __future__ import annotations

import asyncio

import pytest

from tests.support.browser_session import BrowserSession
from tests.support.desk import Desk, running_beside, running_desk, said
from tests.support.wire_clients import OperatorClient

FOUNDER = {
    "name": "Ana Lind",
    "email": "ana@shop.example",
    "password": "a long password",
    "site_title": "The shop",
}
PAGES = ["/", "/app", "/login", "/app/conversations", "/app/inbox", "/app/settings/team", "/forgot"]


@pytest.fixture
async def desk(mongo_uri, tmp_path):
    async with running_desk(mongo_uri, tmp_path, empty=True) as desk:
        yield desk


def founder(**changed: str) -> dict[str, str]:
    return FOUNDER | changed


async def counts(desk: Desk) -> list[int]:
    names = ("users", "workspaces", "workspace_users", "sessions")
    return [await desk.database[name].count_documents({}) for name in names]


async def form_token(browser: BrowserSession, path: str) -> str:
    page = await browser.get(path)
    assert page.code == 200
    return page.body.decode().split('name="_xsrf" value="')[1].split('"')[0]


async def test_every_page_leads_to_the_one_that_makes_the_first_owner(desk: Desk):
    browser = BrowserSession(desk.url)
    for path in PAGES:
        answer = await browser.get(path)
        assert (answer.code, answer.headers.get("Location")) == (302, "/setup"), path
    assert (await desk.stranger().http("GET", "/app/me")).code == 401
    token = await form_token(browser, "/setup")
    answer = await browser.submit("/setup", {"_xsrf": token, **FOUNDER})
    assert (answer.code, answer.headers["Location"]) == (303, "/app")
    cookie = next(each for each in browser.set_cookies if each.startswith("baton_session="))
    assert "HttpOnly" in cookie
    me = said((await browser.get("/app/me", Accept="application/json")).body)
    assert (me["role"], me["workspace"]["name"], me["user"]["name"]) == ("owner", "The shop", "Ana Lind")
    assert (await browser.get("/app/settings/team")).code == 200


async def test_afterwards_it_is_gone(desk: Desk):
    stranger = desk.stranger()
    assert (await stranger.http("POST", "/setup", FOUNDER)).code == 200
    before = await counts(desk)
    for client in (stranger, desk.stranger()):
        assert (await client.http("GET", "/setup")).code == 404
        assert (await client.http("POST", "/setup", founder(email="eve@shop.example"))).code == 404
    browser = BrowserSession(desk.url)
    assert (await browser.get("/setup")).code == 404
    assert (await browser.get("/login")).code == 200
    assert await counts(desk) == before
    (entry,) = await desk.audit()
    assert (entry["action"], entry["details"]) == ("member.joined", {"role": "owner"})
    assert "ana" not in str(entry).lower()


async def test_of_many_who_try_at_once_one_becomes_the_owner(desk: Desk):
    tries = [founder(email=f"u{n}@shop.example", site_title=f"Shop {n}", name=f"User {n}") for n in range(12)]
    answers = await asyncio.gather(*(desk.stranger().http("POST", "/setup", body) for body in tries))
    assert sorted(answer.code for answer in answers) == [200, *[404] * 11]
    assert await counts(desk) == [1, 1, 1, 1]
    number = next(n for n, answer in enumerate(answers) if answer.code == 200)
    signed_in = said(answers[number].body)
    assert signed_in["workspaces"][0]["role"] == "owner"
    winner = OperatorClient(desk.url, f"u{number}@shop.example", FOUNDER["password"])
    await winner.sign_in()
    assert said((await winner.http("GET", "/app/me")).body)["workspace"]["name"] == f"Shop {number}"
    assert len(await desk.audit("member.joined")) == 1


async def test_a_crash_halfway_leaves_nobody_locked_out(desk: Desk, tmp_path):
    # All but the user had been written.
    await desk.stranger().http("POST", "/setup", FOUNDER)
    await desk.database["users"].delete_many({})
    await desk.database["sessions"].delete_many({})
    # Another process: this one knows that there was a user.
    async with running_beside(desk, tmp_path) as second:
        answer = await second.stranger().http("POST", "/setup", founder(site_title="The shop, again"))
        assert (answer.code, said(answer.body)["workspaces"][0]["name"]) == (200, "The shop, again")
    assert await counts(desk) == [1, 1, 1, 1]


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"name": " "}, "name"),
        ({"name": "x" * 81}, "name"),
        ({"name": "Ana\r\nBcc: x"}, "name"),
        ({"name": "Ana\u202enil"}, "name"),
        ({"email": "nobody"}, "email"),
        ({"password": "short"}, "password"),
        ({"password": "aaaaaaaaaaaaaa"}, "password"),
        ({"password": "ANA@shop.example"}, "password"),
        ({"password": "x" * 1025}, "password"),
        ({"site_title": ""}, "site_title"),
    ],
)
async def test_what_is_wrong_is_said_beside_its_field(desk: Desk, changed, field):
    answer = await desk.stranger().http("POST", "/setup", founder(**changed))
    assert (answer.code, list(said(answer.body)["error"]["fields"])) == (422, [field])
    browser = BrowserSession(desk.url)
    token = await form_token(browser, "/setup")
    page = await browser.submit("/setup", {"_xsrf": token, **founder(**changed)})
    assert page.code == 422
    assert f'id="{field}-wrong" role="alert"'.encode() in page.body
    assert FOUNDER["password"].encode() not in page.body
    assert await counts(desk) == [0, 0, 0, 0]


async def test_a_form_of_another_site_founds_nothing(desk: Desk):
    browser = BrowserSession(desk.url)
    page = await browser.submit("/setup", FOUNDER)
    assert (page.code, b"open for too long" in page.body) == (403, True)
    assert await counts(desk) == [0, 0, 0, 0]
