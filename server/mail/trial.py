"""What `baton mail test ADDRESS` does."""

from __future__ import annotations

import secrets

from email_validator import EmailNotValidError, validate_email

from server.config import Config
from server.jobs.job import JobFailed
from server.mail.letter import Letter
from server.mail.mailer import mailer

_TEXT = "This is a test of Baton's mail settings. It arrived, so they work.\n"


async def send_test_mail(config: Config, address: str) -> str:
    """Send a test letter; gives one line that says how it went.

    Raises:
        JobFailed: it was not accepted; its text is the server's own words.
        ConfigError: BATON_MAIL_URL is not right.
    """
    try:
        checked = validate_email(address, check_deliverability=False, test_environment=True)
    except EmailNotValidError as error:
        raise JobFailed(f"{address} is not an e-mail address.", permanent=True) from error
    letter = Letter(
        id=f"test:{secrets.token_hex(8)}",
        to=checked.normalized,
        subject="A test from Baton",
        text=_TEXT,
        html=f"<p>{_TEXT.strip()}</p>\n",
    )
    words = await mailer(config.mail_url, config.mail_from).send(letter)
    return f"Sent to {letter.to}: {words}"
