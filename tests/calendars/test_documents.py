"""What a version says, as a value and as text."""

from __future__ import annotations

from datetime import date

import msgspec
import pytest

from portavoce.calendars import documents
from portavoce.calendars.documents import ClosedDay, Document, Exceptional, Patron
from tests.calendars.patterns import NIGHTS, OFFICE, ROME

CHRISTMAS, EVE = date(2026, 12, 25), date(2026, 12, 24)
WHOLE = Document(
    zone=ROME,
    weekly=OFFICE,
    channels={"phone": NIGHTS},
    country="IT",
    subdivision="TO",
    patrons=(Patron(6, 24, "San Giovanni"),),
    exceptions=(Exceptional(EVE, ((540, 780),), "Vigilia"), Exceptional(CHRISTMAS, ((600, 720),))),
    closed=(ClosedDay(CHRISTMAS, "Natale", "Christmas Day"), ClosedDay(date(2026, 12, 26), "Santo Stefano")),
    until=date(2029, 12, 31),
)


def test_it_survives_its_text_and_equal_ones_have_equal_text() -> None:
    text = documents.write(WHOLE)
    assert documents.read(text) == WHOLE
    assert documents.write(documents.read(text)) == text


def test_a_channel_has_its_own_week_or_the_one_of_all() -> None:
    assert (WHOLE.week_of("phone"), WHOLE.week_of("email")) == (NIGHTS, OFFICE)


def test_holidays_are_closed_and_an_exception_has_the_last_word() -> None:
    assert WHOLE.days == {EVE: ((540, 780),), CHRISTMAS: ((600, 720),), date(2026, 12, 26): ()}


def test_a_saint_of_a_leap_day_is_kept_in_leap_years() -> None:
    saint = Patron(2, 29, "Sant'Augusto")
    assert [saint.on(year) for year in (2027, 2028)] == [None, date(2028, 2, 29)]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{}",
        '{"zone":"Europe/Rome","weekly":{"days":{}},"patrons":[{"month":2,"day":30,"name":"x"}]}',
        '{"zone":"Europe/Rome","weekly":{"days":{}},"exceptions":[{"day":"2026-02-30"}]}',
        '{"zone":"Europe/Rome","weekly":{"days":{}},"exceptions":[{"day":"2026-02-03","stretches":[[5,5]]}]}',
    ],
)
def test_what_makes_no_sense_is_no_document(text: str) -> None:
    with pytest.raises(msgspec.ValidationError if text else msgspec.DecodeError):
        documents.read(text)
