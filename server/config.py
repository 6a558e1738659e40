"""The configuration: read from the environment once, checked, and frozen."""

from __future__ import annotations

import os
import re
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from email.utils import parseaddr
from ipaddress import ip_address, ip_network
from pathlib import Path
from typing import TypeVar
from urllib.parse import SplitResult, urlsplit

from actors.errors import BatonError

SECRET_CHARACTERS = 32
"""A shorter secret key is refused; ours has 43 characters, 256 bits."""

_HOSTNAME = re.compile(
    r"(?=.{1,253}$)[a-z0-9_]([a-z0-9_-]{0,62})(\.[a-z0-9_]([a-z0-9_-]{0,62}))*", re.IGNORECASE
)
_DATABASE = re.compile(r"[A-Za-z0-9_-]{1,63}")
_ADDRESS = re.compile(r"[^@\s,<>]+@[^@\s,<>]+")
_SHOWN_CHARACTERS = 80
_MAX_PORT = 65535

T = TypeVar("T")


class ConfigError(BatonError):
    """A variable that cannot be right. Its text is one line: the variable, its value, what would be right."""


@dataclass(frozen=True, slots=True)
class Config:
    """What the environment says, checked for form. Secrets stay out of `repr`.

    `mongodb_uri` is None for the embedded engine, `secret_key` None for the one in the data directory,
    `llm_url` None for extractive answers. `base_url` has no slash at its end. `port` 0 takes any free one.
    `trusted_proxies` are the addresses whose `X-Forwarded-For` is believed. `webhook_allow` are the networks
    and hosts that webhooks may reach although they are private.
    `fast_fanout` False sends by Tornado's public API alone, several times slower.
    """

    port: int = 8080
    host: str = "127.0.0.1"
    base_url: str = "http://127.0.0.1:8080"
    data_dir: Path = Path("var")
    mongodb_uri: str | None = field(default=None, repr=False)
    mongodb_database: str = "baton"
    secret_key: str | None = field(default=None, repr=False)
    mail_url: str = field(default="log:", repr=False)
    mail_from: str = "Baton <baton@localhost>"
    llm_url: str | None = None
    llm_key: str | None = field(default=None, repr=False)
    llm_model: str | None = None
    log_level: str = "info"
    log_format: str = "console"
    trusted_proxies: tuple[str, ...] = ()
    webhook_allow: tuple[str, ...] = ()
    fast_fanout: bool = True

    @classmethod
    def from_env(cls, environ: Mapping[str, str]) -> Config:
        """Read every `BATON_` variable; an empty one counts as unset. Raises ConfigError."""
        read = _Reader(environ)
        port = read("BATON_PORT", _port, 8080)
        host = read("BATON_HOST", _host, "127.0.0.1")
        llm_url = read("BATON_LLM_URL", _http_url, None)
        llm_model = read("BATON_LLM_MODEL", _plain, None)
        if llm_url and not llm_model:
            raise ConfigError("BATON_LLM_MODEL is not set; with BATON_LLM_URL it must name a model.")
        return cls(
            port=port,
            host=host,
            base_url=read("BATON_BASE_URL", _origin, default_base_url(host, port)),
            data_dir=read("BATON_DATA_DIR", _directory, Path("var")),
            mongodb_uri=read("BATON_MONGODB_URI", _mongodb_uri, None, shown=_masked),
            mongodb_database=read("BATON_MONGODB_DATABASE", _database, "baton"),
            secret_key=read("BATON_SECRET_KEY", _secret, None, shown=_length),
            mail_url=read("BATON_MAIL_URL", _mail_url, "log:", shown=_masked),
            mail_from=read("BATON_MAIL_FROM", _mail_from, "Baton <baton@localhost>"),
            llm_url=llm_url,
            llm_key=read("BATON_LLM_KEY", _plain, None, shown=_length),
            llm_model=llm_model,
            log_level=read("BATON_LOG_LEVEL", _choice("debug", "info", "warning", "error"), "info"),
            log_format=read("BATON_LOG_FORMAT", _choice("console", "json"), "console"),
            trusted_proxies=read("BATON_TRUSTED_PROXIES", _addresses, ()),
            webhook_allow=read("BATON_WEBHOOK_ALLOW", _networks_and_hosts, ()),
            fast_fanout=read("BATON_FAST_FANOUT", _choice("on", "off"), "on") == "on",
        )


def default_base_url(host: str, port: int) -> str:
    """The address a browser on this machine uses for a server bound to `host`."""
    if host in {"0.0.0.0", "::"}:
        host = "localhost"
    return f"http://{f'[{host}]' if ':' in host else host}:{port}"


def prepare_data_dir(data_dir: Path) -> Path:
    """Create the data directory, for us alone, and give its absolute path. Raises ConfigError."""
    try:
        data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not os.access(data_dir, os.W_OK | os.X_OK):
            raise PermissionError
    except OSError as error:
        reason = error.strerror or "no permission to write there"
        raise ConfigError(
            f"BATON_DATA_DIR is {_quoted(str(data_dir))}, which cannot be used ({reason}); "
            "it must be a directory that we may create and write to."
        ) from error
    return data_dir.resolve()


def load_secret_key(data_dir: Path) -> str:
    """The secret key of this data directory, made on first use and readable by us alone.

    Raises ConfigError when the file cannot be used. Two processes that make it at once get the same key.
    """
    path = data_dir / "secret_key"
    try:
        if not path.exists():
            _create_once(path, secrets.token_urlsafe(32))
        key = path.read_text("ascii").strip()
    except (OSError, ValueError) as error:
        raise ConfigError(f"The secret key in {path} cannot be used: {error}") from error
    if len(key) < SECRET_CHARACTERS:
        raise ConfigError(
            f"The secret key in {path} is {len(key)} characters long; it must have at least "
            f"{SECRET_CHARACTERS}. Delete the file to get a new one; everybody then signs in again."
        )
    return key


