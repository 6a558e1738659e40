"""Pages behind a link that was mailed to one person."""

from __future__ import annotations

from http import HTTPStatus
from typing import ClassVar, Literal, TypeVar

from typing_extensions import override

from handlers.answers import HttpError
from handlers.doors.form import BaseForm

_NO_SUCH_LINK = (404, "not_found", "This link does not work any more.")

T = TypeVar("T")


class BaseMailedLink(BaseForm):
    """Its token works once and for a while; then people see the page that says so for its `kind`."""

    kind: ClassVar[Literal["invitation", "reset"]]

    @override
    def set_default_headers(self) -> None:
        super().set_default_headers()
        self.set_header("Referrer-Policy", "no-referrer")  # the address is a secret

    @staticmethod
    def working(found: T | None) -> T:
        """What came of the token. Raises HttpError for None: it does not work any more."""
        if found is None:
            raise HttpError(*_NO_SUCH_LINK)
        return found

    @override
    def error_page(self, error: HttpError) -> None:
        if error.status == HTTPStatus.NOT_FOUND:
            self.page("doors/link_gone.html", error.status, kind=self.kind)
        else:
            super().error_page(error)
