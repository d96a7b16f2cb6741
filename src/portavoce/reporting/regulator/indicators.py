"""The indicators of a regime over a period, one row each: of the whole brand, and line by line where several lines count.

Figures of several months are the sum of the parts over the sum of the wholes, never a mean of months.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from enum import StrEnum
from fractions import Fraction
from uuid import UUID

import msgspec

from portavoce.reporting.counts import Counts
from portavoce.reporting.figures import taken_of
from portavoce.reporting.months import Month
from portavoce.reporting.regulator.matching import leading, measures
from portavoce.reporting.regulator.periods import Period
from portavoce.sla import goals
from portavoce.sla.applying import can_be_written
from portavoce.sla.metrics import measured
from portavoce.sla.presets import PRESETS, PresetClause, Regime
from portavoce.sla.presets import Period as Judged
from portavoce.sla.rules import Clause


class State(StrEnum):
    """`not_measured`: nothing of the product writes the facts yet. `not_counted`: no clause can say it, as it counts working
    days. `not_agreed`: no clause of the contract measures it.
    """

    MET = "met"
    MISSED = "missed"
    PROVISIONAL = "provisional"
    NO_DATA = "no_data"
    NOT_AGREED = "not_agreed"
    NOT_COUNTED = "not_counted"
    NOT_MEASURED = "not_measured"


class Part(msgspec.Struct, frozen=True):
    """What one clause counted in one month."""

    month: Month
    clause: Clause
    lob: str
    counts: Counts
    is_final: bool


class Indicator(msgspec.Struct, frozen=True, kw_only=True):
    """A clause of a regime, its `number`th from 1, over `span` (a month's text or the period's). `lob` is None for the whole
    brand. `numerator` and `denominator` are None where nothing counts, and the exact figure is one by the other; in
    `counted` of the `months` of the span a clause counted it.
    """

    number: int
    preset: PresetClause
    span: str
    lob: str | None
    state: State
    numerator: int | None = None
    denominator: int | None = None
    counted: int = 0
    months: int

    @property
    def value(self) -> Fraction | None:
        if self.numerator is None or not self.denominator:
            return None
        return Fraction(self.numerator, self.denominator)

    @property
    def on_target(self) -> bool | None:
        """By the target of the regime, exact; None without a figure."""
        judged = goals.verdict(self.preset.goal, self.value)
        return None if judged is goals.Verdict.NO_DATA else judged is goals.Verdict.MET


def indicators(regime: Regime, period: Period, covered: Sequence[Month], parts: Sequence[Part], *, over: Sequence[Month]) -> list[Indicator]:  # fmt: skip
    """`covered`: the months of the period that the ledger knows; `over`: those of them that have ended. What is judged by
    month has a row for each of them and one for the period.
    """
    return [
        row
        for number, preset in enumerate(PRESETS[regime], 1)
        for span, months, ended in _spans(preset, period, covered, over)
        for row in _rows(number, preset, span, months, parts, ended=ended)
    ]


def _spans(
    preset: PresetClause, period: Period, covered: Sequence[Month], over: Sequence[Month]
) -> Iterator[tuple[str, Sequence[Month], bool]]:
    if preset.period is Judged.MONTH:
        yield from ((str(month), [month], month in over) for month in covered)
    yield str(period), period.months, period.months[-1] in over


def _rows(
    number: int, preset: PresetClause, span: str, months: Sequence[Month], parts: Sequence[Part], *, ended: bool
) -> Iterator[Indicator]:  # fmt: skip
    def row(lob: str | None, own: Sequence[Part]) -> Indicator:
        part, whole = taken_of(preset.goal, _sum(own))
        found = Indicator(
            number=number, preset=preset, span=span, lob=lob, state=State.NO_DATA, numerator=part,
            denominator=whole, counted=len({each.month for each in own}), months=len(months),
        )  # fmt: skip
        return msgspec.structs.replace(
            found, state=_judged(found, ended and all(each.is_final for each in own))
        )

    absent = _absent(preset)
    mine = [] if absent else [each for each in _matching(preset, parts) if each.month in months]
    if not mine:
        state = absent or State.NOT_AGREED
        yield Indicator(number=number, preset=preset, span=span, lob=None, state=state, months=len(months))
        return
    yield row(None, mine)
    lines = {each.clause.lob_id: each.lob for each in mine}
    if len(lines) > 1:
        for lob_id, name in sorted(lines.items(), key=lambda each: (each[1], each[0])):
            yield row(name, [each for each in mine if each.clause.lob_id == lob_id])


def _absent(preset: PresetClause) -> State | None:
    if not can_be_written(preset):
        return State.NOT_COUNTED
    return None if measured(preset.metric) else State.NOT_MEASURED


def _matching(preset: PresetClause, parts: Sequence[Part]) -> list[Part]:
    found: dict[UUID, Clause] = {
        each.clause.id: each.clause for each in parts if measures(each.clause, preset)
    }
    kept = {clause.id for clause in leading(found.values())}
    return [each for each in parts if each.clause.id in kept]


def _sum(parts: Sequence[Part]) -> Counts:
    return sum((each.counts for each in parts), Counts())


def _judged(row: Indicator, is_final: bool) -> State:
    if row.on_target is None:
        return State.NO_DATA
    if not is_final:
        return State.PROVISIONAL
    return State.MET if row.on_target else State.MISSED
