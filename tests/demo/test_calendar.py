"""Days and nights of the simulation."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from random import Random
from zoneinfo import ZoneInfo

import pytest

from portavoce.demo import cast
from portavoce.demo.calendar import arrivals, on_duty, shifts, weeks, windows

END = datetime(2026, 4, 20, 9, tzinfo=UTC)
START = END - timedelta(days=60)
ROME = ZoneInfo(cast.ZONE)


@pytest.mark.parametrize("hour", range(0, 24, 3))
def test_windows_end_at_four_in_the_morning_and_at_the_end(hour: int) -> None:
    end = END.replace(hour=hour)
    ends = windows(START, end)
    assert ends[-1] == end
    assert {each.astimezone(ROME).hour for each in ends[:-1]} == {4}
    assert ends == sorted(ends)
    assert ends[0] > START


def test_arrivals_are_more_by_day_and_fewer_on_sunday() -> None:
    instants = arrivals(Random(1), cast.team("lumi"), START, END, 4_000)
    local = [each.astimezone(ROME) for each in instants]
    hours, days = Counter(each.hour for each in local), Counter(each.weekday() for each in local)
    assert len(instants) == 4_000
    assert instants == sorted(instants)
    assert instants[0] >= START
    assert instants[-1] < END
    assert hours[10] > 5 * hours[3]
    assert days[0] > 1.3 * days[6]


def test_one_brand_has_one_bad_day() -> None:
    instants = arrivals(Random(1), cast.team("nordcaffe"), START, END, 2_000)
    per_day = Counter((each - START).days for each in instants)
    assert per_day.most_common(1)[0][1] > 2 * 2_000 / 60


@pytest.mark.parametrize("operator", cast.OPERATORS, ids=lambda each: each.name)
def test_an_agent_works_a_whole_week_at_one_desk(operator: cast.Operator) -> None:
    rota = list(shifts(operator, START, END))
    ends = [week[-1] for week in weeks(START, END)]
    for plan in (rota, on_duty(operator, rota, END)):
        desks_of = [
            {shift.desk for shift in plan if begin <= shift.start < end}
            for begin, end in pairwise([START, *ends])
        ]
        assert all(len(desks) <= 1 for desks in desks_of)
    if operator.name == "Giulia Ferraro":
        assert {shift.desk for shift in rota} == {0, 1}
        assert all(shift.end <= end for shift in rota for end in ends[:-1] if shift.start < end)


def test_weeks_are_all_windows_and_turn_on_a_monday() -> None:
    parts = weeks(START, END)
    assert [until for week in parts for until in week] == windows(START, END)
    assert all(week[-1].weekday() == 0 for week in parts[:-1])
    assert max(map(len, parts)) == 7


def test_on_duty_means_still_there_at_the_end() -> None:
    giulia = cast.OPERATORS[0]
    rota = on_duty(giulia, list(shifts(giulia, START, END)), END)
    assert rota[-1].start < END < rota[-1].end
    assert rota[-2].end < rota[-1].start - timedelta(hours=23)
