from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from typing import Any

import pytest
from tornado.web import RequestHandler

from server.config import Config
from server.jobs.job import JobFailed
from server.mail.letter import message_id
from server.mail.mailer import mailer
from server.mail.trial import send_test_mail
from tests.server.mail.test_smtp import SENDER, letter
from tests.support.http_peer import http_peer
from tests.support.smtp_peer import smtp_peer


def answers(status: int, body: Mapping[str, Any], **headers: str):
    def answer(handler: RequestHandler) -> None:
        handler.set_status(status)
        for name, value in headers.items():
            handler.set_header(name.replace("_", "-"), value)
        handler.write(dict(body))

    return answer


async def test_resend_gets_a_letter_once_for_its_key():
    async with http_peer() as peer:
        peer.answer = answers(200, {"id": "49a3999c"})
        words = await mailer(f"resend://re_KEY?api={peer.url}", SENDER).send(letter())
    assert words == "Resend: 200 accepted"
    (request,) = peer.requests
    assert request.path == "/emails"
    assert request.headers["authorization"] == "Bearer re_KEY"
    assert request.headers["idempotency-key"] == "l1:mail:ada"
    body = json.loads(request.body)
    assert (body["from"], body["to"], body["subject"]) == (SENDER, ["Ada <ada@team.test>"], "New lead: Zoë")
    assert (body["text"], body["html"]) == ("Zoë called.\n", "<p>Zoë called.</p>\n")
    assert body["headers"]["Message-ID"] == message_id("l1:mail:ada", SENDER)
    assert body["headers"]["Auto-Submitted"] == "auto-generated"


async def test_postmark_gets_a_letter_and_keeps_its_message_id():
    async with http_peer() as peer:
        peer.answer = answers(200, {"ErrorCode": 0, "Message": "OK"})
        words = await mailer(f"postmark://TOKEN-x?api={peer.url}", SENDER).send(letter())
    assert words == "Postmark: 200 OK"
    (request,) = peer.requests
    assert request.path == "/email"
    assert request.headers["x-postmark-server-token"] == "TOKEN-x"
    body = json.loads(request.body)
    assert (body["From"], body["To"], body["TextBody"]) == (SENDER, "Ada <ada@team.test>", "Zoë called.\n")
    headers = {header["Name"]: header["Value"] for header in body["Headers"]}
    assert headers["Message-ID"] == message_id("l1:mail:ada", SENDER)
    assert headers["X-PM-KeepID"] == "true"
    assert headers["List-Unsubscribe"].startswith("<https://")


@pytest.mark.parametrize(
    ("status", "body", "permanent", "retry_after_s"),
    [
        (422, {"ErrorCode": 406, "Message": "Inactive recipient"}, True, None),
        (401, {"message": "API key is invalid"}, False, None),
        (429, {"message": "Too many requests"}, False, 7.0),
        (500, {"message": "Oops"}, False, None),
        (302, {}, False, None),
    ],
)
async def test_a_refusal_keeps_the_services_words(
    status: int, body: dict[str, Any], permanent: bool, retry_after_s: float | None
):
    headers = {"Retry_After": "7"} if status == 429 else {"Location": "http://localhost:1/"}
    async with http_peer() as peer:
        peer.answer = answers(status, body, **headers)
        with pytest.raises(JobFailed) as caught:
            await mailer(f"postmark://TOKEN?api={peer.url}", SENDER).send(letter())
    assert str(status) in str(caught.value)
    assert str(body.get("message") or body.get("Message") or "") in str(caught.value)
    assert caught.value.permanent is permanent
    assert caught.value.retry_after_s == retry_after_s


async def test_a_service_that_cannot_be_reached_is_a_failure_for_now():
    async with http_peer() as peer:
        pass
    with pytest.raises(JobFailed, match="Resend cannot be reached") as caught:
        await mailer(f"resend://KEY?api={peer.url}", SENDER).send(letter())
    assert not caught.value.permanent


async def test_log_prints_the_whole_letter_and_sends_nothing(caplog: pytest.LogCaptureFixture):
    with caplog.at_level(logging.INFO):
        words = await mailer("log:", SENDER).send(letter())
    for line in (
        "To: Ada <ada@team.test>",
        "Subject: New lead: Zoë",
        "Zoë called.",
        "<p>Zoë called.</p>",
        "Auto-Submitted: auto-generated",
    ):
        assert line in caplog.messages
    assert "BATON_MAIL_URL" in words


async def test_a_test_mail_says_that_it_arrived_or_why_not():
    async with smtp_peer() as peer:
        config = Config(mail_url=f"smtp://127.0.0.1:{peer.port}", mail_from=SENDER)
        assert await send_test_mail(config, "you@example.com") == "Sent to you@example.com: Queued as 1"
        assert peer.mails[0].message["List-Unsubscribe"] is None
        peer.rcpt_answer = lambda _: "550 5.7.1 Relaying denied"
        with pytest.raises(JobFailed, match="550 5.7.1 Relaying denied"):
            await send_test_mail(config, "you@example.com")
        with pytest.raises(JobFailed, match="not an e-mail address"):
            await send_test_mail(config, "you@example.com\r\nBcc: x@y.test")
