from __future__ import annotations

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from server.config import Config, ConfigError, default_base_url, load_secret_key, prepare_data_dir

WRONG = [
    ("BATON_PORT", "eighty"),
    ("BATON_PORT", "65536"),
    ("BATON_PORT", "-1"),
    ("BATON_PORT", "8080.0"),
    ("BATON_PORT", "٨٠٨٠"),
    ("BATON_PORT", "9" * 5000),
    ("BATON_HOST", "not a host"),
    ("BATON_HOST", "999.1.1.1"),
    ("BATON_HOST", "http://localhost"),
    ("BATON_BASE_URL", "chat.example.com"),
    ("BATON_BASE_URL", "https://chat.example.com/baton"),
    ("BATON_BASE_URL", "ftp://chat.example.com"),
    ("BATON_BASE_URL", "https://chat.example.com:http"),
    ("BATON_BASE_URL", "https://[::1"),
    ("BATON_MONGODB_DATABASE", "a.b"),
    ("BATON_MONGODB_DATABASE", "a" * 64),
    ("BATON_MAIL_FROM", "nobody"),
    ("BATON_MAIL_FROM", "a@b.test\r\nBcc: c@d.test"),
    ("BATON_LLM_URL", "localhost:11434"),
    ("BATON_LLM_MODEL", "a\nb"),
    ("BATON_LOG_LEVEL", "loud"),
    ("BATON_LOG_FORMAT", "xml"),
    ("BATON_TRUSTED_PROXIES", "127.0.0.1, proxy"),
    ("BATON_FAST_FANOUT", "yes"),
    ("BATON_WEBHOOK_ALLOW", "10.0.0.1/8"),
    ("BATON_WEBHOOK_ALLOW", "10.0.0.0/8, http://hooks"),
]
WRONG_SECRETS = [
    ("BATON_SECRET_KEY", "hunter2"),
    ("BATON_MONGODB_URI", "hunter2"),
    ("BATON_MONGODB_URI", "http://root:hunter2@db"),
    ("BATON_MONGODB_URI", "mongodb://"),
    ("BATON_MAIL_URL", "imap://me:hunter2@host"),
    ("BATON_MAIL_URL", "smtp://me:hunter2@host:port"),
    ("BATON_MAIL_URL", "resend://"),
    ("BATON_LLM_KEY", "hunter2\x00"),
]


def test_nothing_set_gives_the_defaults():
    config = Config.from_env({})
    assert (config.port, config.host, config.base_url) == (8080, "127.0.0.1", "http://127.0.0.1:8080")
    assert (config.data_dir, config.mongodb_uri, config.mongodb_database) == (Path("var"), None, "baton")
    assert (config.secret_key, config.mail_url, config.llm_url) == (None, "log:", None)
    assert (config.log_level, config.log_format) == ("info", "console")
    assert config == Config()


def test_an_empty_variable_counts_as_unset():
    names = [name for name, _ in WRONG + WRONG_SECRETS]
    assert Config.from_env(dict.fromkeys(names, " ")) == Config()


def test_every_variable_is_read():
    secret = "s" * 32
    config = Config.from_env(
        {
            "BATON_PORT": "9000",
            "BATON_HOST": "::",
            "BATON_BASE_URL": "https://chat.example.com/",
            "BATON_DATA_DIR": "/srv/baton",
            "BATON_MONGODB_URI": "mongodb://a,b/?replicaSet=rs0",
            "BATON_MONGODB_DATABASE": "desk",
            "BATON_SECRET_KEY": secret,
            "BATON_MAIL_URL": "smtps://me:hunter2@mail.example.com:465",
            "BATON_MAIL_FROM": "Support <support@example.com>",
            "BATON_LLM_URL": "http://127.0.0.1:11434/v1/",
            "BATON_LLM_KEY": "hunter2",
            "BATON_LLM_MODEL": "small",
            "BATON_LOG_LEVEL": "DEBUG",
            "BATON_LOG_FORMAT": "json",
            "BATON_TRUSTED_PROXIES": "127.0.0.1, ::1",
            "BATON_FAST_FANOUT": "off",
        }
    )
    assert config == Config(
        port=9000,
        host="::",
        base_url="https://chat.example.com",
        data_dir=Path("/srv/baton"),
        mongodb_uri="mongodb://a,b/?replicaSet=rs0",
        mongodb_database="desk",
        secret_key=secret,
        mail_url="smtps://me:hunter2@mail.example.com:465",
        mail_from="Support <support@example.com>",
        llm_url="http://127.0.0.1:11434/v1",
        llm_key="hunter2",
        llm_model="small",
        log_level="debug",
        log_format="json",
        trusted_proxies=("127.0.0.1", "::1"),
        fast_fanout=False,
    )
    assert "hunter2" not in repr(config)
    assert secret not in repr(config)


@pytest.mark.parametrize(("name", "value"), WRONG)
def test_a_wrong_value_is_named_in_one_line(name: str, value: str):
    with pytest.raises(ConfigError) as caught:
        Config.from_env({name: value})
    said = str(caught.value)
    assert said.startswith(f"{name} is ")
    assert repr(value)[:60] in said
    assert "it must be" in said
    assert len(said.splitlines()) == 1
    assert len(said) < 300


@pytest.mark.parametrize(("name", "value"), WRONG_SECRETS)
def test_a_wrong_secret_is_named_but_not_shown(name: str, value: str):
    with pytest.raises(ConfigError) as caught:
        Config.from_env({name: value})
    assert str(caught.value).startswith(f"{name} is ")
    assert "hunter2" not in str(caught.value)


def test_a_model_address_needs_a_model():
    with pytest.raises(ConfigError, match="BATON_LLM_MODEL is not set"):
        Config.from_env({"BATON_LLM_URL": "http://127.0.0.1/v1"})


def test_a_data_directory_that_is_a_file_is_refused(tmp_path: Path):
    (tmp_path / "file").write_text("")
    with pytest.raises(ConfigError, match="BATON_DATA_DIR is .*it must be a directory"):
        Config.from_env({"BATON_DATA_DIR": str(tmp_path / "file")})
    with pytest.raises(ConfigError, match="BATON_DATA_DIR is .*cannot be used"):
        prepare_data_dir(tmp_path / "file" / "var")


def test_the_data_directory_is_made_for_us_alone(tmp_path: Path):
    made = prepare_data_dir(tmp_path / "a" / "var")
    assert made.is_absolute()
    assert stat.S_IMODE(made.stat().st_mode) == 0o700


@pytest.mark.parametrize(
    ("host", "url"),
    [("0.0.0.0", "http://localhost:1"), ("::", "http://localhost:1"), ("::1", "http://[::1]:1")],
)
def test_the_base_url_is_one_a_browser_can_open(host: str, url: str):
    assert default_base_url(host, 1) == url


def test_the_secret_key_is_made_once_and_kept_private(tmp_path: Path):
    key = load_secret_key(tmp_path)
    assert len(key) >= 43
    assert load_secret_key(tmp_path) == key
    assert stat.S_IMODE((tmp_path / "secret_key").stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["secret_key"]


def test_processes_that_make_the_key_at_once_agree(tmp_path: Path):
    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(lambda _: load_secret_key(tmp_path), range(32)))) == 1


@pytest.mark.parametrize("content", ["", "short\n", "ключ" * 20])
def test_a_spoilt_secret_key_is_refused(tmp_path: Path, content: str):
    (tmp_path / "secret_key").write_text(content, "utf-8")
    with pytest.raises(ConfigError, match="secret_key"):
        load_secret_key(tmp_path)
