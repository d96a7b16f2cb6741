"""Which of several dated versions holds at an instant; for calendars, clauses and contracts alike."""

from bisect import bisect_right
from collections.abc import Sequence
from datetime import datetime
from itertools import pairwise
from typing import Protocol, TypeVar

import msgspec

from portavoce.calendars.hours import Weekly


class Dated(Protocol):
    """A version that holds from an aware instant until the next one does."""

    @property
    def valid_from(self) -> datetime: ...


V = TypeVar("V", bound=Dated)


class CalendarHours(msgspec.Struct, frozen=True):
    """One version of a calendar: its weekly pattern in an IANA zone."""

    valid_from: datetime
    zone: str
    weekly: Weekly


def valid_at(versions: Sequence[V], instant: datetime) -> V | None:
    """The version in force (from its first instant on); None before the first.

    Versions come in order of `valid_from`, no two alike: ValueError otherwise, since the answer would be chance.
    """
    starts = [version.valid_from for version in versions]
    if any(later <= earlier for earlier, later in pairwise(starts)):
        raise ValueError("versions are not in order of valid_from")
    position = bisect_right(starts, instant)
    return versions[position - 1] if position else None
