"""Periods that a report or a commentary is about: a day `2026-03-02`, a week `2026-W10`, a month `2026-03`."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Literal

import msgspec

from portavoce.calendars.turns import Turn
from portavoce.reporting.months import Month, month_of_day, read_month

Kind = Literal["daily", "weekly", "monthly"]
_WEEK = re.compile(r"(2\d{3})-W(\d\d)", re.ASCII)
_DAY = re.compile(r"2\d{3}-\d\d-\d\d", re.ASCII)


class Period(msgspec.Struct, frozen=True):
    """Days `first` to `last`."""

    kind: Kind
    first: date
    last: date

    def __str__(self) -> str:
        if self.kind == "monthly":
            return str(self.month)
        if self.kind == "weekly":
            year, week, _ = self.first.isocalendar()
            return f"{year}-W{week:02d}"
        return str(self.first)

    @property
    def month(self) -> Month:
        """The month whose report goes with it: that in which it ends."""
        return month_of_day(self.last)


def period_of(kind: Kind, turn: Turn) -> Period:
    return Period(kind, turn.first, turn.last)


def read_period(text: str) -> Period | None:
    """None for what is no period."""
    month = read_month(text)
    if month is not None:
        return Period("monthly", month.first, month.next.first - timedelta(days=1))
    week = _WEEK.fullmatch(text)
    try:
        if week is not None:
            monday = date.fromisocalendar(int(week[1]), int(week[2]), 1)
            return Period("weekly", monday, monday + timedelta(days=6))
        day = date.fromisoformat(text) if _DAY.fullmatch(text) else None
    except ValueError:
        return None
    return Period("daily", day, day) if day else None
