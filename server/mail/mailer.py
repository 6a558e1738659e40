"""Mail: what a letter is, how it may fail, and which transport BATON_MAIL_URL names."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

from server.config import ConfigError
from server.jobs.job import JobFailed
from server.mail.api import postmark, resend
from server.mail.letter import Letter
from server.mail.log import LogMailer
from server.mail.smtp import SmtpMailer, SmtpServer

__all__ = ["JobFailed", "Letter", "Mailer", "mailer"]

_SMTP_PORT, _SUBMISSION_PORT, _SMTPS_PORT = 25, 587, 465


class Mailer(Protocol):
    """Sends letters."""

    async def send(self, letter: Letter) -> str:
        """Hand a letter over, within 30 s; gives the words in which it was accepted.

        Raises:
            JobFailed: it was not, in the server's own words; `permanent` when this letter never will be.
        """
        ...


def mailer(url: str, sender: str) -> Mailer:
    """The transport of a BATON_MAIL_URL; `sender` is BATON_MAIL_FROM.

    - `log:` writes letters to the log and sends nothing.
    - `smtp://user:password@host:port` uses STARTTLS when it is offered, `smtps://…` TLS from the start.
      Options: `?starttls=required|never`, and `?ca=FILE` for a certificate that a CA of one's own has signed.
    - `resend://KEY`, `postmark://TOKEN`. Option: `?api=URL` for another address of their API.

    Raises ConfigError.
    """
    parts = urlsplit(url)
    options = {name: values[-1] for name, values in parse_qs(parts.query).items()}
    match parts.scheme:
        case "log":
            return LogMailer(sender)
        case "smtp" | "smtps":
            return SmtpMailer(_smtp_server(parts, options), sender)
        case "resend":
            return resend(_key(parts), sender, options.get("api"))
        case "postmark":
            return postmark(_key(parts), sender, options.get("api"))
        case _:
            raise ConfigError("BATON_MAIL_URL is of no kind that we know.")


def _smtp_server(parts: SplitResult, options: dict[str, str]) -> SmtpServer:
    tls = parts.scheme == "smtps"
    starttls = options.get("starttls", "offered")
    if starttls not in {"offered", "required", "never"}:
        raise ConfigError("BATON_MAIL_URL has a wrong `starttls`; it must be offered, required or never.")
    ca_file = options.get("ca")
    if ca_file is not None and not Path(ca_file).is_file():
        raise ConfigError(f"BATON_MAIL_URL names {ca_file} as `ca`; it must be a file of certificates.")
    user = unquote(parts.username) if parts.username else None
    usual = _SMTPS_PORT if tls else (_SUBMISSION_PORT if user else _SMTP_PORT)
    return SmtpServer(
        host=parts.hostname or "localhost",
        port=parts.port or usual,
        user=user,
        password=unquote(parts.password) if parts.password else None,
        tls=tls,
        starttls=starttls,
        ca_file=ca_file,
    )


def _key(parts: SplitResult) -> str:
    # Not `hostname`, which is in lower case.
    return unquote(parts.netloc.rpartition("@")[2])
