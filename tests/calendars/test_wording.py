"""Hours and days as people write them."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given

from portavoce.calendars.documents import Exceptional, Patron
from portavoce.calendars.hours import Stretches
from portavoce.calendars.wording import (
    BadLine,
    read_exceptions,
    read_patrons,
    read_stretches,
    write_exceptions,
    write_patrons,
    write_stretches,
)
from tests.calendars.patterns import stretches


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", ()),
        ("09:00-13:00, 14:00-18:00", ((540, 780), (840, 1080))),
        (" 9-13,14.30 \u2013 18 ", ((540, 780), (870, 1080))),
        ("00:00-24:00", ((0, 1440),)),
        ("9:00-13:00,", ((540, 780),)),
    ],
)
def test_a_day_is_read_as_it_is_written(text: str, found: Stretches) -> None:
    assert read_stretches(text) == found


@pytest.mark.parametrize(
    "text",
    ["chiuso", "9", "9:00", "18:00-09:00", "9-13, 12-18", "9-9", "9-25", "9:60-13", "24:01-25", "9-13 14-18", "-", "٩-13"],
)  # fmt: skip
def test_what_is_no_day_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        read_stretches(text)


@given(stretches())
def test_a_day_survives_being_written(given: Stretches) -> None:
    assert read_stretches(write_stretches(given)) == given


def test_saints_have_a_line_each() -> None:
    found = read_patrons("24/06  San Giovanni\n\n 7.12 Sant'Ambrogio \n29/2 Sant'Augusto")
    assert found == (Patron(6, 24, "San Giovanni"), Patron(12, 7, "Sant'Ambrogio"), Patron(2, 29, "Sant'Augusto"))  # fmt: skip
    assert read_patrons(write_patrons(found)) == found


@pytest.mark.parametrize("text", ["24/06 San Giovanni\n06-24 x", "1/1 x\n31/06 x", "1/1 x\nSan Giovanni", "1/1 x\n24/06"])  # fmt: skip
def test_the_first_line_without_a_saint_is_named(text: str) -> None:
    with pytest.raises(BadLine) as bad:
        read_patrons(text)
    assert bad.value.number == 2


def test_exceptions_come_by_date_however_that_is_written() -> None:
    text = "24/12/2026 09:00-13:00 Vigilia\n2026-12-07 Ponte\n2026-12-31 9-12, 14-16\n1.11.2026"
    found = read_exceptions(text)
    assert found == (
        Exceptional(date(2026, 11, 1)),
        Exceptional(date(2026, 12, 7), (), "Ponte"),
        Exceptional(date(2026, 12, 24), ((540, 780),), "Vigilia"),
        Exceptional(date(2026, 12, 31), ((540, 720), (840, 960)), ""),
    )
    assert read_exceptions(write_exceptions(found)) == found


@pytest.mark.parametrize("line", ["Vigilia", "2026-02-30", "2026-12-24 18-9", "2026-1", "24/12 Vigilia", "2026-12-24x"])  # fmt: skip
def test_a_line_without_a_date_or_with_hours_that_are_none_is_named(line: str) -> None:
    with pytest.raises(BadLine) as bad:
        read_exceptions(f"2026-12-23\n{line}")
    assert bad.value.number == 2
