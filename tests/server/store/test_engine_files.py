from __future__ import annotations

import stat
from pathlib import Path

from server.store.engine_files import EngineFiles


def test_the_address_is_published_for_us_alone_and_withdrawn(tmp_path: Path):
    files = EngineFiles(tmp_path)
    files.publish("mongodb://127.0.0.1:1/")
    files.publish("mongodb://127.0.0.1:2/")
    assert files.published() == "mongodb://127.0.0.1:2/"
    assert stat.S_IMODE(files.uri.stat().st_mode) == 0o600
    files.withdraw()
    files.withdraw()
    assert list(tmp_path.iterdir()) == []


def test_a_large_log_is_put_aside(tmp_path: Path):
    files = EngineFiles(tmp_path)
    with files.open_log() as log:
        log.write(b"x" * (5 * 1024 * 1024 + 1))
    with files.open_log() as log:
        log.write(b"anew\n")
    assert files.log.read_bytes() == b"anew\n"
    assert (tmp_path / "mongodb.log.1").stat().st_size > 5 * 1024 * 1024


def test_the_last_words_are_one_line(tmp_path: Path):
    files = EngineFiles(tmp_path)
    files.open_log().close()
    assert files.last_words() == "It said nothing."
    files.log.write_bytes(b"Traceback:\n  File\nOSError: disk \xff full\n\n")
    assert files.last_words() == "OSError: disk \ufffd full"


def test_a_new_directory_is_made_for_us_alone(tmp_path: Path):
    files = EngineFiles(tmp_path / "new" / "var")
    files.prepare()
    assert stat.S_IMODE(files.data_dir.stat().st_mode) == 0o700
    assert "--host 127.0.0.1 --port 7" in " ".join(files.command(7))
