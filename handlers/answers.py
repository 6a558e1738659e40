"""Errors as HTTP answers: which status, which words, which JSON."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import NoReturn

from actors.errors import BatonError, Code, Refusal
from actors.log import Holder
from handlers.ports import BadCursorError, UnavailableError
from handlers.shapes import OPERATOR, Json, holder_json
from handlers.sockets.frames_in import FrameError

NO_SUCH_CONVERSATION = "There is no such conversation."
"""One sentence for what does not exist and what belongs to others, so that nobody can tell them apart."""

_STATUS = {
    Code.ALREADY_CLAIMED: HTTPStatus.CONFLICT,
    Code.NOT_CLAIMED: HTTPStatus.CONFLICT,
    Code.NOT_HOLDER: HTTPStatus.FORBIDDEN,
    Code.FORBIDDEN: HTTPStatus.FORBIDDEN,
    Code.NOT_FOUND: HTTPStatus.NOT_FOUND,
    Code.INVALID: HTTPStatus.UNPROCESSABLE_ENTITY,
    Code.UNAVAILABLE: HTTPStatus.SERVICE_UNAVAILABLE,
    Code.TOO_MANY: HTTPStatus.TOO_MANY_REQUESTS,
}

_OTHER_CODES = {
    401: ("unauthenticated", "Sign in first."),
    403: ("forbidden", "You may not do this."),
    404: ("not_found", "There is nothing here."),
    405: ("invalid", "This address does not take that method."),
    413: ("too_large", "That is too large. Make it smaller, then try again."),
    422: ("invalid", "That is not valid."),
    429: ("too_many", "That was fast. Wait a moment."),
    503: ("unavailable", "The database does not answer. Try again in a moment."),
}


class HttpError(BatonError):
    """An answer other than success, with what it says."""

    def __init__(
        self,
        status: int,
        code: str,
        message: str,
        *,
        holder: Holder | None = None,
        fields: Mapping[str, str] | None = None,
        retry_after_s: float | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message
        self.holder = holder
        self.fields = fields
        self.retry_after_s = retry_after_s


def plain(status: int) -> HttpError:
    """The error of a status about which there is nothing more to say."""
    if status in _OTHER_CODES:
        return HttpError(status, *_OTHER_CODES[status])
    if status < HTTPStatus.INTERNAL_SERVER_ERROR:
        return HttpError(status, "invalid", "That is not a request we understand.")
    return HttpError(status, "internal", "Something went wrong on our side. It has been logged.")


def refuse(refusal: Refusal) -> NoReturn:
    """Answer with what an actor refused."""
    message = NO_SUCH_CONVERSATION if refusal.code is Code.NOT_FOUND else refusal.message
    raise HttpError(_STATUS[refusal.code], refusal.code.value, message, holder=refusal.holder)


def as_http(error: BaseException | None, status: int) -> HttpError:
    """Any error as an answer; what we did not raise on purpose says nothing about itself."""
    match error:
        case HttpError():
            return error
        case FrameError() | BadCursorError():
            return HttpError(HTTPStatus.UNPROCESSABLE_ENTITY, "invalid", str(error))
        case UnavailableError() | TimeoutError():
            return plain(HTTPStatus.SERVICE_UNAVAILABLE)
        case _:
            return plain(status)


def error_json(error: HttpError) -> Json:
    """`{"error": …}` as ops/PROTOCOL.md has it."""
    inner: Json = {"code": error.code, "message": error.message}
    if error.fields:
        inner["fields"] = dict(error.fields)
    if error.holder is None:
        return {"error": inner}
    holder = holder_json(error.holder, OPERATOR)
    return {"error": {**inner, "holder": holder}, "holder": holder}
