"""What clients may send on a socket, and how it is read: every limit of ops/PROTOCOL.md stands here."""

from __future__ import annotations

import re
from contextlib import suppress
from typing import Annotated, Any, Final, Literal, NoReturn, TypeAlias, TypeVar

import msgspec
from msgspec import Meta

from actors.errors import BatonError, Code
from actors.ids import ClientId, ConversationId
from actors.log import Page

MAX_FRAME_BYTES: Final = 64 * 1024
MAX_TEXT_CHARACTERS: Final = 8_000
MAX_ID_CHARACTERS: Final = 64
MAX_PAGE_CHARACTERS: Final = 2_000
MAX_RULE_CHARACTERS: Final = 100
MAX_TAG_CHARACTERS: Final = 64
MAX_SEQ: Final = 2**53 - 1
"""The largest whole number that JavaScript holds exactly."""

UNKNOWN_TYPE: Final = "unknown_type"
WORKSPACE_CHANNEL: Final = "workspace"

_CONVERSATION_CHANNEL = re.compile(rf"conversation\.([A-Za-z0-9_-]{{1,{MAX_ID_CHARACTERS}}})")
_CONTROLS = {code: None for code in (*range(32), 127) if chr(code) not in "\t\n\r"}
_ZONE = re.compile(r"[A-Za-z][A-Za-z0-9_+/-]*")
_WHERE = re.compile(r"^(?P<what>.*?)(?: - at `\$\.?(?P<where>.*)`)?$", re.DOTALL)

Id: TypeAlias = Annotated[str, Meta(min_length=1, max_length=MAX_ID_CHARACTERS)]
Seq: TypeAlias = Annotated[int, Meta(ge=0, le=MAX_SEQ)]
Ref: TypeAlias = (
    Annotated[str, Meta(max_length=MAX_ID_CHARACTERS)] | Annotated[int, Meta(ge=-MAX_SEQ, le=MAX_SEQ)] | None
)
Text: TypeAlias = Annotated[str, Meta(max_length=MAX_TEXT_CHARACTERS)]
Tag: TypeAlias = Annotated[str, Meta(max_length=MAX_TAG_CHARACTERS)]
"""The name of something in a browser: a language, such as "de-AT", or a time zone."""
Channel: TypeAlias = Annotated[str, Meta(min_length=1, max_length=128)]

T = TypeVar("T")


class FrameError(BatonError):
    """A frame or body that cannot be used. `code` is one of the wire's; `ref` and `client_id` are its own."""

    def __init__(
        self, code: str, message: str, *, ref: str | int | None = None, client_id: str | None = None
    ) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.ref = ref
        self.client_id = client_id


class ClientFrame(msgspec.Struct, frozen=True, kw_only=True, tag_field="type"):
    """What every frame may carry. The answer repeats `ref`."""

    ref: Ref = None


class PageFrame(msgspec.Struct, frozen=True):
    """Where the visitor is; longer fields are cut, and an address that is not http is dropped."""

    url: str = ""
    title: str = ""
    referrer: str = ""

    def page(self) -> Page:
        """The domain's page."""
        return Page(url=_address(self.url), title=_short(self.title), referrer=_address(self.referrer))


class Hello(ClientFrame, frozen=True, tag="hello"):
    """The visitor's first frame."""

    token: Annotated[str, Meta(max_length=512)] | None = None
    after: Seq = 0
    page: PageFrame | None = None
    language: Tag = ""
    time_zone: Tag = ""

    @property
    def zone(self) -> str:
        """The browser's time zone, such as "Europe/Berlin"; empty for what is no name of one."""
        return self.time_zone if _ZONE.fullmatch(self.time_zone) else ""


class MessagePost(ClientFrame, frozen=True, tag="message.post"):
    """The visitor writes."""

    client_id: Id
    text: Text


class PersonRequest(ClientFrame, frozen=True, tag="person.request"):
    """The visitor presses the button."""


class TeamAsked(ClientFrame, frozen=True, tag="team"):
    """The visitor waits, and asks whether anybody is here."""


class PageTold(ClientFrame, frozen=True, tag="page"):
    """The visitor came to another page without loading it, as single-page sites do."""

    page: PageFrame


class VisitorTyping(ClientFrame, frozen=True, tag="typing"):
    """The visitor types, or stopped."""

    on: bool


class LeadSent(msgspec.Struct, frozen=True, kw_only=True):
    """A lead form; its fields are checked by `lead_fields`, which says of each what is wrong.

    `source` is what opened the form, `rule` the behaviour rule that did.
    """

    email: Any = None
    name: Any = None
    phone: Any = None
    message: Any = None
    source: Literal["form", "rule", "request"] = "form"
    rule: Annotated[str, Meta(max_length=MAX_RULE_CHARACTERS)] = ""
    page: PageFrame | None = None


class LeadSubmit(LeadSent, frozen=True, kw_only=True, tag_field="type", tag="lead.submit"):
    """The lead form of the widget."""

    ref: Ref = None


class Ping(ClientFrame, frozen=True, tag="ping"):
    """Is anybody there."""


