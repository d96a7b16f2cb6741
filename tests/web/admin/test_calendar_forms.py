"""What is typed into the form of a calendar, and what it says when it makes no sense."""

from __future__ import annotations

from datetime import date

import pytest

from portavoce.calendars.documents import CHANNELS, Document, Exceptional, Patron
from portavoce.core.paths import frontend_dir
from portavoce.web.admin.calendar_forms import CalendarForm, document_of, field_of, places, typed
from portavoce.web.forms import check
from portavoce.web.i18n import load_words
from tests.calendars.patterns import NIGHTS, OFFICE, ROME

WORDS = load_words(frontend_dir() / "locale")["en"]
WHOLE = Document(
    zone=ROME,
    weekly=OFFICE,
    channels={"phone": NIGHTS},
    country="IT",
    subdivision="TO",
    patrons=(Patron(6, 24, "San Giovanni"),),
    exceptions=(Exceptional(date(2026, 12, 24), ((540, 780),), "Vigilia"),),
)


def read(**given: str) -> tuple[Document | None, dict[str, str]]:
    raw = {**typed(WHOLE, date.min), **given}
    form, errors, _ = check({name: [value] for name, value in raw.items()}, CalendarForm, WORDS)
    return document_of(form, WORDS) if form is not None else (None, errors)


def test_what_is_shown_of_a_document_says_the_same_when_it_comes_back() -> None:
    assert read() == (WHOLE, {})


def test_exceptions_that_are_over_are_not_shown_again() -> None:
    assert typed(WHOLE, date(2026, 12, 24))["exceptions"] == "2026-12-24 09:00-13:00 Vigilia"
    assert typed(WHOLE, date(2026, 12, 25))["exceptions"] == ""


def test_a_channel_without_hours_of_its_own_has_those_of_all() -> None:
    document, _ = read(**{f"phone_{day}": "" for day in range(7)})
    assert document is not None
    assert document.channels == {}


@pytest.mark.parametrize(
    ("field", "value", "word"),
    [
        ("day_0", "9-25", "Write hours"),
        ("phone_6", "geschlossen", "Write hours"),
        ("patrons", "1/1 x\n24 giugno", "Line 2"),
        ("exceptions", "Natale", "Line 1"),
        ("starts", "morgen", "Write a date"),
        ("zone", "", "Fill in"),
    ],
)
def test_what_makes_no_sense_is_said_under_its_field(field: str, value: str, word: str) -> None:
    document, errors = read(**{field: value})
    assert document is None
    assert list(errors) == [field]
    assert word in errors[field]


def test_every_channel_has_its_fields_and_refusals_find_theirs() -> None:
    fields = CalendarForm.__struct_fields__
    assert {f"{week}_{day}" for week in ("day", *CHANNELS) for day in range(7)} <= set(fields)
    assert [field_of(name) for name in ("weekly", "weekly_phone", "zone")] == ["day_0", "phone_0", "zone"]


@pytest.mark.parametrize(("locale", "italy"), [("it", "Italia"), ("en", "Italy")])
def test_places_are_named_in_the_language_of_the_reader(locale: str, italy: str) -> None:
    found = places(locale)
    assert ("IT", italy) in found.countries
    assert ("IT-TO", "Torino (TO)") in found.parts[italy]
    assert [name for _, name in found.countries] == sorted(name for _, name in found.countries)
