"""Rows of a regime from counts made by hand: sums of parts by sums of wholes, and a plain word where nothing was counted."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

import pytest

from portavoce.reporting.months import Month
from portavoce.reporting.regulator.indicators import Indicator, Part, State, indicators
from portavoce.reporting.regulator.periods import Period
from portavoce.sla.presets import PRESETS, Regime, Subject
from tests.reporting.regulator.making import COMPLAINTS, OTHER_LINE, clause, part, preset

AGCOM, ARERA, SPAIN = Regime
HALF, YEAR = Period(2026, 1), Period(2026, 0)
MONTHS = HALF.months


def rows(
    *parts: Part, regime: Regime = AGCOM, period: Period = HALF, over: Sequence[Month] | None = None
) -> list[Indicator]:
    known = period.months
    return indicators(regime, period, known, parts, over=known if over is None else over)


def complaints(*parts: Part, over: Sequence[Month] | None = None) -> list[Indicator]:
    return [each for each in rows(*parts, over=over) if each.preset is COMPLAINTS]


def test_months_add_up_as_parts_by_wholes_and_not_as_means() -> None:
    """9 of 10 and 100 of 200 are 109 of 210; the mean of the months would be 70 %."""
    [row] = complaints(part(MONTHS[0], 9, 1), part(MONTHS[1], 100, 100))
    assert (row.numerator, row.denominator, row.value) == (109, 210, Fraction(109, 210))
    assert (row.state, row.counted, row.months, row.span) == (State.MISSED, 2, 6, "2026-H1")


def test_the_target_is_that_of_the_regime_and_compared_exact() -> None:
    [all_in_time] = complaints(part(MONTHS[0], 1_000_000, 0))
    [but_one] = complaints(part(MONTHS[0], 999_999, 1))
    assert [all_in_time.state, but_one.state] == [State.MET, State.MISSED]


@pytest.mark.parametrize(
    ("parts", "over", "expected"),
    [
        ([part(MONTHS[0], 5, 0)], MONTHS, State.MET),
        ([part(MONTHS[0], 5, 0)], MONTHS[:5], State.PROVISIONAL),
        ([part(MONTHS[0], 5, 0, is_final=False), part(MONTHS[1], 5, 0)], MONTHS, State.PROVISIONAL),
        ([part(MONTHS[0], 0, 0)], MONTHS, State.NO_DATA),
        ([part(Month(2025, 12), 5, 0)], MONTHS, State.NOT_AGREED),
        ([], MONTHS, State.NOT_AGREED),
    ],
)
def test_how_far_a_figure_stands(parts: list[Part], over: list[Month], expected: State) -> None:
    [row] = complaints(*parts, over=over)
    assert row.state is expected
    assert (row.value is None) is (expected in (State.NO_DATA, State.NOT_AGREED))


def test_what_nothing_writes_is_not_measured_and_never_nought() -> None:
    calls = [each for each in rows(part(MONTHS[0], 5, 0)) if each.preset.subject is Subject.CALL]
    assert len(calls) == 2
    for each in calls:
        assert (each.state, each.numerator, each.denominator, each.value) == (
            State.NOT_MEASURED,
            None,
            None,
            None,
        )


def test_working_days_are_not_counted_whatever_the_contract_says() -> None:
    found = rows(part(MONTHS[0], 5, 0), regime=SPAIN, period=YEAR)
    states = {each.preset.subject: each.state for each in found}
    assert states == {
        Subject.CALL: State.NOT_MEASURED,
        Subject.REQUEST: State.NOT_COUNTED,
        Subject.UNDUE_CHARGE: State.NOT_COUNTED,
        Subject.CONTINUITY_INCIDENT: State.NOT_AGREED,
    }


def test_several_lines_stand_one_by_one_below_their_sum() -> None:
    other = clause(lob_id=OTHER_LINE)
    found = complaints(
        part(MONTHS[0], 3, 1), part(MONTHS[1], 2, 0, of=other, lob="Resi"), part(MONTHS[2], 1, 0)
    )
    assert [(each.lob, each.numerator, each.denominator, each.counted) for each in found] == [
        (None, 6, 7, 3),
        ("Assistenza", 4, 5, 2),
        ("Resi", 2, 2, 1),
    ]


def test_versions_of_a_month_add_up_and_twins_count_once() -> None:
    second, twin = clause(version=2), clause(ordinal=2)
    month = MONTHS[0]
    [row] = complaints(part(month, 3, 1), part(month, 2, 0, of=second), part(month, 3, 1, of=twin))
    assert (row.numerator, row.denominator, row.counted) == (5, 6, 1)


def test_what_is_judged_by_month_has_each_month_and_the_year() -> None:
    found = rows(regime=ARERA, period=YEAR, over=YEAR.months[:3])
    opened = preset(ARERA, Subject.CALL)
    spans = [each.span for each in found if each.preset is opened]
    assert spans == [*(f"2026-{number:02d}" for number in range(1, 13)), "2026"]
    assert [each.span for each in found if each.preset.subject is Subject.COMPLAINT] == ["2026"]


@pytest.mark.parametrize("regime", Regime)
def test_every_clause_of_a_regime_has_a_row(regime: Regime) -> None:
    found = rows(regime=regime, period=HALF if regime is AGCOM else YEAR)
    assert {each.number for each in found} == set(range(1, len(PRESETS[regime]) + 1))
    assert all(each.preset is PRESETS[regime][each.number - 1] for each in found)
