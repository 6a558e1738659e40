"""Real mail servers for tests: aiosmtpd on the loop, and one that takes connections and says nothing."""

from __future__ import annotations

import asyncio
import ssl
import warnings
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any, cast

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

CERTIFICATE = Path(__file__).parent / "tls" / "localhost.pem"
_KEY = CERTIFICATE.with_suffix(".key")


def tls_context() -> ssl.SSLContext:
    """TLS for a server on this machine."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(CERTIFICATE, _KEY)
    return context


@dataclass
class Received:
    """A mail as it arrived."""

    sender: str
    recipients: list[str]
    message: EmailMessage
    encrypted: bool
    user: str | None


@dataclass
class SmtpPeer:
    """What a mail server got, and what it is to answer."""

    port: int = 0
    mails: list[Received] = field(default_factory=list)
    rcpt_answer: Callable[[str], str] = lambda _: "250 OK"
    data_answer: Callable[[int], str] = lambda n: f"250 Queued as {n}"
    drop_after_data: int = 0
    """How many mails to take without telling so."""

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's names
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: Any
    ) -> str:
        answer = self.rcpt_answer(address)
        if answer.startswith("2"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        content = envelope.content
        assert isinstance(content, bytes)
        message = cast("EmailMessage", message_from_bytes(content, policy=default))
        user = session.auth_data.login.decode() if isinstance(session.auth_data, LoginPassword) else None
        answer = self.data_answer(len(self.mails) + 1)
        if answer.startswith("2"):
            self.mails.append(
                Received(envelope.mail_from or "", list(envelope.rcpt_tos), message, _encrypted(server), user)
            )
        if self.drop_after_data:
            self.drop_after_data -= 1
            assert server.transport is not None
            cast("asyncio.Transport", server.transport).abort()
        return answer

    def to(self, address: str) -> list[Received]:
        """The mails for one address."""
        return [mail for mail in self.mails if address in mail.recipients]


def _encrypted(server: SMTP) -> bool:
    assert server.transport is not None
    return server.transport.get_extra_info("ssl_object") is not None


@asynccontextmanager
async def smtp_peer(
    *, starttls: bool = False, tls: bool = False, password: str | None = None
) -> AsyncGenerator[SmtpPeer, None]:
    """A mail server on a free port; with a password it takes mail of `mailer` alone."""
    peer = SmtpPeer()

    def check(server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: Any) -> AuthResult:
        right = isinstance(data, LoginPassword) and data.password.decode() == password
        return AuthResult(success=right, handled=False, auth_data=data)

    def make() -> SMTP:
        options: dict[str, Any] = {"tls_context": tls_context()} if starttls else {}
        if password is not None:
            options.update(authenticator=check, auth_required=True, auth_require_tls=starttls)
        options.update(hostname="peer.test", loop=asyncio.get_running_loop(), enable_SMTPUTF8=True)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # it warns of passwords without TLS, which is what we try
            return SMTP(peer, **options)

    async with listening(make, tls_context() if tls else None) as port:
        peer.port = port
        yield peer


class _Silent(asyncio.Protocol):
    def __init__(self) -> None:
        self.connections = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.connections += 1


@asynccontextmanager
async def black_hole() -> AsyncGenerator[int, None]:
    """A port that takes connections and says nothing; gives its number."""
    async with listening(_Silent, None) as port:
        yield port


@asynccontextmanager
async def listening(
    make: Callable[[], asyncio.BaseProtocol], context: ssl.SSLContext | None
) -> AsyncGenerator[int, None]:
    """A server of any protocol on a free port of this machine; its connections end with it."""
    transports: list[asyncio.BaseTransport] = []

    def keep() -> asyncio.BaseProtocol:
        protocol = make()
        made = protocol.connection_made

        def connection_made(transport: asyncio.BaseTransport) -> None:
            transports.append(transport)
            made(transport)

        protocol.connection_made = connection_made
        return protocol

    server = await asyncio.get_running_loop().create_server(keep, "127.0.0.1", 0, ssl=context)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        for transport in transports:
            cast("asyncio.Transport", transport).abort()
        await asyncio.sleep(0.02)  # the protocols hear of it
