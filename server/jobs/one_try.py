"""One try of a job: whatever goes wrong becomes a failure in words."""

from __future__ import annotations

import asyncio
import logging

from server.jobs.job import Job, JobFailed, JobKind
from server.store.database import PyMongoError

_log = logging.getLogger(__name__)

_UNEXPECTED = "Something unexpected went wrong; the log of the server has the details."


async def attempt(kind: JobKind, job: Job) -> JobFailed | None:
    """Do the job within its time; None when it worked."""
    if job.attempts > kind.backoff.tries:
        return JobFailed("The server stopped in the middle of each try.", permanent=True)
    try:
        async with asyncio.timeout(kind.timeout_s):
            await kind.run(job)
    except JobFailed as error:
        return error
    except TimeoutError:
        return JobFailed(f"It took longer than {kind.timeout_s:g} s.")
    except PyMongoError as error:
        return JobFailed(f"The database did not answer: {error}")
    except Exception:  # noqa: BLE001 - one job's mistake must not stop the others
        _log.exception("job %s failed unexpectedly", job.id)
        return JobFailed(_UNEXPECTED)
    return None
