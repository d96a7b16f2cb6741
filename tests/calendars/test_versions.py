from datetime import UTC, date, datetime, timedelta

import pytest

from portavoce.calendars.hours import ALWAYS
from portavoce.calendars.versions import CalendarHours, valid_at

MARCH, MAY = datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 5, 1, tzinfo=UTC)
OLD, NEW = CalendarHours(MARCH, "Europe/Rome", ALWAYS), CalendarHours(MAY, "Europe/Rome", ALWAYS)
MOMENT = timedelta(microseconds=1)


@pytest.mark.parametrize(
    ("instant", "version"),
    [(MARCH - MOMENT, None), (MARCH, OLD), (MAY - MOMENT, OLD), (MAY, NEW), (MAY + MOMENT, NEW)],
)
def test_a_version_holds_from_its_first_instant_until_the_next(
    instant: datetime, version: CalendarHours | None
) -> None:
    assert valid_at([OLD, NEW], instant) is version


def test_without_versions_none_holds() -> None:
    assert valid_at((), MAY) is None


@pytest.mark.parametrize("versions", [[NEW, OLD], [OLD, OLD]])
def test_versions_out_of_order_are_refused(versions: list[CalendarHours]) -> None:
    with pytest.raises(ValueError, match="order"):
        valid_at(versions, MAY)


def test_a_day_that_differs_takes_the_place_of_the_weekday() -> None:
    version = CalendarHours(MARCH, "Europe/Rome", ALWAYS, {date(2026, 5, 1): (), date(2026, 5, 2): ((0, 9),)})
    days = [version.hours_of(date(2026, 5, day)) for day in (1, 2, 3)]
    assert days == [(), ((0, 9),), ((0, 1440),)]
    assert (version.always_open, OLD.always_open) == (False, True)


def test_a_version_is_known_from_its_publication_or_else_from_when_it_holds() -> None:
    announced = CalendarHours(MAY, "Europe/Rome", ALWAYS, published_at=MARCH)
    assert (announced.known_from, NEW.known_from) == (MARCH, MAY)


def test_what_makes_no_sense_is_no_version() -> None:
    with pytest.raises(ValueError, match="published"):
        CalendarHours(MARCH, "Europe/Rome", ALWAYS, published_at=MAY)
    with pytest.raises(ValueError, match="empty"):
        CalendarHours(MARCH, "Europe/Rome", ALWAYS, {date(2026, 5, 1): ((9, 9),)})
