"""The report's numbers arranged for the page: every one of them is the length of a cell of the month."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time
from decimal import Decimal

import msgspec
from babel.dates import format_skeleton, get_day_names
from babel.numbers import format_decimal

from portavoce.reporting.commitments import Commitment, Verdict, commitments
from portavoce.reporting.contacts import Contact
from portavoce.reporting.month import FIGURES, Cut, MonthReport
from portavoce.sla.first_response import share_bp
from portavoce.web.charts import Series, Target
from portavoce.web.formats import REGIONS
from portavoce.web.i18n import Words

COLOURS = ("var(--brand-line)", "var(--c2)", "var(--c3)", "var(--c4)")
DASHES = ("", "7 4", "2 4", "10 3 2 3")
LATE_SHOWN = 10
HIGH_LOW = 60


class Slice(msgspec.Struct, frozen=True):
    """One row of a table: a part of the month with its counts. `share_bp` is None while none is decided."""

    label: str
    cut: Cut
    received: int
    answered: int
    within: int
    decided: int

    @property
    def share_bp(self) -> int | None:
        return share_bp(self.within, self.decided)


class Trend(msgspec.Struct, frozen=True):
    """A line per commitment, four at most; `low` is where the percent axis starts."""

    labels: list[str]
    series: list[Series]
    target: Target | None
    low: int


class Sheet(msgspec.Struct, frozen=True):
    counts: dict[str, int]
    commitments: list[Commitment]
    met: int
    weeks: list[Slice]
    parts: list[Slice]
    bars: list[tuple[str, int, str]]
    by_lob: bool
    trend: Trend
    late: list[Contact]

    @property
    def is_provisional(self) -> bool:
        return any(each.verdict is Verdict.PROVISIONAL for each in self.commitments)

    @property
    def has_data(self) -> bool:
        return any(each.verdict is not Verdict.NO_DATA for each in self.commitments)


def make_sheet(report: MonthReport, words: Words) -> Sheet:
    locale, standing = words.locale, commitments(report)
    figures = {figure: len(report.cell(figure)) for figure in FIGURES}
    weeks = [_slice(report, short_day(each, locale), Cut(week=each)) for each in report.month.weeks()]
    by_lob = len({contact.lob_id for contact in report.contacts.values()}) > 1
    parts = _lobs(report, words) if by_lob else _weekdays(report, locale)
    return Sheet(
        counts=figures,
        commitments=standing,
        met=sum(each.verdict is Verdict.MET for each in standing),
        weeks=weeks,
        parts=parts,
        bars=[(each.label, each.received, _number(each.received, locale)) for each in parts],
        by_lob=by_lob,
        trend=_trend(report, standing, weeks, words),
        late=report.cell("late")[-LATE_SHOWN:][::-1],
    )


def percent(bp: int | None) -> Decimal | None:
    """Basis points as a number of percent with all its decimals: 8996 is 89.96, never a round 90."""
    return None if bp is None else Decimal(bp) / 100


def weekday_names(locale: str) -> dict[int, str]:
    """Monday is 0."""
    return dict(get_day_names("wide", context="stand-alone", locale=REGIONS[locale]))


def _slice(report: MonthReport, label: str, cut: Cut) -> Slice:
    received, answered, within, decided = (
        len(report.cell(figure, cut)) for figure in ("received", "answered", "within", "decided")
    )
    return Slice(label, cut, received, answered, within, decided)


def _lobs(report: MonthReport, words: Words) -> list[Slice]:
    slices = [_slice(report, words.gettext(name), Cut(lob_id=lob)) for lob, name in report.lobs.items()]
    return sorted((each for each in slices if each.received), key=lambda each: -each.received)


def _weekdays(report: MonthReport, locale: str) -> list[Slice]:
    names = weekday_names(locale)
    return [_slice(report, names[day], Cut(weekday=day)) for day in range(7)]


def _trend(
    report: MonthReport, standing: Sequence[Commitment], weeks: Sequence[Slice], words: Words
) -> Trend:
    shown = list(standing[: len(COLOURS)])
    series = [
        Series(_name(each, shown, words), _shares(report, each, weeks), COLOURS[n], DASHES[n])
        for n, each in enumerate(shown)
    ]
    targets = {each.promise.share_bp for each in shown}
    values = [float(value) for each in series for value in each.values if value is not None]
    goals = [bp / 100 for bp in targets]
    low = HIGH_LOW if values and min(values + goals) >= HIGH_LOW else 0
    goal = Target(goals[0], f"{goals[0]:g}%") if len(goals) == 1 else None
    return Trend([week.label for week in weeks], series, goal, low)


def _shares(report: MonthReport, standing: Commitment, weeks: Sequence[Slice]) -> list[Decimal | None]:
    cuts = [msgspec.structs.replace(week.cut, clause_id=standing.promise.id) for week in weeks]
    return [
        percent(share_bp(len(report.cell("within", cut)), len(report.cell("decided", cut)))) for cut in cuts
    ]


def _name(standing: Commitment, shown: Sequence[Commitment], words: Words) -> str:
    """The line of business, with the contract's version where it has two."""
    twins = sum(each.promise.lob_id == standing.promise.lob_id for each in shown) > 1
    lob = words.gettext(standing.lob)
    return f"{lob} v{standing.promise.version}" if twins else lob


def _number(count: int, locale: str) -> str:
    return str(format_decimal(count, locale=REGIONS[locale]))


def short_day(day: date, locale: str) -> str:
    return str(format_skeleton("MMMd", datetime.combine(day, time()), locale=REGIONS[locale]))
