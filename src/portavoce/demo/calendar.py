"""When things happen in the demo: arrivals shaped by hour and weekday, shifts with their pauses. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from itertools import groupby
from random import Random
from typing import NamedTuple
from zoneinfo import ZoneInfo

from portavoce.demo.cast import ZONE, Operator, Team, team

HOUR = timedelta(hours=1)
HOURS = (2, 1, 1, 1, 1, 2, 5, 10, 17, 22, 24, 22, 15, 14, 18, 20, 19, 17, 14, 13, 12, 10, 7, 4)
DAYS = (118, 108, 100, 98, 96, 62, 48)
TURN = time(4)
SURGE = timedelta(days=23)


class Shift(NamedTuple):
    """`pause` is when the meal begins, half an hour; None for a short shift."""

    desk: int
    start: datetime
    end: datetime
    pause: datetime | None


def windows(start: datetime, end: datetime) -> list[datetime]:
    """The ends of the simulated days: four in the morning local time, when hardly anybody works, and the end."""
    local = start.astimezone(ZoneInfo(ZONE))
    turn = datetime.combine(local.date(), TURN, local.tzinfo)
    turns = []
    while turn < end:
        if turn > start:
            turns.append(turn)
        turn = datetime.combine(turn.date() + timedelta(days=1), TURN, local.tzinfo)
    return [*turns, end]


def weeks(start: datetime, end: datetime) -> list[list[datetime]]:
    """The windows, by working week: within one nobody changes desks, so that each desk may go at its own pace."""
    return [list(days) for _, days in groupby(windows(start, end), key=lambda until: week_of(until - HOUR))]


def week_of(instant: datetime) -> date:
    """The Monday of its working week, which turns when its days do."""
    local = instant.astimezone(ZoneInfo(ZONE)) - timedelta(hours=TURN.hour)
    return local.date() - timedelta(days=local.weekday())


def arrivals(random: Random, brand: Team, start: datetime, end: datetime, count: int) -> list[datetime]:
    """`count` instants in [start, end), more by day than by night; one brand has a bad day three weeks ago."""
    hours = [start + at * HOUR for at in range(max(1, (end - start) // HOUR))]
    weights = [_weight(brand, hour, end) for hour in hours]
    chosen = random.choices(hours, weights, k=count)
    return sorted(hour + timedelta(milliseconds=random.randrange(3_600_000)) for hour in chosen)


def shifts(operator: Operator, start: datetime, end: datetime) -> Iterator[Shift]:
    """Whoever serves brands of both desks works a week at the one and a week at the other."""
    zone = ZoneInfo(ZONE)
    desks = sorted({team(slug).desk for slug in operator.brands})
    day = start.astimezone(zone).date()
    while (begin := datetime.combine(day, time(operator.shift[0]), zone)) < end:
        if day.weekday() in operator.days and begin > start:
            desk = desks[week_of(begin).toordinal() // 7 % len(desks)]
            finish = begin + operator.shift[1] * HOUR
            pause = begin + operator.shift[1] * HOUR / 2 if operator.pause else None
            yield Shift(desk, begin, finish, pause)
        day += timedelta(days=1)


def on_duty(operator: Operator, plan: Sequence[Shift], end: datetime) -> list[Shift]:
    """The same plan with a last shift that lasts beyond the end, whatever the hour: the house is never empty."""
    begin = end - 4 * HOUR
    desk = min(team(slug).desk for slug in operator.brands)
    kept = [
        shift._replace(desk=desk) if week_of(shift.start) == week_of(begin) else shift
        for shift in plan
        if shift.end < begin - 24 * HOUR
    ]
    return [*kept, Shift(desk, begin, end + 4 * HOUR, None)]


def _weight(brand: Team, hour: datetime, end: datetime) -> float:
    local = hour.astimezone(ZoneInfo(ZONE))
    surge = 3.5 if brand.slug == "nordcaffe" and timedelta(0) <= hour - (end - SURGE) < 24 * HOUR else 1.0
    return HOURS[local.hour] * DAYS[local.weekday()] * surge
