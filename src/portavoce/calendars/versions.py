"""Which of several dated versions holds at an instant; for calendars, clauses and contracts alike."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from itertools import pairwise
from typing import Protocol, TypeVar

import msgspec

from portavoce.calendars.hours import Stretches, Weekly, check


class Dated(Protocol):
    """A version that holds from an aware instant until the next one does."""

    @property
    def valid_from(self) -> datetime: ...


V = TypeVar("V", bound=Dated)


class CalendarHours(msgspec.Struct, frozen=True):
    """One version of a calendar as one channel sees it: its week in an IANA zone, and the days that differ from it.

    A public holiday is a day without a stretch. `published_at` is when the version became known, never after it began
    to hold; None if that is not told, which counts as the same instant.
    """

    valid_from: datetime
    zone: str
    weekly: Weekly
    days: Mapping[date, Stretches] = {}
    published_at: datetime | None = None

    def __post_init__(self) -> None:
        for stretches in self.days.values():
            check(stretches)
        if self.published_at is not None and self.published_at > self.valid_from:
            raise ValueError("a version begins before it is published")

    @property
    def known_from(self) -> datetime:
        return self.published_at or self.valid_from

    @property
    def always_open(self) -> bool:
        return not self.days and self.weekly.always_open

    @property
    def never_open(self) -> bool:
        return self.weekly.never_open and not any(self.days.values())

    def hours_of(self, day: date) -> Stretches:
        """What is open of a day of the zone."""
        usual = self.weekly.days.get(day.weekday(), ())
        return self.days.get(day, usual)


def valid_at(versions: Sequence[V], instant: datetime) -> V | None:
    """The version in force (from its first instant on); None before the first. ValueError as `begins`."""
    position = bisect_right(begins(versions), instant)
    return versions[position - 1] if position else None


def begins(versions: Sequence[Dated]) -> list[datetime]:
    """When each version begins to hold.

    Versions come in order of `valid_from`, no two alike: ValueError otherwise, since the answer would be chance.
    """
    starts = [version.valid_from for version in versions]
    if any(later <= earlier for earlier, later in pairwise(starts)):
        raise ValueError("versions are not in order of valid_from")
    return starts
