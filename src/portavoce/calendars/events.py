"""What calendars tell the rest of the house."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from portavoce.calendars.models import CalendarVersion


@dataclass(frozen=True, slots=True)
class CalendarPublished:
    """A version that comes into force at its `valid_from`; who measures open clocks knows it from `at` on."""

    version: CalendarVersion
    at: datetime
