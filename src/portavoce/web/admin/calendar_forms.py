"""The form of a calendar's version: what is typed, as the document that it says, and back."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from functools import cache
from typing import Annotated, Any, Literal, NamedTuple

import msgspec
from babel import Locale

from portavoce.calendars import wording
from portavoce.calendars.documents import CHANNELS, Document
from portavoce.calendars.hours import Stretches, Weekly
from portavoce.calendars.public_days import COUNTRIES, subdivisions
from portavoce.web.i18n import N_, Words

WEEKDAYS = range(7)
GENERAL = "day"
"""Hours of every channel without hours of its own."""
WEEKS = (GENERAL, *CHANNELS)
HOURS = N_("Write hours like 09:00-13:00, 14:00-18:00, the earlier ones first. Leave it blank for closed.")
SAINTS = N_("Line %(line)s: write day, month and name, for example 24/06 San Giovanni.")
EXCEPTIONS = N_("Line %(line)s: write a date, its hours unless it is closed, and why, for example 2026-12-24 09:00-13:00 Christmas Eve.")  # fmt: skip
_Lines = msgspec.Meta(max_length=12_000, extra={"lines": True})


class _Settings(msgspec.Struct, kw_only=True):
    """`seen` is the mark of what was previewed: only that is published."""

    name: Annotated[str, msgspec.Meta(max_length=80)] = ""
    zone: Annotated[str, msgspec.Meta(max_length=60)]
    place: Annotated[str, msgspec.Meta(max_length=12)] = ""
    patrons: Annotated[str, _Lines] = ""
    exceptions: Annotated[str, _Lines] = ""
    starts: date | None = None
    act: Literal["preview", "publish"] = "preview"
    seen: Annotated[str, msgspec.Meta(max_length=64)] = ""


def week_field(week: str, weekday: int) -> str:
    return f"{week}_{weekday}"


DAY_FIELDS = [week_field(week, weekday) for week in WEEKS for weekday in WEEKDAYS]
_DAYS = [(name, Annotated[str, msgspec.Meta(max_length=120)], "") for name in DAY_FIELDS]
CalendarForm: type[Any] = msgspec.defstruct("CalendarForm", _DAYS, bases=(_Settings,), kw_only=True)
"""With a field for each weekday of each week."""


class Places(NamedTuple):
    """Countries as (value, name), and the parts of some of them by the country's name."""

    countries: list[tuple[str, str]]
    parts: dict[str, list[tuple[str, str]]]


def document_of(form: Any, words: Words) -> tuple[Document | None, dict[str, str]]:
    """What was typed, or by field why it says nothing."""
    errors: dict[str, str] = {}
    weeks = {week: _week(form, week, words, errors) for week in WEEKS}
    patrons = _lines(form, "patrons", wording.read_patrons, SAINTS, words, errors)
    exceptions = _lines(form, "exceptions", wording.read_exceptions, EXCEPTIONS, words, errors)
    if errors:
        return None, errors
    country, _, subdivision = form.place.partition("-")
    document = Document(
        zone=form.zone,
        weekly=weeks.pop(GENERAL),
        channels={channel: week for channel, week in weeks.items() if week.days},
        country=country,
        subdivision=subdivision,
        patrons=patrons,
        exceptions=exceptions,
    )
    return document, {}


def typed(document: Document, today: date) -> dict[str, str]:
    """The raw values of a form that says the same; exceptions that are over are left out."""
    weeks = {GENERAL: document.weekly, **document.channels}
    return {
        **{
            week_field(name, weekday): wording.write_stretches(week.days.get(weekday, ()))
            for name, week in weeks.items()
            for weekday in WEEKDAYS
        },
        "zone": document.zone,
        "place": "-".join(filter(None, (document.country, document.subdivision))),
        "patrons": wording.write_patrons(document.patrons),
        "exceptions": wording.write_exceptions(each for each in document.exceptions if each.day >= today),
    }


def field_of(problem: str) -> str:
    """Where the form shows what `calendars.publishing` names."""
    week = problem.partition("_")[2] if problem.startswith("weekly") else None
    return problem if week is None else week_field(week or GENERAL, 0)


@cache
def places(locale: str) -> Places:
    """Takes a second once: the library reads every country."""
    named = Locale(locale).territories
    countries = sorted(((code, str(named.get(code, code))) for code in COUNTRIES), key=lambda pair: pair[1])
    parts = {
        name: [(f"{code}-{part}", f"{text} ({part})") for part, text in subdivisions(code).items()]
        for code, name in countries
    }
    return Places(countries, {name: found for name, found in parts.items() if found})


def _week(form: Any, week: str, words: Words, errors: dict[str, str]) -> Weekly:
    days: dict[int, Stretches] = {}
    for name, weekday in _fields(week):
        try:
            stretches = wording.read_stretches(getattr(form, name))
        except ValueError:
            errors[name] = words.gettext(HOURS)
        else:
            if stretches:
                days[weekday] = stretches
    return Weekly(days)


def _fields(week: str) -> Iterator[tuple[str, int]]:
    return ((week_field(week, weekday), weekday) for weekday in WEEKDAYS)


def _lines(
    form: Any, name: str, read: Callable[[str], Any], advice: str, words: Words, errors: dict[str, str]
) -> Any:
    try:
        return read(getattr(form, name))
    except wording.BadLine as bad:
        errors[name] = words.gettext(advice, line=bad.number)
        return ()
