"""Clauses that a law or an authority wants, ready to be put into a contract version; numbers as published.

Source: reference/regulation.md §4, which also says what is verified. What is not ships switched off.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from enum import StrEnum

import msgspec

from portavoce.sla.goals import Direction, Goal, Statistic
from portavoce.sla.measures.accessibility import AccessVariant
from portavoce.sla.measures.answering import WaitVariant
from portavoce.sla.measures.service_level import SlVariant
from portavoce.sla.metrics import Metric


class Regime(StrEnum):
    """Telecommunications and audiovisual in Italy, energy sales in Italy, customer services in Spain."""

    AGCOM_255_24 = "AGCOM_255_24"
    ARERA_TIQV_2026 = "ARERA_TIQV_2026"
    ES_10_2025 = "ES_10_2025"


class Subject(StrEnum):
    """Which contacts a clause is about."""

    CALL = "call"
    REQUEST = "request"
    COMPLAINT = "complaint"
    INFORMATION = "information"
    BILLING_CORRECTION = "billing_correction"
    DOUBLE_BILLING = "double_billing"
    UNDUE_CHARGE = "undue_charge"
    CONTINUITY_INCIDENT = "continuity_incident"


class CalendarKind(StrEnum):
    """The time that counts: opening hours, all hours, all days, or the working days of country and region."""

    OPENING_HOURS = "opening_hours"
    ALWAYS = "always"
    SOLAR_DAYS = "solar_days"
    WORKING_DAYS = "working_days"


class Period(StrEnum):
    """Over how long the figure is judged."""

    MONTH = "month"
    HALF_YEAR = "half_year"
    YEAR = "year"


class Doubt(StrEnum):
    """What is still to be taken from the official text: the formula in the annex, the threshold of what is called a service
    level (so it is read as answered of offered), which bills have the longer time, or all of it.
    """

    FORMULA = "formula"
    THRESHOLD = "threshold"
    WHICH_BILLS = "which_bills"
    UNVERIFIED = "unverified"


class PresetClause(msgspec.Struct, frozen=True, kw_only=True):
    """The threshold is in seconds, or in days where the calendar counts days; None where the statistic needs none.

    Only what is verified is `on`.
    """

    metric: Metric
    subject: Subject
    goal: Goal
    calendar: CalendarKind
    period: Period
    source: str
    variant: str | None = None
    threshold_s: int | None = None
    threshold_days: int | None = None
    verified: bool = True
    on: bool = True
    doubt: Doubt | None = None


AGCOM = "AGCOM 255/24/CONS"
ARERA = "ARERA TIQV (del. 399/2025, 477/2025)"
SPAIN = "Ley 10/2025 (BOE 27 Dec 2025)"


def _share(target: str) -> Goal:
    return Goal(Statistic.SHARE_WITHIN, Direction.AT_LEAST, Decimal(target))


def _mean(target: str) -> Goal:
    return Goal(Statistic.MEAN, Direction.AT_MOST, Decimal(target))


def _within_days(
    subject: Subject,
    days: int,
    source: str,
    *,
    share: str,
    calendar: CalendarKind,
    period: Period,
    verified: bool = True,
    doubt: Doubt | None = None,
) -> PresetClause:
    """A reply that settles the matter: an acknowledgement does not stop this clock."""
    return PresetClause(
        metric=Metric.RESOLUTION,
        subject=subject,
        goal=_share(share),
        calendar=calendar,
        period=period,
        source=source,
        threshold_days=days,
        verified=verified,
        on=verified,
        doubt=doubt,
    )


_AGCOM_255_24 = (
    PresetClause(
        metric=Metric.SPEED_OF_ANSWER,
        variant=WaitVariant.AGCOM_MAT,
        subject=Subject.CALL,
        goal=_mean("150"),
        calendar=CalendarKind.OPENING_HOURS,
        period=Period.HALF_YEAR,
        source=AGCOM,
        doubt=Doubt.FORMULA,
    ),
    PresetClause(
        metric=Metric.SERVICE_LEVEL,
        variant=SlVariant.SL_OFFERED,
        subject=Subject.CALL,
        threshold_s=20,
        goal=_share("0.40"),
        calendar=CalendarKind.OPENING_HOURS,
        period=Period.HALF_YEAR,
        source=AGCOM,
        doubt=Doubt.FORMULA,
    ),
    _within_days(
        Subject.COMPLAINT, 30, AGCOM, share="1", calendar=CalendarKind.SOLAR_DAYS, period=Period.HALF_YEAR
    ),
)


def _arera_days(
    subject: Subject, days: int, *, verified: bool = True, doubt: Doubt | None = None
) -> PresetClause:
    return _within_days(
        subject,
        days,
        ARERA,
        share="0.95",
        calendar=CalendarKind.SOLAR_DAYS,
        period=Period.YEAR,
        verified=verified,
        doubt=doubt,
    )


_ARERA_TIQV_2026 = (
    PresetClause(
        metric=Metric.ACCESSIBILITY,
        variant=AccessVariant.LINES_OPEN,
        subject=Subject.CALL,
        goal=_share("0.95"),
        calendar=CalendarKind.OPENING_HOURS,
        period=Period.MONTH,
        source=ARERA,
    ),
    PresetClause(
        metric=Metric.SPEED_OF_ANSWER,
        variant=WaitVariant.ASA,
        subject=Subject.CALL,
        goal=_mean("180"),
        calendar=CalendarKind.OPENING_HOURS,
        period=Period.MONTH,
        source=ARERA,
    ),
    PresetClause(
        metric=Metric.ACCESSIBILITY,
        variant=AccessVariant.ANSWERED_OFFERED,
        subject=Subject.CALL,
        goal=_share("0.85"),
        calendar=CalendarKind.OPENING_HOURS,
        period=Period.MONTH,
        source=ARERA,
        doubt=Doubt.THRESHOLD,
    ),
    _arera_days(Subject.COMPLAINT, 30),
    _arera_days(Subject.INFORMATION, 30),
    _arera_days(Subject.BILLING_CORRECTION, 60),
    _arera_days(
        Subject.BILLING_CORRECTION,
        90,
        verified=False,
        doubt=Doubt.WHICH_BILLS,
    ),
    _arera_days(Subject.DOUBLE_BILLING, 15),
)

_ES_10_2025 = (
    PresetClause(
        metric=Metric.SERVICE_LEVEL,
        variant=SlVariant.SL_OFFERED,
        subject=Subject.CALL,
        threshold_s=180,
        goal=_share("0.95"),
        calendar=CalendarKind.OPENING_HOURS,
        period=Period.YEAR,
        source=f"{SPAIN}, art. 8",
    ),
    _within_days(
        Subject.REQUEST, 15, SPAIN, share="1", calendar=CalendarKind.WORKING_DAYS, period=Period.YEAR
    ),
    _within_days(
        Subject.UNDUE_CHARGE,
        5,
        SPAIN,
        share="1",
        calendar=CalendarKind.WORKING_DAYS,
        period=Period.YEAR,
        verified=False,
        doubt=Doubt.UNVERIFIED,
    ),
    PresetClause(
        metric=Metric.FIRST_RESPONSE,
        subject=Subject.CONTINUITY_INCIDENT,
        threshold_s=2 * 3_600,
        goal=_share("1"),
        calendar=CalendarKind.ALWAYS,
        period=Period.YEAR,
        source=SPAIN,
        verified=False,
        on=False,
        doubt=Doubt.UNVERIFIED,
    ),
)

PRESETS: Mapping[Regime, tuple[PresetClause, ...]] = {
    Regime.AGCOM_255_24: _AGCOM_255_24,
    Regime.ARERA_TIQV_2026: _ARERA_TIQV_2026,
    Regime.ES_10_2025: _ES_10_2025,
}
