"""Server-sent events, as they arrive in pieces of any size."""

from __future__ import annotations

import codecs

MAX_EVENT_CHARACTERS = 1024 * 1024


class EventStream:
    """Takes bytes, gives the data of each whole event. Knows CR, LF and CRLF, comments and other fields."""

    def __init__(self) -> None:
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._rest = ""
        self._data: list[str] = []

    def feed(self, chunk: bytes) -> list[str]:
        """The events that end in this chunk. Raises ValueError for one that is far too long."""
        self._rest += self._decoder.decode(chunk).removeprefix("\ufeff")
        *lines, self._rest = self._lines()
        if len(self._rest) > MAX_EVENT_CHARACTERS or sum(map(len, self._data)) > MAX_EVENT_CHARACTERS:
            raise ValueError("an event of the stream is too long")
        return [event for line in lines for event in self._line(line)]

    def close(self) -> list[str]:
        """The event that the stream ended in, when it did not end with an empty line."""
        return [event for line in (self._rest.rstrip("\r"), "") for event in self._line(line)]

    def _lines(self) -> list[str]:
        # A CR at the very end may be the first half of a CRLF: it waits for the next chunk.
        held = self._rest.endswith("\r")
        text = self._rest[:-1] if held else self._rest
        lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
        lines[-1] += "\r" if held else ""
        return lines

    def _line(self, line: str) -> list[str]:
        if line:
            name, _, value = line.partition(":")
            if name == "data":
                self._data.append(value.removeprefix(" "))
            return []
        event, self._data = "\n".join(self._data), []
        return [event] if event else []
