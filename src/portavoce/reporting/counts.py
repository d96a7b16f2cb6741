"""Counts of measured units, day by day: pure, so that anybody can count again."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime
from uuid import UUID

import msgspec

from portavoce.reporting.months import day_of
from portavoce.reporting.observing.units import Unit


class Counts(msgspec.Struct, frozen=True):
    """`overdue` are open and past due at the anchor: late like `late`. Seconds are of the ended ones."""

    units: int = 0
    ended: int = 0
    met: int = 0
    late: int = 0
    let_go: int = 0
    overdue: int = 0
    used_s: int = 0
    with_client_s: int = 0

    def __add__(self, other: Counts) -> Counts:
        return Counts(*(one + two for one, two in zip(_values(self), _values(other), strict=True)))

    def __sub__(self, other: Counts) -> Counts:
        """Without units that are among these."""
        return Counts(*(one - two for one, two in zip(_values(self), _values(other), strict=True)))

    @property
    def decided(self) -> int:
        return self.met + self.late + self.overdue

    @property
    def running(self) -> int:
        """Of a clause's units: open ones that are not late, standing still or not."""
        return self.units - self.decided - self.let_go


class Cell(msgspec.Struct, frozen=True):
    """The counts of one measure on one day of the brand's zone, for one clause, line of business and channel."""

    day: date
    measure: str
    clause_id: UUID
    lob_id: UUID
    channel: str
    counts: Counts


def count_units(
    units: Iterable[Unit], zone: str, start: datetime, end: datetime, as_of: datetime
) -> list[Cell]:
    """Of the units counted in [start, end), as they stand at `as_of`; in order of their keys."""
    found: dict[tuple[date, str, UUID, UUID, str], Counts] = defaultdict(Counts)
    for unit in units:
        if start <= unit.at < end:
            key = (day_of(unit.at, zone), unit.measure, unit.clause_id, unit.lob_id, unit.channel)
            found[key] += counts_of(unit, as_of)
    return [Cell(*key, counts) for key, counts in sorted(found.items())]


def counts_of(unit: Unit, as_of: datetime) -> Counts:
    overdue = unit.state == "open" and unit.due_at is not None and unit.due_at < as_of
    return Counts(
        units=1,
        ended=int(unit.until is not None),
        met=int(unit.state == "met"),
        late=int(unit.state == "late"),
        let_go=int(unit.state == "let_go"),
        overdue=int(overdue),
        used_s=unit.used_s,
        with_client_s=unit.with_client_s,
    )


def _values(counts: Counts) -> tuple[int, ...]:
    return msgspec.structs.astuple(counts)
