"""The rows of a report over several brands: pure, and the same on the page and in a file."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from uuid import UUID

import msgspec

from portavoce.reporting.months import Month
from portavoce.reporting.team.figures import BrandMonths, Service, Work
from portavoce.reporting.team.pieces import By, Entry, Key, Kind, Piece, piece_of


class Row(msgspec.Struct, frozen=True):
    """`work` is None where it is not shown; `partly`: some of it stands
    in a row of others. `service` is None where it is of no person.
    """

    key: Key
    name: str
    people: int = 0
    work: Work | None = None
    service: Service | None = None
    partly: bool = False


class TeamReport(msgspec.Struct, frozen=True):
    """The totals are of what the rows show. `hidden`: brands and months of which no work is shown, for too few people."""

    by: By
    rows: list[Row]
    work: Work
    service: Service
    hidden: list[tuple[str, Month]]


LAST = (Kind.OTHERS, Kind.JOINED, Kind.NOBODY)
"""They stand below the rows that have a name."""


def team_report(reads: Sequence[BrandMonths], by: By) -> TeamReport:
    """What is shown of one brand and month does not depend on the others."""
    return put_together([piece_of(read, by) for read in reads], by)


def put_together(pieces: Iterable[Piece], by: By) -> TeamReport:
    """The report of pieces that were made by one grouping, whenever."""
    found: dict[Key, Entry] = {}
    people: dict[Key, set[UUID]] = defaultdict(set)
    partly: set[Key] = set()
    hidden: list[tuple[str, Month]] = []
    for piece in pieces:
        for entry in piece.entries:
            found[entry.key] = entry if entry.key not in found else found[entry.key] + entry
            people[entry.key].update(entry.people)
        partly.update(piece.partly)
        hidden += piece.hidden
    rows = [
        Row(key, each.name, len(people[key]), each.work, each.service, key in partly)
        for key, each in found.items()
    ]
    rows.sort(key=lambda row: (row.key.kind in LAST, row.key.brand, row.name, row.key.id))
    work = sum((row.work for row in rows if row.work is not None), Work())
    service = sum((row.service for row in rows if row.service is not None), Service())
    return TeamReport(by, rows, work, service, hidden)
