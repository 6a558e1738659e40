"""The transport that sends nothing: letters go to the log."""

from __future__ import annotations

import logging

from server.mail.letter import Letter, extra_headers, message_id

_log = logging.getLogger(__name__)


class LogMailer:
    """Writes every letter to the log, whole and readable, a line of it as a line there."""

    def __init__(self, sender: str) -> None:
        self._sender = sender

    async def send(self, letter: Letter) -> str:
        """Write it down."""
        headers = {
            "From": self._sender,
            "To": f"{letter.to_name} <{letter.to}>" if letter.to_name else letter.to,
            "Subject": letter.subject,
            "Message-ID": message_id(letter.id, self._sender),
            **extra_headers(letter),
        }
        lines = [f"{name}: {value}" for name, value in headers.items()]
        lines += ["", *letter.text.splitlines(), "", "text/html:", *letter.html.splitlines()]
        for line in lines:
            _log.info("%s", line)
        return "written to the log; set BATON_MAIL_URL to send mail"