class SubscribeFrame(ClientFrame, frozen=True, tag="subscribe"):
    """An operator opens a conversation, or the workspace's lists."""

    channel: Channel
    after: Seq = 0


class UnsubscribeFrame(ClientFrame, frozen=True, tag="unsubscribe"):
    """An operator turns away."""

    channel: Channel


class OperatorTyping(ClientFrame, frozen=True, tag="typing"):
    """An operator types, or stopped."""

    channel: Channel
    on: bool


VisitorFrame: TypeAlias = (
    Hello | MessagePost | PageTold | PersonRequest | TeamAsked | VisitorTyping | LeadSubmit | Ping
)
OperatorFrame: TypeAlias = SubscribeFrame | UnsubscribeFrame | OperatorTyping | Ping

_FRAME: Final = "That"
_BODY: Final = "The body of the request"

_visitor = msgspec.json.Decoder[VisitorFrame](VisitorFrame)
_operator = msgspec.json.Decoder[OperatorFrame](OperatorFrame)


def decode_visitor(data: str) -> VisitorFrame:
    """Read a visitor's frame. Raises FrameError."""
    frame = _decode(_visitor, data, _FRAME)
    if isinstance(frame, MessagePost):
        _check_not_blank(frame)
    return frame


def decode_operator(data: str) -> OperatorFrame:
    """Read an operator's frame. Raises FrameError."""
    return _decode(_operator, data, _FRAME)


def decode_body(data: bytes, shape: type[T]) -> T:
    """Read the JSON body of a request; an empty one counts as `{}`. Raises FrameError."""
    return _decode(msgspec.json.Decoder(shape), data or b"{}", _BODY)


def marks_of(data: str) -> tuple[Ref, str | None]:
    """The `ref` and `client_id` of a frame that is not going to be read, for the error that says so."""
    return _ref_of(data), _client_id_of(data)


def clean(text: str) -> str:
    """A person's text without what no person types: control characters, and blanks at its ends."""
    return text.translate(_CONTROLS).strip()


def clean_client_id(client_id: str) -> ClientId:
    """A client's own id as the domain's."""
    return ClientId(client_id)


def conversation_of(channel: str) -> ConversationId | None:
    """The conversation that a channel names; None when it names none."""
    found = _CONVERSATION_CHANNEL.fullmatch(channel)
    return ConversationId(found[1]) if found else None


class _WithRef(msgspec.Struct, frozen=True):
    ref: Ref = None


class _WithClientId(msgspec.Struct, frozen=True):
    client_id: Id | None = None


_with_ref = msgspec.json.Decoder(_WithRef)
_with_client_id = msgspec.json.Decoder(_WithClientId)


def _decode(decoder: msgspec.json.Decoder[T], data: str | bytes, called: str) -> T:
    try:
        return decoder.decode(data)
    except RecursionError:
        raise FrameError(Code.INVALID, f"{called} is nested too deeply.") from None
    except msgspec.ValidationError as error:
        _refuse(str(error), data, called)
    except ValueError:
        raise FrameError(Code.INVALID, f"{called} is not a JSON object.") from None


def _refuse(reason: str, data: str | bytes, called: str) -> NoReturn:
    code, message = _in_words(reason, called)
    raise FrameError(code, message, ref=_ref_of(data), client_id=_client_id_of(data))


def _ref_of(data: str | bytes) -> str | int | None:
    """What of a frame that is wrong elsewhere can still be told in the error."""
    with suppress(ValueError, RecursionError):
        return _with_ref.decode(data).ref
    return None


def _client_id_of(data: str | bytes) -> str | None:
    with suppress(ValueError, RecursionError):
        return _with_client_id.decode(data).client_id
    return None


def _in_words(reason: str, called: str) -> tuple[str, str]:
    found = _WHERE.match(reason)
    what, where = (found["what"], found["where"] or "") if found else (reason, "")
    if where == "type" and what.startswith("Invalid value"):
        return UNKNOWN_TYPE, f"There is no frame of the type “{_short_quote(what)}”."
    if what.startswith("Object missing required field"):
        return Code.INVALID, f"The field {what.rsplit(' ', 1)[-1].strip('`')} is missing."
    if where == "text" and "length <=" in what:
        return Code.INVALID, f"A message has at most {MAX_TEXT_CHARACTERS:,} characters."
    if not where:
        return Code.INVALID, f"{called} is not a JSON object."
    return Code.INVALID, f"The field {where} is wrong: {what.replace('`', '')}."


def _short_quote(what: str) -> str:
    return what.removeprefix("Invalid value ").strip("'")[:MAX_ID_CHARACTERS]


def _check_not_blank(frame: MessagePost) -> None:
    if not clean(frame.text):
        raise FrameError(Code.INVALID, "A message needs some text.", ref=frame.ref, client_id=frame.client_id)


def _short(text: str) -> str:
    return clean(text)[:MAX_PAGE_CHARACTERS]


def _address(text: str) -> str:
    """Only http: the console makes links of these, and `javascript:` is an address too."""
    short = _short(text)
    return short if short.lower().startswith(("http://", "https://")) else ""
