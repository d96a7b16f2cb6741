"""A calendar month in a brand's zone: its text in addresses, its bounds in UTC, its days and weeks."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import msgspec

_TEXT = re.compile(r"(2\d{3})-(0[1-9]|1[0-2])", re.ASCII)


class Month(msgspec.Struct, frozen=True, order=True):
    """Written `2026-10`; months compare by time."""

    year: int
    number: int

    def __str__(self) -> str:
        return f"{self.year}-{self.number:02d}"

    @property
    def first(self) -> date:
        return date(self.year, self.number, 1)

    @property
    def next(self) -> Month:
        return Month(self.year + self.number // 12, self.number % 12 + 1)

    @property
    def previous(self) -> Month:
        return month_of_day(self.first - timedelta(days=1))

    def bounds(self, zone: str) -> tuple[datetime, datetime]:
        """The first instant of the month and that of the next, in UTC."""
        return midnight(self.first, zone), midnight(self.next.first, zone)

    def weeks(self) -> list[date]:
        """The first day that each week, Monday to Sunday, has in this month."""
        mondays = [day for day in self.days() if day.weekday() == 0]
        return mondays if self.first in mondays else [self.first, *mondays]

    def days(self) -> list[date]:
        return [self.first + timedelta(days=n) for n in range((self.next.first - self.first).days)]


def read_month(text: str) -> Month | None:
    """`2026-10` from the year 2000 on; None for anything else."""
    found = _TEXT.fullmatch(text)
    return Month(int(found[1]), int(found[2])) if found else None


def day_of(instant: datetime, zone: str) -> date:
    return instant.astimezone(ZoneInfo(zone)).date()


def month_of(instant: datetime, zone: str) -> Month:
    return month_of_day(day_of(instant, zone))


def month_of_day(day: date) -> Month:
    return Month(day.year, day.month)


def week_of(instant: datetime, zone: str) -> date:
    """What `Month.weeks` calls the week of this instant, in the instant's own month."""
    return week_of_day(day_of(instant, zone))


def week_of_day(day: date) -> date:
    return max(day - timedelta(days=day.weekday()), day.replace(day=1))


def midnight(day: date, zone: str) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(zone)).astimezone(UTC)
