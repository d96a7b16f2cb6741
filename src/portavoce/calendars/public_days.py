"""Public holidays and patron saints of the years ahead, resolved once, when a calendar is published."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import date
from functools import cache
from typing import Any

from msgspec import structs

from portavoce.calendars.documents import ClosedDay, Document

YEARS_AHEAD = 3
ENGLISH = ("en_US", "en_GB", "en_AU", "en_CA")
COUNTRIES = (
    "AL", "AR", "AT", "AU", "BA", "BE", "BG", "BR", "CA", "CH", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GB",
    "GR", "HR", "HU", "IE", "IN", "IS", "IT", "LI", "LT", "LU", "LV", "MA", "MD", "ME", "MK", "MT", "MX", "NL", "NO",
    "PH", "PL", "PT", "RO", "RS", "SE", "SI", "SK", "SM", "TN", "TR", "US", "VA", "XK", "ZA",
)  # fmt: skip
"""Where brands, their customers and those who answer them are. More is a line here: the library knows 250."""


def until_of(start: date) -> date:
    """Up to where holidays are resolved for what begins on a day."""
    return date(start.year + YEARS_AHEAD, 12, 31)


def resolved(document: Document, start: date) -> Document:
    """The document with its closed days written out, from the day on which it begins until `until_of` it."""
    until = until_of(start)
    years = range(start.year, until.year + 1)
    names: dict[date, tuple[list[str], list[str]]] = defaultdict(lambda: ([], []))
    for day, name, english in _public(document.country, document.subdivision, tuple(years)):
        names[day][0].append(name)
        names[day][1].append(english)
    for patron in document.patrons:
        for day in filter(None, map(patron.on, years)):
            names[day][0].append(patron.name)
            names[day][1].append(patron.name)
    closed = (
        ClosedDay(day, "; ".join(own), "" if own == english else "; ".join(english))
        for day, (own, english) in sorted(names.items())
        if start <= day <= until
    )
    return structs.replace(document, closed=tuple(closed), until=until)


def is_place(country: str, subdivision: str) -> bool:
    """Whether the library knows the holidays of it; a blank country is nowhere, and that is known."""
    if not country:
        return not subdivision
    return country in COUNTRIES and (not subdivision or subdivision in subdivisions(country))


@cache
def subdivisions(country: str) -> Mapping[str, str]:
    """Code and name of the regions, provinces or states that keep days of their own, by name."""
    known = _class_of(country)
    named = {code: code for code in known.subdivisions}
    for name, code in reversed(getattr(known, "subdivisions_aliases", {}).items()):
        named[code] = name
    return dict(sorted(named.items(), key=lambda pair: pair[1]))


@cache
def _public(country: str, subdivision: str, years: tuple[int, ...]) -> tuple[tuple[date, str, str], ...]:
    """(day, name there, name in English); the language of the process has no say."""
    if not country:
        return ()
    known = _class_of(country)
    english = next((each for each in ENGLISH if each in known.supported_languages), known.default_language)
    own = _days(country, subdivision, years, known.default_language)
    told = _days(country, subdivision, years, english)
    return tuple((day, own[day], told.get(day, own[day])) for day in sorted(own))


def _days(country: str, subdivision: str, years: tuple[int, ...], language: str | None) -> dict[date, str]:
    import holidays  # noqa: PLC0415 -- half a second, and only publishing needs it

    return dict(
        holidays.country_holidays(country, subdiv=subdivision or None, years=years, language=language).items()
    )


def _class_of(country: str) -> Any:
    import holidays  # noqa: PLC0415 -- as above

    return getattr(holidays, country)
