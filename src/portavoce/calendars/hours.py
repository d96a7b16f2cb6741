"""Opening hours as arithmetic: a weekly pattern in a zone, turned into instants before anything is subtracted.

All intervals are half-open: the instant of closing belongs to the next opening. A wall time that a change of
clocks skips stands for the moment of the change; one that occurs twice stands for its first occurrence.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import msgspec

from portavoce.calendars.errors import NeverOpen
from portavoce.kit.canonical import dumps

Span = tuple[datetime, datetime]
MINUTES_A_DAY = 24 * 60
HORIZON = timedelta(days=400)
_DAY = timedelta(days=1)
_SECOND = timedelta(seconds=1)


def _check(stretches: tuple[tuple[int, int], ...]) -> None:
    reached = 0
    for first, past in stretches:
        if not reached <= first < past <= MINUTES_A_DAY:
            raise ValueError(f"{first}-{past} is out of order, out of the day or empty")
        reached = past


def _whole(stretches: tuple[tuple[int, int], ...]) -> bool:
    open_minutes = sum(past - first for first, past in stretches)
    return open_minutes == MINUTES_A_DAY


class Weekly(msgspec.Struct, frozen=True):
    """Weekday (0 is Monday) to its open stretches in minutes from midnight, end excluded, 1440 for 24:00.

    ValueError if a stretch is empty or outside the day, or begins before the one before it ends.
    Its JSON form is `{"days":{"0":[[540,1080]]}}`.
    """

    days: dict[int, tuple[tuple[int, int], ...]]

    def __post_init__(self) -> None:
        for weekday, stretches in self.days.items():
            if not 0 <= weekday <= 6:
                raise ValueError(f"no weekday {weekday}")
            _check(stretches)

    @property
    def always_open(self) -> bool:
        return all(_whole(self.days.get(weekday, ())) for weekday in range(7))

    @property
    def never_open(self) -> bool:
        return not any(self.days.values())


ALWAYS = Weekly(dict.fromkeys(range(7), ((0, MINUTES_A_DAY),)))


def read(text: str) -> Weekly:
    """A pattern from its JSON text; msgspec.ValidationError (a ValueError) if it is none."""
    return msgspec.json.decode(text, type=Weekly)


def write(weekly: Weekly) -> str:
    """The JSON text of a pattern: what a calendar version stores. Equal patterns give equal text."""
    return dumps({"days": {str(weekday): stretches for weekday, stretches in weekly.days.items()}})


def open_intervals(weekly: Weekly, zone: str, start: datetime, end: datetime) -> Iterator[Span]:
    """The open stretches of [start, end) as spans in UTC, in order, never touching one another."""
    pending: Span | None = None
    for opens, closes in _clipped(weekly, zone, start.astimezone(UTC), end.astimezone(UTC)):
        if pending is None:
            pending = opens, closes
        elif pending[1] == opens:
            pending = pending[0], closes
        else:
            yield pending
            pending = opens, closes
    if pending is not None:
        yield pending


def elapsed(weekly: Weekly, zone: str, start: datetime, end: datetime) -> timedelta:
    """Open time from start to end, which may not lie before it (ValueError)."""
    if end < start:
        raise ValueError(f"{end} lies before {start}")
    if weekly.always_open:
        return end - start
    spans = open_intervals(weekly, zone, start, end)
    return sum((closes - opens for opens, closes in spans), timedelta(0))


def due(weekly: Weekly, zone: str, start: datetime, budget: timedelta) -> datetime:
    """The instant, in UTC, at which `budget` of open time has passed since `start`.

    A budget that ends with the day is due at the next opening, since closing belongs to it: whatever happens up
    to and including the due instant has used no more than the budget. NeverOpen if that is over 400 days away.
    """
    if budget < timedelta(0):
        raise ValueError(f"a budget of {budget}")
    begin = start.astimezone(UTC)
    if weekly.always_open:
        return begin + budget
    left = budget
    for opens, closes in _clipped(weekly, zone, begin, begin + HORIZON):
        if left < closes - opens:
            return opens + left
        left -= closes - opens
    raise NeverOpen(f"{budget} of open time is not reached within {HORIZON.days} days")


def _clipped(weekly: Weekly, zone: str, start: datetime, end: datetime) -> Iterator[Span]:
    if weekly.never_open:
        return
    for opens, closes in _spans(weekly, ZoneInfo(zone), start, end):
        span = max(opens, start), min(closes, end)
        if span[0] < span[1]:
            yield span


def _spans(weekly: Weekly, zone: ZoneInfo, start: datetime, end: datetime) -> Iterator[Span]:
    # Clocks that go back over midnight show the day before again, when the next day has already begun.
    day, last = start.astimezone(zone).date(), end.astimezone(zone).date() + _DAY
    while day <= last:
        for first, past in weekly.days.get(day.weekday(), ()):
            yield _instant(day, first, zone), _instant(day, past, zone)
        day += _DAY


def _instant(day: date, minute: int, zone: ZoneInfo) -> datetime:
    wall = datetime.combine(day, time(), zone) + timedelta(minutes=minute)
    instant = wall.astimezone(UTC)
    if instant.astimezone(zone).replace(tzinfo=None) == wall.replace(tzinfo=None):
        return instant
    return _change_of_clocks(wall.replace(fold=1).astimezone(UTC), instant, zone)


def _change_of_clocks(before: datetime, after: datetime, zone: ZoneInfo) -> datetime:
    earlier = before.astimezone(zone).utcoffset()
    while after - before > _SECOND:
        middle = before + (after - before) // 2
        if middle.astimezone(zone).utcoffset() == earlier:
            before = middle
        else:
            after = middle
    return after.replace(microsecond=0)
