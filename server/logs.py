"""Logging: one line a record on standard error, for people or as JSON; no text can forge a line."""

from __future__ import annotations

import json
import logging
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import TextIO

_STANDARD = frozenset(logging.makeLogRecord({}).__dict__) | {
    "message",
    "asctime",
    "taskName",
    "color_message",
}

# Control characters, and what else some reader takes for a line end or turns the text around.
_UNSAFE = [*range(0x20), *range(0x7F, 0xA0), 0x2028, 0x2029, *range(0x202A, 0x202F), *range(0x2066, 0x206A)]
_ESCAPES: Mapping[int, str] = {code: chr(code).encode("unicode_escape").decode("ascii") for code in _UNSAFE}


def set_up_logs(level: str, log_format: str, stream: TextIO | None = None) -> None:
    """Send the log of the whole process to `stream` (standard error). `log_format` is `console` or `json`."""
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(JsonFormatter() if log_format == "json" else ConsoleFormatter())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    # At debug the driver logs whole commands, what people wrote included.
    logging.getLogger("pymongo").setLevel(logging.WARNING)


class ConsoleFormatter(logging.Formatter):
    """`2026-11-22 15:04:05.123 info server.leads.capture what happened key=value`, tracebacks indented."""

    def format(self, record: logging.LogRecord) -> str:
        """The record as one line, more only for a traceback."""
        time = _time(record).strftime("%Y-%m-%d %H:%M:%S.%f")[:-3]
        extras = "".join(f" {escaped(name)}={escaped(str(value))}" for name, value in _extras(record).items())
        message = escaped(record.getMessage())
        line = f"{time} {record.levelname.lower():<7} {record.name} {message}{extras}"
        return line + "".join(f"\n  | {escaped(part)}" for part in _traceback(self, record).splitlines())


class JsonFormatter(logging.Formatter):
    """One JSON object a line: `at`, `level`, `logger`, `message`, what `extra=` gave, `traceback`."""

    def format(self, record: logging.LogRecord) -> str:
        """The record as one line."""
        document: dict[str, object] = {
            "at": _time(record).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        document = {**_extras(record), **document}
        if traceback := _traceback(self, record):
            document["traceback"] = traceback
        return json.dumps(document, default=str)


def escaped(text: str) -> str:
    r"""The text on one line: a line feed becomes `\n`, an escape character `\x1b`."""
    return text.translate(_ESCAPES)


def _time(record: logging.LogRecord) -> datetime:
    return datetime.fromtimestamp(record.created, UTC)


def _extras(record: logging.LogRecord) -> dict[str, object]:
    return {name: value for name, value in vars(record).items() if name not in _STANDARD}


def _traceback(formatter: logging.Formatter, record: logging.LogRecord) -> str:
    parts = [formatter.formatException(record.exc_info)] if record.exc_info else []
    if record.stack_info:
        parts.append(formatter.formatStack(record.stack_info))
    return "\n".join(parts)
