"""Mail by the HTTP APIs of Resend and Postmark."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from email.utils import formataddr
from http import HTTPStatus
from typing import Any

from tornado.httpclient import HTTPClientError, HTTPRequest, HTTPResponse
from tornado.simple_httpclient import SimpleAsyncHTTPClient

from server.jobs.job import JobFailed
from server.mail.letter import Letter, extra_headers, message_id, one_line

TIMEOUT_S = 20.0

_MOST_BYTES = 256 * 1024
_AT_ONCE = 32
_NO_ANSWER = 599  # Tornado's
# The letter is not to blame for these: a wrong key, or too many at once.
_TEMPORARY = {
    HTTPStatus.UNAUTHORIZED,
    HTTPStatus.FORBIDDEN,
    HTTPStatus.REQUEST_TIMEOUT,
    HTTPStatus.TOO_MANY_REQUESTS,
}


class ApiMailer:
    """Sends by a POST for each letter.

    Args:
        name: what to call the service in errors.
        url: where to post.
        body: the JSON of a letter.
        headers: the headers of its request.
    """

    def __init__(
        self,
        name: str,
        url: str,
        body: Callable[[Letter], Mapping[str, Any]],
        headers: Callable[[Letter], Mapping[str, str]],
    ) -> None:
        self._name = name
        self._url = url
        self._body = body
        self._headers = headers
        self._client = SimpleAsyncHTTPClient(
            force_instance=True, max_clients=_AT_ONCE, max_body_size=_MOST_BYTES
        )

    async def send(self, letter: Letter) -> str:
        """Hand a letter to the service. Raises JobFailed."""
        request = HTTPRequest(
            self._url,
            method="POST",
            headers={
                "Content-Type": "application/json",
                "Accept": "application/json",
                **self._headers(letter),
            },
            body=json.dumps(self._body(letter)),
            connect_timeout=TIMEOUT_S,
            request_timeout=TIMEOUT_S,
            follow_redirects=False,
        )
        try:
            response = await self._client.fetch(request, raise_error=False)
        except (HTTPClientError, OSError) as error:
            raise JobFailed(f"{self._name} cannot be reached: {error}") from error
        return self._accepted(response)

    def _accepted(self, response: HTTPResponse) -> str:
        if response.code == _NO_ANSWER:
            raise JobFailed(f"{self._name} cannot be reached: {response.error}")
        words = f"{self._name}: {response.code} {_said(response.body)}"
        if HTTPStatus.OK <= response.code < HTTPStatus.MULTIPLE_CHOICES:
            return words
        raise JobFailed(
            words,
            permanent=_is_our_fault(response.code),
            retry_after_s=_seconds(response.headers.get("Retry-After")),
        )


def resend(key: str, sender: str, api: str | None = None) -> ApiMailer:
    """Resend's. The letter's id is its idempotency key."""

    def body(letter: Letter) -> Mapping[str, Any]:
        return {
            "from": sender,
            "to": [_to(letter)],
            "subject": one_line(letter.subject, 200),
            "text": letter.text,
            "html": letter.html,
            "headers": {"Message-ID": message_id(letter.id, sender), **extra_headers(letter)},
        }

    def headers(letter: Letter) -> Mapping[str, str]:
        return {"Authorization": f"Bearer {key}", "Idempotency-Key": letter.id}

    return ApiMailer("Resend", f"{api or 'https://api.resend.com'}/emails", body, headers)


def postmark(token: str, sender: str, api: str | None = None) -> ApiMailer:
    """Postmark's. It keeps our Message-ID when told to."""

    def body(letter: Letter) -> Mapping[str, Any]:
        given = {
            "Message-ID": message_id(letter.id, sender),
            "X-PM-KeepID": "true",
            **extra_headers(letter),
        }
        return {
            "From": sender,
            "To": _to(letter),
            "Subject": one_line(letter.subject, 200),
            "TextBody": letter.text,
            "HtmlBody": letter.html,
            "MessageStream": "outbound",
            "Headers": [{"Name": name, "Value": value} for name, value in given.items()],
        }

    def headers(_: Letter) -> Mapping[str, str]:
        return {"X-Postmark-Server-Token": token}

    return ApiMailer("Postmark", f"{api or 'https://api.postmarkapp.com'}/email", body, headers)


def _to(letter: Letter) -> str:
    return formataddr((one_line(letter.to_name, 100), letter.to), charset="utf-8")


def _said(body: bytes) -> str:
    """The service's own words, out of its JSON when it has the usual shape."""
    text = body.decode("utf-8", "replace")
    try:
        answer: Any = json.loads(text)
    except ValueError:
        return text
    if not isinstance(answer, dict):
        return text
    for name in ("message", "Message"):
        if isinstance(answer.get(name), str):  # pyright: ignore[reportUnknownMemberType]
            return str(answer[name])  # pyright: ignore[reportUnknownArgumentType]
    return "accepted" if "id" in answer else text


def _is_our_fault(status: int) -> bool:
    return HTTPStatus.BAD_REQUEST <= status < HTTPStatus.INTERNAL_SERVER_ERROR and status not in _TEMPORARY


def _seconds(value: str | None) -> float | None:
    return float(value) if value and value.isascii() and value.isdigit() else None
