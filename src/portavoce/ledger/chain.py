"""The hash chain of a ledger: each link binds its number, its stored bytes and the link before."""

import json
from collections.abc import Iterable, Iterator, Mapping
from hashlib import sha256
from uuid import UUID

import msgspec

from portavoce.kit.canonical import NotCanonical, dumps


class Head(msgspec.Struct, frozen=True):
    """Where a chain stands: the number and hash of its last row, or 0 and the genesis of its owner."""

    n: int
    hash: bytes


class Row(msgspec.Struct, frozen=True):
    """A stored row as read back: `columns` are the typed copies of what its body says under the same keys."""

    n: int
    prev: bytes
    hash: bytes
    body: str
    columns: Mapping[str, object]


class Fault(msgspec.Struct, frozen=True):
    """What does not hold, and the row where it shows."""

    n: int
    reason: str


def genesis(owner_id: UUID) -> bytes:
    """What the first row of a brand (or of an agent) points back to; 32 bytes."""
    return sha256(b"pv1" + owner_id.bytes).digest()


def link(prev: bytes, n: int, body: str) -> bytes:
    """The hash of row `n` (1, 2, ...) with this body after the row hashed `prev`; 32 bytes."""
    return sha256(prev + n.to_bytes(8, "big") + body.encode()).digest()


def verify_rows(rows: Iterable[Row], *, after: Head, head: Head | None = None) -> Iterator[Fault]:
    """Yields every fault of rows read in order of `n`; nothing means the chain holds.

    `after` is where the rows begin (`Head(0, genesis(owner))` for all of them) and `head`, if given, where the
    owner says they end: rows cut off the end show only there.
    """
    last = after
    for row in rows:
        yield from (Fault(row.n, reason) for reason in _faults(row, last))
        last = Head(row.n, row.hash)
    if head is not None and head != last:
        yield Fault(last.n, f"the head says {head.n} and does not match the last row")


def _faults(row: Row, last: Head) -> Iterator[str]:
    if row.n != last.n + 1:
        yield f"follows row {last.n}"
    if row.prev != last.hash:
        yield "prev is not the hash of the row before"
    if row.n < 0 or row.hash != link(row.prev, row.n, row.body):
        yield "hash is not that of the stored bytes"
    yield from _body_faults(row)


def _body_faults(row: Row) -> Iterator[str]:
    body = _parsed(row.body)
    if body is None:
        yield "body is not canonical"
        return
    for name, value in row.columns.items():
        if name not in body or not _same(value, body[name]):
            yield f"column {name} is not what the body says"


def _parsed(text: str) -> dict[str, object] | None:
    try:
        body = json.loads(text)
        return body if isinstance(body, dict) and dumps(body) == text else None
    except (ValueError, RecursionError):
        return None


def _same(column: object, said: object) -> bool:
    try:
        return dumps({"": column}) == dumps({"": said})
    except NotCanonical:
        return False
