"""One request to a webhook: bounded in time and in what is read, to checked addresses only."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass

from tornado.httpclient import HTTPClientError, HTTPRequest
from tornado.httputil import HTTPHeaders
from tornado.simple_httpclient import HTTPStreamClosedError, SimpleAsyncHTTPClient

from server.webhooks.guard import GuardedResolver, RefusedAddressError, UnknownHostError, WebhookGuard

LIMIT_S = 10.0
MOST_READ = 64 * 1024
MOST_KEPT = 2 * 1024

_AT_ONCE = 64  # more than the worker runs: its own limits decide, this queue stays empty
_MOST_HEADERS = 16 * 1024


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back. Without a `status`, `error` says why; `refused` when we would not even connect."""

    status: int | None
    text: str
    duration_ms: int
    error: str = ""
    refused: bool = False
    retry_after: str | None = None


class WebhookClient:
    """Posts to webhooks. Redirects are not followed, connections are not kept."""

    def __init__(self, guard: WebhookGuard, limit_s: float = LIMIT_S, ca_file: str | None = None) -> None:
        self._resolver = GuardedResolver(guard)
        self._limit_s = limit_s
        self._ca_file = ca_file
        self._client = SimpleAsyncHTTPClient(
            force_instance=True,
            max_clients=_AT_ONCE,
            resolver=self._resolver,
            max_body_size=MOST_READ,
            max_header_size=_MOST_HEADERS,
        )

    async def post(self, url: str, headers: Mapping[str, str], body: bytes) -> Reply:
        """Post, and read the beginning of the answer. Never raises for what the receiver does."""
        heard = _Heard()
        request = HTTPRequest(
            url,
            method="POST",
            headers=HTTPHeaders(dict(headers)),
            body=body,
            connect_timeout=self._limit_s,
            request_timeout=self._limit_s,
            follow_redirects=False,
            decompress_response=False,
            header_callback=heard.header,
            streaming_callback=heard.piece,
            ca_certs=self._ca_file,
        )
        began = time.monotonic()
        error, refused = "", False
        try:
            await self._client.fetch(request, raise_error=False)
        except RefusedAddressError as failure:
            error, refused = str(failure), True
        except UnknownHostError as failure:
            error = str(failure)
        except HTTPStreamClosedError as failure:
            # Also when it says more than we read; its status counts all the same.
            error = str(failure)
        except (HTTPClientError, OSError, ValueError) as failure:
            error = _in_words(failure, self._limit_s)
            heard.status = None
        return heard.reply(round((time.monotonic() - began) * 1000), error, refused=refused)

    def close(self) -> None:
        """End."""
        self._client.close()
        self._resolver.close()


class _Heard:
    """What of an answer has arrived."""

    def __init__(self) -> None:
        self.status: int | None = None
        self._headers = HTTPHeaders()
        self._body = b""

    def header(self, line: str) -> None:
        if line.startswith("HTTP/"):
            self.status = int(line.split(" ", 2)[1])
        elif line.strip():
            self._headers.parse_line(line)

    def piece(self, data: bytes) -> None:
        self._body += data[: MOST_KEPT - len(self._body)]

    def reply(self, duration_ms: int, error: str, *, refused: bool) -> Reply:
        text = self._body.decode("utf-8", "replace")
        failed = self.status is None
        retry_after = self._headers.get("Retry-After")
        return Reply(self.status, text, duration_ms, error if failed else "", refused, retry_after)


def _in_words(error: Exception, limit_s: float) -> str:
    if isinstance(error, HTTPClientError):
        return f"It did not answer within {limit_s:g} s."
    return f"It cannot be reached: {error}" if str(error) else "It cannot be reached."
