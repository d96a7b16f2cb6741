"""Opening hours as people write them: `09:00-13:00, 14:00-18:00` for a day, and a line for each day that differs."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from typing import TypeVar

from portavoce.calendars.documents import Exceptional, Patron
from portavoce.calendars.hours import MINUTES_A_DAY, Stretches, check

Row = TypeVar("Row")
_TIME = r"(\d{1,2})(?:[:.](\d{2}))?"
_STRETCH = re.compile(rf"{_TIME}\s*[-\u2013]\s*{_TIME}", re.ASCII)
_SAINT = re.compile(r"(\d{1,2})[/.](\d{1,2})\s+(\S.*)", re.ASCII)
_EXCEPTION = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})\b\s*(.*)|(\d{1,2})[/.](\d{1,2})[/.](\d{4})\b\s*(.*)", re.ASCII)  # fmt: skip
_HOURS = re.compile(rf"{_STRETCH.pattern}(?:\s*,\s*{_STRETCH.pattern})*", re.ASCII)


class BadLine(ValueError):
    """The first line that says nothing; counted from 1."""

    def __init__(self, number: int) -> None:
        super().__init__(f"line {number}")
        self.number = number


def read_stretches(text: str) -> Stretches:
    """Of one day; blank is closed, `24:00` its end. ValueError for anything else."""
    parts = [part.strip() for part in text.split(",") if part.strip()]
    found = tuple(_stretch(part) for part in parts)
    check(found)
    return found


def write_stretches(stretches: Stretches) -> str:
    return ", ".join(f"{write_minute(first)}-{write_minute(past)}" for first, past in stretches)


def write_minute(minute: int) -> str:
    """Of the day: `09:30`, and `24:00` for its end."""
    return f"{minute // 60:02d}:{minute % 60:02d}"


def read_patrons(text: str) -> tuple[Patron, ...]:
    """A line each: day, month, name. BadLine."""
    return tuple(_lines(text, _patron))


def write_patrons(patrons: Iterable[Patron]) -> str:
    return "\n".join(f"{each.day:02d}/{each.month:02d} {each.name}" for each in patrons)


def read_exceptions(text: str) -> tuple[Exceptional, ...]:
    """A line each: date, its hours unless it is closed, and why. By date. BadLine."""
    return tuple(sorted(_lines(text, _exception), key=lambda each: each.day))


def write_exceptions(exceptions: Iterable[Exceptional]) -> str:
    return "\n".join(
        " ".join(filter(None, (f"{each.day}", write_stretches(each.stretches), each.reason)))
        for each in exceptions
    )


def _lines(text: str, row: Callable[[str], Row]) -> Iterator[Row]:
    for number, line in enumerate(text.splitlines(), 1):
        if line.strip():
            try:
                yield row(" ".join(line.split()))
            except ValueError as error:
                raise BadLine(number) from error


def _stretch(text: str) -> tuple[int, int]:
    found = _STRETCH.fullmatch(text)
    if found is None:
        raise ValueError(f"{text!r} is no stretch of time")
    return _minute(found[1], found[2]), _minute(found[3], found[4])


def _minute(hour: str, minute: str | None) -> int:
    if int(minute or 0) > 59 or int(hour) * 60 > MINUTES_A_DAY:
        raise ValueError(f"no time {hour}:{minute}")
    return int(hour) * 60 + int(minute or 0)


def _patron(line: str) -> Patron:
    found = _SAINT.fullmatch(line)
    if found is None:
        raise ValueError(f"{line!r} is no saint's day")
    return Patron(int(found[2]), int(found[1]), found[3])


def _exception(line: str) -> Exceptional:
    found = _EXCEPTION.fullmatch(line)
    if found is None:
        raise ValueError(f"{line!r} begins with no date")
    year, month, day = (found[1], found[2], found[3]) if found[1] else (found[7], found[6], found[5])
    rest = (found[4] if found[1] else found[8]) or ""
    open_hours = _HOURS.match(rest)
    stretches = read_stretches(open_hours[0]) if open_hours else ()
    reason = rest[open_hours.end() :] if open_hours else rest
    return Exceptional(date(int(year), int(month), int(day)), stretches, reason.strip())
