"""FT-09: around every change of clocks the product counts what a calculator counts that looks at every minute."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from portavoce.calendars import timeline
from portavoce.calendars.hours import ALWAYS, Weekly
from portavoce.calendars.versions import CalendarHours
from tests.calendars.minutes import MINUTE, Calculator
from tests.depth import DEEP, scaled
from tests.faults.clocks import FalseClock

CHANGES = {
    "Rome loses an hour": ("Europe/Rome", "2026-03-29"),
    "Rome gains an hour": ("Europe/Rome", "2026-10-25"),
    "New York loses an hour": ("America/New_York", "2026-03-08"),
    "New York gains an hour": ("America/New_York", "2026-11-01"),
    "Lord Howe gains half an hour": ("Australia/Lord_Howe", "2026-04-05"),
    "Lord Howe loses half an hour": ("Australia/Lord_Howe", "2026-10-04"),
    "Apia skips a day": ("Pacific/Apia", "2011-12-30"),
    "Kwajalein skips a day": ("Pacific/Kwajalein", "1993-08-21"),
    "leap day": ("Europe/Rome", "2028-02-29"),
    "Chatham gains an hour at a quarter to four": ("Pacific/Chatham", "2026-04-05"),
    "Newfoundland goes back over midnight": ("America/St_Johns", "2010-11-07"),
}
MORE = {
    "Kolkata has none": ("Asia/Kolkata", "2026-03-29"),
    "Sao Paulo lost the hour after midnight": ("America/Sao_Paulo", "2018-11-04"),
    "Sao Paulo gained the hour before midnight": ("America/Sao_Paulo", "2019-02-16"),
    "Casablanca gains an hour for Ramadan": ("Africa/Casablanca", "2026-02-15"),
    "Casablanca loses it after Ramadan": ("Africa/Casablanca", "2026-03-22"),
}
"""Of these the nights stand in test_walls too."""
CHANGES |= MORE if DEEP else {}
EVERY_DAY = range(7)
PATTERNS = {
    "office": Weekly(dict.fromkeys(range(5), ((540, 1080),))),
    "from half past two": Weekly(dict.fromkeys(EVERY_DAY, ((150, 240),))),
    "until half past two": Weekly(dict.fromkeys(EVERY_DAY, ((60, 150),))),
    "inside the hour": Weekly(dict.fromkeys(EVERY_DAY, ((130, 170),))),
    "all but half past two": Weekly(dict.fromkeys(EVERY_DAY, ((0, 150), (151, 1440)))),
    "nights": Weekly(dict.fromkeys(EVERY_DAY, ((0, 300), (1320, 1440)))),
    "weekend": Weekly({5: ((0, 1440),), 6: ((0, 90), (125, 130), (1380, 1440))}),
    "always": ALWAYS,
}
QUERIES = scaled(5, deep=800)
WINDOW = timedelta(days=2)
CLOSE = timedelta(hours=1)
LONG_AGO = datetime(1980, 1, 1, tzinfo=UTC)


@cache
def instant_of(zone: str, day: str) -> datetime:
    """Of the change in this zone about this day; noon where there is none."""
    noon, local = datetime.fromisoformat(f"{day}T12:00+00:00"), ZoneInfo(zone)
    minutes = [noon + n * MINUTE for n in range(-24 * 60, 24 * 60)]
    offsets = [minute.astimezone(local).utcoffset() for minute in minutes]
    changes = (minute for minute, (a, b) in zip(minutes[1:], pairwise(offsets), strict=True) if a != b)
    return next(changes, noon)


def about(change: datetime, dice: random.Random) -> datetime:
    """To the second, half of them close to the change."""
    seconds = int(dice.choice((WINDOW, CLOSE)).total_seconds())
    return change + timedelta(seconds=dice.randrange(-seconds, seconds))


@pytest.mark.parametrize("pattern", PATTERNS)
@pytest.mark.parametrize("change", CHANGES)
def test_open_time_is_the_calculators_to_the_second(change: str, pattern: str) -> None:
    zone, day = CHANGES[change]
    weekly, dice = PATTERNS[pattern], random.Random(f"{change} {pattern}")
    versions = [CalendarHours(LONG_AGO, zone, weekly)]
    instant = instant_of(zone, day)
    calculator = Calculator(weekly, zone, instant - WINDOW, instant + WINDOW)
    for _ in range(QUERIES):
        a, b = sorted(about(instant, dice) for _ in range(2))
        used = timeline.elapsed(versions, a, b)
        assert used == calculator.elapsed(a, b), (zone, a, b)
        assert timedelta(0) <= used <= b - a
        # What was used is a budget that ends with a stretch whenever b is closed.
        for budget in (used, timedelta(seconds=dice.randrange(4 * 3600))):
            expected = calculator.due(a, budget)
            if expected is not None:
                assert timeline.due(versions, a, budget) == expected, (zone, a, budget)


PROGRAM = """
import json, sys, time
from datetime import datetime, timedelta
from portavoce.calendars import hours, timeline
from portavoce.calendars.versions import CalendarHours
from portavoce.kit.clock import SystemClock
began = SystemClock().now()
time.sleep(1.5)
now = SystemClock().now()
weekly = hours.Weekly(dict.fromkeys(range(7), ((150, 240),)))
long_ago = datetime.fromisoformat("2020-01-01T00:00+00:00")
print(json.dumps([
    began.isoformat(), now.isoformat(), time.tzname[0],
    timeline.elapsed(timeline.ALWAYS, began, now).total_seconds(),
    timeline.due([CalendarHours(long_ago, "Europe/Rome", weekly)], began, timedelta(minutes=40)).isoformat(),
]))
"""


@pytest.mark.parametrize("zone", ["Pacific/Apia", "America/New_York", "Europe/Rome"])
def test_a_process_that_lives_through_the_change_in_another_zone_counts_the_same(
    tmp_path: object, zone: str
) -> None:
    """The machine's zone and its wall clock jump; what the product subtracts are instants."""
    change = datetime(2026, 10, 25, 1, 0, tzinfo=UTC)
    before = (change - timedelta(seconds=1) - datetime.now(UTC)).total_seconds()
    clock = FalseClock(tmp_path, "child", by=f"{before:+.0f}s", zone=zone)  # type: ignore[arg-type]  # -- a Path
    ran = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        env={**os.environ, **clock.environment, "PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True,
        check=False,
        text=True,
    )
    assert ran.returncode == 0, ran.stderr
    began, now, _name, used, due = json.loads(ran.stdout)
    start = datetime.fromisoformat(began)
    assert abs(start - change) < timedelta(minutes=2)
    assert used == (datetime.fromisoformat(now) - start).total_seconds() > 1
    calculator = Calculator(PATTERNS["from half past two"], "Europe/Rome", start, start + timedelta(days=2))
    assert datetime.fromisoformat(due) == calculator.due(start, timedelta(minutes=40))
