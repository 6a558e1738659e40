"""Ids, as many at a time as one query asks for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final, TypeVar

T = TypeVar("T")

IDS_AT_ONCE: Final = 50
"""The embedded engine goes through an `$in` for each document: 0.3 ms with 50 ids, 1.2 ms with 500."""


def batches(several: Sequence[T]) -> Iterator[list[T]]:
    """In their order, `IDS_AT_ONCE` at a time; nothing for none."""
    for start in range(0, len(several), IDS_AT_ONCE):
        yield list(several[start : start + IDS_AT_ONCE])
