"""Parts of a month's units: by day, week or weekday of the brand's zone, by line of business, by clause."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from uuid import UUID

import msgspec

from portavoce.reporting.months import Month, midnight, week_of_day

QUARTER = timedelta(minutes=15)


class Cut(msgspec.Struct, frozen=True):
    """What is None is not cut. `week` is what `Month.weeks` calls it, `weekday` 0 is Monday; `quarter` begins a quarter of
    an hour, in UTC.
    """

    week: date | None = None
    weekday: int | None = None
    day: date | None = None
    quarter: datetime | None = None
    lob_id: UUID | None = None
    clause_id: UUID | None = None

    def holds(self, day: date) -> bool:
        """Whether a day of the month belongs to it."""
        return (
            (self.week is None or week_of_day(day) == self.week)
            and (self.weekday is None or day.weekday() == self.weekday)
            and (self.day is None or day == self.day)
        )

    def stretches(self, month: Month, zone: str) -> list[tuple[datetime, datetime]]:
        """The instants that belong to it, as spans in UTC, in order; days that follow one another are one span."""
        if self.quarter is not None:
            return [(self.quarter, self.quarter + QUARTER)]
        days = (day for day in month.days() if self.holds(day))
        return [
            (midnight(first, zone), midnight(last + timedelta(days=1), zone)) for first, last in _joined(days)
        ]


WHOLE = Cut()


def _joined(days: Iterable[date]) -> Iterable[tuple[date, date]]:
    found: list[tuple[date, date]] = []
    for day in days:
        if found and day - found[-1][1] == timedelta(days=1):
            found[-1] = found[-1][0], day
        else:
            found.append((day, day))
    return found
