"""What a version of a calendar says, whole: the week of each channel, and every day that differs from it by name.

A published document lists its closed days one by one. So what was measured with it never depends on what a library of
public holidays knew then, or knows today.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import msgspec

from portavoce.calendars.hours import Stretches, Weekly, check
from portavoce.kit.canonical import dumps

CHANNELS = ("email", "phone", "chat", "social", "visit")
"""Those that may have hours of their own."""


class Patron(msgspec.Struct, frozen=True):
    """Closed on one day of every year."""

    month: int
    day: int
    name: str

    def __post_init__(self) -> None:
        date(2024, self.month, self.day)  # a leap year: 29 February is a day

    def on(self, year: int) -> date | None:
        """None for 29 February in a common year."""
        try:
            return date(year, self.month, self.day)
        except ValueError:
            return None


class Exceptional(msgspec.Struct, frozen=True):
    """One date with hours of its own, on every channel; without a stretch it is closed."""

    day: date
    stretches: Stretches = ()
    reason: str = ""

    def __post_init__(self) -> None:
        check(self.stretches)


class ClosedDay(msgspec.Struct, frozen=True):
    """A public holiday or patron saint of one year: its name where it is kept, and in English if that differs."""

    day: date
    name: str
    english: str = ""


class Document(msgspec.Struct, frozen=True, kw_only=True):
    """`country` is an ISO code, `subdivision` one of the public holidays' library; blank without.

    `closed` and `until` come with publication: every closed day up to and with `until`.
    """

    zone: str
    weekly: Weekly
    channels: Mapping[str, Weekly] = {}
    country: str = ""
    subdivision: str = ""
    patrons: tuple[Patron, ...] = ()
    exceptions: tuple[Exceptional, ...] = ()
    closed: tuple[ClosedDay, ...] = ()
    until: date | None = None

    def week_of(self, channel: str) -> Weekly:
        return self.channels.get(channel, self.weekly)

    @property
    def days(self) -> dict[date, Stretches]:
        """Each day that differs from the week; an exception also from a holiday."""
        closed: dict[date, Stretches] = {each.day: () for each in self.closed}
        return closed | {each.day: each.stretches for each in self.exceptions}


def read(text: str) -> Document:
    """msgspec.ValidationError (a ValueError) if it is none."""
    return msgspec.json.decode(text, type=Document)


def write(document: Document) -> str:
    """Equal documents give equal text."""
    return dumps(msgspec.to_builtins(document, str_keys=True))
