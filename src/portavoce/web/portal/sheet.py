"""The report's numbers arranged for the page: every one of them is the length of the list it opens to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from fractions import Fraction
from uuid import UUID

import msgspec
from babel.dates import format_skeleton, get_day_names
from babel.numbers import format_decimal

from portavoce.reporting.commitments import Commitment, Verdict
from portavoce.reporting.contacts import Contact
from portavoce.reporting.cuts import Cut
from portavoce.reporting.layouts import Layout
from portavoce.reporting.month import FIGURES, MonthReport
from portavoce.reporting.observing.units import CONTACT
from portavoce.reporting.relief.reading import Holding
from portavoce.sla.goals import shown
from portavoce.sla.measures.ratios import percent as rounded_percent
from portavoce.sla.measures.ratios import share_bp
from portavoce.sla.metrics import Metric
from portavoce.web.charts import Series, Target
from portavoce.web.formats import REGIONS
from portavoce.web.i18n import N_, Words

METRICS = {
    Metric.FIRST_RESPONSE: N_("First response"),
    Metric.NEXT_RESPONSE: N_("Next response"),
    Metric.EVERY_RESPONSE: N_("Every response"),
    Metric.RESOLUTION: N_("Solution"),
    Metric.FIRST_CONTACT_RESOLUTION: N_("Solved at first contact"),
}
"""What a line of the trend is called: of all that is a share of its units."""
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
    """A line per commitment about a share, four at most; `low` is where the percent axis starts."""

    labels: list[str]
    series: list[Series]
    target: Target | None
    low: int


class Tile(msgspec.Struct, frozen=True):
    """A commitment as it is shown: `value` in per cent or seconds, `change` since the month before in the same. `adjusted`
    is how it stands without what reliefs excuse, and `adjusted_value` its figure; None where nothing is taken out.
    """

    standing: Commitment
    value: Decimal | None
    change: Decimal | None
    adjusted: Commitment | None = None
    adjusted_value: Decimal | None = None

    @property
    def relieved(self) -> int:
        """How many of its units accepted events take out."""
        return 0 if self.adjusted is None else self.standing.counts.units - self.adjusted.counts.units

    @property
    def is_turned(self) -> bool:
        """Whether it stands otherwise without them."""
        other, own = self.adjusted, self.standing
        return other is not None and (other.verdict, other.on_target) != (own.verdict, own.on_target)


class Sheet(msgspec.Struct, frozen=True):
    counts: dict[str, int]
    tiles: list[Tile]
    met: int
    weeks: list[Slice]
    days: list[Slice]
    parts: list[Slice]
    bars: list[tuple[str, int, str]]
    by_lob: bool
    trend: Trend
    late: list[Contact]
    reliefs: Sequence[Holding] = ()

    @property
    def judged(self) -> list[Tile]:
        """What the product measures; the rest is shown as not measured."""
        return [tile for tile in self.tiles if tile.standing.verdict is not Verdict.NOT_MEASURED]

    @property
    def is_provisional(self) -> bool:
        return any(tile.standing.verdict is Verdict.PROVISIONAL for tile in self.tiles)

    @property
    def is_adjusted(self) -> bool:
        return any(tile.adjusted is not None for tile in self.tiles)

    @property
    def is_turned(self) -> bool:
        return any(tile.is_turned for tile in self.tiles)

    @property
    def met_adjusted(self) -> int:
        return sum((tile.adjusted or tile.standing).verdict is Verdict.MET for tile in self.tiles)

    @property
    def has_data(self) -> bool:
        return any(tile.value is not None for tile in self.judged)


def make_sheet(
    report: MonthReport,
    standing: Sequence[Commitment],
    before: Sequence[Commitment],
    late: list[Contact],
    words: Words,
    reliefs: Sequence[Holding] = (),
    adjusted: Mapping[UUID, Commitment] | None = None,
) -> Sheet:
    """`before` are the commitments of the month before, `late` the newest late contacts, `adjusted` by clause how it stands
    without what reliefs excuse.
    """
    locale = words.locale
    weeks = [_slice(report, short_day(each, locale), Cut(week=each)) for each in report.month.weeks()]
    lobs = {cell.lob_id for cell in report.cells if cell.measure == CONTACT}
    by_lob = len(lobs) > 1
    parts = _lobs(report, words) if by_lob else _weekdays(report, locale)
    return Sheet(
        counts={figure: report.count(figure) for figure in FIGURES},
        tiles=[tile_of(each, before, (adjusted or {}).get(each.clause.id)) for each in standing],
        met=sum(each.verdict is Verdict.MET for each in standing),
        weeks=weeks,
        days=[_slice(report, short_day(each, locale), Cut(day=each)) for each in report.month.days()],
        parts=parts,
        bars=[(each.label, each.received, _number(each.received, locale)) for each in parts],
        by_lob=by_lob,
        trend=_trend(report, standing, weeks, words),
        late=late,
        reliefs=reliefs,
    )


def laid_out(sheet: Sheet, layout: Layout) -> Sheet:
    """With the promises of a layout only; what each came to stays the same."""
    tiles = [tile for tile in sheet.tiles if layout.shows(tile.standing.clause)]
    met = sum(tile.standing.verdict is Verdict.MET for tile in tiles)
    return msgspec.structs.replace(sheet, tiles=tiles, met=met)


def percent(bp: int | None) -> Decimal | None:
    """Basis points as a number of percent with all its decimals: 8996 is 89.96, never a round 90."""
    return None if bp is None else Decimal(bp) / 100


def weekday_names(locale: str) -> dict[int, str]:
    """Monday is 0."""
    return dict(get_day_names("wide", context="stand-alone", locale=REGIONS[locale]))


def tile_of(standing: Commitment, before: Sequence[Commitment], adjusted: Commitment | None) -> Tile:
    """Compared with the same promise of the month before, whatever version of the contract it stood in."""
    clause = standing.clause
    key = (clause.lob_id, clause.channel, clause.metric, clause.ordinal, clause.rule.judged.statistic)
    same = [
        each.value
        for each in before
        if key
        == (
            each.clause.lob_id,
            each.clause.channel,
            each.clause.metric,
            each.clause.ordinal,
            each.clause.rule.judged.statistic,
        )
        and each.value is not None
    ]
    if standing.value is None:
        return Tile(standing, None, None)
    factor, value = 100 if standing.is_share else 1, _value(standing)
    change = None if not same or value is None else Fraction(value) - same[-1] * factor
    moved = None if change is None else rounded_percent(change / 100)
    return Tile(standing, value, moved, adjusted, None if adjusted is None else _value(adjusted))


def _value(standing: Commitment) -> Decimal | None:
    """Rounded for reading, and never to the other side of its target."""
    if standing.value is None:
        return None
    factor = 100 if standing.is_share else 1
    target = standing.clause.rule.judged.target * factor
    return shown(standing.value * factor, 2 if standing.is_share else 0, beside=target)


def _slice(report: MonthReport, label: str, cut: Cut) -> Slice:
    received, answered, within, decided = (
        report.count(figure, cut) for figure in ("received", "answered", "within", "decided")
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
    drawn = [each for each in standing if each.by_units and each.verdict is not Verdict.NOT_MEASURED]
    drawn = drawn[: len(COLOURS)]
    series = [
        Series(_name(each, drawn, words), _shares(report, each, weeks), COLOURS[n], DASHES[n])
        for n, each in enumerate(drawn)
    ]
    goals = sorted({float(each.clause.rule.goal.target * 100) for each in drawn})
    values = [float(value) for each in series for value in each.values if value is not None]
    low = HIGH_LOW if values and min(values + goals) >= HIGH_LOW else 0
    goal = Target(goals[0], f"{goals[0]:g}%") if len(goals) == 1 else None
    return Trend([week.label for week in weeks], series, goal, low)


def _shares(report: MonthReport, standing: Commitment, weeks: Sequence[Slice]) -> list[Decimal | None]:
    cuts = [msgspec.structs.replace(week.cut, clause_id=standing.clause.id) for week in weeks]
    return [percent(share_bp(report.count("within", cut), report.count("decided", cut))) for cut in cuts]


def _name(standing: Commitment, drawn: Sequence[Commitment], words: Words) -> str:
    """The line of business; its metric where there are several, the contract's version where one has two."""
    clause, lob = standing.clause, words.gettext(standing.lob)
    of_line = [each.clause for each in drawn if each.clause.lob_id == clause.lob_id]
    if len({each.metric for each in of_line}) > 1:
        lob = words.gettext(METRICS[clause.metric])
    twins = sum(each.metric == clause.metric for each in of_line) > 1
    return f"{lob} v{clause.version}" if twins else lob


def _number(count: int, locale: str) -> str:
    return str(format_decimal(count, locale=REGIONS[locale]))


def short_day(day: date, locale: str) -> str:
    return str(format_skeleton("MMMd", datetime.combine(day, time()), locale=REGIONS[locale]))
