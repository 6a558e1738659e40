"""The hash chain of a workspace's audit entries, and its check.

An entry's hash is SHA-256 over the hash of the entry before it, in hex, followed by the entry's own
canonical JSON: UTF-8, keys sorted, no spaces, `at` as milliseconds since 1970, without `hash` and
`prev_hash`. Before the first entry stand 64 zeros. Whoever keeps a head (the newest hash) elsewhere can also
prove that nothing was cut off.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import AsyncIterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from actors.ids import WorkspaceId
from server.store.database import Document

FIRST_HASH = "0" * 64
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_UNHASHED = frozenset({"hash", "prev_hash"})


@dataclass(frozen=True, slots=True)
class Head:
    """The end of a chain: how many entries it has, and the hash of the newest."""

    chain_seq: int = 0
    hash: str = FIRST_HASH


@dataclass(frozen=True, slots=True)
class VerifyReport:
    """What a check found. When not `ok`, `problem` says in words what is wrong first, at the entry `bad_id`.

    `count` and `head_hash` tell how far the chain was found whole.
    """

    workspace_id: WorkspaceId
    ok: bool
    count: int
    head_hash: str
    bad_id: str | None = None
    problem: str | None = None


def linked(document: Document, head: Head) -> Document:
    """The document with its place in the chain, after `head`."""
    placed = {**document, "chain_seq": head.chain_seq + 1, "prev_hash": head.hash}
    return {**placed, "hash": hash_of(placed, head.hash)}


def head_after(document: Document) -> Head:
    """The head of a chain that ends with this document."""
    return Head(int(document["chain_seq"]), document["hash"])


def hash_of(document: Document, prev_hash: str) -> str:
    """The hash that a document after `prev_hash` must have."""
    return hashlib.sha256(prev_hash.encode() + canonical(document)).hexdigest()


def canonical(document: Document) -> bytes:
    """The bytes of a document that its hash covers."""
    covered = {name: value for name, value in document.items() if name not in _UNHASHED}
    return json.dumps(
        covered, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=_milliseconds
    ).encode()


async def check(
    workspace_id: WorkspaceId, documents: AsyncIterable[Document], exported_head: str | None
) -> VerifyReport:
    """Follow a chain from its first entry; `documents` come by `chain_seq`."""
    head, seen = Head(), exported_head is None or exported_head == FIRST_HASH
    async for document in documents:
        problem = _problem(document, head)
        if problem:
            return VerifyReport(workspace_id, False, head.chain_seq, head.hash, str(document["_id"]), problem)
        head = head_after(document)
        seen = seen or head.hash == exported_head
    if not seen:
        problem = f"the exported head {exported_head} is not in the chain: entries are missing at its end"
        return VerifyReport(workspace_id, False, head.chain_seq, head.hash, None, problem)
    return VerifyReport(workspace_id, True, head.chain_seq, head.hash)


def _problem(document: Document, head: Head) -> str | None:
    expected, found = head.chain_seq + 1, document.get("chain_seq")
    if found != expected:
        return f"entry {expected} is missing, entry {found} follows entry {head.chain_seq}"
    if document.get("prev_hash") != head.hash:
        return f"entry {expected} does not continue entry {head.chain_seq}: one of them was changed"
    try:
        right = document.get("hash") == hash_of(document, head.hash)
    except (TypeError, ValueError):
        right = False
    return None if right else f"entry {expected} was changed after it was written"


def _milliseconds(value: object) -> int:
    if isinstance(value, datetime):
        return (value - _EPOCH) // timedelta(milliseconds=1)
    raise TypeError(f"{type(value).__name__} has no place in an audit entry")
