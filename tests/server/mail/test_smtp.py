from __future__ import annotations

import asyncio
import time
from email.utils import parsedate_to_datetime

import pytest

from server.config import ConfigError
from server.jobs.job import JobFailed
from server.mail.letter import Letter, message_id
from server.mail.mailer import mailer
from server.mail.smtp import SmtpMailer, SmtpServer
from tests.support.smtp_peer import CERTIFICATE, black_hole, listening, smtp_peer

SENDER = "Baton <baton@desk.example>"
CA = f"?ca={CERTIFICATE}"


def letter(**changes: str) -> Letter:
    given = {
        "id": "l1:mail:ada",
        "to": "ada@team.test",
        "to_name": "Ada",
        "subject": "New lead: Zoë",
        "text": "Zoë called.\n",
        "html": "<p>Zoë called.</p>\n",
        "unsubscribe_url": "https://desk.example/app/settings/notifications",
    }
    return Letter(**(given | changes))


async def test_a_letter_arrives_with_its_headers_and_both_texts():
    async with smtp_peer() as peer:
        words = await mailer(f"smtp://127.0.0.1:{peer.port}", SENDER).send(letter())
    assert words == "Queued as 1"
    (mail,) = peer.mails
    assert (mail.sender, mail.recipients) == ("baton@desk.example", ["ada@team.test"])
    message = mail.message
    assert message["From"] == SENDER
    assert message["To"] == "Ada <ada@team.test>"
    assert message["Subject"] == "New lead: Zoë"
    assert message["Message-ID"] == message_id("l1:mail:ada", SENDER)
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["List-Unsubscribe"] == "<https://desk.example/app/settings/notifications>"
    assert abs(parsedate_to_datetime(message["Date"]).timestamp() - time.time()) < 60
    text, html = (message.get_body((kind,)) for kind in ("plain", "html"))
    assert text
    assert html
    assert text.get_content() == "Zoë called.\r\n"
    assert html.get_content() == "<p>Zoë called.</p>\r\n"


@pytest.mark.parametrize("scheme", ["smtp", "smtps"])
async def test_it_signs_in_over_tls(scheme: str):
    async with smtp_peer(starttls=scheme == "smtp", tls=scheme == "smtps", password="p@ss:w/rd") as peer:
        url = f"{scheme}://mailer:p%40ss%3Aw%2Frd@localhost:{peer.port}{CA}"
        await mailer(url, SENDER).send(letter())
    (mail,) = peer.mails
    assert (mail.user, mail.encrypted) == ("mailer", True)


async def test_it_signs_in_without_tls_where_none_is_offered():
    async with smtp_peer(password="secret") as peer:
        await mailer(f"smtp://mailer:secret@127.0.0.1:{peer.port}", SENDER).send(letter())
    assert [(mail.user, mail.encrypted) for mail in peer.mails] == [("mailer", False)]


async def test_a_server_that_must_offer_tls_and_does_not_gets_nothing():
    async with smtp_peer(password="secret") as peer:
        url = f"smtp://mailer:secret@127.0.0.1:{peer.port}?starttls=required"
        with pytest.raises(JobFailed, match="STARTTLS") as caught:
            await mailer(url, SENDER).send(letter())
    assert not caught.value.permanent
    assert not peer.mails


@pytest.mark.parametrize("scheme", ["smtp", "smtps"])
async def test_a_certificate_that_nobody_vouches_for_is_refused(scheme: str):
    async with smtp_peer(starttls=scheme == "smtp", tls=scheme == "smtps") as peer:
        with pytest.raises(JobFailed, match="certificate") as caught:
            await mailer(f"{scheme}://localhost:{peer.port}", SENDER).send(letter())
    assert not caught.value.permanent
    assert not peer.mails


async def test_a_wrong_password_is_told_in_the_servers_words_and_tried_again_later():
    async with smtp_peer(password="secret") as peer:
        with pytest.raises(JobFailed, match="535") as caught:
            await mailer(f"smtp://mailer:wrong@127.0.0.1:{peer.port}", SENDER).send(letter())
    assert not caught.value.permanent


