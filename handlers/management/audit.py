"""`/app/audit`: who did what and when; as a file; and whether somebody edited the record."""

from __future__ import annotations

import csv
import io
import json
import re
from datetime import UTC, date, datetime, timedelta
from http import HTTPStatus
from typing import ClassVar, Final

from tornado.iostream import StreamClosedError

from actors.ids import UserId
from actors.roles import Action
from handlers.access import Who
from handlers.answers import HttpError
from handlers.base import BaseHandler
from handlers.conversations.conversations import ConsoleHandler
from handlers.management.audit_words import ACTIONS, sentence
from handlers.management.management_ports import AuditQuery, AuditRow
from handlers.shapes import Json, instant

CSV_PAGE = 500
MOST_CSV_ROWS = 100_000
_MOST_TYPED = 100
_HASH = re.compile(r"[0-9a-f]{64}")
_COLUMNS: Final = (
    "at", "what", "action", "user_id", "who", "target_type", "target_id", "target", "ip", "user_agent",
    "details", "chain_seq", "id", "hash",
)  # fmt: skip


class BaseAudit(ConsoleHandler):
    """What the page and the file have in common: the filters in the address."""

    role: ClassVar[Who] = Action.MANAGE

    def wanted(self, after: str | None = None) -> AuditQuery:
        """The entries that the address asks for. Raises HttpError."""
        user_id = self._typed("user")
        return AuditQuery(
            action=self._typed("action"),
            user_id=UserId(user_id) if user_id else None,
            target_id=self._typed("target"),
            since=self._instant("since"),
            until=self._instant("until", whole_day=True),
            after=after,
        )

    def _typed(self, name: str) -> str | None:
        return self.get_query_argument(name, "")[:_MOST_TYPED] or None

    def _instant(self, name: str, *, whole_day: bool = False) -> datetime | None:
        """An instant, or a day in UTC: its beginning, or its end when it is the last one wanted."""
        text = self.get_query_argument(name, "")
        if not text:
            return None
        try:
            day = date.fromisoformat(text) if len(text) == len("2026-11-22") else None
            found = datetime(day.year, day.month, day.day) if day else datetime.fromisoformat(text)  # noqa: DTZ001
            found = found + timedelta(days=1) if day and whole_day else found
            return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)
        except (ValueError, OverflowError):
            message = "Write a day such as 2026-11-22, or an instant such as 2026-11-22T10:31:00Z."
            raise HttpError(
                HTTPStatus.UNPROCESSABLE_ENTITY, "invalid", message, fields={name: message}
            ) from None


class AuditHandler(BaseAudit):
    """`GET /app/audit`."""

    async def get(self) -> None:
        """A page of entries, newest first."""
        workspace_id, audit = self.member.workspace.id, self.services.management.audit
        query = self.wanted(self.get_query_argument("after", "") or None)
        page = await audit.page(workspace_id, query)
        listed: Json = {"entries": [entry_json(row) for row in page.rows], "next": page.next}
        if self.wants_json:
            self.answer(listed)
            return
        people = await audit.people(workspace_id)
        shown: Json = {
            **listed,
            "people": [{"user_id": user_id, "name": name} for user_id, name in people.items()],
            "actions": [{"action": action, "name": name} for action, name in ACTIONS.items()],
            "filter": self._filter(),
        }
        await self.console("settings/audit.html", "audit", shown, None)

    def _filter(self) -> Json:
        names = ("action", "user", "target", "since", "until")
        return {name: self.get_query_argument(name, "")[:_MOST_TYPED] for name in names}


class AuditFileHandler(BaseAudit):
    """`GET /app/audit.csv`."""

    async def get(self) -> None:
        """The same entries as a table, a page at a time: as long as the reader reads, never all in memory."""
        audit, workspace_id = self.services.management.audit, self.member.workspace.id
        page = await audit.page(workspace_id, self.wanted(), CSV_PAGE)
        day = self.services.clock.now().date().isoformat()
        name = f"baton-audit-{self.member.workspace.slug}-{day}.csv"
        self.set_header("Content-Type", "text/csv; charset=utf-8")
        self.set_header("Content-Disposition", f'attachment; filename="{name}"')
        self._write(_lines([_COLUMNS]))
        written = 0
        while True:
            self._write(_lines([_cells(row) for row in page.rows]))
            written += len(page.rows)
            try:
                await self.flush()
            except StreamClosedError:
                return
            if page.next is None or written >= MOST_CSV_ROWS:
                return
            page = await audit.page(workspace_id, self.wanted(page.next), CSV_PAGE)

    def _write(self, text: str) -> None:
        self.write(text)  # pyright: ignore[reportUnknownMemberType] - Tornado takes a bare dict too


class AuditVerifyHandler(BaseHandler):
    """`POST /app/audit/verify`."""

    role: ClassVar[Who] = Action.MANAGE

    async def post(self) -> None:
        """Check the whole chain; `head` is a hash that was kept elsewhere."""
        head = self.body(dict[str, object]).get("head") or None
        if head is not None and not (isinstance(head, str) and _HASH.fullmatch(head)):
            message = "A hash has 64 characters, 0 to 9 and a to f."
            raise HttpError(HTTPStatus.UNPROCESSABLE_ENTITY, "invalid", message, fields={"head": message})
        found = await self.services.management.audit.verify(self.member.workspace.id, head)
        self.answer(
            {
                "ok": found.ok,
                "count": found.count,
                "head_hash": found.head_hash,
                "bad_id": found.bad_id,
                "problem": found.problem,
            }
        )


def entry_json(row: AuditRow) -> Json:
    """An entry as the page has it."""
    return {
        "id": row.id,
        "seq": row.seq,
        "at": instant(row.at),
        "what": sentence(row),
        "action": row.action,
        "user_id": row.user_id,
        "target_type": row.target_type,
        "target_id": row.target_id,
        "ip": row.ip,
        "user_agent": row.user_agent,
        "details": dict(row.details),
        "hash": row.hash,
    }


def safe_cell(text: str) -> str:
    """On one line, and never a formula to a spreadsheet that opens the file."""
    line = " ".join(text.splitlines()) if any(mark in text for mark in "\r\n\v\f\x85\u2028\u2029") else text
    return f"'{line}" if line.lstrip(" \t\0'\"")[:1] in {"=", "+", "-", "@"} or line[:1] == "\t" else line


def _cells(row: AuditRow) -> tuple[str, ...]:
    cells = (
        instant(row.at),
        sentence(row),
        row.action,
        row.user_id or "",
        row.who or "",
        row.target_type,
        row.target_id,
        row.target or "",
        row.ip,
        row.user_agent,
        json.dumps(dict(row.details), ensure_ascii=False, sort_keys=True, default=str),
        str(row.seq),
        row.id,
        row.hash,
    )
    return tuple(map(safe_cell, cells))


def _lines(rows: list[tuple[str, ...]]) -> str:
    buffer = io.StringIO(newline="")
    csv.writer(buffer, lineterminator="\r\n").writerows(rows)
    return buffer.getvalue()
