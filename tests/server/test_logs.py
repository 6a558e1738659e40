from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator

import pytest

from server.logs import escaped, set_up_logs


@pytest.fixture(autouse=True)
def _restored_logging() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)


def logged(log_format: str, level: str = "info") -> io.StringIO:
    stream = io.StringIO()
    set_up_logs(level, log_format, stream)
    return stream


def test_console_lines_name_time_level_and_logger():
    stream = logged("console")
    logging.getLogger("server.conversations.journal").info("wrote %d entries", 3, extra={"workspace": "demo"})
    line = stream.getvalue()
    assert line.endswith(" info    server.conversations.journal wrote 3 entries workspace=demo\n")
    assert line[4] == "-"


@pytest.mark.parametrize("log_format", ["console", "json"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\x0b", "\x85", "\u2028", "\x1b[2K"])
def test_no_text_can_forge_a_line(log_format: str, end: str):
    stream = logged(log_format)
    forged = f"eve{end}2026-01-01 00:00:00.000 error server forged"
    logging.getLogger("server").info("signed in as %s", forged, extra={"name_given": forged})
    try:
        raise ValueError(forged)
    except ValueError:
        logging.getLogger("server").exception("failed")
    lines = stream.getvalue().splitlines()
    assert not [line for line in lines if line.startswith("2026-01-01")]
    assert not [line for line in lines if "\x1b" in line]
    records = [line for line in lines if not line.startswith("  | ")]
    assert len(records) == 2


def test_json_lines_hold_what_was_given():
    stream = logged("json")
    logging.getLogger("server").warning("slow\nwrite", extra={"ms": 12, "level": "spoof"})
    record = json.loads(stream.getvalue())
    assert record["message"] == "slow\nwrite"
    assert record["ms"] == 12
    assert record["level"] == "warning"
    assert record["at"].endswith("Z")


def test_the_level_holds_and_the_driver_stays_quiet():
    stream = logged("console", "debug")
    logging.getLogger("server").debug("shown")
    logging.getLogger("pymongo.command").debug("hidden")
    assert "shown" in stream.getvalue()
    assert "hidden" not in stream.getvalue()


def test_setting_up_twice_logs_once():
    logged("console")
    stream = logged("console")
    logging.getLogger("server").info("once")
    assert stream.getvalue().count("once") == 1


def test_letters_of_every_language_stay():
    assert escaped("Zoë שלום 🙂") == "Zoë שלום 🙂"
    assert escaped("a\u202eb") == "a\\u202eb"
