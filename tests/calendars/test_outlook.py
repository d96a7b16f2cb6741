"""The weeks ahead as they are looked at."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from msgspec import structs

from portavoce.calendars.documents import ClosedDay, Document, Exceptional
from portavoce.calendars.hours import ALWAYS
from portavoce.calendars.outlook import Day, named_days, weeks
from portavoce.calendars.versions import CalendarHours
from tests.calendars.patterns import LONG_AGO, OFFICE, ROME

NOW = datetime(2026, 12, 23, 23, 30, tzinfo=UTC)
"""Half past midnight of the 24th in Rome."""
LAW = Document(
    zone=ROME,
    weekly=OFFICE,
    exceptions=(Exceptional(date(2026, 12, 24), ((540, 780),), "Vigilia"), Exceptional(date(2027, 1, 4))),
    closed=(
        ClosedDay(date(2026, 12, 25), "Natale", "Christmas Day"),
        ClosedDay(date(2026, 12, 28), "San Nessuno"),
        ClosedDay(date(2027, 1, 4), "Altro"),
    ),
)


def hours(document: Document, since: datetime = LONG_AGO) -> CalendarHours:
    return CalendarHours(since, document.zone, document.weekly, document.days)


def seen(*documents: tuple[Document, datetime]) -> dict[date, Day]:
    ahead = weeks([hours(*each) for each in documents], [each for each, _ in documents], NOW, 2)
    assert [len(week) for week in ahead] == [7, 7]
    return {each.day: each for week in ahead for each in week}


def test_weeks_begin_with_a_monday_and_holidays_have_names() -> None:
    found = seen((LAW, LONG_AGO))
    assert min(found) == date(2026, 12, 21)
    assert [found[date(2026, 12, day)].stretches for day in (23, 24, 25, 26, 28, 29)] == [
        ((540, 1080),), ((540, 780),), (), (), (), ((540, 1080),),
    ]  # fmt: skip
    christmas, eve = found[date(2026, 12, 25)].named, found[date(2026, 12, 24)].named
    assert christmas is not None
    assert (christmas.name, christmas.english, christmas.exceptional) == ("Natale", "Christmas Day", False)
    assert eve is not None
    assert (eve.name, eve.english, eve.exceptional) == ("Vigilia", "Vigilia", True)
    assert found[date(2026, 12, 29)].named is None


def test_a_version_that_begins_in_a_day_shows_what_is_open_of_both() -> None:
    noon = datetime(2026, 12, 29, 11, tzinfo=UTC)
    later = structs.replace(LAW, weekly=ALWAYS, exceptions=(), closed=())
    found = seen((LAW, LONG_AGO), (later, noon))
    assert found[date(2026, 12, 29)].stretches == ((540, 1440),)
    assert found[date(2026, 12, 30)].stretches == ((0, 1440),)


def test_a_week_that_the_clocks_change_in_is_shown_by_the_clock_of_the_place() -> None:
    change = datetime(2026, 3, 27, tzinfo=UTC)
    always = structs.replace(LAW, weekly=ALWAYS, exceptions=(), closed=())
    [week] = weeks([hours(always)], [always], change, 1)
    assert {each.stretches for each in week} == {((0, 1440),)}
    [office] = weeks([hours(LAW)], [LAW], change + timedelta(days=3), 1)
    assert office[0].stretches == ((540, 1080),)


def test_named_days_are_those_between_two_days_each_once() -> None:
    found = named_days(LAW, date(2026, 12, 24), date(2027, 1, 4))
    assert [(each.day.day, each.name) for each in found] == [(24, "Vigilia"), (25, "Natale"), (28, "San Nessuno")]  # fmt: skip
    [last] = named_days(LAW, date(2027, 1, 4), date(2027, 1, 5))
    assert (last.name, last.exceptional) == ("", True)
