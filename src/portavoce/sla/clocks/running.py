"""How much of a clock is used, and when it is due: open hours of the calendar without what stopped it."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from portavoce.calendars.timeline import due, elapsed
from portavoce.calendars.versions import CalendarHours

NOTHING = timedelta(0)
Stretch = tuple[datetime, datetime | None]
"""From an instant to another; None is: still."""


class Run(NamedTuple):
    """`due_at` is None while it is stopped before it is due (C4): what is left of the budget is frozen."""

    used: timedelta
    due_at: datetime | None


def run(
    calendar: Sequence[CalendarHours], stretches: Iterable[Stretch], budget: timedelta, as_of: datetime
) -> Run:
    """Over stretches in order, none of which overlap, used until `as_of`; the due instant may lie behind it.

    An instant at closing time belongs to the next opening (C3), so whatever happens up to and including the due
    instant has used no more than the budget. NeverOpen where it never gets there.
    """
    used, due_at = NOTHING, None
    for since, until in stretches:
        if due_at is None:
            found = due(calendar, since, budget - used)
            due_at = found if until is None or found < until else None
        used += elapsed(calendar, since, max(since, min(until or as_of, as_of)))
    return Run(used, due_at)


def without(since: datetime, until: datetime | None, stops: Iterable[Stretch]) -> Iterator[Stretch]:
    """What is left of a stretch when the stops, in order, are taken out of it."""
    begun = since
    for stopped, goes_on in stops:
        if stopped > begun and (until is None or begun < until):
            yield begun, stopped if until is None else min(stopped, until)
        if goes_on is None:
            return
        begun = max(begun, goes_on)
    if until is None or begun < until:
        yield begun, until


def within(stretches: Iterable[Stretch], others: Sequence[Stretch]) -> Iterator[Stretch]:
    """Where both are: the parts of the stretches that also lie in one of the others."""
    for since, until in stretches:
        for other_since, other_until in others:
            begun, ended = max(since, other_since), _earlier(until, other_until)
            if ended is None or begun < ended:
                yield begun, ended


def _earlier(one: datetime | None, other: datetime | None) -> datetime | None:
    known = [each for each in (one, other) if each is not None]
    return min(known) if known else None
