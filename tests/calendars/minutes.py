"""Open time by looking at every minute: slow, and without a thought in common with `calendars.timeline`."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from functools import cache
from itertools import accumulate
from zoneinfo import ZoneInfo

from portavoce.calendars.hours import Stretches, Weekly
from portavoce.calendars.versions import CalendarHours

MINUTE = timedelta(minutes=1)
MARGIN = timedelta(days=3)


@cache
def _reached(zone: str, first: datetime, count: int) -> tuple[list[datetime], datetime]:
    """The latest that wall clocks of the zone have shown by each minute, and what they show at the last one."""
    local = ZoneInfo(zone)
    walls = [(first + n * MINUTE).astimezone(local).replace(tzinfo=None, fold=0) for n in range(count)]
    return list(accumulate(walls, max)), walls[-1]


class Calculator:
    """Whether each minute of UTC from before `start` to after `end` is open.

    A stretch of a local day opens at the first minute whose wall clock reaches its opening, and closes for good at
    the first that reaches its closing: what a shop does that looks at its clock and never opens twice.
    """

    def __init__(
        self,
        weekly: Weekly,
        zone: str,
        start: datetime,
        end: datetime,
        days: Mapping[date, Stretches] | None = None,
    ) -> None:
        self.first = (start.astimezone(UTC) - MARGIN).replace(second=0, microsecond=0)
        count = (end.astimezone(UTC) + MARGIN - self.first) // MINUTE
        reached, last = _reached(zone, self.first, count)
        self.open = [False] * count
        day = reached[0].date()
        while day <= last.date():
            midnight = datetime.combine(day, datetime.min.time())
            for opens, closes in (days or {}).get(day, weekly.days.get(day.weekday(), ())):
                for n in range(
                    bisect_left(reached, midnight + opens * MINUTE),
                    bisect_left(reached, midnight + closes * MINUTE),
                ):
                    self.open[n] = True
            day += timedelta(days=1)

    def elapsed(self, start: datetime, end: datetime) -> timedelta:
        passed, at = timedelta(0), start.astimezone(UTC)
        end = end.astimezone(UTC)
        while at < end:
            number = (at - self.first) // MINUTE
            until = min(end, self.first + (number + 1) * MINUTE)
            passed += (until - at) if self.open[number] else timedelta(0)
            at = until
        return passed

    def due(self, start: datetime, budget: timedelta) -> datetime | None:
        """The first open instant behind which more than the budget would be used; None outside what was looked at."""
        at, left = start.astimezone(UTC), budget
        for number in range((at - self.first) // MINUTE, len(self.open)):
            until = self.first + (number + 1) * MINUTE
            if self.open[number]:
                if left < until - at:
                    return at + left
                left -= until - at
            at = until
        return None


class Walker(Calculator):
    """Each minute by the version that is in force in it: versions begin with a minute here."""

    def __init__(self, versions: Sequence[CalendarHours], start: datetime, end: datetime) -> None:
        looks = [Calculator(each.weekly, each.zone, start, end, each.days) for each in versions]
        super().__init__(Weekly({}), "UTC", start, end)
        for n in range(len(self.open)):
            minute = self.first + n * MINUTE
            in_force = [look for look, each in zip(looks, versions, strict=True) if each.valid_from <= minute]
            self.open[n] = bool(in_force) and in_force[-1].open[n]
