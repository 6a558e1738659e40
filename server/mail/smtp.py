"""Mail by SMTP: a connection for each letter, no step without a time limit, the server's own words."""

from __future__ import annotations

import asyncio
import logging
import ssl
from dataclasses import dataclass, field
from ipaddress import ip_address

import aiosmtplib

from server.jobs.job import JobFailed
from server.mail.letter import Letter, email_message

_log = logging.getLogger(__name__)

TOTAL_S = 30.0
COMMAND_S = 10.0

_PERMANENT = 500


@dataclass(frozen=True, slots=True)
class SmtpServer:
    """Where letters go. `starttls` is offered, required or never; it has no meaning with `tls`."""

    host: str
    port: int
    user: str | None = None
    password: str | None = field(default=None, repr=False)
    tls: bool = False
    starttls: str = "offered"
    ca_file: str | None = None

    @property
    def address(self) -> str:
        """Host and port as people write them."""
        return f"{self.host}:{self.port}"


class SmtpMailer:
    """Sends by SMTP."""

    def __init__(
        self, server: SmtpServer, sender: str, *, command_s: float = COMMAND_S, total_s: float = TOTAL_S
    ) -> None:
        self._server = server
        self._sender = sender
        self._command_s = command_s
        self._total_s = total_s
        self._warned = False
        # Once: reading the system's certificates takes 20 ms, which the loop would spend for each letter.
        self._tls = ssl.create_default_context(cafile=server.ca_file)

    async def send(self, letter: Letter) -> str:
        """Hand a letter to the server. Raises JobFailed."""
        where = self._server.address
        client = self._client()
        try:
            async with asyncio.timeout(self._total_s):
                return await self._hand_over(client, letter)
        except (aiosmtplib.SMTPTimeoutError, TimeoutError) as error:
            raise JobFailed(f"{where} gave no answer in time.") from error
        except (aiosmtplib.SMTPAuthenticationError, aiosmtplib.SMTPNotSupported) as error:
            # Ours to mend, not the letter's fault: it goes out once the configuration is right.
            raise JobFailed(f"{where} does not let us in: {_words(error)}") from error
        except aiosmtplib.SMTPRecipientsRefused as error:
            raise _refused(where, error.recipients[0]) from error
        except aiosmtplib.SMTPResponseException as error:
            raise _refused(where, error) from error
        except (aiosmtplib.SMTPException, OSError) as error:
            raise JobFailed(f"{where}: {_words(error)}") from error
        except UnicodeError as error:
            raise JobFailed(f"{letter.to} is no address that can be written to.", permanent=True) from error
        finally:
            client.close()

    async def _hand_over(self, client: aiosmtplib.SMTP, letter: Letter) -> str:
        await client.connect()
        if self._server.user is not None:
            self._warn_if_open(client)
            await client.login(self._server.user, self._server.password or "")
        message = email_message(letter, self._sender)
        _, words = await client.send_message(message, recipients=[letter.to])
        # The letter is taken; what the server says to our goodbye changes nothing.
        try:
            await client.quit()
        except (aiosmtplib.SMTPException, OSError) as error:
            _log.debug("no goodbye from %s: %s", self._server.address, error)
        return " ".join(words.split())

    def _client(self) -> aiosmtplib.SMTP:
        server = self._server
        return aiosmtplib.SMTP(
            hostname=server.host,
            port=server.port,
            use_tls=server.tls,
            start_tls=None
            if server.tls
            else {"offered": None, "required": True, "never": False}[server.starttls],
            tls_context=self._tls,
            timeout=self._command_s,
        )

    def _warn_if_open(self, client: aiosmtplib.SMTP) -> None:
        encrypted = client.get_transport_info("sslcontext") is not None
        if not encrypted and not self._warned and not _is_loopback(self._server.host):
            self._warned = True
            _log.warning("%s offers no TLS: the password goes to it readable", self._server.address)


def _refused(where: str, error: aiosmtplib.SMTPResponseException) -> JobFailed:
    words = f"{where}: {error.code} {error.message}"
    return JobFailed(words, permanent=error.code >= _PERMANENT)


def _words(error: Exception) -> str:
    if isinstance(error, aiosmtplib.SMTPResponseException):
        return f"{error.code} {error.message}"
    return str(error) or type(error).__name__


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
