"""Jobs as documents of `jobs`, and back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from actors.ids import WorkspaceId
from actors.jobs import JobRequest
from server.jobs.job import Job
from server.store.database import Document


@dataclass(frozen=True, slots=True)
class JobRow:
    """A job as people look at it. `last_error` is why the newest try failed, `failed_at` when."""

    id: str
    kind: str
    workspace_id: WorkspaceId
    status: str
    attempts: int
    run_at: datetime
    created_at: datetime
    last_error: str | None
    failed_at: datetime | None
    done_at: datetime | None
    payload: Mapping[str, str]


def job_document(request: JobRequest, now: datetime) -> Document:
    """A job that is to run at once."""
    return {
        "_id": request.id,
        "kind": request.kind.value,
        "workspace_id": request.workspace_id,
        "lane": request.lane,
        "payload": dict(request.payload),
        "status": "pending",
        "attempts": 0,
        "run_at": now,
        "created_at": now,
        "lease": None,
        "lease_until": None,
        "last_error": None,
        "done_at": None,
    }


def job_of(document: Mapping[str, Any]) -> Job:
    """A job about to be tried once more."""
    return Job(
        id=document["_id"],
        kind=document["kind"],
        workspace_id=WorkspaceId(document.get("workspace_id") or ""),
        lane=document.get("lane") or "",
        payload=document.get("payload") or {},
        attempts=int(document.get("attempts") or 0) + 1,
        created_at=document.get("created_at") or document["run_at"],
    )


def row_of(document: Mapping[str, Any]) -> JobRow:
    """A job to look at."""
    get = document.get
    return JobRow(
        id=document["_id"],
        kind=document["kind"],
        workspace_id=WorkspaceId(get("workspace_id") or ""),
        status=document["status"],
        attempts=int(get("attempts") or 0),
        run_at=document["run_at"],
        created_at=get("created_at") or document["run_at"],
        last_error=get("last_error"),
        failed_at=get("failed_at"),
        done_at=get("done_at"),
        payload=get("payload") or {},
    )
