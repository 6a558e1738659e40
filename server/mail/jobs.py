"""Jobs that mail one letter."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TypeAlias

from actors.jobs import JobName
from server.jobs.job import Backoff, Job, JobKind
from server.mail.letter import Letter
from server.mail.mailer import Mailer

MAIL_BACKOFF = Backoff(first_s=5, factor=3, most_s=6 * 3600, tries=12)
"""Tries within a minute, then rarer, for about a day: longer than a mail server's maintenance."""

_TRY_S = 45.0  # the mailer's own 30 s and reading what to write

Compose: TypeAlias = Callable[[Job], Awaitable[Letter | None]]
"""Writes the letter of a job; None when there is nothing to say any more."""


def mail_kind(name: JobName, compose: Compose, mailer: Mailer) -> JobKind:
    """The kind of job that sends what `compose` writes."""

    async def run(job: Job) -> None:
        letter = await compose(job)
        if letter is not None:
            await mailer.send(letter)

    return JobKind(name, run, MAIL_BACKOFF, _TRY_S, at_once=24, per_workspace=8, per_lane=8)
