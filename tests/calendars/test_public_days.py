"""Holidays and saints written out."""

from __future__ import annotations

from datetime import date

import pytest

from portavoce.calendars.documents import ClosedDay, Document, Patron
from portavoce.calendars.public_days import COUNTRIES, is_place, resolved, subdivisions, until_of
from tests.calendars.patterns import OFFICE, ROME

START = date(2026, 3, 2)


def closed(country: str, subdivision: str = "", *patrons: Patron, start: date = START) -> list[ClosedDay]:
    document = Document(zone=ROME, weekly=OFFICE, country=country, subdivision=subdivision, patrons=patrons)
    return list(resolved(document, start).closed)


def names(days: list[ClosedDay]) -> dict[date, str]:
    return {each.day: each.name for each in days}


def test_the_holidays_of_the_clock_vectors_are_those_of_italy() -> None:
    found = names(closed("IT"))
    assert {date(2026, 5, 1), date(2026, 6, 2), date(2026, 12, 26), date(2029, 12, 25)} <= set(found)
    assert found[date(2026, 4, 6)] == "Lunedì dell'Angelo"
    assert not {date(2026, 5, 2), date(2026, 1, 1), date(2030, 1, 1)} & set(found)


def test_they_are_named_where_they_are_kept_and_in_english_whatever_this_process_speaks(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("LANGUAGE", "th")
    (epiphany,) = (each for each in closed("IT", start=date(2026, 1, 5)) if each.day == date(2026, 1, 6))
    assert (epiphany.name, epiphany.english) == ("Epifania", "Epiphany")


def test_a_subdivision_keeps_days_of_its_own() -> None:
    more = set(names(closed("IT", "MI"))) - set(names(closed("IT")))
    assert more == {date(year, 12, 7) for year in range(2026, 2030)}
    assert subdivisions("IT")["MI"] == "Milano"


def test_a_patron_saint_is_closed_each_year_beside_what_is_kept_anyway() -> None:
    found = names(closed("IT", "", Patron(12, 7, "Sant'Ambrogio"), Patron(12, 8, "Nostra Signora")))
    assert [found[date(year, 12, 7)] for year in range(2026, 2030)] == ["Sant'Ambrogio"] * 4
    assert found[date(2026, 12, 8)] == "Immacolata Concezione; Nostra Signora"
    assert len(closed("", "", Patron(12, 7, "Sant'Ambrogio"))) == 4


def test_they_reach_from_the_first_day_to_the_end_of_the_third_year_after() -> None:
    days = [each.day for each in closed("ES", "MD")]
    assert until_of(START) == date(2029, 12, 31)
    assert days == sorted(set(days))
    assert START <= days[0] < days[-1] <= date(2029, 12, 31)
    assert days[-1].year == 2029


@pytest.mark.parametrize(
    ("country", "subdivision", "known"),
    [("", "", True), ("IT", "", True), ("IT", "MI", True), ("IT", "XX", False), ("XX", "", False), ("", "MI", False)],
)  # fmt: skip
def test_a_place_is_one_that_the_library_knows(country: str, subdivision: str, known: bool) -> None:
    assert is_place(country, subdivision) == known


@pytest.mark.parametrize("country", COUNTRIES)
def test_every_country_on_the_list_has_holidays(country: str) -> None:
    assert closed(country)