def _create_once(path: Path, text: str) -> None:
    draft = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text + "\n")
        file.flush()
        os.fsync(file.fileno())
    try:
        path.hardlink_to(draft)  # unlike a rename it leaves the file alone that another process just made
    except FileExistsError:
        pass
    finally:
        draft.unlink()


class _Reader:
    def __init__(self, environ: Mapping[str, str]) -> None:
        self._environ = environ

    def __call__(
        self, name: str, parse: Callable[[str], T], default: T, shown: Callable[[str], str] | None = None
    ) -> T:
        value = self._environ.get(name, "").strip()
        if not value:
            return default
        try:
            return parse(value)
        except ValueError as error:
            described = (shown or _quoted)(value)
            raise ConfigError(f"{name} is {described}; it must be {error}.") from error


def _quoted(value: str) -> str:
    if len(value) > _SHOWN_CHARACTERS:
        value = value[:_SHOWN_CHARACTERS] + "…"
    return repr(value)


def _length(value: str) -> str:
    return f"{len(value)} characters long"


def _masked(value: str) -> str:
    scheme, colon, _ = value.partition(":")
    return f"'{scheme}:…'" if colon and re.fullmatch(r"[a-z+]{1,20}", scheme, re.IGNORECASE) else "not a URL"


def _port(value: str) -> int:
    if not (value.isascii() and value.isdigit()) or int(value[:9]) > _MAX_PORT:
        raise ValueError("a port number from 1 to 65535, or 0 for any free one")
    return int(value)


def _host(value: str) -> str:
    try:
        return str(ip_address(value))
    except ValueError:
        if _HOSTNAME.fullmatch(value) and not re.fullmatch(r"[0-9.]+", value):
            return value
    raise ValueError("an IP address or a host name, such as 127.0.0.1 or 0.0.0.0")


def _split(value: str, expected: str) -> SplitResult:
    try:
        parts = urlsplit(value)
        _ = parts.port  # raises when it is no number
    except ValueError:
        raise ValueError(expected) from None
    if any(character.isspace() or not character.isprintable() for character in value):
        raise ValueError(expected)
    return parts


def _origin(value: str) -> str:
    expected = "an address without a path, such as https://chat.example.com"
    parts = _split(value.rstrip("/"), expected)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ValueError(expected)
    if parts.path or parts.query or parts.fragment or parts.username:
        raise ValueError(expected)
    return value.rstrip("/")


def _http_url(value: str) -> str:
    expected = "an http or https address, such as https://api.openai.com/v1"
    parts = _split(value, expected)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ValueError(expected)
    return value.rstrip("/")


def _mongodb_uri(value: str) -> str:
    expected = "a MongoDB address, such as mongodb://127.0.0.1:27017/?replicaSet=rs0"
    scheme, separator, rest = value.partition("://")
    if scheme not in {"mongodb", "mongodb+srv"} or not separator or not rest.strip("/"):
        raise ValueError(expected)
    if any(character.isspace() for character in value):
        raise ValueError(expected)
    return value


def _mail_url(value: str) -> str:
    expected = "log:, smtp://user:password@host:port, smtps://…, resend://KEY or postmark://TOKEN"
    if value == "log:":
        return value
    parts = _split(value, expected)
    if parts.scheme not in {"smtp", "smtps", "resend", "postmark"} or not parts.hostname:
        raise ValueError(expected)
    return value


def _mail_from(value: str) -> str:
    _, address = parseaddr(value)
    if not _ADDRESS.fullmatch(address) or not value.isprintable():
        raise ValueError("a sender such as baton@example.com or Support <support@example.com>")
    return value


def _database(value: str) -> str:
    if not _DATABASE.fullmatch(value):
        raise ValueError("a database name: up to 63 letters, digits, _ and -")
    return value


def _directory(value: str) -> Path:
    path = Path(value).expanduser()
    if "\0" in value or (path.exists() and not path.is_dir()):
        raise ValueError("a directory")
    return path


def _secret(value: str) -> str:
    if len(value) < SECRET_CHARACTERS:
        raise ValueError(f"at least {SECRET_CHARACTERS}, such as `openssl rand -base64 32` prints")
    return value


def _plain(value: str) -> str:
    if not value.isprintable():
        raise ValueError("printable text on one line")
    return value


def _addresses(value: str) -> tuple[str, ...]:
    try:
        return tuple(str(ip_address(part.strip())) for part in value.split(","))
    except ValueError:
        raise ValueError("IP addresses with commas between, such as 127.0.0.1,::1") from None


def _networks_and_hosts(value: str) -> tuple[str, ...]:
    parts = tuple(part.strip() for part in value.split(","))
    for part in parts:
        try:
            ip_network(part)
        except ValueError:
            if not _HOSTNAME.fullmatch(part) or re.fullmatch(r"[0-9.]+", part):
                raise ValueError(
                    "networks and hosts with commas between, such as 10.0.0.0/8,hooks.internal"
                ) from None
    return parts


def _choice(*choices: str) -> Callable[[str], str]:
    def parse(value: str) -> str:
        if value.lower() not in choices:
            raise ValueError(f"one of {', '.join(choices)}")
        return value.lower()

    return parse
