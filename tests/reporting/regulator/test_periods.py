from __future__ import annotations

import pytest

from portavoce.reporting.months import Month
from portavoce.reporting.regulator.periods import Period, period_of, periods, read_period
from portavoce.sla.presets import Regime

AGCOM, ARERA, SPAIN = Regime


@pytest.mark.parametrize(
    ("text", "regime", "expected"),
    [
        ("2026-H1", AGCOM, Period(2026, 1)),
        ("2026", AGCOM, None),
        ("2026", ARERA, Period(2026, 0)),
        ("2026-H1", SPAIN, None),
        ("2026-H3", AGCOM, None),
        ("2026-h1", AGCOM, None),
        ("1999", ARERA, None),
        ("２０２６", ARERA, None),
        ("2026 ", ARERA, None),
        ("", ARERA, None),
    ],
)
def test_a_regime_knows_its_own_periods_only(text: str, regime: Regime, expected: Period | None) -> None:
    assert read_period(text, regime) == expected
    assert expected is None or str(expected) == text


def test_a_half_year_has_six_months_and_a_year_twelve() -> None:
    assert [month.number for month in Period(2026, 1).months] == [1, 2, 3, 4, 5, 6]
    assert [month.number for month in Period(2026, 2).months] == [7, 8, 9, 10, 11, 12]
    assert [month.number for month in Period(2026, 0).months] == list(range(1, 13))


@pytest.mark.parametrize(
    ("first", "last", "regime", "expected"),
    [
        (Month(2026, 3), Month(2026, 11), AGCOM, ["2026-H2", "2026-H1"]),
        (Month(2025, 12), Month(2026, 7), AGCOM, ["2026-H2", "2026-H1", "2025-H2"]),
        (Month(2026, 7), Month(2026, 7), AGCOM, ["2026-H2"]),
        (Month(2025, 12), Month(2026, 1), ARERA, ["2026", "2025"]),
        (Month(2026, 1), Month(2026, 12), SPAIN, ["2026"]),
    ],
)
def test_periods_are_those_with_a_known_month_the_latest_first(
    first: Month, last: Month, regime: Regime, expected: list[str]
) -> None:
    assert [str(each) for each in periods(first, last, regime)] == expected
    assert str(period_of(last, regime)) == expected[0]
