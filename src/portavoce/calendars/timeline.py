"""Open time through the versions of a calendar: a clock walks on in the next version as it comes into force.

All intervals are half-open: the instant of closing belongs to the next opening. Before the first version nothing is
open. Versions come in order of `valid_from` (ValueError otherwise).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta

from portavoce.calendars import hours
from portavoce.calendars.errors import NeverOpen
from portavoce.calendars.versions import CalendarHours, begins
from portavoce.calendars.walls import Span, spans

HORIZON = timedelta(days=400)
ALWAYS = (CalendarHours(datetime(1900, 1, 1, tzinfo=UTC), "UTC", hours.ALWAYS),)
"""Round the clock: the calendar of what is measured without one."""


def known_at(versions: Sequence[CalendarHours], instant: datetime) -> tuple[CalendarHours, ...]:
    """The versions that were published until then: what a clock that ended is measured with for good.

    Of several that begin at once the last of them counts: a version is replaced before it comes into force.
    """
    known = {version.valid_from: version for version in versions if version.known_from <= instant}
    return tuple(known.values())


def open_intervals(versions: Sequence[CalendarHours], start: datetime, end: datetime) -> Iterator[Span]:
    """The open stretches of [start, end) as spans in UTC, in order, never touching one another."""
    pending: Span | None = None
    for opens, closes in _pieces(versions, start, end):
        if pending is None:
            pending = opens, closes
        elif pending[1] == opens:
            pending = pending[0], closes
        else:
            yield pending
            pending = opens, closes
    if pending is not None:
        yield pending


def elapsed(versions: Sequence[CalendarHours], start: datetime, end: datetime) -> timedelta:
    """Open time from start to end, which may not lie before it (ValueError)."""
    if end.astimezone(UTC) < start.astimezone(UTC):
        raise ValueError(f"{end} lies before {start}")
    return sum((closes - opens for opens, closes in _pieces(versions, start, end)), timedelta(0))


def due(versions: Sequence[CalendarHours], start: datetime, budget: timedelta) -> datetime:
    """The instant, in UTC, at which `budget` of open time has passed since `start`.

    A budget that ends with the day is due at the next opening, since closing belongs to it: whatever happens up
    to and including the due instant has used no more than the budget. NeverOpen if over 400 days of closed time lie
    before it.
    """
    if budget < timedelta(0):
        raise ValueError(f"a budget of {budget}")
    left = budget
    for opens, closes in _pieces(versions, start, start + budget + HORIZON):
        if left < closes - opens:
            return opens + left
        left -= closes - opens
    raise NeverOpen(f"{budget} of open time is not reached within {HORIZON.days} closed days")


def _pieces(versions: Sequence[CalendarHours], start: datetime, end: datetime) -> Iterator[Span]:
    """Open spans in order, cut where days and versions meet."""
    # Two instants of one zone would be compared by what its clocks show, which come twice in one night of the year.
    start, end = start.astimezone(UTC), end.astimezone(UTC)
    ends = [*begins(versions)[1:], end]
    for version, until in zip(versions, ends, strict=False):
        first, past = max(start, version.valid_from), min(end, until)
        if first < past:
            yield from _of_version(version, first.astimezone(UTC), past.astimezone(UTC))


def _of_version(version: CalendarHours, start: datetime, end: datetime) -> Iterator[Span]:
    if version.always_open:
        yield start, end
    elif not version.never_open:
        yield from spans(version.hours_of, version.zone, start, end)
