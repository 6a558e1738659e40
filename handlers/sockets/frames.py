"""WebSocket frames as a server sends them (RFC 6455): not masked, so one serves every subscriber."""

from __future__ import annotations

import struct

from actors.ports import Frame

_TEXT = 0x81  # final, text
_LENGTH_16, _LENGTH_64 = 126, 127

PING: Frame = b"\x89\x00"
"""An empty ping. Browsers answer it by themselves."""


def text_frame(payload: bytes) -> Frame:
    """A text message of UTF-8, as one frame."""
    size = len(payload)
    if size < _LENGTH_16:
        return struct.pack("!BB", _TEXT, size) + payload
    if size < 1 << 16:
        return struct.pack("!BBH", _TEXT, _LENGTH_16, size) + payload
    return struct.pack("!BBQ", _TEXT, _LENGTH_64, size) + payload


def payload_of(frame: Frame) -> bytes:
    """What a frame of `text_frame` carries."""
    return frame[{_LENGTH_16: 4, _LENGTH_64: 10}.get(frame[1], 2) :]