@pytest.mark.parametrize(
    ("answer", "permanent"),
    [
        ("550 5.1.1 No such user here", True),
        ("552 5.2.2 Mailbox full", True),
        ("451 4.7.1 Greylisted, come back", False),
        ("421 4.3.2 Shutting down", False),
    ],
)
@pytest.mark.parametrize("step", ["rcpt", "data"])
async def test_a_refusal_keeps_the_servers_words(answer: str, permanent: bool, step: str):
    async with smtp_peer() as peer:
        if step == "rcpt":
            peer.rcpt_answer = lambda _: answer
        else:
            peer.data_answer = lambda _: answer
        with pytest.raises(JobFailed) as caught:
            await mailer(f"smtp://127.0.0.1:{peer.port}", SENDER).send(letter())
    assert answer in str(caught.value)
    assert caught.value.permanent is permanent


async def test_a_black_hole_is_given_up_in_time():
    async with black_hole() as port:
        began = time.monotonic()
        with pytest.raises(JobFailed, match="no answer in time") as caught:
            await SmtpMailer(SmtpServer("127.0.0.1", port), SENDER, command_s=0.3).send(letter())
    assert time.monotonic() - began < 3
    assert not caught.value.permanent


class Drip(asyncio.Protocol):
    """A server that says one more character of its greeting whenever the client nearly gave up."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.drip(transport)

    def drip(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        if not transport.is_closing():
            transport.write(b"2")
            asyncio.get_running_loop().call_later(0.05, self.drip, transport)


async def test_a_server_that_drips_is_given_up_in_time():
    async with listening(Drip, None) as port:
        began = time.monotonic()
        slow = SmtpMailer(SmtpServer("127.0.0.1", port), SENDER, command_s=30, total_s=0.5)
        with pytest.raises(JobFailed, match="no answer in time"):
            await slow.send(letter())
    assert time.monotonic() - began < 3


async def test_nobody_there_is_a_failure_for_now():
    async with black_hole() as port:
        pass
    with pytest.raises(JobFailed, match=f"127.0.0.1:{port}") as caught:
        await mailer(f"smtp://127.0.0.1:{port}", SENDER).send(letter())
    assert not caught.value.permanent


async def test_the_same_letter_again_has_the_same_message_id():
    async with smtp_peer() as peer:
        peer.drop_after_data = 1
        post = mailer(f"smtp://127.0.0.1:{peer.port}", SENDER)
        with pytest.raises(JobFailed) as caught:
            await post.send(letter())
        assert not caught.value.permanent
        await post.send(letter())
        await post.send(letter(id="l2:mail:ada"))
    ids = [mail.message["Message-ID"] for mail in peer.mails]
    assert ids[0] == ids[1] != ids[2]


@pytest.mark.parametrize(
    "evil", ["x\r\nBcc: all@team.test", "x\nX-Evil: 1", "x\u2028Bcc: y", "x\0y", "\r\n\r\nbody"]
)
async def test_nothing_typed_becomes_a_header(evil: str):
    async with smtp_peer() as peer:
        await mailer(f"smtp://127.0.0.1:{peer.port}", SENDER).send(letter(subject=evil, to_name=evil))
    (mail,) = peer.mails
    assert mail.recipients == ["ada@team.test"]
    assert mail.message["Bcc"] is None
    assert mail.message["X-Evil"] is None
    assert len(mail.message.get_all("Subject", [])) == 1


async def test_names_of_any_length_and_script_arrive():
    async with smtp_peer() as peer:
        await mailer(f"smtp://127.0.0.1:{peer.port}", SENDER).send(
            letter(to_name='Zoë "Z" <z>, Martin', subject="é" * 3000)
        )
    (mail,) = peer.mails
    assert mail.message["To"].addresses[0].addr_spec == "ada@team.test"
    assert len(mail.message["Subject"]) == 200


@pytest.mark.parametrize("url", ["smtp://h?starttls=maybe", "pigeon://h"])
def test_what_is_no_transport_is_said(url: str):
    with pytest.raises(ConfigError, match="BATON_MAIL_URL"):
        mailer(url, SENDER)
