"""Numbers, dates and durations as a person of one language writes and says them."""

from __future__ import annotations

from datetime import date, datetime, timedelta, tzinfo
from decimal import Decimal
from functools import lru_cache
from zoneinfo import ZoneInfo

import msgspec
from babel.dates import format_date, format_datetime, format_skeleton
from babel.numbers import format_currency, format_decimal

from portavoce.web.i18n import Words

WARN_BELOW = 0.25

REGIONS = {"it": "it_IT", "en": "en_GB"}
MOMENTS = {"it": "EEE d MMM, HH:mm", "en": "d MMM, HH:mm"}
DAYS = {"it": "EEE d MMM", "en": "d MMM"}


class Countdown(msgspec.Struct, frozen=True):
    """Time left until a deadline: `state` is ok, warn (a quarter or less is left) or bad (past due).

    `due_ms` and `total` (seconds) are what the browser counts on with.
    """

    seconds: int
    due_ms: int
    total: int
    fraction: float
    state: str
    text: str
    spoken: str


class Formats:
    """The formatting functions of one language; each becomes a template filter of the same name."""

    def __init__(self, words: Words) -> None:
        self._words = words
        self._locale = words.locale
        self._region = REGIONS[words.locale]
        self._spoken = lru_cache(maxsize=1_024)(self._say)
        self._moment = lru_cache(maxsize=4_096)(self._write_moment)

    def number(self, value: float | Decimal | None) -> str:
        """`1.204`; no data is a dash, never a zero."""
        return "–" if value is None else str(format_decimal(value, locale=self._region))

    def euro(self, cents: int) -> str:
        """`1.204,50 €` of whole cents."""
        return str(format_currency(Decimal(cents) / 100, "EUR", locale=self._region))

    def percent(self, fraction: float | Decimal | None) -> str:
        """`4,8%` of 0.048, with one decimal at most."""
        if fraction is None:
            return "–"
        return f"{format_decimal(Decimal(str(fraction)) * 100, '#,##0.#', locale=self._region)}%"

    def moment(self, at: datetime, zone: str | tzinfo) -> str:
        """`ven 20 nov, 10:42` in the given zone, usually the brand's."""
        return self._moment(at.replace(second=0, microsecond=0), zone)

    def _write_moment(self, minute: datetime, zone: str | tzinfo) -> str:
        return str(format_datetime(minute, MOMENTS[self._locale], tzinfo=_zone(zone), locale=self._region))

    def day(self, at: datetime | date, zone: str | tzinfo = "UTC") -> str:
        local = at.astimezone(_zone(zone)).date() if isinstance(at, datetime) else at
        return str(format_date(local, DAYS[self._locale], locale=self._region))

    def clock(self, at: datetime, zone: str | tzinfo) -> str:
        return str(format_datetime(at, "HH:mm", tzinfo=_zone(zone), locale=self._region))

    def month(self, first: date) -> str:
        """`ottobre 2026`."""
        return str(format_skeleton("yMMMM", datetime(first.year, first.month, 1), locale=self._region))  # noqa: DTZ001 -- a month has no zone

    def spoken(self, length: timedelta | float) -> str:
        """`2 ore 5 minuti`, `meno di un minuto`: for screen readers and sentences."""
        return self._spoken(abs(int(_seconds(length))) // 60)

    def _say(self, minutes: int) -> str:
        hours, minutes = divmod(minutes, 60)
        if not hours and not minutes:
            return self._words.gettext("less than a minute")
        parts = [self._words.ngettext("%(num)d hour", "%(num)d hours", hours)] if hours else []
        parts += [self._words.ngettext("%(num)d minute", "%(num)d minutes", minutes)] if minutes else []
        return " ".join(parts)

    def countdown(self, due_at: datetime, now: datetime, total: timedelta | float) -> Countdown:
        """State of a clock that runs out at `due_at`; `total` is the whole promised time."""
        seconds, promised = int((due_at - now).total_seconds()), _seconds(total)
        fraction = min(1.0, max(0.0, seconds / max(1.0, promised)))
        state = "bad" if seconds < 0 else "warn" if fraction < WARN_BELOW else "ok"
        text = f"+{mmss(seconds)}" if seconds < 0 else mmss(seconds)
        gettext, time = self._words.gettext, self.spoken(seconds)
        spoken = (
            gettext("overdue by %(time)s", time=time)
            if seconds < 0
            else gettext("due in %(time)s", time=time)
        )
        return Countdown(seconds, epoch_ms(due_at), int(promised), round(fraction, 2), state, text, spoken)


def mmss(length: timedelta | float) -> str:
    """`2:14`, and `1h 32m` from an hour on; the sign is dropped."""
    seconds = abs(int(_seconds(length)))
    hours, minutes, rest = seconds // 3600, seconds % 3600 // 60, seconds % 60
    return f"{hours}h {minutes:02d}m" if hours else f"{minutes}:{rest:02d}"


def whole_seconds(length: timedelta | float) -> int:
    return int(_seconds(length))


def epoch_ms(at: datetime) -> int:
    """What `data-due-at` carries."""
    return int(at.timestamp() * 1000)


def _seconds(length: timedelta | float) -> float:
    return length.total_seconds() if isinstance(length, timedelta) else float(length)


def _zone(zone: str | tzinfo) -> tzinfo:
    return ZoneInfo(zone) if isinstance(zone, str) else zone
