"""A regime's indicators in words and figures: the page, the CSV and the workbook show the same ones."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

import msgspec

from portavoce.reporting.regulator.indicators import Indicator, State
from portavoce.reporting.regulator.periods import Period
from portavoce.reporting.regulator.reading import Filing
from portavoce.sla.goals import Direction, Statistic, shown
from portavoce.sla.metrics import Metric
from portavoce.sla.presets import CalendarKind, Doubt, PresetClause, Regime, Subject
from portavoce.web.clause_words import ClauseWords
from portavoce.web.i18n import N_, Words

REGIMES = {
    Regime.AGCOM_255_24: N_("Italy, telecommunications (AGCOM 255/24)"),
    Regime.ARERA_TIQV_2026: N_("Italy, energy (ARERA TIQV 2026)"),
    Regime.ES_10_2025: N_("Spain, customer services (Ley 10/2025)"),
}
SUBJECTS = {
    Subject.CALL: N_("Calls"),
    Subject.REQUEST: N_("Requests"),
    Subject.COMPLAINT: N_("Complaints"),
    Subject.INFORMATION: N_("Requests for information"),
    Subject.BILLING_CORRECTION: N_("Corrections of bills"),
    Subject.DOUBLE_BILLING: N_("Double bills"),
    Subject.UNDUE_CHARGE: N_("Undue charges"),
    Subject.CONTINUITY_INCIDENT: N_("Interruptions of the service"),
}
DEFINITIONS = {
    (Metric.SPEED_OF_ANSWER, "AGCOM_MAT"): N_(
        "Seconds waited for a person, with the fixed seconds of the menu, divided by answered calls"
    ),
    (Metric.SPEED_OF_ANSWER, "ASA"): N_("Seconds waited by answered calls, divided by answered calls"),
    (Metric.SERVICE_LEVEL, "SL_OFFERED"): N_(
        "Calls answered within %(time)s, divided by calls answered or abandoned"
    ),
    (Metric.ACCESSIBILITY, "LINES_OPEN"): N_("Seconds with a free line, divided by seconds of opening time"),
    (Metric.ACCESSIBILITY, "ANSWERED_OFFERED"): N_("Calls answered, divided by calls offered"),
    (Metric.RESOLUTION, None): N_("Contacts solved within %(time)s, divided by contacts decided"),
    (Metric.FIRST_RESPONSE, None): N_("Contacts first answered within %(time)s, divided by contacts decided"),
}
DOUBTS = {
    Doubt.FORMULA: N_("the formula stands in an annex: check it"),
    Doubt.THRESHOLD: N_("the text names no threshold, so it is read as answered of offered"),
    Doubt.WHICH_BILLS: N_("which bills have the longer time is still to be read"),
    Doubt.UNVERIFIED: N_("not checked against the official text"),
}
RESULTS = {
    State.MET: N_("Met"),
    State.MISSED: N_("Missed"),
    State.PROVISIONAL: N_("Provisional"),
    State.NO_DATA: N_("No data"),
    State.NOT_AGREED: N_("Not in the contract"),
    State.NOT_COUNTED: N_("Not measured"),
    State.NOT_MEASURED: N_("Not measured"),
}
WHY = {
    State.NOT_AGREED: N_("No clause of the contract measures this."),
    State.NOT_COUNTED: N_("Working days cannot be written as a clause yet"),
    State.NOT_MEASURED: N_("Nothing of this service writes down yet what it is computed from."),
}
LEAST, MOST = N_("at least"), N_("at most")
SHARE_PLACES, MEAN_PLACES = 2, 1


class Shown(msgspec.Struct, frozen=True):
    """One row. `figure` and `target` in per cent or seconds, as `unit` says; `met` is None without a figure."""

    row: Indicator
    subject: str
    definition: str
    line: str
    figure: Decimal | None
    target: Decimal
    bound: str
    unit: str
    result: str
    remarks: Sequence[str]

    @property
    def met(self) -> bool | None:
        return self.row.on_target


def show(filing: Filing, words: Words) -> list[Shown]:
    return [_shown(row, words) for row in filing.rows]


def period_name(period: Period, words: Words) -> str:
    if not period.half:
        return str(period.year)
    first = period.half == 1
    name = N_("%(year)s, first half") if first else N_("%(year)s, second half")
    return words.gettext(name, year=period.year)


def definition_of(preset: PresetClause, words: Words) -> str:
    time = ""
    if preset.calendar is CalendarKind.WORKING_DAYS:
        time = words.gettext("%(days)s working days", days=preset.threshold_days)
    elif preset.threshold_days is not None:
        time = words.ngettext("%(num)d day", "%(num)d days", preset.threshold_days)
    elif preset.threshold_s is not None:
        time = ClauseWords(words).length(preset.threshold_s)
    return words.gettext(DEFINITIONS[preset.metric, preset.variant], time=time)


def _shown(row: Indicator, words: Words) -> Shown:
    preset, value = row.preset, row.value
    goal, is_share = preset.goal, preset.goal.statistic is Statistic.SHARE_WITHIN
    factor = 100 if is_share else 1
    places = SHARE_PLACES if is_share else MEAN_PLACES
    target = goal.target * factor
    return Shown(
        row=row,
        subject=words.gettext(SUBJECTS[preset.subject]),
        definition=definition_of(preset, words),
        line=words.gettext("All lines") if row.lob is None else words.gettext(row.lob),
        figure=None if value is None else shown(value * factor, places, beside=target),
        target=target.normalize() + 0,
        bound=words.gettext(LEAST if goal.direction is Direction.AT_LEAST else MOST),
        unit="%" if is_share else words.gettext("seconds"),
        result=words.gettext(RESULTS[row.state]),
        remarks=list(_remarks(row, words)),
    )


def _remarks(row: Indicator, words: Words) -> Iterator[str]:
    preset = row.preset
    if row.state in WHY:
        yield words.gettext(WHY[row.state])
    if preset.doubt is not None:
        said = words.gettext(DOUBTS[preset.doubt])
        yield f"{said[0].upper()}{said[1:]}."
    if row.numerator is None:
        return
    yield words.gettext("Counts every contact of the line, whatever it was about.")
    if row.counted < row.months:
        told = {"counted": row.counted, "months": row.months}
        yield words.gettext("Months in which it was counted: %(counted)s of %(months)s.", **told)
