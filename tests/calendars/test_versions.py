from datetime import UTC, datetime, timedelta

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
