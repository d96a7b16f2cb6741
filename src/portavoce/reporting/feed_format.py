"""The open format of the interval feed, written and read: docs/interval-feed.md says what each field means.

Pure, and the same bytes for the same content whoever writes them.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from uuid import UUID

import msgspec

from portavoce.kit.formulas import harmless
from portavoce.reporting.counts import Counts
from portavoce.reporting.facts import Anchor
from portavoce.reporting.intervals import Interval
from portavoce.reporting.observing.units import NO_CLAUSE

NAME, VERSION = "portavoce-intervals", 1
COUNTS = Counts.__struct_fields__
COLUMNS = ("starts_at", "ends_at", "line_id", "line", "channel", "measure", "clause_id", *COUNTS, "n")
MEDIA_TYPES = {"csv": "text/csv", "jsonl": "application/x-ndjson"}


class FeedHead(msgspec.Struct, frozen=True, kw_only=True):
    """First line of JSON lines. `restatement` is 1 for the first file of a day and rises with each that replaces it."""

    format: str = NAME
    version: int = VERSION
    brand: str
    zone: str
    day: date
    minutes: int
    intervals: int
    restatement: int
    n: int
    hash: str
    as_of: datetime


class FeedRow(msgspec.Struct, frozen=True, kw_only=True):
    """One interval of one measure; `n` is the fact up to which it is told. `clause_id` is None where no clause judges."""

    starts_at: datetime
    ends_at: datetime
    line_id: UUID
    line: str
    channel: str
    measure: str
    clause_id: UUID | None
    units: int
    ended: int
    met: int
    late: int
    let_go: int
    overdue: int
    used_s: int
    with_client_s: int
    n: int


def head_of(
    brand: str, zone: str, day: date, minutes: int, *, intervals: int, restatement: int, anchor: Anchor
) -> FeedHead:
    return FeedHead(
        brand=brand, zone=zone, day=day, minutes=minutes, intervals=intervals, restatement=restatement,
        n=anchor.n, hash=anchor.hash.hex(), as_of=anchor.at,
    )  # fmt: skip


def rows_of(
    intervals: Iterable[Interval], minutes: int, lines: Mapping[UUID, str], end: datetime, n: int
) -> list[FeedRow]:
    """`end` is that of the day: where half an hour was taken from it, the last interval is shorter."""
    return [
        FeedRow(
            starts_at=each.starts_at,
            ends_at=min(each.starts_at + timedelta(minutes=minutes), end),
            line_id=each.of.lob_id,
            line=lines.get(each.of.lob_id, ""),
            channel=each.of.channel,
            measure=each.of.measure,
            clause_id=None if each.of.clause_id == NO_CLAUSE else each.of.clause_id,
            n=n,
            **msgspec.structs.asdict(each.counts),
        )
        for each in intervals
    ]


def as_csv(rows: Iterable[FeedRow]) -> bytes:
    """RFC 4180 with a heading line, commas and UTF-8, in every language; no cell can run in a spreadsheet."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    for row in rows:
        writer.writerow([_cell(getattr(row, name)) for name in COLUMNS])
    return text.getvalue().encode()


def as_json_lines(head: FeedHead, rows: Iterable[FeedRow]) -> bytes:
    return b"".join(msgspec.json.encode(each) + b"\n" for each in (head, *rows))


def read_json_lines(content: bytes) -> tuple[FeedHead, list[FeedRow]]:
    """ValueError for what is none of ours."""
    first, *rest = content.splitlines()
    head = msgspec.json.decode(first, type=FeedHead)
    if (head.format, head.version) != (NAME, VERSION):
        raise ValueError(f"no {NAME} {VERSION}")
    return head, [msgspec.json.decode(line, type=FeedRow) for line in rest]


def digest_of(quarters: Iterable[Interval]) -> str:
    """Of what was counted, whatever the ledger's number is by now and whatever lines are called."""
    return sha256(b"".join(msgspec.json.encode(each) for each in quarters)).hexdigest()


def _cell(value: datetime | UUID | str | int | None) -> str:
    if isinstance(value, datetime):
        return f"{value.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
    return "" if value is None else harmless(str(value))
